"""Routes against published optima: one and two blocks exactly, rules of thumb beside them.

Three to six blocks are generated and compared with a search of fifty times the rounds.

./wms bench routing --input FOLDER-OR-ARCHIVE [--json] [--limit N] [--generated N]
"""

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

from tools.benches import engines, routing_blocks
from tools.benches.data import sprp

NEEDS_ODOO = False

SEED = 1
REPEATS = 3
RULES = ("s_shape", "return", "largest_gap")
# mean gap in per cent to the long search that several blocks may have
MOST = 0.5
# rounding of the published tables
TOLERANCE = 1e-6


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if every published optimum is met and none is undercut."""
    options = _options(argv)
    engines.importable()
    instances, tables = sprp.read(options.input)
    chosen = _sample(instances, options.limit)
    single = _measure(chosen, tables[1], 1)
    double = _measure(chosen, tables[2], 2)
    if not single and not double:
        print(f"no instance with a published optimum in {options.input}", file=sys.stderr)
        return 1
    figures = _figures(single)
    figures["two_block"] = _figures(double)
    more = routing_blocks.cases(options.generated)
    figures["multi_block"] = _figures(more)
    for blocks in routing_blocks.BLOCKS:
        some = [case for case in more if case["blocks"] == blocks]
        figures["multi_block"][f"blocks_{blocks}"] = _figures(some)
    big = [case for case in single if case["size"] == (30, 50)]
    figures["cases_30x50"] = len(big)
    figures["ms_median_30x50"] = _median(big)
    reference = {rule: _gaps([case[rule] for case in single]) for rule in RULES if single}
    ok = all(abs(case["gap"]) <= TOLERANCE for case in single + double)
    ok = ok and figures["multi_block"]["mean_gap_pct"] <= MOST
    if not options.json:
        _table(figures, reference)
    return engines.result("routing", ok, figures, reference, SEED)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wms bench routing", description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="folder or .tar.xz")
    parser.add_argument("--json", action="store_true", help="only the last line")
    parser.add_argument("--limit", type=int, help="a seeded sample of N instances")
    parser.add_argument(
        "--generated", type=int, default=3, help="cases for each number of blocks and picks"
    )
    options = parser.parse_args(argv)
    if not options.input.exists():
        parser.error(f"{options.input} does not exist")
    return options


def _sample(instances: list, limit: int | None) -> list:
    if not limit or limit >= len(instances):
        return instances
    return random.Random(SEED).sample(instances, limit)


def _measure(instances: list, optima: dict[str, float], blocks: int) -> list[dict]:
    """One record per instance with a published optimum: gap, milliseconds, gaps of the rules."""
    return [_case(one, optima[one.name], blocks) for one in instances if one.name in optima]


def _case(one: sprp.Instance, optimum: float, blocks: int) -> dict:
    from inventory_wms.engine import routing

    frames, places, depot = sprp.ground(one, blocks)
    layout = routing.Layout(tuple(routing.Block(*frame) for frame in frames))
    stops = [routing.Stop(number, *place) for number, place in enumerate(places)]
    dock = routing.Dock(*depot)
    seconds = []
    for _turn in range(REPEATS):
        begin = time.perf_counter()
        found = routing.route(layout, stops, dock)
        seconds.append(time.perf_counter() - begin)
    if sorted(stop.key for stop in found.stops) != list(range(len(stops))):
        raise AssertionError(f"{one.name}: the route is not a permutation of the picks")
    walked = sum(routing.walk(layout, found.stops, dock, dock))
    case = {
        "gap": walked / optimum - 1,
        "ms": 1000 * min(seconds),
        "size": (len(stops), one.aisles),
    }
    if blocks == 1:
        for rule in RULES:
            case[rule] = routing.rule(rule, layout, stops, dock).metres / optimum - 1
    return case


def _gaps(gaps: list[float]) -> dict:
    return {
        "mean_gap_pct": round(100 * statistics.mean(gaps), 4),
        "max_gap_pct": round(100 * max(gaps), 4),
    }


def _median(cases: list[dict]) -> float:
    return round(statistics.median(case["ms"] for case in cases), 4) if cases else 0.0


def _figures(cases: list[dict]) -> dict:
    if not cases:
        return {"cases": 0, "matched": 0, "mean_gap_pct": 0.0, "max_gap_pct": 0.0, "ms_median": 0.0}
    return {
        "cases": len(cases),
        "matched": sum(abs(case["gap"]) <= TOLERANCE for case in cases),
        **_gaps([case["gap"] for case in cases]),
        "ms_median": _median(cases),
    }


def _table(figures: dict, reference: dict) -> None:
    print(f"{'':24}{'cases':>7}{'optimal':>9}{'mean gap':>10}{'max gap':>10}{'ms':>9}")
    more = figures["multi_block"]
    rows = [("one block, exact", figures), ("two blocks, exact", figures["two_block"])]
    rows += [(f"{n} blocks, generated", more[f"blocks_{n}"]) for n in routing_blocks.BLOCKS]
    for label, row in rows:
        print(
            f"{label:24}{row['cases']:7}{row['matched']:9}{row['mean_gap_pct']:9.2f}%"
            f"{row['max_gap_pct']:9.2f}%{row['ms_median']:9.3f}"
        )
    for rule, row in reference.items():
        print(f"{rule:24}{'':16}{row['mean_gap_pct']:9.2f}%{row['max_gap_pct']:9.2f}%")
    print(
        f"30 picks, 50 aisles: {figures['ms_median_30x50']} ms (median of"
        f" {figures['cases_30x50']}, each the best of {REPEATS})"
    )
