from odoo import fields, models


class WmsLabourActivity(models.Model):
    """What people do that no scan shows: breaks, meetings, cleaning, loading a lorry."""

    _name = "wms.labour.activity"
    _description = "Indirect activity"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code that can be printed as a barcode.")
    kind = fields.Selection(
        [("indirect", "Indirect work"), ("break", "Break")], required=True, default="indirect"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")

    _code_unique = models.UniqueIndex(
        "(code, coalesce(company_id, 0))", "This code is used already."
    )
