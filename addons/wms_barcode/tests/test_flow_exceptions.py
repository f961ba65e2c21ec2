from odoo.tests import tagged

from .common import Phone, ScannerCase


@tagged("post_install", "-at_install")
class TestFlowExceptions(ScannerCase):
    def test_put_back_is_worked_like_any_stop(self):
        phone = self.at_bin(apple=3)
        phone.scan("APPLE")
        order = self.env["stock.picking"].search([("wms_cart_slot", "!=", False)], limit=1)
        slot = order.wms_cart_slot
        order.action_cancel()
        state = phone.refresh()
        self.assertEqual((state["screen"], "Put back" in state["title"]), ("bin", True))
        phone.scan("A02-011-1")
        state = phone.state
        self.assertEqual((state["take"]["word"], state["take"]["quantity"]), ("Put back", "1"))
        self.assertEqual((state["slot"]["word"], state["slot"]["name"]), ("from slot", slot))
        self.assertEqual([button["word"] for button in state["buttons"]], ["Short", "Number"])
        phone.scan("APPLE")
        self.assertEqual(phone.answer["status"], "applied", phone.answer["message"])
        self.assertEqual(phone.state["screen"], "home")

    def test_damaged_pieces(self):
        phone = self.at_bin(apple=3)
        phone.act("damaged", quantity="2")
        self.assertEqual(phone.answer["status"], "applied")
        self.assertEqual(phone.state["take"]["quantity"], "3")

    def test_slot_is_scanned_after_the_item(self):
        self.warehouse.out_type_id.wms_confirm_slot = True
        phone = self.at_bin(apple=3)
        slot = phone.state["slot"]["name"]
        self.assertNotIn("put", phone.state["accepts"])
        phone.scan("PEAR")
        self.assertEqual(phone.message["code"], "wrong_item")
        phone.scan("APPLE")
        self.assertIn(slot, phone.state["prompt"]["prompt"])
        phone.scan("Z9")
        self.assertEqual(phone.message["code"], "wrong_slot")
        phone.scan(slot)
        self.assertEqual(phone.state["take"]["done"], "1")
        self.assertIsNone(phone.state["prompt"])
        phone.scan("APPLE")
        phone.act("leave")
        self.assertIsNone(phone.state["prompt"])
        phone.scan("APPLE")
        phone.act("put")
        self.assertEqual(phone.state["take"]["done"], "2")

    def test_another_lot_of_the_same_bin(self):
        goods = self.product("milk")
        goods.tracking = "lot"
        self.place("A03-001-1", x=5.0, y=1.0)
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": goods.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": goods.id,
                    "lot_id": lot.id,
                    "location_id": self.bin("A03-001-1").id,
                    "inventory_quantity": 4,
                }
            ).action_apply_inventory()
        phone = self.at_bin(milk=2)
        planned = phone.state["item"]["facts"][0]["text"]
        other = "L2" if planned == "L1" else "L1"
        phone.act("swap")
        phone.scan("L9")
        self.assertEqual(phone.answer["code"], "lot_unknown")
        phone.scan(other)
        self.assertEqual(phone.answer["status"], "applied", phone.answer["message"])
        self.assertEqual(phone.state["screen"], "goods", "no second scan of the same bin")
        self.assertEqual(phone.state["item"]["facts"][0]["text"], other)
        phone.scan(other)
        phone.scan(other)
        self.assertEqual(phone.state["screen"], "ship")

    def test_item_or_bin_at_home_starts_its_wave(self):
        self.order(plum=1)
        self.wave()
        for code in ("PLUM", "A10-004-1"):
            with self.subTest(code):
                phone = Phone(self)
                phone.refresh()
                phone.scan(code)
                self.assertEqual(phone.state["screen"], "bin")
                phone.send({"op": "task.release", "args": {"batch_id": phone.inputs["wave_id"]}})
