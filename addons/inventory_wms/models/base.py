from odoo import models

# model -> fields that tell what goods cost us; hidden from leads, also in domains, group-by
# and exports, because the check sits below all of them
COST_FIELDS = {
    "product.template": {"standard_price"},
    "product.product": {"standard_price", "avg_cost", "total_value", "suggest_estimated_price"},
    "product.supplierinfo": {"price", "price_discounted", "discount"},
    "product.value": {"value", "current_value"},
    "purchase.order": {
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "amount_total_cc",
        "tax_totals",
    },
    "purchase.order.line": {
        "price_unit",
        "price_unit_product_uom",
        "price_unit_discounted",
        "price_subtotal",
        "price_total",
        "price_tax",
        "discount",
        "technical_price_unit",
    },
    "stock.lot": {"standard_price", "avg_cost", "total_value"},
    "stock.move": {"price_unit", "value", "value_manual", "standard_price", "remaining_value"},
    "stock.quant": {"value"},
    "stock.avco.report": {"value", "added_value", "total_value", "avco_value"},
}


class Base(models.AbstractModel):
    _inherit = "base"

    # roles: costs are for those who answer for them
    def _has_field_access(self, field, operation):
        hidden = COST_FIELDS.get(self._name)
        if hidden and field.name in hidden and not self.env.su:
            return not self.env.user._wms_hides_costs() and super()._has_field_access(
                field, operation
            )
        return super()._has_field_access(field, operation)
