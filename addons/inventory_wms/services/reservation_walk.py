"""Where a removal rule is indifferent, the walk decides: for all lines of a wave together."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import models

from ..engine.bin_choice import Candidate, Demand, choose_bins
from ..engine.reservation import tightest

# Ranks with a choice in one plan. More of them fill many carts, about whose walks one tour says
# little, and its search would take seconds.
MOST = 60
# Bins of a product chosen anew, for each rank with a choice: the same plan on every machine ...
ROUNDS = 40
# ... unless the floor is so involved that it takes longer than this (CPU).
SECONDS = 1.0


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    def _chooser(self, stock):
        def choose(portions, groups):
            return tightest(portions, {**groups, **self._by_walk(portions, groups, stock)})

        return choose

    def _by_walk(self, portions, groups, stock):
        """For the ranks that are planned, only what the walk goes to and takes there.

        :return: group -> sources whose free stock is what is taken of them
        """
        wanted = defaultdict(Decimal)
        for portion in portions:
            wanted[portion.group] += portion.quantity
        choices = [key for key, quantity in wanted.items() if _is_open(groups[key], quantity)]
        if not choices or len(choices) > MOST:
            return {}
        bins = {source.place for key in wanted for source in groups[key]}
        floor = self.env["wms.walk"]._floor(self.env["stock.location"].browse(sorted(bins)))
        demands = [
            Demand(
                key,
                quantity,
                tuple(
                    Candidate(source.key, floor.stop(source.place), source.free)
                    for source in groups[key]
                ),
            )
            for key, quantity in wanted.items()
            if all(floor.stop(source.place) for source in groups[key])
        ]
        if not demands:
            return {}
        choice = choose_bins(
            floor.layout, demands, *floor.docks, seconds=SECONDS, rounds=ROUNDS * len(choices)
        )
        taken = {take.candidate: take.quantity for take in choice.takes}
        stock.walked.update(source.key for key in choices for source in groups[key])
        return {
            demand.key: tuple(
                replace(source, free=taken[source.key])
                for source in groups[demand.key]
                if source.key in taken
            )
            for demand in demands
        }


def _is_open(sources, quantity) -> bool:
    """Whether a rank holds more than is wanted of it, in several places."""
    return len(sources) > 1 and sum(source.free for source in sources) > quantity
