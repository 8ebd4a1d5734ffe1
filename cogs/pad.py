"""/pad: pads, their status, and damage reports."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of, locale_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked, picked_or_none
from cogs.outage import OutageCommands
from cogs.pad_status import answer_pad_status
from cogs.photos import read_photos
from cogs.render import impact as impacts
from cogs.render import pads as render
from cogs.reply import answer, public, receipt
from cogs.views.forms import form_id_of, open_form
from cogs.views.report import FORM, Draft, ReportForm
from domain.damage import Severity
from domain.pads import Lifecycle
from services.damage import ReportDamage
from services.pads import AddPad, EditPad


class PadGroup(app_commands.Group):
    """The /pad commands."""

    def __init__(self) -> None:
        super().__init__(name="pad", description=T_("Launch pads: status and damage"), guild_only=True)

    @app_commands.command(description=T_("A pad's status and what it rests on"))
    @app_commands.describe(
        pad=T_("Leave out for every pad"),
        as_of=T_("What had been recorded by then, such as 2025-12-01"),
    )
    @app_commands.autocomplete(pad=complete.pads)
    async def status(self, interaction: discord.Interaction, pad: str | None = None, as_of: str | None = None) -> None:
        """One pad's card, or the list."""
        if pad is None:
            await answer_list(interaction, "pads", as_of)
            return
        await answer_pad_status(interaction, pad, as_of)

    @app_commands.command(name="list", description=T_("Every pad with its status and what it can launch"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """The pads."""
        await answer_list(interaction, "pads")

    @app_commands.command(description=T_("What a pad out of service blocks, what could fly instead, what is lost"))
    @app_commands.describe(pad=T_("Leave out for every pad that is not operational"))
    @app_commands.autocomplete(pad=complete.pads)
    async def impact(self, interaction: discord.Interaction, pad: str | None = None) -> None:
        """One pad's impact, or the list."""
        if pad is None:
            await answer_list(interaction, "impact")
            return
        work = face_of(interaction).desks.impact.impact(actor_of(interaction), pad)
        await answer(interaction, work, public(impacts.impact))

    @app_commands.command(description=T_("Enter a launch pad"))
    @app_commands.describe(
        name=T_("Such as Site 31/6"),
        site=T_("The launch site, such as Baikonur Cosmodrome"),
        vehicles=T_("Launch vehicles it serves, separated by commas"),
        kinds=T_("crew, cargo, other; cargo and other if left out"),
        components=T_("Parts that can be damaged, separated by commas"),
        operator=T_("Who runs it"),
        lifecycle=T_("building, active or retired; active if left out"),
    )
    @app_commands.choices(lifecycle=choices(Lifecycle))
    async def add(
        self,
        interaction: discord.Interaction,
        name: str,
        site: str,
        vehicles: str,
        kinds: str | None = None,
        components: str | None = None,
        operator: str | None = None,
        lifecycle: str = Lifecycle.ACTIVE.value,
    ) -> None:
        """Enter a pad."""
        stage = picked(Lifecycle, lifecycle, what="lifecycle")
        request = AddPad(name, site, vehicles, kinds, components, operator, stage)
        work = face_of(interaction).desks.pads.add(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.added))

    @app_commands.command(description=T_("Change facts of a pad; what is left out stays"))
    @app_commands.describe(
        pad=T_("The pad"),
        name=T_("Its new name"),
        site=T_("The launch site, such as Baikonur Cosmodrome"),
        vehicles=T_("Launch vehicles it serves, separated by commas"),
        kinds=T_("crew, cargo, other, separated by commas"),
        components=T_("Parts that can be damaged, separated by commas"),
        operator=T_("Who runs it"),
        lifecycle=T_("building, active or retired"),
        reason=T_("Why it changes"),
    )
    @app_commands.choices(lifecycle=choices(Lifecycle))
    @app_commands.autocomplete(pad=complete.pads)
    async def edit(
        self,
        interaction: discord.Interaction,
        pad: str,
        name: str | None = None,
        site: str | None = None,
        vehicles: str | None = None,
        kinds: str | None = None,
        components: str | None = None,
        operator: str | None = None,
        lifecycle: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Edit a pad."""
        stage = picked_or_none(Lifecycle, lifecycle, what="lifecycle")
        request = EditPad(pad, name, site, vehicles, kinds, components, operator, stage, reason)
        work = face_of(interaction).desks.pads.edit(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.edited))

    @app_commands.command(description=T_("Put a standing restriction on a pad"))
    @app_commands.describe(pad=T_("The pad"), reason=T_("What restricts it"))
    @app_commands.autocomplete(pad=complete.pads)
    async def restrict(self, interaction: discord.Interaction, pad: str, reason: str) -> None:
        """Restrict a pad."""
        work = face_of(interaction).desks.pads.restrict(actor_of(interaction), pad, reason)
        await answer(interaction, work, receipt(interaction, render.restricted))

    @app_commands.command(description=T_("Lift a pad's standing restriction"))
    @app_commands.describe(pad=T_("The pad"), reason=T_("Why it is lifted"))
    @app_commands.autocomplete(pad=complete.pads)
    async def lift(self, interaction: discord.Interaction, pad: str, reason: str) -> None:
        """Lift a restriction."""
        work = face_of(interaction).desks.pads.lift(actor_of(interaction), pad, reason)
        await answer(interaction, work, receipt(interaction, render.restricted))

    update = OutageCommands.update
    assess = OutageCommands.assess
    adopt = OutageCommands.adopt
    forecast = OutageCommands.forecast
    inspect = OutageCommands.inspect
    return_to_service = OutageCommands.return_to_service
    history = OutageCommands.history

    @app_commands.command(description=T_("Log damage; opens a form unless pad, severity and summary are given"))
    @app_commands.describe(
        pad=T_("The pad"),
        component=T_("What is damaged"),
        severity=T_("minor, major (restricts launches) or critical (no launches)"),
        summary=T_("What you see"),
        photo=T_("A picture of it; kept as evidence"),
        observed=T_("When it was seen; now if left out"),
    )
    @app_commands.choices(severity=choices(Severity))
    @app_commands.autocomplete(pad=complete.pads, component=complete.components)
    async def report(
        self,
        interaction: discord.Interaction,
        pad: str | None = None,
        component: str | None = None,
        severity: str | None = None,
        summary: str | None = None,
        photo: discord.Attachment | None = None,
        observed: str | None = None,
    ) -> None:
        """Log damage at once when everything needed is given; otherwise open the form with what is."""
        grade = picked_or_none(Severity, severity, what="severity")
        photos = () if photo is None else (photo,)
        if pad is not None and grade is not None and summary is not None:
            request = ReportDamage(pad, grade, summary, component, observed)
            await log_damage(interaction, request, photos)
            return
        draft = Draft(pad, component, grade, summary, observed, photos)
        offered = await face_of(interaction).desks.damage.reportable(actor_of(interaction))
        locale = locale_of(interaction, face_of(interaction).catalogues)
        form_id = form_id_of(FORM, interaction)
        await open_form(interaction, ReportForm(form_id, draft, offered, locale, log_damage))


async def log_damage(
    interaction: discord.Interaction, request: ReportDamage, photos: tuple[discord.Attachment, ...]
) -> None:
    """Fetch the photos, log the damage, and give the reporter the receipt; the card is an announcement."""
    actor, desks = actor_of(interaction), face_of(interaction).desks
    work = read_photos(
        photos, desks.photos.limit_bytes, lambda content: desks.damage.report(actor, request.with_photos(content))
    )
    await answer(interaction, work, receipt(interaction, render.logged))
