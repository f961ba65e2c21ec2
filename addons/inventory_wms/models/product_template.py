from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # packing: the sizes of the only variant, as core does it for weight and volume
    wms_length = fields.Integer(
        "Length (mm)", compute="_compute_wms_length", inverse="_inverse_wms_length"
    )
    wms_width = fields.Integer(
        "Width (mm)", compute="_compute_wms_width", inverse="_inverse_wms_width"
    )
    wms_height = fields.Integer(
        "Height (mm)",
        compute="_compute_wms_height",
        inverse="_inverse_wms_height",
        help="As it stands upright.",
    )
    wms_upright = fields.Boolean(
        "This side up",
        compute="_compute_wms_upright",
        inverse="_inverse_wms_upright",
        help="In a box it is never laid on its side.",
    )
    wms_nothing_on_top = fields.Boolean(
        "Nothing on top",
        compute="_compute_wms_nothing_on_top",
        inverse="_inverse_wms_nothing_on_top",
        help="Nothing stands above it in a box.",
    )

    @api.depends("product_variant_ids.wms_length")
    def _compute_wms_length(self):
        self._compute_template_field_from_variant_field("wms_length")

    def _inverse_wms_length(self):
        self._set_product_variant_field("wms_length")

    @api.depends("product_variant_ids.wms_width")
    def _compute_wms_width(self):
        self._compute_template_field_from_variant_field("wms_width")

    def _inverse_wms_width(self):
        self._set_product_variant_field("wms_width")

    @api.depends("product_variant_ids.wms_height")
    def _compute_wms_height(self):
        self._compute_template_field_from_variant_field("wms_height")

    def _inverse_wms_height(self):
        self._set_product_variant_field("wms_height")

    @api.depends("product_variant_ids.wms_upright")
    def _compute_wms_upright(self):
        self._compute_template_field_from_variant_field("wms_upright")

    def _inverse_wms_upright(self):
        self._set_product_variant_field("wms_upright")

    @api.depends("product_variant_ids.wms_nothing_on_top")
    def _compute_wms_nothing_on_top(self):
        self._compute_template_field_from_variant_field("wms_nothing_on_top")

    def _inverse_wms_nothing_on_top(self):
        self._set_product_variant_field("wms_nothing_on_top")

    # valuation
    valuation = fields.Selection(selection_add=[("perpetual_move", "Perpetual (at movement)")])

    @api.depends_context("company")
    @api.depends("categ_id.property_cost_method")
    def _compute_cost_method(self):
        # Core and other add-ons know FIFO as the method with layers, and LIFO has layers too;
        # what differs is which end they leave from: see product.product._wms_cost_flow.
        last_in = self.filtered(lambda product: product._wms_cost_flow() == "lifo")
        super(ProductTemplate, self - last_in)._compute_cost_method()
        last_in.cost_method = "fifo"

    def _wms_cost_flow(self):
        """How costs leave the stock: ``fifo``, ``lifo``, ``average`` or ``standard``."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.categ_id.with_company(company).property_cost_method or company.cost_method

    def _search_valuation(self, operator, value):
        # Replaces core's search, which raises for a third value: not even `=` can be passed on.
        known = {key for key, _label in self._fields["valuation"].selection}
        values = set(value) if operator in ("in", "not in") else {value}
        if operator not in ("=", "!=", "in", "not in") or not values <= known:
            raise UserError(
                self.env._(
                    "Search the valuation with = or in, for one of: %s.", ", ".join(sorted(known))
                )
            )
        own = Domain("categ_id.property_valuation", "in", list(values))
        unset = Domain("categ_id.property_valuation", "=", False) | Domain("categ_id", "=", False)
        found = own | (unset if self.env.company.inventory_valuation in values else Domain.FALSE)
        return ~found if operator in ("!=", "not in") else found

    def write(self, vals):
        if "categ_id" in vals and not self.env["wms.valuation"]._is_opening():
            self._wms_refuse_switch(self.env["product.category"].browse(vals["categ_id"]))
        if "lot_valuated" in vals or vals.get("tracking") == "none":
            self._wms_refuse_lots(vals.get("lot_valuated", False))
        if "is_storable" in vals or "type" in vals:
            self._wms_refuse_untracked(vals)
        return super().write(vals)

    def _wms_in_companies(self):
        """The templates, archived variants too, once in each company that has goods of them."""
        # sudo: goods the user may not see count as well, also those of other companies.
        goods = self.sudo().with_context(active_test=False)
        companies = self.env["wms.valuation"].sudo()._companies_with(goods.product_variant_ids)
        return [goods.with_company(company) for company in companies]

    def _wms_refuse_lots(self, lot_valuated):
        """Refuse to switch valuation by lot while goods are there: their layers would be astray.

        :raises UserError: names the first product
        """
        for goods in self._wms_in_companies():
            switched = goods.filtered(
                lambda product: (
                    product.valuation == "perpetual_move" and product.lot_valuated != lot_valuated
                )
            )
            service = goods.env["wms.valuation"]
            blocked = service._products_with_stock(switched.product_variant_ids)
            if blocked:
                raise UserError(
                    self.env._(
                        "%(product)s has goods on hand in %(company)s, so its valuation by lot "
                        "can't be switched. Take the stock to zero by a count first, switch, then "
                        "count it in again.",
                        product=blocked[0].display_name,
                        company=goods.env.company.name,
                    )
                )

    def _wms_refuse_untracked(self, vals):
        """Refuse to begin or end tracking while goods or documents are there: both would stay.

        :raises UserError: names the first product
        """
        for goods in self._wms_in_companies():
            switched = goods.filtered(
                lambda product: (
                    product.valuation == "perpetual_move"
                    and product.is_storable
                    != (
                        vals.get("is_storable", product.is_storable)
                        and vals.get("type", product.type) == "consu"
                    )
                )
            )
            blocked = goods.env["wms.valuation"]._busy_products(switched.product_variant_ids)
            if blocked:
                raise UserError(
                    self.env._(
                        "%(product)s has goods on hand or documents to come in %(company)s, so "
                        "tracking of its inventory can't be switched. Take the stock to zero and "
                        "post what is open first.",
                        product=blocked[0].display_name,
                        company=goods.env.company.name,
                    )
                )

    def _wms_refuse_switch(self, category, elsewhere=False):
        """Refuse to move goods on hand between categories that cost them differently.

        :param elsewhere: leave the current company out, whose opening switches its own goods
        :raises UserError: names the first product and the company
        """
        for goods in self._wms_in_companies():
            if elsewhere and goods.env.company == self.env.company:
                continue
            blocked = goods._wms_busy_in_switch(category.with_env(goods.env))
            if blocked:
                raise UserError(
                    self.env._(
                        "%(product)s has goods on hand or documents to come in %(company)s, and "
                        "%(category)s costs them in another way there. Move it with Warehouse > "
                        "Books > Openings, or take the stock to zero by a count first.",
                        product=blocked[0].display_name,
                        company=goods.env.company.name,
                        category=category.display_name,
                    )
                )

    def _wms_busy_in_switch(self, category):
        """Products that the category costs in another way and that have goods or documents."""
        service = self.env["wms.valuation"]
        costing = service._costing_of(category)
        before = {product: service._costing_of(product.categ_id) for product in self}
        moved = self.filtered(lambda product: service._is_other_costing(before[product], costing))
        documents = any(service._moves_documents(before[product], costing) for product in moved)
        return service._busy_products(moved.product_variant_ids, documents)
