"""What one receipt, one delivery and the value of many products cost; runs inside Odoo."""

import statistics
import time

from tests.invariants import check, explain
from tools.benches.ledger import history
from tools.benches.ledger.world import World


def flat(odoo_env, sizes: list[int], rounds: int) -> dict:
    """Receipts and deliveries after pasts of these sizes, for every cost method.

    :return: ``{"cases": {method: {size: {kind: {cpu_ms, posting_ms, queries, ...}}}}}`` and what
        the invariants say
    """
    world = World(odoo_env)
    cases, seconds = {}, {}
    for method in world.methods:
        products = {}
        for size in sizes:
            started = time.perf_counter()
            product = products[str(size)] = world.goods(method, [f"Bench {method} {size}"])
            history.grow(world, product, method, history.half_open(method, size))
            _settle(world)
            seconds[f"{method} {size}"] = round(time.perf_counter() - started, 1)
        cases[method] = _in_turns(world, products, rounds)
    return {"cases": cases, "seconds_to_make": seconds, **_judge(odoo_env)}


def _settle(world: World) -> None:
    """Commit and let PostgreSQL know its tables, as autovacuum does in a living database."""
    world.keep()
    ours = ("layer", "total", "consumption", "deficit", "adjustment", "posting")
    tables = [f"wms_cost_{name}" for name in ours] if world.ours else []
    tables += ["stock_move", "stock_move_line", "stock_picking", "stock_quant", "account_move"]
    world.env.cr.execute("ANALYZE " + ", ".join([*tables, "account_move_line"]))
    world.keep()


def _in_turns(world: World, products: dict, rounds: int) -> dict:
    """Receipts and deliveries of each product, the first of each not counted.

    The products take turns: a machine that gets slower meanwhile slows all of them.
    """
    found = {size: {"receipt": [], "delivery": []} for size in products}
    for turn in range(rounds + 1):
        for size, product in products.items():
            for kind, price in (("receipt", 8 + turn % 5), ("delivery", None)):
                picking = world.transfer(product, history.UNITS, price)
                world.keep()
                found[size][kind] += [_validate(world, picking)][: 1 if turn else 0]
    return {
        size: {kind: _middle(runs) for kind, runs in kinds.items()} for size, kinds in found.items()
    }


def _validate(world: World, picking) -> dict:
    """Validate one transfer as a stock user; the posting before the commit apart."""
    world.env.invalidate_all()
    mine, cr = picking.with_env(world.clerk), world.env.cr
    queries, begin = cr.sql_log_count, time.process_time()
    mine.button_validate()
    world.env.flush_all()
    between, moved = cr.sql_log_count, time.process_time()
    cr.flush()
    posted = time.process_time()
    if picking.state != "done":
        raise AssertionError(f"{picking.name} is {picking.state}")
    found = {
        "cpu_ms": 1000 * (posted - begin),
        "posting_ms": 1000 * (posted - moved),
        "queries": between - queries,
        "queries_with_posting": cr.sql_log_count - queries,
    }
    world.keep()
    return found


def _middle(runs: list[dict]) -> dict:
    """Medians of the milliseconds, maxima of the queries."""
    return {
        name: round(statistics.median(run[name] for run in runs), 2)
        if name.endswith("_ms")
        else max(run[name] for run in runs)
        for name in runs[0]
    }


def report(odoo_env, products: int, moves: int) -> dict:
    """Value of many products with a past, now and at a day in the middle of it."""
    world = World(odoo_env)
    mine = odoo_env["product.product"]
    share = products // len(world.methods)
    for number, method in enumerate(world.methods):
        some = share if number else products - share * (len(world.methods) - 1)
        goods = world.goods(method, [f"Bench value {method} {n}" for n in range(some)])
        history.grow(world, goods, method, history.ten_open(method, moves))
        mine |= goods
    _settle(world)
    odoo_env.cr.execute("SELECT (now() - interval '150 days')::date")
    day = str(odoo_env.cr.fetchone()[0])
    return {
        "now": _value(mine),
        "past": _value(mine.with_context(to_date=day)),
        "products": len(mine),
        **_judge(odoo_env),
    }


def _value(products) -> dict:
    """Seconds (wall time) and queries of the first reading of all values."""
    products.env.invalidate_all()
    cr = products.env.cr
    queries, begin = cr.sql_log_count, time.perf_counter()
    worth = sum(products.mapped("total_value"))
    return {
        "s": round(time.perf_counter() - begin, 3),
        "queries": cr.sql_log_count - queries,
        "value": round(worth, 2),
    }


def _judge(odoo_env) -> dict:
    odoo_env.flush_all()
    counts = check(odoo_env.cr)
    return {"violations": sum(counts.values()), "broken": explain(odoo_env.cr)[:5]}
