"""Which stock satisfies which order: all orders together, under the removal rule of each product.

Problem: many orders want the same goods at once.  Taking one order after the
other with a search each (as Odoo does) costs ~15 queries a line; here all facts
come in and all choices go out, so the caller reads and writes in bulk.

Method, in two steps:

1. *Ration.*  Orders in the given sequence, each whole or not at all (or what there
   is).  A need takes from its pool rank by rank (rank = the removal rule's sort key,
   e.g. the date of receipt for FIFO), so an older receipt is never passed over.  How
   much of each rank goes to which need is then fixed: a :class:`Portion`.
2. *Choose.*  Within one rank the rule is indifferent.  A chooser sees the portions of
   all orders at once and says which source gives what; the walk may decide.  What it
   says is checked, so no chooser can break the rule or promise a unit twice.

Some rules name the very bins (fewest bins, full case first), and a product whose
needs see different parts of its stock can't be rationed by rank totals; these are
chosen at once in step 1.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

ZERO = Decimal(0)


@dataclass(frozen=True)
class Source:
    """Free stock of one kind in one bin.

    ``key``: the caller's name for it; ``rank``: sort key of the removal rule, equal ranks are
    interchangeable; ``free``: unreserved quantity in the product's unit (>= 0); ``place``: the
    bin, where several sources may lie (None: a bin of its own).
    """

    key: Hashable
    rank: Hashable
    free: Decimal
    place: Hashable = None


@dataclass(frozen=True)
class Pool:
    """What a need may take from.

    ``sources``: sorted by rank; ``rule``: ``rank`` (rank after rank) or a key of :data:`RULES`;
    ``case``: units in a full case, for ``full_case``.
    """

    sources: tuple[Source, ...]
    rule: str = "rank"
    case: Decimal = ZERO


@dataclass(frozen=True)
class Need:
    """One line of an order: ``quantity`` (> 0, product's unit) out of the pool named ``pool``.

    ``within``: how much of it may be promised out of so much free stock, where that is not
    simply the smaller of both (whole packs only, another unit of measure, serial numbers).
    """

    key: Hashable
    pool: Hashable
    quantity: Decimal
    within: Callable[[Decimal], Decimal] | None = None


@dataclass(frozen=True)
class Portion:
    """``quantity`` (> 0) of need ``need`` of order ``order`` comes out of group ``group``: the
    sources of one rank, of which any may give it."""

    order: Hashable
    need: Hashable
    group: Hashable
    quantity: Decimal


@dataclass(frozen=True)
class Part:
    """``quantity`` (> 0) of the portion with that number comes from source ``source``."""

    portion: int
    source: Hashable
    quantity: Decimal


#: (portions of all orders in their sequence, group -> its sources) -> parts that sum up to them
Chooser = Callable[[Sequence[Portion], Mapping[Hashable, Sequence[Source]]], Sequence[Part]]


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


class ChooserError(ValueError):
    """A chooser gave what the rule does not allow or what is not there; the text says what."""


def tightest(
    portions: Sequence[Portion], groups: Mapping[Hashable, Sequence[Source]]
) -> list[Part]:
    """The chooser that looks at one portion after the other: few stops for each of them.

    A source that covers the whole portion wins, the tightest first; otherwise the fullest.

    :param portions: in the sequence in which they are served
    :param groups: sources of each group
    :return: parts in the sequence of the portions
    """
    free = {source.key: source.free for group in groups.values() for source in group}
    parts = []
    for number, portion in enumerate(portions):
        for source, quantity in _fitting(groups[portion.group], free, portion.quantity):
            free[source.key] -= quantity
            parts.append(Part(number, source.key, quantity))
    return parts


def allocate(
    orders: Sequence[tuple[Hashable, Sequence[Need]]],
    pools: Mapping[Hashable, Pool],
    partial: bool = False,
    choose: Chooser = tightest,
) -> Plan:
    """Choose stock for orders in their sequence.

    :param orders: (order key, needs); the first order is served first; need keys are unique
    :param pools: what may be taken, by pool name; a source may be in many pools
    :param partial: keep what was found for an order that is not whole (its shortage is told too)
    :param choose: decides within one rank, for all orders at once
    :return: the plan; no source gives more than its ``free``
    :raises ChooserError: ``choose`` did not keep to the portions it was given

    >>> pool = {"apple": Pool((Source("A-1", 1, Decimal(2)), Source("B-1", 2, Decimal(9))))}
    >>> plan = allocate([("one", [Need("l1", "apple", Decimal(3))])], pool)
    >>> [(take.source, int(take.quantity)) for take in plan.takes]
    [('A-1', 2), ('B-1', 1)]
    """
    ration = _Ration(pools)
    shortages: dict[Hashable, tuple[Shortage, ...]] = {}
    for order, needs in orders:
        mark = len(ration.entries)
        missing = []
        for need in needs:
            rest = need.quantity - ration.serve(order, need)
            if rest > 0:
                missing.append(Shortage(need.key, rest))
        if missing:
            shortages[order] = tuple(missing)
            if not partial:
                ration.undo(mark)
    return Plan(tuple(ration.settle(choose)), shortages)


@dataclass(frozen=True)
class _Entry:
    """What a need got in step 1: a portion, or a source at once (``portion`` is None then)."""

    need: Need
    quantity: Decimal
    position: int
    portion: Portion | None = None
    source: Hashable = None


class _Ration:
    """Step 1: what is left, and who got how much of which rank."""

    def __init__(self, pools: Mapping[Hashable, Pool]) -> None:
        self.pools = pools
        self.free = {s.key: s.free for pool in pools.values() for s in pool.sources}
        self.groups: dict[Hashable, tuple[Source, ...]] = {}
        self.steps: dict[Hashable, list[Hashable]] = {}
        self.entries: list[_Entry] = []
        self._open_pools()
        self.left = {
            key: sum((source.free for source in group), ZERO) for key, group in self.groups.items()
        }

    def _open_pools(self) -> None:
        """Groups of the pools that leave the choice open: those that share no source with a pool
        of other contents, whose totals would say nothing about this one's."""
        contents: dict[Hashable, tuple[str, Decimal, tuple[Hashable, ...]]] = {
            name: (pool.rule, pool.case, tuple(s.key for s in pool.sources))
            for name, pool in self.pools.items()
        }
        owner: dict[Hashable, object] = {}
        shared = set()
        for content in set(contents.values()):
            for key in content[2]:
                if key in owner:
                    shared |= {owner[key], content}
                owner[key] = content
        known: dict[object, list[Hashable]] = {}
        for name, pool in self.pools.items():
            content = contents[name]
            if pool.rule != "rank" or content in shared:
                continue
            if content not in known:
                known[content] = self._groups_of(name, pool)
            self.steps[name] = known[content]

    def _groups_of(self, name: Hashable, pool: Pool) -> list[Hashable]:
        keys: list[Hashable] = []
        for position, (_rank, group) in enumerate(groupby(pool.sources, key=lambda s: s.rank)):
            keys.append((name, position))
            self.groups[name, position] = tuple(group)
        return keys

    def serve(self, order: Hashable, need: Need) -> Decimal:
        """Give a need what it may have; how much that is."""
        pool = self.pools.get(need.pool)
        if pool is None:
            return ZERO
        steps = self.steps.get(need.pool)
        if steps is None:
            wanted = _wanted(need, sum((self.free[s.key] for s in pool.sources), ZERO))
            for source, quantity, position in RULES[pool.rule](pool, self.free, wanted):
                self.free[source.key] -= quantity
                self.entries.append(_Entry(need, quantity, position, source=source.key))
            return wanted
        wanted = _wanted(need, sum((self.left[key] for key in steps), ZERO))
        rest = wanted
        for position, key in enumerate(steps):
            quantity = min(rest, self.left[key])
            if quantity > 0:
                self.left[key] -= quantity
                rest -= quantity
                portion = Portion(order, need.key, key, quantity)
                self.entries.append(_Entry(need, quantity, position, portion))
        return wanted

    def undo(self, mark: int) -> None:
        """Take back everything given since there were ``mark`` entries."""
        for entry in self.entries[mark:]:
            if entry.portion:
                self.left[entry.portion.group] += entry.quantity
            else:
                self.free[entry.source] += entry.quantity
        del self.entries[mark:]

    def settle(self, choose: Chooser) -> Iterator[Take]:
        """Step 2: let the chooser decide the portions; takes in the sequence of the entries."""
        portions = [entry.portion for entry in self.entries if entry.portion]
        parts = choose(portions, self.groups) if portions else []
        self._check(portions, parts)
        chosen: dict[int, list[Part]] = {}
        for part in parts:
            chosen.setdefault(part.portion, []).append(part)
        number = 0
        for entry in self.entries:
            given = [(entry.source, entry.quantity)]
            if entry.portion:
                given = [(part.source, part.quantity) for part in chosen[number]]
                number += 1
            for source, quantity in given:
                covers = quantity == entry.need.quantity
                yield Take(entry.need.key, source, quantity, entry.position, covers)

    def _check(self, portions: Sequence[Portion], parts: Sequence[Part]) -> None:
        rest = [portion.quantity for portion in portions]
        group = {source.key: key for key, inside in self.groups.items() for source in inside}
        free = dict(self.free)
        for part in parts:
            portion = portions[part.portion]
            if part.quantity <= 0 or group.get(part.source) != portion.group:
                raise ChooserError(f"{part} is not of the group of {portion}")
            rest[part.portion] -= part.quantity
            free[part.source] -= part.quantity
            if free[part.source] < 0:
                raise ChooserError(f"{part.source} can't give {-free[part.source]} more")
        if any(rest):
            short = next(number for number, missing in enumerate(rest) if missing)
            raise ChooserError(f"{portions[short]} is {rest[short]} short")


def _wanted(need: Need, available: Decimal) -> Decimal:
    """What a need takes out of so much free stock."""
    most = min(need.quantity, available)
    return max(ZERO, min(most, need.within(available))) if need.within else most


def _fitting(
    sources: Sequence[Source], free: Mapping[Hashable, Decimal], wanted: Decimal
) -> Iterator[tuple[Source, Decimal]]:
    """Sources of one rank and what each gives, the best first."""
    rest = wanted
    for source in sorted(sources, key=lambda source: _fit(free[source.key], wanted)):
        quantity = min(rest, free[source.key])
        if quantity > 0:
            rest -= quantity
            yield source, quantity


def _fit(free: Decimal, wanted: Decimal) -> tuple[bool, Decimal]:
    """Sort key within one rank: the tightest bin that covers all, else the fullest."""
    covers = free >= wanted
    return (not covers, free if covers else -free)


_Taken = list[tuple[Source, Decimal, int]]


def _ranks(pool: Pool) -> Iterator[tuple[int, list[Source]]]:
    for position, (_rank, group) in enumerate(groupby(pool.sources, key=lambda s: s.rank)):
        yield position, list(group)


def _by_rank(pool: Pool, free: Mapping[Hashable, Decimal], wanted: Decimal) -> _Taken:
    """Rank after rank; within one the tightest fit."""
    taken: _Taken = []
    for position, group in _ranks(pool):
        for source, quantity in _fitting(group, free, wanted):
            taken.append((source, quantity, position))
            wanted -= quantity
        if wanted <= 0:
            break
    return taken


def _fewest_bins(pool: Pool, free: Mapping[Hashable, Decimal], wanted: Decimal) -> _Taken:
    """As few bins as can be, whatever the ranks: the fullest until one covers the rest, of those
    the tightest.  Taking the fullest first is optimal, for any set of n bins holds at most what
    the n fullest hold.  Within a bin rank after rank."""
    places: dict[Hashable, list[Source]] = {}
    for source in pool.sources:
        place = ("own", source.key) if source.place is None else ("bin", source.place)
        places.setdefault(place, []).append(source)
    full = {place: sum((free[s.key] for s in inside), ZERO) for place, inside in places.items()}
    taken: _Taken = []
    while wanted > 0 and full:
        place = min(full, key=lambda place: _fit(full[place], wanted))
        del full[place]
        for source in places[place]:
            quantity = min(wanted, free[source.key])
            if quantity > 0:
                taken.append((source, quantity, 0))
                wanted -= quantity
    return taken


def _full_case(pool: Pool, free: Mapping[Hashable, Decimal], wanted: Decimal) -> _Taken:
    """Whole cases from where whole cases lie, then loose units from opened cases, and only then
    a case is opened; each of the three rank after rank."""
    if pool.case <= 0:
        return _by_rank(pool, free, wanted)
    left = {source.key: free[source.key] for source in pool.sources}
    given: dict[Hashable, tuple[Source, Decimal, int]] = {}

    def go(most: Decimal, offer: Callable[[Decimal], Decimal]) -> Decimal:
        """Take up to ``most`` of what each source offers; how much that was."""
        rest = most
        for position, group in _ranks(pool):
            offers = {source.key: offer(left[source.key]) for source in group}
            for source, quantity in _fitting(group, offers, rest):
                left[source.key] -= quantity
                rest -= quantity
                before = given[source.key][1] if source.key in given else ZERO
                given[source.key] = (source, before + quantity, position)
        return most - rest

    wanted -= go(wanted // pool.case * pool.case, lambda free: free // pool.case * pool.case)
    wanted -= go(wanted, lambda free: free % pool.case)
    go(wanted, lambda free: free)
    return list(given.values())


#: rules that name the sources themselves: (pool, free by source, wanted <= what is free) -> takes
RULES: dict[str, Callable[[Pool, Mapping[Hashable, Decimal], Decimal], _Taken]] = {
    "rank": _by_rank,
    "fewest_bins": _fewest_bins,
    "full_case": _full_case,
}
