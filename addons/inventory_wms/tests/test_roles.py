import json
import threading
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.ir_model_access import WORKER_MODELS

BUSINESS = ("stock", "account", "purchase", "product", "sale", "wms", "channel")


@tagged("post_install", "-at_install")
class TestWorker(HttpCase):
    """A worker is refused on every model and every route but its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = new_test_user(
            cls.env,
            "floor",
            password="floor-password",
            groups="base.group_portal,inventory_wms.group_worker",
        )

    def test_no_model_of_the_business(self):
        models = [
            name
            for name, model in self.env.registry.items()
            if name.split(".")[0] in BUSINESS and not model._abstract
        ]
        self.assertGreater(len(models), 100)
        open_models = [
            f"{name}:{mode}"
            for name in sorted(models)
            for mode in ("read", "write", "create", "unlink")
            if self.env[name].with_user(self.worker).has_access(mode)
        ]
        self.assertFalse(open_models)

    def test_nothing_else_but_what_the_framework_reads(self):
        readable = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and self.env[name].with_user(self.worker).has_access("read")
        }
        self.assertLessEqual(readable, WORKER_MODELS)

    def test_costs_and_quants(self):
        product = self.env["product.product"].create({"name": "Secret", "standard_price": 7})
        product = product.with_user(self.worker)
        with self.assertRaises(AccessError):
            product.read(["standard_price"])
        with self.assertRaises(AccessError):
            product.search([("standard_price", ">", 0)])
        with self.assertRaises(AccessError):
            self.env["stock.quant"].with_user(self.worker).create(
                {"product_id": product.id, "location_id": 1, "quantity": 1}
            )

    def test_every_route_is_refused(self):
        """All routes of all installed modules, over real HTTP."""
        self.authenticate("floor", "floor-password")
        answered, count = {}, 0
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_http", "werkzeug"):
            for rule in self._rules():
                path = self._path(rule)
                if self._is_own(path):
                    continue
                count += 1
                response = self._request(rule, path)
                if response.status_code not in (303, 401, 403, 404, 405) and not self._is_error(
                    response
                ):
                    answered[path] = response.status_code
        self.assertFalse(answered)
        self.assertGreater(count, 300)

    def test_public_pages_are_closed_too(self):
        """Signed in as a worker, also routes that are open to the world are refused."""
        self.authenticate("floor", "floor-password")
        for path in ("/my/orders", "/my/invoices", "/web/image/1", "/web/content/1", "/doc"):
            with self.subTest(path), mute_logger("odoo.http"):
                self.assertIn(
                    self.url_open(path, allow_redirects=False).status_code, (303, 403, 404)
                )

    def test_home_leads_to_the_scanner(self):
        self.authenticate("floor", "floor-password")
        for path in ("/", "/my", "/odoo"):
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual((path, response.status_code), (path, 303))
            self.assertEqual(response.headers["Location"].rpartition("/wms")[1:], ("/wms", "/scan"))

    @mute_logger("odoo.http")
    def test_remote_calls(self):
        self.authenticate("floor", "floor-password")
        for model, method in (
            ("product.product", "search_read"),
            ("stock.quant", "search_read"),
            ("stock.picking", "search_read"),
            ("account.move", "search_read"),
            ("purchase.order", "search_read"),
            ("wms.command", "search_read"),
            ("res.users", "read"),
        ):
            with self.subTest(model):
                answer = self._json(
                    "/web/dataset/call_kw",
                    {"model": model, "method": method, "args": [[]], "kwargs": {}},
                )
                self.assertIn("error", answer)

    # ------------------------------------------------------------------ helpers
    def _rules(self):
        """One rule for every route of the installed modules."""
        with patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True):
            return list(self.env["ir.http"].routing_map().iter_rules())

    def _is_own(self, path):
        own = ("/wms/", "/web/session/", "/web/login", "/web/webclient/translations")
        return path.startswith(own) or path in ("/web/manifest.webmanifest", "/websocket")

    def _path(self, rule):
        values = {
            name: converter.to_url(self.env["res.partner"].browse(1))
            if type(converter).__name__ == "ModelConverter"
            else "1"
            for name, converter in (rule._converters or {}).items()
        }
        return "".join(
            str(values.get(value, "1")) if dynamic else value for dynamic, value in rule._trace[1:]
        ).lstrip("|")

    def _request(self, rule, path):
        if rule.endpoint.routing["type"] == "http":
            return self.url_open(path, allow_redirects=False, timeout=20)
        return self.url_open(
            path, data=json.dumps({"params": {}}), headers={"Content-Type": "application/json"}
        )

    def _is_error(self, response):
        try:
            return "error" in response.json()
        except ValueError:
            return False

    def _json(self, path, params):
        headers = {"Content-Type": "application/json"}
        response = self.url_open(path, data=json.dumps({"params": params}), headers=headers)
        return (
            response.json()
            if response.headers["Content-Type"].startswith("application/json")
            else {"error": response.status_code}
        )
