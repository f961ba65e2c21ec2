"""Lots on hold are no stock that waves may take."""

from odoo import models
from odoo.fields import Domain


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    def _usable_domain(self):
        free = Domain("lot_id", "=", False) | Domain("lot_id.wms_held", "=", False)
        return super()._usable_domain() & free
