"""Posts about pads and damage, from frozen facts. Pure."""

from cogs.render.card import Card, Field, Tone
from cogs.render.inert import inert
from cogs.render.words import MISSION_KIND_NAMES, PAD_STATUS_NAMES, SEVERITY_NAMES, instant, lines_of
from cogs.text import Locale
from domain.damage import Severity
from domain.pad_facts import DamageReported, PadAdded

SEVERITY_TONES = {Severity.MINOR: Tone.NEUTRAL, Severity.MAJOR: Tone.WARNING, Severity.CRITICAL: Tone.BAD}


def pad_added(facts: PadAdded, locale: Locale) -> Card:
    """The post of PadAdded."""
    _ = locale.text
    able = "; ".join(f"{inert(vehicle)} ({_(MISSION_KIND_NAMES[kind])})" for vehicle, kind in facts.capabilities)
    lines = [inert(facts.site), _("Can launch {capabilities}", capabilities=able) if able else ""]
    return Card(_("🏗️ Pad {pad} entered", pad=inert(facts.pad)), lines_of(lines))


def damage_reported(facts: DamageReported, locale: Locale) -> Card:
    """The post of DamageReported."""
    _ = locale.text
    fields = [
        Field(_("Component"), inert(facts.component), inline=True) if facts.component else None,
        Field(_("Severity"), _severity(facts.severity, locale), inline=True),
        Field(_("Pad status"), _status_change(facts, locale), inline=True),
        Field(_("Observed"), instant(locale, facts.observed_at)),
        Field(_("Reported by"), inert(facts.reporter), inline=True),
        Field(_("Launches waiting for this pad"), inert(", ".join(facts.waiting))) if facts.waiting else None,
    ]
    title = _(
        "🚧 DR-{report}: damage at {pad}, {site}", report=facts.report, pad=inert(facts.pad), site=inert(facts.site)
    )
    return Card(
        title,
        inert(facts.summary),
        tuple(field for field in fields if field),
        SEVERITY_TONES[facts.severity],
        pictures=facts.evidence,
    )


def _severity(severity: Severity, locale: Locale) -> str:
    signs = {Severity.MINOR: "🟢", Severity.MAJOR: "🟠", Severity.CRITICAL: "🔴"}
    return f"{signs[severity]} {locale.text(SEVERITY_NAMES[severity])}"


def _status_change(facts: DamageReported, locale: Locale) -> str:
    _ = locale.text
    after = _(PAD_STATUS_NAMES[facts.status_after])
    if facts.status_before is facts.status_after:
        return _("still {status}", status=after)
    return f"{_(PAD_STATUS_NAMES[facts.status_before])} → **{after}**"
