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
        # A gap may carry an occurrence over midnight: the day before can still bring one.
        first = max(instant.astimezone(self.zone).date() - _DAY, self.begins_on)
        return next(found for day in self._days_from(first) if (found := self._on(day)) is not None and found > instant)

    def between(self, after: datetime, until: datetime) -> tuple[datetime, ...]:
        """Every occurrence later than `after` and not later than `until`."""
        found: list[datetime] = []
        while (following := self.after(found[-1] if found else after)) <= until:
            found.append(following)
        return tuple(found)

    def _on(self, day: date) -> datetime | None:
        """The occurrence that belongs to a local day; None on a day that the zone never had."""
        if wall_time(day, time.min, self.zone).astimezone(self.zone).date() != day:
            return None
        return wall_time(day, self.at, self.zone)

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
