"""What announcements say about repairs; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.materials import MaterialState
from domain.repairs import RepairTask, TaskState
from domain.when import When


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A repair task as an announcement names it."""

    task: int
    title: str
    report: int
    pad_id: int
    pad: str


@dataclass(frozen=True, slots=True)
class RepairTerms:
    """What was agreed about a task, and can be edited."""

    title: str
    owner: str | None
    due: When | None
    days: int | None
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RepairPlanned:
    """A repair task was planned."""

    task: TaskRef
    owner: str | None
    due: When | None
    days: int | None
    after: tuple[int, ...] = ()
    fact: Literal["repair_planned"] = "repair_planned"


@dataclass(frozen=True, slots=True)
class RepairProgressed:
    """A repair task moved on. Percent of the work, 0 to 100."""

    task: TaskRef
    before: int
    after: int
    note: str | None
    fact: Literal["repair_progressed"] = "repair_progressed"


@dataclass(frozen=True, slots=True)
class RepairCompleted:
    """A repair task is said to be done. `open_left` counts the report's tasks that are not."""

    task: TaskRef
    due: When | None
    done_at: datetime
    note: str | None
    open_left: int
    fact: Literal["repair_completed"] = "repair_completed"


@dataclass(frozen=True, slots=True)
class RepairDue:
    """A repair task is due soon or overdue; `days_left` counts whole days to the end of the stated time, negative after it."""

    task: TaskRef
    due: When
    days_left: int
    due_at: datetime
    delayed: bool = False
    overdue: bool = False
    fact: Literal["repair_due"] = "repair_due"


@dataclass(frozen=True, slots=True)
class RepairDueOutdated:
    """What a posted RepairDue said is no longer so: `state` and `due` are what is true of its task since."""

    was: RepairDue
    state: TaskState
    due: When | None
    fact: Literal["repair_due_outdated"] = "repair_due_outdated"


@dataclass(frozen=True, slots=True)
class RepairStateChanged:
    """A repair task was started, reopened, blocked, unblocked, verified or cancelled: `before` and `after` say which.

    `reason` is why it is blocked or will not be done, `waits_for` are open tasks it was to come after.
    """

    task: TaskRef
    before: TaskState
    after: TaskState
    reason: str | None = None
    note: str | None = None
    due: When | None = None
    waits_for: tuple[int, ...] = ()
    fact: Literal["repair_state_changed"] = "repair_state_changed"


@dataclass(frozen=True, slots=True)
class RepairEdited:
    """What was agreed about a repair task changed."""

    task: TaskRef
    before: RepairTerms
    after: RepairTerms
    fact: Literal["repair_edited"] = "repair_edited"


@dataclass(frozen=True, slots=True)
class MaterialChanged:
    """Something was said about a part of a repair task. `before` is None when it was not on the list."""

    task: TaskRef
    item: str
    before: MaterialState | None
    after: MaterialState
    quantity: str | None = None
    expected: When | None = None
    fact: Literal["material_changed"] = "material_changed"


def terms_of(task: RepairTask) -> RepairTerms:
    """What is agreed about a task."""
    return RepairTerms(task.title, task.owner, task.due, task.days, task.after)
