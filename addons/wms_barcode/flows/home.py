"""The first screen: the wave in hand, the next one, or nothing to do."""

from odoo import fields
from odoo.fields import Domain

from .base import Flow, decimal_text, stops_text, wave_label, whole_screen
from .pick import PickFlow

OPEN = ("ready", "claimed")


class HomeFlow(Flow):
    """States: ``home``. Accepts the start of the next wave, and a scan of anything."""

    name = "home"

    def answer(self, inputs, event):
        """The wave in hand opens at once, unless the worker came back from it."""
        held = self.env["wms.tasks"]._held_by(self.user)
        here = held and held.wms_device_id and held.wms_device_id.uid == self.device_id
        if here and not event and not inputs.get("stay"):
            return PickFlow(self.caller, self.device_id).answer({"wave_id": held.id}, {})
        if event.get("action") == "scan":
            return self._scanned(held, event.get("code"))
        return self.reply(self._draw(held))

    def _scanned(self, held, code):
        """A wave, one of its orders, or a bin or item of its stops starts it; else it is named."""
        found = self.env["wms.scanner"]._resolve(code, self.user)
        waves = found["wave"] or found["order"].batch_id or self._with_stop(held, found)
        wave = waves.filtered(lambda wave: wave.state == "in_progress")[:1]
        if wave:
            command = {"op": "task.claim", "args": {"batch_id": wave.id}}
            return self.reply(self._draw(held), command=command)
        things = [record for records in found.values() for record in records]
        if not things:
            return self.reply(self._draw(held), self.message("unknown_code", code=code or "?"))
        names = ", ".join(thing.display_name for thing in things[:3])
        return self.reply(self._draw(held), self.message("nothing_to_do_here", found=names))

    def _with_stop(self, held, found):
        """The wave in hand, else the oldest free one, with an open stop at this bin or item."""
        tasks = self.env["wms.task"].search(
            Domain("state", "in", OPEN)
            & Domain("batch_id.company_id", "in", self.user.company_ids.ids)
            & (
                Domain("location_id", "in", found["bin"].ids)
                | Domain("product_id", "in", found["product"].ids)
            )
        )
        waves = self.env["stock.picking.batch"]
        free = waves.search(
            self._free_domain() & Domain("id", "in", tasks.batch_id.ids),
            order="scheduled_date, id",
            limit=1,
        )
        return tasks.batch_id & held if held else free

    def _free_domain(self):
        now = fields.Datetime.now()
        free = (
            Domain("wms_worker_id", "=", False)
            | Domain("wms_lease_until", "=", False)
            | Domain("wms_lease_until", "<", now)
        )
        return (
            Domain("state", "=", "in_progress")
            & Domain("company_id", "in", self.user.company_ids.ids)
            & Domain("wms_task_ids.state", "in", OPEN)
            & free
        )

    def _draw(self, held):
        waves = self.env["stock.picking.batch"]
        free = waves.search(self._free_domain(), order="scheduled_date, id", limit=100) - held
        wave = held or free[:1]
        accepts = {"scan": {"kind": "event", "field": "code"}}
        if wave:
            claim = {"op": "task.claim", "args": {"batch_id": wave.id}}
            accepts["start"] = {"kind": "command", **claim}
        return whole_screen(
            screen="home",
            title=self.user.name,
            subtitle=self.user.company_id.name,
            accepts=accepts,
            next=self._next(wave, bool(held)) if wave else None,
            others=[],
            waiting=len(free - wave),
            go={"action": "start", "word": self._go(wave, held)} if wave else None,
            empty={
                "title": self._("Nothing to pick"),
                "detail": self._("Look again in a moment, or ask the lead to release a wave."),
            },
        )

    def _go(self, wave, held):
        text = self._("Continue %s") if held else self._("Start %s")
        return text % wave_label(self.env, wave)

    def _next(self, wave, held):
        tasks = wave.wms_task_ids.filtered(lambda task: task.state in OPEN).sorted("sequence")
        pieces = sum(tasks.mapped("demand")) - sum(tasks.mapped("done"))
        stops = stops_text(self.env, len(tasks))
        summary = self._("%(n)s pieces, %(stops)s", n=decimal_text(pieces), stops=stops)
        if wave.wms_metres:
            summary = self._("%(sum)s, %(metres)s m", sum=summary, metres=round(wave.wms_metres))
        cart = wave.wms_cart_id.name
        return {
            "kind": self._("Your task") if held else self._("Next task"),
            "title": self._("Pick %s", wave_label(self.env, wave)),
            "summary": summary,
            "legs": self._legs(tasks),
            "cart": self._("Take cart %s", cart) if cart else "",
            "start": tasks[:1].location_id.name or "",
            "deadline": self._deadline(wave),
            "note": wave._wms_note_text(),
        }

    def _legs(self, tasks):
        """Aisle by aisle in walking order, at most four."""
        legs = []
        for task in tasks:
            aisle = task.location_id.wms_aisle
            if not aisle:
                return []
            if not legs or legs[-1]["aisle"] != aisle:
                legs.append({"aisle": aisle, "stops": 0})
            legs[-1]["stops"] += 1
        return [{**leg, "text": stops_text(self.env, leg["stops"])} for leg in legs[:4]]

    def _deadline(self, wave):
        due = min(wave.picking_ids.filtered("date_deadline").mapped("date_deadline"), default=None)
        if not due:
            return ""
        local = fields.Datetime.context_timestamp(wave.with_context(tz=self.user.tz), due)
        return self._("Ship by %s", local.strftime("%d %b %H:%M"))
