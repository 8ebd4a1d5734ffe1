"""Receipts of what goes otherwise than planned, and the history of a mission's dates. Pure."""

from cogs.render.card import Button, Card, Listing, Tone
from cogs.render.inert import inert
from cogs.render.missions import direction, phase, undo_button
from cogs.render.words import (
    CLEARANCE_NAMES,
    OUTCOME_NAMES,
    TIER_NAMES,
    capitalised,
    days,
    event_name,
    event_title,
    instant,
    joined,
    utc,
    when,
    when_with_distance,
)
from cogs.text import Locale
from domain.missions import Mission
from domain.schedule import Claim, EntryKind, LedgerEntry, SlipTotals
from domain.when import When
from services.flights import FlightChanged, Shifted
from services.histories import MissionHistory

ADOPT = "adopt"
_NOT_MOVES = frozenset({EntryKind.PLAN, EntryKind.CORRECTION})


def held(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a hold."""
    _ = locale.text
    lines = [
        _("Its date stands: {time}. Its countdown does not.", time=when(locale, done.changed.after)),
        _("`/mission resume` ends the hold, with a new date if there is one."),
    ]
    return Card(_("✋ On hold: {event}", event=_title(done, locale)), "\n".join(lines), tone=Tone.WARNING)


def resumed(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a resume."""
    _ = locale.text
    lines = [
        _("Planned for **{time}**.", time=when_with_distance(locale, done.changed.after, done.changed.card.asked_at))
    ]
    return Card(
        _("▶️ Resumed: {event}", event=_title(done, locale)), "\n".join(lines + _undated(done, locale)), tone=Tone.GOOD
    )


def scrubbed(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a scrub."""
    _ = locale.text
    following = done.changed.after
    lines = [
        _("Next attempt: **{time}**.", time=when_with_distance(locale, following, done.changed.card.asked_at))
        if following
        else _("No date for the next attempt yet: `/mission plan` with `event:launch` gives it one.")
    ]
    return Card(
        _("⛔ Scrubbed: {event}", event=_title(done, locale)),
        "\n".join(lines + _undated(done, locale)),
        tone=Tone.WARNING,
    )


def dropped(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a drop."""
    _ = locale.text
    return Card(
        _("✖️ Dropped: {event}", event=_title(done, locale)), _("It is no longer planned; its reminders are gone.")
    )


def failed(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a failure: what ends with it, and what to do next."""
    _ = locale.text
    lines = []
    if done.changed.actual_at is not None:
        lines.append(_("Recorded for {time}.", time=instant(locale, done.changed.actual_at)))
    if done.outcome is None:
        lines.append(_("The mission goes on. `/mission plan` plans the next attempt."))
    else:
        lines.append(_("Outcome: **{outcome}**.", outcome=_(OUTCOME_NAMES[done.outcome])))
        lines.append(_now(done, locale))
    if done.cancelled:
        names = ", ".join(event_name(locale, event) for event in done.cancelled)
        lines.append(_("No longer possible, reminders included: {events}.", events=names))
    return Card(_("❌ Failed: {event}", event=_title(done, locale)), "\n".join(lines), tone=Tone.BAD)


def cancelled(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a cancellation."""
    _ = locale.text
    title = _("✖️ Cancelled: {mission}", mission=inert(done.changed.card.mission.name))
    return Card(title, _("Nothing of its plan is reminded of any more."), tone=Tone.WARNING)


def corrected(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a correction."""
    _ = locale.text
    at = done.changed.actual_at
    event = done.changed.card.mission.event(done.changed.event.event_id) if done.changed.event else None
    lines = [_("Now recorded for {time}.", time=instant(locale, at))] if at else []
    if not at and event is not None and event.state.is_open:
        lines.append(
            _("It did not happen after all: it is open again, planned: {time}.", time=when(locale, event.planned))
        )
        lines.append(_("What was cancelled with it stays cancelled; `/mission plan` plans it again."))
    elif not at:
        lines.append(_("It did not happen after all."))
    lines += [_now(done, locale), _("The earlier record stays in the history and in the journal.")]
    return Card(_("✏️ Corrected: {event}", event=_title(done, locale)), "\n".join(lines), tone=Tone.GOOD)


def cleared(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a clearance."""
    _ = locale.text
    mission = done.changed.card.mission
    title = _("🛟 {mission}: {clearance}", mission=inert(mission.name), clearance=_(CLEARANCE_NAMES[mission.clearance]))
    return Card(title, _("`/crew coverage` shows what this means for those aboard."), tone=Tone.GOOD)


def edited(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of an edit: what was and what is."""
    _ = locale.text
    title = _("✅ {mission} changed", mission=inert(done.changed.card.mission.name))
    return Card(title, "\n".join(edit_lines(done.edits, locale)), tone=Tone.GOOD)


def edit_lines(edits: tuple[tuple[str, str | None, str | None], ...], locale: Locale) -> list[str]:
    """One line for each fact that changed."""
    _ = locale.text
    nothing = _("nothing")
    return [f"`{option}`: {inert(was or nothing)} → **{inert(is_ or nothing)}**" for option, was, is_ in edits]


def claimed(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of a claim, with the offer to adopt it."""
    _ = locale.text
    if done.claim is None:
        return Card(_title(done, locale))
    lines = [claim_line(done.claim, locale), ours_stays(done.changed.before, locale)]
    buttons = (Button(_("Adopt this date"), ADOPT, str(done.claim.id)),)
    title = _("🗣️ Claim kept: {event}", event=_title(done, locale))
    return Card(title, "\n".join(lines), tone=Tone.GOOD, buttons=buttons)


def ours_stays(ours: When | None, locale: Locale) -> str:
    """What a claim leaves as it is."""
    _ = locale.text
    return _("Ours stays {time}.", time=when(locale, ours)) if ours and ours.is_known else _("We still plan no date.")


def adopted(done: FlightChanged, locale: Locale) -> Card:
    """The receipt of an adoption."""
    _ = locale.text
    changed = done.changed
    lines = [
        _("From {before} to **{after}**", before=when(locale, changed.before), after=when(locale, changed.after)),
        direction(changed.direction, changed.slip_days, locale),
    ]
    return Card(
        _("✅ Adopted: {event}", event=_title(done, locale)),
        "\n".join(lines + _undated(done, locale)),
        tone=Tone.GOOD,
        buttons=undo_button(changed, locale),
    )


def shifted(done: Shifted, locale: Locale) -> Card:
    """The receipt of a shift: the dates that followed the launch."""
    _ = locale.text
    lines = [f"{capitalised(event_name(locale, event))}: **{when(locale, date)}**" for event, date in done.dates]
    return Card(
        _("✅ Shifted with the launch: {mission}", mission=inert(done.mission)), "\n".join(lines), tone=Tone.GOOD
    )


def history(found: MissionHistory, locale: Locale) -> Listing:
    """A mission's ledger, oldest first, with what has slipped in total and by cause."""
    _ = locale.text
    dated = [(entry.recorded_at, _entry(found.mission, entry, locale)) for entry in found.entries]
    dated += [(claim.recorded_at, _claim_entry(found.mission, claim, locale)) for claim in found.claims]
    dated.sort(key=lambda pair: pair[0])
    lead = "\n".join(_total(event_name(locale, total.event), total.totals, locale) for total in found.totals)
    footer = _("As of {time}", time=utc(locale, found.asked_at))
    if found.believed_at is not None:
        footer = _("As recorded by {time}", time=utc(locale, found.believed_at))
    return Listing(
        title=_("📜 {mission}: history of its dates", mission=inert(found.mission.name)),
        entries=tuple(line for _at, line in dated),
        empty=_("Nothing has been planned yet."),
        footer=footer,
        lead=lead,
    )


def claim_line(claim: Claim, locale: Locale) -> str:
    """A claim in one line: what, who says so, how close they stand to it, and where."""
    _ = locale.text
    who = _("{source} ({tier})", source=inert(claim.source), tier=_(TIER_NAMES[claim.tier]))
    return joined([f"**{when(locale, claim.when)}**", who, f"<{claim.link}>" if claim.link else ""])


def _entry(mission: Mission, entry: LedgerEntry, locale: Locale) -> str:
    _ = locale.text
    event = mission.event(entry.event_id)
    name = capitalised(event_name(locale, event)) if event else ""
    kinds = {
        EntryKind.PLAN: _("planned"),
        EntryKind.MOVE: "",
        EntryKind.DEPENDENT: _("followed from a launch move"),
        EntryKind.UNDO: _("undone"),
        EntryKind.CORRECTION: _("corrected"),
        EntryKind.ADOPTION: _("adopted from {source}", source=inert(entry.source or "")),
    }
    change = (
        when(locale, entry.after)
        if entry.before is None
        else f"{when(locale, entry.before)} → {when(locale, entry.after)}"
    )
    how = "" if entry.kind in _NOT_MOVES else direction(entry.direction, entry.slip_days, locale)
    why = joined([inert(entry.reason or ""), inert(entry.cause or "")])
    return f"`{entry.recorded_at:%Y-%m-%d %H:%M}` **{name}**: {change}\n" + joined([kinds[entry.kind], how, why])


def _claim_entry(mission: Mission, claim: Claim, locale: Locale) -> str:
    _ = locale.text
    event = mission.event(claim.event_id)
    name = capitalised(event_name(locale, event)) if event else ""
    return f"`{claim.recorded_at:%Y-%m-%d %H:%M}` **{name}**: " + _(
        "claimed, not ours: {claim}", claim=claim_line(claim, locale)
    )


def _total(name: str, totals: SlipTotals, locale: Locale) -> str:
    _ = locale.text
    parts = []
    if totals.days > 0:
        parts.append(_("slipped {days} in total", days=days(locale, totals.days)))
    elif totals.days < 0:
        parts.append(_("pulled in {days} in total", days=days(locale, -totals.days)))
    parts += [f"{inert(cause)}: {_signed_days(count, locale)}" for cause, count in totals.by_cause if cause]
    if totals.unmeasured:
        parts.append(
            locale.ngettext(
                "{number} move to or from a date known less exactly than a day",
                "{number} moves to or from dates known less exactly than a day",
                totals.unmeasured,
            )
        )
    return f"**{capitalised(name)}** — {joined(parts)}"


def _signed_days(count: int, locale: Locale) -> str:
    return f"−{days(locale, -count)}" if count < 0 else days(locale, count)


def _undated(done: FlightChanged, locale: Locale) -> list[str]:
    _ = locale.text
    return [
        _("{event} has no date now: its old one hung on the launch.", event=capitalised(event_name(locale, loser)))
        for loser in done.changed.undated
    ]


def _now(done: FlightChanged, locale: Locale) -> str:
    _ = locale.text
    card = done.changed.card
    return _("{mission} is now {phase}.", mission=inert(card.mission.name), phase=phase(card, locale))


def _title(done: FlightChanged, locale: Locale) -> str:
    return event_title(locale, done.changed.event) if done.changed.event else inert(done.changed.card.mission.name)
