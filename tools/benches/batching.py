"""Batches against best known values, with savings and plain Odoo's way beside them.

./wms bench batching --input FOLDER-OR-ARCHIVE [--seconds S] [--limit N] [--seed N] [--json]
./wms bench batching --orders 600 [--seconds S]
"""

import argparse
import random
import statistics
import sys
import tarfile
import time
from pathlib import Path

from tools.benches import engines
from tools.benches.data import obp

NEEDS_ODOO = False

# rounding of the published tables
TOLERANCE = 1e-6
REFERENCES = ("first_come_s_shape", "first_come_exact", "savings")
# the made-up wave: aisles, bays of 1 m, metres between aisles; lines on a cart, lines of an order
FLOOR = (20, 100, 3.0)
CART_LINES, ORDER_LINES = 60, 20


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if all plans are valid and none is below a best known value."""
    options = _options(argv)
    engines.importable()
    figures, reference, ok = {}, {}, True
    if options.input:
        cases = _published(options)
        if not cases:
            print(f"no instance with a best known value in {options.input}", file=sys.stderr)
            return 1
        figures, reference = _figures(cases), _reference(cases)
        ok = not figures["below_best_known"]
        if not options.json:
            _table(cases, figures, reference)
    if options.orders:
        figures["wave"] = _made_up(options)
        if not options.json:
            print(
                "{orders} orders: {seconds} s of CPU, {metres} m on {batches} carts;"
                " first come {first_come} m, savings {savings} m".format(**figures["wave"])
            )
    return engines.result("batching", ok, figures, reference, options.seed)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wms bench batching", description=__doc__)
    parser.add_argument("--input", type=Path, help="folder or .tar.xz")
    parser.add_argument(
        "--seconds", type=float, help="CPU for each plan (1; for a wave of --orders 30)"
    )
    parser.add_argument("--limit", type=int, help="a seeded sample of N instances of all sizes")
    parser.add_argument("--orders", type=int, help="also plan one made-up wave of so many orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="only the last line")
    options = parser.parse_args(argv)
    if not options.input and not options.orders:
        parser.error("name instances (--input) or a size of a wave (--orders)")
    if options.input and not options.input.exists():
        parser.error(f"{options.input} does not exist")
    for name in ("seconds", "limit", "orders"):
        if getattr(options, name) is not None and getattr(options, name) <= 0:
            parser.error(f"--{name} must be above 0")
    return options


def _published(options: argparse.Namespace) -> list[dict]:
    """One record per instance with a best known value."""
    try:
        instances, best = obp.read(options.input)
    except (ValueError, KeyError, tarfile.TarError, OSError) as error:
        raise SystemExit(f"wms bench batching: cannot read {options.input}: {error!r}") from error
    known = [one for one in instances if one.name in best]
    random.Random(options.seed).shuffle(known)
    known.sort(key=lambda one: len(one.orders))
    if options.limit and options.limit < len(known):
        # evenly over the sizes
        step = len(known) / options.limit
        known = [known[int((place + 0.5) * step)] for place in range(options.limit)]
    seconds = options.seconds or 1.0
    return [_case(one, best[one.name], seconds, options.seed) for one in known]


def _problem(one: obp.Instance) -> tuple:
    """Orders, cart and walk of an instance."""
    from inventory_wms.engine import batching, routing

    depth = one.top + one.bottom + (one.cells - 1) * one.cell
    dock_y = -one.to_depot if one.depot_top else depth + one.to_depot
    layout = routing.Layout((routing.Block(0.0, depth),))
    orders = [
        batching.Order(
            number,
            tuple(
                routing.Stop((number, line), aisle * one.pitch, one.top + cell * one.cell)
                for line, (aisle, cell) in enumerate(places)
            ),
            lines=load,
        )
        for number, (places, load) in enumerate(zip(one.orders, one.loads, strict=True))
    ]
    dock = routing.Dock(one.depot_aisle * one.pitch, dock_y)
    return orders, batching.Cart(lines=one.capacity), batching.Walk(layout, dock)


def _s_shape(batches: list, walk) -> float:
    """Metres of batches in S-shape, as one reads a pick list by bin."""
    from inventory_wms.engine import routing
    from inventory_wms.engine.batching_cart import stops_of

    return sum(
        routing.rule("s_shape", walk.layout, stops_of(batch.orders), walk.start).metres
        for batch in batches
    )


def _checked(orders: list, cart, walk, batches: list) -> float:
    """Metres of a plan, measured anew; refuses one that loses an order or breaks a limit."""
    from inventory_wms.engine.batching_cart import stops_of

    keys = sorted(order.key for batch in batches for order in batch.orders)
    if keys != [order.key for order in orders]:
        raise AssertionError("an order is missing or there twice")
    if not all(cart.holds(batch.orders) for batch in batches):
        raise AssertionError("a batch is beyond the limits of the cart")
    return sum(walk(stops_of(batch.orders)) for batch in batches)


def _timed(orders: list, cart, walk, seconds: float, seed: int) -> tuple[list, float]:
    """Batches and the CPU seconds they took."""
    from inventory_wms.engine import batching

    begin = time.process_time()
    found = batching.planned(orders, cart, walk, batching.Budget(seconds), seed)
    return found, time.process_time() - begin


def _case(one: obp.Instance, best: float, seconds: float, seed: int) -> dict:
    from inventory_wms.engine import batching

    orders, cart, walk = _problem(one)
    found, spent = _timed(orders, cart, walk, seconds, seed)
    plain = batching.first_come(orders, cart, walk)
    metres = {
        "gap": _checked(orders, cart, walk, found),
        "first_come_s_shape": _s_shape(plain, walk),
        "first_come_exact": _checked(orders, cart, walk, plain),
        "savings": _checked(orders, cart, walk, batching.batches(orders, cart, walk)),
    }
    gaps = {name: value / best - 1 for name, value in metres.items()}
    return {"orders": len(orders), "seconds": spent, **gaps}


def _percent(cases: list[dict], name: str) -> float:
    # + 0.0: a rounded -0.0 is 0
    return round(100 * statistics.mean(case[name] for case in cases), 3) + 0.0 if cases else 0.0


def _figures(cases: list[dict]) -> dict:
    hundred = [case for case in cases if case["orders"] == 100]
    return {
        "cases": len(cases),
        "mean_gap_pct": _percent(cases, "gap"),
        "max_gap_pct": round(100 * max(case["gap"] for case in cases), 3),
        "cases_100_orders": len(hundred),
        "gap_100_orders_pct": _percent(hundred, "gap"),
        "best_known_met": sum(abs(case["gap"]) <= TOLERANCE for case in cases),
        "below_best_known": sum(case["gap"] < -TOLERANCE for case in cases),
        "seconds_per_case": round(statistics.mean(case["seconds"] for case in cases), 3),
        "seconds_max": round(max(case["seconds"] for case in cases), 3),
    }


def _reference(cases: list[dict]) -> dict:
    hundred = [case for case in cases if case["orders"] == 100]
    return {
        name: {
            "mean_gap_pct": _percent(cases, name),
            "gap_100_orders_pct": _percent(hundred, name),
        }
        for name in REFERENCES
    }


def _table(cases: list[dict], figures: dict, reference: dict) -> None:
    print("mean gap to the best known value")
    heads = (("orders", 7), ("cases", 7), ("planned", 10), ("savings", 10), ("first come", 12))
    print("".join(f"{head:>{width}}" for head, width in (*heads, ("S-shape", 10))))
    for size in sorted({case["orders"] for case in cases}):
        same = [case for case in cases if case["orders"] == size]
        print(
            f"{size:7}{len(same):7}{_percent(same, 'gap'):9.2f}%{_percent(same, 'savings'):9.2f}%"
            f"{_percent(same, 'first_come_exact'):11.2f}%"
            f"{_percent(same, 'first_come_s_shape'):9.2f}%"
        )
    plain = [reference[name]["mean_gap_pct"] for name in reversed(REFERENCES)]
    print(
        f"{'all':>7}{figures['cases']:7}{figures['mean_gap_pct']:9.2f}%"
        f"{plain[0]:9.2f}%{plain[1]:11.2f}%{plain[2]:9.2f}%"
    )
    print(
        f"CPU {figures['seconds_per_case']} s for a plan (at most {figures['seconds_max']});"
        f" best known met {figures['best_known_met']} times, undercut"
        f" {figures['below_best_known']} times"
    )


def _made_up(options: argparse.Namespace) -> dict:
    """One wave of random orders; class-based: a third of the aisles sees half of the lines."""
    from inventory_wms.engine import batching, routing

    chance = random.Random(options.seed)
    aisles, bays, pitch = FLOOR
    orders = []
    for number in range(options.orders):
        stops = tuple(
            routing.Stop(
                (number, line),
                pitch * chance.randrange(aisles // 3 if chance.random() < 0.5 else aisles),
                1.0 + chance.randrange(bays),
            )
            for line in range(chance.randint(1, ORDER_LINES))
        )
        orders.append(batching.Order(number, stops, lines=len(stops)))
    walk = batching.Walk(routing.Layout((routing.Block(0.0, bays + 1.0),)), routing.Dock(0, 0))
    cart = batching.Cart(lines=CART_LINES)
    found, spent = _timed(orders, cart, walk, options.seconds or 30.0, options.seed)
    begin = time.process_time()
    saved = batching.batches(orders, cart, walk)
    return {
        "orders": len(orders),
        "seconds": round(spent, 3),
        "batches": len(found),
        "metres": round(_checked(orders, cart, walk, found), 1),
        "savings": round(_checked(orders, cart, walk, saved), 1),
        "savings_seconds": round(time.process_time() - begin, 3),
        "first_come": round(
            _checked(orders, cart, walk, batching.first_come(orders, cart, walk)), 1
        ),
    }
