from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    # picking
    wms_hold = fields.Boolean(
        "On hold", help="Waves leave this lot alone, and nobody may pick it instead of another."
    )

    # valuation: lots of goods costed at movement ask our totals instead of core's replay
    def _wms_costed(self):
        """The lots among these whose cost layers we keep, in the current company."""
        return self.filtered(lambda lot: lot.lot_valuated and lot.product_id._wms_costed())

    def _compute_value(self):
        ours = self._wms_costed()
        super(StockLot, self - ours)._compute_value()
        if ours:
            self.env["wms.valuation"]._fill_lot_values(ours)

    def _compute_avg_cost(self):
        ours = self._wms_costed()
        super(StockLot, self - ours)._compute_avg_cost()
        for lot in ours:
            lot.avg_cost = lot.standard_price

    def _update_standard_price(self):
        return super(StockLot, self - self._wms_costed())._update_standard_price()

    def _change_standard_price(self, old_price):
        """A cost written on a lot revalues what is on hand of it (average and standard cost)."""
        ours = self._wms_costed()
        changed = ours.filtered(lambda lot: lot.standard_price != old_price.get(lot, 0))
        if changed:
            self.env["wms.valuation"]._check_may_revalue(changed.product_id)
            # sudo: an accountant can't write cost layers; the service does, and says who acted.
            self.env["wms.valuation"].sudo()._reprice_lots_by_hand(changed)
        return super(StockLot, self - ours)._change_standard_price(old_price)
