from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .books_case import ReportCase

DAYS = [f"2026-0{month}-10" for month in (1, 2, 3, 4, 5)]


@tagged("post_install", "-at_install")
class TestBooksValues(ReportCase):
    def assertLedger(self, day):
        values = self.env["wms.books"]._values(self.company, fields.Date.to_date(day))
        self.assertAlmostEqual(sum(float(row[1]) for row in values.values()), self.ledger_at(day))

    def test_value_at_a_date_stays_after_later_moves(self):
        for method in ("fifo", "average"):
            mug = self.goods(f"Mug {method}", method)
            steps = [
                (self.receive_on, (mug, 10, 10)),
                (self.receive_on, (mug, 10, 20)),
                (self.ship_on, (mug, 15)),
                (self.ship_on, (mug, 8)),  # 3 are missing
                (self.receive_on, (mug, 5, 30)),
            ]
            frozen = {}
            for day, (step, args) in zip(DAYS, steps, strict=True):
                step(day, *args)
                frozen[day] = self.value_at(day, mug)
                self.assertLedger(day)
            for day in DAYS:
                self.assertEqual(self.value_at(day, mug), frozen[day], (method, day))
                self.assertEqual(
                    round(mug.with_context(to_date=day).total_value, 2), frozen[day][1]
                )
                self.assertLedger(day)
            self.assertEqual(frozen[DAYS[1]], (20, 300))
            self.assertEqual(frozen[DAYS[3]][0], -3)
            self.assertEqual(frozen[DAYS[4]], (2, 60))

    def test_a_backdated_receipt_counts_on_the_day_of_its_entry(self):
        mug = self.goods()
        self.receive_on("2026-03-10", mug, 10, 10)
        self.assertEqual(self.value_at("2026-02-28", mug), (0, 0))
        self.receive_on("2026-02-10", mug, 5, 8)
        self.assertEqual(self.value_at("2026-02-28", mug), (5, 40))
        self.assertEqual(self.value_at("2026-03-10", mug), (15, 140))

    def test_missing_goods_that_come_back(self):
        mug = self.goods(standard_price=7)
        order = self.ship_on("2026-02-10", mug, 5)
        self.assertEqual(self.value_at("2026-02-10", mug), (-5, -35))
        back = self.send_back(order.picking_ids, 2)
        self.assertEqual(self.value_at(fields.Date.today(), mug), (-3, -21))
        self.assertLedger(fields.Date.today())
        self.assertTrue(back)
        ledger = self.env["wms.stock.ledger"].search([("product_id", "=", mug.id)])
        self.assertEqual(sorted(ledger.mapped("kind")), ["cancel", "missing"])

    def test_balance_of_the_stock_ledger(self):
        mug = self.goods()
        self.receive_on("2026-01-10", mug, 10, 10)
        self.ship_on("2026-02-10", mug, 4)
        self.receive_on("2026-03-10", mug, 6, 20)
        rows = self.env["wms.stock.ledger"].search(
            [("product_id", "=", mug.id)], order="date, posting_id, id"
        )
        self.assertEqual(
            [(row.qty_in, row.qty_out, row.qty_balance, row.value_balance) for row in rows],
            [(10, 0, 10, 100), (0, 4, 6, 60), (6, 0, 12, 180)],
        )
        self.assertEqual(rows.account_move_id, rows.posting_id.account_move_id)
        self.assertEqual(rows[1].picking_id.picking_type_code, "outgoing")

    def plan(self, query):
        """How PostgreSQL would read it if the tables were long."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def test_one_products_history_is_read_alone(self):
        """A condition on the product reaches every table that the ledger is made of."""
        mug = self.goods()
        self.receive_on("2026-01-10", mug, 10, 10)
        ledger = self.env["wms.stock.ledger"]._table_query
        plan = self.plan(SQL("SELECT * FROM (%s) ledger WHERE product_id = %s", ledger, mug.id))
        self.assertGreaterEqual(plan.count(f"product_id = {mug.id}"), 5, plan)

    def test_one_pools_rows_are_found_by_an_index(self):
        for table in ("wms_cost_layer", "wms_cost_deficit"):
            query = SQL("SELECT id FROM %s WHERE total_id = 1", SQL.identifier(table))
            self.assertIn("Index Cond: (total_id = 1)", self.plan(query))

    def report(self, day, detail):
        report = self.env["wms.stock.value"].create({"date": day, "detail": detail})
        report.action_show()
        return report

    def test_by_age_and_by_bin_add_up_to_the_ledger(self):
        mug, cup = self.goods(), self.goods("Cup", "average")
        for product in (mug, cup):
            self.receive_on("2026-01-10", product, 3, 3.33)
            self.receive_on("2026-02-10", product, 10, 20)
            self.ship_on("2026-02-20", product, 4)
        self.ship_on("2026-03-10", cup, 12)  # 3 are missing
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(mug, self.warehouse.lot_stock_id, -2)
        self.env["stock.quant"]._update_available_quantity(mug, shelf, 2)
        for day in ("2026-01-31", "2026-02-28", "2026-03-31", fields.Date.today()):
            for detail in ("product", "age", "bin"):
                report = self.report(day, detail)
                self.assertAlmostEqual(report.value, self.ledger_at(day), 2, (day, detail))
                units = sum(report.line_ids.mapped("qty"))
                self.assertAlmostEqual(
                    units, sum(self.report(day, "product").line_ids.mapped("qty")), 4
                )
        by_bin = self.report(fields.Date.today(), "bin").line_ids.filtered(
            lambda line: line.product_id == mug
        )
        self.assertEqual(
            {line.location_id: line.qty for line in by_bin},
            {shelf: 2, self.warehouse.lot_stock_id: 7},
        )
        early = self.report("2026-03-31", "age").line_ids.filtered(
            lambda line: line.product_id == mug
        )
        self.assertEqual(
            [(str(line.received_on), line.age) for line in early], [("2026-02-10", "b90")]
        )
        missing = self.report("2026-03-31", "age").line_ids.filtered(lambda line: line.qty < 0)
        self.assertEqual((missing.product_id, missing.qty, missing.received_on), (cup, -3, False))

    def test_on_paper(self):
        mug = self.goods("Mug & <cup>")
        self.receive_on("2026-01-10", mug, 3, 3.33)
        report = self.env["wms.stock.value"].create({"date": "2026-01-31"})
        url = report.action_pdf()["url"]
        content = self.env["ir.attachment"].browse(int(url.split("/")[3].split("?")[0])).raw
        self.assertTrue(content.startswith(b"%PDF-"))

    def test_queries_do_not_grow_with_products(self):
        counts = []
        for number in (1, 12):
            mugs = self.env["product.product"]
            for index in range(number):
                mugs |= self.goods(f"Mug {number}.{index}")
            order = self.purchase(*[(mug, 3, 10) for mug in mugs])
            self.done(order.picking_ids)
            self.flush_postings()
            for day in (False, "2026-01-01"):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                mugs.with_context(to_date=day).mapped("total_value")
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[0] + 1)
        self.assertLessEqual(counts[3], counts[1] + 1)
