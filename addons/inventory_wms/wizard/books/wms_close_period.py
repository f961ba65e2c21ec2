from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...services.books_guard import LOCKS


class WmsClosePeriod(models.TransientModel):
    """Close a period: set a lock date after stock and ledger were compared on it."""

    _name = "wms.close.period"
    _description = "Close a period"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    date = fields.Date("Close up to", required=True, default=lambda self: self._last_month_end())
    lock = fields.Selection(
        [
            ("fiscalyear_lock_date", "All entries (accountants may make exceptions)"),
            ("tax_lock_date", "Tax return"),
            ("hard_lock_date", "All entries, for ever"),
        ],
        required=True,
        default="fiscalyear_lock_date",
    )
    current = fields.Date("Closed already up to", compute="_compute_current")
    differences = fields.Text(compute="_compute_differences")
    agrees = fields.Boolean(compute="_compute_differences")
    may_override = fields.Boolean(compute="_compute_may_override")
    reason = fields.Char(help="Kept with the differences, your name and the date.")

    @api.model
    def _last_month_end(self):
        return fields.Date.subtract(fields.Date.start_of(fields.Date.today(), "month"), days=1)

    @api.depends("lock", "company_id")
    def _compute_current(self):
        for wizard in self:
            wizard.current = wizard.company_id[wizard.lock] if wizard.lock in LOCKS else False

    @api.depends("date", "company_id")
    def _compute_differences(self):
        # sudo: the comparison reads entries of all journals.
        books = self.env["wms.books"].sudo()
        for wizard in self:
            rows = books._blocking(wizard.company_id, wizard.date) if wizard.date else []
            wizard.agrees = not rows
            wizard.differences = books._describe(wizard.company_id, rows)

    def _compute_may_override(self):
        self.may_override = self.env.user.has_group("inventory_wms.group_close_anyway")

    def action_close(self):
        """Set the lock date; with differences only by those who may, and with a reason.

        :raises AccessError: for users who do not administer the accounting
        :raises RedirectWarning: stock and ledger differ
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(
                self.env._("Closing a period needs the rights of an accounting administrator.")
            )
        vals = {self.lock: self.date}
        if not self.agrees and self.reason:
            vals["wms_lock_reason"] = self.reason
        # sudo: lock dates are the company's; the right was asked above.
        self.company_id.sudo().write(vals)
        return {"type": "ir.actions.act_window_close"}

    def action_compare(self):
        """Show every account and product of the day, with the documents that differ."""
        self.ensure_one()
        run = self.env["wms.reconciliation"].create(
            {"company_id": self.company_id.id, "date": self.date}
        )
        return run.action_compare()
