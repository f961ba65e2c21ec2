"""What all flows share: an answer for the device, and how quantities and bins are written."""

import re
from decimal import Decimal

from odoo.addons.inventory_wms.messages import parts

PLACE_WORDS = (
    ("wms_aisle", "aisle"),
    ("wms_bay", "bay"),
    ("wms_level", "level"),
    ("wms_slot", "place"),
)


class Flow:
    """One kind of work on the scanner.

    ``inputs`` is what the device keeps for the flow and sends back; ``event`` what happened and is
    no command. A flow changes nothing: it reads, and says which screen comes next, what that
    screen accepts and which command an accepted scan becomes.
    """

    name = ""

    def __init__(self, env, device_id=""):
        self.caller = env
        self.device_id = device_id
        self.user = env.user
        # sudo: a worker has no rights on any model; the flow reads only what belongs to the
        # companies of the user and to waves the user may work on.
        self.env = env(su=True)
        self._ = env._

    def answer(self, inputs, event):
        """The next screen.

        :param inputs: dict kept by the device
        :param event: dict with ``action``, or empty
        :return: ``{"flow", "state", "message"}``, perhaps with a ``command`` to send
        """
        raise NotImplementedError

    def message(self, name, /, **params):
        """A sentence of the catalogue as the device shows it."""
        return {"code": name, **parts(self.env, name, params)}

    def reply(self, state, message=None, **more):
        """The shape every answer has."""
        return {"flow": self.name, "state": state, "message": message, **more}


def decimal_text(value):
    """A quantity as the decimal string that travels: no exponent, no needless zeros."""
    text = format(Decimal(str(value or 0)).normalize(), "f")
    return "0" if text in ("-0", "") else text


def metres_text(value):
    """Metres rounded for a person who walks; empty when unknown."""
    return str(round(value)) if value else ""


def whole_screen(**values):
    """An empty screen: everything a screen may ask for, so that the device never misses a key."""
    return {
        "inputs": {},
        "accepts": {},
        "task_id": None,
        "title": "",
        "subtitle": "",
        "buttons": [],
        **values,
    }


def wave_label(env, wave):
    """A wave's short name for people: WAVE/OUT/00018 is wave 18."""
    number = re.search(r"(\d+)$", wave.name or "")
    return env._("wave %s", int(number[1])) if number else wave.name


def pieces_text(env, quantity, uom):
    """``6 pieces``, ``1 piece``, or with the name of another unit."""
    text = decimal_text(quantity)
    return f"{text} {unit_text(env, quantity, uom)}"


def unit_text(env, quantity, uom):
    """The unit's name behind a quantity; the standard unit is called piece."""
    if uom != env.ref("uom.product_uom_unit", raise_if_not_found=False):
        return uom.name
    return env._("piece") if decimal_text(quantity) == "1" else env._("pieces")


def stops_text(env, count):
    """``1 stop``, ``4 stops``, never broken between number and word."""
    text = env._("1 stop") if count == 1 else env._("%s stops", count)
    return text.replace(" ", "\N{NO-BREAK SPACE}")
