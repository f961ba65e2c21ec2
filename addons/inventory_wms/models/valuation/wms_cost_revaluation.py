from odoo import api, fields, models


class WmsCostRevaluation(models.Model):
    """One decision about what goods on hand are worth: who, why, and which layers it changed."""

    _name = "wms.cost.revaluation"
    _description = "Revaluation of stock"
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("revaluation", "Revaluation"),
            ("write_down", "Write-down"),
            ("write_up", "Reversal of a write-down"),
            ("price", "Cost of the product changed"),
            ("receipt", "Value of a receipt changed"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date("Accounting date", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    account_id = fields.Many2one(
        "account.account",
        "Against",
        readonly=True,
        help="Empty: the revaluation account of each product's category or company.",
    )
    user_id = fields.Many2one("res.users", "Decided by", required=True, readonly=True)
    amount = fields.Monetary(
        "Change of value", compute="_compute_amount", store=True, help="Of all goods together."
    )
    adjustment_ids = fields.One2many(
        "wms.cost.adjustment", "revaluation_id", "Layers", readonly=True
    )
    product_ids = fields.Many2many("product.product", compute="_compute_products")
    posting_ids = fields.One2many("wms.cost.posting", "revaluation_id", readonly=True)
    account_move_id = fields.Many2one(related="posting_ids.account_move_id")

    @api.depends("adjustment_ids.on_hand", "adjustment_ids.consumed")
    def _compute_amount(self):
        for document in self:
            rows = document.adjustment_ids
            document.amount = sum(rows.mapped("on_hand")) + sum(rows.mapped("consumed"))

    def _compute_products(self):
        for document in self:
            document.product_ids = document.adjustment_ids.product_id

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("name"):
                company = self.env["res.company"].browse(vals["company_id"])
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code("wms.cost.revaluation") or "-"
        return super().create(vals_list)
