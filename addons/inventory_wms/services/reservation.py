"""Reserving for many transfers at once: a constant number of queries, whatever the rule.

Same result as core's own reservation (move lines, reserved quantities, states) wherever the
removal rule leaves no freedom, by other means: all free stock is read at once
(``reservation_stock.py``), :mod:`..engine.reservation` decides, and everything is written at
once (``reservation_write.py``).  Where the rule is indifferent, one chooser decides for all
lines together.
What core does in a special way stays with core: chained and make-to-order moves, goods that
are not stored, restricted owners, least packages and removal methods of other add-ons, and
products whose quants contradict each other.
"""

from dataclasses import dataclass, field

from odoo import models

from ..engine.reservation import allocate, tightest

WHY_RULES = {"wms_full_case": "why_full_case", "wms_fewest_bins": "why_fewest_bins"}
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


class WmsReservation(models.AbstractModel):
    _name = "wms.reservation"
    _description = "Reservation of many transfers at once"

    def _reserve(self, pickings, dry=False) -> Outcome:
        """Reserve transfers in the given sequence, each whole or not at all.

        :param pickings: confirmed stock.picking, all of one company
        :param dry: only say what would happen; nothing is written
        :return: what is reserved, what was left out and why
        """
        outcome = Outcome(pickings.browse())
        ours, special = self._split(self._open_moves(pickings.move_ids))
        # Waiting goods of other transfers can't be planned for: the order comes later.
        waiting = special.filtered(lambda move: move.state == "waiting").picking_id
        for picking in waiting:
            outcome.skipped[picking] = ("skip_waiting", {})
        candidates = pickings - waiting
        stock = self._stock(ours.filtered(lambda move: move.picking_id in candidates))
        odd = ours.filtered(lambda move: move.product_id.id in stock.odd)
        # what is only asked for need not be the shortest walk
        choose = tightest if dry else self._chooser(stock)
        plan = allocate(self._orders(candidates, ours - odd, stock), stock.pools, choose=choose)
        self._explain_shortages(plan, outcome)
        whole = candidates.filtered(lambda picking: picking.id not in plan.shortages)
        if dry:
            outcome.reserved = whole
            return outcome
        before = self._states(whole)
        self._explain_takes(self._book(plan.takes, stock), stock, outcome)
        outcome.reserved = self._reserve_special(whole, special + odd, outcome)
        self._log_states(before)
        return outcome

    def _assign(self, moves):
        """What core's ``_action_assign`` does for these moves, many at once: each gets what
        there is, in their sequence, and keeps it when it is not everything.

        Waves' exceptions hold here too: locked bins and stock reported short are left alone.

        :param moves: stock.move in the sequence in which they are served
        """
        moves = self._open_moves(moves)
        ours, special = self._split(moves)
        stock = self._stock(ours)
        special += ours.filtered(lambda move: move.product_id.id in stock.odd)
        ours = moves - special
        needs = {move: self._need(move, stock) for move in ours}
        plan = allocate(
            [(need.key, [need]) for need in needs.values() if need],
            stock.pools,
            partial=True,
            choose=tightest,
        )
        before = self._states(ours.picking_id)
        self._book(plan.takes, stock)
        served = ours.filtered(lambda move: not needs[move] and move.state != "assigned")
        served.state = "assigned"
        # in the sequence that was asked for
        theirs = set(special.ids)
        self._leave_to_core(moves.filtered(lambda move: move.id in theirs))
        self._log_states(before)

    def _reserve_parts(self, pickings) -> Outcome:
        """Reserve what there is for transfers in the given sequence, whole or not.

        :return: what is whole now; every other transfer is told with what it misses
        """
        moves = pickings.move_ids
        self._assign(moves)
        outcome = Outcome(pickings.browse())
        for picking in pickings:
            missing = picking.move_ids.filtered(
                lambda move: move.state not in ("assigned", "done", "cancel")
            )
            if missing:
                what = ", ".join(missing.product_id.mapped("display_name"))
                outcome.skipped[picking] = ("skip_short", {"what": what})
            else:
                outcome.reserved += picking
        return outcome

    def _reserve_more(self, missing):
        """Reserve what can be found of further quantities for single moves.

        :param missing: {stock.move: quantity in the product's unit}
        :return: (created stock.move.line, {line: explanations})
        """
        moves = self.env["stock.move"].union(*missing)
        outcome = Outcome(moves.picking_id)
        stock = self._stock(moves, set_off=True)
        needs = [
            (move.id, [self._plain_need(move, quantity, stock)])
            for move, quantity in missing.items()
        ]
        plan = allocate(needs, stock.pools, partial=True, choose=tightest)
        booked = self._book(plan.takes, stock, merge=False)
        self._explain_takes(booked, stock, outcome)
        return self.env["stock.move.line"].union(*(line for _take, line in booked)), outcome.why

    def _chooser(self, stock):
        """Who decides where the removal rule is indifferent: a ``Chooser`` of the engine.

        Extended by ``reservation_walk.py``: the shortest walk over the bins of all orders.

        :param stock: Stock; ``rows`` tells the bin of each source
        """
        return tightest

    # --------------------------------------------------------------------- facts
    def _open_moves(self, moves):
        # what is read for one is read for all, wherever the records come from
        moves = moves.with_prefetch()
        return moves.filtered(lambda move: move.state in RESERVABLE and not move.picked)

    def _orders(self, pickings, moves, stock):
        """What each transfer still needs, in the engine's words."""
        needs = {}
        for move in moves:
            need = self._need(move, stock)
            if need:
                needs.setdefault(move.picking_id.id, []).append(need)
        return [(picking.id, needs.get(picking.id, [])) for picking in pickings]

    # ---------------------------------------------------------------------- core
    def _leave_to_core(self, moves):
        """Reserve as core does, but not from stock that waves leave alone."""
        if moves:
            moves.with_context(wms_usable=True)._action_assign()

    def _reserve_special(self, whole, special, outcome):
        """Let core reserve the moves of a kind that only core knows; again whole or not."""
        moves = special.filtered(lambda move: move.picking_id in whole)
        if not moves:
            return whole
        self._leave_to_core(moves)
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

    def _explain_takes(self, booked, stock, outcome):
        for take, line in booked:
            row = stock.rows[take.source]
            strategy = stock.strategies[line.move_id.id]
            reasons = []
            if line.move_id.wms_lot_id:
                reasons.append(_why("why_lot_asked"))
            elif strategy in WHY_RULES:
                reasons.append(_why(WHY_RULES[strategy]))
            elif strategy == "fefo" and row.removal_date:
                reasons.append(_why("why_expires_first", date=str(row.removal_date.date())))
            elif strategy in ("fifo", "lifo") and row.in_date:
                code = "why_oldest" if strategy == "fifo" else "why_newest"
                reasons.append(_why(code, date=str(row.in_date.date())))
            if take.source in stock.walked:
                reasons.append(_why("why_walk"))
            elif take.covers:
                reasons.append(_why("why_covers"))
            elif take.rank_position:
                reasons.append(_why("why_next_stock"))
            outcome.why[line] = reasons


def _why(code, **params):
    return {"code": code, "params": params}
