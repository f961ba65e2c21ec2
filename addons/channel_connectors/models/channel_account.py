import base64
import binascii

from odoo import api, fields, models
from odoo.addons.inventory_wms.messages import sentence
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ..engine.order_file import MAX_BYTES


class ChannelAccount(models.Model):
    """One place orders come from: a shop, a marketplace account, or a spreadsheet."""

    _name = "channel.account"
    _description = "Channel"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("spreadsheet", "Spreadsheet (CSV)")], required=True, default="spreadsheet"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The orders of this channel ship from here.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        check_company=True,
        help="Written on the sales orders; empty: nobody.",
    )
    active = fields.Boolean(default=True)
    muted = fields.Boolean(help="A muted channel imports and sends nothing until it is unmuted.")
    state = fields.Selection(
        [("draft", "To connect"), ("connected", "Connected"), ("error", "Broken")],
        required=True,
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
    )
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows-1252 (older Excel)"),
            ("latin-1", "ISO 8859-1 (Latin-1)"),
        ],
        "Usual encoding",
        required=True,
        default="utf-8",
    )
    last_import = fields.Datetime(readonly=True, copy=False)
    inbox_ids = fields.One2many("channel.inbox", "account_id")
    order_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer("Waiting for a yes", compute="_compute_counts")
    problem_count = fields.Integer("Open problems", compute="_compute_counts")

    _name_company_uniq = models.Constraint(
        "UNIQUE (name, company_id)", "There is a channel of that name in this company."
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        groups = self.env["stock.warehouse"]._read_group(
            [("company_id", "in", self.company_id.ids)], ["company_id"], ["id:min"]
        )
        first = {company.id: warehouse_id for company, warehouse_id in groups}
        for account in self:
            if account.warehouse_id.company_id != account.company_id:
                account.warehouse_id = first.get(account.company_id.id)

    @api.depends("kind")
    def _compute_state(self):
        for account in self:
            account.state = "connected" if account.kind == "spreadsheet" else "draft"

    def _compute_counts(self):
        counts = {
            "order_count": self._count_by_account("channel.order", []),
            "waiting_count": self._count_by_account("channel.inbox", [("state", "=", "ready")]),
            "problem_count": self._count_by_account("channel.problem", [("state", "=", "open")]),
        }
        for account in self:
            for name, by_account in counts.items():
                account[name] = by_account.get(account.id, 0)

    def _count_by_account(self, model, domain):
        domain = [("account_id", "in", self.ids), *domain]
        groups = self.env[model]._read_group(domain, ["account_id"], ["__count"])
        return {account.id: count for account, count in groups}

    def action_import_orders(
        self,
        file_base64,
        filename="orders.csv",
        encoding=None,
        confirm=False,
        whole_orders=True,
    ):
        """Preview or import a file of orders; public API of the channel.

        The first call stores the file as a received item and answers what it would change.
        The same call with ``confirm`` is the user's yes: it creates and confirms the sales
        orders.  Any repetition, also of a part of the file, changes nothing and says so.

        :param str file_base64: the CSV file, base64
        :param str filename: shown to people
        :param str encoding: utf-8, latin-1 or cp1252; the channel's usual one if left out
        :param bool confirm: False only looks
        :param bool whole_orders: hold an order back when one of its rows is bad
        :return: dict ``{inbox_id, name, state, same_file, message, error_code, rows, good_rows,
            bad_rows, orders, new_orders, new_lines, known_rows, known_orders, held_rows,
            changed_rows, created_orders, failed_orders, remaining_orders, sale_order_ids,
            problems: [{row, column, code, order_ref, what, next}], more_problems}``
        :raises AccessError: the user is neither channel manager nor connector bot here
        :raises UserError: the channel is muted, takes no files, or is importing right now
        """
        account = self._checked(takes_files=True)
        intake = account.env["channel.order.intake"]
        item, analysis = intake._receive_file(
            account,
            self._decode_file(file_base64),
            {
                "filename": "".join(char for char in str(filename) if char.isprintable())[:128],
                "encoding": str(encoding or self.encoding),
                "whole_orders": bool(whole_orders),
            },
        )
        if confirm:
            intake._carry_out(item, analysis)
        return item._summary()

    @api.readonly
    def read_import(self, inbox_id):
        """How far an import is; public API.

        :param int inbox_id: from :meth:`action_import_orders`
        :return: the same dict as :meth:`action_import_orders`
        :raises AccessError: the user may not see this channel
        """
        account = self._checked()
        item = account.inbox_ids.search(
            [("id", "=", self._number(inbox_id)), ("account_id", "=", account.id)]
        )
        if not item:
            raise UserError(sentence(self.env, "not_found", {"what": f"inbox {inbox_id}"}))
        return item._summary()

    def action_open_import(self):
        """Open the import window for this channel."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "channel_connectors.channel_order_import_action"
        )
        return {**action, "context": {"default_account_id": self.id}}

    def action_open_orders(self):
        """The orders of this channel."""
        return self._open("channel_connectors.channel_order_action")

    def action_open_problems(self):
        """The open problems of this channel."""
        return self._open("channel_connectors.channel_problem_action")

    def action_open_waiting(self):
        """What this channel received."""
        return self._open("channel_connectors.channel_inbox_action")

    def _open(self, xml_id):
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "domain": [("account_id", "in", self.ids)]}

    def _number(self, value):
        """A record id as sent by a client; 0, which is nobody's, for anything else."""
        return int(value) if str(value).isdecimal() and len(str(value)) < 10 else 0

    def _checked(self, takes_files=False):
        """This channel with the rights of the system, after role and company were checked.

        Channel managers and the connector's bot import, each for their own companies.
        """
        self.ensure_one()
        user = self.env.user
        if not self.env.su and not (
            user.has_group("channel_connectors.group_manager")
            or user.has_group("channel_connectors.group_bot")
        ):
            raise AccessError(sentence(self.env, "not_allowed", {"op": "channel.import"}))
        self.check_access("read")
        code = "channel_muted" if self.muted else "channel_kind"
        if takes_files and (self.muted or self.kind != "spreadsheet"):
            raise UserError(sentence(self.env, code, {"account": self.name}))
        # sudo: the import creates sales orders and customers, which its caller may not touch; so
        # no default of the caller's context may slip into them
        # pylint: disable-next=context-overridden
        return self.sudo().with_context(clean_context(self.env.context))

    def _decode_file(self, file_base64):
        """The bytes of an upload; refused before decoding when they are too many."""
        if not isinstance(file_base64, str | bytes):
            raise UserError(sentence(self.env, "file_base64"))
        if len(file_base64) > MAX_BYTES * 1.4:
            facts = {"size": len(file_base64) * 3 // 4, "limit": MAX_BYTES}
            raise UserError(sentence(self.env, "file_too_large", facts))
        try:
            return base64.b64decode(file_base64, validate=True)
        except (binascii.Error, ValueError):
            raise UserError(sentence(self.env, "file_base64")) from None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.inbox_ids:
            raise UserError(
                self.env._("The channel has received orders; archive it instead of deleting it.")
            )
