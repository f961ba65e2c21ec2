"""Vendor bills meet their receipts, unit by unit, in the order of both.

A bill line debits goods received not invoiced.  Its units are matched with the
units that the purchase line has received and not billed yet; where the price
differs, the difference goes to the layers for units still on hand and to the
variance account for units that have left.  What is billed before it arrives
waits; the receipt then takes the bill's price.  Refunds: valuation_refunds.py.
"""

from dataclasses import dataclass, field

from odoo import api, models

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import ZERO, spread_over
from .valuation_numbers import Entry, Numbers, PoolKey


@dataclass
class Matching:
    """One document on its way: what it can be matched with, and the rows that it adds.

    ``unbilled``, ``received``: purchase line id -> layers; ``refundable``: -> consumptions;
    ``waiting``: -> adjustments; ``moved``: receipt -> layers that hold its goods elsewhere; all
    of them read once for the document.
    """

    numbers: Numbers
    entry: Entry
    books: dict
    unbilled: dict = field(default_factory=dict)
    received: dict = field(default_factory=dict)
    refundable: dict = field(default_factory=dict)
    waiting: dict = field(default_factory=dict)
    moved: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)

    def open_of(self, rows, name):
        """Records as the engine's open units, by their fields ``<name>_qty`` and ``_value``."""
        return [
            Open(
                row.id,
                self.numbers.qty(row[f"{name}_qty"]),
                self.numbers.minor(row[f"{name}_value"]),
            )
            for row in rows
        ]

    def change(self, row, name, qty, value):
        """Add units and minor units to ``<name>_qty`` and ``<name>_value`` of a record."""
        numbers = self.numbers
        row[f"{name}_qty"] = float(numbers.qty(row[f"{name}_qty"]) + qty)
        row[f"{name}_value"] = numbers.amount(numbers.minor(row[f"{name}_value"]) + value)

    def add(self, line, kind, qty, **vals):
        """Add an adjustment row for a bill line; amounts in ``vals`` are minor units."""
        amounts = ("received_value", "billed_value", "on_hand", "consumed", "open_value")
        self.rows.append(
            {
                "company_id": self.numbers.company.id,
                "product_id": line.product_id.id,
                "purchase_line_id": line.purchase_line_id.id,
                "bill_line_id": line.id,
                "kind": kind,
                "qty": float(qty),
                "entry_key": self.entry.key,
                **{
                    name: self.numbers.amount(value) if name in amounts else value
                    for name, value in vals.items()
                },
            }
        )

    def add_moved(self, layer, value):
        """Add the row for a receipt's goods that lie in another layer now (minor units)."""
        self.rows.append(
            {
                "company_id": self.numbers.company.id,
                "product_id": layer.product_id.id,
                "purchase_line_id": layer.root_layer_id.purchase_line_id.id,
                "kind": "moved",
                "layer_id": layer.id,
                "on_hand": self.numbers.amount(value),
                "entry_key": self.entry.key,
            }
        )


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    @api.model
    def _match_documents(self, documents):
        """Match what was just posted: vendor bills, refunds and customer invoices."""
        for company, moves in documents.grouped("company_id").items():
            service = self.with_company(company)
            for move in moves.with_company(company):
                lines = service._costed_lines(move)
                if lines and move.is_purchase_document(include_receipts=True):
                    service._match_bill(move, lines)
                elif lines and move.is_sale_document(include_receipts=True):
                    service._match_invoice(move, lines)

    def _costed_lines(self, move):
        return move.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.product_id.is_storable
                and line.product_id.valuation == "perpetual_move"
            )
        )

    def _match_bill(self, move, lines):
        lines = lines.filtered(
            lambda line: line.account_id == self._account(line.product_id, "grni")
        ).sorted("id")
        if not lines:
            return
        matching = self._matching(move, lines)
        amounts = self._line_amounts(move, lines, matching.numbers)
        for line in lines:
            qty = self._line_qty(line, matching.numbers)
            if qty > 0:
                self._bill_line(line, Open(line.id, qty, amounts[line]), matching)
            elif qty < 0:
                self._refund_line(line, Open(line.id, -qty, -amounts[line]), matching)
        self._finish_document(matching)

    def _line_qty(self, line, numbers):
        """Units of the product that a line bills; negative when it takes them back."""
        qty = line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id, round=False
        )
        return numbers.qty(-qty if line.move_type in ("in_refund", "out_refund") else qty)

    def _matching(self, move, lines):
        """Lock the products' totals, then read what the lines can be matched with."""
        numbers = Numbers.of(self.env)
        orders = [("purchase_line_id", "in", lines.purchase_line_id.ids)]
        received = self.env["wms.cost.layer"].search(
            [*orders, ("kind", "in", ("receipt", "opening", "before"))], order="id"
        )
        moved = self._moved_layers(received)
        needs = {self._plain_pool(product): (ZERO, ()) for product in lines.product_id}
        for key, layers in received.union(*moved.values()).grouped(self._pool_of).items():
            needs[key] = (ZERO, tuple(layers.ids))
        books = self._open_books(numbers, needs)
        received.invalidate_recordset()
        refundable = self.env["wms.cost.consumption"].search(
            [
                ("move_id.purchase_line_id", "in", lines.purchase_line_id.ids),
                ("refundable_qty", ">", 0),
            ],
            order="id",
        )
        waiting = self.env["wms.cost.adjustment"].search(
            [*orders, ("open_qty", ">", 0)], order="id desc"
        )

        def by_order(rows):
            return rows.grouped(lambda row: row.purchase_line_id.id)

        return Matching(
            numbers,
            self._document_entry(move),
            books,
            by_order(received.filtered(lambda row: row.unbilled_qty > 0)),
            by_order(received),
            refundable.grouped(lambda row: row.move_id.purchase_line_id.id),
            by_order(waiting),
            moved,
        )

    def _pool_of(self, layer):
        """The pool that a layer is in."""
        return PoolKey(layer.product_id, layer.lot_id, layer.place_id)

    def _line_amounts(self, move, lines, numbers):
        """line -> what it debits to its account (minor units), taxes without account included."""
        amounts = {line: numbers.minor(line.balance) for line in lines}
        for tax_line in move.line_ids.filtered(lambda line: line.display_type == "tax"):
            bases = lines.filtered(
                lambda line, tax_line=tax_line: (
                    line.account_id == tax_line.account_id
                    and tax_line.tax_line_id in line.tax_ids.flatten_taxes_hierarchy()
                    and amounts[line]
                )
            )
            weights = [numbers.qty(abs(line.balance)) for line in bases]
            parts = spread_over(numbers.minor(tax_line.balance), weights)
            for line, part in zip(bases, parts, strict=True):
                amounts[line] += part
        return amounts

    def _document_entry(self, move):
        count = self.env["wms.cost.posting"].search_count([("document_id", "=", move.id)])
        return Entry(
            key=f"document:{move.id}:{count + 1}",
            event="bill" if move.is_purchase_document(include_receipts=True) else "invoice",
            document=move,
            reference=move.name or move.ref or "",
            date=move.date,
            partner=move.commercial_partner_id,
        )

    def _finish_document(self, matching):
        postings = {}
        if matching.entry.lines:
            postings = self._create_postings([matching.entry])
        if matching.rows:
            self.env["wms.cost.adjustment"].create(
                [self._row(row, postings) for row in matching.rows]
            )
        self._write_books(matching.books, matching.numbers, postings)
        self._update_costs(matching.books, matching.numbers)

    # ------------------------------------------------------------------------ bills
    def _bill_line(self, line, billed, matching):
        layers = matching.unbilled.get(line.purchase_line_id.id, ())
        pairs = corrections.match(matching.open_of(layers, "unbilled"), [billed])
        for pair in pairs:
            layer = layers.browse(pair.left_key)
            matching.change(layer, "unbilled", -pair.qty, -pair.left)
            split = self._correct_layer(layer, pair.difference, matching)
            matching.add(
                line,
                "bill",
                pair.qty,
                layer_id=layer.id,
                received_value=pair.left,
                billed_value=pair.right,
                on_hand=split.on_hand,
                consumed=split.consumed,
            )
        left = corrections.rest_of(billed, pairs)
        if left.qty:
            self._wait_for_receipt(line, left.qty, left.value, matching)

    def _wait_for_receipt(self, line, qty, value, matching):
        """Units of a line that nothing received: billed before receipt, or refunded too much."""
        matching.add(
            line, "prebill", qty, billed_value=value, open_qty=float(qty), open_value=value
        )

    def _correct_layer(self, layer, amount, matching):
        """Another price for units of a receipt: to the stock on hand, and to variance.

        :return: what the receipt's own layer took, and variance; goods that were moved have rows
            of their own
        """
        if not amount:
            return corrections.Split(0, 0)
        held = self._held(layer, matching)
        remaining = sum((qty for _part, _book, qty in held), ZERO)
        kept = matching.numbers.qty(layer.qty) - matching.numbers.qty(layer.cleared_qty)
        split = corrections.split_correction(amount, max(kept, remaining), remaining)
        grni = self._account(layer.product_id, "grni")
        parts = spread_over(split.on_hand, [qty for _part, _book, qty in held])
        own = 0
        for (part, book, _qty), value in zip(held, parts, strict=True):
            book.pool = corrections.revalue_layer(book.pool, part.id, value)
            source = layer if part.kind == "transfer" else part
            source.move_id.value += matching.numbers.amount(value)
            matching.entry.post(self._stock_account(book), grni, book.product, value)
            if part == layer:
                own = value
            else:
                matching.add_moved(part, value)
        variance = self._account(layer.product_id, "variance")
        matching.entry.post(variance, grni, layer.product_id, split.consumed)
        return corrections.Split(own, split.consumed)

    def _held(self, layer, matching):
        """Where a receipt's goods are now: (layer, its book, units), the receipt's own first."""
        held = []
        for part in [layer, *matching.moved.get(layer, ())]:
            book = matching.books[self._pool_of(part)]
            qty = next((row.qty for row in book.pool.layers if row.key == part.id), ZERO)
            if qty:
                held.append((part, book, qty))
        return held
