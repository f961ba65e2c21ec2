from odoo import fields, models


class WmsCostAdjustment(models.Model):
    _name = "wms.cost.adjustment"
    _description = "Later correction of a cost layer"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    layer_id = fields.Many2one(
        "wms.cost.layer", "Receipt", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("bill", "Billed"),
            ("prebill", "Billed before the receipt"),
            ("unbill", "Bill withdrawn"),
            ("refund", "Refunded"),
            ("invoice", "Invoiced"),
            ("cancel", "Missing goods came back"),
            ("writeoff", "Written off"),
            ("moved", "Correction of moved goods"),
            ("exchange", "Exchanged by the vendor"),
            ("landed", "Landed cost"),
            ("revaluation", "Revalued"),
            ("write_down", "Written down"),
            ("write_up", "Write-down reversed"),
            ("recost", "Recost"),
            ("opening", "Opening"),
            ("closing", "Closed"),
            ("kit", "Share of a kit's bill"),
            ("undo", "Put back: less had left"),
            ("lessen", "Billed, but less was received"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    bill_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    bill_id = fields.Many2one(related="bill_line_id.move_id", string="Bill")
    consumption_id = fields.Many2one("wms.cost.consumption", readonly=True, ondelete="restrict")
    deficit_id = fields.Many2one(
        "wms.cost.deficit", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "wms.cost.adjustment", "Refunds", readonly=True, index="btree_not_null"
    )
    landed_line_id = fields.Many2one(
        "stock.valuation.adjustment.lines",
        "Landed cost line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    landed_cost_id = fields.Many2one(related="landed_line_id.cost_id")
    revaluation_id = fields.Many2one(
        "wms.cost.revaluation", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    received_value = fields.Monetary("Received at", readonly=True)
    billed_value = fields.Monetary("Billed at", readonly=True)
    on_hand = fields.Monetary("To stock on hand", readonly=True)
    consumed = fields.Monetary(
        "To goods that left", readonly=True, help="Share of goods that had left already."
    )
    exchange = fields.Monetary(
        "To exchange differences", readonly=True, help="The bill's currency rose since the receipt."
    )
    open_qty = fields.Float("Waiting for receipt", digits="Product Unit", readonly=True)
    open_value = fields.Monetary("Waiting value", readonly=True)
    reversed = fields.Boolean(readonly=True)
    recost_id = fields.Many2one("wms.valuation.recost", readonly=True, ondelete="restrict")
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, index="btree_not_null")
    account_move_id = fields.Many2one(related="posting_id.account_move_id")

    _waiting = models.Index("(purchase_line_id, id) WHERE open_qty <> 0")
