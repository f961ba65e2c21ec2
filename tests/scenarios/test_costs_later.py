"""A year of second thoughts: everything that changes a cost after the receipt, in one life."""

from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.tests import tagged

from tests.invariants import check, explain


@tagged("post_install", "-at_install")
class TestCostsLater(BooksCase):
    def setUp(self):
        super().setUp()
        self.company.wms_no_write_ups = False

    def assertBooks(self):
        """After every step of the builders: the case's own check, and the ledger's invariants."""
        super().assertBooks()
        counts = check(self.env.cr)
        broken = [code for code, count in counts.items() if code[0] == "L" and count]
        self.assertFalse(broken, broken and explain(self.env.cr))

    def live(self, method):
        """Receipts, freight, bills, returns, revaluation, write-down, reversal, sell-out."""
        goods = self.goods(method, method, standard_price=9)
        self.ship(goods, 3)
        first = self.receive(goods, 10, 10)
        second = self.receive(goods, 7, 3.33)
        sold = self.ship(goods, 5)
        received = first.picking_ids
        self.land(received | second.picking_ids, 17.01, "by_current_cost_price")
        self.bill(first, price=12.5, quantity=6)
        self.send_back(sold.picking_ids, 2)
        self.send_back(received, 1)
        self.land(received, -3.33)
        if method == "standard":
            goods.standard_price = 7.77
            self.assertBooks()
        else:
            self.revalue(goods, amount=10.01)
            self.revalue(goods, "write_down", cost=5.55)
            self.ship(goods, 2)
            self.revalue(goods, "write_up", cost=6.66)
            received.move_ids.value_manual = 111
            self.assertBooks()
        self.bill(first, price=11)
        self.bill(second, price=4)
        left = self.env["wms.cost.total"].search([("product_id", "=", goods.id)]).qty
        self.ship(goods, left)
        self.assertBalances(goods, V=0)
        self.assertAlmostEqual(self.balance("G", goods), 0, 2)

    def test_fifo(self):
        self.live("fifo")

    def test_lifo(self):
        self.live("lifo")

    def test_average(self):
        self.live("average")

    def test_standard(self):
        self.live("standard")
