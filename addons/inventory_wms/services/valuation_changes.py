"""A done move that changes afterwards: only the difference is costed, as an event of its own.

Another quantity, lot, owner or location of a line, or a line more: what the move is for the
books (its ways) is compared before and after.  More is an event like the move itself.  Less
is undone: a receipt's units go out again, from its own layer first; a delivery's units, the
last taken first, are put back into the layers they came from, at what they were charged.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from ..engine.cost_layers import ZERO, share
from .valuation import Event
from .valuation_numbers import Entry, Numbers
from .valuation_ways import INWARD, OUTWARD


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _change_handlers(self):
        return {
            "less_receipt": self._cost_less_receipt,
            "less_gain": self._cost_less_gain,
            "less_return": self._cost_less_return,
            "less_delivery": self._cost_put_back,
            "less_loss": self._cost_put_back,
            "less_vendor_return": self._cost_less_vendor_return,
        }

    @api.model
    def _ways_of(self, moves):
        """move -> what it is for the books now; to be given to :meth:`_value_changes` later."""
        numbers = Numbers.of(self.env)
        return {move: self._ways(move, numbers) for move in moves}

    @api.model
    def _value_changes(self, before):
        """Cost the difference between what done moves were for the books and what they are now.

        :param before: of :meth:`_ways_of`
        :raises UserError: when a change can't be costed, with what to do instead
        """
        moves = self.env["stock.move"].union(*before)
        for company, changed in moves.grouped("company_id").items():
            service = self.with_company(company)
            service._value_company_changes(changed.with_company(company), before)

    def _value_company_changes(self, moves, before):
        numbers = Numbers.of(self.env)
        entries, events = {}, []
        for move in moves.sorted("id"):
            now = self._ways(move, numbers)
            changes = _differences(before[move], now)
            if not changes:
                continue
            self._refuse_unsupported(move)
            if before[move]:
                self._refuse_uncosted(move)
            group = move.picking_id or move
            if group not in entries:
                entries[group] = self._change_entry(move)
            events += [
                self._change_event(move, way, qty, entries[group]) for way, qty in changes.items()
            ]
        worth = {event.move: numbers.minor(event.move.value) for event in events}
        self._run(events, numbers)
        for move, value in worth.items():
            taken = sum(e.value for e in events if e.move == move and e.kind.startswith("less_"))
            self._check_redirected(move, before[move], value + taken)

    def _change_event(self, move, way, qty, entry):
        kind = way.kind if qty > 0 else f"less_{way.kind}"
        if kind not in self._handlers() or way.kind in ("consumed", "produced"):
            raise UserError(
                self.env._(
                    "%(reference)s is done, and its quantity of %(product)s can't change any more: "
                    "it is costed already. Make a return for what is too much, or a new transfer "
                    "for what is missing.",
                    reference=move.reference,
                    product=move.product_id.display_name,
                )
            )
        now = fields.Datetime.now()
        return Event(move, kind, way.pool, abs(qty), entry, way.to, way.far, now, change=True)

    def _change_entry(self, move):
        key = f"change:{move.id}:"
        count = self.env["wms.cost.posting"].search_count([("key", "=like", f"{key}%")])
        forced = self.env.context.get("force_period_date")
        return Entry(
            key=f"{key}{count + 1}",
            event="transfer",
            picking=move.picking_id,
            reference=move.picking_id.name or move.reference or move.product_id.name,
            date=fields.Date.to_date(forced) or fields.Date.context_today(self),
            partner=move.picking_id.partner_id.commercial_partner_id,
        )

    def _refuse_uncosted(self, move):
        """Refuse to change a move of the time before its product was costed at movement.

        :raises UserError: says to count instead
        """
        rows = ("layer", "consumption", "deficit")
        found = (
            self.env[f"wms.cost.{name}"].search_count([("move_id", "=", move.id)], limit=1)
            for name in rows
        )
        if not any(found):
            raise UserError(
                self.env._(
                    "%(reference)s was done before %(product)s was costed at movement, so it "
                    "can't change any more. Correct the stock by a count.",
                    reference=move.reference,
                    product=move.product_id.display_name,
                )
            )

    def _check_redirected(self, move, before, left):
        """A move that turned round, or is not ours any more, must have given all its cost back.

        :param left: what it still was worth after that (minor units)
        :raises UserError: when its goods had moved on at another cost
        """
        kinds = {way.kind for way in before}
        is_in, is_out = bool(move._is_in()), bool(move._is_out())
        turned = (kinds & INWARD and not is_in) or (kinds & OUTWARD and not is_out)
        if turned and left:
            raise UserError(
                self.env._(
                    "Goods of %(reference)s have moved on or came back, so their owner or "
                    "location can't change on the done move. Make a return or a new transfer.",
                    reference=move.reference,
                )
            )
        for name in ("is_in", "is_out", "is_dropship"):
            self.env.add_to_compute(move._fields[name], move)

    # ------------------------------------------------------------- less has come in
    def _changed_layers(self, event, facts):
        """Layers that a change must know: the move's own, or those that it took from."""
        none = self.env["wms.cost.layer"]
        if not event.change:
            return none
        own = facts.own.get(event.move.id, none)
        if not event.takes and event.kind.startswith("less_"):
            own = facts.issued.get(event.move.id, self.env["wms.cost.consumption"]).layer_id
        pool = event.pool
        return own.filtered(lambda row: row.lot_id == pool.lot and row.place_id == pool.place)

    def _read_own(self, by_kind, facts):
        moves = by_kind["less_receipt"] | by_kind["less_gain"] | by_kind["less_return"]
        if moves:
            rows = self.env["wms.cost.layer"].search([("move_id", "in", moves.ids)], order="id")
            facts.own = rows.grouped(lambda row: row.move_id.id)

    def _cost_less_receipt(self, book, event, facts):
        """Dr goods received not invoiced, Cr stock; what was billed waits for its goods."""
        layers = self._changed_layers(event, facts)
        grni = self._account(book.product, "grni")
        variance = self._account(book.product, "variance")
        cost = book.take_out(event, layers.ids, grni, variance)
        cleared = self._unreceive(book, event, layers)
        stock = self._stock_account(book)
        event.entry.post(grni, stock, book.product, cleared)
        event.entry.post(variance, stock, book.product, cost - cleared)
        event.value = -cost

    def _unreceive(self, book, event, layers):
        """Units are not received any more: first those not billed; return what they opened."""
        numbers = book.numbers
        wanted = Open(0, event.qty, 0)
        layers = layers.sorted("id", reverse=True)
        unbilled = [
            Open(row.id, numbers.qty(row.unbilled_qty), numbers.minor(row.unbilled_value))
            for row in layers
        ]
        pairs = corrections.match(unbilled, [wanted])
        for pair in pairs:
            layer = layers.browse(pair.left_key)
            layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) - pair.qty)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) - pair.left)
            layer.cleared_qty = float(numbers.qty(layer.cleared_qty) + pair.qty)
            self._owe_more(layer, -pair.left, numbers)
        opened, rest = sum(pair.left for pair in pairs), corrections.rest_of(wanted, pairs).qty
        for layer in layers:
            qty, value, exchange = self._billed(layer, numbers)
            part = min(qty, rest)
            if part > 0:
                self._owe_more(layer, -share(value - exchange, part, qty), numbers)
                opened += self._wait_for_goods(book, event, layer, (part, share(value, part, qty)))
                rest -= part
        return opened

    def _owe_more(self, layer, amount, numbers):
        """Keep what the vendor is owed for the units that a receipt still stands for."""
        layer.purchase_value = numbers.amount(numbers.minor(layer.purchase_value) + amount)

    def _billed(self, layer, numbers):
        """Units of a receipt that are billed, at how much, and exchange differences of that."""
        signs = {"bill": 1, "unbill": -1, "lessen": -1}
        rows = layer.adjustment_ids.filtered(lambda row: row.kind in signs and not row.reversed)
        qty = sum((signs[row.kind] * numbers.qty(row.qty) for row in rows), ZERO)
        value, exchange = (
            sum(signs[row.kind] * numbers.minor(row[name]) for row in rows)
            for name in ("billed_value", "exchange")
        )
        return qty, value, exchange

    def _wait_for_goods(self, book, event, layer, billed):
        """Billed units that were not received after all: the next receipt or refund meets them."""
        numbers, (qty, value) = book.numbers, billed
        layer.cleared_qty = float(numbers.qty(layer.cleared_qty) + qty)
        book.adjust(
            layer.id,
            {
                "kind": "lessen",
                "date": event.date,
                "purchase_line_id": layer.purchase_line_id.id,
                "qty": float(qty),
                "billed_value": numbers.amount(value),
                "open_qty": float(qty),
                "open_value": numbers.amount(value),
                "entry_key": event.entry.key,
            },
        )
        return value

    def _cost_less_gain(self, book, event, facts):
        """A count had found less: Dr count differences, Cr stock."""
        account = self._far_account(event, book)
        cost = book.take_out(event, self._changed_layers(event, facts).ids, account, account)
        event.entry.post(account, self._stock_account(book), book.product, cost)
        event.value = -cost

    def _cost_less_return(self, book, event, facts):
        """Less came back: it is out again at what it had left at, a difference is variance."""
        variance = self._account(book.product, "variance")
        cogs, stock = self._account(book.product, "cogs"), self._stock_account(book)
        layers = self._changed_layers(event, facts).sorted("id", reverse=True)
        cost = book.take_out(event, layers.ids, cogs, variance)
        again = self._leave_again(event, layers, cost, facts)
        event.entry.post(cogs, stock, book.product, again)
        event.entry.post(variance, stock, book.product, cost - again)
        event.value = -cost

    def _leave_again(self, event, layers, cost, facts):
        """The delivery gets units less back; return what they had left at (minor units)."""
        numbers, rest, value = facts.numbers, event.qty, 0
        none = self.env["wms.cost.consumption"]
        left = facts.issued.get(event.move.origin_returned_move_id.id, none)
        for layer in layers:
            still = numbers.qty(layer.qty) - numbers.qty(layer.cleared_qty)
            part = min(still, rest)
            if not part:
                continue
            layer.cleared_qty = float(numbers.qty(layer.cleared_qty) + part)
            worth = share(numbers.minor(layer.value), part, numbers.qty(layer.qty))
            source = left.filtered(
                lambda row, layer=layer: (
                    row.layer_id == layer.origin_layer_id and row.returned_qty > 0
                )
            )
            if source:
                back = numbers.qty(source[0].returned_qty)
                taken = share(numbers.minor(source[0].returned_value), min(part, back), back)
                source[0].returned_qty = float(back - min(part, back))
                amount = numbers.minor(source[0].returned_value) - taken
                source[0].returned_value = numbers.amount(amount)
            value += worth
            rest -= part
        # what had left before it was received came back without a layer
        return value + (share(cost, rest, event.qty) if rest else 0)

    # -------------------------------------------------------------- less has left
    def _cost_put_back(self, book, event, facts):
        """Dr stock, Cr where the cost had gone: the last taken first, into their own layers."""
        stock, cogs = self._stock_account(book), None
        if event.kind == "less_delivery":
            cogs = self._account(book.product, "cogs")
        for part, source in self._undone(book, event, facts):
            value = self._put_part_back(book, event, part, source)
            waiting = 0
            if cogs and not part.provisional:
                waiting = self._take_uninvoiced(source, part.qty, book.numbers)
                event.entry.post(stock, source.account_id, book.product, waiting)
            account = cogs or source.account_id
            event.entry.post(stock, account, book.product, value - waiting)
            event.value -= value
        self._post_settled(book, event)

    def _undone(self, book, event, facts):
        """The parts of the move's cost that the event takes back.

        :raises UserError: when some of them came back by a return already
        """
        parts = self._last_out(event.move, book, event, facts)
        found = sum((part.qty for part, _source in parts), ZERO)
        if found < event.qty:
            raise UserError(
                self.env._(
                    "Of %(product)s in %(reference)s only %(left)s have not come back, so the "
                    "done quantity can't be %(qty)s less. Correct the return instead.",
                    product=book.product.display_name,
                    reference=event.move.reference,
                    left=found.normalize(),
                    qty=event.qty.normalize(),
                )
            )
        return parts

    def _put_part_back(self, book, event, part, source):
        if part.provisional:
            return book.cancel_deficit(event, part.key, part.qty)
        numbers = book.numbers
        book.put_back(event, source, part.qty, part.value)
        source.returned_qty = float(numbers.qty(source.returned_qty) + part.qty)
        source.returned_value = numbers.amount(numbers.minor(source.returned_value) + part.value)
        return part.value

    def _cost_less_vendor_return(self, book, event, facts):
        """Dr stock, Cr goods received not invoiced: less went back to the vendor."""
        stock, product = self._stock_account(book), book.product
        grni, variance = self._account(product, "grni"), self._account(product, "variance")
        value, opened, rest = 0, 0, ZERO
        for part, source in self._undone(book, event, facts):
            value += self._put_part_back(book, event, part, source)
            qty, amount = self._not_refundable(source, part.qty, book.numbers)
            opened += amount
            rest += part.qty - qty
        opened += self._received_again(book, event, rest, facts)
        event.entry.post(stock, grni, product, opened)
        event.entry.post(stock, variance, product, value - opened)
        event.value = -value
        self._post_settled(book, event)

    def _not_refundable(self, row, qty, numbers):
        """Units of a return that wait for no refund any more, and their amount."""
        waiting = numbers.qty(row.refundable_qty)
        part = min(waiting, qty)
        if not part:
            return ZERO, 0
        value = share(numbers.minor(row.refundable_value), part, waiting)
        row.refundable_qty = float(waiting - part)
        row.refundable_value = numbers.amount(numbers.minor(row.refundable_value) - value)
        return part, value

    def _received_again(self, book, event, qty, facts):
        """Units that went back before their bill are received and not billed again.

        :return: their value (minor units)
        :raises UserError: when the vendor has refunded them already
        """
        numbers, total = facts.numbers, 0
        layers = facts.origins.get(event.move.origin_returned_move_id.id, ())
        for layer in layers:
            cleared = numbers.qty(layer.cleared_qty)
            part = min(cleared, qty)
            if not part or layer.lot_id != event.pool.lot:
                continue
            value = self._price_again(book, layer, part, numbers)
            self._owe_more(layer, value, numbers)
            layer.cleared_qty = float(cleared - part)
            layer.unbilled_qty = float(numbers.qty(layer.unbilled_qty) + part)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) + value)
            total += value
            qty -= part
        if qty:
            raise UserError(
                self.env._(
                    "The vendor has refunded %(reference)s, so less can't have gone back. Take "
                    "the refund back to draft first, or receive the goods by a new order.",
                    reference=event.move.reference,
                )
            )
        return total

    def _price_again(self, book, layer, qty, numbers):
        """What is owed for units that are received and not billed again (minor units).

        As for the others of their receipt; without any as it was, at standard cost as ordered.
        """
        waiting = numbers.qty(layer.unbilled_qty)
        if waiting:
            return share(numbers.minor(layer.unbilled_value), qty, waiting)
        if book.pool.method == "standard":
            return self._ordered_value(layer.move_id, qty, book, numbers)
        return share(numbers.minor(layer.value), qty, numbers.qty(layer.qty))


def _differences(before, now):
    """Way -> units more (or less, < 0) than before."""
    changes = {way: now.get(way, ZERO) - before.get(way, ZERO) for way in [*before, *now]}
    return {way: qty for way, qty in changes.items() if qty}
