"""What goes wrong on the floor: damaged goods, other lots, orders that change while picked."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .picking_case import PickingCase


class ExceptionsCase(PickingCase):
    def start(self, **args):
        """Release and claim the one wave."""
        self.batch = self.wave(**args)
        self.assertApplied(self.send("task.claim", batch_id=self.batch.id))
        return self.batch

    def opened(self, kind="pick"):
        """Open stops of a kind as (bin, to do), in walking order."""
        stops = self.batch.wms_task_ids._opened().filtered(lambda task: task.kind == kind)
        return [(task.location_id.name, task._remaining()) for task in stops]

    def put_backs(self):
        return self.batch.wms_task_ids._opened().filtered(lambda task: task.kind == "put_back")

    def ship(self, **args):
        return self.assertApplied(self.send("ship.confirm", batch_id=self.batch.id, **args))

    def on_hand(self, code, name):
        quants = self.env["stock.quant"].search(
            [("location_id", "=", self.bin(code).id), ("product_id", "=", self.product(name).id)]
        )
        return sum(quants.mapped("quantity"))

    def lot(self, name, product="milk", removal=None):
        """The lot of that name; ``removal`` is the date by which it must be out."""
        lots = self.env["stock.lot"]
        goods = self.product(product)
        found = lots.search([("name", "=", name), ("product_id", "=", goods.id)])
        found = found or lots.create({"name": name, "product_id": goods.id})
        if removal:
            found.removal_date = found.expiration_date = removal
        return found

    def stock_lot(self, code, lot, quantity):
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": self.bin(code).id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()


@tagged("post_install", "-at_install")
class TestDamaged(ExceptionsCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=6)

    def damaged(self, quantity, **args):
        task = self.batch.wms_task_ids._opened()[:1]
        return self.send("pick.damaged", task_id=task.id, quantity=quantity, **args)

    def test_sound_pieces_of_the_same_bin_come_first(self):
        self.order(apple=4)
        self.start()
        result = self.assertApplied(self.damaged("2"))
        self.assertEqual((result["missing"], self.opened()), ("0", [("A-01-1", 4.0)]))
        self.assertEqual(self.on_hand("A-01-1", "apple"), 4)
        move = self.env["stock.move"].search(
            [("location_id", "=", self.bin("A-01-1").id), ("state", "=", "done")]
        )
        self.assertEqual(move.quantity, 2)
        self.assertEqual(move.location_dest_id, self.warehouse._wms_damaged_place())
        self.assertEqual(move.wms_reason_id.code, "breakage")
        self.assertEqual(move.wms_user_id, self.worker)

    def test_then_another_bin(self):
        self.stock("B-01-1", apple=9)
        self.order(apple=6)
        self.start()
        task = self.batch.wms_task_ids
        self.assertApplied(self.scan(task, "APPLE", "2"))
        self.assertApplied(self.damaged("3"))
        self.assertEqual(self.opened(), [("A-01-1", 1.0), ("B-01-1", 3.0)])
        self.assertEqual((task.demand, task.done), (3, 2))

    def test_nothing_elsewhere_is_a_backorder(self):
        order = self.order(apple=6)
        self.start()
        result = self.assertApplied(self.damaged("6"))
        self.assertEqual((result["missing"], result["task"]["state"]), ("6", "short"))
        self.ship()
        self.assertEqual((self.batch.state, order.state), ("cancel", "confirmed"))
        self.assertEqual(self.reserved("apple"), 0)

    def test_the_chosen_place(self):
        place = self.env["stock.location"].create(
            {"name": "Quarantine", "location_id": self.warehouse.view_location_id.id}
        )
        self.warehouse.wms_damaged_location_id = place
        self.order(apple=2)
        self.start()
        self.assertApplied(self.damaged("1"))
        self.assertEqual(
            self.env["stock.quant"].search([("location_id", "=", place.id)]).quantity, 1
        )

    def test_no_more_than_lies_there(self):
        self.order(apple=2)
        other = self.order(apple=3)
        other.action_assign()
        self.start(picking_ids=self.order(apple=1).ids)
        before = self.snapshot(self.batch)
        self.assertRefused(self.damaged("4"), "above_bin")
        self.assertRefused(self.damaged("1", reason="lunch"), "unknown_reason")
        self.assertRefused(self.damaged("0.001"), "quantity_step")
        self.assertEqual(self.snapshot(self.batch), before)
        self.assertApplied(self.damaged("3"))
        self.assertEqual(sum(other.move_line_ids.mapped("quantity")), 3)


@tagged("post_install", "-at_install")
class TestSwapLot(ExceptionsCase):
    def setUp(self):
        super().setUp()
        goods = self.product("milk")
        goods.tracking = "lot"
        goods.use_expiration_date = True
        fefo = self.env.ref("product_expiry.removal_fefo")
        goods.categ_id = self.env["product.category"].create(
            {"name": "Fresh", "removal_strategy_id": fefo.id}
        )
        self.old, self.new = (
            self.lot("L-OLD", removal="2037-01-01"),
            self.lot("L-NEW", removal="2037-06-01"),
        )
        self.stock_lot("M-01-1", self.old, 5)
        self.stock_lot("M-01-1", self.new, 5)

    def swap(self, lot, user=None):
        task = self.batch.wms_task_ids._opened()[:1]
        envelope = self.envelope("pick.swap_lot", task_id=task.id, lot=lot.name, helping=True)
        return self.execute(envelope, user)

    def lots(self, order):
        lines = order.move_line_ids
        return {line.lot_id.name: line.quantity for line in lines}

    def test_free_lot_with_a_leads_right(self):
        order = self.order(milk=3)
        self.start()
        self.assertEqual(self.lots(order), {"L-OLD": 3})
        before = self.snapshot(self.batch)
        self.assertRefused(self.swap(self.new), "lot_later")
        self.assertEqual(self.snapshot(self.batch), before)
        result = self.assertApplied(self.swap(self.new, self.lead))
        self.assertEqual((self.lots(order), result["quantity"]), ({"L-NEW": 3}, "3"))
        stop = self.stop(self.batch, "M-01-1")
        self.assertEqual(
            (stop.lot_id, stop.demand, result["task"]["state"]), (self.new, 3, "cancelled")
        )
        self.assertApplied(self.scan(stop, "L-NEW", "3"))
        self.ship()
        self.assertEqual((order.state, order.move_line_ids.lot_id), ("done", self.new))

    def test_both_orders_change_places(self):
        other = self.order(milk=5)
        other.action_assign()
        mine = self.order(milk=5)
        self.start(picking_ids=mine.ids)
        self.assertEqual((self.lots(other), self.lots(mine)), ({"L-OLD": 5}, {"L-NEW": 5}))
        self.assertApplied(self.swap(self.old))
        self.assertEqual((self.lots(other), self.lots(mine)), ({"L-NEW": 5}, {"L-OLD": 5}))
        self.assertEqual(self.opened(), [("M-01-1", 5.0)])

    def test_both_stops_of_two_waves_change_places(self):
        first, second = self.order(milk=5), self.order(milk=5)
        other_wave = self.wave(picking_ids=first.ids)
        self.start(picking_ids=second.ids)
        self.assertApplied(self.swap(self.old))
        self.assertEqual(other_wave.wms_task_ids._opened().lot_id, self.new)
        self.assertEqual(self.batch.wms_task_ids._opened().lot_id, self.old)

    def test_half_picked_stop_swaps_its_rest(self):
        order = self.order(milk=4)
        self.start()
        self.assertApplied(self.scan(self.batch.wms_task_ids, "L-OLD", "1"))
        self.assertApplied(self.swap(self.new, self.lead))
        self.assertEqual(self.lots(order), {"L-OLD": 1, "L-NEW": 3})
        self.assertEqual(self.opened(), [("M-01-1", 3.0)])

    def test_refusals_change_nothing(self):
        order = self.order(milk=3)
        self.start()
        before = self.snapshot(self.batch)
        past = self.lot("L-PAST", removal="2020-01-01")
        self.stock_lot("M-01-1", past, 1)
        far = self.lot("L-FAR", removal="2036-01-01")
        self.stock_lot("M-02-1", far, 1)
        before = self.snapshot(self.batch)
        self.assertRefused(self.swap(past), "lot_expired")
        self.assertRefused(self.swap(far), "lot_not_here")
        self.assertRefused(self.swap(self.old), "lot_is_planned")
        self.assertRefused(self.swap(self.lot("X").new({"name": "NOPE"})), "lot_unknown")
        self.new.wms_hold = True
        self.assertRefused(self.swap(self.new, self.lead), "lot_on_hold")
        self.new.wms_hold = False
        order.move_ids.wms_lot_id = self.old
        self.assertRefused(self.swap(self.new, self.lead), "lot_asked_for")
        self.assertEqual(self.snapshot(self.batch), before)

    def test_waves_leave_lots_on_hold_alone(self):
        self.old.wms_hold = True
        order = self.order(milk=3)
        self.start()
        self.assertEqual(self.lots(order), {"L-NEW": 3})

    def test_the_lot_asked_for_is_reserved(self):
        order = self.order(milk=3)
        order.move_ids.wms_lot_id = self.new
        self.start()
        self.assertEqual(self.lots(order), {"L-NEW": 3})


@tagged("post_install", "-at_install")
class TestChanges(ExceptionsCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        self.first, self.second = self.order(apple=2, pear=1), self.order(pear=2)
        self.start()

    def test_cancelled_order_is_put_back(self):
        apples, pears = self.stop(self.batch, "A-01-1"), self.stop(self.batch, "A-02-1")
        slot = self.first.wms_cart_slot
        self.assertApplied(self.scan(apples, "APPLE", "2"))
        self.assertApplied(self.scan(pears, "PEAR", "1"))
        self.first.action_cancel()
        self.assertEqual(self.opened(), [("A-02-1", 2.0)])
        back = self.put_backs()
        self.assertEqual(self.opened("put_back"), [("A-01-1", 2.0), ("A-02-1", 1.0)])
        self.assertEqual(set(back.mapped("slot")), {slot})
        self.assertEqual(apples.state, "cancelled")
        work = self.send("task.claim")["result"]["tasks"]
        first = next(task for task in work if task["kind"] == "put_back")
        self.assertEqual(first["puts"][0]["slot"], slot)
        for task in back:
            self.assertApplied(self.scan(task, task.product_id.barcode, str(int(task.demand))))
        self.assertApplied(self.scan(pears, "PEAR", "2"))
        self.ship()
        self.assertEqual((self.second.state, self.batch.state), ("done", "done"))

    def test_all_orders_cancelled_waits_for_the_put_back(self):
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "1"))
        (self.first + self.second).action_cancel()
        self.assertEqual(self.batch.state, "in_progress")
        self.assertEqual(self.opened("put_back"), [("A-01-1", 1.0)])
        self.assertApplied(self.scan(self.put_backs(), "APPLE", "1"))
        self.assertEqual((self.batch.state, self.batch.wms_worker_id.id), ("cancel", False))

    def test_put_back_given_up_asks_for_a_count(self):
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "1"))
        (self.first + self.second).action_cancel()
        self.assertRefused(self.send("ship.confirm", batch_id=self.batch.id), "stops_open")
        self.ship(partial=True)
        self.assertEqual(self.batch.state, "cancel")
        suspect = self.env["stock.quant"].search([("location_id", "=", self.bin("A-01-1").id)])
        self.assertTrue(suspect.wms_short_at)

    def test_put_back_that_is_not_on_the_cart(self):
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "2"))
        self.first.action_cancel()
        back = self.put_backs()
        self.assertApplied(self.send("pick.short", task_id=back.id, quantity="1", reason="fewer"))
        self.assertEqual((back.state, back.done), ("short", 1))

    def test_line_cut_and_raised(self):
        pears = self.stop(self.batch, "A-02-1")
        self.assertApplied(self.scan(pears, "PEAR", "2"))
        move = self.second.move_ids
        move.product_uom_qty = 1
        self.assertEqual((pears.demand, pears.done), (2, 2 - len(self.put_backs())))
        move.product_uom_qty = 4
        held = sum(move.move_line_ids.mapped("quantity"))
        self.assertEqual((held, move.state), (4, "assigned"))
        for task in self.batch.wms_task_ids._opened():
            left = str(int(task._remaining()))
            self.assertApplied(self.scan(task, task.product_id.barcode, left))
        self.ship()
        self.assertEqual((self.second.state, move.quantity), ("done", 4))

    def test_line_added_from_where_the_worker_stands(self):
        self.stock("A-03-1", plum=5)
        for position, code in enumerate(("A-01-1", "A-02-1", "A-03-1")):
            self.bin(code).write(
                {"wms_kind": "bin", "wms_x": 3, "wms_y": 4 - 2 * position, "wms_aisle": "1"}
            )
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "2"))
        self.env["stock.move"].create(
            {
                "product_id": self.product("plum").id,
                "product_uom_qty": 2,
                "picking_id": self.first.id,
                "location_id": self.first.location_id.id,
                "location_dest_id": self.first.location_dest_id.id,
            }
        )._action_confirm()
        self.assertEqual(self.opened(), [("A-02-1", 3.0), ("A-03-1", 2.0)])
        added = self.stop(self.batch, "A-03-1")
        self.assertIn("Added", added.explanation_text)
        self.assertEqual(added.worker_id, self.worker)
        self.assertEqual(added.distance, 2)

    def test_unreserved_and_reserved_again(self):
        pears = self.stop(self.batch, "A-02-1")
        self.assertApplied(self.scan(pears, "PEAR", "1"))
        self.second.do_unreserve()
        self.second.action_assign()
        self.assertEqual(
            sum(left for _bin, left in self.opened()), 2 + 2 + 1 - 1 * (1 - len(self.put_backs()))
        )
        self.ship(partial=True)
        self.assertEqual(self.batch.state, "done")

    def test_transfer_taken_out_of_the_wave(self):
        self.second.batch_id = False
        self.assertEqual(self.opened(), [("A-01-1", 2.0), ("A-02-1", 1.0)])
        self.second.batch_id = self.batch
        self.assertEqual(self.opened(), [("A-01-1", 2.0), ("A-02-1", 3.0)])

    def test_stock_user_without_rights_on_stops(self):
        user = new_test_user(self.env, "wms_stock", groups="stock.group_stock_user")
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "1"))
        self.first.with_user(user).action_cancel()
        self.assertEqual(self.opened("put_back"), [("A-01-1", 1.0)])


@tagged("post_install", "-at_install")
class TestSaleChanges(ExceptionsCase):
    """The same, from the sales order."""

    def setUp(self):
        super().setUp()
        self.warehouse.out_type_id.reservation_method = "manual"
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        self.sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Ann"}).id,
                "warehouse_id": self.warehouse.id,
                "order_line": [self.sale_line("apple", 4)],
            }
        )
        self.sale.action_confirm()
        self.picking = self.sale.picking_ids
        self.start()

    def sale_line(self, name, quantity):
        values = {"product_id": self.product(name).id, "product_uom_qty": quantity}
        return Command.create(values)

    def test_added_line_joins_the_wave(self):
        self.sale.order_line = [
            (0, 0, {"product_id": self.product("pear").id, "product_uom_qty": 2})
        ]
        self.assertEqual(self.sale.picking_ids, self.picking)
        self.assertEqual(self.opened(), [("A-01-1", 4.0), ("A-02-1", 2.0)])

    def test_raised_line(self):
        self.sale.order_line.product_uom_qty = 6
        self.assertEqual(self.sale.picking_ids, self.picking)
        self.assertEqual(sum(left for _bin, left in self.opened()), 6)

    def test_cut_line(self):
        task = self.stop(self.batch, "A-01-1")
        self.assertApplied(self.scan(task, "APPLE", "3"))
        self.sale.order_line.product_uom_qty = 2
        self.assertEqual(self.opened("put_back"), [("A-01-1", 1.0)])
        self.assertEqual(self.opened(), [])
        self.ship(partial=True)
        self.assertEqual(self.sale.order_line.qty_delivered, 2)

    def test_cut_by_a_salesperson(self):
        user = new_test_user(self.env, "wms_seller", groups="sales_team.group_sale_salesman")
        self.sale.user_id = user
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "3"))
        self.sale.with_user(user).order_line.product_uom_qty = 3
        self.assertEqual(self.opened(), [])

    def test_cancelled_sale(self):
        self.assertApplied(self.scan(self.stop(self.batch, "A-01-1"), "APPLE", "3"))
        self.sale.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self.picking.state, "cancel")
        self.assertEqual(self.opened("put_back"), [("A-01-1", 3.0)])
        self.assertApplied(self.scan(self.put_backs(), "APPLE", "3"))
        self.assertEqual(self.batch.state, "cancel")


@tagged("post_install", "-at_install")
class TestWaitForGoods(ExceptionsCase):
    def setUp(self):
        super().setUp()
        self.warehouse.out_type_id.wms_short_policy = "wait"
        self.stock("A-01-1", apple=5)
        self.stock("A-02-1", pear=5)
        self.picking = self.order(apple=4, pear=2)
        self.start()
        self.assertApplied(self.scan(self.stop(self.batch, "A-02-1"), "PEAR", "2"))
        apples = self.stop(self.batch, "A-01-1")
        self.assertApplied(self.send("pick.short", task_id=apples.id, quantity="1", reason="fewer"))

    def test_waits_in_its_slot_and_ships_whole(self):
        slot = self.picking.wms_cart_slot
        result = self.ship()
        self.assertEqual([entry["picking_id"] for entry in result["waiting"]], self.picking.ids)
        self.assertEqual((result["shipped"], self.batch.state), ([], "cancel"))
        self.assertEqual(self.picking.wms_cart_slot, slot)
        self.assertEqual(self.reserved("pear"), 2)
        self.stock("A-01-1", apple=9)
        self.start()
        self.assertEqual(self.opened(), [("A-01-1", 3.0)])
        self.assertApplied(self.scan(self.batch.wms_task_ids, "APPLE", "3"))
        self.ship()
        self.assertEqual((self.picking.state, self.picking.backorder_ids.ids), ("done", []))
        moved = {move.product_id.name: move.quantity for move in self.picking.move_ids}
        self.assertEqual(moved, {"Apple": 4, "Pear": 2})

    def test_lead_ships_it_anyway(self):
        envelope = self.envelope("ship.confirm", batch_id=self.batch.id, anyway=True)
        self.assertApplied(self.execute(envelope, self.lead))
        self.assertEqual((self.picking.state, len(self.picking.backorder_ids)), ("done", 1))
