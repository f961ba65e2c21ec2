import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, Like, new_test_user, tagged

from ..models.base import COST_FIELDS
from .common import WmsCase


@tagged("post_install", "-at_install")
class TestCostsHidden(WmsCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01", apple=10)
        self.product("apple").standard_price = 7

    def test_lead_cannot_read_costs_in_any_way(self):
        self.exporter = new_test_user(
            self.env, "exporter", groups="inventory_wms.group_lead,base.group_allow_export"
        )
        product = self.product("apple").with_user(self.lead)
        self.env.invalidate_all()
        for attempt in (
            lambda: product.read(["standard_price"]),
            lambda: product.standard_price,
            lambda: product.search([("standard_price", ">", 5)]),
            lambda: product._read_group([], ["categ_id"], ["standard_price:sum"]),
            lambda: product.search([], order="standard_price"),
            lambda: product.with_user(self.exporter).export_data(["standard_price"]),
            lambda: product.product_tmpl_id.read(["standard_price"]),
            lambda: self.env["stock.move"].with_user(self.lead).search_read([], ["value"]),
            lambda: self.env["stock.quant"].with_user(self.lead).search_read([], ["value"]),
            lambda: (
                self.env["purchase.order.line"].with_user(self.lead).search_read([], ["price_unit"])
            ),
            lambda: (
                self.env["purchase.order"]
                .with_user(self.lead)
                .search([("order_line.price_unit", ">", 1)])
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertNotIn("standard_price", product.fields_get())
        self.assertEqual(product.with_user(self.env.ref("base.user_admin")).standard_price, 7)

    def test_fields_exist(self):
        """A renamed field of core must not open a hole silently."""
        for model, names in COST_FIELDS.items():
            self.assertLessEqual(names, set(self.env[model]._fields), model)

    def test_views_of_a_lead_draw_no_cost(self):
        for model, view_type in (
            ("product.template", "form"),
            ("product.product", "list"),
            ("stock.move", "form"),
            ("stock.quant", "list"),
        ):
            with self.subTest(model):
                records = self.env[model].with_user(self.lead)
                arch = records.get_views([(False, view_type)])["views"][view_type]["arch"]
                for name in COST_FIELDS[model]:
                    self.assertNotIn(f'name="{name}"', arch)

    def test_lead_can_move_goods(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method):
                self.product("apple").categ_id = self.env["product.category"].create(
                    {"name": method, "property_cost_method": method}
                )
                picking = self.transfer(apple=2)
                picking = picking.with_user(self.lead)
                picking.action_assign()
                picking.move_ids.picked = True
                picking.button_validate()
                self.assertEqual(picking.state, "done")
                self.assertEqual(picking.move_ids.sudo().value > 0, True)
                self.assertEqual(picking.move_ids.write_uid, self.lead)


@tagged("post_install", "-at_install")
class TestCostsOverHttp(HttpCase):
    def test_export_and_json(self):
        new_test_user(
            self.env, "lead_http", password="lead-password", groups="inventory_wms.group_lead"
        )
        self.authenticate("lead_http", "lead-password")
        params = {
            "model": "product.product",
            "method": "web_search_read",
            "args": [],
            "kwargs": {"domain": [], "specification": {"standard_price": {}}},
        }
        answer = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertEqual(answer["error"]["data"]["name"], Like("...AccessError"))
