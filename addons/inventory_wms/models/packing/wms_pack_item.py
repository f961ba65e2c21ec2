from odoo import fields, models


class WmsPackItem(models.Model):
    """One scan at the packing station: so much of a product (and lot) went into a box."""

    _name = "wms.pack.item"
    _description = "Packed goods"
    _order = "id"

    box_id = fields.Many2one(
        "wms.pack.box", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    command_id = fields.Many2one("wms.command", readonly=True)
