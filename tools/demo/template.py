"""The demo's database template: built once per state of the add-ons and of the demo's files."""

import os
import subprocess
import time
from pathlib import Path

from tools import databases, odoo_process
from tools.console import Fail, step
from tools.store import locked, text_hash

PREFIX = "wms_d_"
HERE = Path(__file__).resolve().parent
_KEEP = 1


def name() -> str:
    """Name of the template for the files as they are now."""
    files = [
        HERE / "load.py",
        HERE / "logins.py",
        *(HERE / "loader").rglob("*.py"),
        *(HERE / "data").glob("*.csv"),
    ]
    contents = [path.read_text(encoding="utf-8") for path in sorted(files)]
    return PREFIX + text_hash(databases.suite_name(), *contents)


def ensure() -> str:
    """Build the template when it is missing; return its name."""
    wanted = name()
    if databases.exists(wanted):
        return wanted
    suite = databases.suite_template()
    with locked("demo"):
        if databases.exists(wanted):
            return wanted
        for old in databases.names(PREFIX)[:-_KEEP]:
            databases.drop(old)
        building = f"wms_b_{os.getpid()}_{int(time.time())}"
        databases.copy(suite, building)
        try:
            with step("demo: buying, receiving and billing the opening stock (once)"):
                _load(building)
            databases.rename(building, wanted)
        except BaseException:
            databases.drop(building)
            raise
    return wanted


def _load(database: str) -> None:
    done = subprocess.run(
        [str(databases.python()), str(HERE / "load.py"), database],
        env=odoo_process.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Fail(f"the demo's data could not be loaded\n{done.stdout[-3000:]}")
