"""Reminders that members set themselves: where they come, when they repeat, and how they are put off."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.recurrence import Repeat, Series
from domain.when_text import named_zone, wall_time, zone_of

TEXT_MAX = 1000
OPEN_MAX = 100
"""So many of a member's reminders may wait at once."""

_DAY = timedelta(days=1)


def zone_name(zone: tzinfo) -> str:
    """What a zone is kept and shown as: its name in the IANA database, or its offset, such as UTC+03:00."""
    return zone.key if isinstance(zone, ZoneInfo) else str(zone)


def zone_by_name(name: str) -> tzinfo:
    """The inverse of `zone_name`. Raises InvalidInput `zone_unknown`."""
    return zone_of(name.casefold()) if name.startswith(("UTC+", "UTC-")) else named_zone(name)


class Where(StrEnum):
    """Where a reminder comes: to its member's direct messages, for nobody else to see, or to the channel it was set in."""

    ME = "me"
    HERE = "here"


class Standing(StrEnum):
    """How a reminder stands: something of it is still to come, all of it has come, or it was cancelled."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Snooze(StrEnum):
    """For how long a reminder that has come is put off."""

    TEN_MINUTES = "10m"
    HOUR = "1h"
    MORNING = "morning"

    def until(self, now: datetime, zone: tzinfo, morning_hour: int) -> datetime:
        """When it comes again: after the span, or in the next day's morning in that zone."""
        if self is not Snooze.MORNING:
            return now + self.mark
        return wall_time(now.astimezone(zone).date() + _DAY, time(morning_hour), zone)

    @property
    def mark(self) -> timedelta:
        """What is kept with a reminder that was put off, so that the same press twice is one."""
        return _MARKS[self]


_MARKS = {Snooze.TEN_MINUTES: timedelta(minutes=10), Snooze.HOUR: timedelta(hours=1), Snooze.MORNING: _DAY}


@dataclass(frozen=True, slots=True)
class MemberReminder:
    """RM-`number`. `channel_id` is where it was set, `dm_channel_id` its member's direct messages, for one that comes there.

    `zone` is whose wall time it keeps: a name of the IANA database, or an offset; `anchor` is that wall time on its first day,
    naive because the zone stands beside it.
    """

    number: int
    author_id: int
    where: Where
    channel_id: int
    dm_channel_id: int | None
    text: str
    language: str
    zone: str
    anchor: datetime
    repeat: Repeat | None
    set_at: datetime
    standing: Standing = Standing.OPEN

    @property
    def label(self) -> str:
        """Its name: RM-3."""
        return f"RM-{self.number}"

    @property
    def goes_to(self) -> int:
        """The channel it is posted in."""
        return self.channel_id if self.dm_channel_id is None else self.dm_channel_id

    @property
    def series(self) -> Series | None:
        """Its occurrences; None when it comes once."""
        if self.repeat is None:
            return None
        return Series(self.repeat, self.anchor.date(), self.anchor.time(), zone_by_name(self.zone))
