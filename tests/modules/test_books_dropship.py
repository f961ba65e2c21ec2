"""Goods that the vendor ships to the customer: cost of goods sold against GRNI, never stock."""

from odoo import Command, fields
from odoo.tests import tagged

from tests.modules.laws import LawfulBooks

NEEDS = ("stock_dropshipping",)


@tagged("post_install", "-at_install")
class TestBooksDropship(LawfulBooks):
    def dropship_goods(self, price=10, **vals):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        seller = {"partner_id": self.partner_a.id, "price": price}
        return self.goods(
            "Sofa", route_ids=[Command.set(route.ids)], seller_ids=[Command.create(seller)], **vals
        )

    def order(self, product, quantity):
        """A sale and the purchase that it made."""
        sold = self.sale(product, quantity)
        bought = self.env["purchase.order.line"].search([("product_id", "=", product.id)]).order_id
        bought.order_line.tax_ids = False
        bought.button_confirm()
        return sold, bought

    def test_shipped_and_billed(self):
        sofa = self.dropship_goods()
        sold, bought = self.order(sofa, 10)
        self.done(bought.picking_ids, 6)
        self.assertBooks()
        move = sold.picking_ids.move_ids.filtered(lambda move: move.state == "done")
        self.assertBalances(sofa, V=0, C=60, G=-60)
        self.assertEqual(move.wms_consumption_ids.layer_id.kind, "direct")
        self.bill(bought, quantity=4)
        self.assertBalances(sofa, C=60, G=-20, X=0)
        self.done(bought.picking_ids.filtered(lambda row: row.state != "done"))
        self.assertBooks()
        self.assertBalances(sofa, C=100, G=-60)
        self.bill(bought, price=12, quantity=6)
        self.assertBalances(sofa, V=0, C=100, G=0, X=12)
        self.invoice(sold)
        self.assertBalances(sofa, V=0, C=100, G=0, X=12)
        self.assertEqual(sofa.total_value, 0)

    def test_billed_first(self):
        sofa = self.dropship_goods(purchase_method="purchase")
        _sold, bought = self.order(sofa, 10)
        self.bill(bought, price=11)
        self.assertBalances(sofa, G=110)
        self.done(bought.picking_ids)
        self.assertBooks()
        self.assertBalances(sofa, C=110, G=0, X=0)

    def test_sent_back_to_the_vendor(self):
        sofa = self.dropship_goods()
        _sold, bought = self.order(sofa, 10)
        picking = bought.picking_ids
        self.done(picking)
        self.bill(bought, quantity=8)
        self.assertBalances(sofa, C=100, G=-20)
        self.send_back(picking, 5)
        # two were not billed, three wait for the refund
        self.assertBalances(sofa, V=0, C=50, G=30, X=0)
        report = self.env["wms.cogs.report"].search([("product_id", "=", sofa.id)])
        self.assertEqual((sum(report.mapped("qty")), sum(report.mapped("cost"))), (5, 50))
        ledger = self.env["wms.stock.ledger"].search([("product_id", "=", sofa.id)])
        self.assertEqual((sum(ledger.mapped("qty")), sum(ledger.mapped("value"))), (0, 0))
        # of eight billed, five are with the customer: three wait for the vendor's refund
        self.assertEqual(self.cut_off(), [("billed", 5, 8, 3, 30), ("shipped", 5, 0, 5, 50)])

    def test_customer_sends_it_to_our_stock(self):
        sofa = self.dropship_goods()
        _sold, bought = self.order(sofa, 10)
        picking = bought.picking_ids
        self.done(picking)
        back = picking.copy(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": picking.location_dest_id.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": sofa.id,
                            "product_uom_qty": 4,
                            "location_id": picking.location_dest_id.id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                            "origin_returned_move_id": picking.move_ids.id,
                        }
                    )
                ],
            }
        )
        back.action_confirm()
        self.done(back)
        self.assertBooks()
        self.assertBalances(sofa, V=40, C=60, G=-100)

    def test_shipped_not_invoiced(self):
        shipped = self.accounts["V"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = self.accounts["S"] = shipped
        sofa = self.dropship_goods()
        sold, bought = self.order(sofa, 10)
        self.done(bought.picking_ids)
        self.assertBooks()
        self.assertBalances(sofa, S=100, C=0, G=-100)
        self.invoice(sold)
        self.assertBalances(sofa, S=0, C=100, G=-100)

    def test_a_done_dropship_changes(self):
        sofa = self.dropship_goods()
        _sold, bought = self.order(sofa, 10)
        self.done(bought.picking_ids)
        line = bought.picking_ids.move_ids.move_line_ids
        line.quantity = 12
        self.assertBooks()
        self.assertBalances(sofa, C=120, G=-120)
        with self.refused("return", "new transfer"), self.env.cr.savepoint():
            line.quantity = 9

    def test_cut_off(self):
        sofa = self.dropship_goods()
        sold, bought = self.order(sofa, 10)
        self.done(bought.picking_ids)
        self.assertEqual(
            self.cut_off(), [("received", 10, 0, 10, 100), ("shipped", 10, 0, 10, 100)]
        )
        self.bill(bought, price=12, quantity=4)
        self.assertEqual(self.cut_off()[0], ("received", 10, 4, 6, 60))
        self.bill(bought, price=12)
        self.invoice(sold)
        self.assertEqual(self.cut_off(), [])

    def test_cut_off_of_a_purchase_billed_first(self):
        sofa = self.dropship_goods(purchase_method="purchase")
        _sold, bought = self.order(sofa, 10)
        self.bill(bought, price=11)
        self.assertEqual(self.cut_off(), [("billed", 0, 10, 10, 110)])

    def cut_off(self):
        """What the wizard shows today: kind, moved, billed, units and value."""
        cutoff = self.env["wms.cutoff"].create({"date": fields.Date.today()})
        cutoff.action_show()
        return [
            (line.kind, line.moved, line.billed, line.qty, line.value)
            for line in cutoff.line_ids.sorted("kind")
        ]
