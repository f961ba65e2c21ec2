"""Done moves that change afterwards: only the difference is costed, and nothing is silent."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .invariants_too import InvariantsToo
from .valuation_common import BooksCase


class ChangesCase(InvariantsToo, BooksCase):
    def change(self, moves, quantity):
        """Type another quantity into the line of a done move."""
        moves.move_line_ids[:1].quantity = quantity
        self.assertBooks()

    def refused(self, *words):
        return self.assertRaisesRegex(UserError, ".*".join(words))

    def scrap(self, product, quantity):
        scrap = self.env["stock.scrap"].create({"product_id": product.id, "scrap_qty": quantity})
        scrap.do_scrap()
        self.assertBooks()
        return scrap.move_ids

    def count(self, product, quantity):
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", self.warehouse.lot_stock_id.id),
            ]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = quantity
        quant.action_apply_inventory()
        self.assertBooks()
        return self.env["stock.move"].search(
            [("product_id", "=", product.id), ("is_inventory", "=", True)], limit=1, order="id desc"
        )


@tagged("post_install", "-at_install")
class TestChangedReceipts(ChangesCase):
    def test_less_and_more(self):
        for method in ("fifo", "lifo", "average"):
            mug = self.goods(method, method)
            self.receive(mug, 10, 10)
            move = self.receive(mug, 10, 20).picking_ids.move_ids
            self.change(move, 6)
            self.assertBalances(mug, V=220, G=-220, X=0)
            self.assertEqual((move.value, move.wms_layer_ids.remaining_qty), (120, 6))
            self.change(move, 9)
            self.assertBalances(mug, V=280, G=-280, X=0)
            self.change(move, 0)
            self.assertBalances(mug, V=100, G=-100, X=0)
            self.change(move, 2)
            self.assertBalances(mug, V=140, G=-140, X=0)

    def test_after_its_goods_were_shipped(self):
        """Probe 8: the layer is used up, so other goods stand in; the difference is variance."""
        wanted = {"fifo": (80, 140, 40), "average": (60, 180, 20)}
        for method, (stock, cogs, variance) in wanted.items():
            mug = self.goods(method, method)
            first = self.receive(mug, 10, 10)
            self.receive(mug, 10, 20)
            self.ship(mug, 12)
            self.change(first.picking_ids.move_ids, 6)
            self.assertBalances(mug, V=stock, C=cogs, X=variance, G=-260)
            self.bill(first)
            self.assertBalances(mug, V=stock, C=cogs, X=variance, G=-200)

    def test_below_zero_waits_for_the_next_receipt(self):
        mug = self.goods()
        first = self.receive(mug, 10, 10)
        self.ship(mug, 8)
        self.change(first.picking_ids.move_ids, 1)
        self.assertBalances(mug, V=-70, C=80, G=-10, X=0)
        self.receive(mug, 10, 12)
        self.assertBalances(mug, V=36, C=80, G=-130, X=14)
        self.ship(mug, 3)
        self.assertBalances(mug, V=0, C=116)

    def test_billed_and_then_less(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        self.assertBalances(mug, V=120, G=0)
        self.change(order.picking_ids.move_ids, 6)
        self.assertBalances(mug, V=72, G=48, X=0)
        bill.button_draft()
        self.assertBooks()
        self.assertBalances(mug, V=60, G=-60, X=0)
        bill.invoice_line_ids.quantity = 6
        bill.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=72, G=0, X=0)

    def test_billed_less_and_received_after_all(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order, price=12)
        self.change(order.picking_ids.move_ids, 6)
        self.change(order.picking_ids.move_ids, 10)
        self.assertBalances(mug, V=120, G=0, X=0)

    def test_partly_billed_and_then_less(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order, quantity=8)
        self.change(order.picking_ids.move_ids, 5)
        # two were not billed, three were: they wait for the vendor's goods or money
        self.assertBalances(mug, V=50, G=30, X=0)
        refund = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        wizard = refund.create({"journal_id": order.invoice_ids.journal_id.id})
        back = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        back.invoice_line_ids.quantity = 3
        back.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=50, G=0, X=0)

    def test_in_another_unit(self):
        mug = self.goods()
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.purchase(
            {
                "product_id": mug.id,
                "product_qty": 2,
                "product_uom_id": dozen.id,
                "price_unit": 120,
                "tax_ids": False,
            }
        )
        self.done(order.picking_ids)
        self.assertBalances(mug, V=240)
        self.change(order.picking_ids.move_ids, 12)
        self.assertBalances(mug, V=120, G=-120)

    def test_owner_and_place(self):
        mug = self.goods()
        self.receive(mug, 4, 9)
        move = self.receive(mug, 10, 10).picking_ids.move_ids
        move.move_line_ids.owner_id = self.partner_a
        self.assertBooks()
        self.assertBalances(mug, V=36, G=-36, X=0)
        self.assertFalse(move.is_in)
        move.move_line_ids.owner_id = False
        self.assertBooks()
        self.assertBalances(mug, V=136, G=-136)
        self.assertTrue(move.is_in)
        self.ship(mug, 6)
        self.receive(mug, 10, 20)
        with self.refused("moved on", "return"), self.env.cr.savepoint():
            move.move_line_ids.owner_id = self.partner_a

    def test_a_line_more(self):
        """What is added to a done transfer is costed: of the same goods, and of other ones."""
        mug, cup = self.goods(), self.goods("Cup", standard_price=3)
        picking = self.receive(mug, 10, 10).picking_ids
        line = picking.move_ids.move_line_ids
        line.copy({"quantity": 2, "move_id": picking.move_ids.id})
        self.assertBooks()
        self.assertBalances(mug, V=120, G=-120)
        for product in (mug, cup):
            self.env["stock.move.line"].create(
                {
                    "picking_id": picking.id,
                    "product_id": product.id,
                    "quantity": 3,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        self.assertBooks()
        self.assertBalances(mug, V=150, G=-150)
        self.assertBalances(cup, V=9, G=-9)
        with self.refused("Deleting"), self.env.cr.savepoint():
            line.unlink()

    def test_one_entry_more_and_the_old_one_as_it_was(self):
        mug = self.goods()
        picking = self.receive(mug, 10, 10).picking_ids
        postings = self.env["wms.cost.posting"].search([("picking_id", "=", picking.id)])
        before = postings.account_move_id.line_ids.read(["balance", "account_id"])
        self.change(picking.move_ids, 6)
        self.change(picking.move_ids, 7)
        self.assertEqual(postings.account_move_id.line_ids.read(["balance", "account_id"]), before)
        rows = self.env["wms.cost.posting"].search([("picking_id", "=", picking.id)], order="id")
        self.assertEqual(rows.mapped("amount"), [100, 40, 10])
        self.assertEqual(len(rows.account_move_id), 3)

    def test_lots_of_one_move(self):
        mug = self.goods(tracking="lot", lot_valuated=True)
        order = self.purchase((mug, 10, 10))
        move = order.picking_ids.move_ids
        values = move._prepare_move_line_vals()
        move.move_line_ids = [
            Command.clear(),
            Command.create({**values, "lot_name": "A", "quantity": 4}),
            Command.create({**values, "lot_name": "B", "quantity": 6}),
        ]
        move.picked = True
        order.picking_ids._action_done()
        lots = self.env["stock.lot"].search([("product_id", "=", mug.id)], order="name")
        self.assertEqual(lots.mapped("total_value"), [40, 60])
        move.move_line_ids.filtered(lambda line: line.quantity == 4).lot_id = lots[1]
        self.assertBooks()
        lots.invalidate_recordset()
        self.assertEqual(lots.mapped("total_value"), [0, 100])
        self.assertBalances(mug, V=100, G=-100, X=0)


@tagged("post_install", "-at_install")
class TestChangedDeliveries(ChangesCase):
    def test_twelve_nine_fourteen(self):
        """Probe 8: never a scale, the units' own cost."""
        wanted = {
            "fifo": (140, 90, 180),
            "lifo": (220, 180, 240),
            "average": (180, 135, 210),
        }
        for method, costs in wanted.items():
            mug = self.goods(method, method)
            self.receive(mug, 10, 10)
            self.receive(mug, 10, 20)
            move = self.ship(mug, 12).picking_ids.move_ids
            self.assertEqual(move.value, costs[0])
            for quantity, cost in zip((9, 14), costs[1:], strict=True):
                self.change(move, quantity)
                self.assertAlmostEqual(move.value, cost)
                self.assertBalances(mug, V=300 - cost, C=cost, X=0)
            self.change(move, 0)
            self.assertBalances(mug, V=300, C=0)
            self.assertEqual(self.layers(mug), [(10, 100), (10, 200)])

    def test_after_a_return(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        sold = self.ship(mug, 12).picking_ids
        back = self.send_back(sold, 4)
        self.assertBalances(mug, V=220, C=80)
        with self.refused("8", "return"), self.env.cr.savepoint():
            sold.move_ids.move_line_ids.quantity = 3
        self.change(sold.move_ids, 7)
        self.assertBalances(mug, V=270, C=30)
        self.change(back.move_ids, 1)
        self.assertBalances(mug, V=230, C=70)
        self.change(back.move_ids, 2)
        self.assertBalances(mug, V=250, C=50)

    def test_what_was_missing_is_not(self):
        mug = self.goods(standard_price=10)
        early = self.ship(mug, 5).picking_ids.move_ids
        self.change(early, 2)
        self.assertBalances(mug, V=-20, C=20)
        self.receive(mug, 10, 12)
        self.assertBalances(mug, V=96, C=24)
        self.change(early, 1)
        self.assertBalances(mug, V=108, C=12)

    def test_units_settle_an_older_debt(self):
        mug = self.goods(standard_price=10)
        self.receive(mug, 4, 10)
        first = self.ship(mug, 4).picking_ids.move_ids
        second = self.ship(mug, 6).picking_ids.move_ids
        self.change(first, 1)
        self.assertBalances(mug, V=-30, C=70)
        self.assertEqual((first.value, second.value), (10, 60))
        self.receive(mug, 10, 20)
        self.assertBalances(mug, V=140, C=100)

    def test_shipped_not_invoiced(self):
        mug = self.goods()
        shipped = self.accounts["V"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = self.accounts["S"] = shipped
        self.receive(mug, 10, 10)
        order = self.ship(mug, 8)
        move = order.picking_ids.move_ids
        self.assertBalances(mug, S=80, C=0)
        self.change(move, 6)
        self.assertBalances(mug, S=60, C=0)
        self.invoice(order)
        self.assertBalances(mug, S=0, C=60)
        self.change(move, 5)
        self.assertBalances(mug, S=0, C=50)
        self.change(move, 7)
        self.assertBalances(mug, V=30, S=10, C=60)

    def test_redirected_to_scrap(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        move = self.ship(mug, 4).picking_ids.move_ids
        scrap = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        move.move_line_ids.location_dest_id = scrap
        self.assertBooks()
        self.assertBalances(mug, V=60, C=0, L=40)
        move.move_line_ids.location_dest_id = self.warehouse.lot_stock_id
        self.assertBooks()
        self.assertBalances(mug, V=100, C=0, L=0)
        self.assertEqual((move.is_out, move.value), (False, 0))


@tagged("post_install", "-at_install")
class TestOtherChanges(ChangesCase):
    def test_a_loss_of_three_was_five(self):
        """Probe 16."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        move = self.count(mug, 7)
        self.change(move, 5)
        self.assertBalances(mug, V=50, L=50)
        self.change(move, 1)
        self.assertBalances(mug, V=90, L=10)

    def test_a_scrap(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        move = self.scrap(mug, 3)
        self.change(move, 5)
        self.assertBalances(mug, V=50, L=50)
        self.change(move, 2)
        self.assertBalances(mug, V=80, L=20)

    def test_a_count_gain(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        move = self.count(mug, 14)
        self.assertBalances(mug, V=140, L=-40)
        self.change(move, 1)
        self.assertBalances(mug, V=110, L=-10)
        self.change(move, 2)
        self.assertBalances(mug, V=120, L=-20)

    def test_a_vendor_return(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order, quantity=8)
        back = self.send_back(order.picking_ids, 5).move_ids
        # two were not billed, three wait for the refund
        self.assertBalances(mug, V=50, G=30)
        self.change(back, 3)
        self.assertBalances(mug, V=70, G=10)
        self.change(back, 1)
        self.assertBalances(mug, V=90, G=-10)
        self.change(back, 4)
        self.assertBalances(mug, V=60, G=20)

    def test_moves_before_the_books(self):
        plain = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "periodic"}
        )
        mug = self.goods(categ_id=plain.id)
        order = self.purchase((mug, 10, 10))
        self.done(order.picking_ids)
        sold = self.sale(mug, 10)
        self.done(sold.picking_ids)
        mug.categ_id = self.fifo
        with self.refused("before", "count"), self.env.cr.savepoint():
            order.picking_ids.move_ids.move_line_ids.quantity = 6
        self.receive(mug, 5, 10)
        self.assertBalances(mug, V=50)
