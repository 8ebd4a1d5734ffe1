"""One interaction, one change: delivered again, pressed twice, pressed by two at once."""

import asyncio
import contextlib
import sqlite3
from typing import Any

import pytest

from tests.wire.client import Place
from tests.wire.conftest import Start
from tests.wire.desk import Desk
from tests.wire.oracle import faults_found
from tests.wire.processes import Running

LATER_S = 60.0


def recorded(running: Running) -> dict[str, int]:
    """How many journal entries there are of each action."""
    with contextlib.closing(sqlite3.connect(running.database)) as file:
        return dict(file.execute("SELECT action, COUNT(*) FROM journal GROUP BY action"))


async def colleague(desk: Desk) -> Place:
    """Another member who may do the same."""
    guild_id = desk.place.guild_id
    role = await desk.wire.act("make_role", guild_id=guild_id, name="Directors", permissions=1 << 5)
    made = await desk.wire.act("make_member", guild_id=guild_id, name="console 2", role_ids=[role["role_id"]])
    return Place(guild_id, desk.place.channel_id, made["member_id"])


async def moved(desk: Desk) -> tuple[Any, str]:
    """A move that can be undone: the message, and its button."""
    wire = desk.wire
    await wire.command(desk.place, "mission create", name="Soyuz MS-28", vehicle="Soyuz-2.1a", launch="2025-11-28")
    said = await wire.command(
        desk.place, "mission move", mission="Soyuz MS-28", event="launch", when="2025-12-02", reason="weather"
    )
    assert said.original is not None
    (undo,) = [name for name in said.original.buttons if ":undo:" in name]
    return said.original, undo


async def test_a_command_that_is_delivered_twice_is_done_once(desk: Desk, running: Running) -> None:
    interaction_id = await desk.create("Soyuz MS-28")
    await desk.wire.answered(interaction_id)
    before = await desk.wire.now_at()
    await desk.wire.again(interaction_id)
    await desk.wire.happened("answer", lambda data: "/callback" in data["path"], after=before)
    await desk.create("Progress MS-33")
    await desk.announced(times=2)
    assert await running.stop() == 0
    assert recorded(running)["create_mission"] == 2
    assert await faults_found(desk.wire, running.database) == []


async def test_a_command_that_is_delivered_twice_at_once_is_done_once(desk: Desk, running: Running) -> None:
    interaction_id = await desk.create("Soyuz MS-28")
    await desk.wire.again(interaction_id)
    await desk.wire.happened("answer", lambda data: "/callback" in data["path"], times=4)  # two to set up, two of these
    answered = await desk.wire.answered(interaction_id)
    assert answered.original is not None
    assert await running.stop() == 0
    assert recorded(running)["create_mission"] == 1
    assert len(await desk.posts()) == 1
    assert await faults_found(desk.wire, running.database) == []


async def test_a_command_that_is_delivered_again_after_a_restart_is_done_once(
    desk: Desk, running: Running, start: Start
) -> None:
    wire = desk.wire
    interaction_id = await desk.create("Soyuz MS-28")
    await wire.answered(interaction_id)
    await running.kill()
    await wire.move_clock(LATER_S)
    before = await wire.now_at()
    gantry = await start()
    await wire.connected(after=before)
    await wire.again(interaction_id)
    await wire.happened("answer", lambda data: "/callback" in data["path"], after=before)
    assert await gantry.stop() == 0
    assert recorded(gantry)["create_mission"] == 1
    assert await faults_found(wire, gantry.database) == []


async def test_a_press_that_is_delivered_again_after_a_restart_is_done_once(
    desk: Desk, running: Running, start: Start
) -> None:
    wire = desk.wire
    message, undo = await moved(desk)
    pressed = await wire.press(desk.place, message, undo)
    await running.kill()
    await wire.move_clock(LATER_S)
    before = await wire.now_at()
    gantry = await start()
    await wire.connected(after=before)
    await wire.again(pressed.id)
    await wire.happened("answer", lambda data: "/callback" in data["path"], after=before)
    await desk.announced(times=3)
    assert await gantry.stop() == 0
    assert recorded(gantry)["undo"] == 1
    assert await faults_found(wire, gantry.database) == []


@pytest.mark.parametrize("others", [False, True], ids=["by one member twice", "by two members"])
async def test_a_button_that_is_pressed_twice_at_once_is_one_change_and_the_other_press_is_told(
    desk: Desk, running: Running, others: bool
) -> None:
    wire = desk.wire
    message, undo = await moved(desk)
    second = await colleague(desk) if others else desk.place
    answers = await asyncio.gather(wire.press(desk.place, message, undo), wire.press(second, message, undo))
    told = [one for one in answers if one.original is not None and one.original.is_private and "Not done" in one.words]
    assert len(told) == 1
    await desk.announced(times=3)
    assert await running.stop() == 0
    assert recorded(running)["undo"] == 1
    assert [post.words.count("Undone") for post in await desk.posts()] == [0, 0, 1]
    assert await faults_found(wire, running.database) == []
