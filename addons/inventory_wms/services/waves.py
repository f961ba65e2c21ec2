"""Running waves: a rush order joins, an order leaves, a shift hands its waves over."""

from odoo import models
from odoo.fields import Domain

from ..exceptions import Refusal
from ..messages import parts
from .door import Operation
from .locks import LockKeys
from .tasks import _text

LEAD = ("inventory_wms.group_lead",)
PUT_BACK, SHIP = "put_back", "ship"


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "wave.add_order": Operation(
                service="wms.waves",
                handler="_op_add_order",
                args={"batch_id": "id", "picking_id": "id"},
                groups=LEAD,
                keys="_keys_of_order",
            ),
            "wave.remove_order": Operation(
                service="wms.waves",
                handler="_op_remove_order",
                args={"batch_id": "id", "picking_id": "id", "picked": "text?"},
                groups=LEAD,
                keys="_keys_of_order",
            ),
            "wave.hand_over": Operation(
                service="wms.waves",
                handler="_op_hand_over",
                args={"batch_ids": "ids?", "worker_id": "id?", "note": "text?"},
                keys="_keys_of_hand_over",
            ),
        }


class WmsWaves(models.AbstractModel):
    _name = "wms.waves"
    _description = "Running waves"

    def _keys_of_order(self, args):
        picking = self.env["stock.picking"].browse(args["picking_id"]).exists()
        return LockKeys(
            picking.picking_type_id.warehouse_id.id,
            tuple(picking.move_ids.product_id.ids),
            ("wave.claim", f"batch:{args['batch_id']}"),
        )

    def _keys_of_hand_over(self, args):
        return LockKeys(names=("wave.claim",))

    def _picking(self, args, command):
        picking = self.env["stock.picking"].browse(args["picking_id"]).exists()
        if not picking:
            raise Refusal("not_found", what=self.env._("Order"))
        command.check_company(picking)
        return picking

    # ------------------------------------------------------------------------ rush
    def _op_add_order(self, args, command):
        """Put an order into a wave that is being picked: a free slot, its stops into the walk."""
        wave = self.env["wms.tasks"]._wave(args["batch_id"], command)
        picking = self._picking(args, command)
        limits = self._limits(wave)
        slot = self._slot_for(wave, picking, limits)
        self._reserve(wave, picking)
        lines = picking.move_line_ids
        if len(self._open_lines(wave)) + len(lines) > limits.max_lines:
            raise Refusal("cart_lines", wave=wave.name, lines=len(lines), limit=limits.max_lines)
        # Core takes a wave's transfers from their responsible, with a message for each of them.
        picking.with_context(tracking_disable=True).user_id = False
        picking.write({"batch_id": wave.id, "wms_cart_slot": slot})  # makes its stops as well
        tasks = lines.wms_task_id
        self._measure(wave)
        command.note(batch=wave)
        return {
            "batch_id": wave.id,
            "picking_id": picking.id,
            "slot": slot,
            "stops": len(tasks),
            "task_ids": tasks.ids,
            "metres": round(wave.wms_metres, 1),
        }

    def _limits(self, wave):
        """Slots and lines of a wave: its cart's, by the way its orders are worked."""
        planning, release = self.env["wms.planning"], self.env["wms.release"]
        cart = wave.wms_cart_id
        plain = planning._cart_limits(wave.picking_type_id.warehouse_id, cart.id)
        method = wave.picking_ids[:1].wms_profile_id.method or "cluster"
        return release._limits(method, cart, plain)

    def _free_slots(self, wave, limits):
        """Slots whose order is gone or that never had one, in their order on the cart."""
        inside = wave.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        taken = set(inside.mapped("wms_cart_slot"))
        return [slot for slot in limits.slots if slot not in taken]

    def _slot_for(self, wave, picking, limits):
        """A free slot for an order that may join.

        :raises Refusal: ``not_added``, ``cart_full``
        """
        planning = self.env["wms.planning"]
        ready, skipped = planning._split_ready(picking)
        if not ready:
            code, params = skipped[picking]
            self._refuse(wave, picking, parts(self.env, code, params)["title"])
        if picking.picking_type_id != wave.picking_type_id:
            self._refuse(wave, picking, picking.picking_type_id.display_name)
        free = self._free_slots(wave, limits)
        if not free:
            raise Refusal("cart_full", wave=wave.name, slots=len(limits.slots))
        return free[0]

    def _refuse(self, wave, picking, reason):
        raise Refusal("not_added", what=picking.name, wave=wave.name, reason=reason)

    def _reserve(self, wave, picking):
        """Reserve the order's goods.

        :raises Refusal: ``not_added``
        """
        outcome = self.env["wms.reservation"]._reserve(picking)
        self.env["wms.release"]._reserve_parts(picking, outcome)
        if picking not in outcome.reserved or not picking.move_line_ids:
            code, params = outcome.skipped.get(picking, ("skip_short", {"what": picking.name}))
            self._refuse(wave, picking, parts(self.env, code, params)["title"])

    def _open_lines(self, wave):
        lines = wave.picking_ids.move_line_ids
        return lines.filtered(lambda line: line.state not in ("done", "cancel"))

    def _measure(self, wave):
        """Write the walk anew: what is behind the worker, and the rest from where he stands."""
        tasks = wave.wms_task_ids.filtered(lambda task: task.state != "cancelled")
        ahead = tasks._opened()
        here = (tasks - ahead).filtered("done_at").sorted("done_at")[-1:]
        bins = tasks.location_id
        floor = self.env["wms.walk"]._floor(bins)
        rest = floor.plan(ahead.location_id, start=here.location_id).metres if ahead else 0.0
        wave.wms_metres = sum((tasks - ahead).mapped("distance")) + rest
        wave.wms_metres_plain = floor.metres_by_name(bins)

    # ---------------------------------------------------------------------- removal
    def _op_remove_order(self, args, command):
        """Take an order out of a wave.

        Goods that lie on the cart already are named with their slot: ``picked`` says whether they
        are put back into their bins (which become stops of the wave) or shipped.
        """
        wave = self.env["wms.tasks"]._wave(args["batch_id"], command)
        picking = self._picking(args, command)
        if picking.batch_id != wave:
            raise Refusal("not_in_wave", what=picking.name, wave=wave.name)
        if args["picked"] not in (None, PUT_BACK, SHIP):
            problem = self.env._("is neither put_back nor ship")
            raise Refusal("malformed", field="picked", problem=problem)
        goods = self._on_cart(picking)
        if goods and not args["picked"]:
            what = ", ".join(f"{entry['quantity']} × {entry['product']}" for entry in goods)
            raise Refusal("goods_picked", what=what, slot=picking.wms_cart_slot or "-")
        command.note(batch=wave)
        if goods and args["picked"] == SHIP:
            asked = dict.fromkeys(("partial", "anyway"), True)
            asked |= {"batch_id": None, "picking_id": picking.id}
            return self.env["wms.shipping"]._op_confirm(asked, command) | {"put_back": []}
        self._take_out(wave, picking)
        return {"picking_id": picking.id, "put_back": goods, "wave_state": wave.state}

    def _on_cart(self, picking):
        return [
            {
                "slot": picking.wms_cart_slot or "",
                "product": line.product_id.display_name,
                "quantity": _text(line.wms_scanned),
                "bin": line.location_id.name,
            }
            for line in picking.move_line_ids
            if line.wms_scanned and line.state not in ("done", "cancel")
        ]

    def _take_out(self, wave, picking):
        # Core keeps what is picked; here it goes back, and becomes stops of the wave.
        picking.move_line_ids.picked = False
        self.env["wms.shipping"]._detach(picking)
        self.env["wms.shipping"]._finish(wave)

    # --------------------------------------------------------------------- hand-over
    def _op_hand_over(self, args, command):
        """Give waves back, with a note for whoever takes them next.

        A worker hands over what is his; a lead the waves named, of one worker, or all.
        """
        waves = self._handed(args, command)
        note = (args["note"] or "").strip()
        for wave in waves:
            self.env["wms.tasks"]._give_back(wave)
        if note:
            waves.write({"wms_note": note, "wms_note_user_id": command.user.id})
        command.note(batch=waves[:1])
        return {"batch_ids": waves.ids, "waves": waves.mapped("name")}

    def _handed(self, args, command):
        held = Domain("state", "=", "in_progress") & Domain("wms_worker_id", "!=", False)
        held &= Domain("company_id", "in", command.user.company_ids.ids)
        if args["batch_ids"] is not None:
            held &= Domain("id", "in", args["batch_ids"])
        worker = args["worker_id"] if command.is_lead else command.user.id
        if worker:
            held &= Domain("wms_worker_id", "=", worker)
        waves = self.env["stock.picking.batch"].search(held)
        if not waves:
            raise Refusal("nothing_to_hand_over")
        return waves
