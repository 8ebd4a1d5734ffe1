"""/remind: members' own reminders, what is coming up, and an event's own countdown."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of, locale_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked_or_none
from cogs.own_reminders import set_for_me, set_here, set_or_ask
from cogs.render import member_reminders as own
from cogs.render import subscriptions as render
from cogs.reply import answer, private, private_look, public, receipt
from domain.recurrence import Repeat
from services.member_reminders import Remind

WHEN = T_("Such as in 20 minutes, tomorrow 9:00, next friday 9am, 18:30, 2026-07-27 10:30")
TEXT = T_("What to be reminded of")
REPEAT = T_("How often it comes again; once if left out")


class RemindGroup(app_commands.Group):
    """The /remind commands."""

    def __init__(self) -> None:
        super().__init__(name="remind", description=T_("Reminders and countdowns"), guild_only=True)

    @app_commands.command(description=T_("Have yourself reminded by direct message; nobody else sees it"))
    @app_commands.describe(when=WHEN, text=TEXT, repeat=REPEAT)
    @app_commands.choices(repeat=choices(Repeat))
    async def me(self, interaction: discord.Interaction, when: str, text: str, repeat: str | None = None) -> None:
        """Set a private reminder."""
        request = _request(interaction, when, text, repeat)
        desk = face_of(interaction).desks.member_reminders
        suggested = await desk.zone_to_ask_for_me(actor_of(interaction), request)
        await set_or_ask(interaction, request, suggested, set_for_me)

    @app_commands.command(description=T_("Have this channel reminded"))
    @app_commands.describe(when=WHEN, text=TEXT, repeat=REPEAT)
    @app_commands.choices(repeat=choices(Repeat))
    async def here(self, interaction: discord.Interaction, when: str, text: str, repeat: str | None = None) -> None:
        """Set a reminder for the channel."""
        request = _request(interaction, when, text, repeat)
        desk = face_of(interaction).desks.member_reminders
        suggested = await desk.zone_to_ask_for_here(actor_of(interaction), request)
        await set_or_ask(interaction, request, suggested, set_here)

    @app_commands.command(description=T_("Cancel a reminder of yours, or one of a channel"))
    @app_commands.describe(reminder=T_("The reminder, such as RM-1"))
    @app_commands.autocomplete(reminder=complete.reminders)
    async def cancel(self, interaction: discord.Interaction, reminder: str) -> None:
        """Cancel a reminder."""
        work = face_of(interaction).desks.member_reminders.cancel(actor_of(interaction), reminder)
        await answer(interaction, work, private(own.cancelled))

    @app_commands.command(description=T_("Show or change the time zone in which your reminders are meant"))
    @app_commands.describe(timezone=T_("Where you live, such as Europe/Moscow; leave out to look only"))
    @app_commands.autocomplete(timezone=complete.zones)
    async def zone(self, interaction: discord.Interaction, timezone: str | None = None) -> None:
        """Show or set the member's zone."""
        desk, actor = face_of(interaction).desks.member_reminders, actor_of(interaction)
        if timezone is None:
            await answer(interaction, desk.zone(actor), private_look(own.zone))
            return
        await answer(interaction, desk.set_zone(actor, timezone), private(own.zone))

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


def _request(interaction: discord.Interaction, when: str, text: str, repeat: str | None) -> Remind:
    language = locale_of(interaction, face_of(interaction).catalogues).language
    return Remind(when, text, picked_or_none(Repeat, repeat, what="repeat"), language=language)
