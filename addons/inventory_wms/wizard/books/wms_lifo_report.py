from odoo import api, fields, models


class WmsLifoReport(models.TransientModel):
    """LIFO reserve of the goods on hand, its change over a period, and old layers sold in it."""

    _name = "wms.lifo.report"
    _description = "LIFO reserve"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, default=lambda self: self._year_start())
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    warning = fields.Char(compute="_compute_warning")
    line_ids = fields.One2many("wms.lifo.report.line", "report_id", "Reserve by product")
    sale_ids = fields.One2many("wms.lifo.report.sale", "report_id", "Old layers sold")
    lifo = fields.Monetary("LIFO value", compute="_compute_sums")
    fifo = fields.Monetary("FIFO value", compute="_compute_sums")
    reserve = fields.Monetary(compute="_compute_sums")
    change = fields.Monetary(compute="_compute_sums")
    effect = fields.Monetary("Effect of liquidation", compute="_compute_sums")

    _in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The period ends before it begins."
    )

    @api.model
    def _year_start(self):
        company = self.env.company
        return company.compute_fiscalyear_dates(fields.Date.context_today(self))["date_from"]

    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "LIFO reserve, %(first)s to %(last)s", first=report.date_from, last=report.date_to
            )

    @api.depends("company_id")
    def _compute_warning(self):
        for report in self:
            report.warning = self.env["wms.books"]._lifo_warning(report.company_id)[1]

    @api.depends("line_ids", "sale_ids")
    def _compute_sums(self):
        for report in self:
            for name in ("lifo", "fifo", "reserve", "change"):
                report[name] = sum(report.line_ids.mapped(name))
            report.effect = sum(report.sale_ids.mapped("effect"))

    def action_show(self):
        """Compute the reserve at both ends of the period and show it."""
        self.ensure_one()
        # sudo: accountants may read all cost rows; the lines are made by nobody by hand.
        report, books = self.sudo(), self.env["wms.books"].sudo()
        company = report.company_id
        before = fields.Date.subtract(report.date_from, days=1)
        opening = {row["total_id"]: row for row in books._lifo_reserve(company, before)}
        cogs = books._cogs(company, report.date_from, report.date_to)
        report.line_ids.unlink()
        report.sale_ids.unlink()
        report._add_lines(books._lifo_reserve(company, report.date_to), opening, cogs)
        report.env["wms.lifo.report.sale"].create(
            [
                {
                    "report_id": report.id,
                    **{
                        name: row[name]
                        for name in ("product_id", "layer_id", "qty", "value", "current", "effect")
                    },
                    "date": row["day"],
                    "move_id": row["move_id"],
                }
                for row in books._lifo_liquidations(company, report.date_from, report.date_to)
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("inventory_wms.wms_lifo_report_view_result").id, "form")],
        }

    def _add_lines(self, closing, opening, cogs):
        """One line per product: its pools together."""
        products = {}
        for pool in closing:
            row = products.setdefault(
                pool["product_id"],
                {"qty": 0, "lifo": 0, "fifo": 0, "reserve": 0, "opening": 0},
            )
            start = opening.get(pool["total_id"], {})
            row["category_id"] = pool["category_id"]
            row["qty"] += pool["qty"]
            row["lifo"] += pool["value"]
            row["fifo"] += pool["fifo"]
            row["reserve"] += pool["reserve"]
            row["opening"] += start.get("reserve", 0)
        self.env["wms.lifo.report.line"].create(
            [
                {
                    "report_id": self.id,
                    "product_id": product,
                    **row,
                    "change": row["reserve"] - row["opening"],
                    "cogs_lifo": cogs.get(product, 0),
                    "cogs_fifo": cogs.get(product, 0) - row["reserve"] + row["opening"],
                }
                for product, row in products.items()
            ]
        )


class WmsLifoReportLine(models.TransientModel):
    _name = "wms.lifo.report.line"
    _description = "LIFO reserve of a product"
    _order = "reserve desc, id"

    report_id = fields.Many2one("wms.lifo.report", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    qty = fields.Float("On hand", digits="Product Unit", readonly=True)
    lifo = fields.Monetary("LIFO value", readonly=True)
    fifo = fields.Monetary("FIFO value", readonly=True)
    reserve = fields.Monetary(readonly=True, help="FIFO value less LIFO value.")
    opening = fields.Monetary("Reserve before", readonly=True)
    change = fields.Monetary(readonly=True)
    cogs_lifo = fields.Monetary(
        "Sold, LIFO", readonly=True, help="Cost of goods sold in the period."
    )
    cogs_fifo = fields.Monetary(
        "Sold, FIFO", readonly=True, help="Cost of goods sold less the change of the reserve."
    )


class WmsLifoReportSale(models.TransientModel):
    _name = "wms.lifo.report.sale"
    _description = "Old layer sold"
    _order = "date, id"

    report_id = fields.Many2one("wms.lifo.report", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    move_id = fields.Many2one("stock.move", "Sold by", readonly=True)
    picking_id = fields.Many2one(related="move_id.picking_id", string="Delivery")
    layer_id = fields.Many2one("wms.cost.layer", "Receipt", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary("Cost charged", readonly=True)
    current = fields.Monetary("Current unit cost", readonly=True)
    effect = fields.Monetary(
        readonly=True, help="What the units would have cost at current cost, less their cost."
    )

    def action_open_trace(self):
        """Open the receipts that the delivery came from."""
        self.ensure_one()
        return self.move_id.picking_id.action_wms_costs()
