"""Random walks through a wave: whatever happens on the way, it can always be closed.

Picks, shorts, damaged pieces, other lots, orders cancelled, cut, raised and added to, carts handed
over, single orders shipped early, in any order. After every step the invariants hold; in the end
the wave closes and nothing is left open. ``./wms test --full`` walks further.
"""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.addons.inventory_wms.tests.test_picking_exceptions import ExceptionsCase
from odoo.tests import new_test_user, tagged

from tests.invariants import check, explain

FULL = os.environ.get("WMS_PROFILE") == "full"
STEPS = ("scan", "scan", "scan", "short", "damaged", "swap", "cancel", "cut", "raised", "add")
STEPS += ("hand_over", "ship_one", "unreserve")
NUMBER = st.integers(0, 11)
WALKS = st.lists(st.tuples(st.sampled_from(STEPS), NUMBER, NUMBER), min_size=3, max_size=14)


@tagged("post_install", "-at_install")
class TestPickingWalk(ExceptionsCase):
    def setUp(self):
        super().setUp()
        self.product("milk").tracking = "lot"
        self.stock("A-01-1", apple=7, plum=4)
        self.stock("A-02-1", apple=6)
        for name in ("L1", "L2"):
            self.stock_lot("M-01-1", self.lot(name), 5)
        self.people = [
            (self.worker, self.device),
            (
                new_test_user(
                    self.env, "wms_other", groups="base.group_portal,inventory_wms.group_worker"
                ),
                self.env["wms.device"].create({"name": "Other scanner"}),
            ),
        ]

    @given(WALKS)
    @settings(
        max_examples=150 if FULL else 8,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def test_a_wave_can_always_be_closed(self, steps):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            self.walk(steps)
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()

    def walk(self, steps):
        self.who = 0
        self.orders = self.order(apple=5, milk=3) + self.order(apple=4) + self.order(milk=4, plum=2)
        self.batch = self.wave()
        self.command("task.claim", batch_id=self.batch.id)
        for name, which, many in steps:
            getattr(self, f"step_{name}")(which, many)
            self.sound(f"{name} {which} {many}")
        self.close()

    def command(self, op, **args):
        """Send as whoever has the cart; every answer is a named one."""
        user, device = self.people[self.who]
        envelope = dict(self.envelope(op, **args), device_id=device.uid, seq=device.last_seq + 1)
        answer = self.execute(envelope, user)
        self.assertIn(answer["status"], ("applied", "rejected"), answer)
        self.assertNotEqual(answer["code"], "unexpected", answer["message"])
        return answer

    def sound(self, step):
        self.env.flush_all()
        if any(check(self.env.cr).values()):
            self.fail(f"after {step}:\n" + "\n".join(explain(self.env.cr)))

    def close(self):
        if self.batch.state == "in_progress":
            answer = self.command("ship.confirm", batch_id=self.batch.id, partial=True)
            self.assertEqual(answer["status"], "applied", answer["message"])
            self.sound("closing")
        self.assertIn(self.batch.state, ("done", "cancel"))
        self.assertFalse(self.batch.wms_task_ids._opened())
        self.assertFalse(self.batch.wms_worker_id)
        left = self.batch.picking_ids.filtered(lambda order: order.state not in ("done", "cancel"))
        self.assertFalse(left, "an order that is not gone waits in a closed wave")

    # ----------------------------------------------------------------------- steps
    def task(self, which):
        tasks = self.batch.wms_task_ids._opened()
        return tasks[which % len(tasks)] if tasks else tasks

    def open_order(self, which):
        orders = self.orders.filtered(lambda order: order.state not in ("done", "cancel"))
        return orders[which % len(orders)] if orders else orders

    def step_scan(self, which, many):
        task = self.task(which)
        if task:
            quantity = min(many % 4 + 1, int(task._remaining()))
            code = task.lot_id.name or task.product_id.barcode
            answer = self.command(
                "pick.scan_item", task_id=task.id, barcode=code, quantity=str(quantity)
            )
            self.assertEqual(answer["status"], "applied", answer["message"])

    def step_short(self, which, many):
        task = self.task(which)
        if task:
            found = str(min(many % 3, int(task._remaining())))
            self.command("pick.short", task_id=task.id, quantity=found, reason="fewer")

    def step_damaged(self, which, many):
        task = self.task(which)
        if task:
            self.command("pick.damaged", task_id=task.id, quantity=str(many % 4 + 1))

    def step_swap(self, which, many):
        task = self.task(which)
        if task:
            self.command("pick.swap_lot", task_id=task.id, lot=("L1", "L2")[many % 2])

    def step_cancel(self, which, _many):
        self.open_order(which).action_cancel()

    def step_cut(self, which, many):
        moves = self.open_moves(which)
        if moves:
            move = moves[many % len(moves)]
            move.product_uom_qty = max(move.product_uom_qty - many % 3 - 1, 1)

    def step_raised(self, which, many):
        moves = self.open_moves(which)
        if moves:
            moves[many % len(moves)].product_uom_qty += many % 3 + 1

    def open_moves(self, which):
        moves = self.open_order(which).move_ids
        return moves.filtered(lambda move: move.state not in ("done", "cancel"))

    def step_add(self, which, many):
        order = self.open_order(which)
        if order:
            self.env["stock.move"].create(
                {
                    "product_id": self.product(("apple", "plum", "milk")[many % 3]).id,
                    "product_uom_qty": many % 4 + 1,
                    "picking_id": order.id,
                    "location_id": order.location_id.id,
                    "location_dest_id": order.location_dest_id.id,
                }
            )._action_confirm()

    def step_hand_over(self, _which, _many):
        self.command("task.release", batch_id=self.batch.id)
        self.who = 1 - self.who
        self.command("task.claim", batch_id=self.batch.id)

    def step_ship_one(self, which, _many):
        order = self.open_order(which)
        if order:
            self.command("ship.confirm", picking_id=order.id, partial=True)

    def step_unreserve(self, which, _many):
        order = self.open_order(which)
        order.do_unreserve()
        if which % 2 and order:
            order.action_assign()
