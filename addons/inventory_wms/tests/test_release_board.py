"""The release board: counters, states, buttons."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import Form, new_test_user, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestReleaseBoard(PickingCase):
    def setUp(self):
        super().setUp()
        # Orders of demo data wait in other warehouses.
        waiting = [("state", "in", ("confirmed", "assigned", "waiting"))]
        self.env["stock.picking"].search(waiting).action_cancel()
        self.stock("A-01-1", apple=10)

    def tiles(self, user=None):
        found = self.env["stock.picking"].with_user(user or self.lead).wms_release_board()
        return {tile["key"]: tile for tile in found}

    def counts(self):
        return {key: tile["count"] for key, tile in self.tiles().items()}

    def hold(self, orders):
        envelope = self.envelope("order.hold", picking_ids=orders.ids, reason="payment")
        self.assertApplied(self.execute(envelope, self.lead))

    def test_each_order_is_counted_where_it_waits(self):
        ready, short, held = self.order(apple=1), self.order(pear=2), self.order(apple=1)
        self.hold(held)
        soon = Datetime.now() + timedelta(hours=2)
        ready.move_ids.date_deadline = soon
        short.move_ids.date_deadline = soon
        held.move_ids.date_deadline = soon + timedelta(hours=1)
        counts = self.counts()
        self.assertEqual((counts["ready"], counts["short"], counts["hold"]), (1, 1, 1))
        self.assertEqual((counts["due"], counts["waves"], counts["stuck"]), (2, 0, 0))
        orders = (ready + short + held).with_user(self.lead)
        self.assertEqual(orders.mapped("wms_release_state"), ["ready", "short", "hold"])
        self.assertIn("2 × [PEAR] Pear", short.with_user(self.lead).wms_release_why)
        for key, tile in self.tiles().items():
            if "domain" in tile:
                behind = orders.search(tile["domain"] + [("id", "in", orders.ids)])
                self.assertEqual(len(behind), tile["count"], key)

    def test_late_orders(self):
        order = self.order(apple=1)
        order.move_ids.date_deadline = Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.counts()["late"], 1)
        self.assertTrue(order.wms_is_late)

    def test_running_and_stuck_waves(self):
        self.order(apple=1)
        wave = self.wave()
        self.send("task.claim")
        self.assertEqual((self.counts()["waves"], self.counts()["stuck"]), (1, 0))
        wave.wms_lease_until = Datetime.now() - timedelta(minutes=5)
        tile = self.tiles()["stuck"]
        self.assertEqual((tile["count"], tile["action"]["domain"]), (1, [["id", "in", wave.ids]]))

    def test_queries_do_not_grow_with_the_orders(self):
        self.stock("A-02-1", apple=100)

        def cost(count):
            for _order in range(count):
                self.order(apple=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.tiles()
            return self.env.cr.sql_log_count - before

        cost(1)  # what is cached for the user
        few = cost(3)
        self.assertLessEqual(cost(40), few + 3)

    def test_strangers(self):
        stranger = new_test_user(self.env, "no_stock", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.tiles(stranger)
        with self.assertRaises(AccessError):
            self.tiles(self.worker)

    # buttons
    def test_release_hold_and_release_the_hold(self):
        orders = self.order(apple=1) + self.order(apple=1)
        self.env.flush_all()
        model = self.env["wms.order.hold"].with_user(self.lead)
        wizard = Form(model.with_context(active_ids=orders[0].ids))
        wizard.reason_id = self.env.ref("inventory_wms.wms_reason_hold_payment")
        wizard.save().action_hold()
        self.assertEqual(orders.mapped("wms_hold"), [True, False])
        with self.assertRaisesRegex(UserError, "payment|Payment"):
            orders[0].with_user(self.lead).action_wms_release()
        orders.with_user(self.lead).action_wms_unhold()
        action = orders.with_user(self.lead).action_wms_release()
        wave = self.env["stock.picking.batch"].search(action["domain"])
        self.assertEqual(wave.picking_ids, orders)

    def test_rush_take_out_hand_over(self):
        self.order(apple=1)
        wave = self.wave()
        self.send("task.claim")
        rush = self.order(apple=2)
        wizard = Form(
            self.env["wms.wave.rush"].with_user(self.lead).with_context(active_id=rush.id)
        )
        self.assertEqual((wizard.batch_id, wizard.worker_id), (wave, self.worker))
        self.assertEqual(wizard.free_slots, wave.wms_free_slots)
        wizard.save().action_add()
        self.assertEqual(rush.batch_id, wave)
        self.scan(wave.wms_task_ids, "APPLE", "3")
        model = self.env["wms.wave.remove"].with_user(self.lead)
        wizard = Form(model.with_context(active_id=rush.id))
        self.assertIn("2 × [APPLE] Apple", wizard.goods)
        wizard.save().action_remove()
        self.assertFalse(rush.batch_id)
        model = self.env["wms.wave.hand.over"].with_user(self.lead)
        wizard = Form(model.with_context(active_ids=wave.ids))
        wizard.note = "Dock 2"
        wizard.save().action_hand_over()
        self.assertEqual((wave.wms_worker_id.id, wave.wms_note), (False, "Dock 2"))
