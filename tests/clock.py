"""A clock that a test moves by hand: nothing waits for real time, and every sleeper wakes exactly when its time has come."""

import asyncio
from datetime import datetime, timedelta


class ManualClock:
    """`domain.clock.Clock`, and a monotonic reading, standing at `now` until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._passed = timedelta(0)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self._now

    def monotonic_s(self) -> float:
        """Return how many seconds it was moved forward in all; setting it back does not count."""
        return self._passed.total_seconds()

    async def sleep(self, delay_s: float) -> None:
        """Return once the clock has been moved `delay_s` seconds ahead."""
        if delay_s <= 0:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=delay_s), waiting))
        await waiting

    def move_to(self, instant: datetime) -> None:
        """Stand at `instant` and wake whoever slept until then. Earlier instants are allowed: clocks are set back."""
        self._passed += max(instant - self._now, timedelta(0))
        self._now = instant
        due = [waiting for at, waiting in self._sleepers if at <= instant]
        self._sleepers = [(at, waiting) for at, waiting in self._sleepers if at > instant]
        for waiting in due:
            if not waiting.done():
                waiting.set_result(None)

    def move_by(self, step: timedelta) -> None:
        """Move ahead by `step`."""
        self.move_to(self._now + step)
