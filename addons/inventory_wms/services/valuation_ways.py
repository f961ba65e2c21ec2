"""Which event a done move is for the books: read off its lines, one by one.

A line is judged by where it comes from and where it goes (``_should_be_valued`` of both) and
by its owner; lines of a move that mean the same make one event.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models
from odoo.exceptions import UserError

from ..engine.cost_layers import ZERO
from .valuation_numbers import PoolKey

#: usage of the location on the far side -> event
_INCOMING = {
    "supplier": "receipt",
    "customer": "return",
    "inventory": "gain",
    "production": "produced",
}
_OUTGOING = {
    "customer": "delivery",
    "supplier": "vendor_return",
    "inventory": "loss",
    "production": "consumed",
}
INWARD = frozenset(_INCOMING.values())
OUTWARD = frozenset(_OUTGOING.values())


@dataclass(frozen=True)
class Way:
    """What some lines of a move do: an event of a pool.

    ``far``: stock.location on the other side, empty when goods stay inside; ``to``: the pool
    that they are moved to (kind transfer only).
    """

    kind: str
    pool: PoolKey
    far: object
    to: PoolKey | None = None


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _ways(self, move, numbers):
        """Way -> units of a done move's lines; empty when nothing of ours comes or goes.

        :raises UserError: for what can't be costed, with what to do
        """
        ways = defaultdict(lambda: ZERO)
        for line in move.move_line_ids:
            qty = numbers.qty(line.quantity_product_uom)
            if qty and (way := self._way(line)):
                ways[way] += qty
        kinds = {way.kind for way in ways}
        if kinds & INWARD and kinds & OUTWARD:
            raise self._refusal(move, self.env._("enters and leaves in one move"))
        return dict(ways)

    def _way(self, line):
        if line._should_exclude_for_valuation():
            return None
        source, target = line.location_id, line.location_dest_id
        if source._should_be_valued() and target._should_be_valued():
            if source.wms_place_id == target.wms_place_id:
                return None
            nowhere, there = self.env["stock.location"], self._pool_at(line, target)
            return Way("transfer", self._pool_at(line, source), nowhere, there)
        if target._should_be_valued():
            kind = self._far_kind(line, source, _INCOMING, line.move_id.purchase_line_id, "receipt")
            return Way(kind, self._pool_at(line, target), source)
        if source._should_be_valued():
            kind = self._far_kind(line, target, _OUTGOING, line.move_id.sale_line_id, "delivery")
            return Way(kind, self._pool_at(line, source), target)
        return self._way_outside(line)

    def _far_kind(self, line, far, kinds, order_line, through_transit):
        """The event of a line whose other side is ``far``."""
        if far.usage in kinds:
            return kinds[far.usage]
        if far.usage == "transit" and order_line:
            return through_transit
        raise UserError(
            self.env._(
                "%(product)s moves through %(location)s, which belongs to no company, and no order "
                "says at what price. Between companies, make a sale order in the one and a "
                "purchase order in the other.",
                product=line.product_id.display_name,
                location=far.display_name,
            )
        )

    def _way_outside(self, line):
        """Goods that pass our stock by."""
        kind = self._outside_kind(line)
        if not kind:
            return None
        nowhere = self.env["stock.location"]
        return Way(kind, self._pool_at(line, nowhere), line.location_dest_id)

    def _pool_at(self, line, location):
        """The pool of a line's goods at a location."""
        return self._pool_key(line.product_id, line.lot_id, location)

    def _pool_key(self, product, lot, location):
        """The pool of goods of a product at a location."""
        lots = self.env["stock.lot"]
        return PoolKey(product, lot if product.lot_valuated else lots, location.wms_place_id)

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
