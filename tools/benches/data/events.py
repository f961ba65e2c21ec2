"""Histories of one product: `date,event,quantity,unit_cost`, one row per receipt or issue.

A file .csv or .csv.xz, a folder or a tar archive of such files; each file is one history. Rows
count in the order of their dates, rows of one date in the order of the file.
"""

import csv
import datetime
import io
import lzma
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

COLUMNS = ("date", "event", "quantity", "unit_cost")


class BadEvents(ValueError):
    """A file that cannot be read as a history; the message says where and what to do."""


@dataclass(frozen=True)
class Event:
    """``qty`` units > 0 came in at ``cost`` each (currency), or went out (cost None)."""

    day: datetime.date
    incoming: bool
    qty: Decimal
    cost: Decimal | None


def read(source: Path) -> dict[str, list[Event]]:
    """Name of each history -> its events in costing order.

    :raises BadEvents: names file, row and remedy
    """
    found = {name: parse(text, name) for name, text in _texts(source)}
    if not found:
        raise BadEvents(f"{source} holds no .csv file with the columns {','.join(COLUMNS)}")
    return found


def _texts(source: Path) -> Iterator[tuple[str, str]]:
    if source.is_dir():
        for path in sorted(source.rglob("*.csv")) + sorted(source.rglob("*.csv.xz")):
            yield str(path.relative_to(source)), _decode(path.read_bytes(), path.name)
        return
    content = source.read_bytes()
    if ".tar" in source.suffixes or source.suffix == ".tgz":
        yield from _members(source)
    else:
        yield source.name, _decode(content, source.name)


def _members(source: Path) -> Iterator[tuple[str, str]]:
    try:
        with tarfile.open(source) as archive:
            files = [member for member in archive if member.isfile()]
            wanted = [file for file in files if file.name.endswith((".csv", ".csv.xz"))]
            contents = [(file.name, archive.extractfile(file).read()) for file in wanted]
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise BadEvents(f"{source} is no readable archive ({error}); pack it again") from error
    for name, content in contents:
        yield name, _decode(content, name)


def _decode(content: bytes, name: str) -> str:
    try:
        if name.endswith(".xz"):
            content = lzma.decompress(content)
        return content.decode("utf-8-sig")
    except (lzma.LZMAError, EOFError) as error:
        raise BadEvents(f"{name} is no readable .xz file ({error}); pack it again") from error
    except UnicodeDecodeError as error:
        raise BadEvents(f"{name} is not UTF-8 ({error}); save it as CSV UTF-8") from error


def parse(text: str, name: str = "events.csv") -> list[Event]:
    """The events of one file, sorted by date, rows of a date as they stand."""
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True, restkey="too_many")
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise BadEvents(
            f"{name}: column {', '.join(missing)} is missing; the first row must name "
            f"{','.join(COLUMNS)}"
        )
    events = [_event(row, f"{name} row {number}") for number, row in enumerate(rows, 2)]
    if not events:
        raise BadEvents(f"{name} has no events below its first row")
    return sorted(events, key=lambda event: event.day)


def _event(row: dict, place: str) -> Event:
    if row.get("too_many"):
        raise BadEvents(f"{place}: more cells than columns; write 1234.50 without thousands' comma")
    kind = (row["event"] or "").strip().lower()
    if kind not in ("in", "out"):
        raise BadEvents(f"{place}: event {row['event']!r} must be in or out")
    try:
        day = datetime.datetime.fromisoformat((row["date"] or "").strip()).date()
    except ValueError as error:
        raise BadEvents(f"{place}: date {row['date']!r} must read like 2026-01-31") from error
    qty = _number(row["quantity"], "quantity", place)
    if qty <= 0:
        raise BadEvents(f"{place}: quantity {qty} must be above 0; use event to say which way")
    if kind == "out":
        return Event(day, False, qty, None)
    cost = _number(row["unit_cost"], "unit_cost", place)
    if cost < 0:
        raise BadEvents(f"{place}: unit_cost {cost} must not be negative")
    return Event(day, True, qty, cost)


def _number(text: str | None, column: str, place: str) -> Decimal:
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadEvents(f"{place}: {column} {text!r} must be a number such as 12.50")
    return number
