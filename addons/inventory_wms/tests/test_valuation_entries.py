import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .valuation_common import BooksCase

# what differs between any two rows, and what a row is sorted by instead
_OWN = {"id", "move_id", "create_date", "write_date"}


@tagged("post_install", "-at_install")
class TestValuationEntries(BooksCase):
    """Entries that are written as rows are what Odoo would have written, column by column."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mug, cls.cup, cls.bowl = cls.goods(), cls.goods("Cup", "average"), cls.goods("Bowl")

    def rows(self, table, where):
        self.env.cr.execute(
            SQL("SELECT * FROM %s t WHERE %s ORDER BY id", SQL.identifier(table), where)
        )
        rows = self.env.cr.dictfetchall()
        words = ("ref", "name") if table == "account_move_line" else ("ref",)
        for row in rows:  # document numbers go on after a rollback
            row |= {word: re.sub(r"\d+", "#", row[word]) for word in words if row[word]}
        return [{name: value for name, value in row.items() if name not in _OWN} for row in rows]

    def written(self, scenario, plain):
        """Rows of the entries that a scenario posts, and what they are linked to."""
        service = type(self.env["wms.valuation"])
        journal = self.company.wms_stock_journal_id
        self.env.cr.execute("SELECT coalesce(max(id), 0) FROM account_move")
        last = self.env.cr.fetchone()[0]
        mine = SQL(
            "SELECT id FROM account_move WHERE journal_id = %s AND id > %s", journal.id, last
        )
        ways = []
        real = service._is_plain

        def is_plain(service, *args):
            ways.append(plain and real(service, *args))
            return ways[-1]

        with self.env.cr.savepoint() as savepoint:
            with patch.object(service, "_is_plain", is_plain):
                scenario()
                self.flush_postings()
            found = {
                "account_move": self.rows("account_move", SQL("id IN (%s)", mine)),
                "account_move_line": self.rows("account_move_line", SQL("move_id IN (%s)", mine)),
            }
            for table, column in (
                ("account_move_line_account_tax_rel", "account_move_line_id"),
                ("account_account_tag_account_move_line_rel", "account_move_line_id"),
                ("account_analytic_line", "move_line_id"),
            ):
                self.env.cr.execute(
                    SQL(
                        "SELECT count(*) FROM %s WHERE %s IN "
                        "(SELECT id FROM account_move_line WHERE move_id IN (%s))",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        mine,
                    )
                )
                found[table] = self.env.cr.fetchone()[0]
            savepoint.rollback()
        self.assertTrue(ways)
        self.assertEqual(set(ways), {plain})
        return found

    def assertSame(self, scenario):
        core = self.written(scenario, plain=False)
        ours = self.written(scenario, plain=True)
        self.assertTrue(core["account_move"])
        self.assertEqual(ours, core)

    def scenario(self):
        goods, other = self.mug, self.cup
        order = self.purchase((goods, 10, 10), (other, 3, 7.77))
        self.done(order.picking_ids)
        self.bill(order, 12)
        sale = self.ship(goods, 4)
        self.send_back(sale.picking_ids, 1)
        self.invoice(sale)
        self.ship(other, 2)
        self.revalue(other, amount=5)

    def test_same_columns(self):
        self.assertSame(self.scenario)

    def test_same_columns_in_a_used_journal(self):
        self.scenario()
        self.assertSame(self.scenario)

    def test_same_columns_with_reconcilable_and_tagged_accounts(self):
        grni = self.accounts["G"]
        grni.reconcile = True
        grni.tag_ids = self.env["account.account.tag"].create(
            {"name": "Tag", "applicability": "accounts"}
        )
        self.assertSame(self.scenario)

    def test_same_columns_with_numbers_that_have_gaps(self):
        self.company.wms_entry_gaps = True
        self.company.wms_entry_sequence_id.implementation = "no_gap"  # so that both get the same

        def scenario():
            self.scenario()
            self.company.wms_entry_sequence_id.next_by_id()
            self.ship(self.bowl, 1)

        self.assertSame(scenario)

    def test_same_columns_with_a_numbering_of_ones_own(self):
        journal = self.company.wms_stock_journal_id
        self.scenario()
        last = self.env["account.move"].search(
            [("journal_id", "=", journal.id)], order="sequence_number desc", limit=1
        )
        last.with_context(wms_numbers_in_turn=True).name = "STOCK-0041"
        self.assertSame(self.scenario)
        journal.sequence_override_regex = r"^(?P<prefix1>.*?)(?P<seq>\d*)(?P<suffix>\D*?)$"
        self.assertSame(self.scenario)

    def test_several_entries_of_one_transaction_follow_each_other(self):
        goods = self.goods()
        pickings = self.purchase((goods, 1, 10)).picking_ids
        pickings |= self.purchase((goods, 1, 11)).picking_ids
        for picking in pickings:
            self.done(picking)
        self.flush_postings()
        entries = pickings.wms_posting_ids.account_move_id.sorted("sequence_number")
        first, second = entries.mapped("sequence_number")
        self.assertEqual(second, first + 1)
        self.assertFalse(any(entries.mapped("made_sequence_gap")))
        self.assertBooks()

    def test_the_number_is_the_first_free_one(self):
        """What others posted since our snapshot can't be seen, only tried."""
        goods = self.goods()
        self.receive(goods, 1, 10)
        entry = self.env["account.move"].search(
            [("journal_id", "=", self.company.wms_stock_journal_id.id)], limit=1
        )
        moves = type(entry)
        old = moves._get_next_sequence_format

        def older(move):
            pattern, values = old(move)
            return pattern, values | {"seq": values["seq"] - 1}

        with patch.object(moves, "_get_next_sequence_format", older):
            picking = self.receive(goods, 1, 10).picking_ids
        found = picking.wms_posting_ids.account_move_id
        self.assertEqual(found.sequence_number, entry.sequence_number + 1)

    # ------------------------------------------------------------ Odoo's way otherwise
    @contextmanager
    def assertOdoosWay(self):
        service = type(self.env["wms.valuation"])
        with patch.object(service, "_write_drafts", side_effect=AssertionError("as rows")):
            yield

    def test_odd_cases_go_odoos_way(self):
        goods = self.goods()
        analytic = self.env["account.analytic.account"].create(
            {"name": "A", "plan_id": self.env["account.analytic.plan"].create({"name": "P"}).id}
        )
        spread = {str(analytic.id): 100}
        self.receive(goods, 5, 10)
        sale = self.sale(goods, 1)
        sale.order_line.analytic_distribution = spread
        with self.assertOdoosWay():
            self.done(sale.picking_ids)
            self.flush_postings()
        lines = sale.picking_ids.wms_posting_ids.account_move_id.line_ids
        self.assertTrue(lines.analytic_line_ids)
        model = self.env["account.analytic.distribution.model"].create(
            {"product_id": goods.id, "analytic_distribution": spread}
        )
        with self.assertOdoosWay():
            picking = self.receive(goods, 1, 10).picking_ids
        lines = picking.wms_posting_ids.account_move_id.line_ids
        self.assertIn(spread, lines.mapped("analytic_distribution"))
        model.unlink()
        self.company.wms_stock_journal_id.restrict_mode_hash_table = True
        with self.assertOdoosWay():
            picking = self.receive(goods, 1, 10).picking_ids
        self.assertTrue(picking.wms_posting_ids.account_move_id.inalterable_hash)

    def test_accounts_out_of_the_ordinary_go_odoos_way(self):
        goods = self.goods()
        self.accounts["G"].active = False
        with self.assertOdoosWay(), self.assertRaisesRegex(UserError, "archived"):
            self.receive(goods, 1, 10)

    def test_defaults_of_users_go_odoos_way(self):
        self.env["ir.default"].set("account.move", "ref", "Default")
        with self.assertOdoosWay():
            self.receive(self.goods(), 1, 10)

    def test_who_has_a_say_in_entries_is_known(self):
        service = self.env["wms.valuation"]
        self.assertEqual(service._strangers(), set())

        def _post(moves, soft=True):
            return super(type(moves), moves)._post(soft)

        _post.__module__ = "odoo.addons.stranger.models.account_move"
        with patch.object(type(self.env["account.move"]), "_post", _post):
            self.assertEqual(service._strangers(), {"stranger"})
