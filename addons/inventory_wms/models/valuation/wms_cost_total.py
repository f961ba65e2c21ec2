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
    qty = fields.Float("On hand", digits="Product Unit", readonly=True)
    value = fields.Monetary("Stock value", readonly=True)

    carry = fields.Float(
        digits=(16, 10),
        readonly=True,
        help="Average method: exact value minus the rounded one, in minor units.",
    )
    version = fields.Integer(
        readonly=True, help="Grows with every event, so that two at once are noticed."
    )

    _product_unique = models.Constraint(
        "UNIQUE(company_id, product_id)", "A product has one stock value per company."
    )
    _empty_is_worth_nothing = models.Constraint(
        "CHECK(qty <> 0 OR value = 0)", "No units left must mean no value left."
    )
