"""Which orders a release takes: most urgent first, as many as the shift can do, whole or part."""

from dataclasses import replace

from odoo import fields, models

from ..engine import release as engine
from .release import _aware


class WmsRelease(models.AbstractModel):
    _inherit = "wms.release"

    # ---------------------------------------------------------------------- choice
    def _choose(self, warehouse, max_orders=None):
        """The orders that a release of a warehouse takes now.

        :return: (stock.picking, most urgent first; {stock.picking: (code, params)})
        """
        planning = self.env["wms.planning"]
        domain = planning._candidate_domain(warehouse)
        orders, held = planning._candidates(warehouse, max_orders), self._held(domain)
        free = self._free_minutes(warehouse)
        if free is None or not orders:
            return orders, held
        # Orders that lack stock use no minutes, so what is short must be known first.
        ready, _short = self._ready(orders)
        over = self._over_capacity(ready, *free)
        return orders.filtered(lambda picking: picking not in over), held | over

    def _preview(self, warehouse, max_orders=None):
        """What a release would take and leave out; nothing is written.

        :return: (stock.picking, {stock.picking: (code, params)})
        """
        orders, skipped = self._choose(warehouse, max_orders)
        ready, short = self._ready(orders)
        return ready, short | skipped

    def _ready(self, orders):
        """Orders that would be picked, also those that go in part, in the order given."""
        whole, skipped = self.env["wms.planning"]._preview(orders)
        parts = self._partly(skipped).filtered(self._has_something)
        taken = whole | parts
        ready = orders.filtered(lambda picking: picking in taken)
        return ready, {order: why for order, why in skipped.items() if order not in parts}

    def _has_something(self, picking):
        """Whether any of the goods of an incomplete order is free (others may take it first)."""
        goods = picking.move_ids.product_id
        return any(
            product.free_qty > 0
            for product in goods.with_context(warehouse_id=picking.picking_type_id.warehouse_id.id)
        )

    # -------------------------------------------------------------------- capacity
    def _free_minutes(self, warehouse):
        """(minutes of the shift, minutes of it that waves in work need), None without shifts."""
        shifts = self.env["wms.shift"].search([("warehouse_id", "=", warehouse.id)])
        if not shifts:
            return None
        now = _aware(fields.Datetime.now())
        return (
            engine.capacity_minutes(shifts._facts(warehouse._wms_zone()), now),
            sum(self._minutes_left(wave) for wave in self._running(warehouse)),
        )

    def _running(self, warehouse):
        return self.env["stock.picking.batch"].search(
            [
                ("state", "=", "in_progress"),
                ("picking_type_id.warehouse_id", "=", warehouse.id),
                ("wms_task_ids", "!=", False),
            ]
        )

    def _minutes_left(self, wave):
        """Work of a wave that is still open, by its stops."""
        share = wave.wms_open_count / wave.wms_task_count if wave.wms_task_count else 0
        return share * sum(wave.picking_ids.mapped("wms_work_minutes"))

    def _over_capacity(self, ready, capacity, in_work):
        minutes = ready.mapped("wms_work_minutes")
        count = engine.how_many_fit(minutes, capacity, in_work)
        facts = {"capacity": f"{capacity:.0f}", "taken": f"{in_work + sum(minutes[:count]):.0f}"}
        return {picking: ("skip_capacity", facts) for picking in ready[count:]}

    # -------------------------------------------------------------- incomplete orders
    def _partly(self, skipped):
        """Orders among those that lack stock which may go with what is there."""
        now = fields.Datetime.now()
        found = self.env["stock.picking"].union(
            *(picking for picking, (code, _params) in skipped.items() if code == "skip_short")
        )
        return found.filtered(
            lambda picking: (
                picking.wms_profile_id and picking.wms_profile_id._ships_part(picking, now)
            )
        )

    def _reserve_parts(self, pickings, outcome):
        """Reserve what is there for incomplete orders that may go in part.

        Whole orders have been served before; among the rest the most urgent comes first.

        :param pickings: stock.picking, most urgent first
        :param outcome: Outcome of the reservation of whole orders; what is found is added
        """
        allowed = self._partly(outcome.skipped)
        parts = pickings.filtered(lambda picking: picking in allowed)
        reservation = self.env["wms.reservation"]
        missing = {}
        for move in parts.move_ids.filtered(reservation._is_simple):
            rest = move.product_qty - sum(move.move_line_ids.mapped("quantity_product_uom"))
            if move.state not in ("done", "cancel") and move.product_id.uom_id.compare(rest, 0) > 0:
                missing[move] = rest
        if not missing:
            return
        lines, why = reservation._reserve_more(missing)
        found = lines.picking_id
        outcome.reserved |= found
        outcome.why.update(why)
        for picking in found:
            del outcome.skipped[picking]

    def _partial_json(self, pickings):
        """Orders of new waves that go in part, and what waits."""
        found = []
        for picking in pickings:
            waits = [
                f"{rest:g} × {move.product_id.display_name}"
                for move in picking.move_ids
                if (rest := move.product_uom_qty - move.quantity) > 0 and move.state != "cancel"
            ]
            if waits:
                found.append(
                    {"picking_id": picking.id, "name": picking.name, "waits": ", ".join(waits)}
                )
        return found

    # --------------------------------------------------------------------- methods
    def _by_method(self, orders, limits):
        """Orders that are worked in the same way, with the limits of their carts.

        :param limits: CartLimits of the release, for profiles without a cart of their own
        :return: list of (stock.picking, CartLimits)
        """
        groups = orders.grouped(
            lambda order: (order.wms_profile_id.method, order.wms_profile_id.cart_id)
        )
        return [
            (found, self._limits(method or "cluster", cart, limits))
            for (method, cart), found in groups.items()
        ]

    def _limits(self, method, cart, limits):
        if cart:
            limits = replace(
                limits, slots=tuple(cart._slots()), max_lines=cart.max_lines, cart_id=cart.id
            )
        if method == "single":
            return replace(limits, slots=limits.slots[:1])
        if method == "sort":  # no slot for each order: they get a number for the sorting
            return replace(
                limits, slots=tuple(str(number + 1) for number in range(limits.max_lines))
            )
        return limits
