"""Crew and docking as members type them: who is aboard, who has a seat home, what the flight surgeon alone sees."""

from tests.commands.world import World, words_of


async def posts(world: World) -> str:
    await world.settle()
    return "\n".join(words_of(embed) for message in await world.messages() for embed in message.embeds)


async def test_ten_are_aboard_with_ten_seats_and_the_relief_has_no_pad(world: World) -> None:
    answer = await world.slash(world.guest, "crew coverage", station="ISS")
    assert not answer.private
    assert "International Space Station** — 10 aboard" in answer.text
    assert "✅ **10** have an assigned seat on a cleared, docked spacecraft." in answer.text
    assert "○ **0** have no seat" in answer.text
    assert (
        "Relief: Soyuz MS-29, launch July 2026. ⛔ Its pad (Site 31/6, Baikonur Cosmodrome) is **not operational**"
        in answer.text
    )
    aboard = await world.slash(world.guest, "crew aboard", station="iss")
    assert aboard.text.count("aboard since") == 10
    earlier = await world.slash(world.guest, "crew aboard", station="ISS", as_of="2025-07-01")
    assert earlier.text.count("aboard since") == 3


async def test_a_seat_down_is_changed_and_coverage_follows(world: World) -> None:
    changed = await world.slash(world.operator, "crew return", person="Jonny Kim", where=world.corner)
    assert "Jonny Kim has no ride down now" in changed.text
    coverage = await world.slash(world.guest, "crew coverage", where=world.corner)
    assert "✅ **9** have an assigned seat" in coverage.text
    assert "⚠️ **1** can leave only in an emergency." in coverage.text
    assert "Jonny Kim: on Soyuz MS-27 (Prichal nadir), the spacecraft they came on" in coverage.text
    left = await world.slash(world.operator, "docking undock", mission="Soyuz MS-27", where=world.corner)
    assert "Left on it: Sergey Ryzhikov, Alexey Zubritsky." in left.text
    assert "Came on it and stay aboard: Jonny Kim." in left.text
    coverage = await world.slash(world.guest, "crew coverage", where=world.corner)
    assert "⛔ **1** has no seat" in coverage.text


async def test_two_flights_at_once_are_refused_with_both_names(world: World) -> None:
    answer = await world.slash(
        world.operator, "crew assign", mission="Crew-11", person="Jonny Kim", role="Pilot", where=world.corner
    )
    assert "Not done" in answer.text
    full = await world.slash(world.operator, "crew return", person="Jonny Kim", mission="Crew-11", where=world.corner)
    assert "All 4 seats down on Crew-11 are taken" in full.text


async def test_an_overlapping_plan_is_stored_and_an_occupied_port_says_until_when(world: World) -> None:
    planned = await world.slash(
        world.operator, "docking plan", mission="Soyuz MS-29", port="Rassvet nadir", when="2026-07", where=world.corner
    )
    assert "⚠️ Soyuz MS-28 may be at this port at the same time" in planned.text
    assert planned.labels == ["Undo"]
    ports = await world.slash(world.guest, "docking ports", station="ISS", where=world.corner)
    assert "⚠️ Soyuz MS-28 and Soyuz MS-29 may be here at the same time" in ports.text
    refused = await world.slash(
        world.operator, "docking relocate", mission="Crew-11", port="Rassvet nadir", where=world.corner
    )
    assert "Rassvet nadir is taken by Soyuz MS-28 (planned to leave: July 2026)" in refused.text
    moved = await world.slash(world.operator, "docking relocate", mission="Crew-11", port="Harmony forward")
    assert "Crew-11" in moved.text


async def test_what_the_flight_surgeon_records_only_they_see(world: World) -> None:
    note = "palpitations after the spacewalk"
    done = await world.slash(world.medic, "crew health", person="Mikaev", status="limited", note=note)
    assert done.private
    assert note in done.text
    shown = await world.slash(world.medic, "crew health", person="Mikaev", status="show")
    assert shown.private
    assert "limited duty" in shown.text
    said = await posts(world)
    assert said.count("A medical matter is being handled") == 1
    assert "Mikaev" not in said.rsplit("A medical matter", maxsplit=1)[1]
    for member in (world.director, world.operator, world.guest):
        answer = await world.slash(member, "crew health", person="Mikaev", status="show")
        assert "This needs the capability **medical**" in answer.text
        assert answer.private
        for question in ("crew list", "crew aboard", "crew coverage"):
            assert note not in (await world.slash(member, question)).text


async def test_a_person_is_put_right_by_any_spelling(world: World) -> None:
    edited = await world.slash(
        world.operator, "crew edit", person="Mikaev", also="Mikayev, Сергей Микаев", where=world.corner
    )
    assert "Also found as: Mikayev, Сергей Микаев" in edited.text
    gone = await world.slash(
        world.operator, "crew remove", mission="Soyuz MS-28", person="МИКАЕВ", reason="mistake", where=world.corner
    )
    assert "Sergei Mikaev no longer flies on Soyuz MS-28" in gone.text
    assert "had launched" in gone.text
