"""The whole application on a real data directory and a simulated Discord: from a plan to the post, and across restarts."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import simcord

from bot.application import Application, open_application, open_tree
from bot.channels import ChannelEdge
from bot.clock import SystemClock
from bot.pace import Pace
from bot.settings import Settings
from bot.supervisor import Supervisor
from cogs.outgoing import Outgoing
from domain.announcements import Topic
from domain.capabilities import Standing
from domain.delivery import DeliveryRefused
from domain.errors import Unavailable
from services.actors import Actor
from services.announcements import ChannelFacts, Subscribe
from services.missions import CreateMission, PlanEvent
from services.operations import SetUp
from tests.clock import ManualClock

EVENING = datetime(2025, 11, 27, 18, tzinfo=UTC)
DIED_BEFORE_SETTLING = """
UPDATE outbox SET state = 'sending', owner = 'gone', lease_until = 9000000000000000, settled_at = NULL, message_id = NULL
"""


def settings_in(folder: Path) -> Settings:
    return Settings(_env_file=None, GANTRY_DATA_DIR=str(folder / "data"))


@contextlib.asynccontextmanager
async def running(folder: Path, clock: ManualClock) -> AsyncIterator[Application]:
    async with (
        Supervisor(stop_timeout_s=2.0) as supervisor,
        open_application(settings_in(folder), clock, supervisor=supervisor) as application,
    ):
        application.start_background()
        yield application


@contextlib.asynccontextmanager
async def simulated(client: discord.Client) -> AsyncIterator[tuple[simcord.Env, simcord.ChannelHandle]]:
    env = simcord.Env(client, check_errors=False)
    env.backend.clock._epoch = EVENING
    await env.start()
    try:
        yield env, env.create_guild("Mission Control").create_text_channel("flight-ops")
    finally:
        await env.shutdown()


class Director:
    """A member with Manage Server; every request of theirs is a new one."""

    def __init__(self, channel: simcord.ChannelHandle, guild_id: int) -> None:
        self._channel, self._guild_id, self._requests = channel, guild_id, 1

    def __call__(self) -> Actor:
        self._requests += 1
        standing = Standing(frozenset(), manages_server=True)
        return Actor(self._guild_id, 7, "Director", standing, self._channel.id, self._requests)


async def furnish(application: Application, channel: simcord.ChannelHandle, env: simcord.Env) -> Director:
    """Set the workspace up, subscribe its channel to countdowns, and plan a landing in 25 hours."""
    director = Director(channel, next(iter(env.backend.guilds)))
    facts = ChannelFacts(channel.id, True, True, True, True, channel.id)
    await application.desks.operations.set_up(director(), SetUp(facts))
    await application.desks.announcements.subscribe(director(), Subscribe(Topic.COUNTDOWN, facts))
    await application.desks.missions.create(director(), CreateMission("Soyuz MS-28", "Soyuz-2.1a"))
    await application.desks.missions.plan(director(), PlanEvent("Soyuz MS-28", "landing", "2025-11-28T19:00Z"))
    return director


def footers(channel: simcord.ChannelHandle) -> list[str]:
    return [str(embed.footer.text) for message in channel.history() for embed in message.embeds]


async def test_a_countdown_is_delivered_when_its_instant_comes_and_once(tmp_path: Path) -> None:
    clock = ManualClock(EVENING)
    async with running(tmp_path, clock) as application, simulated(application.client) as (env, channel):
        await furnish(application, channel, env)
        await application.settle()
        assert footers(channel) == []
        due_at = await application.next_due_at()
        assert due_at == EVENING + timedelta(hours=1)
        clock.move_to(due_at)
        await application.settle()
        await application.settle()
        assert len(footers(channel)) == 1
        (row,) = await application.database.read(lambda reader: reader.fetch("SELECT * FROM outbox"))
        assert row["state"] == "sent"
        assert str(row["nonce"])[:10] in footers(channel)[0]


async def test_a_post_that_stands_is_found_after_a_restart_and_not_made_again(tmp_path: Path) -> None:
    # The simulated Discord ignores nonces: only the history can tell.
    clock = ManualClock(EVENING)
    async with contextlib.AsyncExitStack() as stack:
        async with running(tmp_path, clock) as first:
            env, channel = await stack.enter_async_context(simulated(first.client))
            await furnish(first, channel, env)
            clock.move_by(timedelta(hours=1))
            await first.settle()
            await first.database.write(lambda tx: tx.execute(DIED_BEFORE_SETTLING))
            await first.database.write(lambda tx: tx.execute("UPDATE lanes SET floor_message_id = ?", (channel.id,)))
        assert len(footers(channel)) == 1
        second = await stack.enter_async_context(running(tmp_path, clock))
        await env.restart_bot(second.client)
        await second.settle()
        (row,) = await second.database.read(lambda reader: reader.fetch("SELECT * FROM outbox"))
        assert channel.last_message is not None
        assert (row["state"], row["message_id"]) == ("sent", channel.last_message.id)
        assert len(footers(channel)) == 1


async def test_history_that_may_not_be_read_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    clock = ManualClock(EVENING)
    async with running(tmp_path, clock) as application, simulated(application.client) as (env, channel):
        guild = application.client.guilds[0]
        hidden = discord.PermissionOverwrite(read_message_history=False)
        cached = guild.get_channel(channel.id)
        assert isinstance(cached, discord.TextChannel)
        await cached.set_permissions(guild.default_role, overwrite=hidden)
        assert env.backend.guilds
        with pytest.raises(DeliveryRefused) as refusal:
            await ChannelEdge(
                application.client, application.client.logged_in, SystemClock(), Pace(9, SystemClock())
            ).look(channel.id, "x", 0)
        assert refusal.value.code == "history_hidden"


async def test_the_edge_speaks_the_real_library(tmp_path: Path) -> None:
    clock = ManualClock(EVENING)
    async with running(tmp_path, clock) as application, simulated(application.client) as (_, channel):
        edge = ChannelEdge(application.client, application.client.logged_in, SystemClock(), Pace(9, SystemClock()))
        embed = discord.Embed(title="Launch").set_footer(text="Gantry · abcdefghij")
        out = Outgoing(None, embed, None, (), discord.AllowedMentions.none())
        message_id = await edge.post(channel.id, out, (), "a" * 24)
        assert (await edge.look(channel.id, "abcdefghij", channel.id)).found_id == message_id
        assert (await edge.look(channel.id, "abcdefghij", message_id)).found_id is None
        changed = Outgoing(None, embed.copy().set_author(name="moved"), None, (), discord.AllowedMentions.none())
        assert await edge.edit(channel.id, message_id, changed) == message_id
        assert await edge.open_thread(channel.id, message_id, out) == message_id
        assert await edge.open_thread(channel.id, message_id, out) == message_id


async def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, ManualClock(EVENING)):
        with pytest.raises(Unavailable, match="data_in_use"):
            async with running(tmp_path, ManualClock(EVENING)):
                pass


async def test_a_journal_whose_end_was_altered_is_refused(tmp_path: Path) -> None:
    clock = ManualClock(EVENING)
    async with running(tmp_path, clock) as application, simulated(application.client) as (env, channel):
        await furnish(application, channel, env)
        path = application.settings.database
    async with running(tmp_path, clock):
        pass
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE journal SET state = replace(state, 'MS-28', 'MS-29') WHERE seq = 3")
        file.commit()
    with pytest.raises(Unavailable, match="journal_broken") as refusal:
        async with running(tmp_path, clock):
            pass
    assert refusal.value.params["seq"] == 3


async def test_the_journals_end_is_verified_past_a_hundred_entries(tmp_path: Path) -> None:
    clock = ManualClock(EVENING)
    async with running(tmp_path, clock) as application, simulated(application.client) as (env, channel):
        director = await furnish(application, channel, env)
        for number in range(105):
            await application.desks.missions.create(director(), CreateMission(f"Progress {number}", "Soyuz-2.1a"))
        path = application.settings.database
    async with running(tmp_path, clock):
        pass
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("DELETE FROM journal_personal WHERE seq = (SELECT MAX(seq) FROM journal)")
        file.execute("DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)")
        file.commit()
    with pytest.raises(Unavailable, match="journal_broken"):
        async with running(tmp_path, clock):
            pass


async def test_the_tree_is_complete_without_login_and_without_any_data() -> None:
    async with open_tree() as tree:
        assert {command.name for command in tree.get_commands()} >= {"mission", "pad", "announce", "ops"}
