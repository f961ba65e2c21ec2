"""The people at desks: orders in, waves out, invoices. Everything over the web client's calls."""

import base64
from pathlib import Path

from tools.device_client import Device, Session

INVOICES_AT_ONCE = 25
IMPORT_ROUNDS = 50


def import_orders(carl: Session, path: Path) -> dict:
    """Preview the order file, see that no row is bad, say yes; return the import's summary.

    :raises AssertionError: the preview or the import reports a problem
    """
    channel = carl.search("channel.account", [("kind", "=", "spreadsheet")], ["name"], limit=1)[0]
    content = base64.b64encode(path.read_bytes()).decode()
    options = {"filename": path.name}
    summary = _send(carl, channel["id"], content, options)
    _expect_sound(summary)
    for _round in range(IMPORT_ROUNDS):
        summary = _send(carl, channel["id"], content, {**options, "confirm": True})
        _expect_sound(summary)
        if not summary["remaining_orders"]:
            return summary
    raise AssertionError(f"{summary['remaining_orders']} orders are still waiting")


def _send(carl: Session, channel_id: int, content: str, options: dict) -> dict:
    return carl.call("channel.account", "action_import_orders", [channel_id], content, **options)


def _expect_sound(summary: dict) -> None:
    if summary["problems"] or summary["failed_orders"] or summary["error_code"]:
        raise AssertionError(f"the order file has problems: {summary}")


def release_waves(desk: Device) -> dict:
    """Turn all waiting orders into waves; return the command's result."""
    return desk.command("wave.release")["result"]


def scanners(lena: Session) -> dict[str, str]:
    """The public ids of the enrolled devices by the login they are meant for."""
    devices = lena.search("wms.device", [("kind", "=", "scanner")], ["name", "uid"])
    return {device["name"].removeprefix("Scanner "): device["uid"] for device in devices}


def invoice(alice: Session) -> int:
    """Invoice everything delivered and post it; return the number of invoices."""
    orders = alice.search("sale.order", [("invoice_status", "=", "to invoice")], ["name"])
    ids = [order["id"] for order in orders]
    for start in range(0, len(ids), INVOICES_AT_ONCE):
        some = ids[start : start + INVOICES_AT_ONCE]
        wizard = alice.call(
            "sale.advance.payment.inv",
            "create",
            [{"advance_payment_method": "delivered", "sale_order_ids": [[6, 0, some]]}],
        )
        alice.call("sale.advance.payment.inv", "create_invoices", wizard)
    drafts = alice.search(
        "account.move", [("move_type", "=", "out_invoice"), ("state", "=", "draft")], ["name"]
    )
    alice.call("account.move", "action_post", [draft["id"] for draft in drafts])
    return len(drafts)
