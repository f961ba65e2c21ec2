"""Which piece of work a person takes next: urgent ones first, near ones among equals.

A task's worth is its urgency less the walk to it, both in the points of ``release.urgency`` (an
hour of waiting is a point), so "a metre costs so many points" says how long an order waits rather
than a person walks.  A change of kind in the same place (put away, then pick beside it) saves an
empty walk, as with dual command cycles of forklifts (R. J. Graves, W. H. Hausman, L. B. Schwarz,
Management Science 23, 1977); it needs no bonus: the walk is short.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

KINDS = ("pick", "putaway", "replenish", "count")


@dataclass(frozen=True, slots=True)
class Offer:
    """A piece of work: ``rank``, its urgency in points; ``metres``, the walk to its first stop
    (None: not known, then it counts as ``unknown`` metres)."""

    key: Hashable
    kind: str
    rank: float
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """``metre``: points that a metre of walk costs; ``unknown``: metres where none are known;
    ``kinds``: what the person may do, all by default."""

    metre: float = 0.02
    unknown: float = 50.0
    kinds: frozenset[str] = frozenset(KINDS)

    def worth(self, offer: Offer) -> float:
        """Points of an offer; more is better."""
        metres = self.unknown if offer.metres is None else offer.metres
        return offer.rank - self.metre * metres


def choose(offers: Iterable[Offer], preference: Preference | None = None) -> Offer | None:
    """The offer of the highest worth among the kinds the person may do; ties by the first one.

    :return: None when nothing is left
    """
    liking = preference or Preference()
    allowed = [offer for offer in offers if offer.kind in liking.kinds]
    return max(allowed, key=liking.worth, default=None)
