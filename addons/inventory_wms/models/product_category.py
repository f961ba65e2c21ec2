from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACCOUNTS = {
    "wms_grni_account_id": "Goods received, not invoiced",
    "wms_shipped_account_id": "Goods shipped, not invoiced",
    "wms_cogs_account_id": "Cost of goods sold",
    "wms_variance_account_id": "Purchase price variance",
    "wms_count_account_id": "Count differences and scrap",
    "wms_revaluation_account_id": "Revaluation",
}


def account(text, **options):
    """An account that a category keeps per company."""
    return fields.Many2one(
        "account.account",
        text,
        company_dependent=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: the company's account.",
        **options,
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    # valuation
    property_valuation = fields.Selection(
        selection_add=[("perpetual_move", "Perpetual (at movement)")],
        ondelete={"perpetual_move": "set null"},
    )
    property_cost_method = fields.Selection(
        selection_add=[("lifo", "Last In First Out (LIFO)")],
        ondelete={"lifo": "set null"},
    )
    wms_grni_account_id = account("Goods received, not invoiced")
    wms_shipped_account_id = account("Goods shipped, not invoiced")
    wms_cogs_account_id = account("Cost of goods sold")
    wms_variance_account_id = account("Purchase price variance")
    wms_count_account_id = account("Count differences and scrap")
    wms_revaluation_account_id = account("Revaluation")

    wms_lifo_warning = fields.Char(compute="_compute_wms_lifo_warning")

    @api.depends("property_cost_method")
    @api.depends_context("company")
    def _compute_wms_lifo_warning(self):
        # sudo: whoever edits a category need not read the company's settings.
        warning = self.env["wms.books"].sudo()._lifo_warning(self.env.company.sudo())[1]
        for category in self:
            category.wms_lifo_warning = category.property_cost_method == "lifo" and warning

    @api.constrains("property_cost_method")
    def _wms_check_lifo_permitted(self):
        if any(category.property_cost_method == "lifo" for category in self):
            # sudo: as above.
            self.env["wms.books"].sudo()._require_lifo(self.env.company.sudo())

    @api.constrains("property_valuation", "property_cost_method")
    def _wms_check_method(self):
        # sudo: who may edit a category need not read the company's chart of accounts.
        company = self.env.company.sudo()
        for category in self.sudo():
            method = category.property_cost_method or company.cost_method
            valuation = category.property_valuation or company.inventory_valuation
            if valuation != "perpetual_move":
                category._wms_refuse_lifo(method)
                continue
            self.env["wms.valuation"]._require_books(company)

    def _wms_refuse_lifo(self, method):
        """Refuse LIFO without posting at movement: only there are its layers kept.

        :raises ValidationError: names the category
        """
        if method == "lifo":
            raise ValidationError(
                self.env._(
                    "%(category)s: LIFO needs the valuation 'Perpetual (at movement)', which keeps "
                    "the layers that it takes from. Choose that valuation, or another method.",
                    category=self.display_name,
                )
            )

    def write(self, vals):
        service = self.env["wms.valuation"]
        if not service._is_opening():
            service._refuse_switched(self, vals)
        return super().write(vals)
