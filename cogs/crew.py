"""/crew: who flies on what."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.render import crew as render
from cogs.reply import answer, receipt
from services.crew import AssignSeat


class CrewGroup(app_commands.Group):
    """The /crew commands."""

    def __init__(self) -> None:
        super().__init__(name="crew", description=T_("Crew: who flies on what, in which role"), guild_only=True)

    @app_commands.command(name="list", description=T_("The crew of one mission, or of all"))
    @app_commands.describe(
        mission=T_("Leave out for every mission with a crew"),
        as_of=T_("What had been recorded by then, such as 2025-12-01"),
    )
    @app_commands.autocomplete(mission=complete.missions)
    async def list_(
        self, interaction: discord.Interaction, mission: str | None = None, as_of: str | None = None
    ) -> None:
        """The crew list."""
        await answer_list(interaction, "crew", mission, as_of)

    @app_commands.command(description=T_("Give someone a seat on a mission, up and down"))
    @app_commands.describe(
        mission=T_("The mission"),
        person=T_("The person; a new name enters a new person"),
        role=T_("Such as Commander or Flight Engineer"),
        agency=T_("The person's agency, such as NASA"),
    )
    @app_commands.autocomplete(mission=complete.missions, person=complete.people)
    async def assign(
        self, interaction: discord.Interaction, mission: str, person: str, role: str, agency: str | None = None
    ) -> None:
        """Give someone a seat."""
        work = face_of(interaction).desks.crew.assign(actor_of(interaction), AssignSeat(mission, person, role, agency))
        await answer(interaction, work, receipt(interaction, render.assigned))
