"""Changing the cost flow inside costing at movement, and leaving it: layers at other values."""

from collections import defaultdict

from odoo import models

from .valuation_opening import Goods


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    # ----------------------------------------------------------------------- inside
    def _write_inside(self, job, lines, numbers):
        """Layers at their new values; the difference of the ledger as one entry."""
        if not lines:
            return
        entry = self._opening_entry(job, lines)
        for line in lines:
            for account, balance in line.plan["balances"].items():
                entry.lines[(int(account), line.product_id.id, "")] = balance
        posting = self._create_postings([entry])[entry.key]
        for line in lines:
            for total in self._totals_of(line.product_id):
                self._revalue_pool(job, line, total, posting, numbers)

    def _revalue_pool(self, job, line, total, posting, numbers):
        values = self._layer_values_after(job, line, total, numbers)
        layers = self.env["wms.cost.layer"].browse(values)
        rows, moved = [], defaultdict(int)
        for layer in layers:
            change = values[layer.id] - numbers.minor(layer.remaining_value)
            if not change:
                continue
            rows.append(self._adjustment_of(layer, "opening", numbers.amount(change), posting))
            layer.remaining_value = numbers.amount(values[layer.id])
            if layer.move_id and layer.kind != "return":
                moved[layer.move_id] += change
        self.env["wms.cost.adjustment"].create(rows)
        for move, change in moved.items():
            move.value += numbers.amount(change)
        missing = numbers.minor(self._provisional_value(total))
        spread = self._spread_of(total)
        if spread.remaining_value:  # now part of the layers' values: the pool counts it once
            away = self._adjustment_of(spread, "opening", -spread.remaining_value, posting)
            self.env["wms.cost.adjustment"].create(away)
        self._write_spread(total, 0)
        total.write(
            {
                "value": numbers.amount(sum(values.values()) - missing),
                "carry": 0,
                "version": total.version + 1,
            }
        )
        self._update_cost_of(total)

    def _spread_of(self, totals):
        """Rows that keep what the pools' values and their layers' differ by (average method)."""
        return self.env["wms.cost.layer"].search(
            [("total_id", "in", totals.ids), ("kind", "=", "average")]
        )

    def _adjustment_of(self, layer, kind, amount, posting):
        return {
            "company_id": layer.company_id.id,
            "product_id": layer.product_id.id,
            "layer_id": layer.id,
            "kind": kind,
            "qty": layer.remaining_qty,
            "on_hand": amount,
            "posting_id": posting.id if posting else False,
        }

    # ------------------------------------------------------------------------ leave
    def _close_layers(self, job, lines):
        """Nothing remains on the layers; what they were is kept as adjustments."""
        totals = self.env["wms.cost.total"].search(
            [("company_id", "=", self.env.company.id), ("product_id", "in", lines.product_id.ids)]
        )
        layers = self.env["wms.cost.layer"].search(
            [("total_id", "in", totals.ids), ("remaining_qty", ">", 0)], order="id"
        )
        self.env["wms.cost.adjustment"].create(
            [self._adjustment_of(row, "closing", -row.remaining_value, False) for row in layers]
        )
        layers.write({"remaining_qty": 0, "remaining_value": 0})
        spreads = self._spread_of(totals)
        self.env["wms.cost.adjustment"].create(
            [self._adjustment_of(row, "closing", -row.remaining_value, False) for row in spreads]
        )
        spreads.write({"remaining_value": 0})
        for total in totals:
            total.write(
                {
                    "qty": 0,
                    "value": 0,
                    "carry": 0,
                    "version": total.version + 1,
                    "opened_at": False,
                }
            )
        self.env.flush_all()

    def _post_leaving(self, job, lines, worth, numbers):
        """The ledger at what Odoo reports from now on; the difference against the account."""
        if not lines:
            return
        entry = self._opening_entry(job, lines)
        for line in lines.with_company(self.env.company):
            product = line.product_id.with_company(self.env.company)
            if job.source == "given" and job.cost_flow in ("standard", "average"):
                product.standard_price = line.given_cost
            balances, after = worth[line.id], numbers.minor(product.total_value)
            balances[self._account(product, "valuation").id] += after
            goods = Goods(product, report=numbers.minor(line.value_report))
            vals = self._difference_of(job, goods, balances, numbers)
            for account, balance in vals["plan"]["balances"].items():
                entry.lines[(int(account), product.id, "")] = balance
            line.write(vals)
        posting = self._create_postings([entry])[entry.key]
        self._date_closing(lines, posting)

    def _date_closing(self, lines, posting):
        """The layers were closed on the day of the entry, not on that of the click."""
        rows = self.env["wms.cost.adjustment"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("product_id", "in", lines.product_id.ids),
                ("kind", "=", "closing"),
                ("posting_id", "=", False),
            ]
        )
        rows.posting_id = posting
