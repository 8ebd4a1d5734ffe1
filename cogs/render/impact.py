"""What a pad that is not in full service does to the manifest. Pure; the loss comes first, then dates, launches, alternatives."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cogs.render.card import Card, Field, Listing, Tone
from cogs.render.inert import inert
from cogs.render.room import and_more, cut
from cogs.render.tones import STATUS_TONES
from cogs.render.words import (
    EVENT_NAMES,
    MISSION_KIND_NAMES,
    TIER_NAMES,
    day,
    days,
    joined,
    lines_of,
    pad_standing,
    quoted,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.board_facts import BoardRisk
from domain.forecasts import Forecast
from domain.impact import Blocked, Expected, Impact, LaunchRisk, PadState, Said, Substitutes, WaitingLaunch
from domain.impact_facts import BlockedLaunch, LostCapability, PadImpact, lost_capability
from domain.missions import MissionKind
from domain.outage_cost import DateCost, OutageCost
from domain.pads import Lifecycle, PadStatus
from services.impact import PadsImpact

_INSTANT = timedelta(microseconds=1)
_LINES_MAX = 15

_LOST = {
    MissionKind.CREW: N_("⛔ **No active pad can launch crew on {vehicle}.**"),
    MissionKind.CARGO: N_("⛔ **No active pad can launch cargo on {vehicle}.**"),
    MissionKind.OTHER: N_("⛔ **No active pad can launch other flights on {vehicle}.**"),
}
_RESTRICTED = {
    MissionKind.CREW: N_("⚠️ **Only a restricted pad can launch crew on {vehicle}.**"),
    MissionKind.CARGO: N_("⚠️ **Only a restricted pad can launch cargo on {vehicle}.**"),
    MissionKind.OTHER: N_("⚠️ **Only a restricted pad can launch other flights on {vehicle}.**"),
}
_CAPABLE = {
    MissionKind.CREW: N_("crew on {vehicle}"),
    MissionKind.CARGO: N_("cargo on {vehicle}"),
    MissionKind.OTHER: N_("other flights on {vehicle}"),
}
_BLOCKED = {
    Blocked.CERTAINLY: N_("⛔ blocked"),
    Blocked.POSSIBLY: N_("⚠️ may be blocked"),
    Blocked.NO: N_("🟢 not blocked"),
}
_IN_QUESTION = {
    Blocked.CERTAINLY: N_("⛔ falls under the restriction"),
    Blocked.POSSIBLY: N_("⚠️ may fall under the restriction"),
    Blocked.NO: N_("🟢 after the restriction"),
}


def impact(found: PadsImpact, locale: Locale) -> Card:
    """One pad's impact, as a card."""
    _ = locale.text
    one = found.impacts.pads[0]
    status = one.state.finding.status
    title = _("🚧 {pad} — {status}", pad=inert(one.state.pad.name), status=_standing(one.state, locale))
    footer = _("As of {time}", time=utc(locale, found.asked_at))
    if status is PadStatus.OPERATIONAL:
        active = one.state.pad.lifecycle is Lifecycle.ACTIVE
        words = (
            N_("In service: it blocks no launch.")
            if active
            else N_("It is not an active pad: nothing can launch from it.")
        )
        return Card(title, _(words), tone=Tone.GOOD if active else Tone.NEUTRAL, footer=footer)
    fields = [
        Field(
            _("Expected back"), cut([_range(one.expected, locale), *_voices(one, locale)], locale, at_most=_LINES_MAX)
        ),
        Field(_("Launches waiting for this pad"), cut(_launches(one, locale), locale, at_most=_LINES_MAX) or _("none")),
        Field(
            _("Alternatives"),
            cut(_substitutes(one.substitutes, locale), locale, at_most=_LINES_MAX) or _("nothing listed"),
        ),
    ]
    cost = _cost(found.costs.get(one.state.pad.id), locale)
    if cost:
        fields.append(Field(_("Cost"), cost))
    lost = [lost_line(lost_capability(gone), locale) for gone in found.impacts.gone]
    return Card(title, lines_of(_first(lost, locale)), tuple(fields), STATUS_TONES[status], footer)


def impacts(found: PadsImpact, locale: Locale) -> Listing:
    """The impact of every pad in question, as a list."""
    _ = locale.text
    entries = [lost_line(lost_capability(gone), locale) for gone in found.impacts.gone]
    for one in found.impacts.pads:
        entries += _entries(one, found.costs.get(one.state.pad.id), locale)
    return Listing(
        title=_("🚧 What closed pads mean"),
        entries=tuple(entries),
        empty=_("Every pad is in service: no launch is blocked."),
        footer=_("As of {time}", time=utc(locale, found.asked_at)),
        tone=_tone_of(one.state.finding.status for one in found.impacts.pads),
    )


def posted(facts: PadImpact, locale: Locale) -> Card:
    """The post of PadImpact."""
    _ = locale.text
    lost = [lost_line(one, locale) for one in facts.gone]
    launches = [launch_line(one, PadStatus.OUT_OF_SERVICE, locale) for one in facts.launches]
    able = [
        f"✅ {_capable(vehicle, kind, locale)}: {', '.join(inert(name) for name in names)}"
        for vehicle, kind, names in facts.alternatives
    ]
    able += [
        f"⛔ {_capable(vehicle, kind, locale)}: "
        + ", ".join(f"{inert(name)} ({pad_standing(locale, lifecycle, status)})" for name, lifecycle, status in others)
        for vehicle, kind, others in facts.unable
    ]
    fields = [
        Field(_("Expected back"), _posted_range(facts, locale)),
        Field(
            _("Launches waiting for this pad"),
            cut(launches, locale, at_most=_LINES_MAX, besides=facts.more) or _("none"),
        ),
        Field(_("Alternatives"), cut(able, locale, at_most=_LINES_MAX) or _("none")),
    ]
    title = _("🚧 What it means: {pad} is out of service", pad=inert(facts.pad.pad))
    return Card(title, lines_of(_first(lost, locale)), tuple(fields), Tone.BAD)


def risk(found: LaunchRisk, locale: Locale) -> str:
    """What stands in the way of one mission's launch, in lines."""
    _ = locale.text
    back = _("Pad expected back: {range}", range=_range(found.expected, locale))
    return lines_of([consequence(found.launch, found.state.finding.status, locale), back])


def _entries(one: Impact, cost: OutageCost | None, locale: Locale) -> list[str]:
    """A pad's lines in the list of all, each an entry, so that a page never cuts one."""
    _ = locale.text
    status = _standing(one.state, locale)
    head = f"__{inert(one.state.pad.name)}__, {inert(one.state.pad.site)} — {status}"
    back = _("Expected back: {range}", range=_range(one.expected, locale))
    return [
        f"{head}\n{back}",
        *(_launches(one, locale) or [_("No launch waits for it.")]),
        *_substitutes(one.substitutes, locale),
        *([cost_line] if (cost_line := _cost(cost, locale)) else []),
    ]


# --- what is lost ------------------------------------------------------------------------------------------------------


def lost_line(gone: LostCapability, locale: Locale) -> str:
    """That something can be launched from no active pad in full service, and what needs it next."""
    _ = locale.text
    words = _RESTRICTED if gone.under_restriction else _LOST
    sentence = _(words[gone.kind], vehicle=inert(gone.vehicle))
    if gone.mission is None:
        return f"{sentence} " + _("Nothing planned needs it.")
    return f"{sentence} " + _("Next: {mission}, {time}.", mission=inert(gone.mission), time=when(locale, gone.launch))


def _first(lost: Sequence[str], locale: Locale) -> list[str]:
    return list(lost) or [locale.text(N_("Other active pads can launch all that it can."))]


# --- when it may be back -----------------------------------------------------------------------------------------------


def _range(expected: Expected, locale: Locale) -> str:
    """The expected return over all who state a date."""
    latest = None if expected.latest is None else expected.latest.at
    if expected.earliest is None:
        return between(None, latest, locale)
    return between(expected.earliest.at, latest, locale, or_before=expected.earliest.or_before)


def _posted_range(facts: PadImpact, locale: Locale) -> str:
    _ = locale.text
    first, last = (end[0] if end else None for end in (facts.earliest, facts.latest))
    lines = [between(first, last, locale, or_before=facts.earliest_or_before)]
    if facts.earliest:
        lines.append(_("Earliest: {names}", names=_named(facts.earliest[1], locale)))
    if facts.latest:
        lines.append(_("Latest: {names}", names=_named(facts.latest[1], locale)))
    return "\n".join(lines)


def between(earliest: datetime | None, latest: datetime | None, locale: Locale, *, or_before: bool = False) -> str:
    """The expected return in days; `latest` is exclusive."""
    _ = locale.text
    first = None if earliest is None else day(locale, earliest)
    if first is not None and or_before:
        first = _("as soon as {day}", day=first)
    last = None if latest is None else day(locale, latest - _INSTANT)
    if first is not None and first == last:
        return f"**{first}**"
    if first is not None and last is not None:
        return _("**{first} to {last}**", first=first, last=last)
    if first is not None:
        return _("**from {first}**, no last date from anybody", first=first)
    if last is not None:
        return _("**by {last}**, no first date from anybody", last=last)
    return _("**no date from anybody**")


def _named(names: Iterable[str], locale: Locale) -> str:
    own = locale.text(N_("own repairs"))
    return ", ".join(inert(name) if name else own for name in names)


def _voices(one: Impact, locale: Locale) -> list[str]:
    """Who says what, in the order in which it was recorded, the pad's own estimate last."""
    return [_voice(said, said in one.expected.lapsed, locale) for said in one.state.said]


def _voice(said: Said, lapsed: bool, locale: Locale) -> str:
    _ = locale.text
    if isinstance(said, Forecast):
        who = _("{source} ({tier})", source=inert(said.source), tier=_(TIER_NAMES[said.tier]))
        parts = [
            _("earliest {time}", time=when(locale, said.earliest)) if said.earliest else "",
            _("latest {time}", time=when(locale, said.latest)) if said.latest else "",
            "" if said.earliest or said.latest else quoted(inert(said.note or ""), locale),
        ]
    else:
        who = _("Own repairs")
        window = said.window
        parts = [
            _("earliest {time}", time=day(locale, window.earliest)) if window.earliest else "",
            _("latest {time}", time=day(locale, window.latest - _INSTANT)) if window.latest else "",
        ]
    passed = _("has passed") if lapsed else ""
    return f"• {who}: {joined([*parts, passed])}"


# --- launches ----------------------------------------------------------------------------------------------------------


def _launches(one: Impact, locale: Locale) -> list[str]:
    status = one.state.finding.status
    return [launch_line(_frozen(launch), status, locale) for launch in one.launches]


def _frozen(one: WaitingLaunch) -> BlockedLaunch:
    mission = one.mission
    return BlockedLaunch(mission.id, mission.name, mission.kind, one.launch, one.blocked, one.gap_low, one.gap_high)


def launch_line(one: BlockedLaunch, status: PadStatus, locale: Locale) -> str:
    """One launch that waits for a pad, and what the pad's state does to it."""
    _ = locale.text
    kind = _(MISSION_KIND_NAMES[one.kind])
    head = f"**{inert(one.mission)}** ({kind}), {when(locale, one.launch)}"
    return f"{head}: {consequence(one, status, locale)}"


def consequence(one: WaitingLaunch | BlockedLaunch | BoardRisk, status: PadStatus, locale: Locale) -> str:
    """What a pad's state does to a launch: whether it is blocked, and what it would slip."""
    words = _BLOCKED if status is PadStatus.OUT_OF_SERVICE else _IN_QUESTION
    slip = "" if one.blocked is Blocked.NO else _slip(one.gap_low, one.gap_high, locale)
    return joined([locale.text(words[one.blocked]), slip])


def _slip(low: int | None, high: int | None, locale: Locale) -> str:
    """What the launch would slip if it waited for the pad."""
    _ = locale.text
    if high is not None and low:
        return (
            _("would slip {days}", days=days(locale, low))
            if low == high
            else _("would slip {low} to {days}", low=low, days=days(locale, high))
        )
    if high:
        return _("would slip up to {days}", days=days(locale, high))
    if low:
        return _("would slip at least {days}", days=days(locale, low))
    return ""


# --- alternatives and cost ---------------------------------------------------------------------------------------------


def _substitutes(found: Iterable[Substitutes], locale: Locale) -> list[str]:
    """One line for each capability: who could take it now, then who lists it and cannot."""
    _ = locale.text
    lines = []
    for one in found:
        sign = "✅" if one.real else "⛔"
        names = ", ".join(_alternative(state, locale) for state in one.pads) or _("no other pad")
        lines.append(f"{sign} {_capable(one.capability.vehicle, one.capability.kind, locale)}: {names}")
    return lines


def _alternative(state: PadState, locale: Locale) -> str:
    _ = locale.text
    name = f"{inert(state.pad.name)}, {inert(state.pad.site)}"
    if state.is_real_alternative:
        return f"**{name}**"
    return f"{name} ({_standing(state, locale)})"


def _standing(state: PadState, locale: Locale) -> str:
    return pad_standing(locale, state.pad.lifecycle, state.finding.status)


def _capable(vehicle: str, kind: MissionKind, locale: Locale) -> str:
    return locale.text(_CAPABLE[kind], vehicle=inert(vehicle))


def _cost(cost: OutageCost | None, locale: Locale) -> str:
    """What the outage has cost so far; empty while nothing was moved because of it."""
    _ = locale.text
    if cost is None or not cost.is_known:
        return ""
    said = ", ".join(_date_cost(one, locale) for one in cost.dates[:_LINES_MAX])
    rest = len(cost.dates) - _LINES_MAX
    if rest > 0:
        said = f"{said}, {and_more(rest, locale)}"
    if not cost.days:
        return _("What this outage has cost cannot be counted in days yet: {dates}.", dates=said)
    return _("So far this outage has cost {days}: {dates}.", days=days(locale, cost.days), dates=said)


def _date_cost(one: DateCost, locale: Locale) -> str:
    _ = locale.text
    event = inert(one.name) if one.name else _(EVENT_NAMES[one.kind])
    measured = str(one.days) if one.days or not one.unmeasured else ""
    moved = (
        locale.ngettext("moved {number} time to no exact day", "moved {number} times to no exact day", one.unmeasured)
        if one.unmeasured
        else ""
    )
    return f"{inert(one.mission)} {event} {joined([measured, moved])}"


def _tone_of(statuses: Iterable[PadStatus]) -> Tone:
    known = set(statuses)
    worst = (PadStatus.OUT_OF_SERVICE, PadStatus.RESTRICTED)
    return next((STATUS_TONES[status] for status in worst if status in known), Tone.GOOD)
