from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

BOOKS = "inventory_wms.group_accountant"


class StockMove(models.Model):
    _inherit = "stock.move"

    # commands: who moved it, why, on which device
    wms_command_id = fields.Many2one(
        "wms.command",
        "Command",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    wms_device_id = fields.Many2one("wms.device", "Device", readonly=True, copy=False)
    wms_user_id = fields.Many2one("res.users", "Moved by", readonly=True, copy=False)
    wms_reason_id = fields.Many2one("wms.reason", "Reason", readonly=True, copy=False)

    # picking
    wms_lot_id = fields.Many2one(
        "stock.lot",
        "Lot asked for",
        copy=True,
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        help="The customer wants goods of this lot: no other stock is reserved.",
    )

    # valuation
    wms_import_line_id = fields.Many2one(
        "wms.valuation.import.line",
        "Opening stock",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=BOOKS,
    )
    wms_layer_ids = fields.One2many("wms.cost.layer", "move_id", "Cost layers", groups=BOOKS)
    wms_consumption_ids = fields.One2many(
        "wms.cost.consumption", "move_id", "Cost from receipts", groups=BOOKS
    )

    def _action_done(self, cancel_backorder=False):
        done_by = self
        if not self.env.su and self.env.user._wms_hides_costs():
            # sudo: core values the goods in the name of whoever moves them; a lead may move them
            # without reading the cost. The user stays the same in every record.
            done_by = self.sudo()
        # sudo: nobody on the floor reads how goods are costed; it must not be switched meanwhile.
        self.env["wms.valuation"].sudo()._hold_costing(self.product_id)
        # What a validation splits off waits for another wave; this one is leaving.
        done_by = done_by.with_context(wms_leaving=True)
        moves = super(StockMove, done_by)._action_done(cancel_backorder=cancel_backorder)
        moves = moves.with_env(self.env)
        moves._wms_sign()
        moves._wms_cost()
        return moves

    # picking: the lot that is asked for, also where core reserves
    def _update_reserved_quantity(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        asked = self
        if self.wms_lot_id and not lot_id:
            lot_id = self.wms_lot_id
            asked = self.with_context(wms_lot_asked=True)
        return super(StockMove, asked)._update_reserved_quantity(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _prepare_procurement_values(self):
        return {**super()._prepare_procurement_values(), "wms_lot_id": self.wms_lot_id.id}

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "wms_lot_id"]

    def _update_orderpoints(self):
        """Core's own question with one condition for each pair of warehouses instead of one for
        every move; for a wave of 3,000 moves core spends a tenth of a reservation on it."""
        products = defaultdict(set)
        for move in self:
            ends = move.location_id.warehouse_id | move.location_dest_id.warehouse_id
            products[ends].add(move.product_id.id)
        if not products:
            return
        # sudo: as in core; whoever moves goods need not see the reordering rules.
        orderpoints = self.env["stock.warehouse.orderpoint"].sudo()
        found = orderpoints.search(
            Domain.OR(
                Domain("product_id", "in", list(ids))
                & (Domain("warehouse_id", "in", ends.ids) if ends else Domain.TRUE)
                for ends, ids in products.items()
            ),
            order="id",
        )
        found.invalidate_recordset(["qty_to_order", "qty_forecast"])
        self.env.add_to_compute(orderpoints._fields["qty_to_order_computed"], found)

    # picking: stops of a running wave follow their orders
    def write(self, vals):
        changed = self.browse()
        if "product_uom_qty" in vals and not self.env.context.get("wms_leaving"):
            changed = self._wms_in_wave().filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            changes = self.env["wms.changes"]
            for move in changed:
                unit = self.env["uom.uom"].browse(vals.get("product_uom")) or move.product_uom
                asked = unit._compute_quantity(vals["product_uom_qty"], move.product_id.uom_id)
                # Core would give the whole reservation back, and the scans with it.
                changes._cut_to(move, asked)
        result = super().write(vals)
        if changed:
            changed.exists()._wms_extend_wave()
        return result

    def _wms_in_wave(self):
        """Those among these whose transfer is in a wave that is being picked."""
        # sudo: whoever changes an order need not read waves.
        return self.filtered(lambda move: move.sudo().picking_id.batch_id.wms_running)

    def _wms_extend_wave(self):
        """Plan stops for what these moves ask for, where their wave is running."""
        if self.env.context.get("wms_leaving"):
            return
        running = self._wms_in_wave()
        if running:
            self.env["wms.changes"]._extend(running)

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves.exists()._wms_extend_wave()
        return moves

    def _action_assign(self, force_qty=False):
        known = self._wms_in_wave().move_line_ids
        result = super()._action_assign(force_qty=force_qty)
        moves = self.exists()
        running = moves._wms_in_wave()
        (running.move_line_ids - known)._wms_not_picked()
        moves._wms_extend_wave()
        return result

    def _search_picking_for_assignation(self):
        """Core leaves transfers in waves alone; ours take changes of their orders along."""
        found = super()._search_picking_for_assignation()
        if found:
            return found
        domain = Domain(self._search_picking_for_assignation_domain()).map_conditions(
            lambda condition: (
                Domain.TRUE if condition.field_expr == "batch_id.is_wave" else condition
            )
        )
        # sudo: whoever sells need not read waves.
        pickings = self.env["stock.picking"].sudo().search(domain, order="id")
        return pickings.filtered("batch_id.wms_running")[:1].sudo(self.env.su)

    def _wms_sign(self):
        """Write who did it on moves that a command has just done."""
        context = self.env.context
        if not self or not context.get("wms_command_id"):
            return
        signature = {
            "wms_command_id": context["wms_command_id"],
            "wms_device_id": context.get("wms_device_id"),
            "wms_user_id": context.get("wms_user_id"),
        }
        if context.get("wms_reason_id"):
            signature["wms_reason_id"] = context["wms_reason_id"]
        self.write(signature)

    # valuation: goods whose category is posted at movement are costed by wms.valuation
    def _wms_costed(self):
        """The moves among these whose product has cost layers in the move's company."""
        return self.filtered(
            lambda move: (
                move.product_id.is_storable
                and move.product_id.with_company(move.company_id).valuation == "perpetual_move"
            )
        )

    def _wms_cost(self):
        moves = self._wms_costed()
        if moves:
            # sudo: whoever validates a transfer may neither read costs nor write entries.
            self.env["wms.valuation"].sudo()._value_moves(moves.sudo())

    def _wms_cost_added(self):
        """Cost moves that were added to a done transfer; an order's own line gives the price."""
        for move in self._wms_costed():
            lines = move.picking_id.purchase_id.order_line
            same = lines.filtered(lambda line, move=move: line.product_id == move.product_id)
            if same and not move.purchase_line_id:
                move.purchase_line_id = same[0]
        self._wms_cost()

    def _set_value(self, correction_quantity=None):
        return super(StockMove, self - self._wms_costed())._set_value(correction_quantity)

    def _get_cogs_price_unit(self, quantity=0):
        if self._wms_costed():
            total = sum(move._get_valued_qty() for move in self)
            return sum(self.mapped("value")) / total if total else 0
        return super()._get_cogs_price_unit(quantity)
