"""Starts the real `gantry` against the loopback, on one core, with a benchmark's own commands: `python -m benchmarks.launch run`.

Beside what `bot.cli.main` has: `/pong`, the least a command can be; `/bare`, which posts as `channel.send` does, without a courier;
`/hold` and `/release`, which keep the courier from sending while its rows are made. Each pass that fires something says so in a
line of its own, `FIRED`. The clock is the machine's. Read from the environment: WIRE_BASE, and BENCH_CORE if it shall stay on one
core.
"""

import asyncio
import functools
import json
import os
import sys
import time
from typing import Any

import discord
from discord import app_commands

from bot import application, cli
from bot.courier import LANES_AT_ONCE
from tests.wire.launch import BASE_VARIABLE, point_at

CORE_VARIABLE = "BENCH_CORE"
FIRED = "FIRED"


def main() -> int:
    """Move to the core, add the commands, be gantry."""
    if core := os.environ.get(CORE_VARIABLE):
        os.sched_setaffinity(0, {int(core)})
    point_at(os.environ[BASE_VARIABLE])
    _add_commands()
    return cli.main(sys.argv[1:])


def _add_commands() -> None:
    build = application._build  # noqa: SLF001 - the application is complete there, and not yet connected

    @functools.wraps(build)
    def build_and_add(*args: Any, **kwargs: Any) -> application.Application:
        built = build(*args, **kwargs)
        for command in _commands(built):
            built.client.tree.add_command(command)
        _tell_firings(built)
        return built

    application._build = build_and_add  # noqa: SLF001


def _tell_firings(built: application.Application) -> None:
    """Have every pass that fired something say from when to when it did, on the monotonic clock, and how much."""
    fire = built.timekeeper._fire  # noqa: SLF001

    async def fire_and_tell() -> int:
        began_s = time.monotonic()
        fired = await fire()
        if fired:
            print(FIRED, began_s, time.monotonic(), fired)
        return fired

    built.timekeeper._fire = fire_and_tell  # noqa: SLF001


def _commands(built: application.Application) -> tuple[app_commands.Command[Any, ..., None], ...]:
    places = built.courier._places  # noqa: SLF001 - who holds every place holds the courier

    @app_commands.command(description="Answer at once")
    async def pong(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")

    @app_commands.command(description="Post an embed in channels, one after another in each, all side by side")
    async def bare(interaction: discord.Interaction, channels: str, embed: str, times: int) -> None:
        await interaction.response.send_message("pong")
        shown = discord.Embed.from_dict(json.loads(embed))

        async def fill(channel_id: str) -> None:
            channel = built.client.get_channel(int(channel_id))
            assert isinstance(channel, discord.TextChannel)
            for _ in range(times):
                await channel.send(embed=shown)

        await asyncio.gather(*(fill(channel_id) for channel_id in channels.split()))

    @app_commands.command(description="Let the courier wait")
    async def hold(interaction: discord.Interaction) -> None:
        for _ in range(LANES_AT_ONCE):
            await places.acquire()
        await interaction.response.send_message("pong")

    @app_commands.command(description="Let the courier go on")
    async def release(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")
        for _ in range(LANES_AT_ONCE):
            places.release()

    return pong, bare, hold, release


if __name__ == "__main__":
    sys.exit(main())
