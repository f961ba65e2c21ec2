"""Picking methods: a cart with slots that are confirmed, one order at a time."""

from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestMethods(PickingCase):
    def setUp(self):
        super().setUp()
        self.leg = self.warehouse.out_type_id
        self.stock("A-01-1", apple=10)

    def test_one_order_at_a_time(self):
        self.leg.wms_pick_method = "order"
        orders = self.order(apple=2) + self.order(apple=1)
        waves = self.assertApplied(self.release())["waves"]
        self.assertEqual(sorted(wave["orders"] for wave in waves), [1, 1])
        self.assertFalse(any(orders.mapped("wms_cart_slot")))
        self.leg.wms_confirm_slot = True  # there is no slot to confirm
        task = orders[0].batch_id.wms_task_ids
        self.assertApplied(self.scan(task, "APPLE", "2"))

    def cluster(self):
        self.leg.wms_confirm_slot = True
        self.cart = self.env["wms.cart"].create({"name": "Cart 7", "rows": 1, "columns": 3})
        self.first, self.second = self.order(apple=2), self.order(apple=3)
        self.third = self.order(pear=1)
        self.stock("A-02-1", pear=1)
        self.batch = self.wave(cart_id=self.cart.id)
        self.task = self.stop(self.batch, "A-01-1")
        self.assertApplied(self.send("task.claim"))

    def test_wrong_slot_is_impossible(self):
        self.cluster()
        before = self.snapshot(self.batch)
        self.assertRefused(self.scan(self.task, "APPLE"), "slot_needed")
        self.assertRefused(self.scan(self.task, "APPLE", slot="Z9"), "wrong_slot")
        other = self.third.wms_cart_slot
        self.assertRefused(self.scan(self.task, "APPLE", slot=other), "wrong_slot")
        slot = self.second.wms_cart_slot
        self.assertRefused(self.scan(self.task, "APPLE", "4", slot=slot), "above_demand")
        short = self.send("pick.short", task_id=self.task.id, quantity="1", reason="fewer")
        self.assertRefused(short, "slot_needed")
        self.assertEqual(self.snapshot(self.batch), before)

    def test_goods_go_into_the_slot_that_is_scanned(self):
        self.cluster()
        slot = self.second.wms_cart_slot
        result = self.assertApplied(self.scan(self.task, "APPLE", "3", slot=slot.lower()))
        self.assertEqual([put["slot"] for put in result["put"]], [slot])
        scanned = {
            order: sum(order.move_line_ids.mapped("wms_scanned"))
            for order in self.batch.picking_ids
        }
        self.assertEqual((scanned[self.first], scanned[self.second]), (0, 3))
        # that slot is full for this item now
        self.assertRefused(self.scan(self.task, "APPLE", slot=slot), "wrong_slot")
        label = f"Cart 7-{self.first.wms_cart_slot}"
        self.assertApplied(self.scan(self.task, "APPLE", "2", slot=label))
        self.assertEqual(self.task.state, "done")

    def test_without_the_setting_a_slot_is_only_checked(self):
        self.cluster()
        self.leg.wms_confirm_slot = False
        self.assertApplied(self.scan(self.task, "APPLE"))
        self.assertRefused(self.scan(self.task, "APPLE", slot="Z9"), "wrong_slot")
