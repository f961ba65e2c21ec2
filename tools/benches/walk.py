"""Metres walked for real orders: slots, carts and routes changed one at a time and together.

./wms bench walk --input ORDERS.csv[.xz] [--days 10] [--max-lines 20] [--seconds 3] [--json]

ORDERS: order lines as of the Online Retail data (InvoiceNo, StockCode, Quantity, InvoiceDate).  The
days before the last DAYS trading days say how often each article is picked (cancellations and
what is no article are left out); the last days are walked, day by day, with carts of 40 lines.
Articles of the last days that were never picked before get the slots behind all others.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

from tools.benches import engines
from tools.benches.data import retail

NEEDS_ODOO = False

SEED = 1
AISLES, BAYS, PITCH, ENDS = 20, 100, 5.0, 1.5
CART_LINES = 40
HISTORY_DAYS = 75  # trading days before the walked ones that count
GOAL = 0.55

# name -> (slots, carts, route)
PLANS = {
    "random, first come, S-shape": ("random", "first", "s_shape"),
    "random, first come, exact": ("random", "first", "exact"),
    "random, savings": ("random", "savings", "exact"),
    "random, savings + search": ("random", "search", "exact"),
    "alphabetical, first come, S-shape": ("alphabet", "first", "s_shape"),
    "alphabetical, savings + search": ("alphabet", "search", "exact"),
    "by distance, first come, S-shape": ("distance", "first", "s_shape"),
    "by distance, first come, exact": ("distance", "first", "exact"),
    "by distance, savings": ("distance", "savings", "exact"),
    "by distance, savings + search": ("distance", "search", "exact"),
    "by aisle, first come, S-shape": ("aisle", "first", "s_shape"),
    "by aisle, first come, exact": ("aisle", "first", "exact"),
    "by aisle, savings": ("aisle", "savings", "exact"),
    "by aisle, savings + search": ("aisle", "search", "exact"),
}
BASE = "random, first come, S-shape"
OURS = "by aisle, savings + search"


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if the whole change saves ``GOAL`` of the metres."""
    options = _options(argv)
    engines.importable()
    try:
        days = retail.read(options.input)
        picks, walked = _split(days, options.days, options.max_lines)
    except retail.BadOrders as error:
        print(f"bench walk: {error}", file=sys.stderr)
        return 1
    metres = _walk_all(picks, walked, options.seconds)
    lines = sum(len(order) for orders in walked.values() for order in orders.values())
    saved = {name: round(1 - metres[name] / metres[BASE], 4) for name in PLANS}
    figures = {
        "days": len(walked),
        "orders": sum(map(len, walked.values())),
        "lines": lines,
        "articles": len(picks),
        "saved": saved[OURS],
        "metres_per_line": round(metres[OURS] / lines, 2),
        "saved_by": saved,
        "metres": {name: round(value) for name, value in metres.items()},
    }
    if not options.json:
        _table(figures, lines)
    reference = {"metres": round(metres[BASE]), "metres_per_line": round(metres[BASE] / lines, 2)}
    return engines.result("walk", saved[OURS] >= GOAL, figures, reference, SEED)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="wms bench walk",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--input", type=Path, required=True, help=".csv or .csv.xz")
    parser.add_argument("--days", type=int, default=10, help="trading days that are walked")
    parser.add_argument(
        "--max-lines", type=int, default=20, help="larger orders are picked alone and left out"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU of the search for a day")
    parser.add_argument("--json", action="store_true", help="only the last line")
    options = parser.parse_args(argv)
    if not options.input.is_file():
        parser.error(f"{options.input} does not exist")
    if options.days < 1 or options.max_lines < 1 or options.seconds <= 0:
        parser.error("--days, --max-lines and --seconds must be above zero")
    return options


# ------------------------------------------------------------------------- orders
def _split(days, last: int, max_lines: int):
    """Picks of each article before the last days, and the orders of the last days."""
    dates = sorted(days)
    if len(dates) <= last:
        raise retail.BadOrders(
            f"{len(dates)} days of orders; more than {last} are needed (--days)."
        )
    picks = Counter()
    for day in dates[-last - HISTORY_DAYS : -last]:
        picks.update(_articles(days[day]))
    walked = {
        day: {key: order for key, order in days[day].items() if len(order) <= max_lines}
        for day in dates[-last:]
    }
    for orders in walked.values():  # articles never picked before come last
        picks.update(dict.fromkeys(_articles(orders), 0))
    if len(picks) > AISLES * BAYS * 2:
        raise retail.BadOrders(f"{len(picks)} articles do not fit into {AISLES * BAYS * 2} slots.")
    return picks, walked


def _articles(orders):
    """The article of every line."""
    return [article for order in orders.values() for article in order]


# ------------------------------------------------------------------------- walking
def _walk_all(picks, walked, seconds: float) -> dict[str, float]:
    """Plan -> metres over all days."""
    from inventory_wms.engine import routing

    layout = routing.Layout((routing.Block(0.0, BAYS + 2 * ENDS - 1),))
    dock = routing.Dock(0.0, 0.0)
    places = _places(picks, layout, dock)
    return {
        name: sum(
            _walk_day(orders, places[slots], carts, route, (layout, dock, seconds))
            for orders in walked.values()
        )
        for name, (slots, carts, route) in PLANS.items()
    }


def _places(picks, layout, dock) -> dict[str, dict]:
    """Way of slotting -> article -> stop."""
    from inventory_wms.engine import slotting
    from inventory_wms.engine.routing import Stop

    slots = [
        Stop((aisle, bay, side), aisle * PITCH, bay + ENDS)
        for aisle in range(AISLES)
        for bay in range(BAYS)
        for side in (0, 1)
    ]
    names = sorted(picks)
    mixed = random.Random(SEED).sample(slots, len(names))
    return {
        "random": dict(zip(names, mixed, strict=True)),
        "alphabet": dict(zip(names, slots, strict=False)),
        **{
            ranking: slotting.by_frequency(picks, slotting.ranked(layout, slots, dock, ranking))
            for ranking in slotting.RANKINGS
        },
    }


def _walk_day(orders, places, carts: str, route: str, floor) -> float:
    """Metres of one day's orders."""
    from inventory_wms.engine import batching, routing

    layout, dock, seconds = floor
    length = batching.Walk(layout, dock)
    facts = [
        batching.Order(key, tuple(places[article] for article in sorted(order)), lines=len(order))
        for key, order in orders.items()
    ]
    cart = batching.Cart(lines=CART_LINES)
    if carts == "first":
        batches = batching.first_come(facts, cart, length)
    elif carts == "savings":
        batches = batching.batches(facts, cart, length)
    else:
        budget = batching.Budget(seconds=seconds)
        batches = batching.planned(facts, cart, length, budget, SEED)
    if route == "exact":
        return sum(batch.metres for batch in batches)
    return sum(
        routing.rule(
            route, layout, [stop for order in batch.orders for stop in order.stops], dock
        ).metres
        for batch in batches
    )


def _table(figures, lines: int) -> None:
    print(f"{figures['orders']} orders, {lines} lines, {figures['days']} days")
    print(f"{'slots, carts, route':36}{'metres':>10}{'m/line':>8}{'saved':>8}")
    for name, metres in figures["metres"].items():
        print(f"{name:36}{metres:>10,}{metres / lines:>8.1f}{figures['saved_by'][name]:>8.1%}")
