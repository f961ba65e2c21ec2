"""Which box or boxes an order goes into, and where each item stands in them.

The cheapest box (the smallest one where costs are equal) in which a placement was really found;
the volume alone says too little: a rod does not fit into a cube. Several boxes only when one is
not enough: boxes are filled one after the other, each starting kind is tried, and every box is
then exchanged for the cheapest that holds its contents. The fewest boxes win, then the lowest
cost, then the least volume.

Lengths are whole millimetres, weights grams. See :mod:`.cartons_placement` for the search and
its sources. Not looked at: how much one item may carry, and whether a pile is stable in transit.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from .cartons_placement import Budget, Cuboid, Piece, Sides, fill, place, turns_of

# positions tested for one order; about 10 ms of a common processor
TESTS = 24_000
# how many of the largest boxes are tried as the first of several
MOST_FIRST = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of an order: sides in mm as it stands, weight in g.

    ``upright``: this side up, it may only be turned around its height. ``stackable`` False:
    nothing may stand above it.
    """

    key: Hashable
    length: int
    width: int
    height: int
    weight: float = 0.0
    upright: bool = False
    stackable: bool = True

    @property
    def volume(self) -> int:
        """Cubic millimetres."""
        return self.length * self.width * self.height


@dataclass(frozen=True, slots=True)
class Box:
    """A kind of box: inner sides in mm, own weight and most weight with contents in g.

    ``max_weight`` None is no limit. ``wall`` is its thickness in mm: carriers measure outside.
    """

    key: Hashable
    length: int
    width: int
    height: int
    tare: float = 0.0
    max_weight: float | None = None
    cost: float = 0.0
    wall: int = 0

    @property
    def volume(self) -> int:
        """Inner cubic millimetres."""
        return self.length * self.width * self.height

    @property
    def inner(self) -> Sides:
        """Length, width, height in mm."""
        return self.length, self.width, self.height


@dataclass(frozen=True, slots=True)
class Limits:
    """What a carrier takes, of each parcel: g, longest side in mm, girth in mm; None is no limit.

    Girth is the longest side plus twice the sum of the other two.
    """

    weight: float | None = None
    length: float | None = None
    girth: float | None = None

    def take(self, box: Box) -> bool:
        """Whether the carrier takes the box, as far as its sides say."""
        sides = sorted((side + 2 * box.wall for side in box.inner), reverse=True)
        girth = sides[0] + 2 * (sides[1] + sides[2])
        return (self.length is None or sides[0] <= self.length) and (
            self.girth is None or girth <= self.girth
        )

    def contents(self, box: Box) -> float:
        """Grams that may be put into the box; infinite without a limit."""
        limits = [limit for limit in (self.weight, box.max_weight) if limit is not None]
        return min(limits) - box.tare if limits else float("inf")


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and the room it takes: near corner and sides as turned, in mm from the box's
    corner; x along the length, y the width, z the height."""

    item: Item
    x: int
    y: int
    z: int
    length: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A box with its items."""

    box: Box
    placed: tuple[Placed, ...]

    @property
    def weight(self) -> float:
        """Grams with the box."""
        return self.box.tare + sum(one.item.weight for one in self.placed)

    @property
    def filled(self) -> float:
        """Share of the inner volume that the items take, 0 to 1."""
        return sum(one.item.volume for one in self.placed) / self.box.volume


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes of an order; ``left``: items that no box takes, by size or weight."""

    boxes: tuple[Packed, ...]
    left: tuple[Item, ...] = ()


NO_LIMITS = Limits()


def plan(
    items: Sequence[Item], boxes: Sequence[Box], limits: Limits = NO_LIMITS, tests: int = TESTS
) -> Plan:
    """Boxes for the items of an order.

    :param items: any number, in any order
    :param boxes: kinds of boxes, any number of each
    :param tests: how many positions may be tested; more finds tighter packings and takes longer
    :return: every item exactly once, in a box or in ``left``
    :raises ValueError: when a side of an item or box is not positive
    """
    for thing in (*items, *boxes):
        if min(thing.length, thing.width, thing.height) <= 0:
            raise ValueError(f"{thing.key}: sides must be positive")
    usable = sorted((box for box in boxes if limits.take(box)), key=_worth)
    taken, left = [], []
    for item in items:
        fits = any(_holds(box, [item], limits) for box in usable)
        (taken if fits else left).append(item)
    if not taken:
        return Plan((), tuple(left))
    whole = cheapest(taken, usable, limits, Budget(tests))
    packed = (whole,) if whole else _several(taken, _Choice(usable, limits, tests))
    return Plan(packed, tuple(left))


def cheapest(
    items: Sequence[Item], boxes: Sequence[Box], limits: Limits, budget: Budget
) -> Packed | None:
    """The first box in the order given that holds all items together.

    :param boxes: cheapest first
    """
    pieces = [_piece(item) for item in items]
    for box in boxes:
        if not _holds(box, items, limits):
            continue
        # half of what is left: a larger box must still get its chance
        share = Budget(max(budget.tests // 2, 50 * len(items)))
        before = share.tests
        cuboids = place(pieces, box.inner, share)
        budget.tests -= before - share.tests
        if cuboids:
            return _packed(box, items, cuboids)
    return None


def bound(items: Sequence[Item], boxes: Sequence[Box], limits: Limits = NO_LIMITS) -> Box | None:
    """The cheapest box that volume, edges and weight do not rule out; no box below it can do."""
    usable = sorted((box for box in boxes if limits.take(box)), key=_worth)
    return next((box for box in usable if _holds(box, items, limits)), None)


def _worth(box: Box) -> tuple:
    return box.cost, box.volume, box.tare, str(box.key)


def _holds(box: Box, items: Sequence[Item], limits: Limits) -> bool:
    """What can be said without a placement: weight, volume, each item alone."""
    if sum(item.weight for item in items) > limits.contents(box):
        return False
    if sum(item.volume for item in items) > box.volume:
        return False
    return all(_goes_in(item, box) for item in items)


def _goes_in(item: Item, box: Box) -> bool:
    if not item.upright:
        sides = sorted((item.length, item.width, item.height))
        return all(a <= b for a, b in zip(sides, sorted(box.inner), strict=True))
    flat = sorted((item.length, item.width)), sorted((box.length, box.width))
    return item.height <= box.height and all(a <= b for a, b in zip(*flat, strict=True))


def _piece(item: Item) -> Piece:
    turns = turns_of((item.length, item.width, item.height), item.upright)
    return Piece(turns, not item.stackable)


def _packed(box: Box, items: Sequence[Item], cuboids: Sequence[Cuboid]) -> Packed:
    return Packed(
        box,
        tuple(
            Placed(item, x1, y1, z1, x2 - x1, y2 - y1, z2 - z1)
            for item, (x1, y1, z1, x2, y2, z2) in zip(items, cuboids, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """The kinds of boxes, cheapest first, and what the carrier takes."""

    boxes: Sequence[Box]
    limits: Limits
    tests: int


def _several(items: Sequence[Item], choice: _Choice) -> tuple[Packed, ...]:
    """Boxes one after the other; the best over the kinds that may come first."""
    largest = sorted(choice.boxes, key=lambda box: -box.volume)
    plans = [_one_by_one(items, box, choice) for box in largest[:MOST_FIRST]]
    return min(plans, key=lambda found: (len(found), *_sum(found)))


def _one_by_one(items: Sequence[Item], favoured: Box, choice: _Choice) -> tuple[Packed, ...]:
    """Fill a box with the most demanding items, exchange it for the cheapest, go on."""
    packed: list[Packed] = []
    rest = sorted(items, key=lambda item: _share(item, favoured, choice.limits), reverse=True)
    while rest:
        last = cheapest(rest, choice.boxes, choice.limits, Budget(choice.tests // 4))
        if last:
            return (*packed, last)
        inside = _fill_one(rest, favoured, choice)
        rest = [item for number, item in enumerate(rest) if number not in inside.numbers]
        packed.append(inside.packed)
    return tuple(packed)


@dataclass(frozen=True, slots=True)
class _Filled:
    packed: Packed
    numbers: frozenset[int]


def _fill_one(rest: Sequence[Item], favoured: Box, choice: _Choice) -> _Filled:
    """A box with as many of the items as it takes; at least one, the first."""
    box = favoured
    if not _holds(box, rest[:1], choice.limits):
        fit = [box for box in choice.boxes if _holds(box, rest[:1], choice.limits)]
        box = max(fit, key=lambda box: box.volume)
    chosen, weight = [], 0.0
    for number, item in enumerate(rest):
        if weight + item.weight <= choice.limits.contents(box) and _goes_in(item, box):
            chosen.append(number)
            weight += item.weight
    found = fill([_piece(rest[number]) for number in chosen], box.inner, Budget(choice.tests // 4))
    numbers = [chosen[number] for number in found]
    inside = [rest[number] for number in numbers]
    tighter = cheapest(inside, choice.boxes, choice.limits, Budget(choice.tests // 4))
    packed = tighter or _packed(box, inside, list(found.values()))
    return _Filled(packed, frozenset(numbers))


def _share(item: Item, box: Box, limits: Limits) -> float:
    """How much of a box the item asks for, by room or by weight, whichever is more."""
    return max(item.volume / box.volume, item.weight / max(limits.contents(box), 1e-9))


def _sum(packed: Sequence[Packed]) -> tuple[float, int]:
    return sum(one.box.cost for one in packed), sum(one.box.volume for one in packed)
