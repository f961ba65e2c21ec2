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

    def _wms_hides_costs(self):
        """Whether what goods cost is hidden: a lead without a role that answers for money."""
        if not self.has_group("inventory_wms.group_lead"):
            return False
        return not any(
            self.has_group(group)
            for group in (
                "inventory_wms.group_manager",
                "inventory_wms.group_accountant",
                "account.group_account_readonly",
                "account.group_account_invoice",
                "purchase.group_purchase_user",
                "sales_team.group_sale_manager",
            )
        )
