"""Shipped, not invoiced: of each order line waits what is out and not invoiced."""

from odoo import Command, fields
from odoo.tests import tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationShipped(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shipped = cls.company_data["default_account_assets"].copy({"name": "Shipped"})
        cls.company.wms_shipped_account_id = shipped
        cls.accounts = cls.accounts | {"S": shipped}

    def credit(self, invoice, quantity):
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        self.assertBooks()
        return note

    def test_two_moves_of_a_line_invoiced_ahead(self):
        """Ten invoiced ahead leave in two moves of one call: not twice ten are expensed."""
        mug = self.goods(invoice_policy="order")
        self.receive(mug, 20, 10)
        order = self.sale(mug, 10)
        self.invoice(order)
        order.order_line.product_uom_qty = 20
        move = order.picking_ids.move_ids
        split = move.copy({"product_uom_qty": 10, "picking_id": move.picking_id.id})
        split.sale_line_id = move.sale_line_id
        move.product_uom_qty = 10
        split._action_confirm(merge=False)
        self.assertEqual(len(order.picking_ids.move_ids), 2)
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=0, S=100, C=100)
        self.invoice(order)
        self.assertBalances(mug, V=0, S=0, C=200)

    def plain_version(self, product):
        """Grows with whatever must notice other documents of the product."""
        self.env.invalidate_all()
        return (
            self.env["wms.cost.total"]
            .search([("product_id", "=", product.id), ("lot_id", "=", False)])
            .version
        )

    def test_invoices_and_deliveries_notice_each_other(self):
        """Both write the plain pool, also when the goods lie in others and nothing is posted."""
        mug = self.goods(tracking="lot", lot_valuated=True, invoice_policy="order")
        bought = self.purchase((mug, 10, 10))
        bought.picking_ids.move_ids.move_line_ids.lot_name = "L1"
        self.done(bought.picking_ids)
        start = self.plain_version(mug)
        order = self.sale(mug, 4)
        self.invoice(order)  # ahead of the delivery: nothing to match yet
        invoiced = self.plain_version(mug)
        self.assertGreater(invoiced, start)
        order.picking_ids.action_assign()
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertGreater(self.plain_version(mug), invoiced)
        self.assertBalances(mug, S=0, C=40)
        back = self.plain_version(mug)
        order.invoice_ids.button_draft()
        self.assertGreater(self.plain_version(mug), back)
        self.assertBooks()
        self.assertBalances(mug, S=40, C=0)

    def test_goods_that_are_expensed_at_once_need_no_notice(self):
        self.company.wms_shipped_account_id = False
        mug = self.goods(invoice_policy="order")
        self.receive(mug, 10, 10)
        before = self.plain_version(mug)
        self.invoice(self.sale(mug, 4))
        self.assertEqual(self.plain_version(mug), before)

    def test_credit_note_without_return(self):
        """The customer keeps the goods: they wait for another invoice."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        order = self.ship(mug, 15)
        invoice = self.invoice(order)
        note = self.credit(invoice, 6)
        self.assertBalances(mug, S=110, C=90)
        self.invoice(order)
        self.assertBalances(mug, S=0, C=200)
        note.button_draft()
        self.assertBooks()
        self.assertBalances(mug, S=0, C=200)

    def test_credit_note_with_return(self):
        for first in ("return", "credit"):
            mug = self.goods(first)
            self.receive(mug, 10, 10)
            order = self.ship(mug, 10)
            invoice = self.invoice(order)
            if first == "credit":
                self.credit(invoice, 4)
                self.assertBalances(mug, S=40, C=60)
            self.send_back(order.picking_ids, 4)
            self.assertBalances(mug, V=40, S=0, C=60)
            if first == "return":
                self.credit(invoice, 4)
            self.assertBalances(mug, V=40, S=0, C=60)

    def test_invoice_in_and_out_of_draft(self):
        mug = self.goods(invoice_policy="order")
        self.receive(mug, 10, 10)
        order = self.sale(mug, 10)
        invoice = self.invoice(order)
        self.done(order.picking_ids, 6)
        self.assertBooks()
        self.assertBalances(mug, V=40, S=0, C=60)
        invoice.button_draft()
        self.assertBalances(mug, V=40, S=60, C=0)
        invoice.invoice_line_ids.quantity = 2
        invoice.action_post()
        self.assertBalances(mug, V=40, S=40, C=20)
        self.done(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertBooks()
        self.assertBalances(mug, V=0, S=80, C=20)

    def test_goods_missing_at_delivery(self):
        """What leaves before it arrives is expensed at once; the settled cost follows it."""
        mug = self.goods(standard_price=10)
        order = self.ship(mug, 5)
        self.assertBalances(mug, V=-50, S=0, C=50)
        self.receive(mug, 10, 12)
        self.assertBalances(mug, V=60, S=0, C=60)
        self.invoice(order)
        self.assertBalances(mug, V=60, S=0, C=60)

    def test_the_account_is_set_while_goods_are_out(self):
        self.company.wms_shipped_account_id = False
        mug = self.goods()
        self.receive(mug, 20, 10)
        order = self.sale(mug, 10)
        self.done(order.picking_ids, 4)
        self.company.wms_shipped_account_id = self.accounts["S"]
        self.done(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertBalances(mug, S=60, C=40)
        self.invoice(order)
        self.assertBalances(mug, S=0, C=100)

    def test_two_lines_of_one_invoice(self):
        mug, cup = self.goods(), self.goods("Cup", "average")
        self.receive(mug, 10, 10)
        self.receive(cup, 10, 3)
        order = self.sale(mug, 4)
        line = {"product_id": cup.id, "product_uom_qty": 5, "tax_ids": False}
        order.order_line = [Command.create(line)]
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(S=55, C=0)
        self.invoice(order)
        self.assertBalances(mug, S=0, C=40)
        self.assertBalances(cup, S=0, C=15)
