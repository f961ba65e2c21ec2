from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestQuant(WmsCase):
    def test_controlled_stock_refuses_direct_writes(self):
        self.stock("A-01", apple=10)
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.product("apple").id), ("location_id.barcode", "=", "A-01")]
        )
        quant.with_user(self.lead).write({"quantity": 9})
        self.env.company.wms_controlled_stock = True
        for vals in ({"quantity": 5}, {"reserved_quantity": 5}):
            with self.assertRaises(AccessError):
                quant.with_user(self.lead).write(vals)
        with self.assertRaises(AccessError):
            self.env["stock.quant"].with_user(self.lead).create(
                {
                    "product_id": self.product("apple").id,
                    "location_id": self.bin("A-02").id,
                    "quantity": 3,
                }
            )
        # counting stays possible
        quant.with_user(self.lead).with_context(inventory_mode=True).write(
            {"inventory_quantity": 7}
        )
        quant.with_user(self.lead).action_apply_inventory()
        self.assertEqual(quant.quantity, 7)

    def test_repair_finds_and_counts_phantom_reservations(self):
        self.stock("A-01", apple=10)
        quants = self.env["stock.quant"]
        quants._quant_tasks()
        quants._cron_wms_repair_reservations()
        parameters = self.env["ir.config_parameter"]
        before = int(parameters.get_param("inventory_wms.repaired_reservations", 0))
        picking = self.transfer(apple=4)
        picking.action_assign()
        quant = quants.search(
            [("product_id", "=", self.product("apple").id), ("location_id.barcode", "=", "A-01")]
        )
        self.assertFalse(quants._wms_wrong_reservations())
        quant.reserved_quantity = 7
        with self.assertLogs("odoo.addons.inventory_wms.models.stock_quant", "WARNING"):
            quants._cron_wms_repair_reservations()
        self.assertEqual(quant.reserved_quantity, 4)
        after = int(parameters.get_param("inventory_wms.repaired_reservations"))
        self.assertEqual(after, before + 1)
