from odoo.exceptions import UserError
from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationWriteDown(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lifo = cls.category("lifo")
        cls.company.wms_no_write_ups = False

    def open_write_downs(self, product):
        self.env["wms.cost.write.down"].invalidate_model()
        rows = self.env["wms.cost.write.down"].search([("product_id", "=", product.id)])
        return [(row.qty, row.value, row.amount, row.cost) for row in rows]

    def test_to_net_realisable_value(self):
        """10 at 10 and 10 at 20 sell for 12 at most: the item is 60 above that."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        document = self.revalue(mug, "write_down", cost=12)
        self.assertEqual(document.amount, -60)
        self.assertBalances(mug, V=240, R=60)
        self.assertEqual(self.layers(mug), [(10, 100), (10, 140)])
        self.assertEqual(self.open_write_downs(mug), [(10, 140, 60, 200)])
        self.ship(mug, 15)
        self.assertBalances(mug, V=70, C=170)
        self.assertEqual(self.open_write_downs(mug), [(5, 70, 30, 100)])

    def test_each_method_charges_the_lower_cost(self):
        for method in ("fifo", "lifo", "average"):
            goods = self.goods(f"Mug {method}", method)
            self.receive(goods, 10, 10)
            self.revalue(goods, "write_down", cost=7)
            self.ship(goods, 4)
            self.assertBalances(goods, V=42, C=28, R=30)
            self.assertEqual(goods.standard_price, 7)

    def test_what_is_worth_more_stays(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        with self.assertRaisesRegex(UserError, "Nothing changes"):
            self.revalue(mug, "write_down", cost=12)

    def test_to_nothing(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.revalue(mug, "write_down", cost=0)
        self.assertBalances(mug, V=0, R=100)
        self.ship(mug, 10)
        self.assertBalances(mug, V=0, C=0)

    def test_reversal_is_limited_to_what_is_left(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.revalue(mug, "write_down", amount=20)
        self.ship(mug, 5)
        with self.assertRaisesRegex(UserError, "above what they cost"), self.env.cr.savepoint():
            self.revalue(mug, "write_up", amount=11)
        self.revalue(mug, "write_up", cost=9)
        self.assertBalances(mug, V=45, C=40, R=15)
        self.assertEqual(self.open_write_downs(mug), [(5, 45, 5, 50)])
        self.revalue(mug, "write_up", cost=30)
        self.assertBalances(mug, V=50, C=40, R=10)
        self.assertFalse(self.open_write_downs(mug))

    def test_reversal_by_layer_from_the_list(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        self.revalue(mug, "write_down", cost=8)
        self.assertEqual(self.layers(mug), [(10, 80), (10, 80)])
        down = self.env["wms.cost.write.down"].search([("product_id", "=", mug.id)])
        wizard = (
            self.env["wms.cost.revalue"]
            .with_context(active_model=down._name, active_ids=down.ids[-1:])
            .create({"kind": "write_up", "reason": "Sells again"})
        )
        self.assertEqual(wizard.line_ids.layer_id.ids, down.ids[-1:])
        wizard.line_ids.new_cost = 11
        wizard.action_apply()
        self.assertBooks()
        self.assertBalances(mug, V=190, R=110)
        self.assertEqual(self.layers(mug), [(10, 80), (10, 110)])

    def test_us_companies_never_reverse(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.revalue(mug, "write_down", cost=8)
        self.company.account_fiscal_country_id = self.env.ref("base.us")
        self.assertTrue(self.company.wms_no_write_ups)
        with self.assertRaisesRegex(UserError, "ASC 330"), self.env.cr.savepoint():
            self.revalue(mug, "write_up", cost=9)
        self.company.wms_no_write_ups = False
        self.revalue(mug, "write_up", cost=9)
        self.assertBalances(mug, V=90, R=10)

    def test_new_receipts_are_not_lifted(self):
        cup = self.goods("Cup", "average")
        self.receive(cup, 10, 10)
        self.revalue(cup, "write_down", cost=8)
        self.receive(cup, 10, 10)
        self.ship(cup, 10)
        self.assertBalances(cup, V=90, C=90)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.revalue(cup, "write_up", amount=1)

    def test_landed_cost_and_bill_after_a_write_down(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.revalue(mug, "write_down", cost=8)
        self.land(order.picking_ids, 10)
        self.bill(order, price=11)
        self.assertBalances(mug, V=100, R=20, G=0)
        self.revalue(mug, "write_up", cost=50)
        self.assertBalances(mug, V=120, R=0)
