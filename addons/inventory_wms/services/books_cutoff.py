"""Cut-off and turnover: what lies on both sides of a period's end, and how fast goods turn."""

from odoo import api, models
from odoo.tools import SQL

_BILLED = """
    SELECT {order_line} AS line_id, min(bill.date) FILTER (WHERE bill.date > %(day)s) AS later,
           sum({sign} * row.quantity * unit.factor / product_unit.factor)
               FILTER (WHERE bill.date <= %(day)s) AS qty,
           sum({side} * row.balance) FILTER (WHERE bill.date <= %(day)s) AS value
      FROM account_move_line row
      JOIN account_move bill ON bill.id = row.move_id
      {link}
      JOIN uom_uom unit ON unit.id = row.product_uom_id
      JOIN product_product product ON product.id = row.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN uom_uom product_unit ON product_unit.id = template.uom_id
     WHERE bill.company_id = %(company)s AND bill.state = 'posted' AND row.display_type = 'product'
     GROUP BY 1
"""

#: Goods that never are in our stock have a layer (`direct`) that is issued at once: the vendor's
#: side sees the one, the customer's side the other.
_BOUGHT = """
    (ledger.kind IN ('receipt', 'direct', 'missing', 'cancel', 'settled', 'undo')
     OR (ledger.kind = 'issue' AND layer.kind <> 'direct'))
"""
_SOLD = "ledger.kind IN ('return', 'issue', 'missing', 'cancel', 'settled', 'undo')"

_MOVED = """
    SELECT move.{order_line} AS line_id, min(ledger.date) FILTER (WHERE ledger.date > %(day)s)
               AS later,
           sum({sign} * ledger.qty) FILTER (WHERE ledger.date <= %(day)s) AS qty,
           sum({sign} * ledger.value) FILTER (WHERE ledger.date <= %(day)s) AS value
      FROM ({ledger}) ledger JOIN stock_move move ON move.id = ledger.move_id
      LEFT JOIN wms_cost_layer layer ON layer.id = ledger.layer_id
     WHERE ledger.company_id = %(company)s AND move.{order_line} IS NOT NULL AND {kinds}
     GROUP BY 1
"""


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    @api.model
    def _cutoff_purchases(self, company, day):
        """Order lines that were not billed as received at the end of a day.

        :return: dicts: line_id, received, received_value, billed, billed_value, moved_later,
            billed_later (first day after the period)
        """
        return self._cutoff(
            company,
            day,
            _MOVED.format(
                order_line="purchase_line_id",
                sign="1",
                ledger="SELECT * FROM moved_ledger",
                kinds=_BOUGHT,
            ),
            _BILLED.format(
                order_line="row.purchase_line_id",
                sign="CASE WHEN bill.move_type = 'in_refund' THEN -1 ELSE 1 END",
                side="1",
                link="JOIN purchase_order_line ordered ON ordered.id = row.purchase_line_id",
            ),
        )

    @api.model
    def _cutoff_sales(self, company, day):
        """Order lines that were not invoiced as delivered at the end of a day."""
        return self._cutoff(
            company,
            day,
            _MOVED.format(
                order_line="sale_line_id",
                sign="-1",
                ledger="SELECT * FROM moved_ledger",
                kinds=_SOLD,
            ),
            _BILLED.format(
                order_line="link.order_line_id",
                sign="CASE WHEN bill.move_type = 'out_refund' THEN -1 ELSE 1 END",
                side="-1",
                link="JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = row.id",
            ),
        )

    def _cutoff(self, company, day, moved, billed):
        self._flush()
        self.env["sale.order.line"].flush_model()
        self.env["purchase.order.line"].flush_model()
        ledger = self.env["wms.stock.ledger"]._table_query.code
        self.env.cr.execute(
            SQL(
                f"""
                WITH moved_ledger AS ({ledger}), moved AS ({moved}), billed AS ({billed})
                SELECT line_id, coalesce(moved.qty, 0)::float AS moved,
                       coalesce(moved.value, 0)::float AS moved_value,
                       coalesce(billed.qty, 0)::float AS billed,
                       coalesce(billed.value, 0)::float AS billed_value,
                       moved.later AS moved_later, billed.later AS billed_later
                  FROM moved FULL JOIN billed USING (line_id)
                 WHERE abs(coalesce(moved.qty, 0) - coalesce(billed.qty, 0)) > 0.00001
                 ORDER BY line_id
                """,
                company=company.id,
                day=day,
            )
        )
        return self.env.cr.dictfetchall()
