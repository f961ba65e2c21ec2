from odoo.addons.inventory_wms.tests.packing_case import PackingCase
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.zpl import LabelError
from .common import Phone


class Desk(Phone):
    """A packing station without a screen."""

    def __init__(self, case, user=None):
        super().__init__(case, user, case.station)
        self.flow = "pack"

    def press(self, key, **values):
        """A function key, or a scanned command code."""
        meaning = self.state["keys"][key]
        return self.act(meaning["act"], **values)


@tagged("post_install", "-at_install")
class TestPackFlow(PackingCase):
    def setUp(self):
        super().setUp()
        self.picking = self.picked(apple=2, pear=1)
        self.desk = Desk(self)

    def rows(self):
        return {row["code"]: (row["packed"], row["state"]) for row in self.desk.state["rows"]}

    def test_an_order_from_scan_to_papers(self):
        state = self.desk.refresh()
        self.assertEqual(state["screen"], "pack_start")
        self.assertEqual([order["id"] for order in state["orders"]], self.picking.ids)
        state = self.desk.scan(self.picking.name)
        self.assertEqual((state["screen"], state["left"], state["ready"]), ("pack_order", 2, False))
        self.assertEqual(state["box"]["name"], "Small")
        self.assertEqual(len(state["box"]["drawing"]["pieces"]), 3)
        self.desk.scan("APPLE")
        self.assertEqual(self.rows(), {"APPLE": ("1", "begun"), "PEAR": ("0", "open")})
        inside = [piece["inside"] for piece in self.desk.state["box"]["drawing"]["pieces"]]
        self.assertEqual(sorted(inside), [False, False, True])
        self.desk.scan("PLUM")
        self.assertEqual(self.desk.answer["code"], "pack_other_order")
        self.desk.scan("PEAR")
        self.desk.press("F8")
        self.desk.act("number", quantity="1")
        self.desk.scan("PEAR")
        self.desk.scan("APPLE")
        self.assertEqual([row["state"] for row in self.desk.state["rows"]], ["done", "done"])
        self.desk.press("F9")
        self.assertEqual(self.desk.answer["code"], "pack_box_open")
        state = self.desk.act("close_box", weight="850", package_type_id=state["type_id"])
        self.assertTrue(state["ready"])
        self.assertEqual(state["boxes"][0]["text"], "Small, 0.85 kg")
        state = self.desk.press("WMS-FINISH")
        self.assertEqual((state["screen"], self.picking.state), ("pack_done", "done"))
        self.assertEqual(
            [(paper["kind"], paper["key"]) for paper in state["papers"]],
            [("label.pdf", "F2"), ("slip.pdf", "F3"), ("label.zpl", "F4")],
        )
        papers = self.desk.answer["result"]["papers"]
        self.assertEqual([one["url"] for one in papers], [one["url"] for one in state["papers"]])

    def test_a_number_counts_for_one_scan(self):
        self.desk.refresh()
        self.desk.scan(self.picking.name)
        self.desk.act("number", quantity="2")
        self.assertEqual(self.desk.state["each"], "2")
        self.desk.scan("APPLE")
        self.assertEqual((self.rows()["APPLE"], self.desk.state["each"]), (("2", "done"), "1"))

    def test_a_reload_shows_the_same_order(self):
        self.desk.refresh()
        self.desk.scan(self.picking.name)
        self.desk.scan("APPLE")
        again = Desk(self)
        again.refresh()
        self.assertEqual(again.state["screen"], "pack_order")
        self.assertEqual(again.state["rows"], self.desk.state["rows"])

    def test_put_aside_and_taken_up_again(self):
        other = self.picked(plum=1)
        self.desk.refresh()
        self.desk.scan(self.picking.name)
        self.desk.scan("APPLE")
        state = self.desk.press("Escape")
        self.assertEqual(state["screen"], "pack_start")
        self.assertEqual([order["id"] for order in state["orders"]][0], self.picking.id)
        self.desk.scan(other.name)
        self.assertEqual(self.desk.inputs["picking_id"], other.id)
        self.assertFalse(self.picking.wms_packer_id)
        self.desk.scan("PLUM")
        self.desk.act("close_box")
        self.desk.press("F9")
        self.desk.scan(self.picking.name)
        self.assertEqual(self.rows()["APPLE"], ("1", "begun"))

    def test_short_order_leaves_on_purpose_only(self):
        self.desk.refresh()
        self.desk.scan(self.picking.name)
        self.assertFalse(self.desk.state["can_ship"] or self.desk.state["ready"])
        self.desk.scan("APPLE")
        self.desk.act("close_box")
        self.assertEqual(len(self.desk.state["missing"]), 2)
        self.desk.press("F9")
        self.assertEqual(self.desk.answer["code"], "pack_missing")
        state = self.desk.act("finish_partial")
        self.assertEqual(state["screen"], "pack_done")
        self.assertIn(self.picking.backorder_ids.name, state["later"])

    def test_strange_inputs_show_the_start(self):
        for inputs in ({"picking_id": "x"}, {"picking_id": 2**40}, {"picking_id": self.picking.id}):
            self.desk.inputs = inputs
            self.assertEqual(self.desk.refresh()["screen"], "pack_start")


@tagged("post_install", "-at_install")
class TestPackPapers(HttpCase, PackingCase):
    def packed(self, prefix="4012345"):
        self.env.company.wms_gs1_prefix = prefix
        picking = self.opened(apple=2, pear=1)
        picking.origin = "SO-4711 ~JA^XZ"
        picking.partner_id = self.env["res.partner"].create(
            {"name": "Zoë ^XA Ltd", "street": "1 High Street", "city": "Leeds", "zip": "LS1 1AA"}
        )
        self.put(picking, "APPLE", "2")
        self.assertApplied(self.pack("close_box", picking, weight="505"))
        self.assertApplied(self.pack("finish", picking, partial=True))
        return picking

    def get(self, picking, kind, login="wms_worker"):
        self.authenticate(login, login)
        return self.url_open(f"/wms/pack/{picking.id}/{kind}")

    def test_slip_and_labels(self):
        picking = self.packed()
        code = picking.wms_pack_box_ids.package_id.name
        for kind in ("slip.pdf", "label.pdf"):
            answer = self.get(picking, kind)
            self.assertEqual((answer.status_code, answer.content[:5]), (200, b"%PDF-"), kind)
        zpl = self.get(picking, "label.zpl").text
        self.assertIn(f">;>800{code}", zpl)
        self.assertEqual((zpl.count("^XA"), zpl.count("^XZ"), zpl.count("~")), (1, 1, 0))
        self.assertIn("0.50 kg", zpl.replace("0.51", "0.50"))

    def test_names_without_prefix_are_code_128(self):
        picking = self.packed(prefix=False)
        zpl = self.get(picking, "label.zpl").text
        self.assertIn("^BCN", zpl)
        self.assertNotIn(">;>8", zpl)
        self.assertIn(picking.wms_pack_box_ids.package_id.name, zpl)

    def test_a_name_no_label_can_hold_is_explained(self):
        picking = self.packed()
        picking.wms_pack_box_ids.package_id.name = "Ä" * 60
        facts = self.env["wms.packing.papers"]._facts(picking)
        with self.assertRaises(LabelError):
            from ..engine.label_layout import package_label

            package_label(facts[0], self.env["wms.packing.papers"]._words())

    @mute_logger("odoo.http")
    def test_only_own_orders(self):
        picking = self.packed()
        stranger = new_test_user(
            self.env, "other_worker", groups="base.group_portal,inventory_wms.group_worker"
        )
        clerk = new_test_user(self.env, "pack_clerk", groups="base.group_user")
        self.assertEqual(self.get(picking, "slip.pdf", stranger.login).status_code, 404)
        self.assertEqual(self.get(picking, "slip.pdf", clerk.login).status_code, 403)
        self.assertEqual(self.get(picking, "slip.pdf", self.lead.login).status_code, 200)
        self.assertEqual(self.get(picking, "other.exe").status_code, 404)
        unpacked = self.picked(plum=1)
        self.assertEqual(self.get(unpacked, "slip.pdf").status_code, 404)
