from odoo import fields, models

from ..services.valuation_numbers import AS_CORE


class ProductProduct(models.Model):
    _inherit = "product.product"

    # packing: one unit of the product as it is packed
    wms_length = fields.Integer("Length (mm)", help="0: unknown.")
    wms_width = fields.Integer("Width (mm)", help="0: unknown.")
    wms_height = fields.Integer("Height (mm)", help="As it stands upright. 0: unknown.")
    wms_upright = fields.Boolean("This side up", help="In a box it is never laid on its side.")
    wms_nothing_on_top = fields.Boolean("Nothing on top", help="Nothing stands above it in a box.")

    _wms_sizes_positive = models.Constraint(
        "CHECK (wms_length >= 0 AND wms_width >= 0 AND wms_height >= 0)",
        "The sizes of a product can't be negative.",
    )

    # valuation: for products costed at movement core asks our totals instead of its own replay
    def _wms_costed(self):
        """The products among these whose cost layers we keep, in the current company.

        With :data:`AS_CORE` in the context none: what Odoo itself would answer.
        """
        if self.env.context.get("wms_as_core") is AS_CORE:
            return self.browse()
        return self.filtered(
            lambda product: product.is_storable and product.valuation == "perpetual_move"
        )

    def _wms_cost_flow(self):
        """How costs leave the stock: ``fifo``, ``lifo``, ``average`` or ``standard``."""
        self.ensure_one()
        return self.product_tmpl_id._wms_cost_flow()

    def _compute_value(self):
        ours = self._wms_costed()
        super(ProductProduct, self - ours)._compute_value()
        if ours:
            self.env["wms.valuation"]._fill_values(ours)

    def _update_standard_price(self, extra_value=None, extra_quantity=None):
        ours = self._wms_costed()
        return super(ProductProduct, self - ours)._update_standard_price(
            extra_value, extra_quantity
        )

    def _get_remaining_moves(self):
        ours = self._wms_costed()
        found = super(ProductProduct, self - ours)._get_remaining_moves()
        return found | self.env["wms.valuation"]._remaining_by_move(ours) if ours else found

    def _run_fifo(self, quantity, lot=None, at_date=None, location=None):
        if self._wms_costed():
            return self.env["wms.valuation"]._estimate(self, quantity, lot)
        return super()._run_fifo(quantity, lot=lot, at_date=at_date, location=location)

    def _change_standard_price(self, old_price):
        """A cost written by hand revalues what is on hand (average and standard cost)."""
        ours = self._wms_costed()
        changed = ours.filtered(lambda product: product.standard_price != old_price.get(product, 0))
        if changed:
            self.env["wms.valuation"]._check_may_revalue(changed)
            reason = self.env.context.get("wms_reason") or self.env._("Cost changed by hand")
            # sudo: an accountant can't write cost layers; the service does, and says who acted.
            self.env["wms.valuation"].sudo()._reprice_by_hand(changed, reason)
        return super(ProductProduct, self - ours)._change_standard_price(old_price)
