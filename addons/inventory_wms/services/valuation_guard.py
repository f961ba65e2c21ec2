"""What must not change while goods or documents hang on it: method, mode and accounts."""

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: field of a category -> field of the company that stands in where it is empty
_COSTING = {
    "property_valuation": "inventory_valuation",
    "property_cost_method": "cost_method",
    "property_stock_valuation_account_id": "account_stock_valuation_id",
    "wms_grni_account_id": "wms_grni_account_id",
}


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _is_opening(self):
        """Whether the opening itself writes: it alone may switch with goods on hand."""
        return self.env.su and bool(self.env.context.get("wms_opening"))

    def _costing_of(self, category, vals=()):
        """How a category costs its goods in the current company, after writing ``vals``."""
        company = self.env.company
        found = {}
        for name, default in _COSTING.items():
            value = vals[name] if name in vals else category[name]
            value = value or company[default]
            found[name] = value.id if isinstance(value, models.BaseModel) else value
        return found

    def _refuse_switched(self, categories, vals):
        """Refuse other costing of categories at movement while goods or documents hang on it.

        :raises ValidationError: names the categories and the way
        """
        if not set(_COSTING) & set(vals):
            return
        # sudo: goods the user may not see count as well.
        service = self.sudo()
        before = {row: service._costing_of(row) for row in categories.sudo()}
        after = {row: service._costing_of(row, vals) for row in before}
        switched = [row for row in before if service._is_other_costing(before[row], after[row])]
        busy = service.env["product.category"]
        for documents in (False, True):
            some = [
                row
                for row in switched
                if self._moves_documents(before[row], after[row]) == documents
            ]
            busy |= service._busy_categories(busy.union(*some), documents)
        self._refuse_busy(busy)

    def _moves_documents(self, old, new):
        """Whether documents that wait would post to other accounts, or in another way."""
        names = ("property_valuation", "wms_grni_account_id")
        return any(old[name] != new[name] for name in names)

    def _is_other_costing(self, old, new):
        return old != new and "perpetual_move" in (
            old["property_valuation"],
            new["property_valuation"],
        )

    def _refuse_company_accounts(self, companies, vals):
        """The same for the company's accounts, which categories without their own use."""
        names = {
            name: default
            for name, default in _COSTING.items()
            if default in vals and default.endswith("_id")
        }
        for company in companies if names else ():
            # sudo: as in :meth:`_refuse_switched`.
            service = self.sudo().with_company(company)
            changed = [
                name
                for name, default in names.items()
                if company[default] and company[default].id != vals[default]
            ]
            using = service.env["product.category"]
            if changed:
                using = using.search([("id", "!=", False)]).filtered(
                    lambda category, names=changed, service=service: (
                        service._costing_of(category)["property_valuation"] == "perpetual_move"
                        and not all(category[name] for name in names)
                    )
                )
            self._refuse_busy(service._busy_categories(using))

    def _refuse_busy(self, categories):
        if categories:
            raise ValidationError(
                self.env._(
                    "%(categories)s: there are goods on hand, or receipts, returns or deliveries "
                    "that wait for their documents. Switch with Warehouse > Books > Openings, "
                    "which shows first what changes; or take the stock to zero.",
                    categories=", ".join(categories.mapped("display_name")),
                )
            )

    def _busy_categories(self, categories, documents=True):
        """The categories among these with goods on hand or with open rows."""
        if not categories:
            return categories
        products = (
            self.env["product.product"]
            .with_context(active_test=False)
            .search([("categ_id", "in", categories.ids), ("is_storable", "=", True)])
        )
        return self._busy_products(products, documents).categ_id

    def _busy_products(self, products, documents=True):
        """The products among these with goods on hand or, if asked, with open rows."""
        stocked = self._products_with_stock(products)
        rest = products - stocked
        if not rest or not documents:
            return stocked
        for model in ("layer", "adjustment", "consumption"):
            self.env[f"wms.cost.{model}"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id FROM wms_cost_layer
                 WHERE company_id = %(company)s AND product_id = ANY(%(ids)s) AND unbilled_qty > 0
             UNION
                SELECT product_id FROM wms_cost_adjustment
                 WHERE company_id = %(company)s AND product_id = ANY(%(ids)s) AND open_qty <> 0
             UNION
                SELECT product_id FROM wms_cost_consumption
                 WHERE company_id = %(company)s AND product_id = ANY(%(ids)s)
                   AND (refundable_qty > 0 OR uninvoiced_qty > 0)
                """,
                company=self.env.company.id,
                ids=rest.ids,
            )
        )
        return stocked | rest.browse([product for (product,) in self.env.cr.fetchall()])
