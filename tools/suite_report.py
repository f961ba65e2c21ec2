"""What runs of Odoo's suites did: per suite, how many passed, failed, were skipped, and why."""

import re
from collections import Counter

from tools.outcomes import Outcome

# A test by its add-on, file, class and method, wherever Odoo is installed.
_NAME = re.compile(r"\b(\w+)\.tests\.(\w+)\.(\w+)\.(\w+)")


def short(name: str) -> str:
    """``stock.tests.test_move.StockMove.test_x``, from any of the two runners' names."""
    found = _NAME.search(name)
    return found[0] if found else name


def set_aside(outcome: Outcome, names, reason: str) -> None:
    """Count these failures as skipped, for a reason."""
    for name in [name for name in outcome.failures if name in set(names)]:
        print(f"{reason}: {short(name)}")
        outcome.failures.remove(name)
        outcome.failed -= 1
        outcome.skipped += 1
        outcome.cases[name] = ("skipped", reason)


def lines(outcome: Outcome) -> list[str]:
    """A line for each suite, and below it one for each reason of a skip."""
    verdicts: dict[str, Counter] = {}
    reasons: dict[str, Counter] = {}
    for name, (verdict, reason) in outcome.cases.items():
        suite = short(name).split(".")[0]
        verdicts.setdefault(suite, Counter())[verdict] += 1
        if verdict == "skipped":
            reasons.setdefault(suite, Counter())[reason] += 1
    found = []
    for suite, counts in sorted(verdicts.items()):
        words = ", ".join(f"{counts[word]} {word}" for word in ("passed", "failed", "skipped"))
        found.append(f"  {suite}: {words}")
        found += [
            f"      {number} skipped: {reason}"
            for reason, number in reasons.get(suite, Counter()).most_common()
        ]
    return found


def show(title: str, outcome: Outcome) -> None:
    """Print a run's counts, suite by suite, and the names of what failed."""
    print(f"{title}: {outcome.line()}")
    print("\n".join(lines(outcome)), flush=True)
    for name in outcome.failures:
        print(f"FAILED {short(name)}", flush=True)
