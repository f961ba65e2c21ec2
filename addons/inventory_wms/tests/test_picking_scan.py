import uuid

from odoo import Command
from odoo.tests import new_test_user, tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestScan(PickingCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01-1", apple=10)
        self.stock("A-02-1", pear=10)
        self.first = self.order(apple=3, pear=2)
        self.second = self.order(apple=2)
        self.batch = self.wave()
        self.apples = self.stop(self.batch, "A-01-1")
        self.assertApplied(self.send("task.claim"))

    def test_scans_add_up_over_orders(self):
        first = self.assertApplied(self.scan(self.apples, "APPLE"))
        self.assertEqual(first["task"]["done"], "1")
        self.assertEqual(first["put"][0]["quantity"], "1")
        rest = self.assertApplied(self.scan(self.apples, "APPLE", "4"))
        self.assertEqual(rest["task"]["state"], "done")
        self.assertEqual(rest["next"]["bin"]["code"], "A-02-1")
        self.assertEqual(self.apples.move_line_ids.mapped("picked"), [True, True])
        self.assertEqual(sum(self.apples.move_line_ids.mapped("quantity")), 5)
        self.assertEqual(self.reserved("apple"), 5)

    def test_a_line_is_picked_once_all_of_it_is_scanned(self):
        self.scan(self.apples, "APPLE")
        self.assertEqual(self.apples.move_line_ids.mapped("picked"), [False, False])
        self.assertEqual(self.apples.state, "claimed")
        self.assertTrue(self.apples.started_at)

    def test_replay_counts_once(self):
        envelope = self.envelope("pick.scan_item", task_id=self.apples.id, barcode="APPLE")
        self.assertApplied(self.execute(envelope))
        self.assertEqual(self.execute(envelope)["status"], "replayed")
        self.assertEqual(self.apples.done, 1)
        other = dict(envelope, args=dict(envelope["args"], quantity="2"))
        with self.assertLogs("odoo.addons.inventory_wms.services.door", "WARNING"):
            self.assertRefused(self.execute(other), "cmd_reused")
        self.assertEqual(self.apples.done, 1)

    def test_refusals_change_nothing(self):
        self.env["product.product"].search([("default_code", "=", "PEAR")])
        before = self.snapshot(self.batch)
        cases = [
            ("unknown_barcode", {"barcode": "4006381333931"}),
            ("wrong_item", {"barcode": "PEAR"}),
            ("bin_not_item", {"barcode": "A-01-1"}),
            ("wrong_bin", {"barcode": "APPLE", "bin": "A-02-1"}),
            ("above_demand", {"barcode": "APPLE", "quantity": "6"}),
            ("quantity_not_positive", {"barcode": "APPLE", "quantity": "-1"}),
            ("quantity_not_positive", {"barcode": "APPLE", "quantity": "0"}),
            ("quantity_huge", {"barcode": "APPLE", "quantity": "4006381333931"}),
            ("quantity_text", {"barcode": "APPLE", "quantity": "NaN"}),
            ("quantity_text", {"barcode": "APPLE", "quantity": "two"}),
            ("quantity_step", {"barcode": "APPLE", "quantity": "0.001"}),
            ("malformed", {"barcode": ""}),
            ("malformed", {"barcode": "APPLE", "colour": "red"}),
        ]
        for code, args in cases:
            with self.subTest(code=code, args=args):
                answer = self.send("pick.scan_item", task_id=self.apples.id, **args)
                self.assertRefused(answer, code)
                self.assertEqual(self.snapshot(self.batch), before)
        self.assertRefused(self.send("pick.scan_item", task_id=2**30, barcode="APPLE"), "not_found")

    def test_second_device_is_told_and_may_help(self):
        other = self.env["wms.device"].create({"name": "Second scanner"})
        colleague = new_test_user(
            self.env, "wms_colleague", groups="base.group_portal,inventory_wms.group_worker"
        )
        args = {"task_id": self.apples.id, "barcode": "APPLE"}

        def send(seq, **more):
            envelope = {
                "cmd_id": str(uuid.uuid4()),
                "device_id": other.uid,
                "seq": seq,
                "op": "pick.scan_item",
                "args": {**args, **more},
            }
            return self.execute(envelope, colleague)

        self.assertRefused(send(1), "task_taken")
        self.assertEqual(self.apples.done, 0)
        self.assertApplied(send(2, helping=True))
        self.assertApplied(self.scan(self.apples, "APPLE"))
        self.assertEqual(self.apples.done, 2)
        self.assertEqual(self.batch._wms_holder(), self.worker)

    def test_expected_revision(self):
        seen = self.apples.rev
        self.scan(self.apples, "APPLE")
        envelope = self.envelope("pick.scan_item", task_id=self.apples.id, barcode="APPLE")
        stale = self.execute(dict(envelope, expect={"rev": seen}))
        self.assertEqual((stale["status"], stale["code"]), ("conflict", "stale"))
        self.assertEqual(stale["result"]["task"]["done"], "1")
        self.assertEqual(self.apples.done, 1)

    def test_pack_code_counts_the_pack(self):
        apple = self.product("apple")
        four = self.env["uom.uom"].create(
            {"name": "Box of 4", "relative_factor": 4, "relative_uom_id": apple.uom_id.id}
        )
        apple.uom_ids = [Command.link(four.id)]
        self.env["product.uom"].create(
            {"product_id": apple.id, "uom_id": four.id, "barcode": "BOX4"}
        )
        self.assertEqual(self.assertApplied(self.scan(self.apples, "BOX4"))["quantity"], "4")
        self.assertEqual(self.apples.done, 4)
        self.assertRefused(self.scan(self.apples, "BOX4"), "above_demand")

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        device = self.env["wms.device"].create({"name": "Far", "company_id": company.id})
        stranger = new_test_user(
            self.env,
            "wms_stranger",
            groups="base.group_portal,inventory_wms.group_worker",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        envelope = dict(
            self.envelope("pick.scan_item", task_id=self.apples.id, barcode="APPLE"),
            device_id=device.uid,
            seq=1,
        )
        self.assertRefused(self.execute(envelope, stranger), "other_company")


@tagged("post_install", "-at_install")
class TestLots(PickingCase):
    def setUp(self):
        super().setUp()
        cheese = self.product("cheese")
        cheese.tracking = "lot"
        self.lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": cheese.id} for name in ("L1", "L2")]
        )
        location = self.bin("A-03-1")
        for lot in self.lots:
            self.env["stock.quant"]._update_available_quantity(cheese, location, 5, lot_id=lot)
        self.order(cheese=2)
        self.task = self.wave().wms_task_ids
        self.send("task.claim")

    def test_lot_must_be_scanned_and_right(self):
        self.assertEqual(self.task.lot_id.name, "L1")
        self.assertRefused(self.scan(self.task, "CHEESE"), "lot_needed")
        self.assertRefused(self.scan(self.task, "CHEESE", lot="L2"), "wrong_lot")
        self.assertRefused(self.scan(self.task, "L2"), "wrong_lot")
        self.assertApplied(self.scan(self.task, "L1"))
        self.assertApplied(self.scan(self.task, "CHEESE", lot="L1"))
        self.assertEqual(self.task.state, "done")
