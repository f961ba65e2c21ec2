from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .valuation_common import BooksCase


@tagged("post_install", "-at_install")
class TestValuationPosting(BooksCase):
    def postings(self, product):
        moves = self.env["stock.move"].search([("product_id", "=", product.id)])
        return self.env["wms.cost.posting"].search(
            [("picking_id", "in", moves.picking_id.ids)], order="id"
        )

    # ------------------------------------------------------------ numbers with gaps
    def test_numbers_come_from_a_sequence_where_gaps_are_allowed(self):
        goods = self.goods()
        self.receive(goods, 5, 10)
        before = self.postings(goods).account_move_id
        self.company.wms_entry_gaps = True
        self.receive(goods, 5, 11)
        self.ship(goods, 6)
        entries = self.postings(goods).account_move_id - before
        day = fields.Date.context_today(self.env.user)
        numbers = [entry.name.rsplit("/", 1)[1] for entry in entries.sorted("id")]
        self.assertEqual(
            [entry.name for entry in entries.sorted("id")],
            [f"WMS/{day:%Y/%m}/{number}" for number in numbers],
        )
        self.assertEqual(int(numbers[1]), int(numbers[0]) + 1)
        self.assertGreater(int(numbers[0]), before.sequence_number)
        self.assertEqual(set(entries.mapped("state")), {"posted"})
        # a transfer that is rolled back loses its number, and nothing else
        self.company.wms_entry_sequence_id.next_by_id()
        self.receive(goods, 1, 12)
        last = (self.postings(goods).account_move_id - before - entries).name
        self.assertEqual(int(last.rsplit("/", 1)[1]), int(numbers[1]) + 2)
        self.company.wms_entry_gaps = False
        self.receive(goods, 1, 12)
        names = self.postings(goods).account_move_id.mapped("name")
        self.assertEqual(len(names), len(set(names)))

    def test_a_sequence_needs_no_journal_lock(self):
        """Without gaps the journal is held at the end; with gaps nobody holds anything."""
        goods = self.goods()
        held = []
        service = type(self.env["wms.valuation"])
        with patch.object(service, "_hold_journal", lambda _self, journal: held.append(journal)):
            self.receive(goods, 1, 10)
            self.assertEqual(len(held), 1)
            self.company.wms_entry_gaps = True
            self.receive(goods, 1, 10)
            self.assertEqual(len(held), 1)

    def test_hashed_journals_have_no_gaps(self):
        journal = self.company.wms_stock_journal_id
        journal.restrict_mode_hash_table = True
        with self.assertRaisesRegex(ValidationError, "without gaps"):
            self.company.wms_entry_gaps = True
        journal.restrict_mode_hash_table = False
        self.company.wms_entry_gaps = True
        journal.restrict_mode_hash_table = True
        goods = self.goods()
        self.receive(goods, 1, 10)  # numbered by core again
        entry = self.postings(goods).account_move_id
        self.assertEqual(entry.sequence_number, 1)

    # ------------------------------------------------------------ one entry per day
    def test_a_day_is_one_entry(self):
        self.company.wms_entry_per = "day"
        goods = self.goods()
        order = self.purchase((goods, 10, 10))
        self.done(order.picking_ids)
        sale = self.sale(goods, 4)
        self.done(sale.picking_ids)
        self.flush_postings()
        rows = self.postings(goods)
        self.assertEqual(set(rows.mapped("state")), {"collected"})
        self.assertEqual(self.balance("V", goods), 0)
        self.assertBalancesWithCollected(V=60, G=-100, C=40)
        action = self.env["wms.cost.posting"].action_post_collected()
        entry = self.env["account.move"].search(action["domain"])
        self.assertEqual(rows.account_move_id, entry)
        self.assertEqual((entry.state, entry.journal_id.code), ("posted", "WMS"))
        self.assertEqual(len(entry.line_ids), 4)  # V in, V out, G, C
        self.assertEqual(sum(entry.line_ids.mapped("debit")), sum(rows.mapped("amount")))
        self.assertBooks()
        self.assertBalances(goods, V=60, G=-100, C=40)
        # a bill at another price corrects at once, and the next transfer waits again
        self.bill(order, price=11)
        self.assertBalances(goods, V=66, G=0, X=4)
        self.done(self.sale(goods, 1).picking_ids)
        self.flush_postings()
        self.assertEqual(self.postings(goods)[-1].state, "collected")

    def assertBalancesWithCollected(self, **wanted):
        rows = self.env["wms.cost.posting"].search([("state", "=", "collected")])
        lines = [line for row in rows for line in row.lines]
        found = {
            role: self.balance(role)
            + sum(line["balance"] for line in lines if line["account_id"] == self.accounts[role].id)
            for role in wanted
        }
        self.assertEqual(found, wanted)

    def test_the_job_posts_days_that_are_over(self):
        self.company.wms_entry_per = "day"
        goods = self.goods()
        self.done(self.purchase((goods, 10, 10)).picking_ids)
        self.done(self.purchase((goods, 10, 12)).picking_ids)
        self.flush_postings()
        rows = self.postings(goods)
        today = rows[0].date
        rows[0].sudo().date = fields.Date.subtract(today, days=1)
        self.env["wms.valuation"].sudo()._cron_post_collected()
        self.assertEqual(rows.mapped("state"), ["posted", "collected"])
        self.assertEqual(rows[0].account_move_id.date, fields.Date.subtract(today, days=1))
        self.company.wms_entry_per = "transfer"  # what is left is posted at once
        self.assertEqual(rows[1].state, "posted")
        self.assertNotEqual(rows[0].account_move_id, rows[1].account_move_id)
        self.assertBooks()

    def test_a_day_that_was_locked_meanwhile(self):
        self.company.wms_entry_per = "day"
        goods = self.goods()
        self.done(self.purchase((goods, 10, 10)).picking_ids)
        self.flush_postings()
        row = self.postings(goods)
        day = row.date
        self.company.fiscalyear_lock_date = fields.Date.subtract(day, months=1)
        row.sudo().date = fields.Date.subtract(day, months=2)
        self.env["wms.cost.posting"].action_post_collected()
        locked = self.company.fiscalyear_lock_date
        self.assertEqual(row.account_move_id.date, fields.Date.add(locked, days=1))
        self.assertEqual(row.state, "posted")

    def plain(self, name="Cup"):
        """Ten units at 7 that Odoo counts at its closings, on the same stock account."""
        category = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "periodic"}
        )
        cup = self.goods(name, categ_id=category.id)
        self.done(self.purchase((cup, 10, 7)).picking_ids)
        self.accounts["V"].account_stock_variation_id = self.accounts["R"]
        self.company.account_stock_journal_id = self.company_data["default_journal_misc"]
        return cup

    def close(self, at_date=None):
        action = self.company.action_close_stock_valuation(at_date=at_date, auto_post=True)
        return self.env["account.move"].browse(action["res_id"])

    def test_odoos_closing_leaves_collected_goods_out(self):
        """What is collected is posted first, and the closing is for the other goods only."""
        self.company.wms_entry_per = "day"
        mug = self.goods()
        self.plain()
        self.done(self.purchase((mug, 10, 10)).picking_ids)
        self.flush_postings()
        closing = self.close()
        self.assertEqual(sum(closing.line_ids.mapped("debit")), 70)
        self.assertBalances(mug, V=100)
        self.assertBalances(V=170, R=-70)
        self.env["wms.cost.posting"].action_post_collected()
        self.assertBalances(V=170, R=-70)
        self.assertTrue(self.company.currency_id.is_zero(mug.total_value - 100))

    def test_odoos_closing_never_hides_a_difference_of_ours(self):
        """An entry by hand on our goods stays one; with nothing else Odoo has nothing to close."""
        mug = self.goods()
        self.receive(mug, 10, 10)
        self.accounts["V"].account_stock_variation_id = self.accounts["R"]
        self.company.account_stock_journal_id = self.company_data["default_journal_misc"]
        self.env.user.group_ids |= self.env.ref("inventory_wms.group_stock_account_entries")
        wrong = self.env["account.move"].create(
            {
                "wms_stock_reason": "Test",
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": b, "product_id": mug.id})
                    for account, b in ((self.accounts["V"], 5), (self.accounts["R"], -5))
                ],
            }
        )
        wrong.action_post()
        with self.assertRaisesRegex(UserError, "correctly closed"):
            self.close()
        self.assertBalances(mug, V=105)

    def test_odoos_closing_after_an_opening(self):
        """Goods that a closing had counted and that are costed at movement now."""
        cup = self.plain()
        self.close()
        self.assertBalances(V=70)
        job = self.env["wms.valuation.opening"].create(
            {"category_ids": cup.categ_id.ids, "account_id": self.accounts["R"].id}
        )
        job.action_preview()
        job.action_apply()
        self.assertBalances(V=70)
        with self.assertRaisesRegex(UserError, "correctly closed"):
            self.close()
        self.assertBalances(V=70)

    def test_odoos_closing_after_an_opening_on_a_new_account(self):
        """What the opening takes off the old account meets what a closing had put there."""
        cup = self.plain()
        self.plain("Pot")
        self.close()
        self.assertBalances(V=140)
        self.accounts = self.accounts | {"N": self.accounts["V"].copy()}
        job = self.env["wms.valuation.opening"].create(
            {
                "category_ids": cup.categ_id.ids,
                "account_id": self.accounts["R"].id,
                "stock_account_id": self.accounts["N"].id,
            }
        )
        job.action_preview()
        job.action_apply()
        self.assertBalances(V=70, N=70)
        with self.assertRaisesRegex(UserError, "correctly closed"):
            self.close()

    def test_who_may_post_what_is_collected(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user,stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.env["wms.cost.posting"].with_user(clerk).action_post_collected()

    # -------------------------------------------------------------------- first use
    def test_two_first_uses_make_one_journal(self):
        """Whoever waited while another transaction made the journal begins anew."""
        company = self.env["res.company"].create({"name": "New", "country_id": False})
        service = self.env["wms.valuation"].with_company(company)
        committed = self.company.wms_stock_journal_id.id

        class Seen:
            def __enter__(self):
                return self

            def __exit__(self, *_error):
                return False

            def execute(self, _query):
                """The other transaction's commit is what this cursor sees."""

            def fetchone(self):
                return (committed,)

        with (
            patch("odoo.modules.module.current_test", None),
            patch.object(type(self.env.registry), "cursor", lambda _self: Seen()),
            self.assertRaises(ConcurrencyError),
        ):
            service._set_up_once(company)
