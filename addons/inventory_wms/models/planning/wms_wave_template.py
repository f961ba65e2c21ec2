from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.schedule import Schedule


class WmsWaveTemplate(models.Model):
    """A release that happens by itself: which orders, how many, and when."""

    _name = "wms.wave.template"
    _inherit = ["wms.weekly"]
    _description = "Wave template"
    _order = "warehouse_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    profile_ids = fields.Many2many(
        "wms.order.profile", string="Profiles", check_company=True, help="Empty: every order."
    )
    cart_id = fields.Many2one(
        "wms.cart", check_company=True, help="Empty: the warehouse's first cart."
    )
    max_orders = fields.Integer("Orders at most", default=100)
    max_lines = fields.Integer("Lines at most", help="0: no limit.")
    max_minutes = fields.Float("Minutes at most", help="Estimated work; 0: no limit.")
    due_hours = fields.Float(
        "Due within (h)", help="Only orders that must be ready so soon; 0: all that wait."
    )
    # when
    trigger = fields.Selection(
        [
            ("times", "At times of the day"),
            ("interval", "Every so many minutes"),
            ("count", "When so many orders wait"),
        ],
        required=True,
        default="times",
    )
    times = fields.Char(default="08:00, 12:00", help="In the warehouse's time, with commas.")
    interval_minutes = fields.Integer("Every (min)", default=30)
    min_orders = fields.Integer("Orders that wait", default=20)
    run_ids = fields.One2many("wms.wave.run", "template_id", "Runs", readonly=True)

    @api.constrains("trigger", "times", "interval_minutes", "min_orders", "max_orders")
    def _check_schedule(self):
        for template in self:
            try:
                template._schedule()
            except ValueError as error:
                raise ValidationError(
                    self.env._("Write times as 08:00, 12:30; an interval is 5 to 1440 minutes.")
                ) from error
            if template.min_orders < 1 or template.max_orders < 1:
                raise ValidationError(self.env._("A wave has at least one order."))

    def _schedule(self):
        """When it runs, in the engine's words."""
        self.ensure_one()
        return Schedule.parse(
            self.times if self.trigger == "times" else "",
            self.interval_minutes if self.trigger != "times" else 0,
            self._weekdays(),
            self.warehouse_id._wms_zone() if self.warehouse_id else "UTC",
        )

    def action_run(self):
        """Release now, besides the schedule."""
        self.ensure_one()
        self.env["wms.door"]._execute_local("wave.run_template", {"template_id": self.id})

    @api.model
    def _cron_run(self):
        """Release what is due by schedule; each slot once, also with several workers."""
        self.env["wms.schedule"]._run_due()
