"""The JSON endpoint of devices.

A refusal is a normal result.  Anything else that a device may get (a JSON-RPC error,
HTML, 403, 404, 5xx, a cut line) means that the outcome is unknown: it sends the same
command again.
"""

from odoo import http
from odoo.http import request

MAX_STATUS = 200


def _plain(value):
    """Text that the database can compare: no device and no command has other characters."""
    return str(value).encode("ascii", "replace").decode().replace("\x00", "?")


class WmsCommandController(http.Controller):
    @http.route("/wms/command", type="jsonrpc", auth="user", methods=["POST"])
    def command(self, **envelope):
        """Run one command; see `wms.door._execute` for the envelope and the answer."""
        return request.env["wms.door"]._execute(envelope)

    @http.route("/wms/command/status", type="jsonrpc", auth="user", methods=["POST"])
    def command_status(self, cmd_ids=None, device_id=None):
        """What became of commands whose answer was lost.

        :param cmd_ids: list of at most 200 command ids
        :param device_id: public id of the device
        :return: ``{"commands": {cmd_id: answer}, "last_seq": int}``
        """
        if not isinstance(cmd_ids, list):
            cmd_ids = []
        cmd_ids = [_plain(cmd_id).lower()[:36] for cmd_id in cmd_ids[:MAX_STATUS]]
        # sudo: workers reach the record of commands by this route only, for their own ones.
        device = request.env["wms.device"].sudo().with_context(active_test=False)
        device = device.search(
            [
                ("uid", "=", _plain(device_id)),
                ("company_id", "in", request.env.user.company_ids.ids),
            ],
            limit=1,
        )
        return request.env["wms.command"].sudo()._status_of(cmd_ids, device)
