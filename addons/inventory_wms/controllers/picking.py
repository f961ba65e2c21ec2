"""What a worker's device asks for between commands: the next task."""

from odoo import http
from odoo.http import request

WORKERS = ("inventory_wms.group_worker", "inventory_wms.group_lead")


class WmsTaskController(http.Controller):
    @http.route("/wms/task/next", type="jsonrpc", auth="user", methods=["POST"])
    def task_next(self, batch_id=None):
        """The worker's open wave with its stops in walking order; the first one is next.

        Looking is no command: nothing changes, `task.claim` takes a wave.

        :param batch_id: a wave to look at, instead of the one the worker holds
        :return: ``{"work": {"wave", "tasks", "reasons"} or None, "free_waves": int}``, or
            ``{"code": "not_allowed"}``
        """
        user = request.env.user
        if not any(user.has_group(group) for group in WORKERS):
            return {"code": "not_allowed", "work": None, "free_waves": 0}
        # sudo: workers have no access to tasks and transfers; the service filters by company.
        tasks = request.env["wms.tasks"].sudo()
        return tasks._next_for(user, batch_id if type(batch_id) is int else None)
