"""Where a picker can walk: blocks of parallel aisles between cross aisles, docks, stops.

A block is a set of parallel aisles that all open onto a front and a back cross aisle. A picker
walks along cross aisles (x) and through aisles (y), never through racks, so the distance of two
stops is the shortest way over aisle ends, not a straight line. Both sides of an aisle are reached
from its centre line, and the height of a level costs no metres.

All coordinates and distances are metres.
"""

from collections.abc import Hashable, Sequence
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
class Layout:
    """The blocks of one floor, numbered by their place in the tuple."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to stand: ``x`` names the aisle (equal x, same aisle), ``y`` the place in it."""

    key: Hashable
    x: float
    y: float
    block: int = 0


@dataclass(frozen=True, slots=True)
class Dock:
    """Where a route starts or ends; usually on or outside a cross aisle."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """Stops in walking order.

    ``legs``: metres to each stop and, last, to the end dock; ``metres``: their sum; ``method``:
    how the order was found; ``exact``: no shorter order exists.
    """

    stops: tuple[Stop, ...]
    legs: tuple[float, ...]
    metres: float
    method: str
    exact: bool


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


def walk(layout: Layout, order: Sequence[Stop], start: Dock, end: Dock) -> tuple[float, ...]:
    """Metres to each stop of a given order and, last, from the last stop to the end dock."""
    places: list[Place] = [start, *order, end]
    return tuple(distance(layout, a, b) for a, b in zip(places, places[1:], strict=False))


def route_of(
    layout: Layout, order: Sequence[Stop], docks: tuple[Dock, Dock], method: str, exact: bool
) -> Route:
    """A route that walks a given order the shortest way; ``docks`` are start and end."""
    legs = walk(layout, order, *docks)
    return Route(tuple(order), legs, sum(legs), method, exact)
