from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...services.valuation_numbers import Numbers
from ...services.valuation_revaluation import Wish

#: model that the wizard is opened on -> its field of the wizard
_SOURCES = {
    "product.product": "product_ids",
    "wms.cost.total": "total_ids",
    "wms.cost.layer": "layer_ids",
    "wms.cost.write.down": "layer_ids",
}


class WmsCostRevalue(models.TransientModel):
    """What goods on hand are worth now and would be worth, before an accountant decides."""

    _name = "wms.cost.revalue"
    _description = "Revalue stock"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("revaluation", "Revaluation"),
            ("write_down", "Write-down to net realisable value"),
            ("write_up", "Reversal of write-downs"),
        ],
        required=True,
        default="revaluation",
    )
    entry = fields.Selection(
        [("cost", "Unit cost"), ("amount", "Amount")],
        "Enter",
        required=True,
        default="cost",
        help="Unit cost: the new cost, or the net realisable value, of one unit. Amount: by how "
        "much the value changes.",
    )
    date = fields.Date(
        "Accounting date", required=True, default=lambda self: fields.Date.context_today(self)
    )
    account_id = fields.Many2one(
        "account.account",
        "Against",
        check_company=True,
        help="Empty: the revaluation account of each product's category or company.",
    )
    reason = fields.Char(required=True)
    product_ids = fields.Many2many(
        "product.product", string="Products", domain="[('is_storable', '=', True)]"
    )
    total_ids = fields.Many2many("wms.cost.total", string="Pools")
    layer_ids = fields.Many2many("wms.cost.layer", string="Receipts")
    line_ids = fields.One2many(
        "wms.cost.revalue.line",
        "wizard_id",
        "Goods",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary("Change of value", compute="_compute_amount")
    warning = fields.Char(compute="_compute_warning")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        name = _SOURCES.get(self.env.context.get("active_model"))
        if name in fields_list:
            values[name] = [Command.set(self.env.context.get("active_ids") or [])]
        return values

    @api.depends("product_ids", "total_ids", "layer_ids", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = [Command.create(vals) for vals in wizard._line_values()]
            wizard.line_ids = [Command.clear(), *lines]

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.line_ids.mapped("amount"))

    @api.depends("kind", "company_id")
    def _compute_warning(self):
        for wizard in self:
            wizard.warning = wizard._reversal_warning() if wizard.kind == "write_up" else False

    def _reversal_warning(self):
        if not self.company_id.wms_no_write_ups:
            return False
        return self.env._(
            "%s never reverses write-downs (US GAAP, ASC 330-10-35-14: the lower value is the new "
            "cost). Under IFRS, switch this off in the inventory settings, under Valuation.",
            self.company_id.name,
        )

    def _line_values(self):
        """One line per chosen layer, else per pool that has goods on hand."""
        if self.layer_ids:
            layers = self.layer_ids._origin.filtered(
                lambda layer: layer.remaining_qty > 0 and layer.company_id == self.company_id
            )
            return [{"total_id": layer.total_id.id, "layer_id": layer.id} for layer in layers]
        totals = self.total_ids._origin
        if self.product_ids:
            totals |= totals.search(
                [
                    ("product_id", "in", self.product_ids._origin.ids),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        return [{"total_id": total.id} for total in totals if total.qty > 0]

    def action_apply(self):
        """Revalue the goods and post the difference.

        :return: the action that shows what was recorded
        :raises UserError: when nothing changes, or the goods changed since the form was opened
        """
        self.ensure_one()
        self.env["wms.door"]._take_turn(self.line_ids.product_id)
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Nothing changes. Enter a unit cost or amount on a line."))
        if self.warning:
            raise UserError(self.warning)
        lines._check_still_true()
        # sudo: an accountant decides, but only the service writes cost layers.
        valuation = self.env["wms.valuation"].sudo().with_company(self.company_id)
        document = valuation._new_document(self.kind, self.reason, self.date, self.account_id)
        valuation._change_values(document, [line._wish() for line in lines.sudo()])
        return {
            "type": "ir.actions.act_window",
            "res_model": "wms.cost.revaluation",
            "res_id": document.id,
            "view_mode": "form",
        }


class WmsCostRevalueLine(models.TransientModel):
    """Goods of one pool or receipt, and what they would be worth."""

    _name = "wms.cost.revalue.line"
    _description = "Goods to revalue"

    wizard_id = fields.Many2one("wms.cost.revalue", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="total_id.currency_id")
    total_id = fields.Many2one("wms.cost.total", required=True, ondelete="cascade")
    layer_id = fields.Many2one("wms.cost.layer", "Receipt", ondelete="cascade")
    product_id = fields.Many2one(related="total_id.product_id")
    lot_id = fields.Many2one(related="total_id.lot_id")
    place_id = fields.Many2one(related="total_id.place_id")
    version = fields.Integer(
        compute="_compute_version",
        store=True,
        precompute=True,
        readonly=False,
        help="Of the pool when the form was opened.",
    )
    qty = fields.Float("On hand", digits="Product Unit", compute="_compute_now", store=True)
    value = fields.Monetary("Value now", compute="_compute_now", store=True)
    below_cost = fields.Monetary(
        compute="_compute_now",
        store=True,
        help="Written down before: more than this can't be reversed.",
    )
    unit_cost = fields.Float(
        "Unit cost", digits="Product Price", compute="_compute_now", store=True
    )
    new_cost = fields.Float("New unit cost", digits="Product Price")
    new_amount = fields.Monetary("Change by")
    amount = fields.Monetary("Change of value", compute="_compute_amount")
    new_value = fields.Monetary(compute="_compute_amount")

    @api.depends("total_id")
    def _compute_version(self):
        for line in self:
            line.version = line.total_id.version

    @api.depends("total_id", "layer_id")
    def _compute_now(self):
        totals = self.total_id
        down = self.env["wms.cost.write.down"]._read_group(
            [("total_id", "in", totals.ids)], ["total_id", "layer_id"], ["amount:sum"]
        )
        for line in self:
            total, layer = line.total_id, line.layer_id
            line.qty = layer.remaining_qty if layer else total.qty
            line.value = layer.remaining_value if layer else total.value
            if layer and total.product_id._wms_cost_flow() in ("average", "standard"):
                share = line.qty / total.qty if total.qty else 0
                line.value = line.currency_id.round(total.value * share)
            line.unit_cost = line.value / line.qty if line.qty else 0
            line.below_cost = sum(
                amount
                for pool, receipt, amount in down
                if pool == total and receipt in (layer or receipt)
            )

    @api.depends(
        "new_cost", "new_amount", "value", "qty", "below_cost", "wizard_id.kind", "wizard_id.entry"
    )
    def _compute_amount(self):
        for line in self:
            line.amount = line._change() if line.total_id else 0
            line.new_value = line.value + line.amount

    def _change(self):
        """By how much the line's value changes: what the service will make of it."""
        wizard, numbers = self.wizard_id, Numbers.of(self.env)
        if wizard.entry == "amount":
            sign = {"write_down": -1, "write_up": 1}.get(wizard.kind)
            return sign * abs(self.new_amount) if sign else self.new_amount
        if not self.new_cost and wizard.kind != "write_down":
            return 0
        exact = numbers.fraction(self.new_cost) * numbers.exact(self.qty)
        change = round(float(exact)) * numbers.rounding - self.value
        if wizard.kind == "write_down":
            change = min(change, 0)
        if wizard.kind == "write_up":
            change = min(max(change, 0), self.below_cost)
        return self.currency_id.round(change)

    def _check_still_true(self):
        """Refuse to decide on numbers that have changed, and to reverse more than was lost.

        :raises UserError: names the product
        """
        for line in self:
            if line.version != line.total_id.version:
                raise UserError(
                    self.env._(
                        "%s moved since you opened this form. Open it again to see what is on "
                        "hand now.",
                        line.product_id.display_name,
                    )
                )
            over = line.amount - line.below_cost
            if line.wizard_id.kind == "write_up" and line.currency_id.compare_amounts(over, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: only %(left)s of its write-downs are left to reverse; goods "
                        "are never lifted above what they cost (IAS 2.33).",
                        product=line.product_id.display_name,
                        left=line.currency_id.format(line.below_cost),
                    )
                )

    def _wish(self):
        """The line as the valuation service takes it."""
        numbers = Numbers.of(self.with_company(self.wizard_id.company_id).env)
        if self.wizard_id.entry == "cost":
            return Wish(self.total_id, self.layer_id, cost=numbers.fraction(self.new_cost))
        return Wish(self.total_id, self.layer_id, amount=numbers.minor(self.amount))
