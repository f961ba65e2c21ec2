"""What may be reserved: free stock of many moves in one query, sorted by each removal rule.

Rows are read as plain tuples: twenty thousand of them cost a tenth of a second, as records of
the ORM ten times as much.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.reservation import Need, Pool, Source

# Removal methods of ours and what the engine calls them.
RULES = {"wms_full_case": "full_case", "wms_fewest_bins": "fewest_bins"}
# Core's methods that are a sort of the stock; any other method is left to core.
SORTED = ("fifo", "lifo", "closest", "fefo")

# Stands for a date that is not there; a flag beside it says where such rows are sorted.
_NO_DATE = fields.Datetime.to_datetime("1970-01-01")


class Row(NamedTuple):
    """A quant: ids, quantities in the product's unit, dates, and where its bin is."""

    id: int
    product_id: int
    location_id: int
    lot_id: int | None
    package_id: int | None
    owner_id: int | None
    quantity: float
    reserved_quantity: float
    in_date: datetime | None
    removal_date: datetime | None
    path: str
    bin_name: str

    @property
    def key(self):
        """Where and what: core reserves on this, not on a row."""
        return (self.product_id, self.location_id, self.lot_id, self.package_id, self.owner_id)


@dataclass
class Stock:
    """Free stock for moves.

    ``pools``: pool key -> Pool; ``keys``: move id -> its pool key; ``strategies``: move id -> its
    removal method; ``rows``, ``free``: quant id -> Row, and what is free of it; ``odd``: ids of
    products whose rows contradict each other (less than nothing free, two rows for one place);
    ``walked``: ids of quants that were chosen because of the walk.
    """

    pools: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    strategies: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    free: dict = field(default_factory=dict)
    odd: set = field(default_factory=set)
    walked: set = field(default_factory=set)


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    # --------------------------------------------------------------- whose business
    def _split(self, moves):
        """Moves that are reserved here, and those that are left to core.

        Moves compete for stock product by product, so a product is wholly ours or wholly core's:
        then both serve its moves in the same sequence.

        :return: (stock.move, stock.move)
        """
        strategies = self._strategies(moves)
        simple = moves.filtered(lambda move: self._is_plain(move, strategies[move.id]))
        special = (moves - simple).filtered(lambda move: not move._should_bypass_reservation())
        theirs = set(special.product_id.ids)
        ours = simple.filtered(lambda move: move.product_id.id not in theirs)
        return ours, moves - ours

    def _is_simple(self, move) -> bool:
        """Whether a move takes plain free stock; anything else is core's business."""
        return self._is_plain(move, self._strategies(move)[move.id])

    def _is_plain(self, move, strategy) -> bool:
        return bool(
            move.picking_id
            and not move.move_orig_ids
            and move.procure_method == "make_to_stock"
            and not move._should_bypass_reservation()
            and not move.restrict_partner_id
            and not move.picking_id.owner_id
            and (strategy in SORTED or strategy in RULES)
        )

    def _strategies(self, moves) -> dict:
        """The removal method of each move, by its id."""
        quants = self.env["stock.quant"]
        known, found = {}, {}
        for move in moves:
            product, place = move.product_id, move.location_id
            key = (product.id, place.id)
            if key not in known:
                known[key] = quants._get_removal_strategy(product, place)
            found[move.id] = known[key]
        return found

    # ------------------------------------------------------------------------ stock
    def _stock(self, moves, set_off=False) -> Stock:
        """Free stock for the moves, by the removal rule of each product and place.

        :param set_off: pools for odd products too, where nobody asks core
        """
        stock = Stock(strategies=self._strategies(moves))
        digits = self._digits()
        by_product = defaultdict(list)
        for row in self._rows(moves):
            by_product[row.product_id].append(row)
            stock.rows[row.id] = row
            stock.free[row.id] = _decimal(row.quantity - row.reserved_quantity, digits)
        for product_id, rows in by_product.items():
            if self._contradict(rows, stock):
                stock.odd.add(product_id)
                if set_off:
                    by_product[product_id] = self._set_off(rows, stock)
        for move in moves:
            product_id = move.product_id.id
            key = stock.keys[move.id] = self._pool_key(move, stock)
            if key not in stock.pools and (set_off or product_id not in stock.odd):
                stock.pools[key] = self._pool(move, by_product[product_id], stock)
        return stock

    def _set_off(self, rows, stock):
        """One row for each place: what is free there in all counts for the fullest of its rows."""
        places = defaultdict(list)
        for row in rows:
            places[row.key].append(row)
        kept = []
        for same in places.values():
            kept.append(max(same, key=lambda row: row.quantity))
            stock.free[kept[-1].id] = sum(stock.free[row.id] for row in same)
        return kept

    def _pool_key(self, move, stock):
        """Moves with the same key choose from the same stock in the same sequence."""
        product = move.product_id
        expiry = move.date if product.use_expiration_date else None
        packed = move.packaging_uom_id.id if stock.strategies[move.id] in RULES else None
        return (product.id, move.location_id.id, expiry, move.wms_lot_id.id, packed)

    def _rows(self, moves):
        """Every quant that the moves could take from, as Row."""
        # sudo: reservation looks at all stock below the transfer's source, as core does.
        quants = self.env["stock.quant"].sudo()
        domain = Domain("product_id", "in", moves.product_id.ids) & Domain(
            "location_id", "child_of", moves.location_id.ids
        )
        query = quants._search(domain & self._usable_domain())
        places = self.env["stock.location"]
        place = query.join(quants._table, "location_id", places._table, "id", "place")
        columns = [quants._field_to_sql(quants._table, name, query) for name in Row._fields[:-2]]
        columns += [
            SQL.identifier(place, name, to_flush=places._fields[name])
            for name in ("parent_path", "complete_name")
        ]
        return map(Row._make, self.env.execute_query(query.select(*columns)))

    def _usable_domain(self):
        """Stock that waves may take: not in locked bins, not reported short."""
        return Domain("wms_short_at", "=", False) & Domain("location_id.wms_locked", "=", False)

    def _contradict(self, rows, stock) -> bool:
        """Whether rows of one product need core's way of setting them off against each other."""
        seen = {row.key for row in rows}
        return len(seen) < len(rows) or any(stock.free[row.id] < 0 for row in rows)

    def _pool(self, move, rows, stock):
        strategy = stock.strategies[move.id]
        _product, _place, expiry, lot_id, _packed = stock.keys[move.id]
        path = move.location_id.parent_path
        sources = [
            Source(row.id, _rank(strategy, row), free, row.location_id)
            for row in rows
            if (free := stock.free[row.id]) > 0
            and row.path.startswith(path)
            and lot_id in (False, row.lot_id)
            and not (expiry and row.removal_date and row.removal_date < expiry)
        ]
        # Python's sort is stable: within a rank the ids go as in core's search.
        sources.sort(key=lambda source: source.key, reverse=strategy in ("lifo", "closest"))
        sources.sort(key=lambda source: source.rank)
        rule = RULES.get(strategy, "rank")
        case = self._case(move) if rule == "full_case" else Decimal(0)
        return Pool(tuple(sources), rule, case)

    def _case(self, move) -> Decimal:
        """Units in a full case: the packaging that is asked for, else the product's largest."""
        unit = move.product_id.uom_id
        for packs in (move.packaging_uom_id, move.product_id.uom_ids):
            sizes = [pack._compute_quantity(1.0, unit, round=False) for pack in packs]
            if max(sizes, default=0.0) > 1:
                return _decimal(max(sizes), self._digits())
        return Decimal(0)

    # ------------------------------------------------------------------------ needs
    def _need(self, move, stock):
        """What a move still needs in the engine's words; None when it has everything."""
        uom, unit = move.product_id.uom_id, move.product_uom
        digits = self._digits()
        quantity = move.product_uom_qty - move.quantity
        if _decimal(quantity, digits) > 0 and uom != unit:
            quantity = unit._compute_quantity(quantity, uom, rounding_method="HALF-UP")
        wanted = _decimal(quantity, digits)
        if wanted <= 0:
            return None
        return Need(move.id, stock.keys[move.id], wanted, self._within(move, quantity))

    def _plain_need(self, move, quantity, stock):
        """A further quantity (product's unit) of a move, whatever else it has."""
        return Need(move.id, stock.keys[move.id], _decimal(quantity, self._digits()))

    def _within(self, move, needed):
        """How much of a need core would promise out of so much stock; None: what there is.

        Core's own conversions on purpose: only they round as it rounds.
        """
        product = move.product_id
        uom, unit = product.uom_id, move.product_uom
        packs = move.packaging_uom_id
        whole_packs = packs and product.categ_id.packaging_reserve_method == "full"
        serial = product.tracking == "serial"
        if uom == unit and not whole_packs and not serial:
            return None
        digits = self._digits()

        def within(available: Decimal) -> Decimal:
            quantity = float(available)
            if whole_packs:
                quantity = packs._check_qty(quantity, uom, "DOWN")
            quantity = min(needed, quantity)
            if uom != unit:
                quantity = uom._compute_quantity(quantity, unit, rounding_method="DOWN")
                quantity = unit._compute_quantity(quantity, uom, rounding_method="HALF-UP")
            if serial and uom.compare(quantity, int(quantity)) != 0:
                quantity = 0.0
            return _decimal(quantity, digits)

        return within

    def _digits(self) -> int:
        return self.env["decimal.precision"].precision_get("Product Unit")


def _decimal(value: float, digits: int) -> Decimal:
    if value == int(value):
        return Decimal(int(value))
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _rank(strategy, row):
    """Sort key of a removal rule.

    Stock with a lot goes first and rows without a date go where PostgreSQL sorts them in core's
    search: last when ascending, first when descending.
    """
    no_lot = not row.lot_id
    received = (row.in_date is None, row.in_date or _NO_DATE)
    if strategy == "closest":
        return (no_lot, row.bin_name)
    if strategy == "lifo":
        age = (row.in_date - _NO_DATE).total_seconds() if row.in_date else 0.0
        return (no_lot, row.in_date is not None, -age)
    if strategy == "fifo":
        return (no_lot, *received)
    # first expired first out; also ours, whose goods may expire too
    return (no_lot, row.removal_date is None, row.removal_date or _NO_DATE, *received)
