"""Release: the formula of urgency, deadlines by cut-off, standard times and capacity."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.release import (
    Cutoff,
    Pace,
    Shift,
    Weights,
    capacity_minutes,
    cutoff_times,
    how_many_fit,
    rank,
    ship_by,
    urgency,
    work_minutes,
)

UTC = timezone.utc
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")

moments = st.integers(0, 60 * 24 * 400).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
due = st.none() | moments
stars = st.integers(0, 5)
orders = st.tuples(moments, due, stars)
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
quarters = st.integers(0, 95).map(lambda quarter: quarter / 4)
cutoffs = st.builds(Cutoff, weekdays, quarters, st.integers(0, 180), st.sampled_from(ZONES))
shifts = st.builds(
    Shift, weekdays, quarters, quarters, st.integers(1, 9), st.sampled_from(("UTC", "Asia/Tokyo"))
)


# urgency
@given(orders, orders, moments, moments)
def test_the_clock_never_changes_who_comes_first(one, other, now, later):
    difference = urgency(*one, now) - urgency(*other, now)
    assert urgency(*one, later) - urgency(*other, later) == pytest.approx(difference)
    assert rank(*one) - rank(*other) == pytest.approx(difference)


@given(orders, moments, st.integers(1, 10_000))
def test_more_of_anything_is_more_urgent(order, now, minutes):
    arrived, deadline, priority = order
    more = timedelta(minutes=minutes)
    points = urgency(arrived, deadline, priority, now)
    assert urgency(arrived, deadline, priority, now + more) > points
    assert urgency(arrived, deadline, priority + 1, now) > points
    assert urgency(arrived - more, deadline, priority, now) >= points
    if deadline:
        assert urgency(arrived, deadline - more, priority, now) > points


@given(orders, stars)
def test_nobody_waits_for_ever(order, their_stars):
    """What comes 21 days after the deadline, with five stars and a day overdue, is behind."""
    arrived, deadline, priority = order
    last = max(arrived, deadline or arrived)
    newcomer = last + timedelta(days=21)
    assert rank(newcomer, newcomer - timedelta(days=1), their_stars) < rank(
        arrived, deadline, priority
    )


def test_the_formula_by_hand():
    rule = Weights(star=100, waiting=1, deadline=10, horizon=24)
    now = MONDAY + timedelta(hours=10)
    # came 6 hours ago, must leave in 3: 100 + 6 + 10 * (24 - 3)
    order = (now - timedelta(hours=6), now + timedelta(hours=3), 1)
    assert urgency(*order, now, rule) == pytest.approx(100 + 6 + 210)
    # came a month ago, not due for two days: it is 24 hours early, and its deadline weighs -24
    early = (now - timedelta(days=30), now + timedelta(days=2), 0)
    assert urgency(*early, now, rule) == pytest.approx(-24 - 240)


# cut-offs
def by_minute(cutoff, after, until):
    """Oracle: look at every minute's local clock."""
    lead = timedelta(minutes=cutoff.lead_minutes)
    found, moment = set(), after + timedelta(minutes=1)
    while moment <= until:
        local = (moment + lead).astimezone(ZoneInfo(cutoff.zone))
        hit = local.hour * 60 + local.minute == round(cutoff.hour * 60)
        if hit and local.weekday() in cutoff.weekdays and not local.fold:
            found.add(moment)
        moment += timedelta(minutes=1)
    return sorted(found)


@given(cutoffs, st.integers(0, 60), st.integers(0, 1440))
def test_cut_offs_are_those_of_the_wall_clock(cutoff, days, minutes):
    after = MONDAY + timedelta(days=days * 7, minutes=minutes)
    until = after + timedelta(days=2)
    jump = ZoneInfo(cutoff.zone)
    offsets = {(after + timedelta(hours=hours)).astimezone(jump).utcoffset() for hours in range(60)}
    found = cutoff_times([cutoff], after, until)
    if len(offsets) == 1:  # the hour that is skipped in spring is on no wall clock
        assert found == by_minute(cutoff, after, until)
    assert found == sorted(set(found))
    assert all(after < moment <= until for moment in found)


def test_summer_time():
    cutoff = Cutoff(frozenset(range(7)), 16.0, 30, "Europe/Berlin")
    found = cutoff_times(
        [cutoff], datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
    )
    assert [moment.hour + moment.minute / 60 for moment in found] == [14.5, 14.5, 13.5, 13.5]


@given(moments, due, st.lists(cutoffs, max_size=3))
def test_ship_by_keeps_the_promise_or_shows_that_it_is_broken(arrived, promised, rules):
    found = ship_by(arrived, promised, rules)
    times = cutoff_times(rules, arrived, arrived + timedelta(days=14))
    if promised and promised > arrived:
        assert found <= promised
        kept = [moment for moment in cutoff_times(rules, arrived, promised) if moment > found]
        assert not kept, "a later cut-off keeps the promise too"
        assert found == promised or found > arrived
    elif rules:
        assert found == times[0]
    else:
        assert found == promised


def test_too_late_for_today():
    cutoff = Cutoff(frozenset({0, 1}), 16.0, 30)
    at = MONDAY.replace(hour=15, minute=29)
    assert ship_by(at, None, [cutoff]) == MONDAY.replace(hour=15, minute=30)
    late = ship_by(at + timedelta(minutes=1), None, [cutoff])
    assert late == MONDAY.replace(hour=15, minute=30) + timedelta(days=1)
    assert ship_by(at, at - timedelta(days=1), [cutoff]) == MONDAY.replace(hour=15, minute=30)


# work and capacity
sizes = st.tuples(st.integers(0, 99), st.integers(0, 999), st.integers(0, 9999))


@given(sizes, sizes)
def test_work_adds_up(one, other):
    both = tuple(a + b for a, b in zip(one, other, strict=True))
    assert work_minutes(*both) == pytest.approx(work_minutes(*one) + work_minutes(*other))


def test_work_by_hand():
    pace = Pace(per_order=60, per_stop=10, per_unit=2, metres_per_line=12, speed=1.5)
    assert work_minutes(2, 5, 9, pace) == pytest.approx((120 + 50 + 18 + 40) / 60)
    with pytest.raises(ValueError, match="speed"):
        work_minutes(1, 1, 1, Pace(speed=0))


@given(st.lists(shifts, max_size=3), moments)
def test_capacity_is_what_the_wall_clock_shows(rules, now):
    """Oracle: for each minute until a day ahead, who is at work; else from the next start."""

    def at_work(moment):
        total = 0
        for shift in rules:
            local = moment.astimezone(ZoneInfo(shift.zone))
            minute = local.hour * 60 + local.minute
            start, length = round(shift.start * 60), round((shift.end - shift.start) * 60) % 1440
            length = length or 1440
            since = (minute - start) % 1440
            day = (local - timedelta(minutes=since)).weekday()
            total += shift.workers * (since < length and day in shift.weekdays)
        return total

    running = at_work(now)
    found = capacity_minutes(rules, now)
    if not rules:
        assert found == 0
    elif running:
        assert 0 < found <= sum(shift.workers for shift in rules) * 1440
        ahead = sum(at_work(now + timedelta(minutes=minute)) for minute in range(1440))
        assert found <= ahead + 1e-6
    else:
        assert found > 0


def test_rest_of_the_shift_then_the_next():
    early = Shift(frozenset(range(5)), 6, 14, 3)
    night = Shift(frozenset(range(5)), 22, 6, 2)
    assert capacity_minutes([early, night], MONDAY.replace(hour=13)) == 3 * 60
    assert capacity_minutes([early, night], MONDAY.replace(hour=15)) == 2 * 8 * 60
    assert capacity_minutes([early, night], MONDAY.replace(day=3, hour=5)) == 2 * 60
    assert capacity_minutes([early], MONDAY.replace(day=7, hour=5)) == 3 * 8 * 60


@given(st.lists(st.integers(1, 50)), st.integers(0, 200), st.integers(0, 200))
def test_no_order_overtakes_one_that_does_not_fit(minutes, capacity, in_work):
    count = how_many_fit(minutes, capacity, in_work)
    alone = count == 1 and not in_work and minutes[0] > capacity
    assert alone or in_work + sum(minutes[:count]) <= max(capacity, in_work)
    if count < len(minutes) and not alone:
        assert in_work + sum(minutes[: count + 1]) > capacity
    if minutes and capacity and not in_work:
        assert count, "a large order would never go"
