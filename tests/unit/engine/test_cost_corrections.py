"""Returns, later prices and the matching of receipts with bills."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.cost_corrections import (
    Issued,
    Open,
    cancel_deficit,
    match,
    revalue_layer,
    split_correction,
    take_back,
)
from inventory_wms.engine.cost_layers import CostError, Pool, issue, issue_from, receive

D = Decimal


def pool_of(method, *receipts):
    pool = Pool(method)
    for key, (units, value) in enumerate(receipts, 1):
        pool = receive(pool, key, D(units), value).pool
    return pool


def test_the_last_taken_comes_back_first():
    back = take_back([Issued(1, D(10), 10000), Issued(2, D(5), 10000)], D(7))
    assert [(part.key, part.qty, part.value) for part in back] == [(2, 5, 10000), (1, 2, 2000)]
    assert take_back([Issued(1, D(3), 1000)], D(9)) == (Issued(1, D(3), 1000),)


def test_a_return_to_the_vendor_leaves_its_own_layer():
    pool = pool_of("fifo", (10, 10000), (10, 20000))
    issued = issue_from(pool, [2], 3, D(4))
    assert [(part.layer_key, part.value) for part in issued.slices] == [(2, 8000)]
    assert issued.pool.value == 22000
    beyond = issue_from(pool, [2], 3, D(12))
    assert [(part.layer_key, part.qty) for part in beyond.slices] == [(2, 10), (1, 2)]


def test_later_price_goes_to_stock_and_to_what_left():
    split = split_correction(2000, D(10), D(6))
    assert (split.on_hand, split.consumed) == (1200, 800)
    assert split_correction(-1, D(2), D(1)) == split_correction(-1, D(2), D(1))
    assert split_correction(500, D(10), D(0)).consumed == 500
    with pytest.raises(CostError):
        split_correction(1, D(1), D(2))


def test_revalued_layer_is_taken_at_its_new_cost():
    pool = revalue_layer(pool_of("fifo", (10, 10000)), 1, 2000)
    assert issue(pool, 2, D(5)).value == 6000
    with pytest.raises(CostError):
        revalue_layer(pool, 9, 1)


def test_missing_goods_come_back():
    pool = issue(Pool("fifo"), 1, D(5), Fraction(1000)).pool
    pool, value = cancel_deficit(pool, 1, D(2))
    assert (value, pool.qty, pool.value) == (2000, -3, -3000)
    pool, value = cancel_deficit(pool, 1, D(3))
    assert (value, pool.qty, pool.value, pool.deficits) == (3000, 0, 0, ())
    with pytest.raises(CostError):
        cancel_deficit(pool, 1, D(1))


def test_bills_meet_receipts_in_order():
    pairs = match([Open(1, D(6), 6000), Open(2, D(4), 8000)], [Open(7, D(8), 12000)])
    assert [(p.left_key, p.right_key, p.qty, p.left, p.right) for p in pairs] == [
        (1, 7, 6, 6000, 9000),
        (2, 7, 2, 4000, 3000),
    ]


sides = st.lists(st.tuples(st.integers(1, 40), st.integers(-5000, 10**6)), max_size=8)


@given(sides, sides)
def test_matching_loses_nothing(left, right):
    left = [Open(key, D(units), value) for key, (units, value) in enumerate(left)]
    right = [Open(key, D(units), value) for key, (units, value) in enumerate(right)]
    pairs = match(left, right)
    both = min(sum(o.qty for o in left), sum(o.qty for o in right))
    assert sum(pair.qty for pair in pairs) == both
    assert_whole(left, [(pair.left_key, pair.qty, pair.left) for pair in pairs])
    assert_whole(right, [(pair.right_key, pair.qty, pair.right) for pair in pairs])


def assert_whole(side, parts):
    """What is matched to its last unit is matched to its last cent."""
    for one in side:
        mine = [part for part in parts if part[0] == one.key]
        if sum(qty for _key, qty, _value in mine) == one.qty:
            assert sum(value for _key, _qty, value in mine) == one.value


@given(st.integers(-(10**6), 10**6), st.integers(1, 500), st.integers(0, 500))
def test_split_is_whole(amount, received, remaining):
    split = split_correction(amount, D(received), D(min(remaining, received)))
    assert split.on_hand + split.consumed == amount
    assert split.on_hand * amount >= 0


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 10**6)), min_size=1, max_size=8),
    st.integers(1, 400),
)
def test_what_comes_back_had_left(parts, units):
    out = [Issued(key, D(qty), value) for key, (qty, value) in enumerate(parts)]
    back = take_back(out, D(units))
    assert sum(p.qty for p in back) == min(D(units), sum(p.qty for p in out))
    assert sum(p.value for p in back) <= sum(p.value for p in out)
