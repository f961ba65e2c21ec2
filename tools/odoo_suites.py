"""``./wms test --odoo``: Odoo's own suites of the add-ons ours touch, with ours installed.

Three runs, because each sees what the others cannot:

* as Odoo runs them: a fresh database, one ``-i`` of everything with ``--test-tags``; the tests
  marked at_install run while the registry is still without our add-ons;
* on the finished registry: the same tests through pytest on copies of a database that has our
  add-ons;
* what Odoo switched off for this release: the same way, without its skip.

Odoo itself is the yardstick. A test that fails in one of the runs is tried again in the same way
without our add-ons; when it fails there too it is Odoo's own, is listed and not counted as failed.
A test that is skipped with our add-ons and runs without them has failed.
"""

import re

from tools import browser, databases, odoo_process
from tools.console import Fail, step
from tools.env import core_addons
from tools.outcomes import Outcome
from tools.pytest_runs import run_groups
from tools.serving import free_port
from tools.store import locked
from tools.suite_report import set_aside, short, show
from tools.testing import conclude
from tools.unskip import SWITCHED_OFF

SUITES = (
    "stock",
    "stock_account",
    "purchase_stock",
    "sale_stock",
    "stock_picking_batch",
    "stock_landed_costs",
    "stock_dropshipping",
)
# Ours do not depend on these; they are installed beside ours when their suite is to run.
_MORE = ("stock_dropshipping",)
# Never on an installed database: it uninstalls add-ons while the test runs.
_IGNORED = ("purchase_stock/tests/test_uninstall.py",)
_TEST = r"odoo\.addons\.(\w+\.tests\.\w+)"
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_START = re.compile(rf" {_TEST}: Starting (\w+\.\w+)")
_BAD = re.compile(rf" (?:ERROR|WARNING) \S+ {_TEST}: (?:FAIL|ERROR): (?:Subtest (\S+)|(.+))")
_TIMEOUT = re.compile(
    rf"{_TEST}: FAIL: (\S+)\n(?:(?!\d{{4}}-\d\d-\d\d ).*\n)*?Script timeout exceeded"
)
_SKIP = re.compile(rf" {_TEST}: skipped (\S+) : (.*)")
_TOO = "fails without our add-ons too"


def run(chosen: list[str]) -> int:
    """Run all three for the chosen suites (all without a choice); 0 when ours break no test."""
    suites = tuple(chosen) or SUITES
    unknown = set(suites) - set(SUITES)
    if unknown:
        raise Fail(f"not a suite: {', '.join(unknown)}", f"there are: {', '.join(SUITES)}")
    with locked():
        browser.set_up()
    total = Outcome()
    with step("Odoo's own suites, as Odoo runs them"):
        first = as_odoo_runs_them(suites)
    with step("Odoo's own suites, on the finished registry"):
        finished = on_the_finished_registry(suites)
    _forgive_timeouts(first, finished)
    if first.failures:
        with step("again without our add-ons: " + ", ".join(first.failures)):
            _judge_first(first, suites)
    with step("what Odoo switched off, with our add-ons and without"):
        off = switched_off(finished, suites)
    for title, outcome in (
        ("as Odoo runs them", first),
        ("on the finished registry", finished),
        ("switched off by Odoo, run all the same", off),
    ):
        show(title, outcome)
        total.add(outcome)
    return conclude(total)


# ------------------------------------------------------------------ as Odoo runs them
def as_odoo_runs_them(suites: tuple[str, ...] = SUITES, tags=None, ours: bool = True) -> Outcome:
    """One installation of everything on a fresh database with Odoo's own test runner."""
    name = databases.scratch_name("suites")
    addons = [*databases.dependencies(), *(databases.OURS if ours else ()), *_more(suites)]
    tags = ",".join(tags or [f"/{suite}" for suite in suites])
    try:
        log = odoo_process.odoo(
            "-d", name, "-i", ",".join(addons), f"--test-tags={tags}", "--stop-after-init",
            "--max-cron-threads=0", f"--http-port={free_port()}",
            log="odoo_suites" if ours else "odoo_suites_plain", check=False, durable=False,
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
    skips = {f"{file}.{name}": why.strip() for file, name, why in _SKIP.findall(text)}
    outcome.cases = {f"{file}.{name}": ("passed", "") for file, name in _START.findall(text)}
    outcome.cases |= {name: ("skipped", why) for name, why in skips.items()}
    outcome.failures = [f"{file}.{part or whole}" for file, part, whole in _BAD.findall(text)]
    outcome.cases |= {name: ("failed", "") for name in outcome.failures}
    outcome.failed = failed + errors
    outcome.skipped = len(skips)
    outcome.passed = tests - outcome.failed - outcome.skipped
    outcome.timeouts = [f"{file}.{name}" for file, name in _TIMEOUT.findall(text)]
    outcome.problems += [
        f"{name} was skipped for want of a browser"
        for name, why in skips.items()
        if "Chrome" in why
    ]
    return outcome


def _judge_first(first: Outcome, suites) -> None:
    """Try the failures of the first run again in the same way, without our add-ons."""
    tags = sorted({tag_of(name) for name in first.failures})
    set_aside(first, as_odoo_runs_them(suites, tags, ours=False).failures, _TOO)


def tag_of(name: str) -> str:
    """What ``--test-tags`` calls a failure: its method, or its class when that can't be set up."""
    suite = name.split(".")[0]
    whole = re.search(r"\((?:\w+\.)*(\w+)\)", name) if "setUpClass" in name else None
    words = name.split(" ")[0].split(".")
    return f"/{suite}:{whole[1]}" if whole else f"/{suite}:{words[3]}.{words[4]}"


# ------------------------------------------------------------------ with pytest
def on_the_finished_registry(suites: tuple[str, ...] = SUITES) -> Outcome:
    """Every test of the suites with all add-ons loaded, beside Odoo without ours."""
    halves = [[suite for suite in suites if (suite == "stock") is first] for first in (True, False)]
    folders = [[str(core_addons() / suite / "tests") for suite in half] for half in halves if half]
    ignored = tuple(f"--ignore={core_addons() / path}" for path in _IGNORED)
    outcome = run_groups(
        databases.suite_template(more=_more(suites)), folders, ignored, "quick", ["*"]
    )
    skipped = [name for name, (verdict, _why) in outcome.cases.items() if verdict == "skipped"]
    if outcome.failures or skipped:
        _judge_finished(outcome, skipped, suites)
    return outcome


def _judge_finished(outcome: Outcome, skipped: list[str], suites) -> None:
    """Try what failed or was skipped again without our add-ons."""
    print("again without our add-ons: " + ", ".join(map(short, outcome.failures)), flush=True)
    plain = _without_ours([*outcome.failures, *skipped], suites)
    set_aside(outcome, plain.failures, _TOO)
    for name in skipped:
        if plain.cases.get(name, ("skipped", ""))[0] != "skipped":
            outcome.problems.append(f"{short(name)} runs without our add-ons, is skipped with them")


def switched_off(finished: Outcome, suites) -> Outcome:
    """The tests that Odoo switched off: with our add-ons each must do what it does without."""
    names = [name for name, (_verdict, why) in finished.cases.items() if SWITCHED_OFF in why]
    if not names:
        return Outcome()
    plugin = ("-p", "tools.unskip", "--tb=no")
    template = databases.suite_template(more=_more(suites))
    outcome = run_groups(template, [_nodes(names)], plugin, "quick", ["*"])
    plain = _without_ours(names, suites, plugin)
    set_aside(outcome, plain.failures, f"switched off by Odoo, {_TOO}")
    return outcome


def _without_ours(names: list[str], suites, words: tuple[str, ...] = ()) -> Outcome:
    template = databases.dependency_template(_more(suites))
    return run_groups(template, [_nodes(names)], words, "quick", ["*"])


def _nodes(names: list[str]) -> list[str]:
    """The pytest node ids of tests, from their names in a report."""
    nodes = []
    for name in names:
        suite, _tests, file, cls, method = short(name).split(".")
        nodes.append(f"{core_addons() / suite / 'tests' / file}.py::{cls}::{method}")
    return sorted(set(nodes))


def _more(suites) -> tuple[str, ...]:
    return tuple(suite for suite in suites if suite in _MORE)


def _forgive_timeouts(first: Outcome, finished: Outcome) -> None:
    """A tour that ran out of time in the first run and passed in the second one has passed."""
    passed = {short(name) for name, (verdict, _) in finished.cases.items() if verdict == "passed"}
    for name in list(first.failures):
        if name in first.timeouts and name in passed:
            print(f"ran out of time at first, passed at the second try: {name}")
            first.failures.remove(name)
            first.failed -= 1
            first.passed += 1
            first.cases[name] = ("passed", "")
