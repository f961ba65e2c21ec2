"""Serial shipping container codes: the number that names one parcel or pallet in the world.

Source: GS1 General Specifications, 3.2 (application identifier 00) and 7.9 (check digit).
"""

DIGITS = 18


def check_digit(digits: str) -> str:
    """The digit that makes a GS1 number of any length valid.

    :param digits: all digits but the last
    :raises ValueError: when there is something else than ASCII digits

    >>> check_digit("37610425002123456")
    '9'
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not a number: {digits!r}")
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-weighted % 10)


def sscc(prefix: str, serial: int) -> str:
    """The 18 digits of a container: extension digit, company prefix, serial, check digit.

    Serials beyond what the prefix leaves room for go on with the next extension digit.

    :param prefix: the GS1 company prefix, 4 to 12 digits
    :param serial: counted by the company, from 0
    :raises ValueError: when the prefix is none or all numbers of the company are used up

    >>> sscc("4012345", 1)
    '040123450000000014'
    """
    if not 4 <= len(prefix) <= 12 or not (prefix.isascii() and prefix.isdigit()):
        raise ValueError(f"not a company prefix: {prefix!r}")
    room = DIGITS - 2 - len(prefix)
    extension, rest = divmod(serial, 10**room)
    if serial < 0 or extension > 9:
        raise ValueError(f"no number is left for {serial}")
    digits = f"{extension}{prefix}{rest:0{room}d}"
    return digits + check_digit(digits)
