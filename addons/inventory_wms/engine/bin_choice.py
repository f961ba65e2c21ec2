"""From which bins to take the goods of a wave, so that the walk is short and each rule is kept.

Problem: a product lies in several bins. Which of them a picker goes to matters more than the
order of the stops, but the removal rule of the product leaves only some of them open: first in,
first out and first expired, first out by their dates, closest by its distance, and so on. The
rule comes in as a rank: a lower rank is emptied before the next one is touched, and bins of one
rank are equal. So at most one rank of a product is really open; all products choose together
(``bin_search``) with the shortest tour as measure. Narrower rules are on the demand: whole cases
before loose units, fewest bins.

Refused on purpose: two demands on one bin's stock. Lines for the same product are one demand; who
gets what of it does not change the walk.

>>> from decimal import Decimal
>>> from .routing import Block, Dock, Layout, Stop
>>> floor = Layout((Block(front=0, back=10),))
>>> apple = Demand("apple", Decimal(2), (
...     Candidate("A-9", Stop("A-9", 0, 9), Decimal(5)),
...     Candidate("B-2", Stop("B-2", 3, 2), Decimal(5)),
... ))
>>> pear = Demand("pear", Decimal(1), (Candidate("B-3", Stop("B-3", 3, 3), Decimal(1)),))
>>> choice = choose_bins(floor, [apple, pear], Dock(0, 0), rounds=50)
>>> [take.candidate for take in choice.takes], choice.route.metres
(['B-2', 'B-3'], 12)
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isfinite

from .bin_path import Path
from .bin_rules import Piece, pieces_of
from .bin_search import Limit, Search
from .bin_tables import Site, Tables
from .routing import exact_grid, route
from .routing_grid import joined
from .routing_ground import matrix
from .routing_layout import Dock, Layout, Route, Stop

# CPU seconds of the search for up to 15 articles with a choice, and for each one more
_SECONDS, _MORE = 0.16, 0.011


@dataclass(frozen=True, slots=True)
class Candidate:
    """``quantity`` (> 0, product's unit) in a bin; ``rank``: sort key of the removal rule."""

    key: Hashable
    stop: Stop
    quantity: Decimal
    rank: Hashable = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """``quantity`` (> 0) of one product out of its candidates.

    ``case``: units of a whole case; whole cases are taken before loose units. ``fewest``: no bin
    more than necessary of the rank that is open.
    """

    key: Hashable
    quantity: Decimal
    candidates: tuple[Candidate, ...]
    case: Decimal | None = None
    fewest: bool = False


@dataclass(frozen=True, slots=True)
class BinTake:
    """``quantity`` of candidate ``candidate`` for demand ``demand``."""

    demand: Hashable
    candidate: Hashable
    quantity: Decimal


@dataclass(frozen=True)
class Choice:
    """``takes`` in walking order; ``route`` over their bins; ``missing``: quantity by demand that
    no candidate holds."""

    takes: tuple[BinTake, ...]
    route: Route
    missing: Mapping[Hashable, Decimal]


def choose_bins(
    layout: Layout,
    demands: Sequence[Demand],
    start: Dock,
    end: Dock | None = None,
    seconds: float | None = None,
    rounds: int | None = None,
) -> Choice:
    """Choose bins and quantities for all demands together.

    :param start: where the walk begins; it ends at ``end`` (default: back)
    :param seconds: CPU seconds for the search; default: enough for good plans, at most 0.17 for
        15 products with a choice, unless ``rounds`` is given
    :param rounds: limit that gives the same result on every machine
    :return: the choice; never more of a candidate than it has, never more than demanded
    :raises ValueError: a candidate in two demands, a quantity that is not positive
    """
    docks = (start, start if end is None else end)
    _checked(demands)
    demands = _reachable(layout, demands, docks)
    pieces: list[Piece] = []
    missing: dict[Hashable, Decimal] = {}
    for number, demand in enumerate(demands):
        found, rest = pieces_of(number, demand)
        pieces += found
        if rest > 0:
            missing[demand.key] = rest
    if seconds is None and rounds is None:
        open_pieces = sum(len(piece.units) > 1 for piece in pieces)
        seconds = _SECONDS + _MORE * max(0, open_pieces - 15)
    chosen = _searched(layout, pieces, docks, Limit(seconds, rounds)) if pieces else []
    return _choice(layout, demands, docks, _taken(pieces, chosen), missing)


def _checked(demands: Sequence[Demand]) -> None:
    seen = set()
    for demand in demands:
        for quantity in (demand.quantity, *(one.quantity for one in demand.candidates)):
            if quantity <= 0:
                raise ValueError(f"Demand {demand.key!r} has a quantity of {quantity}.")
        for candidate in demand.candidates:
            if candidate.key in seen:
                raise ValueError(f"Candidate {candidate.key!r} is offered twice.")
            seen.add(candidate.key)


def _reachable(
    layout: Layout, demands: Sequence[Demand], docks: tuple[Dock, Dock]
) -> Sequence[Demand]:
    """The demands without candidates that blocked aisles cut off."""
    if layout.free:
        return demands
    stops = [candidate.stop for demand in demands for candidate in demand.candidates]
    ways = matrix(layout, [*docks, *stops])
    reached = iter(isfinite(ways[0][n] + ways[n][1]) for n in range(2, len(ways)))
    return [
        replace(demand, candidates=tuple(c for c in demand.candidates if next(reached)))
        for demand in demands
    ]


def _searched(
    layout: Layout, pieces: Sequence[Piece], docks: tuple[Dock, Dock], limit: Limit
) -> list[list[int]]:
    """For each piece the places of its candidates that are chosen."""
    stops = [candidate.stop for piece in pieces for candidate in piece.candidates]
    measure = _measure(layout, pieces, stops, docks)
    ways = matrix(layout, [*docks, *stops])
    reach = [ways[0][number] + ways[number][1] for number in range(2, len(ways))]
    chosen = Search(measure, [piece.need for piece in pieces], reach).run(limit)
    found, first = [], 0
    for piece, numbers in zip(pieces, chosen, strict=True):
        found.append([number - first for number in sorted(numbers)])
        first += len(piece.candidates)
    return found


def _measure(
    layout: Layout, pieces: Sequence[Piece], stops: Sequence[Stop], docks: tuple[Dock, Dock]
) -> Tables | Path:
    """What tells the metres of a tour: exact where a programme applies, else a path."""
    grid = exact_grid(layout, stops, docks)
    levels = grid.levels if grid else dict.fromkeys(range(len(layout.blocks)), 0)
    units = [(number, n) for number, piece in enumerate(pieces) for n in piece.units]
    sites = [
        Site(stop.x, levels[stop.block], stop.y, number, n)
        for stop, (number, n) in zip(stops, units, strict=True)
    ]
    if grid is None:
        return Path(sites, stops, matrix(layout, [*stops, *docks]))
    corners, outside = joined(grid, docks)
    return Tables(grid, corners, outside, sites)


def _taken(
    pieces: Sequence[Piece], chosen: Sequence[Sequence[int]]
) -> dict[tuple[int, Hashable], Decimal]:
    """(number of the demand, candidate key) -> quantity."""
    taken: dict[tuple[int, Hashable], Decimal] = {}
    for piece, places in zip(pieces, chosen, strict=True):
        rest = piece.quantity
        # the fullest first, so that a bin which gives only a part is the last one
        for place in sorted(places, key=lambda n: (-piece.offers[n], n)):
            quantity = min(rest, piece.offers[place])
            rest -= quantity
            key = (piece.demand, piece.candidates[place].key)
            if quantity > 0:
                taken[key] = taken.get(key, Decimal(0)) + quantity
    return taken


def _choice(
    layout: Layout,
    demands: Sequence[Demand],
    docks: tuple[Dock, Dock],
    taken: Mapping[tuple[int, Hashable], Decimal],
    missing: Mapping[Hashable, Decimal],
) -> Choice:
    """The takes in walking order; a bin with several products is one stop of the route."""
    stops: dict[tuple, Stop] = {}
    takes = []
    for number, demand in enumerate(demands):
        for candidate in demand.candidates:
            quantity = taken.get((number, candidate.key))
            if quantity:
                stop = candidate.stop
                place = (stop.key, stop.x, stop.y, stop.block)
                stops[place] = stop
                takes.append((place, BinTake(demand.key, candidate.key, quantity)))
    found = route(layout, list(stops.values()), *docks)
    order = {
        (stop.key, stop.x, stop.y, stop.block): number for number, stop in enumerate(found.stops)
    }
    takes.sort(key=lambda pair: order[pair[0]])
    return Choice(tuple(take for _place, take in takes), found, missing)
