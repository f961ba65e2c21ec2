"""Reserving for many transfers at once: a constant number of queries, whole orders only.

Same result as core's own reservation (move lines, reserved quantities, states), by other
means: all free stock is read at once, :mod:`..engine.reservation` chooses, and the lines are
created in one go with core's context hook for stock that is reserved already.
What core does in a special way stays with core: chained and make-to-order moves, goods that
are not stored, whole packages, restricted owners.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.reservation import Need, Source, allocate

# Marks lines whose stock was reserved for all of them at once. An object, so that no remote
# call can pass it in a context.
RESERVED_IN_BULK = object()

RESERVABLE = ("confirmed", "waiting", "partially_available")


@dataclass
class Outcome:
    """What a reservation came to.

    ``reserved``: the transfers that are whole now; ``skipped``: transfer -> one reason as
    ``(code, params)``; ``why``: move line -> list of explanations ``{"code", "params"}``.
    """

    reserved: object
    skipped: dict = field(default_factory=dict)
    why: dict = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    """Free stock of one kind in one bin, and one quant row that stands for it."""

    quant: object
    free: Decimal


class WmsReservation(models.AbstractModel):
    _name = "wms.reservation"
    _description = "Reservation of many transfers at once"

    def _reserve(self, pickings, dry=False) -> Outcome:
        """Reserve transfers in the given sequence, each whole or not at all.

        :param pickings: confirmed stock.picking, all of one company
        :param dry: only say what would happen; nothing is written
        :return: what is reserved, what was left out and why
        """
        moves = pickings.move_ids.filtered(
            lambda move: move.state in RESERVABLE and not move.picked
        )
        outcome = Outcome(pickings.browse())
        simple = moves.filtered(self._is_simple)
        special = moves - simple
        # Waiting goods of other transfers can't be planned for: the order comes later.
        waiting = special.filtered(lambda move: move.state == "waiting").picking_id
        for picking in waiting:
            outcome.skipped[picking] = ("skip_waiting", {})
        pools, candidates = self._pools(simple - waiting.move_ids)
        orders = self._orders(pickings - waiting, simple, pools)
        plan = allocate(orders, pools)
        self._explain_shortages(plan, outcome)
        whole = (pickings - waiting).filtered(lambda picking: picking.id not in plan.shortages)
        if dry:
            outcome.reserved = whole
            return outcome
        lines = self._book(plan.takes, candidates)
        self._explain_takes(plan.takes, lines, candidates, outcome)
        outcome.reserved = self._reserve_special(whole, special, outcome)
        return outcome

    def _reserve_more(self, missing):
        """Reserve what can be found of further quantities for single moves.

        :param missing: {stock.move: quantity in the product's unit}
        :return: (created stock.move.line, {line: explanations})
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        moves = self.env["stock.move"].union(*missing)
        outcome = Outcome(moves.picking_id)
        pools, candidates = self._pools(moves)
        needs = [
            (move.id, [Need(move.id, self._pool_key(move), _decimal(quantity, digits))])
            for move, quantity in missing.items()
        ]
        plan = allocate(needs, pools, partial=True)
        lines = self._book(plan.takes, candidates)
        self._explain_takes(plan.takes, lines, candidates, outcome)
        return lines, outcome.why

    # --------------------------------------------------------------------- facts
    def _is_simple(self, move) -> bool:
        """Whether a move takes plain free stock; anything else is core's business."""
        product = move.product_id
        return (
            not move.move_orig_ids
            and move.procure_method == "make_to_stock"
            and not move._should_bypass_reservation()
            and not move.restrict_partner_id
            and not move.picking_id.owner_id
            and not (move.packaging_uom_id and product.categ_id.packaging_reserve_method == "full")
            and self._removal_strategy(move) != "least_packages"
        )

    def _removal_strategy(self, move) -> str:
        return self.env["stock.quant"]._get_removal_strategy(move.product_id, move.location_id)

    def _pool_key(self, move):
        """Moves with the same key choose from the same stock in the same sequence."""
        expiry = move.date if move.product_id.use_expiration_date else None
        return (move.product_id.id, move.location_id.id, expiry)

    def _pools(self, moves):
        """Free stock for the moves, sorted by the removal rule of each product and place.

        :return: (pool key -> list of Source, source key -> _Candidate)
        """
        quants = self._free_quants(moves)
        candidates = self._candidates(quants)
        by_product = defaultdict(list)
        for key, candidate in candidates.items():
            by_product[candidate.quant.product_id.id].append((key, candidate))
        pools = {}
        for move in moves:
            key = self._pool_key(move)
            if key not in pools:
                pools[key] = self._pool(move, by_product[move.product_id.id])
        return pools, candidates

    def _free_quants(self, moves):
        domain = Domain("product_id", "in", moves.product_id.ids) & Domain(
            "location_id", "child_of", moves.location_id.ids
        )
        # sudo: reservation looks at all stock below the transfer's source, as core does.
        return self.env["stock.quant"].sudo().search(domain & self._usable_domain())

    def _usable_domain(self):
        """Stock that waves may take: not in locked bins, not reported short."""
        return Domain("wms_short_at", "=", False) & Domain("location_id.wms_locked", "=", False)

    def _candidates(self, quants):
        """One candidate per bin, lot, package and owner; duplicate rows count together."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        found = {}
        for quant in quants:
            key = (
                quant.product_id.id,
                quant.location_id.id,
                quant.lot_id.id,
                quant.package_id.id,
                quant.owner_id.id,
            )
            free = _decimal(quant.quantity - quant.reserved_quantity, digits)
            known = found.get(key)
            if known:
                keep = max(known.quant, quant, key=lambda row: row.quantity)
                found[key] = _Candidate(keep, known.free + free)
            else:
                found[key] = _Candidate(quant, free)
        return {key: candidate for key, candidate in found.items() if candidate.free > 0}

    def _pool(self, move, candidates):
        strategy = self._removal_strategy(move)
        expiry = self._pool_key(move)[2]
        usable = [
            (key, candidate)
            for key, candidate in candidates
            if candidate.quant.location_id.parent_path.startswith(move.location_id.parent_path)
            and not (
                expiry and candidate.quant.removal_date and candidate.quant.removal_date < expiry
            )
        ]
        sources = [
            Source(key, self._rank(strategy, candidate.quant), candidate.free)
            for key, candidate in usable
        ]
        return sorted(sources, key=lambda source: source.rank)

    def _rank(self, strategy, quant):
        """Sort key of a removal rule; stock with a lot goes first, as in core."""
        received = quant.in_date.timestamp() if quant.in_date else 0
        if strategy == "lifo":
            received = -received
        if strategy == "closest":
            order = (quant.location_id.wms_sort_key or "",)
        elif strategy == "fefo":
            removal = quant.removal_date
            order = (removal.timestamp() if removal else float("inf"), received)
        else:
            order = (received,)
        return (not quant.lot_id, *order)

    def _orders(self, pickings, simple, pools):
        """What each transfer still needs, in the engine's words."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        needs = defaultdict(list)
        for move in simple:
            reserved = sum(move.move_line_ids.mapped("quantity_product_uom"))
            missing = _decimal(move.product_qty - reserved, digits)
            key = self._pool_key(move)
            if missing > 0 and key in pools:
                needs[move.picking_id.id].append(Need(move.id, key, missing))
        return [(picking.id, needs[picking.id]) for picking in pickings]

    # -------------------------------------------------------------------- effect
    def _book(self, takes, candidates):
        """Write reserved quantities and move lines.

        :return: created stock.move.line, in the sequence of ``takes``
        """
        if not takes:
            return self.env["stock.move.line"]
        # sudo: reserved quantities are nobody's to write but the reservation's, as in core.
        quants = (
            self.env["stock.quant"]
            .sudo()
            .browse(sorted({candidates[take.source].quant.id for take in takes}))
        )
        self.env.cr.execute(
            SQL(
                "SELECT id FROM stock_quant WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                tuple(quants.ids),
            )
        )
        booked = defaultdict(Decimal)
        for take in takes:
            booked[candidates[take.source].quant] += take.quantity
        for quant, quantity in booked.items():
            quant.reserved_quantity += float(quantity)
        move_model = self.env["stock.move"]
        # A move with one picked line makes core believe that every new line is picked too.
        values = [
            {
                **move_model.browse(take.need)._prepare_move_line_vals(
                    quantity=float(take.quantity), reserved_quant=candidates[take.source].quant
                ),
                "picked": False,
            }
            for take in takes
        ]
        marked = self.env["stock.quant"].with_context(wms_reserved=RESERVED_IN_BULK)
        lines = self.env["stock.move.line"].with_context(reserved_quant=marked).create(values)
        return lines.with_context(reserved_quant=None).with_env(self.env)

    def _reserve_special(self, whole, special, outcome):
        """Let core reserve the moves of a kind that only core knows; again whole or not."""
        moves = special.filtered(lambda move: move.picking_id in whole)
        if not moves:
            return whole
        moves._action_assign()
        short = whole.filtered(
            lambda picking: any(
                move.state not in ("assigned", "done", "cancel") for move in picking.move_ids
            )
        )
        for picking in short:
            picking.move_ids._do_unreserve()
            missing = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            outcome.skipped[picking] = (
                "skip_short",
                {"what": ", ".join(missing.product_id.mapped("display_name"))},
            )
        return whole - short

    # --------------------------------------------------------------- explanations
    def _explain_shortages(self, plan, outcome):
        moves = self.env["stock.move"].browse(
            [shortage.need for found in plan.shortages.values() for shortage in found]
        )
        names = {move.id: move.product_id.display_name for move in moves}
        for picking_id, shortages in plan.shortages.items():
            what = ", ".join(
                f"{shortage.missing.normalize():f} × {names[shortage.need]}"
                for shortage in shortages
            )
            outcome.skipped[self.env["stock.picking"].browse(picking_id)] = (
                "skip_short",
                {"what": what},
            )

    def _explain_takes(self, takes, lines, candidates, outcome):
        for take, line in zip(takes, lines, strict=True):
            quant = candidates[take.source].quant
            strategy = self._removal_strategy(line.move_id)
            reasons = []
            if strategy == "fefo" and quant.removal_date:
                reasons.append(_why("why_expires_first", date=str(quant.removal_date.date())))
            elif strategy in ("fifo", "lifo") and quant.in_date:
                code = "why_oldest" if strategy == "fifo" else "why_newest"
                reasons.append(_why(code, date=str(quant.in_date.date())))
            if take.covers:
                reasons.append(_why("why_covers"))
            elif take.rank_position:
                reasons.append(_why("why_next_stock"))
            outcome.why[line] = reasons


def _why(code, **params):
    return {"code": code, "params": params}


def _decimal(value: float, digits: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits))
