"""/board: a live message of missions, pads or crew, kept true in a channel."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import Channel, actor_of, channel_facts
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.options import choices, picked
from cogs.render import boards as render
from cogs.reply import answer, private
from domain.boards import BoardKind
from services.boards import PinBoard


class BoardGroup(app_commands.Group):
    """The /board commands."""

    def __init__(self) -> None:
        super().__init__(
            name="board", description=T_("Live boards: one message, kept true in its channel"), guild_only=True
        )

    @app_commands.command(
        description=T_("Keep a live board in a channel; one that is there moves to the channel's end")
    )
    @app_commands.describe(
        kind=T_("What it shows"),
        channel=T_("The channel or thread; this one if left out"),
        language=T_("The language of the board; at first English"),
    )
    @app_commands.choices(kind=choices(BoardKind))
    @app_commands.autocomplete(language=complete.languages)
    async def pin(
        self,
        interaction: discord.Interaction,
        kind: str,
        channel: Channel | None = None,
        language: str | None = None,
    ) -> None:
        """Pin a board."""
        request = PinBoard(picked(BoardKind, kind, what="kind"), channel_facts(interaction, channel), language)
        work = face_of(interaction).desks.boards.pin(actor_of(interaction), request)
        await answer(interaction, work, private(render.pinned))

    @app_commands.command(description=T_("Take a live board down"))
    @app_commands.describe(kind=T_("Which one"), channel=T_("The channel it is in; this one if left out"))
    @app_commands.choices(kind=choices(BoardKind))
    async def unpin(self, interaction: discord.Interaction, kind: str, channel: Channel | None = None) -> None:
        """Take a board down."""
        wanted = picked(BoardKind, kind, what="kind")
        where = (interaction.channel_id or 0) if channel is None else channel.id
        work = face_of(interaction).desks.boards.unpin(actor_of(interaction), wanted, where)
        await answer(interaction, work, private(render.unpinned))
