"""The demo's database templates: built once per state of the add-ons and of the demo's files.

`wms_d_...` holds the warehouse with its opening stock (what `--play` begins with), `wms_o_...`
the same with the day's orders waiting (what people open).
"""

import os
import subprocess
import time
from pathlib import Path

from tools import databases, odoo_process
from tools.console import Fail, step
from tools.store import locked, text_hash

STOCKED, WAITING = "wms_d_", "wms_o_"
HERE = Path(__file__).resolve().parent
_KEEP = 1


def ensure(waiting: bool = False) -> str:
    """Build the template when it is missing; return its name.

    :param waiting: with the day's orders and a first wave
    """
    stocked = _made(STOCKED, databases.suite_template, "buying, receiving, billing the stock")
    if not waiting:
        return stocked
    return _made(WAITING, lambda: stocked, "importing the day's orders", "--orders")


def _made(prefix: str, source, what: str, *options: str) -> str:
    wanted = prefix + _digest()
    if databases.exists(wanted):
        return wanted
    found = source()
    with locked("demo"):
        if databases.exists(wanted):
            return wanted
        for old in databases.names(prefix)[:-_KEEP]:
            databases.drop(old)
        building = f"wms_b_{os.getpid()}_{int(time.time())}"
        databases.copy(found, building)
        try:
            with step(f"demo: {what} (once)"):
                _load(building, *options)
            databases.rename(building, wanted)
        except BaseException:
            databases.drop(building)
            raise
    return wanted


def _digest() -> str:
    """16 hexadecimal digits over everything that decides what the templates hold."""
    files = [HERE / "load.py", HERE / "logins.py", *(HERE / "loader").rglob("*.py")]
    contents = [path.read_text(encoding="utf-8") for path in sorted(files)]
    contents += [path.read_text(encoding="utf-8") for path in sorted((HERE / "data").glob("*.csv"))]
    return text_hash(databases.suite_name(), *contents)


def _load(database: str, *options: str) -> None:
    done = subprocess.run(
        [str(databases.python()), str(HERE / "load.py"), database, *options],
        env=odoo_process.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Fail(f"the demo's data could not be loaded\n{done.stdout[-3000:]}")
