"""The Discord client: what we ask of the gateway, and the face put on it. It owns no background work and no state.

Everything that must survive a reconnect belongs to the application. Nothing starts in `on_ready`, which Discord
repeats, and commands are not synchronised here.
"""

import asyncio
import secrets
from typing import Any

import discord
import structlog

from cogs.descriptions import CommandTranslator
from cogs.face import Face
from cogs.install import install
from cogs.tree import GantryTree

HEARTBEAT_TIMEOUT_S = 60.0
_log = structlog.stdlib.get_logger(__name__)


class GantryClient(discord.Client):
    """A client that hears of servers only, remembers no messages and no members, and pings nobody by itself."""

    def __init__(self) -> None:
        # We have no voice: what it would need is not missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            heartbeat_timeout=HEARTBEAT_TIMEOUT_S,
        )
        self.tree = GantryTree(self)
        self.logged_in = asyncio.Event()

    def wear(self, face: Face) -> None:
        """Put the face on: commands, buttons, listeners. Once, before the client is started or its tree is listed."""
        install(self, self.tree, face)

    async def setup_hook(self) -> None:
        """Say that requests can be made; the library calls this once it has logged in, before any gateway."""
        await self.tree.set_translator(CommandTranslator())
        self.logged_in.set()

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what a listener let through, with an id to ask for. The event's content stays out of the log."""
        _log.exception("an event could not be handled", listener=event_method, incident=secrets.token_hex(4))
