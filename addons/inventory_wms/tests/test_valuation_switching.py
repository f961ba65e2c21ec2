"""Costing is not switched under goods or documents: by other companies, a tick, a default."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .invariants_too import InvariantsToo
from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationSwitching(InvariantsToo, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Second")["company"]
        cls.env.user.company_ids |= cls.other
        cls.there = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.other.ids))
        cls.there["wms.valuation"]._setup_company(cls.other)
        cls.fifo.with_company(cls.other).write(
            {"property_cost_method": "fifo", "property_valuation": "perpetual_move"}
        )
        cls.periodic = cls.env["product.category"].create({"name": "Periodic"})
        for company in cls.company | cls.other:
            cls.periodic.with_company(company).write(
                {"property_cost_method": "fifo", "property_valuation": "periodic"}
            )

    def refused(self, *words):
        return self.assertRaisesRegex(UserError, ".*".join(words))

    def receive_there(self, product, quantity, price, done=True):
        order = self.there["purchase.order"].create(
            {
                "partner_id": self.partner_a.id,
                "company_id": self.other.id,
                "order_line": [Command.create(self._line((product, quantity, price)))],
            }
        )
        order.button_confirm()
        if done:
            self.done(order.picking_ids)
        return order

    def assertRefused(self, product, vals, *words):
        with self.refused(*words), self.env.cr.savepoint():
            product.write(vals)
        self.env.invalidate_all()

    # -------------------------------------------------------------- other companies
    def test_goods_of_another_company_keep_their_category(self):
        mug = self.goods()
        self.receive_there(mug, 10, 10)
        self.assertRefused(mug, {"categ_id": self.periodic.id}, "Second", "Openings")
        self.assertRefused(mug.product_tmpl_id, {"categ_id": self.periodic.id}, "Second")
        # nothing hangs on it here, and there it is costed in the same way
        same = self.category("average")
        same.with_company(self.other).write(
            {"property_cost_method": "fifo", "property_valuation": "perpetual_move"}
        )
        mug.categ_id = same
        self.assertEqual(mug.with_company(self.other).total_value, 100)

    def test_goods_that_another_company_counts_itself_keep_their_category(self):
        mug = self.goods(categ_id=self.periodic.id)
        self.receive_there(mug, 10, 10)
        self.assertRefused(mug, {"categ_id": self.fifo.id}, "Second", "Openings")

    def test_documents_of_another_company_keep_their_category(self):
        mug = self.goods()
        order = self.receive_there(mug, 10, 10)
        sold = self.there["sale.order"].create(
            {
                "partner_id": self.partner_b.id,
                "company_id": self.other.id,
                "order_line": [
                    Command.create({"product_id": mug.id, "product_uom_qty": 10, "tax_ids": False})
                ],
            }
        )
        sold.action_confirm()
        self.done(sold.picking_ids)
        self.assertFalse(mug.with_company(self.other).total_value)
        self.assertRefused(mug, {"categ_id": self.periodic.id}, "Second")
        order.action_create_invoice()
        order.invoice_ids.invoice_date = order.invoice_ids.date
        order.invoice_ids.action_post()
        mug.categ_id = self.periodic

    def test_an_opening_leaves_other_companies_alone(self):
        mug = self.goods()
        self.receive_there(mug, 10, 10)
        job = self.env["wms.valuation.opening"].create(
            {
                "product_ids": [Command.set(mug.ids)],
                "target_category_id": self.periodic.id,
                "cost_flow": "fifo",
                "valuation": "periodic",
                "account_id": self.accounts["R"].id,
            }
        )
        with self.refused("Second"):
            job.action_preview()
        late = self.goods()
        job.product_ids = late
        job.action_preview()
        self.receive_there(late, 5, 10)
        with self.refused("Second"):
            job.action_apply()

    def test_goods_of_another_company_keep_their_valuation_by_lot(self):
        mug = self.goods(tracking="lot")
        self.receive_there(mug, 10, 10, done=False)
        self.assertFalse(mug.lot_valuated)
        picking = self.there["stock.picking"].search([("product_id", "=", mug.id)])
        picking.move_ids.quantity = 10
        picking.move_ids.move_line_ids.lot_name = "L1"
        self.done(picking)
        self.assertRefused(mug.product_tmpl_id, {"lot_valuated": True}, "Second")

    # ------------------------------------------------------------------------ ticks
    def test_goods_on_hand_stay_tracked(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.assertRefused(mug, {"is_storable": False}, "on hand")
        self.assertRefused(mug, {"type": "service"}, "on hand")
        self.ship(mug, 10)
        self.assertRefused(mug, {"is_storable": False}, "documents")
        self.bill(order)
        mug.is_storable = False
        self.assertFalse(mug.is_storable)

    def test_goods_of_another_company_stay_tracked(self):
        mug = self.goods()
        self.receive_there(mug, 10, 10)
        self.assertRefused(mug, {"is_storable": False}, "Second")

    def test_archived_variants_count_too(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        template = mug.product_tmpl_id
        mug.active = False
        self.assertRefused(template, {"categ_id": self.periodic.id}, "Openings")
        self.assertRefused(template, {"is_storable": False}, "on hand")

    # --------------------------------------------------------------- company default
    def follower(self):
        """A category that chooses nothing, in a company that posts at the movement."""
        self.company.write({"inventory_valuation": "perpetual_move", "cost_method": "fifo"})
        return self.env["product.category"].create({"name": "Follows"})

    def test_the_default_waits_for_goods(self):
        mug = self.goods(categ_id=self.follower().id)
        self.assertEqual(mug.valuation, "perpetual_move")
        self.receive(mug, 10, 10)
        for vals in ({"inventory_valuation": "periodic"}, {"cost_method": "average"}):
            with self.assertRaisesRegex(ValidationError, "Follows"), self.env.cr.savepoint():
                self.company.write(vals)

    def test_the_default_waits_for_documents(self):
        mug = self.goods(categ_id=self.follower().id)
        order = self.receive(mug, 10, 10)
        self.ship(mug, 10)
        with self.assertRaisesRegex(ValidationError, "Follows"), self.env.cr.savepoint():
            self.company.inventory_valuation = "periodic"
        self.bill(order)
        self.assertBalances(mug, V=0, G=0, C=100)
        self.company.inventory_valuation = "periodic"
        self.assertEqual(mug.valuation, "periodic")

    def test_the_stock_account_waits_for_goods(self):
        mug = self.goods(categ_id=self.follower().id)
        self.receive(mug, 10, 10)
        with self.assertRaisesRegex(ValidationError, "Follows"), self.env.cr.savepoint():
            self.company.account_stock_valuation_id = self.accounts["V"].copy()
