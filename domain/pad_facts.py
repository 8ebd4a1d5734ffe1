"""What announcements say about pads and damage; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.assessments import Confidence
from domain.damage import ReportState, Severity
from domain.forecasts import Verdict
from domain.inspections import InspectionResult
from domain.missions import MissionKind
from domain.pads import PadStatus
from domain.returns import ReturnState
from domain.sources import Tier
from domain.when import When


@dataclass(frozen=True, slots=True)
class PadRef:
    """A pad as an announcement names it."""

    pad_id: int
    pad: str


@dataclass(frozen=True, slots=True)
class PadAdded:
    """A pad was entered. `capabilities` are (vehicle, kind)."""

    pad_id: int
    pad: str
    site: str
    capabilities: tuple[tuple[str, MissionKind], ...]
    fact: Literal["pad_added"] = "pad_added"


@dataclass(frozen=True, slots=True)
class DamageReported:
    """Damage was logged. `waiting` are names of missions planned from the pad that its new status puts in question.

    The post follows its report: `severity`, `state` and who acknowledged it are edited in as they change.
    """

    pad_id: int
    pad: str
    site: str
    report: int
    component: str | None
    severity: Severity
    summary: str
    observed_at: datetime
    reported_at: datetime
    reporter: str
    status_before: PadStatus
    status_after: PadStatus
    waiting: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    fact: Literal["damage_reported"] = "damage_reported"
    state: ReportState = ReportState.REPORTED
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    repeated: int = 0
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PadEdited:
    """Facts of a pad changed. `changes` are (option, before, after) in plain words."""

    pad: PadRef
    changes: tuple[tuple[str, str | None, str | None], ...]
    reason: str | None
    fact: Literal["pad_edited"] = "pad_edited"


@dataclass(frozen=True, slots=True)
class PadRestricted:
    """A standing restriction was put on a pad, or with `lifted` taken off it; `status_after` is what the pad can do since."""

    pad: PadRef
    restriction: str
    reason: str
    lifted: bool
    status_before: PadStatus
    status_after: PadStatus
    fact: Literal["pad_restricted"] = "pad_restricted"


@dataclass(frozen=True, slots=True)
class ReportUpdated:
    """A damage report moved on, or was put right. `adopted` is the assessment that was made the team's own, with its source."""

    pad: PadRef
    report: int
    summary: str
    state_before: ReportState
    state_after: ReportState
    severity_before: Severity
    severity_after: Severity
    reason: str | None
    status_before: PadStatus
    status_after: PadStatus
    adopted: tuple[str, str] | None = None
    fact: Literal["report_updated"] = "report_updated"


@dataclass(frozen=True, slots=True)
class DamageAssessed:
    """A source says how grave a damage is; `ours` is what the report says, which this does not change."""

    pad: PadRef
    report: int
    assessment: int
    severity: Severity
    ours: Severity
    tier: Tier
    source: str
    stated: When
    confidence: Confidence | None
    link: str | None
    note: str | None
    fact: Literal["damage_assessed"] = "damage_assessed"


@dataclass(frozen=True, slots=True)
class ReturnForecast:
    """A source says when a pad will be back. `before` is what the same source said before: (earliest, latest, words)."""

    pad: PadRef
    forecast: int
    source: str
    tier: Tier
    earliest: When | None
    latest: When | None
    stated: When
    note: str | None
    before: tuple[When | None, When | None, str | None] | None = None
    fact: Literal["return_forecast"] = "return_forecast"


@dataclass(frozen=True, slots=True)
class PadInspected:
    """Somebody inspected a pad."""

    pad: PadRef
    inspection: int
    result: InspectionResult
    note: str | None
    inspector: str
    evidence: tuple[str, ...] = ()
    fact: Literal["pad_inspected"] = "pad_inspected"


@dataclass(frozen=True, slots=True)
class ReturnRequested:
    """Nothing stands in the way of a pad's return but a second person's word; what it rests on is said with it.

    `reports` are (number, severity, state), `repairs` (number, title, reason it was cancelled for: None when it was verified).
    Once decided, `decision` and `decided_by` say how and by whom.
    """

    pad: PadRef
    number: int
    requested_by: int
    reports: tuple[tuple[int, Severity, ReportState], ...]
    repairs: tuple[tuple[int, str, str | None], ...]
    inspection: int
    inspected_by: int
    inspected_at: datetime
    decision: ReturnState | None = None
    decided_by: int | None = None
    fact: Literal["return_requested"] = "return_requested"


@dataclass(frozen=True, slots=True)
class ForecastScored:
    """What a source had said of a return, against the day on which the pad was back. `superseded`: it said something else later."""

    source: str
    tier: Tier
    verdict: Verdict
    days_off: int
    width_days: int | None
    forecast: int = 0
    said: tuple[When | None, When | None, str | None] = (None, None, None)
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class PadReturned:
    """A pad is in service again, and how right the forecasts were. `away_since` is when the outage began."""

    pad: PadRef
    number: int
    requested_by: int
    approved_by: int
    returned_at: datetime
    away_since: datetime | None
    scores: tuple[ForecastScored, ...] = ()
    fact: Literal["pad_returned"] = "pad_returned"


PadFacts = (
    PadAdded
    | PadEdited
    | PadRestricted
    | DamageReported
    | ReportUpdated
    | DamageAssessed
    | ReturnForecast
    | PadInspected
    | ReturnRequested
    | PadReturned
)
