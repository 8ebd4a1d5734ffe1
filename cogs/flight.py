"""/mission, second half: what goes otherwise than planned, and what others say. `cogs.mission` puts these into its group."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked, picked_or_none
from cogs.render import flights as render
from cogs.reply import answer, receipt
from domain.missions import Clearance, Outcome
from domain.sources import Tier
from services.flights import ClaimDate, EditMission, FailEvent


class FlightCommands(app_commands.Group):
    """The commands themselves, each a request to the flights desk. Never made into a group of its own."""

    @app_commands.command(description=T_("Hold the next planned event: its countdown stops, its date stands"))
    @app_commands.describe(mission=T_("The mission"), reason=T_("Why it is held"))
    @app_commands.autocomplete(mission=complete.missions)
    async def hold(self, interaction: discord.Interaction, mission: str, reason: str) -> None:
        """Hold the next event."""
        work = face_of(interaction).desks.flights.hold(actor_of(interaction), mission, reason)
        await answer(interaction, work, receipt(interaction, render.held))

    @app_commands.command(description=T_("End a hold, with a new date if there is one"))
    @app_commands.describe(mission=T_("The mission"), when=T_("The new date; the old one stands if left out"))
    @app_commands.autocomplete(mission=complete.missions)
    async def resume(self, interaction: discord.Interaction, mission: str, when: str | None = None) -> None:
        """End a hold."""
        work = face_of(interaction).desks.flights.resume(actor_of(interaction), mission, when)
        await answer(interaction, work, receipt(interaction, render.resumed))

    @app_commands.command(description=T_("Call this launch attempt off"))
    @app_commands.describe(
        mission=T_("The mission"), reason=T_("Why it was scrubbed"), when=T_("The next attempt, if it has a date")
    )
    @app_commands.autocomplete(mission=complete.missions)
    async def scrub(self, interaction: discord.Interaction, mission: str, reason: str, when: str | None = None) -> None:
        """Scrub the launch."""
        work = face_of(interaction).desks.flights.scrub(actor_of(interaction), mission, reason, when)
        await answer(interaction, work, receipt(interaction, render.scrubbed))

    @app_commands.command(description=T_("Take an event out of the plan"))
    @app_commands.describe(mission=T_("The mission"), event=T_("Which event"), reason=T_("Why it is dropped"))
    @app_commands.autocomplete(mission=complete.missions, event=complete.events)
    async def drop(self, interaction: discord.Interaction, mission: str, event: str, reason: str) -> None:
        """Drop an event."""
        work = face_of(interaction).desks.flights.drop(actor_of(interaction), mission, event, reason)
        await answer(interaction, work, receipt(interaction, render.dropped))

    @app_commands.command(description=T_("Record that an event failed; without an outcome the mission goes on"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("Which event"),
        reason=T_("What went wrong"),
        outcome=T_("What it means for the mission; leave out when it goes on"),
        when=T_("When it failed; now if left out"),
    )
    @app_commands.choices(outcome=choices(Outcome))
    @app_commands.autocomplete(mission=complete.missions, event=complete.events)
    async def fail(
        self,
        interaction: discord.Interaction,
        mission: str,
        event: str,
        reason: str,
        outcome: str | None = None,
        when: str | None = None,
    ) -> None:
        """Record a failure."""
        request = FailEvent(mission, event, reason, picked_or_none(Outcome, outcome, what="outcome"), when)
        work = face_of(interaction).desks.flights.fail(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.failed))

    @app_commands.command(description=T_("Give a mission up before launch"))
    @app_commands.describe(mission=T_("The mission"), reason=T_("Why it is cancelled"))
    @app_commands.autocomplete(mission=complete.missions)
    async def cancel(self, interaction: discord.Interaction, mission: str, reason: str) -> None:
        """Cancel a mission."""
        work = face_of(interaction).desks.flights.cancel(actor_of(interaction), mission, reason)
        await answer(interaction, work, receipt(interaction, render.cancelled))

    @app_commands.command(description=T_("Put a recorded time right; the earlier record stays in the journal"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("Which event"),
        when=T_("When it really happened, or unknown if it did not happen after all"),
        reason=T_("Why the record was wrong"),
    )
    @app_commands.autocomplete(mission=complete.missions, event=complete.happened_events)
    async def correct(self, interaction: discord.Interaction, mission: str, event: str, when: str, reason: str) -> None:
        """Correct a recorded time."""
        work = face_of(interaction).desks.flights.correct(actor_of(interaction), mission, event, when, reason)
        await answer(interaction, work, receipt(interaction, render.corrected))

    @app_commands.command(description=T_("Say whether a spacecraft may bring its crew down"))
    @app_commands.describe(
        mission=T_("The mission"),
        state=T_("cleared, emergency_only or not_cleared"),
        reason=T_("Why"),
        source=T_("Who says so"),
    )
    @app_commands.choices(state=choices(Clearance))
    @app_commands.autocomplete(mission=complete.missions)
    async def clear(
        self, interaction: discord.Interaction, mission: str, state: str, reason: str, source: str | None = None
    ) -> None:
        """Set a spacecraft's clearance."""
        clearance = picked(Clearance, state, what="state")
        work = face_of(interaction).desks.flights.clear(actor_of(interaction), mission, clearance, reason, source)
        await answer(interaction, work, receipt(interaction, render.cleared))

    @app_commands.command(description=T_("Change facts of a mission; dates are moved instead"))
    @app_commands.describe(
        mission=T_("The mission"),
        name=T_("Its new name"),
        vehicle=T_("Launch vehicle"),
        spacecraft=T_("The spacecraft"),
        pad=T_("The launch pad"),
        station=T_("The station it flies to"),
        duration_days=T_("Planned duration in days"),
        seats=T_("How many people it seats"),
        reason=T_("Why it changed"),
    )
    @app_commands.autocomplete(mission=complete.missions, pad=complete.pads, station=complete.stations)
    async def edit(
        self,
        interaction: discord.Interaction,
        mission: str,
        name: str | None = None,
        vehicle: str | None = None,
        spacecraft: str | None = None,
        pad: str | None = None,
        station: str | None = None,
        duration_days: int | None = None,
        seats: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Edit a mission."""
        request = EditMission(mission, name, vehicle, spacecraft, pad, station, duration_days, seats, reason)
        work = face_of(interaction).desks.flights.edit(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.edited))

    @app_commands.command(description=T_("Keep a date that a source states, beside ours"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("Which event"),
        when=T_("The date they state, as exactly as they state it"),
        source=T_("Who says so"),
        tier=T_("How close they stand to it"),
        link=T_("Where it can be read"),
    )
    @app_commands.choices(tier=choices(Tier))
    @app_commands.autocomplete(mission=complete.missions, event=complete.events)
    async def claim(
        self,
        interaction: discord.Interaction,
        mission: str,
        event: str,
        when: str,
        source: str,
        tier: str,
        link: str | None = None,
    ) -> None:
        """Keep a claim."""
        request = ClaimDate(mission, event, when, source, picked(Tier, tier, what="tier"), link)
        work = face_of(interaction).desks.flights.claim(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.claimed))

    @app_commands.command(description=T_("Every move of every date, who claims what, and days slipped"))
    @app_commands.describe(mission=T_("The mission"), as_of=T_("What had been recorded by then, such as 2025-12-01"))
    @app_commands.autocomplete(mission=complete.missions)
    async def history(self, interaction: discord.Interaction, mission: str, as_of: str | None = None) -> None:
        """The schedule ledger."""
        await answer_list(interaction, "history", mission, as_of)
