"""The one place that knows the database driver: connections, transactions, and what driver errors mean.

One writer connection, reader connections beside it, each with a thread of its own. A question or a write is one function that
runs on that thread from its beginning to its end, whatever becomes of its caller; an error rolls back all of a write. Nothing
here knows a table.
"""

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
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
STATEMENTS_KEPT = 512
"""So many prepared statements are kept by each connection: more than the house has, so that none is prepared twice."""
TOGETHER_MAX = 32
"""So many writes share one commit: the first of them waits for the last."""

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
        """The rows of several statements."""
        ...


class Transaction(Reader, Protocol):
    """What storage modules may ask of a connection inside a write."""

    async def execute(self, sql: str, params: Params = ()) -> None:
        """Run one statement."""
        ...

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement for each set of parameters."""
        ...


class _Session:
    """What work sees of a connection. It lives on the connection's thread and runs each statement at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, params: Params = ()) -> list[Row]:
        return self._connection.execute(sql, params).fetchall()

    async def fetch_batch(self, *statements: Statement) -> list[list[Row]]:
        return [self._connection.execute(sql, params).fetchall() for sql, params in statements]

    async def execute(self, sql: str, params: Params = ()) -> None:
        self._connection.execute(sql, params).fetchall()

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        self._connection.executemany(sql, params)


@dataclass(slots=True)
class _Write:
    """A write that waits for its turn, who waits for it (`told`), and what became of it: committed with its result, or undone."""

    work: Callable[[Transaction], Awaitable[Any]]
    told: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Say to who waits what became of it. When nobody does any more, an error is still heard of."""
        if self.told.done():
            if self.error is not None:
                said = "a write failed for which nobody waits any more"
                self.told.get_loop().call_exception_handler({"message": said, "exception": self.error})
        elif self.error is not None:
            self.told.set_exception(self.error)
        else:
            self.told.set_result(self.result)


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection with one addition: whole work in one trip to its thread. A trip is dearer than most statements.

    `under_way` is how many questions wait there or run. Writes that wait together are committed together: each is undone by itself
    when it fails, but the disk is waited for once, and the event loop is woken once.
    """

    under_way = 0

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, 64)

    async def read(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        self.under_way += 1
        try:
            return await self._execute(self._read, work)  # type: ignore[no-any-return,no-untyped-call]
        finally:
            self.under_way -= 1

    async def write(self, waiting: deque[_Write]) -> None:
        """Run every write that waits, and those that come meanwhile. Each is told as soon as it is committed or undone."""
        loop = asyncio.get_running_loop()
        await self._execute(  # type: ignore[no-untyped-call]
            self._write, waiting, lambda writes: loop.call_soon_threadsafe(_tell, writes)
        )

    def _read(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        connection = self._conn
        try:
            connection.execute("BEGIN")
            return _result_of(work(_Session(connection)))
        finally:
            connection.rollback()

    def _write(self, waiting: deque[_Write], tell: Callable[[Sequence[_Write]], object]) -> None:
        while writes := _taken(waiting):
            try:
                self._write_together(writes)
            finally:
                tell(writes)

    def _write_together(self, writes: Sequence[_Write]) -> None:
        """Run these in one transaction. When that fails as a whole, all of them fail alike."""
        connection = self._conn
        try:
            connection.execute("BEGIN IMMEDIATE")
            for one in writes:
                self._write_one(connection, one)
            connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - raised where each of them is waited for
            for one in writes:
                one.error = one.error or error  # what was refused by itself stays refused
            connection.rollback()  # nothing where no transaction is open

    @staticmethod
    def _write_one(connection: sqlite3.Connection, one: _Write) -> None:
        connection.execute("SAVEPOINT one")
        try:
            one.result = _result_of(one.work(_Session(connection)))
        except BaseException as error:
            if not connection.in_transaction:
                raise  # a full disk: the engine has undone what came before it as well
            connection.execute("ROLLBACK TO one")
            one.error = error
        connection.execute("RELEASE one")


class Database:
    """An open database. Made with `open_database`, which also closes it."""

    def __init__(self, writer: _Connection, readers: Sequence[_Connection], attend: Attend) -> None:
        self._writer = writer
        self._readers = readers
        self._attend = attend
        self._waiting: deque[_Write] = deque()
        self._carrier: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` all or nothing and return what it returns, committed. Writes follow each other in the order they came.

        `work` runs on the database's thread and may wait for nothing but its transaction. If the caller is cancelled, it
        still runs to its end. Raises Unavailable when the database is busy for longer than BUSY_TIMEOUT_S, full, or failing;
        nothing was changed then.
        """
        own = _Write(work, asyncio.get_running_loop().create_future())
        self._waiting.append(own)
        if self._carrier is None:
            self._carry()
        with TRANSLATED:
            return await own.told  # type: ignore[no-any-return]

    async def read(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Run `work` on the reader connection that has least to do. All of it sees one committed state.

        `work` runs on the database's thread and may wait for nothing but its reader.
        """
        reader = min(self._readers, key=lambda one: one.under_way)
        with TRANSLATED:
            return await reader.read(work)

    def _carry(self) -> None:
        self._carrier = self._attend(self._writer.write(self._waiting))
        self._carrier.add_done_callback(self._carried)

    def _carried(self, carrier: "asyncio.Task[None]") -> None:
        """What came too late for one trip has the next. A stop, or a connection that is closed, ends waiting."""
        self._carrier = None
        if not carrier.cancelled() and carrier.exception() is None:
            if self._waiting:
                self._carry()
            return
        while self._waiting:
            left = self._waiting.popleft()
            left.error = asyncio.CancelledError() if carrier.cancelled() else carrier.exception()
            left.tell()


@contextlib.asynccontextmanager
async def open_database(
    path: Path, attend: Attend, *, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> AsyncIterator[Database]:
    """Open the database file (made 0600 if new) with one writer and READERS readers; close all of them at the end.

    A lock that another process holds is waited for `busy_timeout_s`. The schema is the caller's affair: see `storage.migrations`.
    """
    await asyncio.to_thread(_prepare_file, path)
    async with contextlib.AsyncExitStack() as stack:
        with TRANSLATED:
            writer = await stack.enter_async_context(_connection(path, busy_timeout_s))
            readers = [await stack.enter_async_context(_connection(path, busy_timeout_s)) for _ in range(READERS)]
            for reader in readers:
                await reader.execute_fetchall("PRAGMA query_only = ON")
        # Closing waits its turn on each thread: what is under way there ends first.
        yield Database(writer, readers, attend)


def _taken(waiting: deque[_Write]) -> list[_Write]:
    """The next writes that go together. A stop may empty the queue from the loop's thread meanwhile."""
    writes: list[_Write] = []
    with contextlib.suppress(IndexError):
        while len(writes) < TOGETHER_MAX:
            writes.append(waiting.popleft())
    return writes


def _tell(writes: Sequence[_Write]) -> None:
    for one in writes:
        one.tell()


def _prepare_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


@contextlib.asynccontextmanager
async def _connection(path: Path, busy_timeout_s: float) -> AsyncIterator[_Connection]:
    connection = _Connection(
        lambda: sqlite3.connect(
            path,
            isolation_level=None,
            timeout=busy_timeout_s,
            check_same_thread=False,
            cached_statements=STATEMENTS_KEPT,
        )
    )
    async with connection:
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            await connection.execute_fetchall(pragma)
        yield connection


def _result_of(work: Awaitable[T]) -> T:
    """What work returns that never really waits. Raises RuntimeError when it does: on this thread nobody would wake it."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    steps.close()
    raise RuntimeError("inside a transaction something else than the database was waited for")


class _Translated:
    """Turns driver errors that a member can only wait out into Unavailable; everything else is a fault of ours and passes."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.DatabaseError):
            _translate(error)


TRANSLATED = _Translated()


def _translate(error: sqlite3.DatabaseError) -> None:
    code = getattr(error, "sqlite_errorname", "") or ""
    if isinstance(error, sqlite3.OperationalError):
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Unavailable("database_busy") from error
        if code.startswith("SQLITE_FULL"):
            raise Unavailable("disk_full") from error
        if code.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise Unavailable("database_failing", detail=code) from error
    elif code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        raise Unavailable("database_damaged", detail=code) from error
