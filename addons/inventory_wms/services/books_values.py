"""Value of the goods at any date: layers less consumptions plus corrections, as journalised."""

from odoo import api, models
from odoo.tools import SQL


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    @api.model
    def _values(self, company, day, products=None):
        """Units and value per product at the end of a day.

        :param products: product ids, all when None
        :return: product id -> (units, amount)
        """
        rows = self._pool_values(company, day, products)
        found = {}
        for row in rows:
            qty, value = found.get(row["product_id"], (0.0, 0.0))
            found[row["product_id"]] = (qty + row["qty"], value + row["value"])
        return found

    @api.model
    def _pool_values(self, company, day, products=None):
        """Units and value per pool: dicts with total_id, product_id, category_id, qty, value."""
        self._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT ledger.total_id, ledger.product_id, ledger.category_id,
                       sum(ledger.qty)::float AS qty, sum(ledger.value)::float AS value
                  FROM (%(ledger)s) ledger
                 WHERE ledger.company_id = %(company)s AND ledger.date <= %(day)s
                   AND (%(everything)s OR ledger.product_id = ANY(%(products)s))
                 GROUP BY ledger.total_id, ledger.product_id, ledger.category_id
                """,
                ledger=self.env["wms.stock.ledger"]._table_query,
                company=company.id,
                day=day,
                everything=products is None,
                products=list(products or ()),
            )
        )
        return self.env.cr.dictfetchall()
