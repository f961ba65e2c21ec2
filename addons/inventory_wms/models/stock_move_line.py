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

    # packing
    wms_pack_box_id = fields.Many2one(
        "wms.pack.box", "Packed in", readonly=True, copy=False, ondelete="set null"
    )

    def unlink(self):
        # sudo: whoever cancels an order need not have rights on the stops of its wave.
        tasks = self.sudo().wms_task_id
        scanned = self.filtered("wms_scanned")
        changes = self.env["wms.changes"]
        on_cart = changes._on_cart({line: line.wms_scanned for line in scanned}) if scanned else []
        result = super().unlink()
        if tasks:
            tasks._recount()
        if on_cart:
            changes._put_back(on_cart)
        return result

    def _wms_open_lines(self):
        """Those among these that are stops of a wave and not moved yet."""
        return self.filtered(lambda line: line.wms_task_id and line.state not in ("done", "cancel"))

    def _wms_complete(self):
        """Those that count as picked because everything on them is scanned."""
        return self.filtered(
            lambda line: line.picked and line.wms_scanned == line.quantity_product_uom
        )

    def _wms_follow(self, complete):
        """The stops of these lines say what the lines say; what is too much goes back.

        :param complete: those that were scanned completely before their quantity changed
        """
        changes = self.env["wms.changes"]
        surplus = {}
        for line in self:
            uom = line.product_id.uom_id
            more = uom.round(line.wms_scanned - line.quantity_product_uom)
            if uom.compare(more, 0) > 0:
                surplus[line] = more
        on_cart = changes._on_cart(surplus)
        for line, more in surplus.items():
            line.wms_scanned -= more
        for line in self.filtered("wms_scanned"):
            whole = line.product_id.uom_id.compare(line.wms_scanned, line.quantity_product_uom) >= 0
            if line.picked != whole and (whole or line in complete):
                line.picked = whole
        # sudo: as in unlink.
        tasks = self.sudo().wms_task_id
        closed = tasks - tasks._opened()
        tasks._recount()
        for wave in closed._opened().batch_id:
            changes._walk_on(wave)
        changes._put_back(on_cart)

    def _wms_set(self, quantity):
        """Write a quantity given in the product's unit.

        :return: None; a unit that can't express it is replaced (7 pieces are no dozens)
        """
        self.ensure_one()
        uom = self.product_id.uom_id
        value = uom._compute_quantity(quantity, self.product_uom_id)
        values = {"quantity": value}
        if abs(self.product_uom_id._compute_quantity(value, uom) - quantity) > 1e-9:
            values = {"quantity": quantity, "product_uom_id": uom.id}
        self.write(values)

    def _wms_not_picked(self):
        """What is reserved only now is not picked, although core believes so of every new line
        of a move that has a picked one."""
        self.filtered(lambda line: line.picked and not line.wms_scanned).picked = False

    def _wms_settle(self):
        """Make lines of tasks that were only partly scanned say what was really picked.

        Partly scanned: the quantity is cut to the scans (the rest is free again) and the line
        is picked.
        """
        for line in self:
            uom = line.product_id.uom_id
            if not line.wms_scanned or line.picked or line.state in ("done", "cancel"):
                continue
            if uom.compare(line.quantity_product_uom, line.wms_scanned):
                line._wms_set(line.wms_scanned)
            line.picked = True

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
        follow = self._wms_open_lines() if "quantity" in vals else self.browse()
        complete = follow._wms_complete() if "picked" not in vals else self.browse()
        done = self.env["stock.move"]
        if not _BOOKED.isdisjoint(vals):
            done = self.move_id.filtered(lambda move: move.state == "done")._wms_costed()
        # sudo: as above.
        books = self.env["wms.valuation"].sudo()
        before = books._ways_of(done.sudo()) if done else {}
        result = super().write(vals)
        if done:
            books._value_changes(before)
        if follow:
            follow.exists()._wms_open_lines()._wms_follow(complete)
        return result

    def _update_stock_move_value(self, old_qty_by_ml=None):
        ours = self.filtered(
            lambda line: (line.move_id.is_in or line.move_id.is_out) and line.move_id._wms_costed()
        )
        return super(StockMoveLine, self - ours)._update_stock_move_value(old_qty_by_ml)
