from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # commands: the net below every flow, also those that do not come through the door
    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        lot_id=None,
        package_id=None,
        owner_id=None,
        in_date=None,
    ):
        # Core skips a row that somebody holds and makes a second one, which is how ten units get
        # promised sixteen times.  Waiting for the row gives the same result with other timing;
        # if it changed meanwhile, PostgreSQL fails this transaction and the request starts again.
        self._wms_lock_rows(product_id, location_id)
        return super()._update_available_quantity(
            product_id,
            location_id,
            quantity=quantity,
            reserved_quantity=reserved_quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            in_date=in_date,
        )

    @api.model
    def _wms_lock_rows(self, product, location):
        """Hold every quant row of the product in the location, in id order, waiting if needed."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM stock_quant WHERE product_id = %s AND location_id = %s
                 ORDER BY id FOR NO KEY UPDATE
                """,
                product.id,
                location.id,
            )
        )

    # controlled stock: quantities change by stock moves only
    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        if any(vals.get("quantity") or vals.get("reserved_quantity") for vals in vals_list):
            quants._wms_check_controlled()
        return quants

    def write(self, vals):
        if "quantity" in vals or "reserved_quantity" in vals:
            self._wms_check_controlled()
        return super().write(vals)

    def _wms_check_controlled(self):
        """Refuse a person's direct write; core's own stock moves write as superuser.

        :raises AccessError: when the company has *controlled stock* switched on
        """
        if self.env.su:
            return
        # sudo: whoever writes here may not read the company's settings.
        companies = self.sudo().company_id or self.env.company.sudo()
        if any(company.wms_controlled_stock for company in companies):
            raise AccessError(
                self.env._(
                    "Stock is controlled here: quantities change by a transfer, a count or the "
                    "scanner, so that everything stays traceable. Make an inventory adjustment."
                )
            )
