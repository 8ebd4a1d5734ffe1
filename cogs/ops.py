"""/ops: setting a server up, who may do what, and how the bot is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import (
    Channel,
    actor_of,
    channel_facts,
    channel_named,
    channel_names,
    locale_of,
    role_names,
    roles_named,
    standing_of,
)
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.options import choices, number_in, picked
from cogs.render import journal as render_journal
from cogs.render import ops as render
from cogs.reply import Reply, Show, answer, answer_press, private, public
from cogs.text import Locale
from cogs.views.drop import FORM as DROP_FORM
from cogs.views.drop import DropForm
from cogs.views.forms import form_id_of, open_form
from domain.capabilities import Capability
from services.deliveries import Handled
from services.operations import HouseStatus, SetUp
from services.settings import SetSetting


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

    @app_commands.command(description=T_("Take a capability from a role"))
    @app_commands.describe(capability=T_("The capability"), role=T_("The role"))
    @app_commands.choices(capability=choices(Capability))
    async def revoke(self, interaction: discord.Interaction, capability: str, role: discord.Role) -> None:
        """Take a capability back."""
        wanted = picked(Capability, capability, what="capability")
        work = face_of(interaction).desks.operations.revoke(actor_of(interaction), wanted, role.id)
        await answer(interaction, work, private(partial(render.revoked, names=role_names(interaction))))

    @app_commands.command(
        name="set",
        description=T_("Change one setting: zone, morning, ops channel, quiet hours, countdowns, escalation"),
    )
    @app_commands.describe(
        key=T_("The setting; countdown.landing and the like are defaults for a kind of event"),
        value=T_("Its new value, such as Europe/Moscow, 07:00, a channel, 30d 7d 1d 0, 10m, or roles"),
    )
    @app_commands.autocomplete(key=complete.setting_keys, value=complete.setting_values)
    async def set_(self, interaction: discord.Interaction, key: str, value: str) -> None:
        """Change a setting."""
        request = SetSetting(key, value, channel_named(interaction, value), roles_named(interaction, value))
        work = face_of(interaction).desks.operations.set(actor_of(interaction), request)
        await answer(interaction, work, private(render.setting_changed))

    @app_commands.command(description=T_("What a member may do here, and why"))
    @app_commands.describe(member=T_("The member; yourself, or anyone if you are an admin"))
    async def explain(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Explain a member's capabilities, to them or to an admin."""
        names = role_names(interaction)
        work = face_of(interaction).desks.operations.explain(actor_of(interaction), member.id, standing_of(member))
        await answer(
            interaction, work, lambda found, locale: Reply(render.explained(found, locale, names), private=True)
        )

    @app_commands.command(description=T_("Check that the journal stands as it was written"))
    async def verify(self, interaction: discord.Interaction) -> None:
        """Verify the journal."""
        work = face_of(interaction).desks.verification.verify(actor_of(interaction))
        await answer(interaction, work, public(render_journal.verdict))

    @app_commands.command(description=T_("How the bot is: posts, reminders, permissions"))
    async def status(self, interaction: discord.Interaction) -> None:
        """How the bot is."""
        work = face_of(interaction).desks.operations.status(actor_of(interaction))
        show = partial(render.house, names=role_names(interaction), channels=channel_names(interaction))
        await answer(interaction, work, public(show))


async def press_retry(interaction: discord.Interaction, argument: str) -> None:
    """The button below the status that has a channel's parked posts tried again."""
    desks, actor, channel_id = face_of(interaction).desks, actor_of(interaction), number_in(argument)

    async def work() -> tuple[Handled, HouseStatus]:
        done = (await desks.deliveries.retry(actor, channel_id)).value
        return done, await desks.operations.status(actor)

    await answer_press(interaction, work(), _handled(interaction, render.retried), replaces=True)


async def press_drop(interaction: discord.Interaction, argument: str) -> None:
    """The button that gives a channel's parked posts up: a form asks why, and is the second thought as well."""
    channel_id = number_in(argument)
    await face_of(interaction).desks.deliveries.require_parked(actor_of(interaction), channel_id)
    locale = locale_of(interaction, face_of(interaction).catalogues)
    await open_form(interaction, DropForm(form_id_of(DROP_FORM, interaction), channel_id, locale, _record_drop))


async def _record_drop(interaction: discord.Interaction, channel_id: int, reason: str) -> None:
    desks, actor = face_of(interaction).desks, actor_of(interaction)

    async def work() -> tuple[Handled, HouseStatus]:
        done = (await desks.deliveries.drop(actor, channel_id, reason)).value
        return done, await desks.operations.status(actor)

    await answer_press(interaction, work(), _handled(interaction, render.dropped), replaces=True)


def _handled(
    interaction: discord.Interaction, render_note: Callable[[Handled, Locale], str]
) -> Show[tuple[Handled, HouseStatus]]:
    """The status as it is now, with what was just done above it: other channels keep their buttons."""
    names, channels = role_names(interaction), channel_names(interaction)

    def show(found: tuple[Handled, HouseStatus], locale: Locale) -> Reply:
        done, status = found
        card = render.house(status, locale, names, channels)
        return Reply(replace(card, text=render_note(done, locale)), private=False)

    return show
