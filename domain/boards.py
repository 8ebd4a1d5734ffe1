"""Live boards: what kinds there are, how often one may change, and when a day turns for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.when_text import wall_time

SPACING = timedelta(seconds=10)
"""A board is looked at, and with that edited, at most once in so long."""

BOARDS_MAX = 20
"""So many boards a workspace may have: each is one more edit after a change."""


class BoardKind(StrEnum):
    """What a board shows."""

    MISSIONS = "missions"
    PADS = "pads"
    CREW = "crew"


@dataclass(frozen=True, slots=True)
class Board:
    """A message that is kept true: one of its kind in a channel."""

    id: int
    kind: BoardKind
    channel_id: int
    language: str


def next_turn_at(zone: str, after: datetime) -> datetime:
    """When the day next turns for a board: at local midnight, and at midnight UTC, since days are counted as UTC days.

    A local midnight that does not exist is the first instant of its day.
    """
    return min(_next_midnight(ZoneInfo(zone), after), _next_midnight(UTC, after))


def _next_midnight(zone: tzinfo, after: datetime) -> datetime:
    today = after.astimezone(zone).date()
    midnights = (wall_time(today + timedelta(days=days), time(0), zone) for days in range(1, 4))
    return next(at.astimezone(UTC) for at in midnights if at > after)
