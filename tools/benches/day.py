"""The busiest day of real orders, confirmed, shipped and posted, beside plain Odoo.

./wms bench day --input ORDERS.csv[.xz] [--orders N] [--wave 20] [--json]

ORDERS: order lines as of the Online Retail data (InvoiceNo, StockCode, Quantity, InvoiceDate); the
day with most lines is worked.  Both sides work the orders in waves of the same size, each wave in
one transaction.  Ours reserves late, plans waves and posts each shipment; plain Odoo reserves when
it confirms and posts at the closing of the day.  The stock's value in the ledger must be the same.
"""

import argparse
import sys
from pathlib import Path

from tools.benches import engines
from tools.benches.data import retail

SEED = 1
GOAL = 3.0
_OURS, _CORE = "wms_bench_day", "wms_bench_day_plain"


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if ours is ``GOAL`` times as fast and the books are equal."""
    options = _options(argv)
    try:
        orders = retail.busiest_day(options.input)[: options.orders]
    except retail.BadOrders as error:
        print(f"bench day: {error}", file=sys.stderr)
        return 1
    from tools import env

    ours = _side(env.fresh_database, _OURS, orders, options.wave)
    core = _side(env.plain_odoo_database, _CORE, orders, options.wave)
    figures = {
        "orders": ours["orders"],
        "lines": ours["lines"],
        "orders_per_second": round(ours["orders"] / ours["seconds"], 3),
        "times_core": round(core["seconds"] / ours["seconds"], 2),
        "seconds": round(ours["seconds"], 2),
        "statements": ours["statements"],
        "steps": ours["steps"],
        "books_equal": ours["value"] == core["value"],
        "value": ours["value"],
        "left_open": ours["open"],
        "violations": ours["violations"],
    }
    reference = {
        "orders_per_second": round(core["orders"] / core["seconds"], 3),
        "seconds": round(core["seconds"], 2),
        "statements": core["statements"],
        "steps": core["steps"],
        "value": core["value"],
        "left_open": core["open"],
    }
    ok = figures["times_core"] >= GOAL and figures["books_equal"]
    ok = ok and not figures["left_open"] and not figures["violations"]
    for text in ours["broken"]:
        print(f"bench day: {text}", file=sys.stderr)
    if not options.json:
        _table(figures, reference)
    return engines.result("day", ok, figures, reference, SEED)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="wms bench day",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--input", type=Path, required=True, help=".csv or .csv.xz")
    parser.add_argument("--orders", type=int, help="only the first N orders of the day")
    parser.add_argument("--wave", type=int, default=20, help="orders that are worked together")
    parser.add_argument("--json", action="store_true", help="only the last line")
    options = parser.parse_args(argv)
    if not options.input.is_file():
        parser.error(f"{options.input} does not exist")
    if options.wave < 1 or (options.orders is not None and options.orders < 1):
        parser.error("--orders and --wave must be above zero")
    return options


def _side(make, database: str, orders: list, wave: int) -> dict:
    """Work the day on a database of its own."""
    from tools import env
    from tools.benches import ledger

    make(database)
    try:
        with env.step(f"{database}: {len(orders)} orders, {sum(map(len, orders))} lines"):
            return ledger.inside(database, "day:work", orders=orders, wave=wave)
    finally:
        env.drop(database)


def _table(figures, reference) -> None:
    print(f"{figures['orders']} orders, {figures['lines']} lines")
    print(f"{'':12}{'step':10}{'seconds':>10}{'statements':>12}")
    for who, side in (("ours", figures), ("plain Odoo", reference)):
        for name, step in side["steps"].items():
            print(f"{who:12}{name:10}{step['s']:>10.2f}{step['statements']:>12,}")
    print(
        f"orders per second: {figures['orders_per_second']} against"
        f" {reference['orders_per_second']}: {figures['times_core']} times"
    )
