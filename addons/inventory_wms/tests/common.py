"""A small warehouse for the tests of this add-on.

What it offers: ``cls.warehouse``, ``cls.stock_location``, ``cls.worker`` (portal user of the
worker group), ``cls.lead``, ``cls.device``; ``product(name)``, ``bin(code)``,
``stock(code, apple=10)``, ``transfer(apple=3)`` and ``send(op, **args)`` as the worker's device.
"""

import uuid

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class WmsCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.worker = new_test_user(
            cls.env, "wms_worker", groups="base.group_portal,inventory_wms.group_worker"
        )
        cls.lead = new_test_user(cls.env, "wms_lead", groups="inventory_wms.group_lead")
        cls.device = cls.env["wms.device"].create({"name": "Test scanner"})

    @classmethod
    def product(cls, name):
        """The storable product of that name; its bar code is its name in upper case."""
        product = cls.env["product.product"].search([("default_code", "=", name.upper())])
        return product or cls.env["product.product"].create(
            {
                "name": name.title(),
                "default_code": name.upper(),
                "barcode": name.upper(),
                "is_storable": True,
            }
        )

    @classmethod
    def bin(cls, code):
        """The bin with that code below the warehouse's stock."""
        location = cls.env["stock.location"].search(
            [("barcode", "=", code), ("company_id", "=", cls.env.company.id)]
        )
        return location or cls.env["stock.location"].create(
            {"name": code, "barcode": code, "location_id": cls.stock_location.id}
        )

    @classmethod
    def stock(cls, code, **quantities):
        """Put goods into a bin by a real inventory adjustment."""
        for name, quantity in quantities.items():
            cls.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": cls.product(name).id,
                    "location_id": cls.bin(code).id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    @classmethod
    def transfer(cls, **quantities):
        """A confirmed, not yet reserved delivery."""
        out = cls.warehouse.out_type_id
        out.reservation_method = "manual"
        customers = cls.env.ref("stock.stock_location_customers")
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": out.id,
                "location_id": cls.stock_location.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.product(name).id,
                            "product_uom_qty": quantity,
                            "location_id": cls.stock_location.id,
                            "location_dest_id": customers.id,
                        }
                    )
                    for name, quantity in quantities.items()
                ],
            }
        )
        picking.action_confirm()
        return picking

    @classmethod
    def envelope(cls, op, **args):
        """The next command of the test's device."""
        return {
            "cmd_id": str(uuid.uuid4()),
            "device_id": cls.device.uid,
            "seq": cls.device.last_seq + 1,
            "op": op,
            "args": args,
        }

    def send(self, op, **args):
        """Send one command as the worker and return the answer."""
        return self.execute(self.envelope(op, **args))

    def execute(self, envelope, user=None):
        """Run an envelope as it stands, as the worker or as ``user``."""
        return self.env["wms.door"].with_user(user or self.worker)._execute(envelope)

    def reserved(self, name):
        """How much of a product is reserved on the shelves, as the quants say."""
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.product(name).id), ("location_id.usage", "=", "internal")]
        )
        return sum(quants.mapped("reserved_quantity"))
