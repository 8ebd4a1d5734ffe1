"""/pad history: a pad's newest outage as a picture, and everything there was in words."""

import discord

from cogs.actor import actor_of, locale_of
from cogs.charted import Charted, charted
from cogs.charts.chart import Chart
from cogs.face import face_of
from cogs.render import pad_history as render
from cogs.render.outage_chart import chart
from cogs.reply import Reply, answer
from cogs.text import Locale
from services.pad_history import PadHistory

NAME = "history"


async def answer_history(interaction: discord.Interaction, pad: str, as_of: str | None) -> None:
    """Answer with a pad's history, publicly."""
    face, locale = face_of(interaction), locale_of(interaction, face_of(interaction).catalogues)
    work = face.desks.pad_history.history(actor_of(interaction), pad, as_of)
    await answer(interaction, charted(work, lambda found: _chart(found, locale)), _reply)


def _chart(found: PadHistory, locale: Locale) -> Chart | None:
    return None if found.newest is None else chart(found, found.newest, locale)


def _reply(shown: Charted[PadHistory], locale: Locale) -> Reply:
    found, drawn = shown.found, _chart(shown.found, locale)
    text = None if render.fits(found, locale) else render.written_out(found, locale)
    enclosures = shown.enclosures(NAME, "" if drawn is None else render.alt_text(drawn, locale), text)
    return Reply(render.card(found, locale, pictured=not shown.missing), private=False, enclosures=enclosures)
