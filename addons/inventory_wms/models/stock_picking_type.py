from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    # picking
    wms_short_policy = fields.Selection(
        [("backorder", "Ship the rest, backorder"), ("wait", "Wait for the goods")],
        "Short orders",
        required=True,
        default="backorder",
        help="What happens to an order of a wave whose goods are nowhere. Waiting orders leave the"
        " wave, keep what is picked and their slot, and ship when the rest has come.",
    )
