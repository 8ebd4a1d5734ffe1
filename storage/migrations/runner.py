"""Applies the numbered SQL files of this folder. It knows no table but its own, and no SQL but what is in the files."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from domain.errors import Unavailable
from storage.database import BUSY_TIMEOUT_S, TRANSLATED
from storage.rows import to_us

_OWN_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT
"""
_HAS_OWN_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
_APPLIED = "SELECT number, name, checksum FROM schema_migrations ORDER BY number"
_PARTIAL = ".partial"
_RECORD = "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 (hex) of the file's text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def statements(self) -> Iterator[str]:
        """The file's statements, one by one, so that they run inside our transaction."""
        pending = ""
        for line in self.sql.splitlines(keepends=True):
            pending += line
            if sqlite3.complete_statement(pending):
                yield pending
                pending = ""
        if pending.strip():
            yield pending  # a last statement without its semicolon is run like the others, or it would be lost in silence


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """Where a database stands: its version, the newest this Gantry knows, and the names still to be applied."""

    version: int
    newest: int
    pending: tuple[str, ...]


def known_migrations() -> tuple[Migration, ...]:
    """All migrations this Gantry carries, in order."""
    folder = files("storage.migrations") / "sqlite"
    found = (entry for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        Migration(int(entry.name[:4]), entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
    )


async def status(path: Path) -> SchemaStatus:
    """Where the database stands. A missing file is at version 0. Raises Unavailable for a newer or altered history."""
    with TRANSLATED:
        return await asyncio.to_thread(_status, path, known_migrations())


async def upgrade(path: Path, *, backup_dir: Path, now: datetime) -> tuple[str, ...]:
    """Apply what is missing and return its names. An existing database is backed up first, into `backup_dir`.

    Raises Unavailable when that cannot be done now: the file is locked by another program, the disk is full or fails.
    """
    with TRANSLATED:
        return await asyncio.to_thread(_upgrade, path, backup_dir, now, known_migrations())


async def require_current(path: Path) -> None:
    """Raise Unavailable `schema_behind` unless nothing is left to apply."""
    found = await status(path)
    if found.pending:
        raise Unavailable("schema_behind", version=found.version, newest=found.newest)


def _status(path: Path, known: tuple[Migration, ...]) -> SchemaStatus:
    newest = known[-1].number
    if not path.exists() or not path.stat().st_size:
        return SchemaStatus(0, newest, tuple(migration.name for migration in known))
    with closing(sqlite3.connect(path)) as connection:
        applied = _applied(connection)
    _require_known_history(applied, known)
    version = max(applied, default=0)
    return SchemaStatus(version, newest, tuple(m.name for m in known if m.number not in applied))


def _upgrade(path: Path, backup_dir: Path, now: datetime, known: tuple[Migration, ...]) -> tuple[str, ...]:
    found = _status(path, known)
    if not found.pending:
        return ()
    if found.version:
        _back_up(path, backup_dir / f"{path.stem}-v{found.version}-{now:%Y%m%dT%H%M%SZ}.db")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        for migration in known:
            if migration.name in found.pending:
                _apply(connection, migration, now)
    return found.pending


def _apply(connection: sqlite3.Connection, migration: Migration, now: datetime) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_OWN_TABLE)
        for statement in migration.statements():
            connection.execute(statement)
        connection.execute(_RECORD, (migration.number, migration.name, migration.checksum, to_us(now)))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _applied(connection: sqlite3.Connection) -> dict[int, tuple[str, str]]:
    try:
        if not connection.execute(_HAS_OWN_TABLE).fetchall():
            return {}
        return {number: (name, checksum) for number, name, checksum in connection.execute(_APPLIED)}
    except sqlite3.DatabaseError as error:
        raise Unavailable("database_damaged", detail=str(error)) from error


def _require_known_history(applied: dict[int, tuple[str, str]], known: tuple[Migration, ...]) -> None:
    by_number = {migration.number: migration for migration in known}
    for number, (name, checksum) in applied.items():
        migration = by_number.get(number)
        if migration is None:
            raise Unavailable("schema_newer", version=number, newest=known[-1].number)
        if migration.checksum != checksum:
            raise Unavailable("schema_altered", name=name)


def _back_up(path: Path, target: Path) -> None:
    """Copy the database. What bears the name of a backup is whole: one that was cut short keeps another name until the next."""
    partial = target.with_name(target.name + _PARTIAL)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in target.parent.glob(f"*{_PARTIAL}"):
            left.unlink()
        partial.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        partial.replace(target)
    except OSError as error:
        raise Unavailable("data_not_writable", path=str(target), reason=error.strerror or str(error)) from error
