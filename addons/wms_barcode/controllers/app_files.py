"""What makes the page an app: its manifest and its service worker, both below /wms/."""

import json

from odoo import http
from odoo.http import request
from odoo.tools.misc import file_open

from ..messages import LABELS

WORKER = "wms_barcode/static/src/worker/service_worker.js"
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


class WmsAppFiles(http.Controller):
    @http.route("/wms/manifest.webmanifest", type="http", auth="public", methods=["GET"])
    def manifest(self):
        """How the scanner looks on the home screen of a phone; everything lies below /wms/."""
        name = request.env._(LABELS["title"])
        facts = {
            "id": "/wms/scan",
            "name": name,
            "short_name": name,
            "start_url": "/wms/scan",
            "scope": "/wms/",
            "display": "standalone",
            "orientation": "any",
            "background_color": "#e9ecef",
            "theme_color": "#e9ecef",
            "icons": [
                {
                    "src": f"/wms_barcode/static/icons/scanner_{size}.png",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in ICONS
            ],
        }
        headers = [("Content-Type", "application/manifest+json"), ("Cache-Control", "max-age=3600")]
        return request.make_response(json.dumps(facts), headers)

    @http.route("/wms/service-worker.js", type="http", auth="public", methods=["GET"])
    def service_worker(self):
        """The page's helper in the browser: keeps the files of the page, never an answer."""
        with file_open(WORKER) as file:
            code = file.read()
        headers = [
            ("Content-Type", "text/javascript; charset=utf-8"),
            ("Cache-Control", "no-cache"),
            ("Service-Worker-Allowed", "/wms/"),
        ]
        return request.make_response(code, headers)
