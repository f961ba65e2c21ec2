"""Rows of an opening stock file: what a spreadsheet says, checked cell by cell.

Columns, in any order, named in the first row: product (reference or barcode), lot, quantity,
unit cost, date, location.  Nothing is guessed: a row that is not understood names its cell.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256

#: column -> the headings that mean it
HEADINGS = {
    "product": ("product", "sku", "internal reference", "default_code", "barcode"),
    "lot": ("lot", "serial", "lot/serial number", "lot_name"),
    "quantity": ("quantity", "qty", "on hand"),
    "unit_cost": ("unit cost", "unit_cost", "cost", "price"),
    "date": ("date", "received on"),
    "location": ("location", "bin"),
}
REQUIRED = ("product", "quantity", "unit_cost")


class RowsError(ValueError):
    """The file as a whole can't be read; the text says why."""


@dataclass
class StockRow:
    """One row: its ``number`` in the file, cells as text, values, and what is wrong with it."""

    number: int
    product: str = ""
    lot: str = ""
    location: str = ""
    quantity: Decimal = Decimal(0)
    unit_cost: Decimal = Decimal(0)
    day: date | None = None
    errors: list[str] = field(default_factory=list)


def read_csv(content: bytes) -> list[list[str]]:
    """The cells of a CSV file: UTF-8, else Latin-1; comma, semicolon or tab.

    :raises RowsError: when it is empty
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows:
        raise RowsError("The file is empty.")
    return rows


def parse_rows(cells: Sequence[Sequence[object]]) -> list[StockRow]:
    """Rows with their values and errors; the first row of ``cells`` names the columns.

    :raises RowsError: a needed column is missing
    """
    columns = _columns(cells[0])
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise RowsError(
            f"The first row needs the columns {', '.join(REQUIRED)}; missing: {', '.join(missing)}."
        )
    return [
        _row(number, cells[number - 1], columns)
        for number in range(2, len(cells) + 1)
        if any(cell not in (None, "") for cell in cells[number - 1])
    ]


def _columns(head: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(head):
        text = str(cell or "").strip().lower().replace("_", " ")
        for name, words in HEADINGS.items():
            if text in {word.replace("_", " ") for word in words}:
                found.setdefault(name, index)
    return found


def _row(number: int, cells: Sequence[object], columns: dict[str, int]) -> StockRow:
    def cell(name: str) -> object:
        """The row's cell of a column; None where there is none."""
        index = columns.get(name)
        return cells[index] if index is not None and index < len(cells) else None

    row = StockRow(number, _text(cell("product")), _text(cell("lot")), _text(cell("location")))
    if not row.product:
        row.errors.append("no product")
    row.quantity = _number(cell("quantity"), "quantity", row)
    row.unit_cost = _number(cell("unit_cost"), "unit cost", row)
    if row.quantity <= 0 and not row.errors:
        row.errors.append("the quantity must be above 0")
    if row.unit_cost < 0:
        row.errors.append("the unit cost must not be below 0")
    row.day = _day(cell("date"), row)
    return row


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():  # spreadsheets keep codes as numbers
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _number(cell: object, name: str, row: StockRow) -> Decimal:
    text = _text(cell).replace(" ", "")
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        row.errors.append(f"{name}: '{_text(cell)}' is not a number")
        return Decimal(0)
    return number


def _day(cell: object, row: StockRow) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        row.errors.append(f"date: '{text}' is not written as 2026-12-31")
        return None


def keys(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """A key for each row's identity, so that the same row of the same file is known again.

    Equal rows are told apart by their count: the second one is another row, twice the same
    file is not.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    found = []
    for row in rows:
        seen[row] += 1
        text = "|".join(str(part) for part in (*row, seen[row]))
        found.append(sha256(text.encode()).hexdigest())
    return found
