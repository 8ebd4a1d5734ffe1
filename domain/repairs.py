"""Repair tasks: what is to be done about a damage report, in which order, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Conflict, InvalidInput
from domain.materials import Material
from domain.when import When

DURATION_MAX_DAYS = 3650


class TaskState(StrEnum):
    """A repair task's life. Done and verified are two people's words."""

    PLANNED = "planned"
    IN_WORK = "in_work"
    BLOCKED = "blocked"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """True while work is left."""
        return self in {TaskState.PLANNED, TaskState.IN_WORK, TaskState.BLOCKED}

    @property
    def stands(self) -> bool:
        """True for what changes only once the task was reopened."""
        return self in {TaskState.VERIFIED, TaskState.CANCELLED}


@dataclass(frozen=True, slots=True)
class RepairTask:
    """Task RT-`number` for a damage report. `days` is the estimated working time; `after` are task numbers.

    `blocked_by` is why nobody can go on, `cancelled_for` why it will not be done. `done_by` and `verified_by` are members' ids.
    """

    number: int
    report_number: int
    title: str
    state: TaskState = TaskState.PLANNED
    owner: str | None = None
    due: When | None = None
    days: int | None = None
    progress: int = 0
    after: tuple[int, ...] = ()
    note: str | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    started_at: datetime | None = None
    blocked_by: str | None = None
    verified_at: datetime | None = None
    verified_by: int | None = None
    cancelled_for: str | None = None
    materials: tuple[Material, ...] = ()

    @property
    def label(self) -> str:
        """The task's short name in the workspace."""
        return f"RT-{self.number}"

    @property
    def awaited(self) -> tuple[Material, ...]:
        """Materials that are not on hand yet."""
        return tuple(material for material in self.materials if material.state.is_awaited)

    def is_overdue(self, now: datetime) -> bool:
        """True when work is left and the whole stated interval of its due date is over."""
        ends_at = self.due.stated_end_at if self.due else None
        return self.state.is_open and ends_at is not None and ends_at <= now


def checked_days(days: int | None) -> int | None:
    """Validate an estimate in days."""
    if days is not None and not 1 <= days <= DURATION_MAX_DAYS:
        raise InvalidInput("number_out_of_range", what="days", lowest=1, highest=DURATION_MAX_DAYS)
    return days


def waits_for(task: RepairTask, tasks: Mapping[int, RepairTask]) -> tuple[RepairTask, ...]:
    """The open tasks among those it comes after."""
    return tuple(tasks[number] for number in task.after if number in tasks and tasks[number].state.is_open)


def start(task: RepairTask, at: datetime) -> RepairTask:
    """Begin the work. What was over is reopened: it is in work again, and what ended it is no longer so.

    Raises Conflict `task_started` or `task_blocked`.
    """
    _require_unblocked(task)
    if task.state is TaskState.IN_WORK:
        raise Conflict("task_started", task=task.label)
    if task.state is TaskState.PLANNED:
        return replace(task, state=TaskState.IN_WORK, started_at=at)
    return replace(
        task,
        state=TaskState.IN_WORK,
        started_at=task.started_at or at,
        progress=task.progress if task.progress < 100 else 0,
        done_at=None,
        done_by=None,
        verified_at=None,
        verified_by=None,
        cancelled_for=None,
    )


def progress_to(task: RepairTask, percent: int, at: datetime) -> RepairTask:
    """Record progress; the first progress starts the work. 100 % is not done: `complete` says that."""
    if not 0 <= percent <= 100:
        raise InvalidInput("number_out_of_range", what="percent", lowest=0, highest=100)
    require_open(task)
    _require_unblocked(task)
    begun = start(task, at) if task.state is TaskState.PLANNED and percent > 0 else task
    return replace(begun, progress=percent)


def block(task: RepairTask, reason: str) -> RepairTask:
    """Say that nobody can go on, and why."""
    require_open(task)
    _require_unblocked(task)
    return replace(task, state=TaskState.BLOCKED, blocked_by=reason)


def unblock(task: RepairTask) -> RepairTask:
    """Say that work can go on, or begin."""
    if task.state is not TaskState.BLOCKED:
        raise Conflict("task_not_blocked", task=task.label, state=task.state.value)
    state = TaskState.PLANNED if task.started_at is None else TaskState.IN_WORK
    return replace(task, state=state, blocked_by=None)


def complete(task: RepairTask, at: datetime, by: int, tasks: Mapping[int, RepairTask]) -> RepairTask:
    """Say that the work is done. Refused while a task it depends on is still open."""
    require_open(task)
    _require_unblocked(task)
    waiting = waits_for(task, tasks)
    if waiting:
        raise Conflict("task_waits_for", task=task.label, other=waiting[0].label, other_text=waiting[0].title)
    return replace(task, state=TaskState.DONE, progress=100, done_at=at, done_by=by)


def verify(task: RepairTask, at: datetime, by: int) -> RepairTask:
    """Confirm that what is done is done well. Refused to the one who said that it is done."""
    if task.state is not TaskState.DONE:
        raise Conflict("task_not_done", task=task.label, state=task.state.value)
    if task.done_by == by:
        raise Conflict("verifier_did_it", task=task.label)
    return replace(task, state=TaskState.VERIFIED, verified_at=at, verified_by=by)


def cancel(task: RepairTask, reason: str) -> RepairTask:
    """Give a task up while work is left. It holds nothing up any more; what is done is verified, or opened again first."""
    require_changeable(task)
    require_open(task)
    return replace(task, state=TaskState.CANCELLED, cancelled_for=reason, blocked_by=None)


def require_open(task: RepairTask) -> None:
    """Refuse what makes sense only while work is left."""
    if not task.state.is_open:
        raise Conflict("task_not_open", task=task.label, state=task.state.value)


def require_changeable(task: RepairTask) -> None:
    """Refuse to change what was verified or cancelled: it is reopened first."""
    if task.state.stands:
        raise Conflict("task_stands", task=task.label, state=task.state.value)


def _require_unblocked(task: RepairTask) -> None:
    if task.state is TaskState.BLOCKED:
        raise Conflict("task_blocked", task=task.label, reason_text=task.blocked_by or "")
