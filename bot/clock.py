"""The real clock: the only module that reads the time or sleeps. Everything else is given a `Clock`.

It must hold no rules about time; those are in `domain`, where they can be tried at any instant.
"""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """`domain.clock.Clock` on the machine's clock, with a monotonic reading for whoever measures durations."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, delay_s: float) -> None:
        """Return after `delay_s` seconds; when it is zero or less, after letting other tasks run once."""
        await asyncio.sleep(max(0.0, delay_s))

    def monotonic_s(self) -> float:
        """Return seconds since some fixed start; never set back, so a watchdog is not fooled by a clock that moves."""
        return time.monotonic()
