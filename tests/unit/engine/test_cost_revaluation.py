"""Landed costs, revaluations, write-downs and their reversal."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import cost_revaluation
from inventory_wms.engine.cost_layers import METHODS, CostError, Pool, issue, receive, unit_cost
from inventory_wms.engine.cost_revaluation import (
    follow,
    reprice,
    revalue,
    still_down,
    write_down,
    write_up,
)

D = Decimal
methods = st.sampled_from(sorted(METHODS))
receipts = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10**6)), min_size=1, max_size=8)


def pool_of(method, *lots):
    pool = Pool(method)
    for key, (units, value) in enumerate(lots, 1):
        pool = receive(pool, key, D(units), value).pool
    return pool


def values(pool):
    return [(layer.key, layer.qty, layer.value) for layer in pool.layers]


def test_doctests():
    assert doctest.testmod(cost_revaluation).failed == 0


def test_amount_is_spread_by_units():
    after = revalue(pool_of("fifo", (10, 10000), (30, 60000)), 4000)
    assert values(after.pool) == [(1, 10, 11000), (2, 30, 63000)]
    assert (after.amount, after.pool.value) == (4000, 74000)


def test_another_unit_cost_keeps_the_layers_apart():
    after = reprice(pool_of("lifo", (10, 10000), (10, 20000)), Fraction(1800))
    assert values(after.pool) == [(1, 10, 13000), (2, 10, 23000)]


def test_average_takes_the_new_unit_cost_exactly():
    pool = pool_of("average", (3, 1000), (4, 2000))
    after = reprice(pool, Fraction(1001, 3))
    assert unit_cost(after.pool) + Fraction(after.pool.carry) / 7 == pytest.approx(
        Fraction(1001, 3), abs=1e-9
    )


def test_named_layers_only():
    pool = pool_of("fifo", (10, 10000), (10, 20000))
    assert values(reprice(pool, Fraction(1500), [2]).pool) == [(1, 10, 10000), (2, 10, 15000)]
    with pytest.raises(CostError):
        revalue(pool, 1, [3])
    with pytest.raises(CostError):
        revalue(Pool("fifo"), 1)


def test_write_down_spares_what_is_cheap_already():
    pool = pool_of("fifo", (10, 5000), (10, 20000))
    after = write_down(pool, Fraction(900))
    assert values(after.pool) == [(1, 10, 5000), (2, 10, 13000)]
    assert not write_down(pool, Fraction(1250)).changes
    assert write_down(pool_of("average", (10, 5000), (10, 20000)), Fraction(900)).amount == -7000


def test_reversal_is_limited_to_what_is_left_of_the_loss():
    pool = pool_of("fifo", (10, 10000))
    after = write_down(pool, Fraction(800)).pool
    after = issue(after, 2, D(5)).pool
    assert still_down([(2000, D(10))], D(5)) == 1000
    assert still_down([(2000, D(10)), (-400, D(5))], D(2)) == 240
    with pytest.raises(CostError):
        write_up(after, 1001, {1: 1000})
    assert values(write_up(after, 1000, {1: 1000}).pool) == [(1, 5, 5000)]


def test_below_zero():
    pool = pool_of("fifo", (10, 1000), (10, 10000))
    assert revalue(pool, -6000).below_zero
    assert not revalue(pool, -2000).below_zero
    averaged = pool_of("average", (10, 1000), (10, 10000))
    assert not revalue(averaged, -6000).below_zero
    assert revalue(averaged, -11001).below_zero


def assert_whole(before, after):
    """Layers, spread and pool change by the same amount, units by none."""
    pool = after.pool
    assert pool.value == before.value + after.amount
    assert sum(layer.value for layer in pool.layers) + pool.spread == pool.value
    assert (pool.qty, pool.spread) == (before.qty, before.spread)
    assert [layer.qty for layer in pool.layers] == [layer.qty for layer in before.layers]


@given(methods, receipts, st.integers(0, 200), st.integers(-(10**6), 10**6))
def test_revaluation_loses_nothing(method, lots, out, amount):
    pool = pool_of(method, *lots)
    units = min(D(out), pool.qty - 1)
    pool = issue(pool, 99, units).pool if units > 0 else pool
    assert_whole(pool, revalue(pool, amount))
    cost = Fraction(abs(amount), 7)
    after = reprice(pool, cost)
    assert_whole(pool, after)
    assert abs(after.pool.value - cost * Fraction(pool.qty)) <= Fraction(1, 2)


@given(methods, receipts, st.integers(0, 20000), st.integers(0, 400))
def test_reversal_never_lifts_above_cost(method, lots, cost, out):
    pool = pool_of(method, *lots)
    down = write_down(pool, Fraction(cost))
    assert_whole(pool, down)
    assert down.amount <= 0 and not down.below_zero
    units = min(D(out), pool.qty - 1)
    left = issue(down.pool, 99, units).pool if units > 0 else down.pool
    never = issue(pool, 99, units).pool if units > 0 else pool
    losses = {change.layer_key: (-change.amount, change.qty) for change in down.changes}
    limits = {
        layer.key: still_down([losses[layer.key]], layer.qty)
        for layer in left.layers
        if layer.key in losses
    }
    up = write_up(left, sum(limits.values()), limits)
    assert_whole(left, up)
    original = {layer.key: layer.value for layer in never.layers}
    for layer in up.pool.layers:
        assert layer.value <= original[layer.key] + 1  # the cent of a rounded part


@given(
    st.integers(-(10**6), 10**6),
    st.lists(st.integers(0, 90), max_size=5),
    st.lists(st.integers(0, 90), max_size=5),
)
def test_a_later_cost_follows_every_unit(amount, here, gone):
    here, gone = [D(qty) for qty in here], [D(qty) for qty in gone]
    units = sum(here) + sum(gone)
    if not units:
        with pytest.raises(CostError):
            follow(amount, here, gone)
        return
    kept, left = follow(amount, here, gone)
    assert sum(kept) + sum(left) == amount
    for qty, part in zip(here + gone, kept + left, strict=True):
        assert abs(part - Fraction(amount) * Fraction(qty) / Fraction(units)) <= 5
