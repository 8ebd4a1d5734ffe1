"""The flights desk: what is told, reminded, kept and undone when a flight goes otherwise than planned."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.announcements import Topic
from domain.errors import OpsError
from domain.facts import (
    ClearanceChanged,
    DateClaimed,
    EventCorrected,
    EventDropped,
    EventFailed,
    EventHeld,
    EventMoved,
    Facts,
    LaunchScrubbed,
    MissionCancelled,
    MissionEdited,
)
from domain.missions import Clearance, Event, EventKind, EventState, Mission, Outcome, Phase, phase_of
from domain.schedule import Direction, EntryKind, LedgerEntry
from domain.sources import Tier
from domain.when_text import parse_when
from services.docking import SaveStation
from services.flights import ClaimDate, EditMission, FailEvent, FlightChanged
from services.histories import MissionHistory
from tests.services.house import EVENING, FLIGHT, House, at, director, guest, verified

MS_28, MS_33 = "Soyuz MS-28", "Progress MS-33"
STATION = SaveStation("China Space Station", "CSS", "Tianhe forward")


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


async def hold(house: House, mission: str, reason: str = "range not ready") -> FlightChanged:
    return (await house.desks.flights.hold(director(), mission, reason)).value


async def resume(house: House, mission: str, when: str | None = None) -> FlightChanged:
    return (await house.desks.flights.resume(director(), mission, when)).value


async def scrub(house: House, mission: str, when: str | None = None, reason: str = "weather") -> FlightChanged:
    return (await house.desks.flights.scrub(director(), mission, reason, when)).value


async def fail(
    house: House, mission: str, event: str, outcome: Outcome | None = None, when: str | None = None
) -> FlightChanged:
    return (await house.desks.flights.fail(director(), FailEvent(mission, event, "it broke", outcome, when))).value


async def correct(house: House, mission: str, event: str, when: str) -> FlightChanged:
    return (await house.desks.flights.correct(director(), mission, event, when, "a wrong clock")).value


async def claim(house: House, when: str, source: str = "Roscosmos", tier: Tier = Tier.OFFICIAL) -> FlightChanged:
    request = ClaimDate(MS_28, "landing", when, source, tier)
    return (await house.desks.flights.claim(director(), request)).value


async def adopt(house: House, claimed: FlightChanged) -> FlightChanged:
    assert claimed.claim is not None
    return (await house.desks.flights.adopt(director(), claimed.claim.id)).value


async def mission(house: House, name: str) -> Mission:
    return (await house.desks.missions.status(guest(), name)).mission


async def event(house: House, name: str, kind: EventKind) -> Event:
    return [one for one in (await mission(house, name)).events if one.kind is kind][-1]


async def pending(house: House, name: str) -> set[EventKind]:
    """The kinds of events of which the mission still has reminders to come."""
    known = (await mission(house, name)).events
    return {one.kind for one in known if any("pending" in line for line in await house.reminders(one.id))}


async def history(house: House, name: str, as_of: str | None = None) -> MissionHistory:
    return await house.desks.histories.mission(guest(), name, as_of)


async def entries(house: House, name: str, kind: EventKind) -> list[LedgerEntry]:
    found = await history(house, name)
    ids = {one.id for one in found.mission.events if one.kind is kind}
    return [entry for entry in found.entries if entry.event_id in ids]


async def launched(house: House) -> None:
    """Progress MS-33 lifts off on 19 December at nine."""
    house.clock.move_to(at("2025-12-19T09:05"))
    await house.done(MS_33, "launch", "2025-12-19T09:00Z")


# --- what is announced ------------------------------------------------------------------------------------------------

Told = Callable[[House], Awaitable[object]]


async def held_and_resumed(house: House) -> None:
    await hold(house, MS_33)
    await resume(house, MS_33)


TOLD: dict[type[Facts], Told] = {
    EventHeld: held_and_resumed,
    LaunchScrubbed: lambda house: scrub(house, MS_33, "2025-12-20"),
    EventDropped: lambda house: house.desks.flights.drop(director(), MS_33, "docking", "free flight only"),
    EventFailed: lambda house: fail(house, MS_33, "launch", Outcome.LOST, "2025-11-27T17:00Z"),
    MissionCancelled: lambda house: house.desks.flights.cancel(director(), MS_33, "given up"),
    EventCorrected: lambda house: correct(house, MS_28, "docking", "2025-11-27T12:34Z"),
    ClearanceChanged: lambda house: house.desks.flights.clear(
        director(), MS_28, Clearance.EMERGENCY_ONLY, "coolant leak", "Roscosmos"
    ),
    MissionEdited: lambda house: house.desks.flights.edit(director(), EditMission(MS_33, seats=1)),
    DateClaimed: lambda house: claim(house, "2026-07"),
}


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.__name__)
async def test_every_change_is_told_to_those_who_listen_and_journalled(evening: House, told: type[Facts]) -> None:
    await evening.subscribe(Topic.ALL, FLIGHT)
    before = len(await evening.chain())
    await TOLD[told](evening)
    said = [facts for _, facts in await evening.posts(FLIGHT)]
    assert {type(facts) for facts in said} == {told}
    assert len(await evening.chain()) == before + len(said)
    assert verified(await evening.chain())


async def test_what_is_told_of_a_failure_names_the_reason_the_outcome_and_what_ended_with_it(evening: House) -> None:
    await evening.subscribe(Topic.LAUNCH, FLIGHT)
    await launched(evening)
    await fail(evening, MS_33, "launch", Outcome.LOST, "2025-12-19T09:04Z")
    said = (await evening.posts(FLIGHT))[-1][1]
    assert isinstance(said, EventFailed)
    assert (said.reason, said.outcome, said.at) == ("it broke", Outcome.LOST, at("2025-12-19T09:04"))
    assert {ref.kind for ref in said.cancelled} == {EventKind.DOCKING, EventKind.DEORBIT}


async def test_a_second_scrub_is_told_of_the_launch_and_of_nothing_else(evening: House) -> None:
    await evening.subscribe(Topic.SCHEDULE, FLIGHT)
    await scrub(evening, MS_33, "2025-12-20")
    await scrub(evening, MS_33)
    told = [facts for _, facts in await evening.posts(FLIGHT) if isinstance(facts, LaunchScrubbed)]
    assert [facts.event.kind for facts in told] == [EventKind.LAUNCH, EventKind.LAUNCH]
    assert [[ref.kind for ref in facts.undated] for facts in told] == [[], [EventKind.DOCKING]]


# --- reminders --------------------------------------------------------------------------------------------------------


async def test_reminders_are_gone_while_an_event_is_held_and_back_when_it_is_resumed(evening: House) -> None:
    launch = await event(evening, MS_33, EventKind.LAUNCH)
    before = [line for line in await evening.reminders(launch.id) if "pending" in line]
    held = await hold(evening, MS_33)
    assert held.changed.card.phase is Phase.ON_HOLD
    assert await pending(evening, MS_33) == {EventKind.DOCKING}
    assert await evening.fire_at(at("2025-12-18T10:00")) == []
    evening.clock.move_to(EVENING)
    await resume(evening, MS_33)
    assert [line for line in await evening.reminders(launch.id) if "pending" in line] == before


async def test_a_hold_that_ends_with_a_new_date_is_a_move_in_the_ledger(evening: House) -> None:
    await hold(evening, MS_33)
    resumed = await resume(evening, MS_33, "2025-12-23")
    assert [ref.kind for ref in resumed.changed.undated] == [EventKind.DOCKING]
    last = (await entries(evening, MS_33, EventKind.LAUNCH))[-1]
    assert (last.kind, last.direction, last.slip_days) == (EntryKind.MOVE, Direction.SLIP, 4)
    assert (await entries(evening, MS_33, EventKind.DOCKING))[-1].kind is EntryKind.DEPENDENT
    assert await pending(evening, MS_33) == {EventKind.LAUNCH}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda house: scrub(house, MS_33), set[EventKind]()),
        (lambda house: scrub(house, MS_33, "2025-12-20"), {EventKind.LAUNCH, EventKind.DOCKING}),
        (lambda house: scrub(house, MS_33, "2025-12-22"), {EventKind.LAUNCH}),
        (lambda house: house.desks.flights.cancel(director(), MS_33, "given up"), set[EventKind]()),
        (lambda house: fail(house, MS_33, "launch", Outcome.LOST, "2025-11-27T17:00Z"), set[EventKind]()),
        (lambda house: house.desks.flights.drop(director(), MS_33, "docking", "why"), {EventKind.LAUNCH}),
    ],
    ids=["scrubbed", "scrubbed with a date", "scrubbed beyond the docking", "cancelled", "lost", "dropped"],
)
async def test_nothing_is_counted_down_to_that_can_no_longer_happen(
    evening: House, change: Told, left: set[EventKind]
) -> None:
    assert await pending(evening, MS_33) == {EventKind.LAUNCH, EventKind.DOCKING}
    await change(evening)
    assert await pending(evening, MS_33) == left


async def test_the_next_attempt_keeps_the_countdown_that_was_set_for_the_launch(evening: House) -> None:
    await evening.desks.countdowns.set_offsets(director(), f"{MS_33} · launch", "3d 0")
    await scrub(evening, MS_33, "2025-12-20")
    attempt = await event(evening, MS_33, EventKind.LAUNCH)
    lines = [line for line in await evening.reminders(attempt.id) if "pending" in line]
    assert [line.split()[0] for line in lines] == ["2025-12-17T09:00", "2025-12-20T09:00", "2025-12-21T00:15"]


# --- attempts ---------------------------------------------------------------------------------------------------------


async def test_an_attempt_is_numbered_whether_it_is_planned_with_the_scrub_or_later(evening: House) -> None:
    await scrub(evening, MS_33, "2025-12-20")
    await scrub(evening, MS_33)
    assert (await mission(evening, MS_33)).events[0].state is EventState.SCRUBBED
    third = await evening.plan(MS_33, "launch", "2025-12-28")
    assert third.card.phase is Phase.PLANNED
    assert (await event(evening, MS_33, EventKind.LAUNCH)).attempt == 3


async def test_what_happened_after_a_failed_attempt_can_be_told_without_planning_it_first(evening: House) -> None:
    await launched(evening)
    evening.clock.move_to(at("2025-12-24T12:00"))
    await fail(evening, MS_33, "docking", None, "2025-12-21T05:30Z")
    assert await pending(evening, MS_33) == set()
    done = await evening.dock(MS_33, "2025-12-24T03:08Z", "Poisk zenith")
    assert done.card.phase is Phase.DOCKED
    again = await event(evening, MS_33, EventKind.DOCKING)
    assert (again.attempt, again.state) == (2, EventState.DONE)


async def test_a_launch_after_a_scrub_can_be_told_by_its_kind(evening: House) -> None:
    await scrub(evening, MS_33)
    evening.clock.move_to(at("2025-12-20T12:00"))
    done = await evening.done(MS_33, "launch", "2025-12-20T09:00Z")
    assert (done.card.phase, (await event(evening, MS_33, EventKind.LAUNCH)).attempt) == (Phase.IN_FLIGHT, 2)


# --- corrections ------------------------------------------------------------------------------------------------------


async def test_a_correction_compensates_and_the_earlier_record_stays_in_ledger_and_journal(evening: House) -> None:
    before = await history(evening, MS_28)
    fixed = await correct(evening, MS_28, "docking", "2025-11-27T12:38Z")
    assert fixed.changed.actual_at == at("2025-11-27T12:38")
    after = await history(evening, MS_28)
    assert after.entries[:-1] == before.entries
    last = after.entries[-1]
    assert (last.kind, last.reason) == (EntryKind.CORRECTION, "a wrong clock")
    assert last.before is not None
    assert (last.before.at, last.after.at) == (at("2025-11-27T12:34:35"), at("2025-11-27T12:38"))
    assert after.totals == before.totals
    then = await evening.desks.missions.status(guest(), MS_28, "2025-11-27 12:45")
    assert then.mission.events[1].actual_at == at("2025-11-27T12:34:35")


async def test_what_did_not_happen_after_all_is_counted_down_to_again(evening: House) -> None:
    evening.clock.move_to(at("2026-07-26T12:00"))
    await evening.done(MS_28, "landing", "2026-07-26T05:00Z")
    assert await pending(evening, MS_28) == set()
    reopened = await correct(evening, MS_28, "landing", "unknown")
    assert reopened.changed.card.phase is Phase.DOCKED
    assert await pending(evening, MS_28) == {EventKind.LANDING}
    assert reopened.changed.card.mission.outcome is None


async def test_a_correction_does_not_put_two_spacecraft_at_one_port(evening: House) -> None:
    evening.clock.move_to(at("2025-12-19T12:00"))
    await evening.done(MS_28, "undocking", "2025-12-19T08:00Z")
    await evening.done(MS_33, "launch", "2025-12-19T09:00Z")
    await evening.dock(MS_33, "2025-12-19T11:00Z", "Rassvet nadir")
    with refused("port_occupied"):
        await correct(evening, MS_28, "undocking", "unknown")


async def test_only_an_exact_past_time_or_unknown_is_a_correction(evening: House) -> None:
    for when, code in (("2025-11-27", "instant_needs_time"), ("2026-11-27T12:00Z", "instant_in_future")):
        with refused(code):
            await correct(evening, MS_28, "docking", when)
    with refused("others_rest_on_it"):
        await correct(evening, MS_28, "launch", "unknown")


# --- claims -----------------------------------------------------------------------------------------------------------


async def test_a_claim_stands_beside_our_date_and_changes_nothing(evening: House) -> None:
    before, reminders = await mission(evening, MS_28), await evening.reminders()
    await claim(evening, "2026-07-26", "Wikipedia", Tier.UNVERIFIED)
    await claim(evening, "2026-07")
    assert (await mission(evening, MS_28), await evening.reminders()) == (before, reminders)
    found = await history(evening, MS_28)
    assert [(one.source, one.tier, one.when) for one in found.claims] == [
        ("Wikipedia", Tier.UNVERIFIED, parse_when("2026-07-26", EVENING)),
        ("Roscosmos", Tier.OFFICIAL, parse_when("2026-07", EVENING)),
    ]
    assert found.totals == ()


async def test_adopting_a_claim_is_a_move_with_its_source_and_can_be_undone(evening: House) -> None:
    await evening.subscribe(Topic.RETURN, FLIGHT)
    claimed = await claim(evening, "2026-07-26", "Wikipedia", Tier.UNVERIFIED)
    adopted = await adopt(evening, claimed)
    landing = await event(evening, MS_28, EventKind.LANDING)
    assert landing.planned == parse_when("2026-07-26", EVENING)
    last = (await entries(evening, MS_28, EventKind.LANDING))[-1]
    assert (last.kind, last.source, last.slip_days) == (EntryKind.ADOPTION, "Wikipedia", -1)
    said = (await evening.posts(FLIGHT))[-1][1]
    assert isinstance(said, EventMoved)
    assert said.source == "Wikipedia"
    with refused("move_changes_nothing"):
        await adopt(evening, claimed)
    assert adopted.changed.undo_seq is not None
    await evening.desks.missions.undo(director(), adopted.changed.undo_seq)
    card = await evening.desks.missions.status(guest(), MS_28)
    assert (await event(evening, MS_28, EventKind.LANDING)).planned == parse_when("2026-07-27", EVENING)
    assert card.latest_move is None, "an undone move is not the latest one"


async def test_a_claim_of_what_is_over_is_kept_and_not_adopted(evening: House) -> None:
    claimed = await claim(evening, "2026-07-26")
    evening.clock.move_to(at("2026-07-28"))
    await evening.done(MS_28, "landing", "2026-07-27T05:03Z")
    with refused("mission_over"):
        await adopt(evening, claimed)


@pytest.mark.parametrize("claim_id", [-1, 0, 10**6, 2**63, 2**80])
async def test_an_adopt_button_of_no_claim_here_is_stale(evening: House, claim_id: int) -> None:
    with refused("button_stale"):
        await evening.desks.flights.adopt(director(), claim_id)


# --- edits, clearance, the Held button --------------------------------------------------------------------------------


async def test_an_edit_says_what_was_and_what_is_and_refuses_what_is_taken(evening: House) -> None:
    edited = await evening.desks.flights.edit(director(), EditMission(MS_33, "Progress MS-33R", seats=1))
    assert edited.value.edits == (("name", MS_33, "Progress MS-33R"), ("seats", "0", "1"))
    with refused("mission_exists"):
        await evening.desks.flights.edit(director(), EditMission("Progress MS-33R", name="soyuz ms28"))
    with refused("edit_changes_nothing"):
        await evening.desks.flights.edit(director(), EditMission("Progress MS-33R", seats=1))


async def test_a_docked_spacecraft_is_not_edited_to_another_station(evening: House) -> None:
    await evening.desks.docking.station(director(), STATION)
    with refused("already_docked"):
        await evening.desks.flights.edit(director(), EditMission(MS_28, station="CSS"))
    moved = await evening.desks.flights.edit(director(), EditMission(MS_33, station="CSS"))
    assert {one.port_id for one in moved.value.changed.card.mission.events} == {None}


async def test_a_clearance_stands_on_the_card_with_its_reason_and_source(evening: House) -> None:
    await evening.desks.flights.clear(director(), MS_28, Clearance.EMERGENCY_ONLY, "coolant leak", "Roscosmos")
    card = await evening.desks.missions.status(guest(), MS_28)
    assert (card.mission.clearance, card.mission.clearance_reason) == (Clearance.EMERGENCY_ONLY, "coolant leak")
    with refused("clearance_unchanged"):
        await evening.desks.flights.clear(director(), MS_28, Clearance.EMERGENCY_ONLY, "coolant leak", "Roscosmos")


async def test_the_held_button_holds_the_very_event_it_asks_about(evening: House) -> None:
    landing = await event(evening, MS_28, EventKind.LANDING)
    held = await evening.desks.flights.hold_by_button(director(), landing.id)
    assert held.value.changed.card.phase is Phase.DOCKED
    assert (await event(evening, MS_28, EventKind.LANDING)).state is EventState.HELD
    with refused("event_not_open"):
        await evening.desks.flights.hold_by_button(director(), landing.id)


# --- undo -------------------------------------------------------------------------------------------------------------


async def test_a_move_before_a_hold_is_not_undone_past_it(evening: House) -> None:
    moved = await evening.move(MS_33, "launch", "2025-12-20")
    await hold(evening, MS_33)
    assert moved.undo_seq is not None
    with refused("undo_superseded"):
        await evening.desks.missions.undo(director(), moved.undo_seq)


async def test_undoing_a_launch_that_ended_a_hold_brings_the_hold_back(evening: House) -> None:
    await hold(evening, MS_33)
    evening.clock.move_to(at("2025-12-19T12:00"))
    done = await evening.done(MS_33, "launch", "2025-12-19T09:00Z")
    assert done.undo_seq is not None
    back = (await evening.desks.missions.undo(director(), done.undo_seq)).value
    assert back.card.phase is Phase.ON_HOLD
    assert EventKind.LAUNCH not in await pending(evening, MS_33)


# --- the stored phase -------------------------------------------------------------------------------------------------


async def test_the_phase_column_says_what_the_events_say_after_every_step_of_many_lives(evening: House) -> None:
    dice = random.Random(20251127)

    def whole(name: str) -> list[Callable[[], Awaitable[object]]]:
        kinds = ("launch", "docking", "undocking", "landing", "eva")
        dates = ("unknown", "2025-12-19", "2026-03", "NET 2026-03-22", "2026-04-01T12:00Z")
        outcomes = (None, *Outcome)
        past = evening.clock.now() - timedelta(hours=dice.randrange(1, 48))
        when = past.strftime("%Y-%m-%dT%H:%MZ")
        kind, date = dice.choice(kinds), dice.choice(dates)
        return [
            lambda: evening.plan(name, kind, date),
            lambda: evening.move(name, kind, date),
            lambda: evening.done(name, kind, when),
            lambda: hold(evening, name),
            lambda: resume(evening, name, dice.choice([None, date])),
            lambda: scrub(evening, name, dice.choice([None, date])),
            lambda: evening.desks.flights.drop(director(), name, kind, "why"),
            lambda: fail(evening, name, kind, dice.choice(outcomes), when),
            lambda: correct(evening, name, kind, dice.choice([when, "unknown"])),
        ]

    for life in range(12):
        name = f"Flight {life}"
        await evening.create(name, launch="2025-12-19")
        made = 0
        for _ in range(25):
            evening.clock.move_to(evening.clock.now() + timedelta(hours=3))
            steps = whole(name)
            if dice.random() < 0.02:
                steps = [lambda name=name: evening.desks.flights.cancel(director(), name, "given up")]  # type: ignore[misc]
            try:
                await dice.choice(steps)()
            except OpsError:
                continue
            made += 1
            found = await mission(evening, name)
            ((stored,),) = await evening.rows("SELECT phase FROM missions WHERE id = ?", found.id)
            assert stored == phase_of(found).value
            assert (await evening.desks.missions.status(guest(), name)).phase is phase_of(found)
            over = phase_of(found) in {Phase.ENDED, Phase.CANCELLED}
            assert not (over and await pending(evening, name))
        assert made
    assert verified(await evening.chain())


async def test_what_lost_its_date_by_a_launch_move_follows_it_by_one_press(evening: House) -> None:
    moved = await evening.move("Progress MS-33", "launch", "2026-03-22")
    assert [event.kind.value for event in moved.shiftable] == ["docking"]
    assert moved.undo_seq
    shifted = await evening.desks.flights.shift(director(), moved.undo_seq)
    assert [(event.kind.value, date.at) for event, date in shifted.value.dates] == [("docking", at("2026-03-24T00:00"))]
    with refused("undo_superseded"):
        await evening.desks.flights.shift(director(), moved.undo_seq)


async def test_nothing_follows_a_launch_whose_date_is_coarser_than_a_day(evening: House) -> None:
    moved = await evening.move("Progress MS-33", "launch", "NET 2026-03")
    assert moved.undated
    assert moved.shiftable == ()
    assert moved.undo_seq
    with refused("button_stale"):
        await evening.desks.flights.shift(director(), moved.undo_seq)
