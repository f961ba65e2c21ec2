"""Opening layers: the stock that is there when costing by layers begins.

Pure helpers of the opening: which receipts the goods on hand come from, what each is worth,
and which units of a document are still open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .cost_layers import ZERO, CostError, Deficit, Pool, round_half_up, share, spread_over
from .recost import Arrival, Departure, Fact, Outcome, replay


@dataclass(frozen=True)
class Stack:
    """Units of one receipt that are on hand: ``cost`` of them all, exact, in minor units."""

    key: int
    qty: Decimal
    cost: Fraction


@dataclass(frozen=True)
class Opened:
    """A layer to open: ``value`` in whole minor units; ``key`` 0: no receipt tells."""

    key: int
    qty: Decimal
    value: int


def fit(stacks: Sequence[Stack], qty: Decimal, unit: Fraction) -> list[Stack]:
    """Make the stacks (oldest first) cover exactly the units on hand.

    Too many: the oldest go; too few: a stack without receipt at ``unit`` comes first.

    :param qty: units on hand, >= 0
    """
    kept: list[Stack] = []
    missing = qty
    for stack in reversed(stacks):
        taken = min(stack.qty, missing)
        if taken > 0:
            kept.append(Stack(stack.key, taken, stack.cost * Fraction(taken) / Fraction(stack.qty)))
            missing -= taken
    if missing > 0:
        kept.append(Stack(0, missing, unit * Fraction(missing)))
    return list(reversed(kept))


def at_own_cost(stacks: Iterable[Stack]) -> list[Opened]:
    """Each receipt at what it cost; the sum is rounded once, the newest takes the cent."""
    stacks = list(stacks)
    total = round_half_up(sum((stack.cost for stack in stacks), Fraction(0)))
    opened, exact, given = [], Fraction(0), 0
    for stack in stacks:
        exact += stack.cost
        value = round_half_up(exact) - given
        given += value
        opened.append(Opened(stack.key, stack.qty, value))
    if given != total:
        raise CostError(f"{given} given of {total}")
    return opened


def at_one_cost(stacks: Iterable[Stack], value: int) -> list[Opened]:
    """The whole value spread over the units: every receipt at the same unit cost."""
    stacks = list(stacks)
    parts = spread_over(value, [stack.qty for stack in stacks])
    return [Opened(stack.key, stack.qty, part) for stack, part in zip(stacks, parts, strict=True)]


def divide(opened: Iterable[Opened], sizes: Sequence[Decimal]) -> list[list[Opened]]:
    """Deal layers out to places of the given sizes (together all units), in their order.

    :raises CostError: the sizes are not the units of the layers
    """
    queue = list(opened)
    dealt: list[list[Opened]] = []
    for size in sizes:
        mine: list[Opened] = []
        while size > 0:
            if not queue:
                raise CostError(f"{size} units are in no layer")
            layer = queue.pop(0)
            taken = min(layer.qty, size)
            value = share(layer.value, taken, layer.qty)
            mine.append(Opened(layer.key, taken, value))
            if taken < layer.qty:
                queue.insert(0, Opened(layer.key, layer.qty - taken, layer.value - value))
            size -= taken
        dealt.append(mine)
    if queue:
        raise CostError(f"{len(queue)} layers lie nowhere")
    return dealt


def newest(parts: Iterable[tuple[int, Decimal]], qty: Decimal) -> list[tuple[int, Decimal]]:
    """Of ``parts`` (key, units; oldest first) the newest that make up ``qty`` units."""
    found = []
    for key, units in reversed(list(parts)):
        taken = min(units, qty)
        if taken > 0:
            found.append((key, taken))
            qty -= taken
    return list(reversed(found))


@dataclass(frozen=True)
class Moved:
    """A done stock move: ``qty`` > 0 in, < 0 out; ``value``: of what came in, minor units."""

    key: int
    at: datetime
    qty: Decimal
    value: int = 0


@dataclass(frozen=True)
class Replayed:
    """A history replayed: its outcome and what makes it differ from other accounts of it."""

    outcome: Outcome
    was_negative: bool
    backdated: int
    without_cost: int

    @property
    def stacks(self) -> list[Stack]:
        """What is on hand by receipt."""
        return [
            Stack(layer.key, layer.qty, Fraction(layer.value))
            for layer in self.outcome.layers.values()
        ]


def replay_moves(method: str, moves: Sequence[Moved]) -> Replayed:
    """Cost a product's whole history of stock moves, in the order of their dates.

    :param moves: in any order; keys grow in the order of entry
    """
    ordered = sorted(moves, key=lambda move: (move.at, move.key))
    level, negative = ZERO, False
    facts = []
    for order, move in enumerate(ordered, 1):
        level += move.qty
        negative |= level < 0
        event = (
            Arrival(move.key, move.qty, move.value)
            if move.qty > 0
            else Departure(move.key, -move.qty)
        )
        facts.append(Fact(order, move.at, event))
    without = sum(move.qty > 0 and not move.value for move in ordered)
    return Replayed(replay(method, facts), negative, _backdated(moves), without)


def _backdated(moves: Iterable[Moved]) -> int:
    """Moves that were entered after a move with a later date."""
    latest, found = None, 0
    for move in sorted(moves, key=lambda move: move.key):
        found += latest is not None and move.at < latest
        latest = move.at if latest is None else max(latest, move.at)
    return found


def reexpress(pool: Pool, method: str, values: Sequence[int]) -> Pool:
    """The pool under another method with its layers at other values (minor units).

    :raises CostError: not one value per layer, or units are missing while the value changes
    """
    if len(values) != len(pool.layers):
        raise CostError(f"{len(values)} values for {len(pool.layers)} layers")
    layers = tuple(
        replace(layer, value=value) for layer, value in zip(pool.layers, values, strict=True)
    )
    missing = _provisional(pool.deficits)
    value = sum(values) - missing
    return replace(pool, method=method, layers=layers, value=value, spread=0, carry=ZERO)


def _provisional(deficits: Iterable[Deficit]) -> int:
    return sum(deficit.value for deficit in deficits)
