from odoo.addons.wms_barcode.flows.base import wave_label
from odoo.tests import HttpCase, tagged

from .common import ScannerCase
from .tour_case import TourCase


@tagged("post_install", "-at_install")
class TestScannerTour(HttpCase, TourCase, ScannerCase):
    """Whole picks in a browser on a phone's screen, through the real page and real commands."""

    browser_size = "390x844"
    touch_enabled = True

    def test_pick_on_a_phone(self):
        """Wrong bin, wrong item, lost answers, typed digits, a number, a short, shipping."""
        picking = self.order(apple=3, plum=6)
        wave = self.wave()
        facts = {
            "wave": wave_label(self.env, wave),
            "bins": wave.wms_task_ids.sorted("sequence").location_id.mapped("name"),
            "digits": self.bin("A10-004-1").wms_check_digit,
            "order": picking.origin or picking.name,
        }
        self.run_tour("pick", facts)

        moved = {move.product_id.default_code: move.quantity for move in picking.move_ids}
        self.assertEqual(picking.state, "done")
        self.assertEqual(moved, {"APPLE": 3, "PLUM": 4})
        commands = self.env["wms.command"].search([("user_id", "=", self.worker.id)], order="seq")
        self.assertEqual(commands.mapped("seq"), list(range(1, len(commands) + 1)))
        scans = commands.filtered(lambda command: command.op == "pick.scan_item")
        self.assertEqual(
            scans.mapped("status"), ["rejected", "applied", "applied", "applied", "applied"]
        )
        self.assertEqual(len(commands.device_id), 1)
        self.assertEqual(commands.device_id.user_id, self.worker)

    def test_session_ends_and_a_second_tab_opens(self):
        """A scan without a session is kept and sent after signing in; one tab sends at a time."""
        self.order(apple=3)
        wave = self.wave()
        facts = {
            "wave": wave_label(self.env, wave),
            "bin": "A02-011-1",
            "password": self.worker.login,
        }
        self.run_tour("session", facts)
        self.assertEqual(wave.wms_task_ids.done, 2)
        commands = self.env["wms.command"].search([("user_id", "=", self.worker.id)], order="id")
        self.assertEqual(commands.mapped("op"), ["task.claim", "pick.scan_item", "pick.scan_item"])

    def test_cluster_with_slots_on_a_phone(self):
        """Two orders on one cart: slots scanned and tapped, a wrong one, damaged goods, a short."""
        self.warehouse.out_type_id.wms_confirm_slot = True
        first, second = self.order(apple=2, plum=3), self.order(apple=1)
        wave = self.wave()
        self.run_tour(
            "cluster",
            {
                "wave": wave_label(self.env, wave),
                "bins": wave.wms_task_ids.sorted("sequence").location_id.mapped("name"),
                "slots": [first.wms_cart_slot, second.wms_cart_slot],
            },
        )
        moved = {move.product_id.default_code: move.quantity for move in first.move_ids}
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(moved, {"APPLE": 2, "PLUM": 2})
        commands = self.env["wms.command"].search([("user_id", "=", self.worker.id)], order="seq")
        scans = commands.filtered(lambda command: command.op == "pick.scan_item")
        self.assertEqual(set(scans.mapped("status")), {"applied"}, "a wrong slot never gets there")
        slots = [scan.args["slot"] for scan in scans]
        self.assertEqual(slots, [first.wms_cart_slot, second.wms_cart_slot, first.wms_cart_slot])
        self.assertEqual(wave.state, "done")

    def test_one_order_on_a_phone(self):
        """A wave of one order without slots, with a short that the next bin makes good."""
        self.warehouse.out_type_id.wms_pick_method = "order"
        self.place("A12-001-1", x=12.0, y=2.0)
        self.stock("A12-001-1", apple=5)
        order = self.order(apple=3)
        wave = self.wave()
        facts = {
            "wave": wave_label(self.env, wave),
            "order": order.origin or order.name,
            "bin": "A02-011-1",
            "other": "A12-001-1",
        }
        self.run_tour("order", facts)
        self.assertEqual((order.state, order.move_ids.quantity), ("done", 3))
        self.assertFalse(order.wms_cart_slot)
