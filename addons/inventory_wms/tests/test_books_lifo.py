from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .books_case import ReportCase

# textbook: steps on days of a year; periodic value, LIFO value, FIFO value
E7 = ([(1000, 5), (500, 8), -1200, (300, 11), -400], 1000, 1000, 2200)
E1 = ([(100, 10), -100, (100, 8), -40, -40, (150, 6), -160], 100, 80, 60)


@tagged("post_install", "-at_install")
class TestBooksLifo(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reserve = cls.accounts["V"].copy({"name": "LIFO reserve"})
        cls.company.wms_lifo_reserve_account_id = cls.reserve
        cls.accounts = cls.accounts | {"R": cls.reserve}

    def play(self, product, steps, year=2025):
        for month, step in enumerate(steps, 1):
            day = f"{year}-{month:02}-10"
            if isinstance(step, tuple):
                self.receive_on(day, product, *step)
            else:
                self.ship_on(day, product, -step)

    def report(self, first, last):
        report = self.env["wms.lifo.report"].create({"date_from": first, "date_to": last})
        report.action_show()
        return report

    def test_reserve_of_the_textbooks(self):
        for number, (steps, _periodic, lifo, fifo) in enumerate((E7, E1)):
            mug = self.goods(f"Mug {number}", "lifo")
            self.play(mug, steps)
            line = self.report("2025-01-01", "2025-12-31").line_ids.filtered(
                lambda row, mug=mug: row.product_id == mug
            )
            self.assertEqual((line.lifo, line.fifo, line.reserve), (lifo, fifo, fifo - lifo))
            self.assertEqual(line.opening, 0)
            bought = sum(qty * cost for qty, cost in (s for s in steps if isinstance(s, tuple)))
            self.assertEqual((line.cogs_lifo, line.cogs_fifo), (bought - lifo, bought - fifo))

    def test_change_over_a_period_and_later_bills(self):
        mug = self.goods("Mug", "lifo")
        self.receive_on("2025-01-10", mug, 10, 10)
        order = self.receive_on("2025-02-10", mug, 10, 20)
        self.ship_on("2025-03-10", mug, 5)
        self.bill(order, price=22)  # today: 10 to stock, 10 to variance
        first = self.report("2025-01-01", "2025-12-31")
        self.assertEqual((first.lifo, first.fifo, first.reserve), (200, 250, 50))
        today = fields.Date.today()
        second = self.report("2026-01-01", today)
        self.assertEqual((second.lifo, second.fifo, second.change), (210, 270, 10))

    def test_liquidation_of_old_layers(self):
        mug = self.goods("Mug", "lifo")
        self.receive_on("2024-06-10", mug, 1000, 5)
        self.play(mug, [(500, 8), -1200, (300, 11), -400])
        report = self.report("2025-01-01", "2025-12-31")
        self.assertEqual(
            [(row.qty, row.value, row.current, row.effect) for row in report.sale_ids],
            [(700, 3500, 8, 2100), (100, 500, 11, 600)],
        )
        self.assertEqual(report.effect, 2700)
        self.assertFalse(self.report("2024-01-01", "2024-12-31").sale_ids)

    def test_periodic_adjustment_is_posted_and_reversed(self):
        mug = self.goods("Mug", "lifo")
        self.play(mug, E1[0])
        adjustment = self.env["wms.lifo.adjustment"].create({"date": "2025-12-31"})
        adjustment.action_preview()
        line = adjustment.line_ids
        self.assertEqual((line.perpetual, line.periodic, line.amount), (80, 100, 20))
        self.assertFalse(adjustment.account_move_id)
        adjustment.action_post()
        self.assertEqual(str(adjustment.account_move_id.date), "2025-12-31")
        self.assertBalances(mug, R=20, V=80)
        with self.assertRaises(UserError):
            adjustment.action_post()
        # the next year posts only what changes: 10 of 10 and 30 of 12 come, 20 go
        self.receive_on("2026-01-10", mug, 30, 12)
        self.ship_on("2026-02-10", mug, 20)
        later = self.env["wms.lifo.adjustment"].create({"date": "2026-12-31"})
        later.action_preview()
        line = later.line_ids
        self.assertEqual((line.perpetual, line.periodic, line.before), (200, 220, 20))
        with self.assertRaisesRegex(UserError, "equal"), self.env.cr.savepoint():
            later.action_post()
        adjustment.action_reverse()
        self.assertBalances(mug, R=0, V=200)
        later.action_preview()
        self.assertEqual(later.line_ids.amount, 20)
        run = self.env["wms.reconciliation"].create({"date": "2026-12-31"})
        run.action_compare()
        self.assertEqual(run.state, "clean")

    def test_where_it_is_not_permitted_it_must_be_confirmed(self):
        books = self.env["wms.books"]
        texts = {}
        for code in ("us", "de", "uk"):
            self.company.account_fiscal_country_id = self.env.ref(f"base.{code}")
            texts[code] = books._lifo_warning(self.company)
        self.assertEqual([texts[code][0] for code in texts], [False, True, True])
        self.assertIn("not the dollar-value", texts["us"][1])
        with self.assertRaisesRegex(ValidationError, "IAS 2"), self.env.cr.savepoint():
            self.category("lifo")
        self.company.wms_lifo_confirmed = True
        self.assertIn("IAS 2", self.category("lifo").wms_lifo_warning)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 6):
            for index in range(number):
                mug = self.goods(f"Mug {number}.{index}", "lifo")
                self.receive_on("2025-02-10", mug, 10, 10)
                self.ship_on("2025-03-10", mug, 4)
            day = fields.Date.to_date("2025-12-31")
            self.env["wms.books"]._lifo_reserve(self.company, day)  # fills the registry's caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["wms.books"]._lifo_reserve(self.company, day)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
