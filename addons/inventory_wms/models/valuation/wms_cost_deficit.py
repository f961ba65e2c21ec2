from odoo import fields, models


class WmsCostDeficit(models.Model):
    _name = "wms.cost.deficit"
    _description = "Goods that left before they were received"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    total_id = fields.Many2one("wms.cost.total", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    place_id = fields.Many2one("stock.location", "Kept at", readonly=True, ondelete="restrict")
    move_id = fields.Many2one(
        "stock.move", "Stock move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary("Provisional cost", readonly=True)
    open_qty = fields.Float("Still missing", digits="Product Unit", readonly=True)
    open_value = fields.Monetary("Still provisional", readonly=True)
    returned_qty = fields.Float("Returned", digits="Product Unit", readonly=True)
    returned_value = fields.Monetary("Returned value", readonly=True)
    account_id = fields.Many2one("account.account", "Charged to", readonly=True)
    corrects = fields.Boolean(
        "Corrects its own move",
        readonly=True,
        help="The move brought less than it was done with: these units went out again.",
    )
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, index="btree_not_null")

    _open_within = models.Constraint(
        "CHECK(open_qty >= 0 AND open_qty <= qty AND (open_qty > 0 OR open_value = 0))",
        "A deficit can't be settled beyond what was missing.",
    )
    _pool = models.Index("(total_id, id)")
    _open = models.Index("(total_id, id) WHERE open_qty > 0")
