"""Costing and posting at the movement, for product categories that chose it.

A stock move that is done becomes an event of the pure cost engine
(engine/cost_layers.py); what the engine answers is written in bulk as layers,
consumptions and deficits, and as one journal entry per transfer.  Receipts are
costed before issues of the same call, since goods that arrive and leave together
must leave at the cost they arrived at.

To change what an event posts: :meth:`WmsValuation._handlers`.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo import api, models
from odoo.exceptions import UserError

from .valuation_numbers import Entry, Numbers, PoolKey

#: usage of the location on the far side -> event
_INCOMING = {"supplier": "receipt", "customer": "return", "inventory": "gain"}
_OUTGOING = {"customer": "delivery", "supplier": "vendor_return", "inventory": "loss"}


@dataclass
class Event:
    """What one done move does to one pool, on its way through the engine.

    ``qty``: Decimal, product's unit; ``to``: the pool that goods are moved to (kind transfer
    only); ``value``: minor units, filled by the handler.
    """

    move: object  # stock.move
    kind: str
    pool: PoolKey
    qty: object
    entry: Entry
    to: PoolKey | None = None
    value: int = 0


class WmsValuation(models.AbstractModel):
    _name = "wms.valuation"
    _description = "Costing and posting at the movement"

    @api.model
    def _handlers(self):
        """Event -> method ``(book, event, facts)``; each fills the book, the entry, the value."""
        return {
            "receipt": self._cost_receipt,
            "gain": self._cost_gain,
            "return": self._cost_return,
            "delivery": self._cost_delivery,
            "loss": self._cost_loss,
            "vendor_return": self._cost_vendor_return,
            "transfer": self._cost_transfer,
        }

    @api.model
    def _value_moves(self, moves):
        """Cost the done moves of one call and prepare their entries.

        :param moves: ``stock.move``, all of products costed at movement
        :raises UserError: for what can't be costed yet, with what to do
        """
        for company, company_moves in moves.grouped("company_id").items():
            self.with_company(company)._value_company_moves(company_moves.with_company(company))

    def _value_company_moves(self, moves):
        numbers = Numbers.of(self.env)
        events = self._events(moves, numbers)
        if not events:
            return
        facts = self._facts(events, numbers)
        books = facts.books = self._open_books(numbers, self._needs(events, facts))
        handlers = self._handlers()
        for event in events:
            line = event.move.sale_line_id or event.move.purchase_line_id
            event.entry.analytic = line.analytic_distribution
            handlers[event.kind](books[event.pool], event, facts)
        postings = self._create_postings(
            {event.entry.key: event.entry for event in events}.values()
        )
        self._write_books(books, numbers, postings)
        values = defaultdict(int)
        for event in events:
            values[event.move] += 0 if event.kind == "transfer" else event.value
        for move, value in values.items():
            move.value = numbers.amount(value)
        self._update_costs(books, numbers)
        self._net_moves(events)

    def _net_moves(self, events):
        """Goods sent to a vendor or received meet what documents left open for them."""
        lines = self.env["purchase.order.line"].union(
            *(event.move.purchase_line_id for event in events)
        )
        found = self._open_on_both_sides(lines)
        for event in events if found else ():
            line = event.move.purchase_line_id
            if line.id in found:
                key = f"{event.entry.key}:net:{line.id}"
                even = {line.id: found.pop(line.id)}
                self._net_found(even, replace(event.entry, key=key, lines={}))

    def _events(self, moves, numbers):
        """The moves that change the value of the stock, receipts first."""
        entries, events = {}, []
        places = self._has_places()
        for move in moves.sorted("id"):
            kind = self._kind(move) or ("transfer" if places else "")
            parts = self._parts(move, kind, numbers) if kind else {}
            if not parts:
                continue
            self._refuse_unsupported(move)
            group = move.picking_id or move
            if group not in entries:
                entries[group] = self._transfer_entry(move)
            events += [
                Event(move, kind, pool, qty, entries[group], to)
                for (pool, to), qty in parts.items()
            ]
        # goods arrive before they leave; what is moved inside may have come with this call
        order = {"transfer": 1}
        return sorted(events, key=lambda event: order.get(event.kind, 0 if event.move.is_in else 2))

    def _transfer_entry(self, move):
        return Entry(
            key=f"move:{move.id}",
            event="transfer",
            picking=move.picking_id,
            reference=move.picking_id.name or move.reference or move.product_id.name,
            date=self._event_date(move),
            partner=move.picking_id.partner_id.commercial_partner_id,
        )

    def _parts(self, move, kind, numbers):
        """(pool, pool moved to or None) -> units, of the goods a move brings in or takes out."""
        parts = defaultdict(lambda: numbers.qty(0))
        if kind == "transfer":
            for line in self._moved_between_places(move):
                way = tuple(
                    self._pool_key(move.product_id, line.lot_id, location)
                    for location in (line.location_id, line.location_dest_id)
                )
                parts[way] += numbers.qty(line.quantity_product_uom)
            return parts
        lines = move._get_in_move_lines() if move.is_in else move._get_out_move_lines()
        for line in lines:
            location = line.location_dest_id if move.is_in else line.location_id
            pool = self._pool_key(move.product_id, line.lot_id, location)
            parts[pool, None] += numbers.qty(line.quantity_product_uom)
        return {way: qty for way, qty in parts.items() if qty}

    def _moved_between_places(self, move):
        """Lines of the company's own goods that go to a place with another stock account."""
        return move.move_line_ids.filtered(
            lambda line: (
                line.picked
                and not line._should_exclude_for_valuation()
                and line.location_id._should_be_valued()
                and line.location_dest_id._should_be_valued()
                and line.location_id.wms_place_id != line.location_dest_id.wms_place_id
            )
        )

    def _has_places(self):
        """Whether any location of the company has a stock account of its own."""
        return bool(
            self.env["stock.location"].search_count(
                [("company_id", "=", self.env.company.id), ("wms_stock_account_id", "!=", False)],
                limit=1,
            )
        )

    def _pool_key(self, product, lot, location):
        """The pool of goods of a product at a location."""
        lots = self.env["stock.lot"]
        return PoolKey(product, lot if product.lot_valuated else lots, location.wms_place_id)

    def _kind(self, move):
        """What the move is for the books; empty when it stays inside."""
        if move.is_dropship:
            raise self._refusal(move, self.env._("is shipped by the vendor to the customer"))
        if not (move.is_in or move.is_out):
            return ""
        if move.is_in and move.is_out:
            raise self._refusal(move, self.env._("enters and leaves in one move"))
        if move.is_in:
            far, kinds, line = move.location_id, _INCOMING, move.purchase_line_id
            through_transit = "receipt"
        else:
            far, kinds, line = move.location_dest_id, _OUTGOING, move.sale_line_id
            through_transit = "delivery"
        if far.usage in kinds:
            return kinds[far.usage]
        if far.usage == "transit" and line:
            return through_transit
        raise self._refusal(
            move, self.env._("moves through %(location)s", location=far.display_name)
        )

    def _refuse_unsupported(self, move):
        product = move.product_id
        if product.lot_valuated and not all(move.move_line_ids.mapped("lot_id")):
            raise self._no_lot(move)
        line = move.purchase_line_id
        if line and line.product_id != product:
            raise self._refusal(move, self.env._("is bought as part of a kit"))

    def _no_lot(self, move):
        return UserError(
            self.env._(
                "%(product)s is valued by lot, and a line of %(reference)s names none. Enter the "
                "lot or serial number, or switch off 'Valuation by Lot/Serial' on the product.",
                product=move.product_id.display_name,
                reference=move.reference,
            )
        )

    def _refusal(self, move, reason):
        return UserError(
            self.env._(
                "%(product)s %(reason)s, which posting at movement does not cover yet. Give its "
                "category %(category)s the valuation 'Perpetual (at invoicing)' or 'Periodic'.",
                product=move.product_id.display_name,
                reason=reason,
                category=move.product_id.categ_id.display_name,
            )
        )

    # -------------------------------------------------------------- updates of core
    def _update_costs(self, books, numbers):
        """Keep the product's own cost: the unit cost of what is there, else the last receipt's."""
        divided = {}
        for book in books.values():
            cost = book.cost()
            if cost is None or book.pool.method == "standard":
                continue
            price = float(cost) * numbers.rounding
            if book.key.lot:
                self._set_cost(book.key.lot, price)
            if book.key.lot or book.key.place:
                divided[book.product] = price
            else:
                self._set_cost(book.product, price)
        if divided:
            products = self.env["product.product"].union(*divided)
            values = self._values_now(products)
            for product, price in divided.items():
                qty, value = values.get(product.id, (0, 0))
                self._set_cost(product, value / qty if qty > 0 else price)

    def _set_cost(self, record, price):
        """Write the cost of a product or lot without making it a revaluation."""
        if record.standard_price != price:
            record.with_context(disable_auto_revaluation=True).standard_price = price

    def _refuse_changed(self, moves):
        """Refuse another quantity of a move that is costed.

        :raises UserError: names the transfer and the way out
        """
        numbers = Numbers.of(self.env)
        recorded = defaultdict(lambda: numbers.qty(0))
        for model, sign in (("layer", 1), ("consumption", 1), ("deficit", 1)):
            rows = self.env[f"wms.cost.{model}"]._read_group(
                [("move_id", "in", moves.ids)], ["move_id"], ["qty:sum"]
            )
            for move, qty in rows:
                recorded[move.id] += sign * numbers.qty(qty)
        settled = self.env["wms.cost.consumption"]._read_group(
            [("move_id", "in", moves.ids), ("deficit_id", "!=", False)], ["move_id"], ["qty:sum"]
        )
        for move, qty in settled:  # counted as deficit already
            recorded[move.id] -= numbers.qty(qty)
        for move in moves:
            if move.id in recorded and recorded[move.id] != numbers.qty(move._get_valued_qty()):
                raise UserError(
                    self.env._(
                        "%(reference)s is done and its cost is posted, so its quantity can't "
                        "change. Make a return for what is too much, or a new transfer for what "
                        "is missing.",
                        reference=move.reference,
                    )
                )
