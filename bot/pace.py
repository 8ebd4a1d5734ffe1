"""A pace for requests over all channels: Discord allows a bot fifty a second, and bans for ten thousand refusals in ten minutes.

The library waits when it is refused; this keeps it from being refused. Limits of one route or channel are the library's affair.
"""

import asyncio
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
    """At most `per_s` requests arrive within any second, however long each is on its way.

    There are so many places. One is given again a second after the request that held it has ended, so that what was held up, by
    the line or by a limit, cannot arrive together with what came after it.
    """

    def __init__(self, per_s: int, clock: Clock) -> None:
        self._clock = clock
        # When each free place may be taken; in the order in which they were left, so the first is the one that is free first.
        self._places: asyncio.Queue[float] = asyncio.Queue()
        for _ in range(per_s):
            self._places.put_nowait(0.0)

    def turn(self) -> "Turn":
        """A place for one request, to be entered. Places are given in the order they are asked for."""
        return Turn(self._places, self._clock)


class Turn:
    """A place in the pace while it is held. A class and no generator: it is made for every request."""

    __slots__ = ("_clock", "_places")

    def __init__(self, places: "asyncio.Queue[float]", clock: Clock) -> None:
        self._places = places
        self._clock = clock

    async def __aenter__(self) -> None:
        free_at_s = await self._places.get()
        wait_s = free_at_s - self._clock.monotonic_s()
        if wait_s <= 0:
            return
        try:
            await self._clock.sleep(wait_s)
        except BaseException:
            # Left before its time came, a place is as free as it was.
            self._places.put_nowait(min(free_at_s, self._clock.monotonic_s() + WINDOW_S))
            raise

    async def __aexit__(self, *_: object) -> None:
        self._places.put_nowait(self._clock.monotonic_s() + WINDOW_S)
