"""Which orders go on one cart: fewer metres under the cart's limits, no order split.

Method: savings of G. Clarke and J. W. Wright (Operations Research 12, 1964) in the form (ii) of
M. B. M. de Koster, E. S. van der Poort and M. Wolters (IJPR 37, 1999): join the two batches whose
joint walk saves most, compare again with the new batch, and so on while something fits. The walk
is not estimated: ``length`` is asked for every candidate, usually ``routing.length``. The result
is never longer than first come, first served, which is computed beside it.
"""

import heapq
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from .routing_layout import Stop

# pairs grow with the square; more orders are planned in portions of this many, first come first
PORTION = 120

Length = Callable[[Sequence[Stop]], float]


@dataclass(frozen=True, slots=True)
class Order:
    """What an order takes on a cart: slots, lines, kilograms, litres; and where its goods lie."""

    key: Hashable
    stops: tuple[Stop, ...]
    lines: int = 1
    weight: float = 0.0
    volume: float = 0.0
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Cart:
    """Limits of a cart; None is no limit."""

    slots: int | None = None
    lines: int | None = None
    weight: float | None = None
    volume: float | None = None

    def holds(self, orders: Sequence[Order]) -> bool:
        """Whether all of the orders go on one cart; one order alone always does."""
        if len(orders) <= 1:
            return True
        limits = (
            (self.slots, sum(order.slots for order in orders)),
            (self.lines, sum(order.lines for order in orders)),
            (self.weight, sum(order.weight for order in orders)),
            (self.volume, sum(order.volume for order in orders)),
        )
        return all(limit is None or taken <= limit + 1e-9 for limit, taken in limits)


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders on one cart, in the order they came, and the metres of their walk."""

    orders: tuple[Order, ...]
    metres: float


def _stops(orders: Sequence[Order]) -> list[Stop]:
    return [stop for order in orders for stop in order.stops]


def first_come(orders: Sequence[Order], cart: Cart, length: Length) -> list[Batch]:
    """Orders as they come; a cart leaves when the next order does not fit (the reference)."""
    groups: list[list[Order]] = []
    for order in orders:
        if groups and cart.holds([*groups[-1], order]):
            groups[-1].append(order)
        else:
            groups.append([order])
    return [Batch(tuple(group), length(_stops(group))) for group in groups]


def batches(
    orders: Sequence[Order], cart: Cart, length: Length, portion: int = PORTION
) -> list[Batch]:
    """Every order in exactly one batch, each batch within the cart's limits.

    :param orders: in the order they came, which decides where savings are equal; keys are unique
    :param length: metres of the shortest walk over stops; asked about n * n / 2 times a portion
    :param portion: how many orders are compared with each other
    :return: batches by their first order; an order beyond the limits is a batch of its own
    """
    if len({order.key for order in orders}) != len(orders):
        raise ValueError("Two orders have the same key.")
    planned: list[Batch] = []
    for begin in range(0, len(orders), portion):
        some = orders[begin : begin + portion]
        saved = _Savings(some, cart, length).run()
        plain = first_come(some, cart, length)
        planned += min(saved, plain, key=lambda found: sum(batch.metres for batch in found))
    return planned


class _Savings:
    """The joining of one portion; a group is known by its number, a joined one gets a new one."""

    def __init__(self, orders: Sequence[Order], cart: Cart, length: Length) -> None:
        self.cart = cart
        self.length = length
        self.place = {order.key: number for number, order in enumerate(orders)}
        self.groups = {number: (order,) for number, order in enumerate(orders)}
        self.metres = {n: length(order.stops) for n, order in enumerate(orders)}
        # (- saving, older group, younger group, metres together)
        self.heap: list[tuple[float, int, int, float]] = []

    def run(self) -> list[Batch]:
        """Join while a pair fits and saves."""
        for number in list(self.groups):
            self._compare(number, [other for other in self.groups if other < number])
        following = len(self.groups)
        while self.heap:
            _saving, one, other, together = heapq.heappop(self.heap)
            if one not in self.groups or other not in self.groups:
                continue
            joined = self.groups.pop(one) + self.groups.pop(other)
            self._compare_joined(following, joined, together)
            following += 1
        found = [
            Batch(tuple(sorted(group, key=lambda order: self.place[order.key])), self.metres[n])
            for n, group in self.groups.items()
        ]
        return sorted(found, key=lambda batch: self.place[batch.orders[0].key])

    def _compare_joined(self, number: int, joined: tuple[Order, ...], metres: float) -> None:
        others = list(self.groups)
        self.groups[number] = joined
        self.metres[number] = metres
        self._compare(number, others)

    def _compare(self, number: int, others: Sequence[int]) -> None:
        """Put the savings of one group with others on the heap."""
        group = self.groups[number]
        for other in others:
            both = self.groups[other] + group
            if not self.cart.holds(both):
                continue
            together = self.length(_stops(both))
            saving = self.metres[number] + self.metres[other] - together
            if saving > 0:
                heapq.heappush(self.heap, (-saving, other, number, together))
