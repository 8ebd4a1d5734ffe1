"""The watchdog: outside APScheduler, on real time, it notices when passes stop, and ends the process then.

One exception inside APScheduler stops every job while it still calls itself running. This must not fix anything but one
thing: half-way it has the jobs armed anew, which is the cure when the machine's clock was set back.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.timekeeper import RealClock, Timekeeper
from domain.clock import Clock
from domain.errors import Unavailable
from storage import outbox, reminders
from storage.database import Database, Reader

LIMIT_S = 30.0
OVERDUE = timedelta(seconds=60)
_TICK_S = 5.0
_log = structlog.stdlib.get_logger(__name__)


class PassesStopped(Exception):  # noqa: N818 - says what happened
    """No pass has ended for too long: the process ends, and its service manager starts it again."""


class Watchdog:
    """One for the process. `note` is given what each look complains of: nothing, when the process is healthy."""

    def __init__(
        self,
        timekeeper: Timekeeper,
        database: Database,
        clock: Clock,
        real: RealClock,
        *,
        note: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._timekeeper = timekeeper
        self._database = database
        self._clock = clock
        self._real = real
        self._tell = note
        self._begun_s = 0.0
        self._complaints: tuple[str, ...] = ()

    async def run(self) -> None:
        """Look every few seconds until cancelled. Raises PassesStopped."""
        self._begun_s = self._real.monotonic_s()
        while True:
            await self._real.sleep(_TICK_S)
            self._require_passes()
            self._note(await self.complaints())

    async def complaints(self) -> tuple[str, ...]:
        """What keeps the process from being healthy: no full pass within 30 s, or a row overdue by a minute."""
        found = []
        if self._silent_s(self._timekeeper.last_full_pass_s) > LIMIT_S:
            found.append("no_full_pass")
        try:
            found += await self._database.read(self._overdue)
        except Unavailable as error:
            found.append(error.code)
        return tuple(found)

    async def _overdue(self, reader: Reader) -> list[str]:
        before = self._clock.now() - OVERDUE
        due_at = await reminders.next_due_at(reader)
        written_at = await outbox.oldest_open_at(reader)
        found = ["reminder_overdue"] if due_at is not None and due_at < before else []
        return found + (["delivery_overdue"] if written_at is not None and written_at < before else [])

    def _require_passes(self) -> None:
        silent_s = self._silent_s(self._timekeeper.last_pass_s)
        if silent_s > LIMIT_S:
            raise PassesStopped(f"no pass of the timekeeper ended within {silent_s:.0f} s")
        if silent_s > LIMIT_S / 2:
            _log.warning("the timekeeper is silent; its jobs are armed anew", silent_s=round(silent_s))
            self._timekeeper.renew()

    def _silent_s(self, last_s: float | None) -> float:
        return self._real.monotonic_s() - (self._begun_s if last_s is None else last_s)

    def _note(self, complaints: tuple[str, ...]) -> None:
        self._tell(complaints)
        if complaints != self._complaints:
            self._complaints = complaints
            if complaints:
                _log.warning("not healthy", complaints=complaints)
            else:
                _log.info("healthy again")
