"""Schedules: each slot is the same moment whoever looks, and whenever."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.schedule import Schedule, last_slot

MONDAY = datetime(2026, 3, 2, tzinfo=timezone.utc)
ALL = frozenset(range(7))
moments = st.integers(0, 60 * 24 * 20).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
days = st.frozensets(st.integers(0, 6), min_size=1)
zones = st.sampled_from(("UTC", "Asia/Tokyo", "America/New_York"))
times = st.lists(st.integers(0, 1439), min_size=1, max_size=5).map(
    lambda minutes: ",".join(f"{minute // 60}:{minute % 60:02d}" for minute in minutes)
)


@given(times, days, zones, moments, st.integers(1, 180))
def test_the_last_minute_of_the_wall_clock_that_is_on_the_list(text, weekdays, zone, now, grace):
    schedule = Schedule.parse(text, 0, weekdays, zone)
    expected = None
    for back in range(grace):
        moment = now - timedelta(minutes=back)
        local = moment.astimezone(ZoneInfo(zone))
        hit = local.hour * 60 + local.minute in schedule.minutes
        if hit and local.weekday() in weekdays:
            expected = moment
            break
    if ZoneInfo(zone).utcoffset(now.replace(tzinfo=None)) == ZoneInfo(zone).utcoffset(
        (now - timedelta(days=1)).replace(tzinfo=None)
    ):
        assert last_slot(schedule, now, grace) == expected


@given(st.integers(5, 1440), moments, st.integers(0, 3))
def test_whoever_looks_in_the_same_slot_finds_the_same(interval, now, later):
    schedule = Schedule.parse("", interval, ALL, "UTC")
    slot = last_slot(schedule, now, 1440)
    assert slot is not None
    assert slot <= now < slot + timedelta(minutes=interval)
    again = last_slot(schedule, now + timedelta(minutes=later), 1440)
    assert again in (slot, slot + timedelta(minutes=interval)) or again.hour == again.minute == 0


@pytest.mark.parametrize("text", ["8 o'clock", "24:00", "08:60", "", "-1:00"])
def test_what_is_no_time(text):
    with pytest.raises(ValueError, match=r".+"):
        Schedule.parse(text, 0, ALL, "UTC")


def test_missed_long_ago_is_not_made_good():
    schedule = Schedule.parse("08:00, 12:30", 0, ALL, "UTC")
    assert last_slot(schedule, MONDAY.replace(hour=8, minute=45)) == MONDAY.replace(hour=8)
    assert last_slot(schedule, MONDAY.replace(hour=9, minute=1)) is None
    assert last_slot(schedule, MONDAY.replace(hour=12, minute=30)).minute == 30
