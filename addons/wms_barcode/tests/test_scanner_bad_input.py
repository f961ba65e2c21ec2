"""Bad input at the scanner: each case is a named sentence, and nothing has changed."""

from odoo.tests import tagged

from .common import Phone, ScannerCase


@tagged("post_install", "-at_install")
class TestScannerBadInput(ScannerCase):
    def setUp(self):
        super().setUp()
        self.phone = self.started(apple=5, plum=1)
        self.wave_record = self.env["stock.picking.batch"].browse(self.phone.inputs["wave_id"])
        self.before = self.snapshot(self.wave_record)

    def assertNothingChanged(self):
        self.assertEqual(self.snapshot(self.wave_record), self.before)

    def assertMessage(self, code):
        """The flow refused a check: a full sentence with the next step, the same screen."""
        self.assertTrue(self.phone.message, "there is a sentence")
        self.assertEqual(self.phone.message["code"], code)
        self.assertTrue(self.phone.message["title"] and self.phone.message["next"])
        self.assertNotIn("%(", str(self.phone.message))
        self.assertNotIn("?", self.phone.message["detail"])
        self.assertNothingChanged()

    def at_bin_one(self):
        self.phone.scan("A02-011-1")
        self.assertEqual(self.phone.state["screen"], "goods")

    # ------------------------------------------------------------- at the bin
    def test_wrong_bin(self):
        self.phone.scan("A10-004-1")
        self.assertMessage("wrong_bin_scan")
        self.assertEqual(self.phone.message["scanned"], "A10-004-1")
        self.assertEqual(self.phone.state["screen"], "bin")

    def test_unknown_code_at_the_bin(self):
        self.phone.scan("NO-SUCH-CODE")
        self.assertMessage("unknown_code")

    def test_item_instead_of_the_bin(self):
        self.phone.scan("APPLE")
        self.assertMessage("not_a_bin")

    def test_wrong_check_digits(self):
        digits = self.bin("A02-011-1").wms_check_digit
        wrong = "".join(str((int(digit) + 1) % 10) for digit in digits)
        self.phone.scan(wrong)
        self.assertMessage("wrong_check_digits")

    def test_huge_control_and_foreign_codes(self):
        for code in ("9" * 5000, "\x00\x01", "'; DROP TABLE wms_task; --", "<b>x</b>", "日本", " "):
            with self.subTest(code=code[:20]):
                self.phone.scan(code)
                self.assertEqual(self.phone.state["screen"], "bin")
                self.assertTrue(self.phone.message["title"])
                self.assertNothingChanged()

    # ------------------------------------------------------------ at the goods
    def test_wrong_item(self):
        self.at_bin_one()
        self.phone.scan("PLUM")
        self.assertRefused(self.phone.answer, "wrong_item")
        self.assertNothingChanged()

    def test_unknown_barcode(self):
        self.at_bin_one()
        self.phone.scan("4006381333931")
        self.assertRefused(self.phone.answer, "unknown_barcode")
        self.assertNothingChanged()

    def test_bin_instead_of_the_item(self):
        self.at_bin_one()
        self.phone.scan("A10-004-1")
        self.assertRefused(self.phone.answer, "bin_not_item")
        self.assertNothingChanged()

    def test_quantities_no_person_means(self):
        """Above demand, negative, huge, text, fraction of a piece: each has its own name."""
        cases = {
            "6": "above_demand",
            "-1": "quantity_not_positive",
            "99999999999999": "quantity_huge",
            "six": "quantity_text",
            "NaN": "quantity_text",
            "": "quantity_text",
        }
        self.at_bin_one()
        for quantity, code in cases.items():
            with self.subTest(quantity=quantity):
                self.phone.act("number", quantity=quantity)
                self.phone.scan("APPLE")
                if quantity:  # an empty number means one piece
                    self.assertEqual(self.phone.answer["code"], code, self.phone.answer["message"])
                    self.assertEqual(self.phone.answer["status"], "rejected")
                    self.assertNothingChanged()

    def test_short_with_a_reason_nobody_knows(self):
        self.at_bin_one()
        self.phone.act("short", quantity="1", reason="because")
        self.assertRefused(self.phone.answer, "unknown_reason")
        self.assertNothingChanged()

    # ------------------------------------------------------------------ people
    def test_second_device_on_the_same_stop(self):
        """Another worker's phone sees no wave of ours, and its scans are refused."""
        self.at_bin_one()
        other_device = self.env["wms.device"].create({"name": "Second"})
        other = Phone(self, user=self.lead, device=other_device)
        self.assertFalse(other.refresh()["next"])
        other.send({"op": "pick.scan_item", "args": self.phone_args()})
        self.assertEqual(other.answer["code"], "task_taken", other.answer["message"])
        self.assertNothingChanged()

    def test_foreign_inputs_lead_home(self):
        """A state asked with made-up inputs shows nothing of other waves."""
        for inputs in (
            {"wave_id": 10**9},
            {"wave_id": "1 OR 1=1"},
            {"wave_id": None},
            [],
            "x",
            None,
        ):
            with self.subTest(inputs=inputs):
                scanner = self.env["wms.scanner"].with_user(self.lead)
                reply = scanner._state("pick", inputs, None, "nobody")
                self.assertEqual(reply["flow"], "home")
        self.assertNothingChanged()

    def phone_args(self):
        scan = self.phone.state["accepts"]["scan"]
        return {**scan["args"], "barcode": "APPLE"}
