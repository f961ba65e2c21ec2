"""Who works on what: claims with a lease, and what a worker sees of a task.

A claim tells the second worker before he walks; it is advice.  What keeps the figures right is
that scans are additions under the product's lock.
"""

from odoo import fields, models
from odoo.fields import Domain

from ..exceptions import Conflict, Refusal
from .door import Operation
from .locks import LockKeys

OPEN_STATES = ("ready", "claimed")


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "task.claim": Operation(
                service="wms.tasks",
                handler="_op_claim",
                args={"batch_id": "id?", "warehouse_id": "id?"},
                keys="_keys_of_claim",
            ),
            "task.release": Operation(
                service="wms.tasks",
                handler="_op_release",
                args={"batch_id": "id"},
                keys="_keys_of_claim",
            ),
        }


class WmsTasks(models.AbstractModel):
    _name = "wms.tasks"
    _description = "Tasks of workers"

    def _keys_of_claim(self, args):
        return LockKeys(names=("wave.claim",))

    # ---------------------------------------------------------------- operations
    def _op_claim(self, args, command):
        """Give the worker a wave: the one asked for, the one held already, or the next free."""
        wave = self._wave(args["batch_id"], command) if args["batch_id"] else None
        wave = wave or self._held_by(command.user)
        wave = wave or self._next_free(command, args["warehouse_id"])
        if not wave:
            raise Refusal("nothing_to_do")
        holder = wave._wms_holder()
        if holder and holder != command.user:
            raise Refusal("wave_taken", wave=wave.name, who=holder.name)
        wave._wms_claim(command.user, command.device)
        open_tasks = wave.wms_task_ids.filtered(lambda task: task.state == "ready")
        open_tasks.write({"state": "claimed", "worker_id": command.user.id})
        command.note(batch=wave)
        return self._work_json(wave)

    def _op_release(self, args, command):
        """Give a wave back; the holder or a lead may do that."""
        wave = self._wave(args["batch_id"], command)
        holder = wave._wms_holder()
        is_lead = command.user.has_group("inventory_wms.group_lead")
        if holder and holder != command.user and not is_lead:
            raise Refusal("wave_taken", wave=wave.name, who=holder.name)
        self._give_back(wave)
        command.note(batch=wave)
        return {"batch_id": wave.id}

    def _give_back(self, wave):
        """Free a wave and the stops that nobody has begun."""
        wave._wms_unclaim()
        claimed = wave.wms_task_ids.filtered(lambda task: task.state == "claimed")
        claimed.filtered(lambda task: not task.done).write({"state": "ready", "worker_id": False})

    # --------------------------------------------------------------------- lookups
    def _wave(self, batch_id, command):
        wave = self.env["stock.picking.batch"].browse(batch_id).exists()
        if not wave:
            raise Refusal("not_found", what=self.env._("Wave %(id)s", id=batch_id))
        command.check_company(wave)
        if wave.state != "in_progress":
            raise Refusal("wave_closed", wave=wave.name)
        return wave

    def _task(self, task_id, command=None):
        task = self.env["wms.task"].browse(task_id).exists()
        if not task:
            raise Refusal("not_found", what=self.env._("Task %(id)s", id=task_id))
        if command:
            command.check_company(task)
        return task

    def _open_waves_domain(self):
        return Domain("state", "=", "in_progress") & Domain("wms_task_ids.state", "!=", False)

    def _free_domain(self):
        """Waves with open stops and without a live claim."""
        return (
            Domain("state", "=", "in_progress")
            & Domain("wms_task_ids.state", "in", OPEN_STATES)
            & (
                Domain("wms_worker_id", "=", False)
                | Domain("wms_lease_until", "=", False)
                | Domain("wms_lease_until", "<", fields.Datetime.now())
            )
        )

    def _held_by(self, user):
        """The wave this worker has begun, on whatever device."""
        domain = self._open_waves_domain() & Domain("wms_worker_id", "=", user.id)
        return self.env["stock.picking.batch"].search(domain, order="id", limit=1)

    def _next_free(self, command, warehouse_id=None):
        """The wave that nobody holds and that is worth most to this worker: urgent, then near."""
        domain = self._free_domain() & Domain("company_id", "in", command.user.company_ids.ids)
        if warehouse_id:
            domain &= Domain("picking_type_id.warehouse_id", "=", warehouse_id)
        return self.env["wms.interleaving"]._next(domain, command.user)

    def _next_for(self, user, batch_id=None):
        """What a worker sees before his next step.

        :param user: res.users who asks
        :param batch_id: a wave to look at, or None for the one he holds
        :return: ``{"work": dict or None, "free_waves": int}``
        """
        waves = self.env["stock.picking.batch"]
        own = Domain("company_id", "in", user.company_ids.ids)
        if batch_id:
            wave = waves.search(own & Domain("id", "=", batch_id))
        else:
            wave = self._held_by(user)
        free = waves.search_count(own & self._free_domain())
        return {"work": self._work_json(wave) if wave else None, "free_waves": free}

    # ---------------------------------------------------------------------- checks
    def _check_claim(self, task, command, helping=False):
        """Only the holder's device works on a wave; somebody else must say that he helps.

        :raises Refusal: ``wave_closed``, ``task_taken``
        :raises Conflict: ``stale`` when the sender expected another revision
        """
        wave = task.batch_id
        if wave.state != "in_progress":
            raise Refusal("wave_closed", wave=wave.name)
        holder = wave._wms_holder()
        mine = (holder, wave.wms_device_id) == (command.user, command.device)
        if holder and not mine and not helping:
            raise Refusal("task_taken", wave=wave.name, who=holder.name)
        expected = command.expect.get("rev")
        if expected is not None and expected != task.rev:
            raise Conflict("stale", fresh={"task": self._task_json(task)}, what=task.display_name)
        if mine or not holder:
            wave._wms_claim(command.user, command.device)

    # ------------------------------------------------------------------------ JSON
    def _task_json(self, task):
        """What a device needs to show one stop; quantities as decimal text."""
        product = task.product_id
        lines = task.move_line_ids
        return {
            "task_id": task.id,
            "batch_id": task.batch_id.id,
            "rev": task.rev,
            "kind": task.kind,
            "state": task.state,
            "sequence": task.sequence,
            "bin": self._bin_json(task.location_id),
            "product": {
                "id": product.id,
                "name": product.name,
                "sku": product.default_code or "",
                "barcode": product.barcode or "",
                "tracking": product.tracking,
                "uom": product.uom_id.name,
            },
            "lot": task.lot_id.name or "",
            "demand": _text(task.demand),
            "done": _text(task.done),
            "puts": self._puts_json(task, lines),
            "metres": round(task.distance, 1),
            "why": task._reasons(),
        }

    def _in_put_order(self, lines):
        """Lines of a stop in the order in which their goods are put on the cart."""
        return lines.sorted(lambda line: (line.picking_id.wms_cart_slot or "", line.id))

    def _puts_json(self, task, lines):
        if task.kind == "put_back":
            put = {"slot": task.slot or "", "order": task.order_ref or ""}
            return [{**put, "demand": _text(task.demand), "done": _text(task.done)}]
        return [self._put_json(line) for line in self._in_put_order(lines)]

    def _put_json(self, line):
        return {
            "slot": line.picking_id.wms_cart_slot or "",
            "order": line.picking_id.origin or line.picking_id.name,
            "demand": _text(line.quantity_product_uom),
            "done": _text(line.wms_scanned),
        }

    def _bin_json(self, location):
        """The bin's code, its parts for the big plate, and its position if it is known."""
        return {
            "id": location.id,
            "code": location.name,
            "barcode": location.barcode or "",
            "parts": [part for part in location.name.split("-") if part],
            "aisle": location.wms_aisle or "",
            "bay": location.wms_bay or "",
            "level": location.wms_level or "",
            "slot": location.wms_slot or "",
            "check_digit": location.wms_check_digit or "",
            "x": location.wms_x,
            "y": location.wms_y,
            "z": location.wms_z,
        }

    def _wave_json(self, wave):
        return {
            "batch_id": wave.id,
            "name": wave.name,
            "state": wave.state,
            "stops": wave.wms_task_count,
            "open": wave.wms_open_count,
            "short": wave.wms_short_count,
            "orders": wave.wms_order_count,
            "metres": round(wave.wms_metres, 1),
            "metres_plain": round(wave.wms_metres_plain, 1),
            "cart": wave.wms_cart_id.name or "",
            "note": wave._wms_note_text(),
            "lease_until": fields.Datetime.to_string(wave.wms_lease_until) or "",
        }

    def _work_json(self, wave):
        """A wave with its open stops, the first one being next."""
        tasks = wave.wms_task_ids._opened()
        return {
            "wave": self._wave_json(wave),
            "tasks": [self._task_json(task) for task in tasks],
            "reasons": self._reasons_json(wave.company_id),
        }

    def _reasons_json(self, company):
        reasons = self.env["wms.reason"].search(
            [("use", "=", "short"), ("company_id", "in", [company.id, False])]
        )
        return [{"code": reason.code, "name": reason.name} for reason in reasons]


def _text(quantity: float) -> str:
    """A quantity as decimal text without useless digits: 3, 0.5."""
    text = f"{quantity:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"
