"""Bills and refunds in every order: an order line that is fully billed has nothing open."""

from odoo import Command, fields
from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationDocuments(BooksCase):
    def refund(self, bill, price=None, quantity=None, post=True):
        """A vendor credit note for a bill."""
        refund = bill._reverse_moves([{"invoice_date": fields.Date.today()}])
        for line in refund.invoice_line_ids:
            if price is not None:
                line.price_unit = price
            if quantity is not None:
                line.quantity = quantity
        if post:
            refund.action_post()
            self.assertBooks()
        return refund

    def draft(self, document):
        document.button_draft()
        self.assertBooks()

    def post(self, document):
        document.action_post()
        self.assertBooks()

    # ------------------------------------------------------------------- exchanges
    def test_exchange_after_a_bill_at_another_price(self):
        """The vendor sends other goods for four bad ones: they cost what was paid for those."""
        for method, value in (("fifo", 120), ("average", 120)):
            goods = self.goods(method, method)
            order = self.receive(goods, 10, 10)
            self.bill(order, price=12)
            back = self.send_back(order.picking_ids, 4)
            self.assertBalances(goods, V=72, G=48, X=0)
            self.send_back(back, 4)
            self.assertBalances(goods, V=value, G=0, X=0)

    def test_exchange_in_two_parts_then_refund(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        back = self.send_back(order.picking_ids, 4)
        self.send_back(back, 2)
        self.assertBalances(mug, V=92, G=28)
        self.refund(bill, quantity=2)
        self.assertBalances(mug, V=96, G=0, X=0)

    def test_exchange_with_refund_and_new_bill(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        back = self.send_back(order.picking_ids, 4)
        self.send_back(back, 4)
        self.refund(bill, quantity=4)
        self.assertBalances(mug, V=120, G=-48)
        self.bill(order, price=13)
        self.assertBalances(mug, V=124, G=0, X=0)

    def test_return_and_goods_still_to_be_billed(self):
        """Two receipts of one line, the first billed: its refund is not the second one's bill."""
        mug = self.goods()
        order = self.purchase((mug, 20, 10))
        self.done(order.picking_ids, 10)
        self.bill(order, price=12)
        first = order.picking_ids.filtered(lambda picking: picking.state == "done")
        self.done(order.picking_ids - first)
        self.send_back(first, 4)
        self.assertBalances(mug, V=172, G=48 - 100)
        self.bill(order, price=11, quantity=10)
        self.assertBalances(mug, V=182, G=48)

    # --------------------------------------------------------- in and out of draft
    def test_refund_back_to_draft_after_another_bill(self):
        """Two bills for one receipt: one of them is too much until it is refunded again."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        first = self.bill(order, price=12)
        refund = self.refund(first)
        second = self.bill(order, price=11)
        self.draft(refund)
        self.assertBalances(mug, V=110, G=120)
        self.draft(second)
        self.assertBalances(mug, V=120, G=0, X=0)
        self.post(second)
        self.assertBalances(mug, V=120, G=110)
        self.post(refund)
        self.assertBalances(G=0)

    def test_first_bill_back_to_draft_after_another_bill(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        first = self.bill(order, price=12)
        refund = self.refund(first)
        self.bill(order, price=11)
        self.draft(refund)
        self.draft(first)
        self.assertBalances(G=0)
        self.assertEqual(self.balance("V") + self.balance("X"), 110)

    def test_bill_in_advance_back_to_draft_after_its_refund(self):
        mug = self.goods(purchase_method="purchase")
        order = self.purchase((mug, 10, 10))
        bill = self.bill(order, price=12)
        refund = self.refund(bill, price=11)
        self.assertBalances(mug, V=0, G=0, X=10)
        self.draft(bill)
        self.assertBalances(mug, G=-110, X=0)
        self.post(bill)
        self.assertBalances(mug, G=0, X=10)
        self.draft(refund)
        self.assertBalances(mug, G=120, X=0)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=120, G=0, X=0)

    def test_refund_before_bill_and_return(self):
        """A credit note comes first, then its bill, then the goods go back."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12, post=False)
        bill.action_post()
        refund = self.refund(bill, quantity=4, post=False)
        self.draft(bill)
        self.post(refund)
        self.assertBalances(mug, V=100, G=-148)
        self.post(bill)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(mug, G=0, V=72, X=0)

    def test_refunded_before_it_goes_back(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        self.refund(bill, quantity=4)
        self.assertBalances(mug, V=120, G=-48)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(mug, V=72, G=0, X=0)

    # --------------------------------------------------------- currencies and units
    def foreign(self, *rates):
        """A currency with (day, units of it for one of ours)."""
        return self.env["res.currency"].create(
            {
                "name": "WMY",
                "symbol": "y",
                "rate_ids": [
                    (0, 0, {"name": day, "rate": rate, "company_id": self.company.id})
                    for day, rate in rates
                ],
            }
        )

    def test_the_rate_changes_between_receipt_and_bill(self):
        """100 of theirs is 50 at the receipt and 80 at the bill: stock stays at 50."""
        today = fields.Date.today()
        later = fields.Date.add(today, days=10)
        money = self.foreign(("2020-01-01", 2.0), (later, 1.25))
        mug = self.goods()
        order = self.purchase((mug, 10, 10), currency_id=money.id)
        self.done(order.picking_ids)
        self.assertBooks()
        loss = self.company.expense_currency_exchange_account_id
        self.accounts = self.accounts | {"E": loss}
        before = self.balance("E")
        for price, value, exchange in ((10, 50, 30), (12, 60, 36)):
            bill = self.bill(order, price=price, post=False)
            bill.invoice_date = bill.date = later
            self.post(bill)
            self.assertBalances(mug, V=value, G=0, X=0, E=before + exchange)
            self.draft(bill)
            self.assertBalances(mug, V=50, G=-50, X=0, E=before)
            bill.unlink()

    def test_dozens_bought_singles_billed(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        mug = self.goods()
        order = self.purchase(
            {"product_id": mug.id, "product_qty": 1, "product_uom_id": dozen.id, "price_unit": 10,
             "tax_ids": False}
        )  # fmt: skip
        self.done(order.picking_ids)
        self.assertBalances(mug, V=10, G=-10)
        self.assertEqual(self.layers(mug), [(12, 10)])
        self.ship(mug, 7)
        bill = self.bill(order, post=False)
        line = bill.invoice_line_ids
        line.product_uom_id, line.quantity, line.price_unit = mug.uom_id, 5, 0.9
        self.post(bill)
        self.assertBooks()
        bill = self.bill(order, post=False)
        bill.invoice_line_ids.product_uom_id, bill.invoice_line_ids.quantity = mug.uom_id, 7
        bill.invoice_line_ids.price_unit = 0.8
        self.post(bill)
        self.assertBalances(mug, G=0)
        self.assertEqual(self.balance("V") + self.balance("C") + self.balance("X"), 4.5 + 5.6)

    def test_negative_line_and_discount(self):
        """A line of the bill takes two units back at their price; the other has a discount."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, post=False)
        line = bill.invoice_line_ids
        line.discount = 10
        back = {
            "product_id": mug.id,
            "quantity": -2,
            "price_unit": 9,
            "tax_ids": False,
            "purchase_line_id": line.purchase_line_id.id,
        }
        bill.invoice_line_ids = [Command.create(back)]
        self.post(bill)
        self.assertBalances(mug, V=90, G=-18)
        self.bill(order, price=9)
        self.assertBalances(mug, V=90, G=0, X=0)

    def test_several_bills_over_one_receipt_and_one_over_several(self):
        mug = self.goods()
        order = self.purchase((mug, 12, 10), (mug, 3, 7))
        self.done(order.picking_ids)
        self.assertBooks()
        self.ship(mug, 6)
        first = self.bill(order, post=False)
        first.invoice_line_ids[0].quantity, first.invoice_line_ids[1].quantity = 5, 1
        self.post(first)
        self.bill(order, price=11)
        self.assertBalances(G=0)
        self.assertEqual(
            self.balance("V") + self.balance("C") + self.balance("X"),
            5 * 10 + 7 + 7 * 11 + 2 * 11,
        )

    # ------------------------------------------------------------ without an order
    def bill_without_order(self, goods, quantity, price):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
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
        self.post(bill)
        return bill

    def receive_without_order(self, goods, quantity):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.partner_a.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "product_uom_qty": quantity,
                            "location_id": self.env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self.done(picking)
        self.assertBooks()

    def test_a_bill_by_hand_meets_its_order_in_odoos_matching(self):
        """Posted without its order line it waits, listed there; matched, it meets the receipt."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill_without_order(mug, 10, 12)
        self.assertBalances(mug, V=100, G=20)
        self.env.flush_all()
        match = self.env["purchase.bill.line.match"].search([("product_id", "=", mug.id)])
        self.assertEqual(match.aml_id, bill.invoice_line_ids)
        match.action_match_lines()
        self.assertBooks()
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, order.order_line)
        self.assertBalances(mug, V=120, G=0)
        bill.invoice_line_ids.purchase_line_id = False
        self.assertBooks()
        self.assertBalances(mug, V=100, G=20)

    def test_neither_has_an_order(self):
        """Goods and bill of one vendor, both without an order, meet by product, either first."""
        mug = self.goods(standard_price=10)
        self.receive_without_order(mug, 10)
        self.assertBalances(mug, V=100, G=-100)
        bill = self.bill_without_order(mug, 15, 12)
        self.assertBalances(mug, V=120, G=60)
        self.receive_without_order(mug, 5)
        self.assertBalances(mug, V=180, G=0)
        self.draft(bill)
        self.assertBalances(mug, V=160, G=-160, X=0)
        self.post(bill)
        self.assertBalances(mug, V=180, G=0)
