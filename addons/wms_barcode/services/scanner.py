"""What the scanner page asks the server: who am I, what is this code, which screen is next."""

from odoo import models
from odoo.addons.inventory_wms.messages import parts
from odoo.fields import Domain
from odoo.tools import get_lang

from ..flows import FLOWS
from ..messages import LABELS, PAGE_SENTENCES

GROUPS = ("inventory_wms.group_worker", "inventory_wms.group_lead")
LONGEST_CODE = 120


class WmsScanner(models.AbstractModel):
    _name = "wms.scanner"
    _description = "Scanner page"

    def _may_work(self):
        """Whether the acting user is a worker or a lead."""
        return any(self.env.user.has_group(group) for group in GROUPS)

    def _boot(self, db):
        """What the page needs before its first question; ``uid`` is 0 without a right to work.

        :param db: name of the database, for signing in again
        """
        user = self.env.user
        known = self._may_work()
        lang = get_lang(self.env)
        return {
            "uid": user.id if known else 0,
            "name": user.name if known else "",
            "login": user.login if known else "",
            "company": self.env.company.name if known else "",
            "db": db,
            "lang": lang.code.replace("_", "-"),
            "direction": lang.direction,
            "labels": {key: self.env._(text) for key, text in LABELS.items()},
            "sentences": {code: parts(self.env, code) for code in PAGE_SENTENCES},
        }

    def _enrol(self, name):
        """Give the browser its own device record, and so its own counter of commands."""
        label = self.env._("Scanner of %s", self.env.user.name)
        device = self.env["wms.device"]._enrol(f"{label} ({name})" if name else label)
        return {"device_id": device.uid, "name": device.name}

    def _state(self, flow, inputs, event, device_id):
        """The state of a flow as the acting user sees it; an unknown flow leads home.

        :param flow: name of the flow
        :param inputs: dict the device keeps for the flow
        :param event: None or ``{"action": str, ...}``
        :param device_id: public id of the asking device
        """
        inputs = inputs if isinstance(inputs, dict) else {}
        event = event if isinstance(event, dict) else {}
        chosen = FLOWS.get(flow, FLOWS["home"])
        return chosen(self.env, str(device_id or "")).answer(inputs, event)

    def _lookup(self, code):
        """Everything a code can stand for, as JSON.

        :param code: text as scanned or typed
        :return: ``{"code": str, "found": [{"kind", "id", "name"}]}``
        """
        found = self._resolve(code, self.env.user)
        return {
            "code": str(code or "")[:LONGEST_CODE],
            "found": [
                {"kind": kind, "id": record.id, "name": record.display_name}
                for kind, records in found.items()
                for record in records
            ],
        }

    def _resolve(self, code, user):
        """The records a code stands for, in the companies of the user.

        :param code: text as scanned or typed
        :param user: who asks
        :return: ``{"bin", "product", "wave", "order"}``: recordsets (sudo), at most five each
        """
        # sudo: workers read no model; only names of what the code says leave this method.
        env = self.env(su=True)
        text = "".join(char for char in str(code or "") if char.isprintable())
        text = text.strip()[:LONGEST_CODE]
        models = {
            "bin": ("stock.location", ("barcode", "name")),
            "product": ("product.product", ("barcode", "default_code", "product_uom_ids.barcode")),
            "wave": ("stock.picking.batch", ("name",)),
            "order": ("stock.picking", ("name", "origin")),
        }
        company = Domain("company_id", "in", [*user.company_ids.ids, False])
        found = {}
        for kind, (model, names) in models.items():
            domain = Domain.OR([(name, "=", text)] for name in names) & company
            if kind == "bin":
                domain &= Domain("usage", "in", ("internal", "transit"))
            found[kind] = env[model].search(domain, limit=5) if text else env[model]
        return found
