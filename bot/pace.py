"""A pace for requests over all channels: Discord allows a bot fifty a second, and bans for ten thousand refusals in ten minutes.

The library waits when it is refused; this keeps it from being refused. Limits of one route or channel are the library's affair.
"""

from collections import deque
from typing import Protocol

WINDOW_S = 1.0


class Clock(Protocol):
    """Real time."""

    def monotonic_s(self) -> float:
        """Seconds since some fixed start."""
        ...

    async def sleep(self, delay_s: float) -> None:
        """Return after so many seconds."""
        ...


class Pace:
    """At most `per_s` turns within any second, given in the order they are asked for."""

    def __init__(self, per_s: int, clock: Clock) -> None:
        self._clock = clock
        self._given_s: deque[float] = deque(maxlen=per_s)

    async def turn(self) -> None:
        """Return when it is our turn."""
        now_s = self._clock.monotonic_s()
        is_free = len(self._given_s) < (self._given_s.maxlen or 0)
        turn_s = now_s if is_free else max(now_s, self._given_s[0] + WINDOW_S)
        self._given_s.append(turn_s)
        if turn_s > now_s:
            await self._clock.sleep(turn_s - now_s)
