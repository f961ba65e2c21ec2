"""LIFO, goods valued by lot, and places with a stock account of their own."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestLastInFirstOut(BooksCase):
    def test_core_sees_layers_and_we_take_the_newest(self):
        goods = self.goods(method="lifo")
        self.assertEqual((goods.cost_method, goods._wms_cost_flow()), ("fifo", "lifo"))
        self.receive(goods, 10, 10)
        self.receive(goods, 10, 20)
        sold = self.ship(goods, 15)
        self.assertEqual(sold.picking_ids.move_ids.value, 250)
        self.assertBalances(goods, V=50, C=250)
        self.assertEqual(self.layers(goods), [(5, 50)])
        receipts = self.env["stock.move"].search(
            [("product_id", "=", goods.id), ("is_in", "=", True)], order="id"
        )
        self.assertEqual(receipts.mapped("remaining_qty"), [5, 0])
        self.assertEqual(goods._run_fifo(2), 20)
        quants = self.env["stock.quant"].search(
            [("product_id", "=", goods.id), ("location_id.usage", "=", "internal")]
        )
        self.assertEqual((quants.cost_method, quants.value), ("fifo", 50))

    def test_return_and_bill_at_another_price(self):
        goods = self.goods(method="lifo")
        first = self.receive(goods, 10, 10)
        second = self.receive(goods, 10, 20)
        sold = self.ship(goods, 15)
        self.send_back(sold.picking_ids, 6)
        # last taken first: 5 of the old receipt, one of the new one
        self.assertBalances(goods, V=120, C=180)
        self.bill(first, price=12)
        self.bill(second)
        # ten of the first receipt are on hand again, five as a return
        self.assertBalances(goods, V=140, C=180, G=0, X=0)

    def test_needs_posting_at_movement(self):
        for valuation in ("periodic", "real_time"):
            with self.assertRaisesRegex(ValidationError, "at movement"):
                self.env["product.category"].create(
                    {
                        "name": "Last in",
                        "property_cost_method": "lifo",
                        "property_valuation": valuation,
                    }
                )

    def test_as_the_default_of_a_company(self):
        with self.assertRaisesRegex(ValidationError, "Choose both"), self.env.cr.savepoint():
            self.company.cost_method = "lifo"
        self.company.write({"cost_method": "lifo", "inventory_valuation": "perpetual_move"})
        category = self.env["product.category"].create(
            {"name": "Default", "property_cost_method": False, "property_valuation": False}
        )
        goods = self.goods()
        goods.categ_id = category
        self.receive(goods, 10, 10)
        self.receive(goods, 10, 20)
        self.ship(goods, 5)
        self.assertBalances(goods, V=200, C=100)
        with self.assertRaisesRegex(ValidationError, "goods on hand"):
            self.company.write({"cost_method": "fifo"})


@tagged("post_install", "-at_install")
class TestLots(BooksCase):
    def lot_goods(self, method="fifo", **vals):
        return self.goods(method, method, tracking="lot", lot_valuated=True, **vals)

    def receive_lots(self, product, price, **quantities):
        """Buy lots: name -> quantity."""
        order = self.purchase((product, sum(quantities.values()), price))
        move = order.picking_ids.move_ids
        move.move_line_ids = [
            Command.clear(),
            *[
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_name": name,
                        "quantity": quantity,
                    }
                )
                for name, quantity in quantities.items()
            ],
        ]
        move.picked = True
        order.picking_ids._action_done()
        self.assertBooks()
        return order

    def ship_lot(self, product, name, quantity):
        order = self.sale(product, quantity)
        move = order.picking_ids.move_ids
        move.move_line_ids.lot_id = self.lot(product, name)
        move.quantity, move.picked = quantity, True
        order.picking_ids._action_done()
        self.assertBooks()
        return order

    def lot(self, product, name):
        found = self.env["stock.lot"].search([("product_id", "=", product.id), ("name", "=", name)])
        found.invalidate_recordset(["total_value"])  # as a new request would
        return found

    def test_each_lot_has_its_own_cost(self):
        """Probe 15: the units of a lot leave at that lot's cost, whatever came before."""
        for method in ("fifo", "average", "lifo"):
            goods = self.lot_goods(method)
            self.receive_lots(goods, 10, A=10)
            self.receive_lots(goods, 20, B=5)
            bill_me = self.receive_lots(goods, 40, B=10)
            sold = self.ship_lot(goods, "B", 5)
            cost = {"fifo": 100, "lifo": 200, "average": 166.67}[method]
            self.assertAlmostEqual(sold.picking_ids.move_ids.value, cost)
            self.assertAlmostEqual(self.lot(goods, "A").total_value, 100)
            self.assertAlmostEqual(self.lot(goods, "B").total_value, 500 - cost)
            self.assertBalances(goods, V=round(600 - cost, 2), C=cost)
            self.bill(bill_me)
            self.assertBalances(goods, X=0)

    def test_one_receipt_of_two_lots_is_billed_as_one(self):
        goods = self.lot_goods()
        order = self.receive_lots(goods, 10, A=4, B=6)
        self.ship_lot(goods, "A", 4)
        self.bill(order, price=12)
        self.assertBalances(goods, V=72, C=40, X=8, G=0)
        self.assertEqual(self.lot(goods, "B").standard_price, 12)

    def test_what_comes_back_is_its_lot(self):
        goods = self.lot_goods("average")
        self.receive_lots(goods, 10, A=4)
        self.receive_lots(goods, 30, B=4)
        sold = self.ship_lot(goods, "B", 2)
        self.send_back(sold.picking_ids, 1)
        self.assertAlmostEqual(self.lot(goods, "B").total_value, 90)
        self.assertAlmostEqual(self.lot(goods, "A").total_value, 40)

    def test_a_missing_lot_is_named(self):
        goods = self.lot_goods()
        self.receive_lots(goods, 10, A=4)
        with self.assertRaisesRegex(UserError, "goods on hand"):
            goods.product_tmpl_id.lot_valuated = False


@tagged("post_install", "-at_install")
class TestPlaces(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_account = cls.accounts["V"].copy({"name": "Stock at the port"})
        cls.accounts["W"] = cls.other_account
        cls.stock_accounts |= cls.other_account
        cls.port = cls.env["stock.location"].create(
            {
                "name": "Port",
                "location_id": cls.warehouse.view_location_id.id,
                "wms_stock_account_id": cls.other_account.id,
            }
        )
        cls.quay = cls.env["stock.location"].create({"name": "Quay", "location_id": cls.port.id})

    def test_layers_move_with_their_cost(self):
        stock = self.warehouse.lot_stock_id
        for method, moved in (("fifo", 200), ("lifo", 250), ("average", 225)):
            goods = self.goods(method, method)
            orders = self.receive(goods, 10, 10) + self.receive(goods, 10, 20)
            self.move(goods, 15, stock, self.quay)
            self.assertBalances(goods, V=300 - moved, W=moved)
            rows = self.env["wms.cost.layer"].search(
                [("product_id", "=", goods.id), ("kind", "=", "transfer")]
            )
            self.assertEqual(rows.root_layer_id.picking_id, orders.picking_ids)
            self.assertEqual(rows.place_id, self.port)
            self.move(goods, 15, self.quay, stock)
            self.assertBalances(goods, V=300, W=0)
            self.ship(goods, 20)
            self.assertBalances(goods, V=0, W=0, C=300)

    def test_a_bill_reaches_the_goods_where_they_are(self):
        goods = self.goods()
        order = self.receive(goods, 10, 10)
        self.move(goods, 6, self.warehouse.lot_stock_id, self.quay)
        self.ship(goods, 2)
        self.bill(order, price=15)
        self.assertBalances(goods, V=30, W=90, X=10, C=20, G=0)

    def test_what_is_missing_moves_at_a_guess(self):
        goods = self.goods(standard_price=10)
        self.move(goods, 5, self.warehouse.lot_stock_id, self.quay)
        self.assertBalances(goods, V=-50, W=50)

    def test_the_account_stays_while_goods_are_there(self):
        goods = self.goods()
        self.receive(goods, 10, 10)
        self.move(goods, 6, self.warehouse.lot_stock_id, self.quay)
        for location in (self.port, self.quay):
            with self.assertRaisesRegex(ValidationError, "Move the goods"):
                location.wms_stock_account_id = self.accounts["V"]
