"""What is agreed about a repair task, as typed: by whom, until when, after which others, in how many days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import Conflict, InvalidInput, NotFound
from domain.repair_graph import cycle_in
from domain.repairs import RepairTask, checked_days, require_changeable
from domain.text import name_key, optional_line
from domain.when import When
from domain.when_text import parse_when
from services import lookups

TITLE_MAX = 120
OWNER_MAX = 80
NONE = "none"
"""What is typed for an owner, a due date or a list of tasks to clear it."""


@dataclass(frozen=True, slots=True)
class EditRepair:
    """`/repair edit`, as typed. What is None stays; `NONE` clears an owner, a due date, the tasks it comes after."""

    repair: str
    title: str | None = None
    owner: str | None = None
    due: str | None = None
    after: str | None = None
    days: int | None = None


def cleaned(request: EditRepair) -> EditRepair:
    """The same with its texts made safe to keep."""
    title = optional_line(request.title, what="title", limit=TITLE_MAX)
    return replace(request, title=title, owner=optional_line(request.owner, what="owner", limit=OWNER_MAX))


def edited(task: RepairTask, request: EditRepair, siblings: Mapping[int, RepairTask], now: datetime) -> RepairTask:
    """The task as it is agreed now. Raises InvalidInput when nothing would change, Conflict `repair_cycle`, `task_stands`."""
    require_changeable(task)
    after = replace(
        task,
        title=request.title or task.title,
        owner=task.owner if request.owner is None else _unless_none(request.owner),
        due=task.due if request.due is None else _due_or_none(request.due, now),
        days=task.days if request.days is None else checked_days(request.days),
        after=task.after if request.after is None else _after_or_none(request.after, task, siblings),
    )
    if after == task:
        raise InvalidInput("repair_unchanged", task=task.label)
    return after


def due_of(typed: str, now: datetime) -> When:
    """The date a repair is due by. Raises InvalidInput `due_needs_date` for one that is only "no earlier than"."""
    due = parse_when(typed, now)
    if due.no_earlier_than:
        raise InvalidInput("due_needs_date")
    return due


def _is_none(typed: str) -> bool:
    return name_key(typed) == NONE


def _unless_none(typed: str) -> str | None:
    return None if _is_none(typed) else typed


def _due_or_none(typed: str, now: datetime) -> When | None:
    return None if _is_none(typed) else due_of(typed, now)


def after_of(typed: str, report: str, siblings: Mapping[int, RepairTask]) -> tuple[int, ...]:
    """Tasks of the same report, in the order of their numbers. Raises NotFound `task_not_of_report`."""
    numbers = lookups.task_numbers(typed)
    if not numbers:
        raise InvalidInput("number_unclear", what="after", prefix="RT", raw_text=typed[:80])
    for number in numbers:
        if number not in siblings:
            raise NotFound("task_not_of_report", task=f"RT-{number}", report=report)
    return tuple(sorted(numbers))


def _after_or_none(typed: str, task: RepairTask, siblings: Mapping[int, RepairTask]) -> tuple[int, ...]:
    """What a task is to come after. Cancelled tasks count in a circle: they may be reopened."""
    if _is_none(typed):
        return ()
    after = after_of(typed, f"DR-{task.report_number}", siblings)
    cycle = cycle_in({number: other.after for number, other in siblings.items()} | {task.number: after})
    if cycle is not None:
        named = " → ".join(f"RT-{number}" for number in (*cycle, cycle[0]))
        raise Conflict("repair_cycle", task=task.label, cycle_text=named)
    return after
