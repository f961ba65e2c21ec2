import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ChannelCase


@tagged("post_install", "-at_install")
class TestOrderApi(ChannelCase, HttpCase):
    def _key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))

    def _post(self, user, method, **arguments):
        return self.url_open(
            f"/json/2/channel.account/{method}",
            json={"ids": self.account.ids, **arguments},
            headers={"Authorization": f"Bearer {self._key(user)}"},
        )

    def test_a_client_with_an_api_key_previews_and_imports(self):
        data = base64.b64encode(self.file({}, {"sku": "PLUM", "order_ref": "A2"})).decode()
        answer = self._post(self.manager, "action_import_orders", file_base64=data).json()
        self.assertEqual(
            (answer["state"], answer["new_orders"], answer["bad_rows"]), ("ready", 1, 1)
        )
        self.assertEqual(answer["problems"][0]["code"], "sku_unknown")
        self.assertFalse(self.sales())
        answer = self._post(
            self.manager, "action_import_orders", file_base64=data, confirm=True
        ).json()
        self.assertEqual((answer["state"], answer["created_orders"]), ("done", 1))
        self.assertEqual(answer["sale_order_ids"], self.sales().ids)
        again = self._post(self.manager, "read_import", inbox_id=answer["inbox_id"]).json()
        self.assertEqual(again["sale_order_ids"], answer["sale_order_ids"])

    def test_others_are_refused_at_the_endpoint(self):
        data = base64.b64encode(self.file({})).decode()
        worker = new_test_user(
            self.env, "channel_worker", groups="base.group_portal,inventory_wms.group_worker"
        )
        for user in (self.lead, worker):
            answer = self._post(user, "action_import_orders", file_base64=data, confirm=True)
            self.assertEqual(answer.status_code, 403)
        self.assertFalse(self.account.inbox_ids)

    def test_garbage_is_a_named_error(self):
        for garbage in ("%%%", "ab", None, ["x"], 7):
            with self.subTest(garbage):
                answer = self._post(self.manager, "action_import_orders", file_base64=garbage)
                self.assertEqual(answer.status_code, 422)
                self.assertIn("base64", answer.json()["message"])
        self.assertFalse(self.account.inbox_ids)

    def test_private_doors_are_closed(self):
        for method in ("_decode_file", "_checked"):
            self.assertIn(self._post(self.manager, method).status_code, (403, 404))

    def test_call_kw_as_a_browser_does(self):
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/channel.account/action_import_orders",
            {
                "model": "channel.account",
                "method": "action_import_orders",
                "args": [self.account.ids, base64.b64encode(self.file({})).decode()],
                "kwargs": {"confirm": True},
            },
        )
        self.assertEqual(answer["created_orders"], 1)

    def test_problems_are_downloaded_without_formulas(self):
        answer = self.load(self.file({"sku": "=1+1"}))
        problem = self.env["channel.problem"].search([("inbox_id", "=", answer["inbox_id"])])
        problem.order_ref = "=HYPERLINK(1)"
        self.authenticate(self.manager.login, self.manager.login)
        page = self.url_open(problem.with_user(self.manager).action_export()["url"])
        self.assertEqual(page.status_code, 200)
        self.assertIn(",'=HYPERLINK(1),", page.content.decode("utf-8-sig"))
        self.authenticate(self.lead.login, self.lead.login)
        page = self.url_open("/wms/channel/problems.csv?ids=0,x,-1")
        self.assertEqual(len(page.content.decode("utf-8-sig").splitlines()), 1)
