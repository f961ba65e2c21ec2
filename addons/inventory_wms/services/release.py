"""Facts of the release: profile, deadline, urgency and work of each order; holds.

The formulas are in :mod:`..engine.release`; this service reads what they need for many orders
at once.  A hold keeps an order from the floor until somebody says why it may go.
"""

from datetime import timezone

from odoo import fields, models
from odoo.fields import Domain

from ..engine import release as engine
from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys

LEAD = ("inventory_wms.group_lead",)
OPEN = ("draft", "waiting", "confirmed", "assigned")
FACTS = ("wms_profile_id", "wms_ship_by", "wms_rank", "wms_work_minutes")


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "order.hold": Operation(
                service="wms.release",
                handler="_op_hold",
                args={"picking_ids": "ids", "reason": "text", "note": "text?"},
                groups=LEAD,
                keys="_keys_of_orders",
            ),
            "order.unhold": Operation(
                service="wms.release",
                handler="_op_unhold",
                args={"picking_ids": "ids"},
                groups=LEAD,
                keys="_keys_of_orders",
            ),
        }


class WmsRelease(models.AbstractModel):
    _name = "wms.release"
    _description = "What a release goes by"

    def _keys_of_orders(self, args):
        """Exclusive with releases: an order is either held or planned."""
        return LockKeys(names=("wave.claim",))

    # ------------------------------------------------------------------ operations
    def _op_hold(self, args, command):
        """Keep orders from the floor; what is in a wave must be taken out of it first."""
        pickings = self._orders(args, command)
        closed = pickings.filtered(lambda picking: picking.state in ("done", "cancel"))
        if closed:
            raise Refusal("order_closed", what=", ".join(closed.mapped("name")))
        in_wave = pickings.filtered("batch_id")
        if in_wave:
            wave = in_wave[0].batch_id.name
            raise Refusal("order_in_wave", what=", ".join(in_wave.mapped("name")), wave=wave)
        reason = self._hold_reason(args["reason"], pickings.company_id)
        pickings.write(
            {
                "wms_hold": True,
                "wms_hold_reason_id": reason.id,
                "wms_hold_note": args["note"] or False,
                "wms_hold_user_id": command.user.id,
                "wms_hold_at": fields.Datetime.now(),
            }
        )
        command.note(reason=reason)
        return {"held": pickings.ids}

    def _op_unhold(self, args, command):
        """Let orders go to the floor again; who held them stays in the audit of commands."""
        pickings = self._orders(args, command).filtered("wms_hold")
        pickings.write(
            {
                "wms_hold": False,
                "wms_hold_reason_id": False,
                "wms_hold_note": False,
                "wms_hold_user_id": False,
                "wms_hold_at": False,
            }
        )
        return {"released": pickings.ids}

    def _orders(self, args, command):
        pickings = self.env["stock.picking"].browse(args["picking_ids"]).exists()
        if not pickings:
            raise Refusal("not_found", what=self.env._("Order"))
        command.check_company(pickings)
        return pickings

    def _hold_reason(self, code, companies):
        reason = self.env["wms.reason"].search(
            [
                ("code", "=", code),
                ("use", "=", "hold"),
                ("company_id", "in", [*companies.ids, False]),
            ],
            limit=1,
        )
        if not reason:
            raise Refusal("unknown_reason", reason=code)
        return reason

    def _held(self, domain):
        """Orders on hold among those that could be released.

        :return: {stock.picking: (code, params)}
        """
        held = self.env["stock.picking"].search(domain & Domain("wms_hold", "=", True), limit=500)
        return {picking: self._why_held(picking) for picking in held}

    def _why_held(self, picking):
        reason = picking.wms_hold_reason_id.name or ""
        note = f": {picking.wms_hold_note}" if picking.wms_hold_note else ""
        who = picking.wms_hold_user_id.name or ""
        return ("skip_hold", {"reason": f"{reason}{note}", "who": who})

    # ----------------------------------------------------------------------- facts
    def _fill(self, pickings):
        """Compute profile, deadline, rank and work of orders; other transfers have none, and what
        is done keeps what it was planned with.

        The number of queries does not depend on the number of orders.
        """
        orders = pickings.filtered(self._is_order)
        for picking in pickings - orders:
            if picking.state in OPEN or not picking.id:
                picking.update(dict.fromkeys(FACTS, False))
        if not orders:
            return
        # sudo: whoever sells or confirms an order may not read how the warehouse works.
        profiles, cutoffs = (
            self.env["wms.order.profile"].sudo(),
            self.env["wms.carrier.cutoff"].sudo(),
        )
        own = [("company_id", "in", orders.company_id.ids)]
        profiles, cutoffs = profiles.search(own), cutoffs.search(own)
        for picking in orders.sudo():
            self._fill_order(picking, profiles, cutoffs)

    def _is_order(self, picking):
        """Whether a transfer takes goods from the bins for a customer."""
        leg = picking.picking_type_id
        warehouse = leg.warehouse_id  # dropshipping has none
        return bool(picking.state in OPEN and warehouse and leg == warehouse._wms_first_leg())

    def _fill_order(self, picking, profiles, cutoffs):
        warehouse = picking.picking_type_id.warehouse_id
        profile = next((rule for rule in profiles if rule._matches(picking)), profiles[:0])
        rules = (profile.cutoff_ids or cutoffs).filtered(lambda rule: rule._matches(picking))
        arrived = self._arrived(picking)
        due = engine.ship_by(
            arrived,
            _aware(picking.date_deadline or picking.scheduled_date),
            rules._facts(warehouse._wms_zone()),
        )
        stars = int(picking.priority or 0) + profile.stars
        moves = picking.move_ids.filtered(lambda move: move.state != "cancel")
        units = sum(moves.mapped("product_qty"))
        picking.wms_profile_id = profile
        picking.wms_ship_by = due and due.replace(tzinfo=None)
        picking.wms_rank = engine.rank(arrived, due, stars)
        picking.wms_work_minutes = engine.work_minutes(1, len(moves), units, warehouse._wms_pace())

    def _arrived(self, picking):
        """When the order came: of a sale its confirmation, so that a backorder is no newcomer."""
        came = picking._wms_sale().date_order or picking.create_date or fields.Datetime.now()
        return _aware(came)

    def _fill_urgency(self, pickings):
        now = fields.Datetime.now()
        clock = engine.urgency(_aware(now), _aware(now), 0, _aware(now))
        clock -= engine.rank(_aware(now), _aware(now), 0)  # what the hours since then add
        for picking in pickings:
            waits = picking.state in OPEN
            picking.wms_urgency = picking.wms_rank + clock if waits and picking.wms_ship_by else 0
            picking.wms_is_late = bool(waits and picking.wms_ship_by and picking.wms_ship_by < now)

    def _refresh(self, companies):
        """Work out anew what a change of rules means for the orders that wait."""
        self._recompute(Domain("company_id", "in", companies.ids) & Domain("state", "in", OPEN))

    def _fill_missing(self, domain):
        """Orders that were there before the add-on get their facts."""
        self._recompute(domain & Domain("wms_ship_by", "=", False))

    def _recompute(self, domain):
        orders = self.env["stock.picking"].search(domain)
        for name in FACTS:
            self.env.add_to_compute(orders._fields[name], orders)


def _aware(moment):
    """A naive UTC moment of Odoo as an aware one."""
    return moment and moment.replace(tzinfo=timezone.utc)
