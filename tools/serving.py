"""Odoo servers of the launcher: ports, start, readiness, stop."""

import contextlib
import glob
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from tools import odoo_process
from tools.console import Fail, say
from tools.store import STATE, TOP, write_text

RUN = STATE / "run"
_READY_S = 90
_STOP_S = 15


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listener(port: int) -> str:
    """Who listens on a port, as far as this user may see."""
    inodes = _listening_sockets(port)
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(link) not in inodes:
                continue
            pid = link.split("/")[2]
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return f"process {pid} ({b' '.join(words[:4]).decode(errors='replace').strip()})"
    return "another program"


def _listening_sockets(port: int) -> set[str]:
    lines: list[str] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            lines += Path(table).read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {
        f"socket:[{row[9]}]"
        for row in rows
        if row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) == port
    }


def claim_port(port: int, host: str = "127.0.0.1") -> int:
    """The port, or a ``Fail`` that says who has it."""
    if not port_is_free(port, host):
        raise Fail(
            f"port {port} is taken by {listener(port)}",
            f"choose another one: --port {port + 1}",
            "or stop what runs there (`./wms stop` stops the servers of this folder)",
        )
    return port


class Server:
    """A running Odoo server on one database.

    ``url`` is its address, ``process`` its master process, ``log`` its log file. Use it as
    a context manager, or call ``stop``.
    """

    def __init__(
        self, database: str, workers: int, port: int, log: Path, process: subprocess.Popen
    ):
        self.database = database
        self.workers = workers
        self.port = port
        self.log = log
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error) -> None:
        self.stop()

    def worker_pids(self) -> list[int]:
        """Processes of the HTTP workers (all forks of the master but cron's and gevent's)."""
        return [pid for pid in _children(self.process.pid) if not _is_gevent(pid)]

    def wait_ready(self, seconds: float = _READY_S) -> "Server":
        """Wait until the login page is served; ``Fail`` with the log's end otherwise."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if _answers(f"{self.url}/web/login"):
                return self
            time.sleep(0.2)
        text = odoo_process.tail(self.log)
        self.stop()
        raise Fail(f"the Odoo server did not become ready\n{text}", f"the whole log: {self.log}")

    def stop(self, kill: bool = False) -> None:
        """End the server with all its workers; ``kill`` sends SIGKILL at once."""
        group = self.process.pid
        if not kill and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.process.wait()
        (RUN / f"server-{self.port}.json").unlink(missing_ok=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status == 200
    except OSError:  # refused, reset, timed out, or an HTTP error: not yet
        return False


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(word) for word in text.split()]
    return []


def _is_gevent(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"gevent" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return True


def start_server(
    database: str, workers: int = 2, port: int | None = None, options: tuple[str, ...] = ()
) -> Server:
    """Start Odoo on a database and wait until it answers.

    ``workers=0`` is the threaded server; otherwise it forks that many HTTP workers. No cron
    job runs unless ``options`` hold ``--max-cron-threads``. Further ``options`` are Odoo's.
    """
    port = claim_port(port) if port else free_port()
    odoo_process.LOGS.mkdir(parents=True, exist_ok=True)
    RUN.mkdir(parents=True, exist_ok=True)
    log = odoo_process.LOGS / f"server_{database}_{port}.log"
    words = odoo_process.command(
        "-d", database, f"--db-filter=^{database}$", "--no-database-list",
        f"--http-port={port}", f"--gevent-port={free_port()}", f"--workers={workers}",
        "--max-cron-threads=0", "--log-level=warn", *options,
    )  # fmt: skip
    with open(log, "w") as output:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=odoo_process.environment(),
            cwd=TOP,
            start_new_session=True,
        )
    remember(process.pid, port)
    return Server(database, workers, port, log, process).wait_ready()


def remember(pid: int, port: int) -> None:
    """Note a server so that ``./wms stop`` finds it."""
    write_text(
        RUN / f"server-{port}.json", json.dumps({"pid": pid, "port": port, "born": birth(pid)})
    )


def birth(pid: int) -> str:
    """Start time of a process in clock ticks, to tell it from a later one of the same number."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    return ""


def stop_all() -> int:
    """Stop every server of this folder that a run left behind; returns how many."""
    stopped = 0
    for path in RUN.glob("server-*.json"):
        facts = json.loads(path.read_text())
        if facts["born"] and birth(facts["pid"]) == facts["born"]:
            _end(facts["pid"])
            say(f"server on port {facts['port']}: stopped")
            stopped += 1
        path.unlink(missing_ok=True)
    return stopped


def _end(pid: int) -> None:
    leads_group = os.getpgid(pid) == pid
    send = os.killpg if leads_group else os.kill
    with contextlib.suppress(OSError):
        send(pid, signal.SIGTERM)
        _await_end(pid)
        send(pid, signal.SIGKILL)


def _await_end(pid: int) -> None:
    until = time.monotonic() + _STOP_S
    while time.monotonic() < until and os.path.exists(f"/proc/{pid}"):
        time.sleep(0.1)
