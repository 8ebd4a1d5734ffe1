"""/pad, second half: what is said of damage, and the way back into service. `cogs.pad` puts these into its group."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of, member_standing
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.history import answer_history
from cogs.options import choices, number_in, picked, picked_or_none
from cogs.photos import read_photos
from cogs.render import pads as render
from cogs.reply import Reply, answer, answer_press, private, receipt
from cogs.text import Locale
from domain.assessments import Confidence
from domain.damage import ReportState, Severity
from domain.inspections import InspectionResult
from domain.sources import Tier
from services.changes import Receipt
from services.damage import Assess, UpdateReport
from services.forecasts import ForecastReturn
from services.returns import GateShown, InspectPad, ReturnDecided


class OutageCommands(app_commands.Group):
    """The commands themselves, each a request to its desk. Never made into a group of its own."""

    @app_commands.command(description=T_("Move a damage report along, or put it right"))
    @app_commands.describe(
        report=T_("The damage report, such as DR-1"),
        state=T_("Where it stands now"),
        severity=T_("minor, major (restricts launches) or critical (no launches)"),
        reason=T_("Why; needed to end it, open it again or make it milder"),
    )
    @app_commands.choices(state=choices(ReportState), severity=choices(Severity))
    @app_commands.autocomplete(report=complete.all_reports)
    async def update(
        self,
        interaction: discord.Interaction,
        report: str,
        state: str,
        severity: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Update a report."""
        stands = picked(ReportState, state, what="state")
        request = UpdateReport(report, stands, picked_or_none(Severity, severity, what="severity"), reason)
        work = face_of(interaction).desks.damage.update(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.updated))

    @app_commands.command(description=T_("Keep what a source says about a damage, beside what we say"))
    @app_commands.describe(
        report=T_("The damage report, such as DR-1"),
        severity=T_("How grave they say it is"),
        tier=T_("How close they stand to it"),
        source=T_("Who says so"),
        stated=T_("When they said it; now if left out"),
        link=T_("Where it can be read"),
        confidence=T_("How sure they are, if they say"),
        note=T_("Their words, or anything worth keeping"),
    )
    @app_commands.choices(severity=choices(Severity), tier=choices(Tier), confidence=choices(Confidence))
    @app_commands.autocomplete(report=complete.reports)
    async def assess(
        self,
        interaction: discord.Interaction,
        report: str,
        severity: str,
        tier: str,
        source: str,
        stated: str | None = None,
        link: str | None = None,
        confidence: str | None = None,
        note: str | None = None,
    ) -> None:
        """Keep an assessment."""
        grade, close = picked(Severity, severity, what="severity"), picked(Tier, tier, what="tier")
        sure = picked_or_none(Confidence, confidence, what="confidence")
        request = Assess(report, grade, close, source, stated, link, sure, note)
        work = face_of(interaction).desks.damage.assess(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.assessed))

    @app_commands.command(description=T_("Make an assessment our own: its severity becomes the report's"))
    @app_commands.describe(assessment=T_("The assessment, such as AS-1"), reason=T_("Why it convinces us"))
    @app_commands.autocomplete(assessment=complete.assessments)
    async def adopt(self, interaction: discord.Interaction, assessment: str, reason: str) -> None:
        """Adopt an assessment."""
        work = face_of(interaction).desks.damage.adopt(actor_of(interaction), assessment, reason)
        await answer(interaction, work, receipt(interaction, render.updated))

    @app_commands.command(description=T_("Keep when a source expects a pad back; dates, or only words"))
    @app_commands.describe(
        pad=T_("The pad"),
        source=T_("Who says so"),
        tier=T_("How close they stand to it"),
        earliest=T_("Not before: 2026-03, NET 2026-03-01"),
        latest=T_("By then at the latest: 2026-02-28, 2027"),
        stated=T_("When they said it; now if left out"),
        note=T_("Their words: “shortly” is a forecast, too"),
    )
    @app_commands.choices(tier=choices(Tier))
    @app_commands.autocomplete(pad=complete.pads)
    async def forecast(
        self,
        interaction: discord.Interaction,
        pad: str,
        source: str,
        tier: str,
        earliest: str | None = None,
        latest: str | None = None,
        stated: str | None = None,
        note: str | None = None,
    ) -> None:
        """Keep a forecast."""
        request = ForecastReturn(pad, source, picked(Tier, tier, what="tier"), earliest, latest, stated, note)
        work = face_of(interaction).desks.forecasts.forecast(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.forecasted))

    @app_commands.command(description=T_("Record an inspection of a pad, and what it found"))
    @app_commands.describe(
        pad=T_("The pad"),
        result=T_("passed or failed"),
        note=T_("What was found"),
        photo=T_("A picture of it; kept as evidence"),
    )
    @app_commands.choices(result=choices(InspectionResult))
    @app_commands.autocomplete(pad=complete.pads)
    async def inspect(
        self,
        interaction: discord.Interaction,
        pad: str,
        result: str,
        note: str | None = None,
        photo: discord.Attachment | None = None,
    ) -> None:
        """Record an inspection."""
        request = InspectPad(pad, picked(InspectionResult, result, what="result"), note)
        actor, desks = actor_of(interaction), face_of(interaction).desks
        photos, limit = () if photo is None else (photo,), desks.photos.limit_bytes
        work = read_photos(photos, limit, lambda content: desks.returns.inspect(actor, request.with_photos(content)))
        await answer(interaction, work, receipt(interaction, render.inspected))

    @app_commands.command(
        name="return-to-service",
        description=T_("What is in the way of a pad's return; if nothing is, ask a second person"),
    )
    @app_commands.describe(pad=T_("The pad"))
    @app_commands.autocomplete(pad=complete.pads)
    async def return_to_service(self, interaction: discord.Interaction, pad: str) -> None:
        """Look at the gate."""
        work = face_of(interaction).desks.returns.request(actor_of(interaction), pad)
        await answer(interaction, work, _gate)

    @app_commands.command(
        description=T_("A pad's outage as a picture and in words: reports, views, forecasts, repairs")
    )
    @app_commands.describe(pad=T_("The pad"), as_of=T_("What had been recorded by then, such as 2025-12-01"))
    @app_commands.autocomplete(pad=complete.pads)
    async def history(self, interaction: discord.Interaction, pad: str, as_of: str | None = None) -> None:
        """A pad's history."""
        await answer_history(interaction, pad, as_of)


def _gate(done: Receipt[GateShown], locale: Locale) -> Reply:
    """What is in the way everybody may see; that somebody was asked stands on the request's own card."""
    return Reply(render.gate(done.value, locale), private=done.value.request is not None)


async def press_acknowledge(interaction: discord.Interaction, argument: str) -> None:
    """The Acknowledge button below a damage report."""
    work = face_of(interaction).desks.damage.acknowledge(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(render.acknowledged), replaces=False)


async def press_confirm_return(interaction: discord.Interaction, argument: str) -> None:
    """The Confirm button below a request to return a pad: whoever asked for it is looked up anew, with their roles of now."""
    desk, actor, number = face_of(interaction).desks.returns, actor_of(interaction), number_in(argument)

    async def work() -> Receipt[ReturnDecided]:
        member_id = await desk.requester(actor, number)
        return await desk.confirm(actor, number, (member_id, await member_standing(interaction, member_id)))

    await answer_press(interaction, work(), private(render.return_decided), replaces=False)


async def press_decline_return(interaction: discord.Interaction, argument: str) -> None:
    """The Decline button below a request to return a pad."""
    work = face_of(interaction).desks.returns.decline(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(render.return_decided), replaces=False)


async def press_withdraw_return(interaction: discord.Interaction, argument: str) -> None:
    """The Withdraw button below a request to return a pad."""
    work = face_of(interaction).desks.returns.withdraw(actor_of(interaction), number_in(argument))
    await answer_press(interaction, work, private(render.return_decided), replaces=False)
