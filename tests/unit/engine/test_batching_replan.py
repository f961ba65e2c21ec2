"""Replanning: nobody is moved, room is filled where it saves, what has no room makes new carts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.batching import Budget, Cart, Order, Walk
from inventory_wms.engine.batching_cart import stops_of
from inventory_wms.engine.batching_replan import News, Running, replanned
from inventory_wms.engine.routing import Block, Dock, Layout, Stop

WALK = Walk(Layout((Block(0.0, 20.0),)), Dock(0, 0))
MOVES = Budget(moves=500)


def order(key, x, y, lines=1):
    return Order(key, (Stop((key, 0), float(x), float(y)),), lines=lines)


spots = st.tuples(st.integers(0, 5).map(lambda x: 3 * x), st.integers(1, 19), st.integers(1, 3))
worlds = st.tuples(
    st.lists(st.lists(spots, min_size=1, max_size=3), max_size=3),
    st.lists(spots, max_size=5),
    st.sets(st.integers(0, 12)),
    st.sets(st.integers(0, 12)),
)


def world_of(drawn):
    """Running batches, the third of them closed, with done stops; and the news."""
    carts, late, cancelled, done = drawn
    number = itertools.count()
    running = []
    for place, drawn_spots in enumerate(carts):
        orders = tuple(order(next(number), *spot) for spot in drawn_spots)
        keys = frozenset((one.key, 0) for one in orders if one.key in done)
        running.append(Running(place, orders, keys, closed=place == 2))
    return running, News(cancelled, tuple(order(next(number), *spot) for spot in late))


def keys_of(orders):
    return [one.key for one in orders]


@given(worlds, st.integers(3, 9))
def test_everybody_stays(drawn, lines):
    running, news = world_of(drawn)
    changed, _new = replanned(running, news, Cart(lines=lines), WALK, MOVES)
    assert [one.key for one in changed] == [one.key for one in running]
    for before, now in zip(running, changed, strict=True):
        check_stays(before, now, news, Cart(lines=lines))


def check_stays(before, now, news, cart):
    """Nobody left but the cancelled whose goods are not on the cart; late ones came if any."""
    picked = {key for key, _place in before.done}
    left = set(news.cancelled) - picked
    stay = [key for key in keys_of(before.orders) if key not in left]
    after = keys_of(now.batch.orders)
    assert after[: len(stay)] == stay
    if came := after[len(stay) :]:
        assert set(came) <= set(keys_of(news.added))
        assert not before.closed
        assert cart.holds(now.batch.orders)
    stops = stops_of(now.batch.orders)
    assert not {stop.key for stop in stops} & before.done
    assert now.batch.metres == pytest.approx(WALK(stops))
    was = {stop.key for stop in stops_of(before.orders)} - before.done
    assert now.changed == ({stop.key for stop in stops} != was)


@given(worlds, st.integers(3, 9))
def test_every_order_is_in_one_place(drawn, lines):
    running, news = world_of(drawn)
    changed, new = replanned(running, news, Cart(lines=lines), WALK, MOVES)
    batches = [one.batch for one in changed] + new
    placed = [key for batch in batches for key in keys_of(batch.orders)]
    assert len(placed) == len(set(placed))
    assert set(keys_of(news.added)) - set(news.cancelled) <= set(placed)


def test_late_orders_fill_the_nearest_room_and_the_rest_walks_anew():
    running = [
        Running("A", (order(1, 0, 18),)),
        Running("B", (order(2, 15, 18),)),
        Running("C", (order(3, 6, 5), order(4, 6, 6))),
    ]
    late = (order(10, 15, 17), order(11, 0, 17), order(12, 6, 5))
    changed, new = replanned(running, News(added=late), Cart(slots=2), WALK, MOVES)
    found = {one.key: [o.key for o in one.batch.orders] for one in changed}
    assert found == {"A": [1, 11], "B": [2, 10], "C": [3, 4]}
    assert [one.changed for one in changed] == [True, True, False]
    assert [[o.key for o in batch.orders] for batch in new] == [[12]]


def test_a_cancelled_order_makes_room_unless_its_goods_lie_on_the_cart():
    both = (order(1, 0, 18), Order(2, (Stop((2, 0), 0.0, 4.0), Stop((2, 1), 15.0, 4.0))))
    late = (order(9, 0, 10),)
    news = News(cancelled={2}, added=late)
    (fresh,), new = replanned([Running("A", both)], news, Cart(slots=2), WALK, MOVES)
    assert [o.key for o in fresh.batch.orders] == [1, 9] and not new
    begun = Running("A", both, done=frozenset({(2, 0)}))
    (kept,), new = replanned([begun], news, Cart(slots=2), WALK, MOVES)
    assert [o.key for o in kept.batch.orders] == [1, 2]
    assert kept.batch.metres == 36 and kept.changed
    assert [[o.key for o in batch.orders] for batch in new] == [[9]]


def test_a_short_order_goes_elsewhere():
    running = [Running("A", (order(1, 0, 18), order(2, 3, 5)), done=frozenset({(2, 0)}))]
    elsewhere = Order(2, (Stop((2, 0), 3.0, 5.0), Stop((2, "instead"), 9.0, 2.0)))
    (found,), new = replanned(running, News(moved=(elsewhere,)), Cart(), WALK, MOVES)
    assert found.changed and not new
    assert {stop.key for stop in stops_of(found.batch.orders)} == {(1, 0), (2, "instead")}


def test_news_that_cannot_be_is_refused():
    running = [Running("A", (order(1, 0, 18),))]
    with pytest.raises(ValueError, match="in a batch already"):
        replanned(running, News(added=(order(1, 0, 3),)), Cart(), WALK, MOVES)
    with pytest.raises(ValueError, match="in no batch"):
        replanned(running, News(moved=(order(5, 0, 3),)), Cart(), WALK, MOVES)
