"""A tiny demo (five products, three orders) loaded inside Odoo: what people will find there."""

import csv
import shutil
import sys
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests import invariants  # noqa: E402 (needs the path above)
from tools.demo import loader, logins  # noqa: E402

PRODUCTS, ORDERS = 5, 3


def tiny(folder: Path) -> None:
    """The committed files, cut to three orders of five products in all."""
    shutil.copytree(ROOT / "tools" / "demo" / "data", folder, dirs_exist_ok=True)
    orders = _read(folder / "orders.csv")
    refs = list(dict.fromkeys(row["order_ref"] for row in orders))[:ORDERS]
    skus = []
    for ref, wanted in zip(refs, (2, 4, PRODUCTS), strict=True):
        new = [row["sku"] for row in orders if row["order_ref"] == ref and row["sku"] not in skus]
        skus += new[: wanted - len(skus)]
    for name in ("products.csv", "receipts.csv", "orders.csv", "orders_full_day.csv"):
        rows = [row for row in _read(folder / name) if row["sku"] in skus]
        if "order_ref" in rows[0]:
            rows = [row for row in rows if row["order_ref"] in refs]
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@tagged("post_install", "-at_install")
class TestDemoLoad(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, folder)
        tiny(folder)
        cls.receipts = _read(folder / "receipts.csv")
        cls.counts = loader.load(
            cls.env, folder, bins={"aisle": "1-2", "bay": "1-3", "level": "A-B"}
        )
        cls.env.cr.precommit.run()  # entries of stock are numbered as the last step of a commit
        cls.products = cls.env["product.product"].search(
            [("default_code", "in", [row["sku"] for row in cls.receipts])]
        )

    def test_every_unit_came_in_by_a_receipt_and_lies_in_a_bin(self):
        received = sum(float(row["quantity"]) for row in self.receipts)
        quants = self.env["stock.quant"].search(
            [("product_id", "in", self.products.ids), ("location_id.usage", "=", "internal")]
        )
        self.assertEqual(len(self.products), PRODUCTS)
        self.assertEqual(sum(quants.mapped("quantity")), received)
        self.assertFalse(quants.location_id.filtered("child_ids"))
        moves = self.env["stock.move"].search([("product_id", "in", self.products.ids)])
        self.assertEqual(set(moves.mapped("state")), {"done"})
        self.assertTrue(all(move.purchase_line_id for move in moves))

    def test_stock_is_worth_what_was_paid(self):
        paid = sum(float(row["quantity"]) * float(row["unit_cost"]) for row in self.receipts)
        self.assertAlmostEqual(sum(self.products.mapped("total_value")), paid, places=2)

    def test_nothing_that_must_be_true_is_broken(self):
        self.env.flush_all()
        self.assertGreaterEqual(len(invariants.check(self.env.cr)), 14)
        self.assertEqual(invariants.explain(self.env.cr), [])

    def test_one_receipt_is_left_unbilled_on_purpose(self):
        layers = self.env["wms.cost.layer"].search([("product_id", "in", self.products.ids)])
        vendors = {row["vendor"] for row in self.receipts}
        unbilled = layers.filtered("unbilled_qty").move_id.picking_id
        if loader.stock.UNBILLED_VENDOR in vendors:
            self.assertEqual(unbilled.mapped("partner_id.name"), [loader.stock.UNBILLED_VENDOR])
        self.assertLessEqual(len(unbilled), 1)

    def test_a_worker_is_a_portal_user_and_the_staff_can_sign_in(self):
        for login, person in logins.STAFF.items():
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertEqual(user.share, person.role == "worker", login)
            self.assertTrue(all(user.has_group(group) for group in person.groups), login)

    def test_delivery_orders_wait_for_their_wave(self):
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        self.assertEqual(warehouse.out_type_id.reservation_method, "manual")
