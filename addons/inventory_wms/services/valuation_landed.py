"""Later costs of a receipt: landed costs, and a receipt's value that somebody sets by hand.

Core splits a landed cost over the goods of its transfers (all its split methods).  Here each
part goes where the units of that receipt are now: units on hand raise their layers, wherever
these were moved to; of units that left, those sold are cost of goods sold, those lost go to
the account that bore the loss, those sent back to their vendor to the variance account.
Goods at standard cost take the whole amount as variance.  What a receipt turned out not to have
brought (its done quantity was lowered) bears nothing.
"""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import cost_corrections as corrections
from ..engine import cost_revaluation
from ..engine.cost_layers import ZERO, share, spread_over
from .valuation_numbers import Entry, Numbers


@dataclass
class Receipts:
    """Receipts whose cost changes, and where their goods are now; read once for a document.

    ``layers``: stock move -> the layers it brought; ``moved``: layer -> layers that hold its
    goods elsewhere; ``gone``: layer id -> {account id: units that left}; ``lessened``: layer id ->
    units that its own receipt had not brought after all, and their value; ``replaced``: stock move
    -> such units that other goods had to stand in for.
    """

    numbers: Numbers
    books: dict
    layers: dict
    moved: dict
    gone: dict
    lessened: dict
    replaced: dict

    def brought(self, layer):
        """Units of a receipt's layer, less those that it turned out not to have brought."""
        return self.numbers.qty(layer.qty) - self.lessened.get(layer.id, (ZERO, 0))[0]


@dataclass
class LaterCost:
    """An amount (minor units) that a receipt's layer costs more, and the row that records it."""

    layer: object
    amount: int
    entry: Entry
    vals: dict = field(default_factory=dict)


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    # ------------------------------------------------------------------ landed costs
    @api.model
    def _add_landed_costs(self, costs):
        """Add validated landed costs to the goods among theirs that are costed at movement.

        :param costs: ``stock.landed.cost``
        :raises UserError: for goods that were not received by these transfers
        """
        for company, group in costs.grouped("company_id").items():
            self.with_company(company)._land(group.with_company(company))

    def _land(self, costs):
        lines = costs.valuation_adjustment_lines.filtered(
            lambda line: line.additional_landed_cost and line.move_id._wms_costed()
        )
        if not lines:
            return
        receipts = self._landed_receipts(lines.move_id)
        entries = {cost: self._landed_entry(cost) for cost in lines.cost_id}
        for line in lines:
            entry = entries[line.cost_id]
            amount = receipts.numbers.minor(line.additional_landed_cost)
            self._bear(
                line.move_id, amount, receipts, entry, {"kind": "landed", "landed_line_id": line.id}
            )
            freight = line.cost_line_id.product_id
            entry.add(self._freight_account(line), freight, -amount)
        self._finish_changes(receipts.books, entries.values(), receipts.numbers)

    def _landed_entry(self, cost):
        return Entry(
            key=f"landed:{cost.id}",
            event="landed",
            reference=cost.name,
            date=cost.date,
            partner=cost.vendor_bill_id.commercial_partner_id,
            links={"landed_cost_id": cost.id},
        )

    def _freight_account(self, line):
        """Where the vendor's bill of the freight was booked: the cost line's account, as in core.

        :raises UserError: when that is the stock account, and nothing but goods belongs there
        """
        cost_line = line.cost_line_id
        freight = cost_line.product_id
        account = cost_line.account_id or freight._get_product_accounts()["expense"]
        stock = self._account(line.product_id, "valuation")
        if not account or (account == stock and freight.valuation != "real_time"):
            raise UserError(
                self.env._(
                    "%(cost)s, line %(line)s: choose the account that the freight's bill was "
                    "booked on, an expense or accrual account and not the stock account.",
                    cost=line.cost_id.name,
                    line=cost_line.name or freight.display_name,
                )
            )
        return account

    # --------------------------------------------------------------- receipt by hand
    @api.model
    def _set_receipt_values(self, values):
        """Give receipts another value; the difference goes to the revaluation account.

        :param values: list of (stock move, value of the whole receipt, reason)
        :raises UserError: for moves that received nothing
        """
        for company in {move.company_id for move, _value, _reason in values}:
            here = [wish for wish in values if wish[0].company_id == company]
            self.with_company(company)._set_company_receipts(here)

    def _set_company_receipts(self, values):
        moves = self.env["stock.move"].union(*(move for move, _value, _reason in values))
        receipts = self._landed_receipts(moves)
        costs = self._costs_now(receipts)
        entries = []
        for move, value, reason in values:
            document = self._new_document("receipt", reason)
            entry = self._revaluation_entry(document)
            amount = receipts.numbers.minor(value) - costs[move]
            links = {"kind": "revaluation", "revaluation_id": document.id}
            self._bear(move, amount, receipts, entry, links)
            account = self._account(move.product_id, "revaluation")
            entry.add(account, move.product_id, -amount)
            entries.append(entry)
        self._finish_changes(receipts.books, entries, receipts.numbers)

    def _costs_now(self, receipts):
        """stock move -> what its receipt cost so far, later corrections included (minor units).

        Also those of goods that lay elsewhere until they left.  What was put back into a layer,
        since less had left it, is no cost.
        """
        numbers = receipts.numbers
        layers = self.env["wms.cost.layer"].union(*receipts.layers.values())
        costs = {
            layer: numbers.minor(layer.value) - receipts.lessened.get(layer.id, (ZERO, 0))[1]
            for layer in layers
        }
        rows = self.env["wms.cost.adjustment"]._read_group(
            [
                ("kind", "!=", "undo"),
                "|",
                ("layer_id", "in", layers.ids),
                ("layer_id.root_layer_id", "in", layers.ids),
            ],
            ["layer_id"],
            ["on_hand:sum", "consumed:sum"],
        )
        for layer, on_hand, consumed in rows:
            owner = layer if layer in costs else layer.root_layer_id
            costs[owner] += numbers.minor(on_hand) + numbers.minor(consumed)
        return {
            move: self._without_replaced(move, sum(costs[layer] for layer in own), receipts)
            for move, own in receipts.layers.items()
        }

    def _without_replaced(self, move, cost, receipts):
        """A receipt's cost less that of the units that other goods had to stand in for."""
        replaced = receipts.replaced.get(move, ZERO)
        if not replaced:
            return cost
        units = sum((receipts.brought(layer) for layer in receipts.layers[move]), ZERO)
        return cost - share(cost, min(replaced, units), units)

    # ----------------------------------------------------------------------- both
    def _landed_receipts(self, moves):
        """Lock the pools of what these moves received, and read where the goods are now.

        :raises UserError: for a move without a layer
        """
        layers = self.env["wms.cost.layer"].search([("move_id", "in", moves.ids)], order="id")
        layers = layers.filtered(lambda layer: layer.kind != "transfer")
        by_move = layers.grouped("move_id")
        for move in moves:
            if move not in by_move:
                raise self._not_received(move)
        numbers = Numbers.of(self.env)
        moved = self._moved_layers(layers)
        needs = {
            key: (ZERO, tuple(parts.ids))
            for key, parts in layers.union(*moved.values()).grouped(self._pool_of).items()
        }
        books = self._open_books(numbers, needs)
        gone = self._units_gone(layers, numbers)
        return Receipts(
            numbers, books, by_move, moved, gone, *self._units_not_brought(moves, numbers)
        )

    def _not_received(self, move):
        return UserError(
            self.env._(
                "%(product)s was not received by %(reference)s, so it has no cost there "
                "to change. Choose the transfer that brought the goods in.",
                product=move.product_id.display_name,
                reference=move.reference or move.picking_id.name,
            )
        )

    def _units_not_brought(self, moves, numbers):
        """What receipts turned out not to have brought, their done quantity being lowered.

        :return: layer id -> (units, minor units) taken out of its own goods; stock move -> units
            that were taken from other goods, or are missing
        """
        self.env["wms.cost.deficit"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT taken.move_id,
                       CASE WHEN layer.move_id = taken.move_id THEN layer.id
                            WHEN root.move_id = taken.move_id THEN root.id END,
                       sum(taken.qty), sum(taken.layer_value)
                  FROM wms_cost_consumption taken
                  JOIN wms_cost_layer layer ON layer.id = taken.layer_id
                  LEFT JOIN wms_cost_layer root ON root.id = layer.root_layer_id
                 WHERE taken.corrects AND taken.deficit_id IS NULL
                   AND taken.move_id = ANY(%(moves)s)
                 GROUP BY 1, 2
             UNION ALL
                SELECT move_id, NULL, sum(qty), 0 FROM wms_cost_deficit
                 WHERE corrects AND move_id = ANY(%(moves)s) GROUP BY 1
                """,
                moves=moves.ids,
            )
        )
        own, replaced = {}, {}
        for move_id, layer, qty, value in self.env.cr.fetchall():
            move, units = moves.browse(move_id), numbers.qty(qty)
            if layer:
                own[layer] = (units, numbers.minor(value))
            else:
                replaced[move] = replaced.get(move, ZERO) + units
        return own, replaced

    def _units_gone(self, layers, numbers):
        """layer id -> {account id: units that left for good}, moved and returned units followed."""
        self.env["wms.cost.consumption"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT receipt.id, gone.account_id,
                       sum(gone.qty - coalesce(gone.returned_qty, 0))
                  FROM wms_cost_layer layer
                  JOIN wms_cost_layer receipt
                    ON receipt.id = CASE WHEN layer.id = ANY(%(roots)s) THEN layer.id
                                         ELSE layer.root_layer_id END
                  JOIN wms_cost_consumption gone ON gone.layer_id = layer.id
                 WHERE (layer.id = ANY(%(roots)s) OR layer.root_layer_id = ANY(%(roots)s))
                   AND NOT (coalesce(gone.corrects, false) AND gone.deficit_id IS NULL
                            AND gone.move_id = receipt.move_id)
                   AND NOT EXISTS (
                       SELECT 1 FROM wms_cost_layer there
                        WHERE there.origin_layer_id = layer.id AND there.kind = 'transfer'
                          AND there.move_id = gone.move_id)
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                roots=layers.ids,
            )
        )
        found = {}
        for layer, account, qty in self.env.cr.fetchall():
            units = numbers.qty(qty)
            if units > 0:
                found.setdefault(layer, {})[account] = units
        return found

    def _bear(self, move, amount, receipts, entry, vals):
        """Spread a later cost of a move's receipt (minor units) over its layers.

        :raises UserError: when it turned out to have brought nothing
        """
        layers = receipts.layers[move].filtered(receipts.brought)
        if not layers:
            raise self._not_received(move)
        parts = spread_over(amount, [receipts.brought(layer) for layer in layers])
        for layer, part in zip(layers, parts, strict=True):
            if not part:
                continue
            cost = LaterCost(layer, part, entry, vals)
            if layer.product_id._wms_cost_flow() == "standard":
                self._bear_as_variance(cost, receipts)
            else:
                self._bear_by_units(cost, receipts)

    def _bear_as_variance(self, cost, receipts):
        product, numbers = cost.layer.product_id, receipts.numbers
        cost.entry.add(self._account(product, "variance"), product, cost.amount)
        book = receipts.books[self._pool_of(cost.layer)]
        self._record_cost(book, cost, numbers, on_hand=0, consumed=cost.amount)

    def _bear_by_units(self, cost, receipts):
        """To stock for units on hand, to the accounts of those that left; one row per layer."""
        layer, numbers = cost.layer, receipts.numbers
        held = self._held(layer, receipts)
        here = [qty for _part, _book, qty in held]
        gone = self._gone_by_account(layer, receipts.brought(layer) - sum(here, ZERO), receipts)
        kept, left = cost_revaluation.follow(cost.amount, here, list(gone.values()))
        for account, value in zip(gone, left, strict=True):
            cost.entry.add(account, layer.product_id, value)
        own = 0
        for (part, book, _qty), value in zip(held, kept, strict=True):
            book.pool = corrections.revalue_layer(book.pool, part.id, value)
            self._refuse_below_zero(book)
            cost.entry.add(self._stock_account(book), layer.product_id, value)
            self._add_to_move(part, value, numbers)
            if part == layer:
                own = value
            else:
                there = LaterCost(part, value, cost.entry, cost.vals)
                self._record_cost(book, there, numbers, on_hand=value, consumed=0)
        book = receipts.books[self._pool_of(layer)]
        self._record_cost(book, cost, numbers, on_hand=own, consumed=sum(left))

    def _gone_by_account(self, layer, units, receipts):
        """account -> units, of the units of a receipt that are not on hand any more."""
        product, found = layer.product_id, {}
        cogs = self._account(product, "cogs")
        elsewhere = {
            self._account(product, "grni"): self._account(product, "variance"),
            self._account(product, "shipped", required=False): cogs,
        }
        accounts = self.env["account.account"]
        for account_id, qty in receipts.gone.get(layer.id, {}).items():
            account = accounts.browse(account_id)
            account = elsewhere.get(account, account)
            taken = min(qty, units)
            found[account] = found.get(account, ZERO) + taken
            units -= taken
        if units > 0:
            found[cogs] = found.get(cogs, ZERO) + units
        return found

    def _record_cost(self, book, cost, numbers, on_hand, consumed):
        book.adjust(
            cost.layer.id,
            {
                **cost.vals,
                "qty": cost.layer.qty,
                "on_hand": numbers.amount(on_hand),
                "consumed": numbers.amount(consumed),
                "entry_key": cost.entry.key,
            },
        )

    def _add_to_move(self, layer, value, numbers):
        """Keep the value of the move that brought the goods in: of the receipt if they moved."""
        source = layer.root_layer_id if layer.kind == "transfer" else layer
        if source.move_id and value:
            source.move_id.value += numbers.amount(value)

    def _refuse_below_zero(self, book):
        """Refuse a cost after which goods on hand are worth less than nothing.

        :raises UserError: names the product
        """
        touched = [layer for layer in book.pool.layers if layer.value < 0]
        averaged = book.pool.method in ("average", "standard")
        if book.pool.value < 0 <= book.start.value or (touched and not averaged):
            raise UserError(
                self.env._(
                    "%s: goods on hand would be worth less than nothing after this. Check the "
                    "amount, or choose single receipts that can bear it.",
                    book.product.display_name,
                )
            )

    def _finish_changes(self, books, entries, numbers):
        """Write rows, totals and entries of changes that no stock move caused."""
        postings = self._create_postings([entry for entry in entries if entry.lines])
        self._write_books(books, numbers, postings)
        self._update_costs(books, numbers)
        lots = self.env["stock.lot"].union(*(book.lot for book in books.values()))
        lots.invalidate_recordset(["total_value", "avg_cost"])
