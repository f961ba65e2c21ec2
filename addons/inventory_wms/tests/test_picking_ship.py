from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestShort(PickingCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=5)

    def start(self):
        self.picking = self.order(apple=4)
        self.batch = self.wave()
        self.task = self.batch.wms_task_ids
        self.send("task.claim")

    def short(self, quantity="0", reason="bin_empty"):
        return self.send("pick.short", task_id=self.task.id, quantity=quantity, reason=reason)

    def test_rest_comes_from_the_next_bin(self):
        self.start()
        self.stock("B-01-1", apple=9)
        self.scan(self.task, "APPLE")
        result = self.assertApplied(self.short())
        self.assertEqual((result["task"]["state"], result["missing"]), ("short", "0"))
        (instead,) = result["instead"]
        self.assertEqual((instead["bin"]["code"], instead["demand"]), ("B-01-1", "3"))
        self.assertEqual(result["next"]["task_id"], instead["task_id"])
        self.assertIn("A-01-1", " ".join(instead["why"]))
        # the order is still whole, and the bin waits for a count
        self.assertEqual(self.picking.state, "assigned")
        self.assertEqual(self.reserved("apple"), 4)
        suspect = self.env["stock.quant"].search([("location_id", "=", self.bin("A-01-1").id)])
        self.assertTrue(suspect.wms_short_at)
        # work on: the wave is finished by the other bin
        other = self.stop(self.batch, "B-01-1")
        self.assertApplied(self.scan(other, "APPLE", "3"))
        shipped = self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id))
        self.assertEqual((len(shipped["shipped"]), shipped["backorders"]), (1, []))
        self.assertEqual(self.picking.move_ids.mapped("quantity"), [4])
        self.assertEqual((self.picking.state, self.batch.state), ("done", "done"))
        self.assertEqual(self.reserved("apple"), 0)

    def test_nothing_elsewhere_leaves_a_usable_backorder(self):
        self.start()
        result = self.assertApplied(self.short("1", "fewer"))
        self.assertEqual((result["missing"], result["instead"], result["next"]), ("3", [], None))
        self.assertEqual(result["task"]["done"], "1")
        shipped = self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id))
        (backorder,) = self.env["stock.picking"].browse(
            [entry["picking_id"] for entry in shipped["backorders"]]
        )
        self.assertEqual((self.picking.state, self.batch.state), ("done", "done"))
        self.assertEqual(backorder.move_ids.product_uom_qty, 3)
        self.assertFalse(backorder.batch_id)
        # not from the suspicious bin: reported, not silently dropped
        answer = self.assertApplied(self.release())
        (skipped,) = answer["skipped"]
        self.assertEqual((skipped["picking_id"], skipped["code"]), (backorder.id, "skip_short"))
        # after a count that found the goods, the backorder goes out
        self.stock("A-01-1", apple=4)
        self.batch = self.wave()
        self.assertEqual(self.batch.picking_ids, backorder)
        self.send("task.claim")
        self.assertApplied(self.scan(self.batch.wms_task_ids, "APPLE", "3"))
        self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id))
        self.assertEqual(backorder.state, "done")

    def test_goods_costed_by_core_leave_by_a_workers_hand(self):
        """Core's own FIFO reads locations as the acting user, who may not read any."""
        self.product("apple").categ_id = self.env["product.category"].create(
            {"name": "Core FIFO", "property_cost_method": "fifo"}
        )
        self.start()
        self.assertApplied(self.scan(self.task, "APPLE", "4"))
        self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id))
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(self.picking.move_ids.wms_user_id, self.worker)

    def test_everything_short_still_closes_the_wave(self):
        self.start()
        self.assertApplied(self.short())
        result = self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id))
        self.assertEqual((result["shipped"], len(result["not_picked"])), ([], 1))
        self.assertEqual(self.batch.state, "cancel")
        self.assertEqual((self.picking.state, self.picking.batch_id.id), ("confirmed", False))
        self.assertEqual(self.reserved("apple"), 0)

    def test_bad_shorts_are_named(self):
        self.start()
        before = self.snapshot(self.batch)
        self.assertRefused(self.short(reason="lunch"), "unknown_reason")
        self.assertRefused(self.short("-1"), "quantity_negative")
        self.assertRefused(self.short("9"), "above_demand")
        self.assertEqual(self.snapshot(self.batch), before)
        self.assertApplied(self.short())
        self.assertRefused(self.short(), "task_closed")
        self.assertRefused(self.scan(self.task, "APPLE"), "task_closed")


@tagged("post_install", "-at_install")
class TestShip(PickingCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        self.first, self.second = self.order(apple=2, pear=1), self.order(pear=2)
        self.batch = self.wave()
        self.send("task.claim")

    def ship(self, **args):
        return self.send("ship.confirm", **args)

    def test_whole_wave(self):
        for task in self.batch.wms_task_ids:
            self.assertApplied(self.scan(task, task.product_id.barcode, str(int(task.demand))))
        result = self.assertApplied(self.ship(batch_id=self.batch.id))
        self.assertEqual(len(result["shipped"]), 2)
        self.assertEqual((self.first + self.second).mapped("state"), ["done", "done"])
        self.assertEqual((self.batch.state, self.batch.wms_worker_id.id), ("done", False))
        moves = (self.first + self.second).move_ids
        self.assertEqual(moves.wms_user_id, self.worker)
        self.assertEqual(moves.wms_device_id, self.device)
        self.assertEqual(moves.wms_command_id.op, "ship.confirm")
        self.assertEqual(moves.wms_reason_id.code, "customer_order")
        self.assertRefused(self.ship(batch_id=self.batch.id), "already_shipped")

    def test_open_stops_are_asked_about_then_given_up(self):
        apples = self.stop(self.batch, "A-01-1")
        self.scan(apples, "APPLE")
        self.assertRefused(self.ship(batch_id=self.batch.id), "stops_open")
        result = self.assertApplied(self.ship(batch_id=self.batch.id, partial=True))
        self.assertEqual([entry["picking_id"] for entry in result["shipped"]], self.first.ids)
        self.assertEqual([entry["picking_id"] for entry in result["not_picked"]], self.second.ids)
        self.assertEqual(self.first.move_ids.filtered("quantity").quantity, 1)
        backorder = self.first.backorder_ids
        self.assertEqual(sum(backorder.move_ids.mapped("product_uom_qty")), 2)
        self.assertEqual(self.reserved("apple") + self.reserved("pear"), 0)
        self.assertEqual(self.batch.state, "done")
        # both wait for the next wave
        again = self.wave()
        self.assertEqual(again.picking_ids, backorder + self.second)

    def test_one_order_of_a_wave(self):
        for task in self.batch.wms_task_ids:
            self.scan(task, task.product_id.barcode, str(int(task.demand)))
        self.assertApplied(self.ship(picking_id=self.first.id))
        self.assertEqual((self.first.state, self.second.state), ("done", "assigned"))
        self.assertEqual(self.batch.picking_ids, self.second)
        self.assertApplied(self.ship(batch_id=self.batch.id))
        self.assertEqual((self.second.state, self.batch.state), ("done", "done"))

    def test_core_screen_ships_what_was_scanned(self):
        apples = self.stop(self.batch, "A-01-1")
        self.scan(apples, "APPLE")
        self.first.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.first.move_ids.filtered("quantity").mapped("quantity"), [1])
        self.assertFalse(apples._is_open)

    def test_cancelled_order_leaves_its_stops(self):
        self.first.action_cancel()
        self.assertFalse(self.stop(self.batch, "A-01-1"))
        pears = self.stop(self.batch, "A-02-1")
        self.assertEqual(pears.demand, 2)
        self.assertApplied(self.scan(pears, "PEAR", "2"))
        self.assertApplied(self.ship(batch_id=self.batch.id))
        self.assertEqual((self.second.state, self.batch.state), ("done", "done"))

    def test_validated_in_the_office_without_scans(self):
        orders = self.batch.picking_ids
        orders.move_ids.picked = True
        orders.with_context(skip_backorder=True).button_validate()
        self.assertEqual(set(orders.mapped("state")), {"done"})
        self.assertFalse(self.batch.wms_task_ids._opened())
