"""Picking by scans: every scan adds to a stop, a short stop finds the next bin by itself."""

from odoo import fields, models

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys
from .tasks import _text


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "pick.scan_item": Operation(
                service="wms.picking",
                handler="_op_scan_item",
                args={
                    "task_id": "id",
                    "barcode": "text",
                    "quantity": "quantity?",
                    "bin": "text?",
                    "lot": "text?",
                    "slot": "text?",
                    "helping": "bool?",
                },
                keys="_keys_of_task",
            ),
            "pick.short": Operation(
                service="wms.picking",
                handler="_op_short",
                args={
                    "task_id": "id",
                    "quantity": "quantity0?",
                    "reason": "text",
                    "helping": "bool?",
                },
                keys="_keys_of_task",
            ),
            "pick.done": Operation(
                service="wms.picking",
                handler="_op_done",
                args={"task_id": "id", "helping": "bool?"},
                keys="_keys_of_task",
            ),
        }


class WmsPicking(models.AbstractModel):
    _name = "wms.picking"
    _description = "Picking by scans"

    def _keys_of_task(self, args):
        task = self.env["wms.tasks"]._task(args["task_id"])
        return LockKeys(task.batch_id.picking_type_id.warehouse_id.id, (task.product_id.id,))

    # ---------------------------------------------------------------- operations
    def _op_scan_item(self, args, command):
        """Add what was scanned to a stop: an addition with identity, never a new total."""
        task = self._open_task(args, command)
        if args["bin"]:
            self._check_bin(task, args["bin"])
        pack = self._pack_quantity(task, args["barcode"], args["lot"])
        quantity = float(args["quantity"] or 1) * pack
        put = self._add(task, quantity, self._slot(task, args["slot"]))
        command.note(
            product=task.product_id,
            lot=task.lot_id,
            quantity=quantity,
            location=task.location_id,
            batch=task.batch_id,
        )
        return self._result(task, put=put, quantity=_text(quantity))

    def _op_short(self, args, command):
        """Less is there than planned: take what is there, look for the rest in other bins."""
        task = self._open_task(args, command)
        reason = self._reason(args["reason"], task.company_id)
        quantity = float(args["quantity"] or 0)
        if quantity:  # goods go into a slot by a scan, where slots are confirmed
            self._slot(task, "")
        put = self._add(task, quantity) if quantity else []
        missing = task._remaining()
        if not missing:
            return self._result(task, put=put, missing="0", instead=[])
        command.note(
            product=task.product_id,
            lot=task.lot_id,
            quantity=missing,
            location=task.location_id,
            batch=task.batch_id,
            reason=reason,
        )
        instead, still_missing = self.env["wms.shortage"]._replace(task, reason)
        return self._result(
            task,
            put=put,
            missing=_text(still_missing),
            instead=[self.env["wms.tasks"]._task_json(other) for other in instead],
        )

    def _op_done(self, args, command):
        """Say that a stop is finished; only a complete one is."""
        task = self._open_task(args, command)
        if task._remaining():
            raise Refusal("task_open", demand=_text(task.demand), done=_text(task.done))
        self._close(task)
        return self._result(task)

    # ---------------------------------------------------------------------- checks
    def _open_task(self, args, command):
        tasks = self.env["wms.tasks"]
        task = tasks._task(args["task_id"], command)
        tasks._check_claim(task, command, helping=args["helping"])
        if task.state in ("short", "cancelled"):
            raise Refusal("task_closed", what=task.display_name)
        return task

    def _check_bin(self, task, scanned):
        """The code of the bin itself, its name, or its check digits when the label is torn."""
        location = task.location_id
        known = {location.barcode, location.name, location.wms_check_digit}
        if scanned.casefold() not in {code.casefold() for code in known if code}:
            raise Refusal("wrong_bin", scanned=scanned, needed=location.name)

    def _slot(self, task, scanned):
        """The slot that goods of this stop are put into: its label is its name, or the cart's
        name and its own (``Cart 1-A2``).

        :return: name of the slot, empty where nobody confirms slots
        :raises Refusal: ``slot_needed``, ``wrong_slot``
        """
        uom = task.product_id.uom_id
        lines = (
            self.env["wms.tasks"]
            ._in_put_order(task.move_line_ids)
            .filtered(lambda line: uom.compare(line.quantity_product_uom, line.wms_scanned) > 0)
        )
        slots = [slot for slot in lines.picking_id.mapped("wms_cart_slot") if slot]
        if task.kind != "pick" or not slots:
            return ""
        if not scanned:
            if task.batch_id.picking_type_id.wms_confirm_slot:
                raise Refusal("slot_needed", slot=slots[0])
            return ""
        cart = task.batch_id.wms_cart_id.name or ""
        read = scanned.strip().casefold()
        for slot in slots:
            if read in (slot.casefold(), f"{cart}-{slot}".casefold()):
                return slot
        raise Refusal("wrong_slot", scanned=scanned, needed=slots[0])

    def _pack_quantity(self, task, barcode, lot=None):
        """How many pieces one scan of this code means, after checking that it fits the stop.

        :raises Refusal: ``lot_needed``, ``wrong_lot``, ``wrong_item``, ``unknown_barcode``
        """
        product = task.product_id
        own_codes = {product.barcode, product.default_code} - {False, ""}
        tracked = product.tracking != "none" and bool(task.lot_id)
        if tracked and barcode == task.lot_id.name:
            return 1.0
        if barcode in own_codes:
            pack = 1.0
        else:
            packaging = self.env["product.uom"].search(
                [("product_id", "=", product.id), ("barcode", "=", barcode)], limit=1
            )
            if not packaging:
                self._refuse_code(task, barcode)
            pack = packaging.uom_id._compute_quantity(1.0, product.uom_id)
        if tracked:
            self._check_lot(task, lot)
        return pack

    def _check_lot(self, task, lot):
        if not lot:
            raise Refusal("lot_needed", product=task.product_id.name, lot=task.lot_id.name)
        if lot != task.lot_id.name:
            raise Refusal("wrong_lot", scanned=lot, needed=task.lot_id.name)

    def _refuse_code(self, task, barcode):
        """Say what the code is, so that the worker knows what is in his hand."""
        product = task.product_id
        lot = self.env["stock.lot"].search(
            [("name", "=", barcode), ("product_id", "=", product.id)], limit=1
        )
        if lot:
            raise Refusal("wrong_lot", scanned=barcode, needed=task.lot_id.name or "-")
        other = self.env["product.product"].search([("barcode", "=", barcode)], limit=1)
        other = other or (
            self.env["product.uom"].search([("barcode", "=", barcode)], limit=1).product_id
        )
        if other:
            raise Refusal("wrong_item", scanned=other.display_name, needed=product.display_name)
        if self.env["stock.location"].search_count([("barcode", "=", barcode)], limit=1):
            raise Refusal("bin_not_item", scanned=barcode)
        raise Refusal("unknown_barcode", barcode=barcode)

    def _reason(self, code, company, use="short"):
        reason = self.env["wms.reason"].search(
            [
                ("code", "=", code),
                ("use", "=", use),
                ("company_id", "in", [company.id, False]),
            ],
            limit=1,
        )
        if not reason:
            raise Refusal("unknown_reason", reason=code)
        return reason

    # ---------------------------------------------------------------------- effect
    def _add(self, task, quantity, slot=""):
        """Spread a quantity over the orders of a stop.

        :param slot: the one slot it is put into, or empty: in the order of the slots
        :return: where it goes: ``[{"slot", "order", "quantity"}]``
        :raises Refusal: ``above_demand``, ``quantity_step``
        """
        uom = task.product_id.uom_id
        if abs(uom.round(quantity) - quantity) > 1e-9:
            raise Refusal("quantity_step", quantity=_text(quantity), uom=uom.name)
        if uom.compare(task.done + quantity, task.demand) > 0:
            raise Refusal(
                "above_demand",
                demand=_text(task.demand),
                done=_text(task.done),
                quantity=_text(quantity),
            )
        put = self._spread(task, quantity, slot) if task.kind == "pick" else []
        task._touch(
            done=uom.round(task.done + quantity),
            started_at=task.started_at or fields.Datetime.now(),
        )
        if not task._remaining():
            self._close(task)
        return put

    def _spread(self, task, quantity, slot):
        uom = task.product_id.uom_id
        put = []
        rest = quantity
        for line in self.env["wms.tasks"]._in_put_order(task.move_line_ids):
            part = min(rest, uom.round(line.quantity_product_uom - line.wms_scanned))
            other = slot and slot != line.picking_id.wms_cart_slot
            if other or line.state in ("done", "cancel") or uom.compare(part, 0) <= 0:
                continue
            self._add_to_line(line, part)
            rest = uom.round(rest - part)
            put.append(
                {
                    "slot": line.picking_id.wms_cart_slot or "",
                    "order": line.picking_id.origin or line.picking_id.name,
                    "quantity": _text(part),
                }
            )
        # too much for one slot, or somebody took reservations away meanwhile
        if uom.compare(rest, 0) > 0:
            raise Refusal(
                "above_demand",
                demand=_text(uom.round(quantity - rest)) if slot else _text(task.demand),
                done="0" if slot else _text(task.done),
                quantity=_text(quantity),
            )
        return put

    def _add_to_line(self, line, quantity):
        uom = line.product_id.uom_id
        scanned = uom.round(line.wms_scanned + quantity)
        values = {"wms_scanned": scanned}
        if uom.compare(scanned, line.quantity_product_uom) >= 0:
            values["picked"] = True
        line.write(values)

    def _close(self, task):
        task.write({"state": "done", "done_at": fields.Datetime.now()})
        self.env["wms.shipping"]._finish(task.batch_id)

    # ---------------------------------------------------------------------- answer
    def _result(self, task, **facts):
        """The fresh stop, and the next one when this one is finished."""
        tasks = self.env["wms.tasks"]
        result = {"task": tasks._task_json(task), "rev": task.rev, **facts}
        if not task._is_open:
            following = task.batch_id.wms_task_ids._opened()
            result["next"] = tasks._task_json(following[0]) if following else None
            result["wave"] = tasks._wave_json(task.batch_id)
        return result
