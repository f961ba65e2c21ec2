from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationRevaluation(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lifo = cls.category("lifo")

    def stocked(self, method="fifo"):
        """10 at 10 and 10 at 20, of which 5 were sold."""
        goods = self.goods(f"Mug {method}", method)
        self.receive(goods, 10, 10)
        self.receive(goods, 10, 20)
        self.ship(goods, 5)
        return goods

    # ------------------------------------------------------------- cost of the product
    def test_another_cost_of_an_averaged_product(self):
        """Row 19 of the probes: the price goes from 10 to 13, and the ledger with it."""
        cup = self.goods("Cup", "average")
        self.receive(cup, 10, 10)
        with Form(cup) as form:
            form.standard_price = 13
        self.assertBooks()
        self.assertBalances(cup, V=130, R=-30)
        self.assertEqual(cup.standard_price, 13)
        self.ship(cup, 10)
        self.assertBalances(cup, V=0, C=130)

    def test_a_cost_that_is_no_round_cent(self):
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4
        cup = self.goods("Cup", "average")
        self.receive(cup, 3, 10)
        cup.standard_price = 3.3333
        self.assertBooks()
        self.assertBalances(cup, V=10)
        self.assertEqual(cup.standard_price, 3.3333)

    def test_reason_is_kept(self):
        cup = self.goods("Cup", "average")
        self.receive(cup, 10, 10)
        cup.with_context(wms_reason="Price list 2027").standard_price = 11
        self.assertBooks()
        document = self.env["wms.cost.revaluation"].search([], limit=1)
        self.assertEqual(document.reason, "Price list 2027")
        self.assertEqual(document.product_ids, cup)
        self.assertEqual(document.account_move_id.state, "posted")
        self.assertIn("Price list 2027", document.account_move_id.ref)

    def test_layered_goods_point_to_the_wizard(self):
        for method in ("fifo", "lifo"):
            goods = self.stocked(method)
            with self.assertRaisesRegex(UserError, "Revalue stock"), self.env.cr.savepoint():
                goods.standard_price = 5
        free = self.goods("Free")
        free.standard_price = 5
        self.assertEqual(free.standard_price, 5)

    def test_missing_goods_keep_their_cost(self):
        cup = self.goods("Cup", "average", standard_price=10)
        self.ship(cup, 5)
        cup.standard_price = 13
        self.assertBooks()
        self.assertBalances(cup, V=-50, C=50, R=0)
        self.receive(cup, 10, 12)
        self.assertBalances(cup, V=60, C=60)

    def test_lots_have_costs_of_their_own(self):
        vase = self.goods("Vase", "average", tracking="lot", lot_valuated=True)
        for name, price in (("L1", 10), ("L2", 20)):
            order = self.purchase((vase, 5, price))
            order.picking_ids.move_ids.move_line_ids.lot_name = name
            self.done(order.picking_ids)
            self.assertBooks()
        first, second = self.env["stock.lot"].search([("product_id", "=", vase.id)], order="name")
        first.standard_price = 14
        self.assertBooks()
        self.assertBalances(vase, V=170, R=-20)
        self.assertEqual((first.total_value, second.total_value), (70, 100))
        vase.standard_price = 12
        self.assertBooks()
        self.assertBalances(vase, V=120, R=30)
        self.assertEqual((first.standard_price, second.standard_price), (12, 12))

    def test_only_accountants_change_costs_of_goods_on_hand(self):
        manager = new_test_user(
            self.env,
            "cost_manager",
            groups="inventory_wms.group_manager,product.group_product_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        cup = self.goods("Cup", "average", standard_price=1)
        cup.with_user(manager).standard_price = 2
        order = self.receive(cup, 10, 10)
        with self.assertRaisesRegex(AccessError, "Accountant"), self.env.cr.savepoint():
            cup.with_user(manager).standard_price = 3
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.picking_ids.move_ids.with_user(manager).value_manual = 120
        wizard = self.env["wms.cost.revalue"].with_user(manager)
        self.assertFalse(wizard.has_access("create"))
        self.assertFalse(self.env["wms.cost.revaluation"].with_user(manager).has_access("read"))

    # ---------------------------------------------------------------------- the wizard
    def test_by_unit_cost(self):
        for method, cost, layers in (
            ("fifo", 20, [(5, 66.67), (10, 233.33)]),
            ("lifo", 15, [(10, 116.67), (5, 108.33)]),
            ("average", 18, None),
        ):
            goods = self.stocked(method)
            value = self.balance("V", goods)
            self.revalue(goods, cost=cost)
            self.assertBalances(goods, V=cost * 15, R=value - cost * 15)
            if layers:
                self.assertEqual(self.layers(goods), layers)
            self.ship(goods, 15)
            self.assertBalances(goods, V=0, C=300 + cost * 15 - value)

    def test_by_amount_with_account_date_and_reason(self):
        mug = self.stocked()
        account = self.accounts["R"].copy({"name": "Own"})
        document = self.revalue(
            mug, amount=-15, account_id=account.id, date="2026-01-31", reason="Damp"
        )
        self.assertEqual(self.layers(mug), [(5, 45), (10, 190)])
        entry = document.account_move_id
        self.assertEqual(str(entry.date), "2026-01-31")
        self.assertEqual(entry.line_ids.mapped("account_id"), account | self.accounts["V"])
        self.assertEqual((document.amount, document.reason), (-15, "Damp"))

    def test_single_receipts(self):
        mug = self.stocked()
        second = self.env["wms.cost.layer"].search([("product_id", "=", mug.id)], limit=1)
        self.revalue(second, cost=15)
        self.assertEqual(self.layers(mug), [(5, 50), (10, 150)])
        pool = self.env["wms.cost.total"].search([("product_id", "=", mug.id)])
        self.revalue(pool, amount=30)
        self.assertEqual(self.layers(mug), [(5, 60), (10, 170)])

    def test_opened_on_records_and_shown_before_it_is_posted(self):
        mug = self.stocked()
        context = {"active_model": "product.product", "active_ids": mug.ids}
        form = Form(self.env["wms.cost.revalue"].with_context(**context))
        form.reason = "Look first"
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.qty, line.value), (15, 250))
            line.new_cost = 20
            self.assertEqual((line.amount, line.new_value), (50, 300))
        self.assertEqual(form.amount, 50)
        self.assertBalances(mug, V=250)
        form.save().action_apply()
        self.assertBooks()
        self.assertBalances(mug, V=300, R=-50)

    def test_what_moved_meanwhile_is_refused(self):
        mug = self.stocked()
        wizard = self.env["wms.cost.revalue"].create({"product_ids": mug.ids, "reason": "Late"})
        wizard.line_ids.new_cost = 20
        self.ship(mug, 1)
        with self.assertRaisesRegex(UserError, "moved since"):
            wizard.action_apply()

    def test_bad_input_is_refused(self):
        mug = self.stocked()
        for words, vals in (
            ("Nothing changes", {"amount": 0}),
            ("less than nothing", {"amount": -300}),
            ("less than nothing", {"amount": -160}),  # the first receipt can't bear its 53
        ):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.revalue(mug, **vals)
        self.assertBooks()
        self.assertBalances(mug, V=250)

    def test_a_locked_day_goes_to_the_first_open_one(self):
        mug = self.stocked()
        self.company.fiscalyear_lock_date = "2026-01-31"
        document = self.revalue(mug, amount=15, date="2026-01-10")
        self.assertEqual(str(document.account_move_id.date), "2026-02-01")

    # -------------------------------------------------------------- value of a receipt
    def test_value_of_a_receipt_by_hand(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.ship(mug, 4)
        move = order.picking_ids.move_ids
        self.env["product.value"].create(
            {"move_id": move.id, "value": 130, "description": "Freight was forgotten"}
        )
        self.assertBooks()
        self.assertBalances(mug, V=78, C=52, R=-30, G=-100)
        document = self.env["wms.cost.revaluation"].search([], limit=1)
        self.assertEqual((document.kind, document.reason), ("receipt", "Freight was forgotten"))
        self.assertEqual(document.amount, 30)
        self.bill(order, price=11)
        self.assertBalances(mug, V=84, C=52, X=4, G=0)

    def test_value_of_a_receipt_counts_what_it_cost_since(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order, price=12)
        self.land(order.picking_ids, 10)
        order.picking_ids.move_ids.value_manual = 100
        self.assertBooks()
        self.assertBalances(mug, V=100, R=30, G=0)

    def test_deliveries_have_no_value_of_their_own(self):
        mug = self.stocked()
        sold = self.env["stock.move"].search([("product_id", "=", mug.id), ("is_out", "=", True)])
        with self.assertRaisesRegex(UserError, "value of the receipt"):
            sold.value_manual = 1

    # --------------------------------------------------------------------- performance
    def test_queries_do_not_grow_with_layers(self):
        counts = []
        for receipts in (2, 20):
            mug = self.goods(f"Mug {receipts}")
            for _number in range(receipts):
                self.done(self.purchase((mug, 2, 10)).picking_ids)
            self.flush_postings()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.revalue_quietly(mug)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertBooks()
        self.assertLessEqual(counts[1], counts[0] + 6, counts)

    def revalue_quietly(self, mug):
        wizard = self.env["wms.cost.revalue"].create(
            {"product_ids": mug.ids, "entry": "amount", "reason": "Many"}
        )
        wizard.line_ids.new_amount = 7
        wizard.action_apply()
        self.flush_postings()
