"""What announcements say. Facts are frozen at the moment of the change: what was true then, in plain values.

They are stored as versioned JSON in the outbox, so a class here may gain fields with defaults, but never lose or rename one
without raising FACTS_VERSION and reading both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.alarm_facts import AlarmFacts
from domain.board_facts import BoardFacts, BoardRemoved
from domain.countdown import ReminderKind
from domain.digest_facts import DigestPosted
from domain.impact_facts import PadImpact
from domain.missions import Clearance, EventKind, EventState, MissionKind, Outcome
from domain.pad_facts import PadFacts
from domain.places import Place
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairDue,
    RepairDueOutdated,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
)
from domain.schedule import Direction
from domain.sources import Tier
from domain.statements import DraftState
from domain.when import When

FACTS_VERSION = 1


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
    """An event got its first planned time. `overlaps` are spacecraft that may be at its port at the same time."""

    event: EventRef
    when: When
    port: str | None = None
    station: str | None = None
    overlaps: tuple[str, ...] = ()
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
class EventHeld:
    """The countdown to an event stopped, or with `resumed` goes on; `when` is the date that stands."""

    event: EventRef
    when: When | None
    reason: str | None
    resumed: bool = False
    undated: tuple[EventRef, ...] = ()
    fact: Literal["event_held"] = "event_held"


@dataclass(frozen=True, slots=True)
class LaunchScrubbed:
    """A launch attempt was called off. `next_attempt` is the new date; None while there is none."""

    event: EventRef
    reason: str
    next_attempt: When | None
    undated: tuple[EventRef, ...] = ()
    fact: Literal["launch_scrubbed"] = "launch_scrubbed"


@dataclass(frozen=True, slots=True)
class EventDropped:
    """An event is no longer planned."""

    event: EventRef
    reason: str
    fact: Literal["event_dropped"] = "event_dropped"


@dataclass(frozen=True, slots=True)
class EventFailed:
    """An event failed. With an outcome the flight is over or impaired; `cancelled` can no longer happen."""

    event: EventRef
    at: datetime
    reason: str
    outcome: Outcome | None
    attempt: int = 1
    cancelled: tuple[EventRef, ...] = ()
    fact: Literal["event_failed"] = "event_failed"


@dataclass(frozen=True, slots=True)
class EventCorrected:
    """A recorded time was wrong. `after` None: it did not happen after all."""

    event: EventRef
    before: datetime
    after: datetime | None
    reason: str
    fact: Literal["event_corrected"] = "event_corrected"


@dataclass(frozen=True, slots=True)
class MissionCancelled:
    """A mission was given up before launch."""

    mission_id: int
    mission: str
    reason: str
    fact: Literal["mission_cancelled"] = "mission_cancelled"


@dataclass(frozen=True, slots=True)
class MissionEdited:
    """Facts of a mission changed. `changes` are (option, before, after) in plain words."""

    mission_id: int
    mission: str
    changes: tuple[tuple[str, str | None, str | None], ...]
    reason: str | None
    fact: Literal["mission_edited"] = "mission_edited"


@dataclass(frozen=True, slots=True)
class ClearanceChanged:
    """Whether a spacecraft may bring its crew down was said anew."""

    mission_id: int
    mission: str
    before: Clearance
    after: Clearance
    reason: str
    source: str | None
    fact: Literal["clearance_changed"] = "clearance_changed"


@dataclass(frozen=True, slots=True)
class DateClaimed:
    """A source states a date that is not ours; `ours` is what we plan."""

    event: EventRef
    when: When
    ours: When | None
    source: str
    tier: Tier
    link: str | None
    fact: Literal["date_claimed"] = "date_claimed"


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
class CrewRemoved:
    """A person lost their seat: up and down, or only down. `also_from` is a way down on another flight that went with it."""

    mission_id: int
    mission: str
    person: str
    went_up: bool
    reason: str | None
    also_from: str | None = None
    fact: Literal["crew_removed"] = "crew_removed"


@dataclass(frozen=True, slots=True)
class ReturnChanged:
    """A person got another way down; None is no ride."""

    mission_id: int
    person: str
    went_up_on: str
    before: str | None
    after: str | None
    fact: Literal["return_changed"] = "return_changed"


@dataclass(frozen=True, slots=True)
class PersonRenamed:
    """What a person is called, or whom they belong to, was put right."""

    before: str
    after: str
    agency: str | None
    fact: Literal["person_renamed"] = "person_renamed"


@dataclass(frozen=True, slots=True)
class MedicalMatter:
    """A medical matter is being handled. That is all that may be said: not who, not what, not how many."""

    fact: Literal["medical_matter"] = "medical_matter"


@dataclass(frozen=True, slots=True)
class StationSaved:
    """A station was entered, or ports were added to it."""

    station: str
    short: str | None
    ports: tuple[str, ...]
    is_new: bool
    fact: Literal["station_saved"] = "station_saved"


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
class ReminderOutdated:
    """What a posted reminder said is no longer so: `state` and `time` are what is true of its event since."""

    was: CountdownReached | EventUnconfirmed
    state: EventState
    time: When | None
    fact: Literal["reminder_outdated"] = "reminder_outdated"


@dataclass(frozen=True, slots=True)
class StatementPosted:
    """A statement that two people made. After a correction: when, why, and what it said before."""

    number: int
    text: str
    mission_id: int | None = None
    mission: str | None = None
    corrected_at: datetime | None = None
    reason: str | None = None
    before: str | None = None
    fact: Literal["statement_posted"] = "statement_posted"


@dataclass(frozen=True, slots=True)
class DraftWaiting:
    """A statement, or the correction of one (`corrects`, which says `before`), that waits for a second person.

    `channels` are where it would be posted, each with the role that would be mentioned. Once decided, `decision` and
    `decided_by` say how and by whom.
    """

    number: int
    text: str
    mission: str | None
    channels: tuple[Place, ...]
    drafted_by: int
    corrects: int | None = None
    before: str | None = None
    reason: str | None = None
    decision: DraftState | None = None
    decided_by: int | None = None
    fact: Literal["draft_waiting"] = "draft_waiting"


@dataclass(frozen=True, slots=True)
class OpsNotice:
    """The bot speaks about itself, in the ops channel. `code` has a sentence in the catalogue."""

    code: str
    params: tuple[tuple[str, str], ...] = ()
    fact: Literal["ops_notice"] = "ops_notice"


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The journal's last entry and its seal, posted daily: from then on nobody can rewrite what came before unseen."""

    seq: int
    mac: str
    taken_at: datetime
    fact: Literal["journal_head"] = "journal_head"


Facts = (
    MissionCreated
    | EventHeld
    | LaunchScrubbed
    | EventDropped
    | EventFailed
    | EventCorrected
    | MissionCancelled
    | MissionEdited
    | ClearanceChanged
    | DateClaimed
    | EventPlanned
    | EventMoved
    | EventDone
    | ChangeUndone
    | CrewAssigned
    | CrewRemoved
    | ReturnChanged
    | PersonRenamed
    | MedicalMatter
    | StationSaved
    | PadFacts
    | PadImpact
    | AlarmFacts
    | RepairPlanned
    | RepairProgressed
    | RepairCompleted
    | RepairStateChanged
    | RepairEdited
    | MaterialChanged
    | CountdownReached
    | EventUnconfirmed
    | RepairDue
    | RepairDueOutdated
    | ReminderOutdated
    | StatementPosted
    | DraftWaiting
    | DigestPosted
    | BoardFacts
    | BoardRemoved
    | OpsNotice
    | JournalHead
)
