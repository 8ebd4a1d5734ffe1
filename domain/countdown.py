"""Which reminders a planned time gives, and what each may say. The rules are the table in docs/countdowns.md.

An offset already past when the plan is made is recorded as skipped. Everything here is pure: the plan's time, the offsets, the
workspace's morning and the moment of planning go in; reminders come out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput
from domain.missions import EventKind
from domain.recurrence import Repeat, Series
from domain.when import Precision, When
from domain.when_text import wall_time

OFFSETS_MAX = 20
OFFSET_MAX = timedelta(days=730)
CONFIRMATION_GRACE = timedelta(minutes=15)
"""How long after a planned time has passed the bot asks what happened: long enough to type the confirmation first."""
DELAYED_AFTER = timedelta(minutes=2)
"""A reminder posted later than this after its instant says that it is late."""
FARTHEST_DAILY = timedelta(days=3)
"""Nothing daily is due farther ahead: no day is so long. What is was put off by a clock that has been set back since."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)


class ReminderKind(StrEnum):
    """What a reminder is for."""

    COUNTDOWN = "countdown"
    OPENS = "opens"
    QUESTION = "question"
    REPAIR_DUE = "repair_due"
    REPAIR_OVERDUE = "repair_overdue"
    UNACKNOWLEDGED = "unacknowledged"
    UNASSESSED = "unassessed"
    MEMBER = "member"
    SNOOZED = "snoozed"


class ReminderState(StrEnum):
    """How a reminder ended. Only `pending` can still be posted; nothing vanishes silently."""

    PENDING = "pending"
    POSTED = "posted"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"
    REPLANNED = "replanned"
    EXPIRED = "expired"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours, often over midnight, in which nothing is posted that can wait. They begin at one hour and end at another."""

    zone: ZoneInfo
    from_hour: int
    until_hour: int

    def around(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The quiet hours (UTC) that `at` lies in; None outside them."""
        local = at.astimezone(self.zone)
        for day in (local.date() - _DAY, local.date()):
            ends_on = day if self.from_hour < self.until_hour else day + _DAY
            begins = wall_time(day, time(self.from_hour), self.zone)
            ends = wall_time(ends_on, time(self.until_hour), self.zone)
            if begins <= at < ends:
                return begins, ends
        return None

    def after(self, at: datetime) -> datetime:
        """`at` itself outside quiet hours; inside them the instant (UTC) at which they end."""
        found = self.around(at)
        return at if found is None else found[1]


@dataclass(frozen=True, slots=True)
class Morning:
    """A workspace's local morning, when day-grained notices are posted. Quiet hours put it off to their end."""

    zone: ZoneInfo
    hour: int
    quiet: QuietHours | None = None

    def on(self, day: date) -> datetime:
        """The instant (UTC) of this morning on that local day: quiet hours put it off, but never to another day.

        Where they last to the next day it comes as they begin, or, when they began the day before, at its own hour after all.
        """
        at = wall_time(day, time(self.hour), self.zone)
        hours = None if self.quiet is None else self.quiet.around(at)
        if hours is None:
            return at
        begins, ends = hours
        return next((one for one in (ends, begins) if one.astimezone(self.zone).date() == day), at)

    def unless_quiet(self, at: datetime) -> datetime:
        """`at`, or the end of the quiet hours it lies in: when a notice that can wait is posted."""
        return at if self.quiet is None else self.quiet.after(at)

    def first_from(self, at: datetime) -> datetime:
        """The first morning at or after `at`."""
        today = at.astimezone(self.zone).date()
        return next(found for days in range(-1, 3) if (found := self.on(today + days * _DAY)) >= at)

    def first_after(self, at: datetime) -> datetime:
        """The first morning after `at`."""
        return self.first_from(at + _INSTANT)

    def again_after(self, due_at: datetime, now: datetime, at: time) -> datetime:
        """When a daily notice that was due at `due_at` comes again after `now`: at the same wall time of a later local day.

        `at` is the wall time it is meant at. Where `due_at` is some day's occurrence of it, it goes on with the next day's: a gap
        that once put it off, be it to the next day, changes nothing after. Where it is none, the notice keeps the time it had.

        Counting 24 hours instead would leave out a day of 23 hours now and then, and come twice on one of 25.
        """
        due = due_at.astimezone(self.zone)
        series = Series(Repeat.DAILY, due.date() - 2 * _DAY, at, self.zone)
        occurrences = series.between(due_at - 2 * _DAY, due_at)
        meant = next((one for one in reversed(occurrences) if self.unless_quiet(one) == due_at), None)
        if meant is None:
            series, meant = replace(series, at=due.time()), due_at
        later = series.later_than(max(meant, now - 2 * _DAY))
        return next(found for one in later if (found := self.unless_quiet(one)) > now)


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder a plan gives: `due_at` is when to post, `offset` how long before the planned time it speaks of."""

    kind: ReminderKind
    due_at: datetime
    offset: timedelta
    state: ReminderState


def reminders_for(
    when: When, offsets: Iterable[timedelta], morning: Morning, now: datetime
) -> tuple[PlannedReminder, ...]:
    """All countdown reminders of one planned event, past ones marked skipped, soonest first."""
    if when.at is None:
        return ()
    due = _due_times(when, tuple(offsets), morning)
    planned = [
        PlannedReminder(kind, due_at, offset, ReminderState.PENDING if due_at > now else ReminderState.SKIPPED)
        for kind, due_at, offset in due
    ]
    ask_at = question_at(when)
    if ask_at is not None:
        planned.append(PlannedReminder(ReminderKind.QUESTION, max(ask_at, now), timedelta(0), ReminderState.PENDING))
    return tuple(sorted(planned, key=lambda reminder: reminder.due_at))


def question_at(when: When) -> datetime | None:
    """The instant (UTC) at which one asks what happened, for the first time; None where nothing becomes overdue."""
    closes_at = when.closes_at
    return None if closes_at is None or when.at is None else max(closes_at, when.at) + CONFIRMATION_GRACE


def _due_times(
    when: When, offsets: tuple[timedelta, ...], morning: Morning
) -> list[tuple[ReminderKind, datetime, timedelta]]:
    assert when.at is not None  # noqa: S101 - the caller has checked
    wanted = {timedelta(0), *offsets}
    match when.precision:
        case Precision.SECOND | Precision.MINUTE:
            return [_countdown(when, offset) for offset in wanted]
        case Precision.HOUR:
            return [_countdown(when, offset) for offset in wanted if not offset or offset >= 3 * _HOUR]
        case Precision.DAY:
            return [
                (_kind(when, offset), morning.on((when.at - offset).date()), offset)
                for offset in wanted
                if not offset % _DAY
            ]
        case Precision.WEEK:
            return [_in_the_morning(when, 7 * _DAY, morning), _in_the_morning(when, timedelta(0), morning)]
    return [_in_the_morning(when, 30 * _DAY, morning), _in_the_morning(when, timedelta(0), morning)]


def _countdown(when: When, offset: timedelta) -> tuple[ReminderKind, datetime, timedelta]:
    assert when.at is not None  # noqa: S101 - the caller has checked
    return (_kind(when, offset), when.at - offset, offset)


def _in_the_morning(when: When, offset: timedelta, morning: Morning) -> tuple[ReminderKind, datetime, timedelta]:
    assert when.at is not None  # noqa: S101 - the caller has checked
    return (_kind(when, offset), morning.on((when.at - offset).date()), offset)


def _kind(when: When, offset: timedelta) -> ReminderKind:
    """Offset 0 of an exact time is the countdown's end; of an interval or a NET, the opening of the window."""
    exact = when.precision.is_at_least(Precision.MINUTE) and not when.no_earlier_than
    return ReminderKind.COUNTDOWN if offset or exact else ReminderKind.OPENS


def parse_offsets(text: str) -> tuple[timedelta, ...]:
    """Read "30d 7d 12h 10m 0" (commas allowed). 0 is always among the result. Raises InvalidInput with what is wrong."""
    found = {timedelta(0)}
    for word in text.replace(",", " ").casefold().split():
        match = re.fullmatch(r"(?:[ltr]?-)?(\d{1,7})(w|d|h|m|min)?", word)
        if match is None or (match[2] is None and int(match[1])):
            raise InvalidInput("offset_unclear", raw_text=word[:20])
        unit = {"w": 7 * _DAY, "d": _DAY, "h": _HOUR}.get(match[2] or "m", timedelta(minutes=1))
        offset = int(match[1]) * unit
        if offset > OFFSET_MAX:
            raise InvalidInput("offset_too_long", raw_text=word[:20], days=OFFSET_MAX.days)
        found.add(offset)
    if len(found) > OFFSETS_MAX:
        raise InvalidInput("too_many_offsets", limit=OFFSETS_MAX)
    return tuple(sorted(found, reverse=True))


def format_offsets(offsets: Iterable[timedelta]) -> str:
    """The inverse of `parse_offsets`, longest first: "30d 7d 12h 10m 0"."""
    return " ".join(_format(offset) for offset in sorted(offsets, reverse=True))


def _format(offset: timedelta) -> str:
    if not offset:
        return "0"
    for unit, letter in ((_DAY, "d"), (_HOUR, "h")):
        if not offset % unit:
            return f"{offset // unit}{letter}"
    return f"{offset // timedelta(minutes=1)}m"


_NEAR = parse_offsets("1d 1h 10m 0")
DEFAULT_OFFSETS: Mapping[EventKind, tuple[timedelta, ...]] = MappingProxyType(
    {
        EventKind.LANDING: parse_offsets("30d 14d 7d 3d 1d 12h 1h 0"),
        EventKind.LAUNCH: parse_offsets("7d 1d 12h 1h 10m 0"),
        EventKind.DOCKING: _NEAR,
        EventKind.UNDOCKING: _NEAR,
        EventKind.RELOCATION: _NEAR,
        EventKind.DEORBIT: _NEAR,
        EventKind.MILESTONE: _NEAR,
        EventKind.EVA: parse_offsets("7d 1d 1h 0"),
    }
)
REPAIR_OFFSETS = parse_offsets("1d 0")
