"""Row 11: every zone of the IANA database, day by day for ten years: what is daily or comes in the morning comes once a local day.

No process and no database: the functions that say when, driven as their desks drive them. One run is one zone; whatever else has a
rule for "every day" belongs into `RULES`, and is then tried with all of them.
"""

import random
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.countdown import Morning, QuietHours
from domain.digest_times import DailyTime
from domain.recurrence import Repeat, Series
from domain.when_text import wall_time
from tests.campaign.outcome import Outcome, Row
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start

CASES = tuple(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}))
_DAY = timedelta(days=1)
_YEARS = 10
_FIRST_YEARS = (1996, 2006, 2016, 2025, 2025, 2025)
"""The ten years to come, mostly; those before had stranger days, one that did not exist (Apia, 30 December 2011) among them."""

_QUIET = ((22, 7), (23, 6), (0, 8), (1, 3), (20, 12))

Firing = tuple[datetime, date]
"""When something fires (UTC), and the local day it is meant for."""

Rule = Callable[[random.Random, ZoneInfo, int], Iterator[Firing]]
"""Yields every firing from the first day of a year on, for ten years; chance decides hours and quiet hours."""


async def run(_wire: Wire, _start: Start, seed: int) -> Outcome:
    """One zone, every rule."""
    case = CASES[seed % len(CASES)]
    dice = random.Random(f"{case}:{seed}")
    zone, first_year = ZoneInfo(case), dice.choice(_FIRST_YEARS)
    days = local_days(zone, first_year)
    found, tried = [], 0
    for name, rule in RULES.items():
        fired = Counter(day for _, day in rule(dice, zone, first_year))
        tried += len(days)
        missed = [day for day in days if fired[day] != 1]
        found += [
            Finding("doubled" if fired[day] else "lost", f"{name}: {fired[day]} firings on {day} in {case}")
            for day in missed[:3]
        ]
    return Outcome(case, tried, tuple(found))


def local_days(zone: ZoneInfo, first_year: int) -> list[date]:
    """Every day that the zone has had or will have: one that was left out at the date line is none."""
    first, last = date(first_year, 1, 1), date(first_year + _YEARS, 1, 1)
    days = (first + number * _DAY for number in range((last - first).days))
    return [day for day in days if wall_time(day, time(12), zone).astimezone(zone).date() == day]


def _mornings(dice: random.Random, zone: ZoneInfo, first_year: int, *, quiet: bool) -> Iterator[Firing]:
    """A morning notice, planned for its day as reminders are."""
    morning = Morning(zone, dice.randrange(24), _quiet(dice, zone) if quiet else None)
    for day in local_days(zone, first_year):
        at = morning.on(day)
        yield at, at.astimezone(zone).date()


def _heads(dice: random.Random, zone: ZoneInfo, first_year: int) -> Iterator[Firing]:
    """The journal's head: each is posted when its pass comes round, and has the next one scheduled from that moment."""
    morning = Morning(zone, dice.randrange(24), dice.choice((None, _quiet(dice, zone))))
    due_at = morning.first_from(_midnight(zone, first_year))
    while (day := due_at.astimezone(zone).date()).year < first_year + _YEARS:
        yield due_at, day
        due_at = morning.first_after(due_at + timedelta(seconds=dice.randrange(60)))


def _repeats(dice: random.Random, zone: ZoneInfo, first_year: int, *, quiet: bool) -> Iterator[Firing]:
    """A question that is asked every day until it is answered, begun at any hour."""
    morning = Morning(zone, 9, _quiet(dice, zone) if quiet else None)
    started = _midnight(zone, first_year) + timedelta(minutes=_minutes(dice))
    at = started.astimezone(zone).time()
    due_at = morning.unless_quiet(started)
    first_day = due_at.astimezone(zone).date()
    yield from ((due_at, day) for day in local_days(zone, first_year) if day < first_day)
    while (day := _asked_for(due_at, at, zone)).year < first_year + _YEARS:
        yield due_at, day
        due_at = morning.again_after(due_at, due_at + timedelta(seconds=dice.randrange(60)), at)


def _asked_for(due_at: datetime, at: time, zone: ZoneInfo) -> date:
    """The day whose question it is: where that day's wall time is in a gap over midnight, the one before."""
    day = due_at.astimezone(zone).date()
    return day - _DAY if wall_time(day - _DAY, at, zone) == due_at else day


def _quiet_ends(dice: random.Random, zone: ZoneInfo, first_year: int) -> Iterator[Firing]:
    """What is put off to the end of the quiet hours: asked for at any moment in them, it comes at the same one."""
    hours = _quiet(dice, zone)
    for day in local_days(zone, first_year):
        begins = wall_time(day, time(hours.from_hour), zone)
        ends = hours.after(begins)
        inside = begins + (ends - begins) * dice.random()
        yield ends, day
        if hours.after(inside) != ends or ends < begins:
            yield hours.after(inside), day


def _series(dice: random.Random, zone: ZoneInfo, first_year: int, *, repeat: Repeat) -> Iterator[Firing]:
    """What a member wants to be reminded of again and again: on each day that is meant, and on no other."""
    days = local_days(zone, first_year)
    begins_on = dice.choice(days[:31])
    at = time(*divmod(_minutes(dice), 60))
    series = Series(repeat, begins_on, at, zone)
    begins_at = wall_time(begins_on, at, zone).astimezone(UTC)
    yield from ((begins_at, day) for day in days if not _is_meant(series, day))
    due_at = series.first(begins_at)
    while (day := _meant_for(series, due_at)).year < first_year + _YEARS:
        yield due_at, day
        due_at = series.after(due_at + timedelta(seconds=dice.randrange(60)))


def _is_meant(series: Series, day: date) -> bool:
    begins_on = series.begins_on
    if day < begins_on:
        return False
    match series.repeat:
        case Repeat.DAILY:
            return True
        case Repeat.WEEKDAYS:
            return day.isoweekday() <= 5
        case Repeat.WEEKLY:
            return day.isoweekday() == begins_on.isoweekday()
    last = (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    return day.day == min(begins_on.day, last.day)


def _meant_for(series: Series, at: datetime) -> date:
    """The day whose wall time it is: where that is in a gap over midnight, the one before."""
    day = at.astimezone(series.zone).date()
    return day if wall_time(day, series.at, series.zone) == at else day - _DAY


def _digests(dice: random.Random, zone: ZoneInfo, first_year: int, *, quiet: bool) -> Iterator[Firing]:
    """A channel's digest: each is posted when its pass comes round, for the newest day due, and has the next one planned."""
    times = DailyTime(_minutes(dice), zone, _quiet(dice, zone) if quiet else None)
    planned = times.next_after(_midnight(zone, first_year) - timedelta(microseconds=1), None)
    while planned.day.year < first_year + _YEARS:
        now = planned.due_at + timedelta(seconds=dice.randrange(60))
        posted = times.latest_by(now)
        yield posted.due_at, posted.day
        planned = times.next_after(now, posted.day)


def _minutes(dice: random.Random) -> int:
    """A minute of the day: near midnight more often than not, where a clock that is put forward or back makes another day of it."""
    return dice.choice((dice.randrange(24 * 60), dice.randrange(60), dice.randrange(23 * 60, 24 * 60)))


def _quiet(dice: random.Random, zone: ZoneInfo) -> QuietHours:
    return QuietHours(zone, *dice.choice(_QUIET))


def _midnight(zone: ZoneInfo, first_year: int) -> datetime:
    return wall_time(date(first_year, 1, 1), time(0), zone).astimezone(UTC)


RULES: dict[str, Rule] = {
    "a morning": partial(_mornings, quiet=False),
    "a morning with quiet hours": partial(_mornings, quiet=True),
    "the journal's head": _heads,
    "a daily repeat": partial(_repeats, quiet=False),
    "a daily repeat with quiet hours": partial(_repeats, quiet=True),
    "the end of quiet hours": _quiet_ends,
    "a digest": partial(_digests, quiet=False),
    "a digest with quiet hours": partial(_digests, quiet=True),
    **{f"a member's reminder, {repeat}": partial(_series, repeat=repeat) for repeat in Repeat},
    # Whatever else comes every day: here.
}

ROW = Row(11, "every zone, every day of ten years (zone-days)", run, CASES, each=True)
