"""Where a picker can walk: blocks of parallel aisles between cross aisles, docks, stops.

A block is a set of parallel aisles that all open onto a front and a back cross aisle. A picker
walks along cross aisles (x) and through aisles (y), never through racks, so the distance of two
stops is the shortest way over aisle ends, not a straight line. Both sides of an aisle are reached
from its centre line. The height of a level costs no metres; what it costs in time is counted
apart (``Layout.lift``). Aisles that are walked in one direction only or are blocked somewhere are
named in the layout; ``routing_ground`` has the distances then.

All coordinates and distances are metres.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Parallel aisles between the cross aisles at ``front`` < ``back`` (y of centre lines)."""

    front: float
    back: float

    def __post_init__(self) -> None:
        if not self.front < self.back:
            raise ValueError(
                f"A block needs its front ({self.front}) before its back ({self.back})."
            )


@dataclass(frozen=True, slots=True)
class OneWay:
    """The aisle ``x`` of a block is walked in this direction (in both, if both are named)."""

    x: float
    block: int
    to_back: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """Nobody walks through the aisle ``x`` of a block between ``front`` and ``back``."""

    x: float
    block: int
    front: float
    back: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of one floor, numbered by their place in the tuple.

    ``one_way``, ``blocked``: aisles that can't be walked freely; ``aisles``: x of further aisles
    that a detour may use, beside those of stops; ``lift``: metres on the floor that take as long
    as one metre of height.
    """

    blocks: tuple[Block, ...]
    one_way: tuple[OneWay, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    aisles: tuple[float, ...] = ()
    lift: float = 0.0

    @property
    def free(self) -> bool:
        """Whether every aisle can be walked in both directions."""
        return not self.one_way and not self.blocked


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to stand: ``x`` names the aisle (equal x, same aisle), ``y`` the place in it.

    ``z``: height of the level. Levels above one place are served together.
    """

    key: Hashable
    x: float
    y: float
    block: int = 0
    z: float = 0.0


@dataclass(frozen=True, slots=True)
class Dock:
    """Where a route starts or ends; usually on or outside a cross aisle."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """Stops in walking order.

    ``legs``: metres to each stop and, last, to the end dock; ``metres``: their sum; ``method``:
    how the order was found; ``exact``: no shorter order exists; ``climb``: metres on the floor
    that take as long as reaching all levels, once up and down at each place.
    """

    stops: tuple[Stop, ...]
    legs: tuple[float, ...]
    metres: float
    method: str
    exact: bool
    climb: float = 0.0


Place = Stop | Dock


def _ends(layout: Layout, place: Place) -> tuple[float, ...]:
    """The y of the cross aisles a place opens onto; a dock is its own end."""
    if isinstance(place, Dock):
        return (place.y,)
    block = layout.blocks[place.block]
    return (block.front, block.back)


def distance(layout: Layout, one: Place, other: Place) -> float:
    """Shortest walk between two places, in metres.

    Same aisle: along it. Otherwise out at one end of the first aisle, rectilinear to an end of
    the second (stacked blocks share their aisles' lines), and in.
    """
    across = abs(one.x - other.x)
    if across == 0 and (
        isinstance(one, Dock) or isinstance(other, Dock) or one.block == other.block
    ):
        return abs(one.y - other.y)
    return across + min(
        abs(one.y - out) + abs(out - into) + abs(into - other.y)
        for out in _ends(layout, one)
        for into in _ends(layout, other)
    )


def climb(layout: Layout, stops: Iterable[Stop]) -> float:
    """Metres on the floor for the heights of all stops: the highest of each place, both ways."""
    heights: dict[tuple[int, float, float], float] = {}
    for stop in stops:
        place = (stop.block, stop.x, stop.y)
        heights[place] = max(heights.get(place, 0.0), stop.z)
    return 2 * layout.lift * sum(heights.values())


def route_of(
    layout: Layout,
    order: Sequence[Stop],
    legs: Sequence[float],
    method: str,
    exact: bool,
) -> Route:
    """The route over stops in their order with its legs, one more than stops."""
    return Route(tuple(order), tuple(legs), sum(legs), method, exact, climb(layout, order))
