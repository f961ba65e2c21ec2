"""When something that repeats is due: times of the day, or every so many minutes.

Problem: a clockwork looks now and then and must do each slot once, also when it looked late, twice
or from two places.  So a slot is a moment that depends on the rule alone, never on when somebody
looked; the caller remembers the slots that are done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .release import Cutoff, cutoff_times

SHORTEST, DAY = 5, 24 * 60


@dataclass(frozen=True)
class Schedule:
    """``minutes``: minutes after local midnight at which it is due, ascending, on ``weekdays`` (0
    is Monday) in ``zone``."""

    minutes: tuple[int, ...]
    weekdays: frozenset[int]
    zone: str = "UTC"

    @classmethod
    def parse(cls, times: str, interval: int, weekdays: frozenset[int], zone: str) -> "Schedule":
        """A schedule from what people write.

        :param times: times of the day such as ``08:00, 12:30``; empty: by interval
        :param interval: minutes between two slots, counted from midnight, 5 to 1440
        :raises ValueError: when neither can be understood
        """
        if times:
            return cls(tuple(sorted({_minute(text) for text in times.split(",")})), weekdays, zone)
        if not SHORTEST <= interval <= DAY:
            raise ValueError("the interval is out of range")
        return cls(tuple(range(0, DAY, interval)), weekdays, zone)


def last_slot(schedule: Schedule, now: datetime, grace: float = 60.0) -> datetime | None:
    """The slot that is due now.

    :param now: the clock (aware)
    :param grace: minutes for which a slot that was missed is still done; older ones are not made
        good, for their orders are in the next
    :return: the latest slot not after ``now`` and within the grace (UTC), or None
    """
    rules = [
        Cutoff(schedule.weekdays, minute / 60, 0, schedule.zone) for minute in schedule.minutes
    ]
    found = cutoff_times(rules, now - timedelta(minutes=grace), now)
    return found[-1] if found else None


def _minute(text: str) -> int:
    hours, _colon, minutes = text.strip().partition(":")
    found = int(hours) * 60 + int(minutes or 0)
    if not 0 <= found < DAY or not 0 <= int(minutes or 0) < 60:
        raise ValueError(f"{text!r} is no time of the day")
    return found
