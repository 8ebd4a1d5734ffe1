"""The driver: shows what the application posts by itself, and moves the stage's clock when somebody asks.

Time flows at the real pace, so "in two minutes" comes after two minutes, and jumps only on request. A jump goes from
one due instant to the next and waits for the application at each: a reminder is then fired at its own time, not found
late as after an outage. This is the demo's own coroutine; the application never waits for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

_log = logging.getLogger(__name__)

_TICK = timedelta(seconds=1)
# Relative times on the page ("in 3 days") are as old as its last publication.
_TICKS_BETWEEN_REFRESHES = 30
_SETTLE_TIMEOUT_S = 15.0
_PAUSE_S = 0.5
_LEAST_STEP = timedelta(seconds=1)


@dataclass(frozen=True)
class Move:
    """A wish to move the clock: to an instant, by a while, or with neither to the next instant with something due."""

    to: datetime | None = None
    by: timedelta | None = None


class Place(Protocol):
    """What the driver needs of a stage."""

    @property
    def clock(self) -> "Watch":
        """The clock that is moved."""
        ...

    def on_message(self, heard: Callable[[], None]) -> None:
        """Call `heard` whenever a message appears, changes or goes."""
        ...

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock forward to `instant`."""
        ...

    async def refresh(self) -> bool:
        """Publish what is there now to every open page."""
        ...


class Watch(Protocol):
    """A clock that is only read."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class Driver:
    """Runs the stage's time. `run` is for the application's supervisor, outside the client.

    `next_due` says when the application will next do something by itself (None: not at all), `next_event` when that is
    next something that does not come every day. `settle` rings its timekeeper and returns when what is due has been fired
    and the outbox is idle. `pause_s` is the real pause after each stop that posted something, for whoever is watching.
    """

    def __init__(
        self,
        stage: Place,
        *,
        next_due: Callable[[], Awaitable[datetime | None]],
        next_event: Callable[[], Awaitable[datetime | None]],
        settle: Callable[[], Awaitable[None]],
        pause_s: float = _PAUSE_S,
    ) -> None:
        self._stage = stage
        self._next_due = next_due
        self._next_event = next_event
        self._settle = settle
        self._pause_s = pause_s
        self._moves: asyncio.Queue[Move] = asyncio.Queue()
        self._woken = asyncio.Event()
        self._changed = False
        stage.on_message(self._note_change)

    def ask(self, move: Move) -> None:
        """Put a wish on the queue. All that a command may do: work of the client's own cannot move the clock."""
        self._moves.put_nowait(move)
        self._woken.set()

    async def run(self) -> None:
        """Serve until cancelled: pages first, then wishes, then the passing second."""
        ticks = 0
        while True:
            idle = not await self._wait_for_work(_TICK.total_seconds())
            if idle:
                ticks += 1
                await self._stage.advance_to(self._stage.clock.now() + _TICK)
            while not self._moves.empty():
                await self._make(self._moves.get_nowait())
            if self._changed or ticks >= _TICKS_BETWEEN_REFRESHES:
                ticks = 0
                await self._show()

    async def _wait_for_work(self, timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def _make(self, move: Move) -> None:
        await self._show()  # the answer to whoever asked stands on the page before the first countdown does
        target = await self._target_of(move)
        if target is not None:
            await self._travel(target)
        await self._show()

    async def _target_of(self, move: Move) -> datetime | None:
        if move.to is not None:
            return move.to
        if move.by is not None:
            return self._stage.clock.now() + move.by
        return await self._next_event()

    async def _travel(self, target: datetime) -> None:
        least = _LEAST_STEP
        while (here := self._stage.clock.now()) < target:
            due, event = await self._next_due(), await self._next_event()
            if due is not None and due <= here:
                # It was settled here and is still due: go round it, in growing steps, instead of standing before it.
                _log.warning("due at %s and not done at %s", due, here)
                due, least = here + least, least * 2
            await self._stage.advance_to(target if due is None else min(due, target))
            if self._stage.clock.now() <= here:
                _log.warning("the clock stays at %s: the way to %s is given up", here, target)
                return
            await self._let_settle()
            # What comes every day is seen with the next event: nobody wants to watch a hundred mornings.
            if self._changed and event is not None and event <= self._stage.clock.now():
                await self._show()
                await asyncio.sleep(self._pause_s)

    async def _let_settle(self) -> None:
        try:
            async with asyncio.timeout(_SETTLE_TIMEOUT_S):
                await self._settle()
        except TimeoutError:
            _log.warning("the application did not settle within %s s", _SETTLE_TIMEOUT_S)

    async def _show(self) -> None:
        self._changed = False
        await self._stage.refresh()

    def _note_change(self) -> None:
        self._changed = True
        self._woken.set()
