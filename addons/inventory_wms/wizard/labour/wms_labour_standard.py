from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.labour import Work, derive

#: a factor needs about ten cases to be more than chance
_ENOUGH = 40


class WmsLabourStandard(models.TransientModel):
    """Standard times of a warehouse beside what its own history says, to take over or not."""

    _name = "wms.labour.standard"
    _description = "Standard times from history"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    days = fields.Integer("Days of history", default=60, required=True)
    share = fields.Float(
        "Target (%)",
        default=100,
        required=True,
        help="100 takes what the average has needed; 90 asks for a tenth less time.",
    )
    cases = fields.Integer(compute="_compute_found", help="Worker and wave, one day.")
    seconds_stop = fields.Float("Seconds per stop", compute="_compute_found", digits=(16, 1))
    seconds_unit = fields.Float("Seconds per piece", compute="_compute_found", digits=(16, 1))
    seconds_order = fields.Float("Seconds per order", compute="_compute_found", digits=(16, 1))
    speed = fields.Float("Walking speed (m/s)", compute="_compute_found", digits=(16, 2))
    now_stop = fields.Float(related="warehouse_id.wms_seconds_stop", string="Now per stop")
    now_unit = fields.Float(related="warehouse_id.wms_seconds_unit", string="Now per piece")
    now_order = fields.Float(related="warehouse_id.wms_seconds_order", string="Now per order")
    now_speed = fields.Float(related="warehouse_id.wms_walking_speed", string="Speed now")

    @api.depends("warehouse_id", "days", "share")
    def _compute_found(self):
        for wizard in self:
            rows = wizard._history()
            wizard.cases = len(rows)
            stop, unit, order, metre = derive(rows)
            target = wizard.share / 100
            wizard.seconds_stop = stop * target
            wizard.seconds_unit = unit * target
            wizard.seconds_order = order * target
            wizard.speed = 1 / (metre * target) if metre * target > 0 else 0.0

    def _history(self):
        """Work and direct seconds of each worker in each wave and day.

        :return: [(Work, seconds)]
        """
        # sudo: the rows name people; only their sums leave this method
        self.env["wms.labour.time"].sudo().flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT sum(lines), sum(units), sum(orders), sum(metres), sum(direct_seconds)
                  FROM wms_labour_time
                 WHERE warehouse_id = %s AND direct_seconds > 0
                   AND date >= (now() at time zone 'utc') - make_interval(days => %s)
                 GROUP BY user_id, batch_id, date::date HAVING sum(lines) > 0
                """,
                self.warehouse_id.id,
                max(1, self.days),
            )
        )
        return [(Work(*row[:4]), row[4]) for row in self.env.cr.fetchall()]

    def action_apply(self):
        """Take the proposal over as the warehouse's standard times; parts without one stay."""
        self.ensure_one()
        self.warehouse_id.check_access("write")
        if self.cases < _ENOUGH:
            raise UserError(
                self.env._(
                    "%(cases)s pieces of work are too few to learn from; %(enough)s are needed. "
                    "Take more days, or type the standard times on the warehouse.",
                    cases=self.cases,
                    enough=_ENOUGH,
                )
            )
        found = {
            "wms_seconds_stop": self.seconds_stop,
            "wms_seconds_unit": self.seconds_unit,
            "wms_seconds_order": self.seconds_order,
            "wms_walking_speed": self.speed,
        }
        self.warehouse_id.write({name: value for name, value in found.items() if value > 0})
        return {"type": "ir.actions.act_window_close"}
