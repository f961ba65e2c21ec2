"""Manufacturing: components to work in progress, finished goods out of it, to the last cent."""

from odoo import Command, fields
from odoo.tests import tagged

from tests.modules.laws import LawfulBooks

NEEDS = ("mrp_account", "mrp_subcontracting_account")


@tagged("post_install", "-at_install")
class TestBooksProduction(LawfulBooks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("mrp.group_mrp_manager")
        cls.env.user.group_ids |= cls.env.ref("mrp.group_mrp_byproducts")
        cls.accounts["W"] = cls.accounts["V"].copy({"name": "Work in progress"})
        cls.company.account_production_wip_account_id = cls.accounts["W"]

    def bom(self, product, components, **vals):
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": units})
                    for part, units in components
                ],
                **vals,
            }
        )

    def make(self, product, bom, quantity):
        order = self.env["mrp.production"].create(
            {"product_id": product.id, "bom_id": bom.id, "product_qty": quantity}
        )
        order.action_confirm()
        order.qty_producing = quantity
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertBooks()
        return order

    def test_the_sum_of_the_components(self):
        for method in ("fifo", "lifo", "average"):
            wood, glue, chair = (
                self.goods(f"{name} {method}", method) for name in ("Wood", "Glue", "Chair")
            )
            self.receive(wood, 10, 10)
            self.receive(wood, 10, 20)
            self.receive(glue, 3, 3.33)
            bom = self.bom(chair, [(wood, 4), (glue, 1)])
            self.make(chair, bom, 3)
            cost = {"fifo": 140, "lifo": 220, "average": 180}[method] + 9.99
            self.assertBalances(wood, V=round(300 - cost + 9.99, 2))
            self.assertBalances(chair, V=cost)
            self.assertEqual(self.balance("W"), 0)
            self.ship(chair, 3)
            self.assertBalances(chair, V=0, C=cost)

    def test_work_and_by_products(self):
        wood, chair, chips = self.goods("Wood"), self.goods("Chair"), self.goods("Chips")
        expense = self.accounts["L"].copy({"name": "Labour"})
        centre = self.env["mrp.workcenter"].create(
            {"name": "Saw", "costs_hour": 60, "expense_account_id": expense.id}
        )
        self.accounts["labour"] = expense
        self.receive(wood, 10, 10.01)
        bom = self.bom(
            chair,
            [(wood, 4)],
            operation_ids=[
                Command.create({"name": "Saw", "workcenter_id": centre.id, "time_cycle_manual": 10})
            ],
            byproduct_ids=[
                Command.create({"product_id": chips.id, "product_qty": 3, "cost_share": 10.33})
            ],
        )
        order = self.make(chair, bom, 1)
        work = order.workorder_ids._cal_cost()
        self.assertTrue(work)
        self.assertEqual(self.balance("W"), 0)
        self.assertAlmostEqual(self.balance("labour"), -work)
        whole = 40.04 + work
        self.assertAlmostEqual(self.balance("V", chair) + self.balance("V", chips), whole)
        self.assertAlmostEqual(self.balance("V", chips), whole * 0.1033, 1)

    def test_components_that_others_cost(self):
        wood, chair = self.goods("Wood"), self.goods("Chair")
        screw = self.env["product.product"].create(
            {"name": "Screw", "type": "consu", "standard_price": 0.5}
        )
        self.receive(wood, 10, 10)
        self.make(chair, self.bom(chair, [(wood, 4), (screw, 8)]), 1)
        self.assertBalances(chair, V=44)
        self.assertEqual(self.balance("W"), 0)

    def test_recosting_used_components_is_refused(self):
        """The finished goods have their cost from them, so work in progress would not be even."""
        wood, chair = self.goods("Wood"), self.goods("Chair")
        self.receive(wood, 10, 20)
        self.make(chair, self.bom(chair, [(wood, 5)]), 1)
        early = self.receive(wood, 10, 10)
        first = fields.Datetime.now().replace(day=1, hour=1)
        early.picking_ids.move_ids.date = first
        job = self.env["wms.valuation.recost"].create(
            {"since": fields.Date.to_date(first), "product_ids": [Command.set(wood.ids)]}
        )
        job.action_preview()
        self.assertEqual(job.line_ids.state, "refused")
        self.assertRegex(job.line_ids.reason, "used to make")
        self.assertBalances(W=0)
        self.assertBalances(chair, V=100)

    def test_what_is_not_covered_says_so(self):
        wood, chair = self.goods("Wood"), self.goods("Chair")
        self.receive(wood, 10, 10)
        order = self.make(chair, self.bom(chair, [(wood, 4)]), 1)
        with self.refused("return", "new transfer"), self.env.cr.savepoint():
            order.move_raw_ids.move_line_ids.quantity = 5
        unbuild = self.env["mrp.unbuild"].create(
            {"product_id": chair.id, "mo_id": order.id, "product_qty": 1}
        )
        with self.refused("unbuild", "Scrap"), self.env.cr.savepoint():
            unbuild.action_unbuild()
        self.company.account_production_wip_account_id = False
        production = self.env["mrp.production"].create(
            {"product_id": chair.id, "product_qty": 1, "bom_id": order.bom_id.id}
        )
        production.action_confirm()
        production.qty_producing = 1
        production._set_qty_producing()
        production.move_raw_ids.picked = True
        with self.refused("work in progress", "Set one"), self.env.cr.savepoint():
            production.button_mark_done()

    def test_subcontracting_says_so(self):
        wood, chair = self.goods("Wood"), self.goods("Chair")
        self.receive(wood, 10, 10)
        self.bom(chair, [(wood, 4)], type="subcontract", subcontractor_ids=self.partner_a.ids)
        order = self.purchase((chair, 1, 7))
        self.assertTrue(order.picking_ids.move_ids.is_subcontract)
        with self.refused("subcontracting", "separate orders"), self.env.cr.savepoint():
            self.done(order.picking_ids)
