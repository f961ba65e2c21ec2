from odoo import api, fields, models
from odoo.addons.inventory_wms.messages import sentence
from odoo.exceptions import UserError


class ChannelOrderImport(models.TransientModel):
    """Choose a file, see what it would change, say yes."""

    _name = "channel.order.import"
    _description = "Import orders"

    account_id = fields.Many2one(
        "channel.account",
        "Channel",
        required=True,
        domain=[("kind", "=", "spreadsheet")],
        default=lambda self: self._default_account_id(),
    )
    file = fields.Binary("Order file", attachment=False)
    filename = fields.Char()
    encoding = fields.Selection(
        lambda self: self.env["channel.account"]._fields["encoding"].selection,
        required=True,
        compute="_compute_encoding",
        store=True,
        readonly=False,
        precompute=True,
    )
    whole_orders = fields.Boolean(
        "Whole orders only",
        default=True,
        help="An order with a bad row waits until that row is corrected. Switched off, its good "
        "rows are imported alone.",
    )
    inbox_id = fields.Many2one("channel.inbox", readonly=True)
    state = fields.Selection(related="inbox_id.state")
    message = fields.Char(related="inbox_id.message")
    new_orders = fields.Integer(compute="_compute_preview")
    new_lines = fields.Integer(compute="_compute_preview")
    known_rows = fields.Integer("Imported before", compute="_compute_preview")
    bad_rows = fields.Integer("Rows to correct", compute="_compute_preview")
    held_rows = fields.Integer("Held back", compute="_compute_preview")
    more_problems = fields.Integer(compute="_compute_preview")
    row_ids = fields.One2many("channel.order.import.row", "import_id", readonly=True)

    def _default_account_id(self):
        accounts = self.env["channel.account"].search([("kind", "=", "spreadsheet")], limit=2)
        return accounts if len(accounts) == 1 else False

    @api.depends("account_id")
    def _compute_encoding(self):
        for wizard in self:
            wizard.encoding = wizard.account_id.encoding or "utf-8"

    @api.depends("inbox_id.preview")
    def _compute_preview(self):
        names = ("new_orders", "new_lines", "known_rows", "bad_rows", "held_rows", "more_problems")
        for wizard in self:
            preview = wizard.inbox_id.preview or {}
            for name in names:
                wizard[name] = preview.get(name, 0)

    def action_preview(self):
        """Store the file as a received item and show what it would change."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        summary = self.account_id.action_import_orders(
            self.file, self.filename or "orders.csv", self.encoding, False, self.whole_orders
        )
        self.inbox_id = summary["inbox_id"]
        self.row_ids.unlink()
        self.row_ids.create(
            [
                {
                    "import_id": self.id,
                    "row_number": problem["row"],
                    "column": problem["column"],
                    "order_ref": problem["order_ref"],
                    "what": problem["what"],
                    "next_step": problem["next"],
                }
                for problem in summary["problems"]
            ]
        )
        return self._reopen()

    def action_confirm(self):
        """The user's yes."""
        self.ensure_one()
        if not self.inbox_id:
            raise UserError(sentence(self.env, "file_empty"))
        self.inbox_id.action_confirm()
        return {
            "type": "ir.actions.act_window",
            "res_model": "channel.inbox",
            "res_id": self.inbox_id.id,
            "views": [(False, "form")],
        }

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.write({"inbox_id": False, "file": False, "filename": False})
        self.row_ids.unlink()
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import orders"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
