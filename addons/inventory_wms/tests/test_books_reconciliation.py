from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from .books_case import ReportCase

RIGHTS = {
    "post": "inventory_wms.group_stock_account_entries",
    "close": "inventory_wms.group_close_anyway",
}


@tagged("post_install", "-at_install")
class TestBooksReconciliation(ReportCase):
    def give(self, *rights):
        for right in rights:
            self.env.user.group_ids |= self.env.ref(RIGHTS[right])

    def compare(self, day=None):
        self.flush_postings()
        run = self.env["wms.reconciliation"].create({"date": day or fields.Date.today()})
        run.action_compare()
        return run

    def by_hand(self, account, amount, day=None):
        self.give("post")
        return self.manual_entry(account, amount, day, wms_stock_reason="Test")

    def test_agrees_after_the_whole_cycle(self):
        mug, cup = self.goods(), self.goods("Cup", "average")
        order = self.receive(mug, 10, 10)
        self.bill(order, price=12)
        self.receive(cup, 7, 3)
        self.ship(mug, 4)
        run = self.compare()
        self.assertEqual((run.state, run.difference), ("clean", 0))
        self.assertEqual((run.ledger, run.books), (93, 93))
        stock = run.line_ids.filtered(lambda line: line.role == "valuation")
        self.assertEqual(
            {line.product_id: (line.qty, line.ledger, line.books) for line in stock},
            {mug: (6, 72, 72), cup: (7, 21, 21)},
        )
        self.assertFalse(run.cause_ids)
        open_lines = run.line_ids.filtered(lambda line: line.role == "grni")
        self.assertEqual({line.product_id: line.books for line in open_lines}, {mug: 0, cup: -21})

    def test_a_manual_entry_is_named(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        entry = self.by_hand(self.accounts["V"], 25)
        run = self.compare()
        self.assertEqual((run.state, run.ledger, run.books), ("different", 125, 100))
        cause = run.cause_ids
        self.assertEqual((cause.kind, cause.amount, cause.account_move_id), ("manual", 25, entry))
        self.assertEqual(cause.line_id.unexplained, 0)
        self.assertEqual(cause.action_open_document()["res_id"], entry.id)
        self.assertEqual(cause.line_id.difference, 25)

    def test_goods_costed_by_odoo_on_the_same_account_are_told_apart(self):
        plain = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "real_time"}
        )
        core, mug = self.goods("Core", categ_id=plain.id), self.goods()
        order = self.purchase((core, 5, 4))
        self.done(order.picking_ids)
        bill = self.bill(order, post=False)
        bill.invoice_line_ids.account_id = self.accounts["V"]
        bill.action_post()
        self.done(self.purchase((mug, 10, 10)).picking_ids)
        run = self.compare()
        self.assertEqual((run.state, run.ledger, run.books), ("clean", 100, 100))
        line = run.line_ids.filtered(lambda row: row.product_id == core)
        self.assertEqual((line.ledger, line.core, line.difference), (20, 20, 0))
        self.assertEqual(line.cause_ids.kind, "core")

    def test_an_entry_changed_by_sql_and_one_in_another_period(self):
        mug = self.goods()
        order = self.receive_on("2026-02-10", mug, 10, 10)
        posting = self.env["wms.cost.posting"].search([("picking_id", "=", order.picking_ids.id)])
        self.env.cr.execute(
            "UPDATE account_move_line SET date = '2026-03-10' WHERE move_id = %s",
            [posting.account_move_id.id],
        )
        self.env.invalidate_all()
        run = self.compare(fields.Date.to_date("2026-02-28"))
        self.assertEqual([(row.kind, row.amount) for row in run.cause_ids], [("period", -100)])
        self.assertEqual(run.line_ids.unexplained, 0)
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance * 2, debit = debit * 2, "
            "credit = credit * 2 WHERE move_id = %s",
            [posting.account_move_id.id],
        )
        self.env.invalidate_all()
        causes = self.compare().cause_ids.filtered(lambda row: row.line_id.role == "valuation")
        self.assertEqual([(row.kind, row.amount) for row in causes], [("changed", 100)])

    def test_layers_changed_by_sql_are_unexplained(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.env.cr.execute("UPDATE wms_cost_layer SET value = value + 7")
        self.env.invalidate_all()
        line = self.compare().line_ids.filtered(lambda row: row.role == "valuation")
        self.assertEqual((line.difference, line.unexplained), (-7, -7))

    def test_nightly_run_tells_the_accountants_and_posts_nothing(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        accountant = new_test_user(
            self.env,
            "books_night",
            groups="inventory_wms.group_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        runs = self.env["wms.reconciliation"]
        entries = self.env["account.move"].search_count([])
        with self.enter_registry_test_mode():
            self.env.ref("inventory_wms.ir_cron_reconcile_books").method_direct_trigger()
        clean = runs.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((clean.state, clean.origin, len(clean.line_ids)), ("clean", "nightly", 0))
        self.by_hand(self.accounts["V"], 25)
        entries += 1
        with self.enter_registry_test_mode():
            self.env.ref("inventory_wms.ir_cron_reconcile_books").method_direct_trigger()
        run = runs.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual((run.state, run.line_ids.difference), ("different", 25))
        self.assertIn(accountant, run.activity_ids.user_id)
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        with self.assertRaisesRegex(UserError, "kept"):
            run.action_compare()

    # ------------------------------------------------------------------ closing guard
    def test_a_period_with_differences_does_not_close(self):
        mug = self.goods()
        self.receive_on("2026-02-10", mug, 10, 10)
        self.by_hand(self.accounts["V"], 25, "2026-03-15")
        self.company.fiscalyear_lock_date = "2026-02-28"  # before the entry by hand
        for name in ("fiscalyear_lock_date", "tax_lock_date", "hard_lock_date"):
            with (
                self.assertRaisesRegex(RedirectWarning, "25.00.*By hand|25.00.*MISC"),
                self.env.cr.savepoint(),
            ):
                self.company[name] = "2026-03-31"
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.company.write(
                {"fiscalyear_lock_date": "2026-03-31", "wms_lock_reason": "no right"}
            )
        self.give("close")
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.company.write({"fiscalyear_lock_date": "2026-03-31", "wms_lock_reason": " "})
        self.company.write({"fiscalyear_lock_date": "2026-03-31", "wms_lock_reason": "Known"})
        log = self.env["wms.lock.override"].search([])
        self.assertEqual((log.user_id, log.reason), (self.env.user, "Known"))
        self.assertIn("ledger", log.differences)
        self.company.fiscalyear_lock_date = "2026-01-31"  # opening again asks nothing

    def test_the_wizard_closes(self):
        mug = self.goods()
        self.receive_on("2026-02-10", mug, 10, 10)
        wizard = self.env["wms.close.period"].create({"date": "2026-02-28"})
        self.assertTrue(wizard.agrees)
        with self.assertRaises(AccessError):
            wizard.with_user(
                new_test_user(
                    self.env,
                    "books_clerk",
                    groups="inventory_wms.group_accountant",
                    company_id=self.company.id,
                    company_ids=[Command.set(self.company.ids)],
                )
            ).sudo(False).action_close()
        wizard.action_close()
        self.assertEqual(str(self.company.fiscalyear_lock_date), "2026-02-28")

    def test_core_finds_everything_closed(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.ship(mug, 3)
        with self.assertRaisesRegex(UserError, "correctly closed"):
            self.company.action_close_stock_valuation()

    # ------------------------------------------------------------- entries by hand
    def test_stock_accounts_are_not_for_handwork(self):
        mug = self.goods()
        self.bill(self.receive(mug, 10, 10), price=10)  # bills for goods pass
        for role in "VG":
            with self.assertRaisesRegex(UserError, "by hand"), self.env.cr.savepoint():
                self.manual_entry(self.accounts[role], 5, wms_stock_reason="I want")
        self.give("post")
        with self.assertRaisesRegex(UserError, "reason"), self.env.cr.savepoint():
            self.manual_entry(self.accounts["V"], 5)
        entry = self.manual_entry(self.accounts["V"], 5, wms_stock_reason="Year 2025")
        self.assertTrue(entry.wms_by_hand)
        self.manual_entry(self.accounts["X"], 5)  # other accounts are free

    def test_posted_items_do_not_slip_onto_stock_accounts(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        entry = self.manual_entry(self.accounts["X"], 5)
        line = entry.line_ids.filtered(lambda row: row.account_id == self.accounts["X"])
        with self.assertRaisesRegex(UserError, "by hand"), self.env.cr.savepoint():
            line.account_id = self.accounts["V"]

    def test_entries_of_stock_events_stay(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        posting = self.env["wms.cost.posting"].search([("picking_id", "=", order.picking_ids.id)])
        entry = posting.account_move_id
        self.assertEqual(entry.action_wms_stock_events()["res_id"], posting.id)
        self.assertTrue(all(entry.line_ids.mapped("wms_is_stock_event")))
        self.assertFalse(entry.wms_by_hand)
        changes = [
            lambda: entry.button_draft(),
            lambda: entry.write({"date": "2026-01-01"}),
            lambda: entry.line_ids[0].write({"account_id": self.accounts["X"].id}),
        ]
        for change in changes:
            with self.assertRaisesRegex(UserError, "stock event"), self.env.cr.savepoint():
                change()
