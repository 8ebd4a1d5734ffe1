"""Reminders that members set themselves: typed, asked about, delivered privately or here, put off, cancelled."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord import MemberActor

from storage.outbox import Posting
from tests.commands.world import Answer, World, buttons_of, words_of

MORNING_IN_MOSCOW = "tomorrow 9:00"


async def direct_messages(world: World, member: MemberActor) -> list[discord.Message]:
    """What the bot wrote to a member directly, oldest first."""
    await world.settle()
    channel = world.application.client.get_partial_messageable(member.user.dm_channel.id)
    return [message async for message in channel.history(limit=None, oldest_first=True) if message.embeds]


async def test_smoke(world: World) -> None:
    a = await world.slash(world.guest, "remind me", when="in 20 minutes", text="check the **valve** @everyone")
    print(a.text, a.labels, a.private)
    await world.move_by(timedelta(minutes=25))
    for m in await direct_messages(world, world.guest):
        print(words_of(m.embeds[0]), [b.label for b in buttons_of(m)], [b.custom_id for b in buttons_of(m)], m.content)
    b = Answer(await world.guest.user.click(m, label="In 10 minutes"))
    print(b.text, b.private)
    b = Answer(await world.guest.user.click(m, label="In 10 minutes"))
    print(b.text, b.private)
    a = await world.slash(world.guest, "remind me", when="tomorrow 9:00", text="daily stand-up", repeat="weekdays")
    print(a.form)
    a = await world.fill(world.guest, a, timezone="Europe/Moscow")
    print(a.text, a.private)
    a = await world.slash(world.operator, "remind here", when="18:30 MSK", text="handover")
    print(a.text, a.private)
    print((await world.slash(world.guest, "remind list")).text)
    print((await world.slash(world.operator, "remind list")).text)
    print((await world.slash(world.guest, "remind zone")).text)
    await world.move_by(timedelta(days=5))
    for m in await direct_messages(world, world.guest):
        print(words_of(m.embeds[0]), [b.label for b in buttons_of(m)], m.content)
    for m in await world.messages(world.corner):
        print(words_of(m.embeds[0]), [b.label for b in buttons_of(m)], m.content)
    world.env.inject_error(
        "POST", f"*/channels/{world.guest.user.dm_channel.id}/messages", status=403, code=50007, times=None
    )
    await world.move_by(timedelta(days=1))
    for m in await world.messages(world.corner):
        print(words_of(m.embeds[0]), [b.label for b in buttons_of(m)], m.content)
    assert 0
