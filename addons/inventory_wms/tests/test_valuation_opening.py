from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .invariants_too import InvariantsToo
from .opening_case import OpeningsToo
from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationOpening(OpeningsToo, InvariantsToo, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts["R"] = cls.company.wms_revaluation_account_id
        cls.accounts["E"] = cls.goods_account()

    @classmethod
    def goods_account(cls):
        """Where core expenses what an invoice sells."""
        return cls.company_data["default_account_expense"]

    def assertBooks(self):
        """As in the base, for goods at movement only: Odoo's own wait for their documents."""
        self.flush_postings()
        for total in self.env["wms.cost.total"].sudo().search([]):
            product = total.product_id
            if product.valuation == "perpetual_move":
                self.assertAlmostEqual(product.total_value, total.value, 2)
                self.assertAlmostEqual(self.balance("V", product), total.value, 2)
        self.assertInvariants()

    def preview(self, products, flow="fifo", **vals):
        job = self.opening(products, flow, **vals)
        job.action_preview()
        self.assertEqual(job.state, "preview")
        return job

    def switch(self, products, flow="fifo", **vals):
        job = self.preview(products, flow, **vals)
        job.action_apply()
        self.assertEqual((job.state, job.problem), ("done", False))
        self.assertBooks()
        return job

    # ------------------------------------------------------------------------- enter
    def test_billed_receipts_become_layers(self):
        mug = self.plain()
        first = self.receive(mug, 10, 10)
        second = self.receive(mug, 10, 20)
        self.bill(first)
        self.bill(second)
        self.invoice(self.ship(mug, 15))
        self.assertEqual((self.balance("V", mug), mug.total_value), (100, 100))
        job = self.preview(mug)
        line = job.line_ids
        self.assertEqual(
            (line.qty, line.value_report, line.value_ledger, line.value_after, line.difference),
            (5, 100, 100, 100, 0),
        )
        self.assertFalse(self.layers(mug))
        job.action_apply()
        self.assertBooks()
        self.assertEqual(mug.valuation, "perpetual_move")
        self.assertEqual(self.layers(mug), [(5, 100)])
        layer = self.env["wms.cost.layer"].search([("product_id", "=", mug.id)])
        self.assertEqual((layer.kind, layer.move_id), ("opening", second.picking_ids.move_ids))
        self.receive(mug, 5, 30)
        self.ship(mug, 6)
        self.assertEqual(self.layers(mug), [(4, 120)])

    def test_received_and_not_billed(self):
        """The bill comes after the switch and clears what the opening put on GRNI."""
        mug = self.plain()
        order = self.receive(mug, 10, 10)
        self.invoice(self.ship(mug, 4))
        job = self.switch(mug)
        self.assertEqual((job.line_ids.unbilled_value, job.line_ids.difference), (100, 0))
        self.assertBalances(mug, V=60, G=-100, R=0)
        self.bill(order, price=12)
        self.assertBalances(mug, V=72, G=0, X=8)

    def test_billed_and_not_received(self):
        mug = self.plain()
        order = self.purchase((mug, 10, 10))
        line = order.order_line
        line.product_id.purchase_method = "purchase"
        order.invalidate_recordset()
        self.bill(order)
        self.assertEqual(self.balance("V", mug), 100)
        self.switch(mug)
        self.assertBalances(mug, V=0, G=100, R=0)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=100, G=0)

    def test_delivered_and_not_invoiced(self):
        mug = self.plain()
        self.bill(self.receive(mug, 10, 10))
        sold = self.ship(mug, 4)
        job = self.switch(mug)
        self.assertEqual((job.line_ids.shipped_value, job.line_ids.difference), (40, 0))
        self.assertBalances(mug, V=60, C=40, R=0)
        self.invoice(sold)
        self.assertBalances(mug, V=60, C=40)

    def test_delivered_and_not_invoiced_with_a_shipped_account(self):
        shipped = self.accounts["V"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = shipped
        self.accounts = self.accounts | {"S": shipped}
        mug = self.plain()
        self.bill(self.receive(mug, 10, 10))
        sold = self.ship(mug, 4)
        self.switch(mug)
        self.assertBalances(mug, V=60, S=40, C=0, R=0)
        self.invoice(sold)
        self.assertBalances(mug, V=60, S=0, C=40)

    def test_invoiced_and_not_delivered(self):
        mug = self.plain(invoice_policy="order")
        self.bill(self.receive(mug, 10, 10))
        sold = self.sale(mug, 4)
        self.invoice(sold)
        self.assertEqual(self.balance("V", mug), 60)
        self.switch(mug)
        self.assertBalances(mug, V=100, C=-40, R=0)
        self.done(sold.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=60, C=0)

    def test_periodic_stock_comes_from_its_closing(self):
        mug = self.plain(valuation="periodic")
        order = self.receive(mug, 10, 10)
        self.bill(order)
        self.assertEqual(self.balance("V"), 0)
        job = self.switch(mug)
        self.assertEqual(job.line_ids.difference, -100)
        self.assertBalances(mug, V=100, R=-100)

    def closed(self, **values):
        """Periodic products, each in a category of its own, on one closing of Odoo's."""
        products = [self.plain(valuation="periodic", name=name) for name in values]
        for product, price in zip(products, values.values(), strict=True):
            self.bill(self.receive(product, 10, price))
        self.accounts["V"].account_stock_variation_id = self.goods_account()
        self.company.account_stock_journal_id = self.company_data["default_journal_misc"]
        self.company.action_close_stock_valuation(auto_post=True)
        self.assertEqual(self.balance("V"), 10 * sum(values.values()))
        return self.env["product.product"].union(*products)

    def test_categories_share_what_a_closing_left(self):
        """The closing's lines name no product: they are taken over once, not per category."""
        goods = self.closed(Mug=100, Cup=50)
        self.switch(goods)
        self.assertBalances(V=1500, R=0)
        self.env["wms.books"]._compare(self.company, fields.Date.today())

    def test_single_products_share_what_a_closing_left(self):
        goods = self.closed(Mug=100, Cup=50)
        job = self.opening(
            goods, category_ids=False, product_ids=goods.ids, target_category_id=self.fifo.id
        )
        job.action_preview()
        job.action_apply()
        self.assertEqual(goods.categ_id, self.fifo)
        self.assertBalances(V=1500, R=0)

    def test_average_spreads_its_value(self):
        mug = self.plain("average")
        for price in (10, 20):
            self.bill(self.receive(mug, 10, price))
        self.invoice(self.ship(mug, 10))
        self.switch(mug, "lifo" if self.has_lifo() else "fifo")
        self.assertEqual(self.layers(mug), [(10, 150)])
        other = self.plain("average")
        for price in (10, 20):
            self.bill(self.receive(other, 10, price))
        job = self.switch(other, source="receipts")
        self.assertEqual(job.line_ids.difference, 0)
        self.assertEqual(self.layers(other), [(10, 100), (10, 200)])

    def has_lifo(self):
        field = self.env["product.category"]._fields["property_cost_method"]
        return "lifo" in dict(field._description_selection(self.env))

    def test_given_costs(self):
        mug = self.plain("standard", standard_price=7)
        self.bill(self.receive(mug, 10, 10))
        job = self.opening(mug, source="given")
        job.action_preview()
        job.line_ids.given_cost = 8.5
        job.action_preview()
        self.assertEqual((job.line_ids.value_after, job.line_ids.difference), (85, 15))
        job.action_apply()
        self.assertBooks()
        self.assertBalances(mug, V=85, R=15)

    def test_replay_of_history_tells_why_it_differs(self):
        mug = self.plain()
        self.ship(mug, 2)
        self.receive(mug, 10, 10)
        job = self.preview(mug, source="history")
        self.assertEqual((job.line_ids.value_replay, job.line_ids.qty), (80, 8))
        self.assertRegex(job.line_ids.remarks, "before it was received")
        job.action_apply()
        self.assertBooks()
        self.assertEqual(self.layers(mug), [(8, 80)])

    # ---------------------------------------------------------------- inside and leave
    def test_average_to_fifo_inside(self):
        for source, layers, difference in (
            ("core", [(10, 150)], 0),
            ("receipts", [(10, 200)], -50),
        ):
            mug = self.goods(categ_id=self.category("average").id)
            self.receive(mug, 10, 10)
            self.receive(mug, 10, 20)
            self.ship(mug, 10)
            job = self.switch(mug, source=source)
            self.assertEqual(job.direction, "inside")
            self.assertEqual(self.layers(mug), layers)
            self.assertEqual(job.line_ids.difference, difference)
            self.assertEqual((mug.cost_method, mug.total_value), ("fifo", layers[0][1]))
            self.ship(mug, 5)

    def test_fifo_to_average_inside(self):
        mug = self.goods(categ_id=self.category("fifo").id)
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        self.switch(mug, "average")
        sold = self.ship(mug, 10)
        self.assertEqual(sold.picking_ids.move_ids.value, 150)

    def test_leaving(self):
        for method, after in (("fifo", 200), ("average", 150)):
            mug = self.goods(categ_id=self.category(method).id)
            for price in (10, 20):
                self.bill(self.receive(mug, 10, price))
            self.invoice(self.ship(mug, 10))
            job = self.switch(mug, method, valuation="real_time")
            self.assertEqual((job.direction, job.line_ids.difference), ("leave", 0))
            self.assertEqual((mug.valuation, mug.total_value), ("real_time", after))
            self.assertEqual(self.balance("V", mug), after)
            self.assertFalse(self.layers(mug))
            self.switch(mug, method)
            self.assertEqual((mug.total_value, self.balance("V", mug)), (after, after))

    def test_leaving_with_open_documents_is_refused(self):
        mug = self.goods(categ_id=self.category("fifo").id)
        order = self.receive(mug, 10, 10)
        job = self.preview(mug, valuation="periodic")
        self.assertEqual(job.line_ids.state, "refused")
        self.assertRegex(job.line_ids.reason, f"not billed: {order.name}")
        with self.assertRaisesRegex(UserError, order.name):
            job.action_apply()

    # ----------------------------------------------------------------------- safety
    def test_goods_that_moved_are_looked_at_again(self):
        mug = self.plain()
        self.bill(self.receive(mug, 10, 10))
        job = self.preview(mug)
        self.bill(self.receive(mug, 1, 10))
        job.action_apply()
        self.assertEqual((job.state, mug.valuation), ("previewing", "real_time"))
        self.assertTrue(job.problem)
        job.sudo()._work(10)
        job.action_apply()
        self.assertEqual((job.state, self.layers(mug)), ("done", [(10, 100), (1, 10)]))

    def test_missing_units_are_refused(self):
        mug = self.plain()
        self.ship(mug, 2)
        self.assertRegex(self.preview(mug).line_ids.reason, "missing")

    def test_draft_bills_follow(self):
        mug = self.plain()
        order = self.receive(mug, 10, 10)
        draft = self.bill(order, post=False)
        self.assertEqual(draft.invoice_line_ids.account_id, self.accounts["V"])
        self.switch(mug)
        self.assertEqual(draft.invoice_line_ids.account_id, self.accounts["G"])
        draft.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=100, G=0)

    def test_switching_without_the_opening_is_refused(self):
        mug = self.goods(categ_id=self.category("fifo").id)
        order = self.receive(mug, 10, 10)
        self.ship(mug, 10)
        with self.assertRaisesRegex(ValidationError, "Openings"):
            mug.categ_id.with_context(wms_opening=True).property_valuation = "real_time"
        with self.assertRaisesRegex(ValidationError, "Openings"):
            mug.categ_id.wms_grni_account_id = self.accounts["G"].copy()
        with self.assertRaisesRegex(ValidationError, "Openings"):
            self.company.wms_grni_account_id = self.accounts["G"].copy()
        self.bill(order)
        mug.categ_id.property_valuation = "real_time"

    def test_single_products_move_to_a_category(self):
        mug, cup = self.plain(), self.plain()
        self.bill(self.receive(mug, 10, 10))
        self.bill(self.receive(cup, 3, 10))
        job = self.env["wms.valuation.opening"].create(
            {
                "product_ids": [Command.set((mug | cup).ids)],
                "target_category_id": self.fifo.id,
                "account_id": self.accounts["R"].id,
            }
        )
        job.action_preview()
        job.action_apply()
        self.assertEqual((mug | cup).categ_id, self.fifo)
        self.assertBooks()
        self.assertBalances(mug, V=100, R=0)

    def test_only_accountants(self):
        mug = self.plain()
        lead = new_test_user(self.env, "opening_lead", groups="inventory_wms.group_lead")
        with self.assertRaises(AccessError):
            self.opening(mug).with_user(lead).read(["state"])
        job = self.preview(mug)
        with self.assertRaises(UserError):
            job.line_ids.write({"value_after": 5})
        with self.assertRaises(UserError):
            job.write({"state": "done"})

    def test_locked_days(self):
        mug = self.plain()
        job = self.preview(mug)
        self.company.fiscalyear_lock_date = fields.Date.today()
        with self.assertRaisesRegex(UserError, "locked"):
            job.action_apply()
