from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.release import Cutoff


class WmsCarrierCutoff(models.Model):
    """When a carrier leaves, and how long before that its parcels must be ready."""

    _name = "wms.carrier.cutoff"
    _inherit = ["wms.order.match", "wms.weekly"]
    _description = "Cut-off"
    _check_company_auto = True

    hour = fields.Float("Leaves at", required=True, default=16.0, help="In the warehouse's time.")
    lead_minutes = fields.Integer(
        "Lead (min)",
        default=30,
        help="An order is ready so long before the carrier leaves.",
    )

    @api.constrains("hour", "lead_minutes")
    def _check_time(self):
        for cutoff in self:
            if not 0 <= cutoff.hour < 24 or cutoff.lead_minutes < 0:
                raise ValidationError(
                    self.env._("A carrier leaves between 0:00 and 23:59, and not before it came.")
                )

    def _facts(self, zone):
        """The engine's cut-offs, in the time of a warehouse.

        :param zone: name of the time zone
        """
        return [
            Cutoff(cutoff._weekdays(), cutoff.hour, cutoff.lead_minutes, zone) for cutoff in self
        ]
