"""A good, not proven, order of stops where no exact programme applies: several blocks.

Method: nearest neighbour, then 2-opt (G. A. Croes, Operations Research 6, 1958) and or-opt
(I. Or 1976: move a chain of up to three stops, also reversed) until neither helps, on shortest
walking distances. Then, for a fixed number of rounds, a random double bridge (O. Martin et al.,
1991) and the same again; the best order is kept. The random numbers have a fixed seed, so the
same stops give the same order.
"""

import random
from collections.abc import Sequence

from .routing_layout import Dock, Layout, Place, Stop, distance

Matrix = list[list[float]]
# shortening below this is rounding, not a better route
_LEAST = 1e-9


def _matrix(layout: Layout, places: Sequence[Place]) -> Matrix:
    matrix = [[0.0] * len(places) for _ in places]
    for i, one in enumerate(places):
        for j in range(i):
            matrix[i][j] = matrix[j][i] = distance(layout, one, places[j])
    return matrix


def _nearest(matrix: Matrix) -> list[int]:
    """Path from the first to the last place that always goes to the nearest open one."""
    path, last = [0], len(matrix) - 1
    rest = list(range(1, last))
    while rest:
        row = matrix[path[-1]]
        following = min(rest, key=row.__getitem__)
        rest.remove(following)
        path.append(following)
    return [*path, last]


def _two_opt(path: list[int], matrix: Matrix) -> bool:
    """Turn round the first part that gets shorter by it; False when there is none."""
    for i in range(1, len(path) - 2):
        before, first = path[i - 1], path[i]
        row_before, row_first = matrix[before], matrix[first]
        edge = row_before[first] - _LEAST
        for j in range(i + 1, len(path) - 1):
            last, after = path[j], path[j + 1]
            if row_before[last] + row_first[after] < edge + matrix[last][after]:
                path[i : j + 1] = path[i : j + 1][::-1]
                return True
    return False


def _or_opt(path: list[int], matrix: Matrix) -> bool:
    """Move the first chain of up to three stops that is better elsewhere."""
    for size in (1, 2, 3):
        for i in range(1, len(path) - size):
            if _move(path, matrix, i, size):
                return True
    return False


def _move(path: list[int], matrix: Matrix, i: int, size: int) -> bool:
    chain = path[i : i + size]
    head, tail = chain[0], chain[-1]
    before, after = path[i - 1], path[i + size]
    from_head, from_tail = matrix[head], matrix[tail]
    gain = from_head[before] + from_tail[after] - matrix[before][after] - _LEAST
    if gain <= 0:
        return False
    rest = path[:i] + path[i + size :]
    for place in range(1, len(rest)):
        one, other = rest[place - 1], rest[place]
        free = gain + matrix[one][other]
        if from_head[one] + from_tail[other] < free:
            path[:] = rest[:place] + chain + rest[place:]
            return True
        if from_tail[one] + from_head[other] < free:
            path[:] = rest[:place] + chain[::-1] + rest[place:]
            return True
    return False


def _improve(path: list[int], matrix: Matrix) -> float:
    """Run both moves to their common end; metres of the result."""
    while _two_opt(path, matrix) or _or_opt(path, matrix):
        pass
    return sum(matrix[a][b] for a, b in zip(path, path[1:], strict=False))


def _kick(path: list[int], chance: random.Random) -> list[int]:
    """Double bridge: exchange two neighbouring parts."""
    a, b, c = sorted(chance.sample(range(1, len(path)), 3))
    return path[:a] + path[b:c] + path[a:b] + path[c:]


def searched_order(
    layout: Layout, stops: Sequence[Stop], start: Dock, end: Dock, rounds: int = 30
) -> list[Stop]:
    """A short order of stops in any number of blocks; more ``rounds``, shorter and slower."""
    places: list[Place] = [start, *stops, end]
    matrix = _matrix(layout, places)
    best = _nearest(matrix)
    metres = _improve(best, matrix)
    chance = random.Random(len(stops))
    for _round in range(rounds if len(stops) > 4 else 0):
        path = _kick(best, chance)
        if (found := _improve(path, matrix)) < metres:
            best, metres = path, found
    return [stops[number - 1] for number in best[1:-1]]
