"""Which stock satisfies which order: whole orders only, under the removal rule.

Problem: many orders want the same goods at once.  Taking one order after the
other with a search each (as Odoo does) costs ~15 queries a line; here all facts
come in and all choices go out, so the caller reads and writes in bulk.

Method: orders in the given sequence, each whole or not at all.  A need takes
from its pool rank by rank (rank = the removal rule's sort key, e.g. the date of
receipt for FIFO), so an older receipt is never passed over.  Within one rank the
rule is indifferent and the walk decides: a bin that covers the whole remainder
wins, the tightest first; otherwise the fullest bin, so that stops are few.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby


@dataclass(frozen=True)
class Source:
    """Free stock of one kind in one bin.

    ``key``: the caller's name for it; ``rank``: sort key of the removal rule, equal ranks are
    interchangeable; ``free``: unreserved quantity in the product's unit.
    """

    key: Hashable
    rank: Hashable
    free: Decimal


@dataclass(frozen=True)
class Need:
    """One line of an order: ``quantity`` (> 0, product's unit) out of the pool named ``pool``."""

    key: Hashable
    pool: Hashable
    quantity: Decimal


@dataclass(frozen=True)
class Take:
    """``quantity`` of source ``source`` goes to need ``need``; ``rank_position`` is 0 when no
    older source was passed, ``covers`` whether this one source covers the whole need."""

    need: Hashable
    source: Hashable
    quantity: Decimal
    rank_position: int
    covers: bool


@dataclass(frozen=True)
class Shortage:
    """``missing`` (product's unit) of need ``need`` can't be found in its pool."""

    need: Hashable
    missing: Decimal


@dataclass(frozen=True)
class Plan:
    """``takes`` of the orders that are whole; ``shortages`` by order for all others."""

    takes: tuple[Take, ...]
    shortages: Mapping[Hashable, tuple[Shortage, ...]]


def allocate(
    orders: Sequence[tuple[Hashable, Sequence[Need]]],
    pools: Mapping[Hashable, Sequence[Source]],
    partial: bool = False,
) -> Plan:
    """Choose stock for orders in their sequence.

    :param orders: (order key, needs); the first order is served first
    :param pools: candidate sources per pool name, sorted by rank; a source may be in many pools
    :param partial: keep what was found for an order that is not whole (its shortage is told too)
    :return: the plan; no source gives more than its ``free``

    >>> pool = {"apple": [Source("A-1", 1, Decimal(2)), Source("B-1", 2, Decimal(9))]}
    >>> plan = allocate([("one", [Need("l1", "apple", Decimal(3))])], pool)
    >>> [(take.source, int(take.quantity)) for take in plan.takes]
    [('A-1', 2), ('B-1', 1)]
    """
    free = {source.key: source.free for pool in pools.values() for source in pool}
    takes: list[Take] = []
    shortages: dict[Hashable, tuple[Shortage, ...]] = {}
    for order, needs in orders:
        found: list[Take] = []
        missing: list[Shortage] = []
        for need in needs:
            taken, rest = _serve(need, pools.get(need.pool, ()), free)
            found += taken
            if rest > 0:
                missing.append(Shortage(need.key, rest))
        if missing:
            shortages[order] = tuple(missing)
        if missing and not partial:
            for take in found:
                free[take.source] += take.quantity
        else:
            takes += found
    return Plan(tuple(takes), shortages)


def _serve(
    need: Need, pool: Sequence[Source], free: dict[Hashable, Decimal]
) -> tuple[list[Take], Decimal]:
    """Takes for one need and what remains of it; ``free`` is reduced by what is taken."""
    takes: list[Take] = []
    rest = need.quantity
    for position, (_rank, group) in enumerate(groupby(pool, key=lambda source: source.rank)):
        if rest <= 0:
            break
        for source in sorted(group, key=lambda source: _fit(free[source.key], rest)):
            quantity = min(rest, free[source.key])
            if quantity <= 0:
                continue
            free[source.key] -= quantity
            rest -= quantity
            covers = quantity == need.quantity
            takes.append(Take(need.key, source.key, quantity, position, covers))
            if rest <= 0:
                break
    return takes, rest


def _fit(free: Decimal, wanted: Decimal) -> tuple[bool, Decimal]:
    """Sort key within one rank: the tightest bin that covers all, else the fullest."""
    covers = free >= wanted
    return (not covers, free if covers else -free)
