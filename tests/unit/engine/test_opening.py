"""Opening layers from what is on hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.cost_layers import CostError, Layer, Pool
from inventory_wms.engine.opening import (
    Moved,
    Opened,
    Stack,
    at_one_cost,
    at_own_cost,
    divide,
    fit,
    newest,
    reexpress,
    replay_moves,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def stacks(*rows):
    return [Stack(key, Decimal(qty), Fraction(cost)) for key, (qty, cost) in enumerate(rows, 1)]


def test_the_newest_receipts_are_on_hand():
    found = fit(stacks((10, 1000), (10, 2000)), Decimal(12), Fraction(0))
    assert found == [Stack(1, Decimal(2), Fraction(200)), Stack(2, Decimal(10), Fraction(2000))]


def test_units_that_no_receipt_tells():
    found = fit(stacks((3, 300)), Decimal(5), Fraction(150))
    assert found == [Stack(0, Decimal(2), Fraction(300)), Stack(1, Decimal(3), Fraction(300))]


def test_open_units_are_the_newest():
    parts = [(1, Decimal(5)), (2, Decimal(5))]
    assert newest(parts, Decimal(7)) == [(1, Decimal(2)), (2, Decimal(5))]
    assert newest(parts, Decimal(0)) == []


ROWS = st.lists(
    st.tuples(st.integers(1, 50), st.fractions(0, 500, max_denominator=7)), min_size=1, max_size=9
)


@given(ROWS)
def test_cents_are_kept(rows):
    opened = at_own_cost(stacks(*rows))
    total = sum((Fraction(cost) for _qty, cost in rows), Fraction(0))
    assert abs(sum(layer.value for layer in opened) - total) <= Fraction(1, 2)
    one = at_one_cost(stacks(*rows), 1001)
    assert sum(layer.value for layer in one) == 1001
    assert sum(layer.qty for layer in one) == sum(qty for qty, _cost in rows)


def test_history_tells_why_it_differs():
    moves = [
        Moved(1, START, Decimal(-2)),
        Moved(2, START + timedelta(1), Decimal(10), 1000),
        Moved(3, START - timedelta(1), Decimal(1), 0),
    ]
    replayed = replay_moves("fifo", moves)
    assert replayed.was_negative
    assert (replayed.backdated, replayed.without_cost) == (1, 1)
    assert replayed.stacks == [Stack(2, Decimal(9), Fraction(900))]


def test_lifo_of_the_same_history():
    moves = [
        Moved(1, START, Decimal(10), 1000),
        Moved(2, START, Decimal(10), 2000),
        Moved(3, START, Decimal(-15)),
    ]
    assert replay_moves("lifo", moves).stacks == [Stack(1, Decimal(5), Fraction(500))]
    assert replay_moves("fifo", moves).stacks == [Stack(2, Decimal(5), Fraction(1000))]


def test_a_pool_under_another_method():
    layers = (Layer(1, Decimal(1), 100), Layer(2, Decimal(1), 300))
    pool = Pool("average", layers, (), Decimal(2), 420, 20, Decimal("0.3"))
    assert reexpress(pool, "fifo", [100, 300]) == Pool("fifo", layers, (), Decimal(2), 400)
    with pytest.raises(CostError):
        reexpress(pool, "fifo", [100])


def test_opened_is_a_value():
    assert at_one_cost(stacks((2, 0)), 5) == [Opened(1, Decimal(2), 5)]


def test_layers_are_dealt_out_to_places():
    opened = [Opened(1, Decimal(3), 10), Opened(2, Decimal(2), 8)]
    assert divide(opened, [Decimal(2), Decimal(3)]) == [
        [Opened(1, Decimal(2), 7)],
        [Opened(1, Decimal(1), 3), Opened(2, Decimal(2), 8)],
    ]
    for sizes in ([Decimal(4)], [Decimal(6)]):
        with pytest.raises(CostError):
            divide(opened, sizes)
