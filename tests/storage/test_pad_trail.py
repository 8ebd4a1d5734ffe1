"""What the journal holds of a pad comes back in order, with what is personal until that is erased, found by indexes alone."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.journal import Entry, Linked
from domain.repairs import TaskState
from storage import journal, migrations, pad_trail
from storage.database import Database, Transaction
from storage.states import dump
from tests.storage import rows

A = rows.WORKSPACE.id


async def note(tx: Transaction, seq: int, kind: str, number: int, state: object, personal: str = "{}") -> None:
    """One entry more."""
    at = rows.NOW + timedelta(minutes=seq)
    entry = Entry(A, seq, at, 77, "noted", kind, number, dump(state), None, "d" * 64)
    await journal.append(tx, Linked(entry, "m" * 64), "salt", personal)


async def filled(tx: Transaction) -> None:
    """One of everything that belongs to the pad, and a pad that is another."""
    await rows.fill(tx, A)
    await tx.execute("DELETE FROM journal_personal")
    await tx.execute("DELETE FROM journal")
    await note(tx, 2, "pad", rows.SITE_31.id, rows.SITE_31, '{"actor":"chief","reason":"wind"}')
    await note(tx, 3, "report", 1, rows.REPORT)
    blocked = replace(rows.CABIN, owner=None, blocked_by=None)
    await note(tx, 4, "repair", 2, blocked, '{"actor":"chief","owner":"crew","blocked_by":"no crane","note":"soon"}')
    await note(tx, 5, "inspection", 1, replace(rows.INSPECTION, note=None), '{"note":"sound"}')
    await note(tx, 6, "return", 1, rows.RETURN)
    await note(tx, 7, "pad", rows.SITE_31.id, replace(rows.SITE_31, restriction="ice"))
    await note(tx, 8, "pad", 999, rows.SITE_31)
    await note(tx, 9, "mission", rows.SITE_31.id, rows.MS_28)


async def test_everything_that_belongs_to_a_pad_comes_back_in_order(database: Database) -> None:
    await database.write(filled)
    found = await database.read(lambda reader: pad_trail.of_pad(reader, A, rows.SITE_31.id))
    assert [(step.seq, step.state.restriction, step.by, step.reason) for step in found.pad] == [
        (2, rows.SITE_31.restriction, "chief", "wind"),
        (7, "ice", None, None),
    ]
    assert [step.state.number for step in found.reports] == [1]
    (task,) = found.tasks
    assert (task.state.state, task.state.owner, task.state.blocked_by) == (TaskState.BLOCKED, "crew", "no crane")
    assert (task.by, task.reason, task.recorded_at) == ("chief", "soon", rows.NOW + timedelta(minutes=4))
    assert [step.reason for step in found.inspections] == ["sound"]
    assert [step.state for step in found.requests] == [rows.RETURN]


async def test_what_was_erased_is_missing_and_the_rest_is_there(database: Database) -> None:
    await database.write(filled)
    await database.write(lambda tx: tx.execute("DELETE FROM journal_personal"))
    found = await database.read(lambda reader: pad_trail.of_pad(reader, A, rows.SITE_31.id))
    (task,) = found.tasks
    assert (task.by, task.reason, task.state.owner, task.state.blocked_by) == (None, None, None, None)
    assert len(found.pad) == 2


async def test_another_workspace_sees_nothing_of_it(database: Database) -> None:
    await database.write(filled)
    found = await database.read(lambda reader: pad_trail.of_pad(reader, A + 1, rows.SITE_31.id))
    assert (found.pad, found.reports, found.tasks, found.inspections, found.requests) == ((), (), (), (), ())


async def test_the_journal_is_not_walked_through(tmp_path: Path) -> None:
    await migrations.upgrade(tmp_path / "x.db", backup_dir=tmp_path, now=datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        sql = pad_trail._OF_PAD
        plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", [1] * sql.count("?"))]
    assert [step for step in plan if step.startswith("SCAN") and step != "SCAN s"] == []
