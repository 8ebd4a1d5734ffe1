"""The one place that knows the database driver: connections, transactions, and what driver errors mean.

One writer connection behind a lock, reader connections beside it. A write is one function run in one transaction to its end,
shielded from its caller's cancellation; any error rolls back all of it. Nothing here knows a table.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiosqlite

from domain.errors import Unavailable

T = TypeVar("T")
Row = sqlite3.Row
Value = str | int | float | bytes | None
Params = Sequence[Value]
Statement = tuple[str, Params]

READERS = 2
BUSY_TIMEOUT_S = 5.0
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)


class Attend(Protocol):
    """Runs bounded work in a task of its own. The supervisor's, because only it creates tasks."""

    def __call__(self, work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
        """Start `work` and keep hold of it until it ends."""
        ...


class Reader(Protocol):
    """What storage modules may ask of a connection when they only read."""

    async def fetch(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of one statement."""
        ...

    async def fetch_batch(self, *statements: Statement) -> list[list[Row]]:
        """The rows of several statements, read from one snapshot in one trip."""
        ...


class Transaction(Reader, Protocol):
    """What storage modules may ask of a connection inside a write."""

    async def execute(self, sql: str, params: Params = ()) -> None:
        """Run one statement."""
        ...

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement for each set of parameters."""
        ...


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection with one addition: several statements in one trip to its thread (measured 3x cheaper)."""

    async def fetch(self, sql: str, params: Params = ()) -> list[Row]:
        return list(await self.execute_fetchall(sql, params))

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        if params:
            await self.executemany(sql, params)

    async def fetch_batch(self, *statements: Statement) -> list[list[Row]]:
        return await self._execute(self._fetch_batch, statements)  # type: ignore[no-any-return,no-untyped-call]

    def _fetch_batch(self, statements: Sequence[Statement]) -> list[list[Row]]:
        connection = self._conn
        if connection.in_transaction:
            return [connection.execute(sql, params).fetchall() for sql, params in statements]
        connection.execute("BEGIN")
        try:
            return [connection.execute(sql, params).fetchall() for sql, params in statements]
        finally:
            connection.execute("COMMIT")


class _Tx:
    """A write transaction's face: the connection without its transaction control."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, params: Params = ()) -> list[Row]:
        return await self._connection.fetch(sql, params)

    async def fetch_batch(self, *statements: Statement) -> list[list[Row]]:
        return await self._connection.fetch_batch(*statements)

    async def execute(self, sql: str, params: Params = ()) -> None:
        await self._connection.execute_fetchall(sql, params)

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        await self._connection.execute_many(sql, params)


class Database:
    """An open database. Made with `open_database`, which also closes it."""

    def __init__(self, writer: _Connection, readers: Sequence[_Connection], attend: Attend) -> None:
        self._writer = writer
        self._write_lock = asyncio.Lock()
        self._readers: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._attend = attend

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction and return what it returns, committed.

        If the caller is cancelled, the transaction still runs to its end. Raises Unavailable when the database is busy for
        longer than BUSY_TIMEOUT_S, full, or failing; nothing was changed then.
        """
        return await asyncio.shield(self._attend(self._transact(work)))

    async def read(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Run `work` on a reader connection. Each statement (or batch) sees one committed state."""
        reader = await self._readers.get()
        try:
            with _translated():
                return await work(reader)
        finally:
            self._readers.put_nowait(reader)

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._write_lock:
            with _translated():
                try:
                    await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                    result = await work(_Tx(self._writer))
                    await self._writer.execute_fetchall("COMMIT")
                except BaseException:
                    # Queued behind whatever statement is still running, and nothing where no transaction is open.
                    await self._writer.rollback()
                    raise
                return result


@contextlib.asynccontextmanager
async def open_database(
    path: Path, attend: Attend, *, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> AsyncIterator[Database]:
    """Open the database file (made 0600 if new) with one writer and READERS readers; close all of them at the end.

    A lock that another process holds is waited for `busy_timeout_s`. The schema is the caller's affair: see `storage.migrations`.
    """
    await asyncio.to_thread(_prepare_file, path)
    async with contextlib.AsyncExitStack() as stack:
        with _translated():
            writer = await stack.enter_async_context(_connection(path, busy_timeout_s))
            readers = [await stack.enter_async_context(_connection(path, busy_timeout_s)) for _ in range(READERS)]
            for reader in readers:
                await reader.execute_fetchall("PRAGMA query_only = ON")
        database = Database(writer, readers, attend)
        try:
            yield database
        finally:
            async with database._write_lock:  # noqa: SLF001 - a write under way ends before the connections close
                pass


def _prepare_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


@contextlib.asynccontextmanager
async def _connection(path: Path, busy_timeout_s: float) -> AsyncIterator[_Connection]:
    connection = _Connection(
        lambda: sqlite3.connect(path, isolation_level=None, timeout=busy_timeout_s, check_same_thread=False), 64
    )
    async with connection:
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            await connection.execute_fetchall(pragma)
        yield connection


@contextlib.contextmanager
def _translated() -> Any:
    """Turn driver errors that a member can only wait out into Unavailable; everything else is a fault of ours and passes."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Unavailable("database_busy") from error
        if code.startswith("SQLITE_FULL"):
            raise Unavailable("disk_full") from error
        if code.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise Unavailable("database_failing", detail=code) from error
        raise
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise Unavailable("database_damaged", detail=code) from error
        raise
