from odoo import fields, models
from odoo.tools import SQL

from ...services.books_values import AGES

KINDS = [
    ("received", "Received, not billed"),
    ("billed", "Billed, not received"),
    ("returned", "Sent back, not refunded"),
    ("refunded", "Refunded, not sent back"),
]


def _age_sql():
    """SQL: the bucket of an item's age in days."""
    cases = " ".join(
        f"WHEN current_date - item.date <= {days} THEN '{name}'" for days, name in AGES
    )
    return f"CASE {cases} ELSE 'e366' END"


class WmsGrniItem(models.Model):
    """What is open on goods received, not invoiced: one row per receipt, bill line or return."""

    _name = "wms.grni.item"
    _description = "Open item of goods received, not invoiced"
    _auto = False
    _order = "date, id"
    _depends = {
        "wms.cost.layer": ["unbilled_qty", "unbilled_value", "purchase_line_id"],
        "wms.cost.adjustment": ["open_qty", "open_value", "bill_line_id"],
        "wms.cost.consumption": ["refundable_qty", "refundable_value"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date("Since", readonly=True)
    days = fields.Integer("Age (days)", readonly=True, aggregator="avg")
    age = fields.Selection(
        [
            ("a30", "0-30 days"),
            ("b90", "31-90 days"),
            ("c180", "91-180 days"),
            ("d365", "181-365 days"),
            ("e366", "More than a year"),
        ],
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    order_id = fields.Many2one(
        "purchase.order", readonly=True, help="Empty: received or billed without an order."
    )
    purchase_line_id = fields.Many2one("purchase.order.line", "Order line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    bill_id = fields.Many2one("account.move", readonly=True)
    layer_id = fields.Many2one("wms.cost.layer", readonly=True)
    adjustment_id = fields.Many2one("wms.cost.adjustment", readonly=True)
    consumption_id = fields.Many2one("wms.cost.consumption", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, help="What we owe; negative: what we are owed.")

    @property
    def _table_query(self):
        return SQL(
            f"""
            SELECT item.*, current_date - item.date AS days, {_age_sql()} AS age,
                   line.order_id, coalesce(purchase.partner_id, item.other_partner) AS partner_id
              FROM (
                SELECT layer.id * 4 AS id, 'received' AS kind, layer.company_id,
                       coalesce(posting.date, layer.date::date) AS date, layer.product_id,
                       layer.purchase_line_id, layer.picking_id, NULL::int AS bill_id,
                       layer.id AS layer_id, NULL::int AS adjustment_id,
                       NULL::int AS consumption_id, picking.partner_id AS other_partner,
                       layer.unbilled_qty AS qty, layer.unbilled_value AS value
                  FROM wms_cost_layer layer
                  LEFT JOIN stock_picking picking ON picking.id = layer.picking_id
                  LEFT JOIN wms_cost_posting posting ON posting.id = layer.posting_id
                 WHERE layer.unbilled_qty > 0
             UNION ALL
                SELECT row.id * 4 + 1, CASE WHEN row.open_qty > 0 THEN 'billed' ELSE 'refunded' END,
                       row.company_id, coalesce(bill.date, row.date::date), row.product_id,
                       row.purchase_line_id, NULL, bill.move_id, NULL, row.id, NULL,
                       coalesce(bill.partner_id, picking.partner_id),
                       row.open_qty, -row.open_value
                  FROM wms_cost_adjustment row
                  LEFT JOIN account_move_line bill ON bill.id = row.bill_line_id
                  LEFT JOIN wms_cost_layer layer ON layer.id = row.layer_id
                  LEFT JOIN stock_picking picking ON picking.id = layer.picking_id
                 WHERE row.open_qty <> 0
             UNION ALL
                SELECT row.id * 4 + 2, 'returned', row.company_id,
                       coalesce(posting.date, row.date::date), row.product_id,
                       move.purchase_line_id, row.picking_id, NULL, NULL, NULL, row.id,
                       picking.partner_id, row.refundable_qty, -row.refundable_value
                  FROM wms_cost_consumption row
                  JOIN stock_move move ON move.id = row.move_id
                  LEFT JOIN stock_picking picking ON picking.id = row.picking_id
                  LEFT JOIN wms_cost_posting posting ON posting.id = row.posting_id
                 WHERE row.refundable_qty > 0
              ) item
              LEFT JOIN purchase_order_line line ON line.id = item.purchase_line_id
              LEFT JOIN purchase_order purchase ON purchase.id = line.order_id
            """
        )

    def action_open_source(self):
        """Open the receipt, return or bill behind the item."""
        self.ensure_one()
        record = self.bill_id or self.picking_id or self.order_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def action_write_off(self):
        """Ask for these items to be written off; a second person approves."""
        request = self.env["wms.grni.writeoff"]._request(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "view_mode": "form",
        }
