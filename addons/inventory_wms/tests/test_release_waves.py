"""Running waves: rush orders, orders that leave, hand-over between shifts."""

from odoo.tests import new_test_user, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestRunningWaves(PickingCase):
    def setUp(self):
        super().setUp()
        self.env["wms.cart"].search([("company_id", "=", self.env.company.id)]).active = False
        self.cart = self.env["wms.cart"].create({"name": "Two", "rows": 1, "columns": 2})
        for place, (code, name) in enumerate(
            (("A-01-1", "apple"), ("A-02-1", "pear"), ("A-03-1", "plum"), ("A-04-1", "fig"))
        ):
            self.stock(code, **{name: 20})
            self.bin(code).write(
                {"wms_kind": "bin", "wms_x": 0, "wms_y": 2 + 5 * place, "wms_aisle": "A"}
            )

    def add(self, wave, order, user=None):
        envelope = self.envelope("wave.add_order", batch_id=wave.id, picking_id=order.id)
        return self.execute(envelope, user or self.lead)

    def remove(self, wave, order, **args):
        envelope = self.envelope("wave.remove_order", batch_id=wave.id, picking_id=order.id, **args)
        return self.execute(envelope, self.lead)

    def bins(self, wave):
        return [task.location_id.name for task in wave.wms_task_ids._opened()]

    # rush
    def test_stops_join_the_walk_from_where_the_worker_stands(self):
        self.order(apple=1, plum=1, fig=1)
        wave = self.wave()
        self.send("task.claim")
        first = wave.wms_task_ids.sorted("sequence")[0]
        self.scan(first, first.product_id.barcode)
        before = self.bins(wave)
        rush = self.order(pear=2, plum=3)
        result = self.assertApplied(self.add(wave, rush))
        self.assertEqual((rush.batch_id, rush.wms_cart_slot), (wave, "A2"))
        self.assertEqual(result["slot"], "A2")
        order = self.bins(wave)
        self.assertEqual(len(order), len(before) + 1)
        # along one aisle, walking on or back never jumps over an open bin
        self.assertIn(order, (sorted(order), sorted(order, reverse=True)))
        self.assertEqual(self.stop(wave, "A-03-1").demand, 4)
        new = self.stop(wave, "A-02-1")
        self.assertEqual((new.state, new.worker_id, new.demand), ("claimed", self.worker, 2))
        self.assertTrue(new.explanation_text)
        self.assertEqual(self.reserved("pear"), 2)
        walked = first.distance + sum(wave.wms_task_ids._opened().mapped("distance"))
        self.assertGreaterEqual(wave.wms_metres, walked)
        for task in wave.wms_task_ids._opened():
            self.assertApplied(self.scan(task, task.product_id.barcode, f"{task.demand:g}"))
        shipped = self.assertApplied(self.send("ship.confirm", batch_id=wave.id))
        self.assertEqual(len(shipped["shipped"]), 2)
        self.assertFalse(shipped["backorders"])

    def test_what_is_refused(self):
        first, second = self.order(apple=1), self.order(apple=1)
        wave = self.wave(picking_ids=(first + second).ids)
        rush = self.order(pear=1)
        self.assertRefused(self.add(wave, rush), "cart_full")
        self.assertRefused(self.add(wave, rush, self.worker), "not_allowed")
        self.assertFalse(rush.batch_id)
        self.assertApplied(self.remove(wave, second))
        short = self.order(pear=99)
        answer = self.add(wave, short)
        self.assertRefused(answer, "not_added")
        self.assertIn("Pear", answer["message"])
        self.assertEqual(self.reserved("pear"), 0, "a refusal reserves nothing")
        self.cart.max_lines = 1
        self.assertRefused(self.add(wave, rush), "cart_lines")
        self.assertEqual(self.reserved("pear"), 0)
        self.cart.max_lines = 5
        self.assertApplied(self.add(wave, rush))
        self.assertRefused(self.add(wave, rush), "not_added")

    def test_an_order_of_another_operation(self):
        self.order(apple=1)
        wave = self.wave()
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.int_type_id.id}
        )
        receipt.state = "confirmed"
        self.assertRefused(self.add(wave, receipt), "not_added")

    def test_sent_twice_counts_once(self):
        self.order(apple=1)
        wave = self.wave()
        rush = self.order(pear=2)
        envelope = self.envelope("wave.add_order", batch_id=wave.id, picking_id=rush.id)
        self.assertEqual(self.execute(envelope, self.lead)["status"], "applied")
        self.assertEqual(self.execute(envelope, self.lead)["status"], "replayed")
        self.assertEqual((self.reserved("pear"), self.stop(wave, "A-02-1").demand), (2, 2))

    # removal
    def test_goods_on_the_cart_are_put_back_or_shipped(self):
        first, second = self.order(apple=2), self.order(apple=1, pear=1)
        wave = self.wave(picking_ids=(first + second).ids)
        self.send("task.claim")
        apples = self.stop(wave, "A-01-1")
        self.scan(apples, "APPLE", "2")
        asked = self.remove(wave, first)
        self.assertRefused(asked, "goods_picked")
        self.assertIn(first.wms_cart_slot, asked["message"])
        self.assertRefused(self.remove(wave, first, picked="eat"), "malformed")
        slot = first.wms_cart_slot
        result = self.assertApplied(self.remove(wave, first, picked="put_back"))
        (goods,) = result["put_back"]
        self.assertEqual((goods["slot"], goods["quantity"], goods["bin"]), (slot, "2", "A-01-1"))
        self.assertFalse(first.batch_id or first.move_line_ids)
        self.assertEqual((apples.demand, apples.done, apples.state), (1, 0, "claimed"))
        self.assertEqual(self.reserved("apple"), 1)
        back = wave.wms_task_ids.filtered(lambda task: task.kind == "put_back")
        self.assertEqual((back.demand, back.location_id.name), (2, "A-01-1"))
        self.assertApplied(self.scan(back, "APPLE", "2"))
        self.assertApplied(self.scan(apples, "APPLE"))
        result = self.assertApplied(self.remove(wave, second, picked="ship"))
        self.assertEqual(second.state, "done")
        self.assertEqual(result["backorders"][0]["origin"], second.origin or "")
        self.assertEqual(wave.state, "done")

    def test_a_stop_that_is_complete_without_the_order_closes(self):
        first, second = self.order(apple=2), self.order(apple=1)
        wave = self.wave(picking_ids=(first + second).ids)
        self.send("task.claim")
        by_slot = (first + second).sorted("wms_cart_slot")
        self.scan(wave.wms_task_ids, "APPLE", f"{by_slot[0].move_ids.product_uom_qty:g}")
        self.assertApplied(self.remove(wave, by_slot[1]))
        self.assertEqual(wave.wms_task_ids.state, "done")
        self.assertApplied(self.send("ship.confirm", batch_id=wave.id))
        self.assertEqual(by_slot[0].state, "done")

    def test_the_last_order_closes_the_wave(self):
        order = self.order(apple=1)
        wave = self.wave()
        self.assertApplied(self.remove(wave, order))
        self.assertEqual((wave.state, self.reserved("apple")), ("cancel", 0))
        self.assertRefused(self.remove(wave, order), "wave_closed")

    def test_an_order_of_another_wave(self):
        wave = self.wave(picking_ids=self.order(apple=1).ids)
        self.assertRefused(self.remove(wave, self.order(apple=1)), "not_in_wave")

    # hand-over
    def test_the_next_shift_reads_the_note(self):
        self.order(apple=1, pear=1)
        wave = self.wave()
        self.send("task.claim")
        self.scan(self.stop(wave, "A-01-1"), "APPLE")
        result = self.assertApplied(self.send("wave.hand_over", note="Pears are behind the door"))
        self.assertEqual(result["batch_ids"], wave.ids)
        self.assertFalse(wave.wms_worker_id)
        self.assertEqual(self.stop(wave, "A-02-1").state, "ready")
        work = self.assertApplied(self.send("task.claim"))
        self.assertIn("Pears are behind the door", work["wave"]["note"])
        self.assertIn(self.worker.name, work["wave"]["note"])

    def test_whose_waves_are_handed_over(self):
        waves = [self.wave(picking_ids=self.order(apple=1).ids) for _wave in range(2)]
        colleague = new_test_user(
            self.env, "wms_other", groups="base.group_portal,inventory_wms.group_worker"
        )
        self.send("task.claim", batch_id=waves[0].id)
        self.execute(self.envelope("task.claim", batch_id=waves[1].id), colleague)
        mine = self.assertApplied(
            self.send("wave.hand_over", batch_ids=[wave.id for wave in waves])
        )
        self.assertEqual(mine["batch_ids"], waves[0].ids, "a worker gives only what is his")
        self.assertRefused(self.send("wave.hand_over"), "nothing_to_hand_over")
        rest = self.execute(self.envelope("wave.hand_over", worker_id=colleague.id), self.lead)
        self.assertEqual(self.assertApplied(rest)["batch_ids"], waves[1].ids)
