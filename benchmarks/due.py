"""What it costs to fire 1,000 reminders among 1,000,000 that wait, and how late a steady flow of them is.

    python -m benchmarks.due [--far 1000000] [--due 1000] [--rounds 5] [--only lateness]

Firing lasts from the call to the commit of the last outbox row. Ours, plain sqlite3 and a loop that commits one row at a time take
their turns in the same database; one APScheduler job per reminder has its own. Everything stays on one core. See docs/speed.md.
"""

import argparse
import asyncio
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks import lateness, plain_firing
from benchmarks.house import attend, desks_over, p99
from benchmarks.job_each import JobEach
from benchmarks.pairs import Compared, Goal, Round, table_of
from benchmarks.waiting import HEARS, SETTLED_AT, WORKSPACE, Waiting, due_at, fill_waiting
from services.changes import Bells
from services.desks import Desks
from storage.database import Database, open_database
from storage.rows import to_us
from tests.clock import ManualClock

Fire = Callable[["_Stand"], Awaitable[float]]
_OF_GROUP = "SELECT MIN(id) AS first, COUNT(*) AS rows FROM reminders WHERE workspace_id = ? AND due_at = ?"
_WITHDRAW = "UPDATE reminders SET state = 'replanned', settled_at = 0 WHERE workspace_id = ? AND id BETWEEN ? AND ?"
_POSTED = "SELECT COUNT(*) FROM outbox WHERE channel_id = ?"


@dataclass
class _Stand:
    """One database in which each side fires one group after another; a group is used once."""

    path: Path
    database: Database
    desks: Desks
    clock: ManualClock
    plain: sqlite3.Connection
    due: int
    group: int = -1

    def next_group(self) -> range:
        """The next group's ids; from now on it is due."""
        self.group += 1
        self.clock.move_to(due_at(self.group))
        first, rows = self.plain.execute(_OF_GROUP, (WORKSPACE, to_us(due_at(self.group)))).fetchone()
        assert rows == self.due
        return range(first, first + rows)

    def posted(self) -> int:
        """How many outbox rows there are."""
        found: int = self.plain.execute(_POSTED, (HEARS,)).fetchone()[0]
        return found


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="What firing costs, and how late reminders are, while very many wait.")
    parser.add_argument("--far", type=int, default=1_000_000, help="how many reminders wait, years ahead")
    parser.add_argument("--due", type=int, default=1_000, help="how many come due together, or one after another")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="measure only work whose name holds this: firing, lateness")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console()
    with tempfile.TemporaryDirectory(prefix="gantry-benchmark-") as directory:
        compared = asyncio.run(_measured(asked, Path(directory), console))
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    console.print(table_of(f"reminders, {asked.far:,} waiting, medians of {asked.rounds} rounds ({machine})", compared))


async def _measured(asked: argparse.Namespace, directory: Path, console: Console) -> list[Compared]:
    path = directory / "waiting.db"
    groups = 4 * (asked.rounds + 1) + 2 * asked.rounds
    await fill_waiting(path, Waiting(asked.far, groups, asked.due))
    compared: list[Compared] = []
    async with _stand(path, asked.due) as stand:
        if asked.only in "firing":
            compared += await _firing(stand, asked, console)
        if asked.only in "lateness":
            compared.append(await _lateness(stand, asked, console))
    return compared


async def _firing(stand: _Stand, asked: argparse.Namespace, console: Console) -> list[Compared]:
    """Every side in turn, round after round; the first round is to warm up."""
    job_each = JobEach(stand.path.parent / "jobs.db", stand.path)
    job_each.begin(asked.far)

    async def by_jobs(stand: _Stand) -> float:
        ids = stand.next_group()
        took_s = await job_each.fire(ids)
        stand.plain.execute(_WITHDRAW, (WORKSPACE, ids.start, ids.stop - 1))  # its table is the scheduler's own
        return took_s

    sides: tuple[Fire, ...] = (_ours, _plain, _one_at_a_time, by_jobs)
    rounds: list[list[float]] = []
    for number in range(asked.rounds + 1):
        with console.status(f"firing, round {number} of {asked.rounds}"):
            rounds.append([await _timed(stand, fire) for fire in sides])
    job_each.end()
    ours, plain, loop, jobs = (list(one) for one in zip(*rounds[1:], strict=True))
    work = f"firing {asked.due:,} due among {asked.far:,}"
    return [
        Compared(work, "plain sqlite3, the same rows", Goal(at_most=2.0), _rounds(ours, plain), _ms(ours, plain)),
        Compared(
            f"{work}, per second", "a job each (APScheduler)", Goal(at_least=25.0), _rates(ours, jobs), _ms(ours, jobs)
        ),
        Compared(f"{work}, per second", "one row at a time", Goal(at_least=1.0), _rates(ours, loop), _ms(ours, loop)),
    ]


async def _timed(stand: _Stand, fire: Fire) -> float:
    """How long a side takes for a group, in seconds. What is left of the work before is swept up first."""
    stand.plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = stand.posted()
    took_s = await fire(stand)
    assert stand.posted() == before + stand.due
    return took_s


async def _ours(stand: _Stand) -> float:
    stand.next_group()
    began_s = time.perf_counter()
    await stand.desks.reminders.fire_due()
    return time.perf_counter() - began_s


async def _plain(stand: _Stand) -> float:
    return _fired_plainly(stand, plain_firing.BATCH)


async def _one_at_a_time(stand: _Stand) -> float:
    return _fired_plainly(stand, 1)


def _fired_plainly(stand: _Stand, batch: int) -> float:
    stand.next_group()
    began_s = time.perf_counter()
    plain_firing.fire(stand.plain, stand.clock.now(), batch)
    return time.perf_counter() - began_s


async def _lateness(stand: _Stand, asked: argparse.Namespace, console: Console) -> Compared:
    def opened(bells: Bells) -> tuple[Database, Desks]:
        return stand.database, desks_over(stand.database, lateness.CLOCK, stand.path.parent, bells)

    rounds: list[Round] = []
    for number in range(asked.rounds):
        with console.status(f"lateness, round {number + 1} of {asked.rounds}"):
            ours = await lateness.ours(stand.path, stand.next_group(), opened)
            plain = await lateness.plain(stand.path, stand.next_group())
        rounds.append(Round(p99(ours), p99(plain)))
    said = " / ".join(
        f"{statistics.median(one):.2f}" for one in zip(*((r.ours, r.against) for r in rounds), strict=True)
    )
    work = f"lateness of {lateness.PER_S} reminders a second among {asked.far:,}, p99"
    return Compared(work, "plain sqlite3 in a thread", Goal(at_most=3.0), rounds, f"{said} ms")


@asynccontextmanager
async def _stand(path: Path, due: int) -> AsyncIterator[_Stand]:
    clock = ManualClock(SETTLED_AT)
    with closing(plain_firing.open_plain(str(path))) as plain:
        async with open_database(path, attend) as database:
            yield _Stand(path, database, desks_over(database, clock, path.parent), clock, plain, due)


def _rounds(ours: Sequence[float], against: Sequence[float]) -> list[Round]:
    return [Round(*pair) for pair in zip(ours, against, strict=True)]


def _rates(ours: Sequence[float], against: Sequence[float]) -> list[Round]:
    return [Round(1 / one, 1 / other) for one, other in zip(ours, against, strict=True)]


def _ms(ours: Sequence[float], against: Sequence[float]) -> str:
    return f"{statistics.median(ours) * 1e3:,.1f} / {statistics.median(against) * 1e3:,.1f} ms"


if __name__ == "__main__":
    main()
