"""Reports and reconciliation around an opening: before it, after it, and when goods leave again."""

from odoo import fields
from odoo.tests import tagged

from .books_case import ReportCase
from .invariants_too import InvariantsToo
from .opening_case import OpeningsToo


@tagged("post_install", "-at_install")
class TestBooksOpening(OpeningsToo, InvariantsToo, ReportCase):
    def assertBooks(self):
        """Goods that Odoo costs wait for their documents; the invariants look at ours."""
        self.flush_postings()
        self.assertInvariants()

    def switch(self, products, flow="fifo", valuation="perpetual_move", **vals):
        job = self.opening(products, flow, valuation, **vals)
        job.action_preview()
        job.action_apply()
        self.assertEqual((job.state, job.problem), ("done", False))
        self.assertBooks()
        return job

    def billed_on(self, day, order):
        bill = self.bill(order, post=False)
        bill.invoice_date = bill.date = day
        bill.action_post()
        return bill

    def compare(self, day=None):
        self.flush_postings()
        run = self.env["wms.reconciliation"].create({"date": day or fields.Date.today()})
        run.action_compare()
        return run

    def two_prices(self, goods, sold):
        for cost in (10, 20):
            self.bill(self.receive(goods, 10, cost))
        self.invoice(self.ship(goods, sold))

    def test_before_and_after(self):
        """Until the opening the ledger's goods are Odoo's; from then on they are ours."""
        mug = self.plain()
        self.billed_on("2026-10-10", self.receive(mug, 10, 10))
        self.switch(mug)
        self.assertEqual(self.value_at("2026-10-31", mug), (0, 0))
        self.assertEqual(self.value_at(fields.Date.today(), mug), (10, 100))
        before, after = self.compare("2026-10-31"), self.compare()
        self.assertEqual((before.state, before.ledger, before.books), ("clean", 0, 0))
        stock = before.line_ids.filtered("ledger")
        self.assertEqual((stock.ledger, stock.core, stock.cause_ids.kind), (100, 100, "core"))
        self.assertEqual((after.state, after.ledger, after.books), ("clean", 100, 100))
        self.assertFalse(after.cause_ids)
        self.assertEqual(after.line_ids.mapped("unexplained"), [0] * len(after.line_ids))
        self.company.fiscalyear_lock_date = "2026-10-31"

    def test_an_entry_by_hand_after_it_is_still_named(self):
        mug = self.plain()
        self.billed_on("2026-10-10", self.receive(mug, 10, 10))
        self.switch(mug)
        self.env.user.group_ids |= self.env.ref("inventory_wms.group_stock_account_entries")
        entry = self.manual_entry(self.accounts["V"], 25, wms_stock_reason="Test")
        run = self.compare()
        self.assertEqual((run.state, run.ledger, run.books), ("different", 125, 100))
        self.assertEqual((run.cause_ids.kind, run.cause_ids.account_move_id), ("manual", entry))

    def test_after_odoos_own_closing(self):
        """The closing has no product: the opening takes its balance over once."""
        mug = self.plain(valuation="periodic")
        self.bill(self.receive(mug, 10, 10))
        self.company.action_close_stock_valuation(auto_post=True)
        self.assertEqual(self.balance("V"), 100)
        self.switch(mug)
        run = self.compare()
        self.assertEqual((run.state, run.ledger, run.books), ("clean", 100, 100))
        self.receive(mug, 1, 10)
        self.assertEqual(self.compare().state, "clean")

    def test_goods_that_leave_again(self):
        """Their layers are closed, the average's share too; other goods stay on the account."""
        for method, left in (("fifo", 200), ("average", 150)):
            mug, cup = self.goods(method, categ_id=self.category(method).id), self.goods("Cup")
            self.two_prices(mug, 10)
            self.receive(cup, 1, 7)
            self.switch(mug, method, valuation="real_time")
            self.assertEqual(self.value_at(fields.Date.today(), mug), (0, 0))
            self.assertEqual((self.compare().state, self.balance("V", mug)), ("clean", left))
            self.switch(mug, method)
            self.assertEqual(self.value_at(fields.Date.today(), mug), (10, left))
            self.assertEqual(self.compare().state, "clean")

    def test_average_to_fifo(self):
        """What the average kept apart becomes part of the layers, and counts once."""
        mug = self.goods(categ_id=self.category("average").id)
        self.two_prices(mug, 10)
        self.switch(mug)
        self.assertEqual(self.value_at(fields.Date.today(), mug), (10, 150))
        self.assertEqual(self.layers(mug), [(10, 150)])
        self.ship(mug, 10)
        self.assertEqual(self.value_at(fields.Date.today(), mug), (0, 0))

    def test_sold_before_it_was_billed(self):
        """A receipt that left and still waits for its bill is no stock in any report."""
        mug = self.plain()
        order = self.receive(mug, 10, 10)
        self.invoice(self.ship(mug, 7))
        self.switch(mug, "lifo")
        today = fields.Date.today()
        self.assertEqual(self.value_at(today, mug), (3, 30))
        rows = self.env["wms.books"]._value_by_receipt(self.company, today)
        self.assertEqual([(row["qty"], row["value"]) for row in rows], [(3, 30)])
        self.company.wms_lifo_reserve_account_id = self.accounts["R"]
        reserve = self.env["wms.books"]._lifo_reserve(self.company, today)
        self.assertEqual([row["fifo"] for row in reserve], [30])
        self.bill(order, price=12)
        self.assertBalances(mug, V=36, X=14, G=0)
