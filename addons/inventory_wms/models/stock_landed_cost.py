from odoo import fields, models


class StockLandedCost(models.Model):
    _inherit = "stock.landed.cost"

    # valuation: goods costed at movement
    wms_posting_ids = fields.One2many(
        "wms.cost.posting",
        "landed_cost_id",
        "Postings at movement",
        readonly=True,
        groups="inventory_wms.group_accountant",
    )

    def button_validate(self):
        """Add the costs to the goods: those costed at movement by their layers, others by core."""
        self.env["wms.door"]._take_turn(self.picking_ids.move_ids.product_id)
        result = super().button_validate()
        # sudo: whoever may validate a landed cost need not be able to write cost layers.
        self.env["wms.valuation"].sudo()._add_landed_costs(self.sudo())
        return result

    def get_valuation_lines(self):
        """The goods that the costs are split over; core leaves out those at standard cost."""
        moves = self._get_targeted_move_ids().filtered(
            lambda move: move.state != "cancel" and move.quantity
        )
        standard = moves._wms_costed().filtered(
            lambda move: move.product_id.cost_method == "standard"
        )
        lines = [self._wms_valuation_line(move) for move in standard]
        if standard and not any(m.product_id.cost_method in ("fifo", "average") for m in moves):
            return lines  # core refuses a cost without goods that it can split it over
        return super().get_valuation_lines() + lines

    def _wms_valuation_line(self, move):
        units = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": units,
            "former_cost": move.value,
            "weight": move.product_id.weight * units,
            "volume": move.product_id.volume * units,
        }
