import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..services.reservation_stock import RULES
from ..services.reservation_write import RESERVED_IN_BULK

_logger = logging.getLogger(__name__)


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # picking
    wms_short_at = fields.Datetime(
        "Reported short",
        readonly=True,
        copy=False,
        help="A picker found fewer here than the books say. Waves leave this stock alone until it "
        "is counted.",
    )

    # valuation
    def _compute_cost_method(self):
        last_in = self.filtered(
            lambda quant: quant.product_id.with_company(quant.company_id)._wms_cost_flow() == "lifo"
        )
        super(StockQuant, self - last_in)._compute_cost_method()
        last_in.cost_method = "fifo"

    # picking: core's hook for lines whose reservation is known already
    @api.model
    def _update_reserved_quantity(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        if self.env.context.get("wms_reserved") is RESERVED_IN_BULK:
            return None
        return super()._update_reserved_quantity(
            product_id,
            location_id,
            quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )

    @api.model
    def _get_removal_strategy_order(self, removal_strategy):
        # Where core itself reserves, ours are first in, first out.
        if removal_strategy in RULES:
            removal_strategy = "fifo"
        return super()._get_removal_strategy_order(removal_strategy)

    def _get_gather_domain(
        self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False
    ):
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        if self.env.context.get("wms_usable"):
            domain &= self.env["wms.reservation"]._usable_domain()
        if lot_id and self.env.context.get("wms_lot_asked"):
            domain &= Domain("lot_id", "=", lot_id.id)  # core would add stock of no lot
        return domain

    # planning: whoever looks for stock to promise does not find lots on hold
    def _gather(self, *args, **kwargs):
        found = super()._gather(*args, **kwargs)
        if self.env.context.get("wms_free_only"):
            # sudo: asked in the name of whoever confirms an order, who need not read lots.
            found -= found.filtered(lambda quant: quant.lot_id.sudo().wms_hold)
        return found

    def _get_available_quantity(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        # Strict asks what lies there (for a line typed by hand), not what may be promised.
        asked = self if strict else self.with_context(wms_free_only=True)
        return super(StockQuant, asked)._get_available_quantity(
            product_id,
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            allow_negative=allow_negative,
        )

    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        # A negative quantity gives a reservation back: that must find its stock.
        asked = self.with_context(wms_free_only=True) if quantity > 0 else self
        return super(StockQuant, asked)._get_reserve_quantity(
            product_id,
            location_id,
            quantity,
            uom_id=uom_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )

    def action_apply_inventory(self, date=None):
        """Core's count, after its turn with the goods that are counted.

        :param date: as core's
        :return: what core returns
        """
        self.env["wms.door"]._take_turn(self.product_id)
        return super().action_apply_inventory(date)

    def _apply_inventory(self, *args, **kwargs):
        result = super()._apply_inventory(*args, **kwargs)
        self.filtered("wms_short_at").wms_short_at = False
        return result

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

    @api.model
    def _wms_wrong_reservations(self):
        """Where the reserved quantity is not what the open lines say.

        :return: list of (product id, location id, reserved on quants, open on lines)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT product_id, location_id, sum(reserved), sum(open)
                  FROM (SELECT quant.product_id, quant.location_id, quant.lot_id, quant.package_id,
                               quant.owner_id, quant.reserved_quantity AS reserved, 0 AS open
                          FROM stock_quant quant
                          JOIN stock_location location ON location.id = quant.location_id
                         WHERE location.usage IN ('internal', 'transit')
                         UNION ALL
                        SELECT line.product_id, line.location_id, line.lot_id, line.package_id,
                               line.owner_id, 0, line.quantity_product_uom
                          FROM stock_move_line line
                          JOIN stock_location location ON location.id = line.location_id
                          JOIN product_product product ON product.id = line.product_id
                          JOIN product_template template ON template.id = product.product_tmpl_id
                         WHERE location.usage IN ('internal', 'transit')
                           AND template.is_storable
                           AND line.state IN ('assigned', 'partially_available',
                                              'waiting', 'confirmed')) AS both_sides
                 GROUP BY product_id, location_id, lot_id, package_id, owner_id
                HAVING abs(sum(reserved) - sum(open)) > 0.000001
                """
            )
        )

    @api.model
    def _cron_wms_repair_reservations(self):
        """Set reservations right that a flow outside the door left behind, and count them.

        The counter (system parameter ``inventory_wms.repaired_reservations``) is the alarm:
        with our own flows it stays where it is.
        """
        wrong = self._wms_wrong_reservations()
        if not wrong:
            return
        _logger.warning("reserved quantities differ from open lines, repairing: %s", wrong[:20])
        self._quant_tasks()
        parameters = self.env["ir.config_parameter"]
        key = "inventory_wms.repaired_reservations"
        parameters.set_param(key, int(parameters.get_param(key, 0)) + len(wrong))

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
