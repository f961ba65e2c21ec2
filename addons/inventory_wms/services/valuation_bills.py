"""Vendor bills meet their receipts, unit by unit, in the order of both.

A bill line debits goods received not invoiced.  Its units are matched with the
units that the purchase line has received and not billed yet; where the price
differs, the difference goes to the layers for units still on hand and to the
variance account for units that have left.  What is billed before it arrives
waits; the receipt then takes the bill's price.  Refunds: valuation_refunds.py.
"""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Domain

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import ZERO, round_half_up, spread_over
from .valuation_numbers import Entry, Loose, Numbers, PoolKey


@dataclass
class Matching:
    """One document on its way: what it can be matched with, and the rows that it adds.

    ``unbilled``, ``received``: place (:meth:`_open_place`) -> layers; ``refundable``: ->
    consumptions; ``waiting``: -> adjustments, newest first; ``owed``: -> those that are open below
    zero; ``moved``: receipt -> layers that hold its goods elsewhere; all of them read once for the
    document.
    """

    numbers: Numbers
    entry: Entry
    books: dict
    unbilled: dict = field(default_factory=dict)
    received: dict = field(default_factory=dict)
    refundable: dict = field(default_factory=dict)
    waiting: dict = field(default_factory=dict)
    owed: dict = field(default_factory=dict)
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
        """Add an adjustment row for a bill line, or one that goes on with another row.

        Amounts in ``vals`` are minor units.
        """
        amounts = (
            "received_value",
            "billed_value",
            "on_hand",
            "consumed",
            "exchange",
            "open_value",
        )
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
                and (line.product_id._wms_costed() or self._is_costed_kit(line))
            )
        )

    @api.model
    def _match_lines(self, lines):
        """Match posted bill lines again, after they were given another order line."""
        for move, chosen in lines.grouped("move_id").items():
            service = self.with_company(move.company_id)
            move = move.with_company(move.company_id)
            service._match_bill(move, service._costed_lines(move), chosen)

    def _match_bill(self, move, lines, chosen=None):
        """Match the lines of a bill or refund, only the ``chosen`` ones if given."""
        lines = lines.filtered(
            lambda line: (
                line.account_id
                == (self._kit_account(line) or self._account(line.product_id, "grni"))
            )
        ).sorted("id")
        if not lines:
            return
        matching = self._matching(move, lines)
        amounts = self._line_amounts(move, lines, matching.numbers)
        for line in lines if chosen is None else lines & chosen:
            qty = self._line_qty(line, matching.numbers)
            matching.entry.analytic = line.analytic_distribution
            for part, billed in self._bill_parts(line, Open(line.id, qty, amounts[line]), matching):
                if qty > 0:
                    self._bill_line(part, billed, matching)
                elif qty < 0:
                    self._refund_line(part, Open(line.id, -billed.qty, -billed.value), matching)
        self._finish_document(matching)
        loose = lines.filtered(lambda line: not line.purchase_line_id)
        self._net_open(
            lines.purchase_line_id,
            Loose(loose.product_id, loose.partner_id.commercial_partner_id),
            lambda: self._document_entry(move),
        )

    def _line_qty(self, line, numbers):
        """Units of the product that a line bills; negative when it takes them back."""
        qty = line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id, round=False
        )
        return numbers.qty(-qty if line.move_type in ("in_refund", "out_refund") else qty)

    def _matching(self, move, lines, more=None):
        """Lock the products' totals, then read what the lines can be matched with.

        ``more``: layers to know in any case, such as those that a withdrawn bill had met.
        """
        loose = lines.filtered(lambda line: not line.purchase_line_id)
        refunded = any(self._line_qty(line, Numbers.of(self.env)) < 0 for line in loose)
        vendors = loose.partner_id.commercial_partner_id
        return self._matching_of(
            lines.purchase_line_id,
            lines.product_id,
            self._document_entry(move),
            Loose(loose.product_id, vendors, refunded),
            more,
        )

    def _matching_of(self, order_lines, products, entry, loose, more=None):
        """The same for order lines and ``loose`` goods; ``entry``: what is posted."""
        numbers = Numbers.of(self.env)
        received = self._rows_to_meet("layer", order_lines, loose)
        received = (received | more).sorted("id") if more else received
        moved = self._moved_layers(received)
        products = (products | order_lines.move_ids.product_id)._wms_costed()
        needs = {self._plain_pool(product): (ZERO, ()) for product in products}
        for key, layers in received.union(*moved.values()).grouped(self._pool_of).items():
            needs[key] = (ZERO, tuple(layers.ids))
        books = self._open_books(numbers, needs)
        received.invalidate_recordset()
        back = self._rows_to_meet("consumption", order_lines, loose)
        waiting = self._rows_to_meet("adjustment", order_lines, loose)
        newest_first = waiting.filtered(lambda row: row.open_qty > 0).sorted("id", reverse=True)
        return Matching(
            numbers,
            entry,
            books,
            received.filtered(lambda row: row.unbilled_qty > 0).grouped(self._place_of),
            received.grouped(self._place_of),
            back.grouped(self._place_of),
            newest_first.grouped(self._place_of),
            waiting.filtered(lambda row: row.open_qty < 0).grouped(self._place_of),
            moved,
        )

    # ------------------------------------------------------------- where units are open
    def _open_place(self, order_line, product, partner):
        """Where units are found: by their order line, a kit's by the component as well.

        Without an order by product and vendor.
        """
        if not order_line:
            return ("vendor", product.id, partner.commercial_partner_id.id)
        same = order_line.product_id == product
        return order_line.id if same else (order_line.id, product.id)

    def _document_place(self, line):
        return self._open_place(line.purchase_line_id, line.product_id, line.partner_id)

    def _place_of(self, row):
        """The place of a layer, of a consumption, or of an adjustment."""
        if row._name == "wms.cost.consumption":
            order_line, partner = row.move_id.purchase_line_id, row.picking_id.partner_id
        elif row._name == "wms.cost.adjustment":
            # without a bill line: units billed, but not received, of that receipt
            partner = row.bill_line_id.partner_id or row.layer_id.picking_id.partner_id
            order_line = row.purchase_line_id
        else:
            order_line, partner = row.purchase_line_id, row.picking_id.partner_id
        return self._open_place(order_line, row.product_id, partner)

    def _rows_to_meet(self, name, order_lines, loose):
        """Rows of a cost table that a document of order lines or ``loose`` goods can meet."""
        order, partner, is_open = {
            "layer": ("purchase_line_id", "picking_id.partner_id", Domain.TRUE),
            "consumption": (
                "move_id.purchase_line_id",
                "picking_id.partner_id",
                Domain("refundable_qty", ">", 0),
            ),
            "adjustment": (
                "purchase_line_id",
                "bill_line_id.partner_id",
                Domain("open_qty", "!=", 0),
            ),
        }[name]
        ordered = Domain(order, "in", order_lines.ids)
        vendors = loose.vendors.ids
        theirs = Domain(f"{partner}.commercial_partner_id", "in", vendors)
        if name == "layer":
            ordered &= Domain("kind", "in", ("receipt", "opening", "before", "direct"))
            theirs &= Domain("kind", "=", "receipt")
            theirs &= Domain.TRUE if loose.billed else Domain("unbilled_qty", ">", 0)
        elif name == "adjustment":
            receipt = "layer_id.picking_id.partner_id.commercial_partner_id"
            theirs |= Domain("bill_line_id", "=", False) & Domain(receipt, "in", vendors)
        theirs &= Domain("company_id", "=", self.env.company.id)
        theirs &= Domain("product_id", "in", loose.products.ids) & Domain(order, "=", False)
        domain = (ordered | theirs if loose.products else ordered) & is_open
        return self.env[f"wms.cost.{name}"].search(domain, order="id")

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
        layers = matching.unbilled.get(self._document_place(line), ())
        pairs = corrections.match(matching.open_of(layers, "unbilled"), [billed])
        for pair in pairs:
            layer = layers.browse(pair.left_key)
            matching.change(layer, "unbilled", -pair.qty, -pair.left)
            exchange = self._exchange_of(line, layer, pair, matching)
            split = self._correct_layer(layer, pair.difference - exchange, matching)
            matching.add(
                line,
                "bill",
                pair.qty,
                layer_id=layer.id,
                received_value=pair.left,
                billed_value=pair.right,
                on_hand=split.on_hand,
                consumed=split.consumed,
                exchange=exchange,
            )
        left = corrections.rest_of(billed, pairs)
        if left.qty:
            self._wait_for_receipt(line, left.qty, left.value, matching)

    def _exchange_of(self, line, layer, pair, matching):
        """By how much a bill costs more because its currency rose since the receipt (minor units).

        Stock keeps the rate of the day it came (IAS 21.21); the rest of the difference is price.
        """
        currency, company = line.currency_id, line.company_id
        if currency == company.currency_id or currency != line.purchase_line_id.currency_id:
            return 0
        day = layer.posting_id.event_date or self._event_date(layer.move_id)
        rate = currency._get_conversion_rate(company.currency_id, currency, company, day)
        then = pair.right * matching.numbers.exact(line.currency_rate)
        exchange = pair.right - round_half_up(then / matching.numbers.exact(rate))
        self._post_exchange(line.product_id, exchange, matching)
        return exchange

    def _post_exchange(self, product, loss, matching, undo=False):
        """Dr exchange loss, Cr goods received not invoiced; a gain the other way round."""
        company = self.env.company
        account = (
            company.expense_currency_exchange_account_id
            if loss > 0
            else company.income_currency_exchange_account_id
        ) or self._account(product, "variance")
        amount = -loss if undo else loss
        matching.entry.post(account, self._account(product, "grni"), product, amount)

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
        # a bill may be dated before its goods came: then there was nothing to correct yet
        entry = matching.entry
        entry.date = max(entry.date, layer.posting_id.date or entry.date)
        numbers = matching.numbers
        owed = numbers.minor(layer.purchase_value) + amount
        layer.purchase_value = numbers.amount(owed)
        if layer.product_id._wms_cost_flow() == "standard":
            return self._vary(layer, amount, matching)
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

    def _vary(self, layer, amount, matching):
        """Another price for goods at standard cost: variance, wherever they are."""
        product = layer.product_id
        matching.entry.post(
            self._account(product, "variance"), self._account(product, "grni"), product, amount
        )
        return corrections.Split(0, amount)

    def _held(self, layer, matching):
        """Where a receipt's goods are now: (layer, its book, units), the receipt's own first."""
        held = []
        for part in [layer, *matching.moved.get(layer, ())]:
            book = matching.books[self._pool_of(part)]
            qty = next((row.qty for row in book.pool.layers if row.key == part.id), ZERO)
            if qty:
                held.append((part, book, qty))
        return held
