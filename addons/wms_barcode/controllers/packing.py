"""The packing station: its page, and the papers of a packed order."""

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request
from odoo.tools.json import scriptsafe as json_scriptsafe

from ..services.packing_papers import KINDS


class WmsPackingController(http.Controller):
    @http.route("/wms/pack", type="http", auth="public", methods=["GET"], sitemap=False)
    def pack(self):
        """The packing station: the scanner's page with a desk's screens."""
        boot = request.env["wms.scanner"]._boot(request.db)
        boot = {**boot, "flow": "pack", "desk": True}
        values = {"boot": boot, "boot_json": json_scriptsafe.dumps(boot)}
        response = request.render("wms_barcode.scan_page", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route(
        "/wms/pack/<int:picking_id>/<string:kind>", type="http", auth="user", methods=["GET"]
    )
    def paper(self, picking_id, kind):
        """A slip or label of an order that was packed; a worker gets those of his own orders."""
        scanner = request.env["wms.scanner"]
        if not scanner._may_work():
            raise AccessError(request.env._("Only workers and leads may use the packing station."))
        user = request.env.user
        # sudo: workers read no transfers; company, packer and state are checked here.
        picking = request.env["stock.picking"].sudo().browse(picking_id).exists()
        mine = user.has_group("inventory_wms.group_lead") or picking.wms_packer_id == user
        packed = picking.wms_pack_box_ids.package_id
        if (
            kind not in KINDS
            or not packed
            or picking.company_id not in user.company_ids
            or not mine
        ):
            raise request.not_found()
        # sudo: as above.
        content = request.env["wms.packing.papers"].sudo()._paper(picking, kind)
        name = f"{picking.name.replace('/', '-')}-{kind}"
        disposition = content_disposition(name)
        if kind.endswith(".pdf"):
            disposition = disposition.replace("attachment", "inline", 1)
        headers = [
            ("Content-Type", KINDS[kind]),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", disposition),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
