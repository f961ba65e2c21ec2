"""Reading the pools of the products of a call, and writing them back in bulk.

The totals are locked first, in the order of their products, so that two postings
never wait for each other in a circle; only as many layers are read as the call
takes, so a long history costs nothing.
"""

from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ..engine import cost_corrections as corrections
from ..engine import cost_layers
from ..engine.cost_layers import METHODS, ZERO, Deficit, Layer, Pool

_CHUNK = 8
_PLACE = ("date", "move_id", "picking_id")


class Book:
    """The working copy of one product's pool and the rows that its events add.

    New layers and deficits have negative keys until they are written.
    """

    def __init__(self, product, place, pool, numbers):
        self.product = product
        self.total_id, self.spread_id = place
        self.pool = pool
        self.start = pool
        self.numbers = numbers
        self.layers, self.consumptions, self.deficits, self.adjustments = {}, [], {}, []
        self.accounts = {}  # deficit key -> account charged
        self.moves = {}  # deficit key -> move
        self.true_ups = []  # (move, minor units): settled deficits
        self._settled = []
        self._last = -1

    def _key(self):
        self._last -= 1
        return self._last

    def fallback(self):
        """Exact cost of one unit when there is no stock: the product's own cost."""
        return self.numbers.fraction(self.product.standard_price)

    def cost(self):
        """Exact cost of one unit now, in minor units; None when nothing tells it."""
        if self.pool.qty > 0:
            return Fraction(self.pool.value) / Fraction(self.pool.qty)
        received = [vals for vals in self.layers.values() if vals["kind"] == "receipt"]
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
            **self._place(event),
            "total_id": self.total_id,
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
                **self._place(event),
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "layer_id": part.layer_key,
                "deficit_id": part.deficit_key,
                "qty": float(part.qty),
                "value": self.numbers.amount(part.value),
                "layer_value": self.numbers.amount(part.value),
                "provisional": self.numbers.amount(part.provisional),
                "account_id": account.id,
            }
        )
        self.true_ups.append((move, part.value - part.provisional))
        self._settled.append((account, part.value - part.provisional))

    def pop_settled(self):
        """The corrections of settled deficits since the last call: (account, minor units)."""
        settled, self._settled = self._settled, []
        return settled

    def issue(self, event, account, missing_account):
        """Take the event's units; return what layers and what a deficit gave (minor units)."""
        key = self._key()
        issued = cost_layers.issue(self.pool, key, event.qty, self.fallback())
        self.pool = issued.pool
        self._record(event, issued.slices, account)
        missing = issued.deficit.value if issued.deficit else 0
        if issued.deficit:
            self.accounts[key], self.moves[key] = missing_account, event.move
            self.deficits[key] = {
                **self._place(event),
                "total_id": self.total_id,
                "qty": float(issued.deficit.qty),
                "value": self.numbers.amount(missing),
                "account_id": missing_account.id,
            }
        return issued.value - missing, missing

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
                **self._place(event),
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

    def _place(self, event):
        return {
            **self._base(),
            "date": event.move.date,
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

        :param needs: product -> (units that will be taken, ids of layers to know in any case)
        :return: product id -> :class:`Book`
        """
        if not needs:
            return {}
        self.env["wms.cost.layer"].flush_model()
        self.env["wms.cost.deficit"].flush_model()
        totals = self._lock_totals([product.id for product in needs], numbers)
        layers = self._read_layers(needs, totals, numbers)
        deficits = self._read_deficits(totals, numbers)
        books = {}
        for product in needs:
            place, *numbers_of_pool = totals[product.id]
            pool = Pool(
                product.cost_method,
                tuple(Layer(*row) for row in sorted(layers[product.id].values())),
                tuple(row[0] for row in deficits.get(product.id, ())),
                *numbers_of_pool,
            )
            book = Book(product, place, pool, numbers)
            for deficit, move, account in deficits.get(product.id, ()):
                book.moves[deficit.key], book.accounts[deficit.key] = move, account
            books[product.id] = book
        return books

    def _lock_totals(self, product_ids, numbers):
        self.env["wms.cost.total"].flush_model()
        found = self._select_totals(product_ids, numbers)
        missing = sorted(set(product_ids) - set(found))
        if missing:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO wms_cost_total (company_id, product_id, category_id, qty, value)
                    SELECT %s, product.id, template.categ_id, 0, 0
                      FROM product_product product
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE product.id = ANY(%s) ORDER BY product.id
                        ON CONFLICT DO NOTHING
                    """,
                    self.env.company.id,
                    missing,
                )
            )
            found |= self._select_totals(missing, numbers)
        return found

    def _select_totals(self, product_ids, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT total.product_id, total.id, total.qty, total.value, spread.remaining_value,
                       spread.id, total.carry
                  FROM wms_cost_total total
                  LEFT JOIN wms_cost_layer spread
                    ON spread.total_id = total.id AND spread.kind = 'average'
                 WHERE total.company_id = %s AND total.product_id = ANY(%s)
                 ORDER BY total.product_id
                   FOR UPDATE OF total
                """,
                self.env.company.id,
                sorted(product_ids),
            )
        )
        return {
            product: (
                (row_id, spread_id),
                numbers.qty(qty),
                numbers.minor(value),
                numbers.minor(spread),
                Decimal(f"{carry or 0:.{cost_layers.CARRY_DIGITS}f}"),
            )
            for product, row_id, qty, value, spread, spread_id, carry in self.env.cr.fetchall()
        }

    def _read_layers(self, needs, totals, numbers):
        """product id -> {layer id: (id, qty, value)}: those that the call takes, and the named."""
        found = {product.id: {} for product in needs}
        short = {
            product: min(qty, max(totals[product.id][1], ZERO))
            for product, (qty, _layers) in needs.items()
        }
        chunk = _CHUNK
        while wanted := [product for product, qty in short.items() if qty > 0]:
            self._read_chunks(found, wanted, chunk, numbers)
            for product in wanted:
                if _is_enough(found[product.id], chunk, short[product]):
                    short[product] = ZERO
            chunk *= 4
        named = [layer for _qty, layers in needs.values() for layer in layers]
        if named:
            self._read_named(found, named, numbers)
        return found

    def _read_chunks(self, found, products, limit, numbers):
        for newest_first in (False, True):
            same = [p for p in products if METHODS[p.cost_method].newest_first == newest_first]
            if same:
                self._read_chunk(found, same, limit, newest_first, numbers)

    def _read_chunk(self, found, products, limit, newest_first, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT layer.product_id, layer.id, layer.remaining_qty, layer.remaining_value
                  FROM unnest(%s::int[]) AS wanted(product_id)
                 CROSS JOIN LATERAL (
                       SELECT * FROM wms_cost_layer
                        WHERE company_id = %s AND product_id = wanted.product_id
                          AND remaining_qty > 0
                        ORDER BY company_id %s, product_id %s, id %s
                        LIMIT %s) layer
                """,
                [product.id for product in products],
                self.env.company.id,
                *[SQL("DESC") if newest_first else SQL("ASC")] * 3,
                limit,
            )
        )
        self._collect(found, numbers)

    def _read_named(self, found, layer_ids, numbers):
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id, id, remaining_qty, remaining_value FROM wms_cost_layer
                 WHERE id = ANY(%s) AND remaining_qty > 0
                """,
                sorted(set(layer_ids)),
            )
        )
        self._collect(found, numbers)

    def _collect(self, found, numbers):
        for product, layer, qty, value in self.env.cr.fetchall():
            found[product][layer] = (layer, numbers.qty(qty), numbers.minor(value))

    def _read_deficits(self, totals, numbers):
        """product id -> [(deficit, move, account)], oldest first; goods below zero only."""
        below = [product for product, total in totals.items() if total[1] < 0]
        if not below:
            return {}
        rows = self.env["wms.cost.deficit"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("product_id", "in", below),
                ("open_qty", ">", 0),
            ],
            order="id",
        )
        return {
            product.id: [
                (
                    Deficit(row.id, numbers.qty(row.open_qty), numbers.minor(row.open_value)),
                    row.move_id,
                    row.account_id,
                )
                for row in product_rows
            ]
            for product, product_rows in rows.grouped("product_id").items()
        }
