"""When a pad may be back, as one source or its own repairs say: an interval whose ends need not be known."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """From `earliest` to `latest` (UTC). An end that nobody states is None; with neither there are only words."""

    earliest: datetime | None
    latest: datetime | None

    @property
    def is_dated(self) -> bool:
        """True when at least one end is known."""
        return self.earliest is not None or self.latest is not None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The pad's own estimate: the longest path through its open repair tasks.

    `path` are task numbers in the order in which they follow; `deciding` is the one of them that takes longest. `open_ended` are
    tasks for which nobody can say how long they take (no days and no due date, a part without a date, blocked): while there are
    any, `window.latest` is None and `deciding` is the first of them. `unplanned` are reports that hold the pad and have no repair
    planned at all: what nobody has planned takes nobody knows how long, so there is no latest end either.
    """

    window: Window
    path: tuple[int, ...]
    deciding: int
    open_ended: tuple[int, ...] = ()
    unplanned: tuple[int, ...] = ()
