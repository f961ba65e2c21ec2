"""Kits: their components are bought at a share of the price, and shipped at their own cost."""

from odoo import Command
from odoo.tests import tagged

from tests.modules.laws import LawfulBooks

NEEDS = ("purchase_mrp", "sale_mrp", "mrp_account")


@tagged("post_install", "-at_install")
class TestBooksKits(LawfulBooks):
    def kit(self, *components):
        """A kit of (component, units, cost share)."""
        kit = self.env["product.product"].create(
            {
                "name": "Desk set",
                "type": "consu",
                "is_storable": False,
                "invoice_policy": "delivery",
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create(
                        {"product_id": part.id, "product_qty": units, "cost_share": share}
                    )
                    for part, units, share in components
                ],
            }
        )
        return kit

    def test_bought_in_two_parts_and_billed(self):
        lamp, pen = self.goods("Lamp"), self.goods("Pen", "average")
        kit = self.kit((lamp, 1, 80), (pen, 4, 20))
        order = self.purchase((kit, 10, 30))
        self.receive_kits(order, 0.6)
        self.assertBalances(lamp, V=144, G=-144)
        self.assertBalances(pen, V=36, G=-36)
        self.done(order.picking_ids.filtered(lambda row: row.state != "done"))
        self.assertBooks()
        self.assertBalances(lamp, V=240, G=-240)
        self.assertBalances(pen, V=60, G=-60)
        self.ship(pen, 20)
        self.bill(order, price=33, quantity=4)
        self.assertBalances(lamp, V=249.6, G=-144, X=0)
        self.bill(order, price=33)
        self.assertBalances(lamp, V=264, G=0, X=0)
        # half of the pens had left
        self.assertBalances(pen, V=33, G=0, X=3, C=30)
        self.assertEqual(self.balance("G"), 0)

    def test_billed_first_and_back_to_draft(self):
        lamp, pen = self.goods("Lamp"), self.goods("Pen")
        kit = self.kit((lamp, 1, 0), (pen, 4, 0))
        kit.purchase_method = "purchase"
        order = self.purchase((kit, 10, 30))
        bill = self.bill(order)
        self.assertBalances(lamp, G=150)
        self.assertBalances(pen, G=150)
        bill.button_draft()
        self.assertBooks()
        self.assertEqual(self.balance("G"), 0)
        self.assertBalances(lamp, G=0)
        bill.action_post()
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(lamp, V=150, G=0)
        self.assertBalances(pen, V=150, G=0)

    def test_sent_back_and_refunded(self):
        lamp, pen = self.goods("Lamp"), self.goods("Pen")
        kit = self.kit((lamp, 1, 50), (pen, 2, 50))
        order = self.purchase((kit, 10, 30))
        self.done(order.picking_ids)
        self.bill(order)
        form = self.env["stock.return.picking"].with_context(
            active_id=order.picking_ids.id, active_model="stock.picking"
        )
        wizard = form.create({"picking_id": order.picking_ids.id})
        for line in wizard.product_return_moves:
            line.quantity = 2 if line.product_id == lamp else 4
        self.done(wizard._create_return())
        self.assertBooks()
        self.assertBalances(lamp, V=120, G=30)
        self.assertBalances(pen, V=120, G=30)
        order.action_create_invoice()
        refund = order.invoice_ids.filtered(lambda row: row.move_type == "in_refund")
        refund.invoice_date = refund.date
        refund.action_post()
        self.assertBooks()
        self.assertBalances(lamp, V=120, G=0, X=0)
        self.assertBalances(pen, V=120, G=0, X=0)

    def test_sold(self):
        lamp, pen = self.goods("Lamp"), self.goods("Pen")
        self.receive(lamp, 10, 20)
        self.receive(pen, 40, 1)
        kit = self.kit((lamp, 1, 80), (pen, 4, 20))
        sold = self.sale(kit, 5)
        self.done(sold.picking_ids)
        self.assertBooks()
        self.assertBalances(lamp, V=100, C=100)
        self.assertBalances(pen, V=20, C=20)
        self.invoice(sold)
        self.assertEqual((self.balance("V"), self.balance("C")), (120, 120))

    def test_sold_and_not_invoiced(self):
        shipped = self.accounts["V"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = self.accounts["S"] = shipped
        lamp, pen = self.goods("Lamp"), self.goods("Pen")
        self.receive(lamp, 10, 20)
        self.receive(pen, 40, 1)
        kit = self.kit((lamp, 1, 80), (pen, 4, 20))
        sold = self.sale(kit, 5)
        self.done(sold.picking_ids)
        self.assertBooks()
        # kits are invoiced in other units than they leave in: expensed at once
        self.assertEqual((self.balance("S"), self.balance("C")), (0, 120))
        self.invoice(sold)
        self.assertEqual((self.balance("S"), self.balance("C")), (0, 120))

    def receive_kits(self, order, part):
        """Receive a part of an order, and return what is left of it."""
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity, move.picked = move.product_uom_qty * part, True
        picking.with_context(skip_backorder=True)._action_done()
        self.assertBooks()
        return order.picking_ids - picking

    def test_the_rest_is_cancelled(self):
        lamp = self.goods("Lamp")
        order = self.purchase((self.kit((lamp, 2, 0)), 10, 100))
        rest = self.receive_kits(order, 0.6)
        self.assertBalances(lamp, V=600, G=-600)
        rest.action_cancel()
        bill = self.bill(order)
        self.assertEqual(bill.invoice_line_ids.quantity, 6)
        self.assertBalances(lamp, V=600, G=0, X=0)
        bill.button_draft()
        self.assertBooks()
        self.assertBalances(lamp, V=600, G=-600)
        bill.invoice_line_ids.price_unit = 110
        bill.action_post()
        self.assertBooks()
        self.assertBalances(lamp, V=660, G=0, X=0)

    def test_no_backorder_at_all(self):
        lamp, pen = self.goods("Lamp"), self.goods("Pen")
        order = self.purchase((self.kit((lamp, 1, 80), (pen, 4, 20)), 10, 30))
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity, move.picked = move.product_uom_qty * 0.5, True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertBooks()
        self.assertBalances(lamp, V=120, G=-120)
        self.bill(order)
        self.assertBalances(lamp, V=120, G=0)
        self.assertBalances(pen, V=30, G=0)

    def test_cancelled_and_confirmed_again(self):
        lamp = self.goods("Lamp")
        order = self.purchase((self.kit((lamp, 2, 0)), 10, 100))
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        self.done(order.picking_ids.filtered(lambda row: row.state != "cancel"))
        self.bill(order)
        self.assertBalances(lamp, V=1000, G=0, X=0)
