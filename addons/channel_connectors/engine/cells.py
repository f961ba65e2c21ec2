"""What one cell of a spreadsheet may contain.

Every function takes the trimmed text of a cell and returns its value or raises
:class:`Flawed` with a code of the catalogue of sentences.  Numbers are written with a decimal
point and without thousands separators; a comma could mean either and is refused.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

# A spreadsheet runs a cell that begins with one of these (OWASP, "CSV Injection"); the last
# four are the full-width forms some spreadsheets accept too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FIRST_YEAR, LAST_YEAR = 1990, 2100

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
_NEGATIVE = re.compile(r"-\s*[0-9.,]+", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|#n/a|#div/0!|#value!|#ref!)", re.IGNORECASE)
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})" + _TIME, re.ASCII)
_TWO_WAYS = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}.*", re.ASCII)


class Flawed(Exception):
    """The cell can't be used; ``code`` names why, ``params`` are the facts of the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        """Remember the code of the sentence and the facts it needs."""
        self.code = code
        self.params = params
        super().__init__(code)


def refuse_formula(cell: str, allow_minus: bool = False) -> None:
    """Refuse a cell that a spreadsheet would run instead of show.

    :param cell: the cell as read, not trimmed (a leading tab counts)
    :param allow_minus: a number may be negative here; a minus before anything else is refused
    :raises Flawed: ``cell_formula``
    """
    if not cell.startswith(FORMULA_STARTS) and not cell.lstrip().startswith(FORMULA_STARTS):
        return
    shown = cell.strip()
    if allow_minus and (_NEGATIVE.fullmatch(shown) or _NOT_FINITE.fullmatch(shown)):
        return
    raise Flawed("cell_formula", value=shown[:40])


def text(cell: str, limit: int) -> str:
    """A name or code of one line and at most ``limit`` characters.

    :raises Flawed: ``cell_too_long`` or ``cell_line_break``
    """
    if len(cell) > limit:
        raise Flawed("cell_too_long", length=len(cell), limit=limit)
    if "\n" in cell or "\r" in cell:
        raise Flawed("cell_line_break")
    return cell


@lru_cache(maxsize=4096)
def quantity(cell: str, decimals: int, limit: Decimal) -> Decimal:
    """A quantity above zero with at most ``decimals`` decimals and at most ``limit``.

    :raises Flawed: not a number, not finite, zero, negative, huge or too fine
    """
    value = _number(cell, decimals, limit)
    if not value:
        raise Flawed("quantity_zero")
    return value


@lru_cache(maxsize=4096)
def price(cell: str, decimals: int, limit: Decimal) -> Decimal:
    """A price of zero or more; the same errors as :func:`quantity`, zero is allowed."""
    return _number(cell, decimals, limit)


def _number(cell: str, decimals: int, limit: Decimal) -> Decimal:
    shown = cell[:40]
    if not cell:
        raise Flawed("cell_empty")
    if _NOT_FINITE.fullmatch(cell):
        raise Flawed("number_not_finite", value=shown)
    if _NEGATIVE.fullmatch(cell):
        raise Flawed("number_negative", value=shown)
    if cell.isascii() and cell.isdigit() and len(cell) > 18:
        raise Flawed("number_huge", value=shown, limit=str(limit))
    if not _NUMBER.fullmatch(cell):
        raise Flawed("number_text", value=shown)
    value = Decimal(cell)
    if value > limit:
        raise Flawed("number_huge", value=shown, limit=str(limit))
    if value != round(value, decimals):
        raise Flawed("number_decimals", value=shown, decimals=decimals)
    return value


@lru_cache(maxsize=4096)
def day(cell: str) -> date:
    """A date: ``2026-11-23``, ``2026/11/23``, ``2026.11.23`` or ``23.11.2026``.

    A time of day behind it is read over.  ``01/02/2026`` reads in two ways and is refused.

    :raises Flawed: ``date_two_ways``, ``date_text`` or ``date_range``
    """
    shown = cell[:40]
    found = _YEAR_FIRST.fullmatch(cell)
    german = _GERMAN.fullmatch(cell)
    if found:
        year, month, of_month = (int(found[group]) for group in (1, 3, 4))
    elif german:
        of_month, month, year = (int(german[group]) for group in (1, 2, 3))
    elif _TWO_WAYS.fullmatch(cell):
        raise Flawed("date_two_ways", value=shown)
    else:
        raise Flawed("date_text", value=shown)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Flawed("date_range", value=shown, first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return date(year, month, of_month)
    except ValueError:
        raise Flawed("date_text", value=shown) from None
