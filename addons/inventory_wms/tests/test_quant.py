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
