"""A worker with a scanner: claims a wave, walks its stops, ships it, until nothing is left."""

import threading
from dataclasses import dataclass, field

from tools.device_client import Device, Refused, Unknown

LOSE_EVERY = 13
REPEAT_EVERY = 17
SPLIT_EVERY = 7
GIVE_UP_AFTER = 2000
_TOO_SHORT_S = 0.005


class Scanner(Device):
    """A device in a corner with bad reception: now and then it does not hear the answer."""

    def once(self, envelope: dict) -> dict:
        """Send an envelope once; every 13th time the line is gone before the answer is there."""
        patient = self.session.timeout
        if (self.sent + 1) % LOSE_EVERY == 0:
            self.session.timeout = _TOO_SHORT_S
        try:
            return super().once(envelope)
        finally:
            self.session.timeout = patient


@dataclass
class Picker(threading.Thread):
    """Works until there is no wave left.

    `shorts` are the numbers of the stops (counted over the shift) at which one piece is missing;
    the figures are what this worker did.
    """

    device: Device
    shorts: frozenset[int] = frozenset()
    stops: int = 0
    lines: int = 0
    waves: int = 0
    short_picks: int = 0
    replaced: int = 0
    refusals: list[str] = field(default_factory=list)
    error: BaseException | None = None

    def __post_init__(self):
        threading.Thread.__init__(self, daemon=True, name=self.device.session.login)

    __hash__ = threading.Thread.__hash__
    __eq__ = threading.Thread.__eq__

    def run(self) -> None:
        """The shift; what went wrong is kept in `error`."""
        try:
            while wave := self._claim():
                self._work(wave)
                self.device.command("ship.confirm", batch_id=wave["wave"]["batch_id"])
                self.waves += 1
        except (Refused, Unknown, KeyError, AssertionError) as error:
            self.error = error

    def _claim(self) -> dict | None:
        try:
            return self.device.command("task.claim")["result"]
        except Refused as refusal:
            if refusal.code == "nothing_to_do":
                return None
            raise

    def _work(self, work: dict) -> None:
        """Walk the stops; a short stop may add others, so look again until none is open."""
        reasons = [reason["code"] for reason in work["reasons"]]
        while work["tasks"]:
            for task in work["tasks"]:
                self._pick(task, reasons)
            if self.stops > GIVE_UP_AFTER:
                raise AssertionError(f"{self.name}: the wave never ends")
            batch_id = work["wave"]["batch_id"]
            work = self.device.command("task.claim", batch_id=batch_id)["result"]

    def _pick(self, task: dict, reasons: list[str]) -> None:
        """Scan the bin and the article; now and then in two scans, or sent twice."""
        self.stops += 1
        wanted = float(task["demand"]) - float(task["done"])
        if self.stops in self.shorts and wanted > 1:
            self._short(task, wanted, reasons[0])
            return
        if self.stops % SPLIT_EVERY == 0 and wanted > 1:
            self._scan(task, 1)
            wanted -= 1
        self._scan(task, wanted)
        self.lines += len(task["puts"])
        if self.stops % REPEAT_EVERY == 0:
            self.device.repeat()

    def _scan(self, task: dict, quantity: float) -> None:
        self.device.command(
            "pick.scan_item",
            task_id=task["task_id"],
            bin=task["bin"]["barcode"] or task["bin"]["code"],
            barcode=task["product"]["barcode"],
            quantity=f"{quantity:g}",
        )

    def _short(self, task: dict, wanted: float, reason: str) -> None:
        answer = self.device.command(
            "pick.short", task_id=task["task_id"], quantity=f"{wanted - 1:g}", reason=reason
        )
        self.short_picks += 1
        self.replaced += len(answer["result"]["instead"])
        self.device.repeat()
