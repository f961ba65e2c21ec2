"""LIFO beside other flows: the reserve, and what liquidated layers did.  Periodic: periodic.py.

Reserve: what the goods on hand would be worth first in, first out, less what they are worth last
in, first out.  Cost of sales under FIFO is that under LIFO less the growth of the reserve
(disclosure of SEC registrants, SAB Topic 5.L).  A liquidation sells old layers at old costs: its
effect on income is the current cost of those units less theirs.

These are bookkeeping figures unit by unit; they are not the dollar-value LIFO of a tax return.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .cost_corrections import Issued, put_back, take_back
from .cost_layers import (
    ZERO,
    Layer,
    Pool,
    Receipt,
    Slice,
    issue,
    issue_from,
    receive,
    round_half_up,
    share,
)


@dataclass(frozen=True)
class In:
    """Goods received: ``key`` of the layer, units, their whole cost in minor units."""

    key: int
    qty: Decimal
    value: int


@dataclass(frozen=True)
class Out:
    """Goods that left; ``wanted``: layers to take first (goods sent back to their vendor).

    ``fallback``: minor units for a unit that no stock gives a cost.
    """

    key: int
    qty: Decimal
    wanted: tuple[int, ...] = ()
    fallback: Fraction = Fraction(0)


@dataclass(frozen=True)
class Back:
    """Goods of the departure ``origin`` come back as layer ``key``.

    ``value``: their cost (minor units) where the departure has fewer units out.
    """

    key: int
    qty: Decimal
    origin: int
    value: int


@dataclass(frozen=True)
class Undo:
    """Goods of the departure ``origin`` had not left after all: back in the layers they came from.

    ``key``, ``value``: of a layer for those units (minor units) that the departure has not out.
    """

    key: int
    qty: Decimal
    origin: int
    value: int


Event = In | Out | Back | Undo


@dataclass
class _Stack:
    """FIFO stock on its way: open layers by key, oldest first, and what each departure took.

    ``places``: the order in which all layers came, so that a used up one finds its place again.
    """

    pool: Pool = field(default_factory=lambda: Pool("fifo"))
    layers: dict[int, Layer] = field(default_factory=dict)
    taken: dict[int, list[Issued]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)


def fifo_value(events: Iterable[Event]) -> int:
    """What the goods on hand would be worth first in, first out (minor units).

    :param events: all events of one pool in costing order
    """
    stack = _Stack()
    for event in events:
        if isinstance(event, Out):
            _leave(stack, event)
        elif isinstance(event, Back):
            _come_back(stack, event)
        elif isinstance(event, Undo):
            _undo(stack, event)
        else:
            _arrive(stack, event.key, event.qty, event.value)
    return stack.pool.value


def _arrive(stack: _Stack, key: int, qty: Decimal, value: int) -> None:
    stack.places.setdefault(key, len(stack.places))
    _keep(stack, receive(_narrow(stack.pool, ()), key, qty, value))


def _keep(stack: _Stack, received: Receipt) -> None:
    """Note what came in and which older departures it settled."""
    for layer in received.pool.layers:
        stack.layers[layer.key] = layer
    for part in received.settlements:
        out = stack.taken.setdefault(part.deficit_key, [])
        out.append(Issued(part.layer_key, part.qty, part.value))
    stack.pool = _narrow(received.pool, ())


def _leave(stack: _Stack, event: Out) -> None:
    needed = _needed(stack, event)
    pool = _narrow(stack.pool, tuple(needed))
    if event.wanted:
        issued = issue_from(pool, event.wanted, event.key, event.qty, event.fallback)
    else:
        issued = issue(pool, event.key, event.qty, event.fallback)
    left = {layer.key: layer for layer in issued.pool.layers}
    for layer in needed:
        if layer.key in left:
            stack.layers[layer.key] = left[layer.key]
        else:
            del stack.layers[layer.key]
    out = stack.taken.setdefault(event.key, [])
    out += [Issued(part.layer_key, part.qty, part.value) for part in issued.slices]
    stack.pool = _narrow(issued.pool, ())


def _needed(stack: _Stack, event: Out) -> list[Layer]:
    """The open layers that a departure may take: those it names, then the oldest."""
    named = [stack.layers[key] for key in event.wanted if key in stack.layers]
    missing = event.qty - sum((layer.qty for layer in named), ZERO)
    rest = []
    for layer in stack.layers.values():
        if missing <= 0:
            break
        if layer not in named:
            rest.append(layer)
            missing -= layer.qty
    return named + rest


def _come_back(stack: _Stack, event: Back) -> None:
    out = stack.taken.get(event.origin, [])
    back = take_back(out, event.qty)
    qty = sum((part.qty for part in back), ZERO)
    value = sum(part.value for part in back)
    if qty < event.qty:
        value += share(event.value, event.qty - qty, event.qty)
    stack.taken[event.origin] = _less(out, qty)
    _arrive(stack, event.key, event.qty, value)


def _undo(stack: _Stack, event: Undo) -> None:
    out = stack.taken.get(event.origin, [])
    back = take_back(out, event.qty)
    rest = event.qty - sum((part.qty for part in back), ZERO)
    stack.taken[event.origin] = _less(out, event.qty - rest)
    for part in back:
        held = stack.layers.get(part.key)
        pool = _narrow(stack.pool, (held,) if held else ())
        _keep(stack, put_back(pool, Slice(part.key, part.qty, part.value, part.value)))
        if not held and part.key in stack.layers:
            in_order = sorted(stack.layers, key=stack.places.__getitem__)
            stack.layers = {key: stack.layers[key] for key in in_order}
    if rest:
        _arrive(stack, event.key, rest, share(event.value, rest, event.qty))


def _less(out: list[Issued], qty: Decimal) -> list[Issued]:
    """What is still out after the last ``qty`` units came back."""
    kept = list(out)
    while qty > 0 and kept:
        last = kept.pop()
        if last.qty > qty:
            value = last.value - share(last.value, qty, last.qty)
            kept.append(Issued(last.key, last.qty - qty, value))
        qty -= min(qty, last.qty)
    return kept


def _narrow(pool: Pool, layers: tuple[Layer, ...]) -> Pool:
    """The pool with these layers only, so that an event costs no more than what it takes."""
    return Pool(pool.method, layers, pool.deficits, pool.qty, pool.value)


def reserve(events: Iterable[Event], lifo_value: int) -> int:
    """FIFO value of the goods on hand less their LIFO value (minor units).

    >>> base = [In(1, Decimal(10), 1000), In(2, Decimal(10), 2000), Out(3, Decimal(15))]
    >>> reserve(base, 500)
    500
    """
    return fifo_value(events) - lifo_value


@dataclass(frozen=True)
class Sold:
    """Units of an old layer that were sold: at ``value``, while a unit cost ``current``.

    Both in minor units; ``current`` exact.
    """

    qty: Decimal
    value: int
    current: Fraction


def liquidation_effect(sold: Iterable[Sold]) -> int:
    """By how much less the units cost than current ones would have (minor units).

    >>> liquidation_effect([Sold(Decimal(700), 350000, Fraction(800))])
    210000
    """
    return sum(round_half_up(part.current * Fraction(part.qty)) - part.value for part in sold)
