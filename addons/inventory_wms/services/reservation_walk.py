"""Bins for a whole wave: where a removal rule is indifferent, the shortest walk decides.

All portions that are open (several bins of one rank) are chosen together, as one walk over the
wave; which cart goes there is decided afterwards.  Bins without coordinates, and more than
``MOST`` choices at once, are left to the tightest fit.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..engine import bin_choice
from ..engine.reservation import Part, tightest

#: choices that are searched together, and CPU seconds for them: a release holds the warehouse
MOST = 150
_SECONDS, _AT_MOST = 0.01, 0.6


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    def _chooser(self, stock):
        """The walk over the wave decides, then the tightest fit.

        :param stock: Stock; ``walked`` gets the sources that were chosen for the walk
        """

        def choose(portions, groups):
            taken = self._walked(portions, groups, stock)
            parts, rest = _dealt(portions, taken)
            left = [portion for number, portion in enumerate(portions) if number in rest]
            places = sorted(rest)
            parts += [
                Part(places[part.portion], part.source, part.quantity)
                for part in (tightest(left, groups) if left else [])
            ]
            return parts

        return choose

    def _walked(self, portions, groups, stock):
        """Group -> [(source, quantity)] for the groups whose bins are chosen by the walk."""
        wanted = defaultdict(Decimal)
        for portion in portions:
            wanted[portion.group] += portion.quantity
        places = {key: [stock.rows[s.key].location_id for s in groups[key]] for key in wanted}
        bins = self.env["stock.location"].browse({n for found in places.values() for n in found})
        floor = self.env["wms.walk"]._floor(bins)
        known = {number for number in bins.ids if floor.stop(number)}
        wanted = {key: value for key, value in wanted.items() if known.issuperset(places[key])}
        opened = [key for key in wanted if self._is_open(groups[key], wanted[key])][:MOST]
        if not opened:
            return {}
        # where somebody has to go anyhow
        fixed = [key for key in wanted if not self._is_open(groups[key], wanted[key])][:MOST]
        demands = [
            bin_choice.Demand(
                key,
                wanted[key],
                tuple(
                    bin_choice.Candidate(source.key, floor.stop(number), source.free)
                    for source, number in zip(groups[key], places[key], strict=True)
                    if source.free > 0
                ),
            )
            for key in [*opened, *fixed]
        ]
        seconds = min(_AT_MOST, _SECONDS * len(opened))
        choice = bin_choice.choose_bins(floor.layout, demands, *floor.docks, seconds=seconds)
        taken = defaultdict(list)
        for take in choice.takes:
            taken[take.demand].append((take.candidate, take.quantity))
        chosen = {key: taken[key] for key in opened}
        stock.walked.update(source for found in chosen.values() for source, _quantity in found)
        return chosen

    def _is_open(self, sources, wanted):
        """Whether there is anything to choose: more than one bin, and not all of all of them."""
        some = [source for source in sources if source.free > 0]
        return len(some) > 1 and sum(source.free for source in some) > wanted


def _dealt(portions, taken):
    """Deal what was chosen for a group to its portions, few bins for each.

    :return: (parts, numbers of the portions of other groups)
    """
    parts, rest = [], set()
    left = {key: dict(found) for key, found in taken.items()}
    for number, portion in enumerate(portions):
        if portion.group not in left:
            rest.add(number)
            continue
        there, wanted = left[portion.group], portion.quantity
        while wanted > 0:
            source = min(there, key=lambda key: _fit(there[key], wanted))
            quantity = min(wanted, there[source])
            parts.append(Part(number, source, quantity))
            wanted -= quantity
            there[source] -= quantity
            if not there[source]:
                del there[source]
    return parts, rest


def _fit(free, wanted):
    """Sort key: the bin with the least that covers all, else the fullest."""
    return (free < wanted, free if free >= wanted else -free)
