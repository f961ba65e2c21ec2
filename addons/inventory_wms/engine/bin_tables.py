"""How long a tour gets with one bin more, in microseconds: tables of the programme over aisles.

Method: the states of ``routing_states`` are valued from the left and from the right, for the
columns with a chosen bin or a dock. A bin more changes the ways through one level of one column,
so the new shortest tour is the minimum over these ways only. How many lines lead into a state is
fixed by the state, so a column between two others needs no values of its own: one table for the
gap serves every place in it.

Metres everywhere. Sites are numbered; a site is chosen at most once.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from .routing_grid import Grid, dock_lines
from .routing_states import TWICE, Programme, Step, programme

_INFINITE = float("inf")
Vector = list[float]


@dataclass(frozen=True, slots=True)
class Site:
    """A candidate bin: ``units`` (> 0) of article number ``article`` at a place of a grid."""

    x: float
    level: int
    y: float
    article: int
    units: int


def _forward(values: Vector, step: Step, costs: Sequence[float]) -> Vector:
    """Fewest metres to each state after a stage."""
    new = [_INFINITE] * len(values)
    for state, value in enumerate(values):
        if value == _INFINITE:
            continue
        for way, then in step[state]:
            total = value + costs[way]
            if total < new[then]:
                new[then] = total
    return new


def _backward(values: Vector, step: Step, costs: Sequence[float]) -> Vector:
    """Fewest metres to the end from each state before a stage."""
    new = []
    for ways in step:
        best = _INFINITE
        for way, then in ways:
            total = costs[way] + values[then]
            if total < best:
                best = total
        new.append(best)
    return new


@dataclass(frozen=True, slots=True)
class _Moves:
    """What the values need of a programme, for one number of levels and kind of docks.

    ``lines``: into each state, in all; ``counts``: numbers of lines to a next column; ``onwards``
    and ``ending``: through a level and on to the next column, or to the end, index by lines and
    then by way; ``free``: costs of a stage without metres; ``start``, ``end``: first values.
    """

    rules: Programme
    lines: list[int]
    counts: list[int]
    onwards: list[Step]
    ending: list[Step]
    free: Vector
    start: Vector
    end: Vector


@cache
def _moves(levels: int, lines: int) -> _Moves:
    rules = programme(levels, lines)
    counts = sorted({count for ways in rules.across for count, _then in ways})
    states = range(rules.size)
    none = tuple(((0, state),) for state in states)
    return _Moves(
        rules=rules,
        lines=[sum(some) for some in rules.lines],
        counts=counts,
        onwards=[_composed(step, rules.across, counts) for step in rules.visit],
        ending=[_composed(step, none, counts) for step in rules.visit],
        free=[0.0] * (counts[-1] + 1),
        start=[0.0 if state == rules.start else _INFINITE for state in states],
        end=[0.0 if state in rules.final else _INFINITE for state in states],
    )


def _composed(step: Step, across: Step, counts: Sequence[int]) -> Step:
    """Through a level and on to the next column: index is by lines and then by way."""
    place = {count: (TWICE + 1) * number for number, count in enumerate(counts)}
    return tuple(
        tuple((place[count] + way, after) for way, then in ways for count, after in across[then])
        for ways in step
    )


@dataclass(slots=True)
class _Column:
    """Values of one column in use. ``before[k]``, ``behind[k]``: to and from the place below
    level k (the last: above all levels); ``leaving``: to the states of the next column, without
    the metres to it; ``entry``: from the states in which the column is reached."""

    before: list[Vector]
    leaving: Vector
    behind: list[Vector]
    entry: Vector


class Tables:
    """A tour over chosen sites; ``add`` and ``drop`` change it, ``length`` and ``value`` ask."""

    def __init__(
        self,
        grid: Grid,
        docks: Sequence[tuple[float, int]],
        outside: float,
        sites: Sequence[Site],
    ) -> None:
        self.sites = sites
        self._corners = grid.corners
        self._outside = outside
        self._moves = _moves(len(grid.corners) - 1, dock_lines(docks))
        self._depths = [back - front for front, back in pairwise(grid.corners)]
        self._bare = [(d, _INFINITE, _INFINITE, _INFINITE, 2 * d, 0.0) for d in self._depths]
        self._xs = sorted({site.x for site in sites} | {x for x, _corner in docks})
        self.column = [bisect_left(self._xs, site.x) for site in sites]
        self._docks: dict[int, list[int]] = {}
        for x, corner in sorted(set(docks)):
            self._docks.setdefault(bisect_left(self._xs, x), []).append(corner)
        self._used = sorted(self._docks)
        self._begin()

    def _begin(self) -> None:
        """Nothing is chosen and no value is known."""
        columns = range(len(self._xs))
        self._ys: list[list[list[float]]] = [[[] for _ in self._depths] for _ in columns]
        self._costs = [list(self._bare) for _ in columns]
        self._count = [len(self._docks.get(column, ())) for column in columns]
        self._values: dict[int, _Column] = {}
        self._ways: dict[tuple[int, int], Vector] = {}
        self._gaps: dict[tuple[int, int], dict[int, Vector]] = {}
        # columns that changed since the values were taken: the first and the last
        self._changed = (0, len(self._xs))

    # ------------------------------------------------------------------ changes
    def add(self, site: int) -> None:
        """Choose a site."""
        column, level = self.column[site], self.sites[site].level
        insort(self._ys[column][level], self.sites[site].y)
        if not self._count[column]:
            insort(self._used, column)
        self._count[column] += 1
        self._change(column, level)

    def drop(self, site: int) -> None:
        """Leave a chosen site."""
        column, level = self.column[site], self.sites[site].level
        ys = self._ys[column][level]
        del ys[bisect_left(ys, self.sites[site].y)]
        self._count[column] -= 1
        if not self._count[column]:
            self._used.remove(column)
        self._change(column, level)

    def _change(self, column: int, level: int) -> None:
        self._costs[column][level] = self._cost(level, self._ys[column][level])
        first, last = self._changed
        self._changed = (min(first, column), max(last, column))

    def _cost(self, level: int, ys: Sequence[float]) -> tuple[float, ...]:
        """Metres of each way through a level with stops at ``ys``."""
        if not ys:
            return self._bare[level]
        depth, front, back = self._depths[level], self._corners[level], self._corners[level + 1]
        widest, before = 0.0, ys[0]
        for y in ys:
            if y - before > widest:
                widest = y - before
            before = y
        into, out = 2 * (before - front), 2 * (back - ys[0])
        return (depth, into, out, 2 * (depth - widest), 2 * depth, _INFINITE)

    def mark(self) -> tuple:
        """What the values are now, for ``restore`` after changes that were taken back."""
        self._refresh()
        return (dict(self._values), dict(self._ways), dict(self._gaps))

    def restore(self, mark: tuple) -> None:
        """Take the values of ``mark``: the same sites have to be chosen again as then."""
        self._values, self._ways, self._gaps = mark
        self._changed = (len(self._xs), -1)

    # ------------------------------------------------------------------- values
    def columns_in_use(self) -> list[int]:
        """Columns with a chosen site."""
        return [c for c in self._used if self._count[c] > len(self._docks.get(c, ()))]

    def length(self) -> float:
        """Metres of the shortest tour over the chosen sites."""
        self._refresh()
        return self._outside + self._values[self._used[0]].entry[self._moves.rules.start]

    def value(self, site: int) -> float:
        """Metres of a good tour, nearly always the shortest, over the chosen sites and this one."""
        self._refresh()
        column, here = self.column[site], self.sites[site]
        ways = self._ways.get((column, here.level))
        if ways is None:
            ways = self._through(column, here.level)
            self._ways[column, here.level] = ways
        ys = self._ys[column][here.level]
        if ys and not (ys[0] <= here.y <= ys[-1] and here.y in ys):
            ys = list(ys)
            insort(ys, here.y)
        costs = self._cost(here.level, ys or (here.y,))
        return self._outside + min(
            ways[0] + costs[0],
            ways[1] + costs[1],
            ways[2] + costs[2],
            ways[3] + costs[3] if ys else _INFINITE,
            ways[4] + costs[4],
        )

    def _refresh(self) -> None:
        first, last = self._changed
        if first > last:
            return
        self._changed = (len(self._xs), -1)
        self._ways, self._gaps = {}, {}
        used = self._used
        for place in range(bisect_left(used, first), len(used)):
            self._take_before(place)
        for place in range(bisect_left(used, last + 1) - 1, -1, -1):
            self._take_behind(place)

    def _steps(self, column: int) -> list[Step]:
        """The stages through the levels of a column."""
        rules, ys = self._moves.rules, self._ys[column]
        return [rules.visit[k] if ys[k] else rules.bare[k] for k in range(len(ys))]

    def _take_before(self, place: int) -> None:
        column = self._used[place]
        values = self._moves.start
        if place:
            left = self._used[place - 1]
            values = self._moved(self._values[left].leaving, self._xs[column] - self._xs[left])
        for corner in self._docks.get(column, ()):
            values = _forward(values, self._moves.rules.touch[corner], self._moves.free)
        found = [values]
        for step, costs in zip(self._steps(column), self._costs[column], strict=True):
            found.append(_forward(found[-1], step, costs))
        leaving = _forward(found[-1], self._moves.rules.across, self._moves.free)
        known = self._values.get(column)
        behind, entry = (known.behind, known.entry) if known else ([], [])
        self._values[column] = _Column(found, leaving, behind, entry)

    def _moved(self, values: Vector, metres: float) -> Vector:
        """Values in the next column: every line that leads there is walked."""
        return [value + metres * n for value, n in zip(values, self._moves.lines, strict=True)]

    def _take_behind(self, place: int) -> None:
        column = self._used[place]
        values = self._moves.end
        if place + 1 < len(self._used):
            right = self._used[place + 1]
            there = self._moved(self._values[right].entry, self._xs[right] - self._xs[column])
            values = _backward(there, self._moves.rules.across, self._moves.free)
        found = [values]
        steps = zip(self._steps(column)[::-1], self._costs[column][::-1], strict=True)
        for step, costs in steps:
            found.append(_backward(found[-1], step, costs))
        values = found[-1]
        for corner in reversed(self._docks.get(column, ())):
            values = _backward(values, self._moves.rules.touch[corner], self._moves.free)
        known = self._values[column]
        self._values[column] = _Column(known.before, known.leaving, found[::-1], values)

    def _through(self, column: int, level: int) -> Vector:
        """For each way through a level with stops: metres of the best tour without the way."""
        if self._count[column]:
            values = self._values[column]
            step = self._moves.rules.visit[level]
            return _joined(values.before[level], step, values.behind[level + 1])
        place = bisect_left(self._used, column)
        left = self._xs[column] - self._xs[self._used[place - 1]] if place else 0.0
        right = 0.0
        if place < len(self._used):
            right = self._xs[self._used[place]] - self._xs[column]
        best = [_INFINITE] * (TWICE + 1)
        onwards = [count * right for count in self._moves.counts]
        for before, row in self._gap(place, level).items():
            for slot, more in enumerate(onwards):
                first, more = slot * (TWICE + 1), more + before * left
                ways = row[first : first + TWICE + 1]
                best = [a if a < b + more else b + more for a, b in zip(best, ways, strict=True)]
        return best

    def _gap(self, place: int, level: int) -> dict[int, Vector]:
        """For a new column before the used one at ``place``, where other levels are left alone.

        By lines from the left: metres without lines, by lines to the right and then by way.
        """
        found = self._gaps.get((place, level))
        if found is not None:
            return found
        used, onwards = self._used, self._moves.onwards[level]
        values = self._values[used[place - 1]].leaving if place else self._moves.start
        entry = self._values[used[place]].entry if place < len(used) else self._moves.end
        if place == len(used):
            onwards = self._moves.ending[level]
        found = self._gaps[place, level] = {}
        size = (TWICE + 1) * len(self._moves.counts)
        for state, value in enumerate(values):
            if value == _INFINITE:
                continue
            lines = self._moves.lines[state] if place else 0
            if lines not in found:
                found[lines] = [_INFINITE] * size
            row = found[lines]
            for slot, after in onwards[state]:
                total = value + entry[after]
                if total < row[slot]:
                    row[slot] = total
        return found


def _joined(before: Vector, step: Step, behind: Vector) -> Vector:
    """For each way of a stage the best of what lies before and behind it."""
    best = [_INFINITE] * (TWICE + 1)
    for state, value in enumerate(before):
        if value == _INFINITE:
            continue
        for way, then in step[state]:
            total = value + behind[then]
            if total < best[way]:
                best[way] = total
    return best
