from odoo.addons.inventory_wms.tests.packing_case import PackingCase
from odoo.tests import HttpCase, tagged

from .tour_case import TourCase


@tagged("post_install", "-at_install")
class TestPackingTour(HttpCase, TourCase, PackingCase):
    """One order at the packing station in a browser: wedge and function keys, no mouse."""

    browser_size = "1366x850"
    page = "/wms/pack"

    def test_pack_an_order(self):
        picking = self.picked(apple=2, pear=1)
        self.run_tour("pack", {"order": picking.name})
        self.assertEqual(picking.state, "done")
        moved = {move.product_id.default_code: move.quantity for move in picking.move_ids}
        self.assertEqual(moved, {"APPLE": 2, "PEAR": 1})
        package = picking.move_line_ids.result_package_id
        self.assertEqual((len(package), package.package_type_id), (1, self.small))
        self.assertAlmostEqual(package.shipping_weight, 0.85)
        commands = self.env["wms.command"].search(
            [("user_id", "=", self.worker.id), ("op", "=like", "pack.%")]
        )
        self.assertEqual(len(commands.device_id), 1)
        applied = commands.filtered(lambda command: command.status == "applied")
        self.assertEqual(len(applied.filtered(lambda command: command.op == "pack.scan_item")), 4)


@tagged("post_install", "-at_install")
class TestPackingTourPhone(TestPackingTour):
    """The same on a phone's screen."""

    browser_size = "390x844"
    touch_enabled = True
