"""The shortest tour through one block, exactly, by dynamic programming over its aisles.

Method: H. D. Ratliff and A. S. Rosenthal, "Order-picking in a rectangular warehouse: a solvable
case of the traveling salesman problem", Operations Research 31 (1983). Aisles are added from left
to right. All that matters of the part tour so far is the parity of the two ends of the current
aisle and how many pieces hang on them, seven classes for a closed tour. A tour whose start and
end differ needs an odd number of lines between the two docks, which adds classes but no new idea:
a dock turns the parity of its own corner.

The transitions are not written down by hand: they are derived from their meaning when the module
loads, and hold for closed and open tours alike. Work grows with the number of aisles that have
stops, not with the size of the warehouse.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from .routing_layout import Block, Dock, Stop

# parity of a corner's degree: untouched, odd, even
NONE, ODD, EVEN = 0, 1, 2
# (parity at the front, parity at the back, pieces)
State = tuple[int, int, int]
EMPTY: State = (NONE, NONE, 0)
# ways through an aisle; SKIP belongs to columns that only hold a dock
PASS, FROM_FRONT, FROM_BACK, GAP, TWICE, SKIP = range(6)
FRONT, BACK = 0, 1
_INFINITE = float("inf")


def _add(parity: int, lines: int) -> int:
    """Parity of a corner after adding some lines to it."""
    if not lines:
        return parity
    return EVEN if (parity + lines) % 2 == 0 else ODD


def _touch(state: State, side: int, lines: int) -> State:
    """Hang something on one corner only; an untouched corner starts a piece of its own."""
    parities = [state[0], state[1]]
    pieces = state[2] + (parities[side] == NONE)
    parities[side] = _add(parities[side], lines)
    return (parities[0], parities[1], pieces)


def _through(state: State, lines: int) -> State:
    """Walk the whole aisle once or twice: both corners are joined into one piece."""
    return (_add(state[0], lines), _add(state[1], lines), 1)


def _vertical(state: State) -> dict[int, State]:
    """What each way through an aisle with stops makes of a state."""
    return {
        PASS: _through(state, 1),
        FROM_FRONT: _touch(state, FRONT, 2),
        FROM_BACK: _touch(state, BACK, 2),
        GAP: _touch(_touch(state, FRONT, 2), BACK, 2),
        TWICE: _through(state, 2),
    }


def _lines(parity: int) -> tuple[int, ...]:
    """How many lines may lead on from a corner so that its degree ends up even."""
    return {NONE: (0,), ODD: (1,), EVEN: (0, 2)}[parity]


def _horizontal(state: State) -> dict[int, State]:
    """Lines to the next column as 3 * front + back, where no piece is left behind."""
    found = {}
    for front in _lines(state[0]):
        for back in _lines(state[1]):
            kept = (front > 0) + (back > 0)
            if kept and (state[2] == 1 or kept == 2):
                found[3 * front + back] = (_add(NONE, front), _add(NONE, back), state[2])
    return found


def _all_states() -> list[State]:
    """Every state that can be reached, with docks of either kind on either corner."""
    seen, todo = {EMPTY}, [EMPTY]
    while todo:
        state = todo.pop()
        following = [*_vertical(state).values(), *_horizontal(state).values()]
        following += [_touch(state, side, lines) for side in (FRONT, BACK) for lines in (1, 2)]
        todo += [new for new in following if new not in seen]
        seen.update(following)
    return sorted(seen)


_STATES = _all_states()
_NUMBER = {state: number for number, state in enumerate(_STATES)}
_START = _NUMBER[EMPTY]
_FINAL = [_NUMBER[s] for s in _STATES if s[2] == 1 and ODD not in s[:2]]
# a step: (state before, ((way, state after), ...)) for every state before
Step = tuple[tuple[tuple[int, int], ...], ...]


def _step(change: Callable[[State], dict[int, State]]) -> Step:
    return tuple(
        tuple((way, _NUMBER[new]) for way, new in change(state).items() if new in _NUMBER)
        for state in _STATES
    )


_THROUGH = _step(_vertical)
_ACROSS = _step(_horizontal)
_DOCK = {
    (side, lines): _step(lambda state, s=side, k=lines: {SKIP: _touch(state, s, k)})
    for side in (FRONT, BACK)
    for lines in (1, 2)
}


@dataclass(slots=True)
class Column:
    """One aisle, or the place of a dock: where it is, its stops from the front, its docks."""

    x: float
    stops: Sequence[Stop]
    docks: list[tuple[int, int]]
    costs: tuple[float, ...] = ()
    gap: int = 0

    def measure(self, block: Block) -> None:
        """Metres of each way through the aisle (index = PASS...TWICE) and its largest gap."""
        depth = block.back - block.front
        widest, self.gap = 0.0, 1
        ys = [stop.y for stop in self.stops]
        for place in range(1, len(ys)):
            if (free := ys[place] - ys[place - 1]) > widest:
                widest, self.gap = free, place
        self.costs = (
            depth,
            2 * (ys[-1] - block.front),
            2 * (block.back - ys[0]),
            2 * (depth - widest),
            2 * depth,
        )


def _side(block: Block, dock: Dock) -> int:
    return FRONT if dock.y - block.front <= block.back - dock.y else BACK


def _aisles(block: Block, stops: Iterable[Stop]) -> dict[float, Column]:
    """Columns of the aisles with stops, from left to right."""
    ordered = sorted(stops, key=attrgetter("x", "y"))
    columns = {x: Column(x, list(group), []) for x, group in groupby(ordered, attrgetter("x"))}
    for column in columns.values():
        column.measure(block)
    return columns


def _columns(block: Block, stops: Iterable[Stop], start: Dock, end: Dock) -> list[Column]:
    """Columns from left to right; the docks are marked on theirs."""
    columns = _aisles(block, stops)
    corners = [(dock.x, _side(block, dock)) for dock in (start, end)]
    # start and end on one corner: it must be on the closed tour, which two lines say
    marks = [(corners[0], 2)] if corners[0] == corners[1] else [(c, 1) for c in corners]
    for (x, side), lines in marks:
        columns.setdefault(x, Column(x, (), [])).docks.append((side, lines))
    return sorted(columns.values(), key=attrgetter("x"))


# metres of 3 * front + back lines per metre between two columns
_PER_METRE = (0, 1, 2, 1, 2, 3, 2, 3, 4)
_FREE = (0.0,) * 6
# what led to each state: state before and way
Trace = list[tuple[int, int] | None]


def _relax(best: list[float], step: Step, costs: Sequence[float]) -> tuple[list[float], Trace]:
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


def _solve(columns: Sequence[Column]) -> tuple[float, int, list[Trace]]:
    """Metres of the best tour, its last state and the traces of all stages."""
    best = [_INFINITE] * len(_STATES)
    best[_START] = 0.0
    traces: list[Trace] = []
    place = columns[0].x
    for column in columns:
        if traces:
            gap = column.x - place
            best, trace = _relax(best, _ACROSS, [gap * lines for lines in _PER_METRE])
            traces.append(trace)
        place = column.x
        for dock in column.docks:
            best, trace = _relax(best, _DOCK[dock], _FREE)
            traces.append(trace)
        if column.stops:
            best, trace = _relax(best, _THROUGH, column.costs)
            traces.append(trace)
    final = min(_FINAL, key=best.__getitem__)
    return best[final], final, traces


def _ways(columns: Sequence[Column], final: int, traces: Sequence[Trace]) -> list[list[int]]:
    """For each column: [lines from the column before (or 0), way through its aisle]."""
    ways = [[0, SKIP] for _ in columns]
    stages: list[tuple[int, int]] = []
    for number, column in enumerate(columns):
        stages += [(number, 0)] * (number > 0)
        stages += [(number, 2)] * len(column.docks) + [(number, 1)] * bool(column.stops)
    state = final
    for (number, kind), trace in zip(reversed(stages), reversed(traces), strict=True):
        state, way = trace[state]
        if kind < 2:
            ways[number][kind] = way
    return ways


# a corner is 2 * column + side
Edges = list[list[tuple[int, int]]]


def _edges(ways: Sequence[Sequence[int]]) -> Edges:
    """Lines between corners, each (other corner, line number), as the chosen ways say."""
    edges: Edges = [[] for _ in range(2 * len(ways))]
    line = 0
    for number, (lines, way) in enumerate(ways):
        front = 2 * number
        pairs = [(front - 2, front)] * (lines // 3) + [(front - 1, front + 1)] * (lines % 3)
        pairs += [(front, front + 1)] * {PASS: 1, TWICE: 2}.get(way, 0)
        for one, other in pairs:
            edges[one].append((other, line))
            edges[other].append((one, line))
            line += 1
    return edges


def trail(edges: Edges, start: int) -> list[int]:
    """Corners in the order of a walk that uses every line once (Hierholzer 1873)."""
    used: set[int] = set()
    stack, walked = [start], []
    while stack:
        options = edges[stack[-1]]
        while options and options[-1][1] in used:
            options.pop()
        if options:
            other, line = options.pop()
            used.add(line)
            stack.append(other)
        else:
            walked.append(stack.pop())
    return walked


def _collect(columns: Sequence[Column], ways: Sequence[Sequence[int]], walked: list[int]) -> list:
    """Stops in the order in which the walk over the corners meets them."""
    order: list[Stop] = []
    passed: set[int] = set()
    previous = -1
    for corner in walked:
        number, side = divmod(corner, 2)
        if previous // 2 == number and previous != corner and -number - 1 not in passed:
            passed.add(-number - 1)
            stops = columns[number].stops
            order += stops if side == BACK else reversed(stops)
        if corner not in passed:
            passed.add(corner)
            order += _excursion(columns[number], ways[number][1], side)
        previous = corner
    return order


def _excursion(column: Column, way: int, side: int) -> Sequence[Stop]:
    """Stops that are visited from one end of an aisle, out and back."""
    stops = column.stops
    if way == GAP:
        return stops[: column.gap] if side == FRONT else stops[: column.gap - 1 : -1]
    if (way, side) == (FROM_FRONT, FRONT):
        return stops
    return stops[::-1] if (way, side) == (FROM_BACK, BACK) else ()


def _outside(block: Block, dock: Dock) -> float:
    """Metres between a dock and the cross aisle it stands at."""
    return abs(dock.y - (block.front, block.back)[_side(block, dock)])


def shortest_length(block: Block, stops: Sequence[Stop], start: Dock, end: Dock) -> float:
    """Metres of the shortest tour from ``start`` over all stops of one block to ``end``."""
    outside = _outside(block, start) + _outside(block, end)
    return outside + _solve(_columns(block, stops, start, end))[0]


def shortest_order(block: Block, stops: Sequence[Stop], start: Dock, end: Dock) -> list[Stop]:
    """The stops of one block in the order of the shortest tour from ``start`` to ``end``."""
    columns = _columns(block, stops, start, end)
    _metres, final, traces = _solve(columns)
    ways = _ways(columns, final, traces)
    number = {column.x: place for place, column in enumerate(columns)}
    # the walk is found backwards, so it begins at the end
    corner = 2 * number[end.x] + _side(block, end)
    return _collect(columns, ways, trail(_edges(ways), corner))


def shortest_cycle(block: Block, stops: Sequence[Stop]) -> list[Stop]:
    """The stops of one block in the order of the shortest closed tour that needs no dock."""
    columns = list(_aisles(block, stops).values())
    if len(columns) == 1:
        return list(columns[0].stops)
    _metres, final, traces = _solve(columns)
    ways = _ways(columns, final, traces)
    edges = _edges(ways)
    corner = next(number for number, lines in enumerate(edges) if lines)
    return _collect(columns, ways, trail(edges, corner))
