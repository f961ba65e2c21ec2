"""A private PostgreSQL cluster: system programs, else Debian's packages unpacked; or yours.

The cluster listens on a socket only, keeps fsync, full_page_writes and synchronous_commit
on, and never runs as root. A server of your own is used with ``--dsn`` or $ODOO_PG_DSN.
"""

import glob
import os
import pwd
import re
import shlex
import subprocess
from pathlib import Path

from tools import apt
from tools.console import Fail, disk_full, failure, run, say, step, which
from tools.store import BIN, STATE, need_space, read_facts, text_hash, write_facts, write_text

_OLDEST = 13
_SOCKET_LIMIT = 90
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


def dsn_parts(dsn: str) -> dict[str, str]:
    """host, port, user and password of a ``key=value`` connection string or a URL."""
    url = re.match(r"postgres(?:ql)?://(?:([^:@/]+)(?::([^@/]*))?@)?([^:/?]*)(?::(\d+))?", dsn)
    if url:
        user, password, host, port = (part or "" for part in url.groups())
    else:
        pairs = {k: v.strip("'") for k, v in re.findall(r"(\w+)\s*=\s*('[^']*'|\S+)", dsn)}
        user, password = pairs.get("user", ""), pairs.get("password", "")
        host, port = pairs.get("host", ""), pairs.get("port", "")
    return {"host": host, "port": port or "5432", "user": user, "password": password}


def system_programs() -> str | None:
    """Folder with the server programs of this system, newest version first."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    folders.sort(key=lambda path: -int(re.sub(r"\D", "", path.split("/")[-2]) or 0))
    program = which("postgres")
    if program:
        folders.insert(0, os.path.dirname(os.path.realpath(program)))
    for folder in folders:
        if os.path.exists(f"{folder}/initdb") and _major(folder) >= _OLDEST:
            return folder
    return None


def _major(folder: str) -> int:
    done = run(f"{folder}/postgres", "--version", check=False)
    hit = re.search(r"(\d+)", done.stdout or "")
    return int(hit[1]) if done.returncode == 0 and hit else 0


def _owner() -> str:
    """Who the server runs as: this user, or for root the first of SUDO_USER, postgres, nobody."""
    if os.getuid():
        return pwd.getpwuid(os.getuid()).pw_name
    if not which("runuser"):
        raise Fail(
            "root cannot run PostgreSQL itself and `runuser` is missing", "install util-linux"
        )
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    wanted = (os.environ.get("SUDO_USER"), "postgres", "nobody")
    return next(name for name in wanted if name and names.get(name))


def _home(owner: str) -> Path:
    """The cluster's folder; outside the clone when the owner may not enter the clone."""
    home = STATE / "pg"
    home.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        entry = pwd.getpwnam(owner)
        os.chown(home, entry.pw_uid, entry.pw_gid)
        enters = run(which("runuser"), "-u", owner, "--", "test", "-w", home, check=False, cwd="/")
        if enters.returncode:
            home = Path("/var/tmp") / f"wms-pg-{text_hash(STATE)}"
            home.mkdir(mode=0o755, exist_ok=True)
            os.chown(home, entry.pw_uid, entry.pw_gid)
    return home


def as_owner(facts: dict, *command, **options) -> subprocess.CompletedProcess:
    """Run a server program as the cluster's owner, never as root."""
    libraries = facts.get("libs", "")
    plain = ["LC_ALL=C.UTF-8", *([f"LD_LIBRARY_PATH={libraries}"] if libraries else [])]
    prefix = [which("runuser"), "-u", facts["owner"], "--"] if os.getuid() == 0 else []
    return run(*prefix, "env", *plain, *command, cwd="/", **options)


def set_up(dsn: str | None = None) -> None:
    """Find or unpack the programs, create the cluster once, start it."""
    dsn = dsn or os.environ.get("ODOO_PG_DSN")
    facts = read_facts("pg")
    if dsn:
        write_facts("pg", {"kind": "dsn", **dsn_parts(dsn)})
        (STATE / "pg.json").chmod(0o600)
        return
    if not facts or facts["kind"] == "dsn" or not os.path.exists(f"{facts['bin']}/initdb"):
        facts = _choose()
        write_facts("pg", facts)
    _wrap_clients(facts)
    _initialise(facts)
    start()


def _choose() -> dict:
    need_space(300, "PostgreSQL")
    owner = _owner()
    home = _home(owner)
    programs, kind, libraries = system_programs(), "system", ""
    if not programs or os.environ.get("WMS_PG") == "deb":
        programs, kind = _unpack_programs(home / "programs"), "deb"
        libraries = apt.library_path(home / "programs")
    socket = home / "s"
    if len(str(socket)) > _SOCKET_LIMIT:
        socket = Path("/tmp") / f"wms-pg-{text_hash(STATE)}"
    return {
        "kind": kind, "bin": programs, "owner": owner, "home": str(home), "host": str(socket),
        "port": "5432", "user": "odoo", "password": "", "libs": libraries,
    }  # fmt: skip


def _unpack_programs(root: Path) -> str:
    if not glob.glob(f"{root}/usr/lib/postgresql/*/bin/initdb"):
        with step("postgres: unpacking the distribution's packages (not installing them)"):
            hits = apt.direct_dependencies("postgresql")
            name = next(hit for hit in hits if re.fullmatch(r"postgresql-\d+", hit))
            wanted = [name, name.replace("-", "-client-"), *_libraries(name)]
            apt.unpack(apt.fetch(list(dict.fromkeys(wanted)), optional=True), root)
    return glob.glob(f"{root}/usr/lib/postgresql/*/bin")[0]


def _libraries(name: str) -> list[str]:
    """Libraries of the server and its client; the C library stays the system's."""
    names = [
        *apt.direct_dependencies(name),
        *apt.direct_dependencies(name.replace("-", "-client-")),
    ]
    return [n for n in names if n.startswith("lib") and not n.startswith(("libc6", "libgcc"))]


def _wrap_clients(facts: dict) -> None:
    """Commands for unpacked client programs, which do not find their libraries by themselves."""
    for name in ("psql", "pg_dump", "pg_restore") if facts["libs"] else ():
        program = f"{facts['bin']}/{name}"
        if os.path.exists(program) and not (BIN / name).exists():
            text = f'LD_LIBRARY_PATH={shlex.quote(facts["libs"])} exec {shlex.quote(program)} "$@"'
            write_text(BIN / name, f"#!/bin/sh\n{text}\n", 0o755)


def _initialise(facts: dict) -> None:
    home, data = facts["home"], f"{facts['home']}/data"
    if as_owner(facts, "test", "-f", f"{home}/initdb.ok", check=False).returncode == 0:
        return
    with step(f"postgres: creating a private cluster ({facts['kind']}, runs as {facts['owner']})"):
        as_owner(facts, "rm", "-rf", data)
        done = as_owner(
            facts, f"{facts['bin']}/initdb", "-D", data, "-U", facts["user"], "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", check=False,
        )  # fmt: skip
        if done.returncode:
            text = done.stderr[-800:]
            raise failure(f"initdb failed\n{text}", text, "use your own server: --dsn '...'")
        as_owner(facts, "touch", f"{home}/initdb.ok")


def is_running(facts: dict | None = None) -> bool:
    """Whether the private cluster runs."""
    facts = facts or read_facts("pg")
    if not facts or facts["kind"] == "dsn":
        return False
    control = f"{facts['bin']}/pg_ctl"
    if not os.path.exists(control):
        return False
    return (
        as_owner(facts, control, "-D", f"{facts['home']}/data", "status", check=False).returncode
        == 0
    )


def start() -> None:
    """Start the private cluster when it does not run."""
    facts = read_facts("pg")
    if facts["kind"] == "dsn" or is_running(facts):
        return
    as_owner(facts, "mkdir", "-p", "-m", "0700", facts["host"])
    settings = {**_SETTINGS, "unix_socket_directories": facts["host"]}
    options = " ".join(f"-c {key}={shlex.quote(value)}" for key, value in settings.items())
    log = f"{facts['home']}/log"
    done = as_owner(
        facts, f"{facts['bin']}/pg_ctl", "-D", f"{facts['home']}/data", "-l", log,
        "-w", "-t", "60", "-o", options, "start", check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        tail = as_owner(facts, "tail", "-8", log, check=False).stdout
        if "No space left" in tail:
            raise disk_full(tail)
        raise Fail(
            f"PostgreSQL did not start\n{tail}",
            f"its log is {log}",
            "`./wms reset` makes a new cluster (the databases in it are lost)",
        )
    say(f"postgres: started ({facts['kind']})")


def stop(mode: str = "fast") -> bool:
    """Stop the private cluster; whether it ran. ``mode`` is smart, fast or immediate."""
    facts = read_facts("pg")
    if not is_running(facts):
        return False
    as_owner(
        facts, f"{facts['bin']}/pg_ctl", "-D", f"{facts['home']}/data", "-m", mode, "-w", "stop",
        check=False,
    )  # fmt: skip
    return True
