"""A day on the floor: random waves, scans, shorts, helpers and early closings.

After every command the invariants hold; in the end every order is shipped or still waits with
what it lacks, and nothing is reserved for nobody.
"""

import random

from odoo.addons.inventory_wms.tests.picking_case import PickingCase
from odoo.tests import tagged

from tests.invariants import check
from tests.invariants.mixin import InvariantsMixin

NAMES = ("apple", "pear", "plum", "fig")


@tagged("post_install", "-at_install")
class TestPickingDay(InvariantsMixin, PickingCase):
    def setUp(self):
        super().setUp()
        for row, name in enumerate(NAMES):
            for column in range(3):
                self.stock(f"{row:02d}-{column}", **{name: 8})
                self.bin(f"{row:02d}-{column}").write(
                    {"wms_kind": "bin", "wms_aisle": str(row), "wms_x": 3 * row, "wms_y": column}
                )

    def _random_orders(self, rng, count):
        for _order in range(count):
            names = rng.sample(NAMES, rng.randint(1, 3))
            self.order(**{name: rng.randint(1, 5) for name in names})

    def _command(self, op, **args):
        answer = self.send(op, **args)
        self.assertIn(answer["status"], ("applied", "rejected"))
        self.env.flush_all()
        broken = {name: count for name, count in check(self.env.cr).items() if count}
        self.assertFalse(broken, f"after {op} {args}: {answer['code']}")
        return answer

    def _work(self, rng):
        """Claim a wave and work it to its end, with all that goes wrong; False: no wave left."""
        answer = self._command("task.claim")
        if answer["status"] != "applied":
            return False
        wave = answer["result"]["wave"]["batch_id"]
        task = answer["result"]["tasks"][0]
        while task and rng.random() > 0.04:
            task = self._step(rng, task)
        shipped = self._command("ship.confirm", batch_id=wave, partial=True)
        self.assertEqual(shipped["status"], "applied", shipped["message"])
        return True

    def _step(self, rng, task):
        left = int(float(task["demand"]) - float(task["done"]))
        barcode = task["product"]["barcode"]
        if rng.random() < 0.12:
            found = rng.randint(0, left)
            answer = self._command(
                "pick.short", task_id=task["task_id"], quantity=str(found), reason="fewer"
            )
        elif rng.random() < 0.1:
            answer = self._command(
                "pick.scan_item", task_id=task["task_id"], barcode=barcode, quantity=str(left + 1)
            )
            self.assertEqual(answer["code"], "above_demand")
            return task
        else:
            quantity = str(rng.randint(1, left))
            answer = self._command(
                "pick.scan_item", task_id=task["task_id"], barcode=barcode, quantity=quantity
            )
        self.assertEqual(answer["status"], "applied", answer["message"])
        result = answer["result"]
        return result["next"] if "next" in result else result["task"]

    def _day(self, seed):
        rng = random.Random(seed)
        for _wave in range(3):
            self._random_orders(rng, 4)
            self.assertApplied(self.release())
            while self._work(rng):
                pass
        for name in NAMES:
            self.assertEqual(self.reserved(name), 0, name)
        waves = self.env["stock.picking.batch"].search([("wms_task_ids", "!=", False)])
        self.assertEqual(set(waves.mapped("state")) - {"done", "cancel"}, set())
        self.assertFalse(self.env["wms.task"].search([("state", "in", ("ready", "claimed"))]))

    def test_random_days(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self._day(seed)

    def test_four_hundred_and_fifty_lines_in_one_release(self):
        for name in NAMES:
            self.stock("99-9", **{name: 2000})
        for _order in range(75):
            self.order(apple=2, pear=1, plum=1, fig=3)
        answer = self.assertApplied(self.release())
        self.assertEqual((answer["orders"], answer["skipped"]), (75, []))
        self.assertEqual(self.reserved("fig"), 225)
