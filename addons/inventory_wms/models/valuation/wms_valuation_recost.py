from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

# products costed in the request itself; the cron does the others
_AT_ONCE = 40
_CHUNK = 20


class WmsValuationRecost(models.Model):
    _name = "wms.valuation.recost"
    _description = "Recost from a date"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(compute="_compute_name")
    since = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.today().replace(day=1),
        help="Receipts, deliveries and bills from this day on are put where their dates belong. "
        "What was entered before keeps its cost.",
    )
    since_at = fields.Datetime(compute="_compute_since_at", store=True)
    date = fields.Date(
        "Accounting date",
        compute="_compute_date",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Day of the difference entries: the first open one.",
    )
    product_ids = fields.Many2many("product.product", string="Products")
    category_ids = fields.Many2many("product.category", string="Categories")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("previewing", "Calculating"),
            ("preview", "Preview"),
            ("applying", "Posting"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("wms.valuation.recost.line", "recost_id", "Lines")
    move_ids = fields.One2many("wms.valuation.recost.move", "recost_id", "Shipments")
    account_ids = fields.One2many("wms.valuation.recost.account", "recost_id", "Accounts")
    progress = fields.Integer("Progress (%)", compute="_compute_progress")
    refused_count = fields.Integer("Refused", compute="_compute_progress")
    difference = fields.Monetary("Stock value changes by", compute="_compute_progress")

    @api.depends("since")
    def _compute_name(self):
        for job in self:
            job.name = self.env._("Recost from %s", fields.Date.to_string(job.since))

    @api.depends("since")
    def _compute_since_at(self):
        """Midnight of the day where the user is, as the database keeps it."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        for job in self:
            local = datetime.combine(job.since or fields.Date.today(), time.min, tzinfo=zone)
            job.since_at = local.astimezone(UTC).replace(tzinfo=None)

    @api.depends("since")
    def _compute_date(self):
        for job in self:
            # sudo: who chooses a date need not read journals.
            service = self.env["wms.valuation"].sudo().with_company(job.company_id)
            job.date = job.since and service._first_open_date(job.since, service._journal())

    @api.depends("line_ids.state", "line_ids.difference")
    def _compute_progress(self):
        for job in self:
            states = job.line_ids.mapped("state")
            open_states = ("waiting",) if job.state == "previewing" else ("waiting", "ready")
            left = sum(state in open_states for state in states)
            job.progress = 100 * (len(states) - left) // len(states) if states else 0
            job.refused_count = states.count("refused")
            job.difference = sum(job.line_ids.mapped("difference"))

    # ---------------------------------------------------------------------- buttons
    def action_preview(self):
        """Replay the products and show what would change; nothing is posted."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("draft", "preview"):
            raise UserError(self.env._("%s is running or done already.", self.name))
        self._check_open()
        # sudo: the results are read only, also for the accountant.
        job = self.sudo()
        job._clear()
        totals = job._totals()
        if not totals:
            raise UserError(
                self.env._(
                    "None of these products is costed at movement. Choose products or categories "
                    "whose valuation is Perpetual (at movement)."
                )
            )
        # sudo: as above.
        self.env["wms.valuation.recost.line"].sudo().create(
            [{"recost_id": job.id, "total_id": total.id} for total in totals]
        )
        job.state = "previewing"
        job._start()

    def action_apply(self):
        """Post the differences of the preview."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("preview", "applying"):
            raise UserError(self.env._("Calculate the preview of %s first.", self.name))
        self._check_open()
        # sudo: nobody may write cost rows by hand.
        self.sudo().state = "applying"
        self.sudo()._start()

    def action_open_moves(self):
        """Each shipment whose cost changes: before, after, difference."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shipments of %s", self.name),
            "res_model": "wms.valuation.recost.move",
            "view_mode": "list,pivot",
            "domain": [("recost_id", "=", self.id)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(job.state in ("applying", "done") for job in self):
            raise UserError(self.env._("A recost that has posted entries stays as their proof."))

    def write(self, vals):
        """The state changes by the buttons only, and what has run keeps its question."""
        fixed = "state" in vals or any(job.state not in ("draft", "preview") for job in self)
        if fixed and not self.env.su:
            raise UserError(self.env._("Use the buttons; a recost that ran stays as it is."))
        return super().write(vals)

    # ---------------------------------------------------------------------- helpers
    def _check_accountant(self):
        if not self.env.user.has_group("inventory_wms.group_accountant"):
            raise UserError(self.env._("Only accountants may recost products."))

    def _check_open(self):
        """Refuse days in a locked period.

        :raises UserError: names the first open day
        """
        # sudo: who starts it need not read journals.
        service = self.env["wms.valuation"].sudo().with_company(self.company_id)
        journal = service._journal()
        for day in (self.since, self.date):
            first = service._first_open_date(day, journal)
            if first != day:
                raise UserError(
                    self.env._(
                        "%(day)s is in a locked period. Recost from %(first)s on, or open the "
                        "period first.",
                        day=fields.Date.to_string(day),
                        first=fields.Date.to_string(first),
                    )
                )

    def _clear(self):
        for name in ("move_ids", "account_ids", "line_ids"):
            self[name].unlink()

    def _totals(self):
        """The pools of the chosen products; of all products when none is chosen."""
        domain = [("company_id", "=", self.company_id.id)]
        if self.product_ids or self.category_ids:
            domain += [
                "|",
                ("product_id", "in", self.product_ids.ids),
                ("product_id.categ_id", "child_of", self.category_ids.ids),
            ]
        totals = self.env["wms.cost.total"].search(domain, order="product_id, id")
        return totals.filtered(lambda t: t.product_id.with_company(t.company_id)._wms_costed())

    def _start(self):
        """Do the first products at once and leave the others to the cron."""
        if self._work(_AT_ONCE):
            self.env.ref("inventory_wms.ir_cron_recost")._trigger()

    def _work(self, limit):
        """Go on with at most ``limit`` products; return how many are left."""
        self.ensure_one()
        wanted = "waiting" if self.state == "previewing" else "ready"
        service = self.env["wms.valuation"].with_company(self.company_id)
        lines = self.env["wms.valuation.recost.line"].with_company(self.company_id)
        domain = [("recost_id", "=", self.id), ("state", "=", wanted)]
        for line in lines.search(domain, limit=limit, order="id"):
            step = service._preview_recost if wanted == "waiting" else service._apply_recost
            step(line)
        left = lines.search_count(domain)
        if not left:
            self._finish()
        return left

    def _finish(self):
        if self.state == "previewing":
            self.env["wms.valuation"]._sum_recost_accounts(self)
            self.state = "preview"
        elif any(line.state == "waiting" for line in self.line_ids):
            self.state = "previewing"  # moved since: look at those again
        else:
            self.state = "done"

    @api.model
    def _cron_work(self):
        """Go on with running jobs, some products at a time, each chunk in its own commit."""
        running = [("state", "in", ("previewing", "applying"))]
        for job in self.search(running, order="id"):
            while job.state in ("previewing", "applying"):
                left = job._work(_CHUNK)
                if not self.env["ir.cron"]._commit_progress(_CHUNK, remaining=left):
                    return


class WmsValuationRecostLine(models.Model):
    _name = "wms.valuation.recost.line"
    _description = "Recost of a product"
    _order = "recost_id, id"
    _rec_name = "product_id"

    recost_id = fields.Many2one(
        "wms.valuation.recost", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recost_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    total_id = fields.Many2one(
        "wms.cost.total", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="total_id.product_id", store=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("ready", "Changes"),
            ("same", "No change"),
            ("refused", "Refused"),
            ("done", "Posted"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    version = fields.Integer(readonly=True, help="Of the stock value that was previewed.")
    upto = fields.Integer(readonly=True, help="Last posting that the replay has seen.")
    value_before = fields.Monetary("Stock value now", readonly=True)
    value_after = fields.Monetary("Stock value after", readonly=True)
    difference = fields.Monetary(compute="_compute_difference", store=True)
    lines = fields.Json(readonly=True, help="Balance per account (company currency).")
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, ondelete="restrict")

    @api.depends("value_before", "value_after")
    def _compute_difference(self):
        for line in self:
            line.difference = line.value_after - line.value_before


class WmsValuationRecostMove(models.Model):
    _name = "wms.valuation.recost.move"
    _description = "Recost of a shipment"
    _order = "recost_id, date, id"

    line_id = fields.Many2one(
        "wms.valuation.recost.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    recost_id = fields.Many2one(related="line_id.recost_id", store=True, index=True)
    company_id = fields.Many2one(related="recost_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    move_id = fields.Many2one("stock.move", "Stock move", readonly=True, ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, ondelete="cascade")
    date = fields.Datetime(readonly=True)
    account_id = fields.Many2one("account.account", "Charged to", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    cost_before = fields.Monetary("Cost now", readonly=True)
    cost_after = fields.Monetary("Cost after", readonly=True)
    difference = fields.Monetary(readonly=True)
    before = fields.Char("Receipts now", readonly=True)
    after = fields.Char("Receipts after", readonly=True)


class WmsValuationRecostAccount(models.Model):
    _name = "wms.valuation.recost.account"
    _description = "Recost per account"
    _order = "recost_id, account_id"

    recost_id = fields.Many2one(
        "wms.valuation.recost", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recost_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", required=True, readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
