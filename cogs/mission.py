"""/mission: missions and their dates. Each command turns its options into a request and shows the result; nothing more."""

from datetime import UTC, datetime

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of, locale_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.flight import FlightCommands
from cogs.lists import answer_list
from cogs.options import choices, number_in, picked
from cogs.render import flights
from cogs.render import missions as render
from cogs.reply import answer, answer_press, private, public, receipt
from cogs.timeline import answer_timeline
from cogs.views.done import FORM, MOVED_FORM, DoneForm, MovedForm
from cogs.views.forms import form_id_of, open_form
from domain.missions import MissionKind, Phase
from services.missions import CompleteEvent, CreateMission, MoveEvent, PlanEvent

_LAST_SECOND = 7_258_118_400
"""The end of the years this house keeps: a forged button names no time beyond it."""


class MissionGroup(app_commands.Group):
    """The /mission commands."""

    def __init__(self) -> None:
        super().__init__(
            name="mission", description=T_("Missions: where they are, what comes next, what moved"), guild_only=True
        )

    @app_commands.command(description=T_("Where a mission is now, or what is flying and what is next"))
    @app_commands.describe(
        mission=T_("Leave out to see what is flying and what is next"),
        as_of=T_("What had been recorded by then, such as 2025-12-01"),
    )
    @app_commands.autocomplete(mission=complete.missions)
    async def status(
        self, interaction: discord.Interaction, mission: str | None = None, as_of: str | None = None
    ) -> None:
        """One mission's card, or the overview."""
        if mission is None:
            await answer_list(interaction, "missions", as_of)
            return
        work = face_of(interaction).desks.missions.status(actor_of(interaction), mission, as_of)
        await answer(interaction, work, public(render.status))

    hold = FlightCommands.hold
    resume = FlightCommands.resume
    scrub = FlightCommands.scrub
    drop = FlightCommands.drop
    fail = FlightCommands.fail
    cancel = FlightCommands.cancel
    correct = FlightCommands.correct
    clear = FlightCommands.clear
    edit = FlightCommands.edit
    claim = FlightCommands.claim
    history = FlightCommands.history

    @app_commands.command(name="list", description=T_("Missions of a phase, or every mission that is not over"))
    @app_commands.describe(phase=T_("Leave out for every mission that is not over"))
    @app_commands.choices(phase=choices(Phase))
    async def list_(self, interaction: discord.Interaction, phase: str | None = None) -> None:
        """The missions."""
        await answer_list(interaction, "list", phase)

    @app_commands.command(description=T_("Enter a mission"))
    @app_commands.describe(
        name=T_("Such as Soyuz MS-28"),
        vehicle=T_("Launch vehicle, such as Soyuz-2.1a"),
        kind=T_("What it carries; crew if left out"),
        spacecraft=T_("The spacecraft, such as Soyuz MS No. 753"),
        pad=T_("The launch pad"),
        station=T_("The station it flies to"),
        launch=T_("Planned launch: 2026-07-27 10:30, 2026-07, NET 2026-03, unknown"),
        duration_days=T_("Planned duration in days"),
        seats=T_("How many people it seats"),
    )
    @app_commands.choices(kind=choices(MissionKind))
    @app_commands.autocomplete(pad=complete.pads, station=complete.stations)
    async def create(
        self,
        interaction: discord.Interaction,
        name: str,
        vehicle: str,
        kind: str = MissionKind.CREW.value,
        spacecraft: str | None = None,
        pad: str | None = None,
        station: str | None = None,
        launch: str | None = None,
        duration_days: int | None = None,
        seats: int | None = None,
    ) -> None:
        """Enter a mission."""
        carries = picked(MissionKind, kind, what="kind")
        request = CreateMission(name, vehicle, carries, spacecraft, pad, station, launch, duration_days, seats)
        work = face_of(interaction).desks.missions.create(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.created))

    @app_commands.command(description=T_("Plan an event: launch, docking, spacewalk, landing …"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("What kind of event"),
        when=T_("As exactly as it is known: 2026-07-27 10:30, 2026-07, NET 2026-03, unknown"),
        port=T_("The docking port, for dockings and relocations"),
        name=T_("A name of its own, such as EVA 1"),
    )
    @app_commands.autocomplete(mission=complete.missions, event=complete.event_kinds, port=complete.ports)
    async def plan(
        self,
        interaction: discord.Interaction,
        mission: str,
        event: str,
        when: str,
        port: str | None = None,
        name: str | None = None,
    ) -> None:
        """Plan an event."""
        work = face_of(interaction).desks.missions.plan(
            actor_of(interaction), PlanEvent(mission, event, when, port, name)
        )
        await answer(interaction, work, receipt(interaction, render.planned))

    @app_commands.command(description=T_("Move a date, with the reason; countdowns follow"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("Which event"),
        when=T_("The new date, as exactly as it is known"),
        reason=T_("Why it moved"),
        cause=T_("What caused it: a damage report such as DR-1, or in words"),
        source=T_("Who says so"),
    )
    @app_commands.autocomplete(mission=complete.missions, event=complete.events, cause=complete.causes)
    async def move(
        self,
        interaction: discord.Interaction,
        mission: str,
        event: str,
        when: str,
        reason: str,
        cause: str | None = None,
        source: str | None = None,
    ) -> None:
        """Move a date."""
        request = MoveEvent(mission, event, when, reason, cause, source)
        work = face_of(interaction).desks.missions.move(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.moved))

    @app_commands.command(description=T_("Record that an event happened"))
    @app_commands.describe(
        mission=T_("The mission"),
        event=T_("Which event"),
        when=T_("When it happened; now if left out"),
        note=T_("Anything worth keeping"),
    )
    @app_commands.autocomplete(mission=complete.missions, event=complete.events)
    async def done(
        self,
        interaction: discord.Interaction,
        mission: str,
        event: str,
        when: str | None = None,
        note: str | None = None,
    ) -> None:
        """Record that an event happened."""
        work = face_of(interaction).desks.missions.done(
            actor_of(interaction), CompleteEvent(mission, event, when, note)
        )
        await answer(interaction, work, receipt(interaction, render.completed))

    @app_commands.command(description=T_("Plan against what happened, as a picture and in words"))
    @app_commands.describe(mission=T_("The mission"))
    @app_commands.autocomplete(mission=complete.missions)
    async def timeline(self, interaction: discord.Interaction, mission: str) -> None:
        """A mission's timeline."""
        await answer_timeline(interaction, mission)


async def press_undo(interaction: discord.Interaction, argument: str) -> None:
    """The Undo button below a receipt: the receipt becomes the undoing's."""
    work = face_of(interaction).desks.missions.undo(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(render.undone), replaces=True)


async def press_done(interaction: discord.Interaction, argument: str) -> None:
    """The Done button below "did it happen?": it names the event and the planned time it asked about."""
    event_id, _, asked_for = argument.partition(".")
    planned_at = datetime.fromtimestamp(number_in(asked_for) % _LAST_SECOND, UTC)
    work = face_of(interaction).desks.missions.done_as_planned(actor_of(interaction), number_in(event_id), planned_at)
    await answer_press(interaction, work, private(render.completed), replaces=False)


async def press_adopt(interaction: discord.Interaction, argument: str) -> None:
    """The Adopt button below a claim's receipt: the claimed date becomes ours."""
    work = face_of(interaction).desks.flights.adopt(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(flights.adopted), replaces=True)


async def press_shift(interaction: discord.Interaction, argument: str) -> None:
    """The Shift button below a launch move's receipt: what lost its date follows the launch."""
    work = face_of(interaction).desks.flights.shift(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(flights.shifted), replaces=True)


async def press_held(interaction: discord.Interaction, argument: str) -> None:
    """The Held button below "did it happen?"."""
    work = face_of(interaction).desks.flights.hold_by_button(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(flights.held), replaces=False)


async def press_moved(interaction: discord.Interaction, argument: str) -> None:
    """The Moved button below "did it happen?": a form asks for the new date and the reason."""
    event_id = number_in(argument)
    await face_of(interaction).desks.missions.require_movable(actor_of(interaction), event_id)
    locale = locale_of(interaction, face_of(interaction).catalogues)
    form_id = form_id_of(MOVED_FORM, interaction)
    await open_form(interaction, MovedForm(form_id, event_id, locale, _record_moved))


async def _record_moved(interaction: discord.Interaction, event_id: int, when: str, reason: str) -> None:
    work = face_of(interaction).desks.missions.moved_by_button(actor_of(interaction), event_id, when, reason)
    await answer_press(interaction, work, private(render.moved), replaces=False)


async def press_done_when(interaction: discord.Interaction, argument: str) -> None:
    """The Done button where the plan was no exact time: a form asks for it, of those who may say so."""
    event_id = number_in(argument)
    await face_of(interaction).desks.missions.require_confirmable(actor_of(interaction), event_id)
    locale = locale_of(interaction, face_of(interaction).catalogues)
    form_id = form_id_of(FORM, interaction)
    await open_form(interaction, DoneForm(form_id, event_id, locale, _record_done))


async def _record_done(interaction: discord.Interaction, event_id: int, when: str) -> None:
    work = face_of(interaction).desks.missions.done_by_button(actor_of(interaction), event_id, when)
    await answer_press(interaction, work, private(render.completed), replaces=False)
