"""Write CSV that no spreadsheet runs.

A text cell that begins with ``= + - @``, a tab or a carriage return is a formula to most
spreadsheets (OWASP, "CSV Injection").  A leading apostrophe makes it text again.  Numbers are
written as they are, negative ones too.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from .cells import FORMULA_STARTS


def safe_cell(value: object) -> object:
    """The value as it may be written: texts that look like a formula get an apostrophe.

    ``None`` and ``False`` (an empty field) become an empty text.
    """
    if value is None or value is False:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value).replace("\0", "")
    if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS):
        return "'" + text
    return text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A file in UTF-8 with byte order mark (Excel then reads it right), comma, CRLF.

    :param header: names of the columns
    :param rows: cells in the same order
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return target.getvalue().encode("utf-8-sig")
