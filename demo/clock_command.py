"""`/demo clock`: the one command that exists in the demo only. It asks the driver to move the clock and says so.

It must not move the clock itself: simcord refuses that to work of the client's own, and rightly.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands

from demo.driver import Move, Watch

T_ = app_commands.locale_str  # until `cogs.text` is wired here

_LONGEST = timedelta(days=1_000)
_STEP = re.compile(r"\+\s*(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NEXT = "next"


def _(text: str) -> str:
    """Stand in for the catalogue's lookup until `cogs.text` is wired here."""
    return text


@dataclass(frozen=True)
class Words:
    """What the command says. In one place, for the catalogue."""

    next_due: str = _("next event due")
    to_next: str = _("Moving the clock to the next thing that is due.")
    moving: str = _("Moving the clock to {when}. What is due on the way arrives in turn.")
    not_understood: str = _("I cannot read that. Try `+1 hour`, `+7 days`, `2025-12-10` or `2025-12-10T12:00`.")
    not_back: str = _("The clock goes forward only; it is {when} now.")
    too_far: str = _("That is too far: {days} days at most.")


_WORDS = Words()
_OFFERS = ("+10 minutes", "+1 hour", "+1 day", "+7 days", "+30 days")


def parse_move(text: str) -> Move | None:
    """Read "next", "+3 days" or an ISO date or time (UTC unless it says otherwise). None when it is none of them."""
    text = text.strip()
    if text.casefold() in {_NEXT, _WORDS.next_due.casefold()}:
        return Move()
    if step := _STEP.fullmatch(text):
        return Move(by=int(step[1]) * _UNITS[step[2][0].lower()])
    try:
        instant = datetime.fromisoformat(text)
        return Move(to=instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC))
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
    @app_commands.rename(to="to")
    async def clock(self, interaction: discord.Interaction, to: app_commands.Range[str, 1, 40]) -> None:
        """Answer privately what will happen, and put the wish on the driver's queue."""
        move = parse_move(to)
        refusal = self._refusal(move)
        await interaction.response.send_message(refusal or self._promise(move), ephemeral=True)
        if move is not None and refusal is None:
            self._ask(move)

    @clock.autocomplete("to")
    async def _offer(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offers = [app_commands.Choice(name=_WORDS.next_due, value=_NEXT)]
        offers += [app_commands.Choice(name=step, value=step) for step in _OFFERS]
        fitting = [offer for offer in offers if typed.strip().casefold() in offer.name.casefold()]
        move = parse_move(typed)
        if move is not None and self._refusal(move) is None and not fitting:
            fitting = [app_commands.Choice(name=typed.strip(), value=typed.strip())]
        return fitting

    def _refusal(self, move: Move | None) -> str | None:
        if move is None:
            return _WORDS.not_understood
        now = self._clock.now()
        instant = self._instant_of(move)
        if instant is not None and instant <= now:
            return _WORDS.not_back.format(when=_shown(now))
        if instant is not None and instant - now > _LONGEST:
            return _WORDS.too_far.format(days=_LONGEST.days)
        return None

    def _promise(self, move: Move | None) -> str:
        instant = None if move is None else self._instant_of(move)
        return _WORDS.to_next if instant is None else _WORDS.moving.format(when=_shown(instant))

    def _instant_of(self, move: Move) -> datetime | None:
        return self._clock.now() + move.by if move.by is not None else move.to


def _shown(instant: datetime) -> str:
    return f"{discord.utils.format_dt(instant, 'f')} ({instant:%Y-%m-%d %H:%M} UTC)"
