"""Logging in to Discord over HTTP only, for the commands that ask it something and go. It opens no gateway."""

import asyncio
from json import JSONDecodeError

import aiohttp
import discord

from domain.errors import Unavailable

LOGIN_TIMEOUT_S = 30.0


async def log_in(client: discord.Client, token: str) -> discord.AppInfo:
    """Log the client in and return the application it belongs to. The caller closes the client.

    Raises Unavailable("discord_refuses_token"), or Unavailable("discord_unreachable", reason=…) for everything that
    another try could put right.
    """
    try:
        async with asyncio.timeout(LOGIN_TIMEOUT_S):
            await client.login(token)
            return await client.application_info()
    except discord.LoginFailure as error:
        raise Unavailable("discord_refuses_token") from error
    except TimeoutError as error:
        raise Unavailable("discord_unreachable", reason=f"no answer within {LOGIN_TIMEOUT_S:.0f} s") from error
    except (discord.HTTPException, aiohttp.ClientError, OSError, JSONDecodeError) as error:
        raise Unavailable("discord_unreachable", reason=str(error)) from error
