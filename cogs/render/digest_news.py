"""What became of each subject since the last digest, one line each, with what it is now last. Pure."""

from cogs.render.inert import inert, shortened
from cogs.render.pad_posts import expected_text
from cogs.render.room import cut
from cogs.render.words import (
    CLEARANCE_NAMES,
    INSPECTION_NAMES,
    PHASE_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    TASK_STATE_NAMES,
    TIER_NAMES,
    capitalised,
    event_name,
    joined,
    pad_standing,
    quoted,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.damage import ReportState, Severity
from domain.digest_facts import (
    AssessmentNews,
    CrewMove,
    EventTurned,
    ForecastNews,
    InspectionNews,
    MissionNews,
    News,
    PadNews,
    RepairNews,
    ReportNews,
    ReturnNews,
    StatementNews,
)
from domain.missions import EventState

LINE_ROOM = 420
SIGNS = {Severity.CRITICAL: "🔴", Severity.MAJOR: "🟠", Severity.MINOR: "🟢"}
_NAME_MAX = 60
_SUMMARY_MAX = 90
_TURNED = {
    EventState.PLANNED: N_("{event} is planned again"),
    EventState.HELD: N_("✋ {event} on hold"),
    EventState.DONE: N_("{event} done {time}"),
    EventState.FAILED: N_("❌ {event} failed"),
    EventState.SCRUBBED: N_("⛔ {event} scrubbed"),
    EventState.CANCELLED: N_("{event} no longer planned"),
}
_CREW = {
    CrewMove.FLIES: N_("{person} flies"),
    CrewMove.COMES_DOWN: N_("{person} comes down with it"),
    CrewMove.LEFT: N_("{person} no longer flies"),
    CrewMove.NOT_DOWN: N_("{person} no longer comes down with it"),
}


def news_line(one: News, locale: Locale) -> str:
    """The line of one subject."""
    match one:
        case MissionNews():
            return _mission(one, locale)
        case PadNews():
            return _pad(one, locale)
        case ReportNews():
            return _report(one, locale)
        case RepairNews():
            return _repair(one, locale)
        case StatementNews():
            return _statement(one, locale)
    return _said(one, locale)


def _mission(one: MissionNews, locale: Locale) -> str:
    _ = locale.text
    parts = [
        _("🆕 entered") if one.is_new else "",
        *(_turned(turned, locale) for turned in one.turned),
        *(
            _("{event} **{after}**", event=event_name(locale, change.event), after=when(locale, change.after))
            if change.before is None
            else _(
                "{event} {before} → **{after}**",
                event=event_name(locale, change.event),
                before=when(locale, change.before),
                after=when(locale, change.after),
            )
            for change in one.dates
        ),
        _(PHASE_NAMES[one.phase]) if one.phase else "",
        _(CLEARANCE_NAMES[one.clearance]) if one.clearance else "",
        *(_(_CREW[move], person=inert(person)) for person, move in one.crew),
    ]
    said = cut([part for part in parts if part], locale, room=LINE_ROOM, between=" · ")
    return f"**{name_of(one.mission)}** — {said}"


def _turned(one: EventTurned, locale: Locale) -> str:
    at = utc(locale, one.at) if one.at else ""
    return locale.text(_TURNED[one.state], event=event_name(locale, one.event), time=at).strip()


def _pad(one: PadNews, locale: Locale) -> str:
    now = pad_standing(locale, one.lifecycle, one.after)
    if one.before is None:
        return locale.text(N_("**{pad}** — 🆕 entered · {status}"), pad=name_of(one.pad), status=now)
    before = pad_standing(locale, one.lifecycle_before, one.before)
    return f"**{name_of(one.pad)}** — " + (now if before == now else f"{before} → **{now}**")


def _report(one: ReportNews, locale: Locale) -> str:
    _ = locale.text
    severity, state = _(SEVERITY_NAMES[one.severity]), _(REPORT_STATE_NAMES[one.state])
    if one.severity_before not in {None, one.severity}:
        severity = f"{_(SEVERITY_NAMES[one.severity_before])} → **{severity}**" if one.severity_before else severity
    if one.state_before not in {None, one.state}:
        state = f"{_(REPORT_STATE_NAMES[one.state_before])} → **{state}**" if one.state_before else state
    parts = [
        _("🆕 reported") if one.state_before is None else "",
        f"{SIGNS[one.severity]} {severity}",
        "" if one.state_before is None and one.state is ReportState.REPORTED else state,
        _("taken on") if one.was_taken_on else "",
    ]
    return f"**DR-{one.report}** {name_of(one.pad)}: {brief(one.summary)} — {joined(parts)}"


def _repair(one: RepairNews, locale: Locale) -> str:
    _ = locale.text
    state = _(TASK_STATE_NAMES[one.state])
    if one.state_before not in {None, one.state}:
        state = f"{_(TASK_STATE_NAMES[one.state_before])} → **{state}**" if one.state_before else state
    due = ""
    if one.due != one.due_before:
        due = _("due {before} → **{after}**", before=when(locale, one.due_before), after=when(locale, one.due))
    elif one.state_before is None and one.due is not None:
        due = _("due {time}", time=when(locale, one.due))
    parts = [
        _("🆕 planned") if one.state_before is None else state,
        f"{one.progress_before} % → {one.progress} %" if one.progress != one.progress_before else "",
        due,
    ]
    return f"**RT-{one.task}** {brief(one.title)} ({name_of(one.pad)}) — {joined(parts)}"


def _statement(one: StatementNews, locale: Locale) -> str:
    text = inert(shortened(one.text, _SUMMARY_MAX))
    if one.corrects is None:
        return f"**ST-{one.number}** {quoted(text, locale)}"
    return locale.text(N_("**ST-{number}** corrected: “{text}”"), number=one.corrects, text=text)


def _said(one: AssessmentNews | ForecastNews | InspectionNews | ReturnNews, locale: Locale) -> str:
    """What was said about a damage or a pad."""
    _ = locale.text
    match one:
        case AssessmentNews():
            text = (
                N_("assessment adopted: {severity} (AS-{number}, {tier})")
                if one.is_adopted
                else N_("assessed as {severity} (AS-{number}, {tier})")
            )
            severity = f"{SIGNS[one.severity]} {_(SEVERITY_NAMES[one.severity])}"
            return f"**DR-{one.report}** — " + _(
                text, severity=severity, number=one.assessment, tier=_(TIER_NAMES[one.tier])
            )
        case ForecastNews():
            is_dated = one.earliest is not None or one.latest is not None
            said = expected_text(one.earliest, one.latest, None, locale) if is_dated else _("in words, without a date")
            return f"**{name_of(one.pad)}** — " + _(
                "return to service forecast: **{said}** ({tier})", said=said, tier=_(TIER_NAMES[one.tier])
            )
        case InspectionNews():
            return f"**{name_of(one.pad)}** — {_(INSPECTION_NAMES[one.result])}"
    return _(
        "**{pad}** — return to service waits for a second person (RS-{number})",
        pad=name_of(one.pad),
        number=one.request,
    )


def name_of(text: str) -> str:
    """A name, made harmless and not longer than a name is."""
    return inert(shortened(text, _NAME_MAX))


def brief(text: str) -> str:
    """The beginning of a summary or title."""
    return capitalised(inert(shortened(" ".join(text.split()), _SUMMARY_MAX)))
