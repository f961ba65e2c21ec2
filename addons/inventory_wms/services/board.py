"""The release board: what could go to the floor now, what waits and why, what runs and what stands
still."""

from odoo import fields, models
from odoo.fields import Domain

from ..messages import parts
from .release import FACTS

# reason why an order is left out -> what the board calls it
_STATES = {
    "skip_short": "short",
    "skip_waiting": "waiting",
    "skip_capacity": "full",
    "skip_hold": "hold",
}
_WAITING = Domain(
    [
        ("wms_ship_by", "!=", False),
        ("state", "in", ("confirmed", "assigned", "waiting")),
        ("batch_id", "=", False),
    ]
)


class WmsBoard(models.AbstractModel):
    _name = "wms.board"
    _description = "Release board"

    def _states(self, warehouses):
        """What a release would do with each order that waits.

        One trial for each warehouse: the number of queries does not depend on the orders.

        :return: {stock.picking: (state, why as text)}
        """
        found = {}
        for warehouse in warehouses:
            ready, skipped = self.env["wms.release"]._preview(warehouse)
            found |= {picking: ("ready", "") for picking in ready}
            for picking, (code, params) in skipped.items():
                why = parts(self.env, code, params)["title"]
                found[picking] = (_STATES.get(code, "waiting"), why)
        return found

    def _counters(self):
        """The figures on top of the board, for the companies of the user.

        :return: list of dicts ``{"key", "label", "count", "detail"}`` and either ``domain`` (the
            orders behind the figure) or ``action`` (opens the waves behind it)
        """
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        states = self._states(warehouses)
        groups = {}
        for picking, (state, _why) in states.items():
            groups.setdefault(state, picking.browse())
            groups[state] |= picking
        orders = self.env["stock.picking"]
        waiting = orders.search_fetch(_WAITING, ["name", *FACTS])
        return [
            self._orders_tile("ready", self.env._("Ready to release"), groups.get("ready", orders)),
            self._late(waiting),
            self._next_cutoff(waiting),
            self._orders_tile("short", self.env._("Short of stock"), groups.get("short", orders)),
            self._orders_tile("full", self.env._("Shift is full"), groups.get("full", orders)),
            self._orders_tile("hold", self.env._("On hold"), groups.get("hold", orders)),
            *self._waves(warehouses),
        ]

    def _orders_tile(self, state, label, orders):
        return self._tile(state, label, orders, [("wms_release_state", "in", [state])])

    def _late(self, waiting):
        now = fields.Datetime.now()
        late = waiting.filtered(lambda picking: picking.wms_ship_by < now)
        return self._tile(
            "late", self.env._("Late"), late, [("wms_ship_by", "<", fields.Datetime.to_string(now))]
        )

    def _next_cutoff(self, waiting):
        """The orders of the next deadline that is still ahead."""
        now = fields.Datetime.now()
        ahead = waiting.filtered(lambda picking: picking.wms_ship_by >= now)
        due = min(ahead.mapped("wms_ship_by"), default=None)
        label = self.env._("Next deadline")
        if due:
            local = fields.Datetime.context_timestamp(self, due)
            label = self.env._("Due by %s", local.strftime("%a %H:%M"))
        orders = ahead.filtered(lambda picking: picking.wms_ship_by == due)
        text = fields.Datetime.to_string(due) if due else False
        return self._tile("due", label, orders, [("wms_ship_by", "=", text)])

    def _tile(self, key, label, orders, domain):
        minutes = sum(orders.mapped("wms_work_minutes"))
        lines = sum(orders.mapped("wms_line_count"))
        return {
            "key": key,
            "label": label,
            "count": len(orders),
            "detail": self.env._(
                "%(lines)s lines, %(minutes)s min", lines=lines, minutes=round(minutes)
            ),
            "domain": [list(term) for term in domain],
        }

    def _waves(self, warehouses):
        """Waves in work, and those among them where nothing happens."""
        release = self.env["wms.release"]
        waves = self.env["stock.picking.batch"].union(
            *(release._running(warehouse) for warehouse in warehouses)
        )
        stops = sum(waves.mapped("wms_task_count"))
        left = sum(waves.mapped("wms_open_count"))
        stuck = waves.filtered("wms_is_stuck")
        return [
            {
                "key": "waves",
                "label": self.env._("Waves in work"),
                "count": len(waves),
                "detail": self.env._("%(left)s of %(stops)s stops open", left=left, stops=stops),
                "action": self._open(waves),
            },
            {
                "key": "stuck",
                "label": self.env._("Stuck"),
                "count": len(stuck),
                "detail": self.env._("Orders: %s", sum(stuck.mapped("wms_order_count"))),
                "action": self._open(stuck),
            },
        ]

    def _open(self, waves):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.stock_picking_batch_action"
        )
        return {**action, "domain": [["id", "in", waves.ids]], "context": {}}
