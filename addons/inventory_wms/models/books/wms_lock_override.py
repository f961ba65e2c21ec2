from odoo import fields, models


class WmsLockOverride(models.Model):
    """A period that was closed although stock and ledger differed: who, why, and by how much."""

    _name = "wms.lock.override"
    _description = "Period closed with differences"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Closed by", required=True, readonly=True)
    date = fields.Date("Closed up to", required=True, readonly=True)
    locks = fields.Char("Lock dates", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    differences = fields.Text(readonly=True)
