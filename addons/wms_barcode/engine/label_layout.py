"""What stands where on a label."""

from dataclasses import dataclass

from .zpl import Label


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
