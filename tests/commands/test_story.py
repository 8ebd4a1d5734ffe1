"""The case from the first report to the return to service, as the demonstration tells it, stopping where a viewer would."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from demo.baikonur import STORY
from demo.scenario import Place, Story
from tests.commands.world import World


async def tell(world: World, story: Story, until: str) -> AsyncIterator[str]:
    """Let the story go on to a day, between what is due; yields what no longer fits."""
    stop = datetime.fromisoformat(until).replace(tzinfo=UTC)
    while (at := story.next_at) is not None and at <= stop:
        await world.move_to(at)
        for refusal in await story.play(world.clock.now()):
            yield refusal.code
    await world.move_to(stop)


async def told(world: World, story: Story, until: str) -> list[str]:
    return [code async for code in tell(world, story, until)]


async def asked(world: World, command: str, **options: str) -> str:
    return (await world.slash(world.guest, command, **options)).text  # type: ignore[arg-type]


async def test_the_case_to_its_end_word_for_word_where_it_matters(world: World, place: Place) -> None:
    story = Story(STORY, world.application.desks, place)
    evening = await asked(world, "pad status", pad="Site 31/6")
    for words in (
        "The status rests on DR-1, which nobody has confirmed yet.",
        "**Official**: 🟢 minor · Roscosmos, AS-1 · 1 source · 3 h old",
        "**Gravest other**: 🔴 critical · Anatoly Zak (independent), AS-4 · 2 of 3 sources",
        "⚠️ The two contradict each other.",
        "• Roscosmos (official): **“shortly”**",
        "• Own estimate: **not before 15 Dec 2025** · nobody can say how long RT-2 takes",
    ):
        assert words in evening
    assert await told(world, story, "2025-12-01T12:00") == []
    assert "RT-2** Bring in service cabin parts — verified" in await asked(world, "repair list")
    assert await told(world, story, "2026-01-15T12:00") == []
    january = await asked(world, "pad status", pad="Site 31/6")
    assert "• Roscosmos (official): **by 28 Feb 2026** · “cabin restored by the end of winter”" in january
    assert "• Own estimate: **4 Mar 2026** · RT-3 decides · RT-3 → RT-4" in january
    assert "*2 earlier forecasts are in `/pad history`.*" in january
    assert "34 d 14 h 32 m" in await asked(world, "mission status", mission="Soyuz MS-28", as_of="2025-12-31T23:59")
    assert await told(world, story, "2026-03-03T12:00") == []
    assert "So far this outage has cost 93 days: Progress MS-33 launch 93." in await asked(
        world, "pad impact", pad="Site 31/6"
    )
    assert "⌛ that has passed" in await asked(world, "pad status", pad="Site 31/6")
    assert await told(world, story, "2026-03-05T12:00") == []
    assert (await asked(world, "pad status", pad="Site 31/6")).startswith("Site 31/6 — 🟢 operational")
    back = next(post for post in await world.posts() if "is back in service" in post)
    assert "It was away for 97 days." in back
    assert "Roscosmos (official) · by 28 Feb 2026 · **4 days too early**" in back
    assert "Anatoly Zak (independent) · by 27 Nov 2027 · **held, within a window of 730 days**" in back
    believed = await asked(world, "pad status", pad="Site 31/6", as_of="2025-12-01")
    assert "Site 31/6 — 🔴 out of service" in believed
    assert "“shortly”" in believed
    assert "winter" not in believed


async def test_what_the_viewer_did_otherwise_is_told_and_the_story_goes_on(world: World, place: Place) -> None:
    story = Story(STORY, world.application.desks, place)
    await world.slash(world.pad_chief, "repair complete", repair="RT-2")  # as the story would
    await world.slash(world.pad_chief, "pad report", pad="Site 31/6", severity="major", summary="a bent bridge")
    await world.slash(world.director, "mission cancel", mission="Progress MS-33", reason="given up")
    assert await told(world, story, "2025-12-02T00:00") == []
    assert await told(world, story, "2025-12-11T00:00") == ["mission_over"]
    assert await told(world, story, "2026-03-22T00:00") == ["mission_over", "gate_closed"]
    assert story.next_at is None
    assert (await asked(world, "pad status", pad="Site 31/6")).startswith("Site 31/6 — 🔴 out of service")
