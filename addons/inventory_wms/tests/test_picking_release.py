from odoo.tests import tagged

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestRelease(WmsCase):
    def setUp(self):
        super().setUp()
        self.env["stock.picking"].search(
            [("picking_type_id", "=", self.warehouse.out_type_id.id), ("state", "!=", "done")]
        ).action_cancel()

    def release(self, **args):
        return self.execute(self.envelope("wave.release", **args), self.lead)

    def test_whole_orders_become_ordered_tasks(self):
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        first, second = self.transfer(apple=3, pear=1), self.transfer(apple=2)
        answer = self.release()
        self.assertEqual(answer["status"], "applied", answer["message"])
        (wave,) = answer["result"]["waves"]
        self.assertEqual((wave["orders"], wave["stops"]), (2, 2))
        tasks = self.env["wms.task"].browse(wave["task_ids"])
        self.assertEqual(tasks.mapped("sequence"), [1, 2])
        apples = tasks.filtered(lambda task: task.product_id == self.product("apple"))
        self.assertEqual((apples.demand, apples.location_id.name), (5, "A-01-1"))
        self.assertEqual(
            sorted(apples.move_line_ids.picking_id.mapped("wms_cart_slot")), ["A1", "A2"]
        )
        self.assertEqual((first + second).mapped("state"), ["assigned", "assigned"])
        self.assertEqual(self.reserved("apple"), 5)
