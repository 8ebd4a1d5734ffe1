"""Tells the story beside the application: what is next is whichever of the two comes first, and the story's step is taken first."""

from datetime import datetime

import discord

from bot.application import Application
from cogs.embeds import embed_of
from cogs.render.card import Card, Tone
from cogs.render.errors import sentence
from cogs.text import N_, Locale
from demo.scenario import Story
from demo.stage import Stage
from domain.errors import OpsError

_TITLE = N_("📖 A step of the story no longer fits")
_TEXT = N_("You have taken the case another way, so this was left out: {reason}")


class Telling:
    """What the driver asks: when something happens next, and that what is due is done."""

    def __init__(self, application: Application, stage: Stage, story: Story) -> None:
        self._application = application
        self._stage = stage
        self._story = story

    async def next_at(self) -> datetime | None:
        """The next instant at which the application does something by itself, or the story goes on."""
        return _first(self._story.next_at, await self._application.next_due_at())

    async def next_event_at(self) -> datetime | None:
        """The same without what comes every day: what somebody waits for who asks for the next event."""
        return _first(self._story.next_at, await self._application.next_reminder_at())

    async def settle(self) -> None:
        """Take the story's steps that are due, then let the application do what is due and send it."""
        locale = self._application.catalogues.locale("en")
        for refusal in await self._story.play(self._stage.clock.now()):
            await self._tell(refusal, locale)
        await self._application.settle()

    async def _tell(self, refusal: OpsError, locale: Locale) -> None:
        card = Card(locale.text(_TITLE), locale.text(_TEXT, reason=sentence(refusal, locale)), tone=Tone.WARNING)
        client = self._application.client
        channel = client.get_partial_messageable(self._stage.channel.id, type=discord.ChannelType.text)
        async with self._stage.turn:
            await channel.send(embed=embed_of(card))


def _first(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)
