"""Order of stops: the one entry to routes through a warehouse.

A route is exact where all stops lie in one block (``routing_exact``), in two blocks one behind the
other, or in three if it ends where it starts (``routing_grid``). Beyond that, and where aisles are
blocked or one-way (``routing_ground``), it is searched, and still exact for few stops
(``routing_search``). Rules of thumb are there for comparison (``routing_policies``).
The vocabulary and the distances are those of ``routing_layout``; all lengths are metres.

>>> layout = Layout((Block(front=0, back=10),))
>>> dock = Dock(x=0, y=0)
>>> found = route(layout, [Stop("far", 3, 9), Stop("near", 0, 8), Stop("mid", 3, 2)], dock)
>>> [stop.key for stop in found.stops], found.metres, found.method
(['near', 'far', 'mid'], 26, 'exact')
"""

from collections.abc import Sequence
from itertools import pairwise

from .routing_exact import shortest_cycle, shortest_length, shortest_order
from .routing_grid import Grid, grid_cycle, grid_length, grid_of, grid_order
from .routing_ground import matrix
from .routing_layout import Block, Blocked, Dock, Layout, OneWay, Place, Route, Stop, route_of
from .routing_layout import distance as free_distance
from .routing_policies import rule_order
from .routing_search import ALL_ORDERS, searched_path, shortest_path

__all__ = [
    "Block",
    "Blocked",
    "Dock",
    "Layout",
    "OneWay",
    "Place",
    "Route",
    "Stop",
    "checked",
    "distance",
    "exact_grid",
    "length",
    "reachable",
    "route",
    "rule",
    "walk",
]

_HERE = object()
_NO_WAY = float("inf")
# with more levels between cross aisles the exact programme takes longer than a scan may wait;
# start and end at different places multiply its states
_EXACT_LEVELS, _EXACT_LEVELS_OPEN = 3, 2


def _inside(block: Block, dock: Dock) -> bool:
    return block.front < dock.y < block.back


def checked(layout: Layout, stops: Sequence[Stop]) -> None:
    """Raise ``ValueError`` for a stop that is not in its block."""
    for stop in stops:
        if not 0 <= stop.block < len(layout.blocks):
            raise ValueError(f"Stop {stop.key!r} is in block {stop.block}, which is not there.")
        block = layout.blocks[stop.block]
        if not block.front <= stop.y <= block.back:
            raise ValueError(
                f"Stop {stop.key!r} at y = {stop.y} lies outside its block"
                f" ({block.front} to {block.back})."
            )


def _single_block(layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]) -> Block | None:
    """The block for the exact programme, if it applies."""
    if len({stop.block for stop in stops}) != 1:
        return None
    block = layout.blocks[stops[0].block]
    if docks[0] != docks[1] and any(_inside(block, dock) for dock in docks):
        return None
    return block


def _turned(order: list[Stop]) -> list[Stop]:
    """A closed tour over stops and the dock, begun behind the dock and without it."""
    place = next(i for i, stop in enumerate(order) if stop.key is _HERE)
    return order[place + 1 :] + order[:place]


def exact_grid(layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]) -> Grid | None:
    """The grid for the exact programme where all docks join at cross aisles, if it applies."""
    grid = _grid(layout, stops, docks) if layout.free else None
    joined = grid is not None and all(grid.corner(dock) is not None for dock in docks)
    return grid if joined else None


def _grid(layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]) -> Grid | None:
    """The grid for the exact programme over several blocks, if it applies."""
    grid = grid_of(layout, stops, docks)
    most = _EXACT_LEVELS if docks[0] == docks[1] else _EXACT_LEVELS_OPEN
    if grid is None or len(grid.corners) > most + 1:
        return None
    between = any(grid.corner(dock) is None for dock in docks)
    return None if between and docks[0] != docks[1] else grid


def _grid_order(
    layout: Layout, grid: Grid, stops: Sequence[Stop], docks: tuple[Dock, Dock]
) -> list[Stop]:
    """The shortest order over several blocks; a dock between the cross aisles is one stop more."""
    if grid.corner(docks[0]) is not None:
        return grid_order(grid, stops, docks)
    dock = docks[0]
    block = next(n for n in grid.levels if _inside(layout.blocks[n], dock))
    return _turned(grid_cycle(grid, [*stops, Stop(_HERE, dock.x, dock.y, block)]))


def _exact_order(
    layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]
) -> list[Stop] | None:
    """The shortest order by a programme over the aisles, or None where none applies."""
    if not layout.free:
        return None
    block = _single_block(layout, stops, docks)
    if block is None:
        grid = _grid(layout, stops, docks)
        return None if grid is None else _grid_order(layout, grid, stops, docks)
    start, end = docks
    if _inside(block, start):
        here = Stop(_HERE, start.x, start.y, stops[0].block)
        return _turned(shortest_cycle(block, [*stops, here]))
    return shortest_order(block, stops, start, end)


def _by_distances(
    layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]
) -> tuple[list[Stop], bool]:
    """An order found on distances alone, and whether none is shorter.

    Raises ``ValueError`` for a stop that can't be reached or left.
    """
    places: list[Place] = [docks[0], *stops, docks[1]]
    metres = matrix(layout, places)
    for number, stop in enumerate(stops, start=1):
        if metres[0][number] == _NO_WAY or metres[number][-1] == _NO_WAY:
            raise ValueError(f"Stop {stop.key!r} can't be reached: its aisle is blocked.")
    exact = len(stops) <= ALL_ORDERS
    path = shortest_path(metres) if exact else searched_path(metres)
    return [stops[number - 1] for number in path[1:-1]], exact


def _together(stops: Sequence[Stop]) -> dict[tuple[int, float, float], list[Stop]]:
    """Stops by place, the lowest level first: all levels of a place are served at once."""
    places: dict[tuple[int, float, float], list[Stop]] = {}
    for stop in stops:
        places.setdefault((stop.block, stop.x, stop.y), []).append(stop)
    for same in places.values():
        same.sort(key=lambda stop: stop.z)
    return places


def route(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> Route:
    """The order in which to walk to all stops, from ``start`` to ``end`` (default: back).

    Stops at one place stay together, from low to high. Raises ``ValueError`` for a stop outside
    its block, or one that can't be reached because its aisle is blocked.
    """
    docks = (start, start if end is None else end)
    checked(layout, stops)
    places = _together(stops)
    firsts = [same[0] for same in places.values()]
    order = _exact_order(layout, firsts, docks) if firsts else []
    exact = order is not None
    if order is None:
        order, exact = _by_distances(layout, firsts, docks)
    order = [stop for one in order for stop in places[one.block, one.x, one.y]]
    legs = walk(layout, order, *docks)
    return route_of(layout, order, legs, "exact" if exact else "search", exact)


def reachable(
    layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None
) -> list[Stop]:
    """The stops that can be walked to from ``start`` and on to ``end``, in the order given."""
    if layout.free or not stops:
        return list(stops)
    metres = matrix(layout, [start, start if end is None else end, *stops])
    return [
        stop
        for number, stop in enumerate(stops, start=2)
        if metres[0][number] + metres[number][1] < _NO_WAY
    ]


def distance(layout: Layout, one: Place, other: Place) -> float:
    """Metres of the shortest walk from one place to another; infinite where there is none."""
    return matrix(layout, [one, other])[0][1]


def walk(layout: Layout, order: Sequence[Stop], start: Dock, end: Dock) -> tuple[float, ...]:
    """Metres to each stop of a given order and, last, from the last stop to the end dock."""
    places: list[Place] = [start, *order, end]
    if layout.free:
        return tuple(free_distance(layout, a, b) for a, b in pairwise(places))
    metres = matrix(layout, places)
    return tuple(metres[number][number + 1] for number in range(len(places) - 1))


def length(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> float:
    """Metres of ``route``; faster where an exact programme applies, since it builds no order."""
    docks = (start, start if end is None else end)
    if not layout.free or not stops:
        return route(layout, stops, *docks).metres
    block = _single_block(layout, stops, docks)
    if block is not None and not _inside(block, start):
        return shortest_length(block, stops, *docks)
    grid = exact_grid(layout, stops, docks) if block is None else None
    if grid is not None:
        return grid_length(grid, stops, docks)
    return route(layout, stops, *docks).metres


def rule(
    name: str, layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None
) -> Route:
    """A rule of thumb (``s_shape``, ``return``, ``largest_gap``) through one block.

    ``metres`` is what the rule walks; ``legs`` are the shortest walks between its stops, which
    may sum to less. Raises ``ValueError`` for stops in several blocks.
    """
    end = start if end is None else end
    checked(layout, stops)
    if len({stop.block for stop in stops}) > 1 or not layout.free:
        raise ValueError("Rules of thumb are defined for one block of free aisles; use route().")
    if not stops:
        return route_of(layout, (), walk(layout, (), start, end), name, False)
    metres, order = rule_order(name, layout.blocks[stops[0].block], stops, start, end)
    return Route(tuple(order), walk(layout, order, start, end), metres, name, False)
