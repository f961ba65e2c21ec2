"""What stands where on a label."""

from dataclasses import dataclass

from .zpl import SSCC_DIGITS, Label


@dataclass(frozen=True, slots=True)
class BinFacts:
    """A bin as its label shows it; empty parts are left out."""

    code: str
    barcode: str
    aisle: str = ""
    bay: str = ""
    level: str = ""
    slot: str = ""
    check: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class LabelSize:
    """Millimetres and dots per inch of the labels in the printer."""

    width: float = 100.0
    height: float = 50.0
    dpi: int = 203


def bin_label(facts: BinFacts, size: LabelSize) -> str:
    """ZPL of one bin: its code large, aisle / bay / level beside it, Code 128, check digits.

    Raises ``LabelError`` when the bar code cannot be printed at this size. The smallest sensible
    label is 50 x 25 mm.
    """
    label = Label(size.width, size.height, size.dpi)
    high = size.height
    margin = min(3.0, high * 0.06)
    inner = size.width - 2 * margin
    check_room = min(inner * 0.2, high * 0.32) if facts.check else 0.0
    label.text(margin, margin, facts.code, high * 0.24, inner - check_room - 2)
    if facts.check:
        left = size.width - margin - check_room
        label.inverse(left, margin, facts.check, high * 0.22, check_room)
    _parts(label, facts, margin, high * 0.33)
    label.box(margin, high * 0.53, inner, 0.25)
    label.code128(0, high * 0.57, facts.barcode, high * 0.37)
    return label.zpl()


def _parts(label: Label, facts: BinFacts, margin: float, top: float) -> None:
    """Zone, aisle, bay, level and slot in columns, each a small word above a value."""
    named = [
        ("ZONE", facts.zone),
        ("AISLE", facts.aisle),
        ("BAY", facts.bay),
        ("LEVEL", facts.level),
        ("SLOT", facts.slot),
    ]
    shown = [(word, value) for word, value in named if value]
    if not shown:
        return
    column = (label.width - 2 * margin) / len(shown)
    small, large = label.height * 0.05, label.height * 0.12
    for number, (word, value) in enumerate(shown):
        x = margin + number * column
        label.text(x, top, word, small, column - 1)
        label.text(x, top + label.height * 0.065, value, large, column - 1)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A packed box as its label shows it.

    ``code``: name of the package; eighteen digits are printed as an SSCC. ``address``: lines.
    """

    code: str
    order: str
    box: int
    of: int
    sender: str = ""
    address: tuple[str, ...] = ()
    weight: str = ""

    @property
    def is_sscc(self) -> bool:
        """Whether the name is a serial shipping container code."""
        return len(self.code) == SSCC_DIGITS and self.code.isascii() and self.code.isdigit()

    @property
    def spoken(self) -> str:
        """The code as people read it below the bars."""
        return f"(00) {self.code}" if self.is_sscc else self.code


PARCEL = LabelSize(100.0, 150.0)
MOST_ADDRESS_LINES = 6


def package_label(facts: PackageFacts, words: dict[str, str], size: LabelSize = PARCEL) -> str:
    """ZPL of one packed box: where it goes, which order, box n of m, its code as bars and text.

    ``words``: the translated captions ``to``, ``order``, ``box``, ``weight``. Raises
    ``LabelError`` when the bar code cannot be printed. The smallest sensible label is 75 x 100 mm.
    """
    label = Label(size.width, size.height, size.dpi)
    margin = min(4.0, size.width * 0.04)
    inner, high = size.width - 2 * margin, size.height
    label.text(margin, margin, facts.sender, high * 0.03, inner)
    label.text(margin, high * 0.08, words["to"], high * 0.022, inner)
    for number, line in enumerate(facts.address[:MOST_ADDRESS_LINES]):
        label.text(margin, high * (0.11 + 0.045 * number), line, high * 0.037, inner)
    label.box(margin, high * 0.4, inner, 0.5)
    half = inner / 2
    label.text(margin, high * 0.42, words["order"], high * 0.022, half - 2)
    label.text(margin, high * 0.45, facts.order, high * 0.05, half - 2)
    label.text(margin + half, high * 0.42, words["box"], high * 0.022, half)
    label.text(margin + half, high * 0.45, f"{facts.box} / {facts.of}", high * 0.05, half)
    if facts.weight:
        label.text(margin, high * 0.52, words["weight"], high * 0.022, inner)
        label.text(margin, high * 0.545, facts.weight, high * 0.035, inner)
    label.box(margin, high * 0.6, inner, 0.5)
    draw = label.sscc if facts.is_sscc else label.code128
    draw(0, high * 0.64, facts.code, high * 0.24)
    label.text(margin, high * 0.9, facts.spoken, high * 0.04, inner)
    return label.zpl()
