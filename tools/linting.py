"""``./wms lint``: Python, XML, JavaScript, style sheets, old idioms, the installation's log."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools import databases, node, odoo_process, python_env
from tools.console import say, step
from tools.outcomes import Outcome
from tools.store import ADDONS, TOP, locked

_PYLINTRC = TOP / "tools" / "lock" / "pylintrc"
_PRETTIER = TOP / "tools" / "lock" / "prettier.json"
_LOUD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
# Lines of Odoo's own that say nothing about our add-ons.
_CORE_NOISE = re.compile(
    r"option db_\w+ reads|Unable to create PostgreSQL extensions|unaccent|wkhtmltopdf"
)


def run_all(fix: bool = False) -> int:
    """Run every check; with ``fix`` the tools repair what they can first. 0 when all is clean."""
    checks: dict[str, Callable[[bool], list[str]]] = {
        "ruff check": _ruff_check,
        "ruff format": _ruff_format,
        "prettier": _prettier,
        "pylint-odoo": _pylint,
        "old idioms": _old_idioms,
        "install log": _install_log,
    }
    outcome = Outcome()
    for name, check in checks.items():
        with step(f"lint: {name}"):
            findings = check(fix)
        for line in findings:
            print(line)
        if findings:
            outcome.failed += 1
            say(f"lint: {name} is not clean")
        else:
            outcome.passed += 1
    if outcome.failed and not fix:
        print("`./wms lint --fix` repairs formatting and import order.")
    print(outcome.line(), flush=True)
    return 1 if outcome.failed else 0


def _lines(words: list, good: tuple[int, ...] = (0,), **options) -> list[str]:
    """The output of a tool that found something; nothing when its status is good."""
    done = subprocess.run(
        [str(word) for word in words], cwd=TOP, stdin=subprocess.DEVNULL, text=True,
        capture_output=True, **options,
    )  # fmt: skip
    if done.returncode in good:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"status {done.returncode}"]


def _programs() -> Path:
    with locked():
        return python_env.set_up_lint()


def _ruff_check(fix: bool) -> list[str]:
    repair = ["--fix"] if fix else []
    return _lines([_programs() / "ruff", "check", "--output-format=concise", *repair, "."])


def _ruff_format(fix: bool) -> list[str]:
    mode = [] if fix else ["--check", "--output-format=concise"]
    return _lines([_programs() / "ruff", "format", "-q", *mode, "."])


def _pylint(fix: bool) -> list[str]:
    del fix  # nothing it finds is repaired by a machine
    # It resolves imports statically; Odoo itself is not read.
    return _lines(
        [_programs() / "pylint", f"--rcfile={_PYLINTRC}", "--jobs=2", *databases.addon_folders()]
    )


def _prettier(fix: bool) -> list[str]:
    files = [
        str(path.relative_to(TOP))
        for path in sorted(ADDONS.rglob("*"))
        if path.suffix in (".xml", ".js", ".mjs", ".scss", ".css") and "lib" not in path.parts
    ]
    with locked():
        program, modules = node.set_up_formatters()
    folder = modules / "node_modules"
    words = [
        program, folder / "prettier/bin/prettier.cjs", "--config", _PRETTIER,
        "--plugin", folder / "@prettier/plugin-xml/src/plugin.js", "--log-level", "warn",
        "--write" if fix else "--check", *files,
    ]  # fmt: skip
    return _lines(words)


def _old_idioms(fix: bool) -> list[str]:
    del fix  # a rewrite of idioms wants a person's eye
    found = []
    for addon in databases.OURS:
        words = odoo_process.command(
            "upgrade_code", f"--addons-path={ADDONS}", "--glob", f"{addon}/**/*",
            "--from", "17.0", "--dry-run",
        )  # fmt: skip
        found += _lines(words, env=odoo_process.environment())
    return [f"{line}: `odoo upgrade_code` would rewrite it" for line in found]


def _install_log(fix: bool) -> list[str]:
    del fix  # the log only tells
    name = databases.suite_template()
    log = databases.install_log(name)
    if not log.exists():
        databases.drop(name)
        name = databases.suite_template()
    return loud_lines(log.read_text(errors="replace"))


def loud_lines(text: str) -> list[str]:
    """The warnings and errors of a log, without Odoo's own noise."""
    return [
        line for line in text.splitlines() if _LOUD.match(line) and not _CORE_NOISE.search(line)
    ]
