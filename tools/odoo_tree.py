"""Odoo 19: $ODOO_HOME, an importable one, $ODOO_DEB, else Debian's package, unpacked."""

import os
import re
from pathlib import Path

from tools import apt
from tools.console import Fail, run, say, step, which
from tools.store import (
    STATE,
    file_sha256,
    need_space,
    pins,
    read_facts,
    stamp,
    stamped,
    text_hash,
    unstamp,
    write_facts,
)

ROOT = STATE / "root"
PACKAGE_PATH = ROOT / "usr/lib/python3/dist-packages"
_LEAN = ("*.po", "*.pot", "./usr/lib/python3/dist-packages/addons", "./usr/share/doc")


def version_of(folder: str | Path) -> str | None:
    """The series ("19.0") of the Odoo in a folder; None when there is none."""
    release = Path(folder) / "odoo" / "release.py"
    if not release.exists():
        return None
    hit = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    return f"{hit[1]}.{hit[2]}" if hit else None


def find() -> tuple[Path, str] | None:
    """An Odoo that is already here: (folder to import from, how it was found)."""
    want = pins()["odoo"]
    home = os.environ.get("ODOO_HOME")
    if home:
        for folder in (Path(home), Path(home) / "usr/lib/python3/dist-packages"):
            if version_of(folder) == want:
                return folder.absolute(), "ODOO_HOME"
        raise Fail(
            f"ODOO_HOME={home} holds no Odoo {want}",
            f"it must be the folder with odoo/release.py of series {want}",
            "or unset ODOO_HOME to use Debian's package",
        )
    for python in ("python3", "/usr/bin/python3"):
        folder = _importable(python)
        if folder and version_of(folder) == want:
            return folder, f"importable by {python}"
    program = which("odoo") or which("odoo-bin")
    if program and version_of(Path(program).resolve().parent) == want:
        return Path(program).resolve().parent, program
    return None


def _importable(python: str) -> Path | None:
    if not which(python) and not os.path.exists(python):
        return None
    code = "import odoo.release as r; print(r.__file__)"
    done = run(python, "-c", code, check=False, cwd="/")
    if done.returncode or str(STATE) in done.stdout:
        return None
    return Path(done.stdout.strip().splitlines()[-1]).parent.parent


def addons_paths(path: Path) -> list[Path]:
    """The add-on folders of an Odoo; a source checkout has two, the package one."""
    inner, outer = path / "odoo" / "addons", path / "addons"
    if (outer / "web").exists() and not (inner / "web").exists():
        return [outer, inner]
    return [inner]


def set_up() -> None:
    """Make Odoo available and remember where it is."""
    if _package_is_ready() and not os.environ.get("ODOO_HOME"):
        return
    had = find()
    if had:
        path, how = had
        say(f"odoo: using {path} ({how})")
    else:
        path, how = PACKAGE_PATH, f"Debian package {pins()['deb']['version']}"
        _unpack_package()
    facts = {"path": str(path), "how": how}
    if read_facts("odoo") != facts:
        write_facts("odoo", facts)


def _key() -> str:
    wanted = pins()
    return text_hash(
        wanted["deb"]["sha256"], wanted["web_files"], os.environ.get("ODOO_ENV_UNPINNED")
    )


def _package_is_ready() -> bool:
    """Whether the unpacked package is there and is the Odoo in use."""
    in_use = read_facts("odoo").get("path") == str(PACKAGE_PATH)
    return in_use and PACKAGE_PATH.exists() and stamped("odoo", _key())


def _unpack_package() -> None:
    pin = pins()["deb"]
    if stamped("odoo", _key()) and PACKAGE_PATH.exists():
        return
    need_space(900, "Odoo")
    unstamp("odoo")
    with step(f"odoo: getting the package {pin['version']} ({pin['size'] >> 20} MiB)"):
        packages = _package(pin)
        packages += apt.fetch(pins()["web_files"], optional=True)
    with step("odoo: unpacking"):
        apt.unpack(packages, ROOT, () if os.environ.get("ODOO_ENV_LANGUAGES") else _LEAN)
        _repair(PACKAGE_PATH / "odoo" / "addons")
    stamp("odoo", _key())


def _package(pin: dict) -> list[Path]:
    own = os.environ.get("ODOO_DEB")
    if not own:
        return apt.fetch([pin["name"]], suites=tuple(pins()["suites"]), pin=pin)
    if not os.path.isfile(own):
        raise Fail(f"ODOO_DEB={own} is no file", "give the path of the package, or unset it")
    digest = file_sha256(Path(own))
    if digest != pin["sha256"] and not os.environ.get("ODOO_ENV_UNPINNED"):
        raise Fail(
            f"ODOO_DEB={own} is damaged or another version: its sha256 begins {digest[:12]}, "
            f"the pinned {pin['version']} {pin['sha256'][:12]}",
            f"a whole copy has {pin['size']} bytes; this one has {os.path.getsize(own)}",
            "unset ODOO_DEB to fetch the package, or set ODOO_ENV_UNPINNED=1 to use it anyway",
        )
    return [Path(own)]


def _repair(addons: Path) -> None:
    """Give the Debian tree the two files whose absence breaks the web client."""
    # Left out by Debian: its absence logs a console error on every page, which fails each tour.
    blur = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not blur.exists():
        blur.parent.mkdir(parents=True, exist_ok=True)
        blur.write_text("/* video background blur is not part of this build */\n")
    # A link into libjs-jquery: without it the login page answers 500.
    if not (addons / "web/static/lib/jquery/jquery.js").exists():
        raise Fail(
            "jquery.js is missing beside the unpacked Odoo: the package libjs-jquery is not "
            "in this machine's archive",
            "use an Odoo 19.0 source folder instead: ODOO_HOME=/folder ./wms ...",
        )
