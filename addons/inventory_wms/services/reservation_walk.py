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
        wanted = _wanted(portions)
        floor = self._floor_of(wanted, groups, stock)
        offers = {key: self._offers(groups[key], stock, floor) for key in wanted}
        opened, fixed = self._by_freedom(offers, wanted)
        if not opened:
            return {}
        demands = [bin_choice.Demand(key, wanted[key], offers[key]) for key in [*opened, *fixed]]
        seconds = min(_AT_MOST, _SECONDS * len(opened))
        choice = bin_choice.choose_bins(floor.layout, demands, *floor.docks, seconds=seconds)
        taken = defaultdict(list)
        for take in choice.takes:
            taken[take.demand].append((take.candidate, take.quantity))
        chosen = {key: taken[key] for key in opened}
        stock.walked |= {source for found in chosen.values() for source, _quantity in found}
        return chosen

    def _floor_of(self, wanted, groups, stock):
        """Where all bins of the groups are, read at once."""
        numbers = {stock.rows[source.key].location_id for key in wanted for source in groups[key]}
        return self.env["wms.walk"]._floor(self.env["stock.location"].browse(numbers))

    def _offers(self, sources, stock, floor):
        """What a group may give, by bin; nothing when one of its bins has no place."""
        some = [source for source in sources if source.free > 0]
        stops = [floor.stop(stock.rows[source.key].location_id) for source in some]
        if not all(stops):
            return ()
        return tuple(
            bin_choice.Candidate(source.key, stop, source.free)
            for source, stop in zip(some, stops, strict=True)
        )

    def _by_freedom(self, offers, wanted):
        """Groups with something to choose, and those where somebody has to go anyhow.

        There is a choice among several bins that hold more than all portions want.
        """
        opened, fixed = [], []
        for key, some in offers.items():
            free = len(some) > 1 and sum(offer.quantity for offer in some) > wanted[key]
            if some:
                (opened if free else fixed).append(key)
        return opened[:MOST], fixed[:MOST]


def _wanted(portions):
    """Quantity by group."""
    wanted = defaultdict(Decimal)
    for portion in portions:
        wanted[portion.group] += portion.quantity
    return wanted


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
