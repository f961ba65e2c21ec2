"""Done moves corrected downwards: what reports and later costs make of goods that were put back."""

from odoo import fields
from odoo.tests import tagged

from .books_case import ReportCase


class UndoCase(ReportCase):
    def shipped_less(self, product, quantity=10, less=6):
        """Receive ten at 10, deliver ``quantity``, then correct the delivery to ``less``."""
        self.receipt = self.receive(product, 10, 10)
        order = self.ship(product, quantity)
        self.change(order.picking_ids.move_ids, less)
        return order

    def change(self, move, quantity):
        move.move_line_ids[:1].quantity = quantity
        self.assertBooks()


@tagged("post_install", "-at_install")
class TestUndoneInReports(UndoCase):
    def test_stock_ledger_names_the_delivery(self):
        mug = self.goods()
        move = self.shipped_less(mug).picking_ids.move_ids
        rows = self.env["wms.stock.ledger"].search([("move_id", "=", move.id)])
        self.assertEqual(
            sorted((row.kind, row.qty, row.value) for row in rows),
            [("issue", -10, -100), ("undo", 4, 40)],
        )

    def test_cost_of_goods_sold_and_turnover(self):
        for method in ("fifo", "lifo", "average"):
            mug = self.goods(method, method)
            order = self.shipped_less(mug)
            self.assertBalances(mug, V=40, C=60)
            rows = self.env["wms.cogs.report"].search([("product_id", "=", mug.id)])
            self.assertEqual(rows.order_id, order)
            self.assertEqual(
                [sum(rows.mapped(name)) for name in ("qty", "cost", "revenue")], [6, 60, 300]
            )
            today = fields.Date.today()
            self.assertEqual(self.env["wms.books"]._cogs(self.company, today, today)[mug.id], 60)

    def test_a_customer_return_made_smaller(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        back = self.send_back(self.ship(mug, 10).picking_ids, 4)
        self.change(back.move_ids, 1)
        self.assertBalances(mug, V=10, C=90)
        rows = self.env["wms.cogs.report"].search([("product_id", "=", mug.id)])
        self.assertEqual([sum(rows.mapped(name)) for name in ("qty", "cost")], [9, 90])

    def test_value_by_receipt(self):
        for method in ("fifo", "average"):
            mug = self.goods(method, method)
            self.shipped_less(mug)
            rows = self.env["wms.books"]._value_by_receipt(self.company, fields.Date.today())
            rows = [row for row in rows if row["product_id"] == mug.id]
            layer = self.receipt.picking_ids.move_ids.wms_layer_ids
            self.assertEqual(
                [(row["layer_id"], row["qty"], row["value"]) for row in rows], [(layer.id, 4, 40)]
            )

    def test_cut_off(self):
        mug = self.goods()
        line = self.shipped_less(mug).order_line
        rows = self.env["wms.books"]._cutoff_sales(self.company, fields.Date.today())
        self.assertEqual(
            [(row["moved"], row["moved_value"]) for row in rows if row["line_id"] == line.id],
            [(6, 60)],
        )

    def test_cut_off_of_a_vendor_return_made_smaller(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        back = self.send_back(order.picking_ids, 5)
        self.change(back.move_ids, 2)
        rows = self.env["wms.books"]._cutoff_purchases(self.company, fields.Date.today())
        self.assertEqual(
            [
                (row["moved"], row["moved_value"])
                for row in rows
                if row["line_id"] == order.order_line.id
            ],
            [(8, 80)],
        )


@tagged("post_install", "-at_install")
class TestUndoneUnderLifo(UndoCase):
    def figures(self, product):
        """LIFO value, reserve; perpetual and periodic LIFO of now."""
        books, today = self.env["wms.books"], fields.Date.today()
        rows = [
            next(row for row in found if row["product_id"] == product.id)
            for found in (
                books._lifo_reserve(self.company, today),
                books._periodic_lifo(self.company, today),
            )
        ]
        names = (("value", "reserve"), ("perpetual", "periodic"))
        return [row[name] for row, both in zip(rows, names, strict=True) for name in both]

    def test_a_delivery_made_smaller(self):
        mug = self.goods("Mug", "lifo")
        self.shipped_less(mug)
        self.assertEqual(self.figures(mug), [40, 0, 40, 40])

    def test_goods_put_back_go_to_the_place_they_came_from(self):
        mug = self.goods("Mug", "lifo")
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        move = self.ship(mug, 12).picking_ids.move_ids  # FIFO: 10 of 10, 2 of 20
        self.change(move, 3)  # FIFO: 7 of 10, 10 of 20
        self.assertEqual(self.figures(mug), [240, 30, 240, 240])
        self.ship(mug, 8)  # LIFO leaves 9 of 10; FIFO leaves 9 of 20
        self.assertEqual(self.figures(mug), [90, 90, 90, 90])

    def test_a_receipt_made_smaller(self):
        mug = self.goods("Mug", "lifo")
        self.receive(mug, 10, 10)
        order = self.receive(mug, 10, 20)
        self.change(order.picking_ids.move_ids, 6)
        self.assertEqual(self.figures(mug), [220, 0, 220, 220])
        self.bill(order, price=22)
        self.assertEqual(self.figures(mug), [232, 0, 232, 232])

    def test_a_receipt_made_smaller_after_its_goods_left(self):
        mug = self.goods("Mug", "lifo")
        self.receive(mug, 10, 10)
        order = self.receive(mug, 10, 20)
        self.ship(mug, 12)
        self.change(order.picking_ids.move_ids, 6)
        # LIFO: 4 of 10 are left; FIFO: 4 of 20; in the year 16 came and 12 left
        self.assertEqual(self.figures(mug), [40, 40, 40, 40])

    def test_a_vendor_return_made_smaller(self):
        mug = self.goods("Mug", "lifo")
        self.receive(mug, 10, 10)
        back = self.send_back(self.receive(mug, 10, 20).picking_ids, 8).move_ids
        self.change(back, 5)
        self.assertEqual(self.figures(mug), [200, 0, 200, 200])

    def test_what_is_not_sold_is_no_liquidation(self):
        mug = self.goods("Mug", "lifo")
        self.receive_on("2025-01-10", mug, 10, 10)
        self.receive(mug, 2, 20)
        move = self.ship(mug, 9).picking_ids.move_ids
        self.change(move, 5)
        today = fields.Date.today()
        rows = self.env["wms.books"]._lifo_liquidations(self.company, today, today)
        self.assertEqual([(row["qty"], row["value"]) for row in rows], [(3, 30)])


@tagged("post_install", "-at_install")
class TestLaterCosts(UndoCase):
    """A receipt's value by hand and landed costs, after done quantities were lowered."""

    def give_value(self, order, value):
        self.env["product.value"].create(
            {
                "move_id": order.picking_ids.move_ids.id,
                "value": value,
                "description": "Freight was forgotten",
            }
        )
        self.assertBooks()

    def test_value_of_a_receipt_whose_goods_were_put_back(self):
        for method in ("fifo", "average"):
            mug = self.goods(method, method)
            self.shipped_less(mug)
            self.give_value(self.receipt, 120)
            self.assertBalances(mug, V=48, C=72, R=-20)

    def test_value_of_a_receipt_that_brought_less(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.change(order.picking_ids.move_ids, 6)
        self.give_value(order, 72)
        self.assertBalances(mug, V=72, G=-60, R=-12, X=0)

    def test_value_of_a_receipt_that_other_goods_stood_in_for(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        self.ship(mug, 12)
        self.change(order.picking_ids.move_ids, 6)
        self.assertBalances(mug, V=80, C=140, X=40)
        self.give_value(order, 72)
        self.assertBalances(mug, V=80, C=152, X=40, R=-12)

    def test_what_moved_goods_cost_more_is_not_forgotten(self):
        own = self.accounts["V"].copy({"name": "Outlet"})
        outlet = self.env["stock.location"].create(
            {
                "name": "Outlet",
                "location_id": self.warehouse.view_location_id.id,
                "wms_stock_account_id": own.id,
            }
        )
        self.stock_accounts |= own
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.move(mug, 4, self.warehouse.lot_stock_id, outlet)
        self.land(order.picking_ids, 20)
        customers = self.env.ref("stock.stock_location_customers")
        self.move(mug, 4, outlet, customers)
        self.give_value(order, 130)
        self.assertBalances(mug, V=78, C=52, R=-10)

    def test_landed_on_a_receipt_that_brought_less(self):
        for method in ("fifo", "average"):
            mug = self.goods(method, method)
            order = self.receive(mug, 10, 10)
            self.change(order.picking_ids.move_ids, 6)
            self.land(order.picking_ids, 60)
            self.assertBalances(mug, V=120, X=0, G=-60)
            self.ship(mug, 3)
            self.land(order.picking_ids, 60)
            self.assertBalances(mug, V=90, C=90, X=0)

    def test_landed_on_a_receipt_that_brought_less_and_then_more(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        picking = order.picking_ids
        self.change(picking.move_ids, 6)
        self.change(picking.move_ids, 8)
        self.bill(order)
        self.send_back(picking, 2)
        self.land(picking, 80)
        self.assertBalances(mug, V=120, X=20, G=20)

    def test_landed_on_a_receipt_that_brought_nothing(self):
        mug, cup = self.goods(), self.goods("Cup")
        order = self.purchase((mug, 10, 10), (cup, 10, 10))
        self.done(order.picking_ids)
        self.change(order.picking_ids.move_ids.filtered(lambda move: move.product_id == mug), 0)
        self.land(order.picking_ids, 50)
        self.assertBalances(mug, V=0, X=0)
        self.assertBalances(cup, V=150, X=0)
