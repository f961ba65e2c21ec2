from odoo import fields, models


class WmsCertify(models.TransientModel):
    """Ask for a certificate of a day."""

    _name = "wms.certify"
    _description = "Make a certificate"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    date = fields.Date(
        "At the end of",
        required=True,
        default=lambda self: self.env["wms.books"]._year_end(self.env.company),
    )

    def action_make(self):
        """Freeze the figures and show them."""
        self.ensure_one()
        certificate = self.env["wms.books.certificate"]._make(self.company_id, self.date)
        return {
            "type": "ir.actions.act_window",
            "res_model": certificate._name,
            "res_id": certificate.id,
            "view_mode": "form",
        }
