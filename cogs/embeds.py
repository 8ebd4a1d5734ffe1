"""From a card to Discord's embed, within Discord's limits. Those that a card is written to are in cogs/render/room.py.

Limits (Discord's documentation): title 256, description 4096, 25 fields of 256/1024, footer 2048, 6000 characters in all.
"""

import discord

from cogs.render.card import Card, Listing, Tone
from cogs.render.inert import shortened
from cogs.render.room import CARD_MAX, FIELD_MAX, TEXT_MAX

TITLE_MAX = 256
FIELDS_MAX = 25
FIELD_NAME_MAX = 256
FOOTER_MAX = 2048
PAGE_TEXT_MAX = 3000
PAGE_ENTRIES_MAX = 12

_COLOURS = {Tone.NEUTRAL: 0x5B7C99, Tone.GOOD: 0x3BA55D, Tone.WARNING: 0xE5A50A, Tone.BAD: 0xC0392B}


def embed_of(card: Card) -> discord.Embed:
    """The card as an embed that Discord will take, whatever its texts."""
    title, footer = shortened(card.title, TITLE_MAX), shortened(card.footer, FOOTER_MAX)
    left = CARD_MAX - len(title) - len(footer)
    text = shortened(card.text, min(TEXT_MAX, left))
    left -= len(text)
    embed = discord.Embed(title=title, description=text or None, colour=_COLOURS[card.tone])
    for field in card.fields[:FIELDS_MAX]:
        name = shortened(field.name, FIELD_NAME_MAX)
        room = min(FIELD_MAX, left - len(name))
        if room < 1:
            break
        value = shortened(field.value, room) or "–"
        embed.add_field(name=name, value=value, inline=field.inline)
        left -= len(name) + len(value)
    if footer:
        embed.set_footer(text=footer)
    return embed


def pages_of(listing: Listing) -> tuple[str, ...]:
    """The listing's entries as the texts of its pages; one page with the empty sentence when there are none."""
    pages: list[list[str]] = [[]]
    size = 0
    for entry in (shortened(entry, PAGE_TEXT_MAX) for entry in listing.entries):
        if pages[-1] and (size + len(entry) > PAGE_TEXT_MAX or len(pages[-1]) >= PAGE_ENTRIES_MAX):
            pages.append([])
            size = 0
        pages[-1].append(entry)
        size += len(entry) + 1
    texts = tuple("\n".join(page) for page in pages) if listing.entries else (listing.empty,)
    return tuple(f"{listing.lead}\n{text}" if listing.lead else text for text in texts)


def page_card(listing: Listing, page: int, page_note: str) -> Card:
    """One page of a listing as a card. `page_note` ("page 2 of 3") joins the footer when there are several."""
    texts = pages_of(listing)
    footer = " · ".join(part for part in (listing.footer, page_note if len(texts) > 1 else "") if part)
    return Card(listing.title, texts[min(page, len(texts) - 1)], tone=listing.tone, footer=footer)
