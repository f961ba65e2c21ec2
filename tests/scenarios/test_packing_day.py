"""A day at the packing station: random scans, boxes, steps back, replays and short orders.

After every command the invariants hold.  In the end every order is shipped in packages that hold
exactly what was scanned into their boxes, and what is missing waits in a backorder.
"""

import random
from collections import Counter

from odoo.addons.inventory_wms.tests.packing_case import PackingCase
from odoo.tests import tagged

from tests.invariants import check
from tests.invariants.mixin import InvariantsMixin

NAMES = ("apple", "pear", "plum")


@tagged("post_install", "-at_install")
class TestPackingDay(InvariantsMixin, PackingCase):
    def _pack(self, verb, picking, **args):
        """One command, sometimes sent twice: the second answer is the first one."""
        envelope = self.envelope(f"pack.{verb}", picking_id=picking.id, **args)
        envelope.update(device_id=self.station.uid, seq=self.station.last_seq + 1)
        answer = self.execute(envelope)
        if self.rng.random() < 0.3:
            self.assertEqual(self.execute(envelope)["result"], answer["result"])
        self.env.flush_all()
        broken = {name: count for name, count in check(self.env.cr).items() if count}
        self.assertFalse(broken, f"after {verb} {args}: {answer['code']}")
        return answer

    def _picked_wave(self):
        """Three orders in one wave; some stops are short."""
        orders = []
        for _order in range(3):
            names = self.rng.sample(NAMES, self.rng.randint(1, 3))
            orders.append(self.order(**{name: self.rng.randint(1, 6) for name in names}))
        self.release()
        self.send("task.claim")
        waves = self.env["stock.picking.batch"].union(*[order.batch_id for order in orders])
        for task in waves.wms_task_ids:
            if self.rng.random() < 0.2:
                reason = {"quantity": "0", "reason": "fewer"}
                self.send("pick.short", task_id=task.id, **reason)
                continue
            self.scan(task, task.product_id.barcode, str(int(task.demand)))
        for task in waves.wms_task_ids._opened():  # the bins found instead
            self.scan(task, task.product_id.barcode, str(int(task.demand)))
        return [order for order in orders if order.move_line_ids]

    def _step(self, picking):
        chance = self.rng.random()
        if chance < 0.6:
            name = self.rng.choice(NAMES).upper()
            self._pack("scan_item", picking, barcode=name, quantity=str(self.rng.randint(1, 3)))
        elif chance < 0.7:
            self._pack("undo", picking)
        elif chance < 0.8:
            self._pack("next_box", picking)
        elif chance < 0.95:
            self._pack("close_box", picking, package_type_id=self.large.id)
        else:
            self._pack("open", picking)

    def _finish(self, picking):
        """Add what still goes in, close what is open and ship; False when nothing was packed."""
        for name in NAMES:
            self._pack("scan_item", picking, barcode=name.upper(), quantity="1")
        while (
            self._pack("close_box", picking, package_type_id=self.large.id)["status"] == "applied"
        ):
            pass
        missing = self._pack("finish", picking)
        if missing["code"] == "pack_nothing":
            return False
        if missing["status"] != "applied":
            self.assertEqual(missing["code"], "pack_missing")
            self.assertEqual(self._pack("finish", picking, partial=True)["status"], "applied")
        return True

    def _assert_shipped(self, picking, wanted):
        self.assertEqual(picking.state, "done")
        in_boxes = Counter()
        for item in picking.wms_pack_box_ids.item_ids:
            in_boxes[item.box_id.package_id, item.product_id] += item.quantity
        in_packages = Counter()
        for line in picking.move_line_ids:
            in_packages[line.result_package_id, line.product_id] += line.quantity
        self.assertEqual(in_boxes, in_packages)
        self.assertTrue(all(package for package, _product in in_packages))
        later = Counter()
        for move in picking.backorder_ids.move_ids:
            later[move.product_id] += move.product_qty
        for (_package, product), quantity in in_packages.items():
            later[product] += quantity
        self.assertEqual(later, wanted)

    def test_random_days(self):
        for seed in range(4):
            self.rng = random.Random(seed)
            for picking in self._picked_wave():
                wanted = Counter()
                for move in picking.move_ids:
                    wanted[move.product_id] += move.product_qty
                if self._pack("open", picking)["status"] != "applied":
                    continue
                for _step in range(self.rng.randint(2, 14)):
                    self._step(picking)
                if self._finish(picking):
                    self._assert_shipped(picking, wanted)
                    self.shipped = getattr(self, "shipped", 0) + 1
        self.assertGreater(self.shipped, 5)
