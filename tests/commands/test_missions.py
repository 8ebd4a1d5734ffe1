"""/mission, /crew and /docking as a member types them: the words that matter, who sees them, and what is announced."""

from datetime import timedelta

import pytest

from tests.commands.world import Answer, World


async def test_a_missions_status_says_where_it_is_what_comes_next_and_when_it_returns(world: World) -> None:
    answer = await world.slash(world.guest, "mission status", mission="soyuz ms28")
    assert not answer.private
    for words in (
        "Soyuz MS-28 — 🛰️ docked",
        "**8 h 32 m**",
        "Sergey Kud-Sverchkov (Roscosmos) — Commander",
        "🔴 out of service (DR-1, unconfirmed)",
        "at **ISS**, Rassvet nadir",
        "R−242 days",
        "which agrees with this date",
    ):
        assert words in answer.text


async def test_status_without_a_mission_lists_what_flies_and_what_is_next(world: World) -> None:
    answer = await world.slash(world.guest, "mission status")
    assert not answer.private
    assert answer.text.index("Soyuz MS-28") < answer.text.index("Yet to launch") < answer.text.index("Progress MS-33")


async def test_status_as_of_a_date_shows_what_was_recorded_then(world: World) -> None:
    answer = await world.slash(world.guest, "mission status", mission="Soyuz MS-28", as_of="2025-11-20")
    assert "planned" in answer.text
    assert "As it had been recorded by" in answer.text
    assert "DR-1" not in answer.text


async def test_an_unknown_mission_is_refused_with_the_nearest_name(world: World) -> None:
    answer = await world.refused(lambda: world.slash(world.guest, "mission status", mission="Soyuz MS-82"))
    assert "Did you mean **Soyuz MS-2" in answer.text


async def test_a_created_mission_is_told_to_everyone_who_listens(world: World) -> None:
    answer = await world.slash(
        world.operator,
        "mission create",
        name="Soyuz MS-30",
        vehicle="Soyuz-2.1a",
        kind="crew",
        spacecraft="Soyuz MS No. 760",
        pad="site 31-6",
        station="iss",
        launch="NET 2027-03",
        duration_days=200,
        seats=3,
    )
    assert "✅ Mission Soyuz MS-30 entered" in answer.text
    assert "no earlier than March 2027" in answer.text
    assert await world.posts() == [
        post
        for post in await world.posts()
        if post.startswith(
            "🆕 Soyuz MS-30\nCrew flight on Soyuz-2.1a\nPad: Site 31/6\nTo ISS\nLaunch: **no earlier than"
        )
    ]
    assert len(await world.posts()) == 1


async def test_a_launch_the_pad_is_not_listed_for_is_entered_with_a_warning(world: World) -> None:
    answer = await world.slash(
        world.operator, "mission create", name="Odd", vehicle="Falcon 9", kind="cargo", pad="Site 31/6"
    )
    assert "✅" in answer.text
    assert "not listed as able to launch Falcon 9 with cargo" in answer.text


async def test_a_plan_says_what_was_understood_and_offers_to_undo(world: World) -> None:
    answer = await world.slash(
        world.operator, "mission plan", mission="Soyuz MS-29", event="docking", when="2026-08-01 12:28 MSK",
        port="rassvet nadir",
    )  # fmt: skip
    assert "1 Aug 2026 09:28 UTC" in answer.text
    assert "Port: Rassvet nadir" in answer.text
    assert answer.labels == ["Undo"]


async def test_a_plan_that_may_be_out_of_order_is_taken_and_said(world: World) -> None:
    await world.slash(world.operator, "mission plan", mission="Soyuz MS-29", event="docking", when="2026-07-14")
    answer = await world.slash(world.operator, "mission plan", mission="Soyuz MS-29", event="undocking", when="2026-07")
    assert "⚠️ Check the order" in answer.text


async def test_a_plan_that_is_certainly_out_of_order_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.operator, "mission plan", mission="Soyuz MS-29", event="docking", when="2026-01")
    )
    assert "would certainly come before" in answer.text


async def test_a_moved_launch_takes_along_the_dates_it_makes_impossible(world: World) -> None:
    answer = await world.slash(
        world.operator,
        "mission move",
        mission="Progress MS-33",
        event="launch",
        when="2026-03-22",
        reason="pad out of service",
        cause="DR-1",
        source="Roscosmos",
    )
    assert "From 19 Dec 2025" in answer.text
    assert "Slipped (93 days)." in answer.text
    assert "Docking has no date now" in answer.text
    posts = await world.posts()
    assert len(posts) == 1
    for words in (
        "⏩ Slipped: Progress MS-33 · launch",
        "Reason: pad out of service",
        "Cause: DR-1",
        "Source: Roscosmos",
    ):
        assert words in posts[0]


@pytest.mark.parametrize("when", ["unknown", "2026", "2026-Q3", "2026-H2", "2026-W31", "NET 2026-08-01", "in 300 days"])
async def test_a_date_is_moved_to_any_exactness(world: World, when: str) -> None:
    answer = await world.slash(
        world.operator, "mission move", mission="Soyuz MS-28", event="landing", when=when, reason="as known"
    )
    assert "✅ Moved" in answer.text
    assert answer.labels == ["Undo"]
    assert len(await world.posts()) == 1


async def test_moving_to_the_same_date_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(
            world.operator, "mission move", mission="Soyuz MS-28", event="landing", when="2026-07-27", reason="x"
        )
    )
    assert "That is the date it has already" in answer.text


async def test_done_records_an_event_and_says_how_it_lies_against_the_plan(world: World) -> None:
    answer = await world.slash(
        world.operator,
        "mission done",
        mission="Soyuz MS-27",
        event="undocking",
        when="2025-11-27 17:41",
        note="hatch closed at 17:00",
    )
    assert "✅ Done: Soyuz MS-27 · undocking" in answer.text
    assert "is now 🚀 free flight" in answer.text
    posts = await world.posts()
    assert len(posts) == 1
    assert "↘️ Done: Soyuz MS-27 · undocking" in posts[0]
    assert "hatch closed at 17:00" in posts[0]


async def test_something_done_in_the_future_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(
            world.operator, "mission done", mission="Soyuz MS-27", event="undocking", when="2025-12-09 05:00"
        )
    )
    assert "lies ahead of now" in answer.text


async def test_a_receipt_is_private_where_the_announcement_says_it_and_public_elsewhere(world: World) -> None:
    move = {"mission": "Soyuz MS-28", "event": "landing", "reason": "weather"}
    heard = await world.slash(world.operator, "mission move", where=world.flight, when="2026-08-01", **move)
    unheard = await world.slash(world.operator, "mission move", where=world.corner, when="2026-08-02", **move)
    assert heard.private
    assert not unheard.private
    assert len(await world.posts()) == 2
    assert await world.posts(world.corner) == []


async def test_a_change_is_announced_once_to_each_subscribed_channel(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="return", channel=world.pads)
    await world.slash(world.operator, "announce subscribe", topic="schedule", channel=world.pads)
    await world.slash(world.operator, "announce subscribe", topic="pad", channel=world.corner)
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-28", event="landing", when="2026-08", reason="weather"
    )
    await world.move_by(timedelta(minutes=10))
    moved = [len([post for post in await world.posts(channel) if "Slipped" in post])
             for channel in (world.flight, world.pads, world.corner)]  # fmt: skip
    assert moved == [1, 1, 0]


async def test_a_crew_list_names_everyone_and_the_seats_left(world: World) -> None:
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Pyotr Dubrov", role="Commander")
    answer = await world.slash(world.guest, "crew list", mission="Soyuz MS-29")
    assert not answer.private
    assert "Pyotr Dubrov — Commander" in answer.text
    assert "2 seats not assigned" in answer.text
    everyone = await world.slash(world.guest, "crew list")
    assert all(name in everyone.text for name in ("Jonny Kim", "Zena Cardman", "Chris Williams"))


async def test_an_assigned_seat_is_announced_and_a_new_person_is_pointed_out(world: World) -> None:
    answer = await world.slash(
        world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Flight Engineer", agency="Roscosmos"
    )  # fmt: skip
    assert "✅ Anna Kikina flies on Soyuz MS-29" in answer.text
    assert "This person is new here" in answer.text
    assert [post.split("\nGantry")[0] for post in await world.posts()] == [
        "👩‍🚀 Anna Kikina flies on Soyuz MS-29\nFlight Engineer · Roscosmos"
    ]


async def test_a_second_seat_on_the_same_mission_is_refused(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.operator, "crew assign", mission="Crew-11", person="mike fincke", role="Pilot")
    )
    assert "has this seat in this role already" in answer.text


async def test_a_full_flight_takes_nobody_else(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.operator, "crew assign", mission="Crew-11", person="Someone", role="Pilot")
    )
    assert "All 4 seats" in answer.text


async def test_ports_say_who_is_there_since_when_and_who_comes(world: World) -> None:
    answer = await world.slash(world.guest, "docking ports", station="ISS")
    assert not answer.private
    assert "● Prichal nadir: **Soyuz MS-27** since 8 Apr 2025" in answer.text
    assert "planned to leave: 9 Dec 2025" in answer.text
    assert "then Progress MS-33, docking 21 Dec 2025" in answer.text
    assert "○ Zvezda aft: free" in answer.text


async def test_a_station_is_entered_with_its_ports_and_extended(world: World) -> None:
    entered = await world.slash(world.operator, "docking station", name="Gateway", ports="HALO axial, I-Hab radial")
    extended = await world.slash(world.operator, "docking station", name="gateway", ports="I-Hab radial, ESPRIT")
    assert "✅ Station Gateway entered" in entered.text
    assert "2 ports in all." in entered.text
    assert "New port: ESPRIT" in extended.text
    assert "3 ports in all." in extended.text
    assert len(await world.posts()) == 2


async def test_a_docking_is_confirmed_and_announced(world: World) -> None:
    await world.slash(world.operator, "mission done", mission="Progress MS-33", event="launch", when="2025-11-27 16:00")
    answer = await world.slash(world.operator, "docking confirm", mission="Progress MS-33", when="17:30")
    assert "✅ Done: Progress MS-33 · docking" in answer.text
    assert "is now 🛰️ docked" in answer.text
    assert "🔗 Done: Progress MS-33 · docking" in (await world.posts())[-1]
    assert "**Progress MS-33**" in (await world.slash(world.guest, "docking ports")).text


async def test_an_occupied_port_is_refused_naming_who_is_there(world: World) -> None:
    await world.slash(world.operator, "mission done", mission="Progress MS-33", event="launch", when="2025-11-27 16:00")
    answer = await world.refused(
        lambda: world.slash(world.operator, "docking confirm", mission="Progress MS-33", port="Rassvet nadir")
    )
    assert "Rassvet nadir is taken by Soyuz MS-28" in answer.text


async def test_a_spacecraft_that_is_docked_cannot_dock_again(world: World) -> None:
    async def act() -> Answer:
        return await world.slash(world.operator, "docking confirm", mission="Soyuz MS-28")

    assert "docked already" in (await world.refused(act)).text
