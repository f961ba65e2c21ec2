from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PERPETUAL = "perpetual_move"
# products looked at in the request itself; the cron does the others
_AT_ONCE = 60
_CHUNK = 40


class WmsValuationOpening(models.Model):
    _name = "wms.valuation.opening"
    _description = "Switch of the costing with goods on hand"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(compute="_compute_name")
    date = fields.Date("Accounting date", required=True, default=fields.Date.context_today)
    category_ids = fields.Many2many(
        "product.category", string="Categories", help="Their products are switched together."
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain="[('is_storable', '=', True)]",
        help="Single products: they move to the category below.",
    )
    target_category_id = fields.Many2one("product.category", "Into category")
    cost_flow = fields.Selection(
        selection="_select_flows", string="Cost flow", default="fifo", required=True
    )
    valuation = fields.Selection(
        [
            ("periodic", "Periodic (at closing)"),
            ("real_time", "Perpetual (at invoicing)"),
            (PERPETUAL, "Perpetual (at movement)"),
        ],
        default=PERPETUAL,
        required=True,
    )
    source = fields.Selection(
        [
            ("core", "Value now"),
            ("receipts", "Receipts at their own cost"),
            ("history", "Replay of all moves"),
            ("given", "Given unit costs"),
        ],
        "Opening cost",
        default="core",
        required=True,
        help="Value now: what the stock report says. Receipts: what the goods on hand cost when "
        "they came. Replay: every move since the first, in the new cost flow. Given: type a "
        "unit cost per product.",
    )
    account_id = fields.Many2one(
        "account.account",
        "Difference account",
        required=True,
        check_company=True,
        default=lambda self: self.env.company.wms_revaluation_account_id,
        help="Takes what ledger and layers differ by; never posted without being shown.",
    )
    stock_account_id = fields.Many2one(
        "account.account",
        "New stock account",
        check_company=True,
        help="Needed when goods that are not switched stay on the present stock account.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("previewing", "Calculating"),
            ("preview", "Preview"),
            ("applying", "Switching"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    was = fields.Selection(
        [("periodic", "Periodic"), ("real_time", "At invoicing"), (PERPETUAL, "At movement")],
        "Valuation before",
        readonly=True,
    )
    direction = fields.Selection(
        [("enter", "Begin"), ("inside", "Change the cost flow"), ("leave", "End")], readonly=True
    )
    line_ids = fields.One2many("wms.valuation.opening.line", "opening_id", "Lines")
    problem = fields.Text(readonly=True)
    progress = fields.Integer("Progress (%)", compute="_compute_progress")
    refused_count = fields.Integer("Refused", compute="_compute_progress")

    @api.model
    def _select_flows(self):
        return (
            self.env["product.category"]
            ._fields["property_cost_method"]
            ._description_selection(self.env)
        )

    @api.depends("valuation", "cost_flow", "date")
    def _compute_name(self):
        flows = dict(self._select_flows())
        modes = dict(self._fields["valuation"]._description_selection(self.env))
        for job in self:
            job.name = self.env._(
                "Switch to %(flow)s, %(mode)s",
                flow=flows.get(job.cost_flow),
                mode=modes.get(job.valuation),
            )

    @api.depends("line_ids.state")
    def _compute_progress(self):
        for job in self:
            states = job.line_ids.mapped("state")
            open_states = ("waiting",) if job.state == "previewing" else ("waiting", "ready")
            left = sum(state in open_states for state in states)
            job.progress = 100 * (len(states) - left) // len(states) if states else 0
            job.refused_count = states.count("refused")

    @api.constrains("product_ids", "category_ids", "target_category_id")
    def _check_choice(self):
        for job in self:
            if bool(job.product_ids) == bool(job.category_ids):
                raise ValidationError(self.env._("Choose either categories or single products."))
            if job.product_ids and not job.target_category_id:
                raise ValidationError(
                    self.env._("Single products need the category that they move to.")
                )

    def write(self, vals):
        """The state changes by the buttons only, and what has run keeps its question."""
        if not self.env.su:
            fixed = {"state", "was", "direction", "problem"} & set(vals)
            if fixed or any(job.state not in ("draft", "preview") for job in self):
                raise UserError(self.env._("Use the buttons; a switch that ran stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(job.state in ("applying", "done") for job in self):
            raise UserError(self.env._("A switch that has posted entries stays as their proof."))

    # ---------------------------------------------------------------------- buttons
    def action_preview(self):
        """Show per product what the switch does; nothing is written."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("draft", "preview"):
            raise UserError(self.env._("%s is running or done already.", self.name))
        # sudo: results are read only for the accountant too, and facts lie in many models.
        job = self.sudo().with_company(self.company_id)
        job._choose_direction()
        job._keep_lines()
        job.write({"state": "previewing", "problem": False})
        job._start()

    def action_apply(self):
        """Switch, and post what the preview says."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("preview", "applying"):
            raise UserError(self.env._("Calculate the preview first."))
        # sudo: nobody may write cost rows by hand.
        job = self.sudo().with_company(self.company_id)
        job._check_date()
        job.write({"state": "applying", "problem": False})
        job._start()

    # ---------------------------------------------------------------------- helpers
    def _check_accountant(self):
        if not self.env.user.has_group("inventory_wms.group_accountant"):
            raise UserError(self.env._("Only accountants may switch the costing."))

    def _check_date(self):
        service = self.env["wms.valuation"].with_company(self.company_id)
        first = service._first_open_date(self.date, service._journal())
        if first != self.date:
            raise UserError(
                self.env._(
                    "%(day)s is in a locked period. Take %(first)s or a later day.",
                    day=fields.Date.to_string(self.date),
                    first=fields.Date.to_string(first),
                )
            )

    def _choose_direction(self):
        """From where to where; all chosen products must come from the same mode.

        :raises UserError: when there is nothing to switch, or two modes at once
        """
        company = self.company_id
        if self.category_ids:
            modes = {
                category.property_valuation or company.inventory_valuation
                for category in self.category_ids.with_company(company)
            }
        else:
            modes = set(self.product_ids.with_company(company).mapped("valuation"))
            self._check_target()
        if len(modes) > 1:
            raise UserError(
                self.env._("Switch goods of one valuation at a time: these have several.")
            )
        (was,) = modes
        if PERPETUAL not in (was, self.valuation):
            raise UserError(
                self.env._("Odoo switches between these itself: change the category directly.")
            )
        direction = "inside" if was == self.valuation else "leave"
        self.write({"was": was, "direction": "enter" if was != PERPETUAL else direction})
        if self.valuation == PERPETUAL:
            self.env["wms.valuation"]._require_books(company)
        self._check_source()

    def _check_target(self):
        target = self.target_category_id.with_company(self.company_id)
        mode = target.property_valuation or self.company_id.inventory_valuation
        flow = target.property_cost_method or self.company_id.cost_method
        if (mode, flow) != (self.valuation, self.cost_flow):
            raise UserError(
                self.env._(
                    "%(category)s is costed in another way than chosen here.",
                    category=target.display_name,
                )
            )
        # a category is the same for all companies, an opening is one company's
        self.product_ids.product_tmpl_id._wms_refuse_switch(target, elsewhere=True)

    def _check_source(self):
        if self.direction != "enter" and self.source == "history":
            raise UserError(self.env._("A replay of all moves is for the beginning only."))
        if self.direction == "leave" and self.cost_flow == "fifo" and self.source == "given":
            raise UserError(
                self.env._("Odoo's FIFO takes its costs from the receipts: choose 'Value now'.")
            )
        if self.direction == "enter" and not self.stock_account_id:
            self._check_shared_account()

    def _check_shared_account(self):
        """Refuse to take over an account whose closings belong to other goods as well.

        :raises UserError: names the account
        """
        service = self.env["wms.valuation"]
        for account in service._shared_accounts(self._products()):
            raise UserError(
                self.env._(
                    "%(account)s carries closing entries of goods that are not switched. Choose a "
                    "new stock account for the goods that are.",
                    account=account.display_name,
                )
            )

    def _products(self):
        """All storable products that are switched, archived ones included."""
        products = self.env["product.product"].with_context(active_test=False)
        if self.product_ids:
            domain = [("product_tmpl_id", "in", self.product_ids.product_tmpl_id.ids)]
        else:
            domain = [("categ_id", "in", self.category_ids.ids)]
        allowed = ("company_id", "in", (False, self.company_id.id))
        return products.search([*domain, allowed, ("is_storable", "=", True)], order="id")

    def _keep_lines(self):
        """One line per product; unit costs that were typed stay."""
        products = self._products()
        gone = self.line_ids.filtered(lambda line: line.product_id not in products)
        gone.unlink()
        self._add_lines(products)
        self.line_ids.write({"state": "waiting"})

    def _add_lines(self, products):
        """Lines for the products that have none; return whether there were such."""
        new = products - self.line_ids.product_id
        self.env["wms.valuation.opening.line"].create(
            [
                {"opening_id": self.id, "product_id": product.id, "given_cost": cost}
                for product in new.with_company(self.company_id)
                for cost in [product.standard_price]
            ]
        )
        return bool(new)

    def _start(self):
        if self._work(_AT_ONCE):
            self.env.ref("inventory_wms.ir_cron_opening")._trigger()

    def _work(self, limit):
        """Go on with some products; return how many are left."""
        self.ensure_one()
        job = self.with_company(self.company_id)
        if job.state == "previewing":
            return job._work_preview(limit)
        return job._work_switch(limit)

    def _work_preview(self, limit):
        lines = self.env["wms.valuation.opening.line"]
        domain = [("opening_id", "=", self.id), ("state", "=", "waiting")]
        waiting = lines.search(domain, limit=limit, order="id")
        if waiting:
            self.env["wms.valuation"]._preview_opening(waiting)
        left = lines.search_count(domain)
        if not left:
            self.state = "preview"
        return left

    def _work_switch(self, limit):
        """Switch unit by unit (a category, or a product with its variants)."""
        done = 0
        if self._add_lines(self._products()):
            return self._look_again()
        for category, lines in self._units():
            if done and done + len(lines) > limit:
                return len(self.line_ids.filtered(lambda line: line.state == "ready")) or 1
            done += len(lines)
            service = self.env["wms.valuation"].with_context(wms_opening_id=self.id)
            if not service._apply_opening(lines, category):
                return self._look_again()
        self.state = "done"
        return 0

    def _look_again(self):
        """Go back to the preview: what was not switched yet is calculated once more."""
        self.state = "previewing"
        self.problem = self.env._(
            "Goods have moved since the preview. What was not switched yet is calculated again; "
            "look at it and confirm once more."
        )
        return 1

    def _units(self):
        """What is switched in one piece and is not yet: (category, lines)."""
        if self.product_ids:
            lines = self.line_ids.filtered(lambda line: line.state != "done")
            by_template = lines.grouped(lambda line: line.product_id.product_tmpl_id)
            return [(self.target_category_id, some) for some in by_template.values()]
        by_category = self.line_ids.grouped(lambda line: line.product_id.categ_id)
        none = self.env["wms.valuation.opening.line"]
        company = self.company_id
        return [
            (category, by_category.get(category, none))
            for category in self.category_ids.sorted("id").with_company(company)
            if (category.property_valuation, category.property_cost_method)
            != (self.valuation, self.cost_flow)
        ]

    @api.model
    def _cron_work(self):
        """Go on with running switches, each chunk in its own commit."""
        running = [("state", "in", ("previewing", "applying"))]
        for job in self.search(running, order="id"):
            while job.state in ("previewing", "applying"):
                try:
                    left = job._work(_CHUNK)
                except UserError as error:
                    self.env.cr.rollback()
                    job.write({"state": "preview", "problem": str(error)})
                    left = 0
                if not self.env["ir.cron"]._commit_progress(_CHUNK, remaining=left):
                    return


class WmsValuationOpeningLine(models.Model):
    _name = "wms.valuation.opening.line"
    _description = "Switch of a product's costing"
    _order = "opening_id, id"
    _rec_name = "product_id"

    opening_id = fields.Many2one(
        "wms.valuation.opening", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="opening_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("ready", "Ready"),
            ("refused", "Refused"),
            ("done", "Switched"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    given_cost = fields.Float("Given unit cost", digits="Product Price")
    qty = fields.Float("On hand", digits="Product Unit", readonly=True)
    value_report = fields.Monetary("Value per report", readonly=True)
    value_ledger = fields.Monetary("Value per ledger", readonly=True)
    value_replay = fields.Monetary("Value per replay", readonly=True)
    value_after = fields.Monetary("Value after", readonly=True)
    unbilled_value = fields.Monetary("Received, not billed", readonly=True)
    prebilled_value = fields.Monetary("Billed, not received", readonly=True)
    shipped_value = fields.Monetary("Delivered, not invoiced", readonly=True)
    preinvoiced_value = fields.Monetary("Invoiced, not delivered", readonly=True)
    difference = fields.Monetary(readonly=True, help="Debited to the difference account.")
    remarks = fields.Char("Why they differ", readonly=True)
    fingerprint = fields.Char(readonly=True)
    plan = fields.Json(readonly=True)

    def write(self, vals):
        """Only the unit cost is the accountant's, and only before the switch."""
        if not self.env.su:
            changed = set(vals) - {"given_cost"}
            if changed or any(line.opening_id.state not in ("draft", "preview") for line in self):
                raise UserError(self.env._("Only unit costs can be typed, before the switch."))
            vals = vals | {"fingerprint": False}
        return super().write(vals)
