from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    # books
    wms_core_closing = fields.Boolean(
        "Stock closing", readonly=True, copy=False, help="Made by Odoo's own stock closing."
    )

    # valuation
    def _post(self, soft=True):
        posted = super()._post(soft)
        # sudo: whoever posts a bill may not read or write the cost layers it corrects.
        self.env["wms.valuation"].sudo()._match_documents(posted)
        return posted

    def button_draft(self):
        """Take the documents back to draft; what they had corrected is open again."""
        posted = self.filtered(lambda move: move.state == "posted")
        result = super().button_draft()
        # sudo: as above.
        self.env["wms.valuation"].sudo()._withdraw_documents(posted)
        return result
