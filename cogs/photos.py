"""Fetching what members attach. Sizes are checked before a byte is fetched; what the bytes are is the evidence store's question."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from domain.errors import InvalidInput, Unavailable

T = TypeVar("T")


async def read_photos(
    attachments: tuple[discord.Attachment, ...],
    limit_bytes: int,
    then: Callable[[tuple[bytes, ...]], Awaitable[T]],
) -> T:
    """Fetch every attachment, then go on with their bytes. Raises InvalidInput for too large a file before fetching any."""
    for attachment in attachments:
        if attachment.size > limit_bytes:
            raise InvalidInput("photo_too_large", limit_mb=limit_bytes // 1_000_000)
    try:
        content = [await attachment.read() for attachment in attachments]
    except discord.DiscordException as error:
        raise Unavailable("photo_not_fetched") from error
    return await then(tuple(content))
