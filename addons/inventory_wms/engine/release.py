"""When an order must be ready, how urgent it is, how long it takes, what a shift can do.

Problem: the lead decides all day which orders go to the floor next.  Three questions repeat, and
each has one answer here: the moment an order must be ready (the last carrier before its promise),
who comes first (priority, waiting, deadline), and how many orders the people of the shift can do.

Method: urgency is a weighted sum that grows by the clock in the same way for every order, as in
dispatching rules with ageing (Pinedo, *Scheduling*, ch. 14).  So the order of two orders never
changes by waiting alone: it can be stored and sorted by the database, and nobody waits for ever,
because an order that comes later starts with fewer points.  The estimate of work is the usual sum
of standard times: per order, per stop, per piece, and the walk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

# Points are counted from here, so that stored numbers stay small.
_START = datetime(2020, 1, 1, tzinfo=timezone.utc)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Weights:
    """``star``: points of one step of priority; ``waiting``: points per hour that an order waits;
    ``deadline``: points per hour that its deadline comes nearer or is past; ``horizon``: hours
    before the deadline at which waiting begins to count and deadline points are zero."""

    star: float = 48.0
    waiting: float = 1.0
    deadline: float = 2.0
    horizon: float = 24.0


@dataclass(frozen=True)
class Pace:
    """Standard times: seconds ``per_order`` (take a slot, close it), ``per_stop`` (stop, find,
    scan) and ``per_unit`` (grasp, put); ``metres_per_line`` walked on average; ``speed`` in
    metres per second, more than zero."""

    per_order: float = 30.0
    per_stop: float = 15.0
    per_unit: float = 3.0
    metres_per_line: float = 15.0
    speed: float = 1.2


@dataclass(frozen=True)
class Cutoff:
    """The carrier leaves at ``hour`` (0 to 24, local time of ``zone``) on ``weekdays`` (0 is
    Monday); an order must be ready ``lead_minutes`` before."""

    weekdays: frozenset[int]
    hour: float
    lead_minutes: float = 0.0
    zone: str = "UTC"


@dataclass(frozen=True)
class Shift:
    """``workers`` people work from ``start`` to ``end`` (hours of the day in ``zone``; an end that
    is not after the start lies on the next day) on ``weekdays`` (0 is Monday)."""

    weekdays: frozenset[int]
    start: float
    end: float
    workers: float
    zone: str = "UTC"


def urgency(
    arrived: datetime,
    ship_by: datetime | None,
    stars: float,
    now: datetime,
    weights: Weights | None = None,
) -> float:
    """Points of an order; the one with most goes first.

    ``star * stars + waiting * hours waited + deadline * (horizon - hours left)``.  An order waits
    from its arrival, but not before ``horizon`` hours ahead of its deadline: what is not due for
    weeks is early (its hours count negative), however long ago it came.  An order without a
    deadline counts as due ``horizon`` hours after it arrived.

    :param arrived: when the order came (aware)
    :param ship_by: when it must be ready (aware), or None
    :param stars: steps of priority, 0 for none
    :param now: the clock (aware)
    """
    rule = weights or Weights()
    horizon = timedelta(hours=rule.horizon)
    due = ship_by or arrived + horizon
    waited = (now - max(arrived, due - horizon)) / _HOUR
    left = (due - now) / _HOUR
    return rule.star * stars + rule.waiting * waited + rule.deadline * (rule.horizon - left)


def rank(
    arrived: datetime, ship_by: datetime | None, stars: float, weights: Weights | None = None
) -> float:
    """The part of :func:`urgency` that the clock does not change; more is more urgent.

    Two orders compare by rank as they compare by urgency, at any time.
    """
    return urgency(arrived, ship_by, stars, _START, weights)


def cutoff_times(cutoffs: Iterable[Cutoff], after: datetime, until: datetime) -> list[datetime]:
    """The latest moments to be ready, ``after`` < moment <= ``until``, in time order (UTC).

    An hour that the clocks skip in spring counts as the same distance from midnight in winter
    time; one that comes twice in autumn is the first.
    """
    found = set()
    for cutoff in cutoffs:
        lead = timedelta(minutes=cutoff.lead_minutes)
        for leaves in _moments(cutoff.weekdays, cutoff.hour, cutoff.zone, after, until + lead):
            if after < leaves - lead <= until:
                found.add(leaves - lead)
    return sorted(found)


def ship_by(
    arrived: datetime, promised: datetime | None, cutoffs: Sequence[Cutoff], days: int = 14
) -> datetime | None:
    """When an order must be ready to leave.

    With a promise after its arrival: the last cut-off that can be met and keeps the promise, or
    the promise itself if there is none (it will be late, and is shown so).  Without one: the first
    cut-off that can be met.  It depends on the arrival, not on the clock: a missed deadline stays
    missed.

    :param arrived: when the order came (aware)
    :param promised: when it was promised to leave (aware), or None
    :param cutoffs: those of its carrier and channel
    :param days: how far to look for a cut-off
    :return: an aware moment; None when nothing was promised and no cut-off applies
    """
    if promised and promised > arrived:
        found = cutoff_times(cutoffs, max(arrived, promised - timedelta(days=days)), promised)
        return found[-1] if found else promised
    found = cutoff_times(cutoffs, arrived, arrived + timedelta(days=days))
    return found[0] if found else promised


def work_minutes(orders: float, lines: float, units: float, pace: Pace | None = None) -> float:
    """Minutes of one person for picking: standard times and the average walk.

    :param orders: number of orders; ``lines``: stops; ``units``: pieces (any unit that is grasped)
    :raises ValueError: when the speed is not above zero
    """
    rule = pace or Pace()
    if rule.speed <= 0:
        raise ValueError("the speed must be above zero")
    walk = lines * rule.metres_per_line / rule.speed
    seconds = orders * rule.per_order + lines * rule.per_stop + units * rule.per_unit + walk
    return seconds / 60


def capacity_minutes(shifts: Iterable[Shift], now: datetime) -> float:
    """Minutes of work that the people of the shift can still do.

    What is left of the shifts that run now; when none runs, the whole of those that start next
    (all that start at that moment).

    :param now: the clock (aware)
    :return: minutes of one person; 0 without shifts
    """
    spans = [span for shift in shifts for span in _spans(shift, now)]
    running = [(now, end, workers) for start, end, workers in spans if start <= now < end]
    if not running:
        first = min((start for start, _end, _workers in spans if start > now), default=None)
        running = [span for span in spans if span[0] == first]
    return sum((end - start) / timedelta(minutes=1) * workers for start, end, workers in running)


def how_many_fit(minutes: Sequence[float], capacity: float, in_work: float = 0.0) -> int:
    """How many orders from the front fit; no later, smaller order overtakes one that does not.

    :param minutes: work of each order, most urgent first
    :param capacity: minutes of the shift; ``in_work``: minutes of it that are taken already
    :return: a count; an order too large for a whole free shift goes alone, or it would never go
    """
    used = in_work
    for count, wanted in enumerate(minutes):
        if used + wanted > capacity + 1e-9:
            return 1 if count == 0 and in_work <= 0 and capacity > 0 else count
        used += wanted
    return len(minutes)


def _spans(shift: Shift, now: datetime) -> list[tuple[datetime, datetime, float]]:
    """(start, end, workers) of a shift from yesterday until a week ahead."""
    length = timedelta(hours=(shift.end - shift.start) % 24 or 24)
    around = (now - timedelta(days=2), now + timedelta(days=8))
    starts = _moments(shift.weekdays, shift.start, shift.zone, *around)
    return [(start, start + length, shift.workers) for start in starts]


def _moments(
    weekdays: frozenset[int], hour: float, zone: str, after: datetime, until: datetime
) -> list[datetime]:
    """A time of day on some weekdays, as moments in UTC from the day of ``after`` to ``until``."""
    local = ZoneInfo(zone)
    days_more, minutes = divmod(round(hour * 60), 24 * 60)
    clock = time(*divmod(minutes, 60), tzinfo=local)
    day, last = after.astimezone(local).date(), until.astimezone(local).date()
    day -= timedelta(days=days_more)
    found = []
    while day <= last:
        if day.weekday() in weekdays:
            moment = datetime.combine(day + timedelta(days=days_more), clock)
            found.append(moment.astimezone(timezone.utc))
        day += timedelta(days=1)
    return found
