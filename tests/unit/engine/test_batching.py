"""Batches: every order once, limits kept, never more metres than first come first served."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import routing
from inventory_wms.engine.batching import Batch, Cart, Order, batches, first_come
from inventory_wms.engine.routing import Block, Dock, Layout, Stop

LAYOUT = Layout((Block(0.0, 20.0),))


def metres(stops):
    return routing.length(LAYOUT, stops, Dock(0, 0))


spots = st.tuples(st.integers(0, 5), st.integers(1, 19))
sizes = st.tuples(st.integers(1, 6), st.integers(0, 9), st.integers(0, 9), st.integers(1, 2))
many = st.lists(st.tuples(st.lists(spots, min_size=1, max_size=4), sizes), max_size=9)
limits = st.none() | st.integers(1, 12)
carts = st.builds(Cart, limits, limits, limits, limits)


def stops_of(number, places):
    return tuple(Stop((number, n), 3.0 * x, float(y)) for n, (x, y) in enumerate(places))


def orders_of(drawn):
    return [
        Order(number, stops_of(number, places), *size)
        for number, (places, size) in enumerate(drawn)
    ]


@given(many, carts)
def test_every_order_once_within_the_limits(drawn, cart):
    orders = orders_of(drawn)
    for plan in (batches, first_come):
        found = plan(orders, cart, metres)
        assert sorted(o.key for batch in found for o in batch.orders) == list(range(len(orders)))
        for batch in found:
            assert len(batch.orders) == 1 or cart.holds(batch.orders)
            walked = metres([stop for order in batch.orders for stop in order.stops])
            assert batch.metres == pytest.approx(walked)


@given(many, carts)
def test_never_more_metres_than_first_come(drawn, cart):
    orders = orders_of(drawn)
    planned, plain = batches(orders, cart, metres), first_come(orders, cart, metres)
    total = sum(batch.metres for batch in planned)
    assert total <= sum(batch.metres for batch in plain) + 1e-9
    assert total <= sum(metres(order.stops) for order in orders) + 1e-9
    assert batches(orders, cart, metres) == planned


@given(many, st.integers(1, 4))
def test_a_limit_is_a_limit(drawn, most):
    orders = orders_of(drawn)
    for batch in batches(orders, Cart(lines=most), metres):
        assert len(batch.orders) == 1 or sum(order.lines for order in batch.orders) <= most


def test_neighbours_share_a_cart():
    aisles = [0, 9, 0, 9]
    orders = [Order(n, (Stop(n, float(x), 18.0),)) for n, x in enumerate(aisles)]
    found = batches(orders, Cart(slots=2), metres)
    assert [[order.key for order in batch.orders] for batch in found] == [[0, 2], [1, 3]]
    assert sum(batch.metres for batch in found) == 36 + 36 + 18
    assert sum(batch.metres for batch in first_come(orders, Cart(slots=2), metres)) == 2 * 58


def test_a_big_order_walks_alone():
    big = Order("big", (Stop(1, 0.0, 5.0),), lines=50)
    small = [Order(n, (Stop(n, 0.0, 5.0),), lines=5) for n in range(2, 5)]
    found = batches([small[0], big, *small[1:]], Cart(lines=20), metres)
    assert [[order.key for order in batch.orders] for batch in found] == [[2, 3, 4], ["big"]]


def test_close_to_the_best_partition():
    """All partitions of six orders, two on a cart: savings stay within a few percent."""
    places = [(0, 18), (3, 4), (9, 17), (0, 16), (9, 2), (3, 6)]
    orders = [Order(n, (Stop(n, float(x), float(y)),)) for n, (x, y) in enumerate(places)]

    def total(sequence):
        pairs = itertools.batched(sequence, 2) if hasattr(itertools, "batched") else zip(
            sequence[::2], sequence[1::2], strict=True
        )  # fmt: skip
        return sum(metres([stop for order in pair for stop in order.stops]) for pair in pairs)

    best = min(total(sequence) for sequence in itertools.permutations(orders))
    found = sum(batch.metres for batch in batches(orders, Cart(slots=2), metres))
    assert best <= found <= 1.1 * best


def test_no_orders_and_twice_the_same_order():
    assert batches([], Cart(), metres) == []
    order = Order(1, (Stop(1, 0.0, 5.0),))
    assert batches([order], Cart(slots=1), metres) == [Batch((order,), 10.0)]
    with pytest.raises(ValueError, match="same key"):
        batches([order, order], Cart(), metres)
