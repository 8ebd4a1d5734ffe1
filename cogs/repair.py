"""/repair: tasks for damage reports."""

import discord
from discord import app_commands

from cogs.actor import actor_of
from cogs.complete import materials, pads, reports, tasks
from cogs.descriptions import T_
from cogs.face import face_of
from cogs.lists import answer_list
from cogs.options import choices, picked
from cogs.render import repairs as render
from cogs.reply import answer, receipt
from domain.materials import MaterialState
from domain.repairs import TaskState
from services.repair_terms import EditRepair
from services.repairs import PlanRepair, SayMaterial

_TASK = T_("The task, such as RT-1")
_NOTE = T_("Anything worth keeping")
_WORKABLE = (TaskState.PLANNED, TaskState.IN_WORK)
_OPEN = (*_WORKABLE, TaskState.BLOCKED)
_STARTABLE = (TaskState.PLANNED, TaskState.DONE, TaskState.VERIFIED, TaskState.CANCELLED)


class RepairGroup(app_commands.Group):
    """The /repair commands."""

    def __init__(self) -> None:
        super().__init__(name="repair", description=T_("Repairs: tasks, progress, who and until when"), guild_only=True)

    @app_commands.command(name="list", description=T_("Open damage reports and their tasks"))
    @app_commands.describe(pad=T_("Leave out for every pad"))
    @app_commands.autocomplete(pad=pads)
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
    @app_commands.autocomplete(report=reports)
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

    @app_commands.command(description=T_("Change what was agreed about a task; what is left out stays"))
    @app_commands.describe(
        repair=_TASK,
        title=T_("What is to be done"),
        owner=T_("Who does it; none clears it"),
        due=T_("Until when: 2025-12-15, 2026-02, in 3 days; none clears it"),
        after=T_("All tasks it waits for, such as RT-1, RT-2; none clears them"),
        days=T_("Estimated working time in days"),
    )
    @app_commands.autocomplete(repair=tasks(*_OPEN, TaskState.DONE))
    async def edit(
        self,
        interaction: discord.Interaction,
        repair: str,
        title: str | None = None,
        owner: str | None = None,
        due: str | None = None,
        after: str | None = None,
        days: int | None = None,
    ) -> None:
        """Edit a task."""
        request = EditRepair(repair, title, owner, due, after, days)
        work = face_of(interaction).desks.repairs.edit(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.edited))

    @app_commands.command(description=T_("Start a task, or reopen one that is over, as after a failed verification"))
    @app_commands.describe(repair=_TASK)
    @app_commands.autocomplete(repair=tasks(*_STARTABLE))
    async def start(self, interaction: discord.Interaction, repair: str) -> None:
        """Start or reopen a task."""
        work = face_of(interaction).desks.repairs.start(actor_of(interaction), repair)
        await answer(interaction, work, receipt(interaction, render.started))

    @app_commands.command(description=T_("Record how far a task is"))
    @app_commands.describe(repair=_TASK, percent=T_("0 to 100"), note=_NOTE)
    @app_commands.autocomplete(repair=tasks(*_WORKABLE))
    async def progress(
        self, interaction: discord.Interaction, repair: str, percent: int, note: str | None = None
    ) -> None:
        """Record progress."""
        work = face_of(interaction).desks.repairs.progress(actor_of(interaction), repair, percent, note)
        await answer(interaction, work, receipt(interaction, render.progressed))

    @app_commands.command(description=T_("Say that nobody can go on with a task, and why"))
    @app_commands.describe(repair=_TASK, reason=T_("What is in the way"))
    @app_commands.autocomplete(repair=tasks(*_WORKABLE))
    async def block(self, interaction: discord.Interaction, repair: str, reason: str) -> None:
        """Block a task."""
        work = face_of(interaction).desks.repairs.block(actor_of(interaction), repair, reason)
        await answer(interaction, work, receipt(interaction, render.blocked))

    @app_commands.command(description=T_("Say that a blocked task can go on"))
    @app_commands.describe(repair=_TASK)
    @app_commands.autocomplete(repair=tasks(TaskState.BLOCKED))
    async def unblock(self, interaction: discord.Interaction, repair: str) -> None:
        """Unblock a task."""
        work = face_of(interaction).desks.repairs.unblock(actor_of(interaction), repair)
        await answer(interaction, work, receipt(interaction, render.unblocked))

    @app_commands.command(description=T_("Say where a part of a task is"))
    @app_commands.describe(
        repair=_TASK,
        item=T_("The part, such as cabin frame"),
        state=T_("not_needed takes it off the list"),
        quantity=T_("How much, such as 2 or 12 m"),
        expected=T_("When it comes, if it is on order: 2026-01-20, 2026-02, NET 2026-03"),
    )
    @app_commands.choices(state=choices(MaterialState))
    @app_commands.autocomplete(repair=tasks(*_OPEN), item=materials)
    async def material(
        self,
        interaction: discord.Interaction,
        repair: str,
        item: str,
        state: str,
        quantity: str | None = None,
        expected: str | None = None,
    ) -> None:
        """Say where a part is."""
        request = SayMaterial(repair, item, picked(MaterialState, state, what="state"), quantity, expected)
        work = face_of(interaction).desks.repairs.material(actor_of(interaction), request)
        await answer(interaction, work, receipt(interaction, render.material))

    @app_commands.command(description=T_("Say that a task is done; someone else verifies it"))
    @app_commands.describe(repair=_TASK, note=_NOTE)
    @app_commands.autocomplete(repair=tasks(*_WORKABLE))
    async def complete(self, interaction: discord.Interaction, repair: str, note: str | None = None) -> None:
        """Complete a task."""
        work = face_of(interaction).desks.repairs.complete(actor_of(interaction), repair, note)
        await answer(interaction, work, receipt(interaction, render.completed))

    @app_commands.command(description=T_("Confirm that a task someone else did was done well"))
    @app_commands.describe(repair=_TASK, note=_NOTE)
    @app_commands.autocomplete(repair=tasks(TaskState.DONE))
    async def verify(self, interaction: discord.Interaction, repair: str, note: str | None = None) -> None:
        """Verify a task."""
        work = face_of(interaction).desks.repairs.verify(actor_of(interaction), repair, note)
        await answer(interaction, work, receipt(interaction, render.verified))

    @app_commands.command(description=T_("Give a task up; it holds nothing up any more"))
    @app_commands.describe(repair=_TASK, reason=T_("Why it will not be done"))
    @app_commands.autocomplete(repair=tasks(*_OPEN, TaskState.DONE))
    async def cancel(self, interaction: discord.Interaction, repair: str, reason: str) -> None:
        """Cancel a task."""
        work = face_of(interaction).desks.repairs.cancel(actor_of(interaction), repair, reason)
        await answer(interaction, work, receipt(interaction, render.cancelled))
