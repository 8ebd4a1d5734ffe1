"""`/demo clock`: the one command that exists in the demo only. It asks the driver to move the clock and says so.

It must not move the clock itself: simcord refuses that to work of the client's own, and rightly.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands

from cogs.actor import locale_of
from cogs.descriptions import T_
from cogs.embeds import embed_of
from cogs.face import face_of
from cogs.render.card import Card, Tone
from cogs.render.words import instant
from cogs.text import N_, Locale
from demo.driver import Move, Watch

_LONGEST = timedelta(days=1_000)
_STEP = re.compile(r"\+\s*(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NEXT = "next"
_NEXT_DUE = N_("next event due")
_TO_NEXT = N_("Moving the clock to the next thing that is due.")
_MOVING = N_("Moving the clock to {when}. What is due on the way arrives in turn.")
_NOT_UNDERSTOOD = N_("I cannot read that. Try `+1 hour`, `+7 days`, `2025-12-10` or `2025-12-10T12:00`.")
_NOT_BACK = N_("The clock goes forward only; it is {when} now.")
_TOO_FAR = N_("That is too far: {days} days at most.")
_OFFERS = ("+10 minutes", "+1 hour", "+1 day", "+7 days", "+30 days")


def parse_move(text: str) -> Move | None:
    """Read "next", "+3 days" or an ISO date or time (UTC unless it says otherwise). None when it is none of them."""
    text = text.strip()
    if text.casefold() in {_NEXT, _NEXT_DUE}:
        return Move()
    if step := _STEP.fullmatch(text):
        return Move(by=int(step[1]) * _UNITS[step[2][0].lower()])
    try:
        at = datetime.fromisoformat(text)
        return Move(to=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):  # no date at all, or one that a zone pushes out of the calendar
        return None


class DemoGroup(app_commands.Group):
    """The group `/demo`. The demo adds it to the client's tree before the commands are synchronised."""

    def __init__(self, clock: Watch, ask: Callable[[Move], None]) -> None:
        super().__init__(name="demo", description=T_("Only in this demonstration"), guild_only=True)
        self._clock = clock
        self._ask = ask

    @app_commands.command(name="clock", description=T_("Move the demonstration's clock forward"))
    @app_commands.describe(to=T_("The next event due, a step such as +7 days, or a date"))
    async def clock(self, interaction: discord.Interaction, to: app_commands.Range[str, 1, 40]) -> None:
        """Answer privately what will happen, and put the wish on the driver's queue."""
        locale = locale_of(interaction, face_of(interaction).catalogues)
        move = parse_move(to)
        refusal = self._refusal(move, locale)
        text = refusal or self._promise(move, locale)
        title = locale.text(N_("⚠️ Not done") if refusal else N_("⏩ Time passes"))
        card = Card(title, text, tone=Tone.WARNING if refusal else Tone.NEUTRAL)
        await interaction.response.send_message(embed=embed_of(card), ephemeral=True)
        if move is not None and refusal is None:
            self._ask(move)

    @clock.autocomplete("to")
    async def _offer(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        locale = locale_of(interaction, face_of(interaction).catalogues)
        offers = [app_commands.Choice(name=locale.text(_NEXT_DUE), value=_NEXT)]
        offers += [app_commands.Choice(name=step, value=step) for step in _OFFERS]
        fitting = [offer for offer in offers if typed.strip().casefold() in offer.name.casefold()]
        move = parse_move(typed)
        if move is not None and self._refusal(move, locale) is None and not fitting:
            fitting = [app_commands.Choice(name=typed.strip(), value=typed.strip())]
        return fitting

    def _refusal(self, move: Move | None, locale: Locale) -> str | None:
        if move is None:
            return locale.text(_NOT_UNDERSTOOD)
        now = self._clock.now()
        at = self._instant_of(move)
        if at is not None and at <= now:
            return locale.text(_NOT_BACK, when=instant(locale, now))
        if at is not None and at - now > _LONGEST:
            return locale.text(_TOO_FAR, days=_LONGEST.days)
        return None

    def _promise(self, move: Move | None, locale: Locale) -> str:
        at = None if move is None else self._instant_of(move)
        return locale.text(_TO_NEXT) if at is None else locale.text(_MOVING, when=instant(locale, at))

    def _instant_of(self, move: Move) -> datetime | None:
        return self._clock.now() + move.by if move.by is not None else move.to
