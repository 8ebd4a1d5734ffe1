"""What was recorded of a pad, as entries in the order of time: reported, assessed, planned, done, asked for, decided, moved.

It comes in as steps: a subject's state after each change. Nothing is believed that was recorded after the moment that is asked
about: `known_by` leaves it out before anything else looks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from domain.assessments import Assessment
from domain.damage import DamageReport
from domain.forecasts import Forecast, current
from domain.inspections import Inspection
from domain.outage_cost import DateMoved
from domain.pads import Pad
from domain.repairs import RepairTask, TaskState
from domain.returns import ReturnRequest, ReturnState
from domain.schedule import LedgerEntry
from domain.text import name_key


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Numbered)


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """A subject's state after one change. `by` and `reason` are personal: None once they were erased."""

    seq: int
    recorded_at: datetime
    state: T
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """Everything recorded of a pad. `moved` are dates that were moved for its reports, each with its whole ledger."""

    pad: tuple[Step[Pad], ...] = ()
    reports: tuple[Step[DamageReport], ...] = ()
    tasks: tuple[Step[RepairTask], ...] = ()
    inspections: tuple[Step[Inspection], ...] = ()
    requests: tuple[Step[ReturnRequest], ...] = ()
    assessments: tuple[Assessment, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    moved: tuple[DateMoved, ...] = ()


class EntryKind(StrEnum):
    """What an entry of a history tells, in the order in which entries of one moment are told."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    ADOPTED = "adopted"
    UPDATED = "updated"
    FORECAST = "forecast"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
    TASK_PLANNED = "task_planned"
    TASK_CHANGED = "task_changed"
    TASK_STARTED = "task_started"
    TASK_PROGRESSED = "task_progressed"
    TASK_BLOCKED = "task_blocked"
    TASK_UNBLOCKED = "task_unblocked"
    TASK_DONE = "task_done"
    TASK_VERIFIED = "task_verified"
    TASK_CANCELLED = "task_cancelled"
    TASK_REOPENED = "task_reopened"
    INSPECTED = "inspected"
    RETURN_ASKED = "return_asked"
    RETURN_DECLINED = "return_declined"
    RETURN_WITHDRAWN = "return_withdrawn"
    RETURN_VOID = "return_void"
    RETURN_CONFIRMED = "return_confirmed"
    MOVED = "moved"


_RANK = {kind: rank for rank, kind in enumerate(EntryKind)}
_ENDED = {
    TaskState.DONE: EntryKind.TASK_DONE,
    TaskState.VERIFIED: EntryKind.TASK_VERIFIED,
    TaskState.CANCELLED: EntryKind.TASK_CANCELLED,
}
_DECIDED = {
    ReturnState.WAITING: EntryKind.RETURN_ASKED,
    ReturnState.CONFIRMED: EntryKind.RETURN_CONFIRMED,
    ReturnState.DECLINED: EntryKind.RETURN_DECLINED,
    ReturnState.WITHDRAWN: EntryKind.RETURN_WITHDRAWN,
    ReturnState.VOID: EntryKind.RETURN_VOID,
}


@dataclass(frozen=True, slots=True)
class DateMove:
    """One move of a date that named a report as its cause."""

    date: DateMoved
    move: LedgerEntry


Subject = DamageReport | Assessment | Forecast | Pad | RepairTask | Inspection | ReturnRequest | DateMove


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was recorded `at` a moment. `before` is the subject as it was; `superseded` is said of forecasts."""

    at: datetime
    kind: EntryKind
    about: Subject
    before: Subject | None = None
    by: str | None = None
    reason: str | None = None
    superseded: bool = False


def known_by(records: Records, at: datetime) -> Records:
    """What had been recorded by a moment, as it was then: of what came later nothing is left, marks on older rows included."""
    return Records(
        pad=_steps_by(records.pad, at),
        reports=_steps_by(records.reports, at),
        tasks=_steps_by(records.tasks, at),
        inspections=_steps_by(records.inspections, at),
        requests=_steps_by(records.requests, at),
        assessments=tuple(
            replace(one, adopted_at=_by(one.adopted_at, at)) for one in records.assessments if one.recorded_at <= at
        ),
        forecasts=tuple(
            replace(one, returned_at=_by(one.returned_at, at)) for one in records.forecasts if one.recorded_at <= at
        ),
        moved=tuple(
            replace(date, entries=tuple(entry for entry in date.entries if entry.recorded_at <= at))
            for date in records.moved
        ),
    )


def entries_of(records: Records) -> tuple[Entry, ...]:
    """Everything that was recorded, in order, in whatever order it comes in."""
    return tuple(sorted(_entries(records), key=_order))


def in_order(steps: Iterable[Step[T]]) -> list[Step[T]]:
    """Steps as they were recorded."""
    return sorted(steps, key=lambda step: step.seq)


def by_number(steps: Iterable[Step[N]]) -> dict[int, list[Step[N]]]:
    """Each subject's steps in order; subjects by number."""
    found: dict[int, list[Step[N]]] = {}
    for step in sorted(steps, key=lambda step: (step.state.number, step.seq)):
        found.setdefault(step.state.number, []).append(step)
    return found


def _entries(records: Records) -> Iterator[Entry]:
    yield from _of_steps(records.reports, _report_kinds)
    yield from _of_steps(records.tasks, _task_kinds)
    yield from _of_steps(records.inspections, lambda _before, _after: (EntryKind.INSPECTED,))
    yield from _of_steps(records.requests, _request_kinds)
    yield from _of_pad(records.pad)
    for assessment in records.assessments:
        yield Entry(assessment.recorded_at, EntryKind.ASSESSED, replace(assessment, adopted_at=None))
        if assessment.adopted_at is not None:
            yield Entry(assessment.adopted_at, EntryKind.ADOPTED, assessment)
    yield from _of_forecasts(records)
    causes = {name_key(step.state.label) for step in records.reports}
    for date in records.moved:
        for move in date.entries:
            if name_key(move.cause or "") in causes:
                yield Entry(move.recorded_at, EntryKind.MOVED, DateMove(date, move), reason=move.reason)


def _of_forecasts(records: Records) -> Iterator[Entry]:
    """Forecasts, each marked when its source has said something else since, in the same outage."""
    of_outage: dict[datetime | None, list[Forecast]] = {}
    for forecast in records.forecasts:
        of_outage.setdefault(forecast.returned_at, []).append(forecast)
    for said in of_outage.values():
        stand = {one.number for one in current(said)}
        for one in said:
            yield Entry(one.recorded_at, EntryKind.FORECAST, one, superseded=one.number not in stand)


def _of_pad(steps: Iterable[Step[Pad]]) -> Iterator[Entry]:
    """Standing restrictions, put and lifted."""
    before: Pad | None = None
    for step in in_order(steps):
        was = before.restriction if before else None
        if step.state.restriction != was:
            kind = EntryKind.LIFTED if step.state.restriction is None else EntryKind.RESTRICTED
            yield Entry(step.recorded_at, kind, step.state, before, step.by, step.reason)
        before = step.state


def _of_steps(steps: Iterable[Step[N]], kinds_of: Callable[[N | None, N], tuple[EntryKind, ...]]) -> Iterator[Entry]:
    """What each step tells, seen against the one before it; one that tells nothing is left out."""
    for of_one in by_number(steps).values():
        before: N | None = None
        for step in of_one:
            for kind in kinds_of(before, step.state):
                yield Entry(step.recorded_at, kind, step.state, before, step.by, step.reason)  # type: ignore[arg-type]
            before = step.state


def _report_kinds(before: DamageReport | None, after: DamageReport) -> tuple[EntryKind, ...]:
    if before is None:
        return (EntryKind.REPORTED,)
    kinds = [EntryKind.ACKNOWLEDGED] if before.acknowledged_at is None and after.acknowledged_at is not None else []
    if (before.state, before.severity) != (after.state, after.severity):
        kinds.append(EntryKind.UPDATED)
    return tuple(kinds)


def _task_kinds(before: RepairTask | None, after: RepairTask) -> tuple[EntryKind, ...]:
    if before is None:
        return (EntryKind.TASK_PLANNED,)
    if before.state is not after.state:
        return (_task_turn(before.state, after.state),)
    if before.progress != after.progress:
        return (EntryKind.TASK_PROGRESSED,)
    return (EntryKind.TASK_CHANGED,) if _planned_anew(before, after) else ()


def _planned_anew(before: RepairTask, after: RepairTask) -> bool:
    """True when more than personal text changed: that may have been erased of one entry and not of the next."""
    known = before.owner is not None and after.owner is not None
    same = replace(before, note=after.note, blocked_by=after.blocked_by, cancelled_for=after.cancelled_for)
    return (same if known else replace(same, owner=after.owner)) != after


def _task_turn(before: TaskState, after: TaskState) -> EntryKind:
    if after in _ENDED:
        return _ENDED[after]
    if after is TaskState.BLOCKED:
        return EntryKind.TASK_BLOCKED
    if before is TaskState.BLOCKED:
        return EntryKind.TASK_UNBLOCKED
    return EntryKind.TASK_STARTED if before.is_open else EntryKind.TASK_REOPENED


def _request_kinds(before: ReturnRequest | None, after: ReturnRequest) -> tuple[EntryKind, ...]:
    return () if before is not None and before.state is after.state else (_DECIDED[after.state],)


def _order(entry: Entry) -> tuple[datetime, int, int, int]:
    about = entry.about
    if isinstance(about, DateMove):
        return entry.at, _RANK[entry.kind], about.date.mission_id, about.date.event_id
    return entry.at, _RANK[entry.kind], about.id if isinstance(about, Pad) else about.number, 0


def _steps_by(steps: Iterable[Step[T]], at: datetime) -> tuple[Step[T], ...]:
    return tuple(step for step in steps if step.recorded_at <= at)


def _by(mark: datetime | None, at: datetime) -> datetime | None:
    return mark if mark is not None and mark <= at else None
