"""Goods, bills, returns and refunds without an order: they meet by vendor and product."""

from odoo import Command, fields
from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestWithoutOrder(BooksCase):
    def bring(self, goods, quantity, price=0, partner=None, back=False):
        """Receive goods of no order, or send some to their vendor by hand."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        ends = [suppliers.id, self.warehouse.lot_stock_id.id]
        source, target = reversed(ends) if back else ends
        operation = self.warehouse.out_type_id if back else self.warehouse.in_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "partner_id": (partner or self.partner_a).id,
                "location_id": source,
                "location_dest_id": target,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "location_id": source,
                            "location_dest_id": target,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self.done(picking)
        self.assertBooks()
        return picking

    def paper(self, goods, quantity, price, kind="in_invoice", partner=None):
        document = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or self.partner_a).id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        document.action_post()
        self.assertBooks()
        return document

    def refund(self, goods, quantity, price, partner=None):
        return self.paper(goods, quantity, price, "in_refund", partner)

    def draft(self, document):
        document.button_draft()
        self.assertBooks()

    def post(self, document):
        document.action_post()
        self.assertBooks()

    def open_items(self, goods):
        return self.env["wms.grni.item"].search([("product_id", "=", goods.id)])

    def test_a_bill_is_replaced_by_a_correct_one(self):
        mug = self.goods()
        self.bring(mug, 10, 10)
        self.paper(mug, 10, 12)
        self.assertBalances(mug, V=120, G=0)
        self.refund(mug, 10, 12)
        self.assertBalances(mug, V=120, G=-120)
        self.paper(mug, 10, 11)
        self.assertBalances(mug, V=110, G=0, X=0)
        self.assertFalse(self.open_items(mug))
        self.bring(mug, 10, 10)
        self.assertBalances(mug, V=210, G=-100)
        self.assertEqual(self.open_items(mug).mapped("kind"), ["received"])

    def test_the_newest_bills_are_withdrawn_first(self):
        mug = self.goods()
        for price in (10, 20, 30):
            self.bring(mug, 5, price)
            self.paper(mug, 5, price)
        self.refund(mug, 7, 25)
        self.assertBalances(mug, V=300, G=-175)
        layers = self.env["wms.cost.layer"].search([("product_id", "=", mug.id)], order="id")
        self.assertEqual(layers.mapped("unbilled_qty"), [0, 2, 5])

    def test_goods_sent_back_are_refunded_at_another_price(self):
        for by_hand in (False, True):
            mug = self.goods()
            picking = self.bring(mug, 10, 10)
            self.paper(mug, 10, 10)
            if by_hand:
                self.bring(mug, 4, back=True)
            else:
                self.send_back(picking, 4)
            self.assertBalances(mug, V=60, G=40)
            refund = self.refund(mug, 4, 9)
            self.assertBalances(mug, V=60, G=0, X=4)
            self.draft(refund)
            self.assertBalances(mug, V=60, G=40, X=0)
            self.post(refund)
            self.assertBalances(mug, V=60, G=0, X=4)
            self.assertFalse(self.open_items(mug))

    def test_the_refund_comes_first(self):
        mug = self.goods()
        picking = self.bring(mug, 10, 10)
        self.paper(mug, 10, 10)
        self.refund(mug, 4, 9)
        self.assertBalances(mug, V=100, G=-36)
        self.send_back(picking, 4)
        self.assertBalances(mug, V=60, G=0, X=4)
        self.assertFalse(self.open_items(mug))

    def test_refunded_before_anything_is_known(self):
        mug = self.goods()
        refund = self.refund(mug, 4, 9)
        self.assertBalances(mug, V=0, G=-36)
        bill = self.paper(mug, 4, 10)
        self.assertBalances(mug, V=0, G=0, X=4)
        self.draft(refund)
        self.assertBalances(mug, G=40, X=0)
        self.bring(mug, 4, 8)
        self.assertBalances(mug, V=40, G=0, X=0)
        self.draft(bill)
        self.assertBalances(mug, V=40, G=-40, X=0)

    def test_refunded_before_it_is_sent_back(self):
        """Goods bought with an order, refund and return without: they meet each other."""
        mug = self.goods()
        self.bill(self.receive(mug, 10, 10))
        self.refund(mug, 3, 9)
        self.assertBalances(mug, V=100, G=-27)
        self.bring(mug, 3, back=True)
        self.assertBalances(mug, V=70, G=0, X=3)
        self.assertFalse(self.open_items(mug))

    def test_exchanged(self):
        mug = self.goods()
        picking = self.bring(mug, 10, 10)
        self.paper(mug, 10, 12)
        self.send_back(picking, 3)
        self.assertBalances(mug, V=84, G=36)
        self.bring(mug, 3, 11)
        self.assertBalances(mug, V=120, G=0, X=0)
        self.assertFalse(self.open_items(mug))

    def test_other_vendors_and_goods_are_left_alone(self):
        mug, cup = self.goods(), self.goods("Cup")
        for goods in (mug, cup):
            self.bring(goods, 10, 10)
            self.paper(goods, 10, 10)
        self.refund(mug, 10, 10, self.partner_b)
        self.assertBalances(mug, V=100, G=-100)
        items = self.open_items(mug)
        self.assertEqual((items.kind, items.partner_id), ("refunded", self.partner_b))
        self.paper(mug, 10, 12)
        self.assertBalances(mug, V=100, G=20)
        self.bring(mug, 10, 11, self.partner_b)
        self.bring(mug, 10, 11)
        self.assertBalances(mug, V=330, G=-210)
        self.assertBalances(cup, V=100, G=0)

    def test_a_receipt_made_smaller_waits_for_its_vendor(self):
        mug = self.goods()
        picking = self.bring(mug, 10, 10)
        self.paper(mug, 10, 10)
        picking.move_ids.move_line_ids.quantity = 6
        self.assertBooks()
        self.assertBalances(mug, V=60, G=40)
        items = self.open_items(mug)
        self.assertEqual((items.kind, items.partner_id), ("billed", self.partner_a))
        self.refund(mug, 3, 10)
        self.bring(mug, 1, 11)
        self.assertBalances(mug, V=70, G=0, X=0)
        self.assertFalse(self.open_items(mug))
