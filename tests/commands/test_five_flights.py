"""Flights as they really went, typed as a team would have typed them while the clock ran; each test is one of their stories.

The facts are public: Roscosmos and NASA announcements, spacefacts.de, RussianSpaceWeb. What is asserted is what the bot says to
whoever asks at the telling moments.
"""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.commands.world import World, open_world

PORTS_2018 = "Rassvet nadir, Poisk zenith, Pirs nadir, Zvezda aft"
PORTS_2022 = "Rassvet nadir, Poisk zenith, Prichal nadir, Zvezda aft"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def until(world: World, text: str) -> None:
    """Let the time come, with everything that falls due on the way."""
    await world.move_to(utc(text))


async def typed(world: World, command: str, **options: Any) -> str:
    """What the flight director is answered."""
    answer = await world.slash(world.director, command, **options)
    assert "Not done" not in answer.text, answer.text
    return answer.text


async def refused(world: World, command: str, **options: Any) -> str:
    """Why the flight director's command was not done."""
    return (await world.refused(lambda: world.slash(world.director, command, **options))).text


async def announced(world: World) -> list[str]:
    """What the flight channel has heard so far."""
    return await world.posts()


async def crewed(world: World, mission: str, *crew: str) -> None:
    """Seat a crew, the commander first."""
    for number, person in enumerate(crew):
        role = "Flight Engineer" if number else "Commander"
        await typed(world, "crew assign", mission=mission, person=person, role=role)


@contextlib.asynccontextmanager
async def team(data: Path, starts: str, *, ports: str, pad: str, vehicle: str) -> AsyncIterator[World]:
    """A team that sets its server up: the station, one pad at Baikonur, and a channel that hears everything."""
    async with open_world(data, starts_at=utc(starts)) as world:
        await typed(world, "ops setup")
        await typed(world, "announce subscribe", topic="all", channel=world.flight)
        await typed(world, "docking station", name="International Space Station", short="ISS", ports=ports)
        await typed(
            world, "pad add", name=pad, site="Baikonur Cosmodrome", vehicles=vehicle, kinds="crew, cargo, other"
        )
        yield world


def says(text: str, *words: str) -> None:
    """All of it is there, in this order."""
    rest = text
    for word in words:
        _before, found, rest = rest.partition(word)
        assert found, f"{word!r} is not said after what came before it, in:\n{text}"


# --- 2025: a pad breaks under Soyuz MS-28 ------------------------------------------------------------------------------


async def test_soyuz_ms28_goes_on_and_progress_ms33_waits_for_the_pad(world: World) -> None:
    says(await typed(world, "crew aboard"), "International Space Station** — 10 aboard")
    await typed(
        world, "mission claim", mission="Soyuz MS-28", event="landing", when="2026-07-26", source="Wikipedia",
        tier="unverified",
    )  # fmt: skip
    claimed = await typed(
        world, "mission claim", mission="Soyuz MS-28", event="landing", when="2026-07", source="Roscosmos",
        tier="official",
    )  # fmt: skip
    says(claimed, "Claim kept", "**July 2026**", "Roscosmos (official)", "Ours stays 27 Jul 2026")

    await until(world, "2025-12-09T01:45")
    says(
        await typed(world, "docking undock", mission="Soyuz MS-27", when="2025-12-09 01:41"),
        "Soyuz MS-27 is now 🚀 free flight",
        "Left on it: Sergey Ryzhikov, Alexey Zubritsky, Jonny Kim",
    )
    says(await typed(world, "crew aboard"), "7 aboard")
    says(await typed(world, "docking ports"), "○ Prichal nadir: free")
    await until(world, "2025-12-09T05:10")
    await typed(world, "mission done", mission="Soyuz MS-27", event="landing", when="2025-12-09 05:03")
    says(await typed(world, "mission status", mission="Soyuz MS-27"), "🏁 ended (nominal)", "**244 d 23 h 16 m**")

    await until(world, "2025-12-10T09:00")
    slipped = await typed(
        world, "mission move", mission="Progress MS-33", event="launch", when="NET 2026-03", reason="Site 31/6 repair",
        cause="the service cabin damage", source="Roscosmos",
    )  # fmt: skip
    says(slipped, "From 19 Dec 2025", "**no earlier than March 2026**", "Slipped.", "ocking has no date now")
    says((await announced(world))[-1], "⏩ Slipped: Progress MS-33 · launch", "Cause: the service cabin damage")

    await until(world, "2026-01-01T00:00")
    ms28 = await typed(world, "mission status", mission="Soyuz MS-28")
    says(ms28, "🛰️ docked", "**34 d 14 h 32 m**", "at **ISS**, Rassvet nadir", "27 Jul 2026", "R−207 days")
    says(await typed(world, "crew coverage"), "7 aboard", "7", "cleared", "Relief: Soyuz MS-29", "not operational")

    await until(world, "2026-03-03T12:00")
    set_again = await typed(
        world, "mission move", mission="Progress MS-33", event="launch", when="2026-03-22T11:59Z",
        reason="service cabin restored", source="NASA",
    )  # fmt: skip
    says(set_again, "**22 Mar 2026 11:59 UTC", "Date now more exact")
    says(
        await typed(world, "mission history", mission="Progress MS-33"),
        "**Launch** — slipped 93 days in total · the service cabin damage: 93 days",
        "**Launch**: 19 Dec 2025\nplanned",
        "19 Dec 2025 → no earlier than March 2026\nSlipped. · Site 31/6 repair · the service cabin damage",
        "no earlier than March 2026 → 22 Mar 2026 11:59 UTC\nDate now more exact.",
    )
    says(
        await typed(world, "mission history", mission="Soyuz MS-28"),
        "claimed, not ours: **26 Jul 2026** · Wikipedia (unverified)",
        "claimed, not ours: **July 2026** · Roscosmos (official)",
    )
    then = await typed(world, "mission status", mission="Progress MS-33", as_of="2025-12-01")
    says(then, "As it had been recorded by 1 Dec 2025", "19 Dec 2025")
    assert "March" not in then


# --- 2018: Soyuz MS-10 comes down twenty minutes after lift-off --------------------------------------------------------


async def test_soyuz_ms10_aborts_and_its_crew_comes_down_without_having_been_aboard(tmp_path: Path) -> None:
    async with team(
        tmp_path / "data", "2018-10-10T12:00", ports=PORTS_2018, pad="Site 1/5", vehicle="Soyuz-FG"
    ) as world:
        await typed(
            world, "mission create", name="Soyuz MS-10", vehicle="Soyuz-FG", pad="Site 1/5", station="ISS",
            launch="2018-10-11 08:40:15", seats=3,
        )  # fmt: skip
        await crewed(world, "Soyuz MS-10", "Aleksey Ovchinin", "Nick Hague")
        await typed(world, "docking plan", mission="Soyuz MS-10", port="Poisk zenith", when="2018-10-11 14:44")
        await typed(world, "mission plan", mission="Soyuz MS-10", event="landing", when="2019-04")
        says(await typed(world, "mission status", mission="Soyuz MS-10"), "🗓️ planned", "11 Oct 2018 08:40:15 UTC")

        await until(world, "2018-10-11T08:41")
        await typed(world, "mission done", mission="Soyuz MS-10", event="launch", when="2018-10-11 08:40:15")
        says(await typed(world, "mission status", mission="Soyuz MS-10"), "🚀 in flight", "bound for ISS, Poisk zenith")

        await until(world, "2018-10-11T08:45")
        aborted = await typed(
            world, "mission fail", mission="Soyuz MS-10", event="launch", outcome="aborted", when="2018-10-11 08:42:17",
            reason="a booster struck the core at separation",
        )  # fmt: skip
        says(aborted, "Outcome: **aborted**", "No longer possible, reminders included: docking")
        heard = await announced(world)
        says(heard[-1], "Soyuz MS-10 · launch", "a booster struck the core at separation", "Outcome: **aborted**")
        falling = await typed(world, "mission status", mission="Soyuz MS-10")
        says(falling, "🚀 in flight (aborted)", "no date yet")
        assert "docking" not in (await typed(world, "remind list"))
        assert "bound for" not in falling

        await until(world, "2018-10-11T09:20")
        await typed(world, "mission done", mission="Soyuz MS-10", event="landing", when="2018-10-11 09:00")
        says(await typed(world, "crew aboard"), "Nobody is aboard")
        says(await typed(world, "docking ports"), "○ Poisk zenith: free")

        await until(world, "2018-10-12T09:00")
        down = await typed(world, "mission status", mission="Soyuz MS-10")
        says(down, "🏁 ended (aborted)", "**19 m**", "Landing: 11 Oct 2018 09:00 UTC")
        says(
            await typed(world, "mission history", mission="Soyuz MS-10"),
            "**Landing**: April 2019\nplanned",
            "April 2019 → no date yet\nNo date any more. · a booster struck the core at separation",
        )
        assert len(await announced(world)) == len(heard) + 1, "only the landing was told: no countdown to a docking"
        says(await refused(world, "docking confirm", mission="Soyuz MS-10"), "is over")


# --- 2022: a leak makes Soyuz MS-22 a spacecraft for emergencies only --------------------------------------------------


async def test_the_crew_of_soyuz_ms22_comes_down_on_ms23_after_371_days(tmp_path: Path) -> None:
    async with team(
        tmp_path / "data", "2022-09-20T12:00", ports=PORTS_2022, pad="Site 31/6", vehicle="Soyuz-2.1a"
    ) as world:
        await typed(
            world, "mission create", name="Soyuz MS-22", vehicle="Soyuz-2.1a", pad="Site 31/6", station="ISS",
            launch="2022-09-21 13:54", duration_days=188, seats=3,
        )  # fmt: skip
        await crewed(world, "Soyuz MS-22", "Sergey Prokopyev", "Dmitri Petelin", "Frank Rubio")
        await typed(world, "docking plan", mission="Soyuz MS-22", port="Rassvet nadir", when="2022-09-21 17:11")
        await typed(world, "mission plan", mission="Soyuz MS-22", event="landing", when="2023-03-28")
        await typed(
            world, "mission create", name="Soyuz MS-23", vehicle="Soyuz-2.1a", pad="Site 31/6", station="ISS",
            launch="2023-03-16", seats=3,
        )  # fmt: skip
        await crewed(world, "Soyuz MS-23", "Oleg Kononenko", "Nikolai Chub", "Loral O'Hara")
        await until(world, "2022-09-21T13:55")
        await typed(world, "mission done", mission="Soyuz MS-22", event="launch", when="2022-09-21 13:54")
        await until(world, "2022-09-21T17:10")
        await typed(world, "docking confirm", mission="Soyuz MS-22", when="2022-09-21 17:06")
        says(await typed(world, "crew coverage"), "3 aboard", "**3**")

        await until(world, "2022-12-15T01:30")
        hurt = await typed(
            world, "mission clear", mission="Soyuz MS-22", state="emergency_only", source="Roscosmos",
            reason="coolant leak from the radiator since 00:45 UTC",
        )  # fmt: skip
        says(hurt, "Soyuz MS-22: for emergency return only")
        says(
            await typed(world, "crew coverage"),
            "⚠️ **3** can leave only in an emergency",
            "Sergey Prokopyev",
            "Relief: Soyuz MS-23",
        )
        says(
            await typed(world, "mission status", mission="Soyuz MS-22"),
            "⚠️ For emergency return only",
            "coolant leak from the radiator since 00:45 UTC · Roscosmos",
        )

        await until(world, "2023-01-11T10:00")
        says(
            await typed(
                world, "mission move", mission="Soyuz MS-23", event="launch", when="2023-02-20",
                reason="to replace Soyuz MS-22", cause="Soyuz MS-22 coolant leak",
            ),
            "Pulled in (24 days)",
        )  # fmt: skip
        for person in ("Oleg Kononenko", "Nikolai Chub", "Loral O'Hara"):
            await typed(world, "crew remove", mission="Soyuz MS-23", person=person, reason="launched without a crew")
        await until(world, "2023-02-18T10:00")
        await typed(
            world, "mission move", mission="Soyuz MS-23", event="launch", when="2023-02-24 00:24",
            reason="Progress MS-21 leak", cause="Progress MS-21 leak",
        )  # fmt: skip
        await typed(world, "docking plan", mission="Soyuz MS-23", port="Poisk zenith", when="2023-02-26 01:01")
        says(
            await typed(world, "mission history", mission="Soyuz MS-23"),
            "**Launch** — pulled in 20 days in total",
            "Soyuz MS-22 coolant leak: −24 days",
            "Progress MS-21 leak: 4 days",
        )
        await until(world, "2023-02-24T00:25")
        await typed(world, "mission done", mission="Soyuz MS-23", event="launch", when="2023-02-24 00:24")
        says(await typed(world, "crew coverage"), "⚠️ **3**", "Soyuz MS-23 has launched and is on its way")
        await until(world, "2023-02-26T01:05")
        await typed(world, "docking confirm", mission="Soyuz MS-23", when="2023-02-26 00:58")
        for person in ("Sergey Prokopyev", "Dmitri Petelin", "Frank Rubio"):
            await typed(world, "crew return", person=person, mission="Soyuz MS-23")
        covered = await typed(world, "crew coverage")
        says(covered, "3 aboard", "**3**", "Soyuz MS-23 (Poisk zenith)")
        says(covered, "○ **0** can leave only in an emergency")

        await until(world, "2023-03-28T10:00")
        says(
            await typed(world, "docking undock", mission="Soyuz MS-22", when="2023-03-28 09:57"),
            "It left without a crew.",
            "Came on it and stay aboard: Sergey Prokopyev, Dmitri Petelin, Frank Rubio.",
        )
        await until(world, "2023-03-28T11:50")
        await typed(world, "mission done", mission="Soyuz MS-22", event="landing", when="2023-03-28 11:46")
        says(await typed(world, "crew aboard"), "3 aboard", "up on Soyuz MS-22", "down on Soyuz MS-23")
        says(await typed(world, "docking ports"), "○ Rassvet nadir: free", "● Poisk zenith: **Soyuz MS-23**")
        await typed(world, "mission plan", mission="Soyuz MS-23", event="landing", when="2023-09-27")

        await until(world, "2023-09-27T07:50")
        says(await typed(world, "crew aboard"), "3 aboard", "aboard since 21 Sep 2022 17:06 UTC, 371 days")
        await until(world, "2023-09-27T07:55")
        says(
            await typed(world, "docking undock", mission="Soyuz MS-23", when="2023-09-27 07:54"),
            "Left on it: Sergey Prokopyev, Dmitri Petelin, Frank Rubio",
        )
        says(await typed(world, "crew aboard"), "Nobody is aboard")
        await until(world, "2023-09-27T11:20")
        await typed(world, "mission done", mission="Soyuz MS-23", event="landing", when="2023-09-27 11:17")
        says(await typed(world, "mission status", mission="Soyuz MS-23"), "🏁 ended (nominal)", "**215 d 10 h 53 m**")


# --- 2019: Soyuz MS-14 docks at the second attempt ---------------------------------------------------------------------


async def test_soyuz_ms14_fails_to_dock_until_ms13_has_made_room_for_it(tmp_path: Path) -> None:
    async with team(
        tmp_path / "data", "2019-08-21T12:00", ports=PORTS_2018, pad="Site 31/6", vehicle="Soyuz-2.1a"
    ) as world:
        await typed(world, "mission create", name="Soyuz MS-13", vehicle="Soyuz-FG", station="ISS", seats=3)
        await crewed(world, "Soyuz MS-13", "Aleksandr Skvortsov", "Luca Parmitano", "Andrew Morgan")
        await typed(world, "mission done", mission="Soyuz MS-13", event="launch", when="2019-07-20 16:28")
        await typed(world, "docking confirm", mission="Soyuz MS-13", port="Zvezda aft", when="2019-07-20 22:48")
        await typed(
            world, "mission create", name="Soyuz MS-14", vehicle="Soyuz-2.1a", kind="other", pad="Site 31/6",
            station="ISS", launch="2019-08-22 03:38", seats=0,
        )  # fmt: skip
        await typed(world, "docking plan", mission="Soyuz MS-14", port="Poisk zenith", when="2019-08-24 05:30")
        await typed(world, "mission plan", mission="Soyuz MS-14", event="landing", when="2019-09-06")
        await until(world, "2019-08-22T03:40")
        await typed(world, "mission done", mission="Soyuz MS-14", event="launch", when="2019-08-22 03:38")

        await until(world, "2019-08-24T05:40")
        failed = await typed(
            world, "mission fail", mission="Soyuz MS-14", event="docking", when="2019-08-24 05:36",
            reason="the Kurs amplifier of the port gave no signal",
        )  # fmt: skip
        says(failed, "❌ Failed: Soyuz MS-14 · docking", "The mission goes on")
        waiting = await typed(world, "mission status", mission="Soyuz MS-14")
        says(waiting, "🚀 in flight", "❌ Docking failed")
        says(await typed(world, "docking ports"), "○ Poisk zenith: free", "● Zvezda aft: **Soyuz MS-13**")

        await until(world, "2019-08-24T12:00")
        await typed(world, "docking relocate", mission="Soyuz MS-13", port="Poisk zenith", when="2019-08-26 03:59")
        again = await typed(
            world, "docking plan", mission="Soyuz MS-14", port="Zvezda aft", when="2019-08-27 03:08"
        )  # fmt: skip
        says(again, "27 Aug 2019 03:08 UTC", "Port: Zvezda aft")
        says(
            await refused(world, "docking confirm", mission="Soyuz MS-14"),
            "Zvezda aft",
            "Soyuz MS-13",
        )

        await until(world, "2019-08-26T04:00")
        says(
            await typed(world, "docking relocate", mission="Soyuz MS-13", port="Poisk zenith", when="2019-08-26 03:59"),
            "Soyuz MS-13 is now 🛰️ docked",
        )
        says(
            await typed(world, "docking ports"),
            "● Poisk zenith: **Soyuz MS-13**",
            "○ Zvezda aft: free",
            "then Soyuz MS-14, docking 27 Aug 2019 03:08 UTC",
        )
        await until(world, "2019-08-27T03:10")
        await typed(world, "docking confirm", mission="Soyuz MS-14", when="2019-08-27 03:08")
        docked = await typed(world, "mission status", mission="Soyuz MS-14")
        says(docked, "🛰️ docked", "at **ISS**, Zvezda aft", "Docking, attempt 2")
        says(await typed(world, "crew aboard"), "3 aboard")
        says(await typed(world, "crew coverage"), "✅ **3** have", "Soyuz MS-13 (Poisk zenith)")
        dates = await typed(world, "mission history", mission="Soyuz MS-14")
        says(dates, "**Docking**: 24 Aug 2019 05:30 UTC", "**Docking**: 27 Aug 2019 03:08 UTC")
        assert "slipped" not in dates

        await until(world, "2019-09-06T18:15")
        says(
            await typed(world, "docking undock", mission="Soyuz MS-14", when="2019-09-06 18:14"),
            "It left without a crew",
        )
        await until(world, "2019-09-06T21:35")
        await typed(world, "mission done", mission="Soyuz MS-14", event="landing", when="2019-09-06 21:32")
        says(await typed(world, "mission status", mission="Soyuz MS-14"), "🏁 ended (nominal)", "**15 d 17 h 54 m**")
        says(await typed(world, "docking ports"), "● Poisk zenith: **Soyuz MS-13**", "○ Zvezda aft: free")
