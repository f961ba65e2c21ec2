"""`./wms demo --play`: a day of the gift shop, worked through the public interfaces only.

Orders come in as a file, the lead releases waves, four pickers scan and ship them at the same
time, the accountant invoices. Some answers are "lost", so that commands are sent twice, and a few
pieces are missing, as on any day. Then the books are compared with the shelves; the exit status is
0 only if everything holds.
"""

import json
import time
from pathlib import Path

from tools.demo import findings, office, table, walk
from tools.demo.logins import WORKERS, password
from tools.demo.picker import Picker, Scanner
from tools.device_client import Device, Patience, Session

DATA = Path(__file__).resolve().parent / "data"
SERVER_WORKERS = 4
#: the stops, counted per picker, at which a piece is missing
SHORT_STOPS = {"ana": frozenset({5}), "chloe": frozenset({8})}
REPORT_EVERY_S = 3
TIMEOUT_S = 300


def run(env, database: str, full_day: bool = False, as_json: bool = False) -> int:
    """Play on `database`, a fresh copy of the demo; print the table, return the exit status."""
    began = time.monotonic()
    orders = DATA / ("orders_full_day.csv" if full_day else "orders.csv")
    with env.step("play: starting the server"):
        server = env.start_server(database, SERVER_WORKERS)
    try:
        day = _work(env, Desk(server.url, database), orders)
        with env.step("play: checking the books, the walks and the record of commands"):
            day["walk"] = walk.measure(env, database)
            found = _findings(env, database, day)
    finally:
        server.stop(kill=True)
    found["seconds"] = round(time.monotonic() - began, 1)
    problems = findings.problems(found)
    print(table.table(found, problems), flush=True)
    if as_json:
        print(json.dumps(table.as_json(found, problems, env.commit_id())))
    return 1 if problems else 0


def _findings(env, database: str, day: dict) -> dict:
    connection = env.connect(database)
    try:
        with connection.cursor() as cursor:
            return findings.collect(cursor, day)
    finally:
        connection.close()


class Desk:
    """Signs people in at one server."""

    def __init__(self, url: str, database: str):
        self._url, self._database = url, database

    def sign_in(self, login: str) -> Session:
        """A session of this person."""
        return Session(self._url, self._database, login, password(login), timeout=TIMEOUT_S)


def _work(env, desk: Desk, orders: Path) -> dict:
    """The day; returns what the people saw of it."""
    lena = desk.sign_in("lena")
    devices = office.scanners(lena)
    office_desk = Device(lena, devices["lena"])
    with env.step(f"play: Carl imports {orders.name}"):
        imported = office.import_orders(desk.sign_in("carl"), orders)
    with env.step(f"play: Lena releases {imported['orders']} orders"):
        released = office.release_waves(office_desk)
    pickers = [
        Picker(
            Scanner(desk.sign_in(login), devices[login], patience=Patience(first=0.1)),
            SHORT_STOPS.get(login, frozenset()),
        )
        for login in WORKERS
    ]
    stops = sum(wave["stops"] for wave in released["waves"])
    with env.step(f"play: {len(pickers)} pickers walk {len(released['waves'])} waves"):
        _shift(env, pickers, stops)
    with env.step("play: Alice invoices and posts"):
        office.invoice(desk.sign_in("alice"))
    return {"pickers": pickers, "desk": office_desk}


def _shift(env, pickers: list[Picker], stops: int) -> None:
    """All pickers at once, with a line of progress now and then; the first error is raised."""
    for picker in pickers:
        picker.start()
    said = time.monotonic()
    while any(picker.is_alive() for picker in pickers):
        time.sleep(0.1)
        if time.monotonic() - said > REPORT_EVERY_S:
            said = time.monotonic()
            env.say(f"play: {sum(picker.stops for picker in pickers)} of {stops} stops")
    for picker in pickers:
        if picker.error:
            raise env.Fail(f"{picker.name} could not go on: {picker.error}") from picker.error
