"""The repairs desk: tasks for damage reports, their progress, their parts and their end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.capabilities import Capability
from domain.damage import DamageReport
from domain.errors import Conflict, NotFound
from domain.facts import Facts
from domain.materials import Material, MaterialState, material_called, with_material
from domain.pads import Pad
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
    TaskRef,
    terms_of,
)
from domain.repair_graph import in_order
from domain.repairs import (
    RepairTask,
    TaskState,
    block,
    cancel,
    checked_days,
    complete,
    progress_to,
    require_open,
    start,
    unblock,
    verify,
    waits_for,
)
from domain.text import one_line, optional_line, optional_paragraph, require_name
from domain.when_text import parse_when
from services import lookups, reminders
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.corrections import correct_repair
from services.repair_terms import OWNER_MAX, TITLE_MAX, EditRepair, after_of, cleaned, due_of, edited
from storage import damage, journal, pads, repairs

_OVER = (TaskState.DONE, TaskState.VERIFIED, TaskState.CANCELLED)
"""What is over, in the order in which a list shows it."""
_Step = Callable[[Change, RepairTask, Mapping[int, RepairTask]], RepairTask]


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
class SayMaterial:
    """`/repair material`, as typed."""

    repair: str
    item: str
    state: MaterialState
    quantity: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class RepairChanged:
    """A task after a change, with its report and pad; `was` is the task before it, None when it is new.

    `waits_for` are open tasks it comes after, `open_left` counts the report's other open tasks.
    """

    task: RepairTask
    report: DamageReport
    pad: Pad
    was: RepairTask | None = None
    waits_for: tuple[RepairTask, ...] = ()
    open_left: int = 0

    @property
    def ref(self) -> TaskRef:
        """The task as announcements name it."""
        return TaskRef(self.task.number, self.task.title, self.task.report_number, self.pad.id, self.pad.name)


@dataclass(frozen=True, slots=True)
class MaterialSaid:
    """A task after something was said about one of its materials; `before` is None when it was not on the list."""

    task: RepairTask
    material: Material
    before: Material | None


@dataclass(frozen=True, slots=True)
class PadRepairs:
    """A report's tasks, as a list shows them: what is open in the order of work, then what waits for verification, then the rest.

    `doers` are names, by task, of who said that it is done; absent once erased.
    """

    report: DamageReport
    pad: Pad
    tasks: tuple[RepairTask, ...]
    asked_at: datetime
    doers: Mapping[int, str] = field(default_factory=dict)


class RepairDesk:
    """Repair tasks."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def plan(self, actor: Actor, request: PlanRepair) -> Receipt[RepairChanged]:
        """Plan a task for an open report. Raises NotFound for a task in `after` that is not of this report."""
        title = one_line(request.title, what="title", limit=TITLE_MAX)
        owner = optional_line(request.owner, what="owner", limit=OWNER_MAX)

        async def work(change: Change) -> RepairChanged:
            report, pad = await _open_report(change, request.report)
            siblings = await repairs.of_report(change.tx, change.workspace.id, report.number)
            after = () if request.after is None else after_of(request.after, report.label, siblings)
            task = RepairTask(
                number=change.new_task_number(),
                report_number=report.number,
                title=title,
                owner=owner,
                due=None if request.due is None else due_of(request.due, change.now),
                days=checked_days(request.days),
                after=after,
            )
            await _save(change, "plan_repair", None, task)
            done = RepairChanged(task, report, pad)
            await change.announce(RepairPlanned(done.ref, owner, task.due, task.days, after))
            return done

        return await self._changes.make(actor, Capability.PAD, work)

    async def edit(self, actor: Actor, request: EditRepair) -> Receipt[RepairChanged]:
        """Change what was agreed about a task. Raises InvalidInput when nothing would change, Conflict `repair_cycle`."""
        wanted = cleaned(request)

        def step(change: Change, task: RepairTask, siblings: Mapping[int, RepairTask]) -> RepairTask:
            return edited(task, wanted, siblings, change.now)

        def say(done: RepairChanged) -> Facts:
            return RepairEdited(done.ref, terms_of(done.was or done.task), terms_of(done.task))

        return await self._work_on(actor, request.repair, "edit_repair", step, say)

    async def start(self, actor: Actor, repair: str) -> Receipt[RepairChanged]:
        """Begin the work, or reopen what was over: that is how a failed verification is recorded."""
        return await self._work_on(
            actor, repair, "start_repair", lambda change, task, _: start(task, change.now), _state
        )

    async def progress(self, actor: Actor, repair: str, percent: int, note: str | None) -> Receipt[RepairChanged]:
        """Record how far a task is, 0 to 100 percent."""
        said = optional_paragraph(note, what="note")

        def step(change: Change, task: RepairTask, _: Mapping[int, RepairTask]) -> RepairTask:
            return progress_to(task, percent, change.now)

        def say(done: RepairChanged) -> Facts:
            return RepairProgressed(done.ref, done.was.progress if done.was else 0, percent, said)

        return await self._work_on(actor, repair, "progress_repair", step, say, note=said)

    async def block(self, actor: Actor, repair: str, reason: str) -> Receipt[RepairChanged]:
        """Say that nobody can go on with a task, and why."""
        said = one_line(reason, what="reason")
        return await self._work_on(actor, repair, "block_repair", lambda _c, task, _s: block(task, said), _state)

    async def unblock(self, actor: Actor, repair: str) -> Receipt[RepairChanged]:
        """Say that a blocked task can go on."""
        return await self._work_on(actor, repair, "unblock_repair", lambda _c, task, _s: unblock(task), _state)

    async def complete(self, actor: Actor, repair: str, note: str | None) -> Receipt[RepairChanged]:
        """Say that a task is done. Another person verifies it later."""
        said = optional_paragraph(note, what="note")

        def step(change: Change, task: RepairTask, siblings: Mapping[int, RepairTask]) -> RepairTask:
            return complete(task, change.now, actor.member_id, siblings)

        def say(done: RepairChanged) -> Facts:
            assert done.task.done_at is not None  # noqa: S101 - `complete` has set it
            return RepairCompleted(done.ref, done.task.due, done.task.done_at, said, done.open_left)

        return await self._work_on(actor, repair, "complete_repair", step, say, note=said)

    async def verify(self, actor: Actor, repair: str, note: str | None) -> Receipt[RepairChanged]:
        """Confirm that a task was done well. Raises Conflict when it is who said that it is done."""
        said = optional_paragraph(note, what="note")

        def step(change: Change, task: RepairTask, _: Mapping[int, RepairTask]) -> RepairTask:
            return verify(task, change.now, actor.member_id)

        def say(done: RepairChanged) -> Facts:
            return replace(_state(done), note=said)

        return await self._work_on(actor, repair, "verify_repair", step, say, note=said)

    async def cancel(self, actor: Actor, repair: str, reason: str) -> Receipt[RepairChanged]:
        """Give a task up. It holds nothing up any more."""
        said = one_line(reason, what="reason")
        return await self._work_on(actor, repair, "cancel_repair", lambda _c, task, _s: cancel(task, said), _state)

    async def material(self, actor: Actor, request: SayMaterial) -> Receipt[MaterialSaid]:
        """Say where a part of a task is, or that it is not needed after all."""
        item = require_name(request.item, what="item")
        quantity = optional_line(request.quantity, what="quantity", limit=40)

        async def work(change: Change) -> MaterialSaid:
            task, report, pad = await _task(change, request.repair)
            require_open(task)
            expected = None if request.expected is None else parse_when(request.expected, change.now)
            said = Material(item, request.state, quantity, expected)
            before = material_called(task.materials, item)
            after = replace(task, materials=with_material(task.materials, said))
            stands = material_called(after.materials, item) or replace(said, item=before.item if before else item)
            await _save(change, "say_material", task, after)
            await change.announce(
                MaterialChanged(
                    RepairChanged(after, report, pad).ref,
                    stands.item,
                    before.state if before else None,
                    stands.state,
                    stands.quantity,
                    stands.expected,
                )
            )
            return MaterialSaid(after, stands, before)

        return await self._changes.make(actor, Capability.PAD, work)

    async def _work_on(
        self,
        actor: Actor,
        repair: str,
        action: str,
        step: _Step,
        say: Callable[[RepairChanged], Facts],
        *,
        note: str | None = None,
    ) -> Receipt[RepairChanged]:
        async def work(change: Change) -> RepairChanged:
            task, report, pad = await _task(change, repair)
            siblings = await repairs.of_report(change.tx, change.workspace.id, report.number)
            after = step(change, task, siblings)
            await _save(change, action, task, after, note=note)
            left = sum(other.state.is_open for number, other in siblings.items() if number != task.number)
            done = RepairChanged(after, report, pad, task, waits_for(after, siblings), left)
            await change.announce(say(done))
            return done

        return await self._changes.make(actor, Capability.PAD, work)

    async def list(self, actor: Actor, pad: str | None = None) -> tuple[PadRepairs, ...]:
        """Tasks of open reports, by report; of one pad, or of all."""

        async def work(view: View) -> tuple[PadRepairs, ...]:
            ws = view.workspace.id
            wanted = None if pad is None else await lookups.pad(view.reader, ws, pad)
            by_pad = (
                await damage.open_reports(view.reader, ws)
                if wanted is None
                else {wanted.id: await damage.open_reports_on(view.reader, ws, wanted.id)}
            )
            known = {found.id: found for found in await pads.load_all(view.reader, ws)}
            tasks = await repairs.of_open_reports(view.reader, ws, None if wanted is None else wanted.id)
            unverified = [task.number for of_it in tasks.values() for task in of_it if task.state is TaskState.DONE]
            doers = await journal.actor_names(view.reader, ws, "complete_repair", "repair", unverified)
            return tuple(
                PadRepairs(report, known[pad_id], _in_turn(tasks.get(report.number, ())), view.now, doers)
                for pad_id, reports in by_pad.items()
                for report in reports
            )

        return await self._changes.read(actor, work)


def _in_turn(tasks: tuple[RepairTask, ...]) -> tuple[RepairTask, ...]:
    """A report's tasks: what is open in the order of work, and behind it what is over."""
    return tuple(sorted(in_order(tasks), key=lambda task: _OVER.index(task.state) + 1 if task.state in _OVER else 0))


def _state(done: RepairChanged) -> RepairStateChanged:
    task = done.task
    reason = task.blocked_by or task.cancelled_for
    before = done.was.state if done.was else task.state
    waiting = tuple(other.number for other in done.waits_for) if task.state is TaskState.IN_WORK else ()
    return RepairStateChanged(done.ref, before, task.state, reason, due=task.due, waits_for=waiting)


async def _task(change: Change, typed: str) -> tuple[RepairTask, DamageReport, Pad]:
    """A task that may change: its report is open."""
    task = await lookups.task(change.tx, change.workspace.id, typed)
    report, pad = await _open_report(change, f"DR-{task.report_number}")
    return task, report, pad


async def _open_report(change: Change, typed: str) -> tuple[DamageReport, Pad]:
    report = await lookups.report(change.tx, change.workspace.id, typed)
    pad = await pads.load(change.tx, change.workspace.id, report.pad_id)
    if pad is None:
        raise NotFound("report_unknown", raw_text=typed[:80])
    if not report.state.is_open:
        raise Conflict("report_not_open", report=report.label, state=report.state.value)
    return report, pad


async def _save(
    change: Change, action: str, before: RepairTask | None, task: RepairTask, *, note: str | None = None
) -> None:
    await repairs.save(change.tx, change.workspace.id, task)
    # Who does it, what was noted and the reasons are personal: the chained part holds the task without them.
    personal = {"owner": task.owner, "note": note, "blocked_by": task.blocked_by, "cancelled_for": task.cancelled_for}
    state = replace(task, owner=None, blocked_by=None, cancelled_for=None)
    await change.record(action, ("repair", task.number), state, personal=personal)
    # Planning again asks again at once about what is overdue: progress alone must not.
    if before is None or before.due != task.due or before.state.is_open != task.state.is_open:
        await reminders.plan_task(change, task)
    if before is not None and (before.due, before.state) != (task.due, task.state):
        await correct_repair(change, task)
