"""Routing rules of thumb, for comparison: S-shape, return, largest gap.

Definitions: R. W. Hall, "Distance approximations for routing manual pickers in a warehouse",
IIE Transactions 25 (1993). The side of the start dock counts as front. Each rule is walked from
left to right and from right to left, and the shorter counts. The metres are those of the rule as
it is walked, which may be more than the shortest walk over the same order of stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from .routing_layout import Block, Dock, Stop

# aisles in walking order: (x, stops from the front)
Aisles = list[tuple[float, list[Stop]]]
# metres and stops in walking order
Plan = tuple[float, list[Stop]]


@dataclass(frozen=True, slots=True)
class _Ground:
    """The block seen from the start dock: y of its front, depth of its aisles, x of the docks."""

    front: float
    depth: float
    start: float
    end: float

    def into(self, stop: Stop) -> float:
        """Metres from the front to a stop."""
        return abs(stop.y - self.front)

    def along(self, first: float, last: float) -> float:
        """Metres along the cross aisles when the aisles are walked from first to last."""
        return abs(self.start - first) + abs(last - first) + abs(self.end - last)


def _s_shape(ground: _Ground, aisles: Aisles) -> Plan:
    """Whole aisles, up and down in turn; an odd last aisle is left where it was entered."""
    order: list[Stop] = []
    for number, (_x, stops) in enumerate(aisles):
        order += stops if number % 2 == 0 else reversed(stops)
    metres = ground.depth * len(aisles)
    if len(aisles) % 2:
        metres += 2 * ground.into(aisles[-1][1][-1]) - ground.depth
    return metres + ground.along(aisles[0][0], aisles[-1][0]), order


def _return(ground: _Ground, aisles: Aisles) -> Plan:
    """Every aisle in and out at the front."""
    metres = sum(2 * ground.into(stops[-1]) for _x, stops in aisles)
    order = [stop for _x, stops in aisles for stop in stops]
    return metres + ground.along(aisles[0][0], aisles[-1][0]), order


def _largest_gap(ground: _Ground, aisles: Aisles) -> Plan:
    """First and last aisle whole, the others from both ends up to their largest gap.

    The way is a ring: front aisles on this side of the dock, first aisle, back, last aisle,
    front aisles up to the dock.
    """
    if len(aisles) == 1:
        return _return(ground, aisles)
    (first_x, first), *middle, (last_x, last) = aisles
    metres = 2 * ground.depth
    back: list[Stop] = []
    before: list[Stop] = []
    after: list[Stop] = []
    for x, stops in middle:
        depths = [0.0, *(ground.into(stop) for stop in stops), ground.depth]
        gaps = [b - a for a, b in pairwise(depths)]
        place = max(range(len(gaps)), key=gaps.__getitem__)
        metres += 2 * (ground.depth - gaps[place])
        back += reversed(stops[place:])
        met_first = abs(x - first_x) < abs(ground.start - first_x)
        met_first = met_first and (x - first_x) * (ground.start - first_x) > 0
        side = before if met_first else after
        side[:0] = stops[:place]
    ring = abs(ground.start - first_x) + abs(last_x - first_x) + abs(last_x - ground.end)
    return metres + ring, [*before, *first, *back, *reversed(last), *after]


_RULES: dict[str, Callable[[_Ground, Aisles], Plan]] = {
    "s_shape": _s_shape,
    "return": _return,
    "largest_gap": _largest_gap,
}


def rule_order(
    rule: str, block: Block, stops: Sequence[Stop], start: Dock, end: Dock
) -> tuple[float, list[Stop]]:
    """Metres and stops in order under ``s_shape``, ``return`` or ``largest_gap``.

    Raises ``KeyError`` for another rule. Both docks are taken to be at the front.
    """
    front = min(block.front, block.back, key=lambda y: abs(y - start.y))
    ground = _Ground(front, block.back - block.front, start.x, end.x)
    ordered = sorted(stops, key=lambda stop: (stop.x, ground.into(stop)))
    aisles = [(x, list(group)) for x, group in groupby(ordered, attrgetter("x"))]
    plans = [_RULES[rule](ground, turned) for turned in (aisles, aisles[::-1])]
    metres, order = min(plans, key=lambda plan: plan[0])
    return metres + abs(start.y - front) + abs(end.y - front), order
