"""Labour: standard times learnt from history, and the people that open work needs.

A standard is seconds = per stop + per unit + per order + metres / speed, the factors being settings
of the warehouse (``release.Pace``); :func:`derive` proposes them by least squares without negative
factors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

#: what a piece of work consists of, in the order of the columns of :func:`derive`
PARTS = ("stops", "units", "orders", "metres")


@dataclass(frozen=True, slots=True)
class Work:
    """How much work: stops, units, orders (counts) and metres of walk."""

    stops: float = 0.0
    units: float = 0.0
    orders: float = 0.0
    metres: float = 0.0

    def row(self) -> tuple[float, float, float, float]:
        """The amounts in the order of ``PARTS``."""
        return (self.stops, self.units, self.orders, self.metres)


def people_needed(work_seconds: float, seconds_left: float, utilisation: float = 1.0) -> int:
    """People that finish the work in time; the work is divisible and nobody hinders another.

    :param work_seconds: standard seconds of what is open
    :param seconds_left: until the cut-off; 0 or less with work open means it can't be reached
    :param utilisation: share of the attended time that is direct work, 0 < u <= 1
    :return: whole people, 0 when nothing is open
    :raises ValueError: the deadline has passed with work open, or utilisation is not positive
    """
    if work_seconds <= 0:
        return 0
    if seconds_left <= 0:
        raise ValueError("the cut-off has passed and work is open")
    if not 0 < utilisation <= 1:
        raise ValueError("utilisation lies above 0 and not above 1")
    needed = work_seconds / (seconds_left * utilisation)
    return max(1, -int(-needed // 1))


def derive(
    rows: Sequence[tuple[Work, float]], rounds: int = 3
) -> tuple[float, float, float, float]:
    """Seconds per stop, unit, order and metre that explain the history best.

    Least squares with no factor below zero: every subset of the four parts is solved by its
    normal equations, and the best solution without a negative factor wins (exact, as there are
    only 15).  Rows that took more than three times what the solution says (somebody talked, a
    pallet was in the way) are left out and the rest is solved again, ``rounds`` times at most.

    :param rows: work and the seconds it took; rows without work or time are ignored
    :return: in the order of ``PARTS``; zeros when nothing can be learnt
    """
    used = [(work.row(), seconds) for work, seconds in rows if seconds > 0 and any(work.row())]
    factors = _best(used)
    for _round in range(rounds):
        kept = [(row, seconds) for row, seconds in used if seconds <= 3 * _dot(factors, row)]
        if len(kept) in (0, len(used)):
            break
        used = kept
        factors = _best(used)
    return factors


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _best(rows: Sequence[tuple[Sequence[float], float]]) -> tuple[float, float, float, float]:
    """The non-negative least squares solution over all subsets of the parts."""
    zero = (0.0,) * len(PARTS)
    best, error = zero, sum(seconds**2 for _row, seconds in rows)
    for size in range(1, len(PARTS) + 1):
        for chosen in combinations(range(len(PARTS)), size):
            solved = _solve(rows, chosen)
            if solved is None or min(solved) < 0:
                continue
            found = list(zero)
            for index, value in zip(chosen, solved, strict=True):
                found[index] = value
            left = sum((seconds - _dot(found, row)) ** 2 for row, seconds in rows)
            if left < error - 1e-9:
                best, error = (found[0], found[1], found[2], found[3]), left
    return best


def _solve(
    rows: Sequence[tuple[Sequence[float], float]], chosen: Sequence[int]
) -> list[float] | None:
    """Normal equations of the chosen columns by Gauss-Jordan; None when they are singular."""
    size = len(chosen)
    matrix = [
        [sum(row[i] * row[j] for row, _s in rows) for j in chosen]
        + [sum(row[i] * seconds for row, seconds in rows)]
        for i in chosen
    ]
    for column in range(size):
        pivot = max(range(column, size), key=lambda line: abs(matrix[line][column]))
        if abs(matrix[pivot][column]) < 1e-9:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        head = matrix[column][column]
        matrix[column] = [value / head for value in matrix[column]]
        for line in set(range(size)) - {column}:
            matrix[line] = _less(matrix[line], matrix[line][column], matrix[column])
    return [row[size] for row in matrix]


def _less(row: Sequence[float], times: float, base: Sequence[float]) -> list[float]:
    """``row`` less ``times`` the row ``base``."""
    return [value - times * part for value, part in zip(row, base, strict=True)]
