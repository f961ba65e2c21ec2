"""Debian packages fetched and unpacked below ``.odoo/`` without installing anything.

The archive is the one this machine is configured with; every file is compared with the
checksum in the signed index. No root is needed.
"""

import glob
import os
import pwd
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

from tools.console import Fail, failure, run, step, which
from tools.store import STATE, file_sha256, write_text

_LISTS = threading.RLock()
_DAY_S = 86400
_NOT_MAIN = re.compile(r"security|ubuntu|ports|backports")
WAYS_OUT = (
    "check the network (and the proxy settings), then run the same command again",
    "or use an Odoo 19.0 source folder: ODOO_HOME=/folder ./wms ...",
    "or a copy of the package: ODOO_DEB=/file.deb ./wms ...",
)


def parse_deb822(text: str) -> list[tuple[str, str]]:
    """(address, keyring) of the enabled binary archives in a ``*.sources`` file."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.+)$", "\n".join(lines), re.M))
        if "deb" not in fields.get("Types", "").split() or fields.get("Enabled", "yes") == "no":
            continue
        if "main" not in fields.get("Components", "").split():
            continue
        signed = fields.get("Signed-By", "").strip()
        keyring = signed if signed.startswith("/") else ""
        found += [(uri, keyring) for uri in fields.get("URIs", "").split()]
    return found


def parse_list(text: str) -> list[tuple[str, str]]:
    """(address, keyring) of the archives in a one-line-style ``sources.list``."""
    found = []
    for line in text.splitlines():
        hit = re.match(r"deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+\S+\s+.*\bmain\b", line.strip())
        if hit:
            signed = re.search(r"signed-by=(\S+)", hit[1] or "")
            found.append((hit[2], signed[1] if signed else ""))
    return found


def configured_archives() -> list[tuple[str, str]]:
    """The Debian archives of this machine, main archive first; security archives left out."""
    found = []
    for path in sorted(glob.glob("/etc/apt/sources.list.d/*.sources")):
        found += parse_deb822(Path(path).read_text(errors="replace"))
    for path in ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*.list"))]:
        if os.path.exists(path):
            found += parse_list(Path(path).read_text(errors="replace"))
    archives = [(uri.rstrip("/"), key) for uri, key in found if not _NOT_MAIN.search(uri)]
    # The distribution's own archive ends in /debian; a vendor's archive comes after it.
    return sorted(dict.fromkeys(archives), key=lambda item: not item[0].endswith("debian"))


def keyring(signed: str) -> str:
    """The key file to trust: the configured one, else Debian's."""
    stock = "/usr/share/keyrings/debian-archive-keyring"
    return next(
        (p for p in (signed, f"{stock}.gpg", f"{stock}.pgp") if p and os.path.exists(p)), ""
    )


def _suite_lines(suites: tuple[str, ...]) -> str:
    archives = configured_archives()
    mirror = os.environ.get("DEBIAN_MIRROR")
    if mirror:
        archives = [(mirror.rstrip("/"), "")]
    if not archives:
        raise Fail(
            "no Debian archive is configured on this machine",
            "on Ubuntu: set DEBIAN_MIRROR to a Debian archive and install debian-archive-keyring",
            *WAYS_OUT[1:],
        )
    uri, signed = archives[0]
    key = keyring(signed)
    if not key:
        raise Fail("no Debian keyring is here", "install debian-archive-keyring", *WAYS_OUT[1:])
    return "".join(f"deb [signed-by={key}] {uri} {suite} main\n" for suite in suites)


def _options(suites: tuple[str, ...]) -> tuple[list[str], Path]:
    """Options that keep every apt file below ``.odoo/apt``."""
    base = STATE / "apt" / ("-".join(suites) or "own")
    for sub in ("lists/partial", "cache/archives/partial"):
        (base / sub).mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::State::lists": f"{base}/lists",
        "Dir::Cache": f"{base}/cache",
        "Dir::Cache::pkgcache": "pkgcache.bin",
        "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": pwd.getpwuid(os.getuid()).pw_name,
        "Acquire::Retries": "3",
        "Acquire::Languages": "none",
        "Acquire::http::Timeout": "30",
        "APT::Get::AllowUnauthenticated": "false",
        "Dpkg::Use-Pty": "0",
    }
    if suites:
        write_text(base / "sources.list", _suite_lines(suites))
        settings["Dir::Etc::sourcelist"] = f"{base}/sources.list"
        settings["Dir::Etc::sourceparts"] = "/dev/null"
    return [word for key, value in settings.items() for word in ("-o", f"{key}={value}")], base


def update(suites: tuple[str, ...] = ()) -> list[str]:
    """Read the package lists (at most once a day); returns the options for further calls."""
    if not which("apt-get") or not which("dpkg-deb"):
        raise Fail(
            "this is no Debian or Ubuntu machine, so the missing parts cannot be unpacked",
            "point ODOO_HOME at a checkout of Odoo 19.0",
            "and install PostgreSQL 13 or newer, or give one: --dsn 'host=... user=...'",
        )
    with _LISTS:
        options, base = _options(suites)
        mark = base / "updated"
        if not mark.exists() or time.time() - mark.stat().st_mtime > _DAY_S:
            with step(f"apt: reading the package lists of {' '.join(suites) or 'this system'}"):
                done = run("apt-get", *options, "-q", "update", check=False, env=_plain())
            lists = glob.glob(str(base / "lists" / "*_Packages*"))
            unread = re.search(r"^(Err|W: Failed|E:)", (done.stdout + done.stderr), re.M)
            if not lists or done.returncode or (unread and suites):
                text = done.stderr[-600:]
                raise failure(f"the package lists could not be read\n{text}", text, *WAYS_OUT)
            mark.touch()
        return options


def _plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}


def missing_dependencies(names: list[str]) -> list[str]:
    """The packages an installation of ``names`` would add to this system."""
    options = update()
    plan = run(
        "apt-get", *options, "--print-uris", "-y", "-qq", "--no-install-recommends",
        "install", *names, env=_plain(),
    )  # fmt: skip
    files = re.findall(r"^'[^']+' (\S+) \d+", plan.stdout, re.M)
    return [re.match(r"([^_]+)_", name)[1] for name in files]


def direct_dependencies(name: str) -> list[str]:
    """Names a package directly depends on."""
    no = [f"--no-{kind}" for kind in
          ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]  # fmt: skip
    text = run("apt-cache", *update(), "depends", *no, name, env=_plain()).stdout
    return re.findall(r"^\s*\|?Depends: ([a-z0-9.+-]+)", text, re.M)


def _index(options: list[str], names: list[str]) -> dict[str, dict[str, str]]:
    text = run(
        "apt-cache", *options, "show", "--no-all-versions", *names, check=False, env=_plain()
    ).stdout
    shown: dict[str, dict[str, str]] = {}
    for block in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(Package|Filename|SHA256|Version): (.+)$", block, re.M))
        shown.setdefault(fields.pop("Package", ""), fields)
    return shown


def fetch(
    names: list[str], suites: tuple[str, ...] = (), optional: bool = False, pin: dict | None = None
) -> list[Path]:
    """Download packages whose checksum is that of the index (and of ``pin``, where given).

    Files that arrived whole are kept, so an interrupted run continues. ``optional``
    leaves out packages that the archive does not have.
    """
    options = update(suites)
    shown = _index(options, names)
    targets: dict[str, tuple[Path, str]] = {}
    for name in names:
        digest = shown.get(name, {}).get("SHA256")
        if not digest and optional:
            continue
        if not digest:
            raise Fail(f"the archive of this machine has no package {name}", *WAYS_OUT)
        if pin and pin["name"] == name:
            _compare_pin(pin, digest, shown[name].get("Version", "?"))
        file = os.path.basename(shown[name]["Filename"])
        targets[name] = (STATE / "dl" / f"{digest[:16]}-{file}", digest)
    absent = [n for n, (path, digest) in targets.items() if not _is_whole(path, digest)]
    if absent:
        _download(options, absent, targets)
    return [path for path, _digest in targets.values()]


def _compare_pin(pin: dict, digest: str, version: str) -> None:
    if digest == pin["sha256"] or os.environ.get("ODOO_ENV_UNPINNED"):
        return
    raise Fail(
        f"{pin['name']} in the archive is {version} (sha256 {digest[:12]}...), "
        f"not the pinned {pin['version']} (sha256 {pin['sha256'][:12]}...)",
        "use a copy of the pinned package: ODOO_DEB=/file.deb ./wms ...",
        "or an Odoo 19.0 source folder: ODOO_HOME=/folder ./wms ...",
        "or try the new package, then run every test: ODOO_ENV_UNPINNED=1 ./wms ...",
    )


def _is_whole(path: Path, digest: str) -> bool:
    return path.exists() and file_sha256(path) == digest


def _download(options: list[str], names: list[str], targets: dict) -> None:
    partial = STATE / "dl" / f"partial.{threading.get_ident()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    done = run(
        "apt-get", *options, "-q", "download", *names, cwd=partial, check=False, env=_plain()
    )
    by_digest = {digest: path for path, digest in targets.values()}
    for file in partial.glob("*.deb"):
        target = by_digest.get(file_sha256(file))
        if target:
            file.replace(target)
    shutil.rmtree(partial)
    lost = [name for name in names if not targets[name][0].exists()]
    if lost:
        text = done.stderr[-600:]
        what = f"not downloaded, or not with the right checksum: {' '.join(lost)}\n{text}"
        raise failure(what, text, *WAYS_OUT)


def unpack(packages: list[Path], root: Path, leave_out: tuple[str, ...] = ()) -> None:
    """Unpack packages into ``root``, replacing it as a whole when all are unpacked."""
    temporary = root.with_name(f"{root.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    exclude = [f"--exclude={pattern}" for pattern in leave_out]
    for package in packages:
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(package)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as source:
            done = run("tar", "-x", "-C", temporary, *exclude, stdin=source.stdout, check=False)
            source.stdout.close()
            text = done.stderr[-400:] + source.stderr.read().decode(errors="replace")[-400:]
        if source.returncode or done.returncode:
            raise failure(f"{package} could not be unpacked\n{text}", text, f"remove {package}")
    if root.exists():
        shutil.rmtree(root)
    temporary.rename(root)


def library_path(root: Path) -> str:
    """LD_LIBRARY_PATH for programs unpacked below ``root``."""
    hits = [*root.glob("usr/lib/*-linux-gnu*/**/*.so*"), *root.glob("lib/*-linux-gnu*/*.so*")]
    return ":".join(sorted({str(path.parent) for path in hits}))
