from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .books_case import ReportCase


@tagged("post_install", "-at_install")
class TestBooksGuard(ReportCase):
    """Ways around the guards of the books that were found open once."""

    def accountant(self, login, **vals):
        return new_test_user(
            self.env,
            login,
            "inventory_wms.group_accountant,account.group_account_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            **vals,
        )

    def lines(self, account, **vals):
        return [
            Command.create({"account_id": account.id, "balance": 5, "name": "By hand", **vals}),
            Command.create({"account_id": self.accounts["L"].id, "balance": -5}),
        ]

    def entry(self, account, **vals):
        return self.env["account.move"].create({"line_ids": self.lines(account, **vals)})

    def test_a_product_does_not_open_the_stock_account(self):
        self.receive(self.goods(), 10, 10)
        service = self.env["product.product"].create({"name": "Work", "type": "service"})
        entry = self.entry(self.accounts["V"], product_id=service.id)
        with self.assertRaisesRegex(UserError, "by hand"), self.env.cr.savepoint():
            entry.action_post()
        # goods that Odoo costs itself belong on their own stock account, and on no other of ours
        plain = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "real_time"}
        )
        theirs = self.env["product.product"].create(
            {"name": "Theirs", "is_storable": True, "categ_id": plain.id}
        )
        with self.assertRaisesRegex(UserError, "by hand"), self.env.cr.savepoint():
            self.entry(self.accounts["G"], product_id=theirs.id).action_post()
        # and whatever was posted with the right to it is named as handwork
        self.give_right()
        entry.wms_stock_reason = "Test"
        entry.action_post()
        run = self.env["wms.reconciliation"].create({"date": fields.Date.today()})
        run.action_compare()
        self.assertEqual((run.state, run.cause_ids.kind), ("different", "manual"))

    def give_right(self):
        self.env.user.group_ids |= self.env.ref("inventory_wms.group_stock_account_entries")

    def test_nobody_calls_an_entry_a_closing(self):
        self.receive(self.goods(), 10, 10)
        user = self.accountant("guard_closing")
        entry = self.entry(self.accounts["V"]).with_user(user)
        with self.assertRaises(AccessError):
            entry.write({"wms_core_closing": True})
        with self.assertRaises(AccessError):
            entry.create({"line_ids": self.lines(self.accounts["V"]), "wms_core_closing": True})
        with self.assertRaisesRegex(UserError, "by hand"):
            entry.action_post()

    def test_nothing_is_added_to_posted_entries(self):
        order = self.receive(self.goods(), 10, 10)
        ours = order.picking_ids.wms_posting_ids.account_move_id
        other = self.manual_entry(self.accounts["X"], 5)
        for entry, words in ((ours, "never changed"), (other, "by hand")):
            rows = [
                {"move_id": entry.id, "account_id": account.id, "balance": balance}
                for account, balance in ((self.accounts["V"], 5), (self.accounts["L"], -5))
            ]
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.env["account.move.line"].create(rows)

    def test_nobody_looks_past_the_layers(self):
        goods = self.goods()
        order = self.receive(goods, 10, 10)
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = bill.date
        bill.invoice_line_ids.price_unit = 12
        user = self.accountant("guard_past")
        bill.with_user(user).with_context(wms_as_core=True).action_post()
        self.assertBooks()
        self.assertBalances(goods, V=120, G=0)

    def test_one_person_does_not_ask_in_another_ones_name(self):
        self.receive(self.goods(), 10, 10)
        one, two = self.accountant("guard_one"), self.accountant("guard_two")
        item = self.env["wms.grni.item"].search([("company_id", "=", self.company.id)])
        action = item.with_user(one).action_write_off()
        request = self.env["wms.grni.writeoff"].browse(action["res_id"]).with_user(one)
        for vals in ({"state": "asked", "user_id": two.id}, {"user_id": two.id}):
            with self.assertRaises(AccessError):
                request.write({"reason": "Never billed", **vals})

    def test_a_posted_lifo_adjustment_is_not_posted_twice(self):
        self.company.wms_lifo_reserve_account_id = self.accounts["V"].copy({"name": "Reserve"})
        goods = self.goods("Mug", "lifo")
        self.receive_on("2025-02-01", goods, 10, 10)
        self.receive_on("2025-03-01", goods, 10, 12)
        self.ship_on("2025-04-01", goods, 10)
        self.receive_on("2025-05-01", goods, 10, 20)
        adjustments = self.env["wms.lifo.adjustment"].with_user(self.accountant("guard_lifo"))
        with self.assertRaises(AccessError):
            adjustments.create({"date": "2025-12-31", "state": "posted"})
        adjustment = adjustments.create({"date": "2025-12-31"})
        adjustment.action_post()
        with self.assertRaises(AccessError):
            adjustment.write({"state": "draft"})
        with self.assertRaises(UserError):
            adjustment.write({"date": "2024-12-31"})

    def test_reports_show_ones_own_companies_only(self):
        other = self.env["res.company"].create({"name": "Strangers"})
        user = self.accountant("guard_company")
        for model in (
            *("wms.stock.value", "wms.lifo.report", "wms.stock.turnover", "wms.cutoff"),
            *("wms.certify", "wms.close.period"),
        ):
            with self.subTest(model), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env[model].with_user(user).create({"company_id": other.id})
        with self.assertRaises(AccessError):
            self.env["wms.cost.revalue"].with_user(user).create(
                {"company_id": other.id, "kind": "revaluation", "reason": "Test"}
            )
