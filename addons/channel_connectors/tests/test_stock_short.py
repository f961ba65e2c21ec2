from odoo.addons.inventory_wms.tests.picking_case import PickingCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestStockShort(PickingCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=5)
        self.warehouse.out_type_id.reservation_method = "manual"
        self.account = self.env["channel.account"].create({"name": "Shop test"})

    def sell(self, **values):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Ann"}).id,
                "client_order_ref": "ORDER-7",
                "order_line": [
                    (0, 0, {"product_id": self.product("apple").id, "product_uom_qty": 4})
                ],
                **values,
            }
        )
        sale.action_confirm()
        return sale

    def short(self, found):
        wave = self.wave()
        self.send("task.claim", batch_id=wave.id)
        task = wave.wms_task_ids._opened()
        self.assertApplied(self.send("pick.short", task_id=task.id, quantity=found, reason="fewer"))

    def problems(self):
        return self.env["channel.problem"].search([("code", "=", "channel_stock_short")])

    def test_the_channel_is_told_once(self):
        sale = self.sell(channel_account_id=self.account.id)
        self.short("1")
        problem = self.problems()
        self.assertEqual((problem.account_id, problem.order_ref), (self.account, "ORDER-7"))
        self.assertIn("3", problem.what)
        self.assertTrue(problem.next_step)
        move = sale.picking_ids.move_ids
        self.env["wms.shortage"]._wms_stock_short({move: 2})
        self.assertEqual(len(self.problems()), 1)
        self.assertIn("2", self.problems().what)

    def test_goods_of_another_bin_are_no_news(self):
        self.stock("B-01-1", apple=5)
        self.sell(channel_account_id=self.account.id)
        self.short("1")
        self.assertFalse(self.problems())

    def test_orders_of_no_channel(self):
        self.sell()
        self.short("0")
        self.assertFalse(self.problems())
