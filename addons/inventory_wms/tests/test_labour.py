from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import freeze_time

from .picking_case import PickingCase

BEGIN = fields.Datetime.to_datetime("2026-03-02 08:00:00")


@tagged("post_install", "-at_install")
class TestLabour(PickingCase):
    def setUp(self):
        super().setUp()
        self.warehouse.write(
            {
                "wms_seconds_stop": 10,
                "wms_seconds_unit": 2,
                "wms_seconds_order": 30,
                "wms_walking_speed": 1,
            }
        )
        self.company = self.warehouse.company_id
        self.company.write({"wms_labour_named": True, "wms_labour_pause_s": 300})
        self.env["wms.labour"]._collect("-1 day")  # what other tests' data has left
        self.clock = BEGIN

    def after(self, seconds, op, **args):
        """Send a command some seconds after the last one."""
        self.clock += timedelta(seconds=seconds)
        with freeze_time(self.clock):
            return self.send(op, **args)

    def collect(self):
        """Rows of this test's commands, in their order."""
        self.env["wms.labour"]._collect("-1 day")
        return self.env["wms.labour.report"].search(
            [("date", ">=", BEGIN), ("date", "<=", self.clock)], order="date, id"
        )

    def day(self):
        """A wave of two stops, picked with a break, an error and a long pause."""
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        self.order(apple=3, pear=2)
        with freeze_time(BEGIN):
            wave = self.wave()
        stops = wave.wms_task_ids.sorted("sequence")
        self.after(0, "task.claim")
        first, second = stops
        code = {stop: stop.product_id.barcode or stop.product_id.default_code for stop in stops}
        self.after(40, "pick.scan_item", task_id=first.id, barcode=code[second])  # wrong item
        amount = str(int(first.demand))
        self.after(20, "pick.scan_item", task_id=first.id, barcode=code[first], quantity=amount)
        self.after(30, "labour.start", activity="BREAK")
        self.after(900, "pick.scan_item", task_id=second.id, barcode=code[second])
        self.after(600, "pick.scan_item", task_id=second.id, barcode=code[second], quantity="1")
        if second.demand > 2:
            self.after(10, "pick.scan_item", task_id=second.id, barcode=code[second])
        self.after(25, "ship.confirm", batch_id=wave.id)
        return first, second

    def test_a_day_adds_up(self):
        first, second = self.day()
        rows = self.collect()
        hours = {name: sum(rows.mapped(f"{name}_hours")) * 3600 for name in ("break", "idle")}
        self.assertEqual(round(hours["break"]), 900)
        self.assertEqual(round(hours["idle"]), 300)  # 600 s between two scans, 300 count as work
        extra = 10 if second.demand > 2 else 0
        direct = sum(rows.mapped("direct_hours")) * 3600
        self.assertEqual(round(direct), 40 + 20 + 30 + 300 + extra + 25)
        self.assertEqual(sum(rows.mapped("lines")), 2)
        self.assertEqual(sum(rows.mapped("units")), first.demand + second.demand)
        self.assertEqual(sum(rows.mapped("orders")), 1)
        self.assertEqual(rows.filtered("errors").mapped("error_code"), ["wrong_item"])
        self.assertEqual(rows.filtered("errors").location_id, first.location_id)
        walk = first.distance + second.distance
        self.assertAlmostEqual(sum(rows.mapped("metres")), walk, 1)
        standard = sum(rows.mapped("standard_hours")) * 3600
        self.assertAlmostEqual(standard, 2 * 10 + 5 * 2 + 30 + walk, 1)
        self.assertEqual(rows.filtered("lines").user_id, self.worker)

    def test_ratios_are_ratios_of_sums(self):
        self.day()
        rows = self.collect()
        ((lines, rate, used),) = self.env["wms.labour.report"]._read_group(
            [("id", "in", rows.ids)],
            aggregates=["lines:sum", "lines_per_hour:avg", "utilisation:avg"],
        )
        direct = sum(rows.mapped("direct_hours"))
        self.assertAlmostEqual(rate, lines / direct, 3)
        self.assertAlmostEqual(used, 100 * direct / (direct + 300 / 3600), 3)

    def test_every_command_counts_once(self):
        self.day()
        rows = self.collect()
        self.assertFalse(self.env["wms.labour"]._collect("-1 day"))
        self.assertEqual(self.collect(), rows)
        with self.assertQueryCount(3):
            self.env["wms.labour"]._collect("-1 day")

    def test_names_are_hidden_unless_switched_on(self):
        self.day()
        self.company.wms_labour_named = False
        lead = new_test_user(self.env, "labour_lead", groups="inventory_wms.group_lead")
        rows = self.collect().with_user(lead)
        self.assertTrue(rows)
        self.assertFalse(rows.user_id)
        self.assertFalse(rows.batch_id)
        self.assertFalse(
            self.env["wms.labour.report"].with_user(lead).search([("user_id", "=", self.worker.id)])
        )
        with self.assertRaises(AccessError):
            self.env["wms.labour.time"].with_user(lead).search([])

    def test_a_new_shift_begins_after_four_hours(self):
        self.day()
        self.after(5 * 3600, "labour.stop")
        last = self.collect()[-1]
        self.assertEqual((last.direct_hours, last.idle_hours), (0, 0))

    def test_an_unknown_activity_is_refused(self):
        self.assertRefused(self.after(1, "labour.start", activity="SLEEP"), "unknown_activity")

    def test_standard_times_are_learnt(self):
        self.day()
        self.collect()
        wizard = Form(self.env["wms.labour.standard"])
        wizard.warehouse_id = self.warehouse
        wizard.days = 5000
        wizard = wizard.save()
        self.assertEqual(wizard.cases, 1)
        with self.assertRaisesRegex(UserError, "too few"):
            wizard.action_apply()
