"""Names are found inside words and across spellings, in one's own workspace; what is not there is "not found", always alike."""

import pytest

from domain.damage import Severity
from domain.errors import NotFound
from domain.repairs import TaskState
from domain.text import name_key
from services.crew import AssignSeat
from services.damage import ReportDamage
from services.missions import CreateMission
from services.repairs import PlanRepair
from tests.services.house import OTHER_GUILD, House, admin, director, guest, pad_chief


@pytest.mark.parametrize("typed", ["ms28", "MS-28", "ms 28", "yuz", "SOYUZ", "soyuz ms-28", "oyuz-m"])
async def test_a_mission_is_offered_inside_words_and_across_spellings(evening: House, typed: str) -> None:
    assert await evening.desks.completion.missions(guest(), typed) == ("Soyuz MS-28",)


@pytest.mark.parametrize("typed", ["S%8", "s_28", "%yuz%ms%", "x" * 4000])
async def test_what_databases_take_for_wildcards_finds_nothing_by_itself(evening: House, typed: str) -> None:
    found = [name for name in ("Soyuz MS-28", "Progress MS-33") if name_key(typed) in name_key(name)]
    assert list(await evening.desks.completion.missions(guest(), typed)) == found


async def test_at_most_twenty_five_are_offered_and_what_is_over_comes_last(house: House) -> None:
    for number in range(30):
        await house.create(f"Flight {number:02}")
    await house.done("Flight 00", "launch", "2025-11-27T08:00Z")
    await house.done("Flight 00", "landing", "2025-11-27T09:00Z")
    offered = await house.desks.completion.missions(guest(), "")
    assert offered == tuple(f"Flight {number:02}" for number in range(1, 26))
    assert await house.desks.completion.missions(guest(), "00") == ("Flight 00",)


async def test_everything_else_is_offered_by_what_it_is_known_by(evening: House) -> None:
    await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", "Sergey Kud-Sverchkov", "Commander"))
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MAJOR, "bridges deformed"))
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench"))
    offer = evening.desks.completion
    assert await offer.people(guest(), "kudsverch") == ("Sergey Kud-Sverchkov",)
    assert await offer.stations(guest(), "international") == ("ISS",)
    assert await offer.ports(guest(), "soyuz ms28", "nadir") == ("Rassvet nadir", "Prichal nadir")
    assert await offer.ports(guest(), None, "zenith") == ("Poisk zenith",)
    assert [(pad.name, pad.site) for pad in await offer.pads(guest(), "31/6")] == [("Site 31/6", "Baikonur Cosmodrome")]
    assert await offer.components(guest(), "site 31/6", "8u02") == ("service cabin (8U0216)",)
    for typed in ("", "1", "dr-1", "bridge", "31/6"):
        assert [choice.number for choice in await offer.reports(guest(), typed)] == [1]
    for typed in ("", "rt1", "trench"):
        assert [choice.number for choice in await offer.tasks(guest(), typed, (TaskState.PLANNED,))] == [1]


async def test_open_events_are_offered_soonest_first(evening: House) -> None:
    offered = await evening.desks.completion.events(guest(), None, "")
    assert [(choice.mission, choice.event.kind.value) for choice in offered] == [
        ("Progress MS-33", "launch"),
        ("Progress MS-33", "docking"),
        ("Soyuz MS-28", "landing"),
        ("Progress MS-33", "deorbit"),
    ]
    only = await evening.desks.completion.events(guest(), "progress ms33", "dock")
    assert [choice.event.kind.value for choice in only] == ["docking"]


async def test_completion_for_something_unknown_offers_nothing(evening: House) -> None:
    assert await evening.desks.completion.ports(guest(), "Apollo 18", "") == ()
    assert await evening.desks.completion.components(guest(), "Site 99", "") == ()
    assert await evening.desks.completion.events(guest(), "Apollo 18", "") == ()


@pytest.mark.parametrize(
    ("typed", "near"), [("Soyuz MS-82", "Soyuz MS-28"), ("Progres MS33", "Progress MS-33"), ("Apollo 18", None)]
)
async def test_not_found_names_the_nearest_there_is(evening: House, typed: str, near: str | None) -> None:
    with pytest.raises(NotFound) as refusal:
        await evening.desks.missions.status(guest(), typed)
    assert refusal.value.code == ("mission_unknown_near" if near else "mission_unknown")
    assert refusal.value.params.get("near_text") == near


async def test_what_another_guild_has_is_unknown_in_the_same_words(evening: House) -> None:
    await evening.set_up(OTHER_GUILD)
    await evening.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", Severity.MAJOR, "bridges deformed"))
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench"))
    event_id = (await evening.desks.completion.events(guest(), None, "landing"))[0].event.id
    there = admin(OTHER_GUILD)
    desks = evening.desks
    pairs = [
        (lambda: desks.missions.status(there, "Soyuz MS-28"), lambda: desks.missions.status(there, "Mir EO-1")),
        (lambda: desks.pads.status(there, "Site 31/6"), lambda: desks.pads.status(there, "Site 99/9")),
        (lambda: desks.docking.ports(there, "ISS"), lambda: desks.docking.ports(there, "Mir")),
        (
            lambda: desks.repairs.progress(admin(OTHER_GUILD), "RT-1", 5, None),
            lambda: desks.repairs.progress(admin(OTHER_GUILD), "RT-9", 5, None),
        ),
        (
            lambda: desks.repairs.plan(admin(OTHER_GUILD), PlanRepair("DR-1", "x")),
            lambda: desks.repairs.plan(admin(OTHER_GUILD), PlanRepair("DR-9", "x")),
        ),
        (
            lambda: desks.countdowns.show(there, f"#{event_id}"),
            lambda: desks.countdowns.show(there, "#999999"),
        ),
        (
            lambda: desks.missions.done_by_button(admin(OTHER_GUILD), event_id, "12:00"),
            lambda: desks.missions.done_by_button(admin(OTHER_GUILD), 999999, "12:00"),
        ),
        (
            lambda: desks.missions.undo(admin(OTHER_GUILD), 9),
            lambda: desks.missions.undo(admin(OTHER_GUILD), 999999),
        ),
    ]
    for foreign, unknown in pairs:
        codes = []
        for ask in (foreign, unknown):
            with pytest.raises(NotFound) as refusal:
                await ask()  # type: ignore[no-untyped-call]
            codes.append((refusal.value.code, sorted(refusal.value.params)))
        assert codes[0] == codes[1]


async def test_the_same_name_in_another_guild_is_another_mission(evening: House) -> None:
    await evening.set_up(OTHER_GUILD)
    await evening.desks.missions.create(admin(OTHER_GUILD), CreateMission("Soyuz MS-28", "Soyuz-2.1a"))
    there = await evening.desks.missions.status(admin(OTHER_GUILD), "Soyuz MS-28")
    here = await evening.desks.missions.status(guest(), "Soyuz MS-28")
    assert (there.elapsed, len(there.mission.events)) == (None, 0)
    assert len(here.mission.events) == 3
