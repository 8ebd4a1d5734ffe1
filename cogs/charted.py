"""Answers with a picture: the read, then the chart drawn in a thread, answered together with the words.

Pillow is imported in the thread that draws the first picture, so that a bot that draws none never pays for it. A picture that
cannot be drawn costs nothing but itself: the words say everything it would.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cogs.charts.chart import Chart
from cogs.reply import Enclosure

T = TypeVar("T")
# One thread draws, in turn: ten pictures at once would crowd the event loop out, and leave the memory of ten threads behind.
# It is started by the first picture.
_DRAWING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
_log = logging.getLogger("gantry.charts")


@dataclass(frozen=True, slots=True)
class Charted(Generic[T]):
    """What was found, and its picture. `missing` when there should be one and it could not be drawn."""

    found: T
    picture: bytes | None
    missing: bool

    def enclosures(self, name: str, alt: str, text: str | None) -> tuple[Enclosure, ...]:
        """The picture, with what a screen reader says of it, and the whole text beside it where a message has no room for that."""
        enclosed = []
        if self.picture is not None:
            enclosed.append(Enclosure(f"{name}.png", self.picture, alt, pictured=True))
        if text is not None:
            enclosed.append(Enclosure(f"{name}.txt", text.encode()))
        return tuple(enclosed)


async def charted(work: Coroutine[Any, Any, T], chart_of: Callable[[T], Chart | None]) -> Charted[T]:
    """What the work finds, with its chart drawn; without one where there is nothing to draw."""
    found = await work
    shown = chart_of(found)
    picture = None if shown is None else await _picture(shown)
    return Charted(found, picture, missing=shown is not None and picture is None)


async def _picture(shown: Chart) -> bytes | None:
    try:
        return await asyncio.get_running_loop().run_in_executor(_DRAWING, _draw, shown)
    except Exception:  # noqa: BLE001 - whatever went wrong, the words answer the question; the log has the rest
        _log.exception("a chart could not be drawn")
        return None


def _draw(shown: Chart) -> bytes:
    """In the thread: the import is part of the first picture's cost."""
    from cogs.charts.drawing import draw

    return draw(shown)
