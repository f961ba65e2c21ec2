from odoo import fields, models


class WmsCostTotal(models.Model):
    _name = "wms.cost.total"
    _description = "Stock value of a product"
    _order = "company_id, product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Set for goods that are valued by lot or serial number.",
    )
    place_id = fields.Many2one(
        "stock.location",
        "Kept at",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Set for goods at a location with a stock account of its own.",
    )
    category_id = fields.Many2one(related="product_id.categ_id", string="Category", store=True)
    qty = fields.Float("On hand", digits="Product Unit", readonly=True)
    value = fields.Monetary("Stock value", readonly=True)

    unit_cost = fields.Monetary("Unit cost", compute="_compute_unit_cost")
    carry = fields.Float(
        digits=(16, 10),
        readonly=True,
        help="Average method: exact value minus the rounded one, in minor units.",
    )
    opened_at = fields.Datetime(
        "Opened",
        readonly=True,
        help="Set by an opening: earlier moves have no layers of theirs.",
    )
    version = fields.Integer(
        readonly=True, help="Grows with every event, so that two at once are noticed."
    )

    _pool_unique = models.UniqueIndex(
        "(company_id, product_id, COALESCE(lot_id, 0), COALESCE(place_id, 0))",
        "A product has one stock value per company, lot and place.",
    )
    _empty_is_worth_nothing = models.Constraint(
        "CHECK(qty <> 0 OR value = 0)", "No units left must mean no value left."
    )

    def _compute_unit_cost(self):
        for total in self:
            total.unit_cost = total.value / total.qty if total.qty else 0

    def action_open_layers(self):
        """Open the receipts that the product on hand came from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_cost_layer_action"
        )
        action["domain"] = [("total_id", "=", self.id)]
        action["name"] = self.env._("Cost layers of %s", self.product_id.display_name)
        return action
