"""The search for batches: limits hold, no plan gets worse, fast lengths are the true lengths."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import routing
from inventory_wms.engine.batching import (
    Budget,
    Cart,
    Order,
    Walk,
    batches,
    first_come,
    planned,
    planned_by_size,
)
from inventory_wms.engine.batching_cart import Loads, stops_of
from inventory_wms.engine.batching_length import lengths
from inventory_wms.engine.batching_savings import Wave, savings
from inventory_wms.engine.routing import Block, Dock, Layout, Stop

LAYOUT = Layout((Block(2.0, 22.0),))
BLOCKS = Layout((Block(0.0, 10.0), Block(12.0, 22.0)))
WALK = Walk(LAYOUT, Dock(0, 0))
MOVES = Budget(moves=3000)

spots = st.tuples(st.integers(0, 6), st.sampled_from([0.0, 0.5, 3.25, 7.0, 7.1, 12.0, 19.5, 20.0]))
docks = st.builds(
    Dock, st.sampled_from([-1.0, 0.0, 4.5, 9.0, 30.0]), st.sampled_from([1, 2, 22, 25])
)
sizes = st.tuples(
    st.integers(1, 6),  # lines
    st.sampled_from([0.0, 0.1, 0.2, 0.3, 5.0]),  # kilograms
    st.sampled_from([0.0, 0.7, 1.3]),  # litres
    st.integers(1, 2),  # slots
    st.integers(0, 3),  # tote type
)
drawn_orders = st.lists(st.tuples(st.lists(spots, max_size=4), sizes), max_size=9)
carts = st.builds(
    Cart,
    slots=st.none() | st.integers(1, 8),
    lines=st.none() | st.integers(1, 12),
    weight=st.none() | st.sampled_from([0.3, 0.6, 5.3]),
    volume=st.none() | st.sampled_from([0.0, 2.0, 2.1]),
    totes=st.none() | st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple),
)


def orders_of(drawn, layout=LAYOUT):
    blocks = layout.blocks
    return [
        Order(
            number,
            tuple(
                Stop(
                    (number, n),
                    3.0 * x,
                    blocks[x % len(blocks)].front + y / len(blocks),
                    x % len(blocks),
                )
                for n, (x, y) in enumerate(places)
            ),
            *size,
        )
        for number, (places, size) in enumerate(drawn)
    ]


def total(found):
    return sum(batch.metres for batch in found)


def keys(found):
    return [[order.key for order in batch.orders] for batch in found]


def check(found, orders, cart, walk=WALK):
    assert sorted(itertools.chain(*keys(found))) == sorted(order.key for order in orders)
    for batch in found:
        assert len(batch.orders) == 1 or cart.holds(batch.orders)
        assert batch.metres == pytest.approx(walk(stops_of(batch.orders)))


def test_a_piece_at_the_back_is_joined_by_a_later_aisle():
    places = [(0.0, 21.5), (3.0, 9.0), (6.0, 9.0)]
    order = Order(1, tuple(Stop(n, *place) for n, place in enumerate(places)))
    assert lengths([order], WALK).single(0) == 2 * (2 + 3) + 20 + 3 + 1 + 6 + 20 + 3


crowds = st.lists(spots, min_size=1, max_size=14)


@given(crowds, docks)
def test_fast_length_of_many_stops(places, dock):
    (order,) = orders_of([(places, (1,))])
    walk = Walk(LAYOUT, dock)
    assert lengths([order], walk).single(0) == pytest.approx(walk(order.stops))


@given(drawn_orders, docks, st.data())
def test_fast_lengths_are_the_lengths_of_routes(drawn, dock, data):
    """Every set of orders, in parts or at once, from docks on either side and far outside."""
    orders = orders_of(drawn)
    walk = Walk(LAYOUT, dock)
    fast = lengths(orders, walk)
    assert fast.quick == bool(stops_of(orders))
    for _turn in range(4):
        some = (
            data.draw(st.lists(st.sampled_from(range(len(orders))), unique=True)) if orders else []
        )
        cut = data.draw(st.integers(0, len(some)))
        key = sum(1 << number for number in some)
        found = fast.metres(key, some[:cut], some[cut:])
        assert found == pytest.approx(walk(stops_of([orders[number] for number in some])))


@given(drawn_orders, carts)
def test_packed_loads_say_what_the_cart_says(drawn, cart):
    orders = orders_of(drawn)
    loads = Loads(cart, orders)
    for count in (2, 3):
        for group in itertools.combinations(range(len(orders)), count):
            if count == 3 and not loads.fits(sum(loads.of[number] for number in group[:2])):
                continue
            fits = loads.fits(sum(loads.of[number] for number in group))
            assert fits == cart.holds([orders[number] for number in group])


@given(drawn_orders, carts, st.integers(1, 9))
def test_searched_batches_keep_the_limits_and_are_never_longer(drawn, cart, seed):
    orders = orders_of(drawn)
    found = planned(orders, cart, WALK, MOVES, seed)
    check(found, orders, cart)
    assert total(found) <= total(batches(orders, cart, WALK)) + 1e-6
    assert total(found) <= total(first_come(orders, cart, WALK)) + 1e-6
    assert planned(orders, cart, WALK, MOVES, seed) == found


@given(drawn_orders.filter(lambda drawn: len(drawn) <= 6), carts)
def test_any_oracle_will_do(drawn, cart):
    """Two blocks: the same search with searched routes, asked through a plain function."""
    orders = orders_of(drawn, BLOCKS)

    def walked(stops):
        return routing.length(BLOCKS, stops, Dock(0, 0))

    found = planned(orders, cart, walked, Budget(moves=256))
    check(found, orders, cart, walked)
    assert total(found) <= total(first_come(orders, cart, walked)) + 1e-6


def best_total(orders, cart):
    """Metres of the best of all partitions, by trying them all."""
    if not orders:
        return 0.0
    first, rest = orders[0], orders[1:]
    found = float("inf")
    for count in range(len(rest) + 1):
        for others in itertools.combinations(rest, count):
            if cart.holds([first, *others]):
                left = [order for order in rest if order not in others]
                walked = WALK(stops_of([first, *others])) + best_total(left, cart)
                found = min(found, walked)
    return found


@given(drawn_orders.filter(lambda drawn: len(drawn) <= 5), carts)
def test_the_best_of_all_partitions_is_met(drawn, cart):
    """Few orders, many moves: the search is at most 1 % above the best there is."""
    orders = orders_of(drawn)
    best = best_total(orders, cart)
    assert (
        best - 1e-6 <= total(planned(orders, cart, WALK, Budget(moves=6000))) <= 1.01 * best + 1e-6
    )


def crowd(count):
    """A wave with much to gain: orders of three lines, far apart, in an order of no use."""
    return [
        Order(
            n,
            tuple(
                Stop((n, k), 3.0 * ((n * 7 + k * k * 5) % 11), 3.0 + (n * 13 + k * 29) % 19)
                for k in range(3)
            ),
        )
        for n in range(count)
    ]


def test_more_time_is_not_worse_and_pays():
    orders, cart = crowd(60), Cart(slots=6)
    spent = [0, 2_000, 200_000]
    metres = [total(planned(orders, cart, WALK, Budget(moves=moves))) for moves in spent]
    assert metres[0] >= metres[1] >= metres[2]
    assert metres[2] < 0.97 * total(batches(orders, cart, WALK))


def test_seconds_are_kept():
    import time

    for seconds in (0.0, 0.3):
        begin = time.process_time()
        planned(crowd(80), Cart(slots=6), WALK, Budget(seconds))
        # without a second the first plan is still made
        assert time.process_time() - begin <= max(seconds, 0.25) * 1.2
    with pytest.raises(ValueError, match="needs an end"):
        Budget()


def test_a_large_wave_compares_near_orders_only():
    orders = crowd(200)
    wave = Wave(orders, Cart(slots=4), lengths(orders, WALK))
    groups = savings(wave, lambda: True)
    assert sorted(itertools.chain(*groups)) == list(range(200))
    assert sum(map(len, wave.pairs)) < 200 * 199 / 2
    assert sum(map(wave.metres, groups)) < total(first_come(orders, Cart(slots=4), WALK))


def test_totes_are_large_enough():
    """Two small and one large tote: two orders of large items never share the cart."""
    place = (Stop(1, 0.0, 5.0),)
    large = [Order(f"L{n}", place, tote=1) for n in range(2)]
    small = [Order(f"S{n}", place) for n in range(3)]
    cart = Cart(totes=(2, 1))
    assert cart.holds([large[0], *small[:2]])
    assert cart.holds(small)
    assert not cart.holds(large)
    check(planned([*large, *small], cart, WALK, MOVES), [*large, *small], cart)
    assert len(planned([*large, *small], cart, WALK, MOVES)) == 2


def test_orders_of_each_size_have_their_way():
    big = Order("big", tuple(Stop(("big", n), 0.0, 3.0 + n) for n in range(9)), lines=9)
    heavy = Order("heavy", (Stop("h", 0.0, 5.0),), lines=2, weight=99.0)
    several = [Order(f"m{n}", (Stop(f"m{n}", 3.0 * n, 9.0),), lines=2) for n in range(4)]
    single = [Order(f"s{n}", (Stop(f"s{n}", 3.0 * (n % 2), 20.0),)) for n in range(10)]
    cart = Cart(slots=2, lines=5, weight=50.0)
    mixed = planned_by_size([big, *single, heavy, *several], cart, WALK, MOVES, big_lines=8)
    assert keys(mixed.alone) == [["big"], ["heavy"]]
    assert all(len(batch.orders) <= 2 for batch in mixed.cluster)
    assert sorted(itertools.chain(*keys(mixed.cluster))) == [f"m{n}" for n in range(4)]
    # one pile for each aisle: lines count, slots do not
    assert keys(mixed.sort) == [[f"s{n}" for n in range(k, 10, 2)] for k in range(2)]


def test_other_walks_are_asked_for_one_by_one():
    free = Layout(LAYOUT.blocks)
    assert lengths(crowd(2), Walk(free, Dock(0, 0))).quick
    assert not lengths(crowd(2), Walk(free, Dock(0, 0), Dock(3, 0))).quick
    between = Walk(free, Dock(0, 10))
    assert not lengths(crowd(2), between).quick
    check(
        planned(crowd(4), Cart(slots=2), between, Budget(moves=64)),
        crowd(4),
        Cart(slots=2),
        between,
    )


def test_stops_outside_their_block_are_refused():
    orders = [Order(n, (Stop(n, 0.0, 99.0),)) for n in range(2)]
    with pytest.raises(ValueError, match="outside its block"):
        planned(orders, Cart(), WALK, MOVES)
