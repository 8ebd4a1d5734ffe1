"""When the database is busy: the answer is deferred in time, privately, and then comes."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import discord
import pytest

from storage.database import Transaction
from tests.commands.world import Answer, World
from tests.photos.pictures import PNG

MOVE: dict[str, Any] = {"mission": "Soyuz MS-28", "event": "landing", "when": "2026-08-10", "reason": "weather"}


async def no_patience(task: asyncio.Task[Any]) -> bool:
    """Look once. simcord lets no timer of the bot's run out while other work of the bot's is waiting."""
    await asyncio.sleep(0)
    return task.done()


@contextlib.asynccontextmanager
async def busy_until_deferred(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The database is held by someone else until a command has deferred its answer."""
    held, deferred = threading.Event(), threading.Event()
    defer = discord.InteractionResponse.defer

    async def observed(self: "discord.InteractionResponse[discord.Client]", **options: bool) -> object:
        done = await defer(self, **options)
        deferred.set()
        return done

    async def hold(_tx: Transaction) -> None:
        held.set()
        assert deferred.wait(30)

    monkeypatch.setattr(discord.InteractionResponse, "defer", observed)
    tree = world.application.client.tree
    monkeypatch.setattr(tree, "face", replace(tree.face, patience=no_patience))
    holding = asyncio.create_task(world.application.database.write(hold))
    await asyncio.to_thread(held.wait, 30)
    try:
        yield
        assert deferred.is_set()
    finally:
        deferred.set()
        await holding


async def test_a_slow_change_is_deferred_privately_and_then_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with busy_until_deferred(world, monkeypatch):
        answer = await world.slash(world.operator, "mission move", **MOVE)
    assert answer.private
    assert "✅ Moved: Soyuz MS-28 · landing" in answer.text
    assert answer.labels == ["Undo"]
    assert len(await world.posts()) == 1


async def test_a_slow_refusal_is_told_in_the_deferred_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with busy_until_deferred(world, monkeypatch):
        answer = await world.slash(world.guest, "mission move", **MOVE)
    assert answer.private
    assert "This needs the capability" in answer.text


async def test_a_slow_form_is_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = await world.slash(world.pad_chief, "pad report")
    values = {"pad": ["Site 31/6"], "severity": "minor", "summary": "Soot", "photo": [("x.png", PNG)]}
    async with busy_until_deferred(world, monkeypatch):
        answer = await world.fill(world.pad_chief, shown, **values)
    assert answer.private
    assert "✅ DR-2 logged: minor" in answer.text


async def test_a_slow_button_is_answered_in_its_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    async with busy_until_deferred(world, monkeypatch):
        await world.press(world.operator, moved.message, "Undo")
    assert "↩️ Undone" in moved.text


async def test_a_slow_refusal_of_a_button_leaves_its_message_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = await world.slash(world.operator, "mission move", **MOVE)
    async with busy_until_deferred(world, monkeypatch):
        refused: Answer = await world.press(world.guest, moved.message, "Undo")
    assert "This needs the capability" in refused.text
    assert refused.private
    assert moved.labels == ["Undo"]
