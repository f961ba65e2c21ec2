from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # valuation
    def _update_stock_move_value(self, old_qty_by_ml=None):
        ours = self.filtered(lambda line: line.move_id.is_in or line.move_id.is_out).filtered(
            lambda line: line.move_id._wms_costed()
        )
        if ours:
            # sudo: whoever corrects a transfer may not read its cost.
            self.env["wms.valuation"].sudo()._refuse_changed(ours.move_id)
        return super(StockMoveLine, self - ours)._update_stock_move_value(old_qty_by_ml)
