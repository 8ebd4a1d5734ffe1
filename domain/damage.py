"""Damage reports: what was seen at a pad, how grave it is, who has taken it on, and what became of it. Never deleted."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Conflict, InvalidInput


class Severity(StrEnum):
    """How much a damage limits launching, mildest first."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return _RANK[self]

    @property
    def limits_launches(self) -> bool:
        """True when a pad with such damage is not fully operational."""
        return self is not Severity.MINOR


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class ReportState(StrEnum):
    """A damage report's life. All but the last two are open."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    IN_REPAIR = "in_repair"
    REPAIRED = "repaired"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """True while the report counts towards the pad's status."""
        return self not in {ReportState.CLOSED, ReportState.REJECTED}


@dataclass(frozen=True, slots=True)
class DamageReport:
    """Report DR-`number`. `evidence` holds SHA-256 digests (hex) of kept photos.

    `held_since` is set from the moment at which it limits launches until its pad returns to service, whatever its severity becomes
    meanwhile; a later moment when it grew graver or was opened again. `settled_at` is when it was closed or rejected.
    """

    number: int
    pad_id: int
    severity: Severity
    summary: str
    observed_at: datetime
    reported_at: datetime
    reporter_id: int
    component: str | None = None
    state: ReportState = ReportState.REPORTED
    evidence: tuple[str, ...] = ()
    held_since: datetime | None = None
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def label(self) -> str:
        """The report's short name in the workspace."""
        return f"DR-{self.number}"

    @property
    def needs_somebody(self) -> bool:
        """True while it is critical and nobody has taken it on: it is repeated until somebody does."""
        return self.state.is_open and self.severity is Severity.CRITICAL and self.acknowledged_at is None


def reported(report: DamageReport) -> DamageReport:
    """A new report as it is kept: one that limits launches holds its pad from the beginning."""
    return replace(report, held_since=report.reported_at) if report.severity.limits_launches else report


def acknowledge(report: DamageReport, by: int, at: datetime) -> DamageReport:
    """Somebody takes the report on. Refused when somebody has, or when it is over."""
    require_open_report(report)
    if report.acknowledged_at is not None:
        raise Conflict("report_acknowledged", report=report.label)
    return replace(report, acknowledged_by=by, acknowledged_at=at)


def update(
    report: DamageReport,
    at: datetime,
    *,
    state: ReportState,
    severity: Severity | None = None,
    reason: str | None = None,
) -> DamageReport:
    """Move a report along, or put it right. What makes it look milder, ends it or opens it again needs a reason."""
    grade = severity or report.severity
    if (state, grade) == (report.state, report.severity):
        raise Conflict("update_changes_nothing", report=report.label)
    if reason is None and _needs_reason(report, state, grade):
        raise InvalidInput("reason_needed", report=report.label)
    reopened = state.is_open and not report.state.is_open
    graver = grade.rank > report.severity.rank
    held_since = report.held_since
    if state.is_open and grade.limits_launches and (graver or reopened or held_since is None):
        held_since = at
    settled_at = None if state.is_open else report.settled_at or at
    changed = replace(report, state=state, severity=grade, held_since=held_since, settled_at=settled_at)
    if reopened or (graver and grade is Severity.CRITICAL):
        return replace(changed, acknowledged_by=None, acknowledged_at=None)  # who took on less has not taken on this
    return changed


def _needs_reason(report: DamageReport, state: ReportState, grade: Severity) -> bool:
    milder = grade.rank < report.severity.rank
    ended = not state.is_open and state is not report.state
    back = state is ReportState.REPORTED or (state.is_open and not report.state.is_open)
    return milder or ended or (back and state is not report.state)


def release(report: DamageReport) -> DamageReport:
    """The pad has returned to service: the report no longer holds it."""
    return replace(report, held_since=None)


def require_open_report(report: DamageReport) -> None:
    """Refuse what is done to a report that is over."""
    if not report.state.is_open:
        raise Conflict("report_not_open", report=report.label, state=report.state.value)
