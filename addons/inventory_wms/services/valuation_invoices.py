"""Shipped, not invoiced: where a company sets that account, costs wait there for the invoice.

Units delivered and not invoiced wait in the order they left; a posted invoice
moves their cost to cost of goods sold.  An invoice that comes before the
delivery posts nothing; the delivery then expenses that many units at once.
"""

from odoo import models

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import ZERO, share
from .valuation_bills import Matching
from .valuation_numbers import Numbers


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _match_invoice(self, move, lines):
        """Dr cost of goods sold, Cr shipped not invoiced, for units of the lines shipped."""
        numbers = Numbers.of(self.env)
        rows = self.env["wms.cost.consumption"].search(
            [
                ("move_id.sale_line_id", "in", lines.sale_line_ids.ids),
                ("uninvoiced_qty", ">", 0),
            ],
            order="id",
        )
        matching = Matching(numbers, self._document_entry(move), {}) if rows else None
        for line in lines if rows else ():
            qty = self._line_qty(line, numbers)
            shipped = rows.filtered(
                lambda row, line=line: row.move_id.sale_line_id in line.sale_line_ids
            )
            if qty > 0 and shipped:
                self._invoice_line(line, qty, shipped, matching)
        if matching:
            self._finish_document(matching)

    def _invoice_line(self, line, qty, shipped, matching):
        cogs = self._account(line.product_id, "cogs")
        pairs = corrections.match(matching.open_of(shipped, "uninvoiced"), [Open(line.id, qty, 0)])
        for pair in pairs:
            row = shipped.browse(pair.left_key)
            matching.change(row, "uninvoiced", -pair.qty, -pair.left)
            matching.entry.post(cogs, row.account_id, line.product_id, pair.left)
            matching.add(line, "invoice", pair.qty, consumption_id=row.id, received_value=pair.left)

    def _withdraw_invoiced(self, row, matching):
        """The invoice went back to draft: its units wait again, but for those that came back."""
        source, numbers = row.consumption_id, matching.numbers
        qty, value = numbers.qty(row.qty), numbers.minor(row.received_value)
        out = numbers.qty(source.qty) - numbers.qty(source.returned_qty)
        again = min(qty, max(out - numbers.qty(source.uninvoiced_qty), ZERO))
        if not again:
            return
        value = share(value, again, qty)
        matching.change(source, "uninvoiced", again, value)
        cogs = self._account(row.product_id, "cogs")
        matching.entry.post(source.account_id, cogs, row.product_id, value)

    def _invoiced_ahead(self, moves, numbers):
        """sale line id -> units invoiced and not yet delivered, before these moves."""
        lines = moves.sale_line_id
        if not lines:
            return {}
        delivered = self.env["wms.cost.consumption"]._read_group(
            [("move_id.sale_line_id", "in", lines.ids)],
            ["move_id"],
            ["qty:sum", "uninvoiced_qty:sum", "returned_qty:sum"],
        )
        ahead = {}
        for line in lines:
            posted = line.invoice_lines.filtered(lambda row: row.parent_state == "posted")
            invoiced = sum((self._line_qty(row, numbers) for row in posted), ZERO)
            settled = sum(
                (
                    numbers.qty(qty) - numbers.qty(waiting) - numbers.qty(back)
                    for move, qty, waiting, back in delivered
                    if move.sale_line_id == line
                ),
                ZERO,
            )
            ahead[line.id] = max(invoiced - settled, ZERO)
        return ahead
