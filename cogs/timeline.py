"""/mission timeline: plan against what happened, as a picture and in words."""

import discord

from cogs.actor import actor_of, locale_of
from cogs.charted import Charted, charted
from cogs.charts.chart import Chart
from cogs.face import face_of
from cogs.render import timeline as render
from cogs.render.timeline_chart import chart
from cogs.reply import Reply, answer
from cogs.text import Locale
from services.timelines import MissionTimeline

NAME = "timeline"


async def answer_timeline(interaction: discord.Interaction, mission: str) -> None:
    """Answer with a mission's timeline, publicly. Like every answer that takes too long, a late one is private."""
    face, locale = face_of(interaction), locale_of(interaction, face_of(interaction).catalogues)

    def chart_of(found: MissionTimeline) -> Chart | None:
        return chart(found, locale) if found.timeline.rows else None

    work = face.desks.timelines.timeline(actor_of(interaction), mission)
    await answer(interaction, charted(work, chart_of), _reply)


def _reply(shown: Charted[MissionTimeline], locale: Locale) -> Reply:
    found = shown.found
    text = None if render.fits(found, locale) else render.written_out(found, locale)
    enclosures = shown.enclosures(NAME, render.alt_text(found, locale), text)
    return Reply(render.timeline(found, locale, pictured=not shown.missing), private=False, enclosures=enclosures)
