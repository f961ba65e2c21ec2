"""Replaying a product's history in the order of its dates."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.cost_layers import CostError
from inventory_wms.engine.recost import (
    Arrival,
    Correction,
    Cut,
    Departure,
    Fact,
    arrange,
    compare,
    cost_of,
    replay,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number):
    return START + timedelta(days=number)


def history(*rows):
    """Facts of (day, "in", units, unit cost), (day, "out", units), (day, "fix", key, amount)."""
    facts = []
    for number, (when, what, *args) in enumerate(rows, 1):
        if what == "in":
            event = Arrival(number, Decimal(args[0]), args[0] * args[1] * 100)
        elif what == "out":
            event = Departure(number, Decimal(args[0]))
        else:
            event = Correction(args[0], args[1] * 100)
        facts.append(Fact(number, day(when), event))
    return facts


def costs(outcome):
    """What each departure costs, in whole money."""
    return {key: cost_of(slices) / 100 for key, slices in outcome.taken.items()}


def recosted(method, facts, since=0):
    return replay(method, arrange(facts, [Cut(day(since))]))


def test_a_backdated_receipt_is_consumed_first():
    """ERPNext: one unit at 50 in front of ten single ones at 10; what had left becomes 50."""
    facts = history(*[(5, "in", 1, 10)] * 10, (6, "out", 1), (1, "in", 1, 50))
    booked = replay("fifo", facts)
    assert costs(booked) == {11: 10}
    after = recosted("fifo", facts)
    assert costs(after) == {11: 50}
    assert after.pool.value == booked.pool.value - 4000
    (change,) = compare(booked.taken, after)
    assert (change.key, change.difference) == (11, 4000)


@pytest.mark.parametrize(("backdated", "cost"), [((5, 20), 100), ((2, 20), 70), ((2, 10), 50)])
def test_backdated_in_front_of_a_chain(backdated, cost):
    """ERPNext: 5 at 10 leave at 50, become 100, and 2 at 20 + 3 at 10 make 70."""
    facts = history((2, "in", 10, 10), (3, "out", 5), (1, "in", *backdated))
    assert costs(recosted("fifo", facts)) == {2: cost}


def test_the_last_three_units_of_trytons_case():
    """Tryton: 110, 110 and 100 per unit; its recompute spreads the day's 320 as 106.6667 each."""
    rows = [
        (0, "in", 1, 100),
        (1, "in", 2, 120),
        (1, "out", 2),
        (2, "in", 3, 100),
        (2, "out", 2),
        (2, "out", 1),
    ]
    assert costs(recosted("fifo", history(*rows))) == {3: 220, 5: 220, 6: 100}
    after = recosted("fifo", history(*rows[:4], (2, "out", 3)))
    assert round(costs(after)[5] / 3, 4) == 106.6667


def test_a_later_bill_belongs_to_its_receipt():
    facts = history((1, "in", 10, 10), (2, "out", 4), (3, "fix", 1, 50))
    booked = replay("fifo", facts)
    assert (costs(booked), booked.variance, booked.pool.value) == ({2: 40}, {1: 2000}, 9000)
    after = recosted("fifo", facts)
    assert (costs(after), after.variance, after.pool.value) == ({2: 60}, {}, 9000)


def test_a_later_bill_of_an_earlier_receipt_only_reaches_what_was_left():
    facts = history((1, "in", 10, 10), (2, "out", 5), (7, "out", 5), (8, "fix", 1, 50))
    after = recosted("fifo", facts, since=7)
    assert (costs(after), after.variance) == ({2: 50, 3: 75}, {1: 2500})


def test_what_was_posted_before_the_day_keeps_its_cost():
    facts = history(
        (1, "in", 5, 10), (2, "out", 5), (7, "in", 5, 20), (8, "out", 2), (1, "in", 5, 5)
    )
    after = recosted("fifo", facts, since=7)
    assert costs(after) == {2: 50, 4: 10}


def test_goods_sent_back_leave_their_receipt():
    facts = history((1, "in", 5, 10), (2, "in", 5, 20))
    facts.append(Fact(3, day(3), Departure(9, Decimal(2), wanted=(2,))))
    assert costs(recosted("fifo", facts)) == {9: 40}


def test_goods_that_left_too_early_cost_what_came():
    facts = history((1, "out", 5), (2, "in", 10, 12))
    assert costs(recosted("fifo", facts)) == {1: 60}
    facts = history((2, "out", 5), (3, "in", 10, 12), (1, "in", 5, 7))
    assert costs(replay("fifo", facts)) == {1: 60}
    assert costs(recosted("fifo", facts)) == {1: 35}


def test_a_correction_needs_its_layer():
    with pytest.raises(CostError):
        replay("fifo", history((1, "fix", 7, 1)))


@st.composite
def histories(draw, in_order):
    """Histories that never go below zero, with corrections and equal dates."""
    rows, stock, keys, when = [], 0, [], 0
    for number in range(1, draw(st.integers(1, 25)) + 1):
        when = when + draw(st.integers(0, 2)) if in_order else draw(st.integers(0, 20))
        what = draw(st.sampled_from(["in", "out", "fix"]))
        if what == "out" and stock:
            taken = draw(st.integers(1, stock))
            stock -= taken
            rows.append((when, "out", taken))
        elif what == "fix" and keys:
            rows.append((when, "fix", draw(st.sampled_from(keys)), draw(st.integers(-5, 9))))
        else:
            units = draw(st.integers(1, 9))
            stock += units
            keys.append(number)
            rows.append((when, "in", units, draw(st.integers(0, 30))))
    return history(*rows)


METHOD = st.sampled_from(["fifo", "lifo", "average"])


@given(METHOD, histories(in_order=True), st.integers(0, 50))
def test_unchanged_history_has_no_differences(method, facts, since):
    facts = [fact for fact in facts if not isinstance(fact.event, Correction)]
    booked = replay(method, facts)
    after = recosted(method, facts, since)
    assert compare(booked.taken, after) == []
    assert (after.layers, after.pool) == (booked.layers, booked.pool)


@given(METHOD, histories(in_order=False), st.integers(0, 20))
def test_value_is_conserved(method, facts, since):
    after = recosted(method, facts, since)
    spent = sum(
        fact.event.value if isinstance(fact.event, Arrival) else fact.event.amount
        for fact in facts
        if not isinstance(fact.event, Departure)
    )
    out = sum(cost_of(slices) for slices in after.taken.values())
    missing = sum(deficit.value for deficit in after.pool.deficits)
    assert out + missing + after.pool.value + sum(after.variance.values()) == spent
    layers = sum(layer.value for layer in after.layers.values())
    assert layers + after.pool.spread - missing == after.pool.value


@given(METHOD, histories(in_order=False), st.integers(0, 20))
def test_a_second_recost_changes_nothing(method, facts, since):
    cut = Cut(day(since), upto=len(facts))
    once = arrange(facts, [cut])
    first, second = replay(method, once), replay(method, arrange(facts, [cut, Cut(day(since))]))
    assert compare(first.taken, second) == []
    assert (first.layers, first.variance) == (second.layers, second.variance)
