from odoo.tests import tagged

from .valuation_common import BooksCase

# textbook name -> events, COGS and ending value per method, layers that last in, first out leaves
# (the figures are in the books; at a standard cost of 10 they are units x 10)
TEXTBOOK = {
    "E1": (
        ((100, 10), 100, (100, 8), 40, 40, (150, 6), 160),
        {
            "fifo": (2640, 60),
            "average": (2637.65, 62.35),
            "lifo": (2620, 80),
            "standard": (3400, 100),
        },
        [(10, 80)],
    ),
    "E2": (
        ((304, 13), 205, (804, 15), 504, (498, 16), 295),
        {
            "fifo": (14452, 9528),
            "average": (14674.49, 9305.51),
            "lifo": (14945, 9035),
            "standard": (10040, 6020),
        },
        [(99, 1287), (300, 4500), (203, 3248)],
    ),
    "E3": (
        ((50, 10), (100, 12), 120, (60, 14), 70),
        {
            "fifo": (2260, 280),
            "average": (2277.78, 262.22),
            "lifo": (2340, 200),
            "standard": (1900, 200),
        },
        [(20, 200)],
    ),
    "E4": (
        ((1000, 10), (3500, 12), 4000, (1600, 14), 1200),
        {
            "fifo": (61800, 12600),
            "average": (62323.81, 12076.19),
            "lifo": (63800, 10600),
            "standard": (52000, 9000),
        },
        [(500, 5000), (400, 5600)],
    ),
    "E7": (
        ((1000, 5), (500, 8), 1200, (300, 11), 400),
        {
            "fifo": (10100, 2200),
            "average": (10600, 1700),
            "lifo": (11300, 1000),
            "standard": (16000, 2000),
        },
        [(200, 1000)],
    ),
}


@tagged("post_install", "-at_install")
class TestValuationFlow(BooksCase):
    def test_textbook_through_documents(self):
        for name, (events, wanted, newest_left) in TEXTBOOK.items():
            bought = sum(event[0] * event[1] for event in events if isinstance(event, tuple))
            for method, (cogs, ending) in wanted.items():
                with self.subTest(name, method=method):
                    goods = self.replay(name, method, events)
                    self.assertBalances(goods, V=ending, C=cogs, G=-bought)
                    variance = round(bought - ending - cogs, 2) if method == "standard" else 0
                    self.assertBalances(goods, X=variance)
                    self.assertLeft(goods, method, newest_left)

    def assertLeft(self, goods, method, newest):
        if method == "lifo":  # which units are left is written in the textbooks for LIFO only
            self.assertEqual(self.layers(goods), newest)

    def replay(self, name, method, events):
        goods = self.goods(f"{name} {method}", method, standard_price=10)
        for event in events:
            if isinstance(event, tuple):
                self.receive(goods, *event)
            else:
                self.ship(goods, event)
        return goods

    def test_buy_bill_sell_invoice(self):
        mug = self.goods()
        first = self.receive(mug, 10, 10)
        second = self.receive(mug, 10, 20)
        self.assertBalances(V=300, G=-300, C=0)
        order = self.ship(mug, 15)
        self.assertBalances(V=100, G=-300, C=200)
        self.assertEqual(order.picking_ids.move_ids.value, 200)
        self.assertEqual(self.layers(mug), [(5, 100)])
        self.bill(first)
        self.bill(second)
        self.assertBalances(V=100, G=0, C=200, X=0)
        self.invoice(order)
        self.assertBalances(V=100, G=0, C=200, X=0)
        self.assertEqual(mug.standard_price, 20)

    def test_one_entry_per_transfer_in_own_journal(self):
        mug, cup = self.goods(), self.goods("Cup", "average")
        order = self.purchase((mug, 10, 10), (cup, 4, 2.5))
        self.done(order.picking_ids)
        self.flush_postings()
        posting = self.env["wms.cost.posting"].search([("picking_id", "=", order.picking_ids.id)])
        self.assertEqual((posting.state, posting.amount), ("posted", 110))
        entry = posting.account_move_id
        self.assertEqual(
            (entry.state, entry.journal_id), ("posted", self.company.wms_stock_journal_id)
        )
        self.assertEqual(entry.ref, order.picking_ids.name)
        self.assertEqual(sorted(entry.line_ids.mapped("balance")), [-100, -10, 10, 100])

    def test_a_cost_lists_its_receipts(self):
        for method in ("fifo", "average"):
            goods = self.goods(method, method)
            orders = self.receive(goods, 10, 10) + self.receive(goods, 10, 20)
            sold = self.ship(goods, 15)
            rows = sold.picking_ids.move_ids.wms_consumption_ids.sorted("id")
            self.assertEqual(rows.layer_id.picking_id, orders.picking_ids)
            self.assertEqual(rows.mapped("qty"), [10, 5])
            self.assertEqual(sum(rows.mapped("value")), sold.picking_ids.move_ids.value)

    def test_three_units_for_ten(self):
        for method in ("fifo", "average"):
            goods = self.goods(method, method)
            order = self.purchase(
                {
                    "product_id": goods.id,
                    "product_qty": 3,
                    "price_unit": 5,
                    "discount": 100 / 3,
                    "tax_ids": False,
                }
            )
            self.assertEqual(order.order_line.price_subtotal, 10)
            self.done(order.picking_ids)
            costs = [self.ship(goods, 1).picking_ids.move_ids.value for _unit in range(3)]
            self.assertEqual(sorted(costs), [3.33, 3.33, 3.34])
            self.assertBalances(goods, V=0, C=10)
            self.bill(order)
            self.assertBalances(goods, V=0, C=10, G=0, X=0)

    def test_in_and_out_of_one_call(self):
        """Goods that arrive and leave together leave at the cost they arrived at."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        bought, sold = self.purchase((mug, 10, 30)), self.sale(mug, 15)
        pickings = sold.picking_ids | bought.picking_ids
        for move in pickings.move_ids:
            move.quantity, move.picked = move.product_uom_qty, True
        pickings.move_ids.sorted("id", reverse=True)._action_done()
        self.assertBooks()
        self.assertBalances(mug, V=150, C=250)

    def test_negative_stock_is_settled_by_the_next_receipt(self):
        for method in ("fifo", "average"):
            goods = self.goods(method, method, standard_price=10)
            early = self.ship(goods, 5)
            self.assertBalances(goods, V=-50, C=50)
            order = self.receive(goods, 10, 12)
            self.assertBalances(goods, V=60, C=60)
            self.assertEqual(early.picking_ids.move_ids.value, 60)
            self.assertEqual(
                early.picking_ids.move_ids.wms_consumption_ids.layer_id.picking_id,
                order.picking_ids,
            )
            self.ship(goods, 5)
            self.bill(order)
            self.assertBalances(goods, V=0, C=120, G=0, X=0)

    def test_negative_stock_settled_in_parts(self):
        mug = self.goods(standard_price=10)
        self.ship(mug, 5)
        self.receive(mug, 3, 12)
        self.assertBalances(mug, V=-20, C=56)
        self.receive(mug, 10, 20)
        self.assertBalances(mug, V=160, C=76)

    def test_internal_moves_post_nothing(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        before = self.env["wms.cost.posting"].search_count([])
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        move = self.env["stock.move"].create(
            {
                "product_id": mug.id,
                "product_uom_qty": 4,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": shelf.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = 4, True
        move._action_done()
        self.assertBooks()
        self.assertEqual(self.env["wms.cost.posting"].search_count([]), before)
        self.assertEqual(move.value, 0)

    def test_count_and_scrap(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        quant = self.env["stock.quant"].search(
            [("product_id", "=", mug.id), ("location_id", "=", self.warehouse.lot_stock_id.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 7
        quant.action_apply_inventory()
        self.assertBooks()
        self.assertBalances(mug, V=70, L=30)
        quant.with_context(inventory_mode=True).inventory_quantity = 9
        quant.action_apply_inventory()
        self.assertBooks()
        self.assertBalances(mug, V=90, L=10)
        scrap = self.env["stock.scrap"].create({"product_id": mug.id, "scrap_qty": 2})
        scrap.do_scrap()
        self.assertBooks()
        self.assertBalances(mug, V=70, L=30)

    def test_consignment_is_not_ours(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        order = self.purchase((mug, 10, 30))
        order.picking_ids.owner_id = self.partner_a
        for move in order.picking_ids.move_ids:
            move.quantity = 10
            move.move_line_ids.owner_id = self.partner_a
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=100, G=-100)

    def test_core_reports_agree(self):
        mug, cup = self.goods(), self.goods("Cup", "average")
        self.receive(mug, 10, 10)
        self.receive(mug, 5, 20)
        self.receive(cup, 10, 10)
        self.ship(mug, 12)
        self.ship(cup, 3)
        receipts = self.env["stock.move"].search(
            [("product_id", "=", mug.id), ("is_in", "=", True)]
        )
        self.assertEqual(sorted(receipts.mapped("remaining_qty")), [0, 3])
        self.assertEqual(sorted(receipts.mapped("remaining_value")), [0, 60])
        self.assertEqual(mug._run_fifo(2), 40)
        quants = self.env["stock.quant"].search(
            [("product_id", "in", (mug | cup).ids), ("location_id.usage", "=", "internal")]
        )
        self.assertAlmostEqual(sum(quants.mapped("value")), 130)
        self.assertFalse(self.company._action_close_stock_valuation())
