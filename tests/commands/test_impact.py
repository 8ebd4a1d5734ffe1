"""What a closed pad means, as a planner asks for it and as it is posted by itself."""

from typing import Any

from tests.commands.world import World

DAMAGE: dict[str, Any] = {"severity": "critical", "summary": "the tower leans"}


async def _pad(world: World, name: str, vehicles: str = "Falcon 9", kinds: str = "crew") -> None:
    await world.slash(world.pad_chief, "pad add", name=name, site="Cape Canaveral", vehicles=vehicles, kinds=kinds)


async def _flight(
    world: World, name: str, launch: str, pad: str = "SLC-40", vehicle: str = "Falcon 9", **more: str
) -> None:
    options: dict[str, Any] = {"name": name, "vehicle": vehicle, "kind": "crew", "pad": pad, "launch": launch} | more
    await world.slash(world.operator, "mission create", **options)


async def test_the_evenings_answer(world: World) -> None:
    answer = await world.slash(world.guest, "pad impact", pad="site 31-6")
    assert not answer.private
    for words in (
        "Site 31/6 — 🔴 out of service",
        "No active pad can launch crew on Soyuz-2.1a.** Next: Soyuz MS-29, July 2026.",
        "No active pad can launch cargo on Soyuz-2.1a.** Next: Progress MS-33, 19 Dec 2025.",
        "**Soyuz MS-29** (crew), July 2026: ⚠️ may be blocked",
        "**Progress MS-33** (cargo), 19 Dec 2025: ⚠️ may be blocked",
        "**15 Dec 2025 to 27 Nov 2027**",
        "would slip up to 514 days",
        "crew on Soyuz-2.1a: no other pad",
    ):
        assert words in answer.text
    assert answer.text.index("Soyuz MS-29**") < answer.text.index("Progress MS-33**")
    assert "MS-28" not in answer.text


async def test_all_pads_in_question_are_told_in_one_list(world: World) -> None:
    answer = await world.slash(world.guest, "pad impact")
    assert not answer.private
    assert "What closed pads mean" in answer.text
    assert "__Site 31/6__, Baikonur Cosmodrome — 🔴 out of service" in answer.text
    assert "Site 43/4" not in answer.text
    assert answer.text.count("No active pad can launch crew on Soyuz-2.1a.") == 1


async def test_a_pad_in_service_and_one_that_is_not_there(world: World) -> None:
    answer = await world.slash(world.guest, "pad impact", pad="Site 43/4")
    assert "In service: it blocks no launch." in answer.text
    unknown = await world.slash(world.guest, "pad impact", pad="Site 99")
    assert unknown.private


async def test_critical_damage_posts_its_impact_by_itself_after_the_report(world: World) -> None:
    await _pad(world, "SLC-40")
    await _pad(world, "LC-39A", "falcon 9")
    await _flight(world, "Crew-12", "2026-02")
    await world.slash(world.pad_chief, "pad report", where=world.corner, pad="SLC-40", **DAMAGE)
    reported, told = (await world.posts())[-2:]
    assert "DR-2" in reported
    for words in (
        "What it means: SLC-40 is out of service",
        "Other active pads can launch all that it can.",
        "**Crew-12** (crew), February 2026: ⚠️ may be blocked",
        "✅ crew on Falcon 9: LC-39A",
    ):
        assert words in told
    await world.slash(world.pad_chief, "pad report", where=world.corner, pad="LC-39A", **DAMAGE)
    assert "No active pad can launch crew on falcon 9.** Next: Crew-12, February 2026." in (await world.posts())[-1]


async def test_lesser_damage_posts_no_impact(world: World) -> None:
    await _pad(world, "SLC-40")
    before = len(await world.posts())
    await world.slash(
        world.pad_chief, "pad report", where=world.corner, pad="SLC-40", **(DAMAGE | {"severity": "major"})
    )
    assert len(await world.posts()) == before + 1
    answer = await world.slash(world.guest, "pad impact", pad="SLC-40")
    assert "Only a restricted pad can launch crew on Falcon 9." in answer.text


async def test_a_long_manifest_is_cut_and_counted(world: World) -> None:
    await _pad(world, "SLC-40")
    for number in range(18):
        await _flight(world, f"Transporter {number}", "2026-05", kind="other")
    await world.slash(world.pad_chief, "pad report", where=world.corner, pad="SLC-40", **DAMAGE)
    for text in ((await world.posts())[-1], (await world.slash(world.guest, "pad impact", pad="SLC-40")).text):
        shown = text.count("(other), May 2026")
        assert 0 < shown <= 15
        assert f"and {18 - shown} more" in text


async def test_a_slip_tied_to_a_report_is_counted_as_what_the_outage_cost(world: World) -> None:
    move: dict[str, Any] = {"mission": "Progress MS-33", "event": "launch", "reason": "Site 31/6 repair"}
    moved = await world.slash(world.operator, "mission move", when="NET 2026-03", cause="dr 1", **move)
    assert "Moved" in moved.text
    answer = await world.slash(world.guest, "pad impact", pad="Site 31/6")
    assert (
        "What this outage has cost cannot be counted in days yet: Progress MS-33 launch moved 1 time to no exact day."
        in answer.text
    )
    await world.slash(world.operator, "mission move", when="2026-03-22T11:59Z", **move)
    one = await world.slash(world.guest, "pad impact", pad="Site 31/6")
    for answer in (one, await world.slash(world.guest, "pad impact")):
        assert "So far this outage has cost 93 days: Progress MS-33 launch 93." in answer.text
    history = await world.slash(world.guest, "mission history", mission="Progress MS-33")
    assert "DR-1" in history.text


async def test_a_cause_is_a_report_that_is_there_or_plain_words(world: World) -> None:
    move: dict[str, Any] = {"mission": "Soyuz MS-29", "event": "launch", "when": "2026-08", "reason": "pad"}
    await world.refused(lambda: world.slash(world.operator, "mission move", cause="DR-9", **move))
    await world.slash(world.operator, "mission move", cause="the service cabin", **move)
    assert "Cause: the service cabin" in (await world.slash(world.guest, "mission status", mission="Soyuz MS-29")).text


async def test_open_reports_and_what_was_typed_complete_a_cause(world: World) -> None:
    assert await world.complete(world.operator, "mission move", "cause", "") == ["DR-1"]
    assert await world.complete(world.operator, "mission move", "cause", "cabin") == ["DR-1", "cabin"]
    assert await world.complete(world.operator, "mission move", "cause", "bad weather") == ["bad weather"]


async def test_a_mission_on_a_closed_pad_shows_its_risk_and_others_do_not(world: World) -> None:
    waiting = await world.slash(world.guest, "mission status", mission="Soyuz MS-29")
    for words in ("Risk to the launch", "⚠️ may be blocked", "Pad expected back: **15 Dec 2025 to 27 Nov 2027**"):
        assert words in waiting.text
    flying = await world.slash(world.guest, "mission status", mission="Soyuz MS-28")
    assert "Risk to the launch" not in flying.text
    before = await world.slash(world.guest, "mission status", mission="Soyuz MS-29", as_of="2025-11-26")
    assert "Risk to the launch" not in before.text


async def test_coverage_says_whether_the_relief_flight_has_a_pad_and_what_is_at_risk(world: World) -> None:
    covered = await world.slash(world.guest, "crew coverage", station="ISS")
    for words in (
        "Relief: Soyuz MS-29, launch July 2026.",
        "**not operational**: 🔴 out of service (DR-1, unconfirmed)",
        "Its launch: ⚠️ may be blocked",
        "Pad expected back: **15 Dec 2025 to 27 Nov 2027**",
    ):
        assert words in covered.text
