"""Labels as ZPL II, built so that no printed text can become a printer command.

Whoever may name a bin or a product would otherwise be able to command the printer: ``^`` and
``~`` start commands, and a field ends at ``^FS``. Here every field is written with ``^FH_``: each
byte outside a small safe set goes as ``_`` and two hex digits, which the printer reads back as
data. Control characters are refused in bar codes and dropped from text. Nothing of the input
reaches the output in another way.

Sources: Zebra, "ZPL II Programming Guide" (^FH, ^FD, ^BC, ^BQ, ^CI28, ^FB); ISO/IEC 15417 for
Code 128. Lengths are dots; a printer has 8 per millimetre (203 dpi) or 12 (300 dpi).
"""

from dataclasses import dataclass, field

# the guide's limit for one ^FD
MAX_FIELD = 3072
DOTS_PER_MM = {203: 8, 300: 12}
MAX_COPIES = 999
SSCC_DIGITS = 18
# bars of one dot do not survive a worn print head
MIN_DOT = 2

_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:/()=*+-")


class LabelError(ValueError):
    """A label that cannot be printed; ``code`` and ``params`` name the sentence.

    Codes: ``bad_charset`` (text, symbology), ``too_long`` (length, limit), ``bad_dpi`` (dpi),
    ``bad_size`` (width, height), ``too_wide`` (text), ``empty`` (symbology).
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


def escaped(text: str) -> str:
    """A text as data of a ``^FH_`` field in UTF-8: safe bytes as they are, others as ``_xx``."""
    data = "".join(
        chr(byte) if byte in _SAFE else f"_{byte:02X}" for byte in text.encode("utf-8", "replace")
    )
    if len(data) > MAX_FIELD:
        raise LabelError("too_long", length=len(data), limit=MAX_FIELD)
    return data


def plain(text: str) -> str:
    """A text for people: control characters out, every run of blanks one blank."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def check_code128(text: str) -> str:
    """The text, if a Code 128 symbol can hold it as a scanner types it: printable ASCII."""
    if not text:
        raise LabelError("empty", symbology="Code 128")
    if not all(" " <= sign <= "~" for sign in text):
        raise LabelError("bad_charset", text=ascii(text)[1:-1], symbology="Code 128")
    return text


def code128_modules(text: str) -> int:
    """Modules of the symbol without quiet zones, at most: start, data, check sign, stop.

    Subset C packs two digits into one sign; counted here only for runs of four and more, as
    printers do, so the figure is never below what is printed by more than the set changes.
    """
    signs, run = 0, 0
    for sign in [*text, ""]:
        if sign.isdigit() and sign.isascii():
            run += 1
            continue
        signs += _digit_signs(run) + bool(sign)
        run = 0
    return 11 * (signs + 2) + 13


def _digit_signs(run: int) -> int:
    """Signs for a run of digits, with the changes of the set around it."""
    return run if run < 4 else run // 2 + run % 2 + 2


@dataclass(slots=True)
class Label:
    """One label of ``width`` x ``height`` millimetres at 203 or 300 dpi.

    Positions and sizes of the methods are millimetres from the top left corner.
    """

    width: float
    height: float
    dpi: int = 203
    copies: int = 1
    _fields: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.dpi not in DOTS_PER_MM:
            raise LabelError("bad_dpi", dpi=self.dpi)
        if not (10 <= self.width <= 220 and 5 <= self.height <= 500):
            raise LabelError("bad_size", width=self.width, height=self.height)

    def dots(self, millimetres: float) -> int:
        """Millimetres as whole dots of this printer."""
        return round(millimetres * DOTS_PER_MM[self.dpi])

    def _place(self, x: float, y: float) -> str:
        return f"^FO{self.dots(x)},{self.dots(y)}"

    def inverse(self, x: float, y: float, text: str, size: float, box: float) -> None:
        """One line of white text in a black rectangle ``box`` wide."""
        self.box(x, y, box, size)
        self.text(x + size * 0.12, y + size * 0.13, text, size * 0.94, box - size * 0.2)
        self._fields[-1] = self._fields[-1].replace("^FH_", "^FR^FH_", 1)

    def text(self, x: float, y: float, text: str, size: float, box: float = 0) -> None:
        """One line of text, ``size`` high, narrowed and then cut so that it fits ``box``."""
        clean = plain(text)
        if not clean:
            return
        high = self.dots(size)
        # the scalable font 0 is at most 0.7 of its height wide; capitals average 0.6
        room = self.dots(box) if box else self.dots(self.width - x)
        wide = min(high, max(high // 2, int(room / (0.62 * len(clean)))))
        fits = max(1, int(room / (0.62 * wide)))
        if len(clean) > fits:
            clean = clean[: fits - 1] + "…" if fits > 1 else clean[:1]
        self._fields.append(f"{self._place(x, y)}^A0N,{high},{wide}^FH_^FD{escaped(clean)}^FS")

    def code128(self, x: float, y: float, text: str, height: float) -> None:
        """A Code 128 as wide as it fits, in whole dots; refused when bars get too thin to read."""
        modules = code128_modules(check_code128(text))
        # ten modules of quiet zone at either side
        dot = min(4, self.dots(self.width - x) // (modules + 20))
        if dot < MIN_DOT:
            raise LabelError("too_wide", text=text)
        free = self.dots(self.width - 2 * x) - modules * dot
        quiet = max(10 * dot, free // 2)
        # mode A: the printer chooses the sets; > would start an invocation, so it is hex too
        self._fields.append(
            f"^FO{self.dots(x) + quiet},{self.dots(y)}^BY{dot}"
            f"^BCN,{self.dots(height)},N,N,N,A^FH_^FD{escaped(text)}^FS"
        )

    def sscc(self, x: float, y: float, digits: str, height: float) -> None:
        """A GS1-128 with a serial shipping container code, in the middle of the label.

        ``digits``: the 18 of the code; the symbol says (00) before them, starts in set C and
        marks itself as GS1 by FNC1. Refused when the label is too narrow.
        """
        if not (len(digits) == SSCC_DIGITS and digits.isascii() and digits.isdigit()):
            raise LabelError("bad_charset", text=ascii(digits)[1:-1], symbology="GS1-128")
        # start, FNC1, ten pairs of digits, check sign; stop
        modules = 11 * 13 + 13
        dot = min(4, self.dots(self.width - x) // (modules + 20))
        if dot < MIN_DOT:
            raise LabelError("too_wide", text=digits)
        quiet = max(10 * dot, (self.dots(self.width - 2 * x) - modules * dot) // 2)
        # >; is the start in set C, >8 is FNC1; all that follows was checked to be digits
        self._fields.append(
            f"^FO{self.dots(x) + quiet},{self.dots(y)}^BY{dot}"
            f"^BCN,{self.dots(height)},N,N,N,N^FD>;>800{digits}^FS"
        )

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle, such as a line."""
        wide, high = max(1, self.dots(width)), max(1, self.dots(height))
        self._fields.append(f"{self._place(x, y)}^GB{wide},{high},{min(wide, high)}^FS")

    def zpl(self) -> str:
        """The label as printer text, pure ASCII, one field per line."""
        head = [
            "^XA^CI28^LH0,0",
            f"^PW{self.dots(self.width)}^LL{self.dots(self.height)}",
        ]
        copies = min(max(1, int(self.copies)), MAX_COPIES)
        return "\n".join([*head, *self._fields, f"^PQ{copies}^XZ"]) + "\n"
