"""The envelope of a command: what a device sends, checked before anything is touched.

The protocol is described in docs/operations.md.  This module only reads text
and numbers; it knows neither the database nor the operations' meaning.
Method: idempotency keys with stored answers (IETF draft-ietf-httpapi-idempotency-key-header),
with a sequence per device for order.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

MAX_TEXT = 500
MAX_ITEMS = 2000
MAX_DEPTH = 8
MAX_SIZE = 100_000
MAX_SEQ = 2**31 - 1
MAX_ID = 2**31 - 1
QUANTITY_LIMIT = Decimal(1_000_000)
QUANTITY_DIGITS = 6

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # PostgreSQL has no such characters
_FIELDS = {"cmd_id", "device_id", "seq", "op", "args", "expect", "client_ts"}


class CommandError(ValueError):
    """The sender's text can't be a command; ``code`` and ``params`` name the sentence to answer."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code}: {params}")


@dataclass(frozen=True)
class Envelope:
    """One command as sent.

    ``seq`` counts 1, 2, 3 ... per device; ``args`` and ``expect`` are JSON objects;
    ``client_ts`` is the device's own clock as text, stored and never trusted.
    ``flaw`` names the field that the database could not hold, if any: such a command is refused,
    but it is a step of its device like any other.
    """

    cmd_id: str
    device_id: str
    seq: int
    op: str
    args: Mapping[str, object] = field(default_factory=dict)
    expect: Mapping[str, object] = field(default_factory=dict)
    client_ts: str = ""
    flaw: str = ""

    @property
    def stored(self) -> dict[str, dict[str, object]]:
        """``args`` and ``expect`` as they can be recorded; empty when they have a flaw."""
        return {
            "args": {} if self.flaw else dict(self.args),
            "expect": {} if self.flaw else dict(self.expect),
        }

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the command means: two sends of one command have the same."""
        return digest({"op": self.op, "args": self.args, "expect": self.expect})


def digest(value: object) -> str:
    """SHA-256 (64 hex digits) of ``value`` as canonical JSON (sorted keys, no blanks)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def parse_envelope(raw: object) -> Envelope:
    """Read what arrived.

    :param raw: decoded JSON of the request
    :raises CommandError: code ``malformed`` with ``field`` and ``problem``
    """
    if not isinstance(raw, Mapping):
        raise CommandError("malformed", field="command", problem="must be an object")
    unknown = sorted(str(key)[:40] for key in raw if key not in _FIELDS)
    if unknown:
        raise CommandError("malformed", field=unknown[0], problem="is not a field of a command")
    args, expect = _parse_object(raw, "args"), _parse_object(raw, "expect")
    return Envelope(
        cmd_id=_parse_uuid(raw.get("cmd_id")),
        device_id=_parse_text(raw, "device_id"),
        seq=_parse_whole(raw.get("seq"), "seq", MAX_SEQ),
        op=_parse_text(raw, "op"),
        args=args,
        expect=expect,
        client_ts=_parse_text(raw, "client_ts", required=False),
        flaw=_flaw({"args": args, "expect": expect}),
    )


def _flaw(parts: Mapping[str, object]) -> str:
    """The first part that can't be recorded or is absurdly long; empty when all are fine."""
    for name, value in parts.items():
        if not _storable(value) or len(json.dumps(value)) > MAX_SIZE:
            return name
    return ""


def _storable(value: object, depth: int = 0) -> bool:
    """Whether PostgreSQL's jsonb can hold a decoded JSON value."""
    if depth > MAX_DEPTH:
        raise CommandError("malformed", field="args", problem="is nested too deep")
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return all([_storable(item, depth + 1) for item in value])
    return True


def _parse_uuid(value: object) -> str:
    text = value.lower() if isinstance(value, str) else ""
    if not _UUID.fullmatch(text):
        raise CommandError("malformed", field="cmd_id", problem="must be a UUID made by the sender")
    return text


def _parse_text(raw: Mapping, name: str, required: bool = True) -> str:
    value = raw.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value) or len(value) > 100:
        raise CommandError("malformed", field=name, problem="must be a text of 1 to 100 characters")
    if _CONTROL.search(value):
        raise CommandError("malformed", field=name, problem="holds control characters")
    return value


def _parse_object(raw: Mapping, name: str) -> Mapping[str, object]:
    value = raw.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping) or len(value) > 50:
        raise CommandError("malformed", field=name, problem="must be an object")
    return value


def _parse_whole(value: object, name: str, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= limit:
        raise CommandError("malformed", field=name, problem="must be a whole number from 1")
    return value


def parse_args(spec: Mapping[str, str], args: Mapping[str, object]) -> dict[str, object]:
    """Check and convert the arguments of one operation.

    :param spec: argument name -> kind; kinds are ``id``, ``ids``, ``text``, ``quantity`` (> 0),
        ``quantity0`` (>= 0), ``bool``, ``whole``; a trailing ``?`` makes it optional
    :param args: as sent
    :return: every name of ``spec``; absent optional ones are None
    :raises CommandError: ``malformed`` or one of the ``quantity_...`` codes
    """
    unknown = sorted(str(key)[:40] for key in args if key not in spec)
    if unknown:
        raise CommandError("malformed", field=unknown[0], problem="is not an argument of this")
    parsed: dict[str, object] = {}
    for name, kind in spec.items():
        value = args.get(name)
        if value is None:
            if not kind.endswith("?"):
                raise CommandError("malformed", field=name, problem="is missing")
            parsed[name] = None
            continue
        parsed[name] = _KINDS[kind.rstrip("?")](value, name)
    return parsed


def parse_quantity(value: object, name: str = "quantity", zero: bool = False) -> Decimal:
    """A quantity in the product's unit, sent as a decimal string ("2", "0.5").

    :param zero: whether 0 is allowed
    :raises CommandError: ``quantity_text``, ``quantity_not_positive``, ``quantity_negative``,
        ``quantity_huge`` or ``quantity_precision``
    """
    shown = str(value)[:40]
    plain = isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,40}(\.\d{1,40})?", value, re.ASCII)
    if isinstance(value, bool) or not (plain or isinstance(value, int)):
        raise CommandError("quantity_text", field=name, value=shown)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:  # an int of thousands of digits
        raise CommandError("quantity_text", field=name, value=shown) from error
    if zero and number < 0:
        raise CommandError("quantity_negative", field=name, value=shown)
    if not zero and number <= 0:
        raise CommandError("quantity_not_positive", field=name, value=shown)
    if number > QUANTITY_LIMIT:
        raise CommandError("quantity_huge", field=name, value=shown, limit=str(QUANTITY_LIMIT))
    if number != number.quantize(Decimal(1).scaleb(-QUANTITY_DIGITS)):
        raise CommandError("quantity_precision", field=name, value=shown, digits=QUANTITY_DIGITS)
    return number


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
        raise CommandError("malformed", field=name, problem="must be a text")
    if _CONTROL.search(value.replace("\x1d", "")):  # FNC1 of GS1 codes arrives as GS
        raise CommandError("malformed", field=name, problem="holds control characters")
    return value.strip()


def _id(value: object, name: str) -> int:
    return _parse_whole(value, name, MAX_ID)


def _ids(value: object, name: str) -> list[int]:
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        raise CommandError("malformed", field=name, problem="must be a list of whole numbers")
    return [_id(item, name) for item in value]


def _bool(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise CommandError("malformed", field=name, problem="must be true or false")
    return value


def _quantity0(value: object, name: str) -> Decimal:
    return parse_quantity(value, name, zero=True)


_KINDS = {
    "id": _id,
    "ids": _ids,
    "text": _text,
    "quantity": parse_quantity,
    "quantity0": _quantity0,
    "bool": _bool,
    "whole": _id,
}
