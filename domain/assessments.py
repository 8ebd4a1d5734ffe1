"""What others say about a damage: kept side by side with who said it, how close they stand to it, and how sure they are.

Assessments never change a report by themselves; adopting one does. Spelling aside, one source is one source, and of its
statements the last one stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.damage import DamageReport, ReportState, Severity, require_open_report, update
from domain.errors import Conflict
from domain.sources import Tier
from domain.text import name_key
from domain.when import When


class Confidence(StrEnum):
    """How sure a source is, as far as it says so."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Assessment AS-`number` of a report. `adopted_at` is when the team made it its own."""

    number: int
    report_number: int
    severity: Severity
    tier: Tier
    source: str
    stated: When
    confidence: Confidence | None
    link: str | None
    note: str | None
    recorded_by: int
    recorded_at: datetime
    adopted_at: datetime | None = None

    @property
    def label(self) -> str:
        """The assessment's short name in the workspace."""
        return f"AS-{self.number}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side's gravest view: `agreeing` of its `sources` say so; `leading` is the last of them to say it."""

    leading: Assessment
    agreeing: int
    sources: int

    @property
    def severity(self) -> Severity:
        """The gravest severity that this side states."""
        return self.leading.severity


@dataclass(frozen=True, slots=True)
class Views:
    """The official view and the gravest other view, side by side; None where nobody has spoken."""

    official: Side | None
    other: Side | None

    @property
    def contradict(self) -> bool:
        """True when both sides have spoken and do not say the same."""
        return (
            self.official is not None and self.other is not None and self.official.severity is not self.other.severity
        )


def standing(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """What each source says now: stated last, or recorded last where that cannot be told; by number."""
    by_source: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        by_source.setdefault(name_key(assessment.source), []).append(assessment)
    return tuple(sorted((_last_said(said) for said in by_source.values()), key=lambda one: one.number))


def views_of(assessments: Iterable[Assessment]) -> Views:
    """Set the official view beside all others. Nothing is averaged: each side speaks with its gravest voice."""
    stand = standing(assessments)
    return Views(
        official=_side(one for one in stand if one.tier is Tier.OFFICIAL),
        other=_side(one for one in stand if one.tier is not Tier.OFFICIAL),
    )


def adopt(report: DamageReport, assessment: Assessment, at: datetime, reason: str) -> tuple[DamageReport, Assessment]:
    """Make an assessment the team's own: the report takes its severity, and nobody calls it unconfirmed any more."""
    require_open_report(report)
    state = ReportState.CONFIRMED if report.state is ReportState.REPORTED else report.state
    if (state, assessment.severity) == (report.state, report.severity):
        raise Conflict("adoption_changes_nothing", report=report.label, assessment=assessment.label)
    changed = update(report, at, state=state, severity=assessment.severity, reason=reason)
    return changed, replace(assessment, adopted_at=at)


def _side(assessments: Iterable[Assessment]) -> Side | None:
    said = tuple(assessments)
    if not said:
        return None
    gravest = max(one.severity.rank for one in said)
    agreeing = [one for one in said if one.severity.rank == gravest]
    return Side(_last_said(agreeing), len(agreeing), len(said))


def _last_said(assessments: Iterable[Assessment]) -> Assessment:
    """The one that was stated last, where that cannot be told the one that was recorded last."""
    found = sorted(assessments, key=lambda one: one.number)
    last = found[0]
    for one in found[1:]:
        last = last if one.stated.certainly_before(last.stated) else one
    return last
