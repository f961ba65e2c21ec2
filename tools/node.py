"""Node.js for the formatters and the plain JavaScript tests: the machine's, else a wheel's."""

import os
import re
import shutil
from pathlib import Path

from tools import python_env
from tools.console import failure, run, step, which
from tools.store import LOCK, STATE, need_space, stamp, stamped, text_hash, unstamp

_OLDEST = (20, 19)  # the first that takes plain .js files with imports as modules
_MODULES = STATE / "node"


def find() -> str | None:
    """Path of a recent Node.js; None when there is none yet."""
    for program in (which("node"), which("nodejs"), str(STATE / "nodeenv/bin/node")):
        if program and os.path.exists(program):
            done = run(program, "--version", check=False)
            if done.returncode == 0 and is_recent(done.stdout):
                return program
    return None


def is_recent(version: str) -> bool:
    """Whether a ``v20.19.2`` is new enough to recognise modules by their text."""
    hit = re.match(r"v(\d+)\.(\d+)", version)
    found = (int(hit[1]), int(hit[2])) if hit else (0, 0)
    return found >= _OLDEST and not (21, 0) <= found < (22, 7)


def set_up() -> str:
    """Path of a usable Node.js, taken from the Python index where the machine has none."""
    found = find()
    if found:
        return found
    python_env.build(STATE / "nodeenv", "node", need_mb=300)
    return str(STATE / "nodeenv/bin/node")


def _npm(node: str) -> list[str]:
    beside = Path(node).with_name("npm")
    return [str(beside)] if beside.exists() else [which("npm")] if which("npm") else []


def set_up_formatters() -> tuple[str, Path]:
    """(node, folder with node_modules) with prettier as locked in tools/lock/node."""
    node = set_up()
    npm = _npm(node)
    if not npm:
        python_env.build(STATE / "nodeenv", "node", need_mb=300)
        node = str(STATE / "nodeenv/bin/node")
        npm = _npm(node)
    key = text_hash((LOCK / "node/package-lock.json").read_text())
    if stamped("formatters", key) and (_MODULES / "node_modules/prettier").exists():
        return node, _MODULES
    need_space(100, "the formatters")
    unstamp("formatters")
    shutil.rmtree(_MODULES, ignore_errors=True)
    shutil.copytree(LOCK / "node", _MODULES)
    with step("node: installing the locked formatters"):
        path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        done = run(
            *npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent",
            cwd=_MODULES, check=False, env={**os.environ, "PATH": path},
        )  # fmt: skip
    if done.returncode:
        text = (done.stderr + done.stdout)[-800:]
        raise failure(f"npm could not install the formatters\n{text}", text, "check the network")
    stamp("formatters", key)
    return node, _MODULES
