"""Shipped, not invoiced: where a company sets that account, costs wait there for the invoice.

Of each order line as many units wait as are out (delivered less returned) and not invoiced
(invoices less credit notes).  An invoice moves the cost of units that wait to cost of goods
sold, the oldest first; a credit note for goods that stay with the customer, or an invoice that
goes back to draft, moves the newest back.  An invoice that comes before the delivery posts
nothing; the delivery then expenses that many units at once.
"""

from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..engine.cost_layers import ZERO, share
from .valuation_bills import Matching
from .valuation_numbers import Numbers

_STILL_EXPENSED = (("value", 1), ("returned_value", -1), ("uninvoiced_value", -1))


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _match_invoice(self, move, lines):
        """Let as much wait as is shipped and not invoiced, now that a document came or went."""
        numbers = Numbers.of(self.env)
        orders = lines.sale_line_ids
        self._notice_deliveries(orders.product_id, numbers)
        rows = self.env["wms.cost.consumption"].search(
            [("move_id.sale_line_id", "in", orders.ids)], order="id"
        )
        rows = rows.filtered(lambda row: row.product_id == row.move_id.sale_line_id.product_id)
        waits = rows.filtered(lambda row: row.account_id != self._account(row.product_id, "cogs"))
        if not waits:
            return
        matching = Matching(numbers, self._document_entry(move), {})
        by_order = waits.grouped(lambda row: row.move_id.sale_line_id)
        others = self._expensed_at_once(rows - waits, orders, numbers)
        for order, shipped in by_order.items():
            line = lines.filtered(lambda line, order=order: order in line.sale_line_ids)[:1]
            invoiced = max(self._invoiced(order, numbers) - others.get(order.id, ZERO), ZERO)
            self._balance_shipped(line, shipped, invoiced, matching)
        self._finish_document(matching)

    def _notice_deliveries(self, products, numbers):
        """Let an invoice and a delivery of the same goods at the same time notice each other.

        Each decides by what the other has written, as its snapshot shows it; so both write the
        product's plain pool, and whichever comes second begins anew. A lock alone would let the
        second go on with what it has read before.
        """
        waiting = products._wms_costed().filtered(
            lambda product: self._account(product, "shipped", required=False)
        )
        if not waiting:
            return
        totals = self._lock_totals([self._plain_pool(product) for product in waiting], numbers)
        self.env.cr.execute(
            SQL(
                "UPDATE wms_cost_total SET version = version + 1 WHERE id = ANY(%s)",
                [total_id for ((total_id, _spread), *_numbers) in totals.values()],
            )
        )
        self.env["wms.cost.total"].invalidate_model(["version"])

    def _invoiced(self, order, numbers):
        """Units that posted invoices less credit notes of a sale order line say."""
        posted = order.invoice_lines.filtered(lambda row: row.parent_state == "posted")
        return sum((self._line_qty(row, numbers) for row in posted), ZERO)

    def _expensed_at_once(self, rows, orders, numbers):
        """sale line id -> units out that never waited: delivered before the account was set."""
        missing = self.env["wms.cost.deficit"].search(
            [("move_id.sale_line_id", "in", orders.ids), ("open_qty", ">", 0)]
        )
        found = defaultdict(lambda: ZERO)
        for row in rows:
            out = numbers.qty(row.qty) - numbers.qty(row.returned_qty)
            found[row.move_id.sale_line_id.id] += out
        for row in missing:
            found[row.move_id.sale_line_id.id] += numbers.qty(row.open_qty)
        return found

    def _balance_shipped(self, line, rows, invoiced, matching):
        """Expense units of an order line that wait too long, or let them wait again."""
        numbers = matching.numbers
        out = sum((numbers.qty(row.qty) - numbers.qty(row.returned_qty) for row in rows), ZERO)
        waiting = sum((numbers.qty(row.uninvoiced_qty) for row in rows), ZERO)
        left = waiting - max(out - invoiced, ZERO)
        for row in rows if left > 0 else reversed(rows):
            waits = numbers.qty(row.uninvoiced_qty)
            if left > 0:
                units = min(left, waits)
                worth, whole = numbers.minor(row.uninvoiced_value), waits
            else:
                whole = numbers.qty(row.qty) - numbers.qty(row.returned_qty) - waits
                units = -min(-left, whole)
                worth = sum(sign * numbers.minor(row[name]) for name, sign in _STILL_EXPENSED)
            if units:
                value = share(worth, abs(units), whole)
                self._expense(line, row, units, value if units > 0 else -value, matching)
                left -= units

    def _expense(self, line, row, units, value, matching):
        """Dr cost of goods sold, Cr shipped not invoiced (swapped for units below zero)."""
        matching.change(row, "uninvoiced", -units, -value)
        cogs = self._account(row.product_id, "cogs")
        matching.entry.analytic = row.move_id.sale_line_id.analytic_distribution
        matching.entry.post(cogs, row.account_id, row.product_id, value)
        matching.add(line, "invoice", units, consumption_id=row.id, received_value=value)

    def _invoiced_ahead(self, moves, numbers):
        """sale line id -> units invoiced and not yet delivered, before these moves."""
        lines = moves.sale_line_id
        if not lines:
            return {}
        rows = self.env["wms.cost.consumption"].search([("move_id.sale_line_id", "in", lines.ids)])
        settled = self._expensed_at_once(rows, lines, numbers)
        for row in rows:
            settled[row.move_id.sale_line_id.id] -= numbers.qty(row.uninvoiced_qty)
        return {
            line.id: max(self._invoiced(line, numbers) - settled.get(line.id, ZERO), ZERO)
            for line in lines
        }
