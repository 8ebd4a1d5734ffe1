"""Ports: plans that may overlap are told, an occupied port is refused; spacecraft move, and leave with a crew or without."""

import pytest

from domain.announcements import Topic
from domain.errors import OpsError
from domain.facts import EventDone, EventPlanned
from domain.missions import EventKind, EventState, Phase
from domain.when_text import parse_when
from services.crew import AssignSeat
from services.docking import ArrivalChanged
from services.flights import FailEvent
from tests.services.house import EVENING, FLIGHT, House, at, director, guest


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


async def plan(house: House, mission: str, port: str, when: str) -> ArrivalChanged:
    return (await house.desks.docking.plan(director(), mission, port, when)).value


async def relocate(house: House, mission: str, port: str, when: str | None = None) -> ArrivalChanged:
    return (await house.desks.docking.relocate(director(), mission, port, when)).value


async def at_ports(house: House, as_of: str | None = None) -> dict[str, str | None]:
    (found,) = await house.desks.docking.ports(guest(), "ISS", as_of)
    return {use.port.name: use.occupant.name if use.occupant else None for use in found.uses}


async def ms29(house: House) -> None:
    await house.create("Soyuz MS-29", pad="Site 31/6", station="ISS", launch="2026-07", seats=3)


# --- plans -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "overlaps"),
    [("2026-07", True), ("2026-07-27", True), ("2026-07-28", False), ("2026-08", False), ("unknown", True)],
)
async def test_a_plan_that_may_meet_another_spacecraft_is_stored_and_names_it(
    evening: House, when: str, overlaps: bool
) -> None:
    await ms29(evening)
    await evening.subscribe(Topic.DOCKING, FLIGHT)
    done = await plan(evening, "Soyuz MS-29", "Rassvet nadir", when)
    assert [stay.mission.name for stay in done.overlaps] == (["Soyuz MS-28"] if overlaps else [])
    assert done.changed.after == parse_when(when, EVENING)
    ((_, facts),) = await evening.posts(FLIGHT)
    assert isinstance(facts, EventPlanned)
    assert (facts.port, facts.overlaps) == ("Rassvet nadir", ("Soyuz MS-28",) if overlaps else ())
    (found,) = await evening.desks.docking.ports(guest(), "ISS")
    rassvet = found.uses[0]
    assert [arrival.mission.name for arrival in rassvet.arrivals] == ["Soyuz MS-29"]
    pairs = [{one.mission.name, other.mission.name} for one, other in rassvet.overlaps]
    assert pairs == ([{"Soyuz MS-28", "Soyuz MS-29"}] if overlaps else [])


async def test_two_plans_for_one_port_are_told_of_each_other(evening: House) -> None:
    await ms29(evening)
    await evening.plan("Progress MS-33", "undocking", "2026-06")
    assert (await plan(evening, "Soyuz MS-29", "Poisk zenith", "2026-07-20")).overlaps == ()
    await evening.move("Progress MS-33", "undocking", "2026-07")
    (found,) = await evening.desks.docking.ports(guest(), "ISS")
    poisk = found.uses[1]
    assert [stay.mission.name for stay in poisk.overlapping(poisk.arrivals[1].mission)] == ["Progress MS-33"]


async def test_planning_again_for_the_same_time_changes_the_port_and_another_time_is_a_move(evening: House) -> None:
    await ms29(evening)
    first = await plan(evening, "Soyuz MS-29", "Rassvet nadir", "2026-07-20")
    again = await plan(evening, "Soyuz MS-29", "Prichal nadir", "2026-07-20")
    assert again.changed.event == first.changed.event
    assert again.changed.port == "Prichal nadir"
    with refused("event_already_planned"):
        await plan(evening, "Soyuz MS-29", "Prichal nadir", "2026-07-21")
    assert again.changed.undo_seq is not None
    back = (await evening.desks.missions.undo(director(), again.changed.undo_seq)).value
    port_ids = {event.port_id for event in back.card.mission.events if event.kind is EventKind.DOCKING}
    assert [back.card.port_name(port_id) for port_id in port_ids] == ["Rassvet nadir"]


async def test_a_docking_planned_before_its_launch_is_refused(evening: House) -> None:
    await ms29(evening)
    with refused("order_impossible"):
        await plan(evening, "Soyuz MS-29", "Rassvet nadir", "2026-06")


async def test_a_port_has_to_be_one_of_the_missions_station(evening: House) -> None:
    await evening.create("Polaris")
    with refused("mission_without_station"):
        await plan(evening, "Polaris", "Rassvet nadir", "2026-07")
    with refused("port_unknown_near"):
        await plan(evening, "Soyuz MS-28", "Rasvet nadir", "2026-07")


async def test_after_a_failed_docking_the_next_plan_is_the_next_attempt(evening: House) -> None:
    await evening.done("Progress MS-33", "launch", "2025-11-27T15:00Z")
    await evening.desks.flights.fail(director(), FailEvent("Progress MS-33", "docking", "Kurs failed"))
    planned = await plan(evening, "Progress MS-33", "Poisk zenith", "2025-12-24")
    attempts = [
        (event.state, event.attempt) for event in planned.changed.card.mission.events if event.kind is EventKind.DOCKING
    ]
    assert attempts == [(EventState.FAILED, 1), (EventState.PLANNED, 2)]


# --- occupied ----------------------------------------------------------------------------------------------------------


async def test_an_occupied_port_is_refused_naming_who_and_until_when(evening: House) -> None:
    await evening.create("Crew-11", vehicle="Falcon 9", station="ISS")
    await evening.done("Crew-11", "launch", "2025-11-27T13:00Z")
    with refused("port_occupied") as refusal:
        await evening.dock("Crew-11", "2025-11-27T17:00Z", "Rassvet nadir")
    assert refusal.value.params["mission_text"] == "Soyuz MS-28"
    assert refusal.value.params["until"] == parse_when("2026-07-27", EVENING)


# --- undocking and relocation -------------------------------------------------------------------------------------------


async def test_undocking_frees_the_port_and_says_who_left(evening: House) -> None:
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Flight Engineer"))
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Chris Williams", "Flight Engineer"))
    await evening.desks.crew.change_return(director(), "Williams")
    await evening.subscribe(Topic.RETURN, FLIGHT)
    done = (await evening.desks.docking.undock(director(), "Soyuz MS-28", "2025-11-27 17:30")).value
    assert (done.left, done.stayed) == (("Sergei Mikaev",), ("Chris Williams",))
    assert done.changed.card.phase is Phase.FREE_FLIGHT
    assert (await at_ports(evening))["Rassvet nadir"] is None
    ((_, facts),) = await evening.posts(FLIGHT)
    assert isinstance(facts, EventDone)
    assert (facts.event.kind, facts.at) == (EventKind.UNDOCKING, at("2025-11-27T17:30"))
    with refused("not_docked"):
        await evening.desks.docking.undock(director(), "Soyuz MS-28")


async def test_undocking_now_completes_the_planned_undocking(evening: House) -> None:
    planned = await evening.plan("Soyuz MS-28", "undocking", "2026-07")
    done = (await evening.desks.docking.undock(director(), "Soyuz MS-28")).value
    assert done.changed.event == planned.event
    assert done.changed.actual_at == EVENING


async def test_an_undocking_in_the_future_is_not_recorded(evening: House) -> None:
    with refused("instant_in_future"):
        await evening.desks.docking.undock(director(), "Soyuz MS-28", "2025-12-01 10:00")


@pytest.mark.parametrize("when", [None, "2025-11-27 17:30", "now"])
async def test_a_relocation_now_or_then_changes_the_port(evening: House, when: str | None) -> None:
    done = await relocate(evening, "Soyuz MS-28", "Poisk zenith", when)
    assert done.changed.card.docked_at == "Poisk zenith"
    assert await at_ports(evening) == {"Rassvet nadir": None, "Poisk zenith": "Soyuz MS-28", "Prichal nadir": None}
    assert done.changed.undo_seq is not None
    await evening.desks.missions.undo(director(), done.changed.undo_seq)
    assert (await at_ports(evening))["Rassvet nadir"] == "Soyuz MS-28"


@pytest.mark.parametrize("when", ["in 3 days", "2026-02", "2025-12-05 10:00", "NET 2025-12-01", "unknown", "today"])
async def test_a_relocation_at_a_future_or_coarse_time_is_planned(evening: House, when: str) -> None:
    planned = await relocate(evening, "Soyuz MS-28", "Prichal nadir", when)
    assert planned.changed.actual_at is None
    assert planned.changed.card.docked_at == "Rassvet nadir"
    with refused("event_already_planned"):
        await relocate(evening, "Soyuz MS-28", "Prichal nadir", "2026-03")
    evening.clock.move_to(at("2025-12-20"))
    done = await relocate(evening, "Soyuz MS-28", "Prichal nadir")
    assert done.changed.event == planned.changed.event
    assert done.changed.card.docked_at == "Prichal nadir"


async def test_a_day_in_the_past_is_not_exact_enough_for_a_relocation(evening: House) -> None:
    with refused("instant_needs_time"):
        await relocate(evening, "Soyuz MS-28", "Prichal nadir", "2025-11-26")


async def test_a_relocation_is_refused_where_it_cannot_be(evening: House) -> None:
    with refused("already_at_port"):
        await relocate(evening, "Soyuz MS-28", "Rassvet nadir")
    with refused("not_docked"):
        await evening.done("Progress MS-33", "launch", "2025-11-27T13:00Z")
        await relocate(evening, "Progress MS-33", "Prichal nadir")
    await evening.dock("Progress MS-33", "2025-11-27T17:00Z", "Poisk zenith")
    with refused("port_occupied"):
        await relocate(evening, "Soyuz MS-28", "Poisk zenith")


async def test_a_planned_relocation_ends_the_stay_at_the_first_port(evening: House) -> None:
    await ms29(evening)
    assert (await plan(evening, "Soyuz MS-29", "Rassvet nadir", "2026-07-20")).overlaps != ()
    await relocate(evening, "Soyuz MS-28", "Prichal nadir", "2026-02")
    (found,) = await evening.desks.docking.ports(guest(), "ISS")
    rassvet, _, prichal = found.uses
    assert rassvet.until == parse_when("2026-02", EVENING)
    assert rassvet.overlaps == ()
    assert [arrival.mission.name for arrival in prichal.arrivals] == ["Soyuz MS-28"]


async def test_ports_as_of_are_what_had_been_recorded(evening: House) -> None:
    evening.clock.move_to(at("2025-12-20T12:00"))
    await relocate(evening, "Soyuz MS-28", "Prichal nadir", "2025-12-10 09:00")
    evening.clock.move_to(at("2026-01-01"))
    assert (await at_ports(evening, "2025-12-15"))["Rassvet nadir"] == "Soyuz MS-28"
    assert (await at_ports(evening, "2025-12-20"))["Prichal nadir"] == "Soyuz MS-28"
