"""/pad status for one pad: its card, with the photo of its newest open damage that has one."""

from dataclasses import dataclass

import discord

from cogs.actor import actor_of, locale_of
from cogs.face import Face, face_of
from cogs.photos import enclosed_photo
from cogs.render import pads as render
from cogs.reply import Enclosure, Reply, answer
from cogs.text import Locale
from services.actors import Actor
from services.pads import PadCard


@dataclass(frozen=True, slots=True)
class _Pictured:
    card: PadCard
    photo: tuple[Enclosure, ...]


async def answer_pad_status(interaction: discord.Interaction, pad: str, as_of: str | None) -> None:
    """Answer with a pad's card, publicly."""
    face, actor = face_of(interaction), actor_of(interaction)
    locale = locale_of(interaction, face.catalogues)
    await answer(interaction, _pictured(face, actor, pad, as_of, locale), _reply)


async def _pictured(face: Face, actor: Actor, pad: str, as_of: str | None, locale: Locale) -> _Pictured:
    card = await face.desks.pads.status(actor, pad, as_of)
    return _Pictured(card, await enclosed_photo(face, actor, card.reports, locale))


def _reply(found: _Pictured, locale: Locale) -> Reply:
    return Reply(render.status(found.card, locale), private=False, enclosures=found.photo)
