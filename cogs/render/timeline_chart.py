"""A mission's timeline as a chart: the words of its rows and where everything lies on the scale. Pure; it is drawn elsewhere."""

from datetime import UTC, datetime

from cogs.charts.chart import Bar, Chart, ChartRow, Symbol, Tick
from cogs.render.timeline import lines_of, standing
from cogs.render.words import capitalised, day_of_month, joined, short_month, utc
from cogs.text import N_, Locale
from domain.missions import EventState
from domain.timeline import Row, Scale, TickUnit, nearest_rows, scale_of
from domain.when import Precision, When
from services.timelines import MissionTimeline

ROWS_MAX = 16
"""More rows than these are not a picture any more; the text has them all."""

_SYMBOLS = {
    EventState.PLANNED: Symbol.PLANNED,
    EventState.HELD: Symbol.HELD,
    EventState.DONE: Symbol.DONE,
    EventState.FAILED: Symbol.FAILED,
    EventState.SCRUBBED: Symbol.SCRUBBED,
    EventState.CANCELLED: Symbol.CANCELLED,
}
_LEGEND = {
    Symbol.PLANNED: N_("plan (its width: how exactly it is known)"),
    Symbol.RUNS_ON: N_("no earlier than"),
    Symbol.FIRST_PLAN: N_("first plan"),
    Symbol.DONE: N_("done"),
    Symbol.FAILED: N_("failed"),
    Symbol.SCRUBBED: N_("scrubbed"),
    Symbol.CANCELLED: N_("cancelled"),
    Symbol.HELD: N_("on hold"),
    Symbol.OVERDUE: N_("time passed, nobody has said what happened"),
}


def chart(found: MissionTimeline, locale: Locale) -> Chart:
    """The chart of a timeline; of a long one, the events nearest to now."""
    _ = locale.text
    everything = found.timeline.rows
    rows = nearest_rows(found.timeline, found.asked_at, ROWS_MAX)
    scale = scale_of(rows, found.asked_at)
    drawn = tuple(_row(row, scale, found.asked_at, locale) for row in rows)
    is_held = scale.holds(found.asked_at)
    note = ""
    if len(rows) < len(everything):
        note = _(
            "{shown} of {total} events are drawn, those nearest to now; the text has all of them.",
            shown=len(rows),
            total=len(everything),
        )
    return Chart(
        title=found.mission.name,
        subtitle=joined([capitalised(standing(found, locale)), found.mission.vehicle]),
        rows=drawn,
        ticks=_ticks(scale, locale),
        axis="UTC",
        now_at=scale.position(found.asked_at) if is_held else None,
        now_label=_("now: {time}", time=utc(locale, found.asked_at.replace(second=0))),
        legend=tuple((symbol, _(words)) for symbol, words in _LEGEND.items() if symbol in _used(drawn)),
        note=note,
    )


def _row(row: Row, scale: Scale, now: datetime, locale: Locale) -> ChartRow:
    lines = lines_of(row, now, locale)
    return ChartRow(
        label=capitalised(lines.name),
        dates=lines.dates,
        details=lines.details,
        symbol=_symbol(row),
        mark_at=_mark_at(row, scale),
        first_plan=_bar(row.original, scale, runs_on=False) if row.was_moved else None,
        plan=_bar(row.current, scale, runs_on=row.runs_on),
    )


def _symbol(row: Row) -> Symbol:
    if row.overdue:
        return Symbol.OVERDUE
    return Symbol.RUNS_ON if row.runs_on and row.state is EventState.PLANNED else _SYMBOLS[row.state]


def _mark_at(row: Row, scale: Scale) -> float | None:
    """Where the event's sign stands: when it happened, else in the middle of its plan. A plain plan is its bar alone."""
    if row.actual_at is not None:
        return scale.position(row.actual_at)
    plan = _bar(row.current, scale, runs_on=False)
    if plan is None or _symbol(row) in {Symbol.PLANNED, Symbol.RUNS_ON}:
        return None
    return plan.start if row.runs_on else (plan.start + plan.end) / 2


def _bar(planned: When | None, scale: Scale, *, runs_on: bool) -> Bar | None:
    if planned is None or planned.at is None or planned.stated_end_at is None:
        return None
    end = planned.at if planned.precision.is_at_least(Precision.MINUTE) else planned.stated_end_at
    return Bar(scale.position(planned.at), 1.0 if runs_on else scale.position(end), runs_on)


def _used(rows: tuple[ChartRow, ...]) -> set[Symbol]:
    used = {row.symbol for row in rows}
    used |= {Symbol.PLANNED for row in rows if row.plan is not None}
    used |= {Symbol.FIRST_PLAN for row in rows if row.first_plan is not None}
    return used | {Symbol.RUNS_ON for row in rows if row.plan is not None and row.plan.runs_on}


def _ticks(scale: Scale, locale: Locale) -> tuple[Tick, ...]:
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
