"""The timekeeper: wakes when something is due, and at least every five seconds, and has what is due done.

The table is the schedule. APScheduler holds two jobs in memory, and a job only sets an event: the pass runs in the
timekeeper's own coroutine, where an error is seen and nothing runs twice. It must not compute domain times
(APScheduler's cron skips days) and must not arm a job from anywhere but its own coroutine, whose context no request is
in.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from domain.clock import Clock
from domain.errors import Unavailable

SAFETY_PASS_S = 5
FARTHEST = timedelta(hours=1)
"""A job is armed no farther ahead than this: a clock that is set meanwhile is noticed, whatever the timers do."""

_SOON = timedelta(milliseconds=10)
_DUE, _SAFETY = "due", "safety"
_log = structlog.stdlib.get_logger(__name__)


class RealClock(Clock, Protocol):
    """The machine's own time, which APScheduler lives in, whatever the house's clock says: `bot.clock.SystemClock`."""

    def monotonic_s(self) -> float:
        """Seconds since some fixed start, never set back."""
        ...


class Timekeeper:
    """One for the process. `fire` does what is due and returns how much that was; `next_due` is the next instant.

    `bell` wakes it; `after_pass` is called when a pass has ended.
    """

    def __init__(
        self,
        clock: Clock,
        real: RealClock,
        *,
        fire: Callable[[], Awaitable[int]],
        next_due: Callable[[], Awaitable[datetime | None]],
        bell: asyncio.Event,
        after_pass: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._real = real
        self._fire = fire
        self._next_due = next_due
        self._bell = bell
        self._after_pass = after_pass
        self._begun = 0
        self._ended = 0
        self._turn = asyncio.Condition()
        self._must_renew = False
        self.last_pass_s: float | None = None
        """When a pass last ended or got on, in real seconds. One that the database refused has ended too: ending the
        process would not cure the database."""
        self.last_full_pass_s: float | None = None
        """When a pass last did all it had to."""
        self.armed_for: datetime | None = None
        """The real instant the job for the nearest due reminder is armed for; None without one."""

    def ring(self) -> None:
        """Wake it: the schedule or the clock may have changed."""
        self._bell.set()

    def renew(self) -> None:
        """Wake it and have every job armed anew: the machine's clock may have been set back under them."""
        self._must_renew = True
        self._bell.set()

    async def passed(self) -> None:
        """Ring, and return when a pass that began after this call has ended."""
        wanted = self._begun + 1
        self.ring()
        async with self._turn:
            await self._turn.wait_for(lambda: self._ended >= wanted)

    async def run(self) -> None:
        """Serve until cancelled. An error that is not Unavailable ends it, and with it the process."""
        scheduler = _scheduler()
        scheduler.start()
        try:
            self._arm_safety(scheduler)
            while True:
                self._bell.clear()
                await self._make_pass(scheduler)
                await self._bell.wait()
        finally:
            # Takes effect at the loop's next turn; no job can be under way, since a job is one call that sets an event.
            scheduler.shutdown(wait=False)

    async def _make_pass(self, scheduler: Any) -> None:
        self._begun += 1
        if self._must_renew:
            self._must_renew = False
            self._arm_safety(scheduler)
        try:
            fired = await self._fire()
            due_at = await self._next_due()
            while fired and due_at is not None and due_at <= self._clock.now():
                self.last_pass_s = self._real.monotonic_s()  # catching up after a long outage is no silence
                fired = await self._fire()
                due_at = await self._next_due()
            self._arm(scheduler, due_at)
            self.last_full_pass_s = self._real.monotonic_s()
        except Unavailable as error:
            _log.warning("a pass could not be made; the next one tries again", reason=str(error))
        self.last_pass_s = self._real.monotonic_s()
        self._after_pass()
        async with self._turn:
            self._ended = self._begun
            self._turn.notify_all()

    def _arm_safety(self, scheduler: Any) -> None:
        trigger = IntervalTrigger(
            seconds=SAFETY_PASS_S, start_date=self._real.now() + timedelta(seconds=SAFETY_PASS_S), timezone=UTC
        )
        scheduler.add_job(self._bell.set, trigger, id=_SAFETY, replace_existing=True)

    def _arm(self, scheduler: Any, due_at: datetime | None) -> None:
        if due_at is None:
            self.armed_for = None
            if scheduler.get_job(_DUE) is not None:
                scheduler.remove_job(_DUE)
            return
        ahead = due_at - self._clock.now()
        # What is due and could not be fired is tried again, but not without a pause.
        ahead = min(ahead, FARTHEST) if ahead > timedelta(0) else _SOON
        self.armed_for = self._real.now() + ahead
        scheduler.add_job(self._bell.set, DateTrigger(self.armed_for, timezone=UTC), id=_DUE, replace_existing=True)


def _scheduler() -> Any:
    """APScheduler as we use it. Its defaults would drop a job that comes a second late, and run ours in threads."""
    for name in ("apscheduler.scheduler", "apscheduler.executors.default"):
        logging.getLogger(name).setLevel(
            logging.WARNING
        )  # it reports every job it adds and runs: ours, every few seconds
    return AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        executors={"default": DebugExecutor()},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
