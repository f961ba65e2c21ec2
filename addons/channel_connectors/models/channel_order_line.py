from odoo import fields, models


class ChannelOrderLine(models.Model):
    """One row of a channel order; channel, order, article and line number identify it."""

    _name = "channel.order.line"
    _description = "Channel order line"
    _order = "order_id, row_number, id"
    _rec_name = "sku"

    order_id = fields.Many2one(
        "channel.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "channel.account", "Channel", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    order_ref = fields.Char("Reference", required=True, readonly=True)
    sku = fields.Char("SKU", required=True, readonly=True)
    line_no = fields.Integer(
        "Line number",
        required=True,
        readonly=True,
        help="1 for the first row of this article in the order, 2 for the second.",
    )
    row_number = fields.Integer("Row", readonly=True, help="Row of the file; the header is 1.")
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    unit_price = fields.Float(required=True, readonly=True, min_display_digits="Product Price")
    digest = fields.Char(required=True, readonly=True)

    _identity_uniq = models.Constraint(
        "UNIQUE (account_id, order_ref, sku, line_no)", "This row was imported before."
    )
