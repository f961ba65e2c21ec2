"""Lots that are on hold: waves leave them alone."""

from odoo import models
from odoo.fields import Domain


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    def _usable_domain(self):
        """Not lots on hold either."""
        free = Domain("lot_id", "=", False) | Domain("lot_id.wms_hold", "=", False)
        return Domain(super()._usable_domain()) & free
