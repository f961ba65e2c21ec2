"""A small hall and a phone without a screen, to work the scanner's flows in tests.

``cls.hall()`` makes bins with coordinates and stock; ``Phone`` does what the page does: it keeps
the inputs, sends what a state accepts as commands, and asks for the next state.
"""

from odoo.addons.inventory_wms.tests.picking_case import PickingCase


class Phone:
    """The page's part of the protocol, for the user and the device of a test case."""

    def __init__(self, case, user=None, device=None):
        self.case = case
        self.user = user or case.worker
        self.device = device or case.device
        self.flow, self.inputs = "home", {}
        self.state, self.message, self.answers = None, None, []

    def refresh(self, event=None):
        """Ask for the screen to draw; a command that comes with it is sent at once."""
        scanner = self.case.env["wms.scanner"].with_user(self.user)
        reply = scanner._state(self.flow, self.inputs, event, self.device.uid)
        self.flow, self.state = reply["flow"], reply["state"]
        self.inputs, self.message = self.state["inputs"], reply["message"]
        if reply.get("command"):
            self.send(reply["command"])
            return self.refresh()
        return self.state

    def scan(self, code):
        """Scan a code on the screen that is shown."""
        return self.act("scan", **{self.state["accepts"]["scan"]["field"]: code})

    def act(self, name, **values):
        """Do something the screen accepts, and show what follows."""
        accept = self.state["accepts"][name]
        if accept["kind"] == "flow":
            self.flow, self.inputs = accept["flow"], accept["inputs"]
            return self.refresh()
        if accept["kind"] == "event":
            return self.refresh({"action": name, **values})
        for target in accept.get("each", [{}]):
            self.send({"op": accept["op"], "args": {**accept.get("args", {}), **target, **values}})
        return self.refresh()

    def send(self, command):
        """Send one command as this phone's user and device."""
        envelope = self.case.envelope(command["op"], **command["args"])
        envelope.update(device_id=self.device.uid, seq=self.device.last_seq + 1)
        self.answers.append(self.case.execute(envelope, self.user))

    @property
    def answer(self):
        """The door's last answer."""
        return self.answers[-1]


class ScannerCase(PickingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place("A02-011-1", x=3.0, y=5.0)
        cls.place("A02-011-2", x=3.0, y=5.0, z=1.2)
        cls.place("A10-004-1", x=9.0, y=2.0)
        cls.stock("A02-011-1", apple=10)
        cls.stock("A02-011-2", pear=4)
        cls.stock("A10-004-1", plum=9)

    @classmethod
    def place(cls, code, x, y, z=0.0):
        """A bin with its coordinates; its code is its address."""
        aisle, bay, level = code.split("-")
        values = {"wms_aisle": aisle, "wms_bay": bay, "wms_level": level}
        values.update(wms_kind="bin", wms_x=x, wms_y=y, wms_z=z)
        cls.bin(code).write(values)
        return cls.bin(code)

    def started(self, **quantities):
        """A phone whose worker has taken the wave of one order."""
        self.order(**quantities)
        self.wave()
        phone = Phone(self)
        phone.refresh()
        phone.act("start")
        return phone

    def at_bin(self, **quantities):
        """The same phone, at its first bin."""
        phone = self.started(**quantities)
        phone.scan(phone.state["plate"]["code"])
        return phone
