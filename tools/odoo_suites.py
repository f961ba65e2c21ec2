"""``./wms test --odoo``: Odoo's own suites of the add-ons ours touch, with ours installed.

Two runs, because each sees what the other cannot:

* as Odoo runs them: a fresh database, one ``-i`` of everything with ``--test-tags``; the tests
  marked at_install run while the registry is still without our add-ons;
* on the finished registry: the same tests through pytest on copies of a database that has our
  add-ons. A test that fails there is tried again without our add-ons; when it fails there too
  it is Odoo's own and is listed, not counted.
"""

import re

from tools import browser, databases, odoo_process
from tools.console import Fail, step
from tools.env import core_addons
from tools.outcomes import Outcome
from tools.pytest_runs import run_groups
from tools.serving import free_port
from tools.store import locked
from tools.testing import conclude

SUITES = ("stock", "stock_account", "purchase_stock", "sale_stock", "stock_picking_batch")
# Never on an installed database: it uninstalls add-ons while the test runs.
_IGNORED = ("purchase_stock/tests/test_uninstall.py",)
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_BAD = re.compile(r" (?:ERROR|WARNING) \S+ \S+: (?:FAIL|ERROR): (.+)")
_TIMEOUT = re.compile(r": FAIL: (\S+)\n(?:(?!\d{4}-\d\d-\d\d ).*\n)*?Script timeout exceeded")
_SKIP = re.compile(r": skipped (.+?) : (.*)")


def run(chosen: list[str]) -> int:
    """Run both for the chosen suites (all without a choice); 0 when ours break no test."""
    suites = tuple(chosen) or SUITES
    unknown = set(suites) - set(SUITES)
    if unknown:
        raise Fail(f"not a suite: {', '.join(unknown)}", f"there are: {', '.join(SUITES)}")
    with locked():
        browser.set_up()
    outcome = Outcome()
    with step("Odoo's own suites, as Odoo runs them"):
        outcome.add(as_odoo_runs_them(suites))
    print(f"as Odoo runs them: {outcome.line()}", flush=True)
    with step("Odoo's own suites, on the finished registry"):
        finished = on_the_finished_registry(suites)
    print(f"on the finished registry: {finished.line()}", flush=True)
    _forgive_timeouts(outcome, finished)
    outcome.add(finished)
    return conclude(outcome)


def as_odoo_runs_them(suites: tuple[str, ...] = SUITES) -> Outcome:
    """One installation of everything on a fresh database with Odoo's own test runner."""
    name = databases.scratch_name("suites")
    addons = [*databases.dependencies(), *databases.OURS]
    tags = ",".join(f"/{suite}" for suite in suites)
    try:
        log = odoo_process.odoo(
            "-d", name, "-i", ",".join(addons), f"--test-tags={tags}", "--stop-after-init",
            "--max-cron-threads=0", f"--http-port={free_port()}", log="odoo_suites", check=False,
            durable=False,
        )  # fmt: skip
    finally:
        databases.drop(name)
    return read_log(log.read_text(errors="replace"))


def read_log(text: str) -> Outcome:
    """Results of Odoo's own test runner from its log."""
    outcome = Outcome()
    results = _RESULT.findall(text)
    if not results:
        outcome.problems.append("Odoo's test runner gave no result: see .odoo/logs/odoo_suites.log")
        return outcome
    failed, errors, tests = map(int, results[-1])
    skips = _SKIP.findall(text)
    outcome.failed = failed + errors
    outcome.skipped = len(skips)
    outcome.passed = tests - outcome.failed - outcome.skipped
    outcome.failures = _BAD.findall(text)
    outcome.timeouts = _TIMEOUT.findall(text)
    outcome.problems += [
        f"{name} was skipped for want of a browser" for name, why in skips if "Chrome" in why
    ]
    for name in outcome.failures:
        print(f"FAILED {name}")
    return outcome


def on_the_finished_registry(suites: tuple[str, ...] = SUITES) -> Outcome:
    """Every test of the suites with all add-ons loaded; Odoo's own failures are set aside."""
    halves = [[suite for suite in suites if (suite == "stock") is first] for first in (True, False)]
    folders = [[str(core_addons() / suite / "tests") for suite in half] for half in halves if half]
    ignored = tuple(f"--ignore={core_addons() / path}" for path in _IGNORED)
    outcome = run_groups(databases.suite_template(), folders, ignored, "quick", ["*"])
    if outcome.failures:
        _set_aside(outcome)
    return outcome


def _set_aside(outcome: Outcome) -> None:
    """Try the failures again without our add-ons; those that fail there too are Odoo's own."""
    print("again without our add-ons: " + ", ".join(outcome.failures), flush=True)
    files = sorted({str(_file(name)) for name in outcome.failures})
    methods = sorted({re.split(r"[\[ (]", name.rsplit(".", 1)[1])[0] for name in outcome.failures})
    words = ("-k", " or ".join(methods))
    without = run_groups(databases.dependency_template(), [files], words, "quick", ["*"])
    own = [name for name in outcome.failures if name in without.failures]
    for name in own:
        print(f"fails without our add-ons too: {name}")
    outcome.failed -= len(own)
    outcome.skipped += len(own)
    outcome.failures = [name for name in outcome.failures if name not in own]


def _forgive_timeouts(outcome: Outcome, finished: Outcome) -> None:
    """A tour that ran out of time in the first run and passed in the second one has passed."""
    for name in list(outcome.failures):
        again = any(other.endswith(name) for other in finished.failures)
        if name in outcome.timeouts and not again:
            print(f"ran out of time at first, passed at the second try: {name}")
            outcome.failures.remove(name)
            outcome.failed -= 1
            outcome.passed += 1


def _file(name: str):
    """The test file of a test, from its dotted name in the report."""
    words = name.split(".")
    place = next(i for i, word in enumerate(words) if word in SUITES)
    return core_addons() / "/".join(words[place : place + 2]) / f"{words[place + 2]}.py"
