"""Ours and Odoo's own reservation of the same moves, one after the other on the same world."""

import statistics
import time
from collections import defaultdict
from unittest.mock import patch

from tests.invariants import check, explain


def both(odoo_env, pickings: list[int], rounds: int, core_rounds: int) -> dict:
    """Reserve the transfers ``rounds`` times in our way and ``core_rounds`` times in Odoo's.

    Every run begins with the world as it was built; only the last one of ours is kept.

    :return: ``{"ours", "core", "waves": {s, cpu_s, queries, ...}, "differences": int, ...}``
    """
    service = odoo_env["wms.reservation"]
    ours, core, waves = [], [], []
    runs = [(core, _core)] * core_rounds + [(waves, _waves)] + [(ours, _ours)] * rounds
    for found, act in runs:
        odoo_env.cr.rollback()
        odoo_env.invalidate_all()
        found.append(_run(odoo_env, pickings, act))
    differences = _differences(core[0]["facts"], ours[-1]["facts"])
    facts = ours[-1]["facts"]
    moves = odoo_env["stock.picking"].browse(pickings).move_ids
    ordinary, left = service._split(moves)
    odoo_env.cr.commit()
    return {
        "ours": _middle(ours),
        "core": _middle(core),
        "waves": _middle(waves),
        "differences": len(differences),
        "differ": differences[:5],
        "moves": len(moves),
        "left_to_core": len(left),
        "ordinary": len(ordinary),
        "short": sum(state != "assigned" for state, _quantity in facts["moves"].values()),
        "reserved": round(sum(facts["quants"].values()), 2),
        **_judge(odoo_env),
    }


def _ours(moves) -> None:
    moves.env["wms.reservation"]._assign(moves)


def _waves(moves) -> None:
    """Whole orders only, as a wave is released."""
    moves.env["wms.reservation"]._reserve(moves.picking_id)


def _core(moves) -> None:
    """As plain Odoo has it, without the lock that our add-ons put below it."""
    with patch.object(type(moves.env["stock.quant"]), "_wms_lock_rows", lambda *_args: None):
        moves._action_assign()


def _run(odoo_env, pickings: list[int], act) -> dict:
    """Time one reservation up to the commit, with what a commit does first."""
    cr = odoo_env.cr
    moves = odoo_env["stock.picking"].browse(pickings).move_ids
    moves = moves.browse(moves.ids)  # or every record would be read for itself after the next line
    odoo_env.invalidate_all()
    queries, begin, cpu = cr.sql_log_count, time.perf_counter(), time.process_time()
    act(moves)
    cr.flush()
    found = {
        "s": round(time.perf_counter() - begin, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "queries": cr.sql_log_count - queries,
    }
    return found | {"facts": _facts(odoo_env, moves)}


def _facts(odoo_env, moves) -> dict:
    """States of the moves and what is reserved, by the rank of each removal rule."""
    odoo_env.cr.execute(
        """
        SELECT m.id, m.state, m.quantity FROM stock_move m WHERE m.id = ANY(%s)
        """,
        [moves.ids],
    )
    states = {move: (state, float(quantity)) for move, state, quantity in odoo_env.cr.fetchall()}
    odoo_env.cr.execute(
        """
        SELECT q.product_id, coalesce(r.method->>'en_US', 'fifo'), q.lot_id IS NOT NULL, q.in_date,
               l.complete_name, q.removal_date, q.reserved_quantity
          FROM stock_quant q
          JOIN stock_location l ON l.id = q.location_id
          JOIN product_product p ON p.id = q.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
          LEFT JOIN product_category c ON c.id = t.categ_id
          LEFT JOIN product_removal r ON r.id = c.removal_strategy_id
         WHERE q.reserved_quantity <> 0
        """
    )
    quants: dict = defaultdict(float)
    for product, method, lot, received, place, removal, quantity in odoo_env.cr.fetchall():
        rank = {"closest": (place,), "fefo": (removal, received)}.get(method, (received,))
        quants[(product, lot, *map(str, rank))] += float(quantity)
    return {"moves": states, "quants": dict(quants)}


def _differences(core: dict, ours: dict) -> list[str]:
    """Where the two did not come to the same."""
    found = []
    for kind, expected in core.items():
        for key in expected.keys() | ours[kind].keys():
            one, other = expected.get(key), ours[kind].get(key)
            if one != other and not (kind == "quants" and abs((one or 0) - (other or 0)) < 1e-6):
                found.append(f"{kind} {key}: core {one}, ours {other}")
    return sorted(found)


def _middle(runs: list[dict]) -> dict:
    """Medians of the times, maxima of the queries."""
    return {
        name: round(statistics.median(run[name] for run in runs), 3)
        if name.endswith("s") and "queries" not in name
        else max(run[name] for run in runs)
        for name in runs[0]
        if name != "facts"
    }


def _judge(odoo_env) -> dict:
    odoo_env.flush_all()
    counts = check(odoo_env.cr)
    return {"violations": sum(counts.values()), "broken": explain(odoo_env.cr)[:5]}
