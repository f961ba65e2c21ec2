"""The walks of waves: in which order their bins are visited, and how far it is.

The facts of all bins are read once; any number of walks is planned from them without a query.
"""

from dataclasses import dataclass, field

from odoo import models

from ..engine import routing as engine


@dataclass(frozen=True)
class Walk:
    """``order``: location id -> place in the walk (0 is first); ``steps``: location id -> metres
    from the stop before; ``metres``: the whole walk and back; ``metres_plain``: the same bins in
    the order of their names."""

    order: dict[int, int]
    steps: dict[int, float] = field(default_factory=dict)
    metres: float = 0.0
    metres_plain: float = 0.0

    def position(self, location) -> int:
        """Place of a bin in the walk."""
        return self.order[location.id]

    def step(self, location) -> float:
        """Metres from the bin before to this one; 0 where they are not known."""
        return self.steps.get(location.id) or 0.0


class Floor:
    """Where bins and docks are: ``layout``, ``stops`` by location id, ``docks`` (start, end)."""

    def __init__(self, layout=None, stops=(), docks=()):
        self.layout = layout
        self.docks = docks
        self._stops = {stop.key: stop for stop in stops}

    def plan(self, locations, start=None) -> Walk:
        """The shortest walk to bins and back to the dock.

        :param locations: bins of this floor (stock.location), each once
        :param start: bin where the worker stands, or None for the dock
        :return: the walk; bins without coordinates, or cut off by a blocked aisle, come last, by
            name, and count no metres
        """
        by_name = locations.sorted(lambda location: (location.wms_sort_key or "", location.id))
        placed = [self._stops[key] for key in by_name.ids if key in self._stops]
        if placed:
            placed = engine.reachable(self.layout, placed, self._from(start), self.docks[1])
        known = {stop.key for stop in placed}
        lost = [key for key in by_name.ids if key not in known]
        if not placed:
            return Walk({key: place for place, key in enumerate(lost)})
        route = engine.route(self.layout, placed, self._from(start), self.docks[1])
        keys = [stop.key for stop in route.stops]
        return Walk(
            order={key: place for place, key in enumerate([*keys, *lost])},
            steps=dict(zip(keys, route.legs[:-1], strict=True)),
            metres=route.metres,
            metres_plain=self.metres_by_name(locations),
        )

    def _from(self, start):
        if start and start.id in self._stops:
            here = self._stops[start.id]
            return engine.Dock(here.x, here.y)
        return self.docks[0]

    def stop(self, number):
        """Where a bin (id of its location) is, for the engine; None without coordinates."""
        return self._stops.get(number)

    def metres_between(self, here, there) -> float | None:
        """Metres from one bin to another; None where one of them has no coordinates."""
        ends = [self._stops.get(place.id) for place in (here, there)]
        return engine.distance(self.layout, *ends) if all(ends) else None

    def metres_by_name(self, locations) -> float:
        """Metres through bins in the order of their full names, as Odoo's batch list has them."""
        named = locations.sorted(lambda location: (location.complete_name or "", location.id))
        return self._walked([self._stops[key] for key in named.ids if key in self._stops])

    def _walked(self, stops) -> float:
        if not stops:
            return 0.0
        stops = engine.reachable(self.layout, stops, *self.docks)
        return sum(engine.walk(self.layout, stops, *self.docks))


class WmsWalk(models.AbstractModel):
    _name = "wms.walk"
    _description = "Walks of waves"

    def _floor(self, locations) -> Floor:
        """Read where bins are.

        :param locations: all bins that will be walked to (stock.location)
        """
        placed = locations.filtered("wms_located")
        if not placed:
            return Floor()
        routing = self.env["wms.routing"]
        layout, stops = routing._facts(placed)
        return Floor(layout, stops, routing._ends(layout, stops, placed, (None, None)))
