"""The bells a commit rings: one for whoever sends, one for whoever watches the schedule. Ringing never waits.

They exist before those they wake, because the desks need them first. A bell must carry nothing: who is woken looks for
itself.
"""

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HouseBells:
    """`services.changes.Bells` on two events. Each event belongs to one listener, which clears it."""

    courier: asyncio.Event = field(default_factory=asyncio.Event)
    timekeeper: asyncio.Event = field(default_factory=asyncio.Event)

    def ring_courier(self) -> None:
        """There may be something to send."""
        self.courier.set()

    def ring_timekeeper(self) -> None:
        """The nearest due instant may have changed, or the clock may have."""
        self.timekeeper.set()
