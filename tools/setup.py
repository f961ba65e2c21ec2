"""The whole set-up: what runs side by side, what waits for what."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from tools import browser, odoo_tree, postgres, python_env
from tools.console import Fail, disk_full, end_children, run, say
from tools.store import ADDONS, BIN, DATA, STATE, VENV, locked, read_facts, write_text

_ENOSPC = 28


def ensure(dsn: str | None = None, with_browser: bool = False) -> None:
    """Make everything ready: Odoo, Python, PostgreSQL and, if asked for, a browser.

    Does nothing but starting PostgreSQL when all is there. Safe to repeat after any
    interruption; a second run in the same folder waits for the first.
    """
    with locked():
        began = time.monotonic()
        side_by_side([odoo_tree.set_up, python_env.set_up, lambda: postgres.set_up(dsn)])
        python_env.link_odoo()
        if with_browser:
            browser.set_up()
        if read_facts("pg")["kind"] == "dsn":
            _check_dsn()
        write_configuration()
        if time.monotonic() - began > 2:
            say(f"set-up complete in {time.monotonic() - began:.0f} s")


def side_by_side(steps: list[Callable[[], None]]) -> None:
    """Run steps in threads; the first error ends the programs of the others and is raised."""
    errors: list[BaseException] = []

    def guarded(action: Callable[[], None]) -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 (handed to the caller below)
            errors.append(error)
            end_children()

    threads = [threading.Thread(target=guarded, args=(action,), daemon=True) for action in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        if isinstance(error, OSError) and error.errno == _ENOSPC:
            raise disk_full(str(error)) from error
        raise error


def _check_dsn() -> None:
    code = (
        "import psycopg2, sys\n"
        "cursor = psycopg2.connect(**dict(a.split('=', 1) for a in sys.argv[1:])).cursor()\n"
        "cursor.execute('select rolcreatedb, rolname from pg_roles where rolname = current_user')\n"
        "can, name = cursor.fetchone()\n"
        "sys.exit('' if can and name != 'postgres' else f'role {name}: CREATEDB is {can}')\n"
    )
    done = run(VENV / "bin/python", "-c", code, *_connection_words(), check=False)
    if done.returncode:
        raise Fail(
            f"the PostgreSQL server given by --dsn cannot be used\n{done.stderr[-500:]}",
            "the role needs CREATEDB and must not be named postgres (Odoo refuses that name)",
        )


def _connection_words() -> list[str]:
    pg = read_facts("pg")
    named = {k: pg[k] for k in ("host", "port", "user", "password") if pg[k]}
    return [f"{key}={value}" for key, value in {**named, "dbname": "postgres"}.items()]


def write_configuration() -> None:
    """Write ``.odoo/odoo.conf``, which every Odoo process of the launcher reads."""
    pg = read_facts("pg")
    core = odoo_tree.addons_paths(Path(read_facts("odoo")["path"]))
    DATA.mkdir(parents=True, exist_ok=True)
    options = {
        "addons_path": ",".join(map(str, [ADDONS, *core])),
        "data_dir": DATA,
        **{f"db_{key}": pg[key] for key in ("host", "port", "user", "password") if pg[key]},
        "http_interface": "127.0.0.1",
        "screenshots": STATE / "shots",
        "server_wide_modules": "base,rpc,web",
    }
    text = "[options]\n" + "".join(f"{key} = {value}\n" for key, value in options.items())
    path = STATE / "odoo.conf"
    if not path.exists() or path.read_text() != text:
        write_text(path, text, 0o600)
    BIN.mkdir(exist_ok=True)
