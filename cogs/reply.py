"""How every command answers: start the work at once, answer once when it is quick, defer privately when it is not.

Discord wants a first answer within 3 s. Work done within the face's patience is answered directly, publicly or privately as the
result asks; otherwise the answer is deferred, privately, and edited in. Refusals are always private.
"""

import io
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from cogs import showing
from cogs.actor import locale_of
from cogs.embeds import embed_of
from cogs.face import face_of
from cogs.refusals import note_refusal
from cogs.render.card import Card
from cogs.render.errors import refusal
from cogs.text import Catalogues, Locale
from cogs.views.buttons import buttons_view
from domain.errors import OpsError
from services.changes import Receipt

T = TypeVar("T")
Show = Callable[[T, Locale], "Reply"]
_log = logging.getLogger("gantry.commands")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along with an answer. `alt` is what a screen reader says of it; `pictured` shows it in the card."""

    name: str
    content: bytes
    alt: str | None = None
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: the card, whether only the member sees it, and what goes along with it."""

    card: Card
    private: bool
    enclosures: tuple[Enclosure, ...] = ()


async def answer(interaction: discord.Interaction, work: Coroutine[Any, Any, T], show: Show[T]) -> None:
    """Run `work` and answer with what `show` makes of its result. What the work refuses is raised here, to be told."""
    face = face_of(interaction)
    task = face.attend(work)
    if not await face.patience(task):
        await showing.attempt(lambda: interaction.response.defer(ephemeral=True, thinking=True))
    reply = show(await task, locale_of(interaction, face.catalogues))
    await showing.attempt(lambda: _send(interaction, reply))


async def answer_press(
    interaction: discord.Interaction, work: Coroutine[Any, Any, T], show: Show[T], *, replaces: bool
) -> None:
    """Answer a button. What it stood under loses its buttons, so that nobody presses twice.

    With `replaces`, the message becomes the answer; otherwise it stays and the member gets a private one.
    """
    face = face_of(interaction)
    task = face.attend(work)
    if not await face.patience(task):
        await showing.attempt(interaction.response.defer)
    card = show(await task, locale_of(interaction, face.catalogues)).card
    await showing.attempt(lambda: _send_press(interaction, card, replaces=replaces))


def public(render: Callable[[T, Locale], Card]) -> Show[T]:
    """An answer that everyone in the channel sees: the way of questions."""
    return lambda value, locale: Reply(render(value, locale), private=False)


def private_look(render: Callable[[T, Locale], Card]) -> Show[T]:
    """An answer to a question that only the member sees: what it shows is theirs alone."""
    return lambda value, locale: Reply(render(value, locale), private=True)


def private(render: Callable[[T, Locale], Card]) -> Show[Receipt[T]]:
    """A change's answer that only the member sees."""
    return lambda done, locale: Reply(render(done.value, locale), private=True)


def receipt(interaction: discord.Interaction, render: Callable[[T, Locale], Card]) -> Show[Receipt[T]]:
    """A change's answer: private where the announcement says it anyway, public elsewhere."""
    here = interaction.channel_id
    return lambda done, locale: Reply(render(done.value, locale), private=here in done.announced_in)


async def tell(
    interaction: discord.Interaction, catalogues: Catalogues, error: BaseException, *, typed: str = ""
) -> None:
    """Tell a member, privately, why something was not done. An error nobody foresaw is logged under an incident id.

    `typed` is text from a form, which Discord throws away: it is shown again, so that nothing is lost.
    """
    known = error if isinstance(error, OpsError) else unforeseen(error)
    embed = embed_of(refusal(known, locale_of(interaction, catalogues), typed))
    await showing.attempt(lambda: _send_refusal(interaction, embed))
    await note_refusal(interaction, error)


def unforeseen(error: BaseException) -> OpsError:
    """Log an error nobody foresaw and return what the member is told: only an incident id."""
    incident = secrets.token_hex(4)
    _log.error("incident %s", incident, exc_info=error)
    return OpsError("unexpected", incident=incident)


async def _send_refusal(interaction: discord.Interaction, embed: discord.Embed) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(embed=embed, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(embed=embed)
    else:
        await interaction.followup.send(embed=embed, ephemeral=True)


async def _send_press(interaction: discord.Interaction, card: Card, *, replaces: bool) -> None:
    changes: dict[str, Any] = {"view": buttons_view(card.buttons) if replaces else None}
    if replaces:
        changes["embed"] = embed_of(card)
    if interaction.response.is_done():
        await interaction.edit_original_response(**changes)
    else:
        await interaction.response.edit_message(**changes)
    if not replaces:
        await interaction.followup.send(embed=embed_of(card), ephemeral=True)


async def _send(interaction: discord.Interaction, reply: Reply) -> None:
    embed, view = embed_of(reply.card), buttons_view(reply.card.buttons)
    files = _files(reply, embed)
    if interaction.response.is_done():
        await interaction.edit_original_response(embed=embed, view=view, attachments=files)
    elif view is None:
        await interaction.response.send_message(embed=embed, files=files, ephemeral=reply.private)
    else:
        await interaction.response.send_message(embed=embed, view=view, files=files, ephemeral=reply.private)


def _files(reply: Reply, embed: discord.Embed) -> list[discord.File]:
    """The enclosures as Discord takes them; what is pictured is set into the embed."""
    for enclosure in reply.enclosures:
        if enclosure.pictured:
            embed.set_image(url=f"attachment://{enclosure.name}")
    return [
        discord.File(io.BytesIO(enclosure.content), enclosure.name, description=enclosure.alt)
        for enclosure in reply.enclosures
    ]
