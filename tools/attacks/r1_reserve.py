"""R1: 16 clients each reserve one unit of a bin that holds ten, all at the same moment.

A round is one product. Three ways: through the command service (must give exactly ten, and an
answer that says so to the other six); through Odoo's own "check availability" with our add-ons
installed (the net below every flow: never more than ten; Odoo's retries may still end in an error
for the person); and the same in plain Odoo, the reference.
"""

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, plain, suite
from tools.attacks.report import Figures, Result
from tools.attacks.stage import BIN_HOLDS

CLIENTS = 16
WORKERS = 8
_RESERVED = """
    SELECT coalesce(sum(l.quantity_product_uom), 0) FROM stock_move_line l
     WHERE l.state NOT IN ('done', 'cancel') AND l.picking_id = ANY(%s)
"""


def run(options) -> Result:
    """`--rounds`: products attacked through the command service (default 100, quick 10)."""
    rounds = options.rounds or (10 if options.quick else 100)
    others = max(3, rounds // 5)
    result = Result("attack R1", options.seed)
    workers = options.workers or WORKERS
    wishes = {"rounds": rounds + others, "clients": CLIENTS}
    with suite("r1", workers, options.seed, "reserve", **wishes) as field:
        result.durability = env.durability(field.database)
        with env.step(f"R1: {rounds} rounds through the command service"):
            _through_the_door(field, field.world["rounds"][:rounds], result.ours)
        net = Figures()
        with env.step(f"R1: {others} rounds of Odoo's own reservation with our add-ons"):
            _odoo_itself(field, field.world["rounds"][rounds:], net)
        net.expect("lost_or_extra", net.effects - min(net.effects, BIN_HOLDS * net.rounds))
        result.ours.judge(field.database)
        result.ours.expect("net_over_reserved", net.violations)
        result.ours.more["net"] = net.as_json()
    wishes["rounds"] = others
    with plain("r1", workers, options.seed, "reserve", **wishes) as field:
        result.reference = Figures()
        with env.step(f"R1: {others} rounds in plain Odoo"):
            _odoo_itself(field, field.world["rounds"], result.reference)
        result.reference.judge(field.database)
    return result


def _through_the_door(field: Field, rounds: list[list[int]], figures: Figures) -> None:
    devices = field.devices()
    for pickings in rounds:
        sends = [
            device.envelope("reserve.transfer", picking_id=picking)
            for device, picking in zip(devices, pickings, strict=True)
        ]
        answers = release(
            [
                lambda d=device, e=sent: d.send(e)
                for device, sent in zip(devices, sends, strict=True)
            ]
        )
        figures.rounds += 1
        figures.commands += len(answers)
        figures.seconds += [seconds for _answer, seconds in answers]
        codes = [_code(answer) for answer, _seconds in answers]
        figures.user_errors += sum(code not in ("applied", "nothing_reserved") for code in codes)
        figures.expect("not_exactly_ten", int(codes.count("applied") != BIN_HOLDS))
    figures.effects = int(field.value(_RESERVED, [p for pickings in rounds for p in pickings]))
    figures.expect("lost_or_extra", abs(figures.effects - BIN_HOLDS * len(rounds)))
    figures.more["busy"] = sum(device.busy for device in devices)


def _code(answer) -> str:
    if isinstance(answer, Exception):
        env.say(f"  {type(answer).__name__}: {answer}")
        return "error"
    return answer["code"] if answer["status"] == "rejected" else answer["status"]


def _odoo_itself(field: Field, rounds: list[list[int]], figures: Figures) -> None:
    """Every client presses "check availability" on its own transfer."""
    clerk = field.session("clerk")
    for pickings in rounds:
        answers = release(
            [
                lambda p=picking: clerk.call("stock.picking", "action_assign", [p])
                for picking in pickings
            ]
        )
        figures.rounds += 1
        figures.commands += len(answers)
        figures.seconds += [seconds for _answer, seconds in answers]
        # "nothing is free" is what Odoo rightly tells some of them
        figures.user_errors += sum(_is_accident(answer) for answer, _seconds in answers)
        reserved = field.value(_RESERVED, pickings)
        figures.effects += int(reserved)
        figures.more["over_reserved_rounds"] = figures.more.get("over_reserved_rounds", 0) + int(
            reserved > BIN_HOLDS
        )


def _is_accident(answer) -> bool:
    refused = "UserError" in str(getattr(answer, "code", ""))
    return isinstance(answer, Exception) and not refused
