"""The connection to Discord: hold-off, login, commands if they changed, the gateway until the end, and good-bye.

One background task. It must not own anything that has to survive it: while it is away, rows wait and reminders are
still fired.
"""

import asyncio
from json import JSONDecodeError

import aiohttp
import discord
import structlog

from bot.client import GantryClient
from bot.command_sync import sync_if_changed, target_guild
from bot.holdoff import Holdoff
from bot.login import log_in
from bot.settings import Settings
from domain.errors import Unavailable

CLOSE_LIMIT_S = 1.5
"""Saying good-bye to a gateway that does not answer must not cost the time a service manager gives."""

_REFUSES_TOKEN, _REFUSES_INTENTS = 4004, 4014
_log = structlog.stdlib.get_logger(__name__)


async def stay_connected(client: GantryClient, token: str, *, holdoff: Holdoff, settings: Settings) -> None:
    """Log in and serve the gateway; the library reconnects. Raises Unavailable when Discord will not have us."""
    await holdoff.wait()
    application = await log_in(client, token)
    _log.info("logged in", application=application.name, id=application.id)
    await _give_commands(client, settings)
    holdoff.record_start()
    try:
        await client.connect(reconnect=True)
    except discord.PrivilegedIntentsRequired as error:
        raise _refused(_REFUSES_INTENTS) from error
    except discord.ConnectionClosed as error:
        raise _refused(error.code) from error


def _refused(code: int) -> Unavailable:
    """What it means that the gateway was closed for good: the library comes again by itself after every other code."""
    if code == _REFUSES_TOKEN:
        return Unavailable("discord_refuses_token")
    return Unavailable("discord_refuses_connection", close_code=code)


async def close(client: discord.Client) -> None:
    """Leave Discord. Does nothing for a client that was never connected, or is closed."""
    try:
        async with asyncio.timeout(CLOSE_LIMIT_S):
            await client.close()
    except TimeoutError:
        _log.warning("the gateway did not say good-bye", limit_s=CLOSE_LIMIT_S)
        await client.http.close()


async def _give_commands(client: GantryClient, settings: Settings) -> None:
    """Without it the bot still announces and answers what Discord knows of: no reason not to start."""
    try:
        await sync_if_changed(client.tree, target_guild(settings), settings.command_state_file)
    except (discord.DiscordException, aiohttp.ClientError, OSError, JSONDecodeError) as error:
        _log.error("the commands could not be given to Discord; `gantry commands sync` tries again", reason=str(error))
