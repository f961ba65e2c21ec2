"""Picking methods of operation types: a cart with slots, or one order at a time."""

from dataclasses import replace

from odoo import models


class WmsPlanning(models.AbstractModel):
    _inherit = "wms.planning"

    def _make_waves(self, orders, limits, why):
        if orders.picking_type_id.wms_pick_method == "order":
            limits = replace(limits, slots=("",), cart_id=0)
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
        if wave.picking_type_id.wms_pick_method == "order":
            return
        used = set((wave.picking_ids - picking).mapped("wms_cart_slot"))
        if picking.wms_cart_slot and picking.wms_cart_slot not in used:
            return
        pattern = wave.wms_cart_id or wave.wms_cart_id.new({"rows": 3, "columns": 4})
        further = (str(number) for number in range(1, len(wave.picking_ids) + 2))
        names = [*pattern._slots(), *further]
        picking.wms_cart_slot = next(name for name in names if name not in used)
