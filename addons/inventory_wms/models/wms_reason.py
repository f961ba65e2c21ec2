from odoo import fields, models


class WmsReason(models.Model):
    """Why stock was moved, counted or not found, in words everyone uses the same way."""

    _name = "wms.reason"
    _description = "Reason for a stock change"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key for devices and reports, e.g. bin_empty.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use = fields.Selection(
        [
            ("move", "Move"),
            ("short", "Short pick"),
            ("count", "Count"),
            ("scrap", "Scrap"),
            ("override", "Override"),
            ("hold", "Hold"),
        ],
        required=True,
        help="Where the reason is offered.",
    )
    company_id = fields.Many2one("res.company", help="Empty: for every company.")

    _code_company_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))")
