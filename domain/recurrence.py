"""When something that repeats comes again: wall times on local days, through every change of a zone's clocks.

A series keeps the wall time it began at. Each occurrence is found from that, never from the one before, so nothing drifts: the
thirty-first comes on the last day of a shorter month, and on the thirty-first again after it. A wall time that a day does not have
becomes the first instant after the gap, one that it has twice the first of the two. A day that a zone never had, because it crossed
the date line, has no occurrence.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import takewhile

from domain.when_text import wall_time

_DAY = timedelta(days=1)
_WEEKEND = 5


class Repeat(StrEnum):
    """How often something comes again."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Series:
    """A wall time that repeats from a local day on. `weekdays` are Monday to Friday."""

    repeat: Repeat
    begins_on: date
    at: time
    zone: tzinfo

    def first(self, begins_at: datetime) -> datetime:
        """Where it begins: at `begins_at`, which is its wall time on its first day, unless that day is none of the series."""
        is_off = self.repeat is Repeat.WEEKDAYS and self.begins_on.weekday() >= _WEEKEND
        return self.after(begins_at) if is_off else begins_at

    def after(self, instant: datetime) -> datetime:
        """The first occurrence (UTC) later than `instant`."""
        return next(self.later_than(instant))

    def between(self, after: datetime, until: datetime) -> tuple[datetime, ...]:
        """Every occurrence later than `after` and not later than `until`."""
        return tuple(takewhile(lambda found: found <= until, self.later_than(after)))

    def later_than(self, instant: datetime) -> Iterator[datetime]:
        """Every occurrence later than `instant`, without end."""
        # Whatever a day brings has come before the next begins, or as it does.
        first = max(instant.astimezone(self.zone).date(), self.begins_on)
        for day in self._days_from(first):
            found = wall_time(day, self.at, self.zone)
            if found > instant and self._had(day, found):
                yield found

    def _had(self, day: date, found: datetime) -> bool:
        """Whether the zone ever had a day, given the instant of a wall time on it."""
        if found.astimezone(self.zone).date() == day:
            return True
        return wall_time(day, time.min, self.zone).astimezone(self.zone).date() == day

    def _days_from(self, first: date) -> Iterator[date]:
        if self.repeat is Repeat.MONTHLY:
            yield from (day for day in self._monthly(first.year, first.month) if day >= first)
            return
        step = _DAY
        if self.repeat is Repeat.WEEKLY:
            step = 7 * _DAY
            first += (self.begins_on - first) % step
        while True:
            if self.repeat is not Repeat.WEEKDAYS or first.weekday() < _WEEKEND:
                yield first
            first += step

    def _monthly(self, year: int, month: int) -> Iterator[date]:
        while True:
            yield date(year, month, min(self.begins_on.day, calendar.monthrange(year, month)[1]))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
