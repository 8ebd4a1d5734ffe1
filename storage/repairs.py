"""Repair tasks and the order they are done in."""

from domain.repairs import RepairTask, TaskState
from storage.database import Reader, Row, Transaction
from storage.rows import from_us_or_none, to_us_or_none, when_columns, when_from

_COLUMNS = """
t.number, t.report_number, t.title, t.state, t.owner, t.due_precision, t.due_at, t.due_net, t.days, t.progress, t.note,
t.done_at, t.done_by
"""
_ALL = f"SELECT {_COLUMNS} FROM repair_tasks t WHERE t.workspace_id = ? ORDER BY t.number"
_ORDER = "SELECT task_number, after_number FROM repair_order WHERE workspace_id = ? ORDER BY after_number"
# Tasks of one report, with what they wait for.
_OF_REPORT = f"SELECT {_COLUMNS} FROM repair_tasks t WHERE t.workspace_id = ? AND t.report_number = ? ORDER BY t.number"
_REPORT_OF = "SELECT report_number FROM repair_tasks WHERE workspace_id = ? AND number = ?"
_COMPLETE = """
SELECT number, title FROM repair_tasks
WHERE workspace_id = ? AND state IN ('planned', 'in_work', 'blocked') ORDER BY number LIMIT ?
"""
_UPSERT = """
INSERT INTO repair_tasks (workspace_id, number, report_number, title, state, owner, due_precision, due_at, due_net, days,
                          progress, note, done_at, done_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace_id, number) DO UPDATE SET
    title = excluded.title, state = excluded.state, owner = excluded.owner, due_precision = excluded.due_precision,
    due_at = excluded.due_at, due_net = excluded.due_net, days = excluded.days, progress = excluded.progress,
    note = excluded.note, done_at = excluded.done_at, done_by = excluded.done_by
"""
_INSERT_ORDER = """
INSERT INTO repair_order (workspace_id, task_number, after_number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
"""


async def load_all(reader: Reader, workspace_id: int) -> tuple[RepairTask, ...]:
    """Every task, oldest first."""
    tasks, order = await reader.fetch_batch((_ALL, (workspace_id,)), (_ORDER, (workspace_id,)))
    return tuple(_task(row, order) for row in tasks)


async def of_report(reader: Reader, workspace_id: int, report_number: int) -> dict[int, RepairTask]:
    """A report's tasks, by number."""
    tasks, order = await reader.fetch_batch((_OF_REPORT, (workspace_id, report_number)), (_ORDER, (workspace_id,)))
    return {row["number"]: _task(row, order) for row in tasks}


async def load(reader: Reader, workspace_id: int, number: int) -> RepairTask | None:
    """The task RT-`number`."""
    rows = await reader.fetch(_REPORT_OF, (workspace_id, number))
    if not rows:
        return None
    return (await of_report(reader, workspace_id, rows[0]["report_number"]))[number]


async def complete(reader: Reader, workspace_id: int, limit: int) -> list[tuple[int, str]]:
    """(number, title) of open tasks."""
    rows = await reader.fetch(_COMPLETE, (workspace_id, limit))
    return [(row["number"], row["title"]) for row in rows]


async def save(tx: Transaction, workspace_id: int, task: RepairTask) -> None:
    """Write the task and what it waits for."""
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
        ),
    )
    await tx.execute_many(_INSERT_ORDER, [(workspace_id, task.number, number) for number in task.after])


def _task(row: Row, order: list[Row]) -> RepairTask:
    return RepairTask(
        number=row["number"],
        report_number=row["report_number"],
        title=row["title"],
        state=TaskState(row["state"]),
        owner=row["owner"],
        due=when_from(row["due_precision"], row["due_at"], row["due_net"]),
        days=row["days"],
        progress=row["progress"],
        after=tuple(other["after_number"] for other in order if other["task_number"] == row["number"]),
        note=row["note"],
        done_at=from_us_or_none(row["done_at"]),
        done_by=row["done_by"],
    )
