from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

BOOKS = "inventory_wms.group_accountant"
_RELEASE_COLUMNS = {
    "wms_profile_id": "int4",
    "wms_ship_by": "timestamp",
    "wms_rank": "float8",
    "wms_work_minutes": "numeric",
}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # picking
    wms_cart_slot = fields.Char(
        "Cart slot", readonly=True, copy=False, help="Where on the cart this order's goods go."
    )

    # planning: what the release goes by; filled for transfers that are picked from the bins
    wms_profile_id = fields.Many2one(
        "wms.order.profile",
        "Profile",
        compute="_compute_wms_release",
        store=True,
        index="btree_not_null",
        ondelete="set null",
    )
    wms_ship_by = fields.Datetime(
        "Ready by",
        compute="_compute_wms_release",
        store=True,
        help="The last cut-off before the promised date, or the first one after the order came.",
    )
    wms_rank = fields.Float(
        "Rank",
        compute="_compute_wms_release",
        store=True,
        aggregator=None,
        help="Urgency without the clock: sorts orders as their urgency does, at any time.",
    )
    wms_work_minutes = fields.Float(
        "Work (min)",
        compute="_compute_wms_release",
        store=True,
        digits=(16, 1),
        help="Estimated minutes of one person, from the warehouse's standard times.",
    )
    wms_urgency = fields.Float(
        "Urgency",
        compute="_compute_wms_urgency",
        digits=(16, 0),
        help="Points for priority, hours of waiting and hours to the deadline.",
    )
    wms_is_late = fields.Boolean("Late", compute="_compute_wms_urgency")
    wms_line_count = fields.Integer("Lines", compute="_compute_wms_line_count")
    wms_release_state = fields.Selection(
        [
            ("ready", "Ready"),
            ("full", "Shift is full"),
            ("short", "Short of stock"),
            ("waiting", "Waits for goods"),
            ("hold", "On hold"),
        ],
        "Release",
        compute="_compute_wms_release_state",
        search="_search_wms_release_state",
        help="What a release would do with the order now.",
    )
    wms_release_why = fields.Char("Why it waits", compute="_compute_wms_release_state")
    wms_hold = fields.Boolean("On hold", readonly=True, copy=False, index=True)
    wms_hold_reason_id = fields.Many2one("wms.reason", "Why on hold", readonly=True, copy=False)
    wms_hold_note = fields.Char("Note on the hold", readonly=True, copy=False)
    wms_hold_user_id = fields.Many2one("res.users", "Held by", readonly=True, copy=False)
    wms_hold_at = fields.Datetime("On hold since", readonly=True, copy=False)

    def _auto_init(self):
        # An installation would compute them for every transfer there ever was; those that still
        # wait get theirs at the first release.
        for name, kind in _RELEASE_COLUMNS.items():
            if not column_exists(self.env.cr, "stock_picking", name):
                create_column(self.env.cr, "stock_picking", name, kind)
        return super()._auto_init()

    @api.depends(lambda self: self._wms_release_facts())
    def _compute_wms_release(self):
        self.env["wms.release"]._fill(self)

    def _wms_release_facts(self):
        """Fields that decide when and how an order is worked; a carrier is one where there are
        carriers (`stock_delivery` is no add-on of ours)."""
        facts = [
            "priority",
            "date_deadline",
            "scheduled_date",
            "picking_type_id",
            "partner_id",
            "sale_id.team_id",
            "sale_id.date_order",
            "move_ids.product_uom_qty",
            "move_ids.state",
        ]
        return facts + ["carrier_id"] * ("carrier_id" in self._fields)

    def _wms_sale(self):
        """The sale a transfer serves, also where it is not the last leg of its way."""
        self.ensure_one()
        return self.sale_id or self.reference_ids.sale_ids[:1]

    @api.depends("wms_rank", "wms_ship_by", "state")
    def _compute_wms_urgency(self):
        self.env["wms.release"]._fill_urgency(self)

    @api.depends("move_ids")
    def _compute_wms_line_count(self):
        for picking in self:
            picking.wms_line_count = len(picking.move_ids)

    @api.depends("state", "batch_id", "wms_hold", "wms_rank")
    def _compute_wms_release_state(self):
        states = self.env["wms.board"]._states(self.picking_type_id.warehouse_id)
        for picking in self:
            state, why = states.get(picking, (False, False))
            picking.wms_release_state = state
            picking.wms_release_why = why

    def _search_wms_release_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        states = self.env["wms.board"]._states(warehouses)
        return [
            ("id", "in", [order.id for order, (state, _why) in states.items() if state in value])
        ]

    @api.model
    def wms_release_board(self):
        """The counters of the release board.

        :return: list of dicts, see `wms.board`
        """
        self.check_access("read")
        return self.env["wms.board"]._counters()

    def action_wms_release(self):
        """Release the chosen orders, whatever the shift can do: the lead decides.

        :return: the action that shows the new waves
        :raises UserError: when none of them can be released; it says why
        """
        result = self.env["wms.door"]._execute_local("wave.release", {"picking_ids": self.ids})
        if not result["waves"]:
            why = [f"{order['name']}: {order['reason']}" for order in result["skipped"]]
            raise UserError("\n".join(why))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.stock_picking_batch_action"
        )
        waves = [wave["batch_id"] for wave in result["waves"]]
        return {**action, "domain": [("id", "in", waves)], "context": {}, "target": "current"}

    def action_wms_unhold(self):
        """Let the chosen orders go to the floor again."""
        self.env["wms.door"]._execute_local("order.unhold", {"picking_ids": self.ids})

    # picking
    def write(self, vals):
        left = self.browse()
        joined = self.browse()
        if "batch_id" in vals:
            wave = self.env["stock.picking.batch"].browse(vals["batch_id"] or [])
            moved = self.filtered(lambda picking: picking.batch_id != wave)
            left = moved.filtered("batch_id")
            joined = moved if wave.wms_running else joined
        result = super().write(vals)
        if left:
            self.env["wms.changes"]._left_waves(left)
        joined.move_ids._wms_extend_wave()
        return result

    # packing
    wms_boxes_text = fields.Char(
        "Boxes", compute="_compute_wms_boxes_text", help="The boxes proposed for what is reserved."
    )
    wms_packer_id = fields.Many2one("res.users", "Packer", readonly=True, copy=False)
    wms_pack_device_id = fields.Many2one("wms.device", "Packing station", readonly=True, copy=False)
    wms_pack_box_ids = fields.One2many("wms.pack.box", "picking_id", "Packed boxes", readonly=True)

    @api.depends("move_line_ids.quantity", "move_line_ids.product_id")
    def _compute_wms_boxes_text(self):
        for picking in self:
            # sudo: whoever sees the transfer may see its boxes, not the list of box types.
            picking.wms_boxes_text = self.env["wms.cartons"].sudo()._boxes_text(picking)

    def button_validate(self):
        """Core's validation, after the lines of waves say what was really picked.

        :return: what core returns
        :raises UserError: when one of the transfers or a lot in them is on hold
        """
        self.env["wms.door"]._take_transfer_turn(self)
        self._wms_check_holds()
        # A wave's lines show the whole reservation until they are scanned completely; whoever
        # validates in between ships what was scanned, no more.
        self.move_line_ids.filtered("wms_task_id")._wms_settle()
        # sudo: whoever validates a transfer need not have rights on the stops of its wave.
        tasks = self.sudo().move_line_ids.wms_task_id
        result = super().button_validate()
        if tasks:
            tasks._recount()
            # nobody can work on in a wave that this has closed
            closed = tasks.batch_id.filtered(lambda wave: wave.state in ("done", "cancel"))
            closed.wms_task_ids._opened()._touch(state="cancelled")
        return result

    def _wms_check_holds(self):
        """Refuse orders on hold, and lots on hold for a customer or for production."""
        held = self.filtered("wms_hold")
        if held:
            raise UserError(
                self.env._(
                    "On hold: %(names)s. Release the hold first.",
                    names=", ".join(held.mapped("name")),
                )
            )
        leaving = self.move_line_ids.filtered(
            lambda line: (
                line.quantity
                and line.location_dest_id.usage in ("customer", "production")
                and line.state not in ("done", "cancel")
            )
        )
        # sudo: whoever validates need not read why a lot is held.
        held = leaving.lot_id.sudo().filtered("wms_hold")
        if held:
            raise UserError(
                self.env._(
                    "Lot on hold: %(lots)s. Take other stock, or release the lot.",
                    lots=", ".join(held.mapped("name")),
                )
            )

    # valuation
    wms_posting_ids = fields.One2many("wms.cost.posting", "picking_id", "Postings", groups=BOOKS)

    def action_wms_entries(self):
        """Open the journal entries of the transfer."""
        self.ensure_one()
        entries = self.wms_posting_ids.account_move_id
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        action |= {"domain": [("id", "in", entries.ids)], "context": {}}
        return action

    def action_wms_costs(self):
        """Open what the transfer cost: the receipts it came from, or the layers it made."""
        self.ensure_one()
        taken = self.env["wms.cost.consumption"].search_count(
            [("picking_id", "=", self.id)], limit=1
        )
        name = "consumption" if taken else "layer"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"inventory_wms.wms_cost_{name}_action"
        )
        action["domain"] = [("picking_id", "=", self.id)]
        action["context"] = {}
        action["display_name"] = self.env._("Cost trace of %s", self.name)
        return action
