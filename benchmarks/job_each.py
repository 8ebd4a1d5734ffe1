"""One APScheduler job for each reminder, in its SQLAlchemy store over SQLite (WAL): the way Gantry does not go.

The far jobs are written into the store's table in the store's own format: `add_job` takes an hour for a million. A job that runs
reads its event and commits its outbox row, as every reminder stands for itself there.
"""

import asyncio
import pickle
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from rich.progress import track

from benchmarks import plain_firing

_FAR = datetime(2031, 3, 14, 9, 27, tzinfo=UTC)
_INSERT = "INSERT INTO apscheduler_jobs (id, next_run_time, job_state) VALUES (?, ?, ?)"


class JobEach:
    """A scheduler whose jobs are reminders. `posts_to` is a database whose outbox the jobs write."""

    def __init__(self, jobs: Path, posts_to: Path) -> None:
        self._jobs = jobs
        _Posting.connection = plain_firing.open_plain(str(posts_to))
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{jobs}")},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def begin(self, far: int) -> None:
        """Start, paused, with so many jobs that are years ahead."""
        self._scheduler.start(paused=True)
        with closing(sqlite3.connect(self._jobs, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self._write(far, _FAR, transient=True)

    async def fire(self, reminder_ids: range) -> float:
        """Have a job for each of these come due at once; seconds until all have run and committed."""
        self._write(len(reminder_ids), datetime.now(UTC) - timedelta(seconds=1), first=reminder_ids.start)
        _Posting.left = len(reminder_ids)
        _Posting.ended.clear()
        began_s = time.perf_counter()
        self._scheduler.resume()
        await asyncio.to_thread(_Posting.ended.wait)
        took_s = time.perf_counter() - began_s
        self._scheduler.pause()
        return took_s

    def end(self) -> None:
        """Stop."""
        self._scheduler.shutdown(wait=False)

    def _write(self, count: int, first_at: datetime, *, first: int = 0, transient: bool = False) -> None:
        rows = self._rows(count, first_at, first, transient)
        with closing(sqlite3.connect(self._jobs, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            connection.executemany(_INSERT, rows)
            connection.execute("COMMIT")

    def _rows(self, count: int, first_at: datetime, first: int, transient: bool) -> Iterator[tuple[str, float, bytes]]:
        numbers: Any = range(count)
        if transient:
            numbers = track(numbers, "jobs that wait", transient=True, update_period=0.5)
        for number in numbers:
            at = first_at + timedelta(milliseconds=number)
            trigger = DateTrigger(at, timezone=UTC)
            job = Job(
                self._scheduler,
                id=uuid4().hex,
                func=post,
                args=(first + number,),
                trigger=trigger,
                executor="default",
                kwargs={},
                name="post",
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
                next_run_time=at,
            )
            yield job.id, at.timestamp(), pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)


class _Posting:
    """Where jobs post, and how many are still to run."""

    connection: sqlite3.Connection
    turn = threading.Lock()
    left = 0
    ended = threading.Event()


def post(reminder_id: int) -> None:
    """The job: post one reminder and commit it."""
    with _Posting.turn:
        plain_firing.post_one(_Posting.connection, reminder_id, datetime.now(UTC))
        _Posting.left -= 1
        if _Posting.left == 0:
            _Posting.ended.set()
