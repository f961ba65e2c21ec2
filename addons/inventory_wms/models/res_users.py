from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    # roles
    def _is_wms_worker(self):
        """Whether this is a worker of the floor: the worker group and no internal user."""
        # sudo: asked for every request, also of users who may not read users.
        user = self.sudo()
        return bool(
            user
            and user.has_group("inventory_wms.group_worker")
            and not user.has_group("base.group_user")
        )
