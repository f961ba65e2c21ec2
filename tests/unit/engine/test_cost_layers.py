"""The cost engine against textbook cases, peers' cases and an exact-fraction oracle."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import cost_layers
from inventory_wms.engine.cost_layers import METHODS, CostError, Pool, issue, receive, unit_cost
from oracle import Oracle


def run(method, *events):
    """Replay ("in", units, unit cost) and ("out", units); return pool and cost of each issue."""
    pool, costs = Pool(method), []
    for number, (what, units, *cost) in enumerate(events, 1):
        if what == "in":
            value = round(Decimal(str(cost[0])) * units * 100)
            pool = receive(pool, number, Decimal(units), value).pool
        else:
            issued = issue(pool, number, Decimal(units))
            pool = issued.pool
            costs.append(issued.value)
    return pool, costs


def stack(pool):
    """Open layers as (units, unit cost)."""
    return [(int(row.qty), row.value / 100 / float(row.qty)) for row in pool.layers]


# valuation textbooks: name -> events, COGS and ending value per method
TEXTBOOK = {
    "E1": (
        [
            ("in", 100, 10),
            ("out", 100),
            ("in", 100, 8),
            ("out", 40),
            ("out", 40),
            ("in", 150, 6),
            ("out", 160),
        ],
        {"lifo": (2620, 80), "fifo": (2640, 60), "average": (2637.65, 62.35)},
    ),
    "E2": (
        [
            ("in", 304, 13),
            ("out", 205),
            ("in", 804, 15),
            ("out", 504),
            ("in", 498, 16),
            ("out", 295),
        ],
        {"lifo": (14945, 9035), "fifo": (14452, 9528), "average": (14674.49, 9305.51)},
    ),
    "E3": (
        [("in", 50, 10), ("in", 100, 12), ("out", 120), ("in", 60, 14), ("out", 70)],
        {"lifo": (2340, 200), "fifo": (2260, 280), "average": (2277.78, 262.22)},
    ),
    "E4": (
        [("in", 1000, 10), ("in", 3500, 12), ("out", 4000), ("in", 1600, 14), ("out", 1200)],
        {"lifo": (63800, 10600), "fifo": (61800, 12600), "average": (62323.81, 12076.19)},
    ),
    "E7": (
        [("in", 1000, 5), ("in", 500, 8), ("out", 1200), ("in", 300, 11), ("out", 400)],
        {"lifo": (11300, 1000), "fifo": (10100, 2200), "average": (10600, 1700)},
    ),
}


@pytest.mark.parametrize("method", [*METHODS][:3])
@pytest.mark.parametrize("case", TEXTBOOK)
def test_textbook(case, method):
    events, wanted = TEXTBOOK[case]
    pool, costs = run(method, *events)
    assert (sum(costs) / 100, pool.value / 100) == wanted[method]


def test_textbook_layers():
    pool, _costs = run("lifo", *TEXTBOOK["E2"][0])
    assert stack(pool) == [(99, 13), (300, 15), (203, 16)]
    pool, _costs = run("lifo", *TEXTBOOK["E4"][0])
    assert stack(pool) == [(500, 10), (400, 14)]


def test_peer_lifo_stacks():
    events = [
        ("in", 1, 1), ("in", 2, 2), ("out", 1), ("in", 3, 3), ("out", 4), ("in", 4, 4), ("out", 5),
        ("in", 5, 5), ("out", 5),
    ]  # fmt: skip
    stacks = [
        [(1, 1)], [(1, 1), (2, 2)], [(1, 1), (1, 2)], [(1, 1), (1, 2), (3, 3)], [(1, 1)],
        [(1, 1), (4, 4)], [], [(5, 5)], [],
    ]  # fmt: skip
    for count, wanted in enumerate(stacks, 1):
        pool, _costs = run("lifo", *events[:count])
        assert stack(pool) == wanted
    _pool, costs = run("lifo", *events)
    assert costs == [200, 1100, 1700, 2500]


def test_peer_lifo_price():
    events = [("in", 10, 60), ("in", 30, 80), ("out", 20)]
    assert run("lifo", *events)[1] == [160000]
    assert run("fifo", *events)[1] == [140000]


def test_more_than_there_is_costs_what_the_last_did():
    pool, costs = run("lifo", ("in", 10, 10), ("in", 10, 20), ("out", 25))
    assert costs == [30000 + 5 * 1000]
    assert (pool.qty, pool.value, pool.layers) == (-5, -5000, ())


def test_negative_stock_is_settled_by_receipts():
    pool, _costs = run("fifo", ("in", 10, 10), ("out", 15))
    assert pool.value == -5000
    pool = issue(pool, 3, Decimal(5), Fraction(1000)).pool
    assert (pool.qty, pool.value) == (-10, -10000)
    received = receive(pool, 4, Decimal(15), 22500)
    assert stack(received.pool) == [(5, 15)]
    assert sum(part.value - part.provisional for part in received.settlements) == 5000
    assert received.pool.value - pool.value == 17500
    assert [part.deficit_key for part in received.settlements] == [2, 3]


def test_negative_stock_settled_in_parts():
    pool = issue(Pool("average"), 1, Decimal(5), Fraction(10000)).pool
    assert (pool.qty, pool.value) == (-5, -50000)
    pool = receive(pool, 2, Decimal(1), 1000).pool
    assert [(row.qty, row.value) for row in pool.deficits] == [(4, 40000)]
    pool = receive(pool, 3, Decimal(6), 6000).pool
    assert (stack(pool), pool.value, pool.deficits) == ([(2, 10)], 2000, ())


def test_three_units_for_ten():
    for method in METHODS:
        pool = receive(Pool(method), 1, Decimal(3), 1000).pool
        costs = []
        for number in range(3):
            issued = issue(pool, 2 + number, Decimal(1))
            costs.append(issued.value)
            pool = issued.pool
        assert sorted(costs) == [333, 333, 334]
        assert (pool.qty, pool.value, pool.layers, pool.spread) == (0, 0, (), 0)


def test_average_keeps_the_receipts_it_came_from():
    pool, _costs = run("average", ("in", 10, 10), ("in", 10, 20))
    issued = issue(pool, 3, Decimal(15))
    assert issued.value == 22500
    assert [(part.layer_key, part.qty) for part in issued.slices] == [(1, 10), (2, 5)]
    assert sum(part.layer_value for part in issued.slices) == 20000
    assert issued.pool.spread == -2500
    assert (
        issued.pool.value
        == 7500
        == sum(row.value for row in issued.pool.layers) + issued.pool.spread
    )


def test_nothing_is_not_an_event():
    for units in (0, -1):
        with pytest.raises(CostError):
            receive(Pool("fifo"), 1, Decimal(units), 100)
        with pytest.raises(CostError):
            issue(Pool("fifo"), 1, Decimal(units))


def test_a_window_too_small_is_refused():
    with pytest.raises(CostError):
        issue(Pool("fifo", qty=Decimal(5), value=500), 1, Decimal(3))


def test_doctests():
    assert doctest.testmod(cost_layers).failed == 0


# ------------------------------------------------------------------------ properties
quantity = st.decimals(min_value="0.01", max_value="500", places=2)
event = st.one_of(
    st.tuples(st.just("in"), quantity, st.integers(0, 10**7)),
    st.tuples(st.just("out"), quantity),
)
methods = st.sampled_from(sorted(METHODS))


def assert_sound(pool):
    held = sum((row.qty for row in pool.layers), Decimal(0))
    missing = sum((row.qty for row in pool.deficits), Decimal(0))
    assert pool.qty == held - missing
    assert pool.value == (
        sum(row.value for row in pool.layers)
        + pool.spread
        - sum(row.value for row in pool.deficits)
    )
    assert all(row.qty > 0 for row in pool.layers + pool.deficits)
    assert not (held and missing)
    assert pool.qty or not pool.value
    assert [row.key for row in pool.layers] == sorted(row.key for row in pool.layers)
    assert pool.spread == 0 or METHODS[pool.method].averaged


@given(methods, st.lists(event, max_size=30))
def test_conservation(method, events):
    """Value in = value out + value left, to the cent, whatever happens; quantities too."""
    pool, value_in, value_out = Pool(method), 0, 0
    taken = {}
    for number, (what, units, *value) in enumerate(events, 1):
        if what == "in":
            received = receive(pool, number, units, value[0])
            value_in += value[0]
            value_out += sum(part.value - part.provisional for part in received.settlements)
            pool = received.pool
            taken[number] = units
        else:
            issued = issue(pool, number, units, Fraction(250))
            parts = sum((part.qty for part in issued.slices), Decimal(0))
            assert parts + (issued.deficit.qty if issued.deficit else 0) == units
            value_out += issued.value
            pool = issued.pool
        assert value_in == value_out + pool.value
        assert_sound(pool)


@given(methods, st.lists(event, max_size=30))
def test_against_the_oracle(method, events):
    """Within a cent per split of exact fractions; exact quantities; never below zero here."""
    pool, oracle, splits = Pool(method), Oracle(method), 1
    for number, (what, units, *value) in enumerate(events, 1):
        if what == "in":
            pool = receive(pool, number, units, value[0]).pool
            oracle.receive(units, value[0])
            continue
        units = min(units, pool.qty)
        if not units:
            continue
        issued = issue(pool, number, units)
        splits += len(issued.slices) + 1
        exact = oracle.issue(units)
        assert abs(issued.value - exact) <= splits
        pool = issued.pool
        assert pool.qty == oracle.units
        assert abs(pool.value - oracle.value) <= (0.501 if METHODS[method].averaged else splits)
        if pool.qty:
            assert unit_cost(pool) == Fraction(pool.value) / Fraction(pool.qty)


@given(
    st.sampled_from(["fifo", "lifo"]),
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 5000)), min_size=1, max_size=12),
    st.lists(st.integers(1, 80), max_size=12),
)
def test_whole_units_at_whole_cents_are_exact(method, receipts, issues):
    pool, oracle = Pool(method), Oracle(method)
    for number, (units, cost) in enumerate(receipts, 1):
        pool = receive(pool, number, Decimal(units), units * cost).pool
        oracle.receive(units, units * cost)
    for number, units in enumerate(issues, 100):
        units = min(Decimal(units), pool.qty)
        if units:
            issued = issue(pool, number, units)
            assert issued.value == oracle.issue(units)
            pool = issued.pool
    assert pool.value == oracle.value
