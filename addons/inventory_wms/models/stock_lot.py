from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    # planning: a held lot is promised to nobody
    wms_hold = fields.Boolean(
        "On hold",
        readonly=True,
        copy=False,
        index=True,
        help="Nobody is promised this lot, and nobody may pick it instead of another.",
    )
    wms_hold_reason_id = fields.Many2one("wms.reason", "Why on hold", readonly=True, copy=False)
    wms_hold_note = fields.Char("Note on the hold", readonly=True, copy=False)
    wms_hold_user_id = fields.Many2one("res.users", "Held by", readonly=True, copy=False)
    wms_hold_at = fields.Datetime("On hold since", readonly=True, copy=False)

    def action_wms_release(self):
        """Let the lots be promised again."""
        self.env["wms.door"]._execute_local("lot.release", {"lot_ids": self.ids})

    def action_wms_scrap(self):
        """Scrap what is on the shelves of these held lots, in all bins."""
        self.env["wms.door"]._execute_local("lot.scrap", {"lot_ids": self.ids})

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
