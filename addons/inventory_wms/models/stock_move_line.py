from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # picking
    wms_task_id = fields.Many2one(
        "wms.task", "Task", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    wms_scanned = fields.Float(
        "Scanned",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Picked so far by scans, in the product's unit. The line counts as picked once "
        "everything is scanned.",
    )

    def unlink(self):
        tasks = self.wms_task_id
        result = super().unlink()
        if tasks:
            tasks._lines_were_taken_away()
        return result

    def _wms_settle(self):
        """Make lines of tasks that were only partly scanned say what was really picked.

        Partly scanned: the quantity is cut to the scans (the rest is free again) and the line
        is picked.
        """
        for line in self:
            uom = line.product_id.uom_id
            if not line.wms_scanned or line.picked or line.state in ("done", "cancel"):
                continue
            quantity = uom._compute_quantity(line.wms_scanned, line.product_uom_id)
            values = {"quantity": quantity, "picked": True}
            back = line.product_uom_id._compute_quantity(quantity, uom)
            if abs(back - line.wms_scanned) > 1e-9:  # 7 pieces are no round number of dozens
                values.update(quantity=line.wms_scanned, product_uom_id=uom.id)
            line.write(values)

    # valuation
    def _update_stock_move_value(self, old_qty_by_ml=None):
        ours = self.filtered(lambda line: line.move_id.is_in or line.move_id.is_out).filtered(
            lambda line: line.move_id._wms_costed()
        )
        if ours:
            # sudo: whoever corrects a transfer may not read its cost.
            self.env["wms.valuation"].sudo()._refuse_changed(ours.move_id)
        return super(StockMoveLine, self - ours)._update_stock_move_value(old_qty_by_ml)
