from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestInterleaving(PickingCase):
    def setUp(self):
        super().setUp()
        self.bins = [self.bin(code) for code in ("A-01-1", "B-01-1", "C-01-1")]
        for number, location in enumerate(self.bins):
            location.write(
                {"wms_aisle": "ABC"[number], "wms_x": 5 * number, "wms_y": 2, "wms_located": True}
            )
        self.stock("A-01-1", apple=10)
        self.stock("B-01-1", pear=10)
        self.stock("C-01-1", plum=10)
        self.orders = [self.order(apple=1), self.order(pear=1), self.order(plum=1)]
        self.waves = [self.wave(picking_ids=order.ids) for order in self.orders]

    def claimed(self):
        """The wave that the worker gets."""
        return self.assertApplied(self.send("task.claim"))["wave"]["batch_id"]

    def test_equal_waves_go_by_their_age(self):
        self.env["stock.picking"].union(*self.orders).write({"wms_rank": 0})
        self.assertEqual(self.claimed(), self.waves[0].id)

    def test_an_urgent_wave_goes_first(self):
        self.orders[1].wms_rank = max(order.wms_rank for order in self.orders) + 100
        self.assertEqual(self.claimed(), self.waves[1].id)

    def test_the_near_one_among_equals(self):
        self.env["stock.picking"].union(*self.orders).write({"wms_rank": 5})
        last = self.waves[2].wms_task_ids
        self.assertApplied(self.scan(last, "PLUM"))
        self.assertApplied(self.send("ship.confirm", batch_id=self.waves[2].id))
        # he stands in aisle C: B is nearer than A, which waits longer
        self.assertEqual(self.claimed(), self.waves[1].id)

    def test_queries_do_not_grow_with_waves(self):
        service = self.env["wms.interleaving"]
        domain = self.env["wms.tasks"]._free_domain()
        service._next(domain, self.worker)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            service._next(domain, self.worker)
