from odoo import http
from odoo.http import content_disposition, request

MAX_IDS = 5000


class ChannelConnectorsController(http.Controller):
    @http.route(
        "/wms/channel/problems.csv", type="http", auth="user", methods=["GET"], readonly=True
    )
    def problems_csv(self, ids=""):
        """Download problems as CSV, as far as the user may read them.

        :param str ids: numbers of channel.problem, separated by commas
        """
        numbers = [
            int(part) for part in ids.split(",")[:MAX_IDS] if part.isascii() and part.isdigit()
        ]
        problems = request.env["channel.problem"].search([("id", "in", numbers)])
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition("problems.csv")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(problems._to_csv(), headers)
