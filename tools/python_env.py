"""Python environments from locks with hashes: one for Odoo and tests, one for linting."""

import glob
import os
import shutil
import sys
from pathlib import Path

from tools import apt
from tools.console import Fail, failure, run, say, step, which
from tools.store import (
    BIN,
    LOCK,
    STATE,
    VENV,
    need_space,
    read_facts,
    stamp,
    stamped,
    text_hash,
    unstamp,
    write_facts,
    write_text,
)

# 3.12 first: two label prints of Odoo itself fail below it, and 3.13 lacks rl-renderPM.
_MINORS = (12, 11, 13, 10)


def find_python() -> tuple[str, str]:
    """(program, version) of the Python to build on: $ODOO_PYTHON, else 3.12, 3.11, 3.13, 3.10."""
    names = [os.environ.get("ODOO_PYTHON")]
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for minor in _MINORS:
        names.append(f"python3.{minor}")
        names += sorted(glob.glob(f"{pyenv}/versions/3.{minor}.*/bin/python3"), reverse=True)
    names += [getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"]
    for name in filter(None, names):
        program = name if os.path.isfile(name) else which(name)
        version = program and _version(program)
        if version and (3, 10) <= tuple(map(int, version.split("."))) < (3, 14):
            return program, version
    raise Fail(
        "no Python 3.10 to 3.13 was found",
        "on Debian: apt-get install python3 python3-venv",
        "or name one: ODOO_PYTHON=/path/python3.12 ./wms ...",
    )


def _version(program: str) -> str | None:
    code = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    done = run(program, "-c", code, check=False)
    return None if done.returncode else done.stdout.strip()


def set_up() -> None:
    """Build the environment of Odoo and the tests."""
    build(VENV, "requirements", need_mb=500)


def set_up_lint() -> Path:
    """Build the environment of the linters; returns its folder of programs."""
    folder = STATE / "lint"
    build(folder, "lint", need_mb=150)
    return folder / "bin"


def link_odoo() -> None:
    """Make Odoo importable in the environment, with a command ``odoo``."""
    odoo = read_facts("odoo")["path"]
    site = next((VENV / "lib").glob("python3*/site-packages"))
    link = site / "odoo_tree.pth"
    if link.exists() and link.read_text() == odoo + "\n" and (BIN / "odoo").exists():
        return
    write_text(link, odoo + "\n")
    write_text(BIN / "odoo", f"#!{VENV}/bin/python\nimport odoo.cli\n\nodoo.cli.main()\n", 0o755)
    run(VENV / "bin/python", "-c", "import odoo.release as r; assert r.version.startswith('19.0')")


def build(folder: Path, lock: str, need_mb: int) -> None:
    """Create ``folder`` as a virtual environment holding exactly ``tools/lock/<lock>.lock.txt``.

    A virtual environment cannot be renamed (its programs name its path), so it is built in
    place and counts only once the stamp is there; an unfinished one is built anew, from the
    installer's cache.
    """
    requirements = LOCK / f"{lock}.lock.txt"
    known = read_facts(f"venv-{lock}")
    if known and not os.environ.get("ODOO_PYTHON") and os.path.exists(known["program"]):
        program, version = known["program"], known["python"]
    else:
        program, version = find_python()
    key = text_hash(requirements.read_text(), version)
    if stamped(f"venv-{lock}", key) and (folder / "bin/python").exists():
        return
    need_space(need_mb, f"the Python environment ({lock})")
    unstamp(f"venv-{lock}")
    shutil.rmtree(folder, ignore_errors=True)
    count = requirements.read_text().count("==")
    with step(f"python {version}: installing the locked packages of {lock} (up to {count})"):
        _install(program, folder, requirements)
    write_facts(f"venv-{lock}", {"python": version, "program": program})
    stamp(f"venv-{lock}", key)


def _install(program: str, folder: Path, requirements: Path) -> None:
    uv = which("uv")
    if uv and not os.environ.get("WMS_NO_UV"):
        made = run(uv, "venv", "-q", "--python", program, folder, check=False)
        done = made.returncode or run(
            uv, "pip", "install", "-q", "--require-hashes", "--no-deps",
            "--python", folder / "bin/python", "-r", requirements, check=False,
        ).returncode  # fmt: skip
        if not done:
            return
        say("uv could not do it (its index settings may differ from pip's); trying pip")
        shutil.rmtree(folder, ignore_errors=True)
    _create(program, folder)
    pip = [folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = run(*pip, "--no-deps", "--require-hashes", "-r", requirements, check=False)
    if done.returncode:
        text = (done.stderr or "")[-1200:]
        raise failure(
            f"pip could not install {requirements.name}\n{text}",
            text,
            "check the network (pip's own settings apply: index, proxy, certificates), then run "
            "the same command again; finished downloads stay in pip's cache",
            "a wrong hash means the index serves another file than the locked one: do not use it",
        )


def _create(program: str, folder: Path) -> None:
    """A virtual environment with pip, also where Debian's python3-venv is not installed."""
    if run(program, "-m", "venv", folder, check=False).returncode == 0:
        return
    shutil.rmtree(folder, ignore_errors=True)
    run(program, "-m", "venv", "--without-pip", folder)
    say("python: ensurepip is missing; unpacking pip from the package python3-pip-whl")
    wheels = STATE / "pipwhl"
    try:
        apt.unpack(apt.fetch(["python3-pip-whl"]), wheels)
    except Fail as error:
        raise Fail(error.what, "install python3-venv", *error.hints) from error
    wheel = next(wheels.rglob("pip-*.whl"))
    run(
        folder / "bin/python", "-m", "pip", "install", "-q", "--no-index",
        "--find-links", wheel.parent, "pip", env={**os.environ, "PYTHONPATH": str(wheel)},
    )  # fmt: skip
