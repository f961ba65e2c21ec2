"""Goods moved on given days of the journal, for the tests of the accountant's reports."""

from odoo import fields

from .valuation_common import BooksCase


class ReportCase(BooksCase):
    def receive_on(self, day, product, quantity, price):
        order = self.purchase((product, quantity, price))
        self.done(order.picking_ids.with_context(force_period_date=day))
        self.flush_postings()
        return order

    def ship_on(self, day, product, quantity, price=50):
        order = self.sale(product, quantity, price)
        self.done(order.picking_ids.with_context(force_period_date=day))
        self.flush_postings()
        return order

    def value_at(self, day, product):
        values = self.env["wms.books"]._values(self.company, fields.Date.to_date(day))
        return tuple(round(float(part), 2) for part in values.get(product.id, (0, 0)))

    def ledger_at(self, day, role="V"):
        self.flush_postings()
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.accounts[role].id),
                ("date", "<=", day),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def manual_entry(self, account, amount, day=None, post=True, **vals):
        """An entry by hand: debit ``account``, credit the count account."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day or fields.Date.today(),
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": amount, "name": "By hand"}),
                    (0, 0, {"account_id": self.accounts["L"].id, "balance": -amount}),
                ],
                **vals,
            }
        )
        if post:
            entry.action_post()
        return entry
