"""A tiny demo (five products, three orders) loaded inside Odoo, and its day worked to the end."""

import base64
import csv
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from unittest.mock import patch

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
        cls.folder = folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, folder)
        tiny(folder)
        cls.receipts = _read(folder / "receipts.csv")
        # a test lives in one transaction; the steps of an import are savepoints in it
        cls.startClassPatcher(
            patch.object(cls.registry["channel.order.booking"], "_commit", lambda self: None)
        )
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

    def send(self, login, op, **args):
        """The answer to the next command of that person's scanner."""
        device = self.env["wms.device"].search([("name", "=", f"Scanner {login}")])
        envelope = {
            "cmd_id": str(uuid.uuid4()),
            "device_id": device.uid,
            "seq": device.last_seq + 1,
            "op": op,
            "args": args,
        }
        user = self.env["res.users"].search([("login", "=", login)])
        answer = self.env["wms.door"].with_user(user)._execute(envelope)
        self.assertEqual(answer["status"], "applied", answer["message"])
        return answer["result"]

    def test_a_day_from_the_order_file_to_the_invoices(self):
        carl = self.env["res.users"].search([("login", "=", "carl")])
        channel = self.env["channel.account"].with_user(carl).search([("name", "=", "Order files")])
        content = base64.b64encode((self.folder / "orders.csv").read_bytes()).decode()
        summary = channel.action_import_orders(content, "orders.csv", confirm=True)
        self.assertEqual((summary["created_orders"], summary["problems"]), (ORDERS, []))

        released = self.send("lena", "wave.release")
        self.assertEqual((released["orders"], released["skipped"]), (ORDERS, []))
        for wave in released["waves"]:
            for task in self.send("ana", "task.claim", batch_id=wave["batch_id"])["tasks"]:
                self.send(
                    "ana",
                    "pick.scan_item",
                    task_id=task["task_id"],
                    bin=task["bin"]["barcode"],
                    barcode=task["product"]["barcode"],
                    quantity=task["demand"],
                )
            shipped = self.send("ana", "ship.confirm", batch_id=wave["batch_id"])
            self.assertEqual(shipped["backorders"], [])

        sales = self.env["sale.order"].browse(summary["sale_order_ids"])
        sales._create_invoices().action_post()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(set(sales.mapped("invoice_status")), {"invoiced"})
        moves = sales.order_line.move_ids
        used = self.env["wms.cost.consumption"].search([("move_id", "in", moves.ids)])
        self.assertEqual(sum(used.mapped("qty")), sum(sales.order_line.mapped("qty_delivered")))
        self.assertTrue(all(used.mapped("receipt_picking_id")))
        self.assertEqual(invariants.explain(self.env.cr), [])
