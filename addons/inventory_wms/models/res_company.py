from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # commands
    wms_controlled_stock = fields.Boolean(
        "Controlled stock",
        help="Refuse direct writes of on-hand and reserved quantities; only transfers, counts "
        "and the scanner change stock.",
    )

    # valuation: the accounts of categories that name none
    wms_grni_account_id = fields.Many2one("account.account", "Goods received, not invoiced")
    wms_shipped_account_id = fields.Many2one(
        "account.account",
        "Goods shipped, not invoiced",
        help="Empty: goods are expensed when they leave. Set: when their invoice is posted.",
    )
    wms_cogs_account_id = fields.Many2one("account.account", "Cost of goods sold")
    wms_variance_account_id = fields.Many2one("account.account", "Purchase price variance")
    wms_count_account_id = fields.Many2one("account.account", "Count differences and scrap")
    wms_revaluation_account_id = fields.Many2one("account.account", "Stock revaluation")
    wms_stock_journal_id = fields.Many2one("account.journal", "Journal of stock at movement")

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not manage devices.
        self.env["wms.device"].sudo()._create_office_devices()
        return companies

    # books
    def _save_closing_id(self, move_id):
        """Remember that an entry is Odoo's own closing, which concerns goods that it costs."""
        result = super()._save_closing_id(move_id)
        # sudo: the closing itself runs for whoever may close the stock.
        self.env["account.move"].sudo().browse(move_id).wms_core_closing = True
        return result
