import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestBinLabels(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(
            cls.env, "label_lead", password="label-lead-pw", groups="inventory_wms.group_lead"
        )
        cls.clerk = new_test_user(
            cls.env, "label_clerk", password="label-clerk-pw", groups="stock.group_stock_user"
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.bins = cls.env["stock.location"].create(
            [
                {
                    "name": name,
                    "location_id": warehouse.lot_stock_id.id,
                    "wms_kind": "bin",
                    "wms_aisle": "7",
                }
                for name in ("LB-10", "LB-9")
            ]
        )

    def wizard(self, bins=None, user=None, **values):
        bins = self.bins if bins is None else bins
        wizard = self.env["stock.location.label"].with_user(user or self.lead)
        return wizard.with_context(active_model="stock.location", active_ids=bins.ids).create(
            values
        )

    def test_labels_of_the_chosen_bins_in_natural_order(self):
        wizard = self.wizard(size="57x32", dpi="300")
        self.assertEqual(wizard.count, 2)
        action = wizard.action_print()
        zpl = base64.b64decode(wizard.data).decode("ascii")
        self.assertEqual(zpl.count("^XA"), 2)
        self.assertLess(zpl.index("^FDLB-9^FS"), zpl.index("^FDLB-10^FS"))
        self.assertIn(f"^FD{self.bins[0].wms_check_digit}^FS", zpl)
        self.assertIn("^PW684^LL384", zpl)
        self.assertIn(str(wizard.id), action["url"])

    def test_the_lead_downloads_and_nobody_else(self):
        wizard = self.wizard()
        url = wizard.action_print()["url"]
        self.env.flush_all()
        self.authenticate("label_lead", "label-lead-pw")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(b"^FDLB-9^FS", answer.content)
        self.authenticate("label_clerk", "label-clerk-pw")
        with mute_logger("odoo.http"):
            self.assertNotIn(b"^FDLB-9^FS", self.url_open(url).content)

    def test_only_leads_print(self):
        with self.assertRaises(AccessError):
            self.wizard(user=self.clerk)

    def test_what_cannot_be_printed_is_named(self):
        with self.assertRaisesRegex(UserError, "No bin is chosen"):
            self.wizard(self.env["stock.location"]).action_print()
        self.bins[0].barcode = "Gänge"
        with self.assertRaisesRegex(UserError, "LB-10 has signs that Code 128 cannot hold"):
            self.wizard().action_print()
        self.bins[0].barcode = "W" * 60
        with self.assertRaisesRegex(UserError, "LB-10 is too long for this label"):
            self.wizard(size="50x25").action_print()

    def test_a_hostile_name_prints_as_text(self):
        self.bins[0].write({"name": "^XZ~JR^FS", "barcode": "^XA^FS~HS"})
        wizard = self.wizard(self.bins[0])
        wizard.action_print()
        zpl = base64.b64decode(wizard.data).decode("ascii")
        self.assertEqual((zpl.count("^XA"), zpl.count("^XZ"), zpl.count("~")), (1, 1, 0))
