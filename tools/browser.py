"""A headless browser for tours: an installed one, else Debian's chromium, unpacked."""

import shlex

from tools import apt
from tools.console import Fail, run, say, step, which
from tools.store import BIN, STATE, need_space, stamp, stamped, write_text

_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
_ROOT = STATE / "extra" / "chromium"


def find() -> str | None:
    """Path of a browser that Odoo's tests will find; None when there is none yet."""
    own = BIN / "chromium"
    if own.exists() and stamped("chromium", "1"):
        return str(own)
    return next(filter(None, map(which, _NAMES)), None)


def set_up() -> None:
    """Make a browser available to the tests."""
    if find():
        return
    need_space(600, "the browser")
    with step("browser: unpacking chromium (not installing it)"):
        names = apt.missing_dependencies(["chromium"])
        apt.unpack(apt.fetch(names), _ROOT)
    libraries = apt.library_path(_ROOT)
    write_text(
        BIN / "chromium",
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH={shlex.quote(libraries)}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\n"
        f'exec {shlex.quote(str(_ROOT))}/usr/lib/chromium/chromium "$@"\n',
        0o755,
    )
    version = run(BIN / "chromium", "--version", check=False)
    if version.returncode:
        raise Fail(
            f"the unpacked chromium does not start\n{version.stderr[-500:]}",
            "install the package chromium, then run the same command again",
        )
    stamp("chromium", "1")
    say("browser: " + version.stdout.strip())
