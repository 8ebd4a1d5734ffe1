"""Rate limits: a bucket for each route and major parameter, and one for the whole bot. On real time, as clients wait."""

import hashlib
import math
from dataclasses import dataclass, field

from tests.wire.bodies import Call
from tests.wire.ids import WorldClock

GENEROUS = (1000, 1.0)
"""Requests and seconds of a bucket nobody has set: wide enough for a test to say nothing about it."""

_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
EXEMPT = frozenset({"/interactions/{interaction_id}/{interaction_token}/callback"})
"""Answers to interactions do not count against the bot's global limit."""


@dataclass
class Window:
    """What is left until the reset."""

    left: int
    resets_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limits say of a request: its headers, and when refused how long to wait and in which scope."""

    headers: dict[str, str]
    retry_after_s: float | None = None
    scope: str = "user"


@dataclass
class Limits:
    """All buckets. `set` is (requests, seconds) by method and template; `everywhere` is the global limit, None without."""

    clock: WorldClock
    set: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    everywhere: tuple[int, float] | None = None
    windows: dict[str, Window] = field(default_factory=dict)

    def take(self, call: Call) -> Verdict:
        """Count a request."""
        if self.everywhere is not None and call.template not in EXEMPT:
            window = self._window("global", self.everywhere)
            if window.left <= 0:
                wait_s = self._left_s(window)
                return Verdict(headers_of_refusal(wait_s, "global"), wait_s, "global")
            window.left -= 1
        limit = self.set.get((call.method, call.template), GENEROUS)
        bucket = hashlib.md5(f"{call.method} {call.template}".encode()).hexdigest()
        major = ":".join(call.params.get(name, "") for name in _MAJOR)
        window = self._window(f"{bucket}:{major}", limit)
        refused = window.left <= 0
        window.left = max(window.left - 1, 0)
        left_s = self._left_s(window)
        headers = {
            "X-RateLimit-Limit": str(limit[0]),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{self.clock.now().timestamp() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        if refused:
            return Verdict(headers | headers_of_refusal(left_s, "user"), left_s, "user")
        return Verdict(headers)

    def _window(self, key: str, limit: tuple[int, float]) -> Window:
        now_s = self.clock.monotonic_s()
        window = self.windows.get(key)
        if window is None or window.resets_s <= now_s:
            window = self.windows[key] = Window(limit[0], now_s + limit[1])
        return window

    def _left_s(self, window: Window) -> float:
        return max(window.resets_s - self.clock.monotonic_s(), 0.001)


def headers_of_refusal(wait_s: float, scope: str) -> dict[str, str]:
    """The headers of a 429. Without Via, clients take it for a ban at the network's edge."""
    found = {"Retry-After": str(math.ceil(wait_s)), "Via": "1.1 loopback", "X-RateLimit-Scope": scope}
    return found | ({"X-RateLimit-Global": "true"} if scope == "global" else {})
