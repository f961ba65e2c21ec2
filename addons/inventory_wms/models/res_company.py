from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # commands
    wms_controlled_stock = fields.Boolean(
        "Controlled stock",
        help="Refuse direct writes of on-hand and reserved quantities; only transfers, counts "
        "and the scanner change stock.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not manage devices.
        self.env["wms.device"].sudo()._create_office_devices()
        return companies
