"""What is put on a cart, what a cart holds, and the plainest plan: first come, first served.

Limits add up: slots, lines, kilograms, litres. Slots may come in several tote types, numbered by
size; an order names the smallest type that holds its largest item and fits into any type from
there on. Orders of types t and above share the slots of types t and above, for every t: that is
all there is to check, since larger totes serve smaller needs and never the reverse.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from .routing_layout import Stop

Length = Callable[[Sequence[Stop]], float]

# two limits that differ by less are the same: 0.1 + 0.2 kg go on a cart for 0.3 kg
_TOLERANCE = 1e-9
# parts of a unit in packed loads; a power of two, so that scaling a float is exact
_PARTS = 2**40


@dataclass(frozen=True, slots=True)
class Order:
    """What an order takes on a cart: slots, lines, kilograms, litres; and where its goods lie.

    ``tote``: number of the smallest tote type its goods fit into, 0 is the smallest there is.
    """

    key: Hashable
    stops: tuple[Stop, ...]
    lines: int = 1
    weight: float = 0.0
    volume: float = 0.0
    slots: int = 1
    tote: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """Limits of a cart; None is no limit.

    ``totes``: how many slots of each tote type, from the smallest type to the largest.
    """

    slots: int | None = None
    lines: int | None = None
    weight: float | None = None
    volume: float | None = None
    totes: tuple[int, ...] | None = None

    def limits(self, largest: int = 0) -> list[tuple[float, Callable[[Order], float]]]:
        """What adds up and its limit, as (limit, what an order takes).

        :param largest: the largest tote type that any order asks for
        """
        pairs: list[tuple[float | None, Callable[[Order], float]]] = [
            (self.slots, lambda order: order.slots),
            (self.lines, lambda order: order.lines),
            (self.weight, lambda order: order.weight),
            (self.volume, lambda order: order.volume),
        ]
        if self.totes is not None:
            pairs += [
                (sum(self.totes[t:]), lambda order, t=t: order.slots if order.tote >= t else 0)
                for t in range(max(len(self.totes), largest + 1))
            ]
        return [(limit, taken) for limit, taken in pairs if limit is not None]

    def holds(self, orders: Sequence[Order]) -> bool:
        """Whether all of the orders go on one cart; one order alone always does."""
        if len(orders) <= 1:
            return True
        return all(
            sum(map(taken, orders)) <= limit + _TOLERANCE
            for limit, taken in self.limits(max(order.tote for order in orders))
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders on one cart, in the order they came, and the metres of their walk."""

    orders: tuple[Order, ...]
    metres: float


def stops_of(orders: Sequence[Order]) -> list[Stop]:
    """All stops of some orders."""
    return [stop for order in orders for stop in order.stops]


def first_come(orders: Sequence[Order], cart: Cart, length: Length) -> list[Batch]:
    """Orders as they come; a cart leaves when the next order does not fit (the reference)."""
    groups: list[list[Order]] = []
    for order in orders:
        if groups and cart.holds([*groups[-1], order]):
            groups[-1].append(order)
        else:
            groups.append([order])
    return [Batch(tuple(group), length(stops_of(group))) for group in groups]


class Loads:
    """All limits of a cart packed into one whole number, so that one subtraction checks them.

    Every limit has a field of bits with a guard bit above it; the room minus a load clears the
    guard of each limit that is broken. ``of`` is the load of each order by its number, ``fill``
    the largest share of a limit that it takes (0 to 1, more for an order beyond the limits).
    Loads add up; a sum may go beyond a limit by two more orders before the guards mix.
    """

    __slots__ = ("fill", "guard", "of", "room")

    def __init__(self, cart: Cart, orders: Sequence[Order]) -> None:
        self.room = self.guard = shift = 0
        self.of = [0] * len(orders)
        self.fill = [0.0] * len(orders)
        for limit, taken in cart.limits(max((order.tote for order in orders), default=0)):
            most = max(0, math.floor((limit + _TOLERANCE) * _PARTS))
            guard = 1 << (most.bit_length() + 3)
            self.room |= (most | guard) << shift
            self.guard |= guard << shift
            for number, order in enumerate(orders):
                # rounded up: what is found to fit here fits exactly
                load = max(0, math.ceil(taken(order) * _PARTS))
                self.of[number] |= min(load, most + 1) << shift
                share = load / most if most else float(load > 0)
                self.fill[number] = max(self.fill[number], share)
            shift += guard.bit_length()

    def fits(self, load: int) -> bool:
        """Whether orders with this load together go on one cart."""
        return (self.room - load) & self.guard == self.guard
