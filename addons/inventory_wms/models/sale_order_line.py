from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # picking
    wms_lot_id = fields.Many2one(
        "stock.lot",
        "Lot asked for",
        copy=False,
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        help="The customer wants goods of this lot: no other stock is reserved for this line.",
    )

    def _prepare_procurement_values(self):
        return {**super()._prepare_procurement_values(), "wms_lot_id": self.wms_lot_id.id}
