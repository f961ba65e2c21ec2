from odoo import api, fields, models


class WmsStockTurnover(models.TransientModel):
    """How often the stock was sold in a period: cost of goods sold by the average stock."""

    _name = "wms.stock.turnover"
    _description = "Stock turnover"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._year_ago())
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("wms.stock.turnover.line", "report_id")

    _in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The period ends before it begins."
    )

    @api.model
    def _year_ago(self):
        return fields.Date.subtract(fields.Date.context_today(self), years=1)

    def action_show(self):
        """Compute the report and show it."""
        self.ensure_one()
        # sudo: accountants may read all cost rows; the lines are made by nobody by hand.
        report, books = self.sudo(), self.env["wms.books"].sudo()
        company = report.company_id
        before = fields.Date.subtract(report.date_from, days=1)
        opening = books._values(company, before)
        closing = books._values(company, report.date_to)
        cogs = books._cogs(company, report.date_from, report.date_to)
        days = (report.date_to - report.date_from).days + 1
        report.line_ids.unlink()
        lines = report.env["wms.stock.turnover.line"]
        lines.create(
            [
                lines._prepare(report, product, (opening, closing, cogs), days)
                for product in sorted(opening.keys() | closing.keys() | cogs.keys())
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_stock_turnover_line_action"
        )
        action["domain"] = [("report_id", "=", self.id)]
        return action


class WmsStockTurnoverLine(models.TransientModel):
    _name = "wms.stock.turnover.line"
    _description = "Turnover of a product"
    _order = "cogs desc, id"

    report_id = fields.Many2one("wms.stock.turnover", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one(
        related="product_id.categ_id", store=True, string="Category", readonly=True
    )
    opening = fields.Monetary("Stock before", readonly=True)
    closing = fields.Monetary("Stock after", readonly=True)
    average = fields.Monetary("Average stock", readonly=True)
    cogs = fields.Monetary("Goods sold", readonly=True, help="Cost of goods sold in the period.")
    turns = fields.Float(
        "Turns a year", readonly=True, aggregator=None, help="Cost of a year by average stock."
    )
    cover = fields.Float("Days of stock", readonly=True, digits=(10, 0), aggregator=None)

    @api.model
    def _prepare(self, report, product, parts, days):
        opening, closing, cogs = parts
        first, last = (values.get(product, (0, 0))[1] for values in (opening, closing))
        sold, average = cogs.get(product, 0.0), (first + last) / 2
        return {
            "report_id": report.id,
            "product_id": product,
            "opening": first,
            "closing": last,
            "average": average,
            "cogs": sold,
            "turns": sold * 365 / days / average if average > 0 else 0,
            "cover": max(last, 0) * days / sold if sold > 0 else 0,
        }
