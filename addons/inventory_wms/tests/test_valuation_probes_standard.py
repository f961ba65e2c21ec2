"""The probes (test_valuation_probes.py) under standard cost: units x 10, the rest is variance.

What a receipt, a bill or a freight costs beyond the standard is in X from the day it is known,
so stock, report and ledger never wait for a closing.
"""

from odoo.tests import tagged

from .invariants_too import InvariantsToo
from .test_valuation_probes import ProbeCase


@tagged("post_install", "-at_install")
class TestValuationProbesStandard(InvariantsToo, ProbeCase):
    def pen(self, **vals):
        return self.goods("Pen", "standard", **{"standard_price": 10, **vals})

    def test_01b_two_prices_then_bill_and_invoice(self):
        pen = self.pen()
        orders = self.two_receipts(pen)
        self.assertBalances(pen, V=200, G=-300, X=100)
        sold = self.ship(pen, 15)
        self.assertBalances(pen, V=50, C=150, X=100)
        for order in orders:
            self.bill(order)
        self.invoice(sold)
        self.assertBalances(pen, V=50, G=0, C=150, X=100)

    def test_02_shipped_before_it_arrived(self):
        pen = self.pen()
        early = self.ship(pen, 5)
        order = self.receive(pen, 10, 12)
        late = self.ship(pen, 5)
        self.bill(order)
        self.assertCosts(early, 50)
        self.assertCosts(late, 50)
        self.assertBalances(pen, V=0, C=100, X=20, G=0)

    def test_02b_settled_in_two_parts(self):
        pen = self.pen()
        self.ship(pen, 5)
        self.receive(pen, 3, 12)
        self.assertBalances(pen, V=-20, C=50, X=6)
        self.receive(pen, 10, 20)
        self.assertBalances(pen, V=80, C=50, X=106)

    def test_03_backdated_receipt(self):
        pen = self.pen()
        self.two_receipts(pen)
        sold = self.ship(pen, 10)
        late = self.receive(pen, 10, 5)
        for day in ("2025-01-01", "2019-01-01"):
            self.backdate(late.picking_ids, day)
            self.assertCosts(sold, 100)
            self.assertBalances(pen, V=200, C=100, X=50)
        self.ship(pen, 10)
        self.ship(pen, 10)
        self.assertBalances(pen, V=0, C=300, X=50, G=-350)

    def test_04_partial_bills_after_a_delivery(self):
        pen = self.pen()
        order = self.receive(pen, 10, 10)
        sold = self.ship(pen, 4)
        self.bill(order, price=12, quantity=6)
        self.assertBalances(pen, V=60, X=12, G=-40)
        self.invoice(sold)
        self.bill(order, price=13)
        self.assertBalances(pen, V=60, C=40, X=24, G=0)

    def test_05_bill_after_everything_is_sold(self):
        pen = self.pen()
        order = self.receive(pen, 10, 10)
        self.ship(pen, 10)
        self.bill(order, price=12)
        self.assertBalances(pen, V=0, C=100, X=20, G=0)

    def test_06_three_units_for_ten(self):
        pen = self.pen(standard_price=3.33)
        line = {"product_id": pen.id, "product_qty": 3, "price_unit": 5, "tax_ids": False}
        order = self.purchase(line | {"discount": 100 / 3})
        self.done(order.picking_ids)
        sold = [self.ship(pen, 1) for _unit in range(3)]
        self.assertEqual([order.picking_ids.move_ids.value for order in sold], [3.33] * 3)
        self.bill(order)
        self.assertBalances(pen, V=0, C=9.99, X=0.01, G=0)

    def test_07_return_to_vendor_and_refund(self):
        pen = self.pen()
        first, second = self.two_receipts(pen)
        self.bill(first)
        self.bill(second)
        self.send_back(second.picking_ids, 10)
        self.assertBalances(pen, V=100, G=200, X=0)
        self.bill(second)
        self.assertBalances(pen, V=100, G=0, X=0)

    def test_09_returned_received_again_billed_higher(self):
        pen = self.pen()
        order = self.receive(pen, 10, 10)
        back = self.send_back(order.picking_ids, 4)
        self.send_back(back, 4)
        self.bill(order, price=12)
        self.assertBalances(pen, V=100, G=0, X=20)

    def test_10_invoiced_before_delivery(self):
        pen = self.pen(invoice_policy="order")
        self.two_receipts(pen)
        order = self.sale(pen, 10)
        self.invoice(order)
        self.assertBalances(pen, V=200, C=0)
        self.assertCosts(self.ship(pen, 10), 100)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertCosts(order, 100)
        self.assertBalances(pen, V=0, C=200, X=100)

    def test_11_in_and_out_of_one_call(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        bought, sold = self.purchase((pen, 10, 30)), self.sale(pen, 15)
        moves = (sold.picking_ids | bought.picking_ids).move_ids
        for move in moves:
            move.quantity, move.picked = move.product_uom_qty, True
        moves.sorted("id", reverse=True)._action_done()
        self.assertBooks()
        self.assertBalances(pen, V=50, C=150, X=200)

    def test_12_credit_note_after_a_dearer_receipt(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        order = self.ship(pen, 4)
        self.invoice(order)
        self.receive(pen, 6, 30)
        self.send_back(order.picking_ids, 4)
        order._create_invoices(final=True).action_post()
        self.assertBooks()
        self.assertBalances(pen, V=160, C=0, X=120)

    def test_13_two_deliveries(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        order = self.sale(pen, 20)
        self.done(order.picking_ids, 10)
        self.invoice(order)
        self.receive(pen, 20, 20)
        self.done(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.invoice(order)
        self.assertBalances(pen, V=100, C=200, X=200)

    def test_14_consigned_goods(self):
        pen = self.pen()
        self.receive(pen, 10, 10)
        self.receive_consigned(pen, 10, 30)
        self.assertBalances(pen, V=100, G=-100, X=0)
        self.ship(pen, 5)
        self.assertBalances(pen, V=50, C=50)

    def test_17_loss_without_an_own_account(self):
        pen = self.pen()
        self.receive(pen, 10, 12)
        self.count_to(pen, 7)
        self.assertBalances(pen, V=70, L=30, X=20)
        self.count_to(pen, 10)
        self.assertBalances(pen, V=100, L=0, X=20)

    def test_20_scrap_backdated(self):
        pen = self.pen()
        self.receive(pen, 10, 12)
        self.scrap_and_backdate(pen, 2, days=35)
        self.assertBalances(pen, V=80, L=20, X=20)
