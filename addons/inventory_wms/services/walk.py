"""The walk of a wave: in which order its bins are visited, and how far it is."""

from dataclasses import dataclass, field

from odoo import models


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


class WmsWalk(models.AbstractModel):
    _name = "wms.walk"
    _description = "Walk of a wave"

    def _walk(self, locations, start=None) -> Walk:
        """Plan a walk from the dock, or from where the worker stands, back to the dock.

        :param locations: bins to visit (stock.location), each once
        :param start: bin where the worker stands, or None
        :return: the walk; bins without coordinates come last and count no metres
        """
        routing = self.env["wms.routing"]
        end = None
        if start:
            end = locations.warehouse_id[:1].view_location_id._wms_docks()[:1]
        route = routing._route(locations, start=start, end=end)
        plain = locations.sorted(lambda location: (location.complete_name or "", location.id))
        return Walk(
            order={location.id: place for place, location in enumerate(route.bins)},
            steps={
                location.id: leg for location, leg in zip(route.bins, route.legs, strict=True)
            },
            metres=route.metres,
            metres_plain=routing._metres(plain),
        )
