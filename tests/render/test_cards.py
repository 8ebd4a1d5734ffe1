"""The cards people read, word by word. A changed word is a decision: `pytest tests/render --snapshot-update` takes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from cogs.embeds import page_card, pages_of
from cogs.render import impact, missions, ops, pads, repairs, subscriptions
from cogs.render.announcements import announcement
from cogs.render.card import Listing
from cogs.text import Locale
from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.alarms import AlarmEnd
from domain.countdown import ReminderKind
from domain.damage import Severity
from domain.facts import (
    ClearanceChanged,
    CountdownReached,
    CrewRemoved,
    DateClaimed,
    EventCorrected,
    EventFailed,
    EventHeld,
    EventMoved,
    EventRef,
    EventUnconfirmed,
    Facts,
    LaunchScrubbed,
    PersonRenamed,
    ReturnChanged,
)
from domain.materials import MaterialState
from domain.missions import Clearance, EventKind
from domain.pad_facts import DamageReported, PadRef
from domain.pads import PadStatus
from domain.repair_facts import MaterialChanged, RepairDue, RepairDueOutdated, RepairStateChanged, TaskRef
from domain.repairs import TaskState
from domain.schedule import Direction, direction_of, slip_days
from domain.sources import Tier
from domain.when import UNKNOWN, Precision, When, at_precision
from services.forecasts import ForecastReturn
from services.missions import MoveEvent, PlanEvent
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, SayMaterial
from tests.render.conftest import Evening, plain
from tests.render.examples import examples

LANDING = EventRef(1, "Soyuz MS-28", 2, EventKind.LANDING)
LAUNCH = EventRef(1, "Soyuz MS-29", 3, EventKind.LAUNCH)


def at(text: str, precision: Precision, *, net: bool = False) -> When:
    return at_precision(datetime.fromisoformat(text).replace(tzinfo=UTC), precision, no_earlier_than=net)


def pages(listing: Listing) -> str:
    """Every page of a list."""
    count = len(pages_of(listing))
    return "\n---\n".join(plain(page_card(listing, n, f"page {n + 1} of {count}")) for n in range(count))


@pytest.mark.parametrize("mission", ["Soyuz MS-28", "Soyuz MS-27", "Progress MS-33", "Soyuz MS-29", "Crew-11"])
async def test_a_missions_status(evening: Evening, mission: str, english: Locale, snapshot: SnapshotAssertion) -> None:
    card = await evening.desks.missions.status(evening.actor, mission)
    assert plain(missions.status(card, english)) == snapshot


async def test_a_missions_status_as_it_was_believed(
    evening: Evening, english: Locale, snapshot: SnapshotAssertion
) -> None:
    card = await evening.desks.missions.status(evening.actor, "Soyuz MS-28", "2025-11-27 11:00")
    assert plain(missions.status(card, english)) == snapshot


async def test_the_overview(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    found = await evening.desks.missions.overview(evening.actor)
    assert pages(missions.overview(found, english)) == snapshot


async def test_a_pads_status(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    found = await evening.desks.pads.status(evening.actor, "Site 31/6")
    assert plain(pads.status(found, english)) == snapshot


async def test_the_pads(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    assert pages(pads.listing(await evening.desks.pads.list(evening.actor), english)) == snapshot


async def test_the_impact_of_a_pad_and_of_all(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    evening.clock.at += timedelta(hours=1)
    for source, tier, said in (
        ("Roscosmos", Tier.OFFICIAL, {"note": "shortly"}),
        ("Anatoly Zak", Tier.INDEPENDENT, {"latest": "2027-11-27"}),
        ("NASA", Tier.OFFICIAL, {"earliest": "NET 2026-03"}),
        ("a channel", Tier.UNVERIFIED, {"latest": "2025-11-26"}),
    ):
        await evening.desks.forecasts.forecast(evening.actor, ForecastReturn("Site 31/6", source, tier, **said))
    await evening.desks.missions.move(
        evening.actor, MoveEvent("Progress MS-33", "launch", "2026-03-22", "no pad", cause="DR-1")
    )
    await evening.desks.pads.restrict(evening.actor, "Site 1S", "no night launches")
    found = await evening.desks.impact.impact(evening.actor, "Site 31/6")
    restricted = await evening.desks.impact.impact(evening.actor, "Site 1S")
    every = await evening.desks.impact.impact(evening.actor)
    card = await evening.desks.missions.status(evening.actor, "Progress MS-33")
    assert [
        plain(impact.impact(found, english)),
        plain(impact.impact(restricted, english)),
        pages(impact.impacts(every, english)),
        plain(missions.status(card, english)),
    ] == snapshot


async def test_the_repairs_and_their_receipts(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    moved = await evening.desks.repairs.progress(evening.actor, "RT-1", 40, "half of it is out")
    done = await evening.desks.repairs.complete(evening.actor, "RT-2", None)
    listed = await evening.desks.repairs.list(evening.actor)
    assert plain(repairs.progressed(moved.value, english)) == snapshot
    assert plain(repairs.completed(done.value, english)) == snapshot
    assert pages(repairs.listing(listed, english)) == snapshot


async def test_repairs_in_every_state_and_their_receipts(
    evening: Evening, english: Locale, snapshot: SnapshotAssertion
) -> None:
    desk, actor, checker = evening.desks.repairs, evening.actor, replace(evening.actor, member_id=10, name="Checker")
    long_ago = PlanRepair("DR-1", "Photograph the damage", "Night shift", "2025-11-28")
    for request in (PlanRepair("DR-1", "Rebuild the cabin", "Ground crew", "2026-02", "RT-1, RT-2", 60), long_ago):
        await desk.plan(actor, request)
    for title in ("Pump the trench dry", "Test the bridges", "Paint it"):
        await desk.plan(actor, PlanRepair("DR-1", title))
    frame = SayMaterial("RT-3", "cabin frame", MaterialState.ON_ORDER, "2", "2026-01")
    ordered = await desk.material(actor, frame)
    await desk.material(actor, SayMaterial("RT-3", "Bolts M24", MaterialState.NEEDED, "40"))
    gone = await desk.material(actor, SayMaterial("RT-3", "bolts m24", MaterialState.NOT_NEEDED))
    await desk.material(actor, SayMaterial("RT-3", "Cable tray", MaterialState.NEEDED))
    edited = await desk.edit(actor, EditRepair("RT-3", "Rebuild the service cabin", "none", "2026-03", "RT-2"))
    early = await desk.start(actor, "RT-3")
    blocked = await desk.block(actor, "RT-1", "Water in the trench")
    for number in (5, 6):
        await desk.complete(actor, f"RT-{number}", None)
    verified = await desk.verify(checker, "RT-6", None)
    cancelled = await desk.cancel(actor, "RT-7", "Nobody sees it")
    evening.clock.at += timedelta(days=2)
    assert pages(repairs.listing(await desk.list(actor), english)) == snapshot
    unblocked = await desk.unblock(actor, "RT-1")
    lacking = await desk.material(actor, SayMaterial("RT-2", "lorry", MaterialState.ON_ORDER))
    done = await desk.complete(actor, "RT-2", None)
    again = await desk.start(actor, "RT-6")
    for said in (ordered, gone, lacking):
        assert plain(repairs.material(said.value, english)) == snapshot
    assert plain(repairs.edited(edited.value, english)) == snapshot
    assert plain(repairs.started(early.value, english)) == snapshot
    assert plain(repairs.started(again.value, english)) == snapshot
    assert plain(repairs.blocked(blocked.value, english)) == snapshot
    assert plain(repairs.unblocked(unblocked.value, english)) == snapshot
    assert plain(repairs.completed(done.value, english)) == snapshot
    assert plain(repairs.verified(verified.value, english)) == snapshot
    assert plain(repairs.cancelled(cancelled.value, english)) == snapshot


async def test_a_plan_and_a_move_as_receipts(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    plan = PlanEvent("Soyuz MS-29", "docking", "2026-07-14", "Rassvet nadir")
    planned = await evening.desks.missions.plan(evening.actor, plan)
    move = MoveEvent("Soyuz MS-29", "launch", "2026-09-10 08:00", "pad out of service", "DR-1", "Roscosmos")
    moved = await evening.desks.missions.move(evening.actor, move)
    assert plain(missions.planned(planned.value, english)) == snapshot
    assert plain(missions.moved(moved.value, english)) == snapshot


async def test_subscriptions_and_the_bots_own_state(
    evening: Evening, english: Locale, snapshot: SnapshotAssertion
) -> None:
    heard = await evening.desks.announcements.overview(evening.actor)
    found = await evening.desks.operations.status(evening.actor)
    assert pages(subscriptions.subscriptions(heard, english)) == snapshot
    assert plain(ops.house(found, english, {5: "Flight directors", 6: "Pad crew"}, {})) == snapshot


async def test_what_is_coming_up(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    found = await evening.desks.countdowns.list(evening.actor)
    shown = await evening.desks.countdowns.show(evening.actor, "Soyuz MS-27 · landing")
    assert pages(subscriptions.reminders(found[:12], english)) == snapshot
    assert plain(subscriptions.countdown(shown, english)) == snapshot


@pytest.mark.parametrize("facts", examples(), ids=lambda facts: facts.fact)
def test_every_announcement(facts: Facts, english: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(announcement(facts, english)) == snapshot


@pytest.mark.parametrize("facts", examples(), ids=lambda facts: facts.fact)
def test_an_announcement_can_be_remembered_while_its_posts_are_written(facts: Facts) -> None:
    assert hash(facts) == hash(replace(facts))


def test_the_announcement_of_the_case(english: Locale, snapshot: SnapshotAssertion) -> None:
    facts = DamageReported(
        pad_id=1,
        pad="Site 31/6",
        site="Baikonur Cosmodrome",
        report=1,
        component="service cabin (8U0216)",
        severity=Severity.CRITICAL,
        summary="Service cabin fell into the flame trench.",
        observed_at=datetime(2025, 11, 27, 15, tzinfo=UTC),
        reported_at=datetime(2025, 11, 27, 17, tzinfo=UTC),
        reporter="Pad chief",
        status_before=PadStatus.OPERATIONAL,
        status_after=PadStatus.OUT_OF_SERVICE,
        waiting=("Progress MS-33", "Soyuz MS-29"),
    )
    assert plain(announcement(facts, english)) == snapshot


MOVES = {
    Direction.SET: (UNKNOWN, at("2026-07-27", Precision.DAY)),
    Direction.SLIP: (at("2025-12-19", Precision.DAY), at("2026-03-22", Precision.DAY)),
    Direction.PULL_IN: (at("2026-03-22 10:00", Precision.MINUTE), at("2026-03-21 10:00", Precision.MINUTE)),
    Direction.SHARPER: (at("2026-07-01", Precision.MONTH), at("2026-07-27", Precision.DAY)),
    Direction.COARSER: (at("2026-07-27", Precision.DAY), at("2026-07-01", Precision.MONTH, net=True)),
    Direction.LOST_DATE: (at("2026-07-27", Precision.DAY), UNKNOWN),
}


@pytest.mark.parametrize("wanted", list(Direction))
def test_a_move_in_every_direction(wanted: Direction, english: Locale, snapshot: SnapshotAssertion) -> None:
    before, after = MOVES[wanted]
    assert direction_of(before, after) is wanted
    facts = EventMoved(LAUNCH, before, after, wanted, slip_days(before, after), "pad out of service")
    assert plain(announcement(facts, english)) == snapshot


DUE = datetime(2026, 7, 26, 6, tzinfo=UTC)
CALLS = ReportUnacknowledged(
    PadRef(1, "Site 31/6"), 1, "Service cabin fell.", DUE - timedelta(minutes=20), 1, None, timedelta(minutes=10), DUE
)
ASKS = ReportUnassessed(PadRef(1, "Site 31/6"), 1, "Service cabin fell.", 7, DUE - timedelta(hours=4), DUE)
TASK = TaskRef(1, "Clear the trench", 1, 1, "Site 31/6")
PLANNED, IN_WORK = TaskState.PLANNED, TaskState.IN_WORK
REPAIR_DUE = RepairDue(TASK, at("2026-07-27", Precision.DAY), 1, DUE)
OTHERWISE: dict[str, Facts] = {
    "resumed": EventHeld(LAUNCH, at("2026-07-27", Precision.DAY), None, resumed=True, undated=(LANDING,)),
    "scrubbed without a new date": LaunchScrubbed(LAUNCH, "a wet umbilical", None),
    "failed, and the mission goes on": EventFailed(LANDING, DUE, "a hook held", None),
    "did not happen after all": EventCorrected(LANDING, DUE, None, "a wrong mission"),
    "cleared again": ClearanceChanged(1, "Soyuz MS-22", Clearance.NOT_CLEARED, Clearance.CLEARED, "tested", None),
    "claimed where we have no date": DateClaimed(
        LANDING, at("2026-07-27", Precision.DAY), UNKNOWN, "NASA", Tier.MEDIA, None
    ),
    "off the way down only": CrewRemoved(1, "Soyuz MS-22", "Francisco Rubio", went_up=False, reason=None),
    "no ride": ReturnChanged(1, "Francisco Rubio", "Soyuz MS-22", "Soyuz MS-22", None),
    "a ride after none": ReturnChanged(1, "Francisco Rubio", "Soyuz MS-22", None, "Soyuz MS-23"),
    "an alarm without a role, late": replace(CALLS, delayed=True),
    "an alarm that was answered": replace(
        CALLS, end=AlarmEnd.ACKNOWLEDGED, acknowledged_by="Anna", acknowledged_at=DUE + timedelta(minutes=3)
    ),
    "an alarm about what is milder now": replace(CALLS, end=AlarmEnd.LOWERED),
    "an alarm about what is over": replace(CALLS, end=AlarmEnd.SETTLED),
    "a question, late": replace(ASKS, delayed=True),
    "a question that was answered": replace(ASKS, end=AlarmEnd.ASSESSED),
    "repair started": RepairStateChanged(TASK, PLANNED, IN_WORK, due=at("2026-07-27", Precision.DAY)),
    "repair started too early": RepairStateChanged(TASK, PLANNED, IN_WORK, waits_for=(2, 3)),
    "repair reopened after it was done": RepairStateChanged(TASK, TaskState.DONE, IN_WORK),
    "repair taken up again": RepairStateChanged(TASK, TaskState.CANCELLED, IN_WORK),
    "repair blocked": RepairStateChanged(TASK, IN_WORK, TaskState.BLOCKED, "no crane"),
    "repair goes on": RepairStateChanged(TASK, TaskState.BLOCKED, IN_WORK),
    "repair may begin": RepairStateChanged(TASK, TaskState.BLOCKED, PLANNED),
    "repair verified": RepairStateChanged(TASK, TaskState.DONE, TaskState.VERIFIED, note="sound"),
    "repair cancelled": RepairStateChanged(TASK, TaskState.BLOCKED, TaskState.CANCELLED, "another pad is used"),
    "part arrived": MaterialChanged(TASK, "frame", MaterialState.ON_ORDER, MaterialState.ON_HAND, "2"),
    "part not needed": MaterialChanged(TASK, "frame", MaterialState.NEEDED, MaterialState.NOT_NEEDED),
    "only the agency": PersonRenamed("Francisco Rubio", "Francisco Rubio", "NASA"),
}


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_the_other_half_of_what_an_announcement_can_say(
    name: str, english: Locale, snapshot: SnapshotAssertion
) -> None:
    assert plain(announcement(OTHERWISE[name], english)) == snapshot


COUNTDOWNS: dict[str, Facts] = {
    "days": CountdownReached(LANDING, at("2026-07-27", Precision.DAY), ReminderKind.COUNTDOWN, timedelta(days=1), DUE),
    "hours": CountdownReached(
        LAUNCH, at("2026-07-26 18:00", Precision.MINUTE), ReminderKind.COUNTDOWN, timedelta(hours=12), DUE
    ),
    "now": CountdownReached(
        LAUNCH, at("2026-07-26 06:00", Precision.MINUTE), ReminderKind.COUNTDOWN, timedelta(0), DUE
    ),
    "day opens": CountdownReached(LANDING, at("2026-07-26", Precision.DAY), ReminderKind.OPENS, timedelta(0), DUE),
    "window opens": CountdownReached(LANDING, at("2026-07-01", Precision.MONTH), ReminderKind.OPENS, timedelta(0), DUE),
    "no earlier than": CountdownReached(
        LAUNCH, at("2026-07-26 06:00", Precision.MINUTE, net=True), ReminderKind.OPENS, timedelta(0), DUE
    ),
    "delayed": CountdownReached(
        LAUNCH, at("2026-07-26 18:00", Precision.MINUTE), ReminderKind.COUNTDOWN, timedelta(hours=12), DUE, delayed=True
    ),
    "unconfirmed, exact": EventUnconfirmed(LAUNCH, at("2026-07-26 05:00", Precision.MINUTE), DUE),
    "unconfirmed, a day": EventUnconfirmed(LANDING, at("2026-07-25", Precision.DAY), DUE),
    "repair due": REPAIR_DUE,
    "repair done since": RepairDueOutdated(REPAIR_DUE, TaskState.DONE, REPAIR_DUE.due),
    "repair verified since": RepairDueOutdated(REPAIR_DUE, TaskState.VERIFIED, REPAIR_DUE.due),
    "repair given up since": RepairDueOutdated(REPAIR_DUE, TaskState.CANCELLED, REPAIR_DUE.due),
    "repair moved since": RepairDueOutdated(REPAIR_DUE, IN_WORK, at("2026-08-01", Precision.MONTH)),
    "repair no longer due": RepairDueOutdated(REPAIR_DUE, IN_WORK, None),
}


@pytest.mark.parametrize("name", sorted(COUNTDOWNS))
def test_what_time_brings(name: str, english: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(announcement(COUNTDOWNS[name], english)) == snapshot
