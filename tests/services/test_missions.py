"""Soyuz MS-28 and Progress MS-33 from launch to return, as a team would tell it."""

from contextlib import suppress
from datetime import timedelta

import pytest

from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotFound, OpsError
from domain.materials import MaterialState
from domain.missions import EventKind, Mission, MissionKind, Phase
from domain.repairs import TaskState
from domain.schedule import Direction
from domain.when import UNKNOWN
from domain.when_text import parse_when
from services.crew import AssignSeat
from services.damage import ReportDamage
from services.docking import ConfirmDocking, SaveStation
from services.missions import CompleteEvent, CreateMission, MissionChanged, MoveEvent, PlanEvent
from services.pads import AddPad
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, SayMaterial
from tests.services.house import EVENING, GUILD, House, admin, at, director, guest


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


def event_of(mission: Mission, kind: EventKind) -> int:
    return next(event.id for event in mission.events if event.kind is kind)


async def undo(house: House, changed: MissionChanged) -> MissionChanged:
    assert changed.undo_seq is not None
    return (await house.desks.missions.undo(director(), changed.undo_seq)).value


# --- the scenario ------------------------------------------------------------------------------------------------------


async def test_the_evening_of_the_launch_shows_where_everything_is(evening: House) -> None:
    card = await evening.desks.missions.status(guest(), "soyuz ms28")
    assert (card.phase, card.docked_at) == (Phase.DOCKED, "Rassvet nadir")
    assert card.elapsed == EVENING - at("2025-11-27T09:27:57")
    assert card.last is not None
    assert card.last.actual_at == at("2025-11-27T12:34:35")
    assert card.back is not None
    assert card.back.planned == parse_when("2026-07-27", EVENING)
    assert card.duration_difference_days == 0
    overview = await evening.desks.missions.overview(guest())
    assert [card.mission.name for card in overview.flying] == ["Soyuz MS-28"]
    assert [card.mission.name for card in overview.upcoming] == ["Progress MS-33"]


async def test_new_year_shows_34_days_of_flight_and_207_to_the_return(evening: House) -> None:
    evening.clock.move_to(at("2026-01-01"))
    card = await evening.desks.missions.status(guest(), "Soyuz MS-28")
    assert card.elapsed == timedelta(days=34, hours=14, minutes=32, seconds=3)
    assert card.back is not None
    assert card.back.time.at == card.asked_at + timedelta(days=207)


async def test_progress_slips_to_march_and_then_gets_its_minute(evening: House) -> None:
    first = await evening.move(
        "Progress MS-33",
        "launch",
        "NET 2026-03",
        "Site 31/6 repair",
        cause="the service cabin damage",
        source="Roscosmos",
    )
    assert (first.direction, first.slip_days) == (Direction.SLIP, None)
    assert [ref.kind for ref in first.undated] == [EventKind.DOCKING]
    assert first.card.mission.events[1].planned == UNKNOWN
    assert first.card.latest_move is not None
    assert (first.card.latest_move.cause, first.card.latest_move.source) == ("the service cabin damage", "Roscosmos")
    evening.clock.move_to(at("2026-03-03T12:00"))
    second = await evening.move("Progress MS-33", "launch", "2026-03-22T11:59:00Z", "service cabin restored")
    assert (second.direction, second.undated) == (Direction.SHARPER, ())
    assert first.event is not None
    kinds = await evening.rows(
        "SELECT kind, direction FROM schedule_ledger WHERE event_id = ? ORDER BY id", first.event.event_id
    )
    assert kinds == [("plan", "set"), ("move", "slip"), ("move", "sharper")]


async def test_a_move_takes_away_the_old_reminders_and_makes_the_new(evening: House) -> None:
    moved = await evening.move("Progress MS-33", "launch", "2026-03-22T11:59Z")
    assert moved.event is not None
    assert await evening.reminders(moved.event.event_id) == [
        "2025-12-12T09:00 countdown replanned",
        "2025-12-18T09:00 countdown replanned",
        "2025-12-19T09:00 opens replanned",
        "2025-12-20T00:15 question replanned",
        "2026-03-15T11:59 countdown pending",
        "2026-03-21T11:59 countdown pending",
        "2026-03-21T23:59 countdown pending",
        "2026-03-22T10:59 countdown pending",
        "2026-03-22T11:49 countdown pending",
        "2026-03-22T11:59 countdown pending",
        "2026-03-22T12:15 question pending",
    ]
    docking = event_of(moved.card.mission, EventKind.DOCKING)
    assert not any("pending" in line for line in await evening.reminders(docking))


async def test_landing_ends_the_mission_its_reminders_and_its_clock(evening: House) -> None:
    evening.clock.move_to(at("2026-07-27T06:00"))
    landed = await evening.done("Soyuz MS-28", "landing", "2026-07-27T05:03Z")
    assert (landed.card.phase, landed.card.docked_at) == (Phase.ENDED, None)
    assert landed.card.elapsed == at("2026-07-27T05:03") - at("2025-11-27T09:27:57")
    for event in landed.card.mission.events:
        assert not any("pending" in line for line in await evening.reminders(event.id))
    with refused("mission_over"):
        await evening.plan("Soyuz MS-28", "eva", "2026-08")
    assert (await evening.desks.missions.overview(guest())).flying == ()


async def test_creating_says_when_the_pad_is_not_rated_for_the_flight(evening: House) -> None:
    assert not (await evening.create("Soyuz MS-29", pad="Site 31/6")).pad_cannot_launch
    assert (await evening.create("Crew-11", vehicle="Falcon 9", pad="Site 31/6")).pad_cannot_launch


@pytest.mark.parametrize("name", ["Soyuz MS-28", "SOYUZ ms28", "soyuz‑ms 28"])
async def test_a_name_is_taken_whatever_its_spelling(evening: House, name: str) -> None:
    with refused("mission_exists"):
        await evening.create(name)


async def test_what_may_be_out_of_order_is_said_with_the_plan(evening: House) -> None:
    planned = await evening.plan("Progress MS-33", "undocking", "2025-12")
    assert {(doubt.earlier.kind.value, doubt.later.kind.value) for doubt in planned.doubts} == {
        ("launch", "undocking"),
        ("docking", "undocking"),
    }
    with refused("order_impossible"):
        await evening.plan("Progress MS-33", "landing", "2025-12-01")


async def test_the_planned_docking_time_does_not_stand_where_the_actual_one_is_known(evening: House) -> None:
    with refused("event_not_open"):
        await evening.done("Soyuz MS-28", "docking")
    card = await evening.desks.missions.status(guest(), "Soyuz MS-28")
    docking = card.mission.events[1]
    assert (docking.planned, docking.actual_at) == (
        parse_when("2025-11-27T12:38:00Z", EVENING),
        at("2025-11-27T12:34:35"),
    )


async def test_something_never_planned_can_be_told_and_told_again_when_it_may_repeat(evening: House) -> None:
    first = await evening.done("Soyuz MS-28", "eva", "2025-11-27T15:00Z")
    second = await evening.done("Soyuz MS-28", "eva", "2025-11-27T17:00Z")
    assert first.event is not None
    assert second.event is not None
    assert first.event.event_id != second.event.event_id


async def test_naming_one_spacewalk_twice_does_not_make_two_of_it(evening: House) -> None:
    await evening.plan("Soyuz MS-28", "eva", "2026-04", name="EVA 1: Solntse-Terahertz installation")
    await evening.done("Soyuz MS-28", "EVA 1: Solntse-Terahertz installation", "2025-11-27T15:00Z")
    with refused("event_not_open"):
        await evening.done("Soyuz MS-28", "EVA 1: Solntse-Terahertz installation", "2025-11-27T17:00Z")


async def test_two_planned_spacewalks_are_told_apart_by_name_or_number(evening: House) -> None:
    await evening.plan("Soyuz MS-28", "eva", "2026-04", name="EVA 1")
    second = await evening.plan("Soyuz MS-28", "eva", "2026-06", name="EVA 2")
    with refused("event_ambiguous"):
        await evening.move("Soyuz MS-28", "eva", "2026-05")
    assert second.event is not None
    moved = await evening.move("Soyuz MS-28", "eva-2", "2026-05")
    again = await evening.move("Soyuz MS-28", f"#{second.event.event_id}", "2026-07")
    assert moved.event == again.event == second.event


# --- crew --------------------------------------------------------------------------------------------------------------


async def test_the_crew_is_found_by_any_spelling_and_the_flight_gets_full(evening: House) -> None:
    for name, role in [("Sergey Kud-Sverchkov", "Commander"), ("Chris Williams", "Flight Engineer")]:
        receipt = await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", name, role, "Roscosmos"))
        assert receipt.value.is_new
    with refused("already_assigned"):
        await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "chris williams", "Flight Engineer"))
    third = await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    assert (third.value.seats_taken, third.value.seats) == (3, 3)
    with refused("no_seat_left"):
        await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Jonny Kim", "Flight Engineer"))
    (crew,) = await evening.desks.crew.list(guest())
    assert [member.name for member in crew.members] == ["Sergey Kud-Sverchkov", "Chris Williams", "Sergei Mikaev"]


async def test_a_refused_seat_leaves_no_person_behind(evening: House) -> None:
    with refused("no_seat_left"):
        await evening.desks.crew.assign(director(), AssignSeat("Progress MS-33", "Jonny Kim", "Passenger"))
    assert await evening.rows("SELECT name FROM people") == []


# --- ports -------------------------------------------------------------------------------------------------------------


async def test_an_occupied_port_is_refused_through_every_door_and_the_holder_is_named(evening: House) -> None:
    evening.clock.move_to(at("2025-12-19T12:00"))
    await evening.done("Progress MS-33", "launch", "2025-12-19T09:00Z")
    docking = event_of((await evening.desks.missions.status(guest(), "Progress MS-33")).mission, EventKind.DOCKING)
    await evening.database.write(
        lambda tx: tx.execute(
            "UPDATE events SET port_id = (SELECT id FROM ports WHERE name = 'Rassvet nadir') WHERE id = ?", (docking,)
        )
    )
    for door in (
        lambda: evening.dock("Progress MS-33", port="Rassvet nadir"),
        lambda: evening.dock("Progress MS-33"),
        lambda: evening.done("Progress MS-33", "docking"),
        lambda: evening.desks.missions.done_by_button(director(), docking, "2025-12-19 09:30"),
    ):
        with refused("port_occupied") as refusal:
            await door()
        assert refusal.value.params["mission_text"] == "Soyuz MS-28"
    await evening.dock("Progress MS-33", port="Poisk zenith")


async def test_taking_back_an_undocking_does_not_put_two_spacecraft_at_one_port(evening: House) -> None:
    evening.clock.move_to(at("2025-12-19T12:00"))
    away = await evening.done("Soyuz MS-28", "undocking", "2025-12-19T08:00Z")
    await evening.done("Progress MS-33", "launch", "2025-12-19T09:00Z")
    await evening.dock("Progress MS-33", port="Rassvet nadir")
    with refused("port_occupied"):
        await undo(evening, away)


async def test_ports_say_who_is_there_and_who_is_coming(evening: House) -> None:
    (ports,) = await evening.desks.docking.ports(guest(), "iss")
    uses = {use.port.name: use for use in ports.uses}
    rassvet, poisk = uses["Rassvet nadir"], uses["Poisk zenith"]
    assert rassvet.occupant is not None
    assert (rassvet.occupant.name, rassvet.since_at) == ("Soyuz MS-28", at("2025-11-27T12:34:35"))
    assert [arrival.mission.name for arrival in poisk.arrivals] == ["Progress MS-33"]


async def test_a_docking_without_a_port_or_a_station_asks_for_it(evening: House) -> None:
    await evening.create("Crew-11", vehicle="Falcon 9", station="ISS", launch="2025-11-27T10:00Z")
    await evening.create("Fram2", vehicle="Falcon 9")
    with refused("port_needed"):
        await evening.dock("Crew-11")
    with refused("mission_without_station"):
        await evening.dock("Fram2")
    with refused("port_unknown_near"):
        await evening.dock("Crew-11", port="Rasvet nadir")


# --- undo --------------------------------------------------------------------------------------------------------------


async def test_undoing_a_move_brings_back_the_date_the_lost_dates_and_the_reminders(evening: House) -> None:
    before = (await evening.desks.missions.status(guest(), "Progress MS-33")).mission
    pending = [line for line in await evening.reminders() if "pending" in line]
    await undo(evening, await evening.move("Progress MS-33", "launch", "NET 2026-03"))
    assert (await evening.desks.missions.status(guest(), "Progress MS-33")).mission == before
    assert [line for line in await evening.reminders() if "pending" in line] == pending
    kinds = await evening.rows("SELECT kind FROM schedule_ledger ORDER BY id DESC LIMIT 4")
    assert kinds == [("undo",), ("undo",), ("dependent",), ("move",)]


async def test_undoing_a_done_reopens_what_it_closed(evening: House) -> None:
    before = (await evening.desks.missions.status(guest(), "Soyuz MS-28")).mission
    await evening.plan("Soyuz MS-28", "eva", "2026-04")
    landed = await evening.done("Soyuz MS-28", "landing", "2025-11-27T17:00Z")
    assert landed.card.phase is Phase.ENDED
    back = await undo(evening, landed)
    assert (back.card.phase, back.card.docked_at, back.card.mission.outcome) == (Phase.DOCKED, "Rassvet nadir", None)
    assert back.card.mission.events[:-1] == before.events
    landing = event_of(before, EventKind.LANDING)
    assert "2026-07-27T09:00 opens pending" in await evening.reminders(landing)


async def test_undoing_a_plan_withdraws_the_event_and_its_reminders_and_it_can_be_planned_again(evening: House) -> None:
    planned = await evening.plan("Soyuz MS-28", "undocking", "2026-07-26")
    assert planned.event is not None
    await undo(evening, planned)
    assert not any("pending" in line for line in await evening.reminders(planned.event.event_id))
    again = await evening.plan("Soyuz MS-28", "undocking", "2026-07-27")
    assert again.card.phase is Phase.DOCKED


async def test_undoing_the_plan_of_a_launch_does_not_cancel_the_mission(evening: House) -> None:
    await evening.create("Soyuz MS-29")
    taken_back = await undo(evening, await evening.plan("Soyuz MS-29", "launch", "2026-07"))
    assert taken_back.card.phase is Phase.PLANNED
    assert (await evening.plan("Soyuz MS-29", "launch", "2026-08")).card.phase is Phase.PLANNED


async def test_undoing_a_done_that_was_never_planned_leaves_nothing_of_it(evening: House) -> None:
    await evening.create("Soyuz MS-29")
    taken_back = await undo(evening, await evening.done("Soyuz MS-29", "launch", "2025-11-27T17:00Z"))
    assert (taken_back.card.phase, taken_back.card.elapsed) == (Phase.PLANNED, None)
    assert (await evening.done("Soyuz MS-29", "launch", "2025-11-27T17:30Z")).card.phase is Phase.IN_FLIGHT


async def test_undo_is_refused_once_something_came_after(evening: House) -> None:
    first = await evening.move("Progress MS-33", "launch", "2026-03-21")
    second = await evening.move("Progress MS-33", "launch", "2026-03-22")
    with refused("undo_superseded"):
        await undo(evening, first)
    await undo(evening, second)
    with refused("undo_superseded"):
        await undo(evening, second)
    assert (await evening.desks.missions.status(guest(), "Progress MS-33")).mission.events[0].planned == parse_when(
        "2026-03-21", EVENING
    )


@pytest.mark.parametrize("seq", [-1, 0, 1, 10**6, 2**63, 2**80])
async def test_an_undo_button_that_names_nothing_undoable_is_stale(evening: House, seq: int) -> None:
    with refused("button_stale"):
        await evening.desks.missions.undo(director(), seq)


@pytest.mark.parametrize("event_id", [-1, 0, 10**6, 2**63, 2**80])
async def test_a_done_button_of_no_event_here_is_stale(evening: House, event_id: int) -> None:
    with refused("button_stale"):
        await evening.desks.missions.done_by_button(director(), event_id, "2025-11-27 17:00")
    with refused("button_stale"):
        await evening.desks.missions.done_as_planned(director(), event_id, at("2025-11-27T17:00"))


async def test_a_form_is_not_opened_for_a_button_that_could_not_be_sent(evening: House) -> None:
    docking = event_of((await evening.desks.missions.status(guest(), "Soyuz MS-28")).mission, EventKind.DOCKING)
    with refused("event_not_open"):
        await evening.desks.missions.require_confirmable(director(), docking)
    with refused("button_stale"):
        await evening.desks.missions.require_confirmable(director(), 2**70)


async def test_a_done_button_takes_the_planned_time_where_that_is_exact_and_asks_otherwise(evening: House) -> None:
    exact = await evening.plan("Soyuz MS-28", "undocking", "2026-07-26T20:00Z")
    day = (await evening.desks.missions.status(guest(), "Soyuz MS-28")).back
    assert exact.event is not None
    assert day is not None
    evening.clock.move_to(at("2026-07-27T06:30:15"))
    desk = evening.desks.missions
    undocked = await desk.done_as_planned(director(), exact.event.event_id, at("2026-07-26T20:00"))
    landed = await desk.done_by_button(director(), day.id, "06:30:15")
    assert (undocked.value.actual_at, landed.value.actual_at) == (at("2026-07-26T20:00"), at("2026-07-27T06:30:15"))


async def test_an_old_done_button_does_not_record_a_date_that_has_moved_since(evening: House) -> None:
    launch = (await evening.desks.missions.status(guest(), "Progress MS-33")).next
    assert launch is not None
    await evening.move("Progress MS-33", "launch", "2025-11-27T18:10Z")
    await evening.move("Progress MS-33", "launch", "2026-01-10T10:00Z")
    evening.clock.move_to(at("2025-11-27T18:40"))
    with refused("date_changed_since"):
        await evening.desks.missions.done_as_planned(director(), launch.id, at("2025-11-27T18:10"))


# --- as of -------------------------------------------------------------------------------------------------------------


async def test_as_of_shows_what_had_been_recorded_not_what_had_happened(evening: House) -> None:
    evening.clock.move_to(at("2025-12-10T08:00"))
    await evening.move("Progress MS-33", "launch", "NET 2026-03", "Site 31/6 repair")
    evening.clock.move_to(at("2026-01-01"))
    then = await evening.desks.missions.status(guest(), "progress ms33", "2025-12-01")
    now = await evening.desks.missions.status(guest(), "progress ms33")
    assert then.mission.events[0].planned == parse_when("2025-12-19", EVENING)
    assert then.believed_at is not None
    assert then.believed_at.date() == at("2025-12-01").date()
    assert (then.latest_move, now.mission.events[0].planned) == (None, parse_when("NET 2026-03", EVENING))


async def test_as_of_a_day_ends_with_that_day(evening: House) -> None:
    evening.clock.move_to(at("2025-12-02"))
    await evening.move("Progress MS-33", "launch", "2025-12-20")
    evening.clock.move_to(at("2026-01-01"))
    first = await evening.desks.missions.status(guest(), "Progress MS-33", "2025-12-01")
    second = await evening.desks.missions.status(guest(), "Progress MS-33", "2025-12-02")
    assert [card.mission.events[0].planned for card in (first, second)] == [
        parse_when("2025-12-19", EVENING),
        parse_when("2025-12-20", EVENING),
    ]


async def test_as_of_before_the_docking_was_recorded_the_port_was_free(evening: House) -> None:
    evening.clock.move_to(at("2026-01-01"))
    (then,) = await evening.desks.docking.ports(guest(), None, "2025-11-27 12:39")
    (later,) = await evening.desks.docking.ports(guest(), None, "2025-11-27 12:40")
    assert [[use.occupant.name for use in ports.uses if use.occupant] for ports in (then, later)] == [
        [],
        ["Soyuz MS-28"],
    ]


async def test_as_of_the_crew_and_the_overview_are_those_of_then(evening: House) -> None:
    evening.clock.move_to(at("2025-12-05"))
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Chris Williams", "Flight Engineer"))
    evening.clock.move_to(at("2026-07-28"))
    await evening.done("Soyuz MS-28", "landing", "2026-07-27T05:03Z")
    (then,) = await evening.desks.crew.list(guest(), None, "2025-12-06")
    assert [member.name for member in then.members] == ["Chris Williams"]
    assert await evening.desks.crew.list(guest(), None, "2025-12-01") == ()
    overview = await evening.desks.missions.overview(guest(), "2026-07-01")
    assert [card.mission.name for card in overview.flying] == ["Soyuz MS-28"]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ("2025-10-01", "mission_not_known_then"),
        ("2027-01-01", "as_of_in_future"),
        ("unknown", "as_of_needs_date"),
        ("long ago", "when_unclear"),
    ],
)
async def test_as_of_needs_a_past_in_which_the_mission_was_known(evening: House, as_of: str, code: str) -> None:
    with refused(code):
        await evening.desks.missions.status(guest(), "Soyuz MS-28", as_of)


# --- what anyone may type ----------------------------------------------------------------------------------------------

NASTY = [
    "",
    " ",
    "\x00",
    "\ud800",
    "%",
    "_",
    "'; DROP TABLE missions; --",
    "\u202e" * 4000,
    "👩‍🚀" * 1300,
    "#²",
    "#" + "9" * 5000,
    "9" * 5000,
    "#9223372036854775808",
    "DR-99999999999999999999",
    "·",
    "Soyuz MS-28 · ²",
]


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
async def test_whatever_is_typed_is_answered_or_refused_and_never_a_fault(evening: House, typed: str) -> None:
    desks, me = evening.desks, guest()
    tries = [
        lambda: desks.missions.create(
            admin(), CreateMission(typed, typed, MissionKind.CREW, typed, typed, typed, typed)
        ),
        lambda: desks.missions.create(admin(), CreateMission("New", typed or "x")),
        lambda: desks.missions.plan(admin(), PlanEvent(typed, typed, typed, typed, typed)),
        lambda: desks.missions.plan(admin(), PlanEvent("Soyuz MS-28", "eva", typed, None, typed)),
        lambda: desks.missions.move(admin(), MoveEvent("Soyuz MS-28", typed, "2026-07", typed, typed, typed)),
        lambda: desks.missions.done(admin(), CompleteEvent("Soyuz MS-28", typed, typed, typed)),
        lambda: desks.missions.status(me, typed, typed),
        lambda: desks.crew.assign(admin(), AssignSeat("Soyuz MS-28", typed, typed, typed)),
        lambda: desks.crew.list(me, typed, typed),
        lambda: desks.docking.station(admin(), SaveStation(typed, typed, typed)),
        lambda: desks.docking.ports(me, typed, typed),
        lambda: desks.docking.confirm(admin(), ConfirmDocking("Progress MS-33", typed, typed)),
        lambda: desks.pads.add(admin(), AddPad(typed, typed, typed, typed, typed, typed)),
        lambda: desks.damage.report(admin(), ReportDamage("Site 31/6", Severity.MINOR, typed, typed, typed)),
        lambda: desks.damage.report(admin(), ReportDamage("Site 31/6", Severity.MINOR, "bent", typed)),
        lambda: desks.pads.status(me, typed, typed),
        lambda: desks.repairs.plan(admin(), PlanRepair(typed, typed, typed, typed, typed)),
        lambda: desks.repairs.progress(admin(), typed, 5, typed),
        lambda: desks.repairs.edit(admin(), EditRepair(typed, typed, typed, typed, typed)),
        lambda: desks.repairs.block(admin(), typed, typed),
        lambda: desks.repairs.material(admin(), SayMaterial(typed, typed, MaterialState.ON_ORDER, typed, typed)),
        lambda: desks.countdowns.set_offsets(admin(), typed, "1d"),
        lambda: desks.countdowns.set_offsets(admin(), "Soyuz MS-28 · landing", typed),
        lambda: desks.countdowns.show(me, typed),
        *(
            lambda ask=ask: ask(me, typed)
            for ask in (
                desks.completion.missions,
                desks.completion.people,
                desks.completion.stations,
                desks.completion.pads,
                desks.completion.reports,
            )
        ),
        lambda: desks.completion.ports(me, typed, typed),
        lambda: desks.completion.components(me, typed, typed),
        lambda: desks.completion.tasks(me, typed, tuple(TaskState)),
        lambda: desks.completion.materials(me, typed, typed),
        lambda: desks.completion.events(me, typed, typed),
    ]
    for attempt in tries:
        with suppress(OpsError):
            await attempt()  # type: ignore[no-untyped-call]
    stored = await evening.rows("SELECT name FROM missions WHERE workspace_id = ?", GUILD)
    assert {"Soyuz MS-28", "Progress MS-33"} <= {str(name) for (name,) in stored}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"seats": -1}, "number_out_of_range"),
        ({"seats": 2**63}, "number_out_of_range"),
        ({"duration_days": 0}, "number_out_of_range"),
        ({"duration_days": 2**63}, "number_out_of_range"),
        ({"pad": "Site 99"}, "pad_unknown"),
        ({"station": "Mir"}, "station_unknown"),
        ({"launch": "soon"}, "when_unclear"),
        ({"spacecraft": "\u200b"}, "text_empty"),
    ],
)
async def test_a_mission_with_a_wrong_option_is_not_created(house: House, fields: dict[str, object], code: str) -> None:
    with refused(code) as refusal:
        await house.create("Soyuz MS-28", **fields)  # type: ignore[arg-type]
    assert isinstance(refusal.value, InvalidInput | NotFound | Conflict)
    assert await house.rows("SELECT id FROM missions") == []
