"""/ops: setting a server up, who may do what, and how the bot is."""

from functools import partial

import discord
from discord import app_commands

from cogs.actor import Channel, actor_of, channel_facts, role_names
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.options import choices, picked
from cogs.render import subscriptions as render
from cogs.reply import answer, private, public
from domain.capabilities import Capability
from services.operations import SetUp


class OpsGroup(app_commands.Group):
    """The /ops commands."""

    def __init__(self) -> None:
        super().__init__(name="ops", description=T_("Running Gantry: set-up, permissions, health"), guild_only=True)

    @app_commands.command(description=T_("Set this server up, or change its settings; needs Manage Server"))
    @app_commands.describe(
        channel=T_("Where I report about myself; this channel if left out"),
        timezone=T_("The team's time zone, such as Europe/Moscow; UTC if left out"),
        morning=T_("The hour of morning notices, 0 to 23; 9 if left out"),
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: Channel | None = None,
        timezone: str | None = None,
        morning: int | None = None,
    ) -> None:
        """Set the server up."""
        request = SetUp(channel_facts(interaction, channel), timezone, morning)
        work = face_of(interaction).desks.operations.set_up(actor_of(interaction), request)
        await answer(interaction, work, private(render.set_up))

    @app_commands.command(description=T_("Give a role a capability"))
    @app_commands.describe(
        capability=T_("operate: missions, crew, docking; pad: damage, repairs; approve; medical; admin; read narrows"),
        role=T_("The role"),
    )
    @app_commands.choices(capability=choices(Capability))
    async def grant(self, interaction: discord.Interaction, capability: str, role: discord.Role) -> None:
        """Grant a capability."""
        wanted = picked(Capability, capability, what="capability")
        work = face_of(interaction).desks.operations.grant(actor_of(interaction), wanted, role.id)
        show = partial(render.granted, names=role_names(interaction))
        await answer(interaction, work, private(show))

    @app_commands.command(description=T_("How the bot is: posts, reminders, permissions"))
    async def status(self, interaction: discord.Interaction) -> None:
        """How the bot is."""
        work = face_of(interaction).desks.operations.status(actor_of(interaction))
        await answer(interaction, work, public(partial(render.house, names=role_names(interaction))))
