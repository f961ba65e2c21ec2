"""Waves by template and schedule, through the door like everything else.

One cron looks every few minutes.  A slot of a schedule is written down in the transaction that
releases it, under a unique index and the template's lock: however many workers look, it runs once.
"""

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import schedule as engine
from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys
from .release import _aware

_logger = logging.getLogger(__name__)


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "wave.run_template": Operation(
                service="wms.schedule",
                handler="_op_run",
                args={"template_id": "id", "slot": "text?"},
                groups=("inventory_wms.group_lead",),
                keys="_keys_of_template",
            ),
        }


class WmsSchedule(models.AbstractModel):
    _name = "wms.schedule"
    _description = "Waves by schedule"

    def _keys_of_template(self, args):
        template = self.env["wms.wave.template"].browse(args["template_id"]).exists()
        if not template:
            raise Refusal("not_found", what=self.env._("Wave template"))
        release = {"warehouse_id": template.warehouse_id.id}
        keys = self.env["wms.planning"]._keys_of_release(release)
        return LockKeys(
            keys.warehouse_id, keys.product_ids, (*keys.names, f"template:{template.id}")
        )

    # --------------------------------------------------------------------- clockwork
    def _run_due(self):
        """Run every template whose slot is due, each in a command of its own."""
        # sudo: the clockwork runs for all companies; templates are few.
        templates = self.env["wms.wave.template"].sudo()
        templates = templates.search([])  # pylint: disable=no-search-all
        due = [(template.id, slot) for template in templates if (slot := self._due(template))]
        for template_id, slot in due:
            self._run_one(template_id, slot)

    def _run_one(self, template_id, slot):
        template = self.env["wms.wave.template"].browse(template_id)
        door = self.env["wms.door"].with_company(template.company_id)
        args = {"template_id": template_id, "slot": fields.Datetime.to_string(slot)}
        try:
            door._execute_local("wave.run_template", args)
        except UserError as error:  # somebody else is faster, or the goods are busy: next time
            _logger.info("template %s at %s: %s", template_id, slot, error)
            self.env.cr.rollback()
        else:
            # Each run is done for good: what comes after must not undo it.
            self.env["ir.cron"]._commit_progress(1)

    def _due(self, template):
        """The slot of a template that is due and not done, or None."""
        now = fields.Datetime.now()
        if template.trigger == "count":
            slot = self._count_slot(template, now)
        else:
            found = engine.last_slot(template._schedule(), _aware(now))
            slot = found and found.replace(tzinfo=None)
        if not slot or slot < template.create_date:
            return None
        done = self.env["wms.wave.run"].search_count(
            [("template_id", "=", template.id), ("slot", "=", slot), ("by_hand", "=", False)]
        )
        return None if done else slot

    def _count_slot(self, template, now):
        """This minute, when enough orders wait and the day is one of the template's."""
        local = fields.Datetime.context_timestamp(
            template.with_context(tz=template.warehouse_id._wms_zone()), now
        )
        if local.weekday() not in template._weekdays():
            return None
        orders, _left = self._orders(template)
        return now.replace(second=0) if len(orders) >= template.min_orders else None

    # --------------------------------------------------------------------- operation
    def _op_run(self, args, command):
        """Release the orders of a template; a slot of its schedule only once."""
        template = self.env["wms.wave.template"].browse(args["template_id"]).exists()
        if not template:
            raise Refusal("not_found", what=self.env._("Wave template"))
        command.check_company(template)
        slot = args["slot"] and fields.Datetime.to_datetime(args["slot"])
        runs = self.env["wms.wave.run"]
        if slot and runs.search_count([("template_id", "=", template.id), ("slot", "=", slot)]):
            raise Refusal("slot_done", template=template.name, slot=args["slot"])
        planning = self.env["wms.planning"]
        orders, left = self._orders(template)
        limits = planning._cart_limits(template.warehouse_id, template.cart_id.id)
        released = planning._release(orders, limits)
        skipped = released.skipped | left
        run = runs.create(
            {
                "template_id": template.id,
                "slot": slot or fields.Datetime.now(),
                "by_hand": not slot,
                "order_count": len(released.waves.picking_ids),
                "work_minutes": sum(released.waves.picking_ids.mapped("wms_work_minutes")),
                "skipped_count": len(skipped),
                "message": self._message(planning._skipped_json(skipped), orders),
                "batch_ids": released.waves.ids,
            }
        )
        return {
            "run_id": run.id,
            "waves": [planning._wave_json(wave) for wave in released.waves],
            "orders": run.order_count,
            "skipped": planning._skipped_json(skipped),
        }

    def _orders(self, template):
        """The orders a template takes now, most urgent first, within its limits.

        :return: (stock.picking, {stock.picking: (code, params)})
        """
        orders, left = self.env["wms.release"]._choose(template.warehouse_id)
        if template.profile_ids:
            orders = orders.filtered(lambda order: order.wms_profile_id in template.profile_ids)
            left = {
                order: why
                for order, why in left.items()
                if order.wms_profile_id in template.profile_ids
            }
        if template.due_hours:
            limit = fields.Datetime.now() + timedelta(hours=template.due_hours)
            orders = orders.filtered(lambda order: order.wms_ship_by <= limit)
        return orders[: self._count_within(template, orders)], left

    def _count_within(self, template, orders):
        """How many from the front stay within the template's orders, lines and minutes."""
        lines = minutes = 0
        for count, order in enumerate(orders[: template.max_orders]):
            lines += order.wms_line_count
            minutes += order.wms_work_minutes
            too_long = template.max_lines and lines > template.max_lines
            too_much = template.max_minutes and minutes > template.max_minutes
            if count and (too_long or too_much):
                return count
        return min(len(orders), template.max_orders)

    def _message(self, skipped, orders):
        """What happened, as text: nothing waits, or who was left out and why."""
        if not orders and not skipped:
            return self.env._("No order of this template waits.")
        return "\n".join(f"{entry['name']}: {entry['reason']}" for entry in skipped[:50]) or False
