"""Members' photos at Discord's door: fetched from what they attach, and shown again with an answer.

How many and how large they are is checked before a byte is fetched; what the bytes are is the evidence store's question. What a
file calls itself is never looked at.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import discord

from cogs.face import Face
from cogs.outgoing import picture_name
from cogs.reaching import reaching
from cogs.render.photos import alt_text, newest_pictured
from cogs.reply import Enclosure
from cogs.text import Locale
from domain.damage import DamageReport
from domain.errors import InvalidInput
from services.actors import Actor
from services.photos import PHOTOS_MAX

T = TypeVar("T")
_log = logging.getLogger("gantry.photos")


async def read_photos(
    attachments: tuple[discord.Attachment, ...],
    limit_bytes: int,
    then: Callable[[tuple[bytes, ...]], Awaitable[T]],
) -> T:
    """Fetch every attachment, then go on with their bytes. Raises InvalidInput for too many or too large before fetching any."""
    if len(attachments) > PHOTOS_MAX:
        raise InvalidInput("too_many_photos", limit=PHOTOS_MAX)
    for attachment in attachments:
        if attachment.size > limit_bytes:
            raise InvalidInput("photo_too_large", limit_mb=limit_bytes // 1_000_000)
    with reaching("photo_not_fetched"):
        content = [await attachment.read() for attachment in attachments]
    return await then(tuple(content))


async def enclosed_photo(
    face: Face, actor: Actor, reports: Iterable[DamageReport], locale: Locale
) -> tuple[Enclosure, ...]:
    """The first photo of the newest of these reports that has any, to go along with an answer; nothing when it cannot be had."""
    report = newest_pictured(reports)
    if report is None:
        return ()
    sha256 = report.evidence[0]
    shown = await face.desks.photos.show(actor, sha256)
    if shown is None:
        _log.warning("the photo of %s cannot be shown: %s is missing or altered", report.label, sha256)
        return ()
    return (Enclosure(picture_name(sha256, shown.media_type), shown.content, alt_text(report, locale), pictured=True),)
