"""Batches by savings: join the two batches whose joint walk saves most, as long as one does.

Method: savings of G. Clarke and J. W. Wright (Operations Research 12, 1964) in the form (ii) of
M. B. M. de Koster, E. S. van der Poort and M. Wolters (IJPR 37, 1999): savings of a joined batch
are compared again. In a wave of many orders each order is compared with those that share most
aisles with it; a joined batch inherits the neighbours of its parts.
"""

import heapq
from collections.abc import Callable, Sequence

from .batching_cart import Cart, Loads, Order
from .batching_length import Lengths

# with up to this many orders all pairs are compared
_ALL_PAIRS = 150
# neighbours of an order in a larger wave, and where each walk takes long to measure
_NEAR, _FEW = 40, 8

Group = tuple[int, ...]


class Wave:
    """The orders of one wave by their number, with what batches of them weigh and walk."""

    __slots__ = ("bits", "lengths", "loads", "orders", "pairs")

    def __init__(self, orders: Sequence[Order], cart: Cart, lengths: Lengths) -> None:
        self.orders = orders
        self.lengths = lengths
        self.loads = Loads(cart, orders)
        self.bits = [1 << number for number in range(len(orders))]
        self.pairs = _pairs(orders, lengths.quick)

    def key(self, group: Sequence[int]) -> int:
        """The key of some orders: one bit for each."""
        return sum(self.bits[number] for number in group)

    def load(self, group: Sequence[int]) -> int:
        """What some orders take on a cart together."""
        return sum(self.loads.of[number] for number in group)

    def metres(self, group: Sequence[int]) -> float:
        """Metres of the walk for some orders."""
        return self.lengths.metres(self.key(group), group[:-1], group[-1:])


def _pairs(orders: Sequence[Order], quick: bool) -> list[Sequence[int]]:
    """For each order those with a lower number that it is compared with."""
    if len(orders) <= (_ALL_PAIRS if quick else _FEW):
        return [range(number) for number in range(len(orders))]
    seen = _aisles_seen(orders)
    count = _NEAR if quick else _FEW
    wanted: list[set[int]] = [set() for _ in orders]
    for number, mine in enumerate(seen):
        # fewest aisles that only one of the two visits
        near = heapq.nsmallest(
            count + 1,
            range(len(orders)),
            key=lambda other, mine=mine: (mine ^ seen[other]).bit_count(),
        )
        for other in near:
            wanted[max(number, other)].add(min(number, other))
    return [sorted(others - {number}) for number, others in enumerate(wanted)]


def _aisles_seen(orders: Sequence[Order]) -> list[int]:
    """The aisles that each order visits, one bit for each."""
    bits: dict[tuple[int, float], int] = {}
    seen = []
    for order in orders:
        aisles = {(stop.block, stop.x) for stop in order.stops}
        seen.append(sum(bits.setdefault(aisle, 1 << len(bits)) for aisle in aisles))
    return seen


def savings(wave: Wave, go_on: Callable[[], bool]) -> list[Group]:
    """Groups of order numbers, each within the limits of the cart.

    :param go_on: asked between joins; the groups are handed back as they are when it says no
    """
    return _Savings(wave, go_on).run()


class _Savings:
    """A group is known by its place in ``groups``; a joined one gets a new place."""

    def __init__(self, wave: Wave, go_on: Callable[[], bool]) -> None:
        self.wave = wave
        self.go_on = go_on
        self.groups: list[Group] = [(number,) for number in range(len(wave.orders))]
        self.keys = list(wave.bits)
        self.loads = list(wave.loads.of)
        self.metres = [wave.metres(group) for group in self.groups]
        self.near: list[set[int]] = [set() for _ in self.groups]
        # (- saving, older group, younger group)
        self.heap: list[tuple[float, int, int]] = []

    def run(self) -> list[Group]:
        """Join while a pair fits and saves."""
        for number, others in enumerate(self.wave.pairs):
            if not self.go_on():
                break
            self._compare(number, others)
        while self.heap and self.go_on():
            _saving, one, other = heapq.heappop(self.heap)
            if self.groups[one] and self.groups[other]:
                self._join(one, other)
        return sorted(tuple(sorted(group)) for group in self.groups if group)

    def _join(self, one: int, other: int) -> None:
        number = len(self.groups)
        joined = self.groups[one] + self.groups[other]
        others = {n for n in self.near[one] | self.near[other] if self.groups[n]} - {one, other}
        self.groups[one] = self.groups[other] = ()
        self.groups.append(joined)
        self.keys.append(self.keys[one] | self.keys[other])
        self.loads.append(self.loads[one] + self.loads[other])
        self.metres.append(self.wave.metres(joined))
        self.near.append(set())
        for neighbour in others:
            self.near[neighbour] -= {one, other}
        self._compare(number, sorted(others))

    def _compare(self, number: int, others: Sequence[int]) -> None:
        """Put the savings of one group with others on the heap."""
        fits, metres = self.wave.loads.fits, self.wave.lengths.metres
        for other in others:
            if not fits(self.loads[number] + self.loads[other]):
                continue
            self.near[number].add(other)
            self.near[other].add(number)
            together = metres(
                self.keys[number] | self.keys[other], self.groups[number], self.groups[other]
            )
            saving = self.metres[number] + self.metres[other] - together
            if saving > 0:
                heapq.heappush(self.heap, (-saving, other, number))
