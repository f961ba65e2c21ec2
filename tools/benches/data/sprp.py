"""Single-picker routing instances and their published optima (SPRP of Hessler & Irnich, MIT).

A folder or tar archive holds instance texts (`NAME : …`, header, `SKU_SECTION`) and result tables
(CSV). A two-block table belongs to the same instances with a middle cross aisle of width 1 after
half of the cells. Cell 0 is at the top, so the top is the front here.
"""

import csv
import io
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = re.compile(r"^([A-Z_]+)\s*:\s*(\S+)", re.M)
_SKU = re.compile(r"AISLE\s+(\d+)\s+CELL\s+(\d+)")
_STOCK = re.compile(r"^ID\s+(\d+)\s+AISLE\s+\d+\s+CELL\s+\d+\s+QUANTITY\s+(\d+)", re.M)
_ORDER = re.compile(r"^ID\s+(\d+)\s+QUANTITY\s+(\d+)", re.M)
_CROSS_AISLE = 1.0


@dataclass(frozen=True)
class Instance:
    """One picking list: aisle and cell of each pick, measures in the instance's unit."""

    name: str
    aisles: int
    cells: int
    depot_aisle: int
    depot_top: bool
    pitch: float
    cell: float
    top: float
    bottom: float
    to_depot: float
    picks: tuple[tuple[int, int], ...]


def texts(source: Path) -> Iterator[tuple[str, str]]:
    """(file name, text) of every .txt and .csv of a folder or tar archive."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix in (".txt", ".csv"):
                yield path.name, path.read_text(encoding="utf-8", errors="replace")
        return
    with tarfile.open(source) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith((".txt", ".csv")):
                content = archive.extractfile(member)
                yield Path(member.name).name, content.read().decode("utf-8", "replace")


def instance(name: str, text: str) -> Instance | None:
    """The instance in a text, or None for another text or one with a choice of bins."""
    if "SKU_SECTION" not in text:
        return None
    articles = len(re.findall(r"^ID", text[text.rindex("ORDER_SECTION") :], re.M))
    picks = tuple((int(a), int(c)) for a, c in _SKU.findall(text))
    if len(picks) != articles:  # scattered storage: which bin to take is another problem
        return None
    return _instance(name, text, picks)


def _instance(name: str, text: str, picks: tuple[tuple[int, int], ...]) -> Instance:
    header = dict(_HEADER.findall(text))

    def number(field: str, default: float = 0.0) -> float:
        return float(header.get(field, default))

    return Instance(
        name=name,
        aisles=int(header["NUM_AISLES"]),
        cells=int(header["NUM_CELLS"]),
        depot_aisle=int(header["DEPOT_AISLE"]),
        depot_top=header["DEPOT_LOCATION"] == "top",
        pitch=number("DISTANCE_AISLE_TO_AISLE"),
        cell=number("DISTANCE_CELL_TO_CELL"),
        top=number("DISTANCE_TOP_TO_CELL"),
        bottom=number("DISTANCE_BOTTOM_TO_CELL"),
        to_depot=number("DISTANCE_TOP_OR_BOTTOM_TO_DEPOT"),
        picks=picks,
    )


@dataclass(frozen=True)
class Scattered:
    """An order whose articles lie in several bins.

    ``ground``: the instance with every bin of every article asked for as a pick; ``stock``:
    (article, units) of each of these bins; ``demand``: units by article.
    """

    ground: Instance
    stock: tuple[tuple[int, int], ...]
    demand: dict[int, int]


def scattered(name: str, text: str) -> Scattered | None:
    """The instance with a choice of bins in a text, or None for another text.

    Raises ``ValueError`` for an order that the stock does not hold.
    """
    if "SKU_SECTION" not in text or instance(name, text) is not None:
        return None
    start, order = text.index("SKU_SECTION"), text.rindex("ORDER_SECTION")
    demand = {int(article): int(units) for article, units in _ORDER.findall(text[order:])}
    stock = [(int(article), int(units)) for article, units in _STOCK.findall(text[start:order])]
    places = [(int(aisle), int(cell)) for aisle, cell in _SKU.findall(text[start:order])]
    if len(stock) != len(places):
        raise ValueError(f"{name}: a line of the stock is not understood.")
    asked = [number for number, (article, _units) in enumerate(stock) if article in demand]
    if not Counter(demand) <= _held(stock):
        raise ValueError(f"{name}: the stock does not hold the order.")
    ground = _instance(name, text, tuple(places[number] for number in asked))
    return Scattered(ground, tuple(stock[number] for number in asked), demand)


def _held(stock: list[tuple[int, int]]) -> Counter:
    held = Counter()
    for article, units in stock:
        held[article] += units
    return held


def read_scattered(source: Path) -> tuple[list[Scattered], dict[int, dict[str, float]]]:
    """All instances with a choice of bins, and per number of blocks the published optima."""
    instances, tables = [], {1: {}, 2: {}}
    for name, text in texts(source):
        if name.endswith(".csv"):
            tables[2 if "two_block" in name else 1].update(optima(text))
        elif found := scattered(name, text):
            instances.append(found)
    return sorted(instances, key=lambda one: one.ground.name), tables


def _row_name(row: dict[str, str]) -> str:
    if row.get("filename"):
        return row["filename"]
    demand = "unit" if row.get("unit demand", "true") == "true" else "varying"
    return (
        f"{demand}_F{row['alpha']}_m{row['num aisles']}_C{row['num cells']}"
        f"_a{row['num articles']}_{row['random seed']}.txt"
    )


def optima(text: str) -> dict[str, float]:
    """Instance name -> published optimum, of a result table; empty for another table."""
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        # of two models that solve one instance, either may have run out of time
        names = ("DP cost", "objective", "GS MIP cost", "Netw MIP cost")
        values = [float(row[name]) for name in names if row.get(name)]
        if values:
            found[_row_name(row)] = min(values)
    return found


def read(source: Path) -> tuple[list[Instance], dict[int, dict[str, float]]]:
    """All instances, and per number of blocks the published optima."""
    instances, tables = [], {1: {}, 2: {}}
    for name, text in texts(source):
        if name.endswith(".csv"):
            tables[2 if "two_block" in name else 1].update(optima(text))
        elif found := instance(name, text):
            instances.append(found)
    return sorted(instances, key=lambda one: one.name), tables


def ground(one: Instance, blocks: int) -> tuple[list[tuple], list[tuple], tuple]:
    """Blocks as (front, back), stops as (x, y, block), depot as (x, y)."""
    per_block = one.cells // blocks
    frames, y = [], 0.0
    places = []
    for block in range(blocks):
        # beyond half a cell the picker stands in the middle of the cross aisle
        first = one.top if block == 0 else (one.cell + _CROSS_AISLE) / 2
        count = per_block if block < blocks - 1 else one.cells - per_block * (blocks - 1)
        after = one.bottom if block == blocks - 1 else (one.cell + _CROSS_AISLE) / 2
        places += [(y + first + cell * one.cell, block) for cell in range(count)]
        back = places[-1][0] + after
        frames.append((y, back))
        y = back
    stops = [(aisle * one.pitch, *places[cell]) for aisle, cell in one.picks]
    depot_y = -one.to_depot if one.depot_top else frames[-1][1] + one.to_depot
    return frames, stops, (one.depot_aisle * one.pitch, depot_y)
