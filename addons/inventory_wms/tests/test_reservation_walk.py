from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestReservationWalk(PickingCase):
    """Bins that a rule leaves equal are chosen for the walk of the wave; others are not."""

    def setUp(self):
        super().setUp()
        places = {"A-01-1": (0, 2), "A-02-1": (0, 18), "B-01-1": (5, 2), "C-01-1": (50, 9)}
        for code, (x, y) in places.items():
            self.bin(code).write(
                {
                    "wms_kind": "bin",
                    "wms_aisle": code[0],
                    "wms_x": x,
                    "wms_y": y,
                    "wms_located": True,
                }
            )
        self.stock("A-01-1", apple=20)
        self.stock("C-01-1", apple=10, pear=10)
        self.stock("B-01-1", plum=10)
        self.dates("2026-01-05 08:00:00")

    def dates(self, moment, code=None):
        """Stock (of one bin) came in at a moment."""
        quants = self.env["stock.quant"].search(
            [("location_id", "child_of", self.stock_location.id)]
        )
        quants = quants.filtered(lambda quant: not code or quant.location_id.name == code)
        quants.sudo().in_date = moment

    def bins_of(self, wave):
        """Product code -> bins of its stops."""
        return {
            product.default_code: sorted(stops.location_id.mapped("name"))
            for product, stops in wave.wms_task_ids.grouped("product_id").items()
        }

    def test_the_walk_decides_among_equals(self):
        # the tightest fit alone would take C-01-1, 50 m away
        self.order(apple=8)
        wave = self.wave()
        self.assertEqual(self.bins_of(wave), {"APPLE": ["A-01-1"]})
        self.assertIn("lies best on the walk", wave.wms_task_ids.explanation_text)

    def test_it_looks_at_all_orders_of_the_wave(self):
        self.order(apple=8)
        self.order(pear=1)
        found = self.bins_of(self.wave())
        self.assertEqual(found["PEAR"], ["C-01-1"])
        # somebody has to go to C-01-1 anyhow, so nothing is taken from another bin
        self.assertEqual(found["APPLE"], ["C-01-1"])

    def test_an_older_bin_goes_first_however_far(self):
        self.dates("2025-12-01 08:00:00", "C-01-1")
        self.order(apple=8)
        wave = self.wave()
        self.assertEqual(self.bins_of(wave), {"APPLE": ["C-01-1"]})
        self.assertNotIn("walk", wave.wms_task_ids.explanation_text.split(" · ")[0])

    def test_every_order_gets_what_it_asked_for(self):
        self.stock("A-02-1", apple=7)
        self.dates("2026-01-05 08:00:00")
        orders = [self.order(apple=quantity) for quantity in (3, 9, 12, 2)]
        self.release()
        for order, quantity in zip(orders, (3, 9, 12, 2), strict=True):
            self.assertEqual(sum(order.move_line_ids.mapped("quantity")), quantity)
        self.assertEqual(self.reserved("apple"), 26)

    def test_bins_without_a_place_are_left_to_the_tightest_fit(self):
        self.bin("A-01-1").wms_located = False
        self.order(apple=8)
        self.assertEqual(self.bins_of(self.wave()), {"APPLE": ["C-01-1"]})
