"""How Odoo and Python processes of the environment are started."""

import os
import subprocess
from pathlib import Path

from tools.console import Fail
from tools.store import BIN, STATE, TOP, VENV, read_facts

LOGS = STATE / "logs"
_HASTY = {"PGOPTIONS": "-c synchronous_commit=off"}


def environment() -> dict[str, str]:
    """Variables for every child: configuration, PostgreSQL, programs."""
    pg = read_facts("pg")
    variables = dict(os.environ)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables.pop("PYTHONHOME", None)
    variables["ODOO_RC"] = str(STATE / "odoo.conf")
    variables["VIRTUAL_ENV"] = str(VENV)
    named = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    for variable, key in named.items():
        if pg[key]:
            variables[variable] = pg[key]
    path = [str(BIN), str(VENV / "bin"), *([pg["bin"]] if pg.get("bin") else [])]
    variables["PATH"] = os.pathsep.join([*path, os.environ.get("PATH", os.defpath)])
    return variables


def command(*arguments: str) -> list[str]:
    """The command line of the ``odoo`` program with the launcher's configuration."""
    return [str(VENV / "bin/python"), str(BIN / "odoo"), *map(str, arguments)]


def odoo(*arguments: str, log: str, check: bool = True, durable: bool = True) -> Path:
    """Run Odoo to its end; the log file's path is returned.

    ``durable=False`` is for databases that are thrown away when the run is interrupted.

    Raises ``Fail`` with the end of the log when the status is not 0, unless ``check`` is off.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    with open(path, "w") as output:
        done = subprocess.run(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment() if durable else {**environment(), **_HASTY},
            cwd=TOP,
        )
    if done.returncode and check:
        raise Fail(f"Odoo ended with {done.returncode}:\n{tail(path)}", f"the whole log: {path}")
    return path


def script(database: str, code: str, *arguments: str, check: bool = True):
    """Run Python text in ``odoo shell`` on a database; ``env`` is the environment (uid 1).

    ``sys.argv[1:]`` is not available there: the arguments arrive as the list ``arguments``.
    Nothing is committed unless the text calls ``env.cr.commit()``. Returns the completed
    process with captured output.
    """
    text = f"arguments = {list(map(str, arguments))!r}\n{code}\n"
    done = subprocess.run(
        command(
            "shell", "-d", database, "--no-http", "--log-level=warn", "--shell-interface=python"
        ),
        input=text,
        text=True,
        capture_output=True,
        env=environment(),
        cwd=TOP,
    )
    if check and done.returncode:
        raise Fail(f"a script on {database} failed\n{(done.stderr + done.stdout)[-2000:]}")
    return done


def tail(path: Path, characters: int = 3000) -> str:
    """The end of a log, from its last traceback or error on."""
    text = path.read_text(errors="replace")
    return text[-characters:]
