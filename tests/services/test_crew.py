"""Soyuz MS-22 as it was: up on one spacecraft, a leak, down on another after 371 days. And who is who, however spelled."""

from contextlib import suppress
from datetime import timedelta

import pytest

from cogs.render import coverage as render
from cogs.text import load_catalogues
from domain.announcements import Topic
from domain.coverage import Cover
from domain.damage import Severity
from domain.errors import OpsError
from domain.facts import CrewRemoved, PersonRenamed, ReturnChanged
from domain.missions import Clearance, MissionKind
from services.coverage import StationCoverage
from services.crew import AssignSeat, EditPerson
from services.damage import ReportDamage
from storage import people
from tests.services.house import CREW, GUILD, OTHER_GUILD, House, admin, at, director, guest, pad_chief, verified

CREW_OF_MS22 = ("Sergey Prokopyev", "Dmitry Petelin", "Francisco Rubio")


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


async def assign(house: House, mission: str, person: str, role: str = "Flight Engineer") -> None:
    await house.desks.crew.assign(director(), AssignSeat(mission, person, role))


async def ride(house: House, person: str, mission: str | None) -> None:
    await house.desks.crew.change_return(director(), person, mission)


async def names_aboard(house: House, as_of: str | None = None) -> list[str]:
    (found,) = await house.desks.coverage.aboard(guest(), "ISS", as_of)
    return [found.names[one.stay.person_id].name for one in found.aboard]


async def coverage(house: House) -> StationCoverage:
    (found,) = await house.desks.coverage.coverage(guest(), "iss")
    return found


async def said(house: House) -> str:
    """`/crew coverage station:ISS`, word for word."""
    return "\n".join(render.coverage((await coverage(house),), load_catalogues().locale("en")).entries)


async def counted(house: House) -> list[int]:
    found = (await coverage(house)).coverage
    return [len(found.with_cover(cover)) for cover in Cover]


async def ms22(house: House) -> None:
    """Soyuz MS-22 at the station, and its relief planned, on 2022-12-01."""
    house.clock.move_to(at("2022-09-20T12:00"))
    await house.station()
    await house.pad()
    await house.create("Soyuz MS-22", pad="Site 31/6", station="ISS", launch="2022-09-21T13:54Z", seats=3)
    for name, role in zip(CREW_OF_MS22, ("Commander", "Flight Engineer", "Flight Engineer"), strict=True):
        await assign(house, "Soyuz MS-22", name, role)
    house.clock.move_to(at("2022-09-21T18:00"))
    await house.done("Soyuz MS-22", "launch", "2022-09-21T13:54Z")
    await house.dock("Soyuz MS-22", "2022-09-21T17:06Z", "Rassvet nadir")
    house.clock.move_to(at("2022-12-01T12:00"))
    await house.create("Soyuz MS-23", pad="Site 31/6", station="ISS", launch="2023-03-16", seats=3)


async def clear(house: House, mission: str, state: Clearance) -> None:
    await house.desks.flights.clear(director(), mission, state, "coolant leak", "Roscosmos")


async def leak(house: House, *, cleared: bool = True) -> None:
    """The leak of 15 December, and the decision of 11 January to bring the crew down on Soyuz MS-23."""
    if cleared:
        house.clock.move_to(at("2022-12-16T12:00"))
        await clear(house, "Soyuz MS-22", Clearance.EMERGENCY_ONLY)
    house.clock.move_to(at("2023-01-12T12:00"))
    await house.move("Soyuz MS-23", "launch", "2023-02-24T00:24Z", "launches without a crew, as a relief")
    for name in CREW_OF_MS22:
        await ride(house, name, "Soyuz MS-23")


async def relief(house: House) -> None:
    """Soyuz MS-23 launches empty and docks."""
    house.clock.move_to(at("2023-02-24T12:00"))
    await house.done("Soyuz MS-23", "launch", "2023-02-24T00:24Z")
    house.clock.move_to(at("2023-02-26T12:00"))
    await house.dock("Soyuz MS-23", "2023-02-26T00:58Z", "Poisk zenith")


async def home(house: House) -> None:
    """Soyuz MS-22 lands without its crew; Soyuz MS-23 brings them down."""
    house.clock.move_to(at("2023-03-28T13:00"))
    await house.desks.docking.undock(director(), "Soyuz MS-22", "2023-03-28T09:57Z")
    await house.done("Soyuz MS-22", "landing", "2023-03-28T11:46Z")
    house.clock.move_to(at("2023-09-27T12:00"))
    await house.desks.docking.undock(director(), "Soyuz MS-23", "2023-09-27T07:54Z")
    await house.done("Soyuz MS-23", "landing", "2023-09-27T11:17Z")


# --- Soyuz MS-22 -------------------------------------------------------------------------------------------------------


async def test_who_is_aboard_and_who_has_a_seat_from_launch_to_landing(house: House) -> None:
    await ms22(house)
    assert (await names_aboard(house), await counted(house)) == (list(CREW_OF_MS22), [3, 0, 0])
    await leak(house)
    assert (await names_aboard(house), await counted(house)) == (list(CREW_OF_MS22), [0, 3, 0])
    await relief(house)
    assert (await names_aboard(house), await counted(house)) == (list(CREW_OF_MS22), [3, 0, 0])
    house.clock.move_to(at("2023-03-28T13:00"))
    empty = await house.desks.docking.undock(director(), "Soyuz MS-22", "2023-03-28T09:57Z")
    assert (empty.value.left, empty.value.stayed) == ((), CREW_OF_MS22)
    await house.done("Soyuz MS-22", "landing", "2023-03-28T11:46Z")
    assert (await names_aboard(house), await counted(house)) == (list(CREW_OF_MS22), [3, 0, 0])
    house.clock.move_to(at("2023-09-27T12:00"))
    full = await house.desks.docking.undock(director(), "Soyuz MS-23", "2023-09-27T07:54Z")
    assert (full.value.left, full.value.stayed) == (CREW_OF_MS22, ())
    landed = await house.done("Soyuz MS-23", "landing", "2023-09-27T11:17Z")
    assert (await names_aboard(house), await counted(house)) == ([], [0, 0, 0])
    assert landed.actual_at is not None
    assert round((landed.actual_at - at("2022-09-21T13:54")) / timedelta(days=1)) == 371
    assert verified(await house.chain())


async def test_coverage_in_the_words_a_flight_surgeon_signs(house: House) -> None:
    await ms22(house)
    assert await said(house) == DECEMBER_FIRST
    house.clock.move_to(at("2022-12-16T12:00"))
    await clear(house, "Soyuz MS-22", Clearance.EMERGENCY_ONLY)
    assert await said(house) == AFTER_THE_LEAK
    await leak(house, cleared=False)
    assert await said(house) == RIDE_NOT_THERE_YET
    await relief(house)
    await house.create("Soyuz MS-24", pad="Site 31/6", station="ISS", launch="2023-09", seats=3)
    await house.desks.damage.report(
        pad_chief(), ReportDamage("Site 31/6", Severity.CRITICAL, "service cabin fell", "flame trench")
    )
    assert await said(house) == RELIEF_DOCKED


DECEMBER_FIRST = """\
**International Space Station** — 3 aboard
✅ **3** have an assigned seat on a cleared, docked spacecraft.
• Soyuz MS-22 (Rassvet nadir): Sergey Prokopyev, Dmitry Petelin, Francisco Rubio
○ **0** can leave only in an emergency.
○ **0** have no seat on a docked spacecraft that may bring them down.
Seats on docked spacecraft: 3 cleared (0 of them free), 0 for emergency return only.
Relief: Soyuz MS-23, launch 16 Mar 2023. Its pad (Site 31/6, Baikonur Cosmodrome) is 🟢 operational."""
AFTER_THE_LEAK = """\
**International Space Station** — 3 aboard
○ **0** have an assigned seat on a cleared, docked spacecraft.
⚠️ **3** can leave only in an emergency.
• Sergey Prokopyev, Dmitry Petelin, Francisco Rubio: assigned to Soyuz MS-22 (Rassvet nadir), which is for emergency return only
○ **0** have no seat on a docked spacecraft that may bring them down.
Seats on docked spacecraft: 0 cleared (0 of them free), 3 for emergency return only.
⚠️ Soyuz MS-22 (Rassvet nadir): for emergency return only (coolant leak · Roscosmos).
Relief: Soyuz MS-23, launch 16 Mar 2023. Its pad (Site 31/6, Baikonur Cosmodrome) is 🟢 operational."""
RIDE_NOT_THERE_YET = """\
**International Space Station** — 3 aboard
○ **0** have an assigned seat on a cleared, docked spacecraft.
⚠️ **3** can leave only in an emergency.
• Sergey Prokopyev, Dmitry Petelin, Francisco Rubio: on Soyuz MS-22 (Rassvet nadir), the spacecraft they came on (for emergency return only); assigned to Soyuz MS-23, which is not docked here
○ **0** have no seat on a docked spacecraft that may bring them down.
Seats on docked spacecraft: 0 cleared (0 of them free), 3 for emergency return only.
⚠️ Soyuz MS-22 (Rassvet nadir): for emergency return only (coolant leak · Roscosmos).
Relief: Soyuz MS-23, launch 24 Feb 2023 00:24 UTC. Its pad (Site 31/6, Baikonur Cosmodrome) is 🟢 operational."""  # noqa: E501 - word for word
RELIEF_DOCKED = """\
**International Space Station** — 3 aboard
✅ **3** have an assigned seat on a cleared, docked spacecraft.
• Soyuz MS-23 (Poisk zenith): Sergey Prokopyev, Dmitry Petelin, Francisco Rubio
○ **0** can leave only in an emergency.
○ **0** have no seat on a docked spacecraft that may bring them down.
Seats on docked spacecraft: 3 cleared (0 of them free), 3 for emergency return only.
⚠️ Soyuz MS-22 (Rassvet nadir): for emergency return only (coolant leak · Roscosmos).
Relief: Soyuz MS-24, launch September 2023. ⛔ Its pad (Site 31/6, Baikonur Cosmodrome) is **not operational**: 🔴 out of service (DR-1, unconfirmed).
Its launch: ⚠️ may be blocked
Pad expected back: **no date from anybody**"""  # noqa: E501 - word for word


async def test_as_of_shows_who_was_known_to_be_aboard_and_not_who_was(house: House) -> None:
    await ms22(house)
    await leak(house)
    await relief(house)
    await home(house)
    assert await names_aboard(house, "2022-09-21 17:30") == []
    assert await names_aboard(house, "2022-09-21 18:00") == list(CREW_OF_MS22)
    assert await names_aboard(house, "2023-06-01") == list(CREW_OF_MS22)
    assert await names_aboard(house, "2023-09-27") == []


async def test_a_person_without_a_ride_stays_aboard_and_is_counted_without_a_seat(house: House) -> None:
    await ms22(house)
    await ride(house, "Rubio", None)
    assert await counted(house) == [2, 1, 0]
    house.clock.move_to(at("2023-03-28T13:00"))
    await house.desks.docking.undock(director(), "Soyuz MS-22", "2023-03-28T09:57Z")
    await house.done("Soyuz MS-22", "landing", "2023-03-28T11:46Z")
    assert await names_aboard(house) == ["Francisco Rubio"]
    assert await counted(house) == [0, 0, 1]
    assert "no ride down is assigned" in await said(house)


async def test_a_ride_that_came_and_left_with_them_while_their_own_spacecraft_stayed_is_seen(house: House) -> None:
    await ms22(house)
    await leak(house)
    await relief(house)
    house.clock.move_to(at("2023-03-20T12:00"))
    await house.desks.docking.undock(director(), "Soyuz MS-23", "2023-03-20T07:54Z")
    await house.done("Soyuz MS-23", "landing", "2023-03-20T11:17Z")
    assert await names_aboard(house) == []


async def test_a_return_recorded_after_the_empty_landing_puts_the_record_right(house: House) -> None:
    await ms22(house)
    await relief(house)
    house.clock.move_to(at("2023-03-28T13:00"))
    await house.done("Soyuz MS-22", "landing", "2023-03-28T11:46Z")
    assert await names_aboard(house) == []
    for name in CREW_OF_MS22:
        await ride(house, name, "Soyuz MS-23")
    assert await names_aboard(house) == list(CREW_OF_MS22)


# --- rides and seats ---------------------------------------------------------------------------------------------------


async def test_a_ride_is_changed_and_changed_back(house: House) -> None:
    await ms22(house)
    await ride(house, "Rubio", "Soyuz MS-23")
    with refused("ride_unchanged"):
        await ride(house, "Rubio", "Soyuz MS-23")
    (crew,) = await house.desks.crew.list(guest(), "Soyuz MS-23")
    assert [(one.name, one.goes_up, one.comes_down) for one in crew.members] == [("Francisco Rubio", False, True)]
    await ride(house, "Rubio", "Soyuz MS-22")
    assert await counted(house) == [3, 0, 0]
    assert (await house.desks.crew.list(guest(), "Soyuz MS-23"))[0].members == ()


async def test_seats_down_are_limited_and_a_ride_must_go_where_they_are(house: House) -> None:
    await ms22(house)
    await house.create("Soyuz MS-24", station="ISS", launch="2023-09", seats=1)
    await house.create("Polaris", launch="2023-09")
    await ride(house, "Rubio", "Soyuz MS-24")
    with refused("no_seat_down"):
        await ride(house, "Petelin", "Soyuz MS-24")
    with refused("ride_elsewhere"):
        await ride(house, "Petelin", "Polaris")
    with refused("no_way_up"):
        await assign(house, "Polaris", "Jared Isaacman")
        await house.desks.crew.remove(director(), "Polaris", "Jared Isaacman", "another flight")
        await ride(house, "Jared Isaacman", "Polaris")
    assert (await names_aboard(house)) == list(CREW_OF_MS22)


async def test_a_second_seat_up_is_refused_when_the_stays_certainly_overlap(house: House) -> None:
    await ms22(house)
    await house.plan("Soyuz MS-22", "landing", "2023-03-28")
    with refused("two_flights") as refusal:
        await assign(house, "Soyuz MS-23", "Francisco Rubio")
    assert refusal.value.params["other_text"] == "Soyuz MS-22"
    assert (await house.desks.crew.list(guest(), "Soyuz MS-23"))[0].members == ()
    await house.create("Soyuz MS-24", station="ISS", launch="2023-03", seats=3)
    later = await house.desks.crew.assign(director(), AssignSeat("Soyuz MS-24", "Francisco Rubio", "Flight Engineer"))
    assert later.value.may_clash == "Soyuz MS-22"


async def test_removing_takes_the_way_down_on_another_flight_along_and_says_it_once(house: House) -> None:
    await ms22(house)
    await house.create("Soyuz MS-24", station="ISS", launch="2023-09", seats=3)
    await house.create("Soyuz MS-25", station="ISS", launch="2024-03", seats=3)
    await assign(house, "Soyuz MS-24", "Loral O'Hara")
    await ride(house, "Loral O'Hara", "Soyuz MS-25")
    await house.subscribe(Topic.CREW, CREW)
    gone = await house.desks.crew.remove(director(), "Soyuz MS-24", "o'hara", "another flight")
    assert (gone.value.went_up, gone.value.had_flown, gone.value.other_ride) == (True, False, "Soyuz MS-25")
    assert [crew.members for crew in await house.desks.crew.list(guest(), "Soyuz MS-25")] == [()]
    ((_, facts),) = await house.posts(CREW)
    assert isinstance(facts, CrewRemoved)
    assert (facts.person, facts.reason, facts.also_from) == ("Loral O'Hara", "another flight", "Soyuz MS-25")
    with refused("not_on_mission"):
        await house.desks.crew.remove(director(), "Soyuz MS-24", "Loral O'Hara", "again")


async def test_removing_from_a_flight_that_has_launched_says_so(house: House) -> None:
    await ms22(house)
    gone = await house.desks.crew.remove(director(), "Soyuz MS-22", "Francisco Rubio", "entered by mistake")
    assert gone.value.had_flown
    assert await names_aboard(house) == list(CREW_OF_MS22[:2])


async def test_removing_a_seat_that_was_only_down_leaves_the_person_without_a_ride(house: House) -> None:
    await ms22(house)
    await ride(house, "Rubio", "Soyuz MS-23")
    gone = await house.desks.crew.remove(director(), "Soyuz MS-23", "Rubio", "seat needed")
    assert not gone.value.went_up
    assert "Francisco Rubio" in await names_aboard(house)
    assert "no ride down is assigned" in await said(house)


async def test_a_change_of_return_is_said_to_crew_and_return_channels(house: House) -> None:
    await ms22(house)
    await house.subscribe(Topic.RETURN, CREW)
    done = await house.desks.crew.change_return(director(), "Rubio", "Soyuz MS-23")
    assert done.announced_in == {CREW}
    ((_, facts),) = await house.posts(CREW)
    assert isinstance(facts, ReturnChanged)
    assert (facts.person, facts.went_up_on, facts.before, facts.after) == (
        "Francisco Rubio",
        "Soyuz MS-22",
        "Soyuz MS-22",
        "Soyuz MS-23",
    )


async def test_the_same_person_with_another_role_gets_the_role(house: House) -> None:
    await ms22(house)
    done = await house.desks.crew.assign(director(), AssignSeat("Soyuz MS-22", "Francisco Rubio", "Commander"))
    assert (done.value.former_role, done.value.member.role) == ("Flight Engineer", "Commander")
    assert await counted(house) == [3, 0, 0]


# --- who is who --------------------------------------------------------------------------------------------------------


async def test_any_spelling_finds_the_person_whatever_its_script_or_case(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    await evening.desks.crew.edit(director(), EditPerson("Mikaev", also="Mikayev, Сергей Микаев"))
    for spelling in ("sergei mikaev", "MIKAEV", "mikayev", "СЕРГЕЙ МИКАЕВ", "микаев"):
        edited = await evening.desks.crew.edit(director(), EditPerson(spelling, agency=f"Roscosmos {spelling}"))
        assert edited.value.person.name == "Sergei Mikaev"
        assert await evening.desks.completion.people(guest(), spelling) == ("Sergei Mikaev",)
    with refused("already_assigned"):
        await assign(evening, "Soyuz MS-28", "Сергей микаев")


async def test_a_new_name_keeps_the_former_one_findable_and_is_said(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergey Mikayev")
    await evening.subscribe(Topic.CREW, CREW)
    edited = await evening.desks.crew.edit(director(), EditPerson("Sergey Mikayev", "Sergei Mikaev"))
    assert edited.value.person.also == ("Sergey Mikayev",)
    (crew,) = await evening.desks.crew.list(guest(), "Soyuz MS-28")
    assert [member.name for member in crew.members] == ["Sergei Mikaev"]
    ((_, facts),) = await evening.posts(CREW)
    assert facts == PersonRenamed("Sergey Mikayev", "Sergei Mikaev", None)
    with refused("person_unchanged"):
        await evening.desks.crew.edit(director(), EditPerson("Sergey Mikayev"))


async def test_a_spelling_finds_one_person_and_an_entry_made_by_mistake_gives_way(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    await assign(evening, "Soyuz MS-28", "Sergei Mikayev")
    with refused("spelling_taken") as refusal:
        await evening.desks.crew.edit(director(), EditPerson("Sergei Mikaev", also="Sergei Mikayev"))
    assert refusal.value.params["person_text"] == "Sergei Mikayev"
    await evening.desks.crew.remove(director(), "Soyuz MS-28", "Sergei Mikayev", "the same person")
    await evening.desks.crew.edit(director(), EditPerson("Sergei Mikaev", also="Sergei Mikayev"))
    assert await evening.desks.completion.people(guest(), "mik") == ("Sergei Mikaev",)
    assert verified(await evening.chain())


async def test_a_word_that_fits_several_is_not_guessed(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergey Kud-Sverchkov")
    await assign(evening, "Soyuz MS-28", "Sergey Mikaev")
    with refused("person_ambiguous"):
        await evening.desks.crew.edit(director(), EditPerson("Sergey", agency="Roscosmos"))
    with refused("person_unknown_near"):
        await evening.desks.crew.edit(director(), EditPerson("Sergei Mikajev", agency="Roscosmos"))
    with refused("person_unknown"):
        await evening.desks.crew.edit(director(), EditPerson("Yuri Gagarin", agency="Roscosmos"))


async def test_the_chain_holds_no_name(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    await evening.desks.crew.edit(director(), EditPerson("Mikaev", "Sergey Mikayev", "Roscosmos"))
    assert all("mika" not in linked.entry.state_json.casefold() for linked in await evening.chain())


async def test_another_guilds_people_and_stations_are_unknown(evening: House) -> None:
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    await evening.set_up(OTHER_GUILD)
    with refused("person_unknown"):
        await evening.desks.crew.edit(admin(OTHER_GUILD), EditPerson("Sergei Mikaev", agency="NASA"))
    with refused("station_unknown"):
        await evening.desks.coverage.coverage(admin(OTHER_GUILD), "ISS")
    assert await evening.desks.coverage.aboard(admin(OTHER_GUILD)) == ()


async def test_completion_offers_the_crew_of_the_mission_that_is_filled_in(evening: House) -> None:
    await evening.create("Soyuz MS-29", station="ISS")
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    await assign(evening, "Soyuz MS-29", "Anna Kikina")
    assert await evening.desks.completion.crew(guest(), "Soyuz MS-29", "") == ("Anna Kikina",)
    assert await evening.desks.completion.crew(guest(), "Soyuz MS-28", "kik") == ()
    assert await evening.desks.completion.crew(guest(), None, "kik") == ("Anna Kikina",)


@pytest.mark.parametrize("typed", ["", " ", "\x00", "\ud800", "%", "'; --", "\u202e" * 4000, "9" * 5000, ",,,", "none"])
async def test_whatever_is_typed_is_answered_or_refused(evening: House, typed: str) -> None:
    desks = evening.desks
    await assign(evening, "Soyuz MS-28", "Sergei Mikaev")
    for attempt in (
        desks.crew.edit(admin(), EditPerson(typed, typed, typed, typed)),
        desks.crew.edit(admin(), EditPerson("Mikaev", also=typed)),
        desks.crew.remove(admin(), typed, typed, typed),
        desks.crew.remove(admin(), "Soyuz MS-28", typed, typed),
        desks.crew.change_return(admin(), typed, typed),
        desks.crew.change_return(admin(), "Mikaev", typed),
        desks.coverage.aboard(guest(), typed, typed),
        desks.coverage.coverage(guest(), typed),
        desks.docking.plan(admin(), "Soyuz MS-28", typed, typed),
        desks.docking.relocate(admin(), "Soyuz MS-28", typed, typed),
        desks.docking.undock(admin(), typed, typed),
        desks.completion.crew(guest(), typed, typed),
    ):
        with suppress(OpsError):
            await attempt


async def test_ended_flights_are_not_loaded_to_say_who_is_aboard(house: House) -> None:
    await ms22(house)
    await house.create("Progress MS-20", kind=MissionKind.CARGO, station="ISS")
    await house.done("Progress MS-20", "launch", "2022-06-03T09:32Z")
    await house.done("Progress MS-20", "deorbit", "2022-10-24T01:51Z")
    await leak(house)
    await relief(house)
    await home(house)
    plan = await house.rows(f"EXPLAIN QUERY PLAN {people._FLIGHTS_OF_STAYS}", GUILD, GUILD)
    steps = [str(row[3]) for row in plan]
    assert all("AND" in step or "seats_up_only" in step for step in steps if step.startswith(("SCAN", "SEARCH"))), steps
    assert sum("seats_up_only" in step for step in steps) == 2
    assert await house.database.read(lambda reader: people.flights_of_stays(reader, GUILD)) == ()
