"""A pad's outages: from the first report that took it out of full service to its return, and everything that belongs to each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeVar

from domain.assessments import Assessment
from domain.damage import DamageReport, Severity
from domain.forecasts import Forecast, current
from domain.inspections import Inspection
from domain.outage_cost import OutageCost, outage_cost
from domain.pad_records import Entry, Records, Step, by_number, entries_of, in_order, known_by
from domain.pads import Pad
from domain.repairs import RepairTask
from domain.returns import ReturnRequest

S = TypeVar("S", Assessment, Forecast)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReportLife:
    """A report through an outage: its last state, and from when it was how grave. `held` is False for one that limited nothing."""

    report: DamageReport
    grades: tuple[tuple[datetime, Severity], ...]
    held: bool


@dataclass(frozen=True, slots=True)
class TaskLife:
    """A repair task through an outage: its last state, when it was planned and when that state began."""

    task: RepairTask
    planned_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Spell:
    """A standing restriction, from when to when; `ended_at` is None while it stands."""

    reason: str
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage; `ended_at` is None while it goes on. `forecasts` are all there were, `standing` those not superseded."""

    began_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...]
    reports: tuple[ReportLife, ...]
    tasks: tuple[TaskLife, ...]
    assessments: tuple[Assessment, ...]
    forecasts: tuple[Forecast, ...]
    standing: tuple[Forecast, ...]
    inspections: tuple[Inspection, ...]
    requests: tuple[ReturnRequest, ...]
    restrictions: tuple[Spell, ...]
    cost: OutageCost


@dataclass(frozen=True, slots=True)
class PadPast:
    """A pad's outages, oldest first, and every entry there is, in order: also what happened while it was in service."""

    outages: tuple[Outage, ...] = ()
    entries: tuple[Entry, ...] = ()


def past_of(records: Records) -> PadPast:
    """Lay out what was recorded of a pad; in whatever order it comes in."""
    entries = entries_of(records)
    outages: list[Outage] = []
    since = _LONG_AGO
    for began_at, ended_at in _spells_away(records.pad):
        outages.append(_outage(records, entries, (began_at, ended_at), since))
        since = ended_at or since
    return PadPast(tuple(outages), entries)


def stated_at(said: Assessment | Forecast) -> datetime:
    """Where a statement stands in time: when it was recorded, or the end of the time it was stated in that lies nearest to that."""
    opens, closes = said.stated.opens_at, said.stated.stated_end_at
    if opens is None or closes is None:
        return said.recorded_at
    return min(max(said.recorded_at, opens), closes)


def _outage(
    records: Records, entries: tuple[Entry, ...], span: tuple[datetime, datetime | None], since: datetime
) -> Outage:
    began_at, ended_at = span
    then = records if ended_at is None else known_by(records, ended_at)
    reports = tuple(_report_lives(then.reports, span))
    numbers = {life.report.number for life in reports}
    tasks = tuple(life for life in _task_lives(then.tasks, since) if life.task.report_number in numbers)
    said = tuple(one for one in _numbered(then.forecasts) if one.recorded_at >= began_at)
    inspected = sorted(then.inspections, key=lambda step: step.seq)
    causes = [life.report.label for life in reports if life.held]
    return Outage(
        began_at=began_at,
        ended_at=ended_at,
        entries=tuple(
            entry for entry in entries if began_at <= entry.at and (ended_at is None or entry.at <= ended_at)
        ),
        reports=reports,
        tasks=tasks,
        assessments=tuple(
            one for one in _numbered(then.assessments) if one.report_number in numbers and one.recorded_at > since
        ),
        forecasts=said,
        standing=current(said),
        inspections=tuple(step.state for step in inspected if step.recorded_at >= began_at),
        requests=tuple(
            steps[-1].state for steps in by_number(then.requests).values() if steps[0].recorded_at >= began_at
        ),
        restrictions=tuple(
            spell for spell in _restrictions(then.pad) if spell.ended_at is None or spell.ended_at >= began_at
        ),
        cost=outage_cost(records.moved, causes),
    )


def _spells_away(steps: Iterable[Step[Pad]]) -> Iterator[tuple[datetime, datetime | None]]:
    """From when to when reports had taken the pad out of full service."""
    began_at = None
    for step in in_order(steps):
        if step.state.is_away and began_at is None:
            began_at = step.recorded_at
        elif not step.state.is_away and began_at is not None:
            yield began_at, step.recorded_at
            began_at = None
    if began_at is not None:
        yield began_at, None


def _restrictions(steps: Iterable[Step[Pad]]) -> Iterator[Spell]:
    standing: Spell | None = None
    for step in in_order(steps):
        reason = step.state.restriction
        if reason == (standing.reason if standing else None):
            continue
        if standing is not None:
            yield replace(standing, ended_at=step.recorded_at)
        standing = None if reason is None else Spell(reason, step.recorded_at, None)
    if standing is not None:
        yield standing


def _report_lives(steps: Iterable[Step[DamageReport]], span: tuple[datetime, datetime | None]) -> Iterator[ReportLife]:
    """Reports that were open, or came, during an outage. What ended before it is no part of it."""
    began_at, _ = span
    for of_one in by_number(steps).values():
        last = of_one[-1].state
        if not last.state.is_open and of_one[-1].recorded_at < began_at:
            continue
        within = [step.state for step in of_one if step.recorded_at >= began_at] or [last]
        grades = [(last.observed_at, of_one[0].state.severity)]
        grades += [
            (step.recorded_at, step.state.severity)
            for before, step in pairwise(of_one)
            if step.state.severity is not before.state.severity
        ]
        yield ReportLife(last, tuple(grades), any(_holds(state) for state in within))


def _holds(report: DamageReport) -> bool:
    return report.held_since is not None or (report.state.is_open and report.severity.limits_launches)


def _task_lives(steps: Iterable[Step[RepairTask]], since: datetime) -> Iterator[TaskLife]:
    for of_one in by_number(steps).values():
        if of_one[-1].recorded_at <= since:
            continue
        last = of_one[-1]
        began = last
        for step in reversed(of_one):
            if step.state.state is not last.state.state:
                break
            began = step
        yield TaskLife(last.state, of_one[0].recorded_at, began.recorded_at)


def _numbered(known: Iterable[S]) -> list[S]:
    return sorted(known, key=lambda one: one.number)
