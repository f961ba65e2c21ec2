"""The shortest tour through stacked blocks, exactly: column by column over their common aisles.

Method: K. J. Roodbergen and R. de Koster, "Routing order pickers in a warehouse with a middle
aisle", European Journal of Operational Research 133 (2001), with the states of
``routing_states``. Only lines where a stop or a dock is count as columns: a walk between cross
aisles anywhere else can be shifted to the next column without getting longer.

Work grows with the columns and, steeply, with the blocks: meant for two blocks, right for more.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .routing_exact import Edges, trail
from .routing_layout import Block, Dock, Layout, Stop
from .routing_states import (
    FROM_BACK,
    FROM_FRONT,
    GAP,
    PASS,
    TWICE,
    Programme,
    Step,
    programme,
)

_INFINITE = float("inf")
# what led to each state: state before and index of the cost
Trace = list[tuple[int, int] | None]
# metres by way through a level without stops
_FREE = (0.0,)


@dataclass(frozen=True)
class Grid:
    """``corners``: y of the cross aisles from the front; ``levels``: level of each block.

    Two cross aisles with no block between them have a level of their own, which holds no stops.
    """

    corners: tuple[float, ...]
    levels: Mapping[int, int]

    def programme(self, lines: int = 2) -> Programme:
        """Transitions for this number of levels; ``lines`` of each dock, see ``dock_lines``."""
        return programme(len(self.corners) - 1, lines)

    def corner(self, dock: Dock) -> tuple[int, float] | None:
        """The corner where a dock joins the tour and the metres to it; None between corners."""
        last = len(self.corners) - 1
        if dock.y <= self.corners[0]:
            return 0, self.corners[0] - dock.y
        if dock.y >= self.corners[last]:
            return last, dock.y - self.corners[last]
        place = bisect_left(self.corners, dock.y)
        return (place, 0.0) if self.corners[place] == dock.y else None


def grid_of(layout: Layout, stops: Sequence[Stop], docks: Sequence[Dock]) -> Grid | None:
    """The grid of the blocks that hold stops; None where two of them overlap in y.

    Other cross aisles shorten no walk between these stops, but a dock that stands at one, between
    the blocks with stops, gets a corner for it.
    """
    used = sorted({stop.block for stop in stops}, key=lambda n: layout.blocks[n].front)
    blocks = [layout.blocks[number] for number in used]
    if any(one.back > other.front for one, other in pairwise(blocks)):
        return None
    corners = {y for block in blocks for y in (block.front, block.back)}
    corners.update(dock.y for dock in docks if _between(blocks, dock))
    places = tuple(sorted(corners))
    return Grid(places, {number: places.index(layout.blocks[number].front) for number in used})


def _between(blocks: Sequence[Block], dock: Dock) -> bool:
    """Whether a dock stands behind one of the blocks and before another, inside none."""
    if not blocks[0].front < dock.y < blocks[-1].back:
        return False
    return not any(block.front < dock.y < block.back for block in blocks)


@dataclass(slots=True)
class Level:
    """Stops of one aisle between two cross aisles, from the front, and what its ways cost."""

    stops: list[Stop]
    costs: tuple[float, ...]
    gap: int = 0


def _level(stops: list[Stop], front: float, back: float) -> Level:
    """Metres of each way (index = PASS...SKIP) and the largest gap between stops."""
    depth = back - front
    if not stops:
        return Level(stops, (depth, 0.0, 0.0, 0.0, 2 * depth, 0.0))
    widest, gap = 0.0, 1
    for place in range(1, len(stops)):
        if (free := stops[place].y - stops[place - 1].y) > widest:
            widest, gap = free, place
    into, out = 2 * (stops[-1].y - front), 2 * (back - stops[0].y)
    return Level(stops, (depth, into, out, 2 * (depth - widest), 2 * depth, _INFINITE), gap)


@dataclass(slots=True)
class Column:
    """One aisle line: its levels from the front, and the corners of docks on it."""

    x: float
    levels: list[Level]
    docks: list[int] = field(default_factory=list)


def dock_lines(corners: Sequence[tuple[float, int]]) -> int:
    """Lines of the docks, given as (x, corner): two where a tour ends at the corner it starts."""
    return 2 if len(set(corners)) < 2 else 1


def _columns(grid: Grid, stops: Sequence[Stop], docks: Sequence[tuple[float, int]]) -> list[Column]:
    """Columns from left to right, with the docks given as (x, corner)."""
    found: dict[float, list[list[Stop]]] = {}
    many = len(grid.corners) - 1
    for stop in sorted(stops, key=lambda stop: stop.y):
        if stop.x not in found:
            found[stop.x] = [[] for _ in range(many)]
        found[stop.x][grid.levels[stop.block]].append(stop)
    marks = sorted(set(docks))
    for x, _corner in marks:
        found.setdefault(x, [[] for _ in range(many)])
    columns = {}
    for x, levels in sorted(found.items()):
        pairs = zip(levels, grid.corners, grid.corners[1:], strict=False)
        columns[x] = Column(x, [_level(*pair) for pair in pairs])
    for x, corner in marks:
        columns[x].docks.append(corner)
    return list(columns.values())


def relax(best: list[float], step: Step, costs: Sequence[float]) -> tuple[list[float], Trace]:
    """One stage of the programme: the cheapest way into each state, and where it came from."""
    new = [_INFINITE] * len(best)
    trace: Trace = [None] * len(best)
    for before, cost in enumerate(best):
        if cost == _INFINITE:
            continue
        for way, after in step[before]:
            total = cost + costs[way]
            if total < new[after]:
                new[after] = total
                trace[after] = (before, way)
    return new, trace


@dataclass(slots=True)
class Tour:
    """``metres``; for each column the lines from the column before to each corner (empty for the
    first) and the way through each level."""

    metres: float
    lines: list[tuple[int, ...]]
    ways: list[list[int]]


# kinds of stages
_ACROSS, _DOCK, _LEVEL = range(3)


def _solve(grid: Grid, columns: Sequence[Column], lines: int) -> Tour:
    """The shortest tour over all columns; ``lines`` as ``dock_lines`` says."""
    rules = grid.programme(lines)
    best = [_INFINITE] * rules.size
    best[rules.start] = 0.0
    traces: list[tuple[int, int, Trace]] = []
    many = len(grid.corners)
    for number, column in enumerate(columns):
        if number:
            gap = column.x - columns[number - 1].x
            metres = [gap * lines for lines in range(2 * many + 1)]
            best, trace = relax(best, rules.across, metres)
            traces.append((_ACROSS, number, trace))
        for dock in column.docks:
            best, trace = relax(best, rules.touch[dock], _FREE)
            traces.append((_DOCK, number, trace))
        for place, level in enumerate(column.levels):
            step = rules.visit[place] if level.stops else rules.bare[place]
            best, trace = relax(best, step, level.costs)
            traces.append((_LEVEL, number, trace))
    final = min(rules.final, key=best.__getitem__)
    return _traced(rules, columns, (best[final], final), traces)


def _traced(
    rules: Programme,
    columns: Sequence[Column],
    last: tuple[float, int],
    traces: Sequence[tuple[int, int, Trace]],
) -> Tour:
    """Follow the traces back from the last state: what was done in each column."""
    metres, state = last
    tour = Tour(metres, [()] * len(columns), [[] for _ in columns])
    for kind, number, trace in reversed(traces):
        if kind == _ACROSS:
            tour.lines[number] = rules.lines[state]
        before, way = trace[state]
        if kind == _LEVEL:
            tour.ways[number].insert(0, way)
        state = before
    return tour


def _edges(tour: Tour, many: int) -> Edges:
    """Lines between corners; a corner's number is ``many`` * column + its place."""
    edges: Edges = [[] for _ in range(many * len(tour.ways))]
    pairs: list[tuple[int, int]] = []
    for number, (lines, ways) in enumerate(zip(tour.lines, tour.ways, strict=True)):
        first = many * number
        for corner, count in enumerate(lines):
            pairs += [(first + corner - many, first + corner)] * count
        for level, way in enumerate(ways):
            count = {PASS: 1, TWICE: 2}.get(way, 0)
            pairs += [(first + level, first + level + 1)] * count
    for line, (one, other) in enumerate(pairs):
        edges[one].append((other, line))
        edges[other].append((one, line))
    return edges


def _collect(columns: Sequence[Column], tour: Tour, walked: Sequence[int], many: int) -> list[Stop]:
    """Stops in the order in which the walk over the corners meets them."""
    order: list[Stop] = []
    done: set[object] = set()
    previous = -1
    for corner in walked:
        number, place = divmod(corner, many)
        if abs(previous - corner) == 1 and previous // many == number:
            level = min(place, previous % many)
            if (number, level) not in done:
                done.add((number, level))
                stops = columns[number].levels[level].stops
                order += stops if corner > previous else reversed(stops)
        if corner not in done:
            done.add(corner)
            order += _excursions(columns[number], tour.ways[number], place)
        previous = corner
    return order


def _excursions(column: Column, ways: Sequence[int], place: int) -> list[Stop]:
    """Stops that are visited from a corner out and back, in the levels on both sides of it."""
    order: list[Stop] = []
    if place < len(ways):
        stops, gap = column.levels[place].stops, column.levels[place].gap
        order += {FROM_FRONT: stops, GAP: stops[:gap]}.get(ways[place], ())
    if place:
        stops, gap = column.levels[place - 1].stops, column.levels[place - 1].gap
        order += {FROM_BACK: stops[::-1], GAP: stops[gap:][::-1]}.get(ways[place - 1], ())
    return order


def grid_length(grid: Grid, stops: Sequence[Stop], docks: Sequence[Dock]) -> float:
    """Metres of the shortest tour from ``docks[0]`` over all stops to ``docks[1]``.

    Raises ``ValueError`` for a dock between the cross aisles.
    """
    corners, outside = joined(grid, docks)
    return outside + _solve(grid, _columns(grid, stops, corners), dock_lines(corners)).metres


def joined(grid: Grid, docks: Sequence[Dock]) -> tuple[list[tuple[float, int]], float]:
    """The docks as (x, corner) and the metres between them and their corners.

    Raises ``ValueError`` for a dock between the cross aisles.
    """
    corners, outside = [], 0.0
    for dock in docks:
        found = grid.corner(dock)
        if found is None:
            raise ValueError(f"The dock at y = {dock.y} lies between the cross aisles.")
        corners.append((dock.x, found[0]))
        outside += found[1]
    return corners, outside


def grid_order(grid: Grid, stops: Sequence[Stop], docks: Sequence[Dock]) -> list[Stop]:
    """The stops in the order of the shortest tour; raises as ``grid_length``."""
    corners, _outside = joined(grid, docks)
    columns = _columns(grid, stops, corners)
    tour = _solve(grid, columns, dock_lines(corners))
    many = len(grid.corners)
    number = {column.x: place for place, column in enumerate(columns)}
    # the walk is found backwards, so it begins at the end
    x, corner = corners[1]
    walked = trail(_edges(tour, many), many * number[x] + corner)
    return _collect(columns, tour, walked, many)


def grid_cycle(grid: Grid, stops: Sequence[Stop]) -> list[Stop]:
    """The stops in the order of the shortest closed tour that needs no dock.

    The stops have to lie in more than one level or aisle.
    """
    columns = _columns(grid, stops, ())
    tour = _solve(grid, columns, 2)
    many = len(grid.corners)
    edges = _edges(tour, many)
    start = next((number for number, lines in enumerate(edges) if lines), None)
    if start is None:  # no line at all: everything hangs on one corner of the only column
        start = next(n for n in range(many) if _excursions(columns[0], tour.ways[0], n))
    return _collect(columns, tour, trail(edges, start), many)
