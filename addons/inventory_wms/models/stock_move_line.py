from odoo import api, fields, models

# what a line means for the books
_BOOKED = frozenset(
    (
        "quantity",
        "product_uom_id",
        "location_id",
        "location_dest_id",
        "owner_id",
        "lot_id",
        "quant_id",
        "move_id",
    )
)


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

    # valuation: what changes on a done line of goods that are costed at movement
    @api.model_create_multi
    def create(self, vals_list):
        named = self.env["stock.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        done = named.filtered(lambda move: move.state == "done")._wms_costed()
        # sudo: whoever corrects a transfer may neither read costs nor write entries.
        books = self.env["wms.valuation"].sudo()
        before = books._ways_of(done.sudo()) if done else {}
        lines = super().create(vals_list)
        if before:
            books._value_changes(before)
        added = (lines.move_id - named).filtered(lambda move: move.state == "done")
        added._wms_cost_added()
        return lines

    def write(self, vals):
        done = self.env["stock.move"]
        if not _BOOKED.isdisjoint(vals):
            done = self.move_id.filtered(lambda move: move.state == "done")._wms_costed()
        if not done:
            return super().write(vals)
        # sudo: as above.
        books = self.env["wms.valuation"].sudo()
        before = books._ways_of(done.sudo())
        result = super().write(vals)
        books._value_changes(before)
        return result

    def _update_stock_move_value(self, old_qty_by_ml=None):
        ours = self.filtered(
            lambda line: (line.move_id.is_in or line.move_id.is_out) and line.move_id._wms_costed()
        )
        return super(StockMoveLine, self - ours)._update_stock_move_value(old_qty_by_ml)
