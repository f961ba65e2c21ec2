"""The private folder ``.odoo/``: paths, stamps of finished steps, facts found, the lock.

Each set-up step works under a temporary name, renames when complete and then leaves a
stamp holding the hash of its inputs; a step killed at any point is simply done again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.console import Fail, say

TOP = Path(__file__).resolve().parent.parent
ADDONS = TOP / "addons"
LOCK = TOP / "tools" / "lock"
STATE = Path(os.environ.get("ODOO_ENV_DIR") or TOP / ".odoo").absolute()
VENV = STATE / "venv"
BIN = STATE / "bin"
DATA = STATE / "data"


def pins() -> dict:
    """The pinned Odoo: version, suites, package name, size and checksum."""
    return json.loads((LOCK / "odoo.json").read_text())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        for block in iter(lambda: handle.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def text_hash(*parts: object) -> str:
    """16 hexadecimal digits over the parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def stamped(name: str, key: str) -> bool:
    """Whether the step was finished with exactly these inputs."""
    path = STATE / "stamps" / name
    return path.exists() and path.read_text() == key


def stamp(name: str, key: str) -> None:
    """Record that a step is finished."""
    write_text(STATE / "stamps" / name, key)


def unstamp(name: str) -> None:
    """Forget that a step was finished."""
    (STATE / "stamps" / name).unlink(missing_ok=True)


def write_text(path: Path, text: str, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old or the new text, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text)
    if mode is not None:
        temporary.chmod(mode)
    temporary.replace(path)


def write_facts(name: str, facts: dict) -> None:
    """Remember what a step found (``.odoo/<name>.json``)."""
    write_text(STATE / f"{name}.json", json.dumps(facts, indent=1) + "\n")


def read_facts(name: str) -> dict:
    """What a step found; empty when it has not run."""
    path = STATE / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def need_space(megabytes: int, what: str) -> None:
    """Refuse to begin a step that the disk cannot hold."""
    STATE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(STATE).free >> 20
    if free < megabytes:
        raise Fail(
            f"{what} needs about {megabytes} MB and {STATE} has {free} MB free",
            "free some space, or keep the environment on another disk with ODOO_ENV_DIR=/folder",
        )


@contextlib.contextmanager
def locked(name: str = "setup") -> Iterator[None]:
    """Hold the named lock of this folder; a second run waits and says for whom."""
    STATE.mkdir(parents=True, exist_ok=True)
    if not (STATE / ".gitignore").exists():
        write_text(STATE / ".gitignore", "*\n")
    with open(STATE / f"{name}.lock", "a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            holder = handle.read().strip() or "another run"
            say(f"{name}: waiting for {holder}, which holds the lock of this folder")
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.truncate(0)
        handle.write(f"`wms {' '.join(sys.argv[1:])}` (process {os.getpid()})\n")
        handle.flush()
        yield
        handle.truncate(0)
