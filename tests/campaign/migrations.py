"""Row 17: killed (SIGKILL) before each statement of each migration, from BEGIN to COMMIT, and in the middle of the backup.

The schema that is found is the old one or the new one, never one between; the next start completes it, and its rows are there.
Where a migration had begun there is a backup, and what is named as a backup is whole. COUNT is for each point.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from storage.migrations import runner
from storage.migrations.runner import Migration, known_migrations
from tests.campaign.outcome import Outcome, Row
from tests.wire.books import Finding
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.migration_deaths import BACKUP, crash_at

_BEFORE = datetime(2025, 11, 27, 18, tzinfo=UTC)
_PRAGMAS = 2
_AROUND = 4
"""What is executed once before all migrations, and with each beside its own statements: BEGIN, own table, record, COMMIT."""

_KILLED = -9
_PEOPLE = 200
_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
_ROWS = "SELECT id, name FROM people ORDER BY id"
_WORKSPACE = """
INSERT INTO workspaces (id, ops_channel_id, zone, morning_hour, created_at, last_id, last_report_number, last_task_number,
                        journal_seq, journal_mac) VALUES (1, 2, 'UTC', 9, 0, 0, 0, 0, 0, '0')
"""


@dataclass(frozen=True, slots=True)
class _Point:
    """A database of `version` is brought up to date and dies before statement number `statement`, or in its backup."""

    version: int
    statement: int

    @property
    def name(self) -> str:
        """What is printed."""
        where = "in the backup" if self.statement == BACKUP else f"before statement {self.statement}"
        return f"schema {self.version}, {where}"


def _points() -> Iterator[_Point]:
    """From nothing, every statement of all migrations; from each version, every statement of the next one, and the backup."""
    known = known_migrations()
    sizes = [len(list(migration.statements())) + _AROUND for migration in known]
    yield from (_Point(0, number) for number in range(1, _PRAGMAS + sum(sizes) + 1))
    for version, size in enumerate(sizes[1:], 1):
        yield _Point(version, BACKUP)
        yield from (_Point(version, number) for number in range(1, _PRAGMAS + size + 1))


_POINTS = tuple(_points())
CASES = tuple(point.name for point in _POINTS)


async def run(_wire: Wire, start: Start, seed: int) -> Outcome:
    """Make a database of that version, kill its migration there, look at it, migrate it to the end."""
    point, known = _POINTS[seed % len(_POINTS)], known_migrations()
    first = await start("db", "status")
    await first.ended()
    path, backups = first.database, first.folder / "data" / "backups"
    _make(path, known[: point.version])
    died = await start("db", "upgrade", crash_at=crash_at(point.statement))
    code = await died.ended()
    found = [] if code == _KILLED else [f"it was to be killed and ended with {code}: {died.said()}"]
    found += [*_between(path, known), *_backups(backups, point, known)]
    again = await start("db", "upgrade")
    if await again.ended():
        found.append(f"the next start could not complete it: {again.said()}")
    if _content(path)[0] != _schema_of(len(known)) or len(_content(path)[1]) != (_PEOPLE if point.version else 0):
        found.append("after the next start the schema or the rows are not what they were to be")
    found += _backups(backups, point, known)
    return Outcome(point.name, 1, tuple(Finding("other", text) for text in found))


def _make(path: Path, migrations: Sequence[Migration]) -> None:
    """A database of an older Gantry, with something in it. Nothing when there was none."""
    if not migrations:
        return
    runner._upgrade(path, path.parent / "none", _BEFORE, tuple(migrations))
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute(_WORKSPACE)
        file.executemany(
            "INSERT INTO people (workspace_id, id, name) VALUES (1, ?, ?)",
            [(number, f"Cosmonaut {number}") for number in range(_PEOPLE)],
        )


def _content(path: Path) -> tuple[Any, Any]:
    """Its schema, and the rows that were put there."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        schema = tuple(file.execute(_SCHEMA).fetchall())
        return schema, tuple(file.execute(_ROWS).fetchall() if any(name == "people" for name, _ in schema) else ())


@cache
def _schema_of(version: int) -> Any:
    """The schema of a version as an undisturbed migration makes it."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        for migration in known_migrations()[:version]:
            runner._apply(file, migration, _BEFORE)
        return tuple(file.execute(_SCHEMA).fetchall())


def _between(path: Path, known: Sequence[Migration]) -> list[str]:
    """What is wrong with the database as the dead process left it: it must have some version's schema, and say which."""
    if not path.exists():
        return []
    schema, _ = _content(path)
    version = runner._status(path, tuple(known)).version
    found = [] if schema == _schema_of(version) else [f"the schema is not that of version {version}"]
    with contextlib.closing(sqlite3.connect(path)) as file:
        said = [row[0] for row in file.execute("PRAGMA integrity_check")]
    return found if said == ["ok"] else [*found, f"the database is damaged: {said}"]


def _backups(folder: Path, point: _Point, known: Sequence[Migration]) -> list[str]:
    """What is wrong with the backups: each must be whole, and there must be one where a migration has begun."""
    kept = sorted(folder.glob("*.db")) if folder.exists() else []
    found = []
    for one in kept:
        _, rows = _content(one)
        version = runner._status(one, tuple(known)).version
        if version < max(point.version, 1) or len(rows) != (_PEOPLE if point.version else 0) or _between(one, known):
            found.append(f"{one.name} is no whole backup")
    if point.version and point.statement != BACKUP and not kept:
        found.append("there is no backup")
    return found


ROW = Row(17, "migration killed before each statement, and in its backup", run, CASES, each=True)
