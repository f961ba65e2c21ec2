"""Workers who want the same stock and the same transfers at the same time.

Each is a process with a connection of its own. Six release through the command service, two press
Odoo's own "check availability", which only the net below every flow protects.
"""

import random
import time

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from tests.invariants import check, explain

_CHUNK = 10
_PATIENCE = 40


def work(odoo_env, pickings: list[int], number: int, start_at: float) -> dict:
    """One worker: every transfer once, in a sequence of its own, from ``start_at`` (clock) on."""
    rng = random.Random(number)
    mine = list(pickings)
    rng.shuffle(mine)
    odoo_env["wms.reservation"]  # noqa: B018 - the registry is loaded before the start
    odoo_env.cr.rollback()
    time.sleep(max(0.0, start_at - time.time()))
    act = _by_button if number % 4 == 3 else _by_command
    found = {"calls": 0, "busy": 0, "gave_up": 0, "errors": 0, "told": []}
    for first in range(0, len(mine), _CHUNK):
        found["calls"] += 1
        try:
            act(odoo_env, mine[first : first + _CHUNK], found)
            odoo_env.cr.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Odoo starts a button again five times, then a person sees it fail; nothing is written
            odoo_env.cr.rollback()
            found["gave_up"] += 1
        except UserError as error:
            odoo_env.cr.rollback()
            found["errors"] += 1
            found["told"] = [*found["told"], str(error)[:200]][:3]
    return found | {"ended_at": time.time()}


def _by_command(odoo_env, pickings: list[int], found: dict) -> None:
    """As a lead's device: a busy answer is tried again."""
    for attempt in range(_PATIENCE):
        try:
            odoo_env["wms.door"]._execute_local("wave.reserve", {"picking_ids": pickings})
            return
        except UserError:
            odoo_env.cr.rollback()
            found["busy"] += 1
            if attempt == _PATIENCE - 1:
                raise


def _by_button(odoo_env, pickings: list[int], found: dict) -> None:
    """As Odoo runs a button: what PostgreSQL refuses is started again by Odoo itself."""

    def press() -> None:
        chosen = odoo_env["stock.picking"].browse(pickings)
        chosen.filtered(lambda p: p.state in ("confirmed", "waiting", "assigned")).action_assign()

    retrying(press, odoo_env)


def judge(odoo_env, pickings: list[int]) -> dict:
    """What the crowd left behind: invariants, and moves that hold more than they asked for."""
    counts = check(odoo_env.cr)
    odoo_env.cr.execute(
        """
        SELECT count(*) FILTER (WHERE quantity > product_uom_qty),
               count(*) FILTER (WHERE state = 'assigned'), count(*)
          FROM stock_move WHERE picking_id = ANY(%s)
        """,
        [pickings],
    )
    twice, assigned, moves = odoo_env.cr.fetchone()
    return {
        "violations": sum(counts.values()) + twice,
        "twice": twice,
        "assigned": assigned,
        "moves": moves,
        "broken": explain(odoo_env.cr)[:5],
    }
