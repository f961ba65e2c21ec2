"""`./wms attack ID|all`: try to break the promises on a real server, with many clients and faults.

Every attack starts a prefork Odoo server on a database with fsync, full_page_writes and
synchronous_commit on, works over HTTP as devices do, then judges by the invariants
(`tests/invariants`) and by its own count of effects. Plain Odoo is measured beside it.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tools import env
from tools.attacks import r1_reserve, r4_postings, r5_prices, r6_once, r7_scans, r8_kills
from tools.attacks.report import Result, print_json

ATTACKS: dict[str, Callable] = {
    "R1": r1_reserve.run,
    "R4": r4_postings.run,
    "R5": r5_prices.run,
    "R6": r6_once.run,
    "R7": r7_scans.run,
    "R8": r8_kills.run,
}


@dataclass(frozen=True)
class Options:
    """What the command line asks for; 0 means the attack's own default."""

    seed: int = 1
    workers: int = 0
    rounds: int = 0
    quick: bool = False


def main(argv: list[str]) -> int:
    """Run one attack or all of them; 0 only when each ran to its end and nothing broke."""
    arguments = _parse(argv)
    options = Options(arguments.seed, arguments.workers, arguments.rounds, arguments.quick)
    names = list(ATTACKS) if arguments.id == "all" else [arguments.id]
    results = [_run(name, options, quiet=arguments.json) for name in names]
    if arguments.id != "all":
        print_json(results[0].as_json())
    else:
        print_json(_together(results, options.seed))
    return 0 if all(result.ok for result in results) else 1


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./wms attack", description=__doc__)
    parser.add_argument("id", choices=[*ATTACKS, "all"], metavar="ID", help=", ".join(ATTACKS))
    parser.add_argument("--seed", type=int, default=1, help="of faults and victims (default 1)")
    parser.add_argument("--workers", type=int, default=0, help="HTTP workers of the server")
    parser.add_argument("--rounds", type=int, default=0, help="how often; each attack says of what")
    parser.add_argument(
        "--quick", action="store_true", help="the short profile of continuous tests"
    )
    parser.add_argument("--json", action="store_true", help="only the JSON line, no table")
    return parser.parse_args(argv)


def _run(name: str, options: Options, quiet: bool) -> Result:
    env.say(f"attack {name}, seed {options.seed}")
    result = ATTACKS[name](options)
    result.finish()
    settings = result.durability
    env.say("PostgreSQL: " + ", ".join(f"{key} = {value}" for key, value in settings.items()))
    if any(value != "on" for value in settings.values()):
        raise env.Fail("an attack needs a durable database", "switch on fsync and its companions")
    if not quiet:
        result.show()
    sys.stderr.flush()
    return result


def _together(results: list[Result], seed: int) -> dict:
    """One object for all attacks: sums, and each attack's own object under its name."""
    each = {result.name: result.as_json() for result in results}
    figures = [one["figures"] for one in each.values()]
    total = {
        key: sum(one[key] for one in figures)
        for key in ("rounds", "violations", "user_errors", "effects", "commands", "seconds")
    }
    total |= {key: max(one[key] for one in figures) for key in ("p95_s", "max_s")}
    return {
        "name": "attack all",
        "ok": all(result.ok for result in results),
        "figures": total | {"attacks": {name: one["figures"] for name, one in each.items()}},
        "reference": {name: one["reference"] for name, one in each.items()},
        "commit": env.commit_id(),
        "seed": seed,
    }
