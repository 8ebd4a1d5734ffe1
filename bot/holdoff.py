"""Restart hold-off. Discord resets the token of a bot that identifies 1,000 times a day: a crash loop must slow down.

It remembers recent starts in a small file and says how long to wait before connecting. It must not count Discord's own
reconnects inside one process; the library spaces those.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from domain.clock import Clock
from domain.errors import Unavailable
from storage.paths import replace_file

MAX_DELAY_S = 600.0
"""The longest distance between two starts that the rule demands: 144 starts a day for a lasting crash loop."""

HEALTHY_AFTER = timedelta(hours=1)
"""A process that has been healthy for this long after it connected wipes the slate.

With ten minutes a bot that crashed seven times and then lived that long could start 950 times a day; with an hour the
worst is 210.
"""

REMEMBERED = timedelta(hours=24)
_MAX_REMEMBERED = 32
"""More change nothing: the delay reaches its limit at eleven."""

_log = structlog.stdlib.get_logger(__name__)


def delay_s(starts_at: Sequence[datetime], now: datetime) -> float:
    """Return how many seconds to wait before connecting, from the unhealthy starts of the last day, oldest first.

    The n-th such start asks for a distance of 2^(n-1) seconds from it to the next, at most 600; time already passed
    counts. After a clock set back it is never more than that distance.
    """
    recent = [at for at in starts_at if now - at < REMEMBERED]
    if not recent:
        return 0.0
    distance_s = min(MAX_DELAY_S, 2.0 ** min(len(recent) - 1, 10))
    passed_s = max(0.0, (now - recent[-1]).total_seconds())
    return max(0.0, distance_s - passed_s)


class Holdoff:
    """The record of starts in `path`, for one process."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._connected_at: datetime | None = None

    async def wait(self) -> float:
        """Sleep as long as the record asks before connecting, and return that many seconds."""
        seconds = delay_s(self._read(), self._clock.now())
        if seconds > 0:
            _log.warning("waiting before connecting, after recent restarts", delay_s=round(seconds, 1))
            await self._clock.sleep(seconds)
        return seconds

    def record_start(self) -> None:
        """Write down a start; call it just before identifying with Discord.

        Raises Unavailable("data_not_writable") when it cannot: connecting unrecorded could cost the token.
        """
        self._connected_at = self._clock.now()
        self._write([*self._read(), self._connected_at][-_MAX_REMEMBERED:])

    def note_healthy(self) -> None:
        """Say that the process is healthy now; the record is wiped once it has been so for long enough.

        Cheap to call on every pass of the watchdog.
        """
        if self._connected_at is None or self._clock.now() - self._connected_at < HEALTHY_AFTER:
            return
        self._connected_at = None
        try:
            self._write([])
        except Unavailable as error:
            # No reason to end a healthy process: the worst that follows is one start that waits.
            _log.warning("the record of starts could not be wiped", reason=str(error))

    def _read(self) -> list[datetime]:
        try:
            times = [datetime.fromisoformat(text) for text in json.loads(self._path.read_text("utf-8"))["starts_at"]]
            return times if all(at.tzinfo for at in times) else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the record of starts cannot be read; beginning a new one", reason=str(error))
            return []

    def _write(self, starts_at: list[datetime]) -> None:
        replace_file(self._path, json.dumps({"starts_at": [at.isoformat() for at in starts_at]}))
