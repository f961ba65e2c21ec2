"""LIFO reserve, years of periodic LIFO and liquidation against textbooks and an exact oracle."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import lifo, periodic
from inventory_wms.engine.cost_layers import Pool, issue, receive
from inventory_wms.engine.lifo import (
    Back,
    In,
    Out,
    Sold,
    Undo,
    fifo_value,
    liquidation_effect,
    reserve,
)

# name -> (events, periodic COGS, periodic value, perpetual LIFO value, FIFO value), whole units
CASES = {
    "E1": ([(100, 10), -100, (100, 8), -40, -40, (150, 6), -160], 2600, 100, 80, 60),
    "E2": ([(304, 13), -205, (804, 15), -504, (498, 16), -295], 15558, 8422, 9035, 9528),
    "E3": ([(50, 10), (100, 12), -120, (60, 14), -70], 2340, 200, 200, 280),
    "E4": ([(1000, 10), (3500, 12), -4000, (1600, 14), -1200], 65400, 9000, 10600, 12600),
    "E7": ([(1000, 5), (500, 8), -1200, (300, 11), -400], 11300, 1000, 1000, 2200),
}


def events_of(steps):
    found = []
    for key, step in enumerate(steps, 1):
        if isinstance(step, tuple):
            found.append(In(key, Decimal(step[0]), step[0] * step[1] * 100))
        else:
            found.append(Out(key, Decimal(-step)))
    return found


def perpetual(events, method):
    """Value on hand by the engine itself."""
    pool = Pool(method)
    for event in events:
        if isinstance(event, In):
            pool = receive(pool, event.key, event.qty, event.value).pool
        else:
            pool = issue(pool, event.key, event.qty).pool
    return pool.value


@pytest.mark.parametrize("name", CASES)
def test_textbooks(name):
    steps, cogs, value, on_hand, fifo = CASES[name]
    events = events_of(steps)
    receipts = [(row.qty, row.value) for row in events if isinstance(row, In)]
    issued = sum((row.qty for row in events if isinstance(row, Out)), Decimal(0))
    year = periodic.lifo(Pool("lifo"), receipts, issued)
    assert (year.cost, year.pool.value) == (cogs * 100, value * 100)
    assert perpetual(events, "lifo") == on_hand * 100
    assert reserve(events, on_hand * 100) == (fifo - on_hand) * 100


def test_liquidation_of_the_base_layer():
    sold = [Sold(Decimal(700), 350_000, Fraction(800)), Sold(Decimal(100), 50_000, Fraction(1100))]
    assert liquidation_effect(sold) == 210_000 + 60_000


def test_years_follow_each_other():
    """Two years one after the other: the first year's layers open the second."""
    receipts = [(Decimal(100), 1000), (Decimal(50), 1000)]
    first = periodic.lifo(Pool("lifo"), receipts, Decimal(60))
    assert [(row.qty, row.value) for row in first.pool.layers] == [(90, 900)]
    second = periodic.lifo(first.pool, [(Decimal(30), 900)], Decimal(100))
    assert (second.cost, second.pool.value) == (900 + 700, 200)


def test_more_sold_than_there_was_is_settled_a_year_later():
    year = periodic.lifo(Pool("lifo"), [(Decimal(5), 50)], Decimal(7))
    assert [row.qty for row in year.pool.deficits] == [2]
    later = periodic.lifo(year.pool, [(Decimal(4), 80)], Decimal(0))
    assert (later.pool.qty, later.pool.value) == (2, 40)


def test_goods_that_come_back_have_their_fifo_cost():
    events = [
        In(1, Decimal(10), 1000),
        In(2, Decimal(10), 2000),
        Out(3, Decimal(15)),
        Back(4, Decimal(5), 3, 1000),
        Out(5, Decimal(5)),
    ]
    # FIFO sold 10 at 100 and 5 at 200; the last 5 come back at 200 and 5 at 200 are sold again
    assert lifo.fifo_value(events) == 1000
    assert lifo.fifo_value([*events[:4], Back(6, Decimal(12), 3, 1200)]) == 2000 + 1000 + 200


def test_goods_sent_back_leave_their_own_layer():
    events = [In(1, Decimal(10), 1000), In(2, Decimal(10), 2000), Out(3, Decimal(4), (2,))]
    assert lifo.fifo_value(events) == 1000 + 1200


def test_doctests():
    assert doctest.testmod(lifo).failed == 0


steps = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 60), st.integers(0, 900)),
        st.integers(-60, -1),
    ),
    max_size=30,
)


@given(steps)
def test_reserve_is_fifo_less_lifo_of_the_engine(moves):
    events = events_of(moves)
    assert lifo.fifo_value(events) == perpetual(events, "fifo")
    on_hand = perpetual(events, "lifo")
    assert reserve(events, on_hand) == perpetual(events, "fifo") - on_hand


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 99_999)), max_size=20),
    st.integers(0, 900),
    st.integers(0, 20),
)
def test_years_keep_the_oldest_units(receipts, issued, cut):
    """What is left after two years is the oldest units at their cost; not a cent is lost."""
    layers = [(Decimal(qty), value) for qty, value in receipts]
    units = sum(qty for qty, _value in receipts)
    issued = Decimal(min(issued, sum(qty for qty, _value in receipts[cut:])))
    first = periodic.lifo(Pool("lifo"), layers[:cut], Decimal(0))
    second = periodic.lifo(first.pool, layers[cut:], issued)
    assert second.cost + second.pool.value == sum(value for _qty, value in receipts)
    left, exact = units - int(issued), Fraction(0)
    for qty, value in receipts:
        taken = min(qty, left)
        exact += Fraction(value * taken, qty)
        left -= taken
    assert abs(exact - second.pool.value) <= Fraction(1, 2)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 900)), min_size=1, max_size=20))
def test_periodic_is_perpetual_when_all_was_bought_before_the_sale(receipts):
    events = events_of(receipts)
    units = sum(qty for qty, _cost in receipts)
    sale = Out(999, Decimal(units // 2 + 1))
    year = periodic.lifo(Pool("lifo"), [(row.qty, row.value) for row in events], sale.qty)
    assert year.pool.value == perpetual([*events, sale], "lifo")


def test_undone_units_are_where_they_were():
    """The used up layer is the oldest again, so it is the next one to go."""
    events = events_of([(10, 1), (10, 2), -12])
    events += [Undo(-1, Decimal(9), 3, 0)]
    assert fifo_value(events) == 7 * 100 + 10 * 200
    assert fifo_value([*events, Out(5, Decimal(8))]) == 9 * 200
    assert fifo_value([*events, Undo(-2, Decimal(3), 3, 0)]) == 10 * 100 + 10 * 200


def test_undone_units_settle_what_is_missing():
    events = events_of([(4, 10), -4, -6])
    events[2] = Out(3, Decimal(6), (), Fraction(1000))
    after = [*events, Undo(-1, Decimal(3), 2, 0)]
    assert fifo_value(after) == -3 * 1000
    assert fifo_value([*after, In(4, Decimal(10), 20_000)]) == 7 * 2000
    # the move that was settled by them gives them back again
    assert fifo_value([*after, Undo(-2, Decimal(2), 3, 0)]) == -1 * 1000
    # units that are still missing came back after all
    assert fifo_value([*events, Undo(-1, Decimal(3), 3, 3000)]) == -3 * 1000


@given(st.data())
def test_undoing_all_of_a_departure_is_as_if_it_never_was(data):
    receipts = data.draw(
        st.lists(st.tuples(st.integers(1, 9), st.integers(1, 99)), min_size=1, max_size=5)
    )
    events = events_of(receipts)
    stock = sum(qty for qty, _cost in receipts)
    out = data.draw(st.integers(1, stock))
    parts = data.draw(st.integers(1, out))
    events.append(Out(90, Decimal(out)))
    undone = [Undo(-1, Decimal(parts), 90, 0)]
    if out > parts:
        undone.append(Undo(-2, Decimal(out - parts), 90, 0))
    later = data.draw(st.integers(0, stock))
    rest = [Out(91, Decimal(later))] if later else []
    assert fifo_value([*events, *undone, *rest]) == fifo_value([*events[:-1], *rest])
