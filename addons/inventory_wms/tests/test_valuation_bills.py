from odoo import fields
from odoo.tests import Form, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationBills(BooksCase):
    def test_bill_at_another_price(self):
        """Six of ten are left: six tenths of the difference are stock, the rest is variance."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.ship(mug, 4)
        self.bill(order, price=12)
        self.assertBalances(mug, V=72, C=40, X=8, G=0)
        self.assertEqual(self.layers(mug), [(6, 72)])
        self.assertEqual(order.picking_ids.move_ids.value, 112)
        self.ship(mug, 6)
        self.assertBalances(mug, V=0, C=112, X=8, G=0)

    def test_bill_at_another_price_average(self):
        cup = self.goods("Cup", "average")
        order = self.receive(cup, 10, 10)
        self.receive(cup, 10, 20)
        self.ship(cup, 4)
        self.bill(order, price=12)
        self.assertBalances(cup, V=252, C=60, X=8, G=-200)
        self.ship(cup, 16)
        self.assertBalances(cup, V=0, C=312, X=8, G=-200)

    def test_bill_after_everything_left(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.ship(mug, 10)
        self.bill(order, price=12)
        self.assertBalances(mug, V=0, C=100, X=20, G=0)

    def test_bill_before_receipt(self):
        mug = self.goods(purchase_method="purchase")
        order = self.purchase((mug, 10, 10))
        self.bill(order, price=12)
        self.assertBalances(mug, V=0, G=120)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=120, G=0, X=0)
        self.assertEqual(mug.standard_price, 12)

    def test_partial_bills_at_three_prices(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order, price=11, quantity=3)
        self.assertBalances(mug, V=103, G=-70)
        self.bill(order, price=12, quantity=5)
        self.assertBalances(mug, V=113, G=-20)
        self.bill(order, price=9, quantity=2)
        self.assertBalances(mug, V=111, G=0, X=0)

    def test_one_bill_over_two_receipts_and_a_third_to_come(self):
        mug = self.goods(purchase_method="purchase")
        order = self.purchase((mug, 10, 10))
        self.done(order.picking_ids, 3)
        backorder = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.done(backorder, 3)
        self.assertBooks()
        self.bill(order, price=13)
        self.assertBalances(mug, V=78, G=52)
        self.done(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertBooks()
        self.assertBalances(mug, V=130, G=0, X=0)

    def test_bill_back_to_draft_and_posted_again(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        self.ship(mug, 5)
        self.assertBalances(mug, V=60, C=60, G=0)
        bill.button_draft()
        self.assertBooks()
        self.assertBalances(mug, V=50, C=60, X=-10, G=-100)
        bill.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=60, C=60, X=0, G=0)

    def test_bill_before_receipt_back_to_draft(self):
        mug = self.goods(purchase_method="purchase")
        order = self.purchase((mug, 10, 10))
        bill = self.bill(order, price=12)
        self.done(order.picking_ids)
        bill.button_draft()
        self.assertBooks()
        self.assertBalances(mug, V=120, G=-120)
        bill.invoice_line_ids.price_unit = 11
        bill.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=110, G=0, X=0)

    def test_refund_of_a_wrong_bill(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        bill = self.bill(order, price=12)
        bill._reverse_moves([{"invoice_date": fields.Date.today()}], cancel=True)
        self.assertBooks()
        self.assertBalances(mug, V=120, G=-120)
        self.bill(order, price=11)
        self.assertBalances(mug, V=110, G=0, X=0)

    def test_currency_discount_and_unit(self):
        """Two dozen at 24 in foreign currency (half a unit of ours each) less 25 %."""
        currency = self.env["res.currency"].create(
            {
                "name": "WMX",
                "symbol": "x",
                "rate_ids": [
                    (0, 0, {"name": "2020-01-01", "rate": 2.0, "company_id": self.company.id})
                ],
            }
        )
        mug = self.goods()
        order = self.purchase(
            {
                "product_id": mug.id,
                "product_qty": 2,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "price_unit": 24,
                "discount": 25,
                "tax_ids": False,
            },
            currency_id=currency.id,
        )
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=18, G=-18)
        self.assertEqual(self.layers(mug), [(24, 18)])
        self.ship(mug, 12)
        self.bill(order)
        self.assertBalances(mug, V=9, C=9, G=0, X=0)

    def test_taxes(self):
        """A price with recoverable tax inside costs the net; a lost tax is part of the cost."""
        inside = self.company_data["default_tax_purchase"].copy(
            {"name": "Inside", "amount": 25, "price_include_override": "tax_included"}
        )
        lost = inside.copy({"name": "Lost", "amount": 10, "price_include_override": "tax_excluded"})
        lost.invoice_repartition_line_ids.account_id = False
        for tax, cost in ((inside, 80), (lost, 110)):
            goods = self.goods(tax.name)
            order = self.purchase(
                {"product_id": goods.id, "product_qty": 10, "price_unit": 10, "tax_ids": tax.ids}
            )
            self.done(order.picking_ids)
            self.assertBooks()
            self.assertBalances(goods, V=cost, G=-cost)
            self.bill(order)
            self.assertBalances(goods, V=cost, X=0)
        self.assertBalances(G=0)

    def test_price_of_the_order_changed_after_receipt(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        order.order_line.price_unit = 14
        self.assertBooks()
        self.assertBalances(mug, V=100, G=-100)
        self.bill(order)
        self.assertBalances(mug, V=140, G=0)

    # -------------------------------------------------------------------- returns
    def test_return_to_vendor_before_the_bill(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        order = self.receive(mug, 10, 20)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(mug, V=220, G=-220, X=0)
        self.assertEqual(self.layers(mug), [(10, 100), (6, 120)])
        self.bill(order)
        self.assertBalances(mug, V=220, G=-100, X=0)

    def test_return_to_vendor_after_the_bill_and_refund(self):
        for method, variance in (("fifo", 0), ("average", -25)):
            goods = self.goods(method, method)
            self.bill(self.receive(goods, 10, 10))
            order = self.receive(goods, 10, 20)
            self.bill(order)
            self.send_back(order.picking_ids, 5)
            self.assertBalances(goods, G=100, X=variance)
            self.bill(order)
            self.assertBalances(goods, G=0, X=variance)

    def test_return_to_vendor_and_receive_again(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        back = self.send_back(order.picking_ids, 4)
        self.send_back(back, 4)
        self.assertBalances(mug, V=100, G=-100)
        self.bill(order, price=12)
        self.assertBalances(mug, V=120, G=0, X=0)

    def test_return_from_customer_at_its_own_cost(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        order = self.ship(mug, 15)
        self.invoice(order)
        self.send_back(order.picking_ids, 7)
        self.assertBalances(mug, V=220, C=80)
        self.assertEqual(self.layers(mug), [(5, 100), (5, 100), (2, 20)])
        credit = order._create_invoices(final=True)
        credit.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=220, C=80)

    def test_return_from_customer_average(self):
        cup = self.goods("Cup", "average")
        self.receive(cup, 10, 10)
        order = self.ship(cup, 4)
        self.receive(cup, 6, 20)
        self.send_back(order.picking_ids, 4)
        self.assertBalances(cup, V=220, C=0)

    def test_return_of_goods_that_were_missing(self):
        mug = self.goods(standard_price=10)
        order = self.ship(mug, 5)
        self.send_back(order.picking_ids, 2)
        self.assertBalances(mug, V=-30, C=30)
        self.receive(mug, 3, 12)
        self.assertBalances(mug, V=0, C=36)

    def test_return_without_origin(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        form = Form(
            self.env["stock.picking"].with_context(
                default_picking_type_id=self.warehouse.in_type_id.id
            )
        )
        picking = form.save()
        customers = self.env.ref("stock.stock_location_customers")
        picking.location_id = customers
        self.env["stock.move"].create(
            {
                "product_id": mug.id,
                "product_uom_qty": 2,
                "picking_id": picking.id,
                "location_id": customers.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        picking.action_confirm()
        self.done(picking)
        self.assertBooks()
        self.assertBalances(mug, V=120, C=-20)

    # ------------------------------------------------------------- shipped, not invoiced
    def test_shipped_not_invoiced(self):
        shipped = self.company_data["default_account_assets"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = shipped
        self.accounts = self.accounts | {"S": shipped}
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        order = self.ship(mug, 15)
        self.assertBalances(mug, V=100, S=200, C=0)
        invoice = self.invoice(order)
        self.assertBalances(mug, V=100, S=0, C=200)
        invoice.button_draft()
        self.assertBooks()
        self.assertBalances(mug, V=100, S=200, C=0)
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        self.assertBalances(mug, S=160, C=40)
        self.send_back(order.picking_ids, 5)
        self.assertBalances(mug, V=200, S=60, C=40)

    def test_invoice_before_delivery(self):
        shipped = self.company_data["default_account_assets"].copy({"name": "Shipped"})
        self.accounts = self.accounts | {"S": shipped}
        for account in (False, shipped):
            self.company.wms_shipped_account_id = account
            mug = self.goods(f"Mug {account}", invoice_policy="order")
            self.receive(mug, 10, 10)
            order = self.sale(mug, 6)
            self.invoice(order)
            self.assertBalances(mug, V=100, S=0, C=0)
            self.done(order.picking_ids)
            self.assertBooks()
            self.assertBalances(mug, V=40, S=0, C=60)
