"""Who hears what: topics, subscriptions, and whom facts concern."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.damage import Severity
from domain.facts import (
    ChangeUndone,
    ClearanceChanged,
    CountdownReached,
    CrewAssigned,
    CrewRemoved,
    DateClaimed,
    EventCorrected,
    EventDone,
    EventDropped,
    EventFailed,
    EventHeld,
    EventMoved,
    EventPlanned,
    EventRef,
    EventUnconfirmed,
    Facts,
    LaunchScrubbed,
    MedicalMatter,
    MissionCancelled,
    MissionCreated,
    MissionEdited,
    PersonRenamed,
    ReturnChanged,
    StatementPosted,
    StationSaved,
)
from domain.impact_facts import PadImpact
from domain.missions import EventKind
from domain.pad_facts import (
    DamageAssessed,
    DamageReported,
    PadAdded,
    PadEdited,
    PadInspected,
    PadRestricted,
    PadReturned,
    ReportUpdated,
    ReturnForecast,
    ReturnRequested,
)
from domain.places import Place
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairDue,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
)


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


_ABOUT_REPAIRS = (
    RepairPlanned | RepairEdited | RepairStateChanged | RepairProgressed | MaterialChanged | RepairCompleted | RepairDue
)
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
            and (self.severity is None or audience.severity is None or audience.severity.rank >= self.severity.rank)
        )


def places_of(wanting: Iterable[Subscription]) -> dict[int, Place]:
    """The channels of these subscriptions, oldest first.

    A post mentions the role of every subscription that brings it there. It speaks the language of the first that mentions one, or
    else of the first.
    """
    by_channel: dict[int, list[Subscription]] = {}
    for subscription in wanting:
        by_channel.setdefault(subscription.channel_id, []).append(subscription)
    places = {}
    for channel_id, found in by_channel.items():
        mentioning = [one for one in found if one.mention_role_id is not None]
        roles = dict.fromkeys(one.mention_role_id for one in mentioning if one.mention_role_id is not None)
        places[channel_id] = Place(channel_id, (mentioning or found)[0].language, tuple(roles))
    return places


def audience_of(facts: Facts) -> Audience:
    """Whom facts concern."""
    match facts:
        case CountdownReached():
            return Audience(frozenset({Topic.COUNTDOWN}), facts.event.mission_id)
        case EventDone() | EventUnconfirmed():
            return Audience(frozenset({_EVENT_TOPICS[facts.event.kind]}), facts.event.mission_id)
        case EventFailed():
            return Audience(_of_the_schedule(facts.event, *facts.cancelled), facts.event.mission_id)
        case EventPlanned() | ChangeUndone() | EventDropped() | EventCorrected() | DateClaimed():
            return Audience(_of_the_schedule(facts.event), facts.event.mission_id)
        case EventMoved() | EventHeld() | LaunchScrubbed():
            return Audience(_of_the_schedule(facts.event, *facts.undated), facts.event.mission_id)
    return _audience_of_no_event(facts)


def is_heard_muted(facts: Facts) -> bool:
    """True for what is announced of a muted mission all the same: what went wrong or was said to, and what two people chose to say.

    Clearances and corrections come through whichever way they go: they may take back an alarm that was heard.
    """
    return isinstance(facts, EventFailed | MissionCancelled | ClearanceChanged | EventCorrected | StatementPosted)


def _audience_of_no_event(facts: Facts) -> Audience:
    if isinstance(facts, _ABOUT_REPAIRS):
        return Audience(frozenset({Topic.REPAIR}), pad_id=facts.task.pad_id)
    match facts:
        case MissionCreated(launch=launch):
            topics = {Topic.SCHEDULE} if launch is None else {Topic.SCHEDULE, Topic.LAUNCH}
            return Audience(frozenset(topics), facts.mission_id)
        case MissionCancelled() | MissionEdited():
            return Audience(frozenset({Topic.SCHEDULE, Topic.LAUNCH}), facts.mission_id)
        case ClearanceChanged() | ReturnChanged():
            return Audience(frozenset({Topic.RETURN, Topic.CREW}), facts.mission_id)
        case StatementPosted():
            return Audience(frozenset({Topic.STATEMENT}), facts.mission_id)
        case CrewAssigned() | CrewRemoved():
            return Audience(frozenset({Topic.CREW}), facts.mission_id)
        case PersonRenamed() | MedicalMatter() | StationSaved():
            return Audience(frozenset({Topic.DOCKING if isinstance(facts, StationSaved) else Topic.CREW}))
    return _audience_at_a_pad(facts)


def _audience_at_a_pad(facts: Facts) -> Audience:
    match facts:
        case DamageReported():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad_id, severity=facts.severity)
        case PadImpact():
            heard = frozenset({Topic.PAD, Topic.LAUNCH, Topic.SCHEDULE})
            return Audience(heard, pad_id=facts.pad.pad_id, severity=Severity.CRITICAL)
        case PadAdded():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad_id)
        case ReportUnacknowledged() | ReportUnassessed():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad.pad_id, severity=Severity.CRITICAL)
        case ReportUpdated():
            worst = max(facts.severity_before, facts.severity_after, key=lambda severity: severity.rank)
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad.pad_id, severity=worst)
        case DamageAssessed():
            worst = max(facts.severity, facts.ours, key=lambda severity: severity.rank)
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad.pad_id, severity=worst)
        case PadEdited() | PadRestricted() | ReturnForecast() | PadInspected() | ReturnRequested() | PadReturned():
            return Audience(frozenset({Topic.PAD}), pad_id=facts.pad.pad_id)
    return Audience(frozenset())


def _of_the_schedule(*events: EventRef) -> frozenset[Topic]:
    """What changes dates concerns the schedule, and whoever hears of any of the events whose date it changed."""
    return frozenset({Topic.SCHEDULE, *(_EVENT_TOPICS[event.kind] for event in events)})
