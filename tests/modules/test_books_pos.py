"""The point of sale: cost of goods sold comes with its transfer, and only with it."""

from odoo import Command
from odoo.tests import tagged

from tests.modules.laws import LawfulBooks

NEEDS = ("point_of_sale",)


@tagged("post_install", "-at_install")
class TestBooksPos(LawfulBooks):
    def shop(self, at_closing):
        """An open session of a new shop."""
        self.env.user.group_ids |= self.env.ref("point_of_sale.group_pos_manager")
        self.company.point_of_sale_update_stock_quantities = "closing" if at_closing else "real"
        method = self.env["pos.payment.method"].create(
            {"name": "Bank", "journal_id": self.company_data["default_journal_bank"].id}
        )
        config = self.env["pos.config"].create(
            {"name": "Shop", "payment_method_ids": [Command.set(method.ids)]}
        )
        config.open_ui()
        session = config.current_session_id
        session.set_opening_control(0, None)
        return session, method

    def sell(self, session, method, product, quantity):
        """A paid order."""
        amount = 50 * quantity
        line = {
            "name": product.name,
            "product_id": product.id,
            "price_unit": 50,
            "qty": quantity,
            "tax_ids": [Command.clear()],
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
        }
        order = self.env["pos.order"].create(
            {
                "company_id": self.company.id,
                "session_id": session.id,
                "lines": [Command.create(line)],
                "amount_paid": 0,
                "amount_total": amount,
                "amount_tax": 0,
                "amount_return": 0,
            }
        )
        context = {"active_ids": order.ids, "active_id": order.id}
        payment = self.env["pos.make.payment"].with_context(**context)
        payment.create({"amount": amount, "payment_method_id": method.id}).check()
        self.assertBooks()
        return order

    def test_cost_of_goods_once(self):
        # core's own valuation of the company must not make the session post costs again
        self.company.inventory_valuation = "real_time"
        for at_closing in (False, True):
            mug = self.goods(f"Mug {at_closing}")
            self.receive(mug, 10, 10)
            session, method = self.shop(at_closing)
            self.sell(session, method, mug, 4)
            self.assertBalances(mug, V=100 if at_closing else 60)
            back = self.sell(session, method, mug, -1)
            self.assertEqual(back.state, "paid")
            session.action_pos_session_closing_control()
            self.assertEqual(session.state, "closed")
            self.assertBooks()
            self.assertBalances(mug, V=70, C=30, G=-100)
            costs = session.move_id.line_ids.filtered(
                lambda line: line.account_id in (self.accounts["C"] | self.accounts["V"])
            )
            self.assertFalse(costs)
