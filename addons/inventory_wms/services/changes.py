"""Stops follow their orders: while a wave runs, lines are cut, cancelled and added.

Whoever changes a transfer of a running wave - a sale, a lead, core itself - need not know of
stops.  The hooks in the models call this service, and afterwards the stops say what the lines
say.  Goods that lie on the cart for nobody become stops as well: put them back.
"""

from dataclasses import dataclass

from odoo import fields, models


@dataclass(frozen=True)
class OnCart:
    """Goods on a cart that nobody needs any more: ``quantity`` in the product's unit.

    ``key``: (wave, bin, product, lot, slot, order) as ids and texts.
    """

    key: tuple
    quantity: float


class WmsChanges(models.AbstractModel):
    _name = "wms.changes"
    _description = "Stops follow their orders"

    # ------------------------------------------------------------------- put back
    def _on_cart(self, quantities):
        """What lies on a cart for lines that are about to lose it.

        :param quantities: {stock.move.line: scanned quantity that goes}
        :return: list of OnCart; lines outside of running waves have none
        """
        found = []
        for line, quantity in quantities.items():
            line = line.sudo()  # sudo: whoever cancels an order need not read waves
            wave = line.picking_id.batch_id
            if line.state in ("done", "cancel") or not line.wms_task_id or not wave.wms_running:
                continue
            picking = line.picking_id
            slot, order = picking.wms_cart_slot or "", picking.origin or picking.name
            place = (wave.id, line.location_id.id, line.product_id.id, line.lot_id.id)
            found.append(OnCart((*place, slot, order), quantity))
        return found

    def _put_back(self, goods):
        """Make a stop for each place that goods of the cart must be brought back to.

        :param goods: list of OnCart
        :return: wms.task
        """
        # sudo: whoever cancels an order need not have rights on the stops of the wave.
        tasks = self.env["wms.task"].sudo()
        if not goods:
            return tasks
        sums = {}
        for item in goods:
            sums[item.key] = sums.get(item.key, 0.0) + item.quantity
        values = [self._put_back_values(key, quantity) for key, quantity in sums.items()]
        created = tasks.create(values)
        for wave in created.batch_id:
            self._walk_on(wave)
        return created

    def _put_back_values(self, key, quantity):
        wave_id, location_id, product_id, lot_id, slot, order = key
        worker = self.env["stock.picking.batch"].browse(wave_id).wms_worker_id
        return {
            "kind": "put_back",
            "batch_id": wave_id,
            "state": "claimed" if worker else "ready",
            "worker_id": worker.id,
            "location_id": location_id,
            "product_id": product_id,
            "lot_id": lot_id,
            "demand": quantity,
            "slot": slot,
            "order_ref": order,
            "explanation": [{"code": "why_put_back", "params": {"order": order}}],
        }

    def _give_up_put_backs(self, wave):
        """Close put-backs that nobody did; their bins must be counted, for books and shelf
        differ."""
        left = wave.wms_task_ids._opened().filtered(lambda task: task.kind == "put_back")
        for task in left:
            self.env["wms.shortage"]._request_count(task)
        left.write({"state": "cancelled", "done_at": fields.Datetime.now()})

    # ------------------------------------------------------------------ additions
    def _extend(self, moves):
        """Plan what moves of running waves ask for beyond what they hold: free stock is
        reserved, and every line without a stop gets one.

        :param moves: stock.move
        :return: wms.task, new ones and open ones that got more
        """
        # sudo: a sale may add to an order; the stops of its wave are nobody's but ours.
        moves = moves.sudo()
        changed = self.env["wms.task"].sudo()
        moves = moves.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available", "assigned")
                and move.picking_id.batch_id.wms_running
            )
        )
        for picking in moves.picking_id:
            mine = moves.filtered(lambda move, picking=picking: move.picking_id == picking)
            changed |= self._extend_order(picking, mine)
        return changed

    def _extend_order(self, picking, moves):
        wave = picking.batch_id
        missing = {}
        for move in moves:
            uom = move.product_id.uom_id
            held = sum(move.move_line_ids.mapped("quantity_product_uom"))
            rest = uom.round(move.product_qty - held)
            if uom.compare(rest, 0) > 0:
                missing[move] = rest
        why = {}
        if missing:
            why = self.env["wms.reservation"]._reserve_more(missing)[1]
        loose = moves.move_line_ids.filtered(
            lambda line: line.quantity and not line.picked and not line.wms_task_id
        )
        if not loose:
            return self.env["wms.task"]
        self.env["wms.planning"]._give_slot(wave, picking)
        return self.env["wms.shortage"]._add_stops(wave, loose, why)

    # ----------------------------------------------------------------------- cuts
    def _cut_to(self, move, quantity):
        """Take from the lines of a move what it holds beyond a new demand: first what nobody
        has picked, then goods that lie on the cart.

        :param quantity: new demand in the product's unit
        """
        uom = move.product_id.uom_id
        lines = move.move_line_ids
        excess = uom.round(sum(lines.mapped("quantity_product_uom")) - quantity)
        by_scans = lines.sorted(lambda line: (line.wms_scanned > 0, -line.id))
        excess = self._cut_lines(by_scans, excess, spare=True)
        self._cut_lines(by_scans.exists(), excess, spare=False)

    def _cut_lines(self, lines, excess, spare):
        for line in lines:
            uom = line.product_id.uom_id
            keep = line.wms_scanned if spare else 0.0
            part = min(excess, uom.round(line.quantity_product_uom - keep))
            if uom.compare(part, 0) <= 0:
                continue
            excess = uom.round(excess - part)
            rest = uom.round(line.quantity_product_uom - part)
            if uom.compare(rest, 0) > 0:
                line._wms_set(rest)
            else:
                line.picked = False
                line.unlink()
        return excess

    # -------------------------------------------------------------- in and out of waves
    def _left_waves(self, pickings):
        """Transfers have left their wave: its open stops forget their lines."""
        # sudo: as above.
        tasks = pickings.sudo().move_line_ids.wms_task_id
        tasks._opened()._recount()

    def _walk_on(self, wave):
        """Put the open stops of a wave into walking order from where its worker stands."""
        closed = wave.wms_task_ids.filtered(lambda task: not task._is_open and task.started_at)
        here = closed.sorted(lambda task: (task.done_at or task.started_at, task.id))[-1:]
        begun = wave.wms_task_ids._opened().filtered("started_at")[:1]
        self.env["wms.shortage"]._reorder(wave, begun or here)
