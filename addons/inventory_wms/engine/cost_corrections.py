"""Corrections of costs that are already booked: returns, later prices, later bills.

Nothing here rewrites the past: a correction is a new event whose amount is split
between units that are still on hand and units that have left (metasfresh splits an
invoice variance the same way into adjustment and already shipped).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .cost_layers import (
    METHODS,
    ZERO,
    CostError,
    Issue,
    Pool,
    Receipt,
    Slice,
    issue_from,
    receive,
    share,
)


@dataclass(frozen=True)
class Issued:
    """What an earlier issue took and has not got back yet: units and their charged value.

    ``provisional`` marks units that were missing and are not settled yet.
    """

    key: int
    qty: Decimal
    value: int
    provisional: bool = False


@dataclass(frozen=True)
class Split:
    """An amount divided between the units ``on_hand`` and the units ``consumed``."""

    on_hand: int
    consumed: int


@dataclass(frozen=True)
class Open:
    """Units and their amount that wait for a counterpart (received and not billed, or the like)."""

    key: int
    qty: Decimal
    value: int


@dataclass(frozen=True)
class Match:
    """``qty`` units of one open side meet the same number of the other, each with its amount."""

    left_key: int
    right_key: int
    qty: Decimal
    left: int
    right: int

    @property
    def difference(self) -> int:
        """By how much the right side's amount exceeds the left side's (minor units)."""
        return self.right - self.left


def take_back(issued: Iterable[Issued], qty: Decimal) -> tuple[Issued, ...]:
    """Which units of an earlier issue come back: the last taken first, at what they were charged.

    :param issued: what is still out, in the order it was taken
    :param qty: units that come back, > 0; more than is out ends with what is out
    :return: slices in the order they come back
    """
    back = []
    for part in reversed(list(issued)):
        taken = min(part.qty, qty)
        if taken > 0:
            back.append(replace(part, qty=taken, value=share(part.value, taken, part.qty)))
            qty -= taken
    return tuple(back)


def split_correction(amount: int, received: Decimal, remaining: Decimal) -> Split:
    """Divide a later change of a receipt's cost.

    :param amount: by how much the receipt cost more (or less, < 0) than booked, minor units
    :param received: units of the receipt the amount is for, > 0
    :param remaining: how many of them are still on hand
    :raises CostError: more remaining than received
    """
    if remaining > received:
        raise CostError(f"{remaining} of {received} units remain")
    on_hand = share(amount, remaining, received) if remaining else 0
    return Split(on_hand, amount - on_hand)


def revalue_layer(pool: Pool, key: int, amount: int) -> Pool:
    """Add an amount to an open layer and to the pool (minor units).

    :raises CostError: when the pool has no such layer
    """
    if all(layer.key != key for layer in pool.layers):
        raise CostError(f"no open layer {key}")
    layers = tuple(
        replace(layer, value=layer.value + amount) if layer.key == key else layer
        for layer in pool.layers
    )
    return replace(pool, layers=layers, value=pool.value + amount)


def put_back(pool: Pool, part: Slice) -> Receipt:
    """Put units that an issue took into their layer again, at its place in the costing order.

    Under the average method the pool gets back what the issue was charged, the layer what it
    lost; open deficits are settled first, as by a receipt.

    :param part: the units, what they were charged, and what their layer had lost for them
    :return: the pool and the older deficits that the units settled
    :raises CostError: when the part has no units
    """
    received = receive(pool, part.layer_key, part.qty, part.value)
    settled = sum((done.qty for done in received.settlements), ZERO)
    if settled == part.qty:
        return received
    *layers, rest = received.pool.layers
    own = share(part.layer_value - part.value, rest.qty, part.qty)
    rest = replace(rest, value=rest.value + own)
    for place, layer in enumerate(layers):
        if layer.key == rest.key:
            layers[place] = replace(layer, qty=layer.qty + rest.qty, value=layer.value + rest.value)
            break
    else:
        # keys below zero are those of layers that are new in this call, newest last
        layers = sorted([*layers, rest], key=lambda layer: (layer.key < 0, abs(layer.key)))
    after = replace(received.pool, layers=tuple(layers), spread=received.pool.spread - own)
    return Receipt(after, received.settlements)


def take_out(
    pool: Pool, wanted: Iterable[int], key: int, qty: Decimal, fallback: Fraction = Fraction(0)
) -> Issue:
    """Take units out that a receipt had brought by mistake: from its own layers first.

    A pool of the average method that was not issued from yet gives them at their own cost,
    as if they had never come; otherwise they leave at the method's cost.

    :param wanted: keys of the receipt's layers
    :param key: of the deficit, should the stock not suffice
    :raises CostError: as :func:`~.cost_layers.issue`
    """
    as_received = METHODS[pool.method].averaged and not pool.spread
    source = replace(pool, method="fifo") if as_received else pool
    issued = issue_from(source, wanted, key, qty, fallback)
    return replace(issued, pool=replace(issued.pool, method=pool.method))


def cancel_deficit(pool: Pool, key: int, qty: Decimal) -> tuple[Pool, int]:
    """Units that were missing come back: less is missing.

    :param qty: units of the deficit ``key``, at most what is open of it
    :return: the pool and the provisional value taken back
    :raises CostError: when less is missing
    """
    found = next((deficit for deficit in pool.deficits if deficit.key == key), None)
    if found is None or qty > found.qty:
        raise CostError(f"deficit {key} does not miss {qty}")
    value = share(found.value, qty, found.qty)
    left = replace(found, qty=found.qty - qty, value=found.value - value)
    deficits = tuple(
        left if deficit.key == key else deficit
        for deficit in pool.deficits
        if deficit.key != key or left.qty
    )
    after = replace(pool, deficits=deficits, qty=pool.qty + qty, value=pool.value + value)
    return after, value


def match(left: Iterable[Open], right: Iterable[Open]) -> tuple[Match, ...]:
    """Pair units of two sides in their order: the first received with the first billed.

    :return: the pairs; every side's amounts add up exactly when it is used up
    """
    pairs: list[Match] = []
    queue = list(right)
    for one in left:
        while one.qty > ZERO and queue:
            other = queue[0]
            qty = min(one.qty, other.qty)
            mine = share(one.value, qty, one.qty)
            theirs = share(other.value, qty, other.qty)
            pairs.append(Match(one.key, other.key, qty, mine, theirs))
            one = replace(one, qty=one.qty - qty, value=one.value - mine)
            queue[0] = replace(other, qty=other.qty - qty, value=other.value - theirs)
            if not queue[0].qty:
                queue.pop(0)
    return tuple(pairs)


def rest_of(whole: Open, pairs: Iterable[Match]) -> Open:
    """What pairs left of ``whole``, their right side: units and minor units."""
    pairs = list(pairs)
    return Open(
        whole.key,
        whole.qty - sum((pair.qty for pair in pairs), ZERO),
        whole.value - sum(pair.right for pair in pairs),
    )
