from odoo import fields, models

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WmsWeekly(models.AbstractModel):
    """The weekdays on which something happens."""

    _name = "wms.weekly"
    _description = "Weekdays"

    monday = fields.Boolean("Mon", default=True)
    tuesday = fields.Boolean("Tue", default=True)
    wednesday = fields.Boolean("Wed", default=True)
    thursday = fields.Boolean("Thu", default=True)
    friday = fields.Boolean("Fri", default=True)
    saturday = fields.Boolean("Sat")
    sunday = fields.Boolean("Sun")

    def _weekdays(self):
        """The days that are ticked, as numbers: 0 is Monday."""
        self.ensure_one()
        return frozenset(number for number, day in enumerate(DAYS) if self[day])
