"""The limits of a transfer's carrier, for the boxes that are proposed and closed."""

from odoo import models
from odoo.addons.inventory_wms.engine.cartons import Limits


class WmsCartons(models.AbstractModel):
    _inherit = "wms.cartons"

    def _limits(self, picking):
        carrier = picking.carrier_id
        if not carrier:
            return super()._limits(picking)
        return Limits(
            weight=1000 * carrier.channel_parcel_weight or None,
            length=carrier.channel_parcel_length or None,
            girth=carrier.channel_parcel_girth or None,
        )
