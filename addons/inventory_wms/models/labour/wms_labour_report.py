from odoo import fields, models
from odoo.tools import SQL

#: ratio -> (numerator, denominator): the ratio of sums, not the mean of ratios
RATIOS = {
    "lines_per_hour": ("lines * 3600", "direct_seconds"),
    "units_per_hour": ("units * 3600", "direct_seconds"),
    "orders_per_hour": ("orders * 3600", "direct_seconds"),
    "utilisation": ("direct_seconds * 100", "direct_seconds + indirect_seconds + idle_seconds"),
    "performance": ("standard_seconds * 100", "direct_seconds"),
    "error_rate": ("errors * 100", "lines"),
}


class WmsLabourReport(models.Model):
    """Time, work and errors on the floor, from the record of commands.

    Who it was shows only where the company has switched names on.
    """

    _name = "wms.labour.report"
    _description = "Labour"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "wms.labour.time": ["date", "user_id", "direct_seconds"],
        "res.company": ["wms_labour_named"],
    }

    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    zone_id = fields.Many2one("stock.location", readonly=True)
    location_id = fields.Many2one("stock.location", "Bin", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    batch_id = fields.Many2one("stock.picking.batch", "Wave", readonly=True)
    activity_id = fields.Many2one("wms.labour.activity", readonly=True)
    work = fields.Char(readonly=True, help="Pick, pack, ship: the flow of the command.")
    direct_hours = fields.Float(readonly=True, help="Between scans of work.")
    indirect_hours = fields.Float(
        readonly=True, help="Between the start of an activity and the next scan."
    )
    break_hours = fields.Float(readonly=True)
    idle_hours = fields.Float(
        readonly=True, help="What is longer than the pause that still counts as work."
    )
    standard_hours = fields.Float(
        readonly=True, help="What the work should have taken by the warehouse's standard times."
    )
    metres = fields.Float(readonly=True, digits=(16, 1), help="Planned walk to the stops done.")
    lines = fields.Integer(readonly=True)
    units = fields.Float(readonly=True, digits="Product Unit")
    orders = fields.Integer(readonly=True)
    errors = fields.Integer(readonly=True, help="Scans refused: another bin, item, lot, too many.")
    error_code = fields.Char("Error", readonly=True)
    lines_per_hour = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    units_per_hour = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    orders_per_hour = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    utilisation = fields.Float(
        "Utilisation (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Direct time of the time attended without breaks.",
    )
    performance = fields.Float(
        "Performance (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Standard time of the direct time.",
    )
    error_rate = fields.Float(
        "Errors per 100 lines", readonly=True, aggregator="avg", digits=(16, 2)
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT spent.id, spent.date, spent.company_id, spent.warehouse_id, spent.zone_id,
                   spent.location_id, spent.product_id, spent.activity_id, spent.work,
                   CASE WHEN company.wms_labour_named THEN spent.user_id END AS user_id,
                   CASE WHEN company.wms_labour_named THEN spent.batch_id END AS batch_id,
                   spent.direct_seconds / 3600 AS direct_hours,
                   spent.indirect_seconds / 3600 AS indirect_hours,
                   spent.break_seconds / 3600 AS break_hours,
                   spent.idle_seconds / 3600 AS idle_hours,
                   spent.standard_seconds / 3600 AS standard_hours,
                   spent.direct_seconds, spent.indirect_seconds, spent.idle_seconds,
                   spent.standard_seconds, spent.metres, spent.lines, spent.units, spent.orders,
                   spent.errors, spent.error_code, %s
              FROM wms_labour_time spent JOIN res_company company ON company.id = spent.company_id
            """,
            SQL(", ").join(
                SQL(f"({above})::float / nullif({below}, 0) AS {name}")
                for name, (above, below) in RATIOS.items()
            ),
        )

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, _how = aggregate_spec.partition(":")
        if name not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        above, below = RATIOS[name]
        return SQL(f"coalesce(sum({above})::float / nullif(sum({below}), 0), 0)")
