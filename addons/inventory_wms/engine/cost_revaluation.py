"""Values that change without goods moving: landed costs, revaluations, write-downs.

A later cost of a receipt (freight, duty) belongs to its units wherever they are now:
still in its layer, in a layer they came back or were moved to, or gone.  A revaluation
gives the units on hand another value.  A write-down to net realisable value (IAS 2.28-33)
is a revaluation that remembers its amount per layer, so that its reversal never lifts
units above what they cost; units that left since take their part of it along.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .cost_layers import (
    CARRY_DIGITS,
    METHODS,
    ZERO,
    CostError,
    Layer,
    Pool,
    round_half_up,
    share,
    spread_over,
)


@dataclass(frozen=True)
class Change:
    """By how much (minor units) the ``qty`` units left in a layer change their value."""

    layer_key: int
    qty: Decimal
    amount: int


@dataclass(frozen=True)
class Revaluation:
    """A revaluation's effect: the pool after it and the change of each layer."""

    pool: Pool
    changes: tuple[Change, ...] = ()

    @property
    def amount(self) -> int:
        """By how much the pool's value changes (minor units)."""
        return sum(change.amount for change in self.changes)

    @property
    def below_zero(self) -> bool:
        """Whether goods would be worth less than nothing.

        An averaged pool is judged as a whole, since its layers' own cost is charged to nobody.
        """
        if self.pool.value < 0:
            return True
        touched = {change.layer_key for change in self.changes}
        return not METHODS[self.pool.method].averaged and any(
            layer.value < 0 for layer in self.pool.layers if layer.key in touched
        )


def chosen(pool: Pool, keys: Iterable[int] = ()) -> tuple[list[Layer], Decimal, int]:
    """The layers named by ``keys`` (none: all), their units and what these are worth.

    Under an averaged method units are worth the pool's average.

    :raises CostError: when a named layer is not open, or the pool does not know all its layers
    """
    wanted = set(keys)
    layers = [layer for layer in pool.layers if not wanted or layer.key in wanted]
    qty = sum((layer.qty for layer in layers), ZERO)
    if len(layers) < len(wanted) or (not wanted and qty != max(pool.qty, ZERO)):
        raise CostError("not all of these layers are given and open")
    if METHODS[pool.method].averaged and qty:
        return layers, qty, share(pool.value, qty, pool.qty)
    return layers, qty, sum(layer.value for layer in layers)


def change_value(pool: Pool, amount: int, weights: Mapping[int, Decimal | int]) -> Revaluation:
    """Add an amount to a pool, spread over layers.

    :param amount: minor units, either sign
    :param weights: layer key -> weight; layers of weight 0 get nothing
    :raises CostError: an amount, and nobody to bear it
    """
    bearers = [layer for layer in pool.layers if weights.get(layer.key, 0) > 0]
    if not amount:
        return Revaluation(pool)
    if not bearers:
        raise CostError("nothing on hand bears this amount")
    parts = spread_over(amount, [Decimal(weights[layer.key]) for layer in bearers])
    by_key = {layer.key: part for layer, part in zip(bearers, parts, strict=True)}
    layers = tuple(
        replace(layer, value=layer.value + by_key.get(layer.key, 0)) for layer in pool.layers
    )
    changes = tuple(
        Change(layer.key, layer.qty, by_key[layer.key]) for layer in bearers if by_key[layer.key]
    )
    return Revaluation(replace(pool, layers=layers, value=pool.value + amount), changes)


def revalue(pool: Pool, amount: int, keys: Iterable[int] = ()) -> Revaluation:
    """Change the value of units on hand by an amount, spread in proportion to units.

    :param keys: of the layers meant; none: all of the pool
    """
    layers, _qty, _value = chosen(pool, keys)
    return change_value(pool, amount, {layer.key: layer.qty for layer in layers})


def reprice(pool: Pool, cost: Fraction, keys: Iterable[int] = ()) -> Revaluation:
    """Give units on hand another unit cost; each layer changes by the same amount per unit.

    :param cost: of one unit, exact minor units
    """
    _layers, qty, value = chosen(pool, keys)
    exact = cost * Fraction(qty)
    after = revalue(pool, round_half_up(exact) - value, keys)
    if METHODS[pool.method].averaged and qty and qty == pool.qty:
        rest = round_half_up((exact - after.pool.value) * 10**CARRY_DIGITS)
        carry = Decimal(rest).scaleb(-CARRY_DIGITS)
        return replace(after, pool=replace(after.pool, carry=carry))
    return after


def write_down(pool: Pool, cost: Fraction, keys: Iterable[int] = ()) -> Revaluation:
    """Lower units on hand to net realisable value; what is worth less already stays.

    The item is compared as a whole (IAS 2.29); the loss is borne by the layers that are
    above the new cost, in proportion to what they exceed it by, so none falls below it.

    :param cost: net realisable value of one unit, exact minor units, >= 0
    """
    layers, qty, value = chosen(pool, keys)
    loss = value - round_half_up(cost * Fraction(qty))
    if loss <= 0:
        return Revaluation(pool)
    weights: dict[int, Decimal | int] = {layer.key: layer.qty for layer in layers}
    if not METHODS[pool.method].averaged:
        weights = {
            layer.key: max(layer.value - round_half_up(cost * Fraction(layer.qty)), 0)
            for layer in layers
        }
    return change_value(pool, -loss, weights)


def write_up(pool: Pool, amount: int, limits: Mapping[int, int]) -> Revaluation:
    """Reverse write-downs.

    :param amount: minor units, > 0
    :param limits: layer key -> what may be reversed of it, from :func:`still_down`
    :raises CostError: more than was written down
    """
    known = {layer.key: limits.get(layer.key, 0) for layer in pool.layers}
    if amount > sum(known.values()):
        raise CostError(f"{amount} is more than was written down")
    return change_value(pool, amount, known)


def still_down(rows: Iterable[tuple[int, Decimal]], remaining: Decimal) -> int:
    """What is left of a layer's write-downs, for the units left in it (minor units, >= 0).

    :param rows: (loss, units it was for) of each write-down; a reversal is a negative loss
    :param remaining: units in the layer now
    """
    left = sum(
        (Fraction(loss) * Fraction(remaining) / Fraction(units) for loss, units in rows if units),
        Fraction(0),
    )
    return max(left.numerator // left.denominator, 0)


def follow(
    amount: int, on_hand: Sequence[Decimal], gone: Sequence[Decimal]
) -> tuple[list[int], list[int]]:
    """Split a later cost of a receipt over its units, wherever they are (minor units).

    :param on_hand: units in each of the layers that hold some of them
    :param gone: units that left, by where their cost went
    :raises CostError: no units at all

    >>> follow(3000, [Decimal(6)], [Decimal(3), Decimal(1)])
    ([1800], [900, 300])
    """
    units = [*on_hand, *gone]
    if not any(units):
        raise CostError("no units to bear the cost")
    parts = iter(spread_over(amount, [qty for qty in units if qty > 0]))
    split = [next(parts) if qty > 0 else 0 for qty in units]
    return split[: len(on_hand)], split[len(on_hand) :]
