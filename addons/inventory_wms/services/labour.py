"""Labour from the record of commands: nothing is typed, nothing is watched but work itself.

The time before a command belongs to that command (the worker walked, found and scanned), unless
the command before it began an activity (``labour.start``): then it is that activity's.  A pause
longer than the company's limit counts as idle beyond the limit; after four hours a new shift begins
and nothing is counted.
"""

from odoo import api, models
from odoo.tools import SQL

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys

#: refusals that mean a hand or an eye went wrong, not a device or a right
ERRORS = (
    *("wrong_bin", "wrong_item", "wrong_lot", "bin_not_item", "unknown_barcode"),
    *("above_demand", "wrong_slot", "lot_needed", "quantity_step"),
)
_SHIFT_S = 4 * 3600
#: what a transaction may still be busy with is not collected yet
_LAG = "2 minutes"
_CLOSED = ("done", "short")


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "labour.start": Operation(
                service="wms.labour",
                handler="_op_start",
                args={"activity": "text"},
                keys="_keys_of_activity",
            ),
            "labour.stop": Operation(
                service="wms.labour", handler="_op_stop", args={}, keys="_keys_of_activity"
            ),
        }


class WmsLabour(models.AbstractModel):
    _name = "wms.labour"
    _description = "Labour"

    def _keys_of_activity(self, args):
        return LockKeys()

    # ------------------------------------------------------------------ operations
    def _op_start(self, args, command):
        """Begin an indirect activity or a break; the next command of the worker ends it."""
        activity = self.env["wms.labour.activity"].search(
            [
                ("code", "=", args["activity"]),
                ("company_id", "in", [*command.user.company_ids.ids, False]),
            ],
            limit=1,
        )
        if not activity:
            raise Refusal("unknown_activity", activity=args["activity"])
        return {"activity": activity.code, "name": activity.name, "kind": activity.kind}

    def _op_stop(self, args, command):
        """End the activity: the time from here on is work again."""
        return {}

    # --------------------------------------------------------------------- collect
    @api.model
    def _collect(self, lag=_LAG):
        """Turn commands that are not counted yet into labour: one statement for all of them.

        :param lag: how old a command must be (an interval of PostgreSQL)
        :return: number of commands counted
        """
        self.env["wms.command"].flush_model()
        self.env["wms.task"].flush_model()
        self.env["stock.warehouse"].flush_model()
        self.env["res.company"].flush_model()
        # one at a time: two would count the same commands
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('wms.labour'))")
        self.env.cr.execute(
            SQL(
                _COLLECT,
                lag=lag,
                shift=_SHIFT_S,
                closed=list(_CLOSED),
                errors=list(ERRORS),
            )
        )
        self.env["wms.labour.time"].invalidate_model()
        return self.env.cr.rowcount


#: New commands with the one before them (of the same person), what they did, and their standard.
#: A day back is looked at again: a long command commits after younger ones.
_COLLECT = """
    WITH since AS (
        SELECT coalesce(max(date) - interval '1 day', '-infinity') AS day FROM wms_labour_time
    ), news AS (
        SELECT command.*
          FROM wms_command command, since
         WHERE command.server_ts >= since.day
           AND command.server_ts < (now() at time zone 'utc') - %(lag)s::interval
           AND command.seq > 0 AND command.status <> 'running'
           AND NOT EXISTS (SELECT 1 FROM wms_labour_time t WHERE t.command_id = command.id)
    ), gaps AS (
        SELECT news.*, before.activity_id, before.kind AS activity_kind,
               extract(epoch FROM news.server_ts - before.server_ts)::float AS gap
          FROM news
          LEFT JOIN LATERAL (
               SELECT earlier.server_ts, activity.id AS activity_id, activity.kind
                 FROM wms_command earlier
                 LEFT JOIN wms_labour_activity activity
                   ON earlier.op = 'labour.start' AND earlier.status = 'applied'
                  AND activity.code = earlier.args->>'activity'
                  AND coalesce(activity.company_id, earlier.company_id) = earlier.company_id
                WHERE earlier.user_id = news.user_id AND earlier.seq > 0
                  AND (earlier.server_ts, earlier.id) < (news.server_ts, news.id)
                ORDER BY earlier.server_ts DESC, earlier.id DESC LIMIT 1) before ON true
    ), facts AS (
        SELECT gaps.*, task.id AS task_id, coalesce(gaps.location_id, task.location_id) AS bin_id,
               coalesce(gaps.product_id, task.product_id) AS goods_id,
               coalesce(gaps.batch_id, task.batch_id) AS wave_id,
               coalesce(task.distance, 0) AS walk,
               gaps.gap IS NOT NULL AND gaps.gap <= %(shift)s AS counts,
               gaps.status = 'applied' AND gaps.op LIKE 'pick.%%'
                   AND gaps.answer->'result'->'task'->>'state' = ANY(%(closed)s) AS closes,
               CASE WHEN gaps.status <> 'applied' THEN 0
                    WHEN gaps.op = 'pick.short' THEN coalesce((gaps.args->>'quantity')::float, 0)
                    WHEN gaps.op LIKE '%%.scan_item' THEN coalesce(gaps.quantity, 0)
                    ELSE 0 END AS pieces,
               CASE WHEN gaps.op = 'ship.confirm' AND gaps.status = 'applied'
                    THEN jsonb_array_length(coalesce(gaps.answer->'result'->'shipped', '[]'))
                    ELSE 0 END AS shipped
          FROM gaps
          LEFT JOIN wms_task task
            ON task.id = CASE WHEN gaps.args->>'task_id' ~ '^[0-9]{1,9}$'
                              THEN (gaps.args->>'task_id')::int END
    ), placed AS (
        SELECT facts.*, company.wms_labour_pause_s AS pause, wave_type.warehouse_id,
               zone.id AS zone_id
          FROM facts
          JOIN res_company company ON company.id = facts.company_id
          LEFT JOIN stock_picking_batch wave ON wave.id = facts.wave_id
          LEFT JOIN stock_picking_type wave_type ON wave_type.id = wave.picking_type_id
          LEFT JOIN stock_location bin ON bin.id = facts.bin_id
          LEFT JOIN LATERAL (
               SELECT above.id FROM stock_location above
                WHERE above.wms_kind = 'zone'
                  AND above.id = ANY(string_to_array(trim('/' FROM bin.parent_path), '/')::int[])
                ORDER BY length(above.parent_path) DESC LIMIT 1) zone ON true
    )
    INSERT INTO wms_labour_time (
        command_id, user_id, company_id, warehouse_id, zone_id, location_id, product_id, batch_id,
        activity_id, work, date, direct_seconds, indirect_seconds, break_seconds, idle_seconds,
        standard_seconds, metres, lines, units, orders, errors, error_code)
    SELECT placed.id, placed.user_id, placed.company_id, placed.warehouse_id, placed.zone_id,
           placed.bin_id, placed.goods_id, placed.wave_id, placed.activity_id,
           split_part(placed.op, '.', 1), placed.server_ts,
           CASE WHEN counts AND activity_id IS NULL THEN least(gap, pause) ELSE 0 END,
           CASE WHEN counts AND activity_kind = 'indirect' THEN gap ELSE 0 END,
           CASE WHEN counts AND activity_kind = 'break' THEN gap ELSE 0 END,
           CASE WHEN counts AND activity_id IS NULL THEN greatest(gap - pause, 0) ELSE 0 END,
           closes::int * (coalesce(w.wms_seconds_stop, 0)
                          + walk / coalesce(nullif(w.wms_walking_speed, 0), 1))
           + pieces * coalesce(w.wms_seconds_unit, 0) + shipped * coalesce(w.wms_seconds_order, 0),
           closes::int * walk, closes::int, pieces, shipped,
           (placed.status = 'rejected' AND placed.code = ANY(%(errors)s))::int,
           CASE WHEN placed.status = 'rejected' AND placed.code = ANY(%(errors)s)
                THEN placed.code END
      FROM placed LEFT JOIN stock_warehouse w ON w.id = placed.warehouse_id
"""
