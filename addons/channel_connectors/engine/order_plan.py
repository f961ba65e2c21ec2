"""Decide what an order file changes: new orders, known rows, changed rows, orders held back.

A row's identity is ``(order_ref, sku, line_no)`` within an account; its content is everything
else.  Known rows with the same content change nothing.  An order that is known already is
never altered by a file: what differs is reported.  An order with a bad row is held back whole,
because half an order in the warehouse is worse than none, unless the user asks otherwise.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .order_file import BadRow, Flaw, OrderRow

Known = Mapping[str, Mapping[tuple[str, int], str]]


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One order to create, with the rows it is made of (at least one)."""

    order_ref: str
    date: date
    customer: str
    ship_by: date | None
    carrier: str
    rows: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would change.

    ``new``: orders to create; ``known_rows``: rows imported before, unchanged; ``known_orders``:
    their number of orders; ``held``: good rows waiting for a bad row of their order;
    ``changed``: rows of a known order with other content, as bad rows.
    """

    new: tuple[PlannedOrder, ...]
    known_rows: int
    known_orders: int
    held: tuple[OrderRow, ...]
    changed: tuple[BadRow, ...]


def digest(row: OrderRow) -> str:
    """Fingerprint of a row's content (64 hexadecimal digits), equal for 1.5 and 1.50."""
    parts = (
        row.customer,
        row.date.isoformat(),
        row.ship_by.isoformat() if row.ship_by else "",
        row.carrier,
        format(row.quantity.normalize(), "f"),
        format(row.unit_price.normalize(), "f"),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def plan(
    good: Iterable[OrderRow], bad: Iterable[BadRow], known: Known, whole_orders: bool = True
) -> Plan:
    """Sort the good rows of a file.

    :param good: rows that can be imported
    :param bad: rows that can't; their orders are held back
    :param known: per order reference the fingerprint of each ``(sku, line_no)`` imported before
    :param whole_orders: hold an order back when one of its rows is bad
    """
    stopped = {row.order_ref for row in bad} if whole_orders else set()
    by_order: dict[str, list[OrderRow]] = {}
    for row in good:
        by_order.setdefault(row.order_ref, []).append(row)
    new, held, changed = [], [], []
    known_rows = known_orders = 0
    for order_ref, rows in by_order.items():
        if order_ref in known:
            differing = _differing(rows, known[order_ref])
            changed += differing
            known_rows += len(rows) - len(differing)
            known_orders += 1
        elif order_ref in stopped:
            held += rows
        else:
            new.append(_planned(rows))
    return Plan(tuple(new), known_rows, known_orders, tuple(held), tuple(changed))


def _differing(rows: list[OrderRow], known: Mapping[tuple[str, int], str]) -> list[BadRow]:
    found = []
    for row in rows:
        before = known.get((row.sku, row.line_no))
        if before is None:
            flaw = Flaw("", "order_row_added", {"order_ref": row.order_ref, "sku": row.sku})
        elif before != digest(row):
            flaw = Flaw("", "order_changed", {"order_ref": row.order_ref, "sku": row.sku})
        else:
            continue
        found.append(BadRow(row.row, row.order_ref, (flaw,)))
    return found


def _planned(rows: list[OrderRow]) -> PlannedOrder:
    head = rows[0]
    return PlannedOrder(
        head.order_ref, head.date, head.customer, head.ship_by, head.carrier, tuple(rows)
    )
