"""/repair: tasks for damage reports."""

import discord
from discord import app_commands

from cogs import complete
from cogs.actor import actor_of
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.render import repairs as render
from cogs.reply import answer, receipt
from services.repairs import PlanRepair


class RepairGroup(app_commands.Group):
    """The /repair commands."""

    def __init__(self) -> None:
        super().__init__(name="repair", description=T_("Repairs: tasks, progress, who and until when"), guild_only=True)

    @app_commands.command(name="list", description=T_("Open damage reports and their tasks"))
    @app_commands.describe(pad=T_("Leave out for every pad"))
    @app_commands.autocomplete(pad=complete.pads)
    async def list_(self, interaction: discord.Interaction, pad: str | None = None) -> None:
        """The tasks."""
        await answer_list(interaction, "repairs", pad)

    @app_commands.command(description=T_("Plan a repair task for a damage report"))
    @app_commands.describe(
        report=T_("The damage report, such as DR-1"),
        title=T_("What is to be done"),
        owner=T_("Who does it"),
        due=T_("Until when: 2025-12-15, 2026-02, in 3 days"),
        after=T_("Tasks it waits for, such as RT-1, RT-2"),
        days=T_("Estimated working time in days"),
    )
    @app_commands.autocomplete(report=complete.reports)
    async def plan(
        self,
        interaction: discord.Interaction,
        report: str,
        title: str,
        owner: str | None = None,
        due: str | None = None,
        after: str | None = None,
        days: int | None = None,
    ) -> None:
        """Plan a task."""
        request = PlanRepair(report, title, owner, due, after, days)
        work = face_of(interaction).desks.repairs.plan(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.planned))

    @app_commands.command(description=T_("Record how far a task is"))
    @app_commands.describe(
        repair=T_("The task, such as RT-1"), percent=T_("0 to 100"), note=T_("Anything worth keeping")
    )
    @app_commands.autocomplete(repair=complete.tasks)
    async def progress(
        self, interaction: discord.Interaction, repair: str, percent: int, note: str | None = None
    ) -> None:
        """Record progress."""
        work = face_of(interaction).desks.repairs.progress(actor_of(interaction), repair, percent, note)
        await answer(interaction, work, receipt(interaction, render.progressed))

    @app_commands.command(description=T_("Say that a task is done; someone else verifies it"))
    @app_commands.describe(repair=T_("The task, such as RT-1"), note=T_("Anything worth keeping"))
    @app_commands.autocomplete(repair=complete.tasks)
    async def complete(self, interaction: discord.Interaction, repair: str, note: str | None = None) -> None:
        """Complete a task."""
        work = face_of(interaction).desks.repairs.complete(actor_of(interaction), repair, note)
        await answer(interaction, work, receipt(interaction, render.completed))
