from odoo.tests import Form, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationStandard(BooksCase):
    def pen(self, **vals):
        return self.goods("Pen", "standard", standard_price=10, **vals)

    def test_receipt_at_standard_price_difference_to_variance(self):
        pen = self.pen()
        order = self.receive(pen, 10, 12)
        self.assertBalances(pen, V=100, G=-120, X=20)
        self.assertEqual(self.layers(pen), [(10, 100)])
        self.ship(pen, 4)
        self.assertBalances(pen, V=60, C=40)
        self.bill(order, price=13)
        self.assertBalances(pen, V=60, C=40, X=30, G=0)
        self.assertEqual(pen.standard_price, 10)

    def test_cheaper_than_standard(self):
        pen = self.pen()
        order = self.receive(pen, 10, 7)
        self.assertBalances(pen, V=100, G=-70, X=-30)
        bill = self.bill(order, price=8)
        self.assertBalances(pen, X=-20, G=0)
        bill.button_draft()
        self.assertBooks()
        self.assertBalances(pen, X=-30, G=-70)

    def test_bill_before_receipt(self):
        pen = self.pen(purchase_method="purchase")
        order = self.purchase((pen, 10, 12))
        self.bill(order, price=14)
        self.assertBalances(pen, V=0, G=140)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(pen, V=100, G=0, X=40)

    def test_vendor_return_before_the_bill(self):
        pen = self.pen()
        order = self.receive(pen, 10, 12)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(pen, V=60, G=-72, X=12)
        self.bill(order)
        self.assertBalances(pen, V=60, G=0, X=12)

    def test_vendor_return_after_the_bill(self):
        """The vendor owes what was billed, not the standard cost."""
        pen = self.pen()
        order = self.receive(pen, 10, 12)
        self.bill(order, price=13)
        self.send_back(order.picking_ids, 3)
        self.assertBalances(pen, V=70, G=39, X=21)
        self.bill(order, price=13)
        self.assertBalances(pen, V=70, G=0, X=21)

    def test_vendor_returns_before_and_after_the_bill(self):
        pen = self.pen()
        order = self.receive(pen, 10, 10)
        self.send_back(order.picking_ids, 4)
        self.bill(order, price=12)
        self.assertBalances(pen, V=60, G=0, X=12)
        self.send_back(order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming"), 3)
        self.assertBalances(pen, V=30, G=36, X=6)

    def change(self, moves, quantity):
        moves.move_line_ids.quantity = quantity
        self.assertBooks()

    def test_a_receipt_made_smaller_and_sent_back(self):
        """The vendor owes for what was received, at the order's price."""
        pen = self.pen()
        order = self.receive(pen, 10, 12)
        self.change(order.picking_ids.move_ids, 6)
        self.assertBalances(pen, V=60, G=-72, X=12)
        self.bill(order)
        self.send_back(order.picking_ids, 6)
        self.assertBalances(pen, V=0, G=72, X=0)

    def test_a_billed_receipt_made_smaller_and_sent_back(self):
        pen = self.pen()
        order = self.receive(pen, 10, 12)
        self.bill(order, price=13)
        self.change(order.picking_ids.move_ids, 6)
        self.assertBalances(pen, V=60, G=52, X=18)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(pen, V=20, G=104, X=6)

    def test_a_vendor_return_made_smaller(self):
        for bill_first in (False, True):
            pen = self.pen()
            order = self.receive(pen, 10, 12)
            picking = order.picking_ids
            if bill_first:
                self.bill(order)
            back = self.send_back(picking, 10).move_ids
            self.change(back, 7)
            owed = 84 if bill_first else -36
            self.assertBalances(pen, V=30, G=owed, X=6)
            self.change(back, 5)
            self.assertBalances(pen, V=50, G=owed - 24, X=10)
            if not bill_first:
                self.bill(order)
            self.send_back(picking, 5)
            self.assertBalances(pen, V=0, G=120 if bill_first else 60, X=0)

    def test_customer_return_at_the_standard_of_today(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        order = self.ship(pen, 4)
        pen.standard_price = 13
        self.assertBooks()
        self.assertBalances(pen, V=78, C=40, R=-18)
        self.send_back(order.picking_ids, 2)
        self.assertBalances(pen, V=104, C=20, X=-6, R=-18)

    def test_count_and_scrap(self):
        pen = self.pen()
        self.receive(pen, 10, 12)
        self.count(pen, 13)
        self.assertBalances(pen, V=130, L=-30)
        self.count(pen, 11)
        self.assertBalances(pen, V=110, L=-10)
        scrap = self.env["stock.scrap"].create({"product_id": pen.id, "scrap_qty": 1})
        scrap.action_validate()
        self.assertBooks()
        self.assertBalances(pen, V=100, L=0)

    def count(self, product, quantity):
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()
        self.assertBooks()

    def test_price_change_revalues_what_is_on_hand(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        self.ship(pen, 4)
        with Form(pen) as form:
            form.standard_price = 8.5
        self.assertBooks()
        self.assertBalances(pen, V=51, C=40, R=9)
        document = self.env["wms.cost.revaluation"].search([], limit=1)
        self.assertEqual((document.kind, document.amount), ("price", -9))
        self.assertEqual(document.user_id, self.env.user)
        self.ship(pen, 6)
        self.assertBalances(pen, V=0, C=91)

    def test_missing_goods_keep_their_provisional_cost(self):
        pen = self.pen()
        self.ship(pen, 5)
        pen.standard_price = 13
        self.assertBooks()
        self.assertBalances(pen, V=-50, C=50, R=0)
        self.receive(pen, 8, 12)
        self.assertBalances(pen, V=39, C=65, G=-96, X=-8)

    def test_odd_standard_costs_lose_no_cent(self):
        pen = self.pen()
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4
        pen.standard_price = 0.3333
        self.receive(pen, 30, 0.35)
        self.assertBalances(pen, V=10, G=-10.5, X=0.5)
        for _number in range(30):
            self.ship(pen, 1)
        self.assertBalances(pen, V=0, C=10)

    def test_landed_cost_is_variance(self):
        pen, mug = self.pen(), self.goods()
        order = self.purchase((pen, 10, 10), (mug, 10, 10))
        self.done(order.picking_ids)
        cost = self.land(order.picking_ids, 40)
        self.assertEqual(len(cost.valuation_adjustment_lines), 2)
        self.assertBalances(pen, V=100, X=20)
        self.assertBalances(mug, V=120, X=0)
        self.land(self.receive(pen, 5, 10).picking_ids, 5)
        self.assertBalances(pen, V=150, X=25)
        self.assertBalances(F=-45)

    def test_wizard_takes_one_unit_cost_only(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        self.revalue(pen, cost=12)
        self.assertBalances(pen, V=120, R=-20)
        self.assertEqual(pen.standard_price, 12)
        for vals in ({"amount": 10}, {"cost": 8, "kind": "write_down"}):
            with self.assertRaisesRegex(Exception, "standard cost"), self.env.cr.savepoint():
                self.revalue(pen, **vals)
