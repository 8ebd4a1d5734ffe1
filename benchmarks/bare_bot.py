"""A bare discord.py bot with one command, as small as they come: `python -m benchmarks.bare_bot`. Nothing of Gantry is imported.

Read from the environment: WIRE_BASE, DISCORD_TOKEN, and BENCH_CORE, the core to stay on.
"""

import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


def main() -> None:
    """Connect and answer `/pong`."""
    if core := os.environ.get("BENCH_CORE"):
        os.sched_setaffinity(0, {int(core)})
    base = os.environ["WIRE_BASE"]
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http://", "ws://") + "/gateway")
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = app_commands.CommandTree(client)

    @tree.command(description="Answer at once")
    async def pong(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")

    client.run(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
