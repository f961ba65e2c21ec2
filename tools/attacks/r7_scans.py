"""R7: eight pickers scan at the same stop ten times each; it must end at eighty.

Ours: one holds the wave, seven help; every scan is a command that adds one, with an identity.
Reference: the same scans as a client of plain Odoo does it, reading the quantity and writing one
more.
"""

import time

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, plain, suite
from tools.attacks.report import Figures, Result

PICKERS = 8
SCANS = 10
WORKERS = 4


def run(options) -> Result:
    """`--rounds`: stops scanned by everybody (default 10, quick 3)."""
    rounds = options.rounds or (3 if options.quick else 10)
    workers = options.workers or WORKERS
    result = Result("attack R7", options.seed)
    wishes = {"lines": rounds, "clients": PICKERS, "demand": PICKERS * SCANS}
    with suite("r7", workers, options.seed, "lines", **wishes) as field:
        result.durability = env.durability(field.database)
        with env.step(f"R7: {rounds} stops, {PICKERS} pickers with {SCANS} scans each"):
            _scan_everything(field, result.ours)
        result.ours.judge(field.database)
    wishes["lines"] = 1
    with plain("r7", workers, options.seed, "lines", **wishes) as field:
        result.reference = Figures()
        with env.step("R7: one line in plain Odoo, read and write"):
            _read_and_write(field, result.reference)
        result.reference.judge(field.database)
    return result


def _scan_everything(field: Field, figures: Figures) -> None:
    devices = field.devices()
    for stop in range(len(field.world["tasks"])):
        outcomes = release([lambda d=device, i=stop: _scan(field, d, i) for device in devices])
        for outcome, _seconds in outcomes:
            if isinstance(outcome, Exception):
                env.say(f"  {type(outcome).__name__}: {outcome}")
                figures.user_errors += 1
            else:
                figures.expect("wrong_answer", outcome)
        _count(field.scanned(stop), figures)
        for device in devices:  # one more than the demand is refused by name
            answer = device.send(field.scan(device, stop))
            figures.expect("above_demand", int(answer["code"] != "above_demand"))
    for device in devices:
        figures.seconds += device.seconds
    figures.more["busy"] = sum(device.busy for device in devices)


def _scan(field: Field, device, stop: int) -> int:
    """Ten scans; returns how many were answered with anything but applied."""
    answers = [device.send(field.scan(device, stop)) for _scan in range(SCANS)]
    return sum(answer["status"] not in ("applied", "replayed") for answer in answers)


def _count(quantity: int, figures: Figures) -> None:
    """Compare what the database holds with what was scanned."""
    figures.rounds += 1
    figures.commands += PICKERS * SCANS
    figures.effects += quantity
    figures.expect("lost_or_extra", abs(quantity - PICKERS * SCANS))


def _read_and_write(field: Field, figures: Figures) -> None:
    clerk = field.session("clerk")
    (line,) = field.world["lines"]

    def scans() -> list[float]:
        times = []
        for _scan in range(SCANS):
            (values,), first = _timed(clerk, "read", [line], ["quantity"])
            _written, second = _timed(clerk, "write", [line], {"quantity": values["quantity"] + 1})
            times.append(first + second)
        return times

    for outcome, _seconds in release([scans] * PICKERS):
        if isinstance(outcome, Exception):
            figures.user_errors += 1
        else:
            figures.seconds += outcome
    _count(int(field.value("SELECT quantity FROM stock_move_line WHERE id = %s", line)), figures)


def _timed(clerk, method: str, *args) -> tuple[object, float]:
    started = time.monotonic()
    return clerk.call("stock.move.line", method, *args), time.monotonic() - started
