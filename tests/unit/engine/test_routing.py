"""Routes: shortest for one block (against all orders), permutations and true lengths everywhere."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import routing
from inventory_wms.engine.routing import Block, Dock, Layout, Stop

DEPTH = 10.0
LAYOUT = Layout((Block(0.0, DEPTH),))
STACKED = Layout((Block(0.0, DEPTH), Block(DEPTH, 2 * DEPTH)))

spots = st.tuples(st.integers(0, 5).map(lambda n: 3.0 * n), st.integers(0, 20).map(lambda n: n / 2))
docks = st.builds(
    Dock, st.sampled_from([0.0, 4.0, 6.0, 15.0, 20.0]), st.sampled_from([-2.0, 0.0, DEPTH])
)
any_docks = st.builds(
    Dock, st.sampled_from([0.0, 4.0, 6.0]), st.sampled_from([-2.0, 0.0, 3.0, DEPTH])
)


def stops_of(places):
    return [Stop(number, *place) for number, place in enumerate(places)]


def held_karp(layout, stops, start, end):
    """Shortest length over all orders, by dynamic programming over subsets."""
    metres = [[routing.distance(layout, a, b) for b in stops] for a in stops]
    best = {(1 << i, i): routing.distance(layout, start, s) for i, s in enumerate(stops)}
    for size in range(2, len(stops) + 1):
        for chosen in itertools.combinations(range(len(stops)), size):
            mask = sum(1 << i for i in chosen)
            for last in chosen:
                rest = mask & ~(1 << last)
                best[mask, last] = min(best[rest, i] + metres[i][last] for i in chosen if i != last)
    full = (1 << len(stops)) - 1
    return min(best[full, i] + routing.distance(layout, s, end) for i, s in enumerate(stops))


@given(st.lists(spots, min_size=1, max_size=7), docks)
def test_closed_tour_is_the_shortest(places, dock):
    stops = stops_of(places)
    found = routing.route(LAYOUT, stops, dock)
    assert found.exact
    assert found.metres == pytest.approx(held_karp(LAYOUT, stops, dock, dock))


@given(st.lists(spots, min_size=1, max_size=7), docks, docks)
def test_open_tour_is_the_shortest(places, start, end):
    stops = stops_of(places)
    found = routing.route(LAYOUT, stops, start, end)
    assert found.exact
    assert found.metres == pytest.approx(held_karp(LAYOUT, stops, start, end))


@given(st.lists(spots, min_size=1, max_size=6), any_docks)
def test_dock_between_the_cross_aisles(places, dock):
    stops = stops_of(places)
    found = routing.route(LAYOUT, stops, dock)
    assert found.metres == pytest.approx(held_karp(LAYOUT, stops, dock, dock))


@given(st.lists(spots, max_size=40), any_docks, any_docks)
def test_a_route_is_a_permutation_with_its_true_length(places, start, end):
    stops = stops_of(places)
    found = routing.route(LAYOUT, stops, start, end)
    assert sorted(stop.key for stop in found.stops) == list(range(len(stops)))
    assert found.metres == pytest.approx(sum(routing.walk(LAYOUT, found.stops, start, end)))
    assert len(found.legs) == len(stops) + 1
    assert routing.length(LAYOUT, stops, start, end) == pytest.approx(found.metres)


@given(st.lists(spots, min_size=1, max_size=40), docks)
def test_never_longer_than_a_rule_of_thumb(places, dock):
    stops = stops_of(places)
    best = routing.route(LAYOUT, stops, dock).metres
    for name in ("s_shape", "return", "largest_gap"):
        rule = routing.rule(name, LAYOUT, stops, dock)
        assert sorted(stop.key for stop in rule.stops) == list(range(len(stops)))
        assert rule.metres >= sum(rule.legs) - 1e-9
        assert rule.metres >= best - 1e-9


def stacked(blocks, gap=0.0):
    """That many blocks one behind the other, with ``gap`` metres between their cross aisles."""
    step = DEPTH + gap
    return Layout(tuple(Block(step * n, step * n + DEPTH) for n in range(blocks)))


def stops_in(layout, places):
    return [
        Stop(number, x, layout.blocks[block].front + y, block)
        for number, ((x, y), block) in enumerate(places)
    ]


cross_docks = st.builds(
    Dock,
    st.sampled_from([0.0, 4.0, 6.0]),
    st.sampled_from([-2.0, 0.0, DEPTH, 2 * DEPTH, 3 * DEPTH + 5]),
)


@given(
    st.sampled_from([stacked(2), stacked(3), stacked(2, 2.5)]),
    st.lists(st.tuples(spots, st.integers(0, 1)), min_size=1, max_size=7),
    st.tuples(cross_docks, cross_docks),
)
def test_two_and_three_blocks_are_exact(layout, places, ends):
    top = len(layout.blocks) - 1
    stops = stops_in(layout, [(spot, block * top) for spot, block in places])
    inside = [any(one.front < dock.y < one.back for one in layout.blocks) for dock in ends]
    start, end = ends if not any(inside) else (ends[0], ends[0])
    found = routing.route(layout, stops, start, end)
    assert found.exact
    assert sorted(stop.key for stop in found.stops) == list(range(len(stops)))
    assert found.metres == pytest.approx(held_karp(layout, stops, start, end))
    assert routing.length(layout, stops, start, end) == pytest.approx(found.metres)


@given(
    st.lists(st.tuples(spots, st.integers(0, 2)), min_size=1, max_size=7),
    st.tuples(any_docks, any_docks),
)
def test_three_blocks_with_stops_in_all(places, ends):
    layout = stacked(3)
    stops = stops_in(layout, places)
    start, end = ends if all(dock.y != 3 for dock in ends) else (ends[0], ends[0])
    found = routing.route(layout, stops, start, end)
    assert found.exact
    assert found.metres == pytest.approx(held_karp(layout, stops, start, end))


@given(st.lists(st.tuples(spots, st.integers(0, 5)), min_size=1, max_size=7), any_docks, any_docks)
def test_a_searched_route_is_near_the_shortest(places, start, end):
    layout = stacked(6)
    stops = stops_in(layout, places)
    found = routing.route(layout, stops, start, end)
    assert sorted(stop.key for stop in found.stops) == list(range(len(stops)))
    shortest = held_karp(layout, stops, start, end)
    assert shortest - 1e-9 <= found.metres <= 1.1 * shortest + 1e-9


@given(st.lists(spots, min_size=1, max_size=12), docks)
def test_the_shelf_number_does_not_matter(places, dock):
    """Order of input changes nothing about the length; a stop more never shortens the walk."""
    stops = stops_of(places)
    metres = routing.length(LAYOUT, stops, dock)
    assert routing.length(LAYOUT, stops[::-1], dock) == pytest.approx(metres)
    assert routing.length(LAYOUT, stops[1:], dock) <= metres + 1e-9


def test_distances_go_through_aisles():
    low, high = Stop("low", 0, 2), Stop("high", 3, 9)
    assert routing.distance(LAYOUT, low, high) == 3 + min(2 + 9, 8 + 1)
    assert routing.distance(LAYOUT, low, Stop("same", 0, 9)) == 7
    assert routing.distance(LAYOUT, Dock(0, -2), high) == 3 + 2 + 9
    upper = Stop("upper", 3, 15, 1)
    assert routing.distance(STACKED, low, upper) == 3 + 13
    assert routing.distance(STACKED, upper, Stop("beside", 6, 15, 1)) == 3 + 10


def test_stops_at_one_place_stay_together_on_both_sides():
    stops = [Stop("left", 3, 4), Stop("other", 0, 9), Stop("right", 3, 4)]
    keys = [stop.key for stop in routing.route(LAYOUT, stops, Dock(0, 0)).stops]
    assert abs(keys.index("left") - keys.index("right")) == 1


def test_a_dock_in_the_aisle_of_all_stops():
    stops = [Stop("behind", 3, 12, 1), Stop("before", 3, 9)]
    found = routing.route(STACKED, stops, Dock(3, 8))
    assert (found.metres, found.exact) == (8, True)
    beside = routing.route(STACKED, [*stops, Stop("beside", 6, 8)], Dock(3, 8))
    assert beside.metres == (2 + 3 + 2) + (2 + 3 + 2) + 4


def test_no_stops_is_a_walk_between_the_docks():
    found = routing.route(LAYOUT, [], Dock(0, 0), Dock(6, 0))
    assert (found.stops, found.metres) == ((), 6)
    assert routing.rule("s_shape", LAYOUT, [], Dock(0, 0)).metres == 0


def test_the_same_stops_give_the_same_route():
    layout = stacked(5)
    stops = [Stop(n, 3 * (n * 7 % 6), n % 10 + 10 * (n % 5), n % 5) for n in range(20)]
    first = routing.route(layout, stops, Dock(0, 0))
    assert routing.route(layout, stops, Dock(0, 0)) == first
    assert not first.exact


@pytest.mark.parametrize(
    ("stop", "sentence"),
    [(Stop("far", 0, 11), "outside its block"), (Stop("lost", 0, 1, 3), "not there")],
)
def test_impossible_stops_are_named(stop, sentence):
    with pytest.raises(ValueError, match=sentence):
        routing.route(LAYOUT, [stop], Dock(0, 0))


def test_impossible_layouts_and_rules_are_named():
    with pytest.raises(ValueError, match="front"):
        Block(3, 3)
    with pytest.raises(ValueError, match="one block"):
        routing.rule("s_shape", STACKED, [Stop(1, 0, 1), Stop(2, 0, 11, 1)], Dock(0, 0))


def test_metres_are_finite_for_a_large_wave():
    stops = [Stop(n, 3.0 * (n * 37 % 50), n * 13 % 10) for n in range(400)]
    assert math.isfinite(routing.route(LAYOUT, stops, Dock(0, 0)).metres)
