"""``./wms test``: pure tests, tests on Odoo, plain JavaScript tests, one summary."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools import browser, databases, module_tests, node, setup, uninstall
from tools.console import Fail, say, step
from tools.outcomes import Outcome, allowed_skips, read_tap
from tools.pytest_runs import collect, pytest_command, run_groups, share
from tools.store import ADDONS, STATE, TOP, locked, write_text

UNIT = TOP / "tests" / "unit"
# These folders never import Odoo: their tests need no database.
_PURE = (UNIT, TOP / "tests" / "style")
_TESTS = TOP / "tests"
_DURATIONS = STATE / "durations.json"
_SCREEN = re.compile(r"start_tour|browser_js|ChromeBrowser|TourCase")


@dataclass(frozen=True)
class Plan:
    """What to run: targets for each kind of test, and the pytest words common to all."""

    unit: tuple[str, ...] = ()
    odoo: tuple[str, ...] = ()
    javascript: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    whole: bool = False
    modules: tuple[str, ...] = ()


def make_plan(targets: list[str], expression: str | None) -> Plan:
    """Sort targets (a path, a pytest node id or an add-on) into the kinds of test."""
    words = ("-k", expression) if expression else ()
    if not targets:
        every = _odoo_files([ADDONS, _TESTS])
        scripts = () if expression else _scripts(ADDONS.glob("*/static/tests/unit"))
        unit = tuple(_relative(folder) for folder in _PURE if folder.is_dir())
        modules = module_tests.chosen(expression)
        return Plan(unit, every, scripts, words, whole=not expression, modules=modules)
    unit, odoo, javascript, modules = [], [], [], []
    for target in targets:
        path = _resolve(target)
        if (ADDONS / target).is_dir():
            odoo += _odoo_files([ADDONS / target])
            javascript += _scripts([ADDONS / target / "static/tests/unit"])
        elif path.suffix in (".js", ".mjs"):
            javascript.append(_relative(path))
        elif _is_pure(path):
            unit.append(_node_id(target, path))
        elif path == _TESTS:
            unit += [_relative(folder) for folder in _PURE]
            odoo += _odoo_files([_TESTS])
            modules += module_tests.chosen(expression)
        elif module_tests.FOLDER in (path, *path.parents):
            modules.append(_node_id(target, path))
        else:
            odoo.append(_node_id(target, path))
    return Plan(tuple(unit), tuple(odoo), tuple(javascript), words, modules=tuple(modules))


def _is_pure(path: Path) -> bool:
    return any(folder in (path, *path.parents) for folder in _PURE)


def _resolve(target: str) -> Path:
    name = target.split("::")[0]
    for path in (ADDONS / name, Path(name).absolute(), TOP / name):
        if path.exists():
            return path.resolve()
    raise Fail(f"there is no test file, folder or add-on {name}", "see `./wms test --help`")


def _relative(path: Path) -> str:
    return str(path.relative_to(TOP)) if path.is_relative_to(TOP) else str(path)


def _node_id(target: str, path: Path) -> str:
    return "::".join([_relative(path), *target.split("::")[1:]])


def _odoo_files(folders) -> tuple[str, ...]:
    paths: list[Path] = []
    for folder in folders:
        paths += sorted(folder.glob("*/tests/test_*.py" if folder == ADDONS else "**/test_*.py"))
    return tuple(
        _relative(path)
        for path in paths
        if not _is_pure(path)
        and "static" not in path.parts
        and module_tests.FOLDER not in path.parents
    )


def _scripts(folders) -> tuple[str, ...]:
    return tuple(
        _relative(path) for folder in sorted(folders) for path in sorted(folder.rglob("*.test.*js"))
    )


def run_tests(arguments) -> int:
    """Run what the command line asks for; 0 when something ran and all of it is well."""
    plan = Plan() if arguments.uninstall else make_plan(arguments.targets, arguments.k)
    profile = "full" if arguments.full else "quick"
    outcome = Outcome()
    if plan.unit:
        outcome.add(_run_unit(plan, profile))
    if plan.odoo:
        outcome.add(_run_odoo(plan, profile, arguments.fresh))
    if plan.modules:
        quick = not (plan.whole or arguments.fresh)
        outcome.add(module_tests.run(plan.modules, plan.words, profile, quick, _allowed()))
    if plan.javascript:
        outcome.add(_run_javascript(plan.javascript))
    if plan.whole or arguments.uninstall:
        outcome.add(uninstall.check())
    return conclude(outcome)


def conclude(outcome: Outcome) -> int:
    """Print the summary; the last line is ``N passed, N failed, N skipped``."""
    if not outcome.passed and not outcome.failed:
        outcome.problems.append("no test ran")
    for problem in outcome.problems:
        print(f"NOT ACCEPTED: {problem}")
    if outcome.problems and not outcome.failed:
        outcome.failed = len(outcome.problems)
    print(outcome.line(), flush=True)
    return 0 if outcome.good else 1


def _allowed() -> list[str]:
    return allowed_skips(_TESTS / "allowed_skips.txt")


def _run_unit(plan: Plan, profile: str) -> Outcome:
    report = STATE / "reports" / f"unit.{os.getpid()}.xml"
    command, variables = pytest_command(profile, report, "-p", "no:odoo", *plan.words, *plan.unit)
    with step("tests without Odoo"):
        done = subprocess.run(command, env=variables, cwd=TOP, stdin=subprocess.DEVNULL)
    return collect(report, done.returncode, _allowed())


def _needs_browser(files: tuple[str, ...]) -> bool:
    for name in files:
        path = TOP / name.split("::")[0]
        inside = [path] if path.is_file() else path.rglob("test_*.py")
        if any(_SCREEN.search(file.read_text(errors="replace")) for file in inside):
            return True
    return False


def _set_up_browser() -> None:
    if not browser.find():
        with locked():
            browser.set_up()


def _run_odoo(plan: Plan, profile: str, fresh: bool) -> Outcome:
    quick = not (plan.whole or fresh)
    steps = [lambda: databases.suite_template(quick)]
    if _needs_browser(plan.odoo):
        steps.append(_set_up_browser)
    setup.side_by_side(steps)
    template = databases.suite_template(quick)
    known = json.loads(_DURATIONS.read_text()) if _DURATIONS.exists() else {}
    parallel = plan.whole and (os.cpu_count() or 1) > 1 and len(plan.odoo) > 3
    shares = share(plan.odoo, known, 2) if parallel else [list(plan.odoo)]
    with step(f"tests on Odoo ({len(shares)} at a time)"):
        total = run_groups(template, shares, plan.words, profile, _allowed())
    if plan.whole and not total.failed:
        write_text(_DURATIONS, json.dumps({f: round(s, 1) for f, s in total.seconds.items()}))
    return total


def _run_javascript(files: tuple[str, ...]) -> Outcome:
    with locked():
        program = node.set_up()
    with step(f"JavaScript tests without a browser ({len(files)} files)"):
        done = subprocess.run(
            [program, "--test", "--test-reporter=tap", *files],
            cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    outcome = read_tap(done.stdout)
    if outcome.failed or outcome.problems or done.returncode:
        print(done.stdout + done.stderr)
        if not outcome.failed:
            outcome.problems.append(f"node --test ended with status {done.returncode}")
    say(f"JavaScript: {outcome.line()}")
    return outcome
