from odoo import fields, models
from odoo.tools import SQL


class WmsCogsReport(models.Model):
    """Cost of goods sold, delivery by delivery, beside the price of the order; a view.

    Deliveries to customers, less what came back or had not left after all; goods that left before
    they were received count at their provisional cost, and the difference on the day that it became
    known.
    """

    _name = "wms.cogs.report"
    _description = "Cost of goods sold"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "wms.stock.ledger": ["value", "qty", "move_id", "date", "kind"],
        "sale.order.line": ["price_subtotal", "product_uom_qty", "order_id"],
        "sale.order": ["team_id", "partner_id", "currency_rate"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    team_id = fields.Many2one("crm.team", "Channel", readonly=True, help="Sales team of the order.")
    order_id = fields.Many2one("sale.order", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    posting_id = fields.Many2one("wms.cost.posting", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    cost = fields.Monetary("Cost of goods sold", readonly=True)
    revenue = fields.Monetary(
        "Order price", readonly=True, help="Price of the order without taxes, company currency."
    )
    margin = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT sold.*, sold.revenue - sold.cost AS margin FROM (
                SELECT ledger.id, ledger.company_id, ledger.date, ledger.product_id,
                       ledger.category_id, ledger.picking_id, ledger.posting_id,
                       sale.id AS order_id, sale.team_id, -ledger.qty AS qty, -ledger.value AS cost,
                       coalesce(sale.partner_id, picking.partner_id) AS partner_id,
                       CASE WHEN line.product_uom_qty <> 0 AND coalesce(sale.currency_rate, 0) <> 0
                            THEN -ledger.qty * line.price_subtotal
                                 / (line.product_uom_qty * coalesce(unit.factor, 1)
                                    / coalesce(product_unit.factor, 1)) / sale.currency_rate
                            ELSE 0 END AS revenue
                  FROM (%(ledger)s) ledger
                  JOIN stock_move move ON move.id = ledger.move_id
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                  LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
                  LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
                  LEFT JOIN product_product product ON product.id = ledger.product_id
                  LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                  LEFT JOIN sale_order sale ON sale.id = line.order_id
                 WHERE 'customer' IN (source.usage, target.usage)
                   AND (ledger.kind IN ('issue', 'missing', 'settled', 'cancel', 'undo')
                        OR (source.usage = 'customer' AND ledger.kind = 'return'))) sold
            """,
            ledger=self.env["wms.stock.ledger"]._table_query,
        )

    def action_open_trace(self):
        """Open the receipts that the sold units came from."""
        self.ensure_one()
        return self.picking_id.action_wms_costs()
