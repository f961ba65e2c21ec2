"""Stock against ledger: per account and product, and the documents that make them differ.

The ledger's side is the posted journal items of the accounts that hold our goods; the
books' side is the stock ledger (wms.stock.ledger) for stock accounts, and what is still
open for goods received, or shipped, and not invoiced.  A difference is explained by
entries that no stock event made, by entries that are not what their event said, and by
events whose entry is missing or lies in another period.  Nothing here posts anything.
"""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

#: role -> SQL of its open amounts per total: columns company_id, product_id, category_id, value
_OPEN = {
    "grni": """
        SELECT company_id, product_id, -unbilled_value AS value FROM wms_cost_layer
         WHERE unbilled_value <> 0
     UNION ALL SELECT company_id, product_id, open_value FROM wms_cost_adjustment
         WHERE open_value <> 0
     UNION ALL SELECT company_id, product_id, refundable_value FROM wms_cost_consumption
         WHERE refundable_value <> 0
    """,
    "shipped": """
        SELECT company_id, product_id, uninvoiced_value AS value FROM wms_cost_consumption
         WHERE uninvoiced_value <> 0
    """,
}


#: What openings took over from Odoo's costing: lines of a product, on whatever account (0), and
#: of an account those without a product (0), each up to a moment; ``day`` is the opening's.
_TAKEN_PRODUCTS = """
    SELECT DISTINCT ON (line.product_id)
           0 AS account_id, line.product_id, job.date AS day, line.write_date AS at
      FROM wms_valuation_opening_line line
      JOIN wms_valuation_opening job ON job.id = line.opening_id
     WHERE job.company_id = %(company)s AND job.direction = 'enter' AND line.state = 'done'
     ORDER BY line.product_id, job.date DESC, line.id DESC
"""
_TAKEN_OVER = f"""
    SELECT * FROM ({_TAKEN_PRODUCTS}) products
 UNION ALL
    SELECT (line->>'account_id')::int, 0, max(posting.date), max(posting.create_date)
      FROM wms_cost_posting posting, LATERAL jsonb_array_elements(posting.lines::jsonb) line
     WHERE posting.company_id = %(company)s AND posting.key LIKE 'opening:%%'
       AND coalesce(nullif(line->>'product_id', 'false')::int, 0) = 0
     GROUP BY 1
"""


@dataclass
class Comparison:
    """One account and product: amounts in company currency.

    ``core``: the ledger's part that belongs to goods costed by Odoo itself; ``causes``: documents
    as dicts (kind, amount, account_move_id, posting_id, label).
    """

    role: str
    account_id: int
    product_id: int
    ledger: float = 0.0
    core: float = 0.0
    books: float = 0.0
    qty: float = 0.0
    causes: list = field(default_factory=list)

    @property
    def difference(self):
        """What the ledger has too much, apart from goods that Odoo costs itself."""
        return self.ledger - self.core - self.books

    @property
    def unexplained(self):
        """What no document explains: someone changed rows behind our back."""
        explained = sum(cause["amount"] for cause in self.causes if cause["kind"] != "core")
        return self.difference - explained


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    @api.model
    def _compare(self, company, day):
        """Compare ledger and books of a company at the end of a day.

        Stock accounts are compared at any day; what is open (goods received or shipped, not
        invoiced) has no history, so it is compared only when the day is today or later.

        :return: list of :class:`Comparison`, by account and product
        """
        self._flush()
        found = self._compare_role(company, "valuation", day, self._pool_values(company, day))
        if day >= self._day(None):
            for role in _OPEN:
                found += self._compare_role(company, role, None, self._open_values(company, role))
        return found

    def _compare_role(self, company, role, day, books):
        account_of, accounts = self._owners(company, role), self._accounts(company, role)
        rows = {}

        def row(account, product):
            return rows.setdefault((account, product), Comparison(role, account, product))

        for value in books:
            account = account_of(value["category_id"], value.get("place_id"))
            if account:
                place = row(account, value["product_id"])
                place.books += value["value"]
                place.qty += value.get("qty") or 0.0
        for account, product, balance in self._balances(company, accounts, day):
            row(account, product).ledger += balance
        for cause in self._causes(company, role, accounts, day):
            place = row(cause["account_id"], cause["product_id"])
            if cause["kind"] == "core":
                place.core += cause["amount"]
            place.causes.append(cause)
        self._leave_to_core(company, role, rows.values())
        return [rows[key] for key in sorted(rows)]

    def _leave_to_core(self, company, role, rows):
        """Goods that Odoo costs again: their whole balance is its own, our old entries too."""
        costed = self._category_accounts(company, role)
        # sudo: as in _category_accounts.
        products = self.env["product.product"].sudo()
        for row in rows:
            product = products.browse(row.product_id or ())
            if product.is_storable and product.categ_id.id not in costed:
                row.core = row.ledger

    def _open_values(self, company, role):
        self.env.cr.execute(
            SQL(
                f"""
                SELECT open.product_id, template.categ_id AS category_id,
                       sum(open.value)::float AS value
                  FROM ({_OPEN[role]}) open
                  JOIN product_product product ON product.id = open.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE open.company_id = %(company)s
                 GROUP BY open.product_id, template.categ_id
                """,
                company=company.id,
            )
        )
        return self.env.cr.dictfetchall()

    def _balances(self, company, accounts, day):
        """(account id, product id or 0, balance) of posted journal items up to a day."""
        self.env.cr.execute(
            SQL(
                """
                SELECT account_id, coalesce(product_id, 0), sum(balance)::float
                  FROM account_move_line
                 WHERE company_id = %(company)s AND account_id = ANY(%(accounts)s)
                   AND parent_state = 'posted' AND date <= %(day)s
                 GROUP BY 1, 2
                """,
                company=company.id,
                accounts=accounts,
                day=day or "9999-12-31",
            )
        )
        return self.env.cr.fetchall()

    # ---------------------------------------------------------------------- documents
    def _causes(self, company, role, accounts, day):
        """Documents that make ledger and books differ.

        :return: dicts: kind, account_id, product_id (0: none), amount, account_move_id,
            posting_id, label
        """
        places = {"company": company.id, "accounts": accounts, "day": day or "9999-12-31"}
        foreign = self._foreign_entries(company, role, places)
        return foreign + self._changed_entries(places)

    def _foreign_entries(self, company, role, places):
        """Entries on the accounts that no stock event made.

        What an opening took over is Odoo's before that day, and part of the opening after it.
        """
        self.env.cr.execute(
            SQL(
                f"""
                WITH taken AS ({_TAKEN_OVER})
                SELECT line.account_id, coalesce(line.product_id, 0) AS product_id,
                       line.move_id AS account_move_id, NULL AS posting_id,
                       coalesce(move.name, move.ref) AS label, move.move_type,
                       move.wms_core_closing AS closing, taken.day IS NOT NULL AS taken_over,
                       template.categ_id AS category_id, template.is_storable,
                       sum(line.balance)::float AS amount
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN taken ON %(stock)s AND taken.product_id = coalesce(line.product_id, 0)
                        AND taken.account_id IN (0, line.account_id)
                        AND move.create_date <= taken.at
                 WHERE line.company_id = %(company)s AND line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted' AND line.date <= %(day)s
                   AND (taken.day IS NULL OR taken.day > %(day)s)
                   AND NOT EXISTS (SELECT 1 FROM wms_cost_posting posting
                                    WHERE posting.account_move_id = line.move_id)
                   AND NOT (%(matched)s AND EXISTS (
                       SELECT 1 FROM wms_cost_adjustment matched
                         JOIN account_move_line bill ON bill.id = matched.bill_line_id
                        WHERE bill.move_id = line.move_id))
                 GROUP BY line.account_id, line.product_id, line.move_id, move.id, taken.day,
                          template.categ_id, template.is_storable
                HAVING sum(line.balance) <> 0
                """,
                matched=role == "grni",
                stock=role == "valuation",
                **places,
            )
        )
        rows = self.env.cr.dictfetchall()
        costed = set(self._category_accounts(company, role)) if rows else ()
        return [row | {"kind": self._foreign_kind(row, costed)} for row in rows]

    def _foreign_kind(self, row, costed):
        if row["closing"] or row["taken_over"]:
            return "core"
        if row["is_storable"] and row["category_id"] not in costed:
            return "core"
        return "manual" if row["move_type"] == "entry" else "document"

    def _changed_entries(self, places):
        """Events whose entry is missing, not posted, in another period or of another amount."""
        self.env.cr.execute(
            SQL(
                """
                WITH said AS (
                    SELECT posting.id AS posting_id, posting.account_move_id, posting.date,
                           (line->>'account_id')::int AS account_id,
                           coalesce(nullif(line->>'product_id', 'false')::int, 0) AS product_id,
                           (line->>'balance')::numeric AS balance
                      FROM wms_cost_posting posting,
                           LATERAL jsonb_array_elements(posting.lines::jsonb) line
                     WHERE posting.company_id = %(company)s AND posting.state <> 'empty'
                       AND (line->>'account_id')::int = ANY(%(accounts)s)
                ), wanted AS (
                    SELECT account_move_id, account_id, product_id, min(posting_id) AS posting_id,
                           sum(balance) FILTER (WHERE date <= %(day)s) AS said,
                           sum(balance) AS whole
                      FROM said WHERE account_move_id IS NOT NULL GROUP BY 1, 2, 3
                ), booked AS (
                    SELECT line.move_id AS account_move_id, line.account_id,
                           coalesce(line.product_id, 0) AS product_id, min(line.date) AS date,
                           sum(line.balance) FILTER (
                               WHERE line.date <= %(day)s AND line.parent_state = 'posted'
                           ) AS booked,
                           sum(line.balance) FILTER (WHERE line.parent_state = 'posted') AS whole
                      FROM account_move_line line
                     WHERE line.company_id = %(company)s AND line.account_id = ANY(%(accounts)s)
                       AND EXISTS (SELECT 1 FROM wms_cost_posting posting
                                    WHERE posting.account_move_id = line.move_id)
                     GROUP BY 1, 2, 3
                )
                SELECT account_id, product_id, account_move_id, wanted.posting_id,
                       (coalesce(booked.booked, 0) - coalesce(wanted.said, 0))::float AS amount,
                       CASE WHEN coalesce(booked.whole, 0) = coalesce(wanted.whole, 0)
                            THEN 'period' ELSE 'changed' END AS kind,
                       (SELECT name FROM account_move WHERE id = account_move_id) AS label
                  FROM wanted FULL JOIN booked USING (account_move_id, account_id, product_id)
                 WHERE abs(coalesce(booked.booked, 0) - coalesce(wanted.said, 0)) > 0.0000001
             UNION ALL
                SELECT said.account_id, said.product_id, NULL, said.posting_id,
                       -sum(said.balance)::float, 'pending',
                       (SELECT coalesce(reference, key) FROM wms_cost_posting
                         WHERE id = said.posting_id)
                  FROM said WHERE said.account_move_id IS NULL AND said.date <= %(day)s
                 GROUP BY said.account_id, said.product_id, said.posting_id
                """,
                **places,
            )
        )
        return self.env.cr.dictfetchall()
