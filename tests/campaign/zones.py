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
    # Near midnight more often than not: there a clock that is put forward or back makes another day of it.
    minutes = dice.choice((dice.randrange(24 * 60), dice.randrange(60), dice.randrange(23 * 60, 24 * 60)))
    started = _midnight(zone, first_year) + timedelta(minutes=minutes)
    due_at = morning.unless_quiet(started)
    first_day = due_at.astimezone(zone).date()
    yield from ((due_at, day) for day in local_days(zone, first_year) if day < first_day)
    while (day := due_at.astimezone(zone).date()).year < first_year + _YEARS:
        yield due_at, day
        due_at = morning.again_after(due_at, due_at + timedelta(seconds=dice.randrange(60)))


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
    # Members' own reminders (daily, weekdays, weekly, monthly) and whatever else comes every day: here.
}

ROW = Row(11, "every zone, every day of ten years (zone-days)", run, CASES, each=True)
