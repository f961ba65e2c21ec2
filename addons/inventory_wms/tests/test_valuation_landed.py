from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationLanded(BooksCase):
    def received(self, method, sold=4):
        """Ten at 10, some of them sold."""
        goods = self.goods(f"Mug {method}", method)
        order = self.receive(goods, 10, 10)
        if sold:
            self.ship(goods, sold)
        return goods, order.picking_ids

    def test_on_hand_to_stock_sold_to_cost_of_goods_sold(self):
        """Row 18 of the probes: landed cost 30 with 4 of 10 sold already."""
        for method in ("fifo", "average"):
            goods, picking = self.received(method)
            cost = self.land(picking, 30)
            self.assertBalances(goods, V=78, C=52)
            self.assertEqual(cost.state, "done")
            self.assertFalse(cost.account_move_id)
            self.assertEqual(cost.wms_posting_ids.account_move_id.state, "posted")
            self.assertEqual(goods.standard_price, 13)
            self.ship(goods, 6)
            self.assertBalances(goods, V=0, C=130)
        self.assertBalances(F=-60)

    def test_lifo(self):
        self.__class__.lifo = self.category("lifo")
        goods, picking = self.received("lifo", sold=0)
        self.receive(goods, 10, 20)
        self.ship(goods, 15)
        self.land(picking, 30)
        self.assertBalances(goods, V=65, C=265)

    def test_every_split_method(self):
        heavy = self.goods("Heavy", weight=3, volume=1)
        light = self.goods("Light", weight=1, volume=3)
        wanted = {
            "equal": (20, 20),
            "by_quantity": (10, 30),
            "by_current_cost_price": (30, 10),
            "by_weight": (20, 20),
            "by_volume": (4, 36),
        }
        order = self.purchase((heavy, 10, 90), (light, 30, 10))
        self.done(order.picking_ids)
        before = (900, 300)
        for split, parts in wanted.items():
            cost = self.land(order.picking_ids, 40, split)
            lines = cost.valuation_adjustment_lines
            self.assertEqual(tuple(lines.mapped("additional_landed_cost")), parts, split)
            values = (self.balance("V", heavy), self.balance("V", light))
            self.assertEqual(values, tuple(map(sum, zip(before, parts, strict=True))))
            before = values
            self.land(order.picking_ids, -40, split)
            before = (self.balance("V", heavy), self.balance("V", light))
        self.assertBalances(F=0)

    def test_negative_cost_reverses(self):
        goods, picking = self.received("fifo")
        cost = self.land(picking, 30)
        with self.assertRaises(UserError):
            cost.button_cancel()
        self.ship(goods, 3)
        self.land(picking, -30)
        self.assertBalances(goods, V=30, C=70, F=0)

    def test_draft_is_cancelled_without_a_trace(self):
        goods, picking = self.received("fifo")
        cost = self.env["stock.landed.cost"].create({"picking_ids": picking.ids})
        cost.button_cancel()
        self.assertBooks()
        self.assertBalances(goods, V=60, C=40)

    def test_below_zero_is_refused(self):
        _goods, picking = self.received("fifo", sold=0)
        with self.assertRaisesRegex(UserError, "less than nothing"):
            self.land(picking, -101)

    def test_goods_that_went_elsewhere(self):
        """2 back to the vendor, 1 scrapped, 4 sold of which 1 came back: 4 are on hand."""
        goods, picking = self.received("fifo", sold=0)
        self.send_back(picking, 2)
        scrap = self.env["stock.scrap"].create({"product_id": goods.id, "scrap_qty": 1})
        scrap.action_validate()
        sold = self.ship(goods, 4)
        self.send_back(sold.picking_ids, 1)
        self.assertBalances(goods, V=40, C=30, L=10, G=-80)
        self.land(picking, 50)
        self.assertBalances(goods, V=60, C=45, L=15, X=10, G=-80, F=0)
        self.assertBalances(F=-50)

    def test_goods_sold_before_they_arrived(self):
        goods = self.goods(standard_price=10)
        self.ship(goods, 4)
        picking = self.receive(goods, 10, 12).picking_ids
        self.land(picking, 10)
        self.assertBalances(goods, V=78, C=52)

    def test_shipped_not_invoiced_stays_matched(self):
        shipped = self.company_data["default_account_assets"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = shipped
        self.accounts = self.accounts | {"S": shipped}
        goods = self.goods()
        picking = self.receive(goods, 10, 10).picking_ids
        order = self.ship(goods, 4)
        self.land(picking, 30)
        self.assertBalances(goods, V=78, S=40, C=12)
        self.invoice(order)
        self.assertBalances(goods, V=78, S=0, C=52)

    def test_several_transfers_and_core_goods(self):
        mug = self.goods()
        plain = self.env["product.category"].create(
            {
                "name": "Plain",
                "property_cost_method": "fifo",
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": self.accounts["V"].copy().id,
            }
        )
        core = self.goods("Core", categ_id=plain.id)
        one = self.purchase((mug, 10, 10), (core, 10, 10))
        two = self.purchase((mug, 20, 10))
        self.done(one.picking_ids)
        self.done(two.picking_ids)
        cost = self.land(one.picking_ids | two.picking_ids, 40)
        self.assertEqual(self.layers(mug), [(10, 110), (20, 220)])
        ours = self.env["account.move.line"].search(
            [("move_id", "=", cost.account_move_id.id), ("product_id", "=", mug.id)]
        )
        self.assertFalse(ours)
        self.assertEqual(cost.account_move_id.line_ids.mapped("product_id"), core)
        self.assertEqual(sum(cost.account_move_id.line_ids.mapped("debit")), 10)
        self.assertEqual(core.total_value, 110)

    def test_lots_share_by_units(self):
        goods = self.goods("Vase", tracking="lot", lot_valuated=True)
        order = self.purchase((goods, 10, 10))
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        for name, quantity in (("L1", 6), ("L2", 4)):
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "product_id": goods.id,
                    "lot_name": name,
                    "quantity": quantity,
                    "picked": True,
                }
            )
        order.picking_ids._action_done()
        self.assertBooks()
        self.land(order.picking_ids, 25)
        self.assertEqual(self.layers(goods), [(6, 75), (4, 50)])
        lots = self.env["stock.lot"].search([("product_id", "=", goods.id)])
        self.assertEqual(lots.mapped("standard_price"), [12.5, 12.5])

    def test_goods_moved_to_a_place_of_their_own(self):
        own = self.accounts["V"].copy({"name": "Outlet"})
        outlet = self.env["stock.location"].create(
            {
                "name": "Outlet",
                "location_id": self.warehouse.view_location_id.id,
                "wms_stock_account_id": own.id,
            }
        )
        goods, picking = self.received("fifo", sold=0)
        move = self.env["stock.move"].create(
            {
                "product_id": goods.id,
                "product_uom_qty": 3,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": outlet.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        self.accounts = self.accounts | {"O": own}
        self.stock_accounts |= own
        self.assertBooks()
        self.land(picking, 20)
        self.assertBalances(goods, V=84, O=36)

    def test_from_a_vendor_bill(self):
        goods, picking = self.received("fifo")
        freight = self.env["product.product"].create(
            {
                "name": "Freight",
                "type": "service",
                "landed_cost_ok": True,
                "split_method_landed_cost": "by_quantity",
                "categ_id": self.fifo.id,
                "property_account_expense_id": self.freight_account().id,
                "supplier_taxes_id": False,
            }
        )
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": freight.id,
                            "price_unit": 30,
                            "is_landed_costs_line": True,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.assertBalances(F=30)
        action = bill.button_create_landed_costs()
        cost = self.env["stock.landed.cost"].browse(action["res_id"])
        self.assertEqual(cost.cost_lines.account_id, self.accounts["F"])
        cost.picking_ids = picking
        cost.button_validate()
        self.assertBooks()
        self.assertBalances(goods, V=78, C=52)
        self.assertBalances(F=0)

    def test_the_stock_account_is_no_freight_account(self):
        _goods, picking = self.received("fifo")
        freight = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "categ_id": self.fifo.id}
        )
        line = {
            "product_id": freight.id,
            "price_unit": 5,
            "split_method": "equal",
            "account_id": self.accounts["V"].id,
        }
        cost = self.env["stock.landed.cost"].create(
            {"picking_ids": picking.ids, "cost_lines": [Command.create(line)]}
        )
        with self.assertRaisesRegex(UserError, "not the stock account"):
            cost.button_validate()

    def test_a_delivery_received_nothing(self):
        goods, _picking = self.received("fifo", sold=0)
        sold = self.ship(goods, 2)
        with self.assertRaisesRegex(UserError, "not received"):
            self.land(sold.picking_ids, 5)

    def test_a_warehouse_user_validates_without_rights_on_layers(self):
        goods, picking = self.received("fifo")
        user = new_test_user(
            self.env,
            "landed_manager",
            groups="stock.group_stock_manager,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        cost = self.env["stock.landed.cost"].create(
            {
                "picking_ids": picking.ids,
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "price_unit": 10,
                            "split_method": "equal",
                            "account_id": self.freight_account().id,
                        }
                    )
                ],
            }
        )
        cost.with_user(user).button_validate()
        self.assertBooks()
        self.assertBalances(goods, V=66, C=44, F=-10)

    def test_bill_and_landed_cost_together(self):
        goods, picking = self.received("fifo")
        self.land(picking, 30)
        self.bill(picking.move_ids.purchase_line_id.order_id, price=12)
        self.assertBalances(goods, V=90, C=52, X=8, G=0)

    def test_queries_do_not_grow_with_lines(self):
        counts = []
        for lines in (2, 12):
            goods = [self.goods(f"Thing {lines} {number}") for number in range(lines)]
            order = self.purchase(*((thing, 10, 10) for thing in goods))
            self.done(order.picking_ids)
            cost = self.env["stock.landed.cost"].create(
                {
                    "picking_ids": order.picking_ids.ids,
                    "cost_lines": [
                        Command.create(
                            {
                                "product_id": goods[0].id,
                                "price_unit": 120,
                                "split_method": "equal",
                                "account_id": self.freight_account().id,
                            }
                        )
                    ],
                }
            )
            cost.compute_landed_cost()
            cost.state = "done"
            self.flush_postings()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["wms.valuation"].sudo()._add_landed_costs(cost)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertBooks()
        self.assertLessEqual(counts[1], counts[0] + 4, counts)

    def test_form_shows_the_postings(self):
        _goods, picking = self.received("fifo")
        cost = self.land(picking, 30)
        with Form(cost) as form:
            self.assertEqual(len(form.wms_posting_ids), 1)
