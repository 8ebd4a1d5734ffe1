"""Lists of any length: the first page answers the command, buttons turn the pages by asking again.

A page's button names the list, the page and what was asked, so turning works after a restart and shows what is true then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import discord

from cogs.actor import actor_of
from cogs.embeds import page_card, pages_of
from cogs.face import Face, face_of
from cogs.render import coverage, crew, docking, flights, impact, missions, pads, repairs, subscriptions
from cogs.render.card import Button, Card, Listing
from cogs.reply import answer, answer_press, private_look, public
from cogs.text import Locale
from cogs.views.buttons import fits
from domain.errors import NotFound
from services.actors import Actor

T = TypeVar("T")
Asked = tuple[str | None, ...]
PAGE = "page"
_SEPARATOR = "¦"


@dataclass(frozen=True, slots=True)
class ListCommand(Generic[T]):
    """How a list is asked for and shown. `asked` are the command's options, in order, `options` of them at most."""

    ask: Callable[[Face, Actor, Asked], Awaitable[T]]
    render: Callable[[T, Locale], Listing]
    options: int = 0
    is_private: bool = False
    """Shown to who asks and to nobody else: it holds what is theirs alone."""


LISTS: dict[str, ListCommand[Any]] = {
    "missions": ListCommand(
        lambda face, actor, asked: face.desks.missions.overview(actor, *asked), missions.overview, 1
    ),
    "list": ListCommand(lambda face, actor, asked: face.desks.missions.list(actor, *asked), missions.listing, 1),
    "history": ListCommand(
        lambda face, actor, asked: face.desks.histories.mission(actor, asked[0] or "", *asked[1:]), flights.history, 2
    ),
    "aboard": ListCommand(lambda face, actor, asked: face.desks.coverage.aboard(actor, *asked), coverage.aboard, 2),
    "coverage": ListCommand(
        lambda face, actor, asked: face.desks.coverage.coverage(actor, *asked), coverage.coverage, 1
    ),
    "crew": ListCommand(lambda face, actor, asked: face.desks.crew.list(actor, *asked), crew.listing, 2),
    "ports": ListCommand(lambda face, actor, asked: face.desks.docking.ports(actor, *asked), docking.ports, 2),
    "pads": ListCommand(lambda face, actor, asked: face.desks.pads.list(actor, *asked), pads.listing, 1),
    "impact": ListCommand(lambda face, actor, _: face.desks.impact.impact(actor), impact.impacts),
    "repairs": ListCommand(lambda face, actor, asked: face.desks.repairs.list(actor, *asked), repairs.listing, 1),
    "heard": ListCommand(lambda face, actor, _: face.desks.announcements.overview(actor), subscriptions.subscriptions),
    "coming": ListCommand(
        lambda face, actor, _: face.desks.countdowns.list(actor), subscriptions.reminders, is_private=True
    ),
}


async def answer_list(interaction: discord.Interaction, name: str, *asked: str | None) -> None:
    """Answer a command with the first page of a list."""
    show = private_look(_shown) if LISTS[name].is_private else public(_shown)
    await answer(interaction, _page(face_of(interaction), actor_of(interaction), name, 0, asked), show)


async def turn_page(interaction: discord.Interaction, argument: str) -> None:
    """Show the page that a button names."""
    name, _separator, rest = argument.partition(_SEPARATOR)
    page, *asked = (_plain(part) for part in rest.split(_SEPARATOR))
    known = LISTS.get(name)
    if known is None or len(asked) > known.options or not (page.isascii() and page.isdigit()):
        raise NotFound("button_stale")
    if known.is_private and not (interaction.message and interaction.message.flags.ephemeral):
        raise NotFound("button_stale")  # a page that everybody sees, from when this list was everybody's
    work = _page(
        face_of(interaction), actor_of(interaction), name, int(page[:6]), tuple(part or None for part in asked)
    )
    await answer_press(interaction, work, public(_shown), replaces=True)


@dataclass(frozen=True, slots=True)
class _Page:
    found: object
    name: str
    number: int
    asked: Asked


async def _page(face: Face, actor: Actor, name: str, number: int, asked: Asked) -> _Page:
    return _Page(await LISTS[name].ask(face, actor, asked), name, number, asked)


def _shown(page: _Page, locale: Locale) -> Card:
    _ = locale.text
    listing = LISTS[page.name].render(page.found, locale)
    total = len(pages_of(listing))
    number = min(page.number, total - 1)
    card = page_card(listing, number, _("page {page} of {total}", page=number + 1, total=total))
    back, forward = (_argument(page, number + step) for step in (-1, 1))
    if total == 1 or not fits(PAGE, forward):
        return card
    return replace(
        card,
        buttons=(
            Button(_("◀ Back"), PAGE, back, disabled=number == 0),
            Button(_("Next ▶"), PAGE, forward, disabled=number == total - 1),
        ),
    )


def _argument(page: _Page, number: int) -> str:
    asked = (_quoted(" ".join((part or "").split())) for part in page.asked)
    return _SEPARATOR.join([page.name, str(max(number, 0)), *asked])


def _quoted(part: str) -> str:
    """A member's words without the separator."""
    return part.replace("%", "%25").replace(_SEPARATOR, "%A6")


def _plain(part: str) -> str:
    return part.replace("%A6", _SEPARATOR).replace("%25", "%")
