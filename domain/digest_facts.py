"""What a daily digest says; the rules of `domain.facts` hold here too.

Every section holds a limited number of lines, the most important first, and how many more there are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from domain.damage import ReportState, Severity
from domain.inspections import InspectionResult
from domain.missions import Clearance, EventKind, EventState, Phase
from domain.pads import Lifecycle, PadStatus
from domain.repair_facts import TaskRef
from domain.repairs import TaskState
from domain.sources import Tier
from domain.when import When


class CrewMove(StrEnum):
    """What changed about a person's seat."""

    FLIES = "flies"
    COMES_DOWN = "comes_down"
    LEFT = "left"
    NOT_DOWN = "not_down"


class Nearness(StrEnum):
    """What comes near of a planned time: the time itself, or the beginning or the end of a window wider than a day."""

    AT = "at"
    OPENS = "opens"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event as a line of a digest names it."""

    mission: str
    kind: EventKind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DateChanged:
    """A date that is another than it was; `before` None was not planned yet."""

    event: NamedEvent
    before: When | None
    after: When | None


@dataclass(frozen=True, slots=True)
class EventTurned:
    """An event that happened, failed, was held, scrubbed, dropped, or is planned again; `at` is when, where that is known."""

    event: NamedEvent
    state: EventState
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MissionNews:
    """What became of one mission. `phase` and `clearance` are set where they changed to what is worth a line."""

    mission: str
    is_new: bool
    turned: tuple[EventTurned, ...] = ()
    dates: tuple[DateChanged, ...] = ()
    crew: tuple[tuple[str, CrewMove], ...] = ()
    phase: Phase | None = None
    clearance: Clearance | None = None
    news: Literal["mission"] = "mission"


@dataclass(frozen=True, slots=True)
class PadNews:
    """A pad whose status or lifecycle changed, or a new one."""

    pad: str
    before: PadStatus | None
    after: PadStatus
    lifecycle: Lifecycle
    lifecycle_before: Lifecycle = Lifecycle.ACTIVE
    news: Literal["pad"] = "pad"


@dataclass(frozen=True, slots=True)
class ReportNews:
    """A damage report that is new or changed."""

    report: int
    pad: str
    summary: str
    severity: Severity
    state: ReportState
    severity_before: Severity | None
    state_before: ReportState | None
    was_taken_on: bool
    news: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class RepairNews:
    """A repair task that is new or changed."""

    task: int
    title: str
    pad: str
    state: TaskState
    state_before: TaskState | None
    progress: int
    progress_before: int
    due: When | None
    due_before: When | None
    news: Literal["repair"] = "repair"


@dataclass(frozen=True, slots=True)
class StatementNews:
    """A statement that was posted, or corrected: then `corrects` is the one."""

    number: int
    text: str
    corrects: int | None
    news: Literal["statement"] = "statement"


@dataclass(frozen=True, slots=True)
class AssessmentNews:
    """What a source of some tier says about a damage, kept or adopted. Who it is stays out: it may have to be erased."""

    assessment: int
    report: int
    tier: Tier
    severity: Severity
    is_adopted: bool
    news: Literal["assessment"] = "assessment"


@dataclass(frozen=True, slots=True)
class ForecastNews:
    """When a source of some tier expects a pad back; without dates it said so in words."""

    pad: str
    tier: Tier
    earliest: When | None
    latest: When | None
    news: Literal["forecast"] = "forecast"


@dataclass(frozen=True, slots=True)
class InspectionNews:
    """A pad was inspected."""

    pad: str
    result: InspectionResult
    news: Literal["inspection"] = "inspection"


@dataclass(frozen=True, slots=True)
class ReturnNews:
    """A pad's return to service was asked for, and nobody has decided."""

    pad: str
    request: int
    news: Literal["return"] = "return"


News = (
    MissionNews
    | PadNews
    | ReportNews
    | RepairNews
    | StatementNews
    | AssessmentNews
    | ForecastNews
    | InspectionNews
    | ReturnNews
)


@dataclass(frozen=True, slots=True)
class DueLine:
    """An event, or a repair task, that is due."""

    when: When
    nearness: Nearness
    event: NamedEvent | None = None
    task: TaskRef | None = None


@dataclass(frozen=True, slots=True)
class UnconfirmedLine:
    """An event whose whole planned time has passed, and nobody said what happened."""

    event: NamedEvent
    when: When


@dataclass(frozen=True, slots=True)
class DamageLine:
    """Damage that is open."""

    report: int
    pad: str
    summary: str
    severity: Severity
    state: ReportState
    is_taken_on: bool


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """A repair task that is overdue by whole days."""

    task: TaskRef
    due: When
    days: int


@dataclass(frozen=True, slots=True)
class ParkedLine:
    """Posts that a channel did not take."""

    channel_id: int
    count: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class DigestPosted:
    """A channel's digest for one local day. `since` is when the one before it was taken; `next_due_at` when the next is due.

    What is due is told as seen at `looked_at`; None where that is `due_at`, in digests of earlier versions. `unread` counts journal
    entries so far back that they were not looked at. Of `damage_counts` the gravest comes first.
    """

    subscription_id: int
    day: date
    due_at: datetime
    since: datetime
    next_due_at: datetime
    news: tuple[News, ...] = ()
    news_more: int = 0
    unread: int = 0
    in_a_day: tuple[DueLine, ...] = ()
    in_a_day_more: int = 0
    in_a_week: tuple[DueLine, ...] = ()
    in_a_week_more: int = 0
    unconfirmed: tuple[UnconfirmedLine, ...] = ()
    unconfirmed_more: int = 0
    damage: tuple[DamageLine, ...] = ()
    damage_more: int = 0
    damage_counts: tuple[tuple[Severity, int], ...] = ()
    overdue: tuple[OverdueLine, ...] = ()
    overdue_more: int = 0
    parked: tuple[ParkedLine, ...] = ()
    parked_more: int = 0
    delayed: bool = False
    looked_at: datetime | None = None
    fact: Literal["digest_posted"] = "digest_posted"

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to say."""
        sections = (self.news, self.in_a_day, self.in_a_week, self.unconfirmed, self.damage, self.overdue, self.parked)
        return not any(sections) and not self.unread
