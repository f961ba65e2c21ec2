from odoo import Command, api, fields, models
from odoo.exceptions import UserError

_KINDS = [
    ("received", "Received, bill later"),
    ("billed", "Billed, goods later"),
    ("shipped", "Shipped, invoice later"),
    ("invoiced", "Invoiced, goods later"),
]


class WmsCutoff(models.TransientModel):
    """What lies on both sides of a period's end, with the accrual entry it suggests."""

    _name = "wms.cutoff"
    _description = "Cut-off"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Period end",
        required=True,
        default=lambda self: self.env["wms.close.period"]._last_month_end(),
    )
    line_ids = fields.One2many("wms.cutoff.line", "cutoff_id")
    accrued_account_id = fields.Many2one(
        "account.account",
        "Accrued revenue",
        check_company=True,
        help="For goods shipped and not yet invoiced; reversed on the next day.",
    )
    deferred_account_id = fields.Many2one(
        "account.account",
        "Deferred revenue",
        check_company=True,
        help="For goods invoiced and not yet shipped; reversed on the next day.",
    )
    accrual = fields.Monetary("Suggested accrual", compute="_compute_accrual")

    def _compute_display_name(self):
        for cutoff in self:
            cutoff.display_name = self.env._("Cut-off at %s", cutoff.date)

    @api.depends("line_ids.accrual")
    def _compute_accrual(self):
        for cutoff in self:
            cutoff.accrual = sum(cutoff.line_ids.mapped("accrual"))

    def action_show(self):
        """Find the order lines and show them."""
        self.ensure_one()
        # sudo: accountants may read all orders; the lines are made by nobody by hand.
        cutoff = self.sudo()
        cutoff.line_ids.unlink()
        cutoff.env["wms.cutoff.line"].create(cutoff._purchase_lines() + cutoff._sale_lines())
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("inventory_wms.wms_cutoff_view_result").id, "form")],
        }

    def _values(self, row, line, kind):
        return {
            "cutoff_id": self.id,
            "kind": kind,
            "product_id": line.product_id.id,
            "partner_id": line.order_id.partner_id.id,
            "reference": line.order_id.name,
            "moved": row["moved"],
            "billed": row["billed"],
            "moved_later": row["moved_later"],
            "billed_later": row["billed_later"],
        }

    def _ours(self, rows, model):
        """The rows with their order lines, of goods costed at movement only."""
        lines = self.env[model].browse([row["line_id"] for row in rows])
        return [
            (row, line)
            for row, line in zip(rows, lines, strict=True)
            if line.product_id.with_company(self.company_id)._wms_costed()
        ]

    def _unit_value(self, row, *sides):
        """Value of one unit by the first side that has units: a credit note may be all there is."""
        side = next((side for side in sides if row[side]), None)
        return row[f"{side}_value"] / row[side] if side else 0

    def _purchase_lines(self):
        """Goods received, not invoiced holds these already, so nothing is to be accrued."""
        found = []
        rows = self.env["wms.books"]._cutoff_purchases(self.company_id, self.date)
        for row, line in self._ours(rows, "purchase.order.line"):
            more = row["moved"] - row["billed"]
            sides = ("moved", "billed") if more > 0 else ("billed", "moved")
            unit = self._unit_value(row, *sides)
            kind = "received" if more > 0 else "billed"
            found.append(
                self._values(row, line, kind) | {"qty": abs(more), "value": abs(more) * unit}
            )
        return found

    def _sale_lines(self):
        found = []
        rows = self.env["wms.books"]._cutoff_sales(self.company_id, self.date)
        for row, line in self._ours(rows, "sale.order.line"):
            more = row["moved"] - row["billed"]
            kind = "shipped" if more > 0 else "invoiced"
            if more > 0:
                revenue = more * self._order_price(line)
                cost = more * self._unit_value(row, "moved")
            else:
                revenue = more * (self._unit_value(row, "billed") or self._order_price(line))
                cost = 0
            waits = self.env["wms.valuation"]._account(line.product_id, "shipped", required=False)
            found.append(
                self._values(row, line, kind)
                | {
                    "qty": abs(more),
                    "value": cost if more > 0 else -revenue,
                    "accrual": revenue,
                    "cost_accrual": cost if waits else 0,
                }
            )
        return found

    def _order_price(self, line):
        """Price of one unit of the product, without taxes, company currency."""
        units = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )
        price = line.price_subtotal / units if units else 0
        return price / (line.order_id.currency_rate or 1)

    def action_post(self):
        """Post the suggested entry at the period's end and its reversal on the next day.

        :raises UserError: nothing to accrue, or an account is missing
        """
        self.ensure_one()
        lines = self.line_ids.filtered("accrual")
        if not lines:
            raise UserError(self.env._("Nothing is to be accrued at this date."))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.date,
                "ref": self.env._("Cut-off at %s", self.date),
                "line_ids": [
                    Command.create(vals) for line in lines for vals in self._entry_lines(line)
                ],
            }
        )
        move._post(soft=False)
        reversal = move._reverse_moves(
            [
                {
                    "date": fields.Date.add(self.date, days=1),
                    "ref": self.env._("Reversal of %s", move.name),
                }
            ]
        )
        reversal._post(soft=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cut-off entries"),
            "res_model": "account.move",
            "domain": [("id", "in", (move | reversal).ids)],
            "view_mode": "list,form",
        }

    def _entry_lines(self, line):
        product = line.product_id.with_company(self.company_id)
        account = self.accrued_account_id if line.accrual > 0 else self.deferred_account_id
        income = product._get_product_accounts()["income"]
        if not account or not income:
            raise UserError(
                self.env._(
                    "Choose the accounts for accrued and deferred revenue, and see that %s has an "
                    "income account.",
                    product.display_name,
                )
            )
        base = {"product_id": product.id, "partner_id": line.partner_id.id, "name": line.reference}
        amounts = [(account, line.accrual), (income, -line.accrual)]
        if line.cost_accrual:
            cogs = self.env["wms.valuation"]._account(product, "cogs")
            amounts += [(cogs, line.cost_accrual), (account, -line.cost_accrual)]
        return [
            base | {"account_id": acc.id, "balance": self.currency_id.round(amount)}
            for acc, amount in amounts
        ]


class WmsCutoffLine(models.TransientModel):
    _name = "wms.cutoff.line"
    _description = "Order line at the cut-off"
    _order = "kind, id"

    cutoff_id = fields.Many2one("wms.cutoff", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="cutoff_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(_KINDS, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    reference = fields.Char("Order", readonly=True)
    moved = fields.Float(digits="Product Unit", readonly=True)
    billed = fields.Float(digits="Product Unit", readonly=True)
    qty = fields.Float("Open", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, help="At cost; at the invoiced price if not shipped.")
    moved_later = fields.Date("Moved after", readonly=True)
    billed_later = fields.Date("Billed after", readonly=True)
    accrual = fields.Monetary(
        "To accrue",
        readonly=True,
        help="Revenue; empty for purchases: goods received, not invoiced holds them already.",
    )
    cost_accrual = fields.Monetary("Cost to accrue", readonly=True)
