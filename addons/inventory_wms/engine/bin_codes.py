"""The names of bins: their natural order and their check digits.

>>> sorted(["A10", "A2", "a1"], key=natural_key)
['a1', 'A2', 'A10']
>>> check_digits("A-02-01")
'78'
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

    Method: a weighted sum of the letters (A = 10) and digits modulo the prime 97, the weights
    powers of 11, so that one wrong sign or two exchanged neighbours always change it; times 37,
    so that the next bin's digits cannot be guessed at a glance. Other signs and the case do not
    count.
    """
    total = 0
    for sign in code:
        if sign.isascii() and sign.isalnum():
            total = (total * 11 + int(sign, 36)) % 97
    return f"{total * 37 % 97:02d}"
