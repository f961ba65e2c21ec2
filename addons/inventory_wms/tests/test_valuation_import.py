import base64
import io

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from openpyxl import Workbook

from .invariants_too import InvariantsToo
from .valuation_common import BooksCase

HEAD = "product;lot;quantity;unit cost;date;location\n"


@tagged("post_install", "-at_install")
class TestValuationImport(InvariantsToo, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts["O"] = cls.accounts["V"].copy({"name": "Opening balance"})
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf 7", "location_id": cls.warehouse.lot_stock_id.id}
        )

    def job(self, content=None, **vals):
        if content is not None:
            vals["file"] = base64.b64encode(content)
        return self.env["wms.valuation.import"].create(
            {"name": "stock.csv", "account_id": self.accounts["O"].id, **vals}
        )

    def test_a_file_becomes_stock_and_entries(self):
        mug, jar = self.goods(default_code="MUG"), self.goods("Jar", barcode="4006", tracking="lot")
        day = fields.Date.today().replace(day=1)
        content = f"{HEAD}MUG;;10;2,50;{day};Shelf 7\n4006;L1;3;7;;\nMUG;;10;2,50;{day};Shelf 7\n"
        job = self.job(content.encode())
        job.action_check()
        self.assertEqual((job.new_count, job.error_count, job.value), (3, 0, 71))
        self.assertFalse(self.layers(mug))
        job.action_book()
        self.assertEqual(job.state, "done")
        self.assertBooks()
        self.assertEqual(self.layers(mug), [(10, 25), (10, 25)])
        self.assertBalances(mug, V=50, O=-50)
        self.assertBalances(jar, V=21, O=-21)
        move = job.line_ids[0].move_id
        self.assertEqual(
            (move.value, move.date.date(), move.location_dest_id), (25, day, self.shelf)
        )
        layer = move.wms_layer_ids
        self.assertEqual((layer.kind, layer.account_move_id.date), ("import", day))
        self.assertEqual(job.line_ids[1].move_id.lot_ids.name, "L1")
        self.ship(mug, 15)

    def test_the_same_file_twice_changes_nothing(self):
        mug = self.goods(default_code="MUG")
        content = f"{HEAD}MUG;;10;2.5;;\nMUG;;10;2.5;;\n".encode()
        self.job(content).action_book()
        again = self.job(content)
        again.action_book()
        self.assertEqual((again.known_count, again.new_count, again.state), (2, 0, "done"))
        self.assertEqual(self.layers(mug), [(10, 25), (10, 25)])
        more = self.job(content + b"MUG;;10;2.5;;\n")
        more.action_book()
        self.assertEqual((more.known_count, self.layers(mug)[2:]), (2, [(10, 25)]))
        self.assertBooks()

    def test_a_spreadsheet(self):
        mug = self.goods(default_code="1001")
        book, file = Workbook(), io.BytesIO()
        book.active.append(["SKU", "Qty", "Cost"])
        book.active.append([1001, 4, 1.25])
        book.save(file)
        self.job(file.getvalue()).action_book()
        self.assertEqual(self.layers(mug), [(4, 5)])
        self.assertBooks()

    def test_errors_are_named_per_row_and_nothing_is_booked(self):
        self.goods(default_code="MUG")
        self.goods("Jar", default_code="JAR", tracking="serial")
        rows = ("MUG;;x;1;;", "CUP;;1;1;;", "JAR;;1;1;;", "JAR;S1;2;1;;", "MUG;;1;1;;Nowhere",
                "MUG;;1;1;2999-01-01;", "MUG;;1;1;;")  # fmt: skip
        job = self.job((HEAD + "\n".join(rows)).encode())
        job.action_check()
        self.assertEqual((job.error_count, job.new_count), (6, 1))
        says = ("not a number", "no product", "needs a lot", "one unit", "no internal", "future")
        for line, words in zip(job.line_ids, says, strict=False):
            self.assertRegex(line.error, words)
        with self.assertRaisesRegex(UserError, "6 rows have errors"):
            job.action_book()
        self.assertEqual(job.state, "checked")
        with self.assertRaisesRegex(UserError, "missing: quantity"):
            self.job(b"product\nMUG\n").action_check()

    def test_typed_rows(self):
        mug = self.goods()
        job = self.job(line_ids=[Command.create({"product_id": mug.id, "qty": 5, "unit_cost": 3})])
        job.action_book()
        self.assertEqual(self.layers(mug), [(5, 15)])
        self.assertBooks()

    def test_goods_that_odoo_costs(self):
        plain = self.env["product.category"].create(
            {"name": "Plain", "property_cost_method": "fifo", "property_valuation": "periodic"}
        )
        mug = self.goods(categ_id=plain.id, default_code="MUG")
        self.job(f"{HEAD}MUG;;10;2.5;;\n".encode()).action_book()
        self.assertEqual(mug.total_value, 25)

    def test_only_accountants(self):
        lead = new_test_user(self.env, "import_lead", groups="inventory_wms.group_lead")
        job = self.job(f"{HEAD}MUG;;10;2.5;;\n".encode())
        with self.assertRaises(AccessError):
            job.with_user(lead).read(["name"])
        with self.assertRaises(UserError):
            job.with_user(lead).action_book()
        with self.assertRaises(UserError):
            job.write({"state": "done"})
