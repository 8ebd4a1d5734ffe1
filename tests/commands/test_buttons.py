"""Buttons: once, by whom they are for, also after a restart, and never in silence."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from cogs.views.buttons import CUSTOM_ID_MAX
from tests.commands.world import Answer, World, buttons_of, words_of

MOVE: dict[str, Any] = {"mission": "Soyuz MS-28", "event": "landing", "when": "2026-08-10", "reason": "weather"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


async def question(world: World, event: str) -> discord.Message:
    """The "did it happen?" post about an event of Soyuz MS-27, answered or not."""
    asked = [
        m
        for m in await world.messages()
        if "did it happen?" in words_of(m.embeds[0]) and event in words_of(m.embeds[0])
    ]
    return asked[-1]


async def test_undo_puts_the_date_back_and_says_so_everywhere(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    undone = await world.press(world.operator, moved.message, "Undo")
    assert "↩️ Undone: Soyuz MS-28 · landing" in undone.text
    assert "It stands again at 27 Jul 2026" in undone.text
    assert "**27 Jul 2026**" in (await world.slash(world.guest, "mission status", mission="Soyuz MS-28")).text
    assert [post.split(":")[0] for post in await world.posts()] == ["⏩ Slipped", "↩️ Undone"]


async def test_an_undone_receipt_becomes_the_undoings_and_has_no_button_left(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    await world.press(world.operator, moved.message, "Undo")
    assert moved.text.startswith("↩️ Undone: Soyuz MS-28 · landing")
    assert buttons_of(moved.message) == []


async def test_undoing_a_plan_leaves_no_event(world: World) -> None:
    planned = await world.slash(
        world.operator, "mission plan", mission="Soyuz MS-29", event="docking", when="2026-08-01", port="Poisk zenith"
    )
    undone = await world.press(world.operator, planned.message, "Undo")
    assert "It is as if never planned." in undone.text
    assert "docking" not in (await world.slash(world.guest, "mission status", mission="Soyuz MS-29")).text


async def test_undo_pressed_twice_is_done_once_and_told(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    custom_id = buttons_of(moved.message)[0].custom_id or ""
    await world.press(world.operator, moved.message, "Undo")
    answer = await world.refused(lambda: world.press_id(world.operator, custom_id))
    assert "can no longer be undone" in answer.text


async def test_undo_after_another_change_is_refused(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    await world.slash(world.operator, "mission move", **(MOVE | {"when": "2026-08-20"}))
    answer = await world.refused(lambda: world.press(world.operator, moved.message, "Undo"))
    assert "Something else has changed since" in answer.text


async def test_done_below_the_question_records_the_planned_time(world: World) -> None:
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-27", event="undocking", when="2025-12-09 01:41", reason="x"
    )
    await world.move_to(at("2025-12-09T03:00:00"))
    asked = await question(world, "undocking")
    answer = await world.press(world.operator, asked, "Done")
    assert answer.private
    assert "9 Dec 2025 01:41 UTC" in answer.text
    assert "Exactly as planned." in answer.text
    assert buttons_of(await question(world, "undocking")) == []
    assert "↘️ Done: Soyuz MS-27 · undocking" in (await world.posts())[-1]


async def test_done_pressed_by_two_people_is_recorded_once(world: World) -> None:
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-27", event="undocking", when="2025-12-09 01:41", reason="x"
    )
    await world.move_to(at("2025-12-09T03:00:00"))
    custom_id = buttons_of(await question(world, "undocking"))[0].custom_id or ""
    await world.press_id(world.operator, custom_id)
    answer = await world.refused(lambda: world.press_id(world.director, custom_id))
    assert "That undocking is done" in answer.text


async def test_where_the_plan_was_a_day_done_asks_when_it_happened(world: World) -> None:
    await world.move_to(at("2025-12-10T12:00:00"))
    asked = await question(world, "undocking")
    shown = await world.press(world.operator, asked, "Done")
    assert shown.form

    async def future() -> Answer:
        return await world.fill(world.operator, shown, when="2025-12-11 05:00")

    assert "lies ahead of now" in (await world.refused(future)).text
    again = await world.press(world.operator, asked, "Done")
    answer = await world.fill(world.operator, again, when="2025-12-09 04:41 MSK")
    assert "9 Dec 2025 01:41 UTC" in answer.text
    assert buttons_of(await question(world, "undocking")) == []


async def test_a_done_form_for_what_was_done_meanwhile_is_not_opened(world: World) -> None:
    await world.move_to(at("2025-12-10T12:00:00"))
    custom_id = buttons_of(await question(world, "undocking"))[0].custom_id or ""
    await world.slash(world.operator, "mission done", mission="Soyuz MS-27", event="undocking", when="2025-12-09 01:41")
    answer = await world.refused(lambda: world.press_id(world.operator, custom_id))
    assert "That undocking is done" in answer.text


async def test_buttons_work_after_a_restart(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    await world.restart()
    undone = await world.press(world.operator, moved.message, "Undo")
    assert "It stands again at 27 Jul 2026" in undone.text
    assert len(await world.posts()) == 2


async def test_a_question_asked_before_a_restart_is_answered_after_it(world: World) -> None:
    await world.move_to(at("2025-12-10T12:00:00"))
    await world.restart()
    shown = await world.press(world.operator, await question(world, "undocking"), "Done")
    answer = await world.fill(world.operator, shown, when="2025-12-09 01:41")
    assert "✅ Done: Soyuz MS-27 · undocking" in answer.text


async def test_a_done_form_left_open_across_a_restart_is_answered(world: World) -> None:
    await world.move_to(at("2025-12-10T12:00:00"))
    shown = await world.press(world.operator, await question(world, "undocking"), "Done")
    await world.restart()
    answer = await world.refused(lambda: world.fill(world.operator, shown, when="2025-12-09 01:41"))
    assert "I restarted in between" in answer.text


@pytest.mark.parametrize(
    "custom_id",
    [
        "nonsense",
        "gantry:",
        "gantry:undo",
        "gantry:undo:",
        "gantry:undo:0",
        "gantry:undo:-1",
        "gantry:undo:²",
        "gantry:undo:999999999999999999",
        "gantry:undo:9999999999999999999999999",
        "gantry:undo:1",
        "gantry:UNDO:1",
        "gantry:done:0",
        "gantry:done:1",
        "gantry:done:x",
        "gantry:donewhen:0",
        "gantry:donewhen:99999999",
        "gantry:launch:1",
        "gantry:page:",
        "gantry:page:missions",
        "gantry:page:missions¦",
        "gantry:page:missions¦²",
        "gantry:page:missions¦x",
        "gantry:page:missions¦-1",
        "gantry:page:missions¦0¦a¦b¦c",
        "gantry:page:heard¦0¦a",
        "gantry:page:nothing¦0",
        "gantry:page:crew¦0¦no such mission",
        "gantry:page:missions¦0¦not a date",
        "gantry-form:report:1",
    ],
)  # fmt: skip
@pytest.mark.asyncio(loop_scope="module")
async def test_a_forged_button_is_answered_and_changes_nothing(shared: World, custom_id: str) -> None:
    answer = await shared.refused(lambda: shared.press_id(shared.director, custom_id))
    assert "incident" not in answer.text


async def test_another_servers_buttons_find_nothing_here(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    custom_id = buttons_of(moved.message)[0].custom_id or ""
    before = await world.journal_length()
    answer = await world.press_id(world.stranger, custom_id)
    assert "Not done" in answer.text
    assert await world.journal_length() == before


async def test_pages_are_turned_in_place_and_end_where_the_list_ends(world: World) -> None:
    for n in range(14):
        await world.slash(world.director, "pad add", name=f"Pad {n:02}", site="Here", vehicles="Soyuz-2.1a")
    first = await world.slash(world.guest, "pad list")
    first_page = first.text
    assert "page 1 of 2" in first_page
    assert [button.disabled for button in buttons_of(first.message)] == [True, False]
    await world.press(world.guest, first.message, "Next ▶")
    second_page = first.text
    assert "page 2 of 2" in second_page
    assert [button.disabled for button in buttons_of(first.message)] == [False, True]
    back = await world.press(world.guest, first.message, "◀ Back")
    assert back.text == first.text == first_page
    names = [f"Pad {n:02}" for n in range(14)]
    assert all((name in first_page) != (name in second_page) for name in names)


async def test_a_page_turned_after_a_restart_shows_what_is_true_then(world: World) -> None:
    for n in range(14):
        await world.slash(world.director, "pad add", name=f"Pad {n:02}", site="Here", vehicles="Soyuz-2.1a")
    first = await world.slash(world.guest, "pad list")
    await world.restart()
    await world.slash(world.director, "pad add", name="Pad 99", site="Here", vehicles="Soyuz-2.1a")
    assert "Pad 99" in (await world.press(world.guest, first.message, "Next ▶")).text


@pytest.mark.parametrize("name", ["Far station", "Odd ¦ 50% station", "S" * 40])
async def test_pages_of_one_station_stay_with_that_station(world: World, name: str) -> None:
    ports = ", ".join(f"Port {n:02}" for n in range(20))
    await world.slash(world.operator, "docking station", name=name, ports=ports)
    first = await world.slash(world.guest, "docking ports", station=f"  {name} ", as_of="2025-11-27")
    second = await world.press(world.guest, first.message, "Next ▶")
    assert "Port 19" in second.text
    assert "As recorded by" in second.text
    assert "Harmony" not in second.text


async def test_a_list_whose_question_fits_no_button_has_none(world: World) -> None:
    name = "Station " + "x" * 70
    await world.slash(world.operator, "docking station", name=name, ports=", ".join(f"Port {n:02}" for n in range(20)))
    await world.move_by(timedelta(hours=1))
    answer = await world.slash(world.guest, "docking ports", station=name, as_of="2025-11-27 18:30:00")
    assert "page 1 of 2" in answer.text
    assert answer.labels == []


async def test_every_button_is_named_within_discords_limit(world: World) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    listed = await world.slash(world.guest, "remind list")
    for message in (moved.message, listed.message):
        assert all(len(button.custom_id or "") <= CUSTOM_ID_MAX for button in buttons_of(message))
