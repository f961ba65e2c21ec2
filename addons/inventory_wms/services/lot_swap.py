"""Another lot of the same goods: what the worker holds is as good as what was planned.

The lot in hand may be free or promised to somebody else.  In the second case both reservations
change places, so that nobody loses anything.
"""

from odoo import models

from ..exceptions import Refusal
from .door import Operation
from .tasks import _text


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "pick.swap_lot": Operation(
                service="wms.lot.swap",
                handler="_op_swap_lot",
                args={"task_id": "id", "lot": "text", "helping": "bool?"},
                keys="_keys_of_task",
            ),
        }


class WmsLotSwap(models.AbstractModel):
    _name = "wms.lot.swap"
    _description = "Substitute lots"

    def _keys_of_task(self, args):
        return self.env["wms.picking"]._keys_of_task(args)

    def _op_swap_lot(self, args, command):
        """Take the rest of a stop from another lot that lies in the same bin."""
        picking = self.env["wms.picking"]
        task = picking._open_task(args, command)
        if task.kind != "pick" or not task._is_open:
            raise Refusal("task_closed", what=task.display_name)
        lot = self._lot_in_bin(task, args["lot"])
        self._check_lots(task, lot, command.is_lead)
        gives = self._gives(task, lot)
        lines = self._swap(task, lot, gives)
        swapped = sum(lines.mapped("quantity_product_uom"))
        stops = self._follow(task, lines)
        command.note(
            product=task.product_id,
            lot=lot,
            quantity=swapped,
            location=task.location_id,
            batch=task.batch_id,
        )
        tasks = self.env["wms.tasks"]
        return picking._result(
            task,
            lot=lot.name,
            quantity=_text(swapped),
            instead=[tasks._task_json(other) for other in stops],
        )

    # ---------------------------------------------------------------------- checks
    def _lot_in_bin(self, task, name):
        """The lot in hand.

        :raises Refusal: ``lot_not_needed``, ``lot_unknown``, ``lot_not_here``
        """
        product = task.product_id
        if product.tracking == "none" or not task.lot_id:
            raise Refusal("lot_not_needed", product=product.name)
        if name == task.lot_id.name:
            raise Refusal("lot_is_planned", lot=name)
        lot = self.env["stock.lot"].search(
            [
                ("name", "=", name),
                ("product_id", "=", product.id),
                ("company_id", "in", [task.company_id.id, False]),
            ],
            limit=1,
        )
        if not lot:
            raise Refusal("lot_unknown", lot=name, product=product.name)
        if not any(quant.quantity > 0 for quant in self._quants(task, lot)):
            raise Refusal("lot_not_here", lot=name, bin=task.location_id.name)
        return lot

    def _quants(self, task, lot):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", task.product_id.id),
                ("location_id", "=", task.location_id.id),
                ("lot_id", "=", lot.id),
                ("owner_id", "=", False),
                ("package_id", "=", False),
            ]
        )

    def _check_lots(self, task, lot, is_lead):
        """:raises Refusal: ``lot_on_hold``, ``lot_asked_for``, ``lot_expired``, ``lot_later``"""
        if lot.wms_hold:
            raise Refusal("lot_on_hold", lot=lot.name)
        asked = task.move_line_ids.move_id.wms_lot_id
        if asked:
            raise Refusal("lot_asked_for", lot=asked[:1].name)
        moves = task.move_line_ids.move_id
        if is_lead or not task.product_id.use_expiration_date:
            return
        if any(self._too_old(lot, move) for move in moves):
            raise Refusal("lot_expired", lot=lot.name, date=str(lot.removal_date.date()))
        first_out = self._strategy(moves[:1]) == "fefo"
        planned = task.lot_id.removal_date
        if first_out and planned and (not lot.removal_date or lot.removal_date > planned):
            raise Refusal("lot_later", lot=lot.name, planned=task.lot_id.name)

    def _strategy(self, move):
        quants = self.env["stock.quant"]
        return quants._get_removal_strategy(move.product_id, move.location_id)

    def _too_old(self, lot, move):
        """Whether a lot must be out of the warehouse before the move's date."""
        return bool(lot.removal_date and move.date and lot.removal_date < move.date)

    # ------------------------------------------------------------------ who has it
    def _gives(self, task, lot):
        """Where the lot comes from, as much as the stop still needs.

        :return: list of (stock.move.line that gives it up or empty, quantity)
        :raises Refusal: ``lot_promised``
        """
        uom = task.product_id.uom_id
        quants = self._quants(task, lot)
        free = sum(quants.mapped("quantity")) - sum(quants.mapped("reserved_quantity"))
        rest = task._remaining()
        gives = []
        for line, amount in [(None, free), *self._holders(task, lot)]:
            part = uom.round(min(rest, amount))
            if uom.compare(part, 0) > 0:
                gives.append((line, part))
                rest = uom.round(rest - part)
        if not gives:
            raise Refusal("lot_promised", lot=lot.name)
        return gives

    def _holders(self, task, lot):
        """Lines of other orders that hold this lot here and can take the planned one."""
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", task.product_id.id),
                ("location_id", "=", task.location_id.id),
                ("lot_id", "=", lot.id),
                ("package_id", "=", False),
                ("owner_id", "=", False),
                ("picked", "=", False),
                ("state", "in", ("assigned", "partially_available")),
            ],
            order="id desc",
        )
        planned = task.lot_id
        for line in lines:
            move = line.move_id
            if move.wms_lot_id or planned.wms_hold or self._too_old(planned, move):
                continue
            yield line, line.quantity_product_uom - line.wms_scanned

    # ---------------------------------------------------------------------- effect
    def _swap(self, task, lot, gives):
        """Both sides let go, then each takes what the other had.

        :return: stock.move.line that now take the lot in hand for this stop
        """
        uom = task.product_id.uom_id
        shortage = self.env["wms.shortage"]
        total = uom.round(sum(part for _line, part in gives))
        gone = shortage._give_up(self._amounts(task, total))
        other_stops = {}
        losing = {line: part for line, part in gives if line}
        for line in losing:
            other_stops[line.move_id] = line.wms_task_id
        lost = shortage._give_up(losing)
        for stop in {stop for stop in other_stops.values() if stop}:
            stop._recount()
        for move, quantity in gone.items():
            self._reserve(move, quantity, task.location_id, lot)
        for move, quantity in lost.items():
            self._reserve(move, quantity, task.location_id, task.lot_id)
            if move.picking_id.batch_id.wms_running and move not in gone:
                self.env["wms.changes"]._extend(move)
        return (
            self.env["stock.move"]
            .union(*gone)
            .move_line_ids.filtered(
                lambda line: (
                    line.lot_id == lot and line.location_id == task.location_id and not line.picked
                )
            )
        )

    def _amounts(self, task, total):
        """What each line of the stop gives up, in the order in which its orders are served."""
        uom = task.product_id.uom_id
        amounts = {}
        for line in self.env["wms.tasks"]._in_put_order(task.move_line_ids):
            part = min(total, uom.round(line.quantity_product_uom - line.wms_scanned))
            if line.state in ("done", "cancel") or uom.compare(part, 0) <= 0:
                continue
            amounts[line] = part
            total = uom.round(total - part)
        return amounts

    def _reserve(self, move, quantity, location, lot):
        """Reserve exactly this; under the product's lock it is there.

        :raises Refusal: ``lot_promised``
        """
        uom = move.product_id.uom_id
        taken = move._update_reserved_quantity(quantity, location, lot_id=lot, strict=True)
        if uom.compare(taken, quantity) < 0:
            raise Refusal("lot_promised", lot=lot.name)
        lines = move.move_line_ids
        lines.filtered(lambda line: line.lot_id == lot and not line.wms_task_id)._wms_not_picked()
        move._recompute_state()

    def _follow(self, task, lines):
        """The swapped lines get their stop at the same bin, and the old one ends or goes on."""
        stops = self.env["wms.shortage"]._plan_lines(task, lines, {})
        if not task.exists().move_line_ids:
            task._touch(state="cancelled", demand=0)
        else:
            task._recount()
        return stops
