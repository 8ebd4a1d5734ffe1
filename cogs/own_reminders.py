"""Setting reminders of one's own, and the buttons below them. `cogs.remind` has the commands."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord

from cogs.actor import actor_of, channel_facts, locale_of, member_alone
from cogs.face import face_of
from cogs.options import number_in
from cogs.reaching import reaching
from cogs.render import member_reminders as render
from cogs.reply import answer, answer_press, private, private_look, receipt
from cogs.views.forms import form_id_of, open_form
from cogs.views.zone import FORM, ZoneForm
from domain.errors import NotFound
from domain.member_reminders import Snooze
from services.changes import Receipt
from services.member_reminders import Remind, ReminderSet

Set = Callable[[discord.Interaction, Remind], Awaitable[None]]


async def set_or_ask(interaction: discord.Interaction, request: Remind, suggested: str | None, set_it: Set) -> None:
    """Set a reminder, after asking for the member's zone where it is needed and not known."""
    if suggested is None:
        await set_it(interaction, request)
        return

    async def record(sent: discord.Interaction, zone: str) -> None:
        await set_it(sent, replace(request, zone=zone))

    locale = locale_of(interaction, face_of(interaction).catalogues)
    await open_form(interaction, ZoneForm(form_id_of(FORM, interaction), request, suggested, locale, record))


async def set_for_me(interaction: discord.Interaction, request: Remind) -> None:
    """Set a reminder that comes by direct message. Their channel is opened first: no transaction waits for Discord."""
    desk, actor = face_of(interaction).desks.member_reminders, actor_of(interaction)

    async def work() -> Receipt[ReminderSet]:
        return await desk.remind_me(actor, request, await _direct_channel(interaction.user))

    await answer(interaction, work(), private(render.was_set))


async def set_here(interaction: discord.Interaction, request: Remind) -> None:
    """Set a reminder that comes in this channel."""
    desk, here = face_of(interaction).desks.member_reminders, channel_facts(interaction, None)
    work = desk.remind_here(actor_of(interaction), request, here)
    await answer(interaction, work, receipt(interaction, render.was_set))


async def press_cancel(interaction: discord.Interaction, argument: str) -> None:
    """The button below the receipt of a reminder."""
    work = face_of(interaction).desks.member_reminders.cancel(actor_of(interaction), argument)
    await answer_press(interaction, work, private(render.cancelled), replaces=True)


async def press_snooze(interaction: discord.Interaction, argument: str) -> None:
    """A button that puts a channel's reminder off. The buttons stay: it may be put off again, by others too."""
    number, snooze = _parts(argument, 2)
    desk = face_of(interaction).desks.member_reminders
    work = desk.snooze_here(actor_of(interaction), number_in(number), _snooze(snooze))
    await answer(interaction, work, receipt(interaction, render.snoozed))


async def press_snooze_own(interaction: discord.Interaction, argument: str) -> None:
    """The same below a private reminder. Direct messages belong to no server, so the button names it."""
    workspace, number, snooze = _parts(argument, 3)
    actor = member_alone(interaction, number_in(workspace))
    work = face_of(interaction).desks.member_reminders.snooze_own(actor, number_in(number), _snooze(snooze))
    await answer(interaction, work, private(render.snoozed))


async def press_stop_own(interaction: discord.Interaction, argument: str) -> None:
    """The button below a private reminder that repeats, pressed where there are no commands."""
    workspace, number = _parts(argument, 2)
    actor = member_alone(interaction, number_in(workspace))
    work = face_of(interaction).desks.member_reminders.cancel_own(actor, number_in(number))
    await answer(interaction, work, private(render.cancelled))


async def press_stop(interaction: discord.Interaction, argument: str) -> None:
    """The button below the same news about one that repeats: whoever it was for may be gone."""
    work = face_of(interaction).desks.member_reminders.stop_undelivered(actor_of(interaction), number_in(argument))
    await answer(interaction, work, private(render.stopped))


async def press_show(interaction: discord.Interaction, argument: str) -> None:
    """The button below the news that a private reminder did not arrive."""
    desk, actor = face_of(interaction).desks.member_reminders, actor_of(interaction)
    await answer(interaction, desk.show_own(actor, number_in(argument)), private_look(render.shown))


async def _direct_channel(user: discord.User | discord.Member) -> int:
    with reaching("dm_not_opened"):
        return (await user.create_dm()).id


def _parts(argument: str, count: int) -> list[str]:
    parts = argument.split(":")
    if len(parts) != count:
        raise NotFound("button_stale")
    return parts


def _snooze(value: str) -> Snooze:
    try:
        return Snooze(value)
    except ValueError:
        raise NotFound("button_stale") from None
