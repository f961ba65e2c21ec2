"""Slots by frequency: every article once, and no pair of articles gains by changing places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.routing import Block, Dock, Layout, Stop, distance
from inventory_wms.engine.slotting import RANKINGS, by_frequency, ranked

LAYOUT = Layout((Block(0.0, 20.0),))
DOCK = Dock(0.0, 0.0)
SLOTS = [Stop((x, y), 3.0 * x, float(y)) for x in range(4) for y in range(1, 20, 3)]
frequencies = st.dictionaries(st.integers(0, 99), st.integers(0, 500), max_size=len(SLOTS))


@given(frequencies, st.sampled_from(RANKINGS))
def test_every_article_has_a_slot_of_its_own(picks, ranking):
    places = by_frequency(picks, ranked(LAYOUT, SLOTS, DOCK, ranking))
    assert places.keys() == picks.keys()
    assert len({slot.key for slot in places.values()}) == len(picks)


@given(frequencies)
def test_by_distance_no_exchange_helps(picks):
    """The oracle: picks x distance is smallest, as no two articles gain by changing places."""
    places = by_frequency(picks, ranked(LAYOUT, SLOTS, DOCK))
    walk = {article: distance(LAYOUT, DOCK, slot) for article, slot in places.items()}
    for one in picks:
        for other in picks:
            kept = picks[one] * walk[one] + picks[other] * walk[other]
            assert kept <= picks[one] * walk[other] + picks[other] * walk[one] + 1e-6


def test_by_aisle_an_aisle_is_filled_first():
    aisles = [slot.x for slot in ranked(LAYOUT, SLOTS, DOCK, "aisle")]
    assert aisles == sorted(aisles)


def test_what_does_not_fit():
    with pytest.raises(ValueError, match="3 articles"):
        by_frequency({1: 1, 2: 1, 3: 1}, SLOTS[:2])
    with pytest.raises(ValueError, match="no ranking"):
        ranked(LAYOUT, SLOTS, DOCK, "alphabet")
