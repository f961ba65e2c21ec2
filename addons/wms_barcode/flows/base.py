"""What all flows share: an answer for the device, and how quantities and bins are written."""

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
