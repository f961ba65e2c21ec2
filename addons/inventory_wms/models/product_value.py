from odoo import api, models
from odoo.exceptions import UserError


class ProductValue(models.Model):
    _inherit = "product.value"

    # valuation
    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            [vals["move_id"] for vals in vals_list if vals.get("move_id")]
        )
        if moves._wms_costed():
            raise UserError(
                self.env._(
                    "These goods are costed at movement: their value follows the vendor bill. "
                    "Correct the bill instead of the stock move."
                )
            )
        return super().create(vals_list)
