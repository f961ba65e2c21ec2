"""What people find when they open the demo: a day's orders waiting, the first wave released."""

import base64
from pathlib import Path

from ..logins import LEAD

CHANNEL_MANAGER = "carl"
FIRST_WAVE = 12
ROUNDS = 50


def wait(env, folder: Path) -> dict:
    """Import the day's orders as the channel manager, release one wave as the lead.

    Commits, as both do when people press the buttons. Returns the counts.
    """
    content = base64.b64encode((Path(folder) / "orders.csv").read_bytes()).decode()
    channel = env["channel.account"].with_user(_user(env, CHANNEL_MANAGER)).search([], limit=1)
    for _round in range(ROUNDS):
        summary = channel.action_import_orders(content, "orders.csv", confirm=True)
        if not summary["remaining_orders"]:
            break
    env.cr.commit()
    door = env["wms.door"].with_user(_user(env, LEAD))
    released = door._execute_local("wave.release", {"max_orders": FIRST_WAVE})
    env.cr.commit()
    return {"orders": summary["created_orders"], "waves": len(released["waves"])}


def _user(env, login: str):
    return env["res.users"].search([("login", "=", login)], limit=1)
