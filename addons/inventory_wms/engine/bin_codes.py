"""The names of bins: their natural order and their check digits.

>>> sorted(["A10", "A2", "a1"], key=natural_key)
['a1', 'A2', 'A10']
>>> check_digits("A-02-01")
'65'
"""

import re
import unicodedata

_NUMBERS = re.compile(r"(\d+)")
# numbers are padded to this width, so that keys compare as text in any database collation
_WIDTH = 10


def natural_key(code: str) -> str:
    """A text that sorts like a person reads: A2 before A10, case and accents aside.

    Numbers of more than ten digits sort by their text. The code itself ends the key, so that
    two different codes never have the same key.
    """
    plain = unicodedata.normalize("NFKD", code).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    parts = _NUMBERS.split(plain)
    parts[1::2] = [number.lstrip("0").rjust(_WIDTH, "0") for number in parts[1::2]]
    return f"{''.join(parts)} {code}"


def check_digits(code: str) -> str:
    """Two digits that a worker reads off a bin to prove that he stands at it.

    Method: ISO/IEC 7064 MOD 97-10 over letters (A = 10) and digits; other signs do not count. A
    wrong, missing or exchanged sign changes the digits, and neighbours never share them.
    """
    digits = "".join(str(int(sign, 36)) for sign in code if sign.isascii() and sign.isalnum())
    return f"{98 - int(digits or '0') * 100 % 97:02d}"
