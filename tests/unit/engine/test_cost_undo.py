"""Done quantities that are corrected: what left is back where it was, what came is out again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.cost_corrections import put_back, take_out
from inventory_wms.engine.cost_layers import CostError, Pool, Slice, issue, receive

D = Decimal
METHODS = ("fifo", "lifo", "average")


def pool_of(method, *receipts):
    pool = Pool(method)
    for key, (units, value) in enumerate(receipts, 1):
        pool = receive(pool, key, D(units), value).pool
    return pool


def worth(pool):
    """What the pool's own parts add up to."""
    layers = sum(layer.value for layer in pool.layers)
    return layers + pool.spread - sum(deficit.value for deficit in pool.deficits)


def test_a_delivery_of_twelve_was_nine():
    pool = pool_of("fifo", (10, 10000), (10, 20000))
    issued = issue(pool, 3, D(12))
    assert issued.value == 14000
    second, first = issued.slices[1], issued.slices[0]
    after = put_back(issued.pool, second).pool
    after = put_back(after, Slice(first.layer_key, D(1), 1000, 1000)).pool
    assert after == issue(pool, 3, D(9)).pool
    assert issue(after, 4, D(5)).value == 9000


def test_what_comes_back_settles_what_is_missing():
    pool = issue(pool_of("fifo", (4, 4000)), 2, D(4)).pool
    pool = issue(pool, 3, D(6), fallback=1200).pool
    back = put_back(pool, Slice(1, D(4), 4000, 4000))
    assert [(part.qty, part.value, part.provisional) for part in back.settlements] == [
        (4, 4000, 4800)
    ]
    assert (back.pool.layers, back.pool.qty, back.pool.value) == ((), -2, -2400)


def test_a_receipt_of_ten_was_six():
    for method in METHODS:
        pool = pool_of(method, (10, 10000), (10, 20000))
        issued = take_out(pool, [2], 3, D(4))
        assert (issued.value, issued.pool.value, issued.pool.spread) == (8000, 22000, 0)
        assert issued.pool.method == method


def test_its_goods_had_left_already():
    """Probe 8: 12 of 20 were shipped, then the first receipt turns out to be 6."""
    pool = issue(pool_of("fifo", (10, 10000), (10, 20000)), 3, D(12)).pool
    issued = take_out(pool, [1], 4, D(4))
    assert (issued.value, issued.pool.value) == (8000, 8000)
    pool = issue(pool_of("average", (10, 10000), (10, 20000)), 3, D(12)).pool
    assert take_out(pool, [1], 4, D(4)).value == 6000


def test_more_is_taken_out_than_there_is():
    pool = issue(pool_of("fifo", (10, 10000)), 2, D(8)).pool
    issued = take_out(pool, [1], 3, D(9))
    assert (issued.deficit.qty, issued.deficit.value) == (7, 7000)
    assert (issued.pool.qty, issued.pool.value) == (-7, -7000)


def test_nothing_comes_back_is_a_fault():
    with pytest.raises(CostError):
        put_back(pool_of("fifo", (1, 1)), Slice(1, D(0), 0, 0))


receipts = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 10**5)), min_size=1, max_size=6)


@given(st.sampled_from(METHODS), receipts, st.integers(1, 200), st.integers(0, 20))
def test_putting_all_back_undoes_an_issue(method, brought, units, before):
    pool = pool_of(method, *brought)
    if before and before < pool.qty:
        pool = issue(pool, 90, D(before)).pool
    issued = issue(pool, 99, min(D(units), pool.qty))
    after = issued.pool
    for part in reversed(issued.slices):
        after = put_back(after, part).pool
    assert (after.layers, after.qty, after.value, after.spread) == (
        pool.layers,
        pool.qty,
        pool.value,
        pool.spread,
    )


@given(st.sampled_from(METHODS), receipts, st.data())
def test_taking_out_a_receipt_that_just_came_undoes_it(method, brought, data):
    pool = pool_of(method, *brought)
    value = data.draw(st.integers(0, 10**5))
    more = receive(pool, 50, D(7), value).pool
    issued = take_out(more, [50], 99, D(7))
    assert (issued.value, issued.pool.layers) == (value, pool.layers)
    assert (issued.pool.value, worth(issued.pool)) == (pool.value, pool.value)


@given(st.sampled_from(METHODS), receipts, st.integers(1, 300), st.integers(1, 300))
def test_nothing_is_lost_below_zero(method, brought, units, back):
    pool = pool_of(method, *brought)
    issued = issue(pool, 99, D(units), fallback=700)
    after = issued.pool
    for part in issued.slices:
        after = put_back(after, part).pool
    assert worth(after) == after.value
    out = take_out(after, [1], 100, D(back), fallback=700)
    assert worth(out.pool) == out.pool.value
    assert out.pool.qty == after.qty - back
