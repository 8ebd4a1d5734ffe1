"""/announce: which channel hears what."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import Channel, actor_of, channel_facts
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked, picked_or_none
from cogs.render import subscriptions as render
from cogs.reply import answer, receipt
from domain.announcements import Topic
from domain.pads import Severity
from services.announcements import Subscribe


class AnnounceGroup(app_commands.Group):
    """The /announce commands."""

    def __init__(self) -> None:
        super().__init__(name="announce", description=T_("Announcements: which channel hears what"), guild_only=True)

    @app_commands.command(description=T_("Let a channel hear a topic"))
    @app_commands.describe(
        topic=T_("What to hear; all is everything"),
        channel=T_("The channel or thread; this one if left out"),
        mission=T_("Only about this mission"),
        pad=T_("Only about this pad"),
        severity=T_("Only damage at least this severe"),
        mention=T_("A role to mention with each post"),
        language=T_("The language of the posts; English if left out"),
    )
    @app_commands.choices(topic=choices(Topic), severity=choices(Severity))
    @app_commands.autocomplete(mission=complete.missions, pad=complete.pads, language=complete.languages)
    async def subscribe(
        self,
        interaction: discord.Interaction,
        topic: str,
        channel: Channel | None = None,
        mission: str | None = None,
        pad: str | None = None,
        severity: str | None = None,
        mention: discord.Role | None = None,
        language: str = "en",
    ) -> None:
        """Subscribe a channel."""
        request = Subscribe(
            topic=picked(Topic, topic, what="topic"),
            channel=channel_facts(interaction, channel),
            mission=mission,
            pad=pad,
            severity=picked_or_none(Severity, severity, what="severity"),
            mention_role_id=None if mention is None else mention.id,
            language=language,
        )
        work = face_of(interaction).desks.announcements.subscribe(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.subscribed))

    @app_commands.command(name="list", description=T_("Which channel hears what"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """The subscriptions."""
        await answer_list(interaction, "heard")
