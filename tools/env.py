"""What benches, attacks and the demo may use of the launcher.

They run under the environment's Python (psycopg2, requests and Odoo importable) after the
set-up has finished, so none of this needs preparing:

    from tools import env

    def main(argv: list[str]) -> int:
        env.fresh_database("wms_attack_r1")              # our add-ons installed, < 2 s
        with env.start_server("wms_attack_r1", workers=8) as server:
            ...                                          # requests to server.url, admin / admin
        with env.connect("wms_attack_r1") as connection: # psycopg2
            ...
        env.drop("wms_attack_r1")
        return 0

Where the launcher looks: ``tools/demo/__init__.py`` with ``main(argv, env)`` (``env`` is this
module), ``tools/benches/<name>.py`` with ``main(argv) -> int`` and ``tools/attacks/__init__.py``
with ``main(argv) -> int``, whose ``argv`` begins with the ID or ``all``. A bench or attack that
needs no Odoo sets ``NEEDS_ODOO = False`` at module level (then nothing is set up for it).

Every database made here is durable: fsync, full_page_writes and synchronous_commit are on;
``durability(name)`` reads the three settings back for the report.
"""

import subprocess
from pathlib import Path

from tools import browser as _browser
from tools import databases as _databases
from tools import odoo_process as _process
from tools import postgres as _postgres
from tools import serving as _serving
from tools.console import Fail, say, step
from tools.odoo_tree import addons_paths as _addons_paths
from tools.store import ADDONS, STATE, TOP, read_facts

__all__ = [
    "ADDONS",
    "commit_id",
    "connect",
    "copy",
    "core_addons",
    "drop",
    "durability",
    "ensure_browser",
    "exists",
    "Fail",
    "free_port",
    "fresh_database",
    "plain_odoo_database",
    "port_is_free",
    "python",
    "restart_postgres",
    "run_script",
    "say",
    "Server",
    "start_server",
    "STATE",
    "step",
    "TOP",
    "update_addons",
]

Server = _serving.Server
connect = _databases.connect
copy = _databases.copy
drop = _databases.drop
exists = _databases.exists
free_port = _serving.free_port
port_is_free = _serving.port_is_free
start_server = _serving.start_server
python = _databases.python
ensure_browser = _browser.set_up


def fresh_database(name: str) -> str:
    """A new database with our three add-ons installed (no demo data); replaces an old one.

    Copied from a template, which is built first (15-40 s) when a file of the add-ons changed.
    The only user is ``admin`` with password ``admin``. Returns the name.
    """
    _databases.copy(_databases.suite_template(), name)
    return name


def plain_odoo_database(name: str) -> str:
    """A new database with Odoo's own add-ons that ours depend on, and none of ours."""
    _databases.copy(_databases.dependency_template(), name)
    return name


def run_script(database: str, code: str, *arguments: str) -> str:
    """Run Python text in ``odoo shell`` (``env``, ``arguments``); returns what it printed.

    Raises ``Fail`` when it fails. It must call ``env.cr.commit()`` to keep what it did.
    """
    return _process.script(database, code, *arguments).stdout


def update_addons(database: str, addons: str = ",".join(_databases.OURS)) -> None:
    """Install or update add-ons in a database (``-i`` and ``-u``)."""
    _process.odoo(
        "-d", database, "-i", addons, "-u", addons, "--stop-after-init", "--no-http",
        "--max-cron-threads=0", log=f"update_{database}",
    )  # fmt: skip


def durability(database: str) -> dict[str, str]:
    """fsync, full_page_writes and synchronous_commit as a session of this database sees them."""
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            found = {}
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute("SELECT current_setting(%s)", [setting])
                found[setting] = cursor.fetchone()[0]
            return found
    finally:
        connection.close()


def restart_postgres(crash: bool = False) -> None:
    """Stop and start the private cluster; ``crash`` skips the checkpoint, as a power cut would."""
    _postgres.stop("immediate" if crash else "fast")
    _postgres.start()


def core_addons() -> Path:
    """The folder with Odoo's own add-ons."""
    return _addons_paths(Path(read_facts("odoo")["path"]))[0]


def commit_id() -> str:
    """The commit of the working copy, with ``+`` when files differ; ``unknown`` outside git."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
        cwd=TOP, capture_output=True, text=True,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"
