"""The next piece of work: never one that another allowed one beats in both ways."""

from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.interleaving import KINDS, Offer, Preference, choose

offers = st.lists(
    st.builds(
        Offer,
        st.integers(0, 10**6),
        st.sampled_from(KINDS),
        st.floats(-500, 500),
        st.none() | st.floats(0, 500),
    ),
    max_size=12,
)
likings = st.builds(
    Preference,
    st.floats(0, 1),
    st.floats(0, 100),
    st.frozensets(st.sampled_from(KINDS), min_size=1),
)


@given(offers, likings)
def test_nothing_is_better_in_both_ways(found, liking):
    chosen = choose(found, liking)
    allowed = [offer for offer in found if offer.kind in liking.kinds]
    assert (chosen is None) == (not allowed)
    for offer in allowed:
        nearer = offer.metres is not None and (
            chosen.metres is not None and offer.metres < chosen.metres
        )
        assert not (offer.rank > chosen.rank and nearer)


def test_an_urgent_one_far_away_beats_a_near_one_and_equals_go_by_distance():
    near, far = Offer("near", "pick", 10, 5), Offer("far", "count", 13, 100)
    assert choose([near, far]) == far  # 95 m cost 1.9 points, less than three
    assert choose([near, Offer("same", "pick", 10, 4)]).key == "same"
    assert choose([Offer("lost", "pick", 10), near]) == near
    assert choose([near, far], Preference(kinds=frozenset({"pick"}))) == near
