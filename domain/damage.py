"""Damage reports: what was seen at a pad, how grave it is, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much a damage limits launching, mildest first."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


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
    """Report DR-`number`. `evidence` holds SHA-256 digests (hex) of kept photos."""

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

    @property
    def label(self) -> str:
        """The report's short name in the workspace."""
        return f"DR-{self.number}"
