from odoo import api, models
from odoo.exceptions import UserError


class ProductValue(models.Model):
    _inherit = "product.value"

    # valuation
    @api.model_create_multi
    def create(self, vals_list):
        """Values set by hand; for goods costed at movement they change the receipt's layers."""
        records = super().create(vals_list)
        ours = records.filtered(lambda record: record.move_id._wms_costed())
        if ours:
            valuation = self.env["wms.valuation"]
            valuation._check_may_revalue(ours.move_id.product_id)
            self._wms_refuse_without_receipt(ours)
            # sudo: an accountant can't write cost layers; the service does, and says who acted.
            valuation.sudo()._set_receipt_values(
                [
                    (
                        record.move_id.sudo(),
                        record.value,
                        record.description or self.env._("Value of the receipt changed by hand"),
                    )
                    for record in ours
                ]
            )
        return records

    def _wms_refuse_without_receipt(self, records):
        """Only what came in has a cost of its own.

        :raises UserError: for a delivery, with what to change instead
        """
        for record in records:
            if not record.move_id.is_in:
                raise UserError(
                    self.env._(
                        "%s took its cost from the receipts it was filled from. Change the value "
                        "of the receipt; the share of these goods goes to cost of goods sold.",
                        record.move_id.reference,
                    )
                )
