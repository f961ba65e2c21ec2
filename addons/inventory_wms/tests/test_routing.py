from odoo.tests import tagged

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestRouting(WmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zone = cls._location("RZ", cls.stock_location, wms_kind="zone", wms_x=0, wms_y=0)
        cls.zone.wms_depth = 22
        cls.dock = cls._location("RDOCK", cls.stock_location, wms_kind="dock", wms_x=0, wms_y=0)

    @classmethod
    def _location(cls, name, parent, **values):
        return cls.env["stock.location"].create({"name": name, "location_id": parent.id, **values})

    def bins(self, *places, parent=None):
        """Bins at (aisle number, y); aisles are 3 m apart."""
        return self.env["stock.location"].create(
            [
                {
                    "name": f"R{aisle}-{y}",
                    "location_id": (parent or self.zone).id,
                    "wms_kind": "bin",
                    "wms_aisle": f"R{aisle}",
                    "wms_x": 3 * aisle,
                    "wms_y": y,
                }
                for aisle, y in places
            ]
        )

    def test_shortest_walk(self):
        bins = self.bins((2, 20), (0, 20), (0, 2), (1, 1))
        found = self.env["wms.routing"]._route(bins, self.dock)
        self.assertEqual(found.bins.mapped("name"), ["R0-2", "R0-20", "R2-20", "R1-1"])
        self.assertEqual(found.method, "exact")
        self.assertEqual(found.metres, 22 + 6 + 22 + 6 + 2)
        self.assertEqual(found.metres, sum(found.legs) + found.back)
        self.assertFalse(found.note)
        self.assertGreater(self.env["wms.routing"]._metres(bins, self.dock), found.metres)

    def test_dock_of_the_warehouse_is_the_default(self):
        bins = self.bins((2, 20))
        self.assertEqual(self.env["wms.routing"]._route(bins).metres, 2 * (6 + 20))

    def test_start_and_end_may_differ(self):
        far = self._location("RDOCK2", self.stock_location, wms_kind="dock", wms_x=9, wms_y=22)
        found = self.env["wms.routing"]._route(self.bins((1, 4), (3, 4)), self.dock, far)
        self.assertEqual(found.metres, 3 + 4 + 4 + 6 + 22)
        self.assertEqual(found.back, 18)

    def test_bins_without_coordinates_come_last_by_name(self):
        bins = self.bins((1, 4))
        lost = self._location("L10", self.zone, wms_kind="bin")
        lost += self._location("L2", self.zone, wms_kind="bin")
        found = self.env["wms.routing"]._route(lost + bins)
        self.assertEqual(found.bins.mapped("name"), ["R1-4", "L2", "L10"])
        self.assertEqual(found.legs, (7, None, None))
        self.assertIn("2 bins have no coordinates", found.note)
        only = self.env["wms.routing"]._route(lost)
        self.assertEqual((only.method, only.metres), ("natural", 0))
        self.assertEqual(only.bins.mapped("name"), ["L2", "L10"])

    def test_both_sides_of_an_aisle_are_one_walk(self):
        left, right = self.bins((1, 4)), self.bins((1, 5))
        left.wms_x, right.wms_x = 2.5, 3.5
        found = self.env["wms.routing"]._route(left + right, self.dock)
        self.assertEqual(found.metres, 2 * (3 + 5))

    def test_zone_without_depth_is_measured_by_its_bins(self):
        self.zone.wms_depth = 0
        # front at 1 m and back at 21 m: one metre beyond the outermost bins
        bins = self.bins((0, 2), (0, 20), (1, 20))
        found = self.env["wms.routing"]._route(bins, self.dock)
        self.assertEqual(found.metres, 21 + 3 + 21 + 3)

    def test_several_blocks_give_a_route_over_all(self):
        behind = self._location("RZ2", self.stock_location, wms_kind="zone", wms_x=0, wms_y=22)
        behind.wms_depth = 20
        bins = self.bins((0, 4), (2, 4)) + self.bins((0, 30), (2, 30), parent=behind)
        found = self.env["wms.routing"]._route(bins, self.dock)
        self.assertEqual(found.bins, found.bins & bins)
        self.assertEqual(len(found.bins), 4)
        self.assertEqual(found.method, "exact")
        self.assertEqual(found.metres, 30 + 8 + 6 + 8 + 30 + 6)

    def aisle(self, number, **values):
        name = f"R{number}"
        place = {"wms_aisle": name, "wms_x": 3 * number, "wms_y": 0, "wms_kind": "aisle"}
        return self._location(name, self.zone, **place, **values)

    def test_a_blocked_bin_is_walked_around(self):
        bins = self.bins((0, 4), (0, 18), (1, 5))
        self.assertEqual(self.env["wms.routing"]._route(bins[:2], self.dock).metres, 36)
        spill = self.bins((0, 10))
        spill.wms_blocked = True
        found = self.env["wms.routing"]._route(bins[:2], self.dock)
        # in and out at the front, then around through the next aisle to the back
        self.assertEqual(found.metres, 2 * 4 + 2 * (3 + 22 + 3 + 4))
        self.assertFalse(found.note)
        cut = self.env["wms.routing"]._route(bins[:2] + spill, self.dock)
        self.assertEqual(cut.bins[-1], spill)
        self.assertIsNone(cut.legs[-1])
        self.assertIn("R0-10", cut.note)
        walk = self.env["wms.walk"]._floor(bins + spill).plan(bins + spill)
        self.assertEqual(walk.position(spill), 3)
        self.assertEqual(walk.step(spill), 0)

    def test_a_blocked_aisle_cuts_off_its_bins(self):
        bins = self.bins((0, 4), (2, 4))
        self.aisle(2, wms_blocked=True)
        found = self.env["wms.routing"]._route(bins, self.dock)
        self.assertEqual(found.bins.mapped("name"), ["R0-4", "R2-4"])
        self.assertEqual((found.metres, found.legs), (8, (4, None)))
        self.assertIn("blocked", found.note)
        self.assertEqual(self.env["wms.routing"]._metres(bins, self.dock), 8)

    def test_a_one_way_aisle_is_walked_that_way(self):
        bins = self.bins((1, 4), (2, 4))
        one_way = self.aisle(1, wms_one_way="back")
        found = self.env["wms.routing"]._route(bins[:1], self.dock)
        # up the aisle, down through the next one
        self.assertEqual(found.metres, 3 + 22 + 3 + 22 + 6)
        one_way.wms_one_way = "front"
        found = self.env["wms.routing"]._route(bins[:1], self.dock)
        self.assertEqual((found.legs, found.back), ((6 + 22 + 3 + 18,), 4 + 3))

    def test_levels_of_one_place_are_one_stop(self):
        low, high = self.bins((1, 4)), self.bins((1, 4.0))
        other = self.bins((1, 9))
        high.wms_z = 3
        found = self.env["wms.routing"]._route(high + other + low, self.dock)
        self.assertEqual(found.bins - other, low + high)
        self.assertEqual(found.metres, 2 * (3 + 9))

    def test_queries_do_not_grow_with_the_bins(self):
        few = self.bins(*[(aisle, 5) for aisle in range(3)])
        many = self.bins(*[(aisle, y) for aisle in range(10) for y in range(6, 20)])
        counts = []
        for bins in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["wms.routing"]._route(bins)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 8)

    def test_orders_of_one_aisle_share_a_cart(self):
        near, far = self.bins((0, 18), (0, 16)), self.bins((4, 18), (4, 16))
        orders = {1: (near[0], 1), 2: (far[0], 1), 3: (near[1], 1), 4: (far[1], 1)}
        service = self.env["wms.routing"]
        self.assertEqual(service._batches(orders, 2, 40), [[1, 3], [2, 4]])
        self.assertEqual(service._batches(orders, 4, 1), [[1], [2], [3], [4]])
        self.assertEqual(service._batches(orders, 2, 40, 2.0), [[1, 3], [2, 4]])

    def test_orders_are_batched_as_they_come_where_places_are_unknown(self):
        lost = self._location("L3", self.zone, wms_kind="bin")
        bins = self.bins((0, 18), (4, 18))
        orders = {1: (bins[0], 1), 2: (bins[1], 1), 3: (bins[0], 1), 4: (lost, 1)}
        self.assertEqual(self.env["wms.routing"]._batches(orders, 2, 40), [[1, 2], [3, 4]])
        self.assertEqual(self.env["wms.routing"]._batches({}, 2, 40), [])
