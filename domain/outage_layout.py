"""An outage laid out for a picture: a scale that its facts fill, and as many rows as a picture can hold.

A forecast of years would leave no room for the weeks in which everything happened, so the scale ends soon after the facts: what
goes further runs on beyond it. Pure arithmetic; it knows nothing of words, colours or pixels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from domain.assessments import Assessment
from domain.expected import Estimate, Window
from domain.forecasts import Forecast
from domain.outage import Outage, ReportLife, TaskLife, stated_at
from domain.sources import Tier
from domain.text import name_key
from domain.timeline import Scale, scale_between

ROWS_MAX = 20
"""More rows than these are not a picture any more; the text has everything."""
_AHEAD = timedelta(days=120)
_AFTER = timedelta(days=14)
_INSTANT = timedelta(microseconds=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceForecasts:
    """One source's forecasts: what stands, and what it said before, oldest first."""

    standing: Forecast
    superseded: tuple[Forecast, ...]


@dataclass(frozen=True, slots=True)
class OutageLayout:
    """An outage as rows, with how many rows of each kind are left out. The facts go `until` now, or the return."""

    scale: Scale
    until: datetime
    reports: tuple[ReportLife, ...]
    tiers: tuple[tuple[Tier, tuple[Assessment, ...]], ...]
    forecasts: tuple[SourceForecasts, ...]
    estimate: Estimate | None
    tasks: tuple[TaskLife, ...]
    reports_left_out: int
    forecasts_left_out: int
    tasks_left_out: int

    @property
    def left_out(self) -> int:
        """How many rows there was no room for."""
        return self.reports_left_out + self.forecasts_left_out + self.tasks_left_out


def layout_of(outage: Outage, estimate: Estimate | None, now: datetime) -> OutageLayout:
    """Lay an outage out as it stands at `now`. Inspections, restrictions and the return have one row each, where there are any."""
    until = outage.ended_at or now
    tiers = tuple((tier, said) for tier in Tier if (said := tuple(a for a in outage.assessments if a.tier is tier)))
    reports, forecasts = _reports(outage), _forecasts(outage)
    tasks = sorted(outage.tasks, key=_urgency)
    fixed = len(tiers) + sum(map(bool, (estimate, outage.inspections, outage.restrictions, outage.requests)))
    rooms = shares((len(reports), len(forecasts), len(tasks)), ROWS_MAX - fixed)
    return OutageLayout(
        scale=scale_of(outage, estimate, until),
        until=until,
        reports=tuple(sorted(reports[: rooms[0]], key=lambda life: life.report.number)),
        tiers=tiers,
        forecasts=tuple(sorted(forecasts[: rooms[1]], key=lambda one: one.standing.number)),
        estimate=estimate,
        tasks=tuple(sorted(tasks[: rooms[2]], key=lambda life: life.task.number)),
        reports_left_out=len(reports) - rooms[0],
        forecasts_left_out=len(forecasts) - rooms[1],
        tasks_left_out=len(tasks) - rooms[2],
    )


def shares(wanted: Sequence[int], room: int) -> tuple[int, ...]:
    """Share places out one by one, in turn, to those who want more."""
    given = [0] * len(wanted)
    while room > 0 and any(has < wants for has, wants in zip(given, wanted, strict=True)):
        for place, wants in enumerate(wanted):
            if given[place] < wants and room > 0:
                given[place] += 1
                room -= 1
    return tuple(given)


def scale_of(outage: Outage, estimate: Estimate | None, until: datetime) -> Scale:
    """A scale that holds every entry of the outage and its end, and of what is expected as much as leaves the facts their room."""
    facts = list(_facts(outage, until))
    first, last = min(facts), max(facts)
    room = max(last - first, _AHEAD) if outage.ended_at is None else max((last - first) / 4, _AFTER)
    windows = [*(one.window for one in outage.forecasts), *(() if estimate is None else (estimate.window,))]
    ends = [at for window in windows for at in _ends(window)]
    ends += [at for life in outage.tasks if life.task.due and (at := life.task.due.stated_end_at)]
    last = max([last, *(at for at in ends if at <= last + room)])
    open_ended = any(window.earliest is not None and window.latest is None for window in windows)
    return scale_between(first, last, runs_on=open_ended or any(at > last for at in ends))


def _facts(outage: Outage, until: datetime) -> Iterator[datetime]:
    """When anything happened, from the first to the end: entries lie between the beginning of the outage and its end."""
    yield from (outage.began_at, until)
    for life in outage.reports:
        yield from (at for at, _ in life.grades)
    yield from map(stated_at, outage.assessments)
    yield from map(stated_at, outage.forecasts)
    yield from (life.planned_at for life in outage.tasks)


def _ends(window: Window) -> Iterator[datetime]:
    if window.earliest is not None:
        yield window.earliest
    if window.latest is not None:
        yield window.latest - _INSTANT


def _urgency(life: TaskLife) -> tuple[bool, float, int]:
    """Sorts what is left to do first, by when it is due; then what was over last."""
    if not life.task.state.is_open:
        return True, -life.since.timestamp(), life.task.number
    due_at = life.task.due.stated_end_at if life.task.due else None
    return False, due_at.timestamp() if due_at else float("inf"), life.task.number


def _reports(outage: Outage) -> list[ReportLife]:
    """Reports, those that matter most first: that held the pad, that are open, the gravest, the oldest."""
    return sorted(
        outage.reports,
        key=lambda life: (
            not life.held,
            not life.report.state.is_open,
            -life.report.severity.rank,
            life.report.number,
        ),
    )


def _forecasts(outage: Outage) -> list[SourceForecasts]:
    """What each source says, with what it said before; who spoke last first."""
    of_source: dict[str, list[Forecast]] = {}
    for one in outage.forecasts:
        of_source.setdefault(name_key(one.source), []).append(one)
    found = [
        SourceForecasts(standing, tuple(_others(of_source[name_key(standing.source)], standing)))
        for standing in outage.standing
    ]
    return sorted(found, key=lambda one: -one.standing.number)


def _others(known: Iterable[T], but: T) -> Iterator[T]:
    return (one for one in known if one != but)
