from odoo import api, fields, models
from odoo.exceptions import UserError

ROLES = [
    ("valuation", "Stock"),
    ("grni", "Goods received, not invoiced"),
    ("shipped", "Goods shipped, not invoiced"),
]
CAUSES = [
    ("manual", "Entry by hand"),
    ("document", "Bill or invoice straight on the account"),
    ("core", "Goods that Odoo costs itself"),
    ("changed", "Entry differs from its stock event"),
    ("period", "Entry lies in another period"),
    ("pending", "Not posted yet"),
]


class WmsReconciliation(models.Model):
    """One comparison of ledger and stock: what differs, and which documents are to blame."""

    _name = "wms.reconciliation"
    _description = "Reconciliation of stock and ledger"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("At the end of", required=True, default=fields.Date.context_today)
    origin = fields.Selection(
        [("manual", "By hand"), ("nightly", "Nightly")],
        default="manual",
        required=True,
        readonly=True,
    )
    compared_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("new", "Not compared"), ("clean", "Agrees"), ("different", "Differs")],
        default="new",
        required=True,
        readonly=True,
    )
    ledger = fields.Monetary("Stock in the ledger", readonly=True)
    books = fields.Monetary("Stock in layers", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="Sum of all differences, none offset by another."
    )
    line_ids = fields.One2many("wms.reconciliation.line", "run_id", "Accounts and products")
    cause_ids = fields.One2many("wms.reconciliation.cause", "run_id", "Documents")

    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Stock and ledger, %s", run.date)

    @api.model
    def action_compare_now(self):
        """Compare today's ledger with the stock of the current company and show the result."""
        run = self.create({"company_id": self.env.company.id})
        return run.action_compare()

    def action_compare(self):
        """Compare anew, and show the result.

        :raises UserError: a nightly comparison is kept as it was found
        """
        self.ensure_one()
        self.check_access("write")
        if self.origin == "nightly":
            raise UserError(self.env._("A nightly comparison is kept. Make a new one instead."))
        self._compare(complete=True)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _compare(self, complete):
        """Fill the run.

        :param complete: all accounts and products, else only those that differ
        """
        self.ensure_one()
        # sudo: nobody writes the lines of a comparison by hand.
        books, run = self.env["wms.books"].sudo(), self.sudo()
        found = books._compare(run.company_id, run.date)
        is_zero = run.company_id.currency_id.is_zero
        wrong = [row for row in found if not is_zero(row.difference) or books._is_pending(row)]
        stock = [row for row in found if row.role == "valuation"]
        run.line_ids.unlink()
        run._add_lines(found if complete else wrong)
        run.write(
            {
                "compared_on": fields.Datetime.now(),
                "state": "different" if wrong else "clean",
                "ledger": sum(row.ledger - row.core for row in stock),
                "books": sum(row.books for row in stock),
                "difference": sum(abs(row.difference) for row in found),
            }
        )

    def _add_lines(self, rows):
        lines = self.env["wms.reconciliation.line"].create(
            [
                {
                    "run_id": self.id,
                    "role": row.role,
                    "account_id": row.account_id,
                    "product_id": row.product_id or False,
                    "qty": row.qty,
                    "ledger": row.ledger,
                    "core": row.core,
                    "books": row.books,
                    "difference": row.difference,
                    "unexplained": row.unexplained,
                }
                for row in rows
            ]
        )
        self.env["wms.reconciliation.cause"].create(
            [
                {
                    "line_id": line.id,
                    "kind": cause["kind"],
                    "amount": cause["amount"],
                    "account_move_id": cause["account_move_id"],
                    "posting_id": cause["posting_id"],
                    "label": cause["label"],
                }
                for line, row in zip(lines, rows, strict=True)
                for cause in row.causes
            ]
        )

    @api.model
    def _cron_reconcile(self):
        """Every night: compare each company, keep what differs, tell the accountants."""
        for company in self.env["res.company"].search([("wms_stock_journal_id", "!=", False)]):
            if self.env["wms.books"]._uses_ledger(company):
                run = self.with_company(company).create(
                    {"company_id": company.id, "origin": "nightly"}
                )
                run._compare(complete=False)
                run._notify()
                self.env["ir.cron"]._commit_progress(1)

    def _notify(self):
        """Ask the company's accountants to look at a comparison that differs."""
        self.ensure_one()
        if self.state != "different":
            return
        for user in self.env["wms.books"]._accountants(self.company_id):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Stock and ledger differ"),
                note=self.env._(
                    "Differences: %(count)s, in sum %(amount)s. The documents behind them are "
                    "listed; nothing was corrected.",
                    count=len(self.line_ids),
                    amount=self.company_id.currency_id.format(self.difference),
                ),
            )


class WmsReconciliationLine(models.Model):
    _name = "wms.reconciliation.line"
    _description = "Account and product of a reconciliation"
    _order = "run_id desc, role desc, id"

    run_id = fields.Many2one(
        "wms.reconciliation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    role = fields.Selection(ROLES, readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    qty = fields.Float("Units", digits="Product Unit", readonly=True)
    ledger = fields.Monetary(readonly=True)
    core = fields.Monetary(
        "Costed by Odoo", readonly=True, help="Of the ledger: goods whose costs Odoo keeps itself."
    )
    books = fields.Monetary("Stock", readonly=True, help="Layers, or what is still open.")
    difference = fields.Monetary(readonly=True, help="Ledger less stock.")
    unexplained = fields.Monetary(
        readonly=True, help="No document explains this part: rows were changed from outside."
    )
    cause_ids = fields.One2many("wms.reconciliation.cause", "line_id", "Documents")

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_id.display_name or line.account_id.display_name

    def action_open_items(self):
        """Open the journal items behind the ledger's side."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_moves_all")
        action["domain"] = [
            ("account_id", "=", self.account_id.id),
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
        ]
        if self.role == "valuation":
            action["domain"].append(("date", "<=", fields.Date.to_string(self.run_id.date)))
        action["context"] = {}
        return action

    def action_open_books(self):
        """Open the stock ledger behind the stock's side."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_stock_ledger_action"
        )
        action["domain"] = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            ("date", "<=", fields.Date.to_string(self.run_id.date)),
        ]
        action["context"] = {}
        return action


class WmsReconciliationCause(models.Model):
    _name = "wms.reconciliation.cause"
    _description = "Document that makes stock and ledger differ"
    _order = "id"

    line_id = fields.Many2one(
        "wms.reconciliation.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    run_id = fields.Many2one(related="line_id.run_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(related="line_id.account_id")
    product_id = fields.Many2one(related="line_id.product_id")
    kind = fields.Selection(CAUSES, readonly=True)
    label = fields.Char("Document", readonly=True)
    amount = fields.Monetary(readonly=True, help="Its part of the difference.")
    account_move_id = fields.Many2one("account.move", "Journal entry", readonly=True)
    posting_id = fields.Many2one("wms.cost.posting", "Stock event", readonly=True)

    def action_open_document(self):
        """Open the entry, or the stock event that has none yet."""
        self.ensure_one()
        record = self.account_move_id or self.posting_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
