"""Missions as cards: the status card, the overview, and the receipts of changes. Pure."""

from dataclasses import replace
from datetime import datetime

from cogs.render.card import Button, Card, Field, Listing, Tone
from cogs.render.impact import risk
from cogs.render.inert import inert, shortened
from cogs.render.words import (
    CLEARANCE_NAMES,
    DIRECTION_NAMES,
    MISSION_KIND_NAMES,
    OUTCOME_NAMES,
    PAD_STATUS_NAMES,
    PHASE_NAMES,
    brief_instant,
    capitalised,
    countdown_mark,
    days,
    duration,
    event_name,
    event_title,
    instant,
    joined,
    utc,
    when,
    when_with_distance,
)
from cogs.text import N_, Locale
from domain.missions import Clearance, Event, EventKind, EventState, Phase
from domain.pads import PadStatus
from domain.schedule import LedgerEntry
from domain.when import Precision, When, days_between
from services.cards import CrewMember, MissionCard
from services.missions import MissionChanged, MissionList, Overview

UNDO = "undo"
SHIFT = "shift"
_BEFORE_LAUNCH = frozenset({Phase.PLANNED, Phase.ON_HOLD, Phase.SCRUBBED})
_EXACTNESS = {
    Precision.SECOND: N_("known to the second"),
    Precision.MINUTE: N_("known to the minute"),
    Precision.HOUR: N_("known to the hour"),
    Precision.DAY: N_("known to the day"),
    Precision.WEEK: N_("known to the week"),
    Precision.MONTH: N_("known to the month"),
    Precision.QUARTER: N_("known to the quarter"),
    Precision.HALF: N_("known to the half-year"),
    Precision.YEAR: N_("known to the year"),
}


def status(card: MissionCard, locale: Locale) -> Card:
    """The card a flight director pins."""
    _ = locale.text
    mission = card.mission
    fields = [
        _clock_field(card, locale),
        Field(_("Crew"), _crew(card, locale)),
        Field(_("Vehicle"), joined([inert(mission.vehicle), inert(mission.spacecraft or "")]), inline=True),
        Field(_("Pad"), _pad(card, locale), inline=True),
        Field(_("Station and port"), _station(card, locale), inline=True),
        Field(_("Last event"), _last(card, locale), inline=True),
        Field(_("Next event"), _next(card, locale), inline=True),
        _return_field(card, locale),
    ]
    if card.risk is not None:
        fields.append(Field(_("Risk to the launch"), risk(card.risk, locale)))
    if card.latest_move is not None:
        fields.append(Field(_("Latest move"), _move(card, card.latest_move, locale)))
    return Card(
        title=f"{inert(mission.name)} — {phase(card, locale)}",
        text=_notes(card, locale),
        fields=tuple(fields),
        tone=_tone(card),
        footer=_footer(card, locale),
    )


def overview(found: Overview, locale: Locale) -> Listing:
    """What is flying and what is next."""
    _ = locale.text
    flying = [_line(card, locale) for card in found.flying]
    upcoming = [_line(card, locale) for card in found.upcoming]
    entries = [_("__Flying__"), *(flying or [_("Nothing is flying.")])]
    entries += [_("__Yet to launch__"), *(upcoming or [_("Nothing is planned.")])]
    footer = _("As of {time}", time=utc(locale, found.asked_at))
    if found.believed_at is not None:
        footer = _("As recorded by {time}", time=utc(locale, found.believed_at))
    return Listing(
        title=_("🛰️ Missions"),
        entries=tuple(entries) if flying or upcoming else (),
        empty=_("No missions yet. Add the first with `/mission create`."),
        footer=footer,
    )


def listing(found: MissionList, locale: Locale) -> Listing:
    """Missions of a phase, or all that are not over."""
    _ = locale.text
    title = (
        _("🛰️ Missions: {phase}", phase=_(PHASE_NAMES[found.phase]))
        if found.phase
        else _("🛰️ Missions that are not over")
    )
    shown = len(found.cards)
    rest = _("showing {shown} of {total}", shown=shown, total=found.total) if found.total > shown else ""
    return Listing(
        title=title,
        entries=tuple(_line(card, locale) for card in found.cards),
        empty=_("No such missions."),
        footer=joined([_("As of {time}", time=utc(locale, found.asked_at)), rest]),
    )


def created(done: MissionChanged, locale: Locale) -> Card:
    """The receipt of `/mission create`."""
    _ = locale.text
    mission = done.card.mission
    text = _("{kind} flight on {vehicle}.", kind=capitalised(_kind(done.card, locale)), vehicle=inert(mission.vehicle))
    if done.after is not None:
        text += "\n" + _("Launch understood as **{time}**.", time=when(locale, done.after))
    if done.pad_cannot_launch and done.card.pad is not None:
        text += "\n" + _(
            "⚠️ {pad} is not listed as able to launch {vehicle} with {kind}. Check the pad or its capabilities.",
            pad=inert(done.card.pad.name),
            vehicle=inert(mission.vehicle),
            kind=_kind(done.card, locale),
        )
    text += "\n" + _("Next: `/mission plan` for its events, `/crew assign` for its crew.")
    return Card(_("✅ Mission {name} entered", name=inert(mission.name)), text, tone=Tone.GOOD)


def planned(done: MissionChanged, locale: Locale) -> Card:
    """The receipt of a plan: what was understood, what is doubtful, and the way back."""
    _ = locale.text
    lines = [_("Understood as **{time}**.", time=when_with_distance(locale, done.after, done.card.asked_at))]
    if done.port:
        lines.append(_("Port: {port}", port=inert(done.port)))
    return _receipt(_("✅ Planned: {event}", event=_title(done, locale)), lines, done, locale)


def moved(done: MissionChanged, locale: Locale) -> Card:
    """The receipt of a move: from, to, by how much, and which dates were lost with it."""
    _ = locale.text
    lines = [
        _("From {before}", before=when(locale, done.before)),
        _("to **{after}**", after=when_with_distance(locale, done.after, done.card.asked_at)),
        direction(done.direction, done.slip_days, locale),
    ]
    lines += [
        _(
            "{event} has no date now: its old one lay before the new launch.",
            event=capitalised(event_name(locale, loser)),
        )
        for loser in done.undated
    ]
    receipt = _receipt(_("✅ Moved: {event}", event=_title(done, locale)), lines, done, locale)
    if not done.shiftable:
        return receipt
    names = ", ".join(event_name(locale, event) for event in done.shiftable)
    button = Button(_("Shift along: {events}", events=shortened(names, 50)), SHIFT, str(done.undo_seq))
    return replace(receipt, buttons=(*receipt.buttons, button))


def completed(done: MissionChanged, locale: Locale) -> Card:
    """The receipt of a done: when it happened, against the plan, and where the mission stands now."""
    _ = locale.text
    lines = []
    if done.actual_at is not None:
        lines.append(_("Recorded for {time}.", time=instant(locale, done.actual_at)))
        lines.append(against_plan(done.actual_at, done.before, locale))
    lines.append(_("{mission} is now {phase}.", mission=inert(done.card.mission.name), phase=phase(done.card, locale)))
    return _receipt(_("✅ Done: {event}", event=_title(done, locale)), lines, done, locale)


def undone(done: MissionChanged, locale: Locale) -> Card:
    """The receipt of an undo."""
    _ = locale.text
    text = (
        _("It stands again at {time}.", time=when(locale, done.after))
        if done.after
        else _("It is as if never planned.")
    )
    return Card(_("↩️ Undone: {event}", event=_title(done, locale)), text, tone=Tone.NEUTRAL)


def against_plan(at: datetime, planned_for: When | None, locale: Locale) -> str:
    """How an actual time lies against an exact plan; empty where the plan was not exact."""
    _ = locale.text
    if planned_for is None or planned_for.at is None or planned_for.precision.rank > Precision.MINUTE.rank:
        return ""
    difference = at - planned_for.at
    if not difference:
        return _("Exactly as planned.")
    if difference.total_seconds() > 0:
        return _("{span} later than planned.", span=duration(locale, difference))
    return _("{span} earlier than planned.", span=duration(locale, difference))


def direction(moved_how: object, slip: int | None, locale: Locale) -> str:
    """What a move did to a date, in words."""
    name = next((words for known, words in DIRECTION_NAMES.items() if known is moved_how), None)
    said = capitalised(locale.text(name)) if name else ""
    return f"{said} ({days(locale, abs(slip))})." if slip else f"{said}."


def _receipt(title: str, lines: list[str], done: MissionChanged, locale: Locale) -> Card:
    _ = locale.text
    lines = lines + [
        _(
            "⚠️ Check the order: {later} ({later_time}) may come before {earlier} ({earlier_time}).",
            later=event_name(locale, finding.later),
            later_time=when(locale, finding.later.time),
            earlier=event_name(locale, finding.earlier),
            earlier_time=when(locale, finding.earlier.time),
        )
        for finding in done.doubts
    ]
    text = "\n".join(line for line in lines if line)
    return Card(title, text, tone=Tone.GOOD, buttons=undo_button(done, locale))


def undo_button(done: MissionChanged, locale: Locale) -> tuple[Button, ...]:
    """The way back, where there is one."""
    _ = locale.text
    return () if done.undo_seq is None else (Button(_("Undo"), UNDO, str(done.undo_seq)),)


def _title(done: MissionChanged, locale: Locale) -> str:
    return event_title(locale, done.event) if done.event else inert(done.card.mission.name)


def phase(card: MissionCard, locale: Locale) -> str:
    """Where the mission stands, with how it turned out as soon as that is known."""
    name = locale.text(PHASE_NAMES[card.phase])
    outcome = card.mission.outcome
    return f"{name} ({locale.text(OUTCOME_NAMES[outcome])})" if outcome else name


def _kind(card: MissionCard, locale: Locale) -> str:
    return locale.text(MISSION_KIND_NAMES[card.mission.kind])


def _clock_field(card: MissionCard, locale: Locale) -> Field:
    _ = locale.text
    if card.elapsed is not None:
        return Field(_("Mission elapsed time"), f"**{duration(locale, card.elapsed)}**")
    launch = card.mission.open_event(EventKind.LAUNCH)
    if launch is None:
        return Field(_("Launch"), _("not planned"))
    return Field(_("Launch"), when_with_distance(locale, launch.planned, card.asked_at))


def crew_line(member: CrewMember) -> str:
    """One crew member: name, role, agency."""
    agency = f" ({inert(member.agency)})" if member.agency else ""
    return f"{inert(member.name)}{agency} — {inert(member.role)}"


def way(member: CrewMember, locale: Locale) -> str:
    """What is to be said where someone does not fly both ways."""
    _ = locale.text
    if member.goes_up and member.comes_down:
        return ""
    return " " + (_("(up only)") if member.goes_up else _("(down only)"))


def seats_left(seats: int | None, phase: Phase, crew: tuple[CrewMember, ...]) -> int:
    """Seats up that nobody has; after the launch there are none to give."""
    if seats is None or phase not in _BEFORE_LAUNCH:
        return 0
    return max(seats - sum(member.goes_up for member in crew), 0)


def _crew(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    lines = [crew_line(member) + way(member, locale) for member in card.crew]
    free = seats_left(card.mission.seats, card.phase, card.crew)
    if free:
        lines.append(locale.ngettext("{number} seat not assigned", "{number} seats not assigned", free))
    return "\n".join(lines) or _("no crew")


def _pad(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    if card.pad is None:
        return _("not named")
    parts = [f"**{inert(card.pad.name)}**, {inert(card.pad.site)}"]
    if card.pad_status is not None:
        parts.append(pad_status(card, locale))
    return "\n".join(parts)


def pad_status(card: MissionCard, locale: Locale) -> str:
    """The pad's status with the report it rests on."""
    _ = locale.text
    finding = card.pad_status
    if finding is None:
        return ""
    words = _(PAD_STATUS_NAMES[finding.status])
    if finding.status is PadStatus.OPERATIONAL or finding.deciding is None:
        return words
    if finding.unconfirmed:
        return _("{status} ({report}, unconfirmed)", status=words, report=finding.deciding.label)
    return _("{status} ({report})", status=words, report=finding.deciding.label)


def _station(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    if card.station is None:
        return _("no destination station")
    if card.docked_at:
        return _("at **{station}**, {port}", station=inert(card.station.called), port=inert(card.docked_at))
    docking = card.mission.open_event(EventKind.DOCKING)
    port = card.port_name(docking.port_id) if docking else None
    on_its_way = card.phase in _BEFORE_LAUNCH or (card.phase is Phase.IN_FLIGHT and card.mission.outcome is None)
    if docking is None and not on_its_way:
        return inert(card.station.called)
    if port:
        return _("bound for {station}, {port}", station=inert(card.station.called), port=inert(port))
    return _("bound for {station}, port not named", station=inert(card.station.called))


def _last(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    if card.last is None or card.last.actual_at is None:
        return _("nothing yet")
    name = capitalised(event_name(locale, card.last))
    if card.last.attempt > 1:
        name = _("{event}, attempt {number}", event=name, number=card.last.attempt)
    if card.last.state is EventState.FAILED:
        name = _("❌ {event} failed", event=name)
    return f"{name}\n{brief_instant(locale, card.last.actual_at)}"


def _next(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    if card.next is None:
        return _("nothing planned")
    exactness = _exactness(card.next.planned, locale)
    return "\n".join(
        part
        for part in (
            capitalised(event_name(locale, card.next)),
            when_with_distance(locale, card.next.planned, card.asked_at),
            f"*{exactness}*" if exactness else "",
        )
        if part
    )


def _exactness(planned_for: When | None, locale: Locale) -> str:
    return "" if planned_for is None else locale.text(_EXACTNESS.get(planned_for.precision, ""))


def _return_field(card: MissionCard, locale: Locale) -> Field:
    _ = locale.text
    back = card.back
    lines = []
    if back is None:
        lines.append(_("not planned"))
    elif back.actual_at is not None:
        lines.append(f"{capitalised(event_name(locale, back))}: {brief_instant(locale, back.actual_at)}")
    else:
        lines.append(f"{capitalised(event_name(locale, back))}: **{when(locale, back.planned)}**")
        lines.append(_countdown(back, card.asked_at, locale))
    lines.append(_duration_line(card, locale))
    return Field(_("Return"), "\n".join(line for line in lines if line))


def _countdown(event: Event, now: datetime, locale: Locale) -> str:
    """R− in the grain of the date: to the minute for exact times, in days for a day, nothing for coarser ones."""
    planned_for = event.planned
    if planned_for is None or planned_for.at is None or planned_for.precision.rank > Precision.DAY.rank:
        return ""
    mark = countdown_mark(event.kind)
    if planned_for.precision is Precision.DAY:
        left = days_between(now, planned_for.at)
        return f"{mark}{days(locale, left)}" if left >= 0 else ""
    return f"{mark}{duration(locale, planned_for.at - now)}" if planned_for.at > now else ""


def _duration_line(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    planned_days = card.mission.duration_days
    if planned_days is None:
        return ""
    said = _("Planned duration: {days}", days=days(locale, planned_days))
    difference = card.duration_difference_days
    if difference is None:
        return said
    if abs(difference) <= 1:
        return _("{said}, which agrees with this date.", said=said)
    if difference > 0:
        return _("{said}; this date is {days} later than that.", said=said, days=days(locale, difference))
    return _("{said}; this date is {days} earlier than that.", said=said, days=days(locale, -difference))


def _move(card: MissionCard, entry: LedgerEntry, locale: Locale) -> str:
    _ = locale.text
    event = card.mission.event(entry.event_id)
    name = capitalised(event_name(locale, event)) if event else ""
    head = f"{name}: {when(locale, entry.before)} → **{when(locale, entry.after)}**"
    how = direction(entry.direction, entry.slip_days, locale)
    reason = _("Reason: {reason}", reason=inert(entry.reason)) if entry.reason else ""
    cause = _("Cause: {cause}", cause=inert(entry.cause)) if entry.cause else ""
    return "\n".join(part for part in (head, how, joined([reason, cause])) if part)


def _notes(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    lines = []
    if card.believed_at is not None:
        lines.append(_("*As it had been recorded by {time}.*", time=utc(locale, card.believed_at)))
    if card.muted_since is not None:
        lines.append(_("🔇 Muted since {time}: nothing of it is announced.", time=utc(locale, card.muted_since)))
    lines += [
        _(
            "❔ {event} was due {time}, and nobody has said what happened.",
            event=capitalised(event_name(locale, event)),
            time=when(locale, event.planned),
        )
        for event in card.overdue
    ]
    if card.mission.clearance is not Clearance.CLEARED:
        lines.append("⚠️ " + capitalised(_(CLEARANCE_NAMES[card.mission.clearance])) + ".")
        lines.append(joined([inert(card.mission.clearance_reason or ""), inert(card.mission.clearance_source or "")]))
    held = next((event for event in card.mission.events if event.state is EventState.HELD), None)
    if held is not None:
        lines.append(_("✋ {event} is on hold.", event=capitalised(event_name(locale, held))))
    return "\n".join(lines)


def _tone(card: MissionCard) -> Tone:
    if card.overdue or card.mission.clearance is not Clearance.CLEARED:
        return Tone.WARNING
    waiting = card.phase in {Phase.PLANNED, Phase.ON_HOLD}
    if waiting and card.pad_status is not None and card.pad_status.status is PadStatus.OUT_OF_SERVICE:
        return Tone.BAD
    return Tone.GOOD if card.phase.is_flying else Tone.NEUTRAL


def _footer(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    return joined([capitalised(_kind(card, locale)), _("as of {time}", time=utc(locale, card.asked_at))])


def _line(card: MissionCard, locale: Locale) -> str:
    _ = locale.text
    head = [f"**{inert(card.mission.name)}** — {phase(card, locale)}"]
    if card.docked_at and card.station:
        head.append(f"{inert(card.station.called)}, {inert(card.docked_at)}")
    if card.elapsed is not None:
        head.append(_("MET {span}", span=duration(locale, card.elapsed)))
    details = []
    if card.overdue:
        details.append(_("❔ {event} not confirmed", event=event_name(locale, card.overdue[0])))
    if card.next is not None:
        details.append(
            _("next: {event}, {time}", event=event_name(locale, card.next), time=when(locale, card.next.planned))
        )
    if (
        not card.phase.is_flying
        and card.pad_status
        and card.pad_status.status is not PadStatus.OPERATIONAL
        and card.pad
    ):
        details.append(f"{inert(card.pad.name)}: {pad_status(card, locale)}")
    return "\n".join(line for line in (joined(head), joined(details)) if line)
