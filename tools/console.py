"""What a person sees: progress with elapsed times, and errors that name the way out."""

import contextlib
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

_START = time.monotonic()
_HEARTBEAT_S = 10.0
_CHILDREN: set[subprocess.Popen] = set()
_DISK_FULL = "No space left on device"


class Fail(Exception):
    """An error that a person can act on: what happened, then one hint per way out."""

    def __init__(self, what: str, *hints: str):
        super().__init__(what)
        self.what = what
        self.hints = hints

    def __str__(self) -> str:
        return "\n".join(["wms: " + self.what, *(f"  - {hint}" for hint in self.hints)])


def say(text: str) -> None:
    """Print one progress line with the seconds since the start, on standard error."""
    print(f"[{time.monotonic() - _START:6.1f}s] {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, show a sign of life every ten seconds, and say how long it took."""
    say(text)
    began = time.monotonic()
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_HEARTBEAT_S):
            say(f"{text}: still working ({time.monotonic() - began:.0f} s)")

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        over.set()
    if time.monotonic() - began > 2:
        say(f"{text}: done in {time.monotonic() - began:.1f} s")


def run(*command, check: bool = True, quiet: bool = True, **options) -> subprocess.CompletedProcess:
    """Run a program; its output is captured as text.

    With ``check`` a status other than 0 raises ``Fail`` with the end of the output.
    Without ``quiet`` standard error goes to the terminal.
    """
    options.setdefault("text", True)
    options.setdefault("stdin", subprocess.PIPE if "input" in options else subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE if quiet else None)
    words = [str(word) for word in command]
    text = options.pop("input", None)
    with subprocess.Popen(words, **options) as child:
        _CHILDREN.add(child)
        try:
            output, errors = child.communicate(text)
        finally:
            _CHILDREN.discard(child)
    done = subprocess.CompletedProcess(words, child.returncode, output, errors)
    if check and done.returncode:
        tail = ((done.stderr or "") + (done.stdout or ""))[-1500:]
        raise failure(f"`{shlex.join(words)[:200]}` ended with {done.returncode}\n{tail}", tail)
    return done


def end_children() -> None:
    """End the programs that ``run`` has started; every step can be done again later."""
    for child in list(_CHILDREN):
        with contextlib.suppress(OSError):
            child.terminate()


def failure(what: str, output: str, *hints: str) -> Fail:
    """A ``Fail`` for a program's output; a full disk is recognised in it."""
    if _DISK_FULL in output:
        return disk_full(what)
    return Fail(what, *hints)


def disk_full(what: str) -> Fail:
    """The error for a full disk."""
    return Fail(
        f"the disk is full\n{what}",
        "free some space (a complete set-up needs about 2 GB) and run the same command again",
        "or keep the environment on another disk: ODOO_ENV_DIR=/folder ./wms ...",
    )


def which(name: str) -> str | None:
    """Path of a program; also looks where system tools live, which a user's PATH often lacks."""
    for folder in [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/sbin"]:
        path = os.path.join(folder or ".", name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
