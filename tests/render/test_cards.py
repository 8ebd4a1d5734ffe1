"""The cards people read, word by word. A changed word is a decision: `pytest tests/render --snapshot-update` takes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from cogs.embeds import page_card, pages_of
from cogs.render import missions, ops, pads, repairs, subscriptions
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
from domain.missions import Clearance, EventKind
from domain.pad_facts import DamageReported, PadRef
from domain.pads import PadStatus
from domain.repair_facts import RepairDue, TaskRef
from domain.schedule import Direction, direction_of, slip_days
from domain.sources import Tier
from domain.when import UNKNOWN, Precision, When, at_precision
from services.missions import MoveEvent, PlanEvent
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


async def test_the_repairs_and_their_receipts(evening: Evening, english: Locale, snapshot: SnapshotAssertion) -> None:
    moved = await evening.desks.repairs.progress(evening.actor, "RT-1", 40, "half of it is out")
    done = await evening.desks.repairs.complete(evening.actor, "RT-2", None)
    listed = await evening.desks.repairs.list(evening.actor)
    assert plain(repairs.progressed(moved.value, english)) == snapshot
    assert plain(repairs.completed(done.value, english)) == snapshot
    assert pages(repairs.listing(listed, english)) == snapshot


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
    "repair due": RepairDue(TaskRef(1, "Clear", 1, 1, "Site 31/6"), at("2026-07-27", Precision.DAY), 1, DUE),
}


@pytest.mark.parametrize("name", sorted(COUNTDOWNS))
def test_what_time_brings(name: str, english: Locale, snapshot: SnapshotAssertion) -> None:
    assert plain(announcement(COUNTDOWNS[name], english)) == snapshot
