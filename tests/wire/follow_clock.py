"""The bot's clock while it is tested: the machine's, moved by what the loopback says. `domain.clock.Clock`.

A thread asks the loopback for the next move and hands it to the event loop; sleepers then look again at the time. Durations
(`monotonic_s`) stay real, as do the library's own waits.
"""

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import SystemClock
from tests.wire.ids import Bell


class FollowingClock:
    """Follows the loopback at `base`. `on_move` is called on the event loop after each move."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._real = SystemClock()
        self._version = -1
        self._offset = timedelta(0)
        self._moved = Bell()
        self.on_move: Callable[[], None] = lambda: None
        self._take(self._ask(0))

    def follow(self) -> None:
        """Begin to follow. Call it on the running event loop; the thread ends with the process."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch, args=(loop,), daemon=True, name="follow-clock").start()

    def now(self) -> datetime:
        """The current instant of the loopback's world, plus the skew it gives us."""
        return self._real.now() + self._offset

    async def sleep(self, delay_s: float) -> None:
        """Return after so many seconds of this clock, at once when it is moved past them."""
        await self._real.sleep(0)
        until = self.now() + timedelta(seconds=delay_s)
        while (left_s := (until - self.now()).total_seconds()) > 0:
            await self._moved.heard(left_s)

    def monotonic_s(self) -> float:
        """Real seconds."""
        return self._real.monotonic_s()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            try:
                said = self._ask(30)
                loop.call_soon_threadsafe(self._take, said)
            except (OSError, RuntimeError, ValueError):
                return  # the loopback or the loop is gone

    def _ask(self, timeout_s: int) -> dict[str, float]:
        address = f"{self._base}/control/clock?after={self._version}&timeout_s={timeout_s}"
        with urllib.request.urlopen(address, timeout=timeout_s + 10) as answer:
            said: dict[str, float] = json.load(answer)
        self._version = int(said["version"])
        return said

    def _take(self, said: dict[str, float]) -> None:
        offset = timedelta(seconds=said["bot_offset_s"])
        if offset != self._offset:
            self._offset = offset
            self._moved.ring()
            self.on_move()
