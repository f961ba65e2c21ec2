from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationFlow(BooksCase):
    def test_buy_sell_fifo(self):
        mug = self.goods()
        first = self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        self.assertBalances(V=300, G=-300, C=0)
        order = self.ship(mug, 15)
        self.assertBalances(V=100, G=-300, C=200)
        self.assertEqual(order.picking_ids.move_ids.value, 200)
        self.assertEqual(self.layers(mug), [(5, 100)])
        self.bill(first)
        self.assertBalances(V=100, G=-200, C=200)
        self.invoice(order)
        self.assertBalances(V=100, G=-200, C=200)

    def test_buy_sell_average(self):
        mug = self.goods(method="average")
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        order = self.ship(mug, 15)
        self.assertBalances(V=75, G=-300, C=225)
        self.assertEqual(order.picking_ids.move_ids.value, 225)
        self.ship(mug, 5)
        self.assertBalances(V=0, G=-300, C=300)
