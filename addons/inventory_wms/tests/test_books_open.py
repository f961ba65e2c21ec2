from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .books_case import ReportCase
from .invariants_too import InvariantsToo


@tagged("post_install", "-at_install")
class TestBooksOpen(InvariantsToo, ReportCase):
    def accountant(self, login):
        return new_test_user(
            self.env,
            login,
            groups="inventory_wms.group_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def items(self, product):
        return self.env["wms.grni.item"].search([("product_id", "=", product.id)])

    def open_some(self):
        """10 received at 10 (4 of them billed, 2 of these sent back), 3 billed before receipt."""
        mug = self.goods()
        order = self.receive_on(fields.Date.subtract(fields.Date.today(), days=40), mug, 10, 10)
        self.bill(order, quantity=4)
        self.send_back(order.picking_ids, 8)
        early = self.purchase((mug, 3, 11))
        self.bill(early, quantity=3) if early.order_line.qty_to_invoice else None
        return mug, order

    def test_ageing_adds_up_to_the_account(self):
        mug, order = self.open_some()
        found = self.items(mug)
        self.assertEqual(
            {row.kind: (row.qty, row.value) for row in found},
            {"returned": (2, -20)},
        )
        cup = self.goods("Cup")
        self.receive_on(fields.Date.subtract(fields.Date.today(), days=40), cup, 5, 4)
        item = self.items(cup)
        self.assertEqual((item.kind, item.days, item.age), ("received", 40, "b90"))
        self.assertEqual(item.partner_id, self.partner_a)
        self.assertTrue(item.order_id)
        everything = self.env["wms.grni.item"].search([])
        self.assertAlmostEqual(-self.balance("G"), sum(everything.mapped("value")), 2)
        self.assertEqual(order.partner_id, self.partner_a)

    def test_write_off_needs_two_people(self):
        mug = self.goods()
        self.receive(mug, 10, 10)
        one, two = self.accountant("books_one"), self.accountant("books_two")
        item = self.items(mug)
        action = item.with_user(one).action_write_off()
        request = self.env["wms.grni.writeoff"].browse(action["res_id"])
        mine = request.with_user(one)
        with self.assertRaisesRegex(UserError, "why"):
            mine.action_ask()
        mine.reason = "Never billed"
        mine.action_ask()
        with self.assertRaises(AccessError):
            mine.action_approve()
        with self.assertRaises(UserError):
            request.with_user(two).write({"reason": "Other"})
        request.with_user(two).action_approve()
        self.assertBooks()
        self.assertEqual((request.state, request.approver_id), ("approved", two))
        self.assertBalances(mug, V=100, G=0, X=-100)
        self.assertFalse(self.items(mug))
        self.assertEqual(request.posting_ids.account_move_id.state, "posted")
        with self.assertRaises(UserError):
            request.with_user(two).action_approve()
        run = self.env["wms.reconciliation"].create({})
        run.action_compare()
        self.assertEqual(run.state, "clean")

    def test_a_bill_in_between_stops_the_write_off(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        request = self.env["wms.grni.writeoff"].browse(self.items(mug).action_write_off()["res_id"])
        request.reason = "Old"
        request.action_ask()
        self.bill(order, quantity=6)
        with self.assertRaisesRegex(UserError, "anew"):
            request.with_user(self.accountant("books_two")).action_approve()

    def test_a_late_bill_after_the_write_off_stays_open(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        request = self.env["wms.grni.writeoff"].browse(self.items(mug).action_write_off()["res_id"])
        request.reason = "Old"
        request.action_ask()
        request.with_user(self.accountant("books_two")).action_approve()
        self.bill(order, price=10)
        self.assertEqual([(row.kind, row.value) for row in self.items(mug)], [("billed", -100)])
        self.assertBalances(mug, G=100, X=-100)

    def test_goods_sent_back_that_nobody_refunds(self):
        mug = self.goods()
        order = self.receive(mug, 10, 10)
        self.bill(order)
        self.send_back(order.picking_ids, 4)
        request = self.env["wms.grni.writeoff"].browse(self.items(mug).action_write_off()["res_id"])
        self.assertEqual((request.line_ids.kind, request.value), ("returned", -40))
        request.reason = "Vendor is gone"
        request.action_ask()
        request.with_user(self.accountant("books_two")).action_approve()
        self.assertBooks()
        self.assertBalances(mug, V=60, G=0, X=40)
        self.assertFalse(self.items(mug))

    # -------------------------------------------------------------------- certificate
    def test_a_certificate_comes_out_the_same_until_somebody_posts(self):
        mug = self.goods()
        self.receive_on("2025-06-10", mug, 10, 10)
        self.ship_on("2025-07-10", mug, 3)
        day = fields.Date.to_date("2025-12-31")
        certificate = self.env["wms.books.certificate"]._make(self.company, day)
        self.assertTrue(certificate.agrees)
        self.assertEqual(certificate.value, 70)
        row = certificate.row_ids.filtered(lambda row: row.section == "stock")
        self.assertEqual((row.label, row.qty, row.value), (mug.display_name, "7.00", "70.00"))
        self.ship_on("2026-02-10", mug, 4)
        self.receive_on("2026-02-11", mug, 4, 25)
        mug.name = "Renamed"
        certificate.action_reproduce()
        self.assertEqual(certificate.reproduced, "same")
        self.receive_on("2025-08-10", mug, 1, 99)
        certificate.action_reproduce()
        self.assertEqual(certificate.reproduced, "different")
        self.assertIn("70.00, now 169.00", certificate.message_ids[0].body)
        self.assertTrue(certificate.action_pdf()["url"].startswith("/web/content/"))

    def test_rows_of_a_certificate_are_frozen(self):
        self.receive(self.goods(), 10, 10)
        certificate = self.env["wms.books.certificate"]._make(self.company, fields.Date.today())
        user = self.accountant("books_one")
        for mode in ("write", "create", "unlink"):
            self.assertFalse(certificate.row_ids.with_user(user).has_access(mode))
        with self.assertRaisesRegex(Exception, "frozen"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE wms_books_certificate_row SET value = '0'")

    # ------------------------------------------------------------------------ cut-off
    def test_cut_off(self):
        mug = self.goods(invoice_policy="order")
        order = self.receive_on("2026-01-10", mug, 10, 10)  # not billed at the end of January
        shipped = self.ship_on("2026-01-20", mug, 4, price=50)  # 4 shipped, not invoiced
        cutoff = self.env["wms.cutoff"].create({"date": "2026-01-31"})
        cutoff.action_show()
        found = {row.kind: (row.qty, row.value, row.accrual) for row in cutoff.line_ids}
        self.assertEqual(found, {"received": (10, 100, 0), "shipped": (4, 40, 200)})
        with self.assertRaisesRegex(UserError, "accounts"), self.env.cr.savepoint():
            cutoff.action_post()
        accrued = self.accounts["V"].copy({"name": "Accrued"})
        cutoff.accrued_account_id = accrued
        entries = self.env["account.move"].search(cutoff.action_post()["domain"])
        self.assertEqual({str(move.date) for move in entries}, {"2026-01-31", "2026-02-01"})
        lines = entries.line_ids.filtered(lambda row: row.account_id == accrued)
        self.assertEqual(sorted(lines.mapped("balance")), [-200, 200])
        self.assertEqual(set(entries.mapped("state")), {"posted"})
        self.bill(order)
        self.invoice(shipped)
        later = self.env["wms.cutoff"].create({"date": fields.Date.today()})
        later.action_show()
        self.assertFalse(later.line_ids)

    # --------------------------------------------------------------- cost and turnover
    def test_cost_of_goods_sold_is_the_account(self):
        mug = self.goods()
        self.receive_on("2026-01-10", mug, 10, 10)
        order = self.ship_on("2026-01-20", mug, 12, price=30)  # 2 are missing
        self.receive_on("2026-02-10", mug, 5, 20)  # and settled at 20
        self.send_back(order.picking_ids, 3)
        rows = self.env["wms.cogs.report"].search([("product_id", "=", mug.id)])
        self.assertAlmostEqual(sum(rows.mapped("cost")), self.balance("C"), 2)
        self.assertAlmostEqual(sum(rows.mapped("qty")), 9, 4)
        self.assertAlmostEqual(sum(rows.mapped("revenue")), 270, 2)
        self.assertEqual(rows.partner_id, self.partner_b)
        self.assertEqual(rows[0].action_open_trace()["res_model"][:8], "wms.cost")

    def test_turnover(self):
        mug = self.goods()
        self.receive_on("2025-12-10", mug, 10, 10)
        self.ship_on("2026-03-10", mug, 5)
        report = self.env["wms.stock.turnover"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        report.action_show()
        line = report.line_ids.filtered(lambda row: row.product_id == mug)
        self.assertEqual((line.opening, line.closing, line.cogs), (100, 50, 50))
        self.assertAlmostEqual(line.turns, 50 / 75, 4)
        self.assertAlmostEqual(line.cover, 365, 0)
