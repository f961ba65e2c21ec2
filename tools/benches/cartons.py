"""Boxes for generated orders: how full they are, how often the lower bound is met, how long.

./wms bench cartons [--orders N] [--seed N] [--json]

An order has 1 to 12 pieces of three kinds of goods mixes: all different, from a few sizes, and
several of one. Eight boxes; orders whose volume is above 95 % of the largest are left out. The
bound is the smallest box that volume and edges do not rule out: no method can go below it.

References of the same run: *first fit by volume* sets the pieces, largest first, on the first
free corner and takes the next box when one is left over; *volume only* asks for no placement at
all and takes the smallest box with enough volume and edges, so some of its boxes cannot be
packed (counted where even our search finds no placement).
"""

import argparse
import random
import statistics
import time
from dataclasses import dataclass

from tools.benches import engines

NEEDS_ODOO = False

SEED = 1
MOST_FULL = 0.95
BOXES = (
    (200, 150, 100), (250, 180, 120), (300, 220, 150), (350, 250, 200),
    (400, 300, 250), (450, 350, 300), (500, 400, 350), (600, 400, 400),
)  # fmt: skip
SIZES = (30, 40, 50, 60, 80, 100, 120, 150, 180, 220)


@dataclass(frozen=True)
class Case:
    """One order and what each method chose: index of the box, or None for several boxes."""

    volume: int
    bound: int
    ours: int | None
    first_fit: int | None
    ms: float


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if every plan holds every piece once, inside, without overlap."""
    options = _options(argv)
    engines.importable()
    orders = _orders(options.orders, options.seed)
    found = [_case(order) for order in orders]
    cases = [case for case, _sound in found]
    sound = all(sound for _case, sound in found)
    figures = {**_figures([(case, case.ours) for case in cases]), **_times(cases)}
    reference = _reference(cases)
    if not options.json:
        for name, row in (("ours", figures), *reference.items()):
            print(f"{name:20} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    return engines.result("cartons", sound, figures, reference, options.seed)


def _reference(cases: list[Case]) -> dict:
    return {
        "first_fit_by_volume": _figures([(case, case.first_fit) for case in cases]),
        "volume_only": {
            "filled_pct": _filled([(case, case.bound) for case in cases]),
            "cannot_be_packed_pct": _percent(case.ours != case.bound for case in cases),
        },
    }


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wms bench cartons", description=__doc__)
    parser.add_argument("--orders", type=int, default=450, help="how many (default: 450)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="only the last line")
    options = parser.parse_args(argv)
    if options.orders < 3:
        parser.error("--orders: at least 3, one of each mix")
    return options


def _orders(count: int, seed: int) -> list[list[tuple[int, int, int]]]:
    """Seeded orders: lists of pieces as (length, width, height) in mm."""
    chance = random.Random(seed)
    mixes = (_different, _standard, _repeated)
    largest = BOXES[-1][0] * BOXES[-1][1] * BOXES[-1][2]
    orders: list = []
    while len(orders) < count:
        order = mixes[len(orders) % len(mixes)](chance, chance.randint(1, 12))
        if _volume(order) <= MOST_FULL * largest:
            orders.append(order)
    return orders


def _different(chance: random.Random, pieces: int) -> list:
    return [tuple(chance.randint(30, 250) for _side in range(3)) for _piece in range(pieces)]


def _standard(chance: random.Random, pieces: int) -> list:
    return [tuple(chance.choice(SIZES) for _side in range(3)) for _piece in range(pieces)]


def _repeated(chance: random.Random, pieces: int) -> list:
    order: list = []
    while len(order) < pieces:
        several = min(chance.choice((1, 1, 2, 3, 6)), pieces - len(order))
        order += [tuple(chance.randint(25, 200) for _side in range(3))] * several
    return order


def _volume(order: list) -> int:
    return sum(a * b * c for a, b, c in order)


def _case(order: list) -> tuple[Case, bool]:
    from inventory_wms.engine import cartons

    boxes = [cartons.Box(number, *sides) for number, sides in enumerate(BOXES)]
    items = [cartons.Item(number, *sides) for number, sides in enumerate(order)]
    begin = time.process_time()
    found = cartons.plan(items, boxes)
    ms = 1000 * (time.process_time() - begin)
    ours = found.boxes[0].box.key if len(found.boxes) == 1 and not found.left else None
    least = cartons.bound(items, boxes)
    bound = least.key if least else len(BOXES) - 1
    first_fit = _first_fit(order, bound)
    return Case(_volume(order), bound, ours, first_fit, ms), _is_sound(items, found)


def _is_sound(items: list, found: object) -> bool:
    """Checked here anew, not by the engine: each piece once, inside, no two overlap."""
    keys = [one.item.key for packed in found.boxes for one in packed.placed]
    keys += [item.key for item in found.left]
    if sorted(keys) != sorted(item.key for item in items):
        return False
    return all(_is_box_sound(packed) for packed in found.boxes)


def _is_box_sound(packed: object) -> bool:
    rooms = [
        ((one.x, one.x + one.length), (one.y, one.y + one.width), (one.z, one.z + one.height))
        for one in packed.placed
    ]
    inside = all(
        near >= 0 and far <= side
        for room in rooms
        for (near, far), side in zip(room, packed.box.inner, strict=True)
    )
    apart = all(
        any(a[1] <= b[0] or b[1] <= a[0] for a, b in zip(one, other, strict=True))
        for number, one in enumerate(rooms)
        for other in rooms[:number]
    )
    return inside and apart


# ------------------------------------------------------------------------------ the reference
def _first_fit(order: list, bound: int) -> int | None:
    """The smallest box in which one pass, largest piece first, places all."""
    pieces = sorted(order, key=lambda sides: -sides[0] * sides[1] * sides[2])
    return next((n for n in range(bound, len(BOXES)) if _one_pass(pieces, BOXES[n])), None)


def _one_pass(pieces: list, box: tuple[int, int, int]) -> bool:
    placed: list = []
    corners = [(0, 0, 0)]
    for sides in pieces:
        spot = next(filter(None, (_spot(sides, corner, box, placed) for corner in corners)), None)
        if not spot:
            return False
        (x, y, z), (far_x, far_y, far_z) = spot
        placed.append(spot)
        corners += [(far_x, y, z), (x, far_y, z), (x, y, far_z)]
    return True


def _spot(sides: tuple, corner: tuple, box: tuple, placed: list) -> tuple | None:
    a, b, c = sides
    for turn in ((a, b, c), (b, a, c), (a, c, b), (c, a, b), (b, c, a), (c, b, a)):
        far = tuple(near + side for near, side in zip(corner, turn, strict=True))
        inside = all(end <= side for end, side in zip(far, box, strict=True))
        if inside and not any(
            all(corner[n] < other[1][n] and other[0][n] < far[n] for n in range(3))
            for other in placed
        ):
            return corner, far
    return None


# -------------------------------------------------------------------------------- the figures
def _figures(chosen: list[tuple[Case, int | None]]) -> dict:
    return {
        "cases": len(chosen),
        "filled_pct": _filled(chosen),
        "at_bound_pct": _percent(number == case.bound for case, number in chosen),
        "several_boxes": sum(number is None for _case, number in chosen),
    }


def _filled(chosen: list[tuple[Case, int | None]]) -> float:
    """Mean share of the chosen box that is filled, over orders that go into one box."""
    shares = [
        case.volume / (BOXES[number][0] * BOXES[number][1] * BOXES[number][2])
        for case, number in chosen
        if number is not None
    ]
    return round(100 * statistics.mean(shares), 2)


def _percent(flags: object) -> float:
    flags = list(flags)
    return round(100 * sum(flags) / len(flags), 1)


def _times(cases: list[Case]) -> dict:
    times = sorted(case.ms for case in cases)
    return {
        "ms_mean": round(statistics.mean(times), 2),
        "ms_median": round(statistics.median(times), 2),
        "ms_p95": round(times[int(len(times) * 0.95)], 2),
        "ms_max": round(times[-1], 2),
    }
