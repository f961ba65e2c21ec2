"""Order of stops: the one entry to routes through a warehouse.

A route is exact where all stops lie in one block (``routing_exact``) or in two or three blocks one
behind the other (``routing_grid``), and searched beyond (``routing_search``); rules of thumb are
there for comparison (``routing_policies``).
The vocabulary and the distances are those of ``routing_layout``; all lengths are metres.

>>> layout = Layout((Block(front=0, back=10),))
>>> dock = Dock(x=0, y=0)
>>> found = route(layout, [Stop("far", 3, 9), Stop("near", 0, 8), Stop("mid", 3, 2)], dock)
>>> [stop.key for stop in found.stops], found.metres, found.method
(['near', 'far', 'mid'], 26, 'exact')
"""

from collections.abc import Sequence

from .routing_exact import shortest_cycle, shortest_length, shortest_order
from .routing_grid import Grid, grid_cycle, grid_length, grid_of, grid_order
from .routing_layout import Block, Dock, Layout, Place, Route, Stop, distance, route_of, walk
from .routing_policies import rule_order
from .routing_search import searched_order

__all__ = [
    "Block",
    "Dock",
    "Layout",
    "Place",
    "Route",
    "Stop",
    "distance",
    "exact_grid",
    "length",
    "route",
    "rule",
    "walk",
]

_HERE = object()
# with more levels between cross aisles the exact programme takes longer than a scan may wait
_EXACT_LEVELS = 3


def _inside(block: Block, dock: Dock) -> bool:
    return block.front < dock.y < block.back


def _checked(layout: Layout, stops: Sequence[Stop]) -> None:
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
    grid = _grid(layout, stops, docks)
    joined = grid is not None and all(grid.corner(dock) is not None for dock in docks)
    return grid if joined else None


def _grid(layout: Layout, stops: Sequence[Stop], docks: tuple[Dock, Dock]) -> Grid | None:
    """The grid for the exact programme over several blocks, if it applies."""
    grid = grid_of(layout, stops, docks)
    if grid is None or len(grid.corners) > _EXACT_LEVELS + 1:
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
    """The shortest order, or None where no exact programme applies."""
    block = _single_block(layout, stops, docks)
    if block is None:
        grid = _grid(layout, stops, docks)
        return None if grid is None else _grid_order(layout, grid, stops, docks)
    start, end = docks
    if _inside(block, start):
        here = Stop(_HERE, start.x, start.y, stops[0].block)
        return _turned(shortest_cycle(block, [*stops, here]))
    return shortest_order(block, stops, start, end)


def route(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> Route:
    """The order in which to walk to all stops, from ``start`` to ``end`` (default: back).

    Several stops at one place stay together. Raises ``ValueError`` for a stop outside its block.
    """
    docks = (start, start if end is None else end)
    _checked(layout, stops)
    order = _exact_order(layout, stops, docks) if stops else []
    if order is None:
        return route_of(layout, searched_order(layout, stops, *docks), docks, "search", False)
    return route_of(layout, order, docks, "exact", True)


def length(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> float:
    """Metres of ``route``; faster where an exact programme applies, since it builds no order."""
    docks = (start, start if end is None else end)
    block = _single_block(layout, stops, docks) if stops else None
    if block is not None and not _inside(block, start):
        return shortest_length(block, stops, *docks)
    grid = exact_grid(layout, stops, docks) if stops and block is None else None
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
    _checked(layout, stops)
    if len({stop.block for stop in stops}) > 1:
        raise ValueError("Rules of thumb are defined for one block; use route().")
    if not stops:
        return route_of(layout, (), (start, end), name, False)
    metres, order = rule_order(name, layout.blocks[stops[0].block], stops, start, end)
    return Route(tuple(order), walk(layout, order, start, end), metres, name, False)
