"""Costing and posting at the movement, for product categories that chose it.

A stock move that is done becomes an event of the pure cost engine
(engine/cost_layers.py); what the engine answers is written in bulk as layers,
consumptions and deficits, and as one journal entry per transfer.  Receipts are
costed before issues of the same call, since goods that arrive and leave together
must leave at the cost they arrived at.

To change what an event posts: :meth:`WmsValuation._handlers`.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import UserError

from .valuation_numbers import Entry, Numbers

#: usage of the location on the far side -> event
_INCOMING = {"supplier": "receipt", "customer": "return", "inventory": "gain"}
_OUTGOING = {"customer": "delivery", "supplier": "vendor_return", "inventory": "loss"}


@dataclass
class Event:
    """One done move on its way through the engine."""

    move: object  # stock.move
    kind: str
    qty: object  # Decimal, product's unit
    entry: Entry
    value: int = 0  # minor units, filled by the handler


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
        books = self._open_books(numbers, self._needs(events, facts))
        handlers = self._handlers()
        for event in events:
            handlers[event.kind](books[event.move.product_id.id], event, facts)
        postings = self._create_postings(
            {event.entry.key: event.entry for event in events}.values()
        )
        self._write_books(books, numbers, postings)
        for event in events:
            event.move.value = numbers.amount(event.value)
        self._update_costs(books, numbers)

    def _events(self, moves, numbers):
        """The moves that change the value of the stock, receipts first."""
        entries, events = {}, []
        for move in moves.sorted("id"):
            kind = self._kind(move)
            qty = numbers.qty(move._get_valued_qty()) if kind else 0
            if not qty:
                continue
            self._refuse_unsupported(move)
            group = move.picking_id or move
            if group not in entries:
                entries[group] = Entry(
                    key=f"move:{move.id}",
                    event="transfer",
                    picking=move.picking_id,
                    reference=move.picking_id.name or move.reference or move.product_id.name,
                    date=self._event_date(move),
                    partner=move.picking_id.partner_id.commercial_partner_id,
                )
            events.append(Event(move, kind, qty, entries[group]))
        return sorted(events, key=lambda event: not event.move.is_in)

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
        if product.cost_method not in ("fifo", "average"):
            raise self._refusal(move, self.env._("has a standard cost"))
        if product.lot_valuated:
            raise self._refusal(move, self.env._("is valued by lot"))
        line = move.purchase_line_id
        if line and line.product_id != product:
            raise self._refusal(move, self.env._("is bought as part of a kit"))

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
        for book in books.values():
            cost = book.cost()
            if cost is None:
                continue
            price = float(cost) * numbers.rounding
            product = book.product.with_context(disable_auto_revaluation=True)
            if product.standard_price != price:
                product.standard_price = price

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
