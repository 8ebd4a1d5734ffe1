"""Many uses of a command, timed in the loopback's own process: what a benchmark asks, so that its own HTTP is not in the figures.

A latency lasts from the dispatch of INTERACTION_CREATE to the receipt of the first answer, on a monotonic clock.
"""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.wire import asking
from tests.wire.record import JSON
from tests.wire.world import Interaction, World


@dataclass
class Load:
    """`times` uses of one command, `outstanding` of them at once, each next one `rest_s` after an answer came.

    `asked` is as for a single use, but its `options` are a list, used in turn. One load at a time in a world.
    """

    world: World
    asked: JSON
    times: int
    outstanding: int = 1
    rest_s: float = 0.0
    _sent_s: dict[int, float] = field(default_factory=dict)
    _latencies_ms: list[float] = field(default_factory=list)
    _begun_s: list[float] = field(default_factory=list)
    _kinds: Counter[int] = field(default_factory=Counter)

    def begin(self) -> None:
        """Send the first ones; the rest follows by itself, and ends with a record `load.ended`."""
        self._options = itertools.cycle(self.asked.get("options") or [{}])
        self._left = self.times
        self._began_s, self._began_busy_s = self.world.clock.monotonic_s(), time.process_time()
        self.world.answered = self._heard
        for _ in range(min(self.outstanding, self.times)):
            self._send()

    def _send(self) -> None:
        self._left -= 1
        sent = asking.command(self.world, self.asked | {"options": next(self._options)})
        self._sent_s[sent.id] = self.world.clock.monotonic_s()

    def _heard(self, answered: Interaction) -> None:
        now_s = self.world.clock.monotonic_s()
        sent_s = self._sent_s.pop(answered.id, None)
        if sent_s is None or answered.callback is None:
            return
        self._latencies_ms.append((now_s - sent_s) * 1000)
        self._begun_s.append(sent_s)
        self._kinds[int(answered.callback["type"])] += 1
        if len(self._latencies_ms) == self.times:
            self._end(now_s, answered)
        elif self._left > 0:
            self._after_a_rest(self._send)

    def _after_a_rest(self, do: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if self.rest_s > 0:
            loop.call_later(self.rest_s, do)
        else:
            loop.call_soon(do)

    def _end(self, now_s: float, last: Interaction) -> None:
        self.world.answered = lambda _: None
        self.world.note(
            "load.ended",
            latencies_ms=self._latencies_ms,
            begun_s=self._begun_s,
            took_s=now_s - self._began_s,
            busy_s=time.process_time() - self._began_busy_s,
            kinds=dict(self._kinds),
            last_interaction_id=last.id,
        )
