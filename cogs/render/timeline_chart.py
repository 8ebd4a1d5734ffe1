"""A mission's timeline as a chart: the words of its rows and where everything lies on the scale. Pure; it is drawn elsewhere."""

from datetime import datetime

from cogs.charts.chart import Bar, Chart, ChartRow, Lane, Mark, Symbol
from cogs.render.axis import ticks_of
from cogs.render.timeline import lines_of, standing
from cogs.render.words import capitalised, joined, utc
from cogs.text import N_, Locale
from domain.missions import EventState
from domain.timeline import Row, Scale, nearest_rows, scale_of
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
    used = frozenset[Symbol]().union(*(row.symbols for row in drawn))
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
        ticks=ticks_of(scale, locale),
        axis="UTC",
        now_at=scale.position(found.asked_at) if is_held else None,
        now_label=_("now: {time}", time=utc(locale, found.asked_at.replace(second=0))),
        legend=tuple((symbol, _(words)) for symbol, words in _LEGEND.items() if symbol in used),
        note=note,
    )


def _row(row: Row, scale: Scale, now: datetime, locale: Locale) -> ChartRow:
    lines = lines_of(row, now, locale)
    return ChartRow(
        label=capitalised(lines.name),
        dates=lines.dates,
        details=lines.details,
        symbol=_symbol(row),
        lanes=_lanes(row, scale),
        moved=row.was_moved,
    )


def _lanes(row: Row, scale: Scale) -> tuple[Lane, ...]:
    """The first plan above, the present plan and what happened below it."""
    first = _bar(row.original, scale, Symbol.FIRST_PLAN) if row.was_moved else None
    plan = _bar(row.current, scale, Symbol.PLANNED, runs_on=row.runs_on)
    mark_at = _mark_at(row, scale)
    lower = Lane(() if plan is None else (plan,), () if mark_at is None else (Mark(mark_at, _symbol(row)),))
    upper = Lane(() if first is None else (first,))
    return tuple(lane for lane in (upper, lower) if lane.bars or lane.marks)


def _symbol(row: Row) -> Symbol:
    if row.overdue:
        return Symbol.OVERDUE
    return Symbol.RUNS_ON if row.runs_on and row.state is EventState.PLANNED else _SYMBOLS[row.state]


def _mark_at(row: Row, scale: Scale) -> float | None:
    """Where the event's sign stands: when it happened, else in the middle of its plan. A plain plan is its bar alone."""
    if row.actual_at is not None:
        return scale.position(row.actual_at)
    plan = _bar(row.current, scale, Symbol.PLANNED)
    if plan is None or _symbol(row) in {Symbol.PLANNED, Symbol.RUNS_ON}:
        return None
    return plan.start if row.runs_on else (plan.start + plan.end) / 2


def _bar(planned: When | None, scale: Scale, symbol: Symbol, *, runs_on: bool = False) -> Bar | None:
    if planned is None or planned.at is None or planned.stated_end_at is None:
        return None
    end = planned.at if planned.precision.is_at_least(Precision.MINUTE) else planned.stated_end_at
    return Bar(scale.position(planned.at), 1.0 if runs_on else scale.position(end), symbol, runs_on)
