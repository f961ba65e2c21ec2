from odoo import fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    wms_kit = fields.Json(
        "Parts of the kit",
        copy=False,
        readonly=True,
        help="Units of each component in one kit and its share of the price, as they were at the "
        "first receipt or bill: what is billed later must mean the same goods.",
    )
