"""The metres of very many sets of orders, quickly: what the search for batches asks for.

In one block the shortest closed walk depends on few facts of each aisle (``routing_exact``): how
far its first and last stop are from the front, and its widest gap. So the stops of an order are
kept as one whole number for each aisle, a bit for each place; joining orders is an OR, the facts
of an aisle are remembered for each number, and the dynamic programme of Ratliff and Rosenthal
(1983) runs over plain floats: five classes of part tours, written out here since this is the
innermost loop. A dock on a cross aisle is one more stop, on every walk. Tests compare it with
``routing.length``.

Elsewhere (several blocks, start and end apart, any other ``length``) each set is asked for once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import getitem, or_

from . import routing
from .batching_cart import Length, Order, stops_of
from .routing_layout import Block, Dock, Layout, Stop

# place of the aisle, then metres: to the last stop and back, from the back to the first one and
# back, the cheapest way without passing, the same without the first, without the second
Facts = tuple[float, float, float, float, float, float]
# one whole number for each aisle
Marks = tuple[int, ...]
# sets that are remembered before the memory is cleared: about a hundred megabytes
_REMEMBERED = 400_000


@dataclass(frozen=True, slots=True)
class Walk:
    """The shortest walk on a floor from ``start`` to ``end`` (None: back) as a ``length``."""

    layout: Layout
    start: Dock
    end: Dock | None = None

    def __call__(self, stops: Sequence[Stop]) -> float:
        """Metres of the shortest walk over the stops, as ``routing.length``."""
        return routing.length(self.layout, stops, self.start, self.end)

    def block(self, stops: Iterable[Stop]) -> Block | None:
        """The block of all stops, if every walk is closed, free and begins outside of it."""
        numbers = {stop.block for stop in stops}
        if len(numbers) != 1 or self.end not in (None, self.start) or not self.layout.free:
            return None
        block = self.layout.blocks[numbers.pop()]
        return None if block.front < self.start.y < block.back else block


class _Aisle(dict[int, Facts | None]):
    """Facts of one aisle by its marks; ``places``: metres from the dock's cross aisle, sorted."""

    __slots__ = ("depth", "places", "x")

    def __init__(self, x: float, places: list[float], depth: float) -> None:
        super().__init__({0: None})
        self.x = x
        self.places = places
        self.depth = depth

    def __missing__(self, marks: int) -> Facts:
        places = self.places
        rest = marks
        bit = rest.bit_length() - 1
        last = first = places[bit]
        widest = 0.0
        while rest := rest ^ (1 << bit):
            bit = rest.bit_length() - 1
            place = places[bit]
            if first - place > widest:
                widest = first - place
            first = place
        if len(self) > _REMEMBERED:
            self.clear()
            self[0] = None
        front, back = 2 * last, 2 * (self.depth - first)
        both = 2 * (self.depth - widest)
        not_last = front if front < both else both
        not_first = back if back < both else both
        least = not_last if not_last < back else back
        found = (2 * self.x, front, back, least, not_last, not_first)
        self[marks] = found
        return found


def _shortest(aisles: Iterator[Facts], depth: float) -> float:
    """Metres of the shortest closed tour through aisles from left to right.

    The names say the parity at the front and the back corner of the last aisle and, where it is
    not clear, the pieces of the part tour. A corner left even may be left behind for good.
    """
    twice = 2 * depth
    x, even_none, none_even, _least, front, back = next(aisles)
    odd_odd, one_piece = depth, twice
    two_pieces = front if front > back else back
    for now, to_front, to_back, least, front, back in aisles:
        across = now - x
        x = now
        if one_piece < even_none:
            even_none = one_piece
        if one_piece < none_even:
            none_even = one_piece
        even_none += across
        none_even += across
        odd_odd += across
        across += across
        one_piece += across + least
        two_pieces += across
        # what costs least of all that may be passed once or twice; one piece has left a side
        low = even_none if even_none < none_even else none_even
        if two_pieces < low:
            low = two_pieces
        two_pieces += least
        if even_none + back < two_pieces:
            two_pieces = even_none + back
        if none_even + front < two_pieces:
            two_pieces = none_even + front
        if odd_odd + depth < one_piece:
            one_piece = odd_odd + depth
        if low + twice < one_piece:
            one_piece = low + twice
        odd_odd += least
        if low + depth < odd_odd:
            odd_odd = low + depth
        even_none += to_front
        none_even += to_back
    return min(even_none, none_even, one_piece)


class Lengths:
    """Metres of sets of orders by number, each set asked for once; ``asked`` counts them.

    A set is known by its key, a whole number with one bit for each order. ``quick`` says that a
    set costs microseconds, so that thousands may be asked for.
    """

    quick = False

    def __init__(self, orders: Sequence[Order], length: Length) -> None:
        self.orders = orders
        self.length = length
        self.asked = 0
        self.known: dict[int, float] = {0: 0.0}

    def metres(self, key: int, rest: Sequence[int], more: Sequence[int]) -> float:
        """Metres of the walk for the orders ``rest`` and ``more`` together, whose key is given.

        ``rest`` is what many sets have in common, so facts about it may be worth keeping.
        """
        found = self.known.get(key)
        if found is None:
            if len(self.known) > _REMEMBERED:
                self.known.clear()
                self.known[0] = 0.0
            self.asked += 1
            found = self.known[key] = self._measure(rest, more)
        return found

    def single(self, number: int) -> float:
        """Metres of one order alone."""
        return self.metres(1 << number, (), (number,))

    def pair(self, one: int, other: int) -> float:
        """Metres of two orders together."""
        return self.metres(1 << one | 1 << other, (one,), (other,))

    def _measure(self, rest: Sequence[int], more: Sequence[int]) -> float:
        return self.length(stops_of([self.orders[number] for number in (*rest, *more)]))


class _BlockLengths(Lengths):
    """Lengths in one block, by whole numbers for each aisle."""

    quick = True

    def __init__(self, orders: Sequence[Order], walk: Walk, block: Block) -> None:
        super().__init__(orders, walk)
        at_back = abs(walk.start.y - block.back) < abs(walk.start.y - block.front)
        self.depth = block.back - block.front
        self.outside = 2 * abs(walk.start.y - (block.back if at_back else block.front))
        # from the dock's side: a block seen from its back is a block
        every = stops_of(orders)
        into = {s.y: block.back - s.y if at_back else s.y - block.front for s in every}
        places: dict[float, set[float]] = {walk.start.x: {0.0}}
        for stop in every:
            places.setdefault(stop.x, set()).add(into[stop.y])
        self.aisles = [_Aisle(x, sorted(places[x]), self.depth) for x in sorted(places)]
        number = {aisle.x: place for place, aisle in enumerate(self.aisles)}
        self.marks = [
            self._marks_of([(number[s.x], into[s.y]) for s in order.stops], number[walk.start.x])
            for order in orders
        ]
        # marks of sets that others are joined to
        self.joined: dict[tuple[int, ...], Marks] = {(): (0,) * len(self.aisles)}

    def _marks_of(self, found: list[tuple[int, float]], dock: int) -> Marks:
        marks = [0] * len(self.aisles)
        # an order without a place to go to needs no walk, so no dock either
        for aisle, y in {*found, (dock, 0.0)} if found else ():
            marks[aisle] |= 1 << self.aisles[aisle].places.index(y)
        return tuple(marks)

    def _measure(self, rest: Sequence[int], more: Sequence[int]) -> float:
        marks = self._join(tuple(rest)) if len(rest) > 1 else self.marks[(*rest, *more)[0]]
        for number in more if rest else more[1:]:
            marks = tuple(map(or_, marks, self.marks[number]))
        if not any(marks):
            return 0.0
        aisles = filter(None, map(getitem, self.aisles, marks))
        return self.outside + _shortest(aisles, self.depth)

    def _join(self, numbers: tuple[int, ...]) -> Marks:
        marks = self.joined.get(numbers)
        if marks is None:
            marks = self.marks[numbers[0]]
            for number in numbers[1:]:
                marks = tuple(map(or_, marks, self.marks[number]))
            if len(self.joined) > _REMEMBERED // 10:
                self.joined.clear()
            self.joined[numbers] = marks
        return marks


def lengths(orders: Sequence[Order], length: Length) -> Lengths:
    """The quickest way to the metres of many sets of these orders.

    Raises ``ValueError`` for a stop outside its block, where the walk is known to be ``Walk``.
    """
    if isinstance(length, Walk):
        every = stops_of(orders)
        if every and (block := length.block(every)):
            # once for all, with the checks that the programme leaves out
            routing.checked(length.layout, every)
            return _BlockLengths(orders, length, block)
    return Lengths(orders, length)
