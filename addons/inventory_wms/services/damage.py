"""Damaged goods in a bin: out of the reservation, by a real move to where damaged goods go."""

from odoo import SUPERUSER_ID, fields, models

from ..exceptions import Refusal
from .door import Operation
from .tasks import _text


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "pick.damaged": Operation(
                service="wms.damage",
                handler="_op_damaged",
                args={
                    "task_id": "id",
                    "quantity": "quantity",
                    "reason": "text?",
                    "helping": "bool?",
                },
                keys="_keys_of_task",
            ),
        }


class WmsDamage(models.AbstractModel):
    _name = "wms.damage"
    _description = "Damaged goods"

    def _keys_of_task(self, args):
        return self.env["wms.picking"]._keys_of_task(args)

    def _op_damaged(self, args, command):
        """Move damaged pieces of a stop away; sound ones of this or another bin replace them."""
        picking = self.env["wms.picking"]
        task = picking._open_task(args, command)
        if task.kind != "pick" or not task._is_open:
            raise Refusal("task_closed", what=task.display_name)
        reason = picking._reason(args["reason"] or "breakage", task.company_id, use="scrap")
        uom = task.product_id.uom_id
        quantity = float(args["quantity"])
        if abs(uom.round(quantity) - quantity) > 1e-9:
            raise Refusal("quantity_step", quantity=_text(quantity), uom=uom.name)
        demand = task.demand
        parts, amounts = self._parts(task, quantity)
        missing = self.env["wms.shortage"]._give_up(amounts)
        place = self._move_away(task, parts, reason)
        instead, nowhere = self.env["wms.shortage"]._look_elsewhere(task, missing)
        self._conclude(task, demand, reason)
        command.note(
            product=task.product_id,
            lot=task.lot_id,
            quantity=quantity,
            location=task.location_id,
            location_dest=place,
            batch=task.batch_id,
            reason=reason,
        )
        return picking._result(
            task,
            place=place.display_name,
            missing=_text(nowhere),
            instead=[self.env["wms.tasks"]._task_json(other) for other in instead],
        )

    def _parts(self, task, quantity):
        """Which goods of the bin are damaged: the stop's own first, the last order's before the
        first one's, then what nobody has reserved.

        :return: ({(package, owner): quantity}, {stock.move.line: quantity to give up})
        :raises Refusal: ``above_bin``
        """
        uom = task.product_id.uom_id
        parts, amounts = {}, {}
        rest = quantity
        for line in reversed(self.env["wms.tasks"]._in_put_order(task.move_line_ids)):
            part = min(rest, uom.round(line.quantity_product_uom - line.wms_scanned))
            if line.state in ("done", "cancel") or uom.compare(part, 0) <= 0:
                continue
            amounts[line] = part
            key = (line.package_id, line.owner_id)
            parts[key] = parts.get(key, 0.0) + part
            rest = uom.round(rest - part)
        for quant in self._quants(task):
            free = uom.round(quant.quantity - quant.reserved_quantity)
            part = min(rest, free)
            if uom.compare(part, 0) <= 0:
                continue
            key = (quant.package_id, quant.owner_id)
            parts[key] = parts.get(key, 0.0) + part
            rest = uom.round(rest - part)
        if uom.compare(rest, 0) > 0:
            raise Refusal("above_bin", most=_text(quantity - rest), quantity=_text(quantity))
        return parts, amounts

    def _quants(self, task):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", task.product_id.id),
                ("location_id", "=", task.location_id.id),
                ("lot_id", "=", task.lot_id.id),
            ],
            order="id",
        )

    def _move_away(self, task, parts, reason):
        """One done move to the warehouse's place for damaged goods, costed like any other.

        :return: stock.location: that place
        :raises Refusal: ``no_damaged_place``
        """
        warehouse = task.batch_id.picking_type_id.warehouse_id
        place = warehouse._wms_damaged_place()
        if not place:
            raise Refusal("no_damaged_place", warehouse=warehouse.name)
        product = task.product_id
        where = {"location_id": task.location_id.id, "location_dest_id": place.id}
        lines = [
            fields.Command.create(
                {
                    **where,
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "quantity": quantity,
                    "lot_id": task.lot_id.id,
                    "package_id": package.id,
                    "owner_id": owner.id,
                    "company_id": task.company_id.id,
                }
            )
            for (package, owner), quantity in parts.items()
        ]
        # The system user: core's valuation drops sudo and reads locations as the acting user.
        # The command keeps who acted.
        moves = self.env["stock.move"].with_user(SUPERUSER_ID).with_context(wms_reason_id=reason.id)
        move = moves.create(
            {
                **where,
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": sum(parts.values()),
                "company_id": task.company_id.id,
                "origin": task.batch_id.name,
                "state": "confirmed",
                "picked": True,
                "move_line_ids": lines,
            }
        )
        move._action_done()
        return place

    def _conclude(self, task, demand, reason):
        """The stop goes on with what it still holds, or ends short of what it was asked for."""
        uom = task.product_id.uom_id
        held = uom.round(sum(task.move_line_ids.mapped("quantity_product_uom")))
        if uom.compare(held, task.done) > 0:
            task._touch(demand=held)
            return
        task._touch(
            state="short", demand=demand, reason_id=reason.id, done_at=fields.Datetime.now()
        )
