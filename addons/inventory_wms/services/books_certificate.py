"""The rows of a certificate: stock, accounts, open items and checks at the end of a day."""

import hashlib

from odoo import models
from odoo.tools import SQL

from .valuation_numbers import Numbers


def digest(rows):
    """SHA-256 (hexadecimal) over section, key, quantity and value of the rows, sorted by key.

    One line per row, parts divided by ``|``, UTF-8; names are not part of it: they may change.
    """
    lines = sorted("|".join((row["section"], row["key"], row["qty"], row["value"])) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    def _certificate_rows(self, company, day):
        """Rows as dicts of texts: section, key, label, qty, value."""
        numbers = Numbers.of(self.env)
        return [
            *self._stock_rows(company, day, numbers),
            *self._account_rows(company, day, numbers),
            *self._grni_rows(company, day, numbers),
            *self._check_rows(company, day, numbers),
        ]

    def _money(self, amount, numbers):
        """An amount as text with the currency's digits, never -0."""
        digits = self.env.company.currency_id.decimal_places
        return f"{numbers.amount(numbers.minor(amount)) + 0.0:.{digits}f}"

    def _stock_rows(self, company, day, numbers):
        values = self._values(company, day)
        products = self.env["product.product"].browse(sorted(values))
        return [
            {
                "section": "stock",
                "key": f"product:{product.id}",
                "label": product.display_name,
                "qty": str(numbers.qty(values[product.id][0])),
                "value": self._money(values[product.id][1], numbers),
            }
            for product in products
            if numbers.qty(values[product.id][0]) or numbers.minor(values[product.id][1])
        ]

    def _account_rows(self, company, day, numbers):
        ids = set(company.wms_lifo_reserve_account_id.ids)
        for role in ("valuation", "grni", "shipped"):
            ids |= set(self._accounts(company, role))
        ids = sorted(ids)
        balances = dict.fromkeys(ids, 0.0)
        for account, _product, balance in self._balances(company, ids, day):
            balances[account] += balance
        return [
            {
                "section": "ledger",
                "key": f"account:{account.id}",
                "label": account.display_name,
                "qty": "",
                "value": self._money(balances[account.id], numbers),
            }
            for account in self.env["account.account"].browse(ids)
        ]

    def _grni_rows(self, company, day, numbers):
        """Open amounts by vendor and product, as the ledger had them at the end of the day."""
        self.env.cr.execute(
            SQL(
                """
                SELECT coalesce(partner_id, 0), coalesce(product_id, 0), sum(balance)::float
                  FROM account_move_line
                 WHERE company_id = %s AND account_id = ANY(%s) AND parent_state = 'posted'
                   AND date <= %s
                 GROUP BY 1, 2 HAVING sum(balance) <> 0 ORDER BY 1, 2
                """,
                company.id,
                self._accounts(company, "grni"),
                day,
            )
        )
        rows = self.env.cr.fetchall()
        partners = self._by_id("res.partner", [row[0] for row in rows])
        products = self._by_id("product.product", [row[1] for row in rows])
        return [
            {
                "section": "grni",
                "key": f"partner:{partner},product:{product}",
                "label": " / ".join(
                    record.display_name
                    for record in (partners.get(partner), products.get(product))
                    if record
                ),
                "qty": "",
                "value": self._money(balance, numbers),
            }
            for partner, product, balance in rows
        ]

    def _by_id(self, model, ids):
        records = self.env[model].browse(sorted(set(ids) - {0}))
        return {record.id: record for record in records}

    def _check_rows(self, company, day, numbers):
        """What must be 0: differences of ledger and stock, and documents that make them."""
        rows = self._compare_role(company, "valuation", day, self._pool_values(company, day))
        causes = [cause["kind"] for row in rows for cause in row.causes]
        self.env.cr.execute(
            SQL(
                """
                SELECT count(*) FROM account_move
                 WHERE company_id = %s AND date <= %s AND state = 'draft' AND journal_id = %s
                """,
                company.id,
                day,
                company.wms_stock_journal_id.id,
            )
        )
        (drafts,) = self.env.cr.fetchone()
        wrong = [row for row in rows if not company.currency_id.is_zero(row.difference)]
        checks = {
            "difference": (self.env._("Accounts and products that differ"), len(wrong)),
            "pending": (self.env._("Stock events without entry"), causes.count("pending")),
            "changed": (self.env._("Entries unlike their event"), causes.count("changed")),
            "period": (self.env._("Entries in another period"), causes.count("period")),
            "manual": (self.env._("Entries by hand"), causes.count("manual")),
            "drafts": (self.env._("Drafts in the stock journal"), drafts),
        }
        return [
            {
                "section": "check",
                "key": f"check:{name}",
                "label": label,
                "qty": "",
                "value": str(count),
            }
            for name, (label, count) in checks.items()
        ]
