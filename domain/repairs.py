"""Repair tasks: what is to be done about a damage report, in which order, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Conflict, InvalidInput
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


@dataclass(frozen=True, slots=True)
class RepairTask:
    """Task RT-`number` for a damage report. `days` is the estimated working time; `after` are task numbers."""

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

    @property
    def label(self) -> str:
        """The task's short name in the workspace."""
        return f"RT-{self.number}"


def checked_days(days: int | None) -> int | None:
    """Validate an estimate in days."""
    if days is not None and not 1 <= days <= DURATION_MAX_DAYS:
        raise InvalidInput("number_out_of_range", what="days", lowest=1, highest=DURATION_MAX_DAYS)
    return days


def progress_to(task: RepairTask, percent: int) -> RepairTask:
    """Record progress; the first progress starts the work. 100 % is not done: `complete` says that."""
    if not 0 <= percent <= 100:
        raise InvalidInput("number_out_of_range", what="percent", lowest=0, highest=100)
    if not task.state.is_open:
        raise Conflict("task_not_open", task=task.label, state=task.state.value)
    state = TaskState.IN_WORK if task.state is TaskState.PLANNED and percent > 0 else task.state
    return replace(task, progress=percent, state=state)


def complete(task: RepairTask, at: datetime, by: int, tasks: Mapping[int, RepairTask]) -> RepairTask:
    """Say that the work is done. Refused while a task it depends on is still open."""
    if not task.state.is_open:
        raise Conflict("task_not_open", task=task.label, state=task.state.value)
    waiting = [tasks[number] for number in task.after if number in tasks and tasks[number].state.is_open]
    if waiting:
        raise Conflict("task_waits_for", task=task.label, other=waiting[0].label, other_text=waiting[0].title)
    return replace(task, state=TaskState.DONE, progress=100, done_at=at, done_by=by)
