"""The ledger's invariants hold after a busy week of the books, and each finds its own fault."""

from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.tests import tagged

from tests.invariants import check, explain

# invariant -> one statement that breaks it
PLANTS = {
    "L1": "UPDATE account_move_line SET balance = balance + 1 WHERE id = %(stock_line)s",
    "L2": "UPDATE stock_quant SET quantity = quantity + 1 WHERE id = %(quant)s",
    "L3": "UPDATE wms_cost_total SET value = value + 1 WHERE id = %(total)s",
    "L4": "UPDATE stock_move SET value = value + 1 WHERE id = %(sold)s",
    "L5": "UPDATE wms_cost_layer SET unbilled_value = unbilled_value + 1 WHERE id = %(unbilled)s",
    "L6": "UPDATE wms_cost_consumption SET qty = qty + 1 WHERE move_id = %(sold)s",
    "L7": "UPDATE wms_cost_posting SET state = 'pending' WHERE id = %(posting)s",
    "L9": "UPDATE wms_cost_layer SET unbilled_qty = unbilled_qty + 1 WHERE id = %(unbilled)s",
    "L10": "UPDATE wms_cost_consumption SET uninvoiced_value = 1 WHERE id = %(waiting)s",
    "L11": "UPDATE wms_cost_consumption SET provisional = 1 WHERE move_id = %(sold)s",
    "L12": "UPDATE wms_cost_posting SET date = date - 1 WHERE id = %(posting)s",
    "L8": "UPDATE wms_cost_layer SET value = value + 1 WHERE id = %(unbilled)s",
}


@tagged("post_install", "-at_install")
class TestLedgerInvariants(BooksCase):
    def setUp(self):
        super().setUp()
        self.sold = self.week("fifo")
        self.week("average")
        shipped = self.company_data["default_account_assets"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = shipped
        self.waiting = self.week("fifo").wms_consumption_ids[:1]
        self.flush_postings()

    def week(self, method):
        """Receipts, bills early, late and at other prices, sales, returns, a debt first."""
        goods = self.goods(method, method, standard_price=9)
        self.ship(goods, 3)
        first = self.receive(goods, 10, 10)
        self.receive(goods, 7, 3.33)
        sold = self.ship(goods, 9)
        self.bill(first, price=12.5, quantity=6)
        self.send_back(sold.picking_ids, 2)
        self.send_back(first.picking_ids, 1)
        self.bill(first, price=11)
        return sold.picking_ids.move_ids.filtered("is_out")

    def broken(self):
        counts = {code: count for code, count in check(self.env.cr).items() if code[0] == "L"}
        self.assertEqual(counts.keys(), PLANTS.keys())
        return {code for code, count in counts.items() if count}

    def test_a_week_of_books(self):
        self.assertFalse(self.broken(), explain(self.env.cr))

    def test_every_fault_is_found(self):
        product = self.sold.product_id
        layers = self.env["wms.cost.layer"].search([("product_id", "=", product.id)])
        stock = [("account_id", "=", self.accounts["V"].id), ("product_id", "=", product.id)]
        facts = {
            "stock_line": self.env["account.move.line"].search(stock, limit=1).id,
            "quant": self.env["stock.quant"]
            .search(
                [("product_id", "=", product.id), ("location_id.usage", "=", "internal")], limit=1
            )
            .id,
            "total": layers.total_id.id,
            "sold": self.sold.id,
            "unbilled": layers.filtered("unbilled_qty")[:1].id,
            "posting": layers.posting_id[:1].id,
            "waiting": self.waiting.id,
        }
        self.env.flush_all()
        for code, plant in PLANTS.items():
            savepoint = self.env.cr.savepoint(flush=False)
            with self.subTest(code):
                self.env.cr.execute(plant, facts)
                self.assertIn(code, self.broken())
            savepoint.rollback()
            savepoint.close(rollback=True)
