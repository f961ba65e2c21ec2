"""R5: one hot product per cost method, received at eight prices and delivered, all at once.

Eight clients validate transfers of the same product. First undisturbed: nobody may see an error.
Then workers of the server are killed with -9 in the middle, at last the whole server; clients send
again what they do not know the end of. The ledger, the stock's value and the values of the moves
must agree to the cent afterwards, for every method, and no transfer may be half done.
"""

import json
import os
import random
import signal
import threading
import time

from tools import env
from tools.attacks.crowd import release
from tools.attacks.field import Field, plain, suite
from tools.attacks.report import Figures, Result
from tools.device_client import Refused

CLIENTS = 8
WORKERS = 4
METHODS = ("average", "fifo", "lifo", "standard")
PRICES = [7.0, 7.35, 8.2, 9.99, 10.0, 11.11, 12.5, 13.07]
_PATIENCE_S = 120
_HALF_DONE = """
    SELECT count(*) FROM stock_picking p
     WHERE p.id = ANY(%s)
       AND (p.state = 'done') <> EXISTS (
           SELECT 1 FROM wms_cost_posting o JOIN account_move m ON m.id = o.account_move_id
            WHERE o.picking_id = p.id AND o.state = 'posted' AND m.state = 'posted')
"""
_DONE = "SELECT count(*) FROM stock_picking WHERE id = ANY(%s) AND state = 'done'"
# runs in Odoo's shell: per method the largest difference between any two of ledger, value, moves
_DRIFT = """
import json
found = {}
for product in env["product.product"].search([("categ_id.name", "in", arguments)]):
    lines = env["account.move.line"].search(
        [
            ("product_id", "=", product.id),
            ("account_id", "=", product._get_product_accounts()["stock_valuation"].id),
            ("parent_state", "=", "posted"),
        ]
    )
    moves = env["stock.move"].search([("product_id", "=", product.id), ("state", "=", "done")])
    came, went = moves.filtered("is_in"), moves.filtered("is_out")
    moved = sum(came.mapped("value")) - sum(went.mapped("value"))
    worth = [sum(lines.mapped("balance")), product.total_value, moved]
    found[product.categ_id.name] = round(max(worth) - min(worth), 2)
print("DRIFT " + json.dumps(found))
"""


def run(options) -> Result:
    """`--rounds`: transfers of each client and method (default 16, quick 2), as many under fire."""
    rounds = options.rounds or (2 if options.quick else 16)
    kills = 2 if options.quick else 8
    result = Result("attack R5", options.seed)
    workers = options.workers or WORKERS
    wishes = {"goods": 1, "prices": PRICES, "methods": list(METHODS)}
    number = 2 * rounds * CLIENTS
    with suite("r5", workers, options.seed, "books", transfers=number, **wishes) as field:
        result.durability = env.durability(field.database)
        calm, fire = _deal(field, number)
        clerk = field.session("clerk")
        with env.step(f"R5: {CLIENTS} clients, the same goods"):
            _validate(field, clerk, calm, result.ours)
        with env.step(f"R5: the same with {kills} workers and the server killed"):
            _under_fire((field, clerk), fire, (random.Random(options.seed), kills), result.ours)
        result.ours.judge(field.database)
        jobs = [job for jobs in field.world["jobs"] for job in jobs]
        result.ours.expect("half_done", int(field.value(_HALF_DONE, jobs)))
        _drift(field, result.ours)
        result.ours.expect("drift", int(any(result.ours.more["drift"].values())))
    if options.quick:
        return result
    with plain("r5", workers, options.seed, "books", transfers=3 * CLIENTS, **wishes) as field:
        result.reference = Figures()
        with env.step(f"R5: {CLIENTS} clients, the same goods, in plain Odoo"):
            jobs = _deal(field, 3 * CLIENTS)[0]
            _validate(field, field.session("clerk"), jobs, result.reference)
        result.reference.judge(field.database)
        _drift(field, result.reference)
    return result


def _deal(field: Field, number: int) -> tuple[list, list]:
    """The transfers of each client in two halves; a client goes through all methods in turn."""
    dealt = [
        [jobs[turn] for turn in range(client, number, CLIENTS) for jobs in field.world["jobs"]]
        for client in range(CLIENTS)
    ]
    half = [len(mine) // 2 for mine in dealt]
    return (
        [mine[:middle] for mine, middle in zip(dealt, half, strict=True)],
        [mine[middle:] for mine, middle in zip(dealt, half, strict=True)],
    )


def _validate(field: Field, clerk, dealt: list[list[int]], figures: Figures) -> None:
    """Every client sends each of its transfers until it is known to be done."""
    outcomes = release([lambda m=mine: _work(clerk, m) for mine in dealt])
    for outcome, _seconds in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
        errors, times, again = outcome
        figures.user_errors += errors
        figures.seconds += times
        figures.more["sent_again"] = figures.more.get("sent_again", 0) + again
    jobs = [job for mine in dealt for job in mine]
    effects = int(field.value(_DONE, jobs))
    figures.rounds += 1
    figures.commands += len(jobs)
    figures.effects += effects
    figures.expect("lost", len(jobs) - effects)


def _work(clerk, jobs: list[int]) -> tuple[int, list[float], int]:
    """(errors that the person saw, seconds until each transfer was known to be done, resends)."""
    errors, times, again = 0, [], 0
    for job in jobs:
        begin = time.monotonic()
        refused, sent = _send(clerk, job, begin + _PATIENCE_S)
        errors += refused
        again += sent
        times.append(time.monotonic() - begin)
    return errors, times, again


def _send(clerk, job: int, until: float) -> tuple[int, int]:
    """Validate one transfer: (1 when it was refused, how often it was sent again)."""
    again = 0
    while True:
        try:
            clerk.call("stock.picking", "button_validate", [job])
            return 0, again
        except Refused as error:
            if _is_done(clerk, job):  # an earlier answer was lost, the work was not
                return 0, again
            env.say(f"  {str(error)[:300]}")
            return 1, again
        except Exception as error:  # noqa: BLE001 - no answer: nobody knows yet
            if time.monotonic() > until:
                raise AssertionError(f"transfer {job} got no answer") from error
            again += 1
            time.sleep(0.5)


def _is_done(clerk, job: int) -> bool:
    return clerk.call("stock.picking", "read", [job], ["state"])[0]["state"] == "done"


def _under_fire(place: tuple, dealt: list, plan: tuple, figures: Figures) -> None:
    """The same while workers are killed, and the server at last."""
    field, clerk = place
    over = threading.Event()
    killer = threading.Thread(target=_kill, args=(field, *plan, over))
    killer.start()
    try:
        _validate(field, clerk, dealt, figures)
    finally:
        over.set()
        killer.join()
    figures.more["kills"] = plan[1] + 1


def _kill(field: Field, dice: random.Random, kills: int, over: threading.Event) -> None:
    for _kill in range(kills):
        if over.wait(dice.uniform(0.5, 1.5)):
            return
        pids = field.server.worker_pids()
        if pids:
            os.kill(dice.choice(pids), signal.SIGKILL)
    port, workers = field.server.port, field.server.workers
    field.server.stop(kill=True)
    until = time.monotonic() + 30
    while not env.port_is_free(port) and time.monotonic() < until:
        time.sleep(0.1)
    field.server = env.start_server(field.database, workers, port=port)


def _drift(field: Field, figures: Figures) -> None:
    """Per method: by how much ledger, value of the stock and values of the moves differ."""
    printed = env.run_script(field.database, _DRIFT, *METHODS)
    line = next(line for line in reversed(printed.splitlines()) if "DRIFT {" in line)
    figures.more["drift"] = json.loads(line[line.index("DRIFT ") + 6 :])
