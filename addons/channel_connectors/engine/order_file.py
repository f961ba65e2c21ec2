"""Read a file of orders somebody made in a spreadsheet, and trust nothing in it.

The file has one line per article: ``order_ref,date,customer,sku,quantity,unit_price,ship_by,
carrier``, in any order of columns, separated by comma, semicolon or tab.  Every row comes out
exactly once, as a good row or as a bad row with all its flaws; a file that can't be read as
rows at all is refused whole.  Nothing is guessed: dates that read in two ways, decimal commas
and cells a spreadsheet would run as a formula are flaws with a name.

Rows are numbered as the spreadsheet shows them (the header is row 1).  The file is decoded and
read line by line; only the accepted rows are kept.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from . import cells
from .cells import Flawed

COLUMNS = ("order_ref", "date", "customer", "sku", "quantity", "unit_price", "ship_by", "carrier")
OPTIONAL = frozenset({"ship_by", "carrier"})
ENCODINGS = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "cp1252": "cp1252"}
DELIMITERS = (",", ";", "\t")
MAX_ROWS = 100_000
MAX_BYTES = 32 * 1024 * 1024
MAX_LINE = 65_536  # characters of one physical line
LENGTHS = {"order_ref": 64, "customer": 128, "sku": 64, "carrier": 64}
MAX_QUANTITY = Decimal(1_000_000)
MAX_PRICE = Decimal(10_000_000)
PRICE_DECIMALS = 6

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class FileRefused(Exception):
    """The file can't be read as rows; ``code`` names why, ``params`` are its facts."""

    def __init__(self, code: str, **params: object) -> None:
        """Remember the code of the sentence and the facts it needs."""
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Options:
    """How to read one file.

    ``encoding``: a key of :data:`ENCODINGS` (a UTF-8 byte order mark is always accepted);
    ``quantity_decimals``: decimals the receiving system keeps; ``max_rows``: rows accepted.
    """

    encoding: str = "utf-8"
    quantity_decimals: int = 2
    max_rows: int = MAX_ROWS


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One good row: an article of an order; quantity in the article's unit, price per unit.

    ``line_no`` is 1 for the first row of that article in that order, 2 for the second: with
    ``order_ref`` and ``sku`` it identifies the row also after the file was sorted differently.
    """

    row: int
    line_no: int
    order_ref: str
    date: date
    customer: str
    sku: str
    quantity: Decimal
    unit_price: Decimal
    ship_by: date | None
    carrier: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong in one cell: its column (empty: the whole row), a code and its facts."""

    column: str
    code: str
    params: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be imported, with every flaw found; ``order_ref`` as far as readable."""

    row: int
    order_ref: str
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class OrderFile:
    """All rows of a file; ``len(good) + len(bad)`` is the number of rows that are not blank."""

    good: tuple[OrderRow, ...]
    bad: tuple[BadRow, ...]
    delimiter: str

    @property
    def rows(self) -> int:
        """Number of rows, the header and blank rows not counted."""
        return len(self.good) + len(self.bad)


def parse(data: bytes, options: Options | None = None) -> OrderFile:
    """Read a whole file.

    :param data: the file's bytes
    :param options: encoding and limits; the defaults if left out
    :raises FileRefused: the file can't be read as rows (the only error ever raised)
    """
    options = options or Options()
    check_bytes(data, options.encoding)
    lines = _lines(data, ENCODINGS[options.encoding])
    header_row, header = _first_record(lines)
    delimiter = sniff(header)
    columns = check_header(_split(header, delimiter))
    reader = _RowReader(columns, options)
    for row, found in _records(lines, delimiter, header_row):
        if len(reader.good) + len(reader.bad) >= options.max_rows:
            raise FileRefused("file_too_many_rows", limit=options.max_rows)
        reader.read(row, found)
    if not reader.good and not reader.bad:
        raise FileRefused("file_no_rows")
    return OrderFile(tuple(reader.good), tuple(reader.bad), delimiter)


def check_bytes(data: bytes, encoding: str) -> None:
    """Refuse what is no text file of that encoding, before reading it.

    :raises FileRefused: unknown encoding, empty, too large, a workbook, or text in UTF-16 or
        UTF-8 announced as something else
    """
    if encoding not in ENCODINGS:
        raise FileRefused("file_encoding_name", encoding=encoding, known=", ".join(ENCODINGS))
    if len(data) > MAX_BYTES:
        raise FileRefused("file_too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise FileRefused("file_empty")
    if data.startswith(_WORKBOOK):
        raise FileRefused("file_is_workbook")
    if data.startswith(_UTF16):
        raise FileRefused("file_encoding", encoding=encoding, row=1)
    if encoding != "utf-8" and not data.isascii() and _is_utf8(data):
        raise FileRefused("file_encoding_is_utf8", encoding=encoding)


def sniff(header: str) -> str:
    """The delimiter that makes most known column names out of the header line."""
    return max(DELIMITERS, key=lambda mark: len(set(COLUMNS) & set(_split(header, mark))))


def check_header(names: list[str]) -> tuple[str, ...]:
    """The column names in the file's order, when they are exactly the known ones.

    :param names: cells of the first row, trimmed, lower case
    :raises FileRefused: a column is missing, unknown or there twice
    """
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing:
        raise FileRefused(
            "file_columns_missing",
            columns=", ".join(missing),
            found=", ".join(names)[:200],
            wanted=",".join(COLUMNS),
        )
    if twice:
        raise FileRefused("file_columns_twice", columns=", ".join(twice)[:200])
    if unknown:
        raise FileRefused("file_columns_unknown", columns=", ".join(unknown)[:200])
    return tuple(names)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines(data: bytes, codec: str) -> Iterator[str]:
    source = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    number = 0
    while True:
        number += 1
        try:
            line = source.readline(MAX_LINE + 1)
        except UnicodeDecodeError as error:
            raise FileRefused("file_encoding", encoding=codec, row=number) from error
        if not line:
            return
        if len(line) > MAX_LINE:
            raise FileRefused("file_line_too_long", row=number, limit=MAX_LINE)
        if "\0" in line:
            raise FileRefused("file_nul", row=number)
        yield line


def _first_record(lines: Iterator[str]) -> tuple[int, str]:
    for number, line in enumerate(lines, start=1):
        if line.strip().strip("".join(DELIMITERS)).strip():
            return number, line
    raise FileRefused("file_empty")


def _split(line: str, delimiter: str) -> list[str]:
    try:
        cells_found = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in cells_found]


def _records(lines: Iterator[str], delimiter: str, start: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = start
    while True:
        row += 1
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused("file_quotes", row=row) from error
        if any(cell.strip() for cell in found):
            yield row, found


class _RowReader:
    """Checks row after row; remembers what a later row must agree with."""

    def __init__(self, columns: tuple[str, ...], options: Options) -> None:
        self.good: list[OrderRow] = []
        self.bad: list[BadRow] = []
        self._columns = columns
        self._decimals = options.quantity_decimals
        self._heads: dict[str, tuple[int, dict]] = {}
        self._seen: dict[tuple, int] = {}
        self._line_numbers: Counter = Counter()

    def read(self, row: int, found: list[str]) -> None:
        """File the row under ``good`` or ``bad``."""
        raw = dict(zip(self._columns, found, strict=False))
        order_ref = raw.get("order_ref", "").strip()[: LENGTHS["order_ref"]]
        flaws = self._shape_flaws(found)
        values: dict = {}
        if not flaws:
            values, flaws = self._values(raw)
            self._line_numbers[order_ref, raw["sku"].strip()] += 1
        if not flaws:
            flaws = self._story_flaws(row, values)
        if flaws:
            self.bad.append(BadRow(row, order_ref, tuple(flaws)))
            return
        line_no = self._line_numbers[order_ref, values["sku"]]
        self.good.append(OrderRow(row=row, line_no=line_no, **values))

    def _shape_flaws(self, found: list[str]) -> list[Flaw]:
        facts = {"found": len(found), "wanted": len(self._columns)}
        if len(found) > len(self._columns):
            return [Flaw("", "row_too_many_cells", facts)]
        if len(found) < len(self._columns):
            return [Flaw("", "row_too_few_cells", facts)]
        return []

    def _values(self, raw: dict[str, str]) -> tuple[dict, list[Flaw]]:
        values, flaws = {}, []
        for column, cell in raw.items():
            try:
                values[column] = self._value(column, cell)
            except Flawed as flaw:
                flaws.append(Flaw(column, flaw.code, flaw.params))
        return values, flaws

    def _value(self, column: str, cell: str) -> object:
        if _CONTROL.search(cell):
            raise Flawed("cell_control")
        text = cell.strip()
        if column in ("quantity", "unit_price"):
            cells.refuse_formula(cell, allow_minus=True)
            if column == "quantity":
                return cells.quantity(text, self._decimals, MAX_QUANTITY)
            return cells.price(text, PRICE_DECIMALS, MAX_PRICE)
        cells.refuse_formula(cell)
        if not text and column not in OPTIONAL:
            raise Flawed("cell_empty")
        if column in LENGTHS:
            return cells.text(text, LENGTHS[column])
        return cells.day(text) if text else None

    def _story_flaws(self, row: int, values: dict) -> list[Flaw]:
        """Flaws only visible beside the other rows, or beside the other cells."""
        if values["ship_by"] and values["ship_by"] < values["date"]:
            facts = {"ship_by": str(values["ship_by"]), "date": str(values["date"])}
            return [Flaw("ship_by", "ship_by_before_date", facts)]
        head = {name: values[name] for name in ("customer", "date", "ship_by", "carrier")}
        first, wanted = self._heads.setdefault(values["order_ref"], (row, head))
        flaws = [
            Flaw(
                name,
                "order_mismatch",
                {
                    "value": str(head[name] or ""),
                    "first_row": first,
                    "first_value": str(wanted[name] or ""),
                },
            )
            for name in head
            if head[name] != wanted[name]
        ]
        identity = tuple(values[name] for name in ("order_ref", "sku", "quantity", "unit_price"))
        first_row = self._seen.setdefault(identity, row)
        if first_row != row:
            flaws.append(Flaw("", "row_twice", {"first_row": first_row}))
        return flaws
