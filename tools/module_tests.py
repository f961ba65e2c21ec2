"""``tests/modules``: tests that need add-ons of Odoo which ours never depend on.

Each file names them in a line ``NEEDS = ("mrp_account", ...)``.  All of these files run on one
template that has our add-ons and every add-on named: one installation, kept like the others.
A set that can't be installed fails the run; nothing is skipped.
"""

import ast
import re
from pathlib import Path

from tools import databases
from tools.console import Fail, step
from tools.outcomes import Outcome
from tools.pytest_runs import run_groups
from tools.store import TOP

FOLDER = TOP / "tests" / "modules"


def chosen(expression: str | None) -> tuple[str, ...]:
    """The files that a run without targets takes: all, or those that name a word of ``-k``."""
    words = set(re.findall(r"\w+", expression or ""))
    return tuple(
        str(path.relative_to(TOP))
        for path in sorted(FOLDER.glob("test_*.py"))
        if not words or "not" in words or any(word in _text(path) for word in words)
    )


def _text(path: Path) -> str:
    return path.name + path.read_text()


def needs() -> tuple[str, ...]:
    """The add-ons that the files of the folder name, sorted."""
    return tuple(sorted({name for path in FOLDER.glob("test_*.py") for name in _needs_of(path)}))


def _needs_of(path: Path) -> tuple[str, ...]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "NEEDS":
            return ast.literal_eval(node.value)
    raise Fail(
        f"{path.relative_to(TOP)} does not say which add-ons it needs",
        'add a line like NEEDS = ("mrp_account",)',
    )


def run(
    files: tuple[str, ...], words: tuple[str, ...], profile: str, quick: bool, allowed: list[str]
) -> Outcome:
    """Run the files on a copy of the template with everything that the folder needs."""
    template = databases.suite_template(quick, needs())
    with step(f"tests with {', '.join(needs())}"):
        return run_groups(template, [list(files)], words, profile, allowed)
