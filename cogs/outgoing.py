"""From a delivery to what is sent: the announcement's card in the row's language, with its reference and its mention."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import discord

from cogs.embeds import embed_of
from cogs.render.announcements import announcement as announcement_card
from cogs.render.announcements import thread_name
from cogs.render.card import Card
from cogs.text import Catalogues, Locale
from cogs.views.buttons import buttons_view
from domain.delivery import Delivery, Operation, mentioned_members
from domain.facts import Facts
from storage.evidence import extension_of


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A post, ready but for its pictures: `evidence` are SHA-256 digests; the first is the embed's image."""

    content: str | None
    embed: discord.Embed
    view: discord.ui.View | None
    evidence: tuple[str, ...]
    allowed_mentions: discord.AllowedMentions


def announcement(delivery: Delivery, catalogues: Catalogues) -> Outgoing:
    """Render a delivery. It pings only the roles its subscriptions name, and the member whose own reminder it is."""
    late_since = delivery.created_at if delivery.is_late else None
    card = _worded(delivery.facts, catalogues.locale(delivery.language), late_since)
    # Not prose: what the post is called, if anything, our name, and the reference.
    footer = " · ".join(part for part in (card.footer, "Gantry", delivery.reference) if part)
    embed = embed_of(replace(card, footer=footer))
    if delivery.operation is Operation.THREAD:
        embed.title = thread_name(delivery.facts) or embed.title
    embed.timestamp = delivery.created_at
    roles, members = delivery.mention_role_ids, mentioned_members(delivery.facts)
    mentions = [*(f"<@&{role}>" for role in roles), *(f"<@{member}>" for member in members)]
    return Outgoing(
        content=" ".join(mentions) or None,
        embed=embed,
        view=buttons_view(card.buttons),
        evidence=card.pictures,
        allowed_mentions=discord.AllowedMentions(
            everyone=False,
            users=[discord.Object(member) for member in members] or False,
            replied_user=False,
            roles=[discord.Object(role) for role in roles],
        ),
    )


@lru_cache(maxsize=64)
def _worded(facts: Facts, locale: Locale, late_since: datetime | None) -> Card:
    """The card, which is the same in every channel of a language. What was worded last is remembered."""
    return announcement_card(facts, locale, late_since=late_since)


def picture_name(sha256: str, media_type: str) -> str:
    """The file name of a kept picture as it is attached."""
    return f"{sha256[:12]}.{extension_of(media_type)}"
