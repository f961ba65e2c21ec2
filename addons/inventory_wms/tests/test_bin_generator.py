from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine.bin_pattern import Grid
from .common import WmsCase


@tagged("post_install", "-at_install")
class TestBinGenerator(WmsCase):
    PATTERN = "GA{aisle:02}-{bay:02}-{level}"
    RANGES = {"aisle": "1-2", "bay": "1-4", "level": "A-B"}

    def generate(self, **changes):
        return self.env["wms.bins"]._generate(
            **{
                "pattern": self.PATTERN,
                "ranges": self.RANGES,
                "parent": self.stock_location,
                "zone": "GA",
                **changes,
            }
        )

    def test_bins_with_places_below_a_measured_zone(self):
        bins = self.generate(grid=Grid(aisle_pitch=4, bay_pitch=2, two_sided=True))
        self.assertEqual(len(bins), 16)
        last = bins[-1]
        self.assertEqual((last.name, last.barcode), ("GA02-04-B", "GA02-04-B"))
        self.assertEqual((last.wms_x, last.wms_y, last.wms_z), (4, 4, 0.5))
        self.assertEqual(
            (last.wms_aisle, last.wms_bay, last.wms_level, last.wms_slot or ""),
            ("2", "4", "B", ""),
        )
        self.assertTrue(last.wms_located)
        self.assertEqual(last.wms_kind, "bin")
        zone = bins.location_id
        self.assertEqual((zone.name, zone.wms_kind, zone.wms_depth), ("GA", "zone", 6))
        self.assertEqual(zone.location_id, self.stock_location)
        self.assertEqual(bins.warehouse_id, self.warehouse)

    def test_second_run_creates_nothing(self):
        self.generate()
        self.assertFalse(self.generate())
        more = self.generate(ranges={**self.RANGES, "aisle": "1-3"})
        self.assertEqual(set(more.mapped("wms_aisle")), {"3"})
        self.assertEqual(self.env["stock.location"].search_count([("name", "=", "GA")]), 1)

    def test_a_mistake_is_named_and_nothing_is_made(self):
        before = self.env["stock.location"].search_count([])
        for changes, sentence in [
            ({"pattern": "{shelf}"}, "{shelf}, which is unknown"),
            ({"ranges": {"aisle": "1-2", "bay": "1-4"}}, "no range says which"),
            ({"ranges": {**self.RANGES, "bay": "9-1"}}, "“9-1” is not a range of the bay"),
            ({"ranges": {**self.RANGES, "slot": "1-2"}}, "no {slot}"),
            ({"ranges": {**self.RANGES, "bay": "1-9999"}}, "at most 20000"),
            (
                {
                    "pattern": "{aisle}{bay}{level}",
                    "ranges": {**self.RANGES, "aisle": "1,11", "bay": "1,11"},
                },
                "Two bins would have the code",
            ),
            ({"pattern": "A^XZ{aisle}"}, "signs that a label cannot hold"),
            ({"grid": Grid(aisle_pitch=0)}, "greater than zero"),
        ]:
            with self.subTest(sentence), self.assertRaises(UserError) as caught:
                self.generate(**changes)
            self.assertIn(sentence, str(caught.exception))
        self.assertEqual(self.env["stock.location"].search_count([]), before)

    def wizard(self, **values):
        return self.env["stock.location.generate"].create(
            {
                "warehouse_id": self.warehouse.id,
                "pattern": self.PATTERN,
                "aisles": "1-2",
                "bays": "1-4",
                "levels": "A-B",
                "zone": "GA",
                **values,
            }
        )

    def test_wizard_previews_before_it_creates(self):
        wizard = self.wizard(bays="1-20")
        self.assertEqual((wizard.count, wizard.missing), (80, 80))
        self.assertTrue(wizard.preview.startswith("GA01-01-A  GA01-01-B"))
        self.assertTrue(wizard.preview.endswith("GA02-20-B"))
        self.assertIn("3.0 m wide, 12.0 m between", wizard.extent)
        self.assertEqual(wizard.location_id, self.stock_location)
        wizard.pattern = "{nonsense}"
        self.assertIn("unknown", wizard.mistake)
        self.assertFalse(wizard.count)

    def test_wizard_shows_what_it_made_and_says_when_there_is_nothing(self):
        action = self.wizard(kind="pick_face").action_generate()
        made = self.env["stock.location"].search(action["domain"])
        self.assertEqual(len(made.filtered(lambda b: b.wms_kind == "pick_face")), 16)
        with self.assertRaisesRegex(UserError, "all 16 codes are there already"):
            self.wizard().action_generate()

    def test_only_managers_generate(self):
        with self.assertRaises(AccessError):
            self.env["stock.location.generate"].with_user(self.lead).create({})
