"""Which channel hears what, how long a post is worth making, and how hard it is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from domain import facts, pad_facts, repair_facts
from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.announcements import Audience, Subscription, Topic, audience_of
from domain.board_facts import BoardRemoved, CrewBoard, MissionBoard, PadBoard
from domain.boards import BoardKind
from domain.countdown import ReminderKind
from domain.damage import ReportState, Severity
from domain.delivery import (
    BACKOFF_FIRST,
    BACKOFF_LAST,
    NONCE_LENGTH,
    REFERENCE_LENGTH,
    Delivery,
    Operation,
    backoff,
    expires_at,
    reference_of,
    subject_of,
)
from domain.digest_facts import DigestPosted
from domain.facts import EventRef, Facts
from domain.impact import Blocked
from domain.impact_facts import BlockedLaunch, LostCapability, PadImpact
from domain.inspections import InspectionResult
from domain.materials import MaterialState
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.member_reminders import Where
from domain.missions import Clearance, EventKind, EventState, MissionKind, Outcome
from domain.pads import PadStatus
from domain.places import Place
from domain.repairs import TaskState
from domain.schedule import Direction
from domain.sources import Tier
from domain.when import exactly

AT = datetime(2026, 7, 27, 5, tzinfo=UTC)
LANDING = EventRef(1, "Soyuz MS-28", 2, EventKind.LANDING)
LAUNCH = EventRef(1, "Soyuz MS-28", 3, EventKind.LAUNCH)
TASK = repair_facts.TaskRef(1, "clear the flame trench", 1, 9, "Site 31/6")
WHEN = exactly(AT)
CALLS = ReportUnacknowledged(pad_facts.PadRef(9, "Site 31/6"), 1, "cabin", AT, 1, None, timedelta(minutes=10), AT)
ASKS = ReportUnassessed(pad_facts.PadRef(9, "Site 31/6"), 1, "cabin", 7, AT, AT)
TERMS = repair_facts.RepairTerms("clear the flame trench", None, None, None, ())
PAD = pad_facts.PadRef(9, "Site 31/6")
UPDATED = pad_facts.ReportUpdated(
    PAD, 1, "bent", ReportState.REPORTED, ReportState.CLOSED, Severity.CRITICAL, Severity.MINOR, "paint",
    PadStatus.OUT_OF_SERVICE, PadStatus.OUT_OF_SERVICE,
)  # fmt: skip
ASSESSED = pad_facts.DamageAssessed(
    PAD, 1, 1, Severity.MINOR, Severity.CRITICAL, Tier.OFFICIAL, "Roscosmos", WHEN, None, None, None
)
DAMAGE = pad_facts.DamageReported(
    9, "Site 31/6", "Baikonur", 1, None, Severity.MAJOR, "bridges deformed", AT, AT, "pad chief", PadStatus.OPERATIONAL,
    PadStatus.RESTRICTED,
)  # fmt: skip
DIGEST = DigestPosted(9, AT.date(), AT, AT - timedelta(days=1), AT + timedelta(days=1))
# One of each kind of facts, and the topics it is for.
SAID: list[tuple[Facts, set[Topic], int | None, int | None]] = [
    (
        facts.MissionCreated(1, "Soyuz MS-28", MissionKind.CREW, "Soyuz-2.1a", None, None, None),
        {Topic.SCHEDULE},
        1,
        None,
    ),
    (facts.EventPlanned(LANDING, WHEN), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.EventMoved(LANDING, None, WHEN, Direction.SET, None, "why"), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.EventDone(LANDING, AT, WHEN), {Topic.RETURN}, 1, None),
    (facts.ChangeUndone(LANDING, "plan", None), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.EventHeld(LANDING, WHEN, "why"), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.LaunchScrubbed(LAUNCH, "why", None), {Topic.SCHEDULE, Topic.LAUNCH}, 1, None),
    (facts.EventDropped(LANDING, "why"), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.EventFailed(LAUNCH, AT, "why", Outcome.LOST), {Topic.SCHEDULE, Topic.LAUNCH}, 1, None),
    (facts.EventCorrected(LANDING, AT, None, "why"), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.DateClaimed(LANDING, WHEN, None, "NASA", Tier.OFFICIAL, None), {Topic.SCHEDULE, Topic.RETURN}, 1, None),
    (facts.MissionCancelled(1, "Soyuz MS-28", "why"), {Topic.SCHEDULE, Topic.LAUNCH}, 1, None),
    (facts.MissionEdited(1, "Soyuz MS-28", (), None), {Topic.SCHEDULE, Topic.LAUNCH}, 1, None),
    (
        facts.ClearanceChanged(1, "Soyuz MS-22", Clearance.CLEARED, Clearance.NOT_CLEARED, "leak", None),
        {Topic.RETURN, Topic.CREW},
        1,
        None,
    ),
    (facts.CrewAssigned(1, "Soyuz MS-28", "Sergei Mikaev", "Flight Engineer", None), {Topic.CREW}, 1, None),
    (facts.CrewRemoved(1, "Soyuz MS-28", "Sergei Mikaev", went_up=True, reason="why"), {Topic.CREW}, 1, None),
    (
        facts.ReturnChanged(1, "Francisco Rubio", "Soyuz MS-22", None, "Soyuz MS-23"),
        {Topic.CREW, Topic.RETURN},
        1,
        None,
    ),
    (facts.PersonRenamed("Sergey Mikayev", "Sergei Mikaev", None), {Topic.CREW}, None, None),
    (facts.MedicalMatter(), {Topic.CREW}, None, None),
    (facts.StationSaved("International Space Station", "ISS", (), is_new=True), {Topic.DOCKING}, None, None),
    (pad_facts.PadAdded(9, "Site 31/6", "Baikonur", ()), {Topic.PAD}, None, 9),
    (DAMAGE, {Topic.PAD}, None, 9),
    (pad_facts.PadEdited(PAD, (), None), {Topic.PAD}, None, 9),
    (
        pad_facts.PadRestricted(PAD, "wind", "wind", False, PadStatus.OPERATIONAL, PadStatus.RESTRICTED),
        {Topic.PAD},
        None,
        9,
    ),
    (pad_facts.ReturnForecast(PAD, 1, "Roscosmos", Tier.OFFICIAL, None, WHEN, WHEN, None), {Topic.PAD}, None, 9),
    (pad_facts.PadInspected(PAD, 1, InspectionResult.PASSED, None, "Pad chief"), {Topic.PAD}, None, 9),
    (pad_facts.ReturnRequested(PAD, 1, 7, (), (), 1, 8, AT), {Topic.PAD}, None, 9),
    (pad_facts.PadReturned(PAD, 1, 7, 8, AT, None), {Topic.PAD}, None, 9),
    (UPDATED, {Topic.PAD}, None, 9),
    (ASSESSED, {Topic.PAD}, None, 9),
    (
        PadImpact(
            pad_facts.PadRef(9, "Site 31/6"),
            None,
            (AT, ("Anatoly Zak", "")),
            (BlockedLaunch(1, "Soyuz MS-29", MissionKind.CREW, WHEN, Blocked.POSSIBLY, None, 514),),
            2,
            (LostCapability("Soyuz-2.1a", MissionKind.CREW, False, "Soyuz MS-29", WHEN),),
            (("Soyuz-2.1a", MissionKind.OTHER, ("Site 1S", "Site 43/4")),),
        ),
        {Topic.PAD, Topic.LAUNCH, Topic.SCHEDULE},
        None,
        9,
    ),
    (repair_facts.RepairPlanned(TASK, None, None, None), {Topic.REPAIR}, None, 9),
    (repair_facts.RepairProgressed(TASK, 0, 50, None), {Topic.REPAIR}, None, 9),
    (repair_facts.RepairCompleted(TASK, None, AT, None, 0), {Topic.REPAIR}, None, 9),
    (repair_facts.RepairStateChanged(TASK, TaskState.PLANNED, TaskState.IN_WORK), {Topic.REPAIR}, None, 9),
    (repair_facts.RepairEdited(TASK, TERMS, TERMS), {Topic.REPAIR}, None, 9),
    (repair_facts.MaterialChanged(TASK, "frame", None, MaterialState.NEEDED), {Topic.REPAIR}, None, 9),
    (facts.CountdownReached(LANDING, WHEN, ReminderKind.COUNTDOWN, timedelta(0), AT), {Topic.COUNTDOWN}, 1, None),
    (facts.EventUnconfirmed(LANDING, WHEN, AT), {Topic.RETURN}, 1, None),
    (repair_facts.RepairDue(TASK, WHEN, 0, AT), {Topic.REPAIR}, None, 9),
    (CALLS, {Topic.PAD}, None, 9),
    (ASKS, {Topic.PAD}, None, 9),
    (
        repair_facts.RepairDueOutdated(repair_facts.RepairDue(TASK, WHEN, 0, AT), TaskState.DONE, WHEN),
        set(),
        None,
        None,
    ),
    (
        facts.ReminderOutdated(facts.EventUnconfirmed(LANDING, WHEN, AT), EventState.DONE, WHEN),
        set(),
        None,
        None,
    ),
    (facts.StatementPosted(1, "All is well.", 1, "Soyuz MS-28"), {Topic.STATEMENT}, 1, None),
    (facts.DraftWaiting(1, "All is well.", "Soyuz MS-28", (Place(5),), 7), set(), None, None),
    (facts.OpsNotice("started"), set(), None, None),
    (MissionBoard(AT, ()), set(), None, None),
    (PadBoard(AT, ()), set(), None, None),
    (CrewBoard(AT, ()), set(), None, None),
    (BoardRemoved(BoardKind.PADS), set(), None, None),
    (MemberReminded(1, 3, Where.ME, 7, 5, "look", AT), set(), None, None),
    (ReminderUndelivered(3, 7, AT), set(), None, None),
    (facts.JournalHead(12, "a" * 64, AT), set(), None, None),
    (DIGEST, set(), None, None),
]


@pytest.mark.parametrize(("facts", "topics", "mission", "pad"), SAID, ids=[type(facts).__name__ for facts, *_ in SAID])
def test_facts_are_for_those_they_concern(
    facts: Facts, topics: set[Topic], mission: int | None, pad: int | None
) -> None:
    audience = audience_of(facts)
    assert set(audience.topics) == topics
    assert (audience.mission_id, audience.pad_id) == (mission, pad)


@pytest.mark.parametrize(
    ("facts", "topics"),
    [
        (
            facts.MissionCreated(1, "Soyuz MS-28", MissionKind.CREW, "Soyuz-2.1a", None, None, WHEN),
            {Topic.SCHEDULE, Topic.LAUNCH},
        ),
        (
            facts.EventMoved(LAUNCH, WHEN, WHEN, Direction.SLIP, 9, "why", undated=(LANDING,)),
            {Topic.SCHEDULE, Topic.LAUNCH, Topic.RETURN},
        ),
        (
            facts.EventHeld(LAUNCH, WHEN, None, resumed=True, undated=(LANDING,)),
            {Topic.SCHEDULE, Topic.LAUNCH, Topic.RETURN},
        ),
        (facts.LaunchScrubbed(LAUNCH, "why", WHEN, (LANDING,)), {Topic.SCHEDULE, Topic.LAUNCH, Topic.RETURN}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_facts_are_for_those_who_hear_of_any_date_they_change(facts: Facts, topics: set[Topic]) -> None:
    assert set(audience_of(facts).topics) == topics


def test_every_kind_of_facts_is_tried_here() -> None:
    assert {type(facts) for facts, *_ in SAID} == set(get_args(Facts))


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        (EventKind.LAUNCH, Topic.LAUNCH),
        (EventKind.DOCKING, Topic.DOCKING),
        (EventKind.RELOCATION, Topic.DOCKING),
        (EventKind.EVA, Topic.EVA),
        (EventKind.UNDOCKING, Topic.RETURN),
        (EventKind.LANDING, Topic.RETURN),
        (EventKind.DEORBIT, Topic.RETURN),
        (EventKind.MILESTONE, Topic.SCHEDULE),
    ],
)
def test_every_kind_of_event_has_its_topic(kind: EventKind, topic: Topic) -> None:
    assert audience_of(facts.EventDone(EventRef(1, "Soyuz MS-28", 2, kind), AT, None)).topics == {topic}


PAD_AUDIENCE = Audience(frozenset({Topic.PAD}), pad_id=9, severity=Severity.MAJOR)


@pytest.mark.parametrize(
    ("subscription", "wanted"),
    [
        (Subscription(1, 1, Topic.PAD), True),
        (Subscription(1, 1, Topic.ALL), True),
        (Subscription(1, 1, Topic.REPAIR), False),
        (Subscription(1, 1, Topic.PAD, pad_id=9), True),
        (Subscription(1, 1, Topic.PAD, pad_id=8), False),
        (Subscription(1, 1, Topic.ALL, mission_id=1), False),
        (Subscription(1, 1, Topic.PAD, severity=Severity.MINOR), True),
        (Subscription(1, 1, Topic.PAD, severity=Severity.MAJOR), True),
        (Subscription(1, 1, Topic.PAD, severity=Severity.CRITICAL), False),
        (Subscription(1, 1, Topic.PAD, pad_id=9, severity=Severity.CRITICAL), False),
    ],
)
def test_a_subscription_hears_what_passes_all_its_filters(subscription: Subscription, wanted: bool) -> None:
    assert subscription.wants(PAD_AUDIENCE) is wanted


# --- delivery ---------------------------------------------------------------------------------------------------------


def test_backing_off_doubles_from_five_seconds_to_five_minutes() -> None:
    waits = [backoff(attempts) for attempts in range(1, 9)]
    assert [wait.total_seconds() for wait in waits] == [5, 10, 20, 40, 80, 160, 300, 300]


@pytest.mark.parametrize("attempts", [-1, 0, 1, 1000, 2**63])
def test_backing_off_has_bounds_whatever_the_count(attempts: int) -> None:
    assert BACKOFF_FIRST <= backoff(attempts) <= BACKOFF_LAST


def test_a_reference_is_cut_from_the_nonce_that_discord_takes() -> None:
    nonce = "abcdefghijklmnopqrstuvwx"
    delivery = Delivery(
        1, 1, 1, Operation.POST, nonce, DAMAGE, "en", (), AT, None, 1, AT
    )  # fmt: skip
    assert len(nonce) == NONCE_LENGTH <= 25
    assert delivery.reference == reference_of(nonce) == nonce[:REFERENCE_LENGTH]


@pytest.mark.parametrize(
    ("facts", "lasts"),
    [
        (facts.CountdownReached(LANDING, WHEN, ReminderKind.COUNTDOWN, timedelta(hours=1), AT), timedelta(hours=3)),
        (
            facts.CountdownReached(LANDING, WHEN, ReminderKind.OPENS, timedelta(0), AT),
            timedelta(hours=3, seconds=1),
        ),
        (facts.EventUnconfirmed(LANDING, WHEN, AT), timedelta(days=1)),
        (DIGEST, timedelta(hours=26)),
        (repair_facts.RepairDue(TASK, WHEN, 0, AT), timedelta(days=1)),
        (DAMAGE, None),
        (CALLS, None),
        (ASKS, None),
        (facts.EventMoved(LANDING, None, WHEN, Direction.SET, None, "why"), None),
    ],
)
def test_a_countdown_is_not_posted_long_after_its_event_and_news_always_is(
    facts: Facts, lasts: timedelta | None
) -> None:
    created_at = AT - timedelta(hours=2)
    assert expires_at(facts, created_at) == (None if lasts is None else created_at + lasts)


@pytest.mark.parametrize("said", [UPDATED, ASSESSED])
def test_a_channel_that_hears_of_grave_damage_only_hears_that_it_was_made_light_of(said: facts.Facts) -> None:
    grave = Subscription(1, 901, Topic.PAD, severity=Severity.CRITICAL)
    assert grave.wants(audience_of(said))


def test_of_a_channels_digests_that_wait_only_the_newest_is_worth_posting() -> None:
    assert subject_of(DIGEST) == subject_of(replace(DIGEST, day=DIGEST.day + timedelta(days=1)))
    assert subject_of(DIGEST) != subject_of(replace(DIGEST, subscription_id=10))
