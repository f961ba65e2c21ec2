"""Cost of stock: layers, what is taken from them, and stock sold before it was bought.

One :class:`Pool` is the stock of one product in one company.  Receipts put layers
on it, issues take from layers: the oldest first (FIFO), the newest first (LIFO) or
at the pool's average.  The average method keeps its layers too, so that every
delivered unit still names the receipts it came from; what the layers' own cost and
the average differ by is the pool's ``spread``.  Issues beyond the stock leave a
:class:`Deficit` at the last known cost, settled by the next receipts, oldest first.

Money is whole minor units (cents), quantities are Decimal; a part of an amount is
rounded half up and the last unit takes the rest, so an empty pool is worth exactly 0.
The average carries what rounding left over from one issue to the next, so a long
history does not drift: the pool is always worth its exact average, rounded once.
Source of the methods: IAS 2.25-27 (FIFO, weighted average), ASC 330-10-30-9 (LIFO);
all of them perpetual, that is in the order in which the events are given.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal(0)
CARRY_DIGITS = 10


class CostError(ValueError):
    """The request contradicts the pool; a fault of the caller, never of the user's data."""


@dataclass(frozen=True)
class Layer:
    """What is left of one receipt: ``qty`` in the product's unit, ``value`` in minor units."""

    key: int
    qty: Decimal
    value: int


@dataclass(frozen=True)
class Deficit:
    """Units issued before they were received: still open ``qty`` at the provisional ``value``."""

    key: int
    qty: Decimal
    value: int


@dataclass(frozen=True)
class Slice:
    """A part of a layer that an issue took.

    ``value``: what the issue is charged; ``layer_value``: what the layer lost (they differ
    under the average method only); minor units.
    """

    layer_key: int
    qty: Decimal
    value: int
    layer_value: int


@dataclass(frozen=True)
class Settlement:
    """Units of a receipt that went to an older deficit.

    ``value``: their true cost; ``provisional``: what the deficit was charged before.
    """

    deficit_key: int
    layer_key: int
    qty: Decimal
    value: int
    provisional: int


@dataclass(frozen=True)
class Pool:
    """The stock of one product.

    ``method``: key of :data:`METHODS`; ``layers``: open layers in costing order, at least as
    many as the coming issues need (the newest for LIFO, else the oldest); ``deficits``: open
    ones, oldest first; ``qty``, ``value``: of all layers, known or not, plus ``spread`` and
    less the deficits; ``spread``: pool value minus the layers' own; ``carry``: exact value
    minus ``value``, a fraction of a minor unit (the last two: average method only).
    """

    method: str
    layers: tuple[Layer, ...] = ()
    deficits: tuple[Deficit, ...] = ()
    qty: Decimal = ZERO
    value: int = 0
    spread: int = 0
    carry: Decimal = ZERO


@dataclass(frozen=True)
class Receipt:
    """A receipt's effect: the pool after it and the older deficits it settled."""

    pool: Pool
    settlements: tuple[Settlement, ...] = ()


@dataclass(frozen=True)
class Issue:
    """An issue's effect: the pool after it, the slices taken, and what was missing."""

    pool: Pool
    slices: tuple[Slice, ...] = ()
    deficit: Deficit | None = None

    @property
    def value(self) -> int:
        """What the issue costs, provisional part included (minor units)."""
        missing = self.deficit.value if self.deficit else 0
        return sum(part.value for part in self.slices) + missing


@dataclass(frozen=True)
class Method:
    """How a cost method takes layers: which end first, and at whose cost."""

    newest_first: bool = False
    averaged: bool = False


METHODS: dict[str, Method] = {
    "fifo": Method(),
    "lifo": Method(newest_first=True),
    "average": Method(averaged=True),
    # receipts come in at the standard cost already; the pool's average is that cost
    "standard": Method(averaged=True),
}


def share(value: int, part: Decimal, whole: Decimal) -> int:
    """The part of an amount that belongs to ``part`` of ``whole`` units.

    Rounded half away from zero; the whole gets the whole amount.

    >>> [share(1000, Decimal(1), Decimal(3)), share(667, Decimal(1), Decimal(2))]
    [333, 334]
    """
    if part == whole:
        return value
    if not whole:
        raise CostError("no units to share an amount over")
    return round_half_up(Fraction(value) * Fraction(part) / Fraction(whole))


def round_half_up(amount: Fraction) -> int:
    """The nearest whole number; halves go away from zero."""
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return whole if amount >= 0 else -whole


def spread_over(value: int, weights: Iterable[Decimal]) -> list[int]:
    """Split an amount over weights (all > 0), every part rounded, the last takes the rest."""
    weights = list(weights)
    left, parts = sum(weights, ZERO), []
    for weight in weights:
        part = share(value, weight, left)
        parts.append(part)
        value -= part
        left -= weight
    return parts


def unit_cost(pool: Pool, fallback: Fraction = Fraction(0)) -> Fraction:
    """Cost of one unit in minor units: the pool's average, or ``fallback`` when it is empty."""
    return Fraction(pool.value) / Fraction(pool.qty) if pool.qty > 0 else fallback


def receive(pool: Pool, key: int, qty: Decimal, value: int) -> Receipt:
    """Put a new layer on the pool, after it has settled open deficits.

    :param key: the layer's key, newer than all others
    :param qty: received units, > 0
    :param value: their whole cost in minor units (negative only for corrections)
    :raises CostError: when ``qty`` is not positive
    """
    if qty <= 0:
        raise CostError(f"a receipt of {qty}")
    layer, settled, open_deficits = Layer(key, qty, value), [], []
    for deficit in pool.deficits:
        taken = min(layer.qty, deficit.qty)
        if not taken:
            open_deficits.append(deficit)
            continue
        true = share(layer.value, taken, layer.qty)
        provisional = share(deficit.value, taken, deficit.qty)
        settled.append(Settlement(deficit.key, key, taken, true, provisional))
        layer = Layer(key, layer.qty - taken, layer.value - true)
        if taken < deficit.qty:
            open_deficits.append(
                Deficit(deficit.key, deficit.qty - taken, deficit.value - provisional)
            )
    correction = sum(part.value - part.provisional for part in settled)
    after = replace(
        pool,
        layers=pool.layers + ((layer,) if layer.qty else ()),
        deficits=tuple(open_deficits),
        qty=pool.qty + qty,
        value=pool.value + value - correction,
    )
    return Receipt(after, tuple(settled))


def issue(pool: Pool, key: int, qty: Decimal, fallback: Fraction = Fraction(0)) -> Issue:
    """Take units by the pool's method.

    :param key: of the deficit, should the stock not suffice
    :param qty: units to take, > 0
    :param fallback: cost of one unit when there is no stock to tell it
    :raises CostError: ``qty`` not positive, or the pool does not know enough of its layers
    """
    return _take(pool, _ordered(pool), key, qty, fallback)


def issue_from(
    pool: Pool, wanted: Iterable[int], key: int, qty: Decimal, fallback: Fraction = Fraction(0)
) -> Issue:
    """Take units from the layers with the keys ``wanted`` first, then by the method.

    Goods that go back to their vendor leave the layer they came in with.
    """
    first = [layer for wish in wanted for layer in pool.layers if layer.key == wish]
    rest = [layer for layer in _ordered(pool) if layer not in first]
    return _take(pool, first + rest, key, qty, fallback)


def _ordered(pool: Pool) -> list[Layer]:
    return list(reversed(pool.layers)) if METHODS[pool.method].newest_first else list(pool.layers)


def _take(pool: Pool, layers: list[Layer], key: int, qty: Decimal, fallback: Fraction) -> Issue:
    if qty <= 0:
        raise CostError(f"an issue of {qty}")
    covered = min(qty, max(pool.qty, ZERO))
    slices = _slices(layers, covered)
    slices, carry = _charge(pool, slices, covered)
    taken_value = sum(part.value for part in slices)
    missing = qty - covered
    deficit = None
    if missing:
        deficit = Deficit(
            key, missing, round_half_up(_last_cost(slices, fallback) * Fraction(missing))
        )
    lost = {part.layer_key: part for part in slices}
    after = replace(
        pool,
        layers=tuple(
            left for layer in pool.layers if (left := _left(layer, lost.get(layer.key))).qty
        ),
        deficits=pool.deficits + ((deficit,) if deficit else ()),
        qty=pool.qty - qty,
        value=pool.value - taken_value - (deficit.value if deficit else 0),
        spread=pool.spread + sum(part.layer_value - part.value for part in slices),
        carry=carry,
    )
    return Issue(after, tuple(slices), deficit)


def _left(layer: Layer, lost: Slice | None) -> Layer:
    if lost is None:
        return layer
    return Layer(layer.key, layer.qty - lost.qty, layer.value - lost.layer_value)


def _slices(layers: list[Layer], covered: Decimal) -> list[Slice]:
    slices, wanted = [], covered
    for layer in layers:
        if not wanted:
            break
        taken = min(layer.qty, wanted)
        value = share(layer.value, taken, layer.qty)
        slices.append(Slice(layer.key, taken, value, value))
        wanted -= taken
    if wanted:
        raise CostError(f"{wanted} units are in layers that were not given")
    return slices


def _charge(pool: Pool, slices: list[Slice], covered: Decimal) -> tuple[list[Slice], Decimal]:
    """What the slices are charged, their own cost or the pool's average, and the new carry."""
    if not METHODS[pool.method].averaged or not slices:
        return slices, pool.carry
    exact = (pool.value + Fraction(pool.carry)) * Fraction(pool.qty - covered) / Fraction(pool.qty)
    left = round_half_up(exact)
    parts = spread_over(pool.value - left, [part.qty for part in slices])
    charged = [replace(part, value=value) for part, value in zip(slices, parts, strict=True)]
    return charged, Decimal(round_half_up((exact - left) * 10**CARRY_DIGITS)).scaleb(-CARRY_DIGITS)


def _last_cost(slices: list[Slice], fallback: Fraction) -> Fraction:
    """Cost of one missing unit: that of the last one taken, else ``fallback``."""
    if not slices:
        return fallback
    last = slices[-1]
    return Fraction(last.value) / Fraction(last.qty)
