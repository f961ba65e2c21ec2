from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .invariants_too import InvariantsToo
from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationRecost(InvariantsToo, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = fields.Datetime.now().replace(day=1, hour=12, minute=0, second=0)

    def at(self, day, order):
        """Say that a transfer happened on a day of the month (0: its first)."""
        order.picking_ids.move_ids.date = self.first + timedelta(days=day)
        return order

    def job(self, products, since=0):
        job = self.env["wms.valuation.recost"].create(
            {
                "since": fields.Date.to_date(self.first + timedelta(days=since)),
                "product_ids": [Command.set(products.ids)],
            }
        )
        job.action_preview()
        return job

    def recost(self, products, since=0):
        job = self.job(products, since)
        self.assertEqual(job.state, "preview")
        job.action_apply()
        self.assertEqual(job.state, "done")
        self.assertBooks()
        return job

    def cost(self, order):
        return round(order.picking_ids.move_ids.sorted("id")[:1].value, 2)

    # ------------------------------------------------------------------------ numbers
    def test_backdated_receipt_in_front(self):
        """ERPNext 9: 1 at 50 before ten single ones at 10; the unit that left becomes 50."""
        mug = self.goods()
        for _number in range(10):
            self.at(5, self.receive(mug, 1, 10))
        sold = self.at(6, self.ship(mug, 1))
        self.at(1, self.receive(mug, 1, 50))
        self.assertEqual(self.cost(sold), 10)
        self.assertBalances(mug, V=140, C=10)
        job = self.job(mug)
        (shipment,) = job.move_ids
        self.assertEqual((shipment.cost_before, shipment.cost_after), (10, 50))
        self.assertEqual(
            {row.account_id: row.debit - row.credit for row in job.account_ids},
            {self.accounts["C"]: 40, self.accounts["V"]: -40},
        )
        self.assertBalances(mug, V=140, C=10)
        job.action_apply()
        self.assertBooks()
        self.assertEqual(self.cost(sold), 50)
        self.assertBalances(mug, V=100, C=50)
        self.assertEqual(self.layers(mug), [(1, 10)] * 10)
        used = self.env["wms.cost.consumption"].search(
            [("product_id", "=", mug.id), ("qty", ">", 0)]
        )
        self.assertEqual((used.layer_id.value, used.qty, used.value), (50, 1, 50))

    def test_backdated_in_front_of_a_chain(self):
        """ERPNext 7: 50 becomes 70 with 2 at 20, and 90 with 5 more at 15 before those."""
        mug = self.goods()
        self.at(3, self.receive(mug, 10, 10))
        sold = self.at(4, self.ship(mug, 5))
        self.at(2, self.receive(mug, 2, 20))
        self.assertEqual(self.cost(sold), 50)
        self.recost(mug)
        self.assertEqual(self.cost(sold), 70)
        self.at(1, self.receive(mug, 5, 18))
        self.recost(mug)
        self.assertEqual(self.cost(sold), 90)
        self.assertEqual(sorted(self.layers(mug)), [(2, 40), (10, 100)])

    def test_tryton_recompute(self):
        """Tryton 10: 110 and 110 per unit, then 320 for the last three: 106.6667 each."""
        mug = self.goods()
        self.at(0, self.receive(mug, 1, 100))
        self.at(1, self.receive(mug, 2, 120))
        first = self.at(1, self.ship(mug, 2))
        last = self.at(2, self.ship(mug, 3))
        self.at(2, self.receive(mug, 3, 100))
        self.assertEqual((self.cost(first), self.cost(last)), (220, 320))
        self.at(1, self.receive(mug, 1, 20))
        job = self.recost(mug, since=1)
        self.assertEqual(job.line_ids.state, "done")
        self.assertEqual(round(self.cost(last) / 3, 4), 80)

    def test_average(self):
        mug = self.goods(method="average")
        self.at(3, self.receive(mug, 10, 10))
        self.at(4, self.receive(mug, 10, 20))
        sold = self.at(5, self.ship(mug, 10))
        self.assertEqual(self.cost(sold), 150)
        self.at(2, self.receive(mug, 10, 5))
        self.recost(mug)
        self.assertEqual(self.cost(sold), 116.67)
        self.assertBalances(mug, V=233.33, C=116.67)
        self.assertAlmostEqual(mug.total_value, 233.33)

    def test_older_days_stay_as_they_were(self):
        """The ledger is corrected on the job's day, so the value at an older day is the old one."""
        mug = self.goods()
        days = [fields.Date.to_date(f"2025-0{month}-10") for month in (1, 2, 3)]
        orders = [self.purchase((mug, 10, cost)) for cost in (10, 50)]
        sold = self.sale(mug, 10)
        for order, day in zip((orders[0], sold, orders[1]), days, strict=True):
            self.done(order.picking_ids.with_context(force_period_date=day))
        self.flush_postings()
        self.at(1, orders[0])
        self.at(2, sold)
        self.at(0, orders[1])
        books = self.env["wms.books"]

        def values():
            found = [books._values(self.company, day).get(mug.id) for day in days]
            return [tuple(round(part, 2) for part in row) for row in found]

        self.assertEqual(values(), [(10, 100), (0, 0), (10, 500)])
        self.recost(mug)
        self.assertEqual(self.cost(sold), 500)
        self.assertEqual(values(), [(10, 100), (0, 0), (10, 500)])
        today = books._values(self.company, fields.Date.today())[mug.id]
        self.assertEqual(tuple(round(part, 2) for part in today), (10, 100))
        self.assertBalances(mug, V=100, C=500)

    def test_later_bill_moves_from_variance_to_the_shipment(self):
        mug = self.goods()
        order = self.at(3, self.receive(mug, 10, 10))
        sold = self.at(4, self.ship(mug, 4))
        self.bill(order, price=15)
        self.assertBalances(mug, V=90, C=40, X=20)
        self.recost(mug)
        self.assertEqual(self.cost(sold), 60)
        self.assertBalances(mug, V=90, C=60, X=0)

    def test_shipped_before_it_was_received(self):
        mug = self.goods(standard_price=3)
        sold = self.at(2, self.ship(mug, 4))
        self.at(5, self.receive(mug, 10, 12))
        self.at(1, self.receive(mug, 4, 7))
        self.assertEqual(self.cost(sold), 48)
        self.recost(mug)
        self.assertEqual(self.cost(sold), 28)
        self.assertEqual(self.layers(mug), [(10, 120)])

    def test_unchanged_history_has_no_differences(self):
        products = self.env["product.product"]
        for method in ("fifo", "average"):
            mug = self.goods(method=method)
            products |= mug
            self.at(0, self.receive(mug, 7, 3.33))
            order = self.at(1, self.receive(mug, 5, 2.71))
            sold = self.at(2, self.ship(mug, 6))
            self.send_back(sold.picking_ids, 2).move_ids.date = self.first + timedelta(days=3)
            self.at(4, self.ship(mug, 3))
            self.send_back(order.picking_ids, 1).move_ids.date = self.first + timedelta(days=5)
        job = self.job(products)
        states = job.line_ids.mapped("state")
        self.assertEqual(states, ["same", "same"], job.line_ids.mapped("reason"))
        self.assertFalse(job.move_ids)

    # ------------------------------------------------------------------ again and again
    def backdated(self, **vals):
        mug = self.goods(**vals)
        self.at(3, self.receive(mug, 10, 10))
        sold = self.at(4, self.ship(mug, 5))
        self.at(1, self.receive(mug, 3, 20))
        return mug, sold

    def test_a_second_recost_changes_nothing(self):
        for method in ("fifo", "average"):
            mug, sold = self.backdated(method=method)
            self.recost(mug)
            after = (self.cost(sold), self.layers(mug), self.balance("V", mug))
            again = self.job(mug)
            self.assertEqual(again.line_ids.state, "same")
            self.at(6, self.ship(mug, 4))
            later = self.job(mug, since=5)
            self.assertEqual(later.line_ids.state, "same", later.line_ids.reason)
            self.assertEqual((self.cost(sold), after[2]), (after[0], after[2]))

    def test_goods_moved_since_the_preview(self):
        mug, sold = self.backdated()
        job = self.job(mug)
        self.ship(mug, 1)
        job.action_apply()
        self.assertEqual((job.state, job.line_ids.state), ("previewing", "waiting"))
        self.assertEqual(self.cost(sold), 50)
        job.sudo()._work(10)
        self.assertEqual(job.state, "preview")
        job.action_apply()
        self.assertEqual(self.cost(sold), 80)
        self.assertBooks()

    def test_the_cron_goes_on(self):
        made = [self.backdated() for _number in range(3)]
        products = self.env["product.product"].union(*[mug for mug, _sold in made])
        job = self.job(products)
        job.sudo().state = "applying"
        self.assertEqual(job.sudo()._work(1), 2)
        self.assertEqual(job.progress, 33)
        self.assertEqual([self.cost(sold) for _mug, sold in made], [80, 50, 50])
        self.assertBooks()
        self.assertEqual(job.sudo()._work(5), 0)
        self.assertEqual([self.cost(sold) for _mug, sold in made], [80, 80, 80])
        self.assertEqual(job.state, "done")

    # ------------------------------------------------------------------------ refusals
    def test_what_others_have_built_on_is_refused(self):
        mug, sold = self.backdated()
        self.send_back(sold.picking_ids, 2)
        job = self.job(mug)
        self.assertEqual(job.line_ids.state, "refused")
        self.assertRegex(job.line_ids.reason, "sent goods back")
        job.action_apply()
        self.assertEqual(self.cost(sold), 50)

    def test_missing_units_are_refused(self):
        mug = self.goods(standard_price=3)
        self.at(1, self.ship(mug, 4))
        self.assertRegex(self.job(mug).line_ids.reason, "missing")

    def test_locked_periods_are_refused(self):
        mug, _sold = self.backdated()
        self.company.fiscalyear_lock_date = fields.Date.to_date(self.first)
        with self.assertRaisesRegex(UserError, "locked"):
            self.job(mug)

    def test_only_accountants(self):
        mug, _sold = self.backdated()
        lead = new_test_user(self.env, "recost_lead", groups="inventory_wms.group_lead")
        with self.assertRaises(AccessError):
            self.env["wms.valuation.recost"].with_user(lead).create(
                {"product_ids": [Command.set(mug.ids)]}
            )
        job = self.job(mug)
        with self.assertRaises(AccessError):
            job.line_ids.write({"state": "same"})
        with self.assertRaises(UserError):
            job.write({"state": "done"})
