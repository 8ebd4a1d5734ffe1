"""What happened in an outage, in plain words: one entry after another, the same for the message, the file and the picture. Pure.

Names and texts are as they were typed: whoever puts them into a message makes them inert.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from cogs.render.pad_posts import expected_text, verdict_text
from cogs.render.words import (
    CONFIDENCE_NAMES,
    DIRECTION_NAMES,
    EVENT_NAMES,
    INSPECTION_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    TIER_NAMES,
    day,
    days,
    duration,
    joined,
    quoted,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.assessments import Assessment
from domain.damage import DamageReport
from domain.forecasts import Forecast, score
from domain.inspections import Inspection
from domain.outage import Outage
from domain.outage_cost import DateCost
from domain.pad_records import DateMove, Entry, EntryKind
from domain.pads import Pad
from domain.repairs import RepairTask
from domain.returns import ReturnRequest
from domain.when import days_between

_TITLES = {
    EntryKind.REPORTED: N_("{label} reported"),
    EntryKind.ACKNOWLEDGED: N_("{label} acknowledged"),
    EntryKind.UPDATED: N_("{label} updated"),
    EntryKind.ASSESSED: N_("{label}: {source} ({tier}) says {severity}"),
    EntryKind.ADOPTED: N_("{label} of {source} adopted"),
    EntryKind.FORECAST: N_("{label}: {source} ({tier}) expects it back"),
    EntryKind.RESTRICTED: N_("Standing restriction put"),
    EntryKind.LIFTED: N_("Standing restriction lifted"),
    EntryKind.TASK_PLANNED: N_("{label} planned"),
    EntryKind.TASK_CHANGED: N_("{label} changed"),
    EntryKind.TASK_STARTED: N_("{label} started"),
    EntryKind.TASK_PROGRESSED: N_("{label} at {percent} %"),
    EntryKind.TASK_BLOCKED: N_("{label} blocked"),
    EntryKind.TASK_UNBLOCKED: N_("{label} unblocked"),
    EntryKind.TASK_DONE: N_("{label} done"),
    EntryKind.TASK_VERIFIED: N_("{label} verified"),
    EntryKind.TASK_CANCELLED: N_("{label} cancelled"),
    EntryKind.TASK_REOPENED: N_("{label} opened again"),
    EntryKind.INSPECTED: N_("{label}: {result}"),
    EntryKind.RETURN_ASKED: N_("{label}: return to service asked for"),
    EntryKind.RETURN_DECLINED: N_("{label} declined"),
    EntryKind.RETURN_WITHDRAWN: N_("{label} withdrawn"),
    EntryKind.RETURN_VOID: N_("{label} void: it was asked anew"),
    EntryKind.RETURN_CONFIRMED: N_("{label} confirmed: back in service"),
    EntryKind.MOVED: N_("{mission} {event}: {direction}"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """An entry: what happened, and what there is to say of it."""

    title: str
    details: tuple[str, ...]

    @property
    def plain(self) -> str:
        """All of it in one line."""
        return joined([self.title, *self.details])


def words_of(entry: Entry, locale: Locale) -> Words:
    """One entry in words. What was erased is left out."""
    title = locale.text(_TITLES[entry.kind], **_named(entry, locale))
    details = (*_details(entry, locale), locale.text(N_("by {name}"), name=entry.by) if entry.by else "")
    return Words(title, tuple(part for part in details if part))


def away_for(outage: Outage, now: datetime, locale: Locale) -> str:
    """How long an outage lasted, or lasts: in days, or more exactly while that is less than one."""
    until = outage.ended_at or now
    number = days_between(outage.began_at, until)
    return days(locale, number) if number else duration(locale, until - outage.began_at)


def report_words(report: DamageReport) -> str:
    """A report's component and summary in one line."""
    said = " ".join(report.summary.split())
    return f"{report.component}: {said}" if report.component else said


def forecast_words(forecast: Forecast, locale: Locale) -> str:
    """What a forecast says: its dates, or its words."""
    if not forecast.window.is_dated:
        return quoted(forecast.note or "", locale)
    return expected_text(forecast.earliest, forecast.latest, None, locale)


def source_words(said: Assessment | Forecast, locale: Locale) -> str:
    """Who says it, and how close they stand to it."""
    return locale.text(N_("{source} ({tier})"), source=said.source, tier=locale.text(TIER_NAMES[said.tier]))


def score_words(forecast: Forecast, outage: Outage, locale: Locale) -> str:
    """How a forecast did; nothing while the pad is away."""
    if outage.ended_at is None:
        return ""
    found = score(forecast, outage.ended_at)
    return verdict_text(found.verdict, found.days_off, found.width_days, locale)


def forecast_line(forecast: Forecast, outage: Outage, locale: Locale) -> str:
    """A forecast in a list: who, what, in which words, when it was stated, whether it stands, and how it did."""
    _ = locale.text
    words = quoted(forecast.note, locale) if forecast.note and forecast.window.is_dated else ""
    stated = _("stated {time}", time=when(locale, forecast.stated))
    old = "" if forecast in outage.standing else _("superseded")
    said = f"{source_words(forecast, locale)}: {forecast_words(forecast, locale)}"
    return joined([said, words, stated, old, score_words(forecast, outage, locale)])


def cost_lines(outage: Outage, locale: Locale) -> list[str]:
    """What an outage cost, in all and by mission; nothing where no date was moved because of it."""
    cost = outage.cost
    if not cost.is_known:
        return []
    all_of_it = locale.text(N_("In all: {what}"), what=_measured(cost.days, cost.unmeasured, locale))
    return [all_of_it, *(_date_cost(one, locale) for one in cost.dates)]


def _date_cost(one: DateCost, locale: Locale) -> str:
    event = one.name or locale.text(EVENT_NAMES[one.kind])
    return f"{one.mission} {event}: {_measured(one.days, one.unmeasured, locale)}"


def _measured(number: int, unmeasured: int, locale: Locale) -> str:
    """Days, and moves that have led to no exact day so far."""
    measured = days(locale, number) if number or not unmeasured else ""
    if not unmeasured:
        return measured
    moves = locale.ngettext("moved {number} time to no exact day", "moved {number} times to no exact day", unmeasured)
    return joined([measured, moves])


def _named(entry: Entry, locale: Locale) -> dict[str, str]:
    """What a title may name."""
    _, about = locale.text, entry.about
    match about:
        case Assessment():
            label = f"DR-{about.report_number}" if entry.kind is EntryKind.ASSESSED else about.label
            severity, tier = _(SEVERITY_NAMES[about.severity]), _(TIER_NAMES[about.tier])
            return {"label": label, "source": about.source, "tier": tier, "severity": severity}
        case Forecast():
            return {"label": about.label, "source": about.source, "tier": _(TIER_NAMES[about.tier])}
        case RepairTask():
            return {"label": about.label, "percent": str(about.progress)}
        case Inspection():
            return {"label": about.label, "result": _(INSPECTION_NAMES[about.result])}
        case DateMove():
            event = about.date.name or _(EVENT_NAMES[about.date.kind])
            direction = _(DIRECTION_NAMES[about.move.direction])
            return {"mission": about.date.mission, "event": event, "direction": direction}
        case DamageReport() | ReturnRequest():
            return {"label": about.label}
        case Pad():
            return {}


def _details(entry: Entry, locale: Locale) -> tuple[str, ...]:
    said = _SAYS[type(entry.about)](entry, locale)
    return tuple(" ".join(part.split()) for part in said)


def _of_report(entry: Entry, locale: Locale) -> tuple[str, ...]:
    _, report = locale.text, cast("DamageReport", entry.about)
    if entry.kind is EntryKind.REPORTED:
        observed = _("observed {time}", time=utc(locale, report.observed_at))
        return (_(SEVERITY_NAMES[report.severity]), report_words(report), observed)
    if entry.kind is EntryKind.ACKNOWLEDGED:
        return (_("after {time}", time=duration(locale, entry.at - report.reported_at)),)
    before = cast("DamageReport", entry.before)
    graded = _changed(_(SEVERITY_NAMES[before.severity]), _(SEVERITY_NAMES[report.severity]))
    moved = _changed(_(REPORT_STATE_NAMES[before.state]), _(REPORT_STATE_NAMES[report.state]))
    return (graded, moved, entry.reason or "")


def _of_assessment(entry: Entry, locale: Locale) -> tuple[str, ...]:
    _, said = locale.text, cast("Assessment", entry.about)
    if entry.kind is EntryKind.ADOPTED:
        return (_("DR-{number} is {severity}", number=said.report_number, severity=_(SEVERITY_NAMES[said.severity])),)
    sure = _(CONFIDENCE_NAMES[said.confidence]) if said.confidence else ""
    stated = _("stated {time}", time=when(locale, said.stated))
    return (said.label, sure, quoted(said.note, locale) if said.note else "", stated, said.link or "")


def _of_forecast(entry: Entry, locale: Locale) -> tuple[str, ...]:
    _, said = locale.text, cast("Forecast", entry.about)
    words = quoted(said.note, locale) if said.note and said.window.is_dated else ""
    stated = _("stated {time}", time=when(locale, said.stated))
    return (forecast_words(said, locale), words, stated, _("superseded") if entry.superseded else "")


def _of_pad(entry: Entry, _: Locale) -> tuple[str, ...]:
    pad = cast("Pad", entry.about if entry.kind is EntryKind.RESTRICTED else entry.before)
    said = pad.restriction or ""
    return (said, "" if entry.reason == said else entry.reason or "")


def _of_task(entry: Entry, locale: Locale) -> tuple[str, ...]:
    _, task = locale.text, cast("RepairTask", entry.about)
    due = _("due {time}", time=when(locale, task.due)) if task.due else ""
    match entry.kind:
        case EntryKind.TASK_PLANNED | EntryKind.TASK_CHANGED:
            after = ", ".join(f"RT-{number}" for number in task.after)
            follows = _("after {tasks}", tasks=after) if after else ""
            takes = days(locale, task.days) if task.days else ""
            return (task.title, f"DR-{task.report_number}", due, takes, follows)
        case EntryKind.TASK_BLOCKED:
            return (task.title, task.blocked_by or "")
        case EntryKind.TASK_CANCELLED:
            return (task.title, task.cancelled_for or "")
        case EntryKind.TASK_DONE:
            return (task.title, due, entry.reason or "")
    return (task.title, entry.reason or "")


def _of_inspection(entry: Entry, _: Locale) -> tuple[str, ...]:
    return (entry.reason or "",)


def _of_request(_entry: Entry, _: Locale) -> tuple[str, ...]:
    return ()


def _of_move(entry: Entry, locale: Locale) -> tuple[str, ...]:
    _, move = locale.text, cast("DateMove", entry.about).move
    slipped = _("{span} later", span=days(locale, move.slip_days)) if move.slip_days and move.slip_days > 0 else ""
    before = when(locale, move.before) if move.before else ""
    return (_changed(before, when(locale, move.after)), slipped, move.cause or "", entry.reason or "")


_SAYS: dict[type, Callable[[Entry, Locale], tuple[str, ...]]] = {
    DamageReport: _of_report,
    Assessment: _of_assessment,
    Forecast: _of_forecast,
    Pad: _of_pad,
    RepairTask: _of_task,
    Inspection: _of_inspection,
    ReturnRequest: _of_request,
    DateMove: _of_move,
}


def _changed(before: str, after: str) -> str:
    """From what to what; nothing where nothing changed."""
    if not before:
        return after
    return "" if before == after else f"{before} → {after}"


def span_words(outage: Outage, locale: Locale) -> str:
    """From when to when an outage lasted."""
    _ = locale.text
    if outage.ended_at is None:
        return _("since {day}", day=day(locale, outage.began_at))
    return _("from {earliest} to {latest}", earliest=day(locale, outage.began_at), latest=day(locale, outage.ended_at))


def heading(outage: Outage, now: datetime, locale: Locale) -> str:
    """An outage in short: "away since 27 Nov 2025 · 96 days"."""
    title = locale.text(N_("away {span}"), span=span_words(outage, locale))
    return joined([title, away_for(outage, now, locale)])
