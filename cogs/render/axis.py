"""A chart's axis in words: what stands at each of the scale's ticks. Pure."""

from datetime import UTC, datetime

from cogs.charts.chart import Tick
from cogs.render.words import day_of_month, short_month
from cogs.text import Locale
from domain.timeline import Scale, TickUnit


def ticks_of(scale: Scale, locale: Locale) -> tuple[Tick, ...]:
    """Labels in the scale's unit; the larger unit is said at the first tick and wherever it changes."""
    ticks: list[Tick] = []
    said = ""
    for at in scale.ticks:
        label, context = _labels(at.astimezone(UTC), scale.unit, locale)
        ticks.append(Tick(scale.position(at), label, context if context != said else ""))
        said = context
    return tuple(ticks)


def _labels(at: datetime, unit: TickUnit, locale: Locale) -> tuple[str, str]:
    match unit:
        case TickUnit.MINUTE | TickUnit.HOUR:
            return f"{at:%H:%M}", day_of_month(locale, at)
        case TickUnit.DAY:
            return day_of_month(locale, at), str(at.year)
        case TickUnit.MONTH:
            return short_month(locale, at), str(at.year)
    return str(at.year), ""
