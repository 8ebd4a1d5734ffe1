"""Pads, damage and repairs. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cogs.render.card import Card, Field, Listing, Tone
from cogs.render.flights import edit_lines
from cogs.render.inert import inert, shortened
from cogs.render.pad_posts import expected_text, severity_text, status_change
from cogs.render.repairs import task_line
from cogs.render.room import CARD_MAX, cut
from cogs.render.tones import STATUS_TONES
from cogs.render.words import (
    CONFIDENCE_NAMES,
    INSPECTION_NAMES,
    MISSION_KIND_NAMES,
    PAD_STATUS_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    TIER_NAMES,
    brief_instant,
    day,
    days,
    duration,
    instant,
    joined,
    lines_of,
    pad_standing,
    quoted,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.assessments import Side, Views
from domain.damage import DamageReport
from domain.expected import Estimate
from domain.forecasts import Forecast
from domain.missions import EventKind, Mission
from domain.pads import Lifecycle, Pad, PadStatus
from domain.returns import Gate, Hindrance, Obstacle, ReturnState
from domain.sources import Tier
from domain.when import Precision, When, days_between
from services.damage import Assessed, DamageLogged, ReportChanged
from services.forecasts import Forecasted
from services.pads import PadCard, PadChanged
from services.returns import GateShown, Inspected, ReturnDecided

_REPORTS_SHOWN = 5
_SUMMARY_SHOWN = 160
_NAME_SHOWN = 80
_NOTE_SHOWN = 160
_RESTRICTION_SHOWN = 300
_MORE_REPORTS_ROOM = 120
"""Of a pad's card, for how many reports it does not show."""
_LAUNCHES_ROOM, _REPAIRS_ROOM, _EXPECTED_ROOM, _WAITING_ROOM = 400, 700, 900, 500
"""Of a pad's card, for each field behind the reports; the reports share the rest, which always holds the gravest."""
_GATE_REPORTS, _GATE_TASKS = 5, 20
"""So many lines of the gate's list; how many more there are is said."""
_FRESH = timedelta(days=2)
"""So long a statement's age is counted in hours."""
_OBSTACLES = {
    Obstacle.NOT_ACTIVE: N_("It is not an active pad: `/pad edit` with `lifecycle:active`"),
    Obstacle.TASK_OPEN: N_("{subject} is not done: `/repair complete`"),
    Obstacle.TASK_UNVERIFIED: N_("{subject} is done and not verified: `/repair verify`"),
    Obstacle.REPORT_OPEN: N_("{subject} is open: `/pad update` with `state:closed`"),
    Obstacle.RESTRICTED: N_("A standing restriction: `/pad lift`"),
    Obstacle.NOT_INSPECTED: N_("It has not been inspected: `/pad inspect`"),
    Obstacle.INSPECTION_FAILED: N_("{subject} failed: inspect it again with `/pad inspect`"),
    Obstacle.INSPECTION_OLD: N_("{subject} was before the last damage or work: inspect it again with `/pad inspect`"),
}

_OF_TASKS = {Obstacle.TASK_OPEN, Obstacle.TASK_UNVERIFIED}


def status(card: PadCard, locale: Locale) -> Card:
    """One pad: its status and what it rests on, open reports and repairs, and the missions that wait for it."""
    _ = locale.text
    title = f"{inert(card.pad.name)} — {pad_standing(locale, card.pad.lifecycle, card.finding.status)}"
    text, footer = _status_text(card, locale), _footer(card, locale)
    launches, others = _launches(card.pad, locale), _others(card, locale)
    taken = sum(len(said) for field in (launches, *others) for said in (field.name, field.value))
    reports = _reports(card, CARD_MAX - len(title) - len(text) - len(footer) - taken, locale)
    return Card(title, text, (launches, *reports, *others), _tone(card), footer)


def _launches(pad: Pad, locale: Locale) -> Field:
    able = cut(_capabilities(pad, locale), locale, room=_LAUNCHES_ROOM, between="; ")
    return Field(locale.text(N_("Can launch")), able or locale.text(N_("nothing listed")))


def _others(card: PadCard, locale: Locale) -> tuple[Field, ...]:
    """What follows the reports: each has its share of the card, and says how much more there is."""
    _ = locale.text
    tasks = [task_line(task, locale, card.asked_at) for task in card.tasks]
    return (
        *([Field(_("Repairs under way"), cut(tasks, locale, room=_REPAIRS_ROOM))] if tasks else ()),
        *([Field(_("Expected back"), expected(card, locale))] if card.forecasts or card.estimate else ()),
        Field(_("Missions planned from here"), _waiting(card.waiting, locale)),
    )


def _reports(card: PadCard, room: int, locale: Locale) -> list[Field]:
    """The open reports that the card has room for, the one that decides the status first, and how many more there are."""
    _ = locale.text
    fields: list[Field] = []
    left = room - _MORE_REPORTS_ROOM
    for report in sorted(card.reports, key=lambda one: _gravest_first(one, card))[:_REPORTS_SHOWN]:
        field = Field(_report_title(report, locale), _report_text(report, card, locale))
        left -= len(field.name) + len(field.value)
        if fields and left < 0:
            break
        fields.append(field)
    rest = len(card.reports) - len(fields)
    return [*fields, Field(_("More reports"), more_reports(rest, locale))] if rest else fields


def _gravest_first(report: DamageReport, card: PadCard) -> tuple[bool, int, int]:
    return (report != card.finding.deciding, -report.severity.rank, -report.number)


def more_reports(number: int, locale: Locale) -> str:
    """That a pad has so many open reports besides."""
    return locale.ngettext(
        "and {number} more open report: `/repair list`", "and {number} more open reports: `/repair list`", number
    )


def listing(found: tuple[PadCard, ...], locale: Locale) -> Listing:
    """Every pad with its status and capabilities."""
    _ = locale.text
    return Listing(
        title=_("🏗️ Launch pads"),
        entries=tuple(_entry(card, locale) for card in found),
        empty=_("No pads yet. `/pad add` enters the first."),
        footer=_footer(found[0], locale) if found else "",
    )


def added(pad: Pad, locale: Locale) -> Card:
    """The receipt of `/pad add`."""
    _ = locale.text
    text = _("{site}. Can launch {capabilities}.", site=inert(pad.site), capabilities=capabilities(pad, locale))
    if pad.components:
        text += "\n" + _("Components: {names}", names=inert(", ".join(pad.components)))
    return Card(_("✅ Pad {name} entered", name=inert(pad.name)), text, tone=Tone.GOOD)


def logged(done: DamageLogged, locale: Locale) -> Card:
    """The reporter's receipt; the report's card itself is an announcement."""
    _ = locale.text
    lines = [
        _("{pad} is now {status}.", pad=inert(done.pad.name), status=_(PAD_STATUS_NAMES[done.after.status])),
        _("Observed {time}.", time=instant(locale, done.report.observed_at)),
    ]
    if done.report.evidence:
        lines.append(locale.ngettext("{number} photo kept.", "{number} photos kept.", len(done.report.evidence)))
    if not done.component_known and done.report.component:
        lines.append(
            _(
                "“{component}” is not on this pad's list of components; it was kept as you typed it.",
                component=inert(done.report.component),
            )
        )
    lines.append(_("Next: `/repair plan` with `report:{report}`.", report=done.report.label))
    title = _(
        "✅ {report} logged: {severity}", report=done.report.label, severity=_(SEVERITY_NAMES[done.report.severity])
    )
    return Card(title, "\n".join(lines), tone=Tone.GOOD)


def edited(done: PadChanged, locale: Locale) -> Card:
    """The receipt of `/pad edit`."""
    _ = locale.text
    title = _("✅ Pad {name} changed", name=inert(done.pad.name))
    return Card(title, "\n".join(edit_lines(done.edits, locale)), tone=Tone.GOOD)


def restricted(done: PadChanged, locale: Locale) -> Card:
    """The receipt of `/pad restrict` and `/pad lift`."""
    _ = locale.text
    lifted = done.pad.restriction is None
    title = N_("✅ Restriction of {name} lifted") if lifted else N_("✅ {name} restricted")
    lines = [_("Pad status: {status}", status=status_change(done.status_before, done.after.status, locale))]
    if lifted and done.after.status is not PadStatus.OPERATIONAL:
        lines.append(_("What its reports have done to it stays. `/pad return-to-service` shows what is in the way."))
    return Card(_(title, name=inert(done.pad.name)), "\n".join(lines), tone=Tone.GOOD)


def updated(done: ReportChanged, locale: Locale) -> Card:
    """The receipt of `/pad update` and `/pad adopt`."""
    _ = locale.text
    report = done.report
    status = status_change(done.status_before, done.after.status, locale)
    lines = [
        joined([severity_text(report.severity, locale), _(REPORT_STATE_NAMES[report.state])]),
        _("{pad}: {status}", pad=inert(done.pad.name), status=status),
    ]
    if done.after.awaiting_return:
        lines.append(
            _("The pad stays so until `/pad return-to-service`: a report takes it out, evidence brings it back.")
        )
    return Card(_("✅ {report} updated", report=report.label), "\n".join(lines), tone=Tone.GOOD)


def acknowledged(done: ReportChanged, locale: Locale) -> Card:
    """The receipt of the Acknowledge button."""
    _ = locale.text
    text = _("It is yours now. Next: `/pad assess` what is known of it, `/repair plan` what is to be done.")
    return Card(_("✅ {report} acknowledged", report=done.report.label), text, tone=Tone.GOOD)


def assessed(done: Assessed, locale: Locale) -> Card:
    """The receipt of `/pad assess`."""
    _ = locale.text
    made = done.assessment
    lines = [
        _(
            "{source} ({tier}) says {severity}. Stated understood as **{time}**.",
            source=inert(made.source),
            tier=_(TIER_NAMES[made.tier]),
            severity=severity_text(made.severity, locale),
            time=when(locale, made.stated),
        ),
        *views_lines(done.views, made.recorded_at, locale),
    ]
    if made.severity is not done.report.severity:
        lines.append(
            _(
                "{report} stays {severity}. `/pad adopt` with `assessment:{assessment}` would change that.",
                report=done.report.label,
                severity=severity_text(done.report.severity, locale),
                assessment=made.label,
            )
        )
    title = _("✅ {assessment} kept for {report}", assessment=made.label, report=done.report.label)
    return Card(title, "\n".join(lines), tone=Tone.GOOD)


def forecasted(done: Forecasted, locale: Locale) -> Card:
    """The receipt of `/pad forecast`."""
    _ = locale.text
    lines = [forecast_line(done.forecast, done.forecast.recorded_at, locale)]
    if not done.stands:
        lines.append(_("It was stated before what stands for this source already, so it is kept behind that."))
    elif done.before is not None:
        before = expected_text(done.before.earliest, done.before.latest, done.before.note, locale)
        lines.append(_("It takes the place of what this source said before: {text}.", text=before))
    title = _("✅ Forecast kept for {pad}", pad=inert(done.pad.name))
    return Card(title, "\n".join(lines), tone=Tone.GOOD)


def inspected(done: Inspected, locale: Locale) -> Card:
    """The receipt of `/pad inspect`."""
    _ = locale.text
    result = _(INSPECTION_NAMES[done.inspection.result])
    lines = []
    if done.inspection.evidence:
        number = len(done.inspection.evidence)
        lines.append(locale.ngettext("{number} photo kept.", "{number} photos kept.", number))
    if done.gate is not None and done.gate.is_open:
        lines.append(_("Nothing else is in the way: `/pad return-to-service` asks a second person."))
    elif done.gate is not None:
        lines += [_("Still in the way of its return:"), *hindrance_lines(done.gate, locale)]
    title = _(
        "✅ {number} kept for {pad}: {result}", number=done.inspection.label, pad=inert(done.pad.name), result=result
    )
    return Card(title, "\n".join(lines), tone=Tone.GOOD)


def gate(shown: GateShown, locale: Locale) -> Card:
    """The answer of `/pad return-to-service`: what is in the way, each with who can clear it; or that a second person is asked."""
    _ = locale.text
    pad = inert(shown.pad.name)
    if shown.request is None:
        return Card(
            _("🚦 {pad} cannot return to service yet", pad=pad),
            "\n".join(hindrance_lines(shown.gate, locale)),
            tone=Tone.WARNING,
        )
    text = _("Nothing is in the way. Another person with `approve` confirms it by the button below its card.")
    return Card(
        _("🚦 RS-{number}: return of {pad} asked for", number=shown.request.number, pad=pad), text, tone=Tone.GOOD
    )


def return_decided(done: ReturnDecided, locale: Locale) -> Card:
    """The receipt of who confirmed, declined or withdrew a return."""
    _ = locale.text
    pad, number = inert(done.pad.name), done.request.number
    if done.request.state is ReturnState.CONFIRMED:
        return Card(
            _("✅ {pad} is back in service", pad=pad), _("RS-{number} confirmed.", number=number), tone=Tone.GOOD
        )
    return Card(_("RS-{number} is turned down", number=number), _("{pad} stays as it is.", pad=pad))


def hindrance_lines(found: Gate, locale: Locale) -> list[str]:
    """What is in the way, one line each, with who can clear it; of many the first, and how many more there are."""
    said = [(one.obstacle, f"• {_hindrance(one, locale)}") for one in found.hindrances]
    reports = [line for obstacle, line in said if obstacle is Obstacle.REPORT_OPEN]
    tasks = [line for obstacle, line in said if obstacle in _OF_TASKS]
    others = [line for obstacle, line in said if obstacle not in {Obstacle.REPORT_OPEN, *_OF_TASKS}]
    return [
        *_first(reports, _GATE_REPORTS, more_reports, locale),
        *others,
        *_first(tasks, _GATE_TASKS, _more_repairs, locale),
    ]


def _first(lines: list[str], most: int, more: Callable[[int, Locale], str], locale: Locale) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], more(len(lines) - most, locale)]


def _more_repairs(number: int, locale: Locale) -> str:
    return locale.ngettext(
        "and {number} more repair: `/repair list`", "and {number} more repairs: `/repair list`", number
    )


def _hindrance(hindrance: Hindrance, locale: Locale) -> str:
    _ = locale.text
    what = _(_OBSTACLES[hindrance.obstacle], subject=hindrance.subject)
    who = _("by anyone with `{capability}`", capability=hindrance.clears.value)
    if hindrance.but_not is not None:
        who = _(
            "by anyone with `{capability}` but <@{member}>", capability=hindrance.clears.value, member=hindrance.but_not
        )
    return f"{what} — {who}"


def capabilities(pad: Pad, locale: Locale) -> str:
    """What the pad can launch: "Soyuz-2.1a (crew, cargo)"."""
    return "; ".join(_capabilities(pad, locale)) or locale.text(N_("nothing listed"))


def _capabilities(pad: Pad, locale: Locale) -> list[str]:
    _ = locale.text
    kinds: dict[str, list[str]] = {}
    for capability in pad.capabilities:
        kinds.setdefault(capability.vehicle, []).append(_(MISSION_KIND_NAMES[capability.kind]))
    return [f"{inert(vehicle)} ({', '.join(names)})" for vehicle, names in kinds.items()]


def _status_text(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    lines = []
    if card.believed_at is not None:
        lines.append(_("*As it had been recorded by {time}.*", time=utc(locale, card.believed_at)))
    lines.append(joined([_named(card.pad.site), _named(card.pad.operator or "")]))
    if card.finding.deciding is not None and card.finding.status is not PadStatus.OPERATIONAL:
        words = (
            N_("The status rests on {report}, which nobody has confirmed yet.")
            if card.finding.unconfirmed
            else N_("The status rests on {report}.")
        )
        lines.append(_(words, report=card.finding.deciding.label))
    if card.finding.awaiting_return:
        lines.append(_awaiting(card, locale))
    if card.pad.returned_at is not None and not card.pad.is_away:
        lines.append(_("Returned to service {time}.", time=brief_instant(locale, card.pad.returned_at)))
    if card.pad.restriction:
        lines.append(
            _("Standing restriction: {reason}", reason=shortened(inert(card.pad.restriction), _RESTRICTION_SHOWN))
        )
    if not card.reports:
        lines.append(_("No open damage reports."))
    return "\n".join(lines)


def _awaiting(card: PadCard, locale: Locale) -> str:
    """Why a pad is still away that its open reports alone would not keep away, or not as far."""
    _ = locale.text
    status = _(PAD_STATUS_NAMES[card.finding.status])
    limiting = [report.label for report in card.reports if report.severity.limits_launches]
    if limiting:
        words = _("{reports} alone would only restrict it.", reports=", ".join(limiting))
    else:
        words = _("No open report limits it any more.")
    return (
        words + " " + _("It stays {status} until it is returned to service: `/pad return-to-service`.", status=status)
    )


def _report_title(report: DamageReport, locale: Locale) -> str:
    _ = locale.text
    return joined([report.label, _(SEVERITY_NAMES[report.severity]), _(REPORT_STATE_NAMES[report.state])])


def _report_text(report: DamageReport, card: PadCard, locale: Locale) -> str:
    _ = locale.text
    component = f"{_named(report.component)}: " if report.component else ""
    text = shortened(inert(report.summary), _SUMMARY_SHOWN)
    observed = _("Observed {time}", time=brief_instant(locale, report.observed_at))
    who = card.reporters.get(report.number)
    by = _("reported by {name}", name=_named(who)) if who else ""
    seen = (
        _("acknowledged by <@{member}>", member=report.acknowledged_by)
        if report.acknowledged_at
        else _("nobody has acknowledged it")
    )
    found = card.views.get(report.number)
    said = views_lines(found, card.asked_at, locale) if found else []
    return lines_of([f"{component}{text}", joined([observed, by, seen]), *said])


def _named(name: str) -> str:
    return shortened(inert(name), _NAME_SHOWN)


def views_lines(found: Views, now: datetime, locale: Locale) -> list[str]:
    """The official view and the gravest other one, side by side, and whether they contradict each other."""
    _ = locale.text
    if found.official is None and found.other is None:
        return []
    lines = [
        _("**Official**: {view}", view=_side(found.official, now, locale)),
        _("**Gravest other**: {view}", view=_side(found.other, now, locale)),
    ]
    return [*lines, _("⚠️ The two contradict each other.")] if found.contradict else lines


def _side(side: Side | None, now: datetime, locale: Locale) -> str:
    _ = locale.text
    if side is None:
        return _("nobody has said anything")
    lead = side.leading
    sources = (
        locale.ngettext("{number} source", "{number} sources", side.sources)
        if side.agreeing == side.sources
        else _("{number} of {total} sources", number=side.agreeing, total=side.sources)
    )
    who = _named(lead.source) if lead.tier is Tier.OFFICIAL else f"{_named(lead.source)} ({_(TIER_NAMES[lead.tier])})"
    sure = _(CONFIDENCE_NAMES[lead.confidence]) if lead.confidence else ""
    return joined(
        [severity_text(side.severity, locale), f"{who}, {lead.label}", sources, age(lead.stated, now, locale), sure]
    )


def age(stated: When, now: datetime, locale: Locale) -> str:
    """How old a statement is, no more exactly than it is known when it was made: in hours at first, then in days."""
    _ = locale.text
    if stated.at is None or not stated.precision.is_at_least(Precision.DAY):
        return _("stated {time}", time=when(locale, stated))
    if stated.precision.is_at_least(Precision.HOUR) and now - stated.at < _FRESH:
        return _("{age} old", age=duration(locale, now - stated.at))
    whole_days = days_between(stated.at, now)
    return _("{age} old", age=days(locale, whole_days)) if whole_days > 0 else _("of today")


def expected(card: PadCard, locale: Locale) -> str:
    """When the pad is expected back: its own estimate first, then each source."""
    lines = [] if card.estimate is None else [estimate_line(card.estimate, locale)]
    lines += [forecast_line(_brief(forecast), card.asked_at, locale) for forecast in card.forecasts]
    earlier = (
        locale.ngettext(
            "*{number} earlier forecast is in `/pad history`.*",
            "*{number} earlier forecasts are in `/pad history`.*",
            card.superseded,
        )
        if card.superseded
        else ""
    )
    return lines_of([cut(lines, locale, room=_EXPECTED_ROOM - len(earlier)), earlier])


def _brief(forecast: Forecast) -> Forecast:
    return forecast if forecast.note is None else replace(forecast, note=shortened(forecast.note, _NOTE_SHOWN))


def forecast_line(forecast: Forecast, now: datetime, locale: Locale) -> str:
    """One source's forecast in a list; one whose last date lies behind says so."""
    _ = locale.text
    who = _("{source} ({tier})", source=inert(forecast.source), tier=_(TIER_NAMES[forecast.tier]))
    said = expected_text(forecast.earliest, forecast.latest, forecast.note, locale)
    words = quoted(inert(forecast.note), locale) if forecast.note and forecast.window.is_dated else ""
    latest = forecast.window.latest
    passed = _("⌛ that has passed") if latest is not None and latest <= now else ""
    stated = _("stated {time}", time=when(locale, forecast.stated))
    return "• " + joined([f"{who}: **{said}**", passed, words, stated])


def estimate_line(estimate: Estimate, locale: Locale) -> str:
    """The pad's own estimate, and the task that decides it."""
    said, why, path = estimate_words(estimate, locale)
    return "• " + joined([locale.text(N_("Own estimate: **{said}**"), said=said), why, path])


def estimate_words(estimate: Estimate, locale: Locale) -> tuple[str, str, str]:
    """The pad's own estimate in plain words: when, why then, and the tasks that follow each other until then."""
    _ = locale.text
    window = estimate.window
    if window.earliest is None:
        said = _("no date")
    elif window.latest is None:
        said = _("not before {day}", day=day(locale, window.earliest))
    elif days_between(window.earliest, window.latest) == 0:
        said = day(locale, window.latest)
    else:
        said = _("{earliest} to {latest}", earliest=day(locale, window.earliest), latest=day(locale, window.latest))
    why = (
        _("nobody can say how long {task} takes", task=f"RT-{estimate.deciding}")
        if estimate.open_ended
        else _("{task} decides", task=f"RT-{estimate.deciding}")
    )
    if estimate.unplanned:
        reports = ", ".join(f"DR-{number}" for number in estimate.unplanned)
        why = _("nobody has planned the repair of {reports}", reports=reports)
    return said, why, " → ".join(f"RT-{number}" for number in estimate.path)


def _waiting(waiting: tuple[Mission, ...], locale: Locale) -> str:
    _ = locale.text
    lines = []
    for mission in waiting:
        launch = mission.open_event(EventKind.LAUNCH)
        lines.append(f"{inert(mission.name)} — {when(locale, launch.planned if launch else None)}")
    return cut(lines, locale, room=_WAITING_ROOM) or _("none")


def _tone(card: PadCard) -> Tone:
    return Tone.NEUTRAL if card.pad.lifecycle is Lifecycle.RETIRED else STATUS_TONES[card.finding.status]


def _footer(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    if card.believed_at is not None:
        return _("As recorded by {time}", time=utc(locale, card.believed_at))
    return _("As of {time}", time=utc(locale, card.asked_at))


def _entry(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    standing = pad_standing(locale, card.pad.lifecycle, card.finding.status)
    parts = [f"**{inert(card.pad.name)}**, {inert(card.pad.site)} — {standing}", capabilities(card.pad, locale)]
    if card.reports:
        parts.append(locale.ngettext("{number} open report", "{number} open reports", len(card.reports)))
    return joined(parts)
