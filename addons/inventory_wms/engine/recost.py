"""Costs in the order of the dates: what a product would have cost, had nothing been late.

Costs are booked in the order in which things were entered.  A recost replays the history of
one :class:`~.cost_layers.Pool` with everything from a day on put where its date belongs, and
with later bills at their receipts; the comparison with what is booked gives the differences.

What was entered before the first event of that day keeps its order.  Equal dates keep the
order of posting, so a history entered in time replays to itself (source of both rules:
ERPNext's reposting and Tryton's recomputation from a date).  A replay costs O(1) per event:
only the open layers that an event takes are handed to the engine.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .cost_corrections import split_correction
from .cost_layers import (
    METHODS,
    ZERO,
    CostError,
    Layer,
    Pool,
    Slice,
    issue,
    issue_from,
    receive,
)


@dataclass(frozen=True)
class Arrival:
    """A layer: ``key``, units, cost in minor units when booked; ``kept``: less what went back."""

    key: int
    qty: Decimal
    value: int
    kept: Decimal | None = None


@dataclass(frozen=True)
class Departure:
    """Units that left; ``wanted``: the layers they left first (goods sent back to a vendor).

    ``fallback``: cost of a unit in minor units when no stock tells it.
    """

    key: int
    qty: Decimal
    wanted: tuple[int, ...] = ()
    fallback: Fraction = Fraction(0)


@dataclass(frozen=True)
class Correction:
    """A later change of a layer's cost (a bill's price, a landed cost), minor units."""

    key: int
    amount: int


@dataclass(frozen=True)
class Renumbered:
    """An earlier recost ended here: what it left is taken in the order of the layers' keys."""


@dataclass(frozen=True)
class Fact:
    """An event with its place: ``order`` of posting and the time ``at`` which it happened."""

    order: int
    at: datetime
    event: Arrival | Departure | Correction | Renumbered


@dataclass
class Outcome:
    """What a replay leaves.

    ``taken``: departure -> slices, settled units included; ``variance``: layer -> corrections
    of units that had left; ``pool``: qty, value, spread and carry (its layers: ``layers``).
    """

    pool: Pool
    layers: dict[int, Layer] = field(default_factory=dict)
    taken: dict[int, tuple[Slice, ...]] = field(default_factory=dict)
    variance: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Cut:
    """From ``since`` on the dates decide, for everything posted up to ``upto`` (None: all)."""

    since: datetime
    upto: int | None = None


@dataclass(frozen=True)
class Change:
    """A departure whose cost differs: its slices before and after."""

    key: int
    before: tuple[Slice, ...]
    after: tuple[Slice, ...]

    @property
    def difference(self) -> int:
        """By how much it costs more (minor units)."""
        return cost_of(self.after) - cost_of(self.before)


def cost_of(slices: Iterable[Slice]) -> int:
    """What slices are charged together (minor units)."""
    return sum(part.value for part in slices)


def arrange(facts: Iterable[Fact], cuts: Iterable[Cut]) -> list[Fact]:
    """The facts in the order in which they are to be costed.

    :param cuts: earlier recosts, each for what had been posted then, and the new one last
    """
    waiting = sorted(facts, key=lambda fact: fact.order)
    ordered: list[Fact] = []
    for cut in cuts:
        size = next(
            (i for i, fact in enumerate(waiting) if cut.upto is not None and fact.order > cut.upto),
            len(waiting),
        )
        ordered, waiting = _by_date(ordered + waiting[:size], cut.since), waiting[size:]
        if cut.upto is not None:
            ordered.append(Fact(cut.upto, cut.since, Renumbered()))
    return ordered + waiting


def _by_date(facts: list[Fact], since: datetime) -> list[Fact]:
    start = next(
        (
            i
            for i, fact in enumerate(facts)
            if fact.at >= since and isinstance(fact.event, Arrival | Departure)
        ),
        len(facts),
    )
    early, late = facts[:start], facts[start:]
    arrived = {fact.event.key for fact in late if isinstance(fact.event, Arrival)}
    extra: dict[int, int] = {}
    before, moves = [], []
    for fact in late:
        event = fact.event
        if isinstance(event, Arrival | Departure):
            moves.append(fact)
        elif isinstance(event, Correction) and event.key in arrived:
            extra[event.key] = extra.get(event.key, 0) + event.amount
        elif isinstance(event, Correction):
            before.append(fact)
    moves = [_at_full_cost(fact, extra) for fact in moves]
    return early + before + sorted(moves, key=lambda fact: (fact.at, fact.order))


def _at_full_cost(fact: Fact, extra: dict[int, int]) -> Fact:
    event = fact.event
    if isinstance(event, Arrival) and extra.get(event.key):
        return replace(fact, event=replace(event, value=event.value + extra[event.key]))
    return fact


def replay(method: str, facts: Sequence[Fact]) -> Outcome:
    """Cost the facts in the given order.

    :raises CostError: a correction of a layer that has not arrived
    """
    outcome = Outcome(Pool(method))
    arrived: dict[int, Arrival] = {}
    for fact in facts:
        event = fact.event
        if isinstance(event, Arrival):
            arrived[event.key] = event
            _arrive(outcome, event)
        elif isinstance(event, Departure):
            _leave(outcome, event)
        elif isinstance(event, Correction):
            _correct(outcome, event, arrived)
        else:
            outcome.layers = dict(sorted(outcome.layers.items()))
    return outcome


def _arrive(outcome: Outcome, event: Arrival) -> None:
    received = receive(outcome.pool, event.key, event.qty, event.value)
    for layer in received.pool.layers:
        outcome.layers[layer.key] = layer
    for part in received.settlements:
        _add(outcome, part.deficit_key, Slice(event.key, part.qty, part.value, part.value))
    outcome.pool = replace(received.pool, layers=())


def _leave(outcome: Outcome, event: Departure) -> None:
    known = _needed(outcome, event)
    pool = replace(outcome.pool, layers=tuple(known))
    if event.wanted:
        issued = issue_from(pool, event.wanted, event.key, event.qty, event.fallback)
    else:
        issued = issue(pool, event.key, event.qty, event.fallback)
    left = {layer.key: layer for layer in issued.pool.layers}
    for layer in known:
        if layer.key in left:
            outcome.layers[layer.key] = left[layer.key]
        else:
            del outcome.layers[layer.key]
    outcome.taken.setdefault(event.key, ())
    for part in issued.slices:
        _add(outcome, event.key, part)
    outcome.pool = replace(issued.pool, layers=())


def _needed(outcome: Outcome, event: Departure) -> list[Layer]:
    """The open layers that the departure may take, in costing order."""
    layers, missing = outcome.layers, event.qty
    keys: dict[int, None] = {}
    for key in event.wanted:
        if key in layers:
            keys[key] = None
            missing -= layers[key].qty
    newest_first = METHODS[outcome.pool.method].newest_first
    source: Iterator[int] = reversed(layers) if newest_first else iter(layers)
    rest = []
    while missing > 0 and (key := next(source, None)) is not None:
        if key not in keys:
            rest.append(key)
            missing -= layers[key].qty
    ordered = list(reversed(rest)) if newest_first else rest
    return [layers[key] for key in [*keys, *ordered]]


def _correct(outcome: Outcome, event: Correction, arrived: dict[int, Arrival]) -> None:
    if event.key not in arrived:
        raise CostError(f"a correction of {event.key}, which has not arrived")
    arrival, layer = arrived[event.key], outcome.layers.get(event.key)
    remaining = layer.qty if layer else ZERO
    kept = arrival.qty if arrival.kept is None else arrival.kept
    split = split_correction(event.amount, max(kept, remaining), remaining)
    if layer and split.on_hand:
        outcome.layers[event.key] = replace(layer, value=layer.value + split.on_hand)
        outcome.pool = replace(outcome.pool, value=outcome.pool.value + split.on_hand)
    outcome.variance[event.key] = outcome.variance.get(event.key, 0) + split.consumed


def _add(outcome: Outcome, key: int, part: Slice) -> None:
    """Add a slice to a departure; one layer is named once."""
    slices = {old.layer_key: old for old in outcome.taken.get(key, ())}
    old = slices.get(part.layer_key)
    if old:
        part = replace(
            part,
            qty=part.qty + old.qty,
            value=part.value + old.value,
            layer_value=part.layer_value + old.layer_value,
        )
    slices[part.layer_key] = part
    outcome.taken[key] = tuple(slices.values())


def compare(before: dict[int, tuple[Slice, ...]], after: Outcome) -> list[Change]:
    """The departures whose slices differ, in the order of the replay."""
    changes = []
    for key, slices in after.taken.items():
        old = before.get(key, ())
        if sorted(old, key=_layer) != sorted(slices, key=_layer):
            changes.append(Change(key, old, slices))
    return changes


def _layer(part: Slice) -> int:
    return part.layer_key
