"""The clock of a case: business days in the program's time zone, and which claimed times count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Self
from zoneinfo import ZoneInfo

from assessor_desk.domain.policy import ClockRule

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a program works: its time zone, when a business day ends there, and the dates on which it is closed."""

    zone: ZoneInfo
    day_ends: time = time(17)
    closed: frozenset[date] = frozenset()

    @classmethod
    def of(cls, rule: ClockRule) -> Self:
        """Return the calendar that a program's policy describes."""
        return cls(rule.zone, rule.due_at, frozenset(rule.closed_dates))

    def is_open(self, day: date) -> bool:
        """Return whether a date is a business day."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def day_of(self, moment: datetime) -> date:
        """Return the date of a moment on the program's wall calendar."""
        return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the first moment of a date, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """Return when a business day ends, in UTC; a change of daylight saving time is accounted for."""
        return datetime.combine(day, self.day_ends, self.zone).astimezone(UTC)

    def days_after(self, day: date) -> Iterator[date]:
        """Yield the business days that follow a date, in order."""
        while True:
            day += timedelta(days=1)
            if self.is_open(day):
                yield day


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stands still while something missing is asked for; it lasts while `until` is `None`."""

    since: datetime
    until: datetime | None = None

    def touches(self, start: datetime, end: datetime) -> bool:
        """Return whether the clock stood still for any part of the time from start to end."""
        return self.since < end and (self.until is None or self.until > max(start, self.since))


@dataclass(frozen=True, slots=True)
class Window:
    """The time given for a piece of work, in UTC.

    `warn_at` and `due_at` are `None` while the clock stands still before they are reached.
    """

    opens_at: datetime
    warn_at: datetime | None
    due_at: datetime | None

    def warns(self, at: datetime) -> bool:
        """Return whether so much of the time is over that a warning is due."""
        return self.warn_at is not None and at >= self.warn_at

    def is_late(self, at: datetime) -> bool:
        """Return whether the time is over."""
        return self.due_at is not None and at > self.due_at


def window(rule: ClockRule, received_at: datetime, days: int, pauses: Sequence[Pause] = ()) -> Window:
    """Return the window of so many business days, counted from the business day after receipt.

    What arrives on a Friday opens on Monday; five days make it due at the end of the Friday after. A business day
    on which the clock stood still for any part does not count, so that nobody loses a piece of a day to a pause.
    Work without days of its own is due on the business day on which it arrives.
    """
    calendar, needed = Calendar.of(rule), max(days, 1)
    first = next(_eligible(calendar, received_at, days))
    running = tuple(islice(_running(calendar, _eligible(calendar, received_at, days), pauses), needed))
    return Window(
        opens_at=max(received_at.astimezone(UTC), calendar.start_of(first)),
        warn_at=_part_of(calendar, running, needed * rule.warn_at_percent),
        due_at=calendar.end_of(running[-1]) if len(running) == needed else None,
    )


def pause_ends_by(rule: ClockRule, since: datetime) -> datetime:
    """Return when a pause that began then ends by itself, at the end of the last business day the policy allows."""
    if not rule.pauses:
        return since
    calendar = Calendar.of(rule)
    return calendar.end_of(next(islice(calendar.days_after(calendar.day_of(since)), rule.pause_days - 1, None)))


def claimed_counts(claimed: datetime, last_hub_time_seen: datetime | None, received: datetime) -> bool:
    """Return whether a desk's own time counts for a deadline: only from the last hub time it saw to receipt."""
    return last_hub_time_seen is not None and last_hub_time_seen <= claimed <= received


def counted_time(claimed: datetime, last_hub_time_seen: datetime | None, received: datetime) -> datetime:
    """Return the time that counts for a deadline: the claimed one if it may, else that of receipt."""
    return claimed if claimed_counts(claimed, last_hub_time_seen, received) else received


def _eligible(calendar: Calendar, received_at: datetime, days: int) -> Iterator[date]:
    received_on = calendar.day_of(received_at)
    if days == 0 and calendar.is_open(received_on) and calendar.end_of(received_on) >= received_at:
        yield received_on
    yield from calendar.days_after(received_on)


def _running(calendar: Calendar, days: Iterator[date], pauses: Sequence[Pause]) -> Iterator[date]:
    standing_since = min((pause.since for pause in pauses if pause.until is None), default=None)
    for day in days:
        start, end = calendar.start_of(day), calendar.end_of(day)
        if standing_since is not None and standing_since < end:
            return
        if not any(pause.touches(start, end) for pause in pauses):
            yield day


def _part_of(calendar: Calendar, days: Sequence[date], hundredths: int) -> datetime | None:
    """Return the moment at which so many hundredths of a business day are over."""
    whole, rest = divmod(hundredths, 100)
    if len(days) < whole + bool(rest) or not days:
        return None
    if not rest:
        return calendar.end_of(days[whole - 1]) if whole else calendar.start_of(days[0])
    start, end = calendar.start_of(days[whole]), calendar.end_of(days[whole])
    return start + (end - start) * rest / 100
