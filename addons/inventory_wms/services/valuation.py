"""Costing and posting at the movement, for product categories that chose it.

A stock move that is done becomes an event of the pure cost engine
(engine/cost_layers.py); what the engine answers is written in bulk as layers,
consumptions and deficits, and as one journal entry per transfer.  Receipts are
costed before issues of the same call, since goods that arrive and leave together
must leave at the cost they arrived at.

To change what an event posts: :meth:`WmsValuation._handlers`.
"""

from dataclasses import dataclass, replace

from odoo import api, models
from odoo.exceptions import UserError

from .valuation_numbers import Entry, Numbers, PoolKey

#: events that change what a vendor is owed, with an order or without
BOUGHT = frozenset(("receipt", "less_receipt", "vendor_return", "less_vendor_return"))
#: events that take units from their pool; the others put some on it
_TAKING = frozenset(
    (
        "delivery",
        "loss",
        "vendor_return",
        "consumed",
        "transfer",
        "less_receipt",
        "less_gain",
        "less_return",
    )
)


@dataclass
class Event:
    """What one done move does to one pool, on its way through the engine.

    ``qty``: Decimal, product's unit; ``to``: the pool that goods are moved to (kind transfer
    only); ``far``: stock.location on the other side; ``date``: of the rows; ``change``: whether
    the move was costed before; ``value``: minor units, filled by the handler, < 0 when a
    change takes some of the move's value back.
    """

    move: object  # stock.move
    kind: str
    pool: PoolKey
    qty: object
    entry: Entry
    to: PoolKey | None
    far: object
    date: object
    change: bool = False
    value: int = 0

    @property
    def takes(self):
        """Whether it takes units from its pool."""
        return self.kind in _TAKING


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
            **self._change_handlers(),
            **self._direct_handlers(),
            **self._production_handlers(),
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
        self._run(self._events(moves, numbers), numbers)

    def _run(self, events, numbers):
        """Let the engine cost events, and write what it answers."""
        if not events:
            return
        # goods arrive before they leave; what is moved inside may have come with this call
        order = {"transfer": 1}
        events = sorted(events, key=lambda event: order.get(event.kind, 2 if event.takes else 0))
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
        values = {
            event.move: numbers.minor(event.move.value) if event.change else 0 for event in events
        }
        for event in events:
            values[event.move] += 0 if event.kind == "transfer" else event.value
        for move, value in values.items():
            move.value = numbers.amount(value)
        self._update_costs(books, numbers)
        self._net_moves(events)

    def _net_moves(self, events):
        """Goods sent to a vendor or received meet what documents left open for them."""
        none = self.env["stock.move"]
        lines = none.union(*(event.move for event in events)).purchase_line_id
        loose = none.union(*(event.move for event in events if event.kind in BOUGHT))
        found = self._open_on_both_sides(lines, self._loose(loose))
        for event in events if found else ():
            line = event.move.purchase_line_id
            partner = event.move.picking_id.partner_id
            place = line.id or self._open_place(line, event.move.product_id, partner)
            if place in found:
                mark = line.id or "-".join(str(part) for part in place)
                key = f"{event.entry.key}:net:{mark}"
                even = {place: found.pop(place)}
                self._net_found(even, replace(event.entry, key=key, lines={}))

    def _events(self, moves, numbers):
        """What newly done moves do to the stock's value."""
        entries, events = {}, []
        for move in moves.sorted("id"):
            ways = self._ways(move, numbers)
            if not ways:
                continue
            self._refuse_unsupported(move)
            self._refuse_production(move)
            group = move.picking_id or move
            if group not in entries:
                entries[group] = self._transfer_entry(move)
            events += [
                Event(move, way.kind, way.pool, qty, entries[group], way.to, way.far, move.date)
                for way, qty in ways.items()
            ]
        return events

    def _transfer_entry(self, move):
        return Entry(
            key=f"move:{move.id}",
            event="transfer",
            picking=move.picking_id,
            reference=move.picking_id.name or move.reference or move.product_id.name,
            date=self._event_date(move),
            partner=move.picking_id.partner_id.commercial_partner_id,
        )

    def _refuse_unsupported(self, move):
        product = move.product_id
        if product.lot_valuated and not all(move.move_line_ids.mapped("lot_id")):
            raise self._no_lot(move)

    def _no_lot(self, move):
        return UserError(
            self.env._(
                "%(product)s is valued by lot, and a line of %(reference)s names none. Enter the "
                "lot or serial number, or switch off 'Valuation by Lot/Serial' on the product.",
                product=move.product_id.display_name,
                reference=move.reference,
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
