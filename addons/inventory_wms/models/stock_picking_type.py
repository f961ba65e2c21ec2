from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    # picking
    wms_pick_method = fields.Selection(
        [("cluster", "Cart with slots"), ("order", "One order at a time")],
        "Picking method",
        required=True,
        default="cluster",
        help="Cart with slots: several orders in one walk, each in its own slot. One order at a"
        " time: a wave for each order, without slots.",
    )
    wms_confirm_slot = fields.Boolean(
        "Confirm the slot",
        help="Pickers scan or tap the slot that goods are put into; a wrong one is refused.",
    )
    wms_short_policy = fields.Selection(
        [("backorder", "Ship the rest, backorder"), ("wait", "Wait for the goods")],
        "Short orders",
        required=True,
        default="backorder",
        help="What happens to an order of a wave whose goods are nowhere. Waiting orders leave the"
        " wave, keep what is picked and their slot, and ship when the rest has come.",
    )
