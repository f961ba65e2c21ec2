from odoo import fields, models


class WmsCostConsumption(models.Model):
    _name = "wms.cost.consumption"
    _description = "Cost of goods that left"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    layer_id = fields.Many2one(
        "wms.cost.layer", "Receipt", required=True, readonly=True, index=True, ondelete="restrict"
    )
    receipt_picking_id = fields.Many2one(related="layer_id.picking_id", string="Received by")
    receipt_date = fields.Datetime(related="layer_id.date", string="Received on")
    move_id = fields.Many2one(
        "stock.move", "Stock move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    deficit_id = fields.Many2one(
        "wms.cost.deficit",
        "Settles",
        readonly=True,
        index="btree_not_null",
        help="Set when the goods left before they were received.",
    )
    date = fields.Datetime(required=True, readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary("Cost", readonly=True, help="What the move was charged.")
    layer_value = fields.Monetary(
        "Cost of the receipt",
        readonly=True,
        help="What left the layer; differs from the cost under the average method.",
    )
    provisional = fields.Monetary(
        "Charged before",
        readonly=True,
        help="Units that left before they were received: what they were charged until now.",
    )
    account_id = fields.Many2one("account.account", "Charged to", readonly=True)
    corrects = fields.Boolean(
        "Corrects its own move",
        readonly=True,
        help="The move brought less than it was done with: these units went out again.",
    )
    unit_cost = fields.Monetary("Unit cost", compute="_compute_unit_cost")
    returned_qty = fields.Float("Returned", digits="Product Unit", readonly=True)
    returned_value = fields.Monetary("Returned value", readonly=True)
    refundable_qty = fields.Float(
        "Not refunded",
        digits="Product Unit",
        readonly=True,
        help="Billed goods that went back to their vendor and are not refunded yet.",
    )
    refundable_value = fields.Monetary("Not refunded value", readonly=True)
    uninvoiced_qty = fields.Float("Not invoiced", digits="Product Unit", readonly=True)
    uninvoiced_value = fields.Monetary("Not invoiced value", readonly=True)
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, index="btree_not_null")
    account_move_id = fields.Many2one(related="posting_id.account_move_id")

    recost_id = fields.Many2one(
        "wms.valuation.recost",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Set by a recost; quantity 0 when the goods now come from another receipt.",
    )

    _positive = models.Constraint(
        "CHECK(qty > 0 OR (qty = 0 AND value = 0 AND recost_id IS NOT NULL))",
        "A consumption takes something.",
    )
    _returned_within = models.Constraint(
        "CHECK(returned_qty >= 0 AND returned_qty <= qty)", "More came back than had left."
    )

    def _compute_unit_cost(self):
        for row in self:
            row.unit_cost = row.value / row.qty if row.qty else 0

    def action_open_layer(self):
        """Open the receipt that this cost came from, with everything else it went to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "wms.cost.layer",
            "res_id": self.layer_id.id,
            "view_mode": "form",
        }
