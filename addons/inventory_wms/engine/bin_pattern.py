"""Thousands of bins from one pattern: codes, places and check digits.

A pattern is text with placeholders, ``A{aisle:02}-{bay:03}-{level}{slot}``; a range says which
values a placeholder takes: ``1-12``, ``A-D``, ``1,3,5-7``, ``2-20/2`` (every second). Places are
metres: x along the front cross aisle, y into the aisle, z up.

>>> ranges = {"aisle": "1-2", "bay": "1-3", "level": "A-B"}
>>> plan = bins("{aisle:02}-{bay:02}-{level}", ranges, Grid(aisle_pitch=3, bay_pitch=1))
>>> len(plan), plan[0].code, plan[-1].code, (plan[-1].x, plan[-1].y)
(12, '01-01-A', '02-03-B', (3.0, 3.5))
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .bin_codes import check_digits

PARTS = ("aisle", "bay", "level", "slot")
MAX_BINS = 20_000
# what fits a Code 128 label at a readable size
MAX_CODE = 24

_FIELD = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"0?([1-9])")
_SPAN = re.compile(r"(\d{1,6}|[A-Z])\s*-\s*(\d{1,6}|[A-Z])(?:\s*/\s*([1-9]\d{0,3}))?")
_VALUE = re.compile(r"\d{1,6}|[A-Z]{1,3}")
_SAFE = re.compile(r"[A-Za-z0-9 ._/+-]*")


class PatternError(ValueError):
    """A pattern or range that gives no bins; ``code`` and ``params`` name the sentence.

    Codes: ``unknown_placeholder`` (name), ``bad_width`` (name, width), ``bad_text`` (text),
    ``empty_range`` (name), ``bad_range`` (name, text), ``unused_range`` (name), ``missing_range``
    (name), ``too_many`` (count, limit), ``duplicate_code`` (bin), ``long_code`` (bin, limit),
    ``bad_grid`` (name).
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Grid:
    """How the racks stand.

    ``aisle_pitch``: metres between the middles of neighbouring aisles; ``bay_pitch``: between
    neighbouring bays; ``level_height``: between levels; ``two_sided``: bays count left, right,
    left, right, so that two face each other; ``x``, ``y``: where the front cross aisle meets the
    first aisle; ``clearance``: metres from the middle of a cross aisle to the first bay's edge.
    """

    aisle_pitch: float = 3.0
    bay_pitch: float = 1.0
    level_height: float = 0.5
    two_sided: bool = False
    x: float = 0.0
    y: float = 0.0
    clearance: float = 1.0

    def depth(self, bays: int) -> float:
        """Metres between the middles of the front and the back cross aisle."""
        return 2 * self.clearance + self.places(bays) * self.bay_pitch

    def places(self, bays: int) -> int:
        """Standing places along an aisle with that many bays."""
        return (bays + 1) // 2 if self.two_sided else bays


@dataclass(frozen=True, slots=True)
class PlannedBin:
    """One bin of the plan; x, y, z in metres."""

    code: str
    aisle: str
    bay: str
    level: str
    slot: str
    x: float
    y: float
    z: float
    check: str


def values(name: str, text: str) -> tuple[str, ...]:
    """The values of a range in their order, each once; numbers without leading zeros."""
    found: dict[str, None] = {}
    for piece in filter(None, (piece.strip() for piece in text.upper().split(","))):
        for value in _span(name, piece):
            found[value] = None
            if len(found) > MAX_BINS:
                raise PatternError("too_many", count=len(found), limit=MAX_BINS)
    if not found:
        raise PatternError("empty_range", name=name)
    return tuple(found)


def _span(name: str, piece: str) -> Iterator[str]:
    if _VALUE.fullmatch(piece):
        return iter([str(int(piece)) if piece.isdigit() else piece])
    match = _SPAN.fullmatch(piece)
    if not match or match[1].isdigit() != match[2].isdigit():
        raise PatternError("bad_range", name=name, text=piece)
    first, last, step = match[1], match[2], int(match[3] or 1)
    if first.isdigit():
        numbers = range(int(first), int(last) + 1, step)
        spread = (str(number) for number in numbers)
    else:
        numbers = range(ord(first), ord(last) + 1, step)
        spread = (chr(number) for number in numbers)
    if not numbers:
        raise PatternError("bad_range", name=name, text=piece)
    return spread


def _template(pattern: str) -> list[tuple[str, str, int]]:
    """The pattern as (text before, placeholder, width); the last has no placeholder."""
    pieces, rest = [], 0
    for match in _FIELD.finditer(pattern):
        name, _colon, width = match[1].partition(":")
        if name not in PARTS:
            raise PatternError("unknown_placeholder", name=name)
        found = _WIDTH.fullmatch(width) if width else None
        if width and not found:
            raise PatternError("bad_width", name=name, width=width)
        pieces.append((pattern[rest : match.start()], name, int(found[1]) if found else 0))
        rest = match.end()
    pieces.append((pattern[rest:], "", 0))
    text = "".join(piece for piece, _name, _width in pieces)
    if not _SAFE.fullmatch(text):
        raise PatternError("bad_text", text=text)
    return pieces


def _ranges(
    pieces: Sequence[tuple[str, str, int]], ranges: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Values of every part; a part that is neither in the pattern nor in the ranges has none."""
    used = {name for _text, name, _width in pieces if name}
    result = {}
    for name in PARTS:
        text = (ranges.get(name) or "").strip()
        if not text and name in used:
            raise PatternError("missing_range", name=name)
        result[name] = values(name, text) if text else ("",)
        if name not in used and len(result[name]) > 1:
            raise PatternError("unused_range", name=name)
    return result


def _code(pieces: Sequence[tuple[str, str, int]], chosen: Mapping[str, str]) -> str:
    return "".join(
        text + (chosen[name].rjust(width, "0") if name else "") for text, name, width in pieces
    )


def _check_grid(grid: Grid) -> None:
    for name in ("aisle_pitch", "bay_pitch"):
        if getattr(grid, name) <= 0:
            raise PatternError("bad_grid", name=name)
    for name in ("level_height", "clearance"):
        if getattr(grid, name) < 0:
            raise PatternError("bad_grid", name=name)


def bins(pattern: str, ranges: Mapping[str, str], grid: Grid) -> list[PlannedBin]:
    """Every bin of a pattern, aisle by aisle; raises ``PatternError`` and never a partial list."""
    _check_grid(grid)
    pieces = _template(pattern.strip())
    spread = _ranges(pieces, ranges)
    count = 1
    for part in spread.values():
        count *= len(part)
    if count > MAX_BINS:
        raise PatternError("too_many", count=count, limit=MAX_BINS)
    planned: dict[str, PlannedBin] = {}
    places = [tuple(enumerate(spread[name])) for name in PARTS]
    for combination in itertools.product(*places):
        one = _bin(pieces, combination, grid)
        if one.code in planned:
            raise PatternError("duplicate_code", bin=one.code)
        planned[one.code] = one
    return list(planned.values())


def _bin(
    pieces: Sequence[tuple[str, str, int]], combination: Sequence[tuple[int, str]], grid: Grid
) -> PlannedBin:
    chosen = {name: value for name, (_n, value) in zip(PARTS, combination, strict=True)}
    code = _code(pieces, chosen)
    if not code or len(code) > MAX_CODE:
        raise PatternError("long_code", bin=code, limit=MAX_CODE)
    aisle, bay, level, _slot = (number for number, _value in combination)
    along = bay // 2 if grid.two_sided else bay
    return PlannedBin(
        code=code,
        x=grid.x + aisle * grid.aisle_pitch,
        y=round(grid.y + grid.clearance + (along + 0.5) * grid.bay_pitch, 3),
        z=round(level * grid.level_height, 3),
        check=check_digits(code),
        **chosen,
    )
