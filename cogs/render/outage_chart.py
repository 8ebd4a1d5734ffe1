"""An outage as a chart: the words of its rows and where everything lies on the scale. Pure; it is drawn elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cogs.charts.chart import Bar, Chart, ChartRow, Lane, Mark, Symbol
from cogs.render.axis import ticks_of
from cogs.render.outage_words import (
    away_for,
    forecast_words,
    report_words,
    score_words,
    source_words,
    span_words,
)
from cogs.render.pads import estimate_words
from cogs.render.words import (
    INSPECTION_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    TASK_STATE_NAMES,
    TIER_NAMES,
    day,
    day_of_month,
    duration,
    joined,
    quoted,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.assessments import Assessment, standing
from domain.damage import DamageReport, Severity
from domain.expected import Estimate, Window
from domain.inspections import Inspection, InspectionResult
from domain.outage import Outage, ReportLife, Spell, TaskLife, stated_at
from domain.outage_layout import OutageLayout, SourceForecasts, layout_of
from domain.repairs import TaskState
from domain.returns import ReturnRequest, ReturnState
from domain.sources import Tier
from domain.timeline import Scale
from services.pad_history import PadHistory

LANES_MAX = 3
"""Marks that would cover each other stand below each other, so many deep."""
_APART = 0.037
"""A mark's width."""
_SEVERITY = {
    Severity.MINOR: Symbol.MINOR,
    Severity.MAJOR: Symbol.MAJOR,
    Severity.CRITICAL: Symbol.CRITICAL,
}
_TASK = {
    TaskState.PLANNED: Symbol.PLANNED,
    TaskState.IN_WORK: Symbol.PROGRESS,
    TaskState.BLOCKED: Symbol.BLOCKED,
    TaskState.DONE: Symbol.DONE,
    TaskState.VERIFIED: Symbol.VERIFIED,
    TaskState.CANCELLED: Symbol.CANCELLED,
}
_RETURN = {
    ReturnState.WAITING: Symbol.ASKED,
    ReturnState.CONFIRMED: Symbol.RETURNED,
    ReturnState.DECLINED: Symbol.CANCELLED,
    ReturnState.WITHDRAWN: Symbol.CANCELLED,
    ReturnState.VOID: Symbol.CANCELLED,
}
_RETURN_NAMES = {
    ReturnState.WAITING: N_("asked for, waits for a second person"),
    ReturnState.CONFIRMED: N_("back in service"),
    ReturnState.DECLINED: N_("declined"),
    ReturnState.WITHDRAWN: N_("withdrawn"),
    ReturnState.VOID: N_("void"),
}
_LEGEND = {
    Symbol.MINOR: N_("minor"),
    Symbol.MAJOR: N_("major"),
    Symbol.CRITICAL: N_("critical"),
    Symbol.ACKNOWLEDGED: N_("acknowledged"),
    Symbol.WORDS: N_("only in words"),
    Symbol.PLANNED: N_("planned or expected"),
    Symbol.FIRST_PLAN: N_("said before"),
    Symbol.RUNS_ON: N_("without an end, or further than shown"),
    Symbol.PROGRESS: N_("progress"),
    Symbol.DONE: N_("done"),
    Symbol.VERIFIED: N_("verified"),
    Symbol.OVERDUE: N_("overdue"),
    Symbol.BLOCKED: N_("blocked"),
    Symbol.CANCELLED: N_("cancelled or declined"),
    Symbol.HELD: N_("restricted"),
    Symbol.INSPECTED: N_("inspection passed"),
    Symbol.FAILED: N_("inspection failed"),
    Symbol.ASKED: N_("return asked for"),
    Symbol.RETURNED: N_("back in service"),
}


def chart(found: PadHistory, outage: Outage, locale: Locale) -> Chart:
    """The chart of one outage of a pad."""
    _ = locale.text
    shown = layout_of(outage, found.estimate if outage is found.newest else None, found.asked_at)
    rows = tuple(_rows(shown, outage, locale))
    used = frozenset[Symbol]().union(*(row.symbols for row in rows))
    is_over = outage.ended_at is not None
    return Chart(
        title=found.pad.name,
        subtitle=joined(
            [
                _("Away {span}", span=span_words(outage, locale)),
                away_for(outage, found.asked_at, locale),
                found.pad.site,
            ]
        ),
        rows=rows,
        ticks=ticks_of(shown.scale, locale),
        axis="UTC",
        now_at=None if is_over else shown.scale.position(shown.until),
        now_label=_now_label(found, outage, locale),
        legend=tuple((symbol, _(words)) for symbol, words in _LEGEND.items() if symbol in used),
        note=_left_out(shown, locale),
        ended_at=shown.scale.position(shown.until) if is_over else None,
    )


def _now_label(found: PadHistory, outage: Outage, locale: Locale) -> str:
    _ = locale.text
    if outage.ended_at is not None:
        return _("back in service: {time}", time=utc(locale, outage.ended_at.replace(second=0)))
    label = N_("now: {time}") if found.believed_at is None else N_("as recorded by {time}")
    return _(label, time=utc(locale, found.asked_at.replace(second=0)))


def _left_out(shown: OutageLayout, locale: Locale) -> str:
    """What there was no room for, by kind."""
    reports, forecasts, tasks = shown.reports_left_out, shown.forecasts_left_out, shown.tasks_left_out
    said = [locale.ngettext("{number} report", "{number} reports", reports)] if reports else []
    if forecasts:
        said.append(locale.ngettext("{number} source of forecasts", "{number} sources of forecasts", forecasts))
    if tasks:
        said.append(locale.ngettext("{number} repair", "{number} repairs", tasks))
    if not said:
        return ""
    return locale.text(N_("Not drawn for want of room: {what}. The text has everything."), what=", ".join(said))


def _rows(shown: OutageLayout, outage: Outage, locale: Locale) -> Iterator[ChartRow]:
    scale = shown.scale
    for life in shown.reports:
        yield _report_row(life, shown, locale)
    for tier, said in shown.tiers:
        yield _tier_row(tier, said, scale, locale)
    for one in shown.forecasts:
        yield _forecast_row(one, outage, scale, locale)
    if shown.estimate is not None:
        yield _estimate_row(shown.estimate, scale, locale)
    for task in shown.tasks:
        yield _task_row(task, shown, locale)
    if outage.restrictions:
        yield _restriction_row(outage.restrictions, shown, locale)
    if outage.inspections:
        yield _inspection_row(outage.inspections, scale, locale)
    if outage.requests:
        yield _return_row(outage.requests, scale, locale)


def _report_row(life: ReportLife, shown: OutageLayout, locale: Locale) -> ChartRow:
    """From observed to closed, as high as it was grave; a mark where it was acknowledged and where it grew graver or milder."""
    _, report, scale = locale.text, life.report, shown.scale
    ends_at = report.settled_at or shown.until
    starts = [at for at, _grade in life.grades]
    bars = tuple(
        Bar(scale.position(start), scale.position(max(start, end)), _SEVERITY[grade])
        for (start, grade), end in zip(life.grades, [*starts[1:], ends_at], strict=True)
    )
    marks = [Mark(scale.position(at), _SEVERITY[grade]) for at, grade in life.grades]
    seen = ""
    if report.acknowledged_at is not None:
        marks.append(Mark(scale.position(report.acknowledged_at), Symbol.ACKNOWLEDGED))
        seen = _("acknowledged after {time}", time=duration(locale, report.acknowledged_at - report.reported_at))
    if report.settled_at is not None:
        marks.append(Mark(scale.position(report.settled_at), Symbol.DONE))
    changes = " → ".join(_(SEVERITY_NAMES[grade]) for _at, grade in life.grades)
    return ChartRow(
        label=f"{report.label} {_(SEVERITY_NAMES[report.severity])}",
        dates=joined(
            [_(REPORT_STATE_NAMES[report.state]), day(locale, report.settled_at) if report.settled_at else ""]
        ),
        details=_said(report_words(report), _observed(report, locale), changes if len(life.grades) > 1 else "", seen),
        symbol=_SEVERITY[report.severity],
        lanes=_spread(marks, bars),
    )


def _observed(report: DamageReport, locale: Locale) -> str:
    return locale.text(N_("observed {time}"), time=day_of_month(locale, report.observed_at))


def _tier_row(tier: Tier, said: tuple[Assessment, ...], scale: Scale, locale: Locale) -> ChartRow:
    """Everything that sources of one tier have said; in words, what each of them says now."""
    _ = locale.text
    now = standing(said)
    gravest = max(now, key=lambda one: one.severity.rank)
    grades = {one.severity for one in now}
    return ChartRow(
        label=_("Assessments: {tier}", tier=_(TIER_NAMES[tier])),
        dates=" / ".join(_(SEVERITY_NAMES[grade]) for grade in Severity if grade in grades),
        details=tuple(
            f"{one.source}: {_(SEVERITY_NAMES[one.severity])}, {day_of_month(locale, stated_at(one))}" for one in now
        ),
        symbol=_SEVERITY[gravest.severity],
        lanes=_spread([Mark(scale.position(stated_at(one)), _SEVERITY[one.severity]) for one in said]),
    )


def _forecast_row(one: SourceForecasts, outage: Outage, scale: Scale, locale: Locale) -> ChartRow:
    """What a source said before, above what it says now."""
    _ = locale.text
    now = one.standing
    before = tuple(
        Lane((bar,))
        for said in one.superseded
        if (bar := _window_bar(said.window, stated_at(said), scale, Symbol.FIRST_PLAN)) is not None
    )
    bar = _window_bar(now.window, stated_at(now), scale, Symbol.PLANNED)
    lane = Lane((bar,)) if bar is not None else Lane((), (Mark(scale.position(stated_at(now)), Symbol.WORDS),))
    earlier = ", ".join(forecast_words(said, locale) for said in one.superseded)
    return ChartRow(
        label=_("Return: {source}", source=source_words(now, locale)),
        dates=forecast_words(now, locale),
        details=_said(
            score_words(now, outage, locale),
            quoted(now.note, locale) if now.note and bar is not None else "",
            _("stated {time}", time=when(locale, now.stated)),
            _("before: {what}", what=earlier) if earlier else "",
        ),
        symbol=Symbol.WORDS if bar is None else Symbol.RUNS_ON if bar.runs_on else Symbol.PLANNED,
        lanes=(*before[-(LANES_MAX - 1) :], lane),
    )


def _estimate_row(estimate: Estimate, scale: Scale, locale: Locale) -> ChartRow:
    said, why, path = estimate_words(estimate, locale)
    opens = estimate.window.earliest or estimate.window.latest
    bar = None if opens is None else _window_bar(estimate.window, opens, scale, Symbol.PLANNED)
    return ChartRow(
        label=locale.text(N_("Return: own estimate")),
        dates=said,
        details=_said(why, path),
        symbol=Symbol.WORDS if bar is None else Symbol.RUNS_ON if bar.runs_on else Symbol.PLANNED,
        lanes=() if bar is None else (Lane((bar,)),),
    )


def _task_row(life: TaskLife, shown: OutageLayout, locale: Locale) -> ChartRow:
    """From planned to due, filled as far as it is done; solid from its beginning once it is done."""
    _, task = locale.text, life.task
    due = _("due {time}", time=when(locale, task.due)) if task.due else ""
    is_overdue = _is_overdue(life, shown.until)
    is_open = task.state.is_open
    dates = joined([_(TASK_STATE_NAMES[task.state]), due if is_open else day(locale, life.since)])
    percent = f"{task.progress} %" if is_open and task.progress else ""
    return ChartRow(
        label=f"{task.label} {task.title}",
        dates=dates,
        details=_said(
            percent,
            task.blocked_by if task.state is TaskState.BLOCKED else "",
            task.cancelled_for if task.state is TaskState.CANCELLED else "",
            _("done {time}", time=day(locale, task.done_at))
            if task.state is TaskState.VERIFIED and task.done_at
            else "",
            "" if is_open else due,
        ),
        symbol=Symbol.OVERDUE if is_overdue else _TASK[task.state],
        lanes=(Lane(tuple(_task_bars(life, shown)), tuple(_task_marks(life, shown))),),
    )


def _task_bars(life: TaskLife, shown: OutageLayout) -> Iterator[Bar]:
    task, scale = life.task, shown.scale
    start = scale.position(task.started_at if task.started_at and not task.state.is_open else life.planned_at)
    if not task.state.is_open:
        end = scale.position(task.done_at or life.since)
        yield Bar(start, max(start, end), Symbol.CANCELLED if task.state is TaskState.CANCELLED else Symbol.DONE)
        return
    due_at = task.due.stated_end_at if task.due else None
    end = max(start, scale.position(due_at or shown.until))
    yield Bar(start, end, Symbol.PLANNED, runs_on=due_at is None or due_at > scale.ends_at)
    if task.progress:
        yield Bar(start, start + (end - start) * task.progress / 100, Symbol.PROGRESS)


def _task_marks(life: TaskLife, shown: OutageLayout) -> Iterator[Mark]:
    task, scale = life.task, shown.scale
    due_at = task.due.stated_end_at if task.due else None
    if _is_overdue(life, shown.until) and due_at is not None:
        yield Mark(scale.position(due_at), Symbol.OVERDUE)
    if task.state is TaskState.BLOCKED:
        yield Mark(scale.position(life.since), Symbol.BLOCKED)
    elif not task.state.is_open:
        yield Mark(scale.position(task.done_at or life.since), _TASK[task.state])


def _is_overdue(life: TaskLife, now: datetime) -> bool:
    due_at = life.task.due.stated_end_at if life.task.due else None
    return life.task.state.is_open and due_at is not None and due_at <= now


def _restriction_row(spells: tuple[Spell, ...], shown: OutageLayout, locale: Locale) -> ChartRow:
    _ = locale.text
    last = spells[-1]
    bars = tuple(
        Bar(shown.scale.position(one.began_at), shown.scale.position(one.ended_at or shown.until), Symbol.HELD)
        for one in spells
    )
    lifted = "" if last.ended_at is None else _("lifted {day}", day=day(locale, last.ended_at))
    return ChartRow(_("Standing restriction"), lifted, tuple(one.reason for one in spells), Symbol.HELD, (Lane(bars),))


def _inspection_row(found: tuple[Inspection, ...], scale: Scale, locale: Locale) -> ChartRow:
    _ = locale.text
    marks = [(one, Symbol.INSPECTED if one.result is InspectionResult.PASSED else Symbol.FAILED) for one in found]
    return ChartRow(
        label=_("Inspections"),
        dates=joined([_(INSPECTION_NAMES[found[-1].result]), day(locale, found[-1].inspected_at)]),
        details=tuple(
            f"{one.label}: {_(INSPECTION_NAMES[one.result])}, {day_of_month(locale, one.inspected_at)}"
            for one in found[:-1]
        ),
        symbol=marks[-1][1],
        lanes=_spread([Mark(scale.position(one.inspected_at), symbol) for one, symbol in marks]),
    )


def _return_row(requests: tuple[ReturnRequest, ...], scale: Scale, locale: Locale) -> ChartRow:
    _, last = locale.text, requests[-1]
    marks = []
    for one in requests:
        if one.state is not ReturnState.CONFIRMED:
            marks.append(Mark(scale.position(one.requested_at), Symbol.ASKED))
        if one.decided_at is not None:
            marks.append(Mark(scale.position(one.decided_at), _RETURN[one.state]))
    return ChartRow(
        label=_("Return to service"),
        dates=joined([_(_RETURN_NAMES[last.state]), day(locale, last.decided_at or last.requested_at)]),
        details=tuple(f"{one.label}: {_(_RETURN_NAMES[one.state])}" for one in requests[:-1]),
        symbol=_RETURN[last.state],
        lanes=_spread(marks),
    )


def _window_bar(window: Window, said_at: datetime, scale: Scale, symbol: Symbol) -> Bar | None:
    """An expected return: from its first date, or from when it was said, to its last one, or on and on."""
    if not window.is_dated:
        return None
    start = scale.position(window.earliest or min(said_at, window.latest or said_at))
    if window.latest is None or window.latest > scale.ends_at:
        return Bar(start, 1.0, symbol, runs_on=True)
    return Bar(start, max(start, scale.position(window.latest)), symbol)


def _spread(marks: Iterable[Mark], bars: tuple[Bar, ...] = ()) -> tuple[Lane, ...]:
    """Marks on as few lanes as they need not to cover each other; bars lie on the first.

    Of more than LANES_MAX in one place the newest takes the place of the one before it: the words say all of them.
    """
    lanes: list[list[Mark]] = [[]]
    for mark in sorted(marks, key=lambda mark: mark.at):
        free = (lane for lane in lanes if not lane or mark.at - lane[-1].at >= _APART)
        lane = next(free, None)
        if lane is None and len(lanes) < LANES_MAX:
            lane = []
            lanes.append(lane)
        if lane is None:
            lanes[-1][-1] = mark
        else:
            lane.append(mark)
    return tuple(Lane(bars if number == 0 else (), tuple(lane)) for number, lane in enumerate(lanes))


def _said(*parts: str | None) -> tuple[str, ...]:
    return tuple(part for part in parts if part)
