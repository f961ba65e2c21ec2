from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.release import Shift


class WmsShift(models.Model):
    """How many people work when: releases stop when their minutes are used."""

    _name = "wms.shift"
    _inherit = ["wms.weekly"]
    _description = "Shift"
    _order = "warehouse_id, start, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    start = fields.Float("From", required=True, default=8.0, help="In the warehouse's time.")
    end = fields.Float("To", required=True, default=16.0, help="Not after the start: next day.")
    workers = fields.Float(
        required=True, default=1.0, help="People who pick; half a person is 0.5."
    )

    @api.constrains("start", "end", "workers")
    def _check_hours(self):
        for shift in self:
            if not 0 <= shift.start < 24 or not 0 <= shift.end <= 24 or shift.workers < 0:
                raise ValidationError(
                    self.env._(
                        "A shift lies within 0:00 and 24:00 and has no fewer than 0 workers."
                    )
                )

    def _facts(self, zone):
        """The engine's shifts, in the time of the warehouse.

        :param zone: name of the time zone
        """
        return [
            Shift(shift._weekdays(), shift.start, shift.end, shift.workers, zone) for shift in self
        ]
