"""R4: eight clients validate receipts and deliveries of different products at once.

Every product has a past of 2,000 receipts and deliveries, half of the receipts open, and every
transfer posts its journal entry into the same journal. Nobody may see an error, and others wait for
a validation only while it numbers its entry. Plain Odoo, made to post at the movement by accounts
on its locations, is attacked beside it with the same goods and fewer transfers.
"""

import re
import statistics
import time
from pathlib import Path

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, plain, suite
from tools.attacks.report import Figures, Result

CLIENTS = 8
WORKERS = 4
PER_SECOND, TIMES_CORE, HELD_MS = 8, 6, 60
PRICES = [9.0, 11.0]
PAST, CORE_ROUNDS = 2_000, 4
_LOGGED = "odoo.addons.inventory_wms.services.valuation_posting"
_HELD = re.compile(r"journal held for ([\d.]+) ms \(([\d.]+) ms of CPU\) after ([\d.]+) ms")
_DONE = """
    SELECT count(*) FROM stock_picking p WHERE p.id = ANY(%s) AND p.state = 'done'
"""


def run(options) -> Result:
    """`--rounds`: transfers of each client (default 40, quick 6, with a past of 100)."""
    rounds = options.rounds or (6 if options.quick else 40)
    result = Result("attack R4", options.seed)
    workers = options.workers or WORKERS
    wishes = {"methods": ["fifo", "average"], "goods": CLIENTS // 2, "prices": PRICES}
    wishes["past"] = 100 if options.quick else PAST
    logging = ("--log-handler", f"{_LOGGED}:DEBUG")
    with suite(
        "r4", workers, options.seed, "books", server=logging, transfers=rounds, **wishes
    ) as field:
        result.durability = env.durability(field.database)
        with env.step(f"R4: {CLIENTS} clients, {rounds} transfers each"):
            validate(field, result.ours)
        result.ours.judge(field.database)
        _numbering(field.server.log, result.ours)
    if options.quick:  # a reference takes a second database and minutes
        return result
    with plain("r4", workers, options.seed, "books", transfers=CORE_ROUNDS, **wishes) as field:
        result.reference = Figures()
        with env.step(f"R4: {CLIENTS} clients, {CORE_ROUNDS} transfers each, in plain Odoo"):
            validate(field, result.reference)
        result.reference.judge(field.database)
    _compare(result)
    return result


def validate(field: Field, figures: Figures) -> None:
    """Every client validates the transfers of its own product, one after the other."""
    clerk = field.session("clerk")
    started = time.monotonic()
    outcomes = release([lambda j=jobs: _work(clerk, j) for jobs in field.world["jobs"]])
    seconds = time.monotonic() - started
    for outcome, _seconds in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
        errors, times = outcome
        figures.user_errors += errors
        figures.seconds += times
    jobs = [job for jobs in field.world["jobs"] for job in jobs]
    figures.rounds += 1
    figures.commands += len(jobs)
    figures.effects += int(field.value(_DONE, jobs))
    figures.expect("lost_or_extra", max(0, len(jobs) - figures.user_errors - figures.effects))
    figures.more["per_second"] = round(figures.effects / seconds, 2)


def _work(clerk, jobs: list[int]) -> tuple[int, list[float]]:
    """(errors that the person saw, seconds of each validation)."""
    errors, times = 0, []
    for job in jobs:
        begin = time.monotonic()
        try:
            clerk.call("stock.picking", "button_validate", [job])
        except Exception as error:  # noqa: BLE001 - whatever the person sees is the finding
            env.say(f"  {type(error).__name__}: {str(error)[:200]}")
            errors += 1
        times.append(time.monotonic() - begin)
    return errors, times


def _numbering(log: Path, figures: Figures) -> None:
    """How long the journal was held for numbering, as the server's log says."""
    found = [list(map(float, row)) for row in _HELD.findall(log.read_text(errors="replace"))]
    figures.expect("not_logged", int(len(found) < figures.effects))
    for name, column in zip(("held", "held_cpu", "waited"), zip(*found, strict=True), strict=False):
        figures.more[f"{name}_ms"] = round(statistics.median(column), 1)
        figures.more[f"{name}_p95_ms"] = round(sorted(column)[int(len(column) * 0.95)], 1)


def _compare(result: Result) -> None:
    """The limits of issue 3 (the quick profile, made for busy machines, only counts errors)."""
    ours, core = result.ours.more, result.reference.more
    ours["times_core"] = round(ours["per_second"] / max(core["per_second"], 0.01), 1)
    result.ours.expect("too_slow", int(ours["per_second"] < PER_SECOND))
    result.ours.expect("not_faster_than_core", int(ours["times_core"] < TIMES_CORE))
    result.ours.expect("journal_held_too_long", int(ours.get("held_ms", 1e9) > HELD_MS))
