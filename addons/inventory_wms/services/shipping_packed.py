"""Shipping of packed orders: who may do it was asked when the order was opened."""

from odoo import models


class WmsShipping(models.AbstractModel):
    _inherit = "wms.shipping"

    def _check_worker(self, pickings, asked, command):
        """A packed order was checked when it was opened, whoever holds its wave now."""
        if command.op == "pack.finish":
            return
        super()._check_worker(pickings, asked, command)
