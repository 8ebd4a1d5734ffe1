"""What the rest of the house may ask of time. The real clock lives in `bot`, a movable one in `demo` and in tests.

A linter bans reading the time anywhere else, so that every rule can be tried at any instant.
"""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of the current time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    async def sleep(self, delay_s: float) -> None:
        """Return after `delay_s` seconds of this clock; at once when it is zero or less."""
        ...
