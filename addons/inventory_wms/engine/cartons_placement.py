"""Where each piece stands in one box: a search for a placement without overlap.

Method: pieces are set one after the other on extreme points (T. G. Crainic, G. Perboli and
R. Tadei, INFORMS Journal on Computing 20, 2008). Which order and which rule for the best point
suits is not known beforehand, so several are tried; after a failure the pieces that found no
place move to the front (the squeaky wheel of D. Joslin and D. Clements, JAIR 10, 1999). Up to
three pieces every order, turn and corner is tried, so the answer is exact: each packing of three
cuboids, or one of its mirror images, can be built corner by corner.

Lengths are whole millimetres. x runs along the box's length, y its width, z its height. The
work is bounded by counted tests, never by a clock, so equal questions get equal answers.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from random import Random

Sides = tuple[int, int, int]
# x, y, z of the near corner, then of the far one
Cuboid = tuple[int, int, int, int, int, int]
Point = tuple[int, int, int]
Rule = Callable[[Cuboid, Sides], tuple[float, ...]]

EXACT_UP_TO = 3
KEEP_RULE = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to place: ``turns`` are its allowed (x, y, z) sizes.

    ``column``: nothing may stand above it, so it takes all the room up to the lid.
    """

    turns: tuple[Sides, ...]
    column: bool = False

    @property
    def volume(self) -> int:
        """Cubic millimetres."""
        length, width, height = self.turns[0]
        return length * width * height


@dataclass(slots=True)
class Budget:
    """How many positions may still be tested."""

    tests: int


def turns_of(sides: Sides, upright: bool = False) -> tuple[Sides, ...]:
    """The different ways to set a cuboid down; ``upright`` keeps its height vertical."""
    length, width, height = sides
    if upright:
        return tuple(dict.fromkeys([(length, width, height), (width, length, height)]))
    return tuple(sorted(set(permutations(sides)), key=lambda turn: (turn[2], turn)))


def place(pieces: Sequence[Piece], inner: Sides, budget: Budget) -> list[Cuboid] | None:
    """A place for every piece in a box, or None when none was found.

    :param inner: inner length, width and height of the box in mm
    :param budget: is used up by the search
    :return: cuboids in the order of ``pieces``; each stands on the floor or on another one
    """
    if not all(_fits_alone(piece, inner) for piece in pieces):
        return None
    if len(pieces) <= EXACT_UP_TO:
        found = _every_way(pieces, inner)
    else:
        found = _search(pieces, inner, budget)
    return settled(found, pieces, inner) if found else None


def fill(pieces: Sequence[Piece], inner: Sides, budget: Budget) -> dict[int, Cuboid]:
    """As much as fits into a box, by volume, of pieces that need not all go in.

    :return: index of the piece -> its cuboid
    """
    best: dict[int, Cuboid] = {}
    most = -1
    for order, rule in _first_tries(pieces, inner):
        placed = _construct(pieces, order, inner, rule, budget)
        volume = sum(pieces[number].volume for number in placed)
        if volume > most:
            best, most = placed, volume
        if budget.tests <= 0 or len(placed) == len(pieces):
            break
    numbers = list(best)
    cuboids = settled([best[n] for n in numbers], [pieces[n] for n in numbers], inner)
    return dict(zip(numbers, cuboids, strict=True))


def settled(cuboids: Sequence[Cuboid], pieces: Sequence[Piece], inner: Sides) -> list[Cuboid]:
    """The same placement with every piece let down until it stands on something."""
    done: dict[int, Cuboid] = {}
    for number in sorted(range(len(cuboids)), key=lambda n: cuboids[n][2]):
        x1, y1, z1, x2, y2, z2 = cuboids[number]
        below = [
            other[5]
            for other in done.values()
            if x1 < other[3] and other[0] < x2 and y1 < other[4] and other[1] < y2
        ]
        floor = max(below, default=0)
        done[number] = (x1, y1, floor, x2, y2, floor + z2 - z1)
    return [done[number] for number in range(len(cuboids))]


def _fits_alone(piece: Piece, inner: Sides) -> bool:
    return any(
        turn[0] <= inner[0] and turn[1] <= inner[1] and turn[2] <= inner[2] for turn in piece.turns
    )


# ------------------------------------------------------------------ a few pieces, exactly
def _every_way(pieces: Sequence[Piece], inner: Sides) -> list[Cuboid] | None:
    """Every order, every turn, every corner made by the pieces set before."""
    kinds = list({piece: None for piece in pieces})
    tried = set()
    for order in permutations(range(len(pieces))):
        likeness = tuple(kinds.index(pieces[number]) for number in order)
        if likeness in tried:
            continue
        tried.add(likeness)
        found = _extend([pieces[number] for number in order], inner, [], [])
        if found:
            return [cuboid for _number, cuboid in sorted(zip(order, found, strict=True))]
    return None


def _extend(
    pieces: Sequence[Piece], inner: Sides, placed: list[Cuboid], taken: list[Cuboid]
) -> list[Cuboid] | None:
    """``placed`` with the other pieces behind it; ``taken`` is the room they block."""
    if len(placed) == len(pieces):
        return placed
    piece = pieces[len(placed)]
    for cuboid in _at_corners(piece, placed, inner):
        room = _room(cuboid, piece, inner)
        if not _is_free(room, taken):
            continue
        found = _extend(pieces, inner, [*placed, cuboid], [*taken, room])
        if found:
            return found
    return None


def _at_corners(piece: Piece, placed: Sequence[Cuboid], inner: Sides) -> Iterator[Cuboid]:
    """The piece, in every turn, with its near corner on the ends of the others along each axis."""
    corners = [sorted({0, *(cuboid[axis + 3] for cuboid in placed)}) for axis in range(3)]
    for dx, dy, dz in piece.turns:
        for x, y, z in product(*corners):
            if x + dx <= inner[0] and y + dy <= inner[1] and z + dz <= inner[2]:
                yield x, y, z, x + dx, y + dy, z + dz


def _room(cuboid: Cuboid, piece: Piece, inner: Sides) -> Cuboid:
    return (*cuboid[:5], inner[2]) if piece.column else cuboid


def _is_free(room: Cuboid, taken: Sequence[Cuboid]) -> bool:
    x1, y1, z1, x2, y2, z2 = room
    return not any(
        x1 < other[3]
        and other[0] < x2
        and y1 < other[4]
        and other[1] < y2
        and z1 < other[5]
        and other[2] < z2
        for other in taken
    )


# -------------------------------------------------------------------- more, by trying orders
def _low(cuboid: Cuboid, _inner: Sides) -> tuple[float, ...]:
    """Deep down, then at the back, then left; flat before upright."""
    return (cuboid[2], cuboid[1], cuboid[0], cuboid[5])


def _wall(cuboid: Cuboid, _inner: Sides) -> tuple[float, ...]:
    """Slices from one end of the box to the other."""
    return (cuboid[0], cuboid[2], cuboid[1], cuboid[3])


def _side(cuboid: Cuboid, _inner: Sides) -> tuple[float, ...]:
    """Slices from one side of the box to the other."""
    return (cuboid[1], cuboid[2], cuboid[0], cuboid[4])


def _snug(cuboid: Cuboid, inner: Sides) -> tuple[float, ...]:
    """Where the pieces' common hull grows least, measured in shares of the box."""
    shares = sorted(cuboid[axis + 3] / inner[axis] for axis in range(3))
    return (shares[2], shares[1], shares[0])


RULES: tuple[Rule, ...] = (_low, _wall, _snug, _side)


def _orders(pieces: Sequence[Piece]) -> list[list[int]]:
    """Largest first, by volume, by longest side, by largest face."""
    longest = [sorted(piece.turns[0], reverse=True) for piece in pieces]
    keys: tuple[Callable[[int], tuple], ...] = (
        lambda n: (pieces[n].column, -pieces[n].volume, n),
        lambda n: (pieces[n].column, [-side for side in longest[n]], n),
        lambda n: (pieces[n].column, -longest[n][0] * longest[n][1], n),
    )
    return [sorted(range(len(pieces)), key=key) for key in keys]


def _first_tries(pieces: Sequence[Piece], inner: Sides) -> list[tuple[list[int], Rule]]:
    return [(order, rule) for order in _orders(pieces) for rule in RULES]


def _search(pieces: Sequence[Piece], inner: Sides, budget: Budget) -> list[Cuboid] | None:
    """Try orders and rules until everything is in or the budget is gone.

    First largest first, then what failed moves to the front, then the order that came furthest
    with two pieces exchanged by chance (from a fixed seed).
    """
    waiting = deque((order, rule) for rule in RULES for order in _orders(pieces))
    chance = Random(len(pieces))
    furthest, most = waiting[0], -1
    seen = set()
    while budget.tests > 0:
        order, rule = waiting.popleft() if waiting else _exchanged(*furthest, chance)
        mark = (tuple(order), rule)
        if mark in seen:
            budget.tests -= len(pieces)  # so that a few pieces, all orders seen, come to an end
            continue
        seen.add(mark)
        placed = _construct(pieces, order, inner, rule, budget)
        if len(placed) == len(pieces):
            return [placed[number] for number in range(len(pieces))]
        order = sorted(order, key=placed.__contains__)  # stable: the failed ones first
        waiting.append((order, rule))
        volume = sum(pieces[number].volume for number in placed)
        if volume > most:
            furthest, most = (order, rule), volume
    return None


def _exchanged(order: list[int], rule: Rule, chance: Random) -> tuple[list[int], Rule]:
    """The order with two pieces exchanged, at times with another rule."""
    one, other = chance.sample(range(len(order)), 2)
    changed = list(order)
    changed[one], changed[other] = changed[other], changed[one]
    return changed, (rule if chance.random() < KEEP_RULE else chance.choice(RULES))


def _construct(
    pieces: Sequence[Piece], order: Sequence[int], inner: Sides, rule: Rule, budget: Budget
) -> dict[int, Cuboid]:
    """Set pieces one after the other; those without a place are left out."""
    placed: dict[int, Cuboid] = {}
    taken: list[Cuboid] = []
    points: dict[Point, None] = {(0, 0, 0): None}
    # room only shrinks: where a kind of piece did not fit it never will
    dead: set[tuple[Piece, Point]] = set()
    for number in order:
        piece = pieces[number]
        best: tuple[tuple[float, ...], Cuboid] | None = None
        for point in points:
            if (piece, point) in dead:
                continue
            found = _best_turn(piece, point, inner, taken, rule)
            budget.tests -= len(piece.turns)
            if found is None:
                dead.add((piece, point))
            elif best is None or found < best:
                best = found
        if best is None:
            continue
        cuboid = best[1]
        placed[number] = cuboid
        room = _room(cuboid, piece, inner)
        points.pop((cuboid[0], cuboid[1], cuboid[2]))
        for point in _extreme_points(room, taken, inner):
            points.setdefault(point)
        taken.append(room)
    return placed


def _best_turn(
    piece: Piece, point: Point, inner: Sides, taken: Sequence[Cuboid], rule: Rule
) -> tuple[tuple[float, ...], Cuboid] | None:
    x1, y1, z1 = point
    best = None
    for dx, dy, dz in piece.turns:
        x2, y2, z2 = x1 + dx, y1 + dy, z1 + dz
        if x2 > inner[0] or y2 > inner[1] or z2 > inner[2]:
            continue
        top = inner[2] if piece.column else z2
        for a1, b1, c1, a2, b2, c2 in taken:
            if x1 < a2 and a1 < x2 and y1 < b2 and b1 < y2 and z1 < c2 and c1 < top:
                break
        else:
            cuboid = (x1, y1, z1, x2, y2, z2)
            score = (rule(cuboid, inner), cuboid)
            if best is None or score < best:
                best = score
    return best


def _extreme_points(new: Cuboid, taken: Sequence[Cuboid], inner: Sides) -> list[Point]:
    """Corners of the new cuboid, each slid along two axes until something stops it."""
    x1, y1, z1, x2, y2, z2 = new
    points = []
    if x2 < inner[0]:
        points.append((x2, _slide(1, (x2, y1, z1), taken), z1))
        points.append((x2, y1, _slide(2, (x2, y1, z1), taken)))
    if y2 < inner[1]:
        points.append((_slide(0, (x1, y2, z1), taken), y2, z1))
        points.append((x1, y2, _slide(2, (x1, y2, z1), taken)))
    if z2 < inner[2]:
        points.append((_slide(0, (x1, y1, z2), taken), y1, z2))
        points.append((x1, _slide(1, (x1, y1, z2), taken), z2))
    return points


def _slide(axis: int, point: Point, taken: Sequence[Cuboid]) -> int:
    """How far a point can go towards the origin along an axis."""
    one, other = (axis + 1) % 3, (axis + 2) % 3
    start, a, b = point[axis], point[one], point[other]
    stop = 0
    for cuboid in taken:
        far = cuboid[axis + 3]
        if (
            stop < far <= start
            and cuboid[one] <= a < cuboid[one + 3]
            and cuboid[other] <= b < cuboid[other + 3]
        ):
            stop = far
    return stop
