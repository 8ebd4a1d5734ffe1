"""The way to Discord while a command is under way: what it can raise, and how that is told. It must not ask Discord anything."""

import contextlib
from collections.abc import Iterator
from json import JSONDecodeError

import aiohttp
import discord

from domain.errors import Unavailable

UNREACHABLE = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError, JSONDecodeError)
"""What the way to Discord can raise, nonsense for an answer included. None of it says for certain that Discord did not take what
was sent."""
_SESSION_CLOSED = "Session is closed"  # not prose: compared, never shown
"""What the HTTP client says, as a plain RuntimeError, once the process has taken leave of Discord."""


def is_parting(error: RuntimeError) -> bool:
    """Whether it only says that the process has taken leave of Discord."""
    return str(error) == _SESSION_CLOSED


@contextlib.contextmanager
def reaching(code: str) -> Iterator[None]:
    """Raise Unavailable with this code when Discord cannot be asked, or does not say."""
    try:
        yield
    except UNREACHABLE as error:
        raise Unavailable(code) from error
    except RuntimeError as error:
        if not is_parting(error):
            raise
        raise Unavailable(code) from error
