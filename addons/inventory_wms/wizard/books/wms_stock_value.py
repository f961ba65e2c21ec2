from odoo import api, fields, models

from ...services.books_values import age_bucket
from ...services.pdf_table import Column, Document, Section, draw

_AGES = [
    ("a30", "0-30 days"),
    ("b90", "31-90 days"),
    ("c180", "91-180 days"),
    ("d365", "181-365 days"),
    ("e366", "More than a year"),
    ("none", "No receipt of its own"),
]


class WmsStockValue(models.TransientModel):
    """Value of the goods at the end of any day: the same now and in ten years."""

    _name = "wms.stock.value"
    _description = "Stock value at a date"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("At the end of", required=True, default=fields.Date.context_today)
    detail = fields.Selection(
        [
            ("product", "Product"),
            ("age", "Receipt and age"),
            ("bin", "Warehouse and bin"),
        ],
        "By",
        required=True,
        default="product",
    )
    line_ids = fields.One2many("wms.stock.value.line", "report_id")
    value = fields.Monetary(compute="_compute_value")

    @api.depends("line_ids.value")
    def _compute_value(self):
        for report in self:
            report.value = sum(report.line_ids.mapped("value"))

    def action_show(self):
        """Compute the report and show it as list, pivot or graph."""
        self.ensure_one()
        self._fill()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_stock_value_line_action"
        )
        action["domain"] = [("report_id", "=", self.id)]
        group = {"product": "category"}.get(self.detail, self.detail)
        action["context"] = {f"search_default_group_{group}": 1}
        action["display_name"] = self.env._("Stock value, end of %s", self.date)
        return action

    def action_pdf(self):
        """Download the report on paper."""
        self.ensure_one()
        self._fill()
        return self.env["wms.books"]._download(
            f"stock_value_{self.date}.pdf", draw(self._document()), self
        )

    def _fill(self):
        """Compute the lines: a fixed number of statements, however many goods there are."""
        # sudo: accountants may read all cost rows; the lines are made by nobody by hand.
        books, report = self.env["wms.books"].sudo(), self.sudo()
        company, day = report.company_id, report.date
        read = {
            "product": books._pool_values,
            "age": books._value_by_receipt,
            "bin": books._value_by_bin,
        }[report.detail]
        report.line_ids.unlink()
        report.env["wms.stock.value.line"].create(
            [
                {
                    "report_id": report.id,
                    "product_id": row["product_id"],
                    "category_id": row["category_id"],
                    "layer_id": row.get("layer_id"),
                    "received_on": row.get("received_on"),
                    "age": self._age(row, day),
                    "location_id": row.get("location_id"),
                    "lot_id": row["lot_id"],
                    "place_id": row["place_id"],
                    "qty": row["qty"],
                    "value": row["value"],
                }
                for row in read(company, day)
                if row["qty"] or row["value"]
            ]
        )

    def _age(self, row, day):
        """The bucket of a row's age; no bucket in reports that are not by receipt."""
        if row.get("received_on"):
            return age_bucket((day - row["received_on"]).days)
        return self.detail == "age" and "none"

    def _document(self):
        amount = self.currency_id.format
        rows, total = [], 0.0
        label = {
            "age": lambda line: fields.Date.to_string(line.received_on) or "",
            "bin": lambda line: line.location_id.complete_name or "",
        }.get(self.detail, lambda line: line.category_id.complete_name or "")
        for line in self.line_ids.sorted(
            lambda line: (line.product_id.display_name or "", line.id)
        ):
            rows.append(
                [
                    line.product_id.display_name or "",
                    label(line),
                    f"{line.qty:g}",
                    amount(line.unit_cost),
                    amount(line.value),
                ]
            )
            total += line.value
        middle = {"age": "Received on", "bin": "Bin"}.get(self.detail, "Category")
        columns = [
            Column("Product", 4),
            Column(middle, 3),
            Column("Quantity", 1.3, number=True),
            Column("Unit cost", 1.5, number=True),
            Column("Value", 1.7, number=True),
        ]
        return Document(
            f"Stock value at the end of {self.date}",
            [
                self.company_id.name,
                "Cost layers less what was taken from them, by the date of the journal entry.",
            ],
            [Section("Goods", columns, rows, ["Total", "", "", "", amount(total)])],
            f"{self.company_id.name}, {self.date}",
        )


class WmsStockValueLine(models.TransientModel):
    _name = "wms.stock.value.line"
    _description = "Line of the stock value"
    _order = "id"

    report_id = fields.Many2one(
        "wms.stock.value", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="report_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    place_id = fields.Many2one("stock.location", "Kept at", readonly=True)
    location_id = fields.Many2one("stock.location", "Bin", readonly=True)
    warehouse_id = fields.Many2one(
        related="location_id.warehouse_id", store=True, string="Warehouse"
    )
    layer_id = fields.Many2one("wms.cost.layer", "Receipt", readonly=True)
    received_on = fields.Date(
        readonly=True,
        help="Empty: what is no receipt's, as the difference between the average and the receipts, "
        "or goods that left before they came.",
    )
    age = fields.Selection(_AGES, readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True)
    unit_cost = fields.Monetary(compute="_compute_unit_cost")

    def _compute_unit_cost(self):
        for line in self:
            line.unit_cost = line.value / line.qty if line.qty else 0

    def action_open_ledger(self):
        """Open the product's stock ledger up to the date."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_stock_ledger_action"
        )
        action["domain"] = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            ("date", "<=", fields.Date.to_string(self.report_id.date)),
        ]
        return action
