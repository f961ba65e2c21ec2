"""Order lines of the Online Retail kind: days of orders, without what is no sale of goods."""

import csv
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ARTICLE = re.compile(r"\d{5}[A-Za-z]*$")
COLUMNS = {"InvoiceNo", "StockCode", "Quantity", "InvoiceDate"}

# day -> order -> article -> pieces
Days = dict[str, dict[str, Counter]]


class BadOrders(Exception):
    """The file can't be used; the text says what to do."""


def read(path: Path) -> Days:
    """Orders by day; cancellations, postage, fees and stock corrections are left out.

    :param path: ``.csv`` or ``.csv.xz``
    :raises BadOrders: columns are missing, or nothing is left
    """
    days: Days = defaultdict(lambda: defaultdict(Counter))
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as file:
        for row in _sales(csv.DictReader(file), path.name):
            article = row["StockCode"].strip().upper()
            days[row["InvoiceDate"][:10]][row["InvoiceNo"]][article] += int(row["Quantity"])
    if not days:
        raise BadOrders(f"{path.name} holds no sale of an article (five digits).")
    return days


def busiest_day(path: Path) -> list[list[list]]:
    """Orders of the day with most lines: for each its lines ``[article, pieces]``."""
    days = read(path)
    day = max(sorted(days), key=lambda name: sum(map(len, days[name].values())))
    return [[list(line) for line in order.items()] for order in days[day].values()]


def _sales(rows: csv.DictReader, name: str) -> Iterator[dict]:
    missing = COLUMNS - set(rows.fieldnames or ())
    if missing:
        raise BadOrders(f"{name} lacks the columns {', '.join(sorted(missing))}.")
    for row in rows:
        quantity = row["Quantity"].strip()
        if row["InvoiceNo"].upper().startswith("C") or not quantity.isdigit() or quantity == "0":
            continue
        if ARTICLE.match(row["StockCode"].strip().upper()):
            yield row
