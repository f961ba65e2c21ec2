"""R6: every command counts exactly once, whatever the network does.

First the same command is sent eight times at the same moment. Then eight devices work through a
network that loses, doubles, delays, reorders and cuts requests and answers (`proxy.py`), until
every command is decided. Reference: a client of plain Odoo that sends again when no answer came.
"""

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
        with env.step(f"R6: {commands} commands through a bad network"):
            _bad_network(field, commands, result.ours)
        result.ours.judge(field.database)
    with plain("r6", workers, options.seed, "lines", lines=1, clients=DEVICES) as field:
        result.reference = Figures()
        with env.step("R6: a naive client of plain Odoo through the same network"):
            _naive(field, max(40, commands // 10), result.reference)
        result.reference.judge(field.database)
    return result


def _done(field: Field) -> int:
    lines = field.world["lines"]
    return int(field.value("SELECT sum(quantity) FROM stock_move_line WHERE id = ANY(%s)", lines))


def _all_at_once(field: Field, commands: int, figures: Figures) -> None:
    device = field.devices()[0]
    before = _done(field)
    for number in range(commands):
        line = field.world["lines"][number % LINES]
        envelope = device.envelope("move.add", move_line_id=line, quantity="1")
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
    figures.effects += _done(field) - before
    figures.expect("lost_or_extra", abs(_done(field) - before - commands))


def _bad_network(field: Field, commands: int, figures: Figures) -> None:
    uids = field.world["devices"]
    before = _done(field)
    with BadNetwork(field.server.port, field.seed) as network:
        network.know(uids)
        devices = field.devices(network.url, timeout=_TIMEOUT_S)
        acknowledged, errors = _work_through(field, devices, commands)
        network.drain()
        faults = dict(network.faults)
    figures.rounds += 1
    figures.commands += commands
    figures.user_errors += errors
    figures.effects += _done(field) - before
    figures.expect("lost_or_extra", abs(_done(field) - before - commands))
    for device in devices:
        figures.seconds += device.seconds
    _judge_answers(field, devices, acknowledged, figures)
    figures.more |= {
        "sends": sum(device.sent for device in devices),
        "replays": sum(device.replayed for device in devices),
        "unknown": sum(device.unknown for device in devices),
        "busy": sum(device.busy for device in devices),
        "max_resolved_s": round(max(max(device.resolved) for device in devices), 2),
        "faults": faults,
    }


def _work_through(field: Field, devices, commands: int) -> tuple[dict[str, dict], int]:
    """Let every device do its share; the answers by command id, and the number of errors."""
    work = []
    for index, (device, share) in enumerate(zip(devices, _shares(commands), strict=True)):
        device.resume()
        line = field.world["lines"][index % LINES]
        work.append(lambda d=device, i=line, n=share: _work(d, i, n))
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


def _work(device, line: int, commands: int) -> dict[str, dict]:
    """Send commands one after the other until each is decided; the answers by id."""
    answers = {}
    for _number in range(commands):
        answer = device.send(device.envelope("move.add", move_line_id=line, quantity="1"))
        answers[answer["cmd_id"]] = answer
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
    figures.user_errors = sum(isinstance(outcome, Exception) for outcome, _seconds in outcomes)
    figures.seconds = [seconds for _outcome, seconds in outcomes]
    figures.rounds = 1
    figures.commands = commands
    made = "SELECT count(*) FROM stock_picking WHERE origin = 'naive'"
    figures.effects = int(field.value(made))
    figures.expect("lost_or_extra", abs(figures.effects - commands))


def _create(session, world: dict, number: int) -> None:
    session.timeout = _TIMEOUT_S
    ends = {"location_id": world["from"], "location_dest_id": world["to"]}
    move = {"product_id": world["products"][0], "product_uom_qty": 1, **ends}
    values = {"picking_type_id": world["picking_type"], "origin": "naive", **ends}
    values["move_ids"] = [(0, 0, move)]
    for _transfer in range(number):
        for _try in range(50):
            try:
                session.call("stock.picking", "create", [values])
                break
            except (Unknown, Refused):
                continue
