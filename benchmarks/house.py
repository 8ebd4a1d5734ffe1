"""A house to be measured: the desks as the bot has them, on a clock that stands still or is moved, and nobody who is woken."""

import asyncio
import statistics
import sys
from collections.abc import Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.application import TURN_S
from cogs.pictures.thumbnail import thumbnail
from domain.clock import Clock
from services.changes import Bells
from services.desks import Desks, open_desks
from storage.database import Database
from storage.evidence import EvidenceStore

T = TypeVar("T")


class NoBells:
    """Nobody is woken."""

    def ring_courier(self) -> None:
        """Ring nobody."""

    def ring_timekeeper(self) -> None:
        """Ring nobody."""


class StillClock:
    """Time stands still: what is measured is work."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """Always the same instant."""
        return self._now

    async def sleep(self, delay_s: float) -> None:
        """Nobody may wait here."""
        raise NotImplementedError


def desks_over(database: Database, clock: Clock, folder: Path, bells: Bells | None = None) -> Desks:
    """Every desk over an open database; photos would be kept in `folder`. Threads take turns as in the living process."""
    sys.setswitchinterval(TURN_S)
    store = EvidenceStore(folder / "evidence", 1, thumbnail)
    return open_desks(
        database, clock, journal_key=b"k" * 32, bells=bells or NoBells(), store=store, languages=frozenset({"en"})
    )


def attend(work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
    """Run bounded work in a task of its own."""
    return asyncio.get_running_loop().create_task(work)


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[-1]
