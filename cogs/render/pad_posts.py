"""Posts about pads and damage, from frozen facts. Pure."""

from datetime import datetime

from cogs.render.card import Button, Card, Field, Tone
from cogs.render.flights import edit_lines
from cogs.render.inert import inert, shortened
from cogs.render.room import cut
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
    days,
    duration,
    instant,
    joined,
    lines_of,
    quoted,
    when,
)
from cogs.text import N_, Locale
from domain.damage import ReportState, Severity
from domain.forecasts import Verdict
from domain.inspections import InspectionResult
from domain.pad_facts import (
    DamageAssessed,
    DamageReported,
    ForecastScored,
    PadAdded,
    PadEdited,
    PadInspected,
    PadRestricted,
    PadReturned,
    ReportUpdated,
    ReturnForecast,
    ReturnRequested,
)
from domain.pads import PadStatus
from domain.returns import ReturnState
from domain.when import When, days_between

ACKNOWLEDGE = "ack"
CONFIRM = "confirmreturn"
DECLINE = "declinereturn"
WITHDRAW = "withdrawreturn"
SEVERITY_TONES = {Severity.MINOR: Tone.NEUTRAL, Severity.MAJOR: Tone.WARNING, Severity.CRITICAL: Tone.BAD}
SEVERITY_SIGNS = {Severity.MINOR: "🟢", Severity.MAJOR: "🟠", Severity.CRITICAL: "🔴"}
_TITLE_MAX = 60
_REASON_MAX = 80
_SUMMARY_MAX = 200
_DECISIONS = {
    ReturnState.CONFIRMED: N_("✅ Confirmed by <@{member}>"),
    ReturnState.DECLINED: N_("❌ Declined by <@{member}>"),
    ReturnState.WITHDRAWN: N_("↩️ Withdrawn by <@{member}>"),
}


def pad_added(facts: PadAdded, locale: Locale) -> Card:
    """The post of PadAdded."""
    _ = locale.text
    able = "; ".join(f"{inert(vehicle)} ({_(MISSION_KIND_NAMES[kind])})" for vehicle, kind in facts.capabilities)
    lines = [inert(facts.site), _("Can launch {capabilities}", capabilities=able) if able else ""]
    return Card(_("🏗️ Pad {pad} entered", pad=inert(facts.pad)), lines_of(lines))


def pad_edited(facts: PadEdited, locale: Locale) -> Card:
    """The post of PadEdited."""
    _ = locale.text
    lines = [*edit_lines(facts.changes, locale), inert(facts.reason or "")]
    return Card(_("✏️ Pad {pad} changed", pad=inert(facts.pad.pad)), lines_of(lines))


def pad_restricted(facts: PadRestricted, locale: Locale) -> Card:
    """The post of PadRestricted."""
    _ = locale.text
    status = status_change(facts.status_before, facts.status_after, locale)
    if facts.lifted:
        title = _("🔓 Restriction lifted: {pad}", pad=inert(facts.pad.pad))
        lines = [f"~~{inert(facts.restriction)}~~", inert(facts.reason), status]
        return Card(title, lines_of(lines), tone=STATUS_TONES[facts.status_after])
    title = _("🔒 Restricted: {pad}", pad=inert(facts.pad.pad))
    return Card(title, lines_of([inert(facts.restriction), status]), tone=Tone.WARNING)


def damage_reported(facts: DamageReported, locale: Locale) -> Card:
    """The post of DamageReported, as its report stands now."""
    _ = locale.text
    fields = [
        Field(_("Component"), inert(facts.component), inline=True) if facts.component else None,
        Field(_("Severity"), severity_text(facts.severity, locale), inline=True),
        Field(_("Pad status"), status_change(facts.status_before, facts.status_after, locale), inline=True),
        Field(_("Observed"), instant(locale, facts.observed_at)),
        Field(_("Reported by"), inert(facts.reporter), inline=True),
        Field(_("State"), _(REPORT_STATE_NAMES[facts.state]), inline=True),
        Field(_("Acknowledged"), _acknowledged(facts, locale)) if facts.acknowledged_at else None,
        Field(_("Launches waiting for this pad"), inert(", ".join(facts.waiting))) if facts.waiting else None,
    ]
    title = _(
        "🚧 DR-{report}: damage at {pad}, {site}", report=facts.report, pad=inert(facts.pad), site=inert(facts.site)
    )
    is_waiting = facts.acknowledged_at is None and facts.state.is_open
    return Card(
        title,
        inert(facts.summary),
        tuple(field for field in fields if field),
        SEVERITY_TONES[facts.severity] if facts.state.is_open else Tone.NEUTRAL,
        pictures=facts.evidence,
        buttons=(Button(_("Acknowledge"), ACKNOWLEDGE, str(facts.report)),) if is_waiting else (),
    )


def report_updated(facts: ReportUpdated, locale: Locale) -> Card:
    """The post of ReportUpdated."""
    _ = locale.text
    before, after = facts.severity_before, facts.severity_after
    lines = [
        _change(_(REPORT_STATE_NAMES[facts.state_before]), _(REPORT_STATE_NAMES[facts.state_after])),
        _change(severity_text(before, locale), severity_text(after, locale)) if before is not after else "",
        _adopted(facts.adopted, locale),
        inert(facts.reason or ""),
        _("Pad status: {status}", status=status_change(facts.status_before, facts.status_after, locale)),
    ]
    title = _(
        "🚧 DR-{report} at {pad}: {state}",
        report=facts.report,
        pad=inert(facts.pad.pad),
        state=_headline(facts, locale),
    )
    is_over = not facts.state_after.is_open
    tone = Tone.GOOD if is_over else SEVERITY_TONES[after]
    return Card(title, lines_of([inert(shortened(facts.summary, _SUMMARY_MAX)), *lines]), tone=tone)


def damage_assessed(facts: DamageAssessed, locale: Locale) -> Card:
    """The post of DamageAssessed."""
    _ = locale.text
    who = _("{source} ({tier})", source=inert(facts.source), tier=_(TIER_NAMES[facts.tier]))
    ours = _("We say {severity}; that stays.", severity=severity_text(facts.ours, locale))
    lines = [
        joined(
            [
                f"**{severity_text(facts.severity, locale)}**",
                who,
                _("stated {time}", time=when(locale, facts.stated)),
                _(CONFIDENCE_NAMES[facts.confidence]) if facts.confidence else "",
            ]
        ),
        quoted(inert(facts.note), locale) if facts.note else "",
        ours if facts.severity is not facts.ours else _("That is what we say, too."),
        f"<{facts.link}>" if facts.link else "",
    ]
    title = _(
        "🔍 AS-{assessment}: DR-{report} at {pad} assessed",
        assessment=facts.assessment,
        report=facts.report,
        pad=inert(facts.pad.pad),
    )
    return Card(title, lines_of(lines), tone=SEVERITY_TONES[facts.severity])


def return_forecast(facts: ReturnForecast, locale: Locale) -> Card:
    """The post of ReturnForecast."""
    _ = locale.text
    who = _("{source} ({tier})", source=inert(facts.source), tier=_(TIER_NAMES[facts.tier]))
    said = expected_text(facts.earliest, facts.latest, facts.note, locale)
    before = "" if facts.before is None else _("Said before: {text}", text=expected_text(*facts.before, locale))
    lines = [
        f"**{said}**",
        joined([who, _("stated {time}", time=when(locale, facts.stated))]),
        quoted(inert(facts.note), locale) if facts.note and (facts.earliest or facts.latest) else "",
        before,
    ]
    return Card(_("📆 {pad}: return expected", pad=inert(facts.pad.pad)), lines_of(lines))


def pad_inspected(facts: PadInspected, locale: Locale) -> Card:
    """The post of PadInspected."""
    _ = locale.text
    is_passed = facts.result is InspectionResult.PASSED
    title = _("🔎 {pad}: {result}", pad=inert(facts.pad.pad), result=_(INSPECTION_NAMES[facts.result]))
    lines = [inert(facts.note or ""), _("IN-{number}, by {name}", number=facts.inspection, name=inert(facts.inspector))]
    return Card(title, lines_of(lines), tone=Tone.GOOD if is_passed else Tone.BAD, pictures=facts.evidence)


def return_requested(facts: ReturnRequested, locale: Locale) -> Card:
    """The post of ReturnRequested: what the return would rest on, and the second person's buttons until it is decided."""
    _ = locale.text
    inspected = _(
        "IN-{number} passed, by <@{member}>, {time}",
        number=facts.inspection,
        member=facts.inspected_by,
        time=brief_instant(locale, facts.inspected_at),
    )
    fields = (
        Field(_("Asked by"), f"<@{facts.requested_by}>", inline=True),
        Field(_("Damage"), _listed([_ended(report, locale) for report in facts.reports], locale)),
        _repairs(facts.repairs, locale),
        Field(_("Inspection"), inspected),
    )
    pad, number = inert(facts.pad.pad), facts.number
    if facts.decision is not None:
        decision = (
            _("Void: something has changed since, or it was asked anew.")
            if facts.decision is ReturnState.VOID
            else _(_DECISIONS[facts.decision], member=facts.decided_by)
        )
        tone = Tone.GOOD if facts.decision is ReturnState.CONFIRMED else Tone.NEUTRAL
        return Card(_("🚦 RS-{number}: return of {pad} to service", number=number, pad=pad), decision, fields, tone)
    text = _("Another person with `approve` confirms. Whatever changes at the pad in between makes this void.")
    buttons = (
        Button(_("Confirm return to service"), CONFIRM, str(number)),
        Button(_("Decline"), DECLINE, str(number)),
        Button(_("Withdraw"), WITHDRAW, str(number)),
    )
    title = _("🚦 RS-{number}: may {pad} return to service?", number=number, pad=pad)
    return Card(title, text, fields, Tone.WARNING, buttons=buttons)


def pad_returned(facts: PadReturned, locale: Locale) -> Card:
    """The post of PadReturned."""
    _ = locale.text
    away = (
        ""
        if facts.away_since is None
        else _("It was away for {days}.", days=days(locale, days_between(facts.away_since, facts.returned_at)))
    )
    lines = [
        instant(locale, facts.returned_at),
        away,
        _("Asked by <@{one}>, confirmed by <@{other}>.", one=facts.requested_by, other=facts.approved_by),
    ]
    scores = [score_line(one, locale) for one in facts.scores]
    fields = (Field(_("How the forecasts did"), _listed(scores, locale)),) if scores else ()
    return Card(_("🟢 {pad} is back in service", pad=inert(facts.pad.pad)), lines_of(lines), fields, Tone.GOOD)


def score_line(scored: ForecastScored, locale: Locale) -> str:
    """One forecast against the day of the return."""
    _ = locale.text
    who = _("{source} ({tier})", source=inert(scored.source), tier=_(TIER_NAMES[scored.tier]))
    said = expected_text(*scored.said, locale) if any(scored.said) else ""
    verdict = f"**{verdict_text(scored.verdict, scored.days_off, scored.width_days, locale)}**"
    return joined([who, said, verdict, _("superseded") if scored.superseded else ""])


def verdict_text(verdict: Verdict, days_off: int, width_days: int | None, locale: Locale) -> str:
    """How a forecast did, in words. One that was right by being wide says how wide."""
    _ = locale.text
    match verdict:
        case Verdict.TOO_EARLY:
            return _("{days} too early", days=days(locale, days_off))
        case Verdict.TOO_LATE:
            return _("{days} too late", days=days(locale, days_off))
        case Verdict.ONLY_WORDS:
            return _("only words, nothing to score")
    if width_days is None:
        return _("held, without an end")
    return _("held, within a window of {days}", days=days(locale, width_days))


def expected_text(earliest: When | None, latest: When | None, note: str | None, locale: Locale) -> str:
    """When a pad is expected back: from, until, both, or the words it was said in."""
    _ = locale.text
    if earliest is not None and latest is not None:
        return _("{earliest} to {latest}", earliest=when(locale, earliest), latest=when(locale, latest))
    if earliest is not None:
        return _("from {time}", time=when(locale, earliest))
    if latest is not None:
        return _("by {time}", time=when(locale, latest))
    return quoted(inert(note or ""), locale)


def severity_text(severity: Severity, locale: Locale) -> str:
    """A severity with its sign."""
    return f"{SEVERITY_SIGNS[severity]} {locale.text(SEVERITY_NAMES[severity])}"


def status_change(before: PadStatus, after: PadStatus, locale: Locale) -> str:
    """What became of a pad's status."""
    _ = locale.text
    if before is after:
        return _("still {status}", status=_(PAD_STATUS_NAMES[after]))
    return _change(_(PAD_STATUS_NAMES[before]), _(PAD_STATUS_NAMES[after]))


def acknowledged_after(reported_at: datetime, acknowledged_at: datetime, locale: Locale) -> str:
    """How long a report waited for somebody."""
    return duration(locale, acknowledged_at - reported_at)


def _acknowledged(facts: DamageReported, locale: Locale) -> str:
    _ = locale.text
    assert facts.acknowledged_at is not None  # noqa: S101 - the caller has checked
    said = _(
        "by {name} after {time}",
        name=inert(facts.acknowledged_by or "?"),
        time=acknowledged_after(facts.called_at or facts.reported_at, facts.acknowledged_at, locale),
    )
    if not facts.repeated:
        return said
    times = locale.ngettext("repeated {number} time", "repeated {number} times", facts.repeated)
    return joined([said, times])


def _adopted(adopted: tuple[str, str] | None, locale: Locale) -> str:
    if adopted is None:
        return ""
    label, source = adopted
    return locale.text(N_("Adopted {label} of {source}."), label=label, source=inert(source))


def _headline(facts: ReportUpdated, locale: Locale) -> str:
    _ = locale.text
    before, after = facts.severity_before, facts.severity_after
    if before is after:
        return _(REPORT_STATE_NAMES[facts.state_after])
    graver = after.rank > before.rank
    return _(N_("now {severity}") if graver else N_("down to {severity}"), severity=_(SEVERITY_NAMES[after]))


def _change(before: str, after: str) -> str:
    return after if before == after else f"{before} → **{after}**"


def _ended(report: tuple[int, Severity, ReportState], locale: Locale) -> str:
    _ = locale.text
    number, severity, state = report
    milder = "" if severity.limits_launches else _("⚠️ made milder since it took the pad out of service")
    return joined([f"DR-{number}", severity_text(severity, locale), _(REPORT_STATE_NAMES[state]), milder])


def _repairs(tasks: tuple[tuple[int, str, str | None], ...], locale: Locale) -> Field:
    """The work that the return rests on: what was never done first, and how much of each there is, however long the list."""
    _ = locale.text
    verified = [_repaired(task, locale) for task in tasks if task[2] is None]
    cancelled = [_repaired(task, locale) for task in tasks if task[2] is not None]
    counts = [
        locale.ngettext("{number} verified", "{number} verified", len(verified)) if verified else "",
        locale.ngettext("{number} cancelled", "{number} cancelled", len(cancelled)) if cancelled else "",
    ]
    said = ", ".join(count for count in counts if count)
    return Field(
        _("Repairs: {counts}", counts=said) if said else _("Repairs"), _listed([*cancelled, *verified], locale)
    )


def _repaired(task: tuple[int, str, str | None], locale: Locale) -> str:
    number, title, cancelled_for = task
    _ = locale.text
    reason = shortened(inert(cancelled_for or ""), _REASON_MAX)
    end = _("verified") if cancelled_for is None else _("cancelled: {reason}", reason=reason)
    return joined([f"RT-{number} {shortened(inert(title), _TITLE_MAX)}", end])


def _listed(lines: list[str], locale: Locale) -> str:
    """Lines of a field; of many the first, and how many more there are."""
    return cut(lines, locale) or locale.text(N_("none"))
