"""Databases: two layers of templates, copies in less than a second, filestores included.

* ``wms_t_<hash>``: Odoo with the add-ons that ours depend on; the hash covers the locks, the
  Odoo in use and the list of dependencies.
* ``wms_s_<quick>_<whole>``: that plus our add-ons. ``whole`` covers every file that can change
  what an installation leaves in the database; ``quick`` leaves out the bodies of ordinary Python
  methods, so that a filtered test run after a change of logic need not install again.
* ``wms_m_<quick>_<whole>``: the same with more add-ons of Odoo, for ``tests/modules``.

A template is built under another name and renamed when complete, so whatever is found
under its name is whole.
"""

import contextlib
import os
import shutil
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tools import fingerprint, odoo_process
from tools.console import Fail, say, step
from tools.store import ADDONS, DATA, LOCK, VENV, locked, need_space, read_facts, text_hash

OURS = ("inventory_wms", "wms_barcode", "channel_connectors")
_KEEP = {"wms_t_": 2, "wms_s_": 3, "wms_m_": 2}


def connect(database: str = "postgres", **options):
    """A psycopg2 connection with the launcher's role."""
    pg = read_facts("pg")
    named = {key: pg[key] for key in ("host", "port", "user", "password") if pg[key]}
    try:
        return psycopg2.connect(dbname=database, **{**named, **options})
    except psycopg2.OperationalError as error:
        raise Fail(
            f"no connection to database {database}: {error}", "`./wms doctor` looks"
        ) from error


@contextlib.contextmanager
def _server():
    connection = connect()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def names(prefix: str = "") -> list[str]:
    """Databases of our role whose name begins so, oldest first."""
    with _server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) "
            "AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user) ORDER BY oid",
            [prefix],
        )
        return [
            row[0] for row in cursor.fetchall() if not row[0].startswith(("template", "postgres"))
        ]


def addon_folders() -> list[Path]:
    """The folders of our add-ons."""
    return [ADDONS / name for name in OURS]


def exists(name: str) -> bool:
    """Whether the database exists."""
    return name in names(name)


def drop(name: str) -> None:
    """Drop a database (its sessions are ended) and its filestore; absent is fine."""
    with _server() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name: str) -> Path:
    """The folder with a database's attachments."""
    return DATA / "filestore" / name


def copy(source: str, target: str, durable: bool = True) -> None:
    """Make ``target`` a copy of ``source`` with its filestore; an old target is replaced.

    ``durable=False`` lets commits of this one database return before they are on disk
    (synchronous_commit = off); fsync and full_page_writes stay on for the cluster.
    """
    drop(target)
    with _server() as cursor:
        _end_sessions(cursor, source)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )
        if not durable:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(
                    sql.Identifier(target)
                )
            )
    if filestore(source).exists():
        # Files of the store are named by their content and never rewritten, so links are safe.
        shutil.copytree(filestore(source), filestore(target), copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _end_sessions(cursor, name: str) -> None:
    cursor.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid()",
        [name],
    )


def rename(source: str, target: str) -> None:
    """Rename a database; its filestore first, so the new name always has its files."""
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).exists():
        filestore(source).rename(filestore(target))
    with _server() as cursor:
        _end_sessions(cursor, source)
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(source), sql.Identifier(target)
            )
        )


def template_name(more: tuple[str, ...] = ()) -> str:
    """Name of the template with the dependencies of our add-ons (and ``more`` of Odoo's)."""
    release = Path(read_facts("odoo")["path"]) / "odoo" / "release.py"
    parts = [read_facts("odoo"), release.read_text(), (LOCK / "requirements.lock.txt").read_text()]
    return (
        "wms_t_"
        + text_hash(*parts, dependencies(), read_facts("venv-requirements"), *sorted(more))[:12]
    )


def dependencies() -> list[str]:
    """Add-ons of Odoo that ours depend on."""
    return fingerprint.dependencies(OURS)


def suite_name(more: tuple[str, ...] = ()) -> str:
    """Name of the template with our add-ons (and ``more`` of Odoo's) as their files are now."""
    base = text_hash(template_name(), *sorted(more))[:6]
    kind = "wms_m_" if more else "wms_s_"
    return f"{kind}{base}{fingerprint.quick(OURS)}_{fingerprint.whole(OURS)}"


def dependency_template(more: tuple[str, ...] = ()) -> str:
    """Make sure the template of the dependencies (and ``more``) exists; returns its name."""
    name, base = template_name(more), dependency_template() if more else None
    if exists(name):
        return name
    with locked("databases"):
        if exists(name):
            return name
        need_space(500, "a template database")
        _clean_up()
        wanted = [*dependencies(), *more]
        with step(f"database: Odoo with {len(wanted)} add-ons of its own (once per version)"):
            _install(name, wanted, copied_from=base)
    return name


def suite_template(quick: bool = False, more: tuple[str, ...] = ()) -> str:
    """Make sure the template with our add-ons exists; returns its name.

    With ``quick`` one that differs only in the bodies of Python methods is good enough;
    ``more``: add-ons of Odoo that it has as well.
    """
    base, name = dependency_template(), suite_name(more)
    prefix = name.rsplit("_", 1)[0] + "_"
    for found in [name, *(reversed(names(prefix)) if quick else [])]:
        if exists(found):
            return found
    with locked("databases"):
        if exists(name):
            return name
        _clean_up()
        extra = f" and {len(more)} more of Odoo's" if more else ""
        with step(f"database: installing our add-ons{extra}"):
            _install(name, (*OURS, *more), copied_from=base)
    return name


def _install(name: str, addons, copied_from: str | None = None) -> None:
    building = f"wms_b_{os.getpid()}_{int(time.time())}"
    if copied_from:
        copy(copied_from, building)
    else:
        drop(building)
    try:
        odoo_process.odoo(
            "-d", building, "-i", ",".join(addons), "--stop-after-init", "--no-http",
            "--max-cron-threads=0", log=f"install_{name}", durable=False,
        )  # fmt: skip
        rename(building, name)
    except BaseException:
        drop(building)
        raise


def _clean_up() -> None:
    """Drop what killed runs left behind and all but the newest templates (lock held)."""
    for name in [*names("wms_b_"), *names("wms_x_")]:
        process = name.split("_")[2]
        if not os.path.exists(f"/proc/{process}"):
            drop(name)
    for prefix, keep in _KEEP.items():
        for name in names(prefix)[:-keep]:
            drop(name)


def scratch_name(what: str) -> str:
    """A name for a database of this process; a later run removes it if this one is killed."""
    return f"wms_x_{os.getpid()}_{what}"


def install_log(name: str) -> Path:
    """The log of the installation that made a template."""
    return odoo_process.LOGS / f"install_{name}.log"


def working_copy(name: str) -> None:
    """A lasting database with our add-ons: made from the template, later brought up to date."""
    suite = suite_name()
    if not exists(name):
        copy(suite_template(), name)
        say(f"database: {name} is ready")
    elif _comment(name) != suite:
        suite_template()
        with step(f"database: updating our add-ons in {name}"):
            odoo_process.odoo(
                "-d", name, "-i", ",".join(OURS), "-u", ",".join(OURS), "--stop-after-init",
                "--no-http", "--max-cron-threads=0", log=f"update_{name}",
            )  # fmt: skip
    with _server() as cursor:
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(suite))
        )


def _comment(name: str) -> str | None:
    with _server() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        return cursor.fetchone()[0]


def python() -> Path:
    """The Python of the environment, which can import Odoo and psycopg2."""
    return VENV / "bin/python"
