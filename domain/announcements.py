"""What the house announces, and to whom. Facts are frozen at the moment of the change: what was true then, in plain values.

Facts are stored as versioned JSON in the outbox, so a class here may gain fields with defaults, but never lose or rename one
without raising FACTS_VERSION and reading both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from domain.countdown import ReminderKind
from domain.missions import EventKind, MissionKind
from domain.pads import PadStatus, Severity
from domain.schedule import Direction
from domain.when import When

FACTS_VERSION = 1


class Topic(StrEnum):
    """What a channel can subscribe to."""

    LAUNCH = "launch"
    DOCKING = "docking"
    RETURN = "return"
    SCHEDULE = "schedule"
    CREW = "crew"
    EVA = "eva"
    PAD = "pad"
    REPAIR = "repair"
    COUNTDOWN = "countdown"
    STATEMENT = "statement"
    DIGEST = "digest"
    ALL = "all"


_EVENT_TOPICS = {
    EventKind.LAUNCH: Topic.LAUNCH,
    EventKind.DOCKING: Topic.DOCKING,
    EventKind.RELOCATION: Topic.DOCKING,
    EventKind.EVA: Topic.EVA,
    EventKind.UNDOCKING: Topic.RETURN,
    EventKind.LANDING: Topic.RETURN,
    EventKind.DEORBIT: Topic.RETURN,
    EventKind.MILESTONE: Topic.SCHEDULE,
}


_ABOUT_MISSIONS = frozenset(
    {Topic.LAUNCH, Topic.DOCKING, Topic.RETURN, Topic.SCHEDULE, Topic.CREW, Topic.EVA, Topic.COUNTDOWN, Topic.STATEMENT}
)
FILTERS = {
    "mission": _ABOUT_MISSIONS | {Topic.ALL},
    "pad": frozenset({Topic.PAD, Topic.REPAIR, Topic.ALL}),
    "severity": frozenset({Topic.PAD, Topic.ALL}),
}
"""Which topics each filter of a subscription can narrow; with any other it would never match."""


@dataclass(frozen=True, slots=True)
class EventRef:
    """An event as an announcement names it."""

    mission_id: int
    mission: str
    event_id: int
    kind: EventKind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class MissionCreated:
    """A mission was entered."""

    mission_id: int
    mission: str
    mission_kind: MissionKind
    vehicle: str
    pad: str | None
    station: str | None
    launch: When | None
    fact: Literal["mission_created"] = "mission_created"


@dataclass(frozen=True, slots=True)
class EventPlanned:
    """An event got its first planned time."""

    event: EventRef
    when: When
    port: str | None = None
    station: str | None = None
    fact: Literal["event_planned"] = "event_planned"


@dataclass(frozen=True, slots=True)
class EventMoved:
    """A planned time changed. `undated` are events of the same mission that lost their date by it."""

    event: EventRef
    before: When | None
    after: When
    direction: Direction
    slip_days: int | None
    reason: str | None
    cause: str | None = None
    source: str | None = None
    undated: tuple[EventRef, ...] = ()
    fact: Literal["event_moved"] = "event_moved"


@dataclass(frozen=True, slots=True)
class EventDone:
    """An event happened."""

    event: EventRef
    at: datetime
    planned: When | None
    port: str | None = None
    station: str | None = None
    note: str | None = None
    fact: Literal["event_done"] = "event_done"


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """A member took back their last change to an event: `time` is what stands now, None when the event is gone."""

    event: EventRef
    undone: Literal["plan", "move", "done"]
    time: When | None
    fact: Literal["change_undone"] = "change_undone"


@dataclass(frozen=True, slots=True)
class CrewAssigned:
    """A person got a seat."""

    mission_id: int
    mission: str
    person: str
    role: str
    agency: str | None
    fact: Literal["crew_assigned"] = "crew_assigned"


@dataclass(frozen=True, slots=True)
class StationSaved:
    """A station was entered, or ports were added to it."""

    station: str
    short: str | None
    ports: tuple[str, ...]
    is_new: bool
    fact: Literal["station_saved"] = "station_saved"


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
    """Damage was logged. `waiting` are names of missions planned from the pad that its new status puts in question."""

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


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A repair task as an announcement names it."""

    task: int
    title: str
    report: int
    pad_id: int
    pad: str


@dataclass(frozen=True, slots=True)
class RepairPlanned:
    """A repair task was planned."""

    task: TaskRef
    owner: str | None
    due: When | None
    days: int | None
    after: tuple[int, ...] = ()
    fact: Literal["repair_planned"] = "repair_planned"


@dataclass(frozen=True, slots=True)
class RepairProgressed:
    """A repair task moved on. Percent of the work, 0 to 100."""

    task: TaskRef
    before: int
    after: int
    note: str | None
    fact: Literal["repair_progressed"] = "repair_progressed"


@dataclass(frozen=True, slots=True)
class RepairCompleted:
    """A repair task is said to be done. `open_left` counts the report's tasks that are not."""

    task: TaskRef
    due: When | None
    done_at: datetime
    note: str | None
    open_left: int
    fact: Literal["repair_completed"] = "repair_completed"


@dataclass(frozen=True, slots=True)
class CountdownReached:
    """A countdown's instant came. `delayed` when it is posted noticeably after `due_at`."""

    event: EventRef
    when: When
    kind: ReminderKind
    offset: timedelta
    due_at: datetime
    delayed: bool = False
    fact: Literal["countdown_reached"] = "countdown_reached"


@dataclass(frozen=True, slots=True)
class EventUnconfirmed:
    """A planned time has passed and nobody said what happened."""

    event: EventRef
    when: When
    due_at: datetime
    delayed: bool = False
    fact: Literal["event_unconfirmed"] = "event_unconfirmed"


@dataclass(frozen=True, slots=True)
class RepairDue:
    """A repair task is due soon, due now (`days_left` 0) or overdue (negative)."""

    task: TaskRef
    due: When
    days_left: int
    due_at: datetime
    delayed: bool = False
    fact: Literal["repair_due"] = "repair_due"


@dataclass(frozen=True, slots=True)
class OpsNotice:
    """The bot speaks about itself, in the ops channel. `code` has a sentence in the catalogue."""

    code: str
    params: tuple[tuple[str, str], ...] = ()
    fact: Literal["ops_notice"] = "ops_notice"


Facts = (
    MissionCreated
    | EventPlanned
    | EventMoved
    | EventDone
    | ChangeUndone
    | CrewAssigned
    | StationSaved
    | PadAdded
    | DamageReported
    | RepairPlanned
    | RepairProgressed
    | RepairCompleted
    | CountdownReached
    | EventUnconfirmed
    | RepairDue
    | OpsNotice
)


@dataclass(frozen=True, slots=True)
class Audience:
    """What subscriptions are matched on."""

    topics: frozenset[Topic]
    mission_id: int | None = None
    pad_id: int | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish. `severity` is the mildest it wants to hear of; `mention_role_id` is pinged with each post."""

    id: int
    channel_id: int
    topic: Topic
    mission_id: int | None = None
    pad_id: int | None = None
    severity: Severity | None = None
    mention_role_id: int | None = None
    language: str = "en"

    def wants(self, audience: Audience) -> bool:
        """True when every filter that is set matches."""
        return (
            (self.topic is Topic.ALL or self.topic in audience.topics)
            and self.mission_id in {None, audience.mission_id}
            and self.pad_id in {None, audience.pad_id}
            and (self.severity is None or audience.severity is None or _rank(audience.severity) >= _rank(self.severity))
        )


def audience_of(facts: Facts) -> Audience:
    """Whom facts concern."""
    match facts:
        case EventPlanned() | EventMoved() | EventDone() | EventUnconfirmed() | ChangeUndone() | CountdownReached():
            return Audience(_topics_of_event(facts), facts.event.mission_id)
        case MissionCreated():
            return Audience(frozenset({Topic.SCHEDULE}), facts.mission_id)
        case CrewAssigned():
            return Audience(frozenset({Topic.CREW}), facts.mission_id)
        case DamageReported():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad_id, severity=facts.severity)
        case PadAdded():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad_id)
        case RepairPlanned() | RepairProgressed() | RepairCompleted() | RepairDue():
            return Audience(frozenset({Topic.REPAIR}), pad_id=facts.task.pad_id)
        case StationSaved():
            return Audience(frozenset({Topic.DOCKING}))
    return Audience(frozenset())


def _topics_of_event(
    facts: EventPlanned | EventMoved | EventDone | EventUnconfirmed | ChangeUndone | CountdownReached,
) -> frozenset[Topic]:
    """A countdown is its own topic; plans and moves belong to the schedule besides the event's topic."""
    if isinstance(facts, CountdownReached):
        return frozenset({Topic.COUNTDOWN})
    topic = _EVENT_TOPICS[facts.event.kind]
    return frozenset({topic, Topic.SCHEDULE}) if isinstance(facts, EventPlanned | EventMoved) else frozenset({topic})


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)
