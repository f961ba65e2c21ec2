from odoo.tests import Form, HttpCase, new_test_user, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestWaves(PickingCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=10)

    # what is left out is reported
    def test_left_out_with_the_reason(self):
        short = self.order(apple=4, pear=1)
        whole = self.order(apple=3)
        done = self.order(apple=1)
        done.action_assign()
        done.button_validate()
        draft = whole.copy()
        asked = short + whole + done + draft
        result = self.assertApplied(self.release(picking_ids=asked.ids))
        self.assertEqual(result["waves"][0]["picking_ids"], whole.ids)
        told = {entry["picking_id"]: entry for entry in result["skipped"]}
        self.assertEqual(told[short.id]["code"], "skip_short")
        self.assertIn("1 × [PEAR] Pear", told[short.id]["reason"])
        self.assertEqual(told[done.id]["code"], "skip_state")
        self.assertEqual(told[draft.id]["code"], "skip_state")
        # the order that is not whole holds nothing back
        self.assertEqual(self.reserved("apple"), 3)
        again = self.assertApplied(self.release(picking_ids=whole.ids))
        self.assertEqual(again["skipped"][0]["code"], "skip_in_wave")

    def test_first_order_first_served(self):
        urgent, later = self.order(apple=6), self.order(apple=6)
        later.priority = "1"
        result = self.assertApplied(self.release())
        self.assertEqual(result["waves"][0]["picking_ids"], later.ids)
        self.assertEqual([entry["picking_id"] for entry in result["skipped"]], urgent.ids)

    def test_carts_are_not_overfilled(self):
        cart = self.env["wms.cart"].create({"name": "Small", "rows": 1, "columns": 2})
        orders = [self.order(apple=1) for _order in range(5)]
        result = self.assertApplied(self.release(cart_id=cart.id))
        self.assertEqual(sorted(wave["orders"] for wave in result["waves"]), [1, 2, 2])
        slots = sorted(order.wms_cart_slot for order in orders)
        self.assertEqual(slots, ["A1", "A1", "A1", "A2", "A2"])

    def test_nothing_to_release_is_no_error(self):
        result = self.assertApplied(self.release())
        self.assertEqual((result["waves"], result["orders"]), ([], 0))

    def test_worker_may_not_release(self):
        self.order(apple=1)
        answer = self.send("wave.release")
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"))

    def test_what_core_reserved_is_kept(self):
        order = self.order(apple=3)
        order.action_assign()
        lines = order.move_line_ids
        wave = self.wave()
        self.assertEqual(wave.wms_task_ids.move_line_ids, lines)
        self.assertEqual(self.reserved("apple"), 3)

    def test_reserve_without_waves(self):
        order, short = self.order(apple=3), self.order(pear=1)
        envelope = self.envelope("wave.reserve", picking_ids=(order + short).ids)
        result = self.assertApplied(self.execute(envelope, self.lead))
        self.assertEqual(result["reserved"], order.ids)
        self.assertEqual(result["skipped"][0]["picking_id"], short.id)
        self.assertEqual((order.state, short.state), ("assigned", "confirmed"))

    # which bin
    def test_older_stock_goes_first(self):
        self.env["stock.quant"].search(
            [("location_id", "=", self.bin("A-01-1").id)]
        ).in_date = "2026-03-01"
        self.stock("A-02-1", apple=10)
        self.env["stock.quant"].search(
            [("location_id", "=", self.bin("A-02-1").id)]
        ).in_date = "2026-01-01"
        self.order(apple=12)
        wave = self.wave()
        old, new = self.stop(wave, "A-02-1"), self.stop(wave, "A-01-1")
        self.assertEqual((old.demand, new.demand), (10, 2))
        self.assertIn("2026-01-01", old.explanation_text)

    def test_locked_and_suspect_bins_are_left_alone(self):
        self.bin("A-01-1").wms_locked = True
        self.stock("A-02-1", apple=5)
        self.order(apple=5)
        self.assertEqual(self.wave().wms_task_ids.location_id.name, "A-02-1")
        self.order(apple=5)
        self.assertEqual(len(self.assertApplied(self.release())["skipped"]), 1)

    def test_goods_that_are_not_stored_travel_along(self):
        order = self.order(apple=1)
        gift = self.env["product.product"].create({"name": "Card", "type": "consu"})
        self.env["stock.move"].create(
            {
                "product_id": gift.id,
                "product_uom_qty": 1,
                "picking_id": order.id,
                "location_id": order.location_id.id,
                "location_dest_id": order.location_dest_id.id,
            }
        )._action_confirm()
        wave = self.wave()
        self.assertEqual(set(wave.wms_task_ids.mapped("product_id.name")), {"Apple", "Card"})

    # the walk
    def test_stops_follow_the_walk(self):
        for code, x, y in (("A-02-1", 3, 2), ("B-01-1", 0, 8)):
            self.stock(code, **{f"item{code[0].lower()}": 5})
            self.bin(code).write({"wms_kind": "bin", "wms_x": x, "wms_y": y, "wms_aisle": str(x)})
        self.bin("A-01-1").write({"wms_kind": "bin", "wms_x": 3, "wms_y": 9, "wms_aisle": "3"})
        self.order(apple=1, itema=1, itemb=1)
        wave = self.wave()
        found = [task.location_id.name for task in wave.wms_task_ids.sorted("sequence")]
        self.assertIn(found, (["B-01-1", "A-01-1", "A-02-1"], ["A-02-1", "A-01-1", "B-01-1"]))
        self.assertGreater(wave.wms_metres, 0)
        self.assertLessEqual(wave.wms_metres, wave.wms_metres_plain)
        self.assertTrue(all(task.distance >= 0 for task in wave.wms_task_ids))

    def test_carts_are_filled_by_neighbours(self):
        cart = self.env["wms.cart"].create({"name": "Pair", "rows": 1, "columns": 2})
        for code, x in (("A-02-1", 0), ("B-01-1", 60), ("B-02-1", 60)):
            self.stock(code, **{f"item{code[0]}{code[3]}".lower(): 5})
            self.bin(code).write({"wms_kind": "bin", "wms_x": x, "wms_y": 9, "wms_aisle": str(x)})
        self.bin("A-01-1").write({"wms_kind": "bin", "wms_x": 0, "wms_y": 9, "wms_aisle": "0"})
        near, far = self.order(apple=1), self.order(itemb1=1)
        near_too, far_too = self.order(itema2=1), self.order(itemb2=1)
        result = self.assertApplied(self.release(cart_id=cart.id))
        found = [wave["picking_ids"] for wave in result["waves"]]
        self.assertEqual(found, [(near + near_too).ids, (far + far_too).ids])
        self.assertLess(result["metres"], result["metres_plain"])

    # constant cost
    def test_queries_do_not_grow_with_the_orders(self):
        self.stock("A-01-1", apple=500, pear=500)

        def cost(count):
            orders = self.env["stock.picking"].union(
                *(self.order(apple=1, pear=1) for _order in range(count))
            )
            cart = self.env["wms.cart"].create(
                {"name": f"Cart {count}", "rows": 5, "columns": 20, "max_lines": 500}
            )
            planning = self.env["wms.planning"]
            limits = planning._cart_limits(self.warehouse, cart.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            released = planning._release(orders, limits)
            self.env.flush_all()
            self.assertEqual((len(released.waves), released.skipped), (1, {}))
            return self.env.cr.sql_log_count - before

        cost(1)
        few, many = cost(5), cost(60)
        self.assertLessEqual(many, few + 5)
        self.assertLess(many, 110)

    # claims
    def test_two_workers_get_two_waves(self):
        cart = self.env["wms.cart"].create({"name": "One", "rows": 1, "columns": 1})
        self.order(apple=1), self.order(apple=1)
        self.release(cart_id=cart.id)
        colleague = new_test_user(
            self.env, "wms_other", groups="base.group_portal,inventory_wms.group_worker"
        )
        device = self.env["wms.device"].create({"name": "Other scanner"})

        def send(user, on, op, **args):
            envelope = dict(self.envelope(op, **args), device_id=on.uid, seq=on.last_seq + 1)
            return self.execute(envelope, user)

        def claim(user, on, **args):
            return send(user, on, "task.claim", **args)

        mine = self.assertApplied(claim(self.worker, self.device))["wave"]["batch_id"]
        theirs = self.assertApplied(claim(colleague, device))["wave"]["batch_id"]
        self.assertNotEqual(mine, theirs)
        again = self.assertApplied(claim(self.worker, self.device))
        self.assertEqual(again["wave"]["batch_id"], mine, "the wave in work comes first")
        self.assertRefused(claim(colleague, device, batch_id=mine), "wave_taken")
        self.assertRefused(send(colleague, device, "task.release", batch_id=mine), "wave_taken")
        self.env["stock.picking.batch"].browse(mine).wms_lease_until = "2026-01-01"
        self.assertApplied(claim(colleague, device, batch_id=mine))

    def test_nothing_to_do(self):
        self.assertRefused(self.send("task.claim"), "nothing_to_do")

    def test_given_back(self):
        self.order(apple=1)
        wave = self.wave()
        self.send("task.claim")
        self.assertApplied(self.send("task.release", batch_id=wave.id))
        self.assertFalse(wave.wms_worker_id)
        self.assertEqual(wave.wms_task_ids.state, "ready")

    # screens of the lead
    def test_release_wizard(self):
        whole, short = self.order(apple=3), self.order(pear=1)
        wizard = Form(self.env["wms.wave.release"].with_user(self.lead))
        self.assertEqual((wizard.ready_count, wizard.skipped_count), (1, 1))
        wizard = wizard.save()
        reasons = {line.picking_id: line.reason for line in wizard.line_ids}
        self.assertFalse(reasons[whole])
        self.assertIn("Pear", reasons[short])
        self.assertEqual(self.reserved("apple"), 0, "a preview books nothing")
        action = wizard.action_release()
        wave = self.env["stock.picking.batch"].search(action["domain"])
        self.assertEqual(wave.picking_ids, whole)

    def test_lead_closes_a_wave(self):
        self.order(apple=2)
        wave = self.wave()
        self.send("task.claim")
        self.scan(wave.wms_task_ids, "APPLE")
        wave.with_user(self.lead).action_wms_give_back()
        self.assertFalse(wave.wms_worker_id)
        wave.with_user(self.lead).action_wms_ship()
        self.assertEqual(wave.state, "done")

    def test_cancelled_wave_frees_its_orders(self):
        order = self.order(apple=2)
        wave = self.wave()
        self.send("task.claim")
        self.scan(wave.wms_task_ids, "APPLE")
        wave.action_cancel()
        self.assertEqual(wave.wms_task_ids.state, "cancelled")
        again = self.wave()
        self.assertEqual((again.picking_ids, again.wms_task_ids.done), (order, 1))


@tagged("post_install", "-at_install")
class TestNextTask(HttpCase, PickingCase):
    def ask(self, login, **params):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/wms/task/next", params)

    def test_worker_sees_his_stops(self):
        self.stock("A-01-1", apple=10)
        order = self.order(apple=3)
        wave = self.wave()
        before = self.ask("wms_worker")
        self.assertEqual(before, {"work": None, "free_waves": 1})
        self.assertApplied(self.send("task.claim"))
        self.env.flush_all()
        answer = self.ask("wms_worker")
        (stop,) = answer["work"]["tasks"]
        self.assertEqual(answer["free_waves"], 0)
        self.assertEqual(answer["work"]["wave"]["batch_id"], wave.id)
        self.assertEqual((stop["bin"]["code"], stop["bin"]["parts"]), ("A-01-1", ["A", "01", "1"]))
        self.assertEqual((stop["product"]["sku"], stop["demand"]), ("APPLE", "3"))
        self.assertEqual(stop["puts"][0]["slot"], order.wms_cart_slot)
        self.assertTrue(stop["why"])

    def test_strangers_see_nothing(self):
        new_test_user(self.env, "wms_portal_only", groups="base.group_portal")
        self.assertEqual(self.ask("wms_portal_only")["code"], "not_allowed")
