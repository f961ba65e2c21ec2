"""Peers' own test cases by their numbers, through the engine (textbooks: test_cost_layers.py)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from inventory_wms.engine.cost_layers import METHODS, Pool, issue, receive

D = Decimal


def bought(method, *receipts):
    """A pool of (units, cost of one in cents)."""
    pool = Pool(method)
    for key, (units, cost) in enumerate(receipts, 1):
        pool = receive(pool, key, D(units), int(D(units) * cost)).pool
    return pool


def taken(issued):
    """The slices of an issue as (units, cost of one)."""
    return [(part.qty, Fraction(part.value) / Fraction(part.qty)) for part in issued.slices]


def test_erpnext_fifo_takes_over_two_receipts():
    pool = bought("fifo", (10, 1000), (10, 2000))
    issued = issue(pool, 3, D(15))
    assert taken(issued) == [(10, 1000), (5, 2000)]
    assert [(row.qty, row.value) for row in issued.pool.layers] == [(5, 10000)]


def test_erpnext_lifo_takes_over_two_receipts_and_beyond():
    pool = bought("lifo", (10, 1000), (10, 2000))
    issued = issue(pool, 3, D(15))
    assert taken(issued) == [(10, 2000), (5, 1000)]
    assert [(row.qty, row.value) for row in issued.pool.layers] == [(5, 5000)]
    beyond = issue(pool, 3, D(25))
    assert taken(beyond) == [(10, 2000), (10, 1000)]
    assert (beyond.deficit.qty, beyond.deficit.value, beyond.pool.qty) == (5, 5000, -5)


def test_erpnext_same_costs_stay_separate_receipts():
    """Bins of the same cost are merged there; here each keeps the receipt it is traced to."""
    for method in ("fifo", "lifo"):
        pool = bought(method, (4, 1000), (6, 1000))
        issued = issue(pool, 3, D(7))
        assert issued.value == 7000
        assert (issued.pool.qty, issued.pool.value) == (3, 3000)
        assert len(issued.slices) == 2


def test_erpnext_totals_after_mixed_receipts():
    pool = bought("fifo", (1, 1000), (2, 1500), (3, 2000))
    assert (pool.qty, pool.value) == (6, 10000)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_erpnext_nearly_nothing_is_nothing(method):
    """One unit less 0.999999999 leaves a billionth, worth no cent; it costs the rest, nothing."""
    pool = receive(Pool(method), 1, D(1), 1000).pool
    issued = issue(pool, 2, D("0.999999999"))
    assert issued.value == 1000
    last = issue(issued.pool, 3, D("0.000000001"))
    assert (last.value, last.pool.qty, last.pool.value) == (0, 0, 0)


def test_erpnext_nineteen_layers_move_as_nineteen():
    """A transfer of everything: every layer arrives at its own cost, the sum is the same cent."""
    here = bought("fifo", *[(1, 100 + number) for number in range(19)])
    there, moved = Pool("fifo"), issue(here, 20, D(19))
    for number, part in enumerate(moved.slices, 21):
        there = receive(there, number, part.qty, part.value).pool
    assert [row.value for row in there.layers] == [row.value for row in here.layers]
    assert (moved.pool.value, there.value) == (0, here.value)


def test_erpnext_both_sides_of_a_transfer_are_the_same():
    """20 tons at 156,526 a ton, 1,728 kg of them moved: to the cent what left arrives."""
    here = receive(Pool("average"), 1, D(20000), 20 * 15652600).pool
    moved = issue(here, 2, D(1728))
    there = Pool("average")
    for number, part in enumerate(moved.slices, 3):
        there = receive(there, number, part.qty, part.value).pool
    assert there.value == moved.value == 27047693
    assert there.value + moved.pool.value == here.value


def test_same_moment_goes_by_the_order_of_posting():
    """Two receipts with the same time: the key, which the posting gives, decides."""
    assert taken(issue(bought("fifo", (1, 100), (1, 200)), 3, D(1))) == [(1, 100)]
    assert taken(issue(bought("lifo", (1, 100), (1, 200)), 3, D(1))) == [(1, 200)]


def test_tryton_fifo():
    """1@100, 2@120, out 2, 3@100, out 2, out 1: 110, 110, then 100 each."""
    pool, costs = bought("fifo", (1, 10000), (2, 12000)), []
    for key, event in enumerate((2, None, 2, 1), 3):
        if event is None:
            pool = receive(pool, key, D(3), 30000).pool
            continue
        issued = issue(pool, key, D(event))
        costs.append(issued.value / event)
        pool = issued.pool
    assert costs == [11000, 11000, 10000]


def test_odoo_lifo_price_with_the_right_expectation():
    for method, value in (("lifo", 160000), ("fifo", 140000)):
        assert issue(bought(method, (10, 6000), (30, 8000)), 3, D(20)).value == value
