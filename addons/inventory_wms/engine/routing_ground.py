"""Walking distances on a floor with one-way or blocked aisles: shortest paths in a graph.

Method: E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1
(1959), from every place. Nodes are the crossings of aisles with cross aisles and the places in the
aisles; a one-way aisle has its lines in one direction, a blocked part none. Distances need not be
the same in both directions. On a free floor they are those of ``routing_layout.distance``.

All distances are metres; infinite where there is no way.
"""

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise, product

from .routing_layout import Dock, Layout, Place, Stop, distance

_INFINITE = float("inf")
Matrix = list[list[float]]
# node -> [(node, metres)]
Graph = dict[Hashable, list[tuple[Hashable, float]]]


def matrix(layout: Layout, places: Sequence[Place]) -> Matrix:
    """Metres from each place (row) to each other (column)."""
    if layout.free:
        found = [[0.0] * len(places) for _ in places]
        for i, one in enumerate(places):
            for j in range(i):
                found[i][j] = found[j][i] = distance(layout, one, places[j])
        return found
    graph = _graph(layout, places)
    nodes = [_node(layout, place) for place in places]
    rows = {node: _paths(graph, node) for node in set(nodes)}
    return [[rows[one].get(other, _INFINITE) for other in nodes] for one in nodes]


def _node(layout: Layout, place: Place) -> Hashable:
    """Where a place is in the graph; at the end of an aisle it is the crossing itself."""
    if isinstance(place, Dock):
        return ("dock", place.x, place.y)
    return _point(layout, place.block, place.x, place.y)


def _point(layout: Layout, block: int, x: float, y: float) -> Hashable:
    frame = layout.blocks[block]
    return (x, y) if y in (frame.front, frame.back) else (x, y, block)


def _graph(layout: Layout, places: Sequence[Place]) -> Graph:
    graph: Graph = defaultdict(list)
    stops = [place for place in places if isinstance(place, Stop)]
    docks = [place for place in places if isinstance(place, Dock)]
    aisles = {one.x for one in (*stops, *layout.one_way, *layout.blocked)} | set(layout.aisles)
    corners = sorted({y for block in layout.blocks for y in (block.front, block.back)})
    _cross_aisles(graph, layout, sorted(aisles | {dock.x for dock in docks}), corners)
    for block, x in product(range(len(layout.blocks)), aisles):
        _aisle(graph, layout, (block, x), [s.y for s in stops if (s.block, s.x) == (block, x)])
    for dock in docks:
        _dock(graph, dock, corners)
    return graph


def _cross_aisles(
    graph: Graph, layout: Layout, lines: Sequence[float], corners: Sequence[float]
) -> None:
    """The lines along the cross aisles, and between two of them that have no block between."""
    for y in corners:
        for one, other in pairwise(lines):
            _join(graph, (one, y), (other, y), other - one)
    for one, other in pairwise(corners):
        if not any(block.front < other and one < block.back for block in layout.blocks):
            for x in lines:
                _join(graph, (x, one), (x, other), other - one)


def _join(graph: Graph, one: Hashable, other: Hashable, metres: float) -> None:
    graph[one].append((other, metres))
    graph[other].append((one, metres))


def _aisle(graph: Graph, layout: Layout, at: tuple[int, float], ys: Iterable[float]) -> None:
    """The lines through one aisle of one block."""
    block, x = at
    frame = layout.blocks[block]
    closed = [(b.front, b.back) for b in layout.blocked if (b.block, b.x) == at]
    ways = {one.to_back for one in layout.one_way if (one.block, one.x) == at}
    ends = {min(max(y, frame.front), frame.back) for pair in closed for y in pair}
    for one, other in pairwise(sorted({frame.front, frame.back, *ys, *ends})):
        if any(front < other and one < back for front, back in closed):
            continue
        near, far = _point(layout, block, x, one), _point(layout, block, x, other)
        if ways != {False}:
            graph[near].append((far, other - one))
        if ways != {True}:
            graph[far].append((near, other - one))


def _dock(graph: Graph, dock: Dock, corners: Sequence[float]) -> None:
    """A dock is joined to the cross aisles next to it."""
    node = ("dock", dock.x, dock.y)
    below = [y for y in corners if y <= dock.y][-1:]
    above = [y for y in corners if y >= dock.y][:1]
    for y in {*below, *above}:
        _join(graph, node, (dock.x, y), abs(dock.y - y))


def _paths(graph: Graph, start: Hashable) -> dict[Hashable, float]:
    """Metres of the shortest path to every node that can be reached."""
    found: dict[Hashable, float] = {}
    # the number keeps nodes of different kinds from being compared
    heap: list[tuple[float, int, Hashable]] = [(0.0, 0, start)]
    number = 0
    while heap:
        metres, _number, node = heapq.heappop(heap)
        if node in found:
            continue
        found[node] = metres
        for other, more in graph[node]:
            if other not in found:
                number += 1
                heapq.heappush(heap, (metres + more, number, other))
    return found
