"""Pads, damage and repairs. Pure."""

from collections.abc import Mapping

from cogs.render.card import Card, Field, Listing, Tone
from cogs.render.inert import inert
from cogs.render.repairs import summary, task_line
from cogs.render.words import (
    LIFECYCLE_NAMES,
    MISSION_KIND_NAMES,
    PAD_STATUS_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    brief_instant,
    instant,
    joined,
    utc,
    when,
)
from cogs.text import Locale
from domain.damage import DamageReport
from domain.missions import EventKind, Mission
from domain.pads import Lifecycle, Pad, PadStatus
from services.pads import DamageLogged, PadCard

STATUS_TONES = {
    PadStatus.OPERATIONAL: Tone.GOOD,
    PadStatus.RESTRICTED: Tone.WARNING,
    PadStatus.OUT_OF_SERVICE: Tone.BAD,
}


def status(card: PadCard, locale: Locale) -> Card:
    """One pad: its status and what it rests on, open reports and repairs, and the missions that wait for it."""
    _ = locale.text
    fields = [Field(_("Can launch"), capabilities(card.pad, locale))]
    fields += [
        Field(_report_title(report, locale), _report_text(report, card.reporters, locale))
        for report in card.reports[:10]
    ]
    if card.tasks:
        fields.append(
            Field(_("Repairs under way"), "\n".join(task_line(task, locale, card.asked_at) for task in card.tasks))
        )
    fields.append(Field(_("Missions planned from here"), _waiting(card.waiting, locale)))
    title = f"{inert(card.pad.name)} — {_(PAD_STATUS_NAMES[card.finding.status])}"
    return Card(title, _status_text(card, locale), tuple(fields), _tone(card), _footer(card, locale))


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


def capabilities(pad: Pad, locale: Locale) -> str:
    """What the pad can launch: "Soyuz-2.1a (crew, cargo)"."""
    _ = locale.text
    kinds: dict[str, list[str]] = {}
    for capability in pad.capabilities:
        kinds.setdefault(capability.vehicle, []).append(_(MISSION_KIND_NAMES[capability.kind]))
    return "; ".join(f"{inert(vehicle)} ({', '.join(names)})" for vehicle, names in kinds.items()) or _(
        "nothing listed"
    )


def _status_text(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    lines = []
    if card.believed_at is not None:
        lines.append(_("*As it had been recorded by {time}.*", time=utc(locale, card.believed_at)))
    lines.append(joined([inert(card.pad.site), inert(card.pad.operator or ""), _lifecycle(card.pad, locale)]))
    if card.finding.unconfirmed and card.finding.deciding is not None:
        lines.append(
            _("The status rests on {report}, which nobody has confirmed yet.", report=card.finding.deciding.label)
        )
    if card.finding.awaiting_return:
        lines.append(_("Its reports no longer say so, but the pad has not been returned to service."))
    if card.pad.restriction:
        lines.append(_("Standing restriction: {reason}", reason=inert(card.pad.restriction)))
    if not card.reports:
        lines.append(_("No open damage reports."))
    return "\n".join(lines)


def _lifecycle(pad: Pad, locale: Locale) -> str:
    return "" if pad.lifecycle is Lifecycle.ACTIVE else locale.text(LIFECYCLE_NAMES[pad.lifecycle])


def _report_title(report: DamageReport, locale: Locale) -> str:
    _ = locale.text
    return joined([report.label, _(SEVERITY_NAMES[report.severity]), _(REPORT_STATE_NAMES[report.state])])


def _report_text(report: DamageReport, reporters: Mapping[int, str], locale: Locale) -> str:
    _ = locale.text
    component = f"{inert(report.component)}: " if report.component else ""
    observed = _("Observed {time}", time=brief_instant(locale, report.observed_at))
    who = reporters.get(report.number)
    by = _("reported by {name}", name=inert(who)) if who else ""
    return f"{component}{summary(report)}\n{joined([observed, by])}"


def _waiting(waiting: tuple[Mission, ...], locale: Locale) -> str:
    _ = locale.text
    lines = []
    for mission in waiting:
        launch = mission.open_event(EventKind.LAUNCH)
        lines.append(f"{inert(mission.name)} — {when(locale, launch.planned if launch else None)}")
    return "\n".join(lines) or _("none")


def _tone(card: PadCard) -> Tone:
    return Tone.NEUTRAL if card.pad.lifecycle is Lifecycle.RETIRED else STATUS_TONES[card.finding.status]


def _footer(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    if card.believed_at is not None:
        return _("As recorded by {time}", time=utc(locale, card.believed_at))
    return _("As of {time}", time=utc(locale, card.asked_at))


def _entry(card: PadCard, locale: Locale) -> str:
    _ = locale.text
    status_words = _lifecycle(card.pad, locale) or _(PAD_STATUS_NAMES[card.finding.status])
    parts = [f"**{inert(card.pad.name)}**, {inert(card.pad.site)} — {status_words}", capabilities(card.pad, locale)]
    if card.reports:
        parts.append(locale.ngettext("{number} open report", "{number} open reports", len(card.reports)))
    return joined(parts)
