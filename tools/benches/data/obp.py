"""Order batching instances and their best known values, as texts and tables of three authors.

Henn & Wäscher, Bahçeci & Öncan and Muter & Öncan in the notation of ware_ops_pipes: a header, then
ARTICLE_SECTION (weights), SKU_SECTION (places) and ORDER_SECTION. Cell 0 lies at the top. Values
are those for exact routes. None of the sets states a licence: they are measured, never copied.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.benches.data import sprp

_HEADER = re.compile(r"^([A-Z_]+)\s*:\s*(.+?)\s*$", re.M)
_PLACE = re.compile(r"^ID\s+(\d+)\s+AISLE\s+(\d+)\s+CELL\s+(\d+)", re.M)
_WEIGHT = re.compile(r"^ID\s+(\d+)\s+WEIGHT\s+(\d+)", re.M)
_LINE = re.compile(r"^ID\s+(\d+)\s+QUANTITY\s+(\d+)", re.M)
# the file name ends in orders-capacity-number
_HENN = re.compile(r"\d+l-(\d+)-(\d+)-(\d+)\.txt$")
_MUTER = re.compile(r"(\d+)_(\d+)_(\d+)\.txt$")
# identifies an instance in the tables
Name = tuple


@dataclass(frozen=True)
class Instance:
    """One wave: places (aisle, cell) and load of each order; measures in metres."""

    name: Name
    capacity: int
    cells: int
    depot_aisle: int
    depot_top: bool
    pitch: float
    cell: float
    top: float
    bottom: float
    to_depot: float
    orders: tuple[tuple[tuple[int, int], ...], ...]
    loads: tuple[int, ...]


def _name(title: str, comment: str) -> Name:
    """How the tables call an instance."""
    if found := _HENN.search(title):
        storage = "CBD" if title.startswith("class") else "UDD"
        variant = "LargestGap" if "largest" in title.lower() else "Traversal"
        orders, capacity, number = map(int, found.groups())
        return (storage, variant, capacity, orders, number)
    if "Muter" in comment and (found := _MUTER.search(title)):
        orders, capacity, number = map(int, found.groups())
        return ("MO", capacity, orders, number + 1)  # the table counts from 1
    return (title,)


def _orders(listing: str) -> list[list[tuple[int, int]]]:
    """(article, quantity) of each line of each order."""
    return [
        [(int(article), int(quantity)) for article, quantity in _LINE.findall(part)]
        for part in listing.split("NUM_ARTICLES_IN_ORDER")[1:]
    ]


def instance(text: str) -> Instance | None:
    """The instance in a text, or None for another text or one with a choice of places.

    Raises ``ValueError`` for an instance that breaks off in the middle.
    """
    if "ORDER_SECTION" not in text or "ARTICLE_SECTION" not in text:
        return None
    header = dict(_HEADER.findall(text))
    listing = text[text.index("ORDER_SECTION") :]
    head = text[: -len(listing)]
    found = _PLACE.findall(head)
    places = {int(article): (int(a), int(c)) for article, a, c in found}
    if len(places) != len(found):  # which place to take is another problem
        return None
    weights = {int(article): int(weight) for article, weight in _WEIGHT.findall(head)}
    orders = _orders(listing)
    name = _name(header.get("NAME", ""), header.get("COMMENT", ""))
    if len(orders) != int(header["NUM_ORDERS"]):
        raise ValueError(f"{header.get('NAME')}: {len(orders)} orders, not {header['NUM_ORDERS']}")

    def number(field: str) -> float:
        return float(header[field])

    # the values of Muter and Öncan were computed with half a metre more at both ends
    more = 0.5 if name[0] == "MO" else 0.0
    return Instance(
        name=name,
        capacity=int(header["PICKER_CAPACITY"]),
        cells=int(header["NUM_CELLS"]),
        depot_aisle=int(header["DEPOT_AISLE"]),
        depot_top=header["DEPOT_LOCATION"] == "top",
        pitch=number("DISTANCE_AISLE_TO_AISLE"),
        cell=number("DISTANCE_CELL_TO_CELL"),
        top=number("DISTANCE_TOP_TO_CELL") + more,
        bottom=number("DISTANCE_BOTTOM_TO_CELL") + more,
        to_depot=number("DISTANCE_TOP_OR_BOTTOM_TO_DEPOT"),
        orders=tuple(tuple(places[article] for article, _q in order) for order in orders),
        loads=tuple(sum(weights[article] * q for article, q in order) for order in orders),
    )


def _henn(text: str) -> Iterator[tuple[Name, float]]:
    for row in csv.DictReader(io.StringIO(text)):
        numbers = (int(row[field]) for field in ("capacity", "num_orders", "inst_num"))
        yield (row["storage"], row["source_variant"], *numbers), float(row["bks_value"])


def _muter(text: str) -> Iterator[tuple[Name, float]]:
    """Three lines of headings; the first names the routing policy of each group of columns."""
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    column = rows[0].index("optimal")
    for row in rows[3:]:
        if row and row[0]:
            yield ("MO", *map(int, row[:3])), float(row[column])


def _bahceci(text: str) -> Iterator[tuple[Name, float]]:
    """Numbers have decimal commas."""
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        if row["policy"] == "optimal":
            yield (row["filename"],), float(row["UB"].replace(",", "."))


def best_known(name: str, text: str) -> dict[Name, float]:
    """Best known values with exact routes of one table; empty for another table."""
    first = text.split("\n", 1)[0]
    if "bks_value" in first:
        return dict(_henn(text))
    if "benchmark set;filename" in first:
        return dict(_bahceci(text))
    return dict(_muter(text)) if name.startswith("detailedResults-MO") else {}


def read(source: Path) -> tuple[list[Instance], dict[Name, float]]:
    """All instances, smallest first, and the best known values of all tables."""
    instances, table = [], {}
    for name, text in sprp.texts(source):
        if name.endswith(".csv"):
            table.update(best_known(name, text))
        elif found := instance(text):
            instances.append(found)
    return sorted(instances, key=lambda one: (len(one.orders), one.name)), table
