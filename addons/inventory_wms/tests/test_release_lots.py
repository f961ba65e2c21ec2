"""Lots on hold: nobody is promised any of them; a recall finds where they are and went."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestLotsOnHold(PickingCase):
    def setUp(self):
        super().setUp()
        self.milk = self.product("milk")
        self.milk.tracking = "lot"
        self.bad, self.good = (self.lot(name) for name in ("BAD", "GOOD"))

    def lot(self, name):
        return self.env["stock.lot"].create({"name": name, "product_id": self.milk.id})

    def fill(self, code, lot, quantity):
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": self.milk.id,
                "location_id": self.bin(code).id,
                "lot_id": lot.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def hold(self, lots, user=None, **args):
        envelope = self.envelope("lot.hold", lot_ids=lots.ids, reason="quality", **args)
        return self.execute(envelope, user or self.lead)

    def lead_sends(self, op, lots):
        return self.execute(self.envelope(op, lot_ids=lots.ids), self.lead)

    def test_no_reservation_takes_a_held_lot(self):
        self.fill("A-01-1", self.bad, 10)
        self.fill("A-02-1", self.good, 3)
        self.assertApplied(self.hold(self.bad))
        waves, plain = self.order(milk=3), self.order(milk=3)
        self.assertEqual(self.wave(picking_ids=waves.ids).wms_task_ids.lot_id, self.good)
        plain.action_assign()
        self.assertFalse(plain.move_line_ids, "Odoo's own button finds nothing either")
        self.assertApplied(self.lead_sends("lot.release", self.bad))
        plain.action_assign()
        self.assertEqual(plain.move_line_ids.lot_id, self.bad)

    def test_a_reservation_from_before_can_be_given_back(self):
        self.fill("A-01-1", self.bad, 10)
        order = self.order(milk=4)
        order.action_assign()
        told = self.assertApplied(self.hold(self.bad))
        (line,) = told["reserved"]
        self.assertEqual((line["picking_id"], line["quantity"]), (order.id, "4"))
        self.assertEqual(self.reserved("milk"), 4)
        order.move_line_ids.picked = True
        with self.assertRaisesRegex(UserError, "BAD"):
            order.button_validate()
        order.move_line_ids.picked = False
        order.do_unreserve()
        self.assertEqual(self.reserved("milk"), 0)

    def test_freed_and_replaced_in_a_running_wave(self):
        self.fill("A-01-1", self.bad, 10)
        order, other = self.order(milk=4), self.order(milk=2)
        wave = self.wave(picking_ids=order.ids)
        other.action_assign()
        self.fill("A-02-1", self.good, 4)
        result = self.assertApplied(self.hold(self.bad, free=True))
        self.assertEqual({entry["name"] for entry in result["freed"]}, {order.name, other.name})
        self.assertEqual(result["reserved"], [])
        task = wave.wms_task_ids._opened()
        self.assertEqual((task.lot_id, task.demand), (self.good, 4))
        self.assertIn("on hold", task.explanation_text)
        self.assertEqual((order.move_line_ids.lot_id, other.state), (self.good, "confirmed"))

    def test_what_lies_on_a_cart_is_told_not_taken(self):
        self.fill("A-01-1", self.bad, 10)
        order = self.order(milk=4)
        wave = self.wave()
        self.send("task.claim")
        self.assertApplied(self.scan(wave.wms_task_ids, "BAD", "2"))
        result = self.assertApplied(self.hold(self.bad, free=True))
        (line,) = result["reserved"]
        self.assertEqual((line["picked"], line["slot"]), ("2", order.wms_cart_slot))
        answer = self.send("ship.confirm", batch_id=wave.id, partial=True)
        self.assertEqual((answer["status"], order.state), ("rejected", "assigned"))
        self.assertIn("BAD", answer["message"])

    def test_scrap_everywhere(self):
        self.fill("A-01-1", self.bad, 10)
        self.fill("A-02-1", self.bad, 5)
        self.fill("A-02-1", self.good, 3)
        self.assertRefused(self.lead_sends("lot.scrap", self.bad), "lot_not_held")
        order = self.order(milk=12)
        order.action_assign()
        self.assertApplied(self.hold(self.bad))
        self.assertRefused(self.lead_sends("lot.scrap", self.bad), "lot_reserved")
        self.assertApplied(self.hold(self.bad, free=True))
        result = self.assertApplied(self.lead_sends("lot.scrap", self.bad))
        self.assertEqual(sorted(row["quantity"] for row in result["scrapped"]), ["10", "5"])
        self.assertEqual((self.bad.product_qty, self.good.product_qty), (0, 3))
        moves = self.env["stock.scrap"].search([("lot_id", "=", self.bad.id)]).move_ids
        self.assertEqual(moves.wms_reason_id.code, "recall")
        self.assertEqual(moves.wms_user_id, self.lead)
        self.assertRefused(self.lead_sends("lot.scrap", self.bad), "lot_gone")

    def test_rights_and_duplicates(self):
        self.fill("A-01-1", self.bad, 1)
        self.assertRefused(self.hold(self.bad, self.worker), "not_allowed")
        envelope = self.envelope("lot.hold", lot_ids=self.bad.ids, reason="quality")
        first = self.execute(envelope, self.lead)
        self.assertEqual(self.execute(envelope, self.lead)["status"], "replayed")
        self.assertEqual(first["status"], "applied")
        self.assertEqual(self.bad.wms_hold_user_id, self.lead)

    def test_recall(self):
        supplier, customer = self.env["res.partner"].create([{"name": "Dairy"}, {"name": "Cafe"}])
        suppliers = self.env.ref("stock.stock_location_suppliers")
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": supplier.id,
                "location_id": suppliers.id,
                "location_dest_id": self.bin("A-01-1").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.milk.id,
                            "product_uom_qty": 9,
                            "location_id": suppliers.id,
                            "location_dest_id": self.bin("A-01-1").id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_id": self.bad.id, "quantity": 9})
        receipt.button_validate()
        sold, waits = self.order(milk=2), self.order(milk=3)
        sold.partner_id = customer
        sold.action_assign()
        sold.button_validate()
        waits.action_assign()
        self.env.flush_all()
        model = self.env["wms.lot.hold"].with_user(self.lead)
        wizard = Form(model.with_context(active_ids=self.bad.ids))
        wizard.reason_id = self.env.ref("inventory_wms.wms_reason_hold_quality")
        wizard = wizard.save()
        self.assertEqual((wizard.customer_ids, wizard.supplier_ids), (customer, supplier))
        self.assertEqual(wizard.delivered_line_ids.picking_id, sold)
        self.assertEqual(wizard.received_line_ids.picking_id, receipt)
        self.assertEqual(wizard.open_line_ids.picking_id, waits)
        self.assertEqual(sum(wizard.quant_ids.mapped("quantity")), 7)
        action = wizard.action_hold()
        self.assertEqual(action["context"]["active_ids"], self.bad.ids)
        self.assertEqual((self.bad.wms_hold, waits.move_line_ids.ids), (True, []))
        exported = self.env["stock.move.line"].search(wizard.action_export()["domain"])
        self.assertLessEqual(sold.move_line_ids | receipt.move_line_ids, exported)
        again = Form(model.with_context(active_ids=self.bad.ids)).save()
        self.assertTrue(again.all_held)
        again.action_scrap()
        self.assertEqual(self.bad.product_qty, 0)
