"""A good, not proven, order of stops where no exact programme applies.

Method: nearest neighbour, then 2-opt (G. A. Croes, Operations Research 6, 1958) and or-opt
(I. Or 1976: move a chain of up to three stops, also reversed) until neither helps, on shortest
walking distances. Then, for a fixed number of rounds, a random double bridge of near parts
(O. Martin et al., 1991) and the same again; the best order is kept. Distances may differ by
direction: a part that is turned round is measured in its new direction. The random numbers have
a fixed seed, so the same stops give the same order. Up to eight stops all orders are compared
(M. Held and R. M. Karp, Journal of SIAM 10, 1962).
"""

import random
from collections.abc import Sequence
from itertools import accumulate, combinations

from .routing_ground import Matrix

# shortening below this is rounding, not a better route
_LEAST = 1e-9
# up to this many stops every order is compared
ALL_ORDERS = 8
# longest part that a double bridge exchanges
_PART = 12


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


def _sums(path: Sequence[int], matrix: Matrix) -> tuple[list[float], list[float]]:
    """Metres from the first place to each place, and from each back to the first."""
    pairs = list(zip(path, path[1:], strict=False))
    there = accumulate((matrix[a][b] for a, b in pairs), initial=0.0)
    back = accumulate((matrix[b][a] for a, b in pairs), initial=0.0)
    return list(there), list(back)


def _turns(path: Sequence[int], matrix: Matrix) -> list[float]:
    """How much longer the way back from each place to the first is than the way there."""
    pairs = zip(path, path[1:], strict=False)
    return list(accumulate((matrix[b][a] - matrix[a][b] for a, b in pairs), initial=0.0))


def _two_opt(path: list[int], matrix: Matrix) -> bool:
    """Turn round parts as long as the path gets shorter by it; whether it did."""
    turned = _turns(path, matrix)
    better, i = False, 1
    while i < len(path) - 2:
        j = _shorter(path, matrix, turned, i)
        if j:
            path[i : j + 1] = path[i : j + 1][::-1]
            turned = _turns(path, matrix)
            better = True
        else:
            i += 1
    return better


def _shorter(path: list[int], matrix: Matrix, turned: list[float], i: int) -> int:
    """The end of a part from place ``i`` that is better turned round, or 0."""
    first, row = path[i], matrix[path[i - 1]]
    edge = row[first] - _LEAST + turned[i]
    from_first = matrix[first]
    for j in range(i + 1, len(path) - 1):
        last, after = path[j], path[j + 1]
        if row[last] + from_first[after] + turned[j] < edge + matrix[last][after]:
            return j
    return 0


def _or_opt(path: list[int], matrix: Matrix) -> bool:
    """Move chains of up to three stops to where they are better; whether one was."""
    better = False
    for size in (1, 2, 3):
        for i in range(1, len(path) - size):
            better |= _move(path, matrix, i, size)
    return better


def _move(path: list[int], matrix: Matrix, i: int, size: int) -> bool:
    chain = path[i : i + size]
    head, tail = chain[0], chain[-1]
    before, after = path[i - 1], path[i + size]
    from_head, from_tail = matrix[head], matrix[tail]
    gain = matrix[before][head] + from_tail[after] - matrix[before][after] - _LEAST
    turned = sum(matrix[b][a] - matrix[a][b] for a, b in zip(chain, chain[1:], strict=False))
    if gain <= min(0.0, turned):
        return False
    rest = path[:i] + path[i + size :]
    for place in range(1, len(rest)):
        row, other = matrix[rest[place - 1]], rest[place]
        free = gain + row[other]
        if row[head] + from_tail[other] < free:
            path[:] = rest[:place] + chain + rest[place:]
            return True
        if row[tail] + from_head[other] + turned < free:
            path[:] = rest[:place] + chain[::-1] + rest[place:]
            return True
    return False


def _improve(path: list[int], matrix: Matrix) -> float:
    """Run both moves to their common end; metres of the result."""
    _two_opt(path, matrix)
    while _or_opt(path, matrix) and _two_opt(path, matrix):
        pass
    return sum(matrix[a][b] for a, b in zip(path, path[1:], strict=False))


def _kick(path: list[int], chance: random.Random) -> list[int]:
    """Double bridge: exchange two neighbouring parts, short ones, so that little is broken."""
    a = chance.randrange(1, len(path) - 2)
    b = chance.randrange(a + 1, min(a + _PART, len(path) - 2) + 1)
    c = chance.randrange(b + 1, min(b + _PART, len(path) - 1) + 1)
    return path[:a] + path[b:c] + path[a:b] + path[c:]


def searched_path(matrix: Matrix, rounds: int = 30) -> list[int]:
    """A short path from the first to the last place over all others.

    :param matrix: metres from place (row) to place; with more ``rounds``, shorter and slower
    :return: numbers of the places, first and last included
    """
    best = _nearest(matrix)
    metres = _improve(best, matrix)
    chance = random.Random(len(matrix))
    for _round in range(rounds if len(matrix) > 6 else 0):
        path = _kick(best, chance)
        if (found := _improve(path, matrix)) <= metres:
            best, metres = path, found
    return best


def shortest_path(matrix: Matrix) -> list[int]:
    """The shortest path from the first to the last place over all others, by comparing all.

    Work doubles with every place; meant for ``ALL_ORDERS`` places between the ends at most.
    """
    inner, last = range(1, len(matrix) - 1), len(matrix) - 1
    best = {(1 << i, i): (matrix[0][i], 0) for i in inner}
    for size in range(2, len(inner) + 1):
        for chosen in combinations(inner, size):
            mask = sum(1 << i for i in chosen)
            for end in chosen:
                rest = mask ^ (1 << end)
                best[mask, end] = min(
                    (best[rest, i][0] + matrix[i][end], i) for i in chosen if i != end
                )
    mask = sum(1 << i for i in inner)
    path = [last]
    if mask:
        path.append(min(inner, key=lambda i: best[mask, i][0] + matrix[i][last]))
    while mask:
        mask, end = mask ^ (1 << path[-1]), best[mask, path[-1]][1]
        path.append(end)
    return path[::-1] if path[-1] == 0 else [0, *path[::-1]]
