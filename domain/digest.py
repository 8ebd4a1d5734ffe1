"""What belongs into a digest: what is due, open, overdue and stuck at one moment, the most important first. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from domain.damage import DamageReport, ReportState, Severity
from domain.digest_facts import DamageLine, DueLine, Nearness, News, OverdueLine, UnconfirmedLine
from domain.digest_news import TEXT_MAX, named
from domain.missions import EventState, Mission, is_overdue
from domain.repair_facts import TaskRef
from domain.repairs import RepairTask
from domain.when import Precision, When, days_between

T = TypeVar("T")
NEWS_MAX = 15
LINES_MAX = 10
"""Lines of a section that are kept; of the rest it is said how many there are."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
_ORDER = ("pad", "mission", "report", "return", "inspection", "forecast", "assessment", "repair", "statement")
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Task:
    """A repair task with what it is called in announcements."""

    task: RepairTask
    ref: TaskRef


def ordered_news(found: Iterable[News]) -> list[News]:
    """News by what they are about, pads first; within that in the order given, which is the newest first."""
    return sorted(found, key=lambda one: _ORDER.index(one.news))


def kept(lines: Sequence[T], at_most: int = LINES_MAX) -> tuple[tuple[T, ...], int]:
    """The first lines, and how many more there are."""
    return tuple(lines[:at_most]), max(len(lines) - at_most, 0)


def nearness_of(when: When, since: datetime, until: datetime) -> Nearness | None:
    """What of a planned time falls into [since, until); None when nothing does.

    A time known to the day or finer is due as such. Anything wider, and anything "no earlier than", is never due: its window
    opens, or closes, in that time, and only that is said.
    """
    if when.at is None:
        return None
    closes_at = when.closes_at
    if closes_at is not None and when.precision.is_at_least(Precision.DAY):
        return Nearness.AT if when.at < until and closes_at > since else None
    if since <= when.at < until:
        return Nearness.OPENS
    return Nearness.CLOSES if closes_at is not None and when.at < since < closes_at <= until else None


def due_lines(
    missions: Iterable[Mission], tasks: Iterable[Task], now: datetime
) -> tuple[tuple[DueLine, ...], tuple[DueLine, ...]]:
    """What is due within a day of now, and what within the week that is not among that; each the soonest first.

    An event on hold is not due, and neither is a task that is done.
    """
    dated = [*_dated(missions, tasks)]
    within_day = [line for one in dated if (line := _due(one, now, now + DAY))]
    later = [one for one in dated if _due(one, now, now + DAY) is None]
    within_week = [line for one in later if (line := _due(one, now, now + WEEK))]
    return tuple(sorted(within_day, key=_soonest)), tuple(sorted(within_week, key=_soonest))


def unconfirmed_lines(missions: Iterable[Mission], now: datetime) -> tuple[UnconfirmedLine, ...]:
    """Events whose whole planned time has passed, the longest first."""
    found = [
        UnconfirmedLine(named(mission, event), event.planned)
        for mission in missions
        for event in mission.events
        if event.planned is not None and is_overdue(event, now)
    ]
    return tuple(sorted(found, key=lambda line: (line.when.at or now, line.event.mission)))


def damage_lines(reports: Iterable[DamageReport], pads: Mapping[int, str]) -> tuple[DamageLine, ...]:
    """Open damage, the gravest first; of one gravity what nobody has taken on, then the oldest."""
    lines = [
        DamageLine(
            report=report.number,
            pad=pads.get(report.pad_id, "?"),
            summary=" ".join(report.summary.split())[:TEXT_MAX],
            severity=report.severity,
            state=report.state,
            is_taken_on=report.acknowledged_at is not None or report.state is not ReportState.REPORTED,
        )
        for report in reports
        if report.state.is_open
    ]
    return tuple(sorted(lines, key=lambda line: (-line.severity.rank, line.is_taken_on, line.report)))


def damage_counts(lines: Iterable[DamageLine]) -> tuple[tuple[Severity, int], ...]:
    """How much is open of each severity, the gravest first."""
    found = Counter(line.severity for line in lines)
    return tuple((severity, found[severity]) for severity in reversed(Severity) if found[severity])


def overdue_lines(tasks: Iterable[Task], now: datetime) -> tuple[OverdueLine, ...]:
    """Repair tasks whose whole stated due time has passed, with the days since, the longest first."""
    lines = []
    for one in tasks:
        due = one.task.due
        ends_at = due.stated_end_at if due else None
        if due is not None and ends_at is not None and one.task.is_overdue(now):
            lines.append(OverdueLine(one.ref, due, days_between(ends_at - _INSTANT, now)))
    return tuple(sorted(lines, key=lambda line: (-line.days, line.task.task)))


def _dated(missions: Iterable[Mission], tasks: Iterable[Task]) -> Iterator[DueLine]:
    """Everything that has a date and may come."""
    for mission in missions:
        for event in mission.events:
            if event.state is EventState.PLANNED and event.planned is not None and event.planned.is_known:
                yield DueLine(event.planned, Nearness.AT, event=named(mission, event))
    for one in tasks:
        if one.task.state.is_open and one.task.due is not None and one.task.due.is_known:
            yield DueLine(one.task.due, Nearness.AT, task=one.ref)


def _due(line: DueLine, since: datetime, until: datetime) -> DueLine | None:
    nearness = nearness_of(line.when, since, until)
    return None if nearness is None else DueLine(line.when, nearness, line.event, line.task)


def _soonest(line: DueLine) -> tuple[datetime, int, str]:
    at = line.when.closes_at if line.nearness is Nearness.CLOSES else line.when.at
    assert at is not None  # noqa: S101 - what has no date is not due
    return at, line.when.precision.rank, line.event.mission if line.event else line.task.title if line.task else ""
