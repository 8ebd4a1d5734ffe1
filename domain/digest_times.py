"""When a digest is due: daily at a wall time, one for each local day, through every change of the clocks.

A local day counts once, whatever moves meanwhile: the time, the zone, quiet hours, or the clock itself. APScheduler's cron is
not used: it skips days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.countdown import QuietHours
from domain.errors import InvalidInput
from domain.when_text import wall_time

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.ASCII)


class QuietDays(StrEnum):
    """What a digest does on a day on which there is nothing to say."""

    SKIP = "skip"
    SAY = "say"


def parse_minute(text: str) -> int:
    """A time of day as the minute of the day: "09:00", "9", "9am", "9:30 pm". Raises InvalidInput `digest_time_unclear`."""
    match = _TIME.fullmatch(text.strip().casefold())
    if match is None:
        raise InvalidInput("digest_time_unclear", raw_text=text[:40])
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise InvalidInput("digest_time_unclear", raw_text=text[:40])
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute


def shown_minute(minute: int) -> str:
    """A minute of the day as a clock shows it: "09:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One digest: the local day that it counts for, and when it is posted."""

    day: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DailyTime:
    """A minute of the day in a zone. Quiet hours put a digest off to their end; it then counts for the day on which they end."""

    minute: int
    zone: ZoneInfo
    quiet: QuietHours | None = None

    def next_after(self, now: datetime, last_day: date | None) -> Occurrence:
        """The first digest that is due after `now`, for a later day than the last one's."""
        first = now.astimezone(self.zone).date() - 2 * _DAY
        return next(
            one
            for one in self._from(first)
            if one is not None and one.due_at > now and (last_day is None or one.day > last_day)
        )

    def latest_by(self, now: datetime) -> Occurrence:
        """The newest digest that was due by `now`, posted or not."""
        first = now.astimezone(self.zone).date() - 4 * _DAY
        newest = None
        for one in self._from(first):
            if one is not None and one.due_at > now:
                break
            newest = one or newest
        assert newest is not None  # noqa: S101 - of four days no two are skipped
        return newest

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    def _from(self, day: date) -> Iterator[Occurrence | None]:
        while True:
            yield self._on(day)
            day += _DAY

    def _on(self, day: date) -> Occurrence | None:
        """That day's digest; None for a day that a zone skipped as a whole, as Samoa did on 30 December 2011."""
        if self.day_of(wall_time(day, _MIDNIGHT, self.zone)) != day:
            return None
        at = wall_time(day, time(self.minute // 60, self.minute % 60), self.zone)
        due_at = at if self.quiet is None else self.quiet.after(at)
        return Occurrence(day if due_at == at else self.day_of(due_at), due_at)


@dataclass(frozen=True, slots=True)
class Told:
    """How far into the journal a digest went, and when."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """A channel's digest: a subscription with a time of day. `zone` None is the workspace's, whatever that becomes.

    The next is for `day`, due at `due_at`. `told` is the last one that is known to have been posted, or to have had nothing to
    say; `written` the last that was handed on to be posted as the delivery `written_key`, whatever became of it. `last_day` and
    `last_due_at` are the last one's, posted or not.
    """

    subscription_id: int
    minute: int
    zone: str | None
    says_quiet_days: bool
    day: date
    due_at: datetime
    told: Told
    last_day: date | None = None
    last_due_at: datetime | None = None
    written: Told | None = None
    written_key: str | None = None

    def times(self, workspace_zone: str, quiet: QuietHours | None) -> DailyTime:
        """When it comes, as things stand."""
        return DailyTime(self.minute, ZoneInfo(self.zone or workspace_zone), quiet)
