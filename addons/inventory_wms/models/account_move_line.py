from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # valuation
    def _compute_account_id(self):
        super()._compute_account_id()
        for line in self:
            if not (line.product_id.is_storable and line.move_id.is_purchase_document()):
                continue
            product = line.with_company(line.company_id).product_id
            if product.valuation == "perpetual_move":
                # sudo: a buyer who drafts the bill need not read the chart of accounts.
                account = (
                    self.env["wms.valuation"].sudo()._account(product, "grni", line.company_id)
                )
                line.account_id = account
