"""Which article in which slot: often picked articles where the walk is short.

Slots are ranked by how little they add to a walk, articles by how often they are picked, and the
two lists are paired.  Rankings (J. M. Jarvis and E. D. McDowell, "Optimal product layout in an
order picking warehouse", IIE Transactions 23, 1991: whole aisles; C. G. Petersen, IJPPM 1999:
distance):

* ``distance``: the nearest slot first; short walks for small rounds;
* ``aisle``: the nearest aisle is filled before the next one begins; fewer aisles are entered, which
  suits large rounds.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby

from .routing_layout import Dock, Layout, Stop, distance

RANKINGS = ("distance", "aisle")


def ranked(
    layout: Layout, slots: Sequence[Stop], dock: Dock, ranking: str = "distance"
) -> list[Stop]:
    """Slots, best first.

    :param slots: places of the floor; ``dock``: where walks begin and end
    :param ranking: one of ``RANKINGS``
    :raises ValueError: another ranking
    """
    near = {slot.key: distance(layout, dock, slot) for slot in slots}
    if ranking == "distance":
        return sorted(slots, key=lambda slot: (near[slot.key], slot.x, slot.y))
    if ranking != "aisle":
        raise ValueError(f"There is no ranking {ranking!r}; there are {', '.join(RANKINGS)}.")
    aisles = [
        sorted(group, key=lambda slot: near[slot.key])
        for _aisle, group in groupby(
            sorted(slots, key=lambda slot: (slot.block, slot.x)),
            key=lambda slot: (slot.block, slot.x),
        )
    ]
    aisles.sort(key=lambda aisle: near[aisle[0].key])
    return [slot for aisle in aisles for slot in aisle]


def by_frequency(picks: Mapping[Hashable, float], slots: Sequence[Stop]) -> dict[Hashable, Stop]:
    """The most picked article gets the first slot, and so on; ties by the article's name.

    :param picks: article -> how often it is picked (lines, not pieces: a stop is a stop)
    :param slots: best first
    :return: article -> its slot
    :raises ValueError: more articles than slots
    """
    if len(picks) > len(slots):
        raise ValueError(f"{len(picks)} articles do not fit into {len(slots)} slots.")
    articles = sorted(picks, key=lambda article: (-picks[article], str(article)))
    return dict(zip(articles, slots, strict=False))
