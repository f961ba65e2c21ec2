import json

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ScannerCase

JSON = {"Content-Type": "application/json"}


@tagged("post_install", "-at_install")
class TestScannerRoutes(HttpCase, ScannerCase):
    def call(self, url, **params):
        """One JSON-RPC call as the signed-in user: the decoded body."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        response = self.url_open(url, data=body, headers=JSON)
        self.assertEqual(response.status_code, 200)
        return response.json()

    def boot(self):
        page = self.url_open("/wms/scan")
        self.assertEqual(page.status_code, 200)
        text = page.text.split('id="wms-boot">')[1].split("</script>")[0]
        return page, json.loads(text)

    def test_page_without_sign_in_names_nobody(self):
        page, boot = self.boot()
        self.assertEqual((boot["uid"], boot["name"], boot["company"]), (0, "", ""))
        self.assertNotIn("http://", page.text.replace("http://www.w3.org", ""))
        self.assertNotIn("https://", page.text)

    def test_page_of_a_worker_needs_nothing_of_the_backend(self):
        self.authenticate("wms_worker", "wms_worker")
        page, boot = self.boot()
        self.assertEqual(boot["uid"], self.worker.id)
        scripts = page.text.count("<script")
        self.assertEqual(scripts, 2, "the bundle and the boot data, no inline script")
        self.assertNotIn("web.assets", page.text)

    def test_worker_enrols_asks_and_looks_up(self):
        self.authenticate("wms_worker", "wms_worker")
        device = self.call("/wms/device", name="Browser of a test")["result"]
        record = self.env["wms.device"].search([("uid", "=", device["device_id"])])
        self.assertEqual(record.user_id, self.worker)
        state = self.call("/wms/flow/home/state", device_id=device["device_id"])["result"]
        self.assertEqual(state["state"]["screen"], "home")
        found = self.call("/wms/lookup", code="A02-011-1")["result"]["found"]
        self.assertEqual([hit["kind"] for hit in found], ["bin"])
        found = self.call("/wms/lookup", code="APPLE")["result"]["found"]
        self.assertEqual([hit["kind"] for hit in found], ["product"])
        self.assertEqual(self.call("/wms/lookup", code="nothing")["result"]["found"], [])
        self.assertEqual(self.call("/wms/lookup")["result"]["found"], [])

    def test_picture_only_for_people_of_the_floor(self):
        url = f"/wms/picture/{self.product('apple').id}"
        self.authenticate("wms_worker", "wms_worker")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.headers["Content-Type"].startswith("image/"))

    def test_others_are_refused_everywhere(self):
        """Customers and clerks get no answer of the scanner's routes."""
        for login, groups in (("customer", "base.group_portal"), ("clerk", "base.group_user")):
            new_test_user(self.env, f"wms_{login}", groups=groups)
            self.authenticate(f"wms_{login}", f"wms_{login}")
            with self.subTest(login=login):
                self.assertEqual(self.boot()[1]["uid"], 0)
                for url in ("/wms/device", "/wms/lookup", "/wms/flow/pick/state"):
                    self.assertIn("error", self.call(url))
                self.assertEqual(self.url_open("/wms/picture/1").status_code, 403)

    def test_expired_session_is_told_from_a_refusal(self):
        """Every question of the page answers with the code that means: sign in again."""
        for url in ("/wms/device", "/wms/lookup", "/wms/flow/pick/state", "/wms/command"):
            with self.subTest(url=url):
                self.assertEqual(self.call(url)["error"]["code"], 100)

    def test_the_page_can_be_installed(self):
        """Manifest, icons and service worker are real, below /wms/, and need no sign-in."""
        manifest = self.url_open("/wms/manifest.webmanifest")
        self.assertEqual(manifest.headers["Content-Type"], "application/manifest+json")
        facts = manifest.json()
        self.assertTrue(facts["start_url"].startswith(facts["scope"]))
        for icon in facts["icons"]:
            picture = self.url_open(icon["src"])
            self.assertEqual(
                (picture.status_code, picture.headers["Content-Type"]), (200, icon["type"])
            )
        worker = self.url_open("/wms/service-worker.js")
        self.assertEqual(worker.status_code, 200)
        self.assertIn("javascript", worker.headers["Content-Type"])
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/wms/")

    def test_sign_in_from_the_page(self):
        db = self.env.cr.dbname
        answer = self.call(
            "/web/session/authenticate", db=db, login="wms_worker", password="wms_worker"
        )
        self.assertEqual(answer["result"]["uid"], self.worker.id)
