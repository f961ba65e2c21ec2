from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

# what only the buttons write
_DECIDED = {"state", "account_move_id", "reversal_id", "line_ids", "amount"}


class WmsLifoAdjustment(models.Model):
    """Year-end entry that brings perpetual LIFO to periodic LIFO, on an account of its own.

    The stock account stays what the layers say; the difference lies on the LIFO reserve account
    against cost of goods sold.  A year's entry posts what its own total has more than those of the
    years before, so the account always shows periodic less perpetual.
    """

    _name = "wms.lifo.adjustment"
    _description = "Periodic LIFO at year end"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Fiscal year end",
        required=True,
        default=lambda self: self.env["wms.books"]._year_end(self.env.company),
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        "LIFO reserve account",
        required=True,
        check_company=True,
        default=lambda self: self.env.company.wms_lifo_reserve_account_id,
        help="Beside the stock account in the balance sheet.",
    )
    expense_account_id = fields.Many2one(
        "account.account",
        "Cost of goods sold",
        required=True,
        check_company=True,
        default=lambda self: self.env.company.wms_cogs_account_id,
    )
    state = fields.Selection(
        [("draft", "Preview"), ("posted", "Posted"), ("reversed", "Reversed")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("wms.lifo.adjustment.line", "adjustment_id", "Products")
    amount = fields.Monetary(compute="_compute_amount", store=True)
    account_move_id = fields.Many2one("account.move", "Journal entry", readonly=True, copy=False)
    reversal_id = fields.Many2one("account.move", "Reversed by", readonly=True, copy=False)

    @api.depends("date")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._("Periodic LIFO at %s", entry.date)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for adjustment in self:
            adjustment.amount = sum(adjustment.line_ids.mapped("amount"))

    def action_preview(self):
        """Compute periodic LIFO of the year and show what would be posted."""
        self._require("draft")
        # sudo: the lines are made by nobody by hand.
        self.sudo()._fill()

    def _fill(self):
        rows = self.env["wms.books"]._periodic_lifo(self.company_id, self.date)
        before = self._posted_before()
        self.line_ids.unlink()
        self.env["wms.lifo.adjustment.line"].create(
            [
                {
                    "adjustment_id": self.id,
                    **row,
                    "before": before.get(row["product_id"], 0),
                    "amount": self.currency_id.round(
                        row["periodic"] - row["perpetual"] - before.get(row["product_id"], 0)
                    ),
                }
                for row in rows
            ]
        )

    def _posted_before(self):
        """product id -> what the reserve account already shows from other years."""
        lines = self.env["wms.lifo.adjustment.line"]._read_group(
            [
                ("adjustment_id.company_id", "=", self.company_id.id),
                ("adjustment_id.state", "=", "posted"),
                ("adjustment_id.date", "<=", self.date),
                ("adjustment_id", "!=", self.id),
            ],
            ["product_id"],
            ["amount:sum"],
        )
        return {product.id: amount for product, amount in lines}

    def action_post(self):
        """Post the previewed entry.

        :raises UserError: something was missing at the year's end, or nothing is to be posted
        """
        self._require("draft")
        self.action_preview()
        missing = self.line_ids.filtered("missing")
        if missing:
            raise UserError(
                self.env._(
                    "%s was below zero at the end of the year, so it has no periodic cost. Receive "
                    "or count it in first.",
                    missing[0].product_id.display_name,
                )
            )
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Periodic and perpetual LIFO are equal: nothing to post."))
        # sudo: the journal is the stock's own; who may post was asked by the button.
        move = self.env["account.move"].sudo().create(self._move_values(lines))
        move._post(soft=False)
        self.sudo().write({"account_move_id": move.id, "state": "posted"})

    def _move_values(self, lines):
        # sudo: accountants may not read the service's settings.
        journal = self.env["wms.valuation"].sudo().with_company(self.company_id)._journal()
        text = self.env._("Periodic LIFO at %s", self.date)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": self.date,
            "ref": text,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "product_id": line.product_id.id,
                        "name": text,
                        "balance": sign * line.amount,
                    }
                )
                for line in lines
                for account, sign in ((self.reserve_account_id, 1), (self.expense_account_id, -1))
            ],
        }

    def action_reverse(self):
        """Take the entry back by a second one, today."""
        self._require("posted")
        # sudo: as in action_post.
        reversal = self.account_move_id.sudo()._reverse_moves(
            [
                {
                    "date": fields.Date.context_today(self),
                    "journal_id": self.account_move_id.journal_id.id,
                }
            ]
        )
        reversal._post(soft=False)
        # sudo: states change by the buttons only.
        self.sudo().write({"reversal_id": reversal.id, "state": "reversed"})

    def _require(self, state):
        """Refuse a button that another person has pressed before.

        :raises UserError: the state has changed
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != state:
            raise UserError(self.env._("This was decided already. Reload the page."))

    @api.model_create_multi
    def create(self, vals_list):
        """A new adjustment is a preview.

        :raises AccessError: what the buttons decide was given
        """
        if not self.env.su:
            for vals in vals_list:
                self._refuse_decided(
                    name
                    for name, value in vals.items()
                    if value and (name, value) != ("state", "draft")
                )
        return super().create(vals_list)

    def write(self, vals):
        """Only a preview changes.

        :raises UserError: it was posted
        :raises AccessError: what the buttons decide was given
        """
        if not self.env.su:
            self._refuse_decided(vals)
            if any(adjustment.state != "draft" for adjustment in self):
                raise UserError(self.env._("A posted adjustment stays. Reverse it instead."))
        return super().write(vals)

    def _refuse_decided(self, names):
        found = sorted(_DECIDED.intersection(names))
        if found:
            raise AccessError(
                self.env._("%s is set by the buttons 'Post' and 'Reverse' only.", ", ".join(found))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(adjustment.state != "draft" for adjustment in self):
            raise UserError(self.env._("A posted adjustment stays. Reverse it instead."))


class WmsLifoAdjustmentLine(models.Model):
    _name = "wms.lifo.adjustment.line"
    _description = "Product of a periodic LIFO adjustment"
    _order = "id"

    adjustment_id = fields.Many2one(
        "wms.lifo.adjustment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="adjustment_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    qty = fields.Float("On hand", digits="Product Unit", readonly=True)
    perpetual = fields.Monetary("Perpetual LIFO", readonly=True)
    periodic = fields.Monetary("Periodic LIFO", readonly=True)
    before = fields.Monetary("Posted before", readonly=True)
    amount = fields.Monetary("To post", readonly=True, help="Debit of the LIFO reserve account.")
    missing = fields.Float("Below zero", digits="Product Unit", readonly=True)
