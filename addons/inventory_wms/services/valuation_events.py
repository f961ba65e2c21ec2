"""What each event does to layers and accounts (the posting matrix at the movement)."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Issued, Open
from ..engine.cost_layers import ZERO, round_half_up, share
from .valuation import BOUGHT
from .valuation_direct import DIRECT
from .valuation_numbers import Loose, PoolKey

#: changes that put units back into the layers they were taken from
PUT_BACK = ("less_delivery", "less_loss", "less_vendor_return")


@dataclass
class Facts:
    """Read once for all events of a call."""

    numbers: object
    waiting: dict = field(default_factory=dict)  # order's key -> billed before receipt
    origins: dict = field(default_factory=dict)  # move id -> its layers (wms.cost.layer)
    moved: dict = field(default_factory=dict)  # layer -> where its goods are now
    issued: dict = field(default_factory=dict)  # move id -> its consumptions still out
    missing: dict = field(default_factory=dict)  # move id -> its open deficits
    own: dict = field(default_factory=dict)  # move id -> layers it made, of moves that change
    ahead: dict = field(default_factory=dict)  # sale line id -> units invoiced before they left
    making: dict = field(default_factory=dict)  # produced move -> units and cost still to come in
    books: dict = field(default_factory=dict)  # PoolKey -> Book


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _facts(self, events, numbers):
        facts = Facts(numbers)
        by_kind = defaultdict(lambda: self.env["stock.move"])
        for event in events:
            by_kind[event.kind] |= event.move
        bought = by_kind["receipt"].union(*(by_kind[kind] for kind in DIRECT))
        lines, loose = bought.purchase_line_id, self._loose(by_kind["receipt"])
        if lines or loose.products:
            rows = self._rows_to_meet("adjustment", lines, loose)
            facts.waiting = rows.grouped(self._place_of)
        sent_back = by_kind["vendor_return"] | by_kind["less_vendor_return"]
        sources = sent_back.origin_returned_move_id
        if sources:
            rows = self.env["wms.cost.layer"].search([("move_id", "in", sources.ids)], order="id")
            facts.origins = rows.grouped(lambda row: row.move_id.id)
            facts.moved = self._moved_layers(rows)
        leaving = (by_kind["delivery"] | by_kind["dropship"]).filtered(
            lambda move: self._account(move.product_id, "shipped", required=False)
        )
        facts.ahead = self._invoiced_ahead(leaving, numbers)
        sold = (by_kind["return"] | by_kind["less_return"]).origin_returned_move_id
        sold |= by_kind["dropship_return"].origin_returned_move_id
        for kind in PUT_BACK:
            sold |= by_kind[kind]
        if sold:
            self._read_issued(sold, facts)
        self._read_own(by_kind, facts)
        return facts

    def _loose(self, moves):
        """Goods of moves that came from a vendor, or went there, without an order."""
        moves = moves.filtered(
            lambda move: not move.purchase_line_id and move.picking_id.partner_id
        )
        return Loose(moves.product_id, moves.picking_id.partner_id.commercial_partner_id)

    def _read_issued(self, moves, facts):
        domain = [("move_id", "in", moves.ids)]
        rows = self.env["wms.cost.consumption"].search(domain, order="id")
        facts.issued = rows.grouped(lambda row: row.move_id.id)
        rows = self.env["wms.cost.deficit"].search([*domain, ("open_qty", ">", 0)], order="id")
        facts.missing = rows.grouped(lambda row: row.move_id.id)

    def _needs(self, events, facts):
        """pool -> (units the events take, layers they name)."""
        needs = {}
        for event in events:
            move = event.move
            qty, named = needs.get(event.pool, (ZERO, ()))
            if event.takes:
                qty += event.qty
            if event.kind == "vendor_return":
                named += tuple(self._origin_layers(event, facts)[1].ids)
            named += tuple(self._changed_layers(event, facts).ids)
            needs[event.pool] = (qty, named)
            if event.to:
                needs.setdefault(event.to, (ZERO, ()))
            bought = move.purchase_line_id or event.kind in BOUGHT
            if bought or self._waits_for_invoice(move):
                # documents lock the product's plain pool: they and a move notice each other
                needs.setdefault(self._plain_pool(move.product_id), (ZERO, ()))
        return needs

    def _waits_for_invoice(self, move):
        """Whether the cost of sold goods waits on an account of its own for their invoice."""
        product = move.sale_line_id.product_id
        if not product or product != move.product_id:  # a kit is invoiced in other units
            return False
        return bool(self._account(product, "shipped", required=False))

    def _plain_pool(self, product):
        """The pool of goods without a lot or place of their own."""
        return PoolKey(product, self.env["stock.lot"], self.env["stock.location"])

    def _moved_layers(self, layers):
        """receipt -> layers of its goods that were moved to another place or came back."""
        rows = self.env["wms.cost.layer"].search(
            [("root_layer_id", "in", layers.ids), ("remaining_qty", ">", 0)], order="id"
        )
        return rows.grouped("root_layer_id")

    def _origin_layers(self, event, facts):
        """Layers that goods which go back to their vendor came with, and those still in the pool.

        :return: layers of the receipt of this lot; layers of the event's pool that hold its goods
        """
        none = self.env["wms.cost.layer"]
        layers = facts.origins.get(event.move.origin_returned_move_id.id, none)
        layers = layers.filtered(lambda row: row.lot_id == event.pool.lot)
        held = layers.union(*(facts.moved.get(layer, none) for layer in layers))
        return layers, held.filtered(lambda row: row.place_id == event.pool.place)

    # ------------------------------------------------------------------ goods come in
    def _cost_receipt(self, book, event, facts):
        """Dr stock, Cr goods received not invoiced: at the bill's price where it came first."""
        owed = self._bring(book, event, facts, book.receive)
        grni = self._account(book.product, "grni")
        self._post_receipt(book, event, grni)
        if owed != event.value:
            variance = self._account(book.product, "variance")
            event.entry.post(variance, grni, book.product, owed - event.value)

    def _bring(self, book, event, facts, put):
        """Put bought goods where ``put`` (event, value, vals) does, which returns the layer's key.

        The value is that of a bill which came first, else the order's; in stock at standard cost
        that one.

        :return: what is owed for them (minor units)
        """
        line, numbers = event.move.purchase_line_id, facts.numbers
        ordered = self._ordered_value(event.move, event.qty, book, numbers)
        partner = event.move.picking_id.partner_id
        waiting = facts.waiting.get(self._open_place(line, book.product, partner))
        pairs = corrections.match(
            [Open(0, event.qty, ordered)],
            [
                Open(row.id, numbers.qty(row.open_qty), numbers.minor(row.open_value))
                for row in waiting or ()
                if row.open_qty > 0
            ],
        )
        billed = sum((pair.qty for pair in pairs), ZERO)
        rest = event.qty - billed
        open_value = ordered - sum(pair.left for pair in pairs) if rest else 0
        owed = open_value + sum(pair.right for pair in pairs)
        kept = event.kind == "receipt"
        event.value = self._stock_value(book, event.qty, owed) if kept else owed
        key = put(
            event,
            event.value,
            {
                "purchase_value": numbers.amount(owed),
                "kind": "receipt",
                "purchase_line_id": line.id,
                "unbilled_qty": float(rest),
                "unbilled_value": numbers.amount(open_value),
            },
        )
        for pair in pairs:
            self._close_waiting(book, event, waiting, pair, key)
        return owed

    def _close_waiting(self, book, event, waiting, pair, key):
        """A bill that came first meets its receipt."""
        numbers = book.numbers
        row = waiting.filtered(lambda row: row.id == pair.right_key)
        row.open_qty = float(numbers.qty(row.open_qty) - pair.qty)
        row.open_value = numbers.amount(numbers.minor(row.open_value) - pair.right)
        book.adjust(
            key,
            {
                "kind": "bill",
                "purchase_line_id": row.purchase_line_id.id,
                "bill_line_id": row.bill_line_id.id,
                "qty": float(pair.qty),
                "received_value": numbers.amount(pair.right),
                "billed_value": numbers.amount(pair.right),
                "entry_key": event.entry.key,
            },
        )

    def _ordered_value(self, move, qty, book, numbers):
        """What the purchase order says the units cost: company currency, no recoverable tax."""
        line = move.purchase_line_id
        if not line:
            price = move.price_unit if move.location_id.usage == "supplier" else 0
            return self._round(numbers.fraction(price) or book.fallback(), qty)
        ordered = line.product_qty or 1.0
        total = line.price_unit_discounted * ordered
        if line.tax_ids:
            total = line.tax_ids.compute_all(
                line.price_unit_discounted,
                currency=line.order_id.currency_id,
                quantity=ordered,
                product=line.product_id,
                partner=line.order_id.partner_id,
            )["total_void"]
        currency, company = line.order_id.currency_id, move.company_id
        if currency != company.currency_id:
            total = currency._convert(
                total, company.currency_id, company, self._event_date(move), round=False
            )
        kit = self._kit(line) if line.product_id != move.product_id else {}
        if kit:
            part = kit[move.product_id]
            units = part.qty * self._kit_ordered(line)
            return self._round(numbers.fraction(total) * part.share / units, qty)
        units = line.product_uom_id._compute_quantity(ordered, move.product_id.uom_id, round=False)
        return self._round(numbers.fraction(total) / numbers.exact(units), qty)

    def _cost_gain(self, book, event, facts):
        """A count found more: Dr stock, Cr count differences, at the current unit cost."""
        event.value = self._round(self._current_cost(book), event.qty)
        book.receive(event, event.value, {"kind": "count"})
        self._post_receipt(book, event, self._far_account(event, book))

    def _cost_return(self, book, event, facts):
        """A customer sends goods back: they come in at what they left at."""
        back = self._last_out(event.move.origin_returned_move_id, book, event, facts)
        for part, source in back:
            self._take_part_back(book, event, part, source)
        rest = event.qty - sum((part.qty for part, _source in back), ZERO)
        if rest:
            value = self._round(self._current_cost(book), rest)
            book.receive(event, value, {"kind": "return"}, qty=rest)
            event.value += value
            cogs = self._account(book.product, "cogs")
            event.entry.post(self._stock_account(book), cogs, book.product, value)
        self._post_settled(book, event)

    def _last_out(self, move, book, event, facts):
        """What a move took last from a pool and has not got back, as many units as the event has.

        :return: [(:class:`Issued`, its ``wms.cost.consumption`` or ``wms.cost.deficit``)]
        """
        numbers = facts.numbers
        rows = facts.issued.get(move.id, self.env["wms.cost.consumption"]).filtered(
            lambda row: row.layer_id.lot_id == event.pool.lot
        )
        if event.kind in PUT_BACK:
            rows = rows.filtered(lambda row: row.layer_id.place_id == event.pool.place)
        deficits = facts.missing.get(move.id, self.env["wms.cost.deficit"])
        out = [
            Issued(
                row.id,
                numbers.qty(row.qty) - numbers.qty(row.returned_qty),
                numbers.minor(row.value) - numbers.minor(row.returned_value),
            )
            for row in rows
        ]
        still_open = {deficit.key: deficit for deficit in book.pool.deficits}
        out += [
            Issued(key, still_open[key].qty, still_open[key].value, provisional=True)
            for key in deficits.ids
            if key in still_open
        ]
        back = corrections.take_back([part for part in out if part.qty], event.qty)
        return [(part, (deficits if part.provisional else rows).browse(part.key)) for part in back]

    def _take_part_back(self, book, event, part, source):
        value = worth = part.value
        if part.provisional:
            value = worth = book.cancel_deficit(event, part.key, part.qty)
        else:
            worth = self._stock_value(book, part.qty, value)
            origin = source.layer_id
            root = origin.root_layer_id or origin
            links = {"kind": "return", "origin_layer_id": origin.id, "root_layer_id": root.id}
            book.receive(event, worth, links, qty=part.qty)
        numbers = book.numbers
        source.returned_qty = float(numbers.qty(source.returned_qty) + part.qty)
        source.returned_value = numbers.amount(numbers.minor(source.returned_value) + value)
        event.value += worth
        shipped = 0 if part.provisional else self._take_uninvoiced(source, part.qty, numbers)
        stock = self._stock_account(book)
        event.entry.post(stock, source.account_id, book.product, shipped)
        cogs = self._account(book.product, "cogs")
        event.entry.post(stock, cogs, book.product, value - shipped)
        if worth != value:
            variance = self._account(book.product, "variance")
            event.entry.post(stock, variance, book.product, worth - value)

    def _take_uninvoiced(self, source, qty, numbers):
        """Of goods that come back, the value that still waits for its invoice."""
        waiting = numbers.qty(source.uninvoiced_qty)
        if not waiting:
            return 0
        taken = min(waiting, qty)
        worth = numbers.minor(source.uninvoiced_value)
        value = share(worth, taken, waiting)
        source.uninvoiced_qty = float(waiting - taken)
        source.uninvoiced_value = numbers.amount(worth - value)
        return value

    # ------------------------------------------------------------------- goods leave
    def _cost_delivery(self, book, event, facts):
        """Dr cost of goods sold (or shipped, not invoiced), Cr stock."""
        cogs = self._account(book.product, "cogs")
        shipped = self._account(book.product, "shipped", required=False)
        line = event.move.sale_line_id
        if not shipped or line.product_id != book.product:  # a kit is invoiced in other units
            self._issue(book, event, cogs, cogs)
            return
        start = len(book.consumptions)
        self._issue(book, event, shipped, cogs)
        ahead = facts.ahead.get(line.id, ZERO)
        for row in book.consumptions[start:]:
            ahead = self._wait_for_invoice(book, event, row, ahead, (cogs, shipped))
        facts.ahead[line.id] = ahead

    def _wait_for_invoice(self, book, event, row, ahead, accounts):
        """Units invoiced already are expensed, the others wait; return the units still ahead."""
        numbers, (cogs, shipped) = book.numbers, accounts
        qty = numbers.qty(row["qty"])
        expensed = min(qty, ahead)
        value = share(row["minor"], expensed, qty) if expensed else 0
        event.entry.post(cogs, shipped, book.product, value)
        row["uninvoiced_qty"] = float(qty - expensed)
        row["uninvoiced_value"] = numbers.amount(row["minor"] - value)
        return ahead - expensed

    def _cost_loss(self, book, event, facts):
        """Scrap or a count that found less: Dr count differences, Cr stock."""
        account = self._far_account(event, book)
        self._issue(book, event, account, account)

    def _issue(self, book, event, account, missing_account):
        taken, missing = book.issue(event, account, missing_account)
        event.value = taken + missing
        stock = self._stock_account(book)
        event.entry.post(account, stock, book.product, taken)
        event.entry.post(missing_account, stock, book.product, missing)

    def _cost_vendor_return(self, book, event, facts):
        """Dr goods received not invoiced, Cr stock: out of the layer they came in with."""
        layers, held = self._origin_layers(event, facts)
        numbers, product = facts.numbers, book.product
        if event.qty > book.pool.qty:
            raise UserError(
                self.env._(
                    "%(product)s: %(qty)s go back to the vendor, but only %(left)s are in stock. "
                    "Count the stock first.",
                    product=product.display_name,
                    qty=event.qty,
                    left=max(book.pool.qty, ZERO),
                )
            )
        grni = self._account(product, "grni")
        taken = book.issue_from(event, grni, held.ids)
        event.value = sum(part["minor"] for part in taken)
        pairs = corrections.match(
            [
                Open(layer.id, numbers.qty(layer.unbilled_qty), numbers.minor(layer.unbilled_value))
                for layer in layers
            ],
            [
                Open(index, numbers.qty(part["qty"]), numbers.minor(part["layer_value"]))
                for index, part in enumerate(taken)
            ],
        )
        cleared = 0
        for pair in pairs:
            layer = layers.filtered(lambda row, key=pair.left_key: row.id == key)
            layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) - pair.qty)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) - pair.left)
            layer.cleared_qty = float(numbers.qty(layer.cleared_qty) + pair.qty)
            layer.purchase_value = numbers.amount(numbers.minor(layer.purchase_value) - pair.left)
            cleared += pair.left
        cleared += self._mark_refundable(taken, pairs, book)
        stock = self._stock_account(book)
        event.entry.post(grni, stock, product, cleared)
        event.entry.post(self._account(product, "variance"), stock, product, event.value - cleared)

    def _mark_refundable(self, taken, pairs, book):
        """Units that were billed already wait for the vendor's refund, at their receipt's cost."""
        total, numbers = 0, book.numbers
        for index, part in enumerate(taken):
            mine = [pair for pair in pairs if pair.right_key == index]
            qty = numbers.qty(part["qty"]) - sum((pair.qty for pair in mine), ZERO)
            value = numbers.minor(part["layer_value"]) - sum(pair.right for pair in mine)
            if qty:
                value = self._owed_for(part["layer_id"], qty, value, book)
                total += value
                part["refundable_qty"] = float(qty)
                part["refundable_value"] = numbers.amount(value)
        return total

    # ------------------------------------------------------------------------ helpers
    def _round(self, cost, qty):
        """Cost of one unit (minor units, exact) times a quantity, rounded half up."""
        return round_half_up(cost * Fraction(qty))

    def _post_receipt(self, book, event, credit):
        stock = self._stock_account(book)
        event.entry.post(stock, credit, book.product, event.value)
        self._post_settled(book, event)

    def _post_settled(self, book, event):
        """Goods that had left at a guess: the difference to what they really cost."""
        stock = self._stock_account(book)
        for account, correction, move in book.pop_settled():
            event.entry.analytic = move.sale_line_id.analytic_distribution
            event.entry.post(account, stock, book.product, correction)

    def _far_account(self, event, book):
        """The account of the loss location, or the company's for count differences."""
        return event.far.valuation_account_id or self._account(book.product, "count")
