"""The gate: what has to be so before a pad is in service again, and the two people who say that it is.

A pad is out of service by what was reported, and back by evidence: the damage that limited it is closed, its repairs are verified
by others than those who did them, an inspection came after all of it and passed, and a second person approves. It is never typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.capabilities import Capability
from domain.damage import DamageReport, ReportState
from domain.errors import Conflict
from domain.inspections import Inspection, InspectionResult
from domain.pads import Lifecycle, Pad, PadStatus
from domain.repairs import RepairTask, TaskState


class Obstacle(StrEnum):
    """What can stand in the way."""

    REPORT_OPEN = "report_open"
    TASK_OPEN = "task_open"
    TASK_UNVERIFIED = "task_unverified"
    RESTRICTED = "restricted"
    NOT_INSPECTED = "not_inspected"
    INSPECTION_FAILED = "inspection_failed"
    INSPECTION_OLD = "inspection_old"
    NOT_ACTIVE = "not_active"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing in the way. `subject` is its label, `clears` what whoever clears it must hold, `but_not` who may not."""

    obstacle: Obstacle
    subject: str = ""
    clears: Capability = Capability.PAD
    but_not: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """What is in the way of a pad's return, and what the return would rest on: reports, tasks and the last inspection."""

    hindrances: tuple[Hindrance, ...]
    reports: tuple[DamageReport, ...]
    tasks: tuple[RepairTask, ...]
    inspection: Inspection | None

    @property
    def is_open(self) -> bool:
        """True when nothing is in the way but a second person's word."""
        return not self.hindrances


class ReturnState(StrEnum):
    """What became of a request. `void`: something changed before anybody decided, or it was asked anew."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """Request RS-`number` to return a pad to service. `basis_seq` is the journal's last entry when it was asked."""

    number: int
    pad_id: int
    requested_by: int
    requested_at: datetime
    basis_seq: int
    state: ReturnState = ReturnState.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None

    @property
    def label(self) -> str:
        """The request's short name in the workspace."""
        return f"RS-{self.number}"


def gate_of(
    pad: Pad,
    holding: Iterable[DamageReport],
    tasks: Iterable[RepairTask],
    inspection: Inspection | None,
    *,
    touched_since: bool,
) -> Gate:
    """Look at the gate of a pad that is not in service.

    `holding` are the reports that have limited it since its last return, whatever they say now, `tasks` all of theirs,
    `inspection` the last one; `touched_since` when damage or work was recorded after that.
    """
    reports, work = tuple(holding), tuple(tasks)
    found = [Hindrance(Obstacle.REPORT_OPEN, report.label) for report in reports if report.state.is_open]
    if pad.restriction is not None:
        found.append(Hindrance(Obstacle.RESTRICTED))
    if pad.lifecycle is not Lifecycle.ACTIVE:
        found.append(Hindrance(Obstacle.NOT_ACTIVE))
    found += _of_inspection(inspection, touched_since=touched_since)
    found += [Hindrance(Obstacle.TASK_OPEN, task.label) for task in work if task.state.is_open]
    found += [
        Hindrance(Obstacle.TASK_UNVERIFIED, task.label, but_not=task.done_by)
        for task in work
        if task.state is TaskState.DONE
    ]
    return Gate(tuple(found), reports, work, inspection)


_WORK = frozenset({"start_repair", "progress_repair", "complete_repair"})
"""Actions by which a repair is worked on, as the journal calls them."""


def is_damage(report: DamageReport) -> bool:
    """Whether a report that was recorded so speaks of damage that is there: an inspection from before it is not of it."""
    return report.state.is_open and report.state is not ReportState.REPAIRED


def is_work(action: str) -> bool:
    """Whether what was done to a repair was work on the pad."""
    return action in _WORK


def require_away(pad: Pad) -> None:
    """Refuse to return a pad to service that no report has taken out of it."""
    if not pad.is_away:
        raise Conflict("pad_in_service", pad_text=pad.name)


def require_open_gate(gate: Gate) -> None:
    """Refuse while anything is in the way."""
    if not gate.is_open:
        raise Conflict("gate_closed", count=len(gate.hindrances))


def confirm(request: ReturnRequest, by: int, at: datetime, *, changed_since: bool) -> ReturnRequest:
    """A second person confirms. Refused for the person who asked, and when anything has changed since it was asked."""
    _require_waiting(request)
    if by == request.requested_by:
        raise Conflict("return_of_your_own", number=request.number)
    if changed_since:
        raise Conflict("return_outdated", number=request.number)
    return replace(request, state=ReturnState.CONFIRMED, decided_by=by, decided_at=at)


def decline(request: ReturnRequest, by: int, at: datetime) -> ReturnRequest:
    """A second person says no; whoever asked takes it back."""
    _require_waiting(request)
    state = ReturnState.WITHDRAWN if by == request.requested_by else ReturnState.DECLINED
    return replace(request, state=state, decided_by=by, decided_at=at)


def void(request: ReturnRequest, at: datetime) -> ReturnRequest:
    """A newer request takes its place."""
    return replace(request, state=ReturnState.VOID, decided_at=at)


def returned(pad: Pad, at: datetime) -> Pad:
    """The pad is in service again."""
    return replace(pad, latched=PadStatus.OPERATIONAL, returned_at=at, away_since=None)


def _require_waiting(request: ReturnRequest) -> None:
    if request.state is not ReturnState.WAITING:
        raise Conflict("return_decided", number=request.number, state=request.state.value)


def _of_inspection(inspection: Inspection | None, *, touched_since: bool) -> list[Hindrance]:
    """An inspection counts when it passed, and came after all damage and all work."""
    if inspection is None:
        return [Hindrance(Obstacle.NOT_INSPECTED)]
    if touched_since:
        return [Hindrance(Obstacle.INSPECTION_OLD, inspection.label)]
    if inspection.result is InspectionResult.FAILED:
        return [Hindrance(Obstacle.INSPECTION_FAILED, inspection.label)]
    return []
