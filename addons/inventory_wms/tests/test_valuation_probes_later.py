"""The probes of what changes afterwards: done quantities, freight, prices (8, 16, 18, 19)."""

from odoo.tests import tagged

from .invariants_too import InvariantsToo
from .test_valuation_probes import ProbeCase


@tagged("post_install", "-at_install")
class TestValuationProbesLater(InvariantsToo, ProbeCase):
    def change(self, move, quantity):
        """Type another quantity into the line of a done move."""
        move.move_line_ids.quantity = quantity
        self.assertBooks()

    def test_08_receipt_corrected_after_its_goods_were_shipped(self):
        """Four units less were received: other goods stand in, at what those cost."""
        wanted = {
            "fifo": {"V": 80, "C": 140, "X": 40},
            "average": {"V": 60, "C": 180, "X": 20},
            "lifo": {"V": 40, "C": 220, "X": 0},
            "standard": {"V": 40, "C": 120, "X": 100},
        }
        for goods, balances in self.each(**wanted):
            first, second = self.two_receipts(goods)
            self.ship(goods, 12)
            self.change(first.picking_ids.move_ids, 6)
            self.assertBalances(goods, G=-260, **balances)
            self.bill(first)
            self.bill(second)
            self.assertBalances(goods, G=0, **balances)

    def test_08_delivery_corrected_twice(self):
        """Twelve, nine, fourteen: each unit at its own cost, never the value scaled."""
        wanted = {
            "fifo": (140, 90, 180),
            "average": (180, 135, 210),
            "lifo": (220, 180, 240),
            "standard": (120, 90, 140),
        }
        for goods, costs in self.each(**wanted):
            self.two_receipts(goods)
            stock, variance = self.balance("V", goods), self.balance("X", goods)
            order = self.ship(goods, 12)
            for quantity, cost in zip((12, 9, 14), costs, strict=True):
                self.change(order.picking_ids.move_ids, quantity)
                self.assertCosts(order, cost)
                self.assertBalances(goods, V=stock - cost, C=cost, X=variance)
            self.invoice(order)
            self.assertBalances(goods, V=stock - costs[-1], C=costs[-1], X=variance)

    def test_16_loss_of_three_was_five(self):
        for goods, left in self.each(fifo=50, average=50, lifo=50, standard=50):
            self.bill(self.receive(goods, 10, 10))
            self.count_to(goods, 7)
            self.assertBalances(goods, V=70, L=30)
            loss = self.env["stock.move"].search(
                [("product_id", "=", goods.id), ("is_inventory", "=", True)]
            )
            self.change(loss, 5)
            self.assertBalances(goods, V=left, L=100 - left)
            self.change(loss, 1)
            self.assertBalances(goods, V=90, L=10)

    def test_18_landed_cost_after_a_sale(self):
        """Of 30 the six units on hand carry 18; the four that were sold, or the standard, don't."""
        wanted = {
            "fifo": {"V": 78, "C": 52, "X": 0},
            "average": {"V": 78, "C": 52, "X": 0},
            "lifo": {"V": 78, "C": 52, "X": 0},
            "standard": {"V": 60, "C": 40, "X": 30},
        }
        for goods, balances in self.each(**wanted):
            order = self.receive(goods, 10, 10)
            sold = self.ship(goods, 4)
            self.land(order.picking_ids, 30)
            self.assertBalances(goods, **balances)
            self.bill(order)
            self.invoice(sold)
            self.ship(goods, 6)
            self.assertBalances(goods, V=0, C=130 - balances["X"], X=balances["X"], G=0)
        self.assertBalances(F=-30 * len(wanted))

    def test_19_another_cost_by_hand(self):
        """From 10 to 13: a price where there is one cost, else by the wizard; posted at once."""
        for goods, left in self.each(fifo=130, average=130, lifo=130, standard=130):
            self.bill(self.receive(goods, 10, 10))
            if goods.cost_method == "fifo":
                self.revalue(goods, cost=13)
            else:
                goods.standard_price = 13
                self.assertBooks()
            self.assertBalances(goods, V=left, R=-30)
            self.ship(goods, 10)
            self.assertBalances(goods, V=0, C=130, R=-30, X=0)
