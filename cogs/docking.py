"""/docking: stations, ports, and the moves of spacecraft between them."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.render import docking as render
from cogs.render import missions as render_missions
from cogs.reply import answer, receipt
from services.docking import ConfirmDocking, SaveStation


class DockingGroup(app_commands.Group):
    """The /docking commands."""

    def __init__(self) -> None:
        super().__init__(name="docking", description=T_("Docking: stations, ports, who is where"), guild_only=True)

    @app_commands.command(description=T_("Add a station, or ports to one"))
    @app_commands.describe(
        name=T_("The station's name"),
        short=T_("What people call it, such as ISS"),
        ports=T_("Ports, separated by commas"),
    )
    @app_commands.autocomplete(name=complete.stations)
    async def station(
        self, interaction: discord.Interaction, name: str, short: str | None = None, ports: str | None = None
    ) -> None:
        """Add or extend a station."""
        work = face_of(interaction).desks.docking.station(actor_of(interaction), SaveStation(name, short, ports))
        await answer(interaction, work, receipt(interaction, render.station_saved))

    @app_commands.command(description=T_("Who is at each port, until when, and who is coming"))
    @app_commands.describe(
        station=T_("Leave out for every station"),
        as_of=T_("What had been recorded by then, such as 2025-12-01"),
    )
    @app_commands.autocomplete(station=complete.stations)
    async def ports(
        self, interaction: discord.Interaction, station: str | None = None, as_of: str | None = None
    ) -> None:
        """The ports."""
        await answer_list(interaction, "ports", station, as_of)

    @app_commands.command(description=T_("Record that a spacecraft has docked"))
    @app_commands.describe(
        mission=T_("The mission"),
        when=T_("When it docked; now if left out"),
        port=T_("The port; the planned one if left out"),
    )
    @app_commands.autocomplete(mission=complete.missions, port=complete.ports)
    async def confirm(
        self, interaction: discord.Interaction, mission: str, when: str | None = None, port: str | None = None
    ) -> None:
        """Confirm a docking."""
        work = face_of(interaction).desks.docking.confirm(actor_of(interaction), ConfirmDocking(mission, when, port))
        await answer(interaction, work, receipt(interaction, render_missions.completed))

    @app_commands.command(description=T_("Plan a docking at a port, and learn what may be in the way"))
    @app_commands.describe(
        mission=T_("The mission"),
        port=T_("The port"),
        when=T_("As exactly as it is known: 2026-07-27 10:30, 2026-07, NET 2026-03, unknown"),
    )
    @app_commands.autocomplete(mission=complete.missions, port=complete.ports)
    async def plan(self, interaction: discord.Interaction, mission: str, port: str, when: str) -> None:
        """Plan a docking."""
        work = face_of(interaction).desks.docking.plan(actor_of(interaction), mission, port, when)
        await answer(interaction, work, receipt(interaction, render.arrival))

    @app_commands.command(description=T_("Record that a spacecraft has undocked, with or without a crew"))
    @app_commands.describe(mission=T_("The mission"), when=T_("When it undocked; now if left out"))
    @app_commands.autocomplete(mission=complete.missions)
    async def undock(self, interaction: discord.Interaction, mission: str, when: str | None = None) -> None:
        """Record an undocking."""
        work = face_of(interaction).desks.docking.undock(actor_of(interaction), mission, when)
        await answer(interaction, work, receipt(interaction, render.departed))

    @app_commands.command(description=T_("Move a docked spacecraft to another port, or plan it"))
    @app_commands.describe(
        mission=T_("The mission"),
        port=T_("The port it moves to"),
        when=T_("Now if left out; a past time records it, any other plans it"),
    )
    @app_commands.autocomplete(mission=complete.missions, port=complete.ports)
    async def relocate(
        self, interaction: discord.Interaction, mission: str, port: str, when: str | None = None
    ) -> None:
        """Record or plan a relocation."""
        work = face_of(interaction).desks.docking.relocate(actor_of(interaction), mission, port, when)
        await answer(interaction, work, receipt(interaction, render.arrival))
