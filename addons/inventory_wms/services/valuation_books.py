"""Reading the pools of a call (:class:`~.valuation_numbers.PoolKey`) into working copies.

The totals are locked first, in the order of their products, lots and places, so that two
postings never wait for each other in a circle; only as many layers are read as the call
takes, so a long history costs nothing.
"""

import itertools
from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ..engine import cost_corrections as corrections
from ..engine import cost_layers
from ..engine.cost_layers import METHODS, ZERO, Deficit, Layer, Pool, Slice

_CHUNK = 8
_PLACE = ("date", "move_id", "picking_id")


class Book:
    """The working copy of one pool and the rows that its events add.

    New layers and deficits have negative keys until they are written, unique in the call.
    """

    def __init__(self, key, rows, pool, numbers):
        self.key = key
        self.product, self.lot, self.place = key.product, key.lot, key.place
        self.total_id, self.spread_id, self._keys = rows
        self.pool = pool
        self.start = pool
        self.numbers = numbers
        self.layers, self.consumptions, self.deficits, self.adjustments = {}, [], {}, []
        self.accounts = {}  # deficit key -> account charged
        self.moves = {}  # deficit key -> move
        self.true_ups = []  # (move, minor units): settled deficits
        self.undone = set()  # deficit keys: goods that a corrected receipt took out
        self.revived = set()  # keys of layers that got units back
        self._settled = []

    def _key(self):
        return next(self._keys)

    def fallback(self):
        """Exact cost of one unit when there is no stock: the lot's or product's own cost."""
        price = self.lot.standard_price if self.lot else 0
        return self.numbers.fraction(price or self.product.standard_price)

    def cost(self):
        """Exact cost of one unit now, in minor units; None when nothing tells it."""
        if self.pool.qty > 0:
            return Fraction(self.pool.value) / Fraction(self.pool.qty)
        kinds = ("receipt", "opening")
        received = [vals for vals in self.layers.values() if vals["kind"] in kinds]
        if not received:
            return None
        last = received[-1]
        return self.numbers.fraction(last["value"]) / self.numbers.exact(last["qty"])

    # -------------------------------------------------------------------- events
    def receive(self, event, value, vals, qty=None):
        """Put a layer on the pool; return its key.  Deficits settle first."""
        qty = event.qty if qty is None else qty
        key = self._key()
        received = cost_layers.receive(self.pool, key, qty, value)
        self.pool = received.pool
        self.layers[key] = {
            **self._source(event),
            **self._pool(),
            "qty": float(qty),
            "value": self.numbers.amount(value),
            **vals,
        }
        for part in received.settlements:
            self._settle(part, event)
        return key

    def _settle(self, part, event):
        move = self.moves[part.deficit_key]
        account = self.accounts[part.deficit_key]
        self.consumptions.append(
            {
                **self._source(event),
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "layer_id": part.layer_key,
                "deficit_id": part.deficit_key,
                "qty": float(part.qty),
                "value": self.numbers.amount(part.value),
                "layer_value": self.numbers.amount(part.value),
                "provisional": self.numbers.amount(part.provisional),
                "account_id": account.id,
                "corrects": part.deficit_key in self.undone,
            }
        )
        if part.deficit_key in self.undone:
            self.true_ups.append((move, part.provisional - part.value))
        elif move.is_out:  # not of goods that were moved inside
            self.true_ups.append((move, part.value - part.provisional))
        self._settled.append((account, part.value - part.provisional, move))

    def pop_settled(self):
        """The corrections of settled deficits since the last call: (account, minor units, move)."""
        settled, self._settled = self._settled, []
        return settled

    def issue(self, event, account, missing_account):
        """Take the event's units; return what layers and what a deficit gave (minor units)."""
        key = self._key()
        issued = cost_layers.issue(self.pool, key, event.qty, self.fallback())
        return self._take(event, issued, key, (account, missing_account))

    def _take(self, event, issued, key, accounts, **vals):
        """Remember what the engine issued; return what layers and what a deficit gave."""
        account, missing_account = accounts
        self.pool = issued.pool
        for row in self._record(event, issued.slices, account):
            row.update(vals)
        missing = issued.deficit.value if issued.deficit else 0
        if issued.deficit:
            self.accounts[key], self.moves[key] = missing_account, event.move
            self.deficits[key] = {
                **self._source(event),
                **self._pool(),
                "qty": float(issued.deficit.qty),
                "value": self.numbers.amount(missing),
                "account_id": missing_account.id,
                **vals,
            }
        return issued.value - missing, missing

    def pass_by(self, event, value, vals, account):
        """A layer and its consumption that never were in the pool; return key and consumption."""
        key, amount = self._key(), self.numbers.amount(value)
        self.layers[key] = {
            **self._source(event),
            **self._pool(),
            "qty": float(event.qty),
            "value": amount,
            **vals,
            "kind": "direct",
        }
        part = Slice(key, event.qty, value, value)
        return key, self._record(event, [part], account)[0]

    def take_out(self, event, layer_ids, account, missing_account):
        """Take units out that the move should not have brought; return the cost (minor units)."""
        key = self._key()
        issued = corrections.take_out(self.pool, layer_ids, key, event.qty, self.fallback())
        self.undone.add(key)
        return sum(self._take(event, issued, key, (account, missing_account), corrects=True))

    def put_back(self, event, row, qty, value):
        """Units of a consumption are in their layer again, as if they had never left it.

        :param row: ``wms.cost.consumption``; ``value``: what they were charged, minor units
        """
        numbers, layer = self.numbers, row.layer_id.id
        own = value
        if METHODS[self.pool.method].averaged:
            own = cost_layers.share(numbers.minor(row.layer_value), qty, numbers.qty(row.qty))
        before = self._layer_value(layer)
        back = corrections.put_back(self.pool, Slice(layer, qty, value, own))
        self.pool = back.pool
        self.revived.add(layer)
        settled = sum(part.value for part in back.settlements)
        for part in back.settlements:
            self._settle(part, event)
        self.adjust(
            layer,
            {
                "kind": "undo",
                "date": event.date,
                "consumption_id": row.id,
                "qty": float(qty),
                "on_hand": numbers.amount(self._layer_value(layer) - before + settled),
                "received_value": numbers.amount(value),
                "entry_key": event.entry.key,
            },
        )

    def _layer_value(self, key):
        return next((layer.value for layer in self.pool.layers if layer.key == key), 0)

    def issue_from(self, event, account, layer_ids):
        """Take units from these layers first; return the new consumptions' values."""
        issued = cost_layers.issue_from(
            self.pool, layer_ids, self._key(), event.qty, self.fallback()
        )
        self.pool = issued.pool
        return self._record(event, issued.slices, account)

    def _record(self, event, slices, account):
        rows = [
            {
                **self._source(event),
                "layer_id": part.layer_key,
                "qty": float(part.qty),
                "value": self.numbers.amount(part.value),
                "layer_value": self.numbers.amount(part.layer_value),
                "account_id": account.id,
                "minor": part.value,
            }
            for part in slices
        ]
        self.consumptions += rows
        return rows

    def cancel_deficit(self, event, key, qty):
        """Missing units come back; return the provisional value taken back (minor units)."""
        self.pool, value = corrections.cancel_deficit(self.pool, key, qty)
        self.adjust(
            False,
            {
                "kind": "cancel",
                "deficit_id": key,
                "qty": float(qty),
                "on_hand": self.numbers.amount(value),
                "entry_key": event.entry.key,
            },
        )
        return value

    def adjust(self, layer_key, vals):
        """Remember a correction of a layer (its effect on the pool is the caller's)."""
        self.adjustments.append({"layer_id": layer_key, **self._base(), **vals})

    def _base(self):
        return {"company_id": self.numbers.company.id, "product_id": self.product.id}

    def _pool(self):
        lot, place = self.lot.id, self.place.id
        return {"total_id": self.total_id, "lot_id": lot, "place_id": place}

    def _source(self, event):
        return {
            **self._base(),
            "date": event.date,
            "move_id": event.move.id,
            "picking_id": event.move.picking_id.id,
            "entry_key": event.entry.key,
        }


def _is_enough(rows, limit, qty):
    """Whether the layers read cover the units, or there are no more of them."""
    return len(rows) < limit or sum((row[1] for row in rows.values()), ZERO) >= qty


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _open_books(self, numbers, needs):
        """Lock and read the pools.

        :param needs: pool key -> (units that will be taken, ids of layers to know in any case)
        :return: pool key -> :class:`Book`
        """
        if not needs:
            return {}
        self.env["wms.cost.layer"].flush_model()
        self.env["wms.cost.deficit"].flush_model()
        totals = self._lock_totals(needs, numbers)
        layers = self._read_layers(needs, totals, numbers)
        deficits = self._read_deficits(totals, numbers)
        books, keys = {}, itertools.count(-1, -1)
        for key in needs:
            (total_id, spread_id), *numbers_of_pool = totals[key]
            missing = deficits.get(total_id, ())
            pool = Pool(
                key.product._wms_cost_flow(),
                tuple(Layer(*row) for row in sorted(layers[total_id].values())),
                tuple(row[0] for row in missing),
                *numbers_of_pool,
            )
            book = Book(key, (total_id, spread_id, keys), pool, numbers)
            for deficit, move, account, corrects in missing:
                book.moves[deficit.key], book.accounts[deficit.key] = move, account
                if corrects:
                    book.undone.add(deficit.key)
            books[key] = book
        return books

    def _lock_totals(self, keys, numbers):
        """pool key -> (ids of total and spread), units, value, spread, carry; rows are locked."""
        self.env["wms.cost.total"].flush_model()
        by_ids = {key.ids: key for key in keys}
        found = self._select_totals(by_ids, numbers)
        missing = sorted(set(by_ids) - set(found))
        if missing:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO wms_cost_total
                           (company_id, product_id, lot_id, place_id, category_id, qty, value)
                    SELECT %s, product.id, nullif(wanted.lot, 0), nullif(wanted.place, 0),
                           template.categ_id, 0, 0
                      FROM unnest(%s::int[], %s::int[], %s::int[]) AS wanted(product, lot, place)
                      JOIN product_product product ON product.id = wanted.product
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     ORDER BY product.id, wanted.lot, wanted.place
                        ON CONFLICT DO NOTHING
                    """,
                    self.env.company.id,
                    *map(list, zip(*missing, strict=True)),
                )
            )
            found |= self._select_totals(missing, numbers)
        return {by_ids[ids]: total for ids, total in found.items()}

    def _select_totals(self, ids, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT total.product_id, coalesce(total.lot_id, 0), coalesce(total.place_id, 0),
                       total.id, spread.id, total.qty, total.value, spread.remaining_value,
                       total.carry
                  FROM unnest(%s::int[], %s::int[], %s::int[]) AS wanted(product, lot, place)
                  JOIN wms_cost_total total
                    ON total.company_id = %s AND total.product_id = wanted.product
                   AND coalesce(total.lot_id, 0) = wanted.lot
                   AND coalesce(total.place_id, 0) = wanted.place
                  LEFT JOIN wms_cost_layer spread
                    ON spread.total_id = total.id AND spread.kind = 'average'
                 ORDER BY 1, 2, 3
                   FOR UPDATE OF total
                """,
                *map(list, zip(*sorted(ids), strict=True)),
                self.env.company.id,
            )
        )
        return {
            (product, lot, place): (
                (row_id, spread_id),
                numbers.qty(qty),
                numbers.minor(value),
                numbers.minor(spread),
                Decimal(f"{carry or 0:.{cost_layers.CARRY_DIGITS}f}"),
            )
            for (
                product, lot, place, row_id, spread_id, qty, value, spread, carry
            ) in self.env.cr.fetchall()
        }  # fmt: skip

    def _read_layers(self, needs, totals, numbers):
        """total id -> {layer id: (id, qty, value)}: those that the call takes, and the named."""
        flows, short, found = {}, {}, {}
        for key, (qty, _layers) in needs.items():
            total_id = totals[key][0][0]
            flows[total_id], found[total_id] = key.product._wms_cost_flow(), {}
            short[total_id] = min(qty, max(totals[key][1], ZERO))
        chunk = _CHUNK
        while wanted := [total for total, qty in short.items() if qty > 0]:
            self._read_chunks(found, {total: flows[total] for total in wanted}, chunk, numbers)
            for total in wanted:
                if _is_enough(found[total], chunk, short[total]):
                    short[total] = ZERO
            chunk *= 4
        named = [layer for _qty, layers in needs.values() for layer in layers]
        if named:
            self._read_named(found, named, numbers)
        return found

    def _read_chunks(self, found, flows, limit, numbers):
        for newest_first in (False, True):
            same = [
                total for total, flow in flows.items() if METHODS[flow].newest_first == newest_first
            ]
            if same:
                self._read_chunk(found, same, limit, newest_first, numbers)

    def _read_chunk(self, found, totals, limit, newest_first, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT layer.total_id, layer.id, layer.remaining_qty, layer.remaining_value
                  FROM unnest(%s::int[]) AS wanted(total_id)
                 CROSS JOIN LATERAL (
                       SELECT total_id, id, remaining_qty, remaining_value
                         FROM wms_cost_layer
                        WHERE total_id = wanted.total_id AND remaining_qty > 0
                        ORDER BY total_id %s, id %s
                        LIMIT %s) layer
                """,
                totals,
                *[SQL("DESC") if newest_first else SQL("ASC")] * 2,
                limit,
            )
        )
        self._collect(found, numbers)

    def _read_named(self, found, layer_ids, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT total_id, id, remaining_qty, remaining_value FROM wms_cost_layer
                 WHERE id = ANY(%s) AND remaining_qty > 0
                """,
                sorted(set(layer_ids)),
            )
        )
        self._collect(found, numbers)

    def _collect(self, found, numbers):
        for total, layer, qty, value in self.env.cr.fetchall():
            found[total][layer] = (layer, numbers.qty(qty), numbers.minor(value))

    def _read_deficits(self, totals, numbers):
        """total id -> [(deficit, move, account, corrects)], oldest first; goods below zero only."""
        below = [total[0][0] for total in totals.values() if total[1] < 0]
        if not below:
            return {}
        rows = self.env["wms.cost.deficit"].search(
            [("total_id", "in", below), ("open_qty", ">", 0)], order="id"
        )
        return {
            total.id: [
                (
                    Deficit(row.id, numbers.qty(row.open_qty), numbers.minor(row.open_value)),
                    row.move_id,
                    row.account_id,
                    row.corrects,
                )
                for row in pool_rows
            ]
            for total, pool_rows in rows.grouped("total_id").items()
        }
