"""Routes of the scanner: its page, and the questions that change no stock.

What changes stock, a reservation or a task goes through ``/wms/command``.
"""

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools.json import scriptsafe as json_scriptsafe


class WmsBarcodeController(http.Controller):
    @http.route("/wms/scan", type="http", auth="public", methods=["GET"], sitemap=False)
    def scan(self):
        """The scanner page; it shows the sign-in when nobody who may work here is signed in."""
        boot = request.env["wms.scanner"]._boot(request.db)
        values = {"boot": boot, "boot_json": json_scriptsafe.dumps(boot)}
        response = request.render("wms_barcode.scan_page", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route("/wms/device", type="jsonrpc", auth="user", methods=["POST"])
    def device(self, name=None):
        """Enrol this browser.

        :param name: what the browser calls itself
        :return: ``{"device_id": str, "name": str}``
        """
        name = "".join(char for char in str(name or "") if char.isprintable())
        return self._scanner()._enrol(name[:120])

    @http.route("/wms/lookup", type="jsonrpc", auth="user", methods=["POST"])
    def lookup(self, code=None):
        """What a code stands for.

        :param code: as scanned or typed
        :return: ``{"code": str, "found": [{"kind", "id", "name", "code"}]}``
        """
        return self._scanner()._lookup(code)

    @http.route("/wms/flow/<string:flow>/state", type="jsonrpc", auth="user", methods=["POST"])
    def state(self, flow, inputs=None, event=None, device_id=None):
        """The screen to draw.

        :param flow: name of a flow, see flows/README.md
        :param inputs: what the last state asked the device to remember
        :param event: ``{"action": str, ...}``: a checked scan or a choice; no command
        :param device_id: public id of the asking device
        :return: ``{"flow": str, "state": dict, "message": dict | None}``
        """
        return self._scanner()._state(flow, inputs, event, device_id)

    @http.route("/wms/picture/<int:product_id>", type="http", auth="user", methods=["GET"])
    def picture(self, product_id):
        """The small picture of a product; a worker cannot use the backend's image route."""
        self._scanner()
        # sudo: workers read no products; a picture tells no cost.
        product = request.env["product.product"].sudo().browse(product_id).exists()
        product = product.filtered(
            lambda found: not found.company_id or found.company_id in request.env.user.company_ids
        )
        if not product:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(product, "image_256")
        return stream.get_response()

    def _scanner(self):
        scanner = request.env["wms.scanner"]
        if not scanner._may_work():
            raise AccessError(request.env._("Only workers and leads may use the scanner."))
        return scanner
