from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # commands
    wms_controlled_stock = fields.Boolean(
        related="company_id.wms_controlled_stock", readonly=False
    )
