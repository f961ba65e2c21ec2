from odoo import fields, models


class WmsOrderMatch(models.AbstractModel):
    _inherit = "wms.order.match"

    # shipping: where there are carriers, an order is also told by its carrier
    carrier_ids = fields.Many2many("delivery.carrier", string="Carriers", help="Empty: all.")

    def _matches(self, picking):
        fits = super()._matches(picking)
        return fits and (not self.carrier_ids or picking.carrier_id in self.carrier_ids)
