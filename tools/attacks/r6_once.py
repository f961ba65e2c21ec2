"""R6: every command counts exactly once, whatever the network does.

First the same command is sent eight times at the same moment, and one meets goods that somebody
holds too long. Then eight devices work through a
network that loses, doubles, delays, reorders and cuts requests and answers (`proxy.py`), until
every command is decided. Reference: a client of plain Odoo that sends again when no answer came.
"""

import contextlib
import time

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, plain, suite
from tools.attacks.proxy import BadNetwork
from tools.attacks.report import Figures, Result
from tools.device_client import FINAL, Refused, Unknown

COPIES = 8
DEVICES = 8
LINES = 4
WORKERS = 4
_TIMEOUT_S = 10
_PRODUCT_LOCK = 0x574D5305  # class of product locks, see services/locks.py
_CREATE = "/web/dataset/call_kw/stock.picking/create"


def run(options) -> Result:
    """`--rounds`: commands through the bad network (default 1,000, quick 150)."""
    commands = options.rounds or (150 if options.quick else 1000)
    workers = options.workers or WORKERS
    result = Result("attack R6", options.seed)
    wishes = {"lines": LINES, "clients": DEVICES}
    with suite("r6", workers, options.seed, "lines", **wishes) as field:
        result.durability = env.durability(field.database)
        with env.step(f"R6: {commands // 10} commands, each {COPIES} times at once"):
            _all_at_once(field, commands // 10, result.ours)
        with env.step("R6: somebody else holds the goods"):
            _held(field, result.ours)
        with env.step(f"R6: {commands} commands through a bad network"):
            _bad_network(field, commands, result.ours)
        result.ours.judge(field.database)
    with plain("r6", workers, options.seed, "lines", lines=1, clients=DEVICES) as field:
        result.reference = Figures()
        with env.step("R6: a naive client of plain Odoo through the same network"):
            _naive(field, max(40, commands // 10), result.reference)
        result.reference.judge(field.database)
    return result


def _all_at_once(field: Field, commands: int, figures: Figures) -> None:
    device = field.devices()[0]
    before = field.scanned()
    for number in range(commands):
        envelope = field.scan(device, number % LINES)
        outcomes = release([lambda e=envelope: device.once(e)] * COPIES)
        answers = [answer for answer, _seconds in outcomes]
        figures.seconds += [seconds for _answer, seconds in outcomes]
        errors = [answer for answer in answers if isinstance(answer, Exception)]
        figures.user_errors += len(errors)
        told = [answer["status"] for answer in answers if isinstance(answer, dict)]
        figures.expect("not_one_applied", int(told.count("applied") != 1))
        # those that had to wait too long are told "busy" and would send again
        strangers = [status for status in told if status not in ("applied", "replayed", "busy")]
        figures.expect("wrong_answer", len(strangers))
    figures.rounds += commands
    figures.commands += commands
    figures.effects += field.scanned() - before
    figures.expect("lost_or_extra", abs(field.scanned() - before - commands))


def _held(field: Field, figures: Figures) -> None:
    """A lock held too long: "busy", nothing is stored, the same command works later."""
    device = field.devices()[1]
    before = field.scanned()
    envelope = field.scan(device, 0)
    holder = env.connect(field.database)
    try:
        with holder.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(%s, %s)", [_PRODUCT_LOCK, field.world["products"][0]]
            )
            answer = device.once(envelope)
            figures.expect("wrong_answer", int(answer["status"] != "busy"))
            figures.expect("lost_or_extra", abs(field.scanned() - before))
    finally:
        holder.close()
    answer = device.send(envelope)
    figures.expect("wrong_answer", int(answer["status"] != "applied"))
    figures.commands += 1
    figures.effects += field.scanned() - before
    figures.expect("lost_or_extra", abs(field.scanned() - before - 1))


def _bad_network(field: Field, commands: int, figures: Figures) -> None:
    uids = field.world["devices"]
    before = field.scanned()
    with BadNetwork(field.server.port, field.seed) as network:
        network.know(uids)
        devices = field.devices(network.url, timeout=_TIMEOUT_S)
        acknowledged, errors = _work_through(field, devices, commands)
        network.drain()
        faults = dict(network.faults)
    figures.rounds += 1
    figures.commands += commands
    figures.user_errors += errors
    figures.effects += field.scanned() - before
    figures.expect("lost_or_extra", abs(field.scanned() - before - commands))
    for device in devices:
        figures.seconds += device.seconds
    _judge_answers(field, devices, acknowledged, figures)
    figures.more |= {
        "sends": sum(device.sent for device in devices),
        "replays": sum(device.replayed for device in devices),
        "unknown": sum(device.unknown for device in devices),
        "gaps": sum(device.gaps for device in devices),
        "signed_in_again": sum(device.expired for device in devices),
        "busy": sum(device.busy for device in devices),
        "max_resolved_s": round(max(max(device.resolved) for device in devices), 2),
        "faults": faults,
    }


def _work_through(field: Field, devices, commands: int) -> tuple[dict[str, dict], int]:
    """Let every device do its share; the answers by command id, and the number of errors."""
    work = []
    for index, (device, share) in enumerate(zip(devices, _shares(commands), strict=True)):
        device.resume()  # the first ones have sent commands before
        stop = index % LINES
        work.append(lambda d=device, i=stop, n=share: _work(field, d, i, n))
    acknowledged: dict[str, dict] = {}
    errors = 0
    for outcome, _seconds in release(work):
        if isinstance(outcome, Exception):
            env.say(f"  {type(outcome).__name__}: {outcome}")
            errors += 1
        else:
            acknowledged |= outcome
    return acknowledged, errors


def _shares(commands: int) -> list[int]:
    return [commands // DEVICES + (index < commands % DEVICES) for index in range(DEVICES)]


def _work(field: Field, device, stop: int, commands: int) -> dict[str, dict]:
    """Send commands until each is decided; the answers by id.

    Every twentieth finds its session expired and signs in again; now and then the second of
    two is sent first, and the first only when the server misses it.
    """
    answers = {}
    while len(answers) < commands:
        if len(answers) % 20 == 10:
            device.session.forget()
        sent = [field.scan(device, stop)]
        if len(answers) % 15 == 5 and len(answers) + 2 <= commands:
            sent.insert(0, field.scan(device, stop))
        for envelope in sent:
            answers[envelope["cmd_id"]] = device.send(envelope)
    return answers


def _judge_answers(field: Field, devices, acknowledged: dict, figures: Figures) -> None:
    """Ask the status route about everything the database holds, and compare with the answers."""
    recorded = dict(field.rows("SELECT cmd_id, status FROM wms_command WHERE seq > 0"))
    told = {}
    for device, session in zip(devices, field.sessions(len(devices)), strict=True):
        device.session = session
        own = [row[0] for row in field.rows(
            "SELECT c.cmd_id FROM wms_command c JOIN wms_device d ON d.id = c.device_id"
            " WHERE d.uid = %s", device.uid,
        )]  # fmt: skip
        for start in range(0, len(own), 200):
            told |= device.status(own[start : start + 200])["commands"]
    unreported = [c for c in recorded if told.get(c, {}).get("status") not in FINAL]
    figures.expect("not_reported", len(unreported))
    figures.expect("ack_without_effect", len([c for c in acknowledged if c not in recorded]))
    refused = [a for a in acknowledged.values() if a["status"] not in ("applied", "replayed")]
    figures.expect("wrong_answer", len(refused))
    other = [c for c, a in acknowledged.items() if c in told and told[c]["result"] != a["result"]]
    figures.expect("two_answers", len(other))


def _naive(field: Field, commands: int, figures: Figures) -> None:
    """Make transfers; when no answer comes, make them again, as a simple client would."""
    with BadNetwork(field.server.port, field.seed, path=_CREATE) as network:
        sessions = [session.through(network.url) for session in field.sessions(DEVICES)]
        clients = zip(sessions, _shares(commands), strict=True)
        outcomes = release([lambda s=s, n=n: _create(s, field.world, n) for s, n in clients])
        network.drain()
    for outcome, _seconds in outcomes:
        if isinstance(outcome, Exception):
            figures.user_errors += 1
        else:
            figures.seconds += outcome
    figures.rounds = 1
    figures.commands = commands
    made = "SELECT count(*) FROM stock_picking WHERE origin = 'naive'"
    figures.effects = int(field.value(made))
    figures.expect("lost_or_extra", abs(figures.effects - commands))


def _create(session, world: dict, number: int) -> list[float]:
    """Make ``number`` transfers; the seconds of every answered request."""
    session.timeout = _TIMEOUT_S
    ends = {"location_id": world["from"], "location_dest_id": world["to"]}
    move = {"product_id": world["products"][0], "product_uom_qty": 1, **ends}
    values = {"picking_type_id": world["picking_type"], "origin": "naive", **ends}
    values["move_ids"] = [(0, 0, move)]
    times = []
    while len(times) < number:
        started = time.monotonic()
        with contextlib.suppress(Unknown, Refused):
            session.call("stock.picking", "create", [values])
            times.append(time.monotonic() - started)
    return times
