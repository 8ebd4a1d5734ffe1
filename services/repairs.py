"""The repairs desk: tasks for damage reports, their progress and their end."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.capabilities import Capability
from domain.damage import DamageReport
from domain.errors import Conflict, InvalidInput, NotFound
from domain.pads import Pad
from domain.repair_facts import RepairCompleted, RepairPlanned, RepairProgressed, TaskRef
from domain.repairs import RepairTask, checked_days, complete, progress_to
from domain.text import one_line, optional_line, optional_paragraph
from domain.when import When
from domain.when_text import parse_when
from services import lookups, reminders
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from storage import damage, pads, repairs


@dataclass(frozen=True, slots=True)
class PlanRepair:
    """`/repair plan`, as typed; `after` are tasks separated by commas."""

    report: str
    title: str
    owner: str | None = None
    due: str | None = None
    after: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class RepairChanged:
    """A task after a change, with its report and pad; `before` is the progress before it."""

    task: RepairTask
    report: DamageReport
    pad: Pad
    before: int = 0
    open_left: int = 0


@dataclass(frozen=True, slots=True)
class PadRepairs:
    """A report's tasks, as a list shows them."""

    report: DamageReport
    pad: Pad
    tasks: tuple[RepairTask, ...]
    asked_at: datetime


class RepairDesk:
    """Repair tasks."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def plan(self, actor: Actor, request: PlanRepair) -> Receipt[RepairChanged]:
        """Plan a task for an open report. Raises NotFound for a task in `after` that is not of this report."""
        title = one_line(request.title, what="title", limit=120)
        owner = optional_line(request.owner, what="owner", limit=80)
        after = lookups.task_numbers(request.after) if request.after else ()

        async def work(change: Change) -> RepairChanged:
            report, pad = await _report(change, request.report)
            if not report.state.is_open:
                raise Conflict("report_not_open", report=report.label, state=report.state.value)
            siblings = await repairs.of_report(change.tx, change.workspace.id, report.number)
            for number in after:
                if number not in siblings:
                    raise NotFound("task_not_of_report", task=f"RT-{number}", report=report.label)
            task = RepairTask(
                number=change.new_task_number(),
                report_number=report.number,
                title=title,
                owner=owner,
                due=None if request.due is None else _due(request.due, change.now),
                days=checked_days(request.days),
                after=after,
            )
            await _save(change, "plan_repair", None, task)
            await change.announce(RepairPlanned(_ref(task, pad), owner, task.due, task.days, after))
            return RepairChanged(task, report, pad)

        return await self._changes.make(actor, Capability.PAD, work)

    async def progress(self, actor: Actor, repair: str, percent: int, note: str | None) -> Receipt[RepairChanged]:
        """Record how far a task is, 0 to 100 percent."""
        said = optional_paragraph(note, what="note")

        async def work(change: Change) -> RepairChanged:
            task = await lookups.task(change.tx, change.workspace.id, repair)
            report, pad = await _report(change, f"DR-{task.report_number}")
            after = progress_to(task, percent)
            await _save(change, "progress_repair", task, after, note=said)
            await change.announce(RepairProgressed(_ref(after, pad), task.progress, percent, said))
            return RepairChanged(after, report, pad, before=task.progress)

        return await self._changes.make(actor, Capability.PAD, work)

    async def complete(self, actor: Actor, repair: str, note: str | None) -> Receipt[RepairChanged]:
        """Say that a task is done. Another person verifies it later."""
        said = optional_paragraph(note, what="note")

        async def work(change: Change) -> RepairChanged:
            task = await lookups.task(change.tx, change.workspace.id, repair)
            report, pad = await _report(change, f"DR-{task.report_number}")
            siblings = await repairs.of_report(change.tx, change.workspace.id, report.number)
            after = complete(task, change.now, actor.member_id, siblings)
            await _save(change, "complete_repair", task, after, note=said)
            left = sum(other.state.is_open for number, other in siblings.items() if number != task.number)
            await change.announce(RepairCompleted(_ref(after, pad), after.due, change.now, said, left))
            return RepairChanged(after, report, pad, before=task.progress, open_left=left)

        return await self._changes.make(actor, Capability.PAD, work)

    async def list(self, actor: Actor, pad: str | None = None) -> tuple[PadRepairs, ...]:
        """Tasks of open reports, by report; of one pad, or of all."""

        async def work(view: View) -> tuple[PadRepairs, ...]:
            ws = view.workspace.id
            wanted = None if pad is None else await lookups.pad(view.reader, ws, pad)
            by_pad = await damage.open_reports(view.reader, ws)
            known = {found.id: found for found in await pads.load_all(view.reader, ws)}
            tasks = await repairs.load_all(view.reader, ws)
            return tuple(
                PadRepairs(report, known[pad_id], _of(report, tasks), view.now)
                for pad_id, reports in by_pad.items()
                if wanted is None or wanted.id == pad_id
                for report in reports
            )

        return await self._changes.read(actor, work)


def _of(report: DamageReport, tasks: tuple[RepairTask, ...]) -> tuple[RepairTask, ...]:
    return tuple(task for task in tasks if task.report_number == report.number)


async def _report(change: Change, typed: str) -> tuple[DamageReport, Pad]:
    report = await lookups.report(change.tx, change.workspace.id, typed)
    pad = await pads.load(change.tx, change.workspace.id, report.pad_id)
    if pad is None:
        raise NotFound("report_unknown", raw_text=typed[:80])
    return report, pad


def _due(typed: str, now: datetime) -> When:
    due = parse_when(typed, now)
    if due.no_earlier_than:
        raise InvalidInput("due_needs_date")
    return due


async def _save(
    change: Change, action: str, before: RepairTask | None, task: RepairTask, *, note: str | None = None
) -> None:
    await repairs.save(change.tx, change.workspace.id, task)
    # Planning again asks again at once about what is overdue: progress alone must not.
    if before is None or before.due != task.due or before.state.is_open != task.state.is_open:
        await reminders.plan_task(change, task)
    # Who does it and what was noted is personal: the chained part holds the task without them.
    personal = {"owner": task.owner, "note": note}
    await change.record(action, ("repair", task.number), replace(task, owner=None), personal=personal)


def _ref(task: RepairTask, pad: Pad) -> TaskRef:
    return TaskRef(task.number, task.title, task.report_number, pad.id, pad.name)
