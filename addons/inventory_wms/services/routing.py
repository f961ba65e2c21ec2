"""Walks through the warehouse: reads where bins are, asks the engine, answers in locations."""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo import models
from odoo.fields import Domain

from ..engine import batching, routing

# how far a cross aisle's middle lies beyond the outermost bin, when no zone says its depth
CLEARANCE = 1.0
# CPU that pays off for planning few orders: ten of them take 0.1 s
SECONDS_PER_PAIR = 0.001
# a blocked bin closes its aisle this far to both sides
HALF_BAY = 0.5


@dataclass(frozen=True)
class PlannedRoute:
    """Bins in walking order.

    ``bins``: stock.location records; ``legs``: metres to each of them, None where unknown;
    ``back``: metres from the last to the end dock; ``metres``: the whole walk; ``method``:
    ``exact``, ``search`` or ``natural`` (by name: no bin has a place); ``note``: what limits the
    plan, a sentence for people, or empty.
    """

    bins: object
    legs: tuple
    back: float
    metres: float
    method: str
    note: str


class WmsRouting(models.AbstractModel):
    _name = "wms.routing"
    _description = "Routes through the warehouse"

    def _route(self, bins, start=None, end=None):
        """Order bins (stock.location) for walking, from ``start`` to ``end``.

        ``start`` and ``end`` are locations with coordinates; by default the first dock of the
        warehouse, else the front of the first aisle. Bins without coordinates come last, in
        natural order, and count no metres. The number of queries does not depend on the bins.
        """
        bins = bins.sorted(lambda location: (location.wms_sort_key or "", location.id))
        placed = bins.filtered("wms_located")
        lost = bins - placed
        if not placed:
            return PlannedRoute(bins, (None,) * len(bins), 0.0, 0.0, "natural", self._note(lost))
        layout, stops = self._facts(placed)
        docks = self._ends(layout, stops, placed, (start, end))
        stops = routing.reachable(layout, stops, *docks)
        cut_off = placed - placed.browse([stop.key for stop in stops])
        found = routing.route(layout, stops, *docks)
        lost = cut_off + lost
        order = self.env["stock.location"].browse([stop.key for stop in found.stops])
        return PlannedRoute(
            bins=order + lost,
            legs=found.legs[:-1] + (None,) * len(lost),
            back=found.legs[-1],
            metres=found.metres,
            method=found.method,
            note=self._note(lost, cut_off),
        )

    def _batches(self, orders, slots, lines, seconds=0.0):
        """Put orders on carts with few metres; no order is split.

        :param orders: {key: (bins, number of lines)}, in the order they came
        :param slots: orders on a cart at most; ``lines``: lines on a cart at most
        :param seconds: CPU for improving the first plan by savings; a few orders take less
        :return: list of lists of keys, by their first order. First come, first served where
            bins have no coordinates, or several blocks are walked and there is no time to search
        """
        every = self.env["stock.location"].union(*(bins for bins, _lines in orders.values()))
        cart = batching.Cart(slots=slots, lines=lines)
        walk, stops = None, {}
        if every and all(every.mapped("wms_located")):
            layout, found = self._facts(every)
            # which cart is hardly changed by a blocked aisle, and free lengths are fast
            layout = replace(layout, one_way=(), blocked=())
            if seconds or len(layout.blocks) == 1:
                walk = batching.Walk(layout, *self._ends(layout, found, every, (None, None)))
                stops = {stop.key: stop for stop in found}
        asked = [
            batching.Order(
                key, tuple(stops[number] for number in bins.ids) if walk else (), lines=count
            )
            for key, (bins, count) in orders.items()
        ]
        planned = self._plan(asked, cart, walk, seconds)
        return [[order.key for order in batch.orders] for batch in planned]

    def _plan(self, orders, cart, walk, seconds):
        """Batches of the engine's orders."""
        if walk is None:
            return batching.first_come(orders, cart, lambda _stops: 0.0)
        if not seconds:
            return batching.batches(orders, cart, walk)
        seconds = min(seconds, SECONDS_PER_PAIR * len(orders) ** 2)
        return batching.planned(orders, cart, walk, batching.Budget(seconds))

    def _metres(self, bins, start=None, end=None):
        """Metres to walk to bins in the order given, for comparison with ``_route``."""
        placed = bins.filtered("wms_located")
        if not placed:
            return 0.0
        layout, stops = self._facts(placed)
        docks = self._ends(layout, stops, placed, (start, end))
        return sum(routing.walk(layout, routing.reachable(layout, stops, *docks), *docks))

    def _note(self, lost, cut_off=()):
        if cut_off:
            return self.env._(
                "%(count)s bins can't be walked to (first: %(first)s): an aisle is blocked or"
                " one-way. They come last. Clear the aisle or pick from other bins.",
                count=len(cut_off),
                first=cut_off[0].name,
            )
        if not lost:
            return ""
        return self.env._(
            "%(count)s bins have no coordinates (first: %(first)s). They come last, by name, and"
            " their metres are not counted.",
            count=len(lost),
            first=lost[0].name,
        )

    def _facts(self, bins):
        """Layout and one stop per bin; bins of one aisle share its x."""
        obstacles = self._obstacles(bins) - bins
        blocks = self._blocks(bins + obstacles)
        frames = sorted({blocks[location.id] for location in bins})
        number = {frame: place for place, frame in enumerate(frames)}
        obstacles = obstacles.filtered(lambda location: blocks[location.id] in number)
        every = bins + obstacles
        middle = self._aisle_middles(every, blocks)
        at = {location.id: (middle[location.id], number[blocks[location.id]]) for location in every}
        stops = [
            routing.Stop(location.id, x, location.wms_y, block, location.wms_z)
            for location in bins
            for x, block in [at[location.id]]
        ]
        layout = routing.Layout(
            tuple(self._frame(frame, stops, place) for frame, place in number.items())
        )
        return self._with_obstacles(layout, every, at), stops

    def _obstacles(self, bins):
        """Blocked bins and aisles, and one-way aisles, of the bins' warehouses."""
        views = bins.warehouse_id.view_location_id
        domain = Domain("id", "child_of", views.ids) & Domain("wms_located", "=", True)
        domain &= Domain("wms_blocked", "=", True) | Domain("wms_one_way", "!=", False)
        return self.env["stock.location"].search(domain)

    def _with_obstacles(self, layout, locations, at):
        """The layout with what ``locations`` close; ``at``: location id -> (x, block)."""
        one_way, blocked = [], []
        for location in locations:
            x, block = at[location.id]
            frame = layout.blocks[block]
            if location.wms_kind == "aisle":
                if location.wms_one_way:
                    one_way.append(routing.OneWay(x, block, location.wms_one_way == "back"))
                if location.wms_blocked:
                    blocked.append(routing.Blocked(x, block, frame.front, frame.back))
            elif location.wms_blocked:
                low, high = location.wms_y - HALF_BAY, location.wms_y + HALF_BAY
                blocked.append(routing.Blocked(x, block, low, high))
        if not one_way and not blocked:
            return layout
        closed = [one.x for one in (*one_way, *blocked)]
        aisles = tuple(
            x
            for x in self._detours(locations)
            if all(abs(x - other) > CLEARANCE for other in closed)
        )
        return replace(layout, one_way=tuple(one_way), blocked=tuple(blocked), aisles=aisles)

    def _detours(self, bins):
        """x of the aisles of the bins' warehouses."""
        views = bins.warehouse_id.view_location_id
        domain = Domain("id", "child_of", views.ids) & Domain("wms_located", "=", True)
        domain &= Domain("wms_kind", "in", ("bin", "pick_face"))
        found = self.env["stock.location"]._read_group(
            domain, ["location_id", "wms_aisle"], ["wms_x:min", "wms_x:max"]
        )
        return sorted({(low + high) / 2 for _zone, _aisle, low, high in found})

    def _frame(self, frame, stops, number):
        """A block, widened where a bin's coordinates stick out of its zone."""
        ys = [stop.y for stop in stops if stop.block == number]
        return routing.Block(min(frame[0], *ys), max(frame[1], *ys))

    def _aisle_middles(self, bins, blocks):
        """x of each bin's aisle: both sides of a named aisle are walked in its middle."""
        sides = defaultdict(list)
        for location in bins:
            name = location.wms_aisle or location.wms_x
            sides[blocks[location.id], name].append(location)
        return {
            location.id: sum({min(xs), max(xs)}) / len({min(xs), max(xs)})
            for same in sides.values()
            for xs in [[location.wms_x for location in same]]
            for location in same
        }

    def _blocks(self, bins):
        """(front, back) for each bin: of its zone, else of all bins beside it in the warehouse.

        Zones that share their cross aisles are one block, so a route over both is exact.
        """
        zones = self._zones(bins)
        extents = self._extents(zones)
        return {location.id: extents[zones[location.id]] for location in bins}

    def _zones(self, bins):
        """The innermost zone of each bin, or the stock location of its warehouse."""
        above = {location: self._ancestors(location) for location in bins}
        every = {number for numbers in above.values() for number in numbers}
        found = self.env["stock.location"].search(
            Domain("id", "in", list(every)) & Domain("wms_kind", "=", "zone")
        )
        zone_ids = set(found.ids)
        result = {}
        for location, numbers in above.items():
            inner = next((n for n in reversed(numbers) if n in zone_ids), None)
            result[location.id] = inner or location.warehouse_id.lot_stock_id.id or numbers[0]
        return result

    def _ancestors(self, location):
        return [int(number) for number in location.parent_path.split("/") if number]

    def _extents(self, zones):
        """(front, back) of each zone: its own measures, else those of the bins below it."""
        locations = self.env["stock.location"].browse(set(zones.values()))
        result = {}
        for zone in locations:
            if zone.wms_kind == "zone" and zone.wms_depth and zone.wms_located:
                result[zone.id] = (zone.wms_y, zone.wms_y + zone.wms_depth)
        unmeasured = [zone for zone in locations if zone.id not in result]
        if unmeasured:
            result.update(self._measured(unmeasured))
        return result

    def _measured(self, zones):
        """Extents from the outermost bins below zones without a depth."""
        domain = Domain("id", "child_of", [zone.id for zone in zones])
        domain &= Domain("wms_located", "=", True)
        domain &= Domain("wms_kind", "in", ("bin", "pick_face"))
        below = self.env["stock.location"]._read_group(
            domain, ["location_id"], ["wms_y:min", "wms_y:max"]
        )
        result = {}
        for zone in zones:
            inside = [
                (low, high) for parent, low, high in below if zone.id in self._ancestors(parent)
            ]
            low = min((low for low, _high in inside), default=0.0)
            high = max((high for _low, high in inside), default=0.0)
            result[zone.id] = (low - CLEARANCE, high + CLEARANCE)
        return result

    def _ends(self, layout, stops, bins, ends):
        """The docks where the walk begins and ends."""
        start, end = ends
        if not start or not start.wms_located:
            start = bins.warehouse_id[:1].view_location_id._wms_docks()[:1]
        if start:
            first = routing.Dock(start.wms_x, start.wms_y)
        else:
            frame = layout.blocks[0]
            first = routing.Dock(min(stop.x for stop in stops), frame.front)
        if end and end.wms_located:
            return first, routing.Dock(end.wms_x, end.wms_y)
        return first, first
