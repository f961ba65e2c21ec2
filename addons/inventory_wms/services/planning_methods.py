"""Picking methods: one order, a cart with slots, zone after zone, or all at once and a put-wall.

The operation type says which; a wave keeps the method it was released with.
"""

from odoo import models


class WmsPlanning(models.AbstractModel):
    _inherit = "wms.planning"

    def _make_waves(self, orders, limits, why):
        waves, plain = super()._make_waves(orders, limits, why)
        # Orders that waited for goods bring along what is picked already.
        lines = waves.wms_task_ids.move_line_ids.filtered("wms_scanned")
        for line in lines:
            uom = line.product_id.uom_id
            line.picked = uom.compare(line.wms_scanned, line.quantity_product_uom) >= 0
        lines.wms_task_id._recount()
        return waves, plain

    def _give_slot(self, wave, picking):
        """A slot for an order that joins a running wave: the first one that nobody has."""
        used = set((wave.picking_ids - picking).mapped("wms_cart_slot"))
        if picking.wms_cart_slot and picking.wms_cart_slot not in used:
            return
        pattern = wave.wms_cart_id or wave.wms_cart_id.new({"rows": 3, "columns": 4})
        further = (str(number) for number in range(1, len(wave.picking_ids) + 2))
        names = [*pattern._slots(), *further]
        picking.wms_cart_slot = next(name for name in names if name not in used)
