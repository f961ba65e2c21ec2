"""``./wms doctor``: what was found, what is missing, what the launcher will do about it."""

import os
import platform
import shutil

from tools import apt, browser, node, odoo_tree, postgres, python_env
from tools.console import Fail, which
from tools.store import LOCK, STATE, VENV, pins, read_facts, stamped, text_hash

_NEED_MB = 2000


def examine() -> int:
    """Print one line for each part; 1 when something is missing that cannot be fetched."""
    checks = [_system, _disk, _odoo, _python, _packages, _postgres, _browser, _node, _archive]
    good = True
    for check in checks:
        name, state, text = check()
        good = good and state != "missing"
        print(f"{name:12} {state:9} {text}")
    print("Ready." if good else "Something is missing; the lines above name it.")
    return 0 if good else 1


def _system():
    with open("/etc/os-release") as handle:
        names = [line for line in handle if line.startswith("PRETTY_NAME=")]
    title = names[0].split("=")[1].strip().strip('"') if names else platform.system()
    user = "root" if os.getuid() == 0 else "a plain user"
    return "system", "found", f"{title}, {os.cpu_count()} cores, as {user}"


def _disk():
    parent = next(path for path in [STATE, *STATE.parents] if path.exists())
    free = shutil.disk_usage(parent).free >> 20
    done = (STATE / "stamps" / "venv-requirements").exists()
    enough = done or free >= _NEED_MB
    advice = "" if enough else f"; a set-up needs {_NEED_MB} MB (ODOO_ENV_DIR=/folder moves it)"
    return "disk", "found" if enough else "missing", f"{free} MB free for {STATE}{advice}"


def _odoo():
    facts = read_facts("odoo")
    if facts and odoo_tree.version_of(facts["path"]) == pins()["odoo"]:
        return "odoo", "found", f"{facts['path']} ({facts['how']})"
    try:
        had = odoo_tree.find()
    except Fail as error:
        return "odoo", "missing", str(error)
    if had:
        return "odoo", "found", f"{had[0]} ({had[1]})"
    pin = pins()["deb"]
    return (
        "odoo",
        "to fetch",
        f"{pin['name']} {pin['version']}, {pin['size'] >> 20} MiB, unpacked below {STATE}",
    )


def _python():
    try:
        program, version = python_env.find_python()
    except Fail as error:
        return "python", "missing", str(error)
    note = (
        ""
        if version.startswith("3.12.")
        else " (3.12 is the reference: two label prints of Odoo fail on others)"
    )
    return "python", "found", f"{version}, {program}{note}"


def _packages():
    text = (LOCK / "requirements.lock.txt").read_text()
    version = read_facts("venv-requirements").get("python", "")
    if stamped("venv-requirements", text_hash(text, version)):
        return "packages", "found", f"{VENV} (Python {version})"
    installer = which("uv") or "pip"
    return "packages", "to fetch", f"{text.count('==')} locked packages, with {installer}"


def _postgres():
    facts = read_facts("pg")
    if os.environ.get("ODOO_PG_DSN") or facts.get("kind") == "dsn":
        return "postgres", "found", "your own server (--dsn)"
    if facts:
        state = "running" if postgres.is_running(facts) else "stopped"
        return (
            "postgres",
            "found",
            f"private cluster in {facts['home']}, {state}, socket {facts['host']}",
        )
    programs = postgres.system_programs()
    if programs:
        return "postgres", "found", f"server programs in {programs}; the cluster will be made"
    if which("apt-get"):
        return "postgres", "to fetch", "the distribution's packages, unpacked"
    return "postgres", "missing", "install PostgreSQL 13 or newer, or give one with --dsn"


def _browser():
    found = browser.find()
    return (
        "browser",
        "found" if found else "to fetch",
        found or "chromium, unpacked, for browser tests only",
    )


def _node():
    found = node.find()
    return (
        "node",
        "found" if found else "to fetch",
        found or "from the Python index, for lint and JavaScript tests",
    )


def _archive():
    archives = [os.environ["DEBIAN_MIRROR"]] if os.environ.get("DEBIAN_MIRROR") else []
    archives += [uri for uri, _key in apt.configured_archives()]
    if archives:
        return "archive", "found", f"Debian packages from {archives[0]}"
    if os.environ.get("ODOO_HOME") or read_facts("odoo"):
        return "archive", "absent", "not needed: Odoo is here"
    return (
        "archive",
        "missing",
        "no Debian archive is configured; set ODOO_HOME, ODOO_DEB or DEBIAN_MIRROR",
    )
