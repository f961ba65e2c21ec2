"""Locked days, years, companies in other currencies, analytic lines, users without the ledger."""

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationAnalytic(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["account.analytic.plan"].create({"name": "Projects"})
        cls.north, cls.south = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )

    def lines(self, role):
        """Balance by analytic account of what was posted on an account of ours."""
        self.flush_postings()
        found = {}
        for line in self.env["account.move.line"].search(
            [("account_id", "=", self.accounts[role].id), ("parent_state", "=", "posted")]
        ):
            for key in line.analytic_distribution or {"": 100}:
                found[key] = round(found.get(key, 0) + line.balance, 2)
        return found

    def test_cost_of_goods_sold_carries_the_sale_line(self):
        mug = self.goods(standard_price=9)
        north, south = str(self.north.id), str(self.south.id)
        for account, units in ((north, 4), (south, 5)):
            order = self.sale(mug, units)
            order.order_line.analytic_distribution = {account: 100}
            self.done(order.picking_ids)
            self.assertBooks()
        self.assertEqual(self.lines("C"), {north: 36, south: 45})
        self.receive(mug, 20, 10)
        self.assertEqual(self.lines("C"), {north: 40, south: 50})
        self.assertEqual(set(self.lines("V")), {""})
        column = self.north.plan_id._column_name()
        analytic = self.env["account.analytic.line"].search([(column, "=", self.north.id)])
        self.assertEqual(sum(analytic.mapped("amount")), -40)

    def test_variance_carries_the_bill_line(self):
        mug = self.goods()
        order = self.purchase((mug, 10, 10))
        order.order_line.analytic_distribution = {str(self.north.id): 100}
        self.done(order.picking_ids)
        self.ship(mug, 4)
        self.bill(order, price=12)
        self.assertEqual(self.lines("X"), {str(self.north.id): 8})
        self.assertBalances(mug, G=0)

    def test_shipped_goods_carry_it_at_the_invoice(self):
        shipped = self.company_data["default_account_assets"].copy({"name": "Shipped"})
        self.company.wms_shipped_account_id = shipped
        mug = self.goods()
        self.receive(mug, 10, 10)
        order = self.sale(mug, 4)
        order.order_line.analytic_distribution = {str(self.south.id): 100}
        self.done(order.picking_ids)
        self.assertBooks()
        self.assertEqual(self.lines("C"), {})
        self.invoice(order)
        self.assertEqual(self.lines("C"), {str(self.south.id): 40})


@tagged("post_install", "-at_install")
class TestValuationDates(BooksCase):
    def lock(self, name, day):
        self.env["ir.config_parameter"].sudo().set_param("stock_account.skip_lock_date_check", "1")
        self.company[name] = day

    def test_a_receipt_in_a_locked_year_says_so(self):
        mug = self.goods()
        today = fields.Date.today()
        self.lock("fiscalyear_lock_date", today)
        order = self.purchase((mug, 10, 10))
        self.done(order.picking_ids)
        self.assertBooks()
        posting = self.env["wms.cost.posting"].search([("picking_id", "=", order.picking_ids.id)])
        entry = posting.account_move_id
        self.assertEqual(entry.date, fields.Date.add(today, days=1))
        self.assertIn(str(today), entry.narration)
        self.assertIn("locked", entry.narration)

    def test_a_bill_dated_before_its_receipt(self):
        """The bill is last month's, the correction of the stock is not older than the stock."""
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        early = fields.Date.subtract(fields.Date.today(), months=1)
        bill = self.bill(order, price=12, post=False)
        bill.invoice_date = bill.date = early
        bill.action_post()
        self.assertBooks()
        self.assertEqual(bill.date, early)
        posting = self.env["wms.cost.posting"].search([("document_id", "=", bill.id)])
        self.assertEqual(posting.account_move_id.date, fields.Date.today())
        self.assertBalances(mug, V=120, G=0)

    def test_a_bill_in_a_locked_month(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.ship(mug, 5)
        self.lock("purchase_lock_date", fields.Date.today())
        bill = self.bill(order, price=12, post=False)
        bill.action_post()
        self.assertBooks()
        self.assertGreater(bill.date, self.company.purchase_lock_date)
        posting = self.env["wms.cost.posting"].search([("document_id", "=", bill.id)])
        self.assertEqual(posting.account_move_id.date, bill.date)
        self.assertBalances(mug, V=60, C=50, X=10, G=0)

    def test_two_fiscal_years(self):
        """A receipt of last year's last day and its bill of this year are booked in their years."""
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        mug = self.goods()
        last = fields.Date.subtract(fields.Date.today(), years=1)
        order = self.purchase((mug, 10, 10))
        self.env = self.env(context=dict(self.env.context, force_period_date=last))
        self.done(order.picking_ids.with_env(self.env))
        self.assertBooks()
        self.env = self.env(context=dict(self.env.context, force_period_date=False))
        self.bill(order.with_env(self.env), price=12)
        entries = self.env["wms.cost.posting"].search([], order="id").account_move_id
        days = [posting.date for posting in entries.sorted("id")]
        self.assertEqual(days, [last, fields.Date.today()])
        stock = [("account_id", "=", self.accounts["V"].id)]
        totals = [
            sum(
                self.env["account.move.line"]
                .search([*stock, ("date", "<=", day)])
                .mapped("balance")
            )
            for day in (last, fields.Date.today())
        ]
        self.assertEqual(totals, [100, 120])


@tagged("post_install", "-at_install")
class TestValuationCompanies(BooksCase):
    def other(self, currency):
        """A company with its own currency and books, seen alone."""
        money = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", currency)])
        )
        money.active = True
        company = self.setup_other_company(name=f"In {currency}", currency_id=money.id)["company"]
        self.env.user.company_ids |= company
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        env["wms.valuation"]._setup_company(company)
        for category in (self.fifo, self.average, self.lifo):
            category.with_env(env).write(
                {
                    "property_cost_method": category.property_cost_method,
                    "property_valuation": "perpetual_move",
                }
            )
        return env, company.with_env(env)

    def test_currencies_with_none_and_three_decimals(self):
        for currency, price, parts, bill in (
            ("JPY", 100, [33, 33, 34], 110),
            ("KWD", 1, [0.333, 0.333, 0.334], 1.1),
        ):
            env, company = self.other(currency)
            self.assertEqual(company.currency_id.name, currency)
            goods = self.goods(f"Mug {currency}")
            ours = self.receive(goods, 10, 10)
            self.env, before = env, self.env
            try:
                self.live_there(goods.with_env(env), company, (price, parts, bill))
            finally:
                self.env = before
            self.assertBalances(goods.with_env(before), V=100, G=-100)
            self.assertEqual(ours.picking_ids.company_id, before.company)

    def live_there(self, goods, company, figures):
        price, parts, billed = figures
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partner_a.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "product_qty": 3,
                            "price_unit": price / 3,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self.done(order.picking_ids)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        costs = []
        for _unit in range(3):
            move = self.env["stock.move"].create(
                {
                    "product_id": goods.id,
                    "product_uom_qty": 1,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                    "company_id": company.id,
                }
            )
            move._action_confirm()
            move.quantity, move.picked = 1, True
            move._action_done()
            costs.append(move.value)
        received = sum(order.picking_ids.move_ids.mapped("value"))
        self.assertAlmostEqual(sum(costs), received, 6)
        self.assertEqual(sorted(round(cost, 3) for cost in costs)[1:2], parts[1:2])
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = bill.date
        bill.invoice_line_ids.price_unit = billed / 3
        bill.action_post()
        self.env.cr.flush()
        balances = {}
        for line in self.env["account.move.line"].search(
            [("company_id", "=", company.id), ("parent_state", "=", "posted")]
        ):
            balances[line.account_id] = balances.get(line.account_id, 0) + line.balance
        zero = company.currency_id.is_zero
        self.assertTrue(zero(balances[company.wms_grni_account_id]))
        self.assertTrue(zero(balances[company.account_stock_valuation_id]))
        self.assertFalse(zero(balances[company.wms_variance_account_id]))
        total = self.env["wms.cost.total"].search([("company_id", "=", company.id)])
        self.assertEqual((total.qty, total.value), (0, 0))


@tagged("post_install", "-at_install")
class TestValuationPeople(BooksCase):
    def person(self, login, groups):
        return new_test_user(
            self.env,
            login,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def back_by(self, user, picking, quantity):
        """A return made and received by a user."""
        wizard = self.env["stock.return.picking"].with_user(user).create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        self.done(wizard._create_return().with_user(user))
        self.assertBooks()

    def test_a_plain_stock_user_moves_everything(self):
        worker = self.person("books_worker", "stock.group_stock_user")
        for method in ("fifo", "average", "lifo"):
            goods = self.goods(method, method, standard_price=10)
            early = self.sale(goods, 2)
            self.done(early.picking_ids.with_user(worker))
            order = self.purchase((goods, 10, 10))
            self.done(order.picking_ids.with_user(worker))
            sold = self.sale(goods, 4)
            self.done(sold.picking_ids.with_user(worker))
            self.assertBooks()
            self.back_by(worker, sold.picking_ids, 1)
            self.back_by(worker, order.picking_ids, 2)
            vals = {"product_id": goods.id, "scrap_qty": 1}
            self.env["stock.scrap"].with_user(worker).create(vals).do_scrap()
            self.assertBooks()
            self.assertBalances(goods, V=20, G=-80, C=50, L=10)
        for model in ("account.move", "wms.cost.layer", "wms.cost.posting"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(worker).search_count([])

    def test_an_accountant_reads_and_does_not_write(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        accountant = self.person(
            "books_reader", "inventory_wms.group_accountant,account.group_account_invoice"
        )
        order.action_create_invoice()
        bill = order.invoice_ids.with_user(accountant)
        bill.invoice_date = bill.date
        bill.invoice_line_ids.price_unit = 12
        bill.action_post()
        self.assertBooks()
        self.assertBalances(mug, V=120, G=0)
        layer = self.env["wms.cost.layer"].with_user(accountant).search([])
        self.assertEqual(layer.adjustment_ids.on_hand, 20)
        with self.assertRaises(AccessError):
            layer.value = 1
