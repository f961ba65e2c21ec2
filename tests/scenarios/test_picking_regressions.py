"""What other systems' users complain about in waves, batches and parallel work, case by case.

The number in a test's name is the complaint's number in our list of them: 9 to 21 picking, waves
and batches, 25 to 30 concurrency.  The invariants are checked after each.
"""

from odoo.addons.inventory_wms.services.locks import LockKeys, rows
from odoo.addons.inventory_wms.tests.test_picking_exceptions import ExceptionsCase
from odoo.addons.wms_barcode.tests.common import Phone
from odoo.tests import new_test_user, tagged

from tests.invariants.mixin import InvariantsMixin


class RegressionCase(InvariantsMixin, ExceptionsCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)

    def pick(self, code, barcode, quantity):
        return self.assertApplied(self.scan(self.stop(self.batch, code), barcode, quantity))

    def colleague(self):
        """A second worker with a device: call it as ``send(op, **args)``."""
        user = new_test_user(
            self.env, "wms_second", groups="base.group_portal,inventory_wms.group_worker"
        )
        device = self.env["wms.device"].create({"name": "Second scanner"})

        def send(op, **args):
            envelope = dict(self.envelope(op, **args), device_id=device.uid)
            return self.execute(dict(envelope, seq=device.last_seq + 1), user)

        return send


@tagged("post_install", "-at_install")
class TestWaveComplaints(RegressionCase):
    def test_09_partial_wave_can_be_validated(self):
        first, second = self.order(apple=2), self.order(pear=3)
        self.start()
        self.pick("A-01-1", "APPLE", "1")
        self.pick("A-02-1", "PEAR", "3")
        self.batch.with_context(skip_backorder=True).action_done()  # core's own button
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(first.backorder_ids.move_ids.product_uom_qty, 1)
        self.assertEqual(self.batch.state, "done")

    def test_10_backorder_does_not_block_its_wave(self):
        first, second = self.order(apple=4), self.order(pear=1)
        self.start()
        self.pick("A-01-1", "APPLE", "3")
        self.pick("A-02-1", "PEAR", "1")
        self.ship(partial=True)
        self.assertEqual((self.batch.state, second.state), ("done", "done"))
        backorder = first.backorder_ids
        self.assertFalse(backorder.batch_id)
        self.start()
        self.assertEqual(self.batch.picking_ids, backorder)
        self.pick("A-01-1", "APPLE", "1")
        self.ship()
        self.assertEqual(backorder.state, "done")

    def test_11_transfer_stays_in_its_wave(self):
        first, second = self.order(apple=4, pear=1), self.order(pear=1)
        self.start()
        both = first + second
        self.pick("A-01-1", "APPLE", "1")
        self.assertEqual(both.batch_id, self.batch)
        task = self.stop(self.batch, "A-01-1")
        self.assertApplied(self.send("pick.damaged", task_id=task.id, quantity="1"))
        self.assertEqual(both.batch_id, self.batch)
        self.assertApplied(self.send("pick.short", task_id=task.id, reason="fewer"))
        self.assertEqual(both.batch_id, self.batch)
        second.do_unreserve()
        second.action_assign()
        self.assertEqual(both.batch_id, self.batch)
        self.assertEqual(self.opened(), [("A-02-1", 2.0)])

    def test_12_half_done_wave_leaves_nothing_empty_on_the_scanner(self):
        first, _second = self.order(apple=2), self.order(pear=2)
        self.start()
        self.pick("A-01-1", "APPLE", "2")
        phone = Phone(self)
        phone.refresh()
        self.assertEqual(phone.state["screen"], "bin")
        self.ship(partial=True)
        phone.refresh()
        self.assertEqual((phone.state["screen"], phone.message), ("home", None))
        self.assertEqual((self.batch.state, first.state), ("done", "done"))
        self.assertFalse(
            self.env["stock.picking.batch"].search(
                [("picking_ids", "=", False), ("state", "=", "in_progress")]
            )
        )

    def test_13_wave_with_an_empty_transfer_closes(self):
        first, second = self.order(apple=2), self.order(pear=2)
        self.start()
        self.pick("A-01-1", "APPLE", "2")
        second.do_unreserve()
        self.assertEqual(second.move_line_ids.ids, [])
        result = self.ship()
        self.assertEqual([entry["picking_id"] for entry in result["not_picked"]], second.ids)
        self.assertEqual((self.batch.state, first.state), ("done", "done"))
        self.assertEqual((second.state, second.batch_id.id), ("confirmed", False))

    def test_14_rule_of_the_place_that_is_picked_from_counts(self):
        zone = self.env["stock.location"].create(
            {
                "name": "Cold",
                "location_id": self.stock_location.id,
                "removal_strategy_id": self.env.ref("stock.removal_lifo").id,
            }
        )
        for code, day in (("C-01", "2026-01-01"), ("C-02", "2026-02-01")):
            self.bin(code).location_id = zone
            self.stock(code, fig=5)
            self.env["stock.quant"].search([("location_id", "=", self.bin(code).id)]).in_date = day
        order = self.order(fig=3)
        order.location_id = zone
        order.move_ids.location_id = zone
        self.start()
        self.assertEqual(self.opened(), [("C-02", 3.0)])

    def test_15_one_pallet_is_finished_before_the_next_is_opened(self):
        for code in ("P-01", "P-02", "P-03"):
            self.stock(code, fig=4)
        self.env["stock.quant"].search(
            [("product_id", "=", self.product("fig").id)]
        ).in_date = "2026-01-01"
        for _order in range(3):
            self.order(fig=2)
        self.start()
        found = sorted(quantity for _bin, quantity in self.opened())
        self.assertEqual(found, [2.0, 4.0], "two pallets for six pieces, one of them emptied")

    def test_16_cluster_needs_slots_and_no_packages(self):
        self.warehouse.out_type_id.wms_confirm_slot = True
        first, second = self.order(apple=1), self.order(apple=2)
        self.start()
        task = self.stop(self.batch, "A-01-1")
        self.assertRefused(self.scan(task, "APPLE", slot="B9"), "wrong_slot")
        for order, quantity in ((second, "2"), (first, "1")):
            self.assertApplied(self.scan(task, "APPLE", quantity, slot=order.wms_cart_slot))
        self.ship()
        lines = (first + second).move_line_ids
        self.assertFalse(lines.result_package_id)
        self.assertEqual(set((first + second).mapped("state")), {"done"})

    def test_17_partial_pick_forces_no_package(self):
        order = self.order(apple=4)
        self.start()
        self.pick("A-01-1", "APPLE", "3")
        self.ship(partial=True)
        self.assertEqual(order.state, "done")
        self.assertFalse(order.move_line_ids.result_package_id)

    def test_18_the_bin_alone_confirms_nothing(self):
        self.stock("A-01-1", pear=3)  # two kinds of goods in one bin
        self.order(apple=2)
        self.start()
        before = self.snapshot(self.batch)
        task = self.stop(self.batch, "A-01-1")
        self.assertRefused(self.scan(task, "A-01-1"), "bin_not_item")
        self.assertRefused(self.scan(task, "PEAR"), "wrong_item")
        self.assertEqual(self.snapshot(self.batch), before)

    def test_19_code_on_the_slip_opens_the_order_to_ship(self):
        first, second = self.order(apple=1), self.order(pear=1)
        self.start()
        self.pick("A-01-1", "APPLE", "1")
        self.pick("A-02-1", "PEAR", "1")
        phone = Phone(self)
        phone.refresh()
        self.assertEqual(phone.state["screen"], "ship")
        phone.scan(second.name)
        self.assertEqual((first.state, second.state), ("assigned", "done"))

    def test_20_second_release_says_why_it_is_empty(self):
        orders = self.order(apple=6) + self.order(apple=6)
        self.start()
        again = self.assertApplied(self.release(picking_ids=orders.ids))
        self.assertEqual(again["waves"], [])
        codes = {entry["picking_id"]: entry["code"] for entry in again["skipped"]}
        self.assertEqual(codes, {orders[0].id: "skip_in_wave", orders[1].id: "skip_short"})
        self.assertTrue(all(entry["reason"] for entry in again["skipped"]))

    def test_21_scan_anything_finds_the_wave(self):
        self.order(pear=2)
        wave = self.wave()
        for code in ("PEAR", "A-02-1", wave.picking_ids.name, wave.name):
            with self.subTest(code):
                phone = Phone(self)
                phone.refresh()
                phone.scan(code)
                self.assertEqual(phone.answer["status"], "applied", phone.message)
                self.assertEqual(phone.state["screen"], "bin")
                self.assertApplied(self.send("task.release", batch_id=wave.id))


@tagged("post_install", "-at_install")
class TestParallelComplaints(RegressionCase):
    """The decisions; that they hold under parallel connections is measured by the attacks."""

    def test_25_twenty_want_ten(self):
        orders = [self.order(apple=1) for _order in range(20)]
        for order in orders:
            self.assertApplied(self.release(picking_ids=order.ids))
        self.assertEqual(self.reserved("apple"), 10)
        self.assertEqual(sum(bool(order.batch_id) for order in orders), 10)

    def test_26_two_transfers_at_once(self):
        first, second = self.order(apple=2), self.order(apple=3)
        waves = self.wave(picking_ids=first.ids) + self.wave(picking_ids=second.ids)
        for wave in waves:
            task = wave.wms_task_ids
            self.assertApplied(self.scan(task, "APPLE", str(int(task.demand))))
        (first + second).button_validate()
        self.assertEqual((first + second).mapped("state"), ["done", "done"])
        self.assertEqual(waves.mapped("state"), ["done", "done"])

    def test_27_count_while_a_wave_holds_the_goods(self):
        order = self.order(apple=8)
        self.start()
        self.pick("A-01-1", "APPLE", "1")
        self.stock("A-01-1", apple=5)  # a count finds five of ten
        self.env.flush_all()
        held = sum(order.move_line_ids.mapped("quantity"))
        self.assertLessEqual(held, 5)
        self.assertEqual(sum(left for _bin, left in self.opened()), max(held - 1, 0))
        self.ship(partial=True)
        self.assertIn(self.batch.state, ("done", "cancel"))

    def test_28_two_workers_at_one_bin(self):
        self.wave(picking_ids=self.order(apple=3).ids)
        other_wave = self.wave(picking_ids=self.order(apple=3).ids)
        second = self.colleague()
        mine = self.assertApplied(self.send("task.claim"))["tasks"][0]["task_id"]
        theirs = self.assertApplied(second("task.claim", batch_id=other_wave.id))["tasks"][0]
        for _round in range(3):
            self.assertApplied(self.send("pick.scan_item", task_id=mine, barcode="APPLE"))
            self.assertApplied(second("pick.scan_item", task_id=theirs["task_id"], barcode="APPLE"))
        self.assertEqual(self.reserved("apple"), 6)

    def test_29_locks_have_one_order(self):
        forward = rows(LockKeys(1, (5, 3, 9), ("b", "a")))
        backward = rows(LockKeys(1, (9, 5, 3), ("a", "b")))
        self.assertEqual(forward, backward)
        self.assertEqual(forward, sorted(forward, key=lambda row: row[:2]))

    def test_30_one_lot_for_two_orders(self):
        self.product("milk").tracking = "lot"
        self.stock_lot("M-01-1", self.lot("L1"), 5)
        first, second = self.order(milk=2), self.order(milk=3)
        self.start()
        task = self.stop(self.batch, "M-01-1")
        self.assertApplied(self.scan(task, "L1", "2"))
        self.assertApplied(self.send("ship.confirm", picking_id=first.id, partial=True))
        self.assertEqual((first.state, second.state), ("done", "assigned"))
        self.assertEqual((task.demand, task.done, task.state), (5, 2, "claimed"))
        self.assertApplied(self.scan(task, "L1", "3"))
        self.ship()
        self.assertEqual((second.state, self.batch.state), ("done", "done"))
