"""Vendor bills and refunds meet their receipts, unit by unit, in the order of both.

A bill line debits goods received not invoiced.  Its units are matched with the
units that the purchase line has received and not billed yet; where the price
differs, the difference goes to the layers for units still on hand and to the
variance account for units that have left.  What is billed before it arrives
waits; the receipt then takes the bill's price.
"""

from collections import defaultdict

from odoo import api, models

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import ZERO, share, spread_over
from .valuation_numbers import Entry, Numbers


def _rest(whole, pairs):
    """What the pairs left of the right side."""
    return Open(
        whole.key,
        whole.qty - sum((pair.qty for pair in pairs), ZERO),
        whole.value - sum(pair.right for pair in pairs),
    )


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    @api.model
    def _match_documents(self, documents):
        """Match what was just posted: vendor bills and refunds."""
        for company, moves in documents.grouped("company_id").items():
            service = self.with_company(company)
            for move in moves.with_company(company):
                lines = service._costed_lines(move)
                if lines and move.is_purchase_document(include_receipts=True):
                    service._match_bill(move, lines)

    @api.model
    def _withdraw_documents(self, documents):
        """Open again what documents had matched before they went back to draft."""
        for company, moves in documents.grouped("company_id").items():
            service = self.with_company(company)
            for move in moves.with_company(company):
                rows = self.env["wms.cost.adjustment"].search(
                    [
                        ("bill_line_id", "in", move.line_ids.ids),
                        ("reversed", "=", False),
                    ],
                    order="id desc",
                )
                if rows:
                    service._withdraw_bill(move, rows)

    def _costed_lines(self, move):
        return move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
            and line.product_id.is_storable
            and line.product_id.valuation == "perpetual_move"
        )

    def _match_bill(self, move, lines):
        numbers = Numbers.of(self.env)
        lines = lines.filtered(
            lambda line: line.account_id == self._account(line.product_id, "grni")
        )
        amounts = self._line_amounts(move, lines, numbers)
        layers = self._unbilled_layers(lines.purchase_line_id)
        books = self._books_of_layers(layers, numbers)
        entry = self._document_entry(move)
        for line in lines.sorted("id"):
            qty = line.product_uom_id._compute_quantity(
                line.quantity, line.product_id.uom_id, round=False
            )
            qty = numbers.qty(-qty if move.move_type == "in_refund" else qty)
            order_line = line.purchase_line_id
            mine = layers.filtered(lambda row, order_line=order_line: order_line and row.purchase_line_id == order_line)
            if qty > 0:
                self._bill_line(line, Open(line.id, qty, amounts[line]), mine, books, entry)
            elif qty < 0:
                self._refund_line(line, Open(line.id, -qty, -amounts[line]), entry)
        self._finish_document(entry, books, numbers)

    def _line_amounts(self, move, lines, numbers):
        """line -> what it debits to its account (minor units), taxes without account included."""
        amounts = {line: numbers.minor(line.balance) for line in lines}
        for tax_line in move.line_ids.filtered(lambda line: line.display_type == "tax"):
            bases = lines.filtered(
                lambda line, tax_line=tax_line: line.account_id == tax_line.account_id
                and tax_line.tax_line_id in line.tax_ids.flatten_taxes_hierarchy()
                and amounts[line]
            )
            weights = [numbers.qty(abs(line.balance)) for line in bases]
            parts = spread_over(numbers.minor(tax_line.balance), weights)
            for line, part in zip(bases, parts, strict=True):
                amounts[line] += part
        return amounts

    def _unbilled_layers(self, purchase_lines):
        return self.env["wms.cost.layer"].search(
            [("purchase_line_id", "in", purchase_lines.ids), ("unbilled_qty", ">", 0)], order="id"
        )

    def _books_of_layers(self, layers, numbers):
        needs = {
            product: (ZERO, tuple(rows.ids)) for product, rows in layers.grouped("product_id").items()
        }
        return self._open_books(numbers, needs)

    def _document_entry(self, move):
        count = self.env["wms.cost.posting"].search_count([("document_id", "=", move.id)])
        return Entry(
            key=f"bill:{move.id}:{count + 1}",
            event="bill",
            document=move,
            reference=move.name or move.ref or "",
            date=move.date,
            partner=move.commercial_partner_id,
        )

    def _finish_document(self, entry, books, numbers):
        rows = any(book.adjustments for book in books.values())
        if not rows and not entry.lines:
            return
        postings = self._create_postings([entry])
        self._write_books(books, numbers, postings)
        self._update_costs(books, numbers)

    # ------------------------------------------------------------------------ bills
    def _bill_line(self, line, billed, layers, books, entry):
        numbers = Numbers.of(self.env)
        pairs = corrections.match(
            [
                Open(row.id, numbers.qty(row.unbilled_qty), numbers.minor(row.unbilled_value))
                for row in layers
            ],
            [billed],
        )
        for pair in pairs:
            layer = layers.browse(pair.left_key)
            book = books[layer.product_id.id]
            layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) - pair.qty)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) - pair.left)
            split = self._correct_layer(book, layer, pair.difference, pair.qty, entry)
            book.adjust(layer.id, self._bill_row(line, pair, split, numbers, entry))
        waiting = _rest(billed, pairs)
        if waiting.qty:
            self._wait_for_receipt(line, waiting.qty, waiting.value, numbers)

    def _bill_row(self, line, pair, split, numbers, entry):
        return {
            "kind": "bill",
            "purchase_line_id": line.purchase_line_id.id,
            "bill_line_id": line.id,
            "qty": float(pair.qty),
            "received_value": numbers.amount(pair.left),
            "billed_value": numbers.amount(pair.right),
            "on_hand": numbers.amount(split.on_hand),
            "consumed": numbers.amount(split.consumed),
            "entry_key": entry.key,
        }

    def _wait_for_receipt(self, line, qty, value, numbers):
        self.env["wms.cost.adjustment"].create(
            {
                "company_id": self.env.company.id,
                "product_id": line.product_id.id,
                "kind": "prebill",
                "purchase_line_id": line.purchase_line_id.id,
                "bill_line_id": line.id,
                "qty": float(qty),
                "billed_value": numbers.amount(value),
                "open_qty": float(qty),
                "open_value": numbers.amount(value),
            }
        )

    def _correct_layer(self, book, layer, amount, qty, entry):
        """Another price for ``qty`` units of a receipt: to the stock on hand, and to variance."""
        if not amount:
            return corrections.Split(0, 0)
        received = book.numbers.qty(layer.qty)
        remaining = next((row.qty for row in book.pool.layers if row.key == layer.id), ZERO)
        split = corrections.split_correction(amount, received, remaining)
        if split.on_hand:
            book.pool = corrections.revalue_layer(book.pool, layer.id, split.on_hand)
            layer.move_id.value += book.numbers.amount(split.on_hand)
        grni = self._account(book.product, "grni")
        entry.post(self._account(book.product, "valuation"), grni, book.product, split.on_hand)
        entry.post(self._account(book.product, "variance"), grni, book.product, split.consumed)
        return split

    # ---------------------------------------------------------------------- refunds
    def _refund_line(self, line, refund, entry):
        """A refund pays for goods sent back, else withdraws bills (newest first)."""
        left = refund
        if line.purchase_line_id:
            left = self._refund_returned(line, left, entry)
            left = self._refund_waiting(line, left, entry)
            left = self._refund_billed(line, left)
        if left.qty:
            self._wait_for_receipt(line, -left.qty, -left.value, Numbers.of(self.env))

    def _refund_returned(self, line, refund, entry):
        numbers = Numbers.of(self.env)
        rows = self.env["wms.cost.consumption"].search(
            [
                ("move_id.purchase_line_id", "=", line.purchase_line_id.id),
                ("refundable_qty", ">", 0),
            ],
            order="id",
        )
        pairs = corrections.match(
            [
                Open(row.id, numbers.qty(row.refundable_qty), numbers.minor(row.refundable_value))
                for row in rows
            ],
            [refund],
        )
        for pair in pairs:
            row = rows.browse(pair.left_key)
            row.refundable_qty = float(numbers.qty(row.refundable_qty) - pair.qty)
            row.refundable_value = numbers.amount(numbers.minor(row.refundable_value) - pair.left)
            self._record_refund(line, pair, entry, {"consumption_id": row.id})
        return _rest(refund, pairs)

    def _record_refund(self, line, pair, entry, source):
        """What the vendor pays back more or less than was open goes to variance."""
        numbers, product = Numbers.of(self.env), line.product_id
        entry.post(
            self._account(product, "grni"),
            self._account(product, "variance"),
            product,
            pair.difference,
        )
        self.env["wms.cost.adjustment"].create(
            {
                "company_id": self.env.company.id,
                "product_id": product.id,
                "kind": "refund",
                "purchase_line_id": line.purchase_line_id.id,
                "bill_line_id": line.id,
                "qty": float(pair.qty),
                "received_value": numbers.amount(pair.left),
                "billed_value": numbers.amount(pair.right),
                "consumed": numbers.amount(-pair.difference),
                **source,
            }
        )

    def _refund_waiting(self, line, refund, entry):
        """Withdraw what was billed and never arrived."""
        numbers = Numbers.of(self.env)
        rows = self.env["wms.cost.adjustment"].search(
            [("purchase_line_id", "=", line.purchase_line_id.id), ("open_qty", ">", 0)],
            order="id desc",
        )
        pairs = corrections.match(
            [Open(row.id, numbers.qty(row.open_qty), numbers.minor(row.open_value)) for row in rows],
            [refund] if refund.qty else [],
        )
        for pair in pairs:
            row = rows.browse(pair.left_key)
            row.open_qty = float(numbers.qty(row.open_qty) - pair.qty)
            row.open_value = numbers.amount(numbers.minor(row.open_value) - pair.left)
            self._record_refund(line, pair, entry, {"origin_id": row.id})
        return _rest(refund, pairs)

    def _refund_billed(self, line, refund):
        """The units count as received and not billed again, at the refund's amount."""
        numbers = Numbers.of(self.env)
        rows = self.env["wms.cost.layer"].search(
            [("purchase_line_id", "=", line.purchase_line_id.id), ("kind", "=", "receipt")],
            order="id desc",
        )
        for layer in rows:
            qty = min(numbers.qty(layer.qty) - numbers.qty(layer.unbilled_qty), refund.qty)
            if qty <= 0:
                continue
            value = share(refund.value, qty, refund.qty)
            layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) + qty)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) + value)
            self.env["wms.cost.adjustment"].create(
                {
                    "company_id": self.env.company.id,
                    "product_id": line.product_id.id,
                    "layer_id": layer.id,
                    "kind": "unbill",
                    "purchase_line_id": line.purchase_line_id.id,
                    "bill_line_id": line.id,
                    "qty": float(qty),
                    "billed_value": numbers.amount(value),
                }
            )
            refund = Open(refund.key, refund.qty - qty, refund.value - value)
        return refund

    # ------------------------------------------------------------- back to draft
    def _withdraw_bill(self, move, rows):
        numbers = Numbers.of(self.env)
        books = self._books_of_layers(rows.layer_id, numbers)
        entry = self._document_entry(move)
        by_kind = defaultdict(lambda: self._withdraw_nothing)
        by_kind["bill"] = self._withdraw_billed
        by_kind["unbill"] = self._withdraw_unbilled
        by_kind["refund"] = self._withdraw_refund
        for row in rows:
            by_kind[row.kind](row, books, entry, numbers)
        rows.write({"reversed": True, "open_qty": 0, "open_value": 0})
        self._finish_document(entry, books, numbers)

    def _withdraw_nothing(self, row, books, entry, numbers):
        """A bill that waited for its receipt just stops waiting."""

    def _withdraw_billed(self, row, books, entry, numbers):
        layer, book = row.layer_id, books[row.product_id.id]
        received = numbers.minor(row.received_value)
        layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) + numbers.qty(row.qty))
        layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) + received)
        self._correct_layer(
            book, layer, received - numbers.minor(row.billed_value), numbers.qty(row.qty), entry
        )

    def _withdraw_unbilled(self, row, books, entry, numbers):
        """The refund is gone, so its units are billed again."""
        layer, book = row.layer_id, books[row.product_id.id]
        qty, value = numbers.qty(row.qty), numbers.minor(row.billed_value)
        still = min(qty, numbers.qty(layer.unbilled_qty))
        if not still:
            return
        open_value = numbers.minor(layer.unbilled_value)
        mine = share(open_value, still, numbers.qty(layer.unbilled_qty))
        layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) - still)
        layer.unbilled_value = numbers.amount(open_value - mine)
        self._correct_layer(book, layer, share(value, still, qty) - mine, still, entry)

    def _withdraw_refund(self, row, books, entry, numbers):
        product, received = row.product_id, numbers.minor(row.received_value)
        kind = "open" if row.origin_id else "refundable"
        source = row.origin_id or row.consumption_id
        qty = numbers.qty(source[f"{kind}_qty"]) + numbers.qty(row.qty)
        value = numbers.minor(source[f"{kind}_value"]) + received
        source.write({f"{kind}_qty": float(qty), f"{kind}_value": numbers.amount(value)})
        entry.post(
            self._account(product, "grni"),
            self._account(product, "variance"),
            product,
            received - numbers.minor(row.billed_value),
        )
