"""Repair tasks, the order they are done in, and their materials."""

from collections import defaultdict
from collections.abc import Collection

from domain.materials import Material, MaterialState
from domain.repairs import RepairTask, TaskState
from domain.text import name_key
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us_or_none, to_us_or_none, when_columns, when_from

_COLUMNS = """
t.number, t.report_number, t.title, t.state, t.owner, t.due_precision, t.due_at, t.due_net, t.days, t.progress, t.note,
t.done_at, t.done_by, t.started_at, t.blocked_by, t.verified_at, t.verified_by, t.cancelled_for
"""
_MATERIAL = "m.task_number, m.item, m.state, m.quantity, m.expected_precision, m.expected_at, m.expected_net"
# Every task of a workspace, what each waits for, and its materials by name.
_ALL = f"SELECT {_COLUMNS} FROM repair_tasks t WHERE t.workspace_id = ? ORDER BY t.number"
_ORDER = "SELECT task_number, after_number FROM repair_order WHERE workspace_id = ? ORDER BY after_number"
_MATERIALS = f"SELECT {_MATERIAL} FROM repair_materials m WHERE m.workspace_id = ? ORDER BY m.task_number, m.item_key"
# The same for the tasks of one report. CROSS JOIN: from the tasks to what is theirs, never through all that there is.
_OF_REPORT = f"SELECT {_COLUMNS} FROM repair_tasks t WHERE t.workspace_id = ? AND t.report_number = ? ORDER BY t.number"
_ORDER_OF_REPORT = """
SELECT o.task_number, o.after_number FROM repair_tasks t CROSS JOIN repair_order o
WHERE t.workspace_id = ? AND t.report_number = ? AND o.workspace_id = t.workspace_id AND o.task_number = t.number
ORDER BY o.after_number
"""
_MATERIALS_OF_REPORT = f"""
SELECT {_MATERIAL} FROM repair_tasks t CROSS JOIN repair_materials m
WHERE t.workspace_id = ? AND t.report_number = ? AND m.workspace_id = t.workspace_id AND m.task_number = t.number
ORDER BY m.task_number, m.item_key
"""
# The same for the tasks of every open report, of the workspace or of one pad: what is over stays out of the way.
_OPEN = "d.workspace_id = ? AND d.state NOT IN ('closed', 'rejected')"
_OF_OPEN = f"""
SELECT {_COLUMNS} FROM damage_reports d CROSS JOIN repair_tasks t
WHERE {_OPEN} AND t.workspace_id = d.workspace_id AND t.report_number = d.number ORDER BY t.number
"""
_ORDER_OF_OPEN = f"""
SELECT o.task_number, o.after_number FROM damage_reports d CROSS JOIN repair_tasks t CROSS JOIN repair_order o
WHERE {_OPEN} AND t.workspace_id = d.workspace_id AND t.report_number = d.number
  AND o.workspace_id = t.workspace_id AND o.task_number = t.number ORDER BY o.after_number
"""
_MATERIALS_OF_OPEN = f"""
SELECT {_MATERIAL} FROM damage_reports d CROSS JOIN repair_tasks t CROSS JOIN repair_materials m
WHERE {_OPEN} AND t.workspace_id = d.workspace_id AND t.report_number = d.number
  AND m.workspace_id = t.workspace_id AND m.task_number = t.number ORDER BY m.task_number, m.item_key
"""
_ON_PAD = f"{_OPEN} AND d.pad_id = ?"
_OF_OPEN_ON_PAD, _ORDER_OF_OPEN_ON_PAD, _MATERIALS_OF_OPEN_ON_PAD = (
    sql.replace(_OPEN, _ON_PAD) for sql in (_OF_OPEN, _ORDER_OF_OPEN, _MATERIALS_OF_OPEN)
)
_REPORT_OF = "SELECT report_number FROM repair_tasks WHERE workspace_id = ? AND number = ?"
# What completion offers: tasks in certain states, for reports on which something may still change.
_COMPLETE = """
SELECT t.number, t.title FROM repair_tasks t
JOIN damage_reports d ON d.workspace_id = t.workspace_id AND d.number = t.report_number
WHERE t.workspace_id = ? AND d.state NOT IN ('closed', 'rejected') AND t.state IN ({marks}) ORDER BY t.number LIMIT ?
"""
_UPSERT = """
INSERT INTO repair_tasks (workspace_id, number, report_number, title, state, owner, due_precision, due_at, due_net, days,
                          progress, note, done_at, done_by, started_at, blocked_by, verified_at, verified_by, cancelled_for)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, number) DO UPDATE SET
    title = excluded.title, state = excluded.state, owner = excluded.owner, due_precision = excluded.due_precision,
    due_at = excluded.due_at, due_net = excluded.due_net, days = excluded.days, progress = excluded.progress,
    note = excluded.note, done_at = excluded.done_at, done_by = excluded.done_by, started_at = excluded.started_at,
    blocked_by = excluded.blocked_by, verified_at = excluded.verified_at, verified_by = excluded.verified_by,
    cancelled_for = excluded.cancelled_for
"""
_FORGET_ORDER = "DELETE FROM repair_order WHERE workspace_id = ? AND task_number = ?"
_INSERT_ORDER = "INSERT INTO repair_order (workspace_id, task_number, after_number) VALUES (?, ?, ?)"
_FORGET_MATERIALS = "DELETE FROM repair_materials WHERE workspace_id = ? AND task_number = ?"
_INSERT_MATERIAL = """
INSERT INTO repair_materials (workspace_id, task_number, item_key, item, state, quantity,
                              expected_precision, expected_at, expected_net)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


async def load_all(reader: Reader, workspace_id: int) -> tuple[RepairTask, ...]:
    """Every task, oldest first."""
    of_workspace = (workspace_id,)
    rows = await reader.fetch_batch((_ALL, of_workspace), (_ORDER, of_workspace), (_MATERIALS, of_workspace))
    return _tasks(*rows)


async def of_report(reader: Reader, workspace_id: int, report_number: int) -> dict[int, RepairTask]:
    """A report's tasks, by number."""
    rows = await reader.fetch_batch(*every_of_report(workspace_id, report_number))
    return {task.number: task for task in _tasks(*rows)}


async def of_open_reports(
    reader: Reader, workspace_id: int, pad_id: int | None = None
) -> dict[int, tuple[RepairTask, ...]]:
    """The tasks of open reports, of one pad or of all, by report; oldest first."""
    by_report: dict[int, list[RepairTask]] = defaultdict(list)
    for task in _tasks(*await reader.fetch_batch(*every_of_open_reports(workspace_id, pad_id))):
        by_report[task.report_number].append(task)
    return {number: tuple(tasks) for number, tasks in by_report.items()}


def every_of_open_reports(workspace_id: int, pad_id: int | None = None) -> tuple[Statement, Statement, Statement]:
    """Finds the rows of the tasks of open reports, of one pad or of all: tasks, their order, their materials."""
    if pad_id is None:
        key: tuple[int, ...] = (workspace_id,)
        return ((_OF_OPEN, key), (_ORDER_OF_OPEN, key), (_MATERIALS_OF_OPEN, key))
    key = (workspace_id, pad_id)
    return ((_OF_OPEN_ON_PAD, key), (_ORDER_OF_OPEN_ON_PAD, key), (_MATERIALS_OF_OPEN_ON_PAD, key))


def every_of_report(workspace_id: int, report_number: int) -> tuple[Statement, Statement, Statement]:
    """Finds the rows of one report's tasks: tasks, their order, their materials."""
    key = (workspace_id, report_number)
    return ((_OF_REPORT, key), (_ORDER_OF_REPORT, key), (_MATERIALS_OF_REPORT, key))


async def load(reader: Reader, workspace_id: int, number: int) -> RepairTask | None:
    """The task RT-`number`."""
    rows = await reader.fetch(_REPORT_OF, (workspace_id, number))
    if not rows:
        return None
    return (await of_report(reader, workspace_id, rows[0]["report_number"]))[number]


async def complete(
    reader: Reader, workspace_id: int, states: Collection[TaskState], limit: int
) -> list[tuple[int, str]]:
    """(number, title) of tasks in these states, of open reports."""
    sql = _COMPLETE.format(marks=",".join("?" * len(states)))
    rows = await reader.fetch(sql, (workspace_id, *(state.value for state in states), limit))
    return [(row["number"], row["title"]) for row in rows]


async def save(tx: Transaction, workspace_id: int, task: RepairTask) -> None:
    """Write the task, what it waits for and its materials, in place of what was there."""
    await tx.execute(
        _UPSERT,
        (
            workspace_id,
            task.number,
            task.report_number,
            task.title,
            task.state.value,
            task.owner,
            *when_columns(task.due),
            task.days,
            task.progress,
            task.note,
            to_us_or_none(task.done_at),
            task.done_by,
            to_us_or_none(task.started_at),
            task.blocked_by,
            to_us_or_none(task.verified_at),
            task.verified_by,
            task.cancelled_for,
        ),
    )
    await tx.execute(_FORGET_ORDER, (workspace_id, task.number))
    await tx.execute_many(_INSERT_ORDER, [(workspace_id, task.number, number) for number in task.after])
    await _save_materials(tx, workspace_id, task)


async def _save_materials(tx: Transaction, workspace_id: int, task: RepairTask) -> None:
    await tx.execute(_FORGET_MATERIALS, (workspace_id, task.number))
    await tx.execute_many(
        _INSERT_MATERIAL,
        [
            (
                workspace_id,
                task.number,
                name_key(material.item),
                material.item,
                material.state.value,
                material.quantity,
                *when_columns(material.expected),
            )
            for material in task.materials
        ],
    )


def _tasks(tasks: list[Row], order: list[Row], materials: list[Row]) -> tuple[RepairTask, ...]:
    after, needs = defaultdict(list), defaultdict(list)
    for row in order:
        after[row["task_number"]].append(row["after_number"])
    for row in materials:
        needs[row["task_number"]].append(_material(row))
    return tuple(_task(row, tuple(after[row["number"]]), tuple(needs[row["number"]])) for row in tasks)


def _task(row: Row, after: tuple[int, ...], materials: tuple[Material, ...]) -> RepairTask:
    return RepairTask(
        number=row["number"],
        report_number=row["report_number"],
        title=row["title"],
        state=TaskState(row["state"]),
        owner=row["owner"],
        due=when_from(row["due_precision"], row["due_at"], row["due_net"]),
        days=row["days"],
        progress=row["progress"],
        after=after,
        note=row["note"],
        done_at=from_us_or_none(row["done_at"]),
        done_by=row["done_by"],
        started_at=from_us_or_none(row["started_at"]),
        blocked_by=row["blocked_by"],
        verified_at=from_us_or_none(row["verified_at"]),
        verified_by=row["verified_by"],
        cancelled_for=row["cancelled_for"],
        materials=materials,
    )


def _material(row: Row) -> Material:
    return Material(
        item=row["item"],
        state=MaterialState(row["state"]),
        quantity=row["quantity"],
        expected=when_from(row["expected_precision"], row["expected_at"], row["expected_net"]),
    )
