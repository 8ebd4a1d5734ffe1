"""Alarms about damage reports, from frozen facts. Pure."""

from cogs.render.card import Button, Card, Tone
from cogs.render.inert import inert, shortened
from cogs.render.pad_posts import ACKNOWLEDGE
from cogs.render.words import delayed, duration, instant, lines_of
from cogs.text import N_, Locale
from domain.alarm_facts import AlarmFacts, ReportUnacknowledged, ReportUnassessed
from domain.alarms import AlarmEnd

_SUMMARY_MAX = 300
_ENDS = {
    AlarmEnd.ASSESSED: N_("An assessment has been recorded."),
    AlarmEnd.LOWERED: N_("It is no longer critical."),
    AlarmEnd.SETTLED: N_("The report is over."),
}


def report_unacknowledged(facts: ReportUnacknowledged, locale: Locale) -> Card:
    """The post of ReportUnacknowledged: calls for somebody until it is over, and then says how it ended."""
    _ = locale.text
    if facts.end is not None:
        return _over(facts, _how_it_ended(facts, locale), locale)
    times = locale.ngettext("Repeated {number} time", "Repeated {number} times", facts.round)
    lines = [
        _summary(facts),
        _("Critical since {time}.", time=instant(locale, facts.critical_since)),
        _(
            "{times}; again every {span}, until somebody presses **Acknowledge**.",
            times=times,
            span=duration(locale, facts.every),
        ),
        _("Called: {role}", role=f"<@&{facts.role_id}>")
        if facts.role_id is not None
        else _("There is no role to call: `/ops set key:escalation_roles` names some."),
        delayed(facts.due_at, locale) if facts.delayed else "",
    ]
    title = _("🚨 DR-{report} at {pad}: nobody has taken it on", report=facts.report, pad=inert(facts.pad.pad))
    button = Button(_("Acknowledge"), ACKNOWLEDGE, str(facts.report))
    return Card(title, lines_of(lines), tone=Tone.BAD, buttons=(button,))


def report_unassessed(facts: ReportUnassessed, locale: Locale) -> Card:
    """The post of ReportUnassessed."""
    _ = locale.text
    if facts.end is not None:
        return _over(facts, _(_ENDS[facts.end]), locale)
    lines = [
        _summary(facts),
        _(
            "Taken on by <@{member}> {time}; how grave it is, nobody has said yet.",
            member=facts.acknowledged_by,
            time=instant(locale, facts.acknowledged_at),
        ),
        _("`/pad assess` with `report:DR-{report}` records what a source says.", report=facts.report),
        delayed(facts.due_at, locale) if facts.delayed else "",
    ]
    title = _("❔ DR-{report} at {pad}: no assessment yet", report=facts.report, pad=inert(facts.pad.pad))
    return Card(title, lines_of(lines), tone=Tone.WARNING)


def _over(facts: AlarmFacts, how: str, locale: Locale) -> Card:
    is_answered = facts.end in {AlarmEnd.ACKNOWLEDGED, AlarmEnd.ASSESSED}
    title = N_("✅ DR-{report} at {pad}: answered") if is_answered else N_("✏️ DR-{report} at {pad}: no longer so")
    return Card(
        locale.text(title, report=facts.report, pad=inert(facts.pad.pad)), lines_of([f"**{how}**", _summary(facts)])
    )


def _how_it_ended(facts: ReportUnacknowledged, locale: Locale) -> str:
    _ = locale.text
    if facts.acknowledged_at is None or facts.end is None or facts.end is not AlarmEnd.ACKNOWLEDGED:
        return _(_ENDS[facts.end or AlarmEnd.SETTLED])
    return _(
        "Taken on by {name} after {time}.",
        name=inert(facts.acknowledged_by or "?"),
        time=duration(locale, facts.acknowledged_at - facts.critical_since),
    )


def _summary(facts: AlarmFacts) -> str:
    return inert(shortened(facts.summary, _SUMMARY_MAX))
