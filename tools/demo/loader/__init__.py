"""Fills an empty database with the demo's warehouse: books, bins, people, products and stock.

Everything goes through Odoo's own documents: opening stock is bought, received and billed, so the
cost layers and the ledger are what a real year would have left. `load(env, folder)` is the only
entry; `folder` holds the files written by `tools/demo/extract.py`.
"""

import csv
import time
from pathlib import Path

from . import books, ledger, orders, people, space, stock

__all__ = ["books", "ledger", "load", "orders", "people", "space", "stock"]

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True}


def load(env, folder: Path, bins=space.DEMO_BINS, report=None) -> dict:
    """Fill the database of `env` and return counts; `report(step, seconds)` hears of each step.

    `bins` is the pattern of the warehouse (see `space.DEMO_BINS`). Nothing is committed.
    """
    env = env(context={**env.context, **QUIET})
    tables = {path.stem: _rows(path) for path in sorted(Path(folder).glob("*.csv"))}
    found: dict = {}
    steps = {
        "books": lambda: books.prepare(env),
        "people": lambda: people.create(env, tables),
        "bins": lambda: space.build(env, bins),
        "products": lambda: stock.create_products(env, tables["products"], found["books"]),
        "receipts": lambda: stock.receive(env, tables["receipts"], found),
        "bills": lambda: stock.bill(env, found["receipts"]),
    }
    for name, step in steps.items():
        started = time.monotonic()
        found[name] = step()
        env.flush_all()
        if report:
            report(name, time.monotonic() - started)
    return {name: len(found[name]) for name in ("bins", "products", "receipts", "bills")}


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
