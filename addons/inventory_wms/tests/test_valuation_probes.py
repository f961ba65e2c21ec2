"""The cases in which Odoo's own figures part ways: here layers = report = ledger in each of them.

After every step ``assertBooks`` holds; the expected figures are worked by hand for each method.
The numbers are those of the list of cases; a case may be in several files:

======================  ==========================================================================
1, 2, 2b, 4 to 7        here (fifo, average, lifo), ``test_valuation_probes_standard``
3, 3b, 3c               ``test_03_backdated_receipt``, here and there
9 to 14, 17, 20         here and there
1b                      ``test_valuation_probes_standard.test_01b_...``
8, 16, 18, 19           ``test_valuation_probes_later``, four methods
15                      ``test_valuation_pools.TestLots.test_each_lot_has_its_own_cost``
those that agree        ``TestValuationProbesAgree``, here; lots: ``TestLots``
peers' and textbooks'   ``test_valuation_probes_peers``; ``test_valuation_flow`` (E1 to E4, E7)
======================  ==========================================================================

V stock, G received not invoiced, C cost of goods sold, X purchase variance, L count differences.
"""

from datetime import datetime

from odoo import Command, fields
from odoo.tests import tagged

from .valuation_common import BooksCase


class ProbeCase(BooksCase):
    def each(self, **wanted):
        """(product, expected) for each method that ``wanted`` has a figure for."""
        for method, figure in wanted.items():
            with self.subTest(method):
                cost = {"standard_price": 10} if method == "standard" else {}
                yield self.goods(f"Probe {method}", method, **cost), figure

    def two_receipts(self, goods):
        return self.receive(goods, 10, 10), self.receive(goods, 10, 20)

    def backdate(self, picking, day):
        """Say that a done transfer was made on another day."""
        picking.date_done = datetime.fromisoformat(day)
        picking.move_ids.date = picking.date_done
        self.assertBooks()

    def count_to(self, goods, quantity):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", goods.id), ("location_id", "=", self.warehouse.lot_stock_id.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = quantity
        quant.action_apply_inventory()
        self.assertBooks()

    def receive_consigned(self, goods, quantity, price):
        """Receive goods that stay the vendor's."""
        order = self.purchase((goods, quantity, price))
        order.picking_ids.owner_id = self.partner_a
        order.picking_ids.move_ids.quantity = quantity
        order.picking_ids.move_ids.move_line_ids.owner_id = self.partner_a
        self.done(order.picking_ids)
        self.assertBooks()
        return order

    def scrap_and_backdate(self, goods, quantity, days):
        """Scrap, then say it was ``days`` earlier: the entry stays on the day it was posted."""
        scrap = self.env["stock.scrap"].create({"product_id": goods.id, "scrap_qty": quantity})
        scrap.do_scrap()
        self.assertBooks()
        posting = scrap.move_ids.wms_consumption_ids.posting_id
        day = posting.account_move_id.date
        scrap.move_ids.date = fields.Datetime.subtract(scrap.move_ids.date, days=days)
        self.assertBooks()
        self.assertEqual((posting.date, posting.account_move_id.date), (day, day))

    def assertCosts(self, order, *costs):
        moves = order.picking_ids.move_ids.sorted("id")
        self.assertEqual(tuple(moves.mapped("value")), costs)


@tagged("post_install", "-at_install")
class TestValuationProbes(ProbeCase):
    def test_01_two_prices_then_bill_and_invoice(self):
        for goods, left in self.each(fifo=100, average=75, lifo=50):
            orders = self.two_receipts(goods)
            self.assertBalances(goods, V=300, G=-300)
            sold = self.ship(goods, 15)
            self.assertBalances(goods, V=left, C=300 - left)
            for order in orders:
                self.bill(order)
            self.invoice(sold)
            self.assertBalances(goods, V=left, G=0, C=300 - left, X=0)

    def test_02_shipped_before_it_arrived(self):
        for goods, cost in self.each(fifo=60, average=60, lifo=60):
            goods.standard_price = 10
            early = self.ship(goods, 5)
            self.assertBalances(goods, V=-50, C=50)
            order = self.receive(goods, 10, 12)
            late = self.ship(goods, 5)
            self.bill(order)
            self.assertCosts(early, cost)
            self.assertCosts(late, cost)
            self.assertBalances(goods, V=0, C=120, G=0, X=0)

    def test_02b_settled_in_two_parts(self):
        for goods, left in self.each(fifo=160, average=160, lifo=160):
            goods.standard_price = 10
            self.ship(goods, 5)
            self.receive(goods, 3, 12)
            self.assertBalances(goods, V=-20, C=56)
            self.receive(goods, 10, 20)
            self.assertBalances(goods, V=left, C=76)

    def test_03_backdated_receipt(self):
        """The order of posting is the order of costs: what has left keeps its cost."""
        wanted = {"fifo": (100, 250), "average": (150, 200), "lifo": (200, 150)}
        for goods, (cost, left) in self.each(**wanted):
            self.two_receipts(goods)
            sold = self.ship(goods, 10)
            late = self.receive(goods, 10, 5)
            for day in ("2025-01-01", "2019-01-01"):  # 3b: before the product was made
                self.backdate(late.picking_ids, day)
                self.assertCosts(sold, cost)
                self.assertBalances(goods, V=left, C=cost)
            self.ship(goods, 10)
            self.ship(goods, 10)  # 3c: everything bought has left
            self.assertBalances(goods, V=0, C=350)

    def test_04_partial_bills_after_a_delivery(self):
        for goods, left in self.each(fifo=74.4, average=74.4, lifo=74.4):
            order = self.receive(goods, 10, 10)
            sold = self.ship(goods, 4)
            self.bill(order, price=12, quantity=6)
            self.assertBalances(goods, V=67.2, X=4.8, G=-40)
            self.invoice(sold)
            self.bill(order, price=13)
            self.assertBalances(goods, V=left, C=40, X=9.6, G=0)

    def test_05_bill_after_everything_is_sold(self):
        for goods, variance in self.each(fifo=20, average=20, lifo=20):
            order = self.receive(goods, 10, 10)
            self.ship(goods, 10)
            self.bill(order, price=12)
            self.assertBalances(goods, V=0, C=100, X=variance, G=0)

    def test_06_three_units_for_ten(self):
        for goods, units in self.each(fifo=3, average=3, lifo=3):
            line = {"product_id": goods.id, "product_qty": 3, "price_unit": 5, "tax_ids": False}
            order = self.purchase(line | {"discount": 100 / 3})
            self.done(order.picking_ids)
            sold = [self.ship(goods, 1) for _unit in range(units)]
            costs = sorted(order.picking_ids.move_ids.value for order in sold)
            self.assertEqual(costs, [3.33, 3.33, 3.34])
            self.bill(order)
            self.assertBalances(goods, V=0, C=10, G=0, X=0)

    def test_07_return_to_vendor_and_refund(self):
        wanted = {"fifo": (100, 0), "average": (150, -50), "lifo": (100, 0)}
        for goods, (left, variance) in self.each(**wanted):
            first, second = self.two_receipts(goods)
            self.bill(first)
            self.bill(second)
            self.send_back(second.picking_ids, 10)
            self.assertBalances(goods, V=left, G=200, X=variance)
            self.bill(second)
            self.assertBalances(goods, V=left, G=0, X=variance)

    def test_09_returned_received_again_billed_higher(self):
        for goods, left in self.each(fifo=120, average=120, lifo=120):
            order = self.receive(goods, 10, 10)
            back = self.send_back(order.picking_ids, 4)
            self.send_back(back, 4)
            self.bill(order, price=12)
            self.assertBalances(goods, V=left, G=0, X=0)

    def test_10_invoiced_before_delivery(self):
        """The cost is the one it leaves at, not a guess made at the invoice."""
        wanted = {"fifo": (100, 200), "average": (150, 150), "lifo": (200, 100)}
        for goods, (first, second) in self.each(**wanted):
            goods.invoice_policy = "order"
            self.two_receipts(goods)
            order = self.sale(goods, 10)
            self.invoice(order)
            self.assertBalances(goods, V=300, C=0)
            self.assertCosts(self.ship(goods, 10), first)
            self.done(order.picking_ids)
            self.assertBooks()
            self.assertCosts(order, second)
            self.assertBalances(goods, V=0, C=300)

    def test_11_in_and_out_of_one_call(self):
        for goods, left in self.each(fifo=150, average=100, lifo=50):
            self.receive(goods, 10, 10)
            bought, sold = self.purchase((goods, 10, 30)), self.sale(goods, 15)
            moves = (sold.picking_ids | bought.picking_ids).move_ids
            for move in moves:
                move.quantity, move.picked = move.product_uom_qty, True
            moves.sorted("id", reverse=True)._action_done()
            self.assertBooks()
            self.assertBalances(goods, V=left, C=400 - left)

    def test_12_credit_note_after_the_price_rose(self):
        for goods, left in self.each(fifo=280, average=280, lifo=280):
            self.receive(goods, 10, 10)
            order = self.ship(goods, 4)
            self.invoice(order)
            self.receive(goods, 6, 30)
            self.send_back(order.picking_ids, 4)
            self.assertBalances(goods, V=left, C=0)
            order._create_invoices(final=True).action_post()
            self.assertBooks()
            self.assertBalances(goods, V=left, C=0)

    def test_13_two_deliveries_at_two_costs(self):
        for goods, left in self.each(fifo=200, average=200, lifo=200):
            self.receive(goods, 10, 10)
            order = self.sale(goods, 20)
            self.done(order.picking_ids, 10)
            self.invoice(order)
            self.assertBalances(goods, V=0, C=100)
            self.receive(goods, 20, 20)
            self.done(order.picking_ids.filtered(lambda picking: picking.state != "done"))
            self.invoice(order)
            self.assertBalances(goods, V=left, C=300)

    def test_14_consigned_goods(self):
        for goods, left in self.each(fifo=50, average=50, lifo=50):
            self.receive(goods, 10, 10)
            self.receive_consigned(goods, 10, 30)
            self.assertBalances(goods, V=100, G=-100)
            sold = self.sale(goods, 5)
            sold.picking_ids.move_ids.move_line_ids.owner_id = False
            self.done(sold.picking_ids)
            self.assertBooks()
            self.assertCosts(sold, 50)
            self.assertBalances(goods, V=left)

    def test_17_loss_without_an_own_account(self):
        for goods, left in self.each(fifo=70, average=70, lifo=70):
            self.receive(goods, 10, 10)
            self.count_to(goods, 7)
            self.assertBalances(goods, V=left, L=100 - left)
            self.count_to(goods, 10)
            self.assertBalances(goods, V=100, L=0)

    def test_20_scrap_backdated(self):
        """The entry stays where it was posted; the books hold on every day in between."""
        for goods, left in self.each(fifo=80, average=80, lifo=80):
            self.receive(goods, 10, 10)
            self.scrap_and_backdate(goods, 2, days=35)
            self.assertBalances(goods, V=left, L=20)


@tagged("post_install", "-at_install")
class TestValuationProbesAgree(ProbeCase):
    """The rows on which Odoo's figures agree: ours must as well."""

    def test_three_bill_prices_on_one_line(self):
        for goods, left in self.each(fifo=123, average=123, lifo=123):
            order = self.receive(goods, 10, 10)
            for quantity, price in ((3, 11), (3, 12), (4, 13.5)):
                self.bill(order, price=price, quantity=quantity)
            self.assertBalances(goods, V=left, G=0, X=0)

    def test_two_deliveries_in_one_call(self):
        wanted = {"fifo": (80, 100), "average": (120, 90), "lifo": (160, 80)}
        for goods, costs in self.each(**wanted):
            self.two_receipts(goods)
            sold = self.sale(goods, 8) | self.sale(goods, 6)
            for move in sold.picking_ids.move_ids:
                move.quantity, move.picked = move.product_uom_qty, True
            sold.picking_ids.move_ids._action_done()
            self.assertBooks()
            self.assertEqual(tuple(sold.picking_ids.move_ids.sorted("id").mapped("value")), costs)

    def test_return_of_a_delivery_over_two_layers(self):
        """10@10 and 5@20 left; five come back: the last ones, at 20, as a layer of their own."""
        wanted = {"fifo": (100, 200), "average": (75, 150), "lifo": (50, 100)}
        for goods, (back, left) in self.each(**wanted):
            self.two_receipts(goods)
            order = self.ship(goods, 15)
            self.send_back(order.picking_ids, 5)
            moves = order.picking_ids.move_ids.sorted("id")
            self.assertEqual(moves[-1].value, back)
            self.assertBalances(goods, V=left, C=300 - left)

    def test_bill_before_receipt(self):
        for goods, left in self.each(fifo=120, average=120, lifo=120):
            goods.purchase_method = "purchase"
            order = self.purchase((goods, 10, 10))
            self.bill(order, price=12)
            self.done(order.picking_ids)
            self.assertBooks()
            self.assertBalances(goods, V=left, G=0, X=0)

    def test_two_lines_two_products_one_bill(self):
        for goods, left in self.each(fifo=60, average=60, lifo=60):
            other = self.goods("Other", goods.cost_method)
            order = self.purchase((goods, 10, 10), (other, 5, 4))
            self.done(order.picking_ids)
            self.ship(goods, 4)
            self.bill(order)
            self.assertBalances(goods, V=left, G=0)
            self.assertBalances(other, V=20, G=0)
            self.assertEqual(
                order.invoice_ids.line_ids.filtered("product_id").product_id, goods | other
            )
            line = Command.create({"product_id": other.id, "product_uom_qty": 1, "tax_ids": False})
            sold = self.sale(goods, 6)
            sold.order_line = [line]
            self.done(sold.picking_ids)
            self.assertBooks()
            self.assertBalances(goods, V=0, C=100)
            self.assertBalances(other, V=16, C=4)
