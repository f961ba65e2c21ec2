from odoo import models

# A portal user may read its own orders, invoices and transfers; a worker is no customer.  These
# are what the framework itself reads for anybody who is signed in.
WORKER_MODELS = frozenset(
    {
        "res.company",
        "res.country",
        "res.country.state",
        "res.currency",
        "res.lang",
        "res.partner",
        "res.users",
    }
)


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    # roles
    def _get_allowed_models(self, mode="read"):
        allowed = super()._get_allowed_models(mode)
        if self.env.user._is_wms_worker():
            return allowed & WORKER_MODELS if mode == "read" else frozenset()
        return allowed
