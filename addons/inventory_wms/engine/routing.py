"""Order of stops: the one entry to routes through a warehouse.

A route is exact where all stops lie in one block (``routing_exact``), searched where they lie in
several (``routing_search``); rules of thumb are there for comparison (``routing_policies``).
The vocabulary and the distances are those of ``routing_layout``; all lengths are metres.

>>> layout = Layout((Block(front=0, back=10),))
>>> dock = Dock(x=0, y=0)
>>> found = route(layout, [Stop("far", 3, 9), Stop("near", 0, 8), Stop("mid", 3, 2)], dock)
>>> [stop.key for stop in found.stops], found.metres, found.method
(['near', 'far', 'mid'], 26, 'exact')
"""

from collections.abc import Sequence

from .routing_exact import shortest_cycle, shortest_length, shortest_order
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
    "length",
    "route",
    "rule",
    "walk",
]

_HERE = object()


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


def _from_inside(block: Block, stops: Sequence[Stop], dock: Dock) -> list[Stop]:
    """A closed tour from a dock between the cross aisles: the dock is one of its stops."""
    here = Stop(_HERE, dock.x, dock.y, stops[0].block)
    order = shortest_cycle(block, [*stops, here])
    place = next(i for i, stop in enumerate(order) if stop.key is _HERE)
    return order[place + 1 :] + order[:place]


def route(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> Route:
    """The order in which to walk to all stops, from ``start`` to ``end`` (default: back).

    Several stops at one place stay together. Raises ``ValueError`` for a stop outside its block.
    """
    end = start if end is None else end
    _checked(layout, stops)
    docks = (start, end)
    if not stops:
        return route_of(layout, (), docks, "exact", True)
    block = _single_block(layout, stops, docks)
    if block is None:
        return route_of(layout, searched_order(layout, stops, *docks), docks, "search", False)
    if _inside(block, start):
        order = _from_inside(block, stops, start)
    else:
        order = shortest_order(block, stops, *docks)
    return route_of(layout, order, docks, "exact", True)


def length(layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock | None = None) -> float:
    """Metres of ``route``; faster where the exact programme applies, since it builds no order."""
    docks = (start, start if end is None else end)
    block = _single_block(layout, stops, docks) if stops else None
    if block is None or _inside(block, start):
        return route(layout, stops, *docks).metres
    return shortest_length(block, stops, *docks)


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
