"""R8: kill -9 under load. Every command is decided in the end, counted once, and no lock stays.

Six devices scan without pause while a worker process of the server is killed every second or so;
then sessions of PostgreSQL are ended, then the whole Odoo server is killed and started again, and
at last (not in the quick profile) a session of PostgreSQL is killed with -9, which makes the
whole database server recover from its log.
"""

import contextlib
import os
import random
import signal
import threading
import time
from dataclasses import dataclass

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, suite
from tools.attacks.report import Figures, Result

DEVICES = 6
LINES = 3
WORKERS = 3
_TIMEOUT_S = 15
_RECOVERED_S = 30.0
_SESSIONS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@dataclass(frozen=True)
class Blow:
    """What was done: how many kills, and for how long nothing could have answered."""

    struck: int
    outage_s: float = 0.0


def run(options) -> Result:
    """`--rounds`: workers killed (default 30, quick 6)."""
    kills = options.rounds or (6 if options.quick else 30)
    result = Result("attack R8", options.seed)
    workers = options.workers or WORKERS
    with suite("r8", workers, options.seed, "lines", lines=LINES, clients=DEVICES) as field:
        result.durability = env.durability(field.database)
        sessions = 2 if options.quick else 6
        plan = [
            (f"{kills} workers", _kill_workers, kills),
            (f"{sessions} sessions of PostgreSQL", _end_sessions, sessions),
            ("the whole server", _kill_server, 1),
        ]
        if not options.quick:  # recovery syncs every file of the cluster: up to a minute
            plan.append(("one session of PostgreSQL with kill -9", _kill_session, 1))
        devices = field.devices(timeout=_TIMEOUT_S)
        for text, violence, times in plan:
            with env.step(f"R8: {text} under load"):
                _load(field, devices, violence, (random.Random(options.seed), times), result.ours)
        time.sleep(1.2)  # a lock that is left behind shows after a second (C6)
        result.ours.judge(field.database)
        result.ours.more |= {
            "max_resolved_s": round(max(max(device.resolved) for device in devices), 2),
            "replays": sum(device.replayed for device in devices),
            "unknown": sum(device.unknown for device in devices),
            "sends": sum(device.sent for device in devices),
        }
        for device in devices:
            result.ours.seconds += device.seconds
    return result


def _load(field: Field, devices, violence, plan, figures: Figures) -> None:
    """Scan with every device until the violence is over, then compare effects and answers."""
    before = field.scanned()
    decided = [len(device.resolved) for device in devices]
    over = threading.Event()
    work = [lambda d=d, i=i: _scan(field, d, i % LINES, over) for i, d in enumerate(devices)]

    def attack() -> Blow:
        try:
            return violence(field, *plan)
        finally:
            over.set()

    *outcomes, (blow, _seconds) = release([*work, attack])
    if isinstance(blow, Exception):
        raise blow
    scans = 0
    for outcome, _seconds in outcomes:
        if isinstance(outcome, Exception):
            env.say(f"  {type(outcome).__name__}: {outcome}")
            figures.user_errors += 1
        else:
            scans += outcome
    effects = field.scanned() - before
    figures.rounds += blow.struck
    figures.commands += scans
    figures.effects += effects
    figures.expect("lost_or_extra", abs(effects - scans))
    waits = [s for d, start in zip(devices, decided, strict=True) for s in d.resolved[start:]]
    figures.expect("resolved_late", sum(s > blow.outage_s + _RECOVERED_S for s in waits))
    figures.more["outage_s"] = round(max(figures.more.get("outage_s", 0), blow.outage_s), 1)


def _scan(field: Field, device, stop: int, over: threading.Event) -> int:
    """Commands until the violence is over, and three more; returns how many were applied."""
    scans = 0
    last = 3
    while last:
        last -= over.is_set()
        answer = device.send(field.scan(device, stop))
        scans += answer["status"] in ("applied", "replayed")
    return scans


def _kill_workers(field: Field, dice: random.Random, times: int) -> Blow:
    for _kill in range(times):
        time.sleep(dice.uniform(0.3, 1.2))
        pids = field.server.worker_pids()
        if pids:
            os.kill(dice.choice(pids), signal.SIGKILL)
    return Blow(times)


def _end_sessions(field: Field, dice: random.Random, times: int) -> Blow:
    """pg_terminate_backend on sessions that are at work."""
    for _kill in range(times):
        time.sleep(dice.uniform(0.3, 1.0))
        for (pid,) in field.rows(_SESSIONS)[:1]:
            field.rows("SELECT pg_terminate_backend(%s)", pid)
    return Blow(times)


def _kill_session(field: Field, dice: random.Random, _times: int) -> Blow:
    """kill -9 of one session: PostgreSQL ends all others and recovers from its log."""
    time.sleep(dice.uniform(0.5, 1.0))
    started = time.monotonic()
    for (pid,) in field.rows(_SESSIONS)[:1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError) as error:
            env.say(f"R8: the session could not be killed from here ({error}); left out")
            return Blow(0)
    _wait_for_database(field)
    return Blow(1, time.monotonic() - started)


def _wait_for_database(field: Field) -> None:
    """Recovery writes every file of the cluster to disk, which may take half a minute."""
    time.sleep(0.5)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with contextlib.suppress(env.Fail):
            field.value("SELECT 1")
            return
        time.sleep(0.2)
    raise env.Fail("PostgreSQL did not come back after kill -9", "see its log below .odoo/pg")


def _kill_server(field: Field, dice: random.Random, _times: int) -> Blow:
    time.sleep(dice.uniform(0.5, 1.0))
    started = time.monotonic()
    field.server.stop(kill=True)
    while not env.port_is_free(field.server.port) and time.monotonic() < started + 30:
        time.sleep(0.1)  # the last worker is still being buried
    field.server = env.start_server(field.database, field.server.workers, port=field.server.port)
    return Blow(1, time.monotonic() - started)
