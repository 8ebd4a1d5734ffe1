"""Time and ids of the loopback Discord: one clock that can be moved, and snowflakes that are drawn from it.

Ids never go back, whatever the clock does: Discord's do not either. Nothing else in the loopback reads the time.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

EPOCH_MS = 1_420_070_400_000
"""Discord's first millisecond, 2015-01-01T00:00Z."""


class Bell:
    """Wakes everyone who waits. Whoever is woken looks for itself."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake those who wait now."""
        rung, self._event = self._event, asyncio.Event()
        rung.set()

    async def heard(self, timeout_s: float) -> bool:
        """Return True at the next ring, False when there was none in time."""
        event = self._event
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            return False
        return True


class WorldClock:
    """The machine's clock, moved by an offset. `skew_s` is how much the bot's clock is ahead of it."""

    def __init__(self) -> None:
        self.offset_s = 0.0
        self.skew_s = 0.0
        self.version = 0
        self.moved = Bell()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    def move(self, offset_s: float, skew_s: float) -> None:
        """Set the offset, and with it every deadline of this world."""
        self.offset_s, self.skew_s = offset_s, skew_s
        self.version += 1
        self.moved.ring()

    async def sleep(self, delay_s: float) -> None:
        """Return after so many seconds of this clock, at once when it is moved past them."""
        until = self.now() + timedelta(seconds=delay_s)
        while (left_s := (until - self.now()).total_seconds()) > 0:
            await self.moved.heard(left_s)

    def as_json(self) -> dict[str, object]:
        """As the control interface shows it."""
        return {
            "version": self.version,
            "offset_s": self.offset_s,
            "bot_offset_s": self.offset_s + self.skew_s,
            "now": self.now().isoformat(),
        }

    @staticmethod
    def monotonic_s() -> float:
        """Real seconds, for rate limits: a client really waits for those."""
        return time.monotonic()


class Snowflakes:
    """Discord's ids: milliseconds since its epoch, then a counter. Each is larger than the one before."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._last = 0

    def draw(self) -> int:
        """The next id."""
        self._last = max(floor_of(self._clock.now()), self._last + 1)
        return self._last


def floor_of(instant: datetime) -> int:
    """The smallest id of an instant's millisecond."""
    return (int(instant.timestamp() * 1000) - EPOCH_MS) << 22
