"""/mission timeline: the read, then the picture drawn in a thread, answered together with the words.

Pillow is imported in the thread that draws the first picture, so that a bot that draws none never pays for it. A picture that
cannot be drawn costs nothing but itself: the words say everything it would.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import discord

from cogs.actor import actor_of, locale_of
from cogs.charts.chart import Chart
from cogs.face import Face, face_of
from cogs.render import timeline as render
from cogs.render.timeline_chart import chart
from cogs.reply import Enclosure, Reply, answer
from cogs.text import Locale
from services.actors import Actor
from services.timelines import MissionTimeline

# One thread draws, in turn: ten pictures at once would crowd the event loop out, and leave the memory of ten threads behind.
# It is started by the first picture.
_DRAWING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
PICTURE_NAME = "timeline.png"
TEXT_NAME = "timeline.txt"
_log = logging.getLogger("gantry.charts")


@dataclass(frozen=True, slots=True)
class _Drawn:
    found: MissionTimeline
    picture: bytes | None


async def answer_timeline(interaction: discord.Interaction, mission: str) -> None:
    """Answer with a mission's timeline, publicly. Like every answer that takes too long, a late one is private."""
    face, actor = face_of(interaction), actor_of(interaction)
    locale = locale_of(interaction, face.catalogues)
    await answer(interaction, _drawn(face, actor, mission, locale), _reply)


async def _drawn(face: Face, actor: Actor, mission: str, locale: Locale) -> _Drawn:
    found = await face.desks.timelines.timeline(actor, mission)
    return _Drawn(found, await _picture(chart(found, locale)) if found.timeline.rows else None)


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


def _reply(drawn: _Drawn, locale: Locale) -> Reply:
    found, enclosures = drawn.found, []
    if drawn.picture is not None:
        alt = render.alt_text(found, locale)
        enclosures.append(Enclosure(PICTURE_NAME, drawn.picture, alt, pictured=True))
    if not render.fits(found, locale):
        enclosures.append(Enclosure(TEXT_NAME, render.written_out(found, locale).encode()))
    missing = drawn.picture is None and bool(found.timeline.rows)
    return Reply(render.timeline(found, locale, pictured=not missing), private=False, enclosures=tuple(enclosures))
