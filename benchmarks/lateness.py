"""How late reminders are that come due one after another, a hundred a second: from the instant to the commit of the outbox row.

Ours is the timekeeper with its own scheduler and passes, over the desks, on the machine's clock. Against it stands the least that
would do: a loop that sleeps until the next is due and hands plain sqlite3 to a thread.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks import plain_firing
from benchmarks.waiting import WORKSPACE
from bot import application
from bot.clock import SystemClock
from bot.timekeeper import Timekeeper
from services.desks import Desks
from storage.database import Database
from storage.rows import from_us, to_us

PER_S = 100
BEGINS_IN = timedelta(seconds=1)

CLOCK = SystemClock()
"""The machine's."""
_MOVE = "UPDATE reminders SET due_at = ? WHERE workspace_id = ? AND id = ?"
_FIRED = "SELECT settled_at, due_at FROM reminders WHERE workspace_id = ? AND id BETWEEN ? AND ? AND state = 'posted'"


@dataclass
class Commits:
    """The bells that our desks ring: the courier's tells when a firing was committed."""

    timekeeper: asyncio.Event
    at: list[datetime] = field(default_factory=list)

    def ring_courier(self) -> None:
        """Note the instant."""
        self.at.append(CLOCK.now())

    def ring_timekeeper(self) -> None:
        """Wake the timekeeper."""
        self.timekeeper.set()


async def ours(
    path: Path, reminder_ids: range, open_desks_with: Callable[[Commits], tuple[Database, Desks]]
) -> list[float]:
    """How late each of these was, in ms, when the timekeeper fires them."""
    commits = Commits(asyncio.Event())
    database, desks = open_desks_with(commits)
    ends_at = await asyncio.to_thread(_come_due, path, reminder_ids)
    timekeeper = Timekeeper(
        CLOCK,
        CLOCK,
        fire=partial(application._fire_due, desks),  # noqa: SLF001 - a pass as the application makes it
        next_due=partial(database.read, application._next_due_at),  # noqa: SLF001
        bell=commits.timekeeper,
        after_pass=lambda: None,
    )
    running = asyncio.create_task(timekeeper.run())
    await _until(ends_at, lambda: _fired(path, reminder_ids))
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return _lateness_ms(_fired(path, reminder_ids), commits.at)


async def plain(path: Path, reminder_ids: range) -> list[float]:
    """How late each of these was, in ms, when a loop fires them with plain sqlite3 in a thread."""
    commits: list[datetime] = []
    connection = plain_firing.open_plain(str(path))
    ends_at = await asyncio.to_thread(_come_due, path, reminder_ids)
    loop = asyncio.get_running_loop()
    with contextlib.closing(connection), ThreadPoolExecutor(1) as thread:
        due_us = await loop.run_in_executor(thread, plain_firing.next_due_us, connection)
        while due_us is not None and due_us <= to_us(ends_at):
            await asyncio.sleep(max((from_us(due_us) - CLOCK.now()).total_seconds(), 0))
            if await loop.run_in_executor(thread, plain_firing.fire, connection, CLOCK.now()):
                commits.append(CLOCK.now())
            due_us = await loop.run_in_executor(thread, plain_firing.next_due_us, connection)
    return _lateness_ms(_fired(path, reminder_ids), commits)


def _come_due(path: Path, reminder_ids: range) -> datetime:
    """Let these come due one after another, beginning soon; returns when the last does."""
    begins_at, step = CLOCK.now() + BEGINS_IN, timedelta(seconds=1) / PER_S
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        due = [
            (to_us(begins_at + step * number), WORKSPACE, reminder_id)
            for number, reminder_id in enumerate(reminder_ids)
        ]
        connection.executemany(_MOVE, due)
    return begins_at + step * (len(reminder_ids) - 1)


async def _until(ends_at: datetime, fired: Callable[[], Sequence[tuple[int, int]]]) -> None:
    await asyncio.sleep((ends_at - CLOCK.now()).total_seconds())
    before = -1
    while (count := len(fired())) > before:  # nothing more came in the last half second
        before = count
        await asyncio.sleep(0.5)


def _fired(path: Path, reminder_ids: range) -> list[tuple[int, int]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(_FIRED, (WORKSPACE, reminder_ids.start, reminder_ids.stop - 1)).fetchall()


def _lateness_ms(fired: Sequence[tuple[int, int]], commits_at: Sequence[datetime]) -> list[float]:
    """Each firing writes one instant to all its reminders, and is committed before the next."""
    assert fired
    firings = sorted({settled_us for settled_us, _ in fired})
    assert len(firings) == len(commits_at), f"{len(firings)} firings and {len(commits_at)} commits"
    committed_at = dict(zip(firings, commits_at, strict=True))
    return [(committed_at[settled_us] - from_us(due_us)) / timedelta(milliseconds=1) for settled_us, due_us in fired]
