"""/remind: what is coming up, and an event's own countdown."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.render import subscriptions as render
from cogs.reply import answer, public, receipt


class RemindGroup(app_commands.Group):
    """The /remind commands."""

    def __init__(self) -> None:
        super().__init__(name="remind", description=T_("Reminders and countdowns"), guild_only=True)

    @app_commands.command(name="list", description=T_("What is coming up"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """The reminders that are still to come."""
        await answer_list(interaction, "coming")

    @app_commands.command(description=T_("Show an event's countdown, or give it its own"))
    @app_commands.describe(
        event=T_("The event, as mission · event"),
        offsets=T_("How long before, such as 30d 7d 1d 12h 1h 10m 0; leave out to look only"),
    )
    @app_commands.autocomplete(event=complete.any_events)
    async def countdown(self, interaction: discord.Interaction, event: str, offsets: str | None = None) -> None:
        """Show or set a countdown."""
        desk, actor = face_of(interaction).desks.countdowns, actor_of(interaction)
        if offsets is None:
            await answer(interaction, desk.show(actor, event), public(render.countdown))
            return
        await answer(interaction, desk.set_offsets(actor, event, offsets), receipt(interaction, render.countdown))
