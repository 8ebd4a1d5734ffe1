"""Launch pads, damage and what a closed pad means. A pad's status is derived from its reports, never typed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.damage import DamageReport, ReportState, Severity
from domain.errors import Conflict
from domain.missions import MissionKind
from domain.text import name_key


class Lifecycle(StrEnum):
    """Where a pad is in its life; only active pads launch."""

    BUILDING = "building"
    ACTIVE = "active"
    RETIRED = "retired"


class PadStatus(StrEnum):
    """What a pad can do now, best first."""

    OPERATIONAL = "operational"
    RESTRICTED = "restricted"
    OUT_OF_SERVICE = "out_of_service"


_STATUS_OF = {
    Severity.MINOR: PadStatus.OPERATIONAL,
    Severity.MAJOR: PadStatus.RESTRICTED,
    Severity.CRITICAL: PadStatus.OUT_OF_SERVICE,
}
_STATUS_RANK = {status: rank for rank, status in enumerate(PadStatus)}


@dataclass(frozen=True, slots=True)
class Capability:
    """A launch vehicle and the kind of flight a pad can launch on it."""

    vehicle: str
    kind: MissionKind


@dataclass(frozen=True, slots=True)
class Pad:
    """A launch pad. `latched` is the worst status a report has put it in; it stays until the pad is returned to service.

    `away_since` is when a report took it out of full service, None while it is in it; `returned_at` when it last came back.
    """

    id: int
    name: str
    site: str
    operator: str | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    components: tuple[str, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    latched: PadStatus = PadStatus.OPERATIONAL
    restriction: str | None = None
    returned_at: datetime | None = None
    away_since: datetime | None = None

    @property
    def is_away(self) -> bool:
        """True when a report has taken it out of full service and it has not been returned since."""
        return self.latched is not PadStatus.OPERATIONAL


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """A pad's status and what it rests on. `unconfirmed` when the deciding report has not been confirmed."""

    status: PadStatus
    deciding: DamageReport | None
    unconfirmed: bool
    open_reports: int
    awaiting_return: bool


def status_of(pad: Pad, reports: Iterable[DamageReport]) -> StatusFinding:
    """The worst open report decides; a standing restriction counts; a latched status stays until return to service."""
    open_reports = [report for report in reports if report.state.is_open]
    deciding = max(open_reports, key=_gravity, default=None)
    by_report = _STATUS_OF[deciding.severity] if deciding else PadStatus.OPERATIONAL
    status = by_report if pad.restriction is None else worse(by_report, PadStatus.RESTRICTED)
    awaiting = _STATUS_RANK[pad.latched] > _STATUS_RANK[status]
    if awaiting or status is not by_report:
        deciding = None
    return StatusFinding(
        status=worse(status, pad.latched),
        deciding=deciding,
        unconfirmed=deciding is not None and deciding.state is ReportState.REPORTED,
        open_reports=len(open_reports),
        awaiting_return=awaiting,
    )


def take_report(pad: Pad, report: DamageReport, at: datetime) -> Pad:
    """The pad with a report that is new, or graver than it was: what it says of the pad stays until the return to service."""
    if not report.state.is_open:
        return pad
    latched = worse(pad.latched, status_for(report.severity))
    if latched is pad.latched:
        return pad
    return replace(pad, latched=latched, away_since=pad.away_since or at)


def restrict(pad: Pad, reason: str) -> Pad:
    """Put a standing restriction on the pad; a new reason takes the place of the old one."""
    if pad.restriction == reason:
        raise Conflict("restriction_unchanged", pad_text=pad.name)
    return replace(pad, restriction=reason)


def lift(pad: Pad) -> Pad:
    """Lift the standing restriction. What reports have done to the pad stays."""
    if pad.restriction is None:
        raise Conflict("nothing_to_lift", pad_text=pad.name)
    return replace(pad, restriction=None)


def status_for(severity: Severity) -> PadStatus:
    """The status a single open report of that severity puts a pad in."""
    return _STATUS_OF[severity]


def worse(one: PadStatus, other: PadStatus) -> PadStatus:
    """The worse of two statuses."""
    return max(one, other, key=_STATUS_RANK.__getitem__)


def require_reportable(pad: Pad) -> None:
    """A retired pad takes no damage reports."""
    if pad.lifecycle is Lifecycle.RETIRED:
        raise Conflict("pad_retired", pad_text=pad.name)


def can_launch(pad: Pad, vehicle: str, kind: MissionKind) -> bool:
    """True when the pad's capabilities name that vehicle and kind, spelling aside."""
    return any(
        name_key(capability.vehicle) == name_key(vehicle) and capability.kind is kind for capability in pad.capabilities
    )


def _gravity(report: DamageReport) -> tuple[int, bool, int]:
    return (report.severity.rank, report.state is not ReportState.REPORTED, -report.number)
