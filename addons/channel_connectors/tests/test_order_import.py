from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ChannelCase


@tagged("post_install", "-at_install")
class TestOrderImport(ChannelCase):
    def test_preview_creates_nothing_but_the_received_item(self):
        before = self.env["res.partner"].search_count([])
        answer = self.preview(self.file({}, {"sku": "PEAR"}))
        self.assertEqual(
            (answer["state"], answer["new_orders"], answer["new_lines"]), ("ready", 1, 2)
        )
        self.assertEqual(answer["bad_rows"], 0)
        self.assertFalse(self.sales())
        self.assertFalse(self.env["channel.order"].search([("account_id", "=", self.account.id)]))
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_yes_creates_confirmed_sales_orders_with_the_files_words(self):
        answer = self.load(self.file({}, {"sku": "PEAR", "quantity": "3", "unit_price": "0.99"}))
        self.assertEqual((answer["state"], answer["created_orders"]), ("done", 1))
        sale = self.sales()
        self.assertEqual(answer["sale_order_ids"], sale.ids)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.client_order_ref, "A1")
        self.assertEqual(sale.commitment_date.date(), date(2026, 11, 4))
        self.assertEqual(sale.carrier_id, self.carrier)
        self.assertEqual(sale.picking_ids.carrier_id, self.carrier)
        self.assertEqual(sale.warehouse_id, self.account.warehouse_id)
        self.assertEqual(sale.partner_id.name, "Ada")
        self.assertEqual(sale.partner_id.company_id, self.company)
        self.assertEqual(sale.channel_order_id.sale_order_id, sale)
        self.assertEqual(sale.order_line.mapped("price_unit"), [1.5, 0.99])
        self.assertEqual(sale.order_line.mapped("product_uom_qty"), [2, 3])
        self.assertEqual(sale.picking_ids.move_ids.mapped("product_uom_qty"), [2, 3])

    def test_price_list_and_discounts_do_not_touch_the_files_prices(self):
        self.env["res.partner"].create(
            {
                "name": "Ada",
                "company_id": self.company.id,
                "property_product_pricelist": self.env["product.pricelist"]
                .create(
                    {
                        "name": "Half",
                        "item_ids": [
                            (
                                0,
                                0,
                                {
                                    "applied_on": "3_global",
                                    "compute_price": "percentage",
                                    "percent_price": 50,
                                },
                            )
                        ],
                    }
                )
                .id,
            }
        )
        self.load(self.file({}))
        line = self.sales().order_line
        self.assertEqual((line.price_unit, line.discount), (1.5, 0))
        self.assertEqual(self.sales().currency_id, self.company.currency_id)

    def test_an_existing_customer_of_that_name_is_used(self):
        ada = self.env["res.partner"].create({"name": "Ada"})
        self.load(self.file({}))
        self.assertEqual(self.sales().partner_id, ada)

    def test_the_same_file_twice_changes_nothing_and_says_so(self):
        data = self.file({}, {"order_ref": "A2"})
        self.load(data)
        sales, lines = self.sales(), self.env["channel.order.line"].search([])
        answer = self.load(data)
        self.assertTrue(answer["same_file"])
        self.assertEqual(
            (answer["state"], answer["new_orders"], answer["known_rows"]), ("done", 0, 2)
        )
        self.assertIn("imported before", answer["message"])
        self.assertEqual(self.sales(), sales)
        self.assertEqual(self.env["channel.order.line"].search([]), lines)

    def test_the_same_rows_in_another_file_change_nothing(self):
        self.load(self.file({}, {"sku": "PEAR"}, {"order_ref": "A2"}))
        sales = self.sales()
        answer = self.load(self.file({"order_ref": "A2"}, {"sku": "PEAR"}, {}, delimiter=";"))
        self.assertFalse(answer["same_file"])
        self.assertEqual(
            (answer["known_rows"], answer["new_orders"], answer["bad_rows"]), (3, 0, 0)
        )
        self.assertEqual(self.sales(), sales)

    def test_only_the_new_orders_of_a_longer_file_are_created(self):
        self.load(self.file({}))
        answer = self.load(self.file({}, {"order_ref": "A2"}))
        self.assertEqual((answer["known_rows"], answer["created_orders"]), (1, 1))
        self.assertEqual(self.sales().mapped("client_order_ref"), ["A1", "A2"])

    def test_changed_rows_of_a_known_order_are_reported_never_applied(self):
        self.load(self.file({}))
        answer = self.load(self.file({"quantity": "9"}, {"sku": "PEAR"}, {"order_ref": "A2"}))
        self.assertEqual(self.codes(answer), [("order_changed", 2), ("order_row_added", 3)])
        self.assertEqual(answer["changed_rows"], 2)
        first, second = self.sales()
        self.assertEqual(first.order_line.product_uom_qty, 2)
        self.assertEqual(second.client_order_ref, "A2")
        problems = self.env["channel.problem"].search([("account_id", "=", self.account.id)])
        self.assertEqual(problems.mapped("code"), ["order_changed", "order_row_added"])
        self.assertIn("Change it in the order itself", problems[0].next_step)

    def test_bad_rows_are_listed_and_good_rows_wait_for_the_yes(self):
        data = self.file(
            {"sku": "PLUM"},
            {"order_ref": "A2"},
            {"order_ref": "A3", "carrier": "Pigeon"},
            {"order_ref": "A4", "quantity": "-1"},
        )
        answer = self.preview(data)
        self.assertEqual(
            self.codes(answer), [("sku_unknown", 2), ("carrier_unknown", 4), ("number_negative", 5)]
        )
        self.assertEqual((answer["new_orders"], answer["bad_rows"]), (1, 3))
        self.assertFalse(self.sales())
        answer = self.load(data)
        self.assertEqual(self.sales().mapped("client_order_ref"), ["A2"])
        problems = self.env["channel.problem"].search([("inbox_id", "=", answer["inbox_id"])])
        self.assertEqual(
            sorted((p.row_number, p.column, p.code) for p in problems),
            [
                (2, "sku", "sku_unknown"),
                (4, "carrier", "carrier_unknown"),
                (5, "quantity", "number_negative"),
            ],
        )
        self.assertTrue(all(p.what and p.next_step for p in problems))

    def test_an_order_with_a_bad_row_waits_whole(self):
        data = self.file({}, {"sku": "PLUM"}, {"order_ref": "A2"})
        answer = self.load(data)
        self.assertEqual(answer["held_rows"], 1)
        self.assertEqual(self.sales().mapped("client_order_ref"), ["A2"])
        self.product("PLUM")
        answer = self.load(data)
        self.assertEqual(answer["created_orders"], 2)
        self.assertEqual(self.sales().mapped("client_order_ref"), ["A2", "A1"])
        self.assertFalse(
            self.env["channel.problem"].search(
                [("inbox_id", "=", answer["inbox_id"]), ("state", "=", "open")]
            )
        )

    def test_good_rows_of_an_order_go_alone_when_asked_for(self):
        self.load(self.file({}, {"sku": "PLUM"}), whole_orders=False)
        self.assertEqual(self.sales().order_line.product_id, self.apple)

    def test_articles_archived_ambiguous_or_not_for_sale_are_named(self):
        self.product("PEAR")
        self.product("OLD", active=False)
        self.product("PART", sale_ok=False)
        answer = self.preview(self.file({"sku": "PEAR"}, {"sku": "OLD"}, {"sku": "PART"}))
        self.assertEqual(
            self.codes(answer), [("sku_ambiguous", 2), ("sku_not_sold", 3), ("sku_not_sold", 4)]
        )

    def test_a_muted_channel_imports_nothing(self):
        self.account.muted = True
        with self.assertRaisesRegex(UserError, "muted"):
            self.load(self.file({}))
        self.assertFalse(self.account.inbox_ids)

    def test_a_file_that_is_no_order_file_is_refused_with_a_named_error(self):
        head = self.file()
        cases = {
            "file_empty": b" \r\n",
            "file_no_rows": head,
            "file_columns_missing": b"order_ref,date\r\nA1,2026-11-02",
            "file_columns_twice": head + b",sku\r\nA1",
            "file_columns_unknown": head + b",colour\r\nA1",
            "file_encoding": self.file({"customer": "Zoë"}, encoding="latin-1"),
            "file_is_workbook": b"PK\x03\x04rest",
            "file_nul": self.file({"customer": "A\0da"}),
            "file_quotes": self.file({"customer": '"Ada'}),
        }
        for code, data in cases.items():
            with self.subTest(code):
                answer = self.load(data)
                self.assertEqual((answer["state"], answer["error_code"]), ("rejected", code))
                self.assertTrue(answer["message"])
                problem = self.env["channel.problem"].search(
                    [("inbox_id", "=", answer["inbox_id"])]
                )
                self.assertEqual(problem.code, code)
        self.assertFalse(self.sales())

    def test_a_bad_cell_is_a_named_error_and_nothing_is_created(self):
        customers = self.env["res.partner"].search_count([])
        cells = {
            ("customer", "=HYPERLINK(1)"): "cell_formula",
            ("sku", "@SUM(A1)"): "cell_formula",
            ("order_ref", "+1"): "cell_formula",
            ("sku", "PLUM"): "sku_unknown",
            ("carrier", "Pigeon"): "carrier_unknown",
            ("date", "01/02/2026"): "date_two_ways",
            ("quantity", "two"): "number_text",
            ("quantity", "0"): "quantity_zero",
            ("quantity", "-2"): "number_negative",
            ("quantity", "9999999"): "number_huge",
            ("quantity", "inf"): "number_not_finite",
        }
        for (column, cell), code in cells.items():
            with self.subTest(column=column, cell=cell):
                answer = self.load(self.file({column: cell}))
                (problem,) = answer["problems"]
                self.assertEqual(
                    (problem["row"], problem["column"], problem["code"]), (2, column, code)
                )
                self.assertEqual(answer["state"], "rejected")
        self.assertFalse(self.sales())
        self.assertEqual(self.env["res.partner"].search_count([]), customers)

    def test_a_refused_file_is_read_with_the_right_encoding_on_the_second_try(self):
        data = self.file({"customer": "Zoë"}, encoding="cp1252")
        self.assertEqual(self.load(data)["error_code"], "file_encoding")
        answer = self.load(data, encoding="cp1252")
        self.assertEqual((answer["state"], answer["error_code"]), ("done", ""))
        self.assertEqual(self.sales().partner_id.name, "Zoë")

    def test_a_hundred_thousand_rows_are_answered_and_one_more_is_refused(self):
        rows = [{"order_ref": f"B{n // 5}", "unit_price": f"{n % 5}.25"} for n in range(100_000)]
        data = self.file(*rows)
        answer = self.preview(data)
        self.assertEqual((answer["rows"], answer["new_orders"]), (100_000, 20_000))
        answer = self.preview(data + b"\r\n" + self.file({}).split(b"\r\n")[1])
        self.assertEqual(answer["error_code"], "file_too_many_rows")

    def test_deleting_what_makes_rows_count_once_is_refused(self):
        answer = self.load(self.file({}))
        item = self.env["channel.inbox"].browse(answer["inbox_id"])
        for record in (self.account, item, item.order_ids):
            with self.assertRaises(UserError):
                record.unlink()
