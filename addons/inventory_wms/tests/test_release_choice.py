"""Which orders a release takes: capacity of the shift, incomplete orders, methods."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import Form, freeze_time, tagged

from .picking_case import PickingCase

MONDAY = Datetime.to_datetime("2026-03-02 10:00:00")


@tagged("post_install", "-at_install")
class TestReleaseChoice(PickingCase):
    def setUp(self):
        super().setUp()
        self.warehouse.wms_tz = "UTC"
        self.stock("A-01-1", apple=100)

    def profile(self, **values):
        return self.env["wms.order.profile"].create({"name": "Profile", **values})

    def pace(self, minutes):
        """Every order takes so many minutes."""
        self.warehouse.write(
            {
                "wms_seconds_order": minutes * 60,
                "wms_seconds_stop": 0,
                "wms_seconds_unit": 0,
                "wms_metres_line": 0,
            }
        )

    def shift(self, **values):
        values = {"name": "Early", "start": 8, "end": 11, "workers": 1, **values}
        return self.env["wms.shift"].create({"warehouse_id": self.warehouse.id, **values})

    def released(self, **args):
        return self.assertApplied(self.release(**args))

    # capacity
    @freeze_time(MONDAY)
    def test_releases_stop_when_the_minutes_are_used(self):
        self.pace(25)
        self.shift()
        late, first, second = (self.order(apple=1) for _order in range(3))
        (first + second).priority = "1"
        result = self.released()  # an hour is left: two orders of 25 minutes
        self.assertEqual(result["waves"][0]["picking_ids"], (first + second).ids)
        (skipped,) = result["skipped"]
        self.assertEqual((skipped["picking_id"], skipped["code"]), (late.id, "skip_capacity"))
        self.assertIn("50 of 60", skipped["reason"])
        again = self.released()  # their wave is not picked yet
        self.assertEqual((again["waves"], again["skipped"][0]["code"]), ([], "skip_capacity"))
        self.send("task.claim")
        self.scan(first.batch_id.wms_task_ids, "APPLE", "2")
        self.assertEqual(self.released()["waves"][0]["picking_ids"], late.ids)

    @freeze_time(MONDAY)
    def test_orders_without_stock_use_no_minutes(self):
        self.pace(50)
        self.shift()
        short, whole = self.order(pear=1), self.order(apple=1)
        short.priority = "1"
        result = self.released()
        self.assertEqual(result["waves"][0]["picking_ids"], whole.ids)
        self.assertEqual(result["skipped"][0]["code"], "skip_short")

    @freeze_time(MONDAY)
    def test_the_lead_may_release_beyond_the_shift(self):
        self.pace(50)
        self.shift()
        orders = self.order(apple=1) + self.order(apple=1)
        self.assertEqual(self.released(picking_ids=orders.ids)["orders"], 2)

    @freeze_time(MONDAY)
    def test_the_wizard_shows_the_shift(self):
        self.pace(40)
        self.shift()
        self.order(apple=1), self.order(apple=1)
        wizard = Form(self.env["wms.wave.release"].with_user(self.lead))
        self.assertEqual((wizard.ready_count, wizard.skipped_count), (1, 1))
        self.assertEqual(wizard.work_minutes, 40)

    # incomplete orders
    def test_part_ships_and_the_rest_waits(self):
        self.profile(partial="available")
        self.stock("A-02-1", pear=2)
        order = self.order(apple=3, pear=5, plum=1)
        result = self.released()
        self.assertEqual((result["orders"], result["skipped"]), (1, []))
        (part,) = result["partial"]
        self.assertIn("3 × [PEAR] Pear", part["waits"])
        self.assertIn("1 × [PLUM] Plum", part["waits"])
        wave = order.batch_id
        self.send("task.claim")
        for task in wave.wms_task_ids:
            self.scan(task, task.product_id.barcode, f"{task.demand:g}")
        shipped = self.assertApplied(self.send("ship.confirm", batch_id=wave.id))
        self.assertEqual((order.state, wave.state), ("done", "done"))
        backorder = self.env["stock.picking"].browse(shipped["backorders"][0]["picking_id"])
        rest = {move.product_id.name: move.product_uom_qty for move in backorder.move_ids}
        self.assertEqual(rest, {"Pear": 3, "Plum": 1})
        self.assertEqual(self.released()["skipped"][0]["picking_id"], backorder.id)

    def test_whole_orders_come_before_parts(self):
        self.profile(partial="available", max_lines=1)
        self.profile(sequence=99)
        self.stock("A-02-1", pear=3)
        part, whole = self.order(pear=5), self.order(pear=2, apple=1)
        part.priority = "1"
        self.released()
        self.assertEqual((part.move_ids.quantity, whole.state), (1, "assigned"))

    def test_nothing_there_is_no_part(self):
        self.profile(partial="available")
        order = self.order(pear=1)
        result = self.released()
        self.assertEqual((result["waves"], result["skipped"][0]["picking_id"]), ([], order.id))

    def test_all_at_once_is_never_split(self):
        self.profile(partial="available")
        order = self.order(apple=1, pear=1)
        order.move_type = "one"
        self.assertEqual(self.released()["skipped"][0]["code"], "skip_short")

    def test_wait_then_ship_part(self):
        self.profile(partial="late", partial_hours=4)
        order = self.order(apple=1, pear=1)
        order.move_ids.date_deadline = Datetime.now() + timedelta(hours=10)
        self.assertEqual(self.released()["orders"], 0)
        order.move_ids.date_deadline = Datetime.now() + timedelta(hours=3)
        self.assertEqual(self.released()["waves"][0]["picking_ids"], order.ids)

    # methods
    def test_one_order_at_a_time(self):
        self.profile(method="single")
        self.order(apple=1), self.order(apple=1)
        self.assertEqual([wave["orders"] for wave in self.released()["waves"]], [1, 1])

    def test_sorted_afterwards(self):
        cart = self.env["wms.cart"].create({"name": "Bin", "rows": 1, "columns": 1, "max_lines": 3})
        self.profile(method="sort", cart_id=cart.id, max_lines=1)
        orders = [self.order(apple=1) for _order in range(4)]
        result = self.released()
        self.assertEqual(sorted(wave["orders"] for wave in result["waves"]), [1, 3])
        slots = sorted(order.wms_cart_slot for order in orders)
        self.assertEqual(slots, ["1", "1", "2", "3"])
