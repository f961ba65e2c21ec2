"""Waves by template: which orders, when, once."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestWaveTemplates(PickingCase):
    def setUp(self):
        super().setUp()
        self.warehouse.wms_tz = "UTC"
        self.stock("A-01-1", apple=100)
        # Slots from before a template was made are none of its slots.
        tomorrow = Datetime.now().replace(hour=0, minute=0, second=0) + timedelta(days=1)
        self.noon = tomorrow.replace(hour=12)

    def template(self, **values):
        values = {"name": "Noon", "times": "12:00", **values}
        values |= dict.fromkeys(("saturday", "sunday"), True)
        return self.env["wms.wave.template"].create({"warehouse_id": self.warehouse.id, **values})

    def tick(self, minutes=0):
        cron = self.registry["ir.cron"]  # a test's transaction is never committed
        kept = patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60)
        with freeze_time(self.noon + timedelta(minutes=minutes)), kept:
            self.env["wms.wave.template"]._cron_run()

    def run_by_hand(self, template, slot=None, user=None):
        args = {"template_id": template.id} | ({"slot": slot} if slot else {})
        return self.execute(self.envelope("wave.run_template", **args), user or self.lead)

    def test_a_slot_is_released_once(self):
        template = self.template()
        order = self.order(apple=1)
        self.tick(-1)
        self.assertFalse(template.run_ids)
        self.tick(2)
        (run,) = template.run_ids
        self.assertEqual((run.slot, run.order_count), (self.noon, 1))
        self.assertEqual(run.batch_ids.picking_ids, order)
        later = self.order(apple=1)
        self.tick(4)
        self.assertEqual((template.run_ids, later.batch_id.id), (run, False))
        again = self.run_by_hand(template, Datetime.to_string(self.noon))
        self.assertRefused(again, "slot_done")
        self.tick(24 * 60)
        self.assertEqual((len(template.run_ids), bool(later.batch_id)), (2, True))

    def test_missed_for_long_is_left_out(self):
        template = self.template()
        self.order(apple=1)
        self.tick(90)
        self.assertFalse(template.run_ids)

    def test_every_so_many_minutes(self):
        template = self.template(trigger="interval", interval_minutes=30)
        for minutes in (1, 29, 31):
            self.tick(minutes)
        slots = template.run_ids.sorted("slot").mapped("slot")
        self.assertEqual(slots, [self.noon, self.noon + timedelta(minutes=30)])
        self.assertIn("No order", template.run_ids[0].message)

    def test_when_enough_orders_wait(self):
        template = self.template(trigger="count", min_orders=2)
        self.order(apple=1)
        self.tick()
        self.assertFalse(template.run_ids)
        self.order(apple=1)
        self.tick(2)
        self.assertEqual(template.run_ids.order_count, 2)

    def test_which_orders_and_how_many(self):
        small = self.env["wms.order.profile"].create({"name": "Small", "max_lines": 1})
        template = self.template(profile_ids=small.ids, max_orders=2)
        first, second, third = (self.order(apple=1) for _order in range(3))
        large = self.order(apple=1, pear=1)
        self.assertApplied(self.run_by_hand(template))
        self.assertEqual(template.run_ids.batch_ids.picking_ids, first + second)
        self.assertFalse(third.batch_id or large.batch_id)
        template.write({"max_orders": 9, "max_lines": 1, "profile_ids": False})
        self.assertApplied(self.run_by_hand(template))
        self.assertTrue(third.batch_id and not large.batch_id)

    def test_only_what_is_due_soon(self):
        template = self.template(due_hours=4)
        soon, later = self.order(apple=1), self.order(apple=1)
        soon.move_ids.date_deadline = Datetime.now() + timedelta(hours=3)
        later.move_ids.date_deadline = Datetime.now() + timedelta(hours=9)
        self.assertApplied(self.run_by_hand(template))
        self.assertTrue(soon.batch_id and not later.batch_id)

    def test_the_log_says_why(self):
        template = self.template()
        short = self.order(pear=1)
        result = self.assertApplied(self.run_by_hand(template))
        self.assertEqual(result["skipped"][0]["picking_id"], short.id)
        self.assertEqual((template.run_ids.skipped_count, template.run_ids.by_hand), (1, True))
        self.assertIn("Pear", template.run_ids.message)

    def test_rights_and_flaws(self):
        template = self.template()
        self.assertRefused(self.run_by_hand(template, user=self.worker), "not_allowed")
        with self.assertRaises(AccessError):
            template.with_user(self.lead).name = "Mine"
        for values in ({"times": "noon"}, {"trigger": "interval", "interval_minutes": 1}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.template(**values)
        template.with_user(self.lead).action_run()
        self.assertEqual(len(template.run_ids), 1)
