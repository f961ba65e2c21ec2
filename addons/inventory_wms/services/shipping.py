"""Shipping what was picked: no wizard, no question, the rest becomes a backorder."""

from odoo import SUPERUSER_ID, models

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "ship.confirm": Operation(
                service="wms.shipping",
                handler="_op_confirm",
                args={
                    "batch_id": "id?",
                    "picking_id": "id?",
                    "partial": "bool?",
                    "anyway": "bool?",
                },
                keys="_keys_of_shipment",
            ),
        }


class WmsShipping(models.AbstractModel):
    _name = "wms.shipping"
    _description = "Shipping"

    def _keys_of_shipment(self, args):
        pickings = self._pickings(args)
        return LockKeys(
            pickings.picking_type_id.warehouse_id[:1].id,
            tuple(pickings.move_ids.product_id.ids),
            tuple(f"batch:{batch.id}" for batch in pickings.batch_id),
        )

    def _pickings(self, args):
        """The open transfers of the wave or the one transfer that is asked for."""
        if args["batch_id"]:
            found = self.env["stock.picking.batch"].browse(args["batch_id"]).exists()
            pickings = found.picking_ids
        elif args["picking_id"]:
            found = pickings = self.env["stock.picking"].browse(args["picking_id"]).exists()
        else:
            raise Refusal("malformed", field="batch_id", problem="is missing")
        if not found:
            raise Refusal("not_found", what=self.env._("Shipment"))
        return pickings

    def _op_confirm(self, args, command):
        """Ship what was picked and leave the rest as backorders; always closes the wave.

        With open stops it is refused unless ``partial`` says that they are given up.  Orders
        whose operation type lets them wait for missing goods stay whole, unless a lead says
        ``anyway``.
        """
        pickings = self._pickings(args)
        wave = self.env["stock.picking.batch"].browse(args["batch_id"] or [])
        command.check_company(pickings)
        command.check_company(wave)
        pickings = pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))
        if not pickings and not wave.wms_running:
            raise Refusal("already_shipped")
        self._check_worker(pickings, wave, command)
        batches = pickings.batch_id | wave
        if batches:
            command.note(batch=batches[:1])
        self._close_stops(pickings, wave, bool(args["partial"]))
        shipped, empty = self._split_picked(pickings)
        anyway = bool(args["anyway"] and command.is_lead)
        waiting = shipped.browse() if anyway else self._waiting(shipped)
        shipped -= waiting
        self._detach(empty)
        self._leave_wave(waiting)
        self._validate(shipped)
        self._finish(batches)
        backorders = self.env["stock.picking"].search([("backorder_id", "in", shipped.ids)])
        return {
            "shipped": self._names(shipped),
            "backorders": self._names(backorders),
            "not_picked": self._names(empty),
            "waiting": self._names(waiting),
            "batches": [{"batch_id": batch.id, "state": batch.state} for batch in batches],
        }

    def _check_worker(self, pickings, asked, command):
        """A worker ships what is in waves, and none that somebody else is picking.

        :raises Refusal: ``not_allowed``, ``wave_taken``
        """
        if command.is_lead:
            return
        if pickings.filtered(
            lambda picking: not picking.batch_id or picking.picking_type_code == "incoming"
        ):
            raise Refusal("not_allowed", op=command.op)
        for wave in pickings.batch_id | asked:
            holder = wave._wms_holder()
            if holder and holder != command.user:
                raise Refusal("wave_taken", wave=wave.name, who=holder.name)

    def _close_stops(self, pickings, wave, partial):
        """Settle every line of the transfers; open ones are given up only on purpose.

        :param wave: the wave that ships as a whole, or empty: then its put-backs stay
        """
        lines = pickings.move_line_ids.filtered(
            lambda line: line.wms_task_id and line.state not in ("done", "cancel")
        )
        open_lines = lines.filtered(lambda line: line.wms_task_id._is_open and not line.picked)
        left = open_lines.wms_task_id
        left |= wave.wms_task_ids.filtered(lambda task: task.kind == "put_back" and task._is_open)
        if left and not partial:
            raise Refusal("stops_open", count=len(left))
        self.env["wms.changes"]._give_up_put_backs(wave)
        open_lines._wms_settle()
        open_lines.filtered(lambda line: not line.wms_scanned).unlink()

    def _split_picked(self, pickings):
        """(transfers with something picked, transfers with nothing)"""
        shipped = pickings.filtered(lambda picking: any(picking.move_line_ids.mapped("picked")))
        return shipped, pickings - shipped

    def _waiting(self, pickings):
        """Transfers that lack goods and whose operation type lets them wait for the rest."""
        return pickings.filtered(
            lambda picking: (
                picking.picking_type_id.wms_short_policy == "wait"
                and any(self._lacks(move) for move in picking.move_ids)
            )
        )

    def _lacks(self, move):
        picked = move.move_line_ids.filtered("picked")
        got = sum(picked.mapped("quantity_product_uom"))
        open_move = move.state not in ("done", "cancel")
        return open_move and move.product_id.uom_id.compare(got, move.product_qty) < 0

    def _leave_wave(self, pickings):
        """Take transfers out of their wave; what is picked stays theirs, in its slot."""
        for move in pickings.move_ids.filtered(self._lacks):
            # A move that counts as picked is not reserved any further; the scans stay.
            move.move_line_ids.picked = False
        if pickings:
            pickings.batch_id = False

    def _detach(self, pickings):
        """Take transfers out of their wave, free their stock: they wait for the next wave."""
        if not pickings:
            return
        pickings.move_ids._do_unreserve()
        pickings.write({"batch_id": False, "wms_cart_slot": False})

    def _validate(self, pickings):
        """Core's own validation, all questions answered beforehand."""
        if not pickings:
            return
        # The system user: core's valuation drops sudo and reads locations as the acting user,
        # and mails of the validation belong to nobody's screen. The command keeps who acted.
        reason = self.env.ref("inventory_wms.wms_reason_order", raise_if_not_found=False)
        ready = pickings.with_user(SUPERUSER_ID).with_context(
            skip_backorder=True,
            skip_sanity_check=True,
            button_validate_picking_ids=pickings.ids,
            wms_reason_id=reason.id if reason else False,
        )
        ready.button_validate()
        stuck = pickings.filtered(lambda picking: picking.state != "done")
        if stuck:
            raise Refusal("not_shipped", what=", ".join(stuck.mapped("name")))

    def _finish(self, batches):
        """Close waves whose transfers are all gone."""
        for batch in batches:
            gone = all(picking.state in ("done", "cancel") for picking in batch.picking_ids)
            if gone and batch.wms_running and not batch.wms_task_ids._opened():
                shipped = "done" in batch.picking_ids.mapped("state")
                batch.state = "done" if shipped else "cancel"
        closed = batches.filtered(lambda batch: batch.state in ("done", "cancel"))
        left = closed.wms_task_ids._opened()
        left.write({"state": "cancelled"})
        closed._wms_unclaim()

    def _names(self, pickings):
        return [
            {"picking_id": picking.id, "name": picking.name, "origin": picking.origin or ""}
            for picking in pickings
        ]
