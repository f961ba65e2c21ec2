"""The field of an attack: database, server, signed-in people and their devices."""

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tools import env
from tools.attacks import stage
from tools.device_client import Device, Patience, Session

# Attacks are in a hurry: the same rules as a phone, with shorter pauses.
PATIENCE = Patience(first=0.1, longest=2.0, budget=120.0)


@dataclass
class Field:
    """A world (see ``stage``) on a running server."""

    database: str
    server: env.Server
    world: dict
    seed: int

    def sessions(self, number: int) -> list[Session]:
        """Sessions of four workers, dealt to ``number`` clients."""
        people = [self.session(f"attacker{index}") for index in range(min(4, number))]
        return [people[index % len(people)] for index in range(number)]

    def session(self, login: str) -> Session:
        """One person's session."""
        return Session(self.server.url, self.database, login, login, timeout=60)

    def devices(self, url: str | None = None, timeout: float = 60) -> list[Device]:
        """Every device of the world in somebody's hand, talking to ``url`` (or the server)."""
        uids = self.world["devices"]
        devices = []
        for index, session in enumerate(self.sessions(len(uids))):
            own = session.through(url or self.server.url)
            own.timeout = timeout
            dice = random.Random(f"{self.seed}/{index}")
            devices.append(Device(own, uids[index], patience=PATIENCE, dice=dice))
        return devices

    def scan(self, device: Device, stop: int) -> dict:
        """The next command of a device: one more piece at a stop of the wave."""
        return device.envelope(
            "pick.scan_item",
            task_id=self.world["tasks"][stop],
            barcode=self.world["barcodes"][stop],
            quantity="1",
            helping=True,
        )

    def scanned(self, *stops: int) -> int:
        """Pieces that the database holds as scanned, at these stops or at all."""
        tasks = self.world["tasks"]
        wanted = [tasks[stop] for stop in stops] or tasks
        return int(
            self.value(
                """
                SELECT coalesce(sum(l.wms_scanned), 0) FROM stock_move_line l
                 WHERE l.wms_task_id = ANY(%s)
                """,
                wanted,
            )
        )

    def value(self, query: str, *values) -> float:
        """One number from the database."""
        return self.rows(query, *values)[0][0] or 0

    def rows(self, query: str, *values) -> list[tuple]:
        """Rows from the database, read in a transaction of their own."""
        connection = env.connect(self.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall()
        finally:
            connection.close()


@contextlib.contextmanager
def suite(
    name: str, workers: int, seed: int, kind: str, server: tuple[str, ...] = (), **wishes
) -> Iterator[Field]:
    """A field with our add-ons; the database is dropped afterwards.

    :param server: further options of the Odoo server
    """
    plan = (seed, kind, wishes, server)
    with _field(env.fresh_database, f"wms_attack_{name}", workers, plan) as field:
        yield field


@contextlib.contextmanager
def plain(name: str, workers: int, seed: int, kind: str, **wishes) -> Iterator[Field]:
    """The reference: the same world in Odoo as it comes."""
    database = f"wms_attack_{name}_plain"
    with _field(env.plain_odoo_database, database, workers, (seed, kind, wishes, ())) as field:
        yield field


@contextlib.contextmanager
def _field(make, database, workers, plan):
    seed, kind, wishes, options = plan
    make(database)
    try:
        with env.step(f"{database}: goods, people, transfers"):
            world = stage.prepare(database, kind, **wishes)
        with env.step(f"{database}: server with {workers} workers"):
            server = env.start_server(database, workers=workers, options=options)
        field = Field(database, server, world, seed)
        try:
            yield field
        finally:
            field.server.stop(kill=True)  # nothing of it is needed any more
    finally:
        env.drop(database)
