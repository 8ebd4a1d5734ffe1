"""Completion while typing: found inside words and across spellings, of the own server only, within Discord's limits."""

import pytest

from tests.commands.test_contract import commands
from tests.commands.world import OTHER_WORDS, World

OFFERED = {
    ("mission status", "mission"): ("ms28", "Soyuz MS-28", {}),
    ("mission create", "pad"): ("31", "Site 31/6", {}),
    ("mission create", "station"): ("space", "ISS", {}),
    ("mission plan", "mission"): ("ress", "Progress MS-33", {}),
    ("mission plan", "event"): ("dock", "docking", {}),
    ("mission plan", "port"): ("nad", "Rassvet nadir", {"mission": "Soyuz MS-29"}),
    ("mission move", "mission"): ("soyuz ms-29", "Soyuz MS-29", {}),
    ("mission move", "event"): ("land", "landing", {"mission": "Soyuz MS-28"}),
    ("mission done", "mission"): ("crew", "Crew-11", {}),
    ("mission done", "event"): ("undock", "undocking", {"mission": "soyuz ms27"}),
    ("crew list", "mission"): ("SOYUZ", "Soyuz MS-27", {}),
    ("crew assign", "mission"): ("29", "Soyuz MS-29", {}),
    ("crew assign", "person"): ("kud", "Sergey Kud-Sverchkov", {}),
    ("docking station", "name"): ("iss", "ISS", {}),
    ("docking ports", "station"): ("ISS", "ISS", {}),
    ("docking confirm", "mission"): ("progress", "Progress MS-33", {}),
    ("docking confirm", "port"): ("poisk", "Poisk zenith", {"mission": "Progress MS-33"}),
    ("mission move", "cause"): ("service cabin", "DR-1", {}),
    ("pad impact", "pad"): ("43", "Site 43/4", {}),
    ("pad status", "pad"): ("43", "Site 43/4", {}),
    ("pad report", "pad"): ("site31", "Site 31/6", {}),
    ("pad report", "component"): ("trench", "flame trench", {"pad": "Site 31/6"}),
    **{
        (f"pad {name}", "pad"): ("43", "Site 43/4", {})
        for name in ("edit", "forecast", "history", "inspect", "lift", "restrict", "return-to-service")
    },
    ("pad update", "report"): ("cabin", "DR-1", {}),
    ("pad assess", "report"): ("cabin", "DR-1", {}),
    ("pad adopt", "assessment"): ("rosc", "AS-1", {}),
    ("repair list", "pad"): ("te31", "Site 31/6", {}),
    ("repair plan", "report"): ("cabin", "DR-1", {}),
    ("repair progress", "repair"): ("trench", "RT-1", {}),
    ("repair complete", "repair"): ("rt2", "RT-2", {}),
    **{
        (f"repair {name}", "repair"): ("trench", "RT-1", {})
        for name in ("edit", "start", "block", "material", "cancel")
    },
    ("repair unblock", "repair"): ("rt4", "RT-4", {}),
    ("repair verify", "repair"): ("rt3", "RT-3", {}),
    ("repair material", "item"): ("fram", "cabin frame", {"repair": "RT-4"}),
    ("remind countdown", "event"): ("ms-28 land", None, {}),
    ("remind cancel", "reminder"): ("valve", "RM-1", {}),
    ("remind zone", "timezone"): ("moscow", "Europe/Moscow", {}),
    ("announce subscribe", "mission"): ("ms-27", "Soyuz MS-27", {}),
    ("announce subscribe", "pad"): ("1S", "Site 1S", {}),
    ("announce subscribe", "language"): ("E", "en", {}),
    ("announce digest", "time"): ("9", "09:00", {}),
    ("announce digest", "timezone"): ("tokyo", "Asia/Tokyo", {}),
    ("announce digest", "language"): ("E", "en", {}),
    ("board pin", "language"): ("E", "en", {}),
    ("announce unsubscribe", "subscription"): ("all", None, {}),
    **{(f"announce {name}", "mission"): ("ms28", "Soyuz MS-28", {}) for name in ("mute", "unmute", "post")},
    ("announce correct", "announcement"): ("weather", "ST-1", {}),
    **{(f"crew {name}", "station"): ("iss", "ISS", {}) for name in ("aboard", "coverage")},
    **{(f"crew {name}", "person"): ("mika", "Sergei Mikaev", {}) for name in ("edit", "health", "return")},
    ("crew remove", "mission"): ("ms28", "Soyuz MS-28", {}),
    ("crew remove", "person"): ("mika", "Sergei Mikaev", {"mission": "Soyuz MS-28"}),
    ("crew return", "mission"): ("29", "Soyuz MS-29", {}),
    **{(f"docking {name}", "mission"): ("ms28", "Soyuz MS-28", {}) for name in ("plan", "relocate", "undock")},
    **{
        (f"docking {name}", "port"): ("poisk", "Poisk zenith", {"mission": "Soyuz MS-28"})
        for name in ("plan", "relocate")
    },
    **{
        (f"mission {name}", "mission"): ("ms28", "Soyuz MS-28", {})
        for name in (
            "cancel",
            "claim",
            "clear",
            "correct",
            "drop",
            "edit",
            "fail",
            "history",
            "hold",
            "resume",
            "scrub",
            "timeline",
        )
    },
    **{
        (f"mission {name}", "event"): ("land", "landing", {"mission": "Soyuz MS-28"})
        for name in ("claim", "drop", "fail")
    },
    ("mission correct", "event"): ("launch", None, {"mission": "Soyuz MS-28"}),
    ("mission edit", "pad"): ("31", "Site 31/6", {}),
    ("mission edit", "station"): ("space", "ISS", {}),
    ("ops set", "key"): ("morn", "morning", {}),
    ("ops set", "value"): ("moscow", "Europe/Moscow", {"key": "timezone"}),
}
NASTY = ("%", "_", "\\", "'", '"; DROP TABLE missions; --', "*[a-z]", "\u202e", "\x00", "x" * 100, "·", "#", "🚀", "ﷺ")


def test_every_option_that_completes_has_its_row() -> None:
    completing = {
        (name, parameter.display_name)
        for name, command in commands().items()
        for parameter in command.parameters
        if parameter.autocomplete
    }
    assert completing == OFFERED.keys()


async def _repairs_in_every_state(world: World) -> None:
    """RT-3 done, RT-4 blocked and in need of a part, beside RT-1 and RT-2, which are planned."""
    for title in ("Photograph the damage", "Rebuild the cabin"):
        await world.slash(world.pad_chief, "repair plan", report="DR-1", title=title)
    await world.slash(world.pad_chief, "repair complete", repair="RT-3")
    await world.slash(world.pad_chief, "repair material", repair="RT-4", item="cabin frame", state="needed")
    await world.slash(world.pad_chief, "repair block", repair="RT-4", reason="no crane")


async def test_a_repair_command_offers_only_tasks_for_which_it_makes_sense(world: World) -> None:
    await _repairs_in_every_state(world)
    offered = {
        command: await world.complete(world.guest, f"repair {command}", "repair", "")
        for command in ("start", "progress", "unblock", "complete", "verify", "material", "cancel")
    }
    assert offered == {
        "start": ["RT-1", "RT-2", "RT-3"],
        "progress": ["RT-1", "RT-2"],
        "unblock": ["RT-4"],
        "complete": ["RT-1", "RT-2"],
        "verify": ["RT-3"],
        "material": ["RT-1", "RT-2", "RT-4"],
        "cancel": ["RT-1", "RT-2", "RT-3", "RT-4"],
    }


async def test_each_option_completes_from_inside_words_and_across_spellings(world: World) -> None:
    await world.post_statement("The weather holds.")
    await _repairs_in_every_state(world)
    await world.slash(world.guest, "remind me", when="in 3 h", text="check the valve")
    for (command, option), (typed, wanted, filled) in OFFERED.items():
        offered = await world.complete(world.guest, command, option, typed, **filled)
        assert (wanted in offered) if wanted else offered, (command, option, offered)


async def test_what_completion_offers_is_understood_by_its_command(world: World) -> None:
    (event,) = await world.complete(world.guest, "remind countdown", "event", "ms-28 landing")
    assert "Soyuz MS-28 · landing" in (await world.slash(world.guest, "remind countdown", event=event)).text
    spacewalks = await world.complete(world.guest, "mission move", "event", "maintenance", mission="Soyuz MS-28")
    moved = await world.slash(
        world.operator, "mission move", mission="Soyuz MS-28", event=spacewalks[0], when="2026-06-20", reason="ready"
    )
    assert "EVA 2: Zarya maintenance" in moved.text


async def test_a_time_that_is_no_whole_hour_is_offered_as_it_is_read(world: World) -> None:
    for typed, read in (("18:30", "18:30"), ("6.45 pm", "18:45"), ("7:3", None), ("6:45pm", "18:45"), ("9", "09:00")):
        offered = await world.complete(world.guest, "announce digest", "time", typed)
        assert offered[:1] == ([read] if read else []), typed
    assert len(await world.complete(world.guest, "announce digest", "time", "")) == 24


async def test_nothing_of_another_server_is_ever_offered(world: World) -> None:
    for command, option in OFFERED:
        for typed in ("", "secret", "hidden", "ghost", "quiet", "dark", "Zulu"):
            filled = (
                {"mission": "Zulu Secret 9"} if option in {"port", "event"} and command != "remind countdown" else {}
            )
            offered = await world.complete(world.guest, command, option, typed, **filled)
            assert not any(word in " ".join(offered) for word in (*OTHER_WORDS, "Dark port", "Hidden part"))


async def test_wildcards_and_strange_characters_are_only_characters(world: World) -> None:
    for command, option in OFFERED:
        for typed in NASTY:
            offered = await world.complete(world.guest, command, option, typed)
            assert len(offered) <= 25
    assert await world.complete(world.guest, "mission status", "mission", "so_uz") == []
    assert await world.complete(world.guest, "pad status", "pad", "Site_31") in ([], ["Site 31/6"])


async def test_at_most_twenty_five_are_offered_however_many_there_are(world: World) -> None:
    for n in range(30):
        await world.slash(
            world.director, "mission create", name=f"Flight {n} " + "x" * 60, vehicle="Soyuz-2.1a", launch="2026"
        )
    assert len(await world.complete(world.guest, "mission status", "mission", "flight")) == 25
    assert len(await world.complete(world.guest, "remind countdown", "event", "flight")) == 25


@pytest.mark.parametrize("command", ["mission status", "remind countdown"])
async def test_before_set_up_nothing_is_offered(bare: World, command: str) -> None:
    option = {"mission status": "mission", "remind countdown": "event"}[command]
    assert await bare.complete(bare.guest, command, option, "") == []
