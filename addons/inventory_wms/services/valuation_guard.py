"""What must not change while goods or documents hang on it: method, mode and accounts."""

from collections import defaultdict

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
        busy = service._switched_and_busy(before, after)
        if busy:
            raise ValidationError(
                self.env._(
                    "%(categories)s: there are goods on hand, or receipts, returns or deliveries "
                    "that wait for their documents. Switch with Warehouse > Books > Openings, "
                    "which shows first what changes; or take the stock to zero.",
                    categories=", ".join(busy.mapped("display_name")),
                )
            )

    def _refuse_defaults(self, companies, vals):
        """The same for the companies' own settings, which categories without theirs follow.

        :raises ValidationError: names the categories and the way
        """
        for company in companies:
            # sudo: as in :meth:`_refuse_switched`.
            service = self.sudo().with_company(company)
            changed = service._changed_defaults(vals)
            before, after = {}, {}
            for category, followed in service._followers(changed).items():
                before[category] = service._costing_of(category)
                after[category] = before[category] | {name: changed[name] for name in followed}
            busy = service._switched_and_busy(before, after)
            if busy:
                raise ValidationError(
                    self.env._(
                        "%(categories)s follow the company's costing and accounts, and there are "
                        "goods on hand, or receipts, returns or deliveries that wait for their "
                        "documents. Give these categories settings of their own first, or switch "
                        "with Warehouse > Books > Openings.",
                        categories=", ".join(busy.mapped("display_name")),
                    )
                )

    def _changed_defaults(self, vals):
        """Setting of a category -> the company's new value for those that choose none."""
        company, changed = self.env.company, {}
        for name, default in _COSTING.items():
            old = company[default]
            old = old.id if isinstance(old, models.BaseModel) else old
            if default in vals and old and old != vals[default]:  # accounts may be set up first
                changed[name] = vals[default]
        return changed

    def _followers(self, names):
        """Category -> those of these settings in which it follows the current company.

        Read from the table: to the ORM, a default that Odoo keeps for all categories looks like
        a choice of each.
        """
        categories = self.env["product.category"]
        categories.flush_model(names)
        found = defaultdict(list)
        for name in names:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM product_category WHERE %s->>%s IS NULL ORDER BY id",
                    SQL.identifier(name),
                    str(self.env.company.id),
                )
            )
            for (category,) in self.env.cr.fetchall():
                found[category].append(name)
        return {categories.browse(category): followed for category, followed in found.items()}

    def _switched_and_busy(self, before, after):
        """The categories that would be costed in another way, and must not be yet.

        :param before: category -> its costing; ``after``: the same after the change
        """
        switched = [row for row in before if self._is_other_costing(before[row], after[row])]
        busy = self.env["product.category"]
        for documents in (False, True):
            some = [
                row
                for row in switched
                if self._moves_documents(before[row], after[row]) == documents
            ]
            busy |= self._busy_categories(busy.union(*some), documents)
        return busy

    def _moves_documents(self, old, new):
        """Whether documents that wait would post to other accounts, or in another way."""
        names = ("property_valuation", "wms_grni_account_id")
        return any(old[name] != new[name] for name in names)

    def _is_other_costing(self, old, new):
        return old != new and "perpetual_move" in (
            old["property_valuation"],
            new["property_valuation"],
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

    def _companies_with(self, products):
        """The companies in which these products have goods, documents or a stock value."""
        for model in ("stock.quant", "wms.cost.total", "wms.cost.adjustment"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT company_id FROM wms_cost_total WHERE product_id = ANY(%(ids)s)
             UNION
                SELECT company_id FROM wms_cost_adjustment
                 WHERE product_id = ANY(%(ids)s) AND open_qty <> 0
             UNION
                SELECT company_id FROM stock_quant
                 WHERE product_id = ANY(%(ids)s) AND quantity <> 0 AND company_id IS NOT NULL
                 ORDER BY 1
                """,
                ids=products.ids,
            )
        )
        return self.env["res.company"].browse([company for (company,) in self.env.cr.fetchall()])

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
