"""What announcements say about repairs; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
