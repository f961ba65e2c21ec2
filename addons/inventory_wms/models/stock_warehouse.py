from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import ValidationError

from ..engine.release import Pace

PACE = (
    "wms_seconds_order",
    "wms_seconds_stop",
    "wms_seconds_unit",
    "wms_metres_line",
    "wms_walking_speed",
)


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    # planning
    wms_tz = fields.Selection(
        _tz_get,
        "Time zone",
        default=lambda self: self.env.user.tz or "UTC",
        help="Of cut-offs, shifts and schedules.",
    )
    # standard times, from which the work of an order is estimated
    wms_seconds_order = fields.Float("Seconds per order", default=30.0)
    wms_seconds_stop = fields.Float("Seconds per stop", default=15.0)
    wms_seconds_unit = fields.Float("Seconds per piece", default=3.0)
    wms_metres_line = fields.Float(
        "Metres per line", default=15.0, help="Walk for one order line on average."
    )
    wms_metres_measured = fields.Float(
        "Metres per line, planned",
        compute="_compute_wms_metres_measured",
        digits=(16, 1),
        help="What the last 200 waves came to.",
    )
    wms_walking_speed = fields.Float("Walking speed (m/s)", default=1.2)

    @api.constrains(*PACE)
    def _check_wms_pace(self):
        for warehouse in self:
            if warehouse.wms_walking_speed <= 0 or min(warehouse[name] for name in PACE) < 0:
                raise ValidationError(
                    self.env._("Standard times are not negative, and the speed is above zero.")
                )

    @api.depends_context("uid")
    def _compute_wms_metres_measured(self):
        for warehouse in self:
            waves = self.env["stock.picking.batch"].search(
                [
                    ("picking_type_id.warehouse_id", "=", warehouse.id),
                    ("wms_metres", ">", 0),
                    ("wms_task_ids", "!=", False),
                ],
                limit=200,
            )
            stops = len(waves.wms_task_ids)
            warehouse.wms_metres_measured = sum(waves.mapped("wms_metres")) / stops if stops else 0

    def write(self, vals):
        result = super().write(vals)
        if {*PACE, "wms_tz"} & vals.keys():
            self.env["wms.release"]._refresh(self.company_id)
        return result

    def _wms_pace(self):
        """The engine's standard times of this warehouse."""
        self.ensure_one()
        return Pace(*(self[name] for name in PACE))

    def _wms_zone(self):
        """Name of the warehouse's time zone."""
        self.ensure_one()
        return self.wms_tz or "UTC"

    def _wms_first_leg(self):
        """The operation that takes goods for customers from the bins.

        :return: stock.picking.type
        """
        self.ensure_one()
        return self.out_type_id if self.delivery_steps == "ship_only" else self.pick_type_id

    # picking
    wms_damaged_location_id = fields.Many2one(
        "stock.location",
        "Damaged goods",
        check_company=True,
        domain="[('usage', 'in', ('inventory', 'internal'))]",
        help="Where goods go that pickers report as damaged. Empty: the company's scrap location.",
    )

    @api.constrains("wms_damaged_location_id")
    def _check_wms_damaged_location_id(self):
        for warehouse in self:
            place = warehouse.wms_damaged_location_id
            if place and place._child_of(warehouse.lot_stock_id) and not place.wms_locked:
                raise ValidationError(
                    self.env._(
                        "%s lies among the stock that orders are picked from. Choose a place "
                        "outside of it, or lock that place.",
                        place.display_name,
                    )
                )

    def _wms_damaged_place(self):
        """Where damaged goods of this warehouse go.

        :return: stock.location: the chosen one, else the company's scrap location, else empty
        """
        self.ensure_one()
        return self.wms_damaged_location_id or self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company_id.id)],
            order="id",
            limit=1,
        )
