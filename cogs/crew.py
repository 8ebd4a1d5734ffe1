"""/crew: who flies up and down on what, who is aboard, and whether everyone has a seat home."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked
from cogs.render import crew as render
from cogs.render import health as render_health
from cogs.reply import Reply, answer, private, receipt
from domain.health import HealthStatus
from services.crew import AssignSeat, EditPerson

SHOW = "show"


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

    @app_commands.command(description=T_("Who is aboard a station, since when, and how they come down"))
    @app_commands.describe(
        station=T_("Leave out for every station"),
        as_of=T_("What had been recorded by then, such as 2025-12-01"),
    )
    @app_commands.autocomplete(station=complete.stations)
    async def aboard(
        self, interaction: discord.Interaction, station: str | None = None, as_of: str | None = None
    ) -> None:
        """Who is aboard."""
        await answer_list(interaction, "aboard", station, as_of)

    @app_commands.command(description=T_("Does everyone aboard have a seat home, and has the relief flight a pad?"))
    @app_commands.describe(station=T_("Leave out for every station"))
    @app_commands.autocomplete(station=complete.stations)
    async def coverage(self, interaction: discord.Interaction, station: str | None = None) -> None:
        """Return coverage."""
        await answer_list(interaction, "coverage", station)

    @app_commands.command(description=T_("Put right what a person is called"))
    @app_commands.describe(
        person=T_("The person, by any spelling"),
        name=T_("The name from now on; the former one still finds them"),
        agency=T_("The person's agency, such as NASA"),
        also=T_("All other spellings, separated by commas; none clears them"),
    )
    @app_commands.autocomplete(person=complete.people)
    async def edit(
        self,
        interaction: discord.Interaction,
        person: str,
        name: str | None = None,
        agency: str | None = None,
        also: str | None = None,
    ) -> None:
        """Put a person's name right."""
        work = face_of(interaction).desks.crew.edit(actor_of(interaction), EditPerson(person, name, agency, also))
        await answer(interaction, work, receipt(interaction, render.edited))

    @app_commands.command(description=T_("Take someone off a mission, up and down"))
    @app_commands.describe(mission=T_("The mission"), person=T_("The person"), reason=T_("Why"))
    @app_commands.autocomplete(mission=complete.missions, person=complete.crew)
    async def remove(self, interaction: discord.Interaction, mission: str, person: str, reason: str) -> None:
        """Take someone off a mission."""
        work = face_of(interaction).desks.crew.remove(actor_of(interaction), mission, person, reason)
        await answer(interaction, work, receipt(interaction, render.removed))

    @app_commands.command(name="return", description=T_("Give someone another ride down, or none"))
    @app_commands.describe(person=T_("The person"), mission=T_("The flight that brings them down; no ride if left out"))
    @app_commands.autocomplete(person=complete.people, mission=complete.missions)
    async def return_(self, interaction: discord.Interaction, person: str, mission: str | None = None) -> None:
        """Change a way down."""
        work = face_of(interaction).desks.crew.change_return(actor_of(interaction), person, mission)
        await answer(interaction, work, receipt(interaction, render.return_changed))

    @app_commands.command(description=T_("Record or show medical standing; only those with medical see it"))
    @app_commands.describe(
        person=T_("The person"), status=T_("The standing, or show"), note=T_("For those with medical only")
    )
    @app_commands.choices(status=[*choices(HealthStatus), app_commands.Choice(name=SHOW, value=SHOW)])
    @app_commands.autocomplete(person=complete.people)
    async def health(self, interaction: discord.Interaction, person: str, status: str, note: str | None = None) -> None:
        """Record or show medical standing, always privately."""
        desk, actor = face_of(interaction).desks.health, actor_of(interaction)
        if status == SHOW:
            await answer(
                interaction,
                desk.show(actor, person),
                lambda found, locale: Reply(render_health.standing(found, locale), private=True),
            )
            return
        work = desk.record(actor, person, picked(HealthStatus, status, what="status"), note)
        await answer(interaction, work, private(render_health.recorded))
