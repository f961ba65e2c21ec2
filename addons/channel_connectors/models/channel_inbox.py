from odoo import api, fields, models
from odoo.addons.inventory_wms.messages import sentence
from odoo.exceptions import UserError


class ChannelInbox(models.Model):
    """One thing a channel sent us (a file, a message, a polled order), stored before it acts.

    ``external_id`` makes it count once per channel.  A file waits as ``ready`` for the user's
    yes; ``confirmed`` items are worked off in steps and may be resumed at any time.
    """

    _name = "channel.inbox"
    _description = "Received item"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    account_id = fields.Many2one(
        "channel.account", "Channel", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    external_id = fields.Char(required=True, readonly=True)
    topic = fields.Selection(
        [("order_file", "File of orders")], required=True, readonly=True, default="order_file"
    )
    payload = fields.Json(readonly=True)
    content = fields.Binary("File", attachment=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("ready", "Waiting for a yes"),
            ("rejected", "Refused"),
            ("confirmed", "Importing"),
            ("done", "Done"),
            ("failed", "Failed in part"),
        ],
        required=True,
        readonly=True,
        default="received",
        index=True,
    )
    error_code = fields.Char(readonly=True)
    error = fields.Char("What happened", readonly=True)
    attempts = fields.Integer(readonly=True, help="How often it was worked on.")
    preview = fields.Json(readonly=True, copy=False)
    message = fields.Char("In words", readonly=True)
    order_ids = fields.One2many("channel.order", "inbox_id", "Orders", readonly=True)
    problem_ids = fields.One2many("channel.problem", "inbox_id", "Problems")
    order_count = fields.Integer("Created", compute="_compute_order_count")

    _external_id_uniq = models.Constraint(
        "UNIQUE (account_id, external_id)", "This item was received before."
    )

    @api.depends("order_ids.state")
    def _compute_order_count(self):
        counts = self._order_counts()
        for item in self:
            item.order_count = counts.get((item.id, "done"), 0)

    def _order_counts(self):
        groups = self.env["channel.order"]._read_group(
            [("inbox_id", "in", self.ids)], ["inbox_id", "state"], ["__count"]
        )
        return {(item.id, state): count for item, state, count in groups}

    def action_confirm(self):
        """The user's yes: create and confirm the sales orders of this item."""
        item = self._checked(takes_files=True)
        item.env["channel.order.intake"]._confirm(item)
        return True

    def action_retry(self):
        """Try the failed orders of this item again."""
        item = self._checked(takes_files=True)
        item.env["channel.order.booking"]._retry(item)
        return True

    def action_read_again(self):
        """Look at the file again, after articles or carriers were added."""
        item = self._checked()
        item.env["channel.order.intake"]._examine(item)
        return True

    def action_open_orders(self):
        """The orders this item created."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "channel_connectors.channel_order_action"
        )
        return {**action, "domain": [("inbox_id", "in", self.ids)]}

    def _checked(self, takes_files=False):
        """This item with the rights of the system; see ``channel.account._checked``."""
        self.ensure_one()
        self.check_access("read")
        return self.with_env(self.account_id._checked(takes_files).env)

    def _check_state(self, wanted):
        if self.state != wanted:
            state = dict(self._fields["state"]._description_selection(self.env))[self.state]
            facts = {"name": self.name, "state": state}
            raise UserError(sentence(self.env, "not_confirmable", facts))

    def _summary(self):
        """The answer of the public API; see ``channel.account.action_import_orders``."""
        self.ensure_one()
        counts = self._order_counts()
        created = counts.get((self.id, "done"), 0)
        orders = self.env["channel.order"].search_fetch(
            [("inbox_id", "=", self.id), ("sale_order_id", "!=", False)], ["sale_order_id"]
        )
        return {
            "inbox_id": self.id,
            "name": self.name,
            "state": self.state,
            "error_code": self.error_code or "",
            "message": self.message or "",
            **(self.preview or {}),
            "created_orders": created,
            "failed_orders": counts.get((self.id, "failed"), 0),
            "remaining_orders": counts.get((self.id, "ready"), 0),
            "sale_order_ids": orders.sale_order_id.ids,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.order_ids:
            raise UserError(
                self.env._("Orders came from this item; it is kept so that they count once.")
            )
