"""A channel of kind spreadsheet for the tests of this add-on.

What it offers: ``cls.account`` of ``cls.company``, ``cls.manager`` (channel manager),
``cls.lead``, articles ``APPLE`` and ``PEAR``, the carrier ``Parcel``; ``file(rows)`` writes an
order file, ``preview(data)`` and ``load(data)`` send it as the channel manager.
"""

import base64
from unittest.mock import patch

from odoo.addons.channel_connectors.engine.order_file import COLUMNS
from odoo.tests import TransactionCase, new_test_user

ROW = {
    "order_ref": "A1",
    "date": "2026-11-02",
    "customer": "Ada",
    "sku": "APPLE",
    "quantity": "2",
    "unit_price": "1.50",
    "ship_by": "2026-11-04",
    "carrier": "Parcel",
}


class ChannelCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.account = cls.env["channel.account"].create({"name": "Spreadsheet test"})
        cls.account.warehouse_id.out_type_id.reservation_method = "manual"
        cls.manager = new_test_user(
            cls.env, "channel_manager", groups="channel_connectors.group_manager"
        )
        cls.lead = new_test_user(cls.env, "channel_lead", groups="inventory_wms.group_lead")
        cls.apple, cls.pear = (cls.product(sku) for sku in ("APPLE", "PEAR"))
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": cls.product("DELIVERY-FEE").id}
        )
        # a test can't commit; steps of the import are kept by the surrounding savepoints
        cls.startClassPatcher(
            patch.object(cls.registry["channel.order.booking"], "_commit", lambda self: None)
        )

    @classmethod
    def product(cls, sku, **values):
        """A storable article of that reference."""
        return cls.env["product.product"].create(
            {"name": sku.title(), "default_code": sku, "is_storable": True, **values}
        )

    @staticmethod
    def file(*rows, delimiter=",", encoding="utf-8", columns=COLUMNS):
        """An order file; each row is a dict of what differs from ``ROW``."""
        lines = [delimiter.join(columns)]
        lines += [delimiter.join((ROW | row).get(name, "") for name in columns) for row in rows]
        return "\r\n".join(lines).encode(encoding)

    def send(self, data, user=None, account=None, **options):
        """Call the public API as the channel manager (or ``user``)."""
        account = (account or self.account).with_user(user or self.manager)
        return account.action_import_orders(base64.b64encode(data).decode(), **options)

    def preview(self, data, **options):
        """Look at a file."""
        return self.send(data, **options)

    def load(self, data, **options):
        """Look at a file and say yes."""
        return self.send(data, confirm=True, **options)

    def sales(self, account=None):
        """The sales orders of the channel."""
        account = account or self.account
        return self.env["sale.order"].search([("channel_account_id", "=", account.id)], order="id")

    def codes(self, summary):
        """Code and row of each problem of an answer."""
        return [(problem["code"], problem["row"]) for problem in summary["problems"]]
