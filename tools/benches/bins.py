"""Choice of bins against published optima, with the nearest and random bins beside it.

./wms bench bins --input FOLDER-OR-ARCHIVE [--json] [--limit N] [--ms BUDGET]

The published values for two blocks with varying demand are apart from the mean: some lie below
the optimum. Trying all choices of small instances shows it; the values fit a count where a bin in
one half of an aisle brings along what the other half holds.
"""

import argparse
import lzma
import random
import statistics
import sys
import tarfile
import time
from decimal import Decimal
from pathlib import Path

from tools.benches import engines
from tools.benches.data import sprp

NEEDS_ODOO = False

SEED = 1
# rounding of the published tables
TOLERANCE = 1e-6


def main(argv: list[str]) -> int:
    """Run the bench; 0 only if no choice is better than a proven optimum and all are whole."""
    options = _options(argv)
    engines.importable()
    try:
        instances, tables = sprp.read_scattered(options.input)
    except (OSError, ValueError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
        print(f"{options.input}: {error}", file=sys.stderr)
        return 1
    cases = _cases(_sample(instances, options.limit), tables, options.ms)
    if not cases:
        print(f"no instance with a published optimum in {options.input}", file=sys.stderr)
        return 1
    apart = [case for case in cases if case["blocks"] == 2 and case["varying"]]
    proven = [case for case in cases if case not in apart]
    figures = _figures(proven)
    figures["one_block"] = _figures(_with(proven, "blocks", 1))
    figures["two_block"] = _figures(_with(proven, "blocks", 2))
    figures["articles_15"] = _figures(_with(proven, "articles", 15))
    figures["two_block_varying"] = _figures(apart)
    reference = {name: _gaps(proven, name) for name in ("nearest", "random") if proven}
    ok = all(case[name] >= -TOLERANCE for case in cases for name in ("gap", "nearest", "random"))
    if not options.json:
        _tables(proven)
        _row("apart: 2, varying", apart)
    return engines.result("bins", ok, figures, reference, SEED)


def _cases(instances: list, tables: dict, milliseconds: float | None) -> list[dict]:
    """One record for each instance and number of blocks with a published optimum."""
    seconds = milliseconds / 1000 if milliseconds else None
    return [
        _case(one, blocks, optima[one.ground.name], seconds)
        for blocks, optima in tables.items()
        for one in instances
        if one.ground.name in optima
    ]


def _with(cases: list[dict], field: str, value: object) -> list[dict]:
    return [case for case in cases if case[field] == value]


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wms bench bins", description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="folder or .tar.xz")
    parser.add_argument("--json", action="store_true", help="only the last line")
    parser.add_argument("--limit", type=int, help="a seeded sample of N instances")
    parser.add_argument("--ms", type=float, help="CPU milliseconds a case (default: the engine's)")
    options = parser.parse_args(argv)
    if not options.input.exists():
        parser.error(f"{options.input} does not exist")
    return options


def _sample(instances: list, limit: int | None) -> list:
    if not limit or limit >= len(instances):
        return instances
    return random.Random(SEED).sample(instances, limit)


def _case(one: sprp.Scattered, blocks: int, optimum: float, seconds: float | None) -> dict:
    """Gap, milliseconds of CPU, and the gaps of the references, all with the shortest route."""
    from inventory_wms.engine import routing
    from inventory_wms.engine.bin_choice import Candidate, Demand, choose_bins

    frames, places, depot = sprp.ground(one.ground, blocks)
    layout = routing.Layout(tuple(routing.Block(*frame) for frame in frames))
    stops = [routing.Stop(number, *place) for number, place in enumerate(places)]
    dock = routing.Dock(*depot)
    offers = {article: [] for article in one.demand}
    for stop, (article, units) in zip(stops, one.stock, strict=True):
        offers[article].append(Candidate(stop.key, stop, Decimal(units)))
    demands = [
        Demand(article, Decimal(units), tuple(offers[article]))
        for article, units in one.demand.items()
    ]
    begin = time.process_time()
    choice = choose_bins(layout, demands, dock, seconds=seconds)
    spent = time.process_time() - begin
    _check(one, choice)
    walked = sum(routing.walk(layout, choice.route.stops, dock, dock))
    by_distance = sorted(range(len(stops)), key=lambda n: routing.distance(layout, dock, stops[n]))
    by_chance = random.Random(f"{SEED} {one.ground.name}").sample(by_distance, len(stops))

    def taken(order: list[int]) -> float:
        chosen = [stops[number] for number in _first(one, order)]
        return routing.length(layout, chosen, dock) / optimum - 1

    return {
        "blocks": blocks,
        "articles": len(one.demand),
        "bins": round(len(one.stock) / len(one.demand)),
        "varying": any(units > 1 for units in one.demand.values()),
        "family": one.ground.name.split("_")[1],
        "gap": walked / optimum - 1,
        "ms": 1000 * spent,
        "nearest": taken(by_distance),
        "random": taken(by_chance),
    }


def _check(one: sprp.Scattered, choice: object) -> None:
    """Every demand is covered exactly, no bin gives more than it holds, every bin is visited."""
    given = dict.fromkeys(one.demand, 0)
    for take in choice.takes:
        article, units = one.stock[take.candidate]
        if article != take.demand or not 0 < take.quantity <= units:
            raise AssertionError(f"{one.ground.name}: bin {take.candidate} can't give that")
        given[article] += take.quantity
    visited = {stop.key for stop in choice.route.stops}
    if given != one.demand or visited != {take.candidate for take in choice.takes}:
        raise AssertionError(f"{one.ground.name}: the order is not covered")


def _first(one: sprp.Scattered, order: list[int]) -> list[int]:
    """Bins in the given order until every article is covered."""
    missing = dict(one.demand)
    found = []
    for number in order:
        article, units = one.stock[number]
        if missing[article] > 0:
            missing[article] -= units
            found.append(number)
    return found


def _gaps(cases: list[dict], name: str) -> dict:
    gaps = [case[name] for case in cases]
    return {
        "mean_gap_pct": round(100 * statistics.mean(gaps), 4),
        "max_gap_pct": round(100 * max(gaps), 4),
    }


def _figures(cases: list[dict]) -> dict:
    if not cases:
        return {"cases": 0, "matched": 0, "mean_gap_pct": 0.0, "max_gap_pct": 0.0, "ms_median": 0.0}
    return {
        "cases": len(cases),
        "matched": sum(case["gap"] <= TOLERANCE for case in cases),
        **_gaps(cases, "gap"),
        "ms_median": round(statistics.median(case["ms"] for case in cases), 2),
        "ms_max": round(max(case["ms"] for case in cases), 2),
    }


def _tables(cases: list[dict]) -> None:
    heads = ("cases", "optimal", "mean gap", "max gap", "ms", "ms max", "nearest", "random")
    print(f"{'':22}" + "".join(f"{head:>10}" for head in heads))
    for blocks in (1, 2):
        for field in ("family", "articles"):
            for value in sorted({case[field] for case in cases}, key=str):
                some = [c for c in cases if c["blocks"] == blocks and c[field] == value]
                name = f"{value} articles" if field == "articles" else f"{value[1:]} bins"
                _row(f"{blocks} block(s), {name}", some)
    _row("all", cases)


def _row(name: str, cases: list[dict]) -> None:
    if not cases:
        return
    row = _figures(cases)
    near, chance = (_gaps(cases, field)["mean_gap_pct"] for field in ("nearest", "random"))
    print(
        f"{name:22}{row['cases']:10}{row['matched']:10}{row['mean_gap_pct']:9.2f}%"
        f"{row['max_gap_pct']:9.1f}%{row['ms_median']:10.1f}{row['ms_max']:10.1f}"
        f"{near:9.1f}%{chance:9.1f}%"
    )
