"""Where goods come from and go to: warehouses, companies, owners, and odd directions."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .valuation_common import BooksCase


class WaysCase(BooksCase):
    def location(self, usage):
        return self.env["stock.location"].search(
            [("usage", "=", usage), ("company_id", "in", (False, self.company.id))],
            order="company_id, id",
            limit=1,
        )

    def refused(self, *words):
        return self.assertRaisesRegex(UserError, ".*".join(words))


@tagged("post_install", "-at_install")
class TestWarehouses(WaysCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for key, name in (("T", "On the road"), ("N", "Stock in the north")):
            cls.accounts[key] = cls.accounts["V"].copy({"name": name})
            cls.stock_accounts |= cls.accounts[key]
        cls.road = cls.company.internal_transit_location_id
        cls.road.active = True
        cls.road.wms_stock_account_id = cls.accounts["T"]
        cls.north = cls.env["stock.warehouse"].create(
            {"name": "North", "code": "NRT", "company_id": cls.company.id}
        )
        cls.north.view_location_id.wms_stock_account_id = cls.accounts["N"]

    def test_nineteen_layers_travel(self):
        stock, there = self.warehouse.lot_stock_id, self.north.lot_stock_id
        for method in ("fifo", "lifo", "average"):
            mug = self.goods(method, method)
            order = self.purchase(*((mug, 2, 10 + price / 7) for price in range(19)))
            self.done(order.picking_ids)
            self.assertBooks()
            value = self.balance("V", mug)
            self.move(mug, 38, stock, self.road)
            self.assertBalances(mug, V=0, T=value, N=0)
            self.move(mug, 38, self.road, there)
            self.assertBalances(mug, V=0, T=0, N=value)
            rows = self.env["wms.cost.layer"].search(
                [("product_id", "=", mug.id), ("remaining_qty", ">", 0)], order="id"
            )
            self.assertEqual(len(rows), 19)
            self.assertEqual(rows.place_id, self.north.view_location_id)
            self.assertEqual(len(rows.root_layer_id), 19)
            self.assertEqual(set(rows.root_layer_id.mapped("kind")), {"receipt"})
            self.move(mug, 38, there, self.location("customer"))
            self.assertBalances(mug, N=0, C=value)

    def test_a_done_transfer_changes(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        move = self.move(mug, 4, self.warehouse.lot_stock_id, self.road)
        move.move_line_ids.quantity = 6
        self.assertBooks()
        self.assertBalances(mug, V=40, T=60)
        with self.refused("return", "new transfer"), self.env.cr.savepoint():
            move.move_line_ids.quantity = 3

    def test_a_customer_returns_to_another_warehouse(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        sold = self.ship(mug, 4).picking_ids.move_ids
        back = self.move(
            mug,
            3,
            self.location("customer"),
            self.north.lot_stock_id,
            origin_returned_move_id=sold.id,
        )
        self.assertBalances(mug, V=60, N=30, C=10)
        again = self.move(
            mug,
            3,
            self.north.lot_stock_id,
            self.location("customer"),
            origin_returned_move_id=back.id,
        )
        self.assertBalances(mug, V=60, N=0, C=40)
        self.assertEqual(again.value, 30)


@tagged("post_install", "-at_install")
class TestCompanies(WaysCase):
    def test_a_sale_in_one_is_a_purchase_in_the_other(self):
        other = self.setup_other_company(name="Second")["company"]
        self.env.user.company_ids |= other
        there = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        there["wms.valuation"]._setup_company(other)
        self.fifo.with_company(other).write(
            {"property_cost_method": "fifo", "property_valuation": "perpetual_move"}
        )
        between = self.env.ref("stock.stock_location_inter_company")
        between.active = True
        other.partner_id.property_stock_customer = between
        mug = self.goods()
        self.receive(mug, 10, 10)
        sold = self.env["sale.order"].create(
            {
                "partner_id": other.partner_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": mug.id,
                            "product_uom_qty": 4,
                            "price_unit": 15,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        sold.action_confirm()
        self.assertEqual(sold.picking_ids.location_dest_id, between)
        self.done(sold.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=60, C=40)
        seller = self.company.partner_id.with_env(there)
        seller.property_stock_supplier = between
        order = there["purchase.order"].create(
            {
                "partner_id": seller.id,
                "company_id": other.id,
                "order_line": [
                    Command.create(
                        {"product_id": mug.id, "product_qty": 4, "price_unit": 15, "tax_ids": False}
                    )
                ],
            }
        )
        order.button_confirm()
        self.assertEqual(order.picking_ids.location_id, between)
        self.done(order.picking_ids)
        self.assertBooks()
        total = there["wms.cost.total"].search([("company_id", "=", other.id)])
        self.assertEqual((total.qty, total.value), (4, 60))
        self.assertBalances(mug, V=60, C=40)

    def test_without_orders(self):
        between = self.env.ref("stock.stock_location_inter_company")
        mug = self.goods()
        self.receive(mug, 10, 10)
        stock = self.warehouse.lot_stock_id
        for source, target in ((stock, between), (between, stock)):
            with self.refused("no company", "sale order"), self.env.cr.savepoint():
                self.move(mug, 1, source, target)


@tagged("post_install", "-at_install")
class TestOwners(WaysCase):
    def test_consigned_goods_beside_ours(self):
        """Probe 14."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        order = self.purchase((mug, 10, 20))
        order.picking_ids.move_ids.quantity = 10
        order.picking_ids.move_ids.move_line_ids.owner_id = self.partner_a
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertBalances(mug, V=100, G=-100)
        self.assertEqual(mug.total_value, 100)
        sold = self.ship(mug, 5)
        self.assertEqual(sold.picking_ids.move_ids.value, 50)
        self.assertBalances(mug, V=50, C=50)

    def test_consigned_goods_become_ours_by_a_count(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        stock = self.warehouse.lot_stock_id
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        theirs = {"product_id": mug.id, "location_id": stock.id, "owner_id": self.partner_a.id}
        quants.create({**theirs, "inventory_quantity": 4}).action_apply_inventory()
        self.assertBooks()
        self.assertBalances(mug, V=100, L=0)
        rows = self.env["stock.quant"].search([("product_id", "=", mug.id)])
        rows = rows.filtered(lambda row: row.location_id == stock).with_context(inventory_mode=True)
        for row in rows:
            row.inventory_quantity = 0 if row.owner_id else 14
        rows.action_apply_inventory()
        self.assertBooks()
        self.assertBalances(mug, V=140, L=-40)

    def test_a_receipt_of_both(self):
        mug = self.goods()
        order = self.purchase((mug, 10, 10))
        move = order.picking_ids.move_ids
        move.quantity = 6
        theirs = move.move_line_ids.copy({"quantity": 4, "owner_id": self.partner_a.id})
        self.done_as_it_is(order.picking_ids)
        self.assertBalances(mug, V=60, G=-60)
        theirs.owner_id = False
        self.assertBooks()
        self.assertBalances(mug, V=100, G=-100)

    def done_as_it_is(self, picking):
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        self.assertBooks()


@tagged("post_install", "-at_install")
class TestOddDirections(WaysCase):
    def test_past_our_stock(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        places = {use: self.location(use) for use in ("supplier", "customer", "inventory")}
        move = self.move(mug, 2, places["supplier"], places["customer"], price_unit=7)
        self.assertBalances(mug, V=100, G=-114, C=14)
        self.assertEqual(move.wms_consumption_ids.layer_id.kind, "direct")
        self.move(mug, 1, places["supplier"], places["inventory"])
        self.assertBalances(mug, V=100, G=-124, C=14, L=10)
        self.move(mug, 1, places["customer"], places["inventory"])
        self.assertBalances(mug, V=100, G=-124, C=14, L=10)
        self.move(mug, 1, places["customer"], places["supplier"], origin_returned_move_id=move.id)
        self.assertBalances(mug, V=100, G=-117, C=7)
        for source, target in (("inventory", "customer"), ("inventory", "supplier")):
            with self.refused("without passing"), self.env.cr.savepoint():
                self.move(mug, 1, places[source], places[target])
        with self.refused("which delivery"), self.env.cr.savepoint():
            self.move(mug, 1, places["customer"], places["supplier"])

    def test_used_up_by_hand(self):
        """To a production location, without the manufacturing add-on."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        production = self.location("production")
        self.company.account_production_wip_account_id = False
        with self.refused("work in progress", "Set one"), self.env.cr.savepoint():
            self.move(mug, 1, self.warehouse.lot_stock_id, production)
        wip = self.accounts["W"] = self.accounts["V"].copy({"name": "Work in progress"})
        self.company.account_production_wip_account_id = wip
        self.move(mug, 3, self.warehouse.lot_stock_id, production)
        self.assertBalances(mug, V=70, W=30)
        self.move(mug, 2, production, self.warehouse.lot_stock_id)
        self.assertBalances(mug, V=90, W=10)

    def test_goods_sold_before_the_books(self):
        plain = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "periodic"}
        )
        mug = self.goods(categ_id=plain.id)
        self.done(self.purchase((mug, 10, 8)).picking_ids)
        sold = self.sale(mug, 10)
        self.done(sold.picking_ids)
        mug.categ_id = self.fifo
        self.receive(mug, 5, 10)
        self.send_back(sold.picking_ids, 2)
        # nothing tells what they had cost: today's unit cost
        self.assertBalances(mug, V=70, C=-20)

    def test_exchange(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.receive(mug, 10, 20)
        sold = self.ship(mug, 10).picking_ids
        self.send_back(sold, 2)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=sold.id, active_ids=sold.ids, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": sold.id})
        wizard.product_return_moves.quantity = 3
        back = self.env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
        self.done(back)
        self.assertBooks()
        self.assertBalances(mug, V=250, C=50)
        others = self.env["stock.picking"].search(
            [("state", "not in", ("done", "cancel")), ("product_id", "=", mug.id)]
        )
        self.done(others)
        self.assertBooks()
        self.assertBalances(mug, V=190, C=110)
