from odoo import fields, models


class WmsCostLayer(models.Model):
    _name = "wms.cost.layer"
    _description = "Cost layer"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    total_id = fields.Many2one("wms.cost.total", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    place_id = fields.Many2one("stock.location", "Kept at", readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("return", "Customer return"),
            ("count", "Count gain"),
            ("transfer", "Moved here"),
            ("import", "Opening stock"),
            ("opening", "Opening"),
            ("before", "Left before the opening"),
            ("production", "Produced"),
            ("direct", "Never in stock"),
            ("average", "Difference to the average"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True)
    move_id = fields.Many2one(
        "stock.move", "Stock move", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    origin_layer_id = fields.Many2one(
        "wms.cost.layer", "Came back from", readonly=True, index="btree_not_null"
    )
    root_layer_id = fields.Many2one(
        "wms.cost.layer",
        "First received as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Goods that were moved or came back: the receipt they were bought with.",
    )
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, help="Cost when it was received.")
    purchase_value = fields.Monetary(
        "Owed to the vendor",
        readonly=True,
        help="For the goods not sent back before their bill; differs from the cost by the "
        "variance where goods are kept at standard cost.",
    )
    remaining_qty = fields.Float("Remaining", digits="Product Unit", readonly=True)
    remaining_value = fields.Monetary("Remaining value", readonly=True)
    unbilled_qty = fields.Float("Not billed", digits="Product Unit", readonly=True)
    unbilled_value = fields.Monetary("Not billed value", readonly=True)
    cleared_qty = fields.Float("Sent back before the bill", digits="Product Unit", readonly=True)
    written_off_qty = fields.Float(
        "Written off before the bill", digits="Product Unit", readonly=True
    )
    unit_cost = fields.Monetary("Unit cost", compute="_compute_unit_cost")
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, index="btree_not_null")
    account_move_id = fields.Many2one(related="posting_id.account_move_id")
    consumption_ids = fields.One2many("wms.cost.consumption", "layer_id", "Where it went")
    adjustment_ids = fields.One2many("wms.cost.adjustment", "layer_id", "Corrections")

    _remaining_within = models.Constraint(
        "CHECK(kind = 'average' OR (remaining_qty >= 0 AND remaining_qty <= qty "
        "AND (remaining_qty > 0 OR remaining_value = 0)))",
        "A cost layer can't hold less than nothing or more than it received.",
    )
    _unbilled_within = models.Constraint(
        "CHECK(unbilled_qty >= 0 AND (unbilled_qty > 0 OR unbilled_value = 0))",
        "A receipt can't be billed beyond what it brought.",
    )
    _pool = models.Index("(total_id, id)")
    _open = models.Index("(total_id, id) WHERE remaining_qty > 0")
    _unbilled = models.Index("(purchase_line_id, id) WHERE unbilled_qty > 0")
    _average = models.UniqueIndex("(total_id) WHERE kind = 'average'")

    def _compute_unit_cost(self):
        for layer in self:
            layer.unit_cost = layer.value / layer.qty if layer.qty else 0

    def _compute_display_name(self):
        for layer in self:
            source = layer.picking_id.name or layer.move_id.reference
            layer.display_name = source or dict(self._fields["kind"].selection)[layer.kind]
