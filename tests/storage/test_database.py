"""The promises of the one place that knows the driver: all or nothing, one after the other, never a half-told story."""

import asyncio
import contextlib
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from domain.damage import Severity
from domain.errors import Conflict, Unavailable
from storage import damage, missions, people, workspaces
from storage import database as database_module
from storage.database import Database, Reader, Transaction, open_database
from storage.migrations import upgrade
from tests.storage import rows
from tests.storage.opening import NOW, attend, opened


class Broken(Exception):  # noqa: N818
    """Whatever a work function may raise."""


async def names(database: Database) -> list[str]:
    async def read(reader: Reader) -> list[str]:
        return [row["name"] for row in await reader.fetch("SELECT name FROM people ORDER BY id")]

    return await database.read(read)


async def enter(tx: Transaction, *person_ids: int) -> None:
    for person_id in person_ids:
        await people.insert(tx, 1, replace(rows.MIKAEV, id=person_id, name=f"Cosmonaut {person_id}", also=()))


async def add(tx: Transaction, number: int) -> int:
    await enter(tx, number)
    return number


@pytest.fixture
async def house(database: Database) -> Database:
    async def set_up(tx: Transaction) -> None:
        await workspaces.insert(tx, rows.WORKSPACE, NOW, "0")

    await database.write(set_up)
    return database


@pytest.mark.parametrize("error", [Broken, KeyboardInterrupt, asyncio.CancelledError, AssertionError])
async def test_a_failing_work_function_leaves_nothing_behind(house: Database, error: type[BaseException]) -> None:
    async def work(tx: Transaction) -> None:
        await enter(tx, 1, 2)
        raise Broken if error is KeyboardInterrupt else error

    with pytest.raises(Broken if error is KeyboardInterrupt else error):
        await house.write(work)
    assert await names(house) == []
    await house.write(lambda tx: enter(tx, 3))
    assert await names(house) == ["Cosmonaut 3"]


async def test_a_failing_statement_takes_the_ones_before_it_along(house: Database) -> None:
    async def work(tx: Transaction) -> None:
        await enter(tx, 1)
        await enter(tx, 1)

    with pytest.raises(sqlite3.IntegrityError):
        await house.write(work)
    assert await names(house) == []


async def test_a_write_goes_on_to_its_end_when_its_caller_is_cancelled(house: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()

    async def work(tx: Transaction) -> None:
        await enter(tx, 1)
        begun.set()
        assert may_end.wait(10)
        await enter(tx, 2)

    caller = asyncio.create_task(house.write(work))
    await asyncio.to_thread(begun.wait, 10)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await names(house) == []
    may_end.set()
    await house.write(lambda tx: enter(tx, 3))
    assert await names(house) == ["Cosmonaut 1", "Cosmonaut 2", "Cosmonaut 3"]


async def test_a_write_that_fails_after_its_caller_was_cancelled_is_heard_of(house: Database) -> None:
    async def fail(_tx: Transaction) -> None:
        raise Broken

    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context["exception"]))
    async with writer_held(house):
        caller = asyncio.create_task(house.write(fail))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
    await house.write(lambda tx: enter(tx, 1))
    assert [type(error) for error in heard] == [Broken]


async def test_writes_that_come_while_others_are_written_are_all_made(house: Database) -> None:
    async def several(start: int) -> list[int]:
        return [await house.write(partial(add, number=number)) for number in range(start, start + 5)]

    done = await asyncio.gather(*(several(start) for start in range(10, 700, 10)))
    assert done == [list(range(start, start + 5)) for start in range(10, 700, 10)]
    assert len(await names(house)) == 69 * 5


async def test_once_the_database_is_closed_a_write_says_so_at_once(path: Path) -> None:
    async with opened(path) as database:
        await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
    for number in (1, 2):
        with pytest.raises(ValueError, match="closed"):
            await database.write(partial(add, number=number))


@pytest.mark.parametrize("turns", range(12))
async def test_a_write_that_is_itself_stopped_at_any_moment_is_all_or_nothing(path: Path, turns: int) -> None:
    started: list[asyncio.Task[object]] = []

    def attend_and_tell(work):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        started.append(attend(work))
        return started[-1]

    await upgrade(path, backup_dir=path.parent / "backups", now=NOW)
    async with open_database(path, attend_and_tell) as database:
        await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
        caller = asyncio.create_task(database.write(lambda tx: enter(tx, 1, 2, 3)))
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in started[1:]:
            task.cancel()
        caller.cancel()
        await asyncio.wait([caller, *started[1:]])
        assert len(await names(database)) in {0, 3}
        await database.write(lambda tx: enter(tx, 4))
        assert (await names(database))[-1] == "Cosmonaut 4"


async def test_two_writers_follow_each_other_and_neither_sees_half_of_the_other(house: Database) -> None:
    seen: list[int] = []

    async def count_and_add(tx: Transaction) -> None:
        found = await tx.fetch("SELECT COUNT(*) AS n FROM people")
        seen.append(found[0]["n"])
        await enter(tx, found[0]["n"] * 2 + 1, found[0]["n"] * 2 + 2)

    await asyncio.gather(*(house.write(count_and_add) for _ in range(6)))
    assert seen == [0, 2, 4, 6, 8, 10]


@contextlib.asynccontextmanager
async def writer_held(house: Database) -> AsyncIterator[None]:
    """What is written inside waits for the writer together, and is let go at the end."""
    held, may_end = threading.Event(), threading.Event()

    async def hold(_tx: Transaction) -> None:
        held.set()
        assert may_end.wait(10)

    holding = asyncio.create_task(house.write(hold))
    await asyncio.to_thread(held.wait, 10)
    try:
        yield
        await asyncio.sleep(0.01)
    finally:
        may_end.set()
        await holding


async def test_of_writes_that_are_committed_together_each_is_all_or_nothing_by_itself(house: Database) -> None:
    async def fail(tx: Transaction) -> None:
        await enter(tx, 3, 4)
        raise Broken

    works: list[Callable[[Transaction], Awaitable[int | None]]] = [
        partial(add, number=1),
        fail,
        partial(add, number=2),
        lambda tx: enter(tx, 1),
        partial(add, number=5),
    ]
    async with writer_held(house):
        writing = asyncio.gather(*(house.write(work) for work in works), return_exceptions=True)
        await asyncio.sleep(0)
    first, broken, second, twice, last = await writing
    assert [first, second, last] == [1, 2, 5]
    assert isinstance(broken, Broken)
    assert isinstance(twice, sqlite3.IntegrityError)
    assert await names(house) == ["Cosmonaut 1", "Cosmonaut 2", "Cosmonaut 5"]


async def test_a_disk_that_is_full_undoes_no_more_than_it_says(house: Database) -> None:
    async def fill_up(tx: Transaction) -> None:
        pages = (await tx.fetch("PRAGMA page_count"))[0][0]
        await tx.fetch(f"PRAGMA max_page_count = {pages + 2}")
        await enter(tx, *range(2, 2000))

    async with writer_held(house):
        writing = asyncio.gather(house.write(lambda tx: enter(tx, 1)), house.write(fill_up), return_exceptions=True)
        await asyncio.sleep(0)
    before, full = await writing
    assert isinstance(full, Unavailable)
    assert await names(house) == ([] if isinstance(before, Unavailable) else ["Cosmonaut 1"])


async def test_when_the_commit_fails_all_that_shared_it_are_told(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_and_break(connection: sqlite3.Connection, one: database_module._Write) -> None:
        real(connection, one)
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute(
            "INSERT INTO report_evidence (workspace_id, report_number, sha256, position) VALUES (1, 99, 'x', 0)"
        )

    real = database_module._Connection._write_one
    async with writer_held(house):
        writing = asyncio.gather(
            *(house.write(partial(add, number=number)) for number in (1, 2)), return_exceptions=True
        )
        await asyncio.sleep(0)
        monkeypatch.setattr(database_module._Connection, "_write_one", staticmethod(run_and_break))
    assert [type(error) for error in await writing] == [sqlite3.IntegrityError] * 2
    monkeypatch.undo()
    assert await names(house) == []
    await house.write(lambda tx: enter(tx, 3))
    assert await names(house) == ["Cosmonaut 3"]


async def test_what_was_refused_by_itself_stays_refused_though_the_commit_it_shared_fails(house: Database) -> None:
    async def refuse(_tx: Transaction) -> None:
        raise Conflict("already_done")

    async def break_the_commit(tx: Transaction) -> None:
        await tx.execute("PRAGMA defer_foreign_keys = ON")
        await tx.execute(
            "INSERT INTO report_evidence (workspace_id, report_number, sha256, position) VALUES (1, 99, 'x', 0)"
        )

    async with writer_held(house):
        writing = asyncio.gather(house.write(refuse), house.write(break_the_commit), return_exceptions=True)
        await asyncio.sleep(0)
    assert [type(error) for error in await writing] == [Conflict, sqlite3.IntegrityError]


async def test_a_reader_never_sees_what_is_not_committed(house: Database) -> None:
    written, may_end = threading.Event(), threading.Event()

    async def work(tx: Transaction) -> int:
        await enter(tx, 1)
        written.set()
        assert may_end.wait(10)
        return len(await tx.fetch("SELECT id FROM people"))

    writing = asyncio.create_task(house.write(work))
    await asyncio.to_thread(written.wait, 10)
    assert await names(house) == []
    may_end.set()
    assert await writing == 1
    assert await names(house) == ["Cosmonaut 1"]


async def test_a_batch_is_read_from_one_state_though_a_write_is_committed_in_between(house: Database) -> None:
    in_between, committed = threading.Event(), threading.Event()

    def stop_here() -> int:
        in_between.set()
        assert committed.wait(10)
        return 1

    async def read(reader: Reader) -> list[int]:
        reader._connection.create_function("stop_here", 0, stop_here)  # type: ignore[attr-defined]
        count = "SELECT COUNT(*) AS n FROM people"
        batch = await reader.fetch_batch((count, ()), ("SELECT stop_here() AS n", ()), (count, ()))
        return [rows_of[0]["n"] for rows_of in batch]

    reading = asyncio.create_task(house.read(read))
    await asyncio.to_thread(in_between.wait, 10)
    await house.write(lambda tx: enter(tx, 1))
    committed.set()
    assert await reading == [0, 1, 0]
    assert await names(house) == ["Cosmonaut 1"]


async def test_a_question_of_several_statements_is_answered_from_one_state(house: Database) -> None:
    counted, committed = threading.Event(), threading.Event()

    async def read(reader: Reader) -> list[int]:
        before = await reader.fetch("SELECT COUNT(*) AS n FROM people")
        counted.set()
        assert committed.wait(10)
        return [before[0]["n"], (await reader.fetch("SELECT COUNT(*) AS n FROM people"))[0]["n"]]

    reading = asyncio.create_task(house.read(read))
    await asyncio.to_thread(counted.wait, 10)
    await house.write(lambda tx: enter(tx, 1))
    committed.set()
    assert await reading == [0, 0]
    assert await names(house) == ["Cosmonaut 1"]


async def test_a_reader_cannot_write(house: Database) -> None:
    async def sneak(reader: Reader) -> None:
        await reader.fetch("DELETE FROM workspaces")

    with pytest.raises(Unavailable) as refusal:
        await house.read(sneak)
    assert refusal.value.code == "database_failing"
    assert await house.read(lambda reader: workspaces.load(reader, 1)) is not None


async def test_work_that_waits_for_something_else_is_a_fault_and_changes_nothing(house: Database) -> None:
    async def wait(tx: Transaction) -> None:
        await enter(tx, 1)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else"):
        await house.write(wait)
    assert await names(house) == []
    with pytest.raises(RuntimeError, match="something else"):
        await house.read(lambda _: asyncio.sleep(0))


async def test_more_questions_than_readers_are_all_answered(house: Database) -> None:
    await house.write(lambda tx: enter(tx, 1))
    assert await asyncio.gather(*(names(house) for _ in range(20))) == [["Cosmonaut 1"]] * 20


async def test_a_full_disk_is_said_so_and_changes_nothing(house: Database) -> None:
    async def fill_up(tx: Transaction) -> None:
        pages = (await tx.fetch("PRAGMA page_count"))[0][0]
        await tx.fetch(f"PRAGMA max_page_count = {pages + 2}")
        await enter(tx, *range(2, 2000))

    await house.write(lambda tx: enter(tx, 1))
    with pytest.raises(Unavailable) as refusal:
        await house.write(fill_up)
    assert refusal.value.code == "disk_full"
    assert await names(house) == ["Cosmonaut 1"]


async def test_a_database_that_another_process_holds_is_busy_and_nothing_was_changed(path: Path) -> None:
    async with opened(path, busy_timeout_s=0) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable) as refusal:
                await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
            assert refusal.value.code == "database_busy"
            other.execute("ROLLBACK")
        assert await database.read(lambda reader: workspaces.load(reader, 1)) is None
        await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))


async def test_foreign_keys_hold(house: Database) -> None:
    report = replace(rows.REPORT, pad_id=999, evidence=(), severity=Severity.MINOR)
    with pytest.raises(sqlite3.IntegrityError):
        await house.write(lambda tx: damage.insert_report(tx, 1, report))
    with pytest.raises(sqlite3.IntegrityError):
        await house.write(lambda tx: missions.save(tx, 1, replace(rows.MS_28, crew=(), events=(), station_id=None)))


async def test_a_second_open_event_of_a_kind_does_not_get_past_the_database(house: Database) -> None:
    from domain.missions import Event, EventKind, EventState
    from domain.when import UNKNOWN

    launches = tuple(Event(n, EventKind.LAUNCH, EventState.PLANNED, UNKNOWN) for n in (1, 2))
    twice = replace(rows.MS_28, crew=(), events=launches, station_id=None, pad_id=None)
    with pytest.raises(sqlite3.IntegrityError):
        await house.write(lambda tx: missions.save(tx, 1, twice))


async def test_connections_are_closed_at_the_end_and_a_write_under_way_ends_first(path: Path) -> None:
    threads_before = set(threading.enumerate())
    connections: list[threading.Thread] = []
    begun = threading.Event()

    async def work(tx: Transaction) -> None:
        begun.set()
        for person_id in range(1, 30):
            await enter(tx, person_id)

    with suppress(Broken):
        async with opened(path) as database:
            await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
            writing = asyncio.create_task(database.write(work))
            await asyncio.to_thread(begun.wait, 10)
            started = set(threading.enumerate()) - threads_before
            connections += [thread for thread in started if not thread.name.startswith("asyncio")]
            raise Broken
    await writing
    assert len(connections) == 3, "one writer and two readers, each with a thread of its own"
    for thread in connections:
        thread.join(10)
        assert not thread.is_alive()
    async with opened(path) as again:
        assert len(await names(again)) == 29


async def test_the_files_belong_to_their_owner_alone(path: Path) -> None:
    async with opened(path) as database:
        await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"gantry.db": 0o600, "gantry.db-wal": 0o600, "gantry.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_damaged_file_is_said_to_be_damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is not a database, and never was one" * 100)
    with pytest.raises(Unavailable) as refusal:
        async with open_database(path, attend):
            pass
    assert refusal.value.code == "database_damaged"


async def test_what_is_committed_is_there_after_opening_again(path: Path) -> None:
    async with opened(path) as database:
        await database.write(rows.fill)
    async with opened(path) as again:
        assert await again.read(lambda reader: missions.load(reader, 1, 40)) == rows.MS_28
