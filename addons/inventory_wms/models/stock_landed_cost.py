from odoo import models
from odoo.exceptions import UserError


class StockLandedCost(models.Model):
    _inherit = "stock.landed.cost"

    # valuation
    def button_validate(self):
        """Add the costs to the goods; refused for goods that are costed at movement."""
        ours = self.mapped("picking_ids.move_ids")._wms_costed()
        if ours:
            raise UserError(
                self.env._(
                    "%s is costed at movement, where landed costs can't be added yet. Enter the "
                    "costs in the vendor bill of the goods, or take its transfer off this page.",
                    ours[0].product_id.display_name,
                )
            )
        return super().button_validate()
