"""Vendor refunds, and documents that go back to draft: what was matched is open again."""

from odoo import api, models

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import share
from .valuation_kits import Part
from .valuation_numbers import Loose


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    # ---------------------------------------------------------------------- refunds
    def _refund_line(self, line, refund, matching):
        """A refund pays for goods sent back, else for goods never received, else for bills.

        Bills are withdrawn newest first: their units count as received and not billed again.
        """
        place = self._document_place(line)
        for rows, name, source in (
            (matching.refundable.get(place), "refundable", "consumption_id"),
            (matching.waiting.get(place), "open", "origin_id"),
        ):
            if rows and refund.qty:
                refund = self._pay_back(line, refund, matching, (rows, name, source))
        for layer in reversed(matching.received.get(place, ())):
            if refund.qty:
                refund = self._unbill(line, layer, refund, matching)
        if refund.qty:
            self._wait_for_receipt(line, -refund.qty, -refund.value, matching)

    def _pay_back(self, line, refund, matching, source):
        """Match the refund with open units; what it pays more or less goes to variance."""
        rows, name, link = source
        pairs = corrections.match(matching.open_of(rows, name), [refund])
        for pair in pairs:
            matching.change(rows.browse(pair.left_key), name, -pair.qty, -pair.left)
            self._post_variance(line.product_id, pair.difference, matching)
            matching.add(
                line,
                "refund",
                pair.qty,
                received_value=pair.left,
                billed_value=pair.right,
                consumed=-pair.difference,
                **{link: pair.left_key},
            )
        return corrections.rest_of(refund, pairs)

    def _post_variance(self, product, gain, matching):
        matching.entry.post(
            self._account(product, "grni"), self._account(product, "variance"), product, gain
        )

    def _unbill(self, line, layer, refund, matching):
        numbers = matching.numbers
        not_billed = sum(
            numbers.qty(layer[f"{name}_qty"]) for name in ("unbilled", "cleared", "written_off")
        )
        billed = numbers.qty(layer.qty) - not_billed
        qty = min(billed, refund.qty)
        if qty <= 0:
            return refund
        value = share(refund.value, qty, refund.qty)
        matching.change(layer, "unbilled", qty, value)
        matching.add(line, "unbill", qty, layer_id=layer.id, billed_value=value)
        return Open(refund.key, refund.qty - qty, refund.value - value)

    # ------------------------------------------------------------- back to draft
    @api.model
    def _withdraw_documents(self, documents):
        """Open again what documents had matched before they went back to draft."""
        for company, moves in documents.grouped("company_id").items():
            service = self.with_company(company)
            for move in moves.with_company(company):
                lines = service._costed_lines(move)
                if lines and move.is_sale_document(include_receipts=True):
                    service._match_invoice(move, lines)
                else:
                    service._withdraw_lines(move.line_ids)

    @api.model
    def _withdraw_lines(self, lines):
        """Open again what bill lines had matched."""
        for move, chosen in lines.grouped("move_id").items():
            service = self.with_company(move.company_id)
            rows = self.env["wms.cost.adjustment"].search(
                [("bill_line_id", "in", chosen.ids), ("reversed", "=", False)], order="id desc"
            )
            if rows:
                service._withdraw_document(move.with_company(move.company_id), rows)

    def _withdraw_document(self, move, rows):
        matching = self._matching(move, rows.bill_line_id, rows.layer_id)
        undo = {
            "bill": self._withdraw_billed,
            "prebill": self._withdraw_waiting,
            "unbill": self._withdraw_unbilled,
            "refund": self._withdraw_refund,
            "kit": self._withdraw_kit,
        }
        rows.write({"reversed": True})
        for row in rows:
            matching.entry.analytic = row.bill_line_id.analytic_distribution
            if row.kind in undo:
                undo[row.kind](row, matching)
        rows.write({"open_qty": 0, "open_value": 0})
        self._finish_document(matching)
        loose = rows.filtered(lambda row: not row.purchase_line_id)
        self._net_open(
            rows.purchase_line_id,
            Loose(loose.product_id, loose.bill_line_id.partner_id.commercial_partner_id),
            lambda: self._document_entry(move),
        )

    def _withdraw_billed(self, row, matching):
        numbers = matching.numbers
        qty, received = numbers.qty(row.qty), numbers.minor(row.received_value)
        billed, exchange = numbers.minor(row.billed_value), numbers.minor(row.exchange)
        self._post_exchange(row.product_id, exchange, matching, undo=True)
        gone, waiting = self._withdraw_lessened(row, matching)
        if gone:  # neither received nor billed now
            lost, charged = share(received, gone, qty), share(billed, gone, qty)
            swapped = share(exchange, gone, qty)
            self._post_variance(row.product_id, waiting + swapped - charged, matching)
            qty, received, billed = qty - gone, received - lost, billed - charged
            exchange -= swapped
        if qty:
            matching.change(row.layer_id, "unbilled", qty, received)
            self._undo_price(row, received + exchange - billed, matching)

    def _withdraw_lessened(self, row, matching):
        """Billed units that their receipt turned out not to have brought wait no longer.

        :return: units and minor units
        """
        numbers, worth = matching.numbers, 0
        wanted = numbers.qty(row.qty)
        lessened = row.layer_id.adjustment_ids.filtered(
            lambda other: other.kind == "lessen" and other.open_qty > 0
        )
        pairs = corrections.match(matching.open_of(lessened, "open"), [Open(0, wanted, 0)])
        for pair in pairs:
            matching.change(lessened.browse(pair.left_key), "open", -pair.qty, -pair.left)
            worth += pair.left
        return sum((pair.qty for pair in pairs), numbers.qty(0)), worth

    def _withdraw_unbilled(self, row, matching):
        """The refund is gone, so its units are billed again, at what it had paid back."""
        layer, numbers = row.layer_id, matching.numbers
        qty, waiting = numbers.qty(row.qty), numbers.qty(layer.unbilled_qty)
        again = min(qty, waiting)
        paid = share(numbers.minor(row.billed_value), again, qty) if again else 0
        if again < qty:
            self._bill_twice(row, qty - again, numbers.minor(row.billed_value) - paid, matching)
        if not again:
            return
        received = share(numbers.minor(layer.unbilled_value), again, waiting)
        matching.change(layer, "unbilled", -again, -received)
        self._undo_price(row, paid - received, matching)

    def _bill_twice(self, row, qty, value, matching):
        """Units whose refund is gone, but another bill has come for them: one is too much.

        They wait, as of no bill in particular: whichever is withdrawn next, they meet its receipt.
        """
        matching.add(
            row,
            "prebill",
            qty,
            bill_line_id=False,
            layer_id=row.layer_id.id,  # whose vendor it is
            billed_value=value,
            open_qty=float(qty),
            open_value=value,
        )

    def _withdraw_waiting(self, row, matching):
        """A bill that waited is gone: refunds that had met it have paid back too much."""
        numbers = matching.numbers
        met = self.env["wms.cost.adjustment"].search(
            [("origin_id", "=", row.id), ("kind", "=", "refund"), ("reversed", "=", False)]
        )
        for refund in met:
            paid = numbers.minor(refund.billed_value)
            gain = numbers.minor(refund.received_value) - paid
            self._post_variance(refund.product_id, gain, matching)
            qty = numbers.qty(refund.qty)
            matching.add(
                refund,
                "prebill",
                -qty,
                bill_line_id=refund.bill_line_id.id,
                billed_value=-paid,
                open_qty=float(-qty),
                open_value=-paid,
            )
        met.reversed = True

    def _undo_price(self, row, amount, matching):
        split = self._correct_layer(row.layer_id, amount, matching)
        matching.add(
            Part(row.bill_line_id, row.product_id),
            "unbill",
            row.qty,
            layer_id=row.layer_id.id,
            on_hand=split.on_hand,
            consumed=split.consumed,
            reversed=True,
        )

    def _withdraw_refund(self, row, matching):
        numbers = matching.numbers
        received = numbers.minor(row.received_value)
        source, name = row.consumption_id, "refundable"
        if row.origin_id:
            source, name = row.origin_id, "open"
        matching.change(source, name, numbers.qty(row.qty), received)
        self._post_variance(row.product_id, received - numbers.minor(row.billed_value), matching)
