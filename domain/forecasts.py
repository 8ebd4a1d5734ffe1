"""Forecasts of a pad's return to service: kept per source, superseded but readable, and scored when the pad is back.

A forecast may have a first and a last date, one of them, or only words: "shortly" is a forecast too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import InvalidInput
from domain.expected import Window
from domain.sources import Tier
from domain.text import name_key
from domain.when import When, days_between

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecast FC-`number` for a pad. `returned_at` is set once the pad is back: the forecast is scored by it."""

    number: int
    pad_id: int
    source: str
    tier: Tier
    earliest: When | None
    latest: When | None
    stated: When
    note: str | None
    recorded_by: int
    recorded_at: datetime
    returned_at: datetime | None = None

    @property
    def label(self) -> str:
        """The forecast's short name in the workspace."""
        return f"FC-{self.number}"

    @property
    def window(self) -> Window:
        """The instants it allows: from the beginning of its first date to the end of its last one."""
        return Window(
            earliest=self.earliest.opens_at if self.earliest else None,
            latest=self.latest.stated_end_at if self.latest else None,
        )


class Verdict(StrEnum):
    """How a forecast compares with the day on which the pad was back."""

    HELD = "held"
    TOO_EARLY = "too_early"
    """The pad came back later than the forecast's last date."""
    TOO_LATE = "too_late"
    """The pad came back before the forecast's first date."""
    ONLY_WORDS = "only_words"


@dataclass(frozen=True, slots=True)
class Score:
    """A forecast against what happened. `days_off` are whole days outside its window; `width_days` is None while it has no end.

    A forecast that held by saying nothing (no last date, or a window of years) is told by its width.
    """

    verdict: Verdict
    days_off: int
    width_days: int | None


def checked_forecast(earliest: When | None, latest: When | None, note: str | None) -> None:
    """Refuse a forecast that says nothing, one whose ends are the wrong way round, and "no earlier than" as a last date."""
    if latest is not None and latest.no_earlier_than:
        raise InvalidInput("forecast_latest_open")
    if any(end is not None and not end.is_known for end in (earliest, latest)):
        raise InvalidInput("forecast_needs_words")
    if earliest is None and latest is None and note is None:
        raise InvalidInput("forecast_needs_words")
    if earliest is None or latest is None or earliest.at is None or latest.stated_end_at is None:
        return
    if latest.stated_end_at <= earliest.at:
        raise InvalidInput("forecast_ends_first")


def current(forecasts: Iterable[Forecast]) -> tuple[Forecast, ...]:
    """The forecast that stands for each source, spelling aside: stated last, or recorded last where that cannot be told."""
    standing: dict[str, Forecast] = {}
    for forecast in sorted(forecasts, key=lambda forecast: forecast.number):
        key = name_key(forecast.source)
        known = standing.get(key)
        if known is None or not forecast.stated.certainly_before(known.stated):
            standing[key] = forecast
    return tuple(sorted(standing.values(), key=lambda forecast: forecast.number))


def score(forecast: Forecast, returned_at: datetime) -> Score:
    """Score a forecast by the instant at which the pad was back."""
    window = forecast.window
    if not window.is_dated:
        return Score(Verdict.ONLY_WORDS, 0, None)
    width = None
    if window.latest is not None:
        width = max(days_between(window.earliest or _said_at(forecast), window.latest - _INSTANT), 0)
    if window.earliest is not None and returned_at < window.earliest:
        return Score(Verdict.TOO_LATE, days_between(returned_at, window.earliest), width)
    if window.latest is not None and returned_at >= window.latest:
        return Score(Verdict.TOO_EARLY, days_between(window.latest - _INSTANT, returned_at), width)
    return Score(Verdict.HELD, 0, width)


def _said_at(forecast: Forecast) -> datetime:
    return forecast.stated.at or forecast.recorded_at
