from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestBins(WmsCase):
    @classmethod
    def place(cls, name, x, y, **values):
        """A bin with its place on the floor plan."""
        return cls.env["stock.location"].create(
            {
                "name": name,
                "location_id": cls.stock_location.id,
                "wms_kind": "bin",
                "wms_x": x,
                "wms_y": y,
                **values,
            }
        )

    def test_natural_order(self):
        bins = self.place("A10", 0, 1) + self.place("A2", 0, 2) + self.place("B1", 3, 1)
        ordered = self.env["stock.location"].search(
            [("id", "in", bins.ids)], order="wms_sort_key, id"
        )
        self.assertEqual(ordered.mapped("name"), ["A2", "A10", "B1"])

    def test_bar_code_is_the_name_unless_given(self):
        self.assertEqual(self.place("Q-01", 0, 1).barcode, "Q-01")
        self.assertEqual(self.place("Q-02", 0, 1, barcode="777").barcode, "777")
        zone = self.env["stock.location"].create({"name": "Q", "wms_kind": "zone"})
        self.assertFalse(zone.barcode)
        self.assertFalse(zone.wms_located)

    @mute_logger("odoo.sql_db")
    def test_bar_code_is_unique_in_the_company(self):
        self.place("Q-01", 0, 1)
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.place("Q-01", 0, 2)
        self.assertIn("unique", str(caught.exception))

    def test_check_digits_come_from_the_name_and_may_be_changed(self):
        first, second = self.place("Q-01", 0, 1), self.place("Q-02", 0, 2)
        self.assertRegex(first.wms_check_digit, r"^\d\d$")
        self.assertNotEqual(first.wms_check_digit, second.wms_check_digit)
        first.wms_check_digit = "42"
        self.assertEqual(first.wms_check_digit, "42")

    def test_goods_need_a_real_location(self):
        with self.assertRaisesRegex(ValidationError, "Internal or Transit"):
            self.place("Q-01", 0, 1, usage="view")

    def test_coordinates_are_metres(self):
        with self.assertRaisesRegex(ValidationError, "metres"):
            self.place("Q-01", 25_000, 1)

    def test_existing_locations_stay_as_they_were(self):
        self.assertFalse(self.stock_location.wms_kind)
        self.assertFalse(self.stock_location.wms_located)
