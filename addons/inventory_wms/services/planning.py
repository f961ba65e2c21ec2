"""Wave release: from waiting orders to ordered tasks.

Candidates -> stock for all of them (whole orders only) -> carts (batching) -> walk (routing)
-> waves with tasks.  Nothing is dropped silently: every order that is left out is reported
with its reason.  The number of queries does not depend on the number of orders.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models
from odoo.fields import Command, Domain

from ..engine.batching import Cart, Order, first_come
from ..exceptions import Refusal
from ..messages import parts
from .door import Operation
from .locks import MAX_PRODUCTS, LockKeys

LEAD = ("inventory_wms.group_lead",)
MAX_ORDERS = 500
WAITING = ("confirmed", "assigned", "waiting")


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "wave.release": Operation(
                service="wms.planning",
                handler="_op_release",
                args={
                    "picking_ids": "ids?",
                    "warehouse_id": "id?",
                    "max_orders": "whole?",
                    "cart_id": "id?",
                },
                groups=LEAD,
                keys="_keys_of_release",
            ),
            "wave.reserve": Operation(
                service="wms.planning",
                handler="_op_reserve",
                args={"picking_ids": "ids", "partial": "bool?"},
                groups=LEAD,
                keys="_keys_of_release",
            ),
        }


@dataclass
class Released:
    """What a release came to.

    ``waves``: stock.picking.batch; ``skipped``: {stock.picking: (code, params)};
    ``metres_plain``: the walk if the same orders had filled carts as they came, each cart walked
    in the order of the bins' names, which is what plain Odoo offers.
    """

    waves: object
    skipped: dict
    metres_plain: float = 0.0


@dataclass(frozen=True)
class CartLimits:
    """``slots``: names of the cart's slots; ``max_lines``: order lines in one wave."""

    slots: tuple[str, ...]
    max_lines: int
    cart_id: int = 0


class WmsPlanning(models.AbstractModel):
    _name = "wms.planning"
    _description = "Wave release"

    def _keys_of_release(self, args):
        """The whole warehouse, unless the few products are known: nobody else may take the
        stock that is being planned."""
        products = self._asked(args).move_ids.product_id.ids if args.get("picking_ids") else []
        if not products:
            products = range(1, MAX_PRODUCTS + 2)
        return LockKeys(self._warehouse(args).id, tuple(products), ("wave.claim",))

    def _asked(self, args):
        return self.env["stock.picking"].browse(args["picking_ids"]).exists()

    def _check_one_warehouse(self, pickings):
        """Locks are held for one warehouse, and an empty list means a mistake of the sender."""
        if len(pickings.picking_type_id.warehouse_id) != 1:
            problem = self.env._("must name transfers of one warehouse")
            raise Refusal("malformed", field="picking_ids", problem=problem)

    def _warehouse(self, args):
        if args.get("picking_ids"):
            return self._asked(args).picking_type_id.warehouse_id[:1]
        warehouse = self.env["stock.warehouse"].browse(args.get("warehouse_id") or [])
        if warehouse:
            return warehouse.exists()
        return warehouse.search([("company_id", "=", self.env.company.id)], limit=1)

    # ---------------------------------------------------------------- operations
    def _op_release(self, args, command):
        """Make waves of the orders that can be picked completely."""
        warehouse = self._warehouse(args)
        if not warehouse:
            raise Refusal("not_found", what=self.env._("Warehouse"))
        command.check_company(warehouse)
        left = {}
        if args["picking_ids"] is not None:  # the lead decides: no limit of the shift
            pickings = self._asked(args).sorted(lambda picking: (-picking.wms_rank, picking.id))
            command.check_company(pickings)
            self._check_one_warehouse(pickings)
        else:
            pickings, left = self.env["wms.release"]._choose(warehouse, args["max_orders"])
        released = self._release(pickings, self._cart_limits(warehouse, args["cart_id"]))
        waves = released.waves
        return {
            "waves": [self._wave_json(wave) for wave in waves],
            "orders": len(waves.picking_ids),
            "lines": len(waves.picking_ids.move_line_ids),
            "metres": round(sum(waves.mapped("wms_metres")), 1),
            "metres_plain": round(released.metres_plain, 1),
            "partial": self.env["wms.release"]._partial_json(waves.picking_ids),
            "skipped": self._skipped_json(released.skipped | left),
        }

    def _op_reserve(self, args, command):
        """Reserve transfers without making waves: completely or not at all, or, with ``partial``,
        what there is of them."""
        pickings = self._asked(args)
        command.check_company(pickings)
        self._check_one_warehouse(pickings)
        ready, skipped = self._split_ready(pickings)
        reservation = self.env["wms.reservation"]
        outcome = (reservation._reserve_parts if args["partial"] else reservation._reserve)(ready)
        return {
            "reserved": outcome.reserved.ids,
            "skipped": self._skipped_json(skipped | outcome.skipped),
        }

    # ---------------------------------------------------------------- candidates
    def _candidate_domain(self, warehouse):
        """Transfers that may be released: the leg that is picked from the bins."""
        return Domain(
            [
                ("picking_type_id", "=", warehouse._wms_first_leg().id),
                ("state", "in", WAITING),
                ("batch_id", "=", False),
            ]
        )

    def _candidates(self, warehouse, max_orders=None):
        """Orders waiting for a wave that nobody holds, most urgent first."""
        domain = self._candidate_domain(warehouse)
        self.env["wms.release"]._fill_missing(domain)
        return self.env["stock.picking"].search(
            domain & Domain("wms_hold", "=", False),
            order="wms_rank desc, scheduled_date, id",
            limit=min(max_orders or MAX_ORDERS, MAX_ORDERS),
        )

    def _split_ready(self, pickings):
        """Which transfers can be planned at all.

        :return: (stock.picking, {stock.picking: (code, params)})
        """
        skipped = {}
        for picking in pickings:
            if picking.state not in WAITING:
                state = dict(picking._fields["state"]._description_selection(self.env))
                skipped[picking] = ("skip_state", {"state": state[picking.state]})
            elif picking.batch_id:
                skipped[picking] = ("skip_in_wave", {"wave": picking.batch_id.name})
            elif picking.picking_type_id.code == "incoming":
                skipped[picking] = ("skip_incoming", {})
            elif picking.wms_hold:
                skipped[picking] = self.env["wms.release"]._why_held(picking)
        return pickings.filtered(lambda picking: picking not in skipped), skipped

    # -------------------------------------------------------------------- release
    def _release(self, pickings, limits):
        """Reserve, batch, route and write waves.

        :param pickings: stock.picking, most urgent first
        :param limits: CartLimits
        :return: Released
        """
        ready, skipped = self._split_ready(pickings)
        outcome = self.env["wms.reservation"]._reserve(ready)
        self.env["wms.release"]._reserve_parts(ready, outcome)
        released = Released(self.env["stock.picking.batch"], skipped | outcome.skipped)
        whole = outcome.reserved.filtered("move_line_ids")
        for leg in whole.picking_type_id:
            orders = whole.filtered(lambda picking, leg=leg: picking.picking_type_id == leg)
            for some, carts in self.env["wms.release"]._by_method(orders, limits):
                waves, plain = self._make_waves(some, carts, outcome.why)
                released.waves += waves
                released.metres_plain += plain
        return released

    def _preview(self, pickings):
        """What a release would take and leave out; nothing is written.

        :return: (stock.picking, {stock.picking: (code, params)})
        """
        ready, skipped = self._split_ready(pickings)
        outcome = self.env["wms.reservation"]._reserve(ready, dry=True)
        return outcome.reserved, skipped | outcome.skipped

    def _make_waves(self, orders, limits, why):
        # Core takes a wave's transfers from their responsible, with a message for each of them.
        orders.with_context(tracking_disable=True).filtered("user_id").user_id = False
        floor = self.env["wms.walk"]._floor(orders.move_line_ids.location_id)
        carts, plain = self._batches(orders, limits, floor)
        waves = self.env["stock.picking.batch"].create(
            [
                {
                    "is_wave": True,
                    "picking_type_id": orders.picking_type_id.id,
                    "company_id": orders.company_id.id,
                    "wms_cart_id": limits.cart_id or False,
                    "picking_ids": [Command.set(cart.ids)],
                }
                for cart in carts
            ]
        )
        waves.state = "in_progress"
        stops = {wave: self._stops(wave.picking_ids.move_line_ids) for wave in waves}
        values = []
        for wave in waves:
            values += self._task_values(wave, stops[wave], why, floor)
        tasks = self.env["wms.task"].create(values)
        self._link_lines(tasks, stops)
        for wave in waves:
            self._assign_slots(wave, limits.slots)
        return waves, plain

    def _batches(self, orders, limits, floor):
        """Orders on carts: few metres under the cart's slots and lines.

        :return: (list of stock.picking, metres of plain carts)
        """
        wanted = {
            order.id: (order.move_line_ids.location_id, len(order.move_line_ids))
            for order in orders
        }
        carts = self.env["wms.routing"]._batches(
            wanted,
            len(limits.slots),
            limits.max_lines,
            orders.company_id.wms_planning_seconds,
        )
        return [orders.browse(cart) for cart in carts], self._metres_plain(orders, limits, floor)

    def _metres_plain(self, orders, limits, floor):
        """Metres if orders filled carts as they come and each cart walked by bin name."""
        cart = Cart(slots=len(limits.slots), lines=limits.max_lines)
        facts = [Order(order.id, (), lines=len(order.move_line_ids)) for order in orders]
        return sum(
            floor.metres_by_name(
                orders.browse([order.key for order in queue.orders]).move_line_ids.location_id
            )
            for queue in first_come(facts, cart, lambda stops: 0.0)
        )

    # ---------------------------------------------------------------------- tasks
    def _stops(self, lines):
        """Lines that are picked in one stop: same bin, product and lot.

        :return: {(location, product, lot): stock.move.line}
        """
        stops = defaultdict(lines.browse)
        for line in lines.filtered(lambda line: not line.picked):
            stops[line.location_id, line.product_id, line.lot_id] += line
        return dict(stops)

    def _task_values(self, wave, stops, why, floor):
        """Values of a wave's tasks in walking order; writes the wave's metres."""
        walk = floor.plan(wave.picking_ids.move_line_ids.location_id)
        ordered = sorted(stops, key=lambda key: (walk.position(key[0]), key[1].id, key[2].id))
        wave.wms_metres = walk.metres
        wave.wms_metres_plain = walk.metres_plain
        values = []
        previous = None
        for sequence, key in enumerate(ordered, start=1):
            location, product, lot = key
            lines = stops[key]
            distance = 0.0 if location == previous else walk.step(location)
            previous = location
            values.append(
                {
                    "batch_id": wave.id,
                    "sequence": sequence,
                    "location_id": location.id,
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "demand": sum(lines.mapped("quantity_product_uom")),
                    "done": sum(lines.mapped("wms_scanned")),
                    "distance": distance,
                    "explanation": self._explain(lines, why, sequence, len(ordered), walk),
                }
            )
        return values

    def _explain(self, lines, why, sequence, stops, walk):
        """Why this bin (at most two sentences) and why now (one)."""
        reasons = {}
        for line in lines:
            for reason in why.get(line, []):
                reasons.setdefault(reason["code"], reason)
        order = {"stop": sequence, "stops": stops, "metres": f"{walk.metres:.0f}"}
        return [*list(reasons.values())[:2], {"code": "why_order", "params": order}]

    def _link_lines(self, tasks, stops):
        for task in tasks:
            key = (task.location_id, task.product_id, task.lot_id)
            stops[task.batch_id][key].wms_task_id = task

    def _assign_slots(self, wave, slots):
        """Cart slots in the order in which the orders first get something."""
        seen = wave.wms_task_ids.sorted("sequence").move_line_ids.picking_id
        for position, picking in enumerate(seen):
            row = slots[position] if position < len(slots) else str(position + 1)
            picking.wms_cart_slot = row

    # --------------------------------------------------------------------- options
    def _cart_limits(self, warehouse, cart_id=None):
        """The cart to plan for: the one asked for, the warehouse's first, or one of 3 x 4."""
        cart = self.env["wms.cart"]
        if cart_id:
            cart = (
                cart.browse(cart_id)
                .exists()
                .filtered(lambda cart: cart.company_id == warehouse.company_id)
            )
            if not cart:
                raise Refusal("not_found", what=self.env._("Cart %(id)s", id=cart_id))
        else:
            cart = cart.search(
                [
                    ("company_id", "=", warehouse.company_id.id),
                    ("warehouse_id", "in", [warehouse.id, False]),
                ],
                limit=1,
            )
        pattern = cart or cart.new({"rows": 3, "columns": 4, "max_lines": 40})
        return CartLimits(tuple(pattern._slots()), pattern.max_lines, cart.id)

    # ------------------------------------------------------------------------ JSON
    def _wave_json(self, wave):
        return {
            "batch_id": wave.id,
            "name": wave.name,
            "orders": len(wave.picking_ids),
            "picking_ids": wave.picking_ids.ids,
            "stops": len(wave.wms_task_ids),
            "task_ids": wave.wms_task_ids.ids,
            "metres": round(wave.wms_metres, 1),
            "metres_plain": round(wave.wms_metres_plain, 1),
        }

    def _skipped_json(self, skipped):
        return [
            {
                "picking_id": picking.id,
                "name": picking.name,
                "origin": picking.origin or "",
                "code": code,
                "reason": parts(self.env, code, params)["title"],
            }
            for picking, (code, params) in skipped.items()
        ]
