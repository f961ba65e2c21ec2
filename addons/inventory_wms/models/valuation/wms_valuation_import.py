from odoo import api, fields, models
from odoo.exceptions import UserError

_AT_ONCE = 200
_CHUNK = 100


class WmsValuationImport(models.Model):
    _name = "wms.valuation.import"
    _description = "Opening stock from a file"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char("File name", default="Opening stock", required=True)
    file = fields.Binary(
        help="CSV or XLSX; first row: product, lot, quantity, unit cost, date, location."
    )
    date = fields.Date("Date of rows without one", required=True, default=fields.Date.context_today)
    location_id = fields.Many2one(
        "stock.location",
        "Location of rows without one",
        required=True,
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        default=lambda self: (
            self.env["stock.warehouse"]
            .search([("company_id", "=", self.env.company.id)], limit=1)
            .lot_stock_id
        ),
    )
    account_id = fields.Many2one(
        "account.account",
        "Opening balance account",
        required=True,
        check_company=True,
        help="Credited with the value of the stock; the opening entry of the old books debits it.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("running", "Booking"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("wms.valuation.import.line", "import_id", "Rows")
    error_count = fields.Integer("Rows with errors", compute="_compute_counts")
    known_count = fields.Integer("Imported before", compute="_compute_counts")
    new_count = fields.Integer("To book", compute="_compute_counts")
    value = fields.Monetary("Value to book", compute="_compute_counts")

    @api.depends("line_ids.state", "line_ids.value")
    def _compute_counts(self):
        for job in self:
            by_state = job.line_ids.grouped("state")
            none = job.line_ids.browse()
            job.error_count = len(by_state.get("error", none))
            job.known_count = len(by_state.get("known", none))
            job.new_count = len(by_state.get("new", none))
            job.value = sum(by_state.get("new", none).mapped("value"))

    def write(self, vals):
        """The state changes by the buttons only."""
        fixed = "state" in vals or any(job.state in ("running", "done") for job in self)
        if fixed and not self.env.su:
            raise UserError(self.env._("Use the buttons; what is booked stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(job.state in ("running", "done") for job in self):
            raise UserError(self.env._("An import that has booked stock stays as its proof."))

    # ---------------------------------------------------------------------- buttons
    def action_check(self):
        """Dry run: read the file or the typed rows, and say per row what is wrong."""
        self.ensure_one()
        self._check_accountant()
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("%s is booked already.", self.name))
        # sudo: products, locations and lots are looked up whoever may read them.
        job = self.sudo().with_company(self.company_id)
        service = self.env["wms.valuation"].sudo().with_company(self.company_id)
        if job.file:
            job.line_ids.unlink()
            service._read_stock_file(job)
        if not job.line_ids:
            raise UserError(self.env._("Choose a file, or type rows."))
        service._check_stock_rows(job.line_ids)
        job.state = "checked"

    def action_book(self):
        """Book the rows: stock moves at the given costs, and their entries."""
        self.ensure_one()
        self._check_accountant()
        self.action_check() if self.state in ("draft", "checked") else None
        if self.error_count:
            raise UserError(
                self.env._("%s rows have errors; nothing was booked.", self.error_count)
            )
        # sudo: an accountant need not be allowed to move goods.
        job = self.sudo().with_company(self.company_id)
        job.state = "running"
        if job._work(_AT_ONCE):
            self.env.ref("inventory_wms.ir_cron_stock_import").sudo()._trigger()

    def _check_accountant(self):
        if not self.env.user.has_group("inventory_wms.group_accountant"):
            raise UserError(self.env._("Only accountants may import stock with its costs."))

    def _work(self, limit):
        """Book some rows, oldest first; return how many are left."""
        lines = self.env["wms.valuation.import.line"].with_company(self.company_id)
        domain = [("import_id", "=", self.id), ("state", "=", "new")]
        rows = lines.search(domain, limit=limit, order="date, id")
        self.env["wms.valuation"].with_company(self.company_id)._book_stock_rows(rows)
        left = lines.search_count(domain)
        if not left:
            self.state = "done"
        return left

    @api.model
    def _cron_work(self):
        """Go on with running imports, each chunk in its own commit."""
        for job in self.search([("state", "=", "running")], order="id"):
            left = 1
            while left:
                left = job.with_company(job.company_id)._work(_CHUNK)
                if not self.env["ir.cron"]._commit_progress(_CHUNK, remaining=left):
                    return


class WmsValuationImportLine(models.Model):
    _name = "wms.valuation.import.line"
    _description = "Row of opening stock"
    _order = "import_id, number, id"
    _rec_name = "product_text"

    import_id = fields.Many2one(
        "wms.valuation.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer("Row", readonly=True)
    product_text = fields.Char("Product in file", readonly=True)
    location_text = fields.Char("Location in file", readonly=True)
    product_id = fields.Many2one("product.product", domain="[('is_storable', '=', True)]")
    lot_name = fields.Char("Lot/serial number")
    location_id = fields.Many2one("stock.location", domain="[('usage', '=', 'internal')]")
    qty = fields.Float("Quantity", digits="Product Unit")
    unit_cost = fields.Float(digits="Product Price")
    date = fields.Date()
    value = fields.Monetary(compute="_compute_value", store=True)
    state = fields.Selection(
        [
            ("typed", "Not checked"),
            ("new", "To book"),
            ("known", "Imported before"),
            ("error", "Error"),
            ("done", "Booked"),
        ],
        default="typed",
        required=True,
        readonly=True,
    )
    file_error = fields.Char(readonly=True)
    error = fields.Char(readonly=True)
    row_key = fields.Char(readonly=True)
    move_id = fields.Many2one("stock.move", readonly=True, ondelete="restrict")

    _once = models.UniqueIndex(
        "(company_id, row_key) WHERE state = 'done'", "This row has been imported before."
    )

    @api.depends("qty", "unit_cost")
    def _compute_value(self):
        for line in self:
            line.value = line.currency_id.round(line.qty * line.unit_cost)

    def write(self, vals):
        """Booked rows stay; results are not typed."""
        if not self.env.su:
            fixed = {"state", "row_key", "move_id", "error", "file_error", "import_id"} & set(vals)
            if fixed or any(line.state == "done" for line in self):
                raise UserError(self.env._("Booked rows and results can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(line.state == "done" for line in self):
            raise UserError(self.env._("Booked rows stay as the proof of their stock."))
