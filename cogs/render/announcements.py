"""Frozen facts as the cards that are posted. Pure: facts and a language in, a card out; nothing is looked up.

What a card says was true when the facts were frozen, however late it is posted.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cogs.render import alarm_posts, boards, digest, impact, member_reminders, pad_posts, repair_posts, statements
from cogs.render.card import Button, Card, Field, Tone
from cogs.render.flights import edit_lines, ours_stays
from cogs.render.inert import inert, shortened
from cogs.render.journal import head as journal_head
from cogs.render.missions import against_plan, direction
from cogs.render.words import (
    CLEARANCE_NAMES,
    MISSION_KIND_NAMES,
    OUTCOME_NAMES,
    TIER_NAMES,
    capitalised,
    countdown_mark,
    days,
    delayed,
    duration,
    event_name,
    event_title,
    instant,
    joined,
    lines_of,
    opening,
    when,
    when_with_distance,
)
from cogs.text import N_, Locale
from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.board_facts import BoardRemoved, CrewBoard, MissionBoard, PadBoard
from domain.countdown import ReminderKind
from domain.digest_facts import DigestPosted
from domain.facts import (
    ChangeUndone,
    ClearanceChanged,
    CountdownReached,
    CrewAssigned,
    CrewRemoved,
    DateClaimed,
    DraftWaiting,
    EventCorrected,
    EventDone,
    EventDropped,
    EventFailed,
    EventHeld,
    EventMoved,
    EventPlanned,
    EventRef,
    EventUnconfirmed,
    Facts,
    JournalHead,
    LaunchScrubbed,
    MedicalMatter,
    MissionCancelled,
    MissionCreated,
    MissionEdited,
    OpsNotice,
    PersonRenamed,
    ReminderOutdated,
    ReturnChanged,
    StatementPosted,
    StationSaved,
)
from domain.impact_facts import PadImpact
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.missions import Clearance, EventKind, EventState
from domain.pad_facts import (
    DamageAssessed,
    DamageReported,
    PadAdded,
    PadEdited,
    PadInspected,
    PadRestricted,
    PadReturned,
    ReportUpdated,
    ReturnForecast,
    ReturnRequested,
)
from domain.repair_facts import (
    MaterialChanged,
    RepairCompleted,
    RepairDue,
    RepairDueOutdated,
    RepairEdited,
    RepairPlanned,
    RepairProgressed,
    RepairStateChanged,
)
from domain.schedule import Direction
from domain.when import Precision

DONE = "done"
DONE_WHEN = "donewhen"
HELD = "held"
MOVED = "moved"
_DAY = timedelta(days=1)
_DONE_SIGNS = {
    EventKind.LAUNCH: "🚀",
    EventKind.DOCKING: "🔗",
    EventKind.RELOCATION: "🔗",
    EventKind.EVA: "👩‍🚀",
    EventKind.MILESTONE: "🏷️",
    EventKind.UNDOCKING: "↘️",
    EventKind.LANDING: "🪂",
    EventKind.DEORBIT: "☄️",
}
_UNDONE_NAMES = {
    "plan": N_("The plan was taken back."),
    "move": N_("The move was taken back."),
    "done": N_("The confirmation was taken back."),
}
_OUTDATED = {
    EventState.PLANNED: N_("Now planned: {time}"),
    EventState.HELD: N_("On hold: the countdown has stopped."),
    EventState.DONE: N_("It happened: {time}"),
    EventState.FAILED: N_("It failed."),
    EventState.SCRUBBED: N_("The attempt was scrubbed."),
    EventState.CANCELLED: N_("It is no longer planned."),
}
_WITH_DUE = (
    CountdownReached
    | EventUnconfirmed
    | RepairDue
    | ReportUnacknowledged
    | ReportUnassessed
    | DigestPosted
    | MemberReminded
)
"""What was due at an instant says itself that it comes late."""
NOTICES = {
    "delivery_parked": N_(
        "A post for <#{channel}> could not be delivered and is parked: {reason}. The subscription stays. Below `/ops status` it "
        "can be tried again, or given up."
    ),
    "correction_missed": N_("A statement could not be corrected in <#{channel}>: {reason}."),
    "delivery_expired": N_("A post for <#{channel}> came too late to be worth making and was not posted: {reason}."),
}

# A test holds that every reason the courier can give is here.
REASONS = {
    "channel_gone": N_("the channel is gone"),
    "server_gone": N_("I am no longer in that server"),
    "missing_access": N_("I cannot see the channel"),
    "missing_permission": N_(
        "I lack a permission there (View Channel, Send Messages, Embed Links; for a report's thread Create Public Threads)"
    ),
    "history_hidden": N_("I may not read the channel's history there (Read Message History)"),
    "direct_messages_closed": N_("the member takes no direct messages from me"),
    "no_common_server": N_("the member takes no direct messages from me"),
    "channel_takes_no_messages": N_("it takes no messages"),
    "thread_archived": N_("the thread is archived"),
    "thread_locked": N_("the thread is locked"),
    "not_accepted": N_("Discord did not accept the post"),
    "edited_too_often": N_("Discord lets an old post be edited only so often"),
    "too_large": N_("the post is too large for this server"),
    "render_failed": N_("I could not put it into words, which is a fault of mine"),
    "too_late": N_("its time was over"),
    "no_answer": N_("Discord gave no answer for two days"),
    "post_deleted": N_("somebody has deleted it there"),
}


def announcement(facts: Facts, locale: Locale, *, late_since: datetime | None = None) -> Card:
    """The card for any facts. `late_since` is when it was to be posted, where that is noticeably past."""
    if late_since is not None and isinstance(facts, _WITH_DUE):
        facts, late_since = replace(facts, delayed=True), None
    card = _RENDERERS[type(facts)](facts, locale)
    if late_since is None:
        return card
    note = locale.text(N_("*Posted late: this was so {time}.*"), time=instant(locale, late_since))
    return replace(card, text=lines_of([card.text, note]))


def thread_name(facts: Facts) -> str | None:
    """What the thread below a post is called: Discord shows it as it is, so nothing in it is marked. None: as the post is."""
    return f"DR-{facts.report} · {facts.pad}" if isinstance(facts, DamageReported) else None


def _mission_created(facts: MissionCreated, locale: Locale) -> Card:
    _ = locale.text
    lines = [
        _(
            "{kind} flight on {vehicle}",
            kind=capitalised(_(MISSION_KIND_NAMES[facts.mission_kind])),
            vehicle=inert(facts.vehicle),
        ),
        _("Pad: {pad}", pad=inert(facts.pad)) if facts.pad else "",
        _("To {station}", station=inert(facts.station)) if facts.station else "",
        _("Launch: **{time}**", time=when(locale, facts.launch)) if facts.launch else "",
    ]
    return Card(_("🆕 {mission}", mission=inert(facts.mission)), lines_of(lines))


def _event_planned(facts: EventPlanned, locale: Locale) -> Card:
    _ = locale.text
    place = joined([inert(facts.station or ""), inert(facts.port or "")])
    lines = [f"**{when(locale, facts.when)}**", place]
    lines += [
        _("⚠️ {mission} may be at this port at the same time.", mission=inert(mission)) for mission in facts.overlaps
    ]
    tone = Tone.WARNING if facts.overlaps else Tone.NEUTRAL
    return Card(_("🗓️ Planned: {event}", event=event_title(locale, facts.event)), lines_of(lines), tone=tone)


def _event_moved(facts: EventMoved, locale: Locale) -> Card:
    _ = locale.text
    slipped = facts.direction in {Direction.SLIP, Direction.LOST_DATE}
    lines = [
        f"{when(locale, facts.before)} → **{when(locale, facts.after)}**",
        direction(facts.direction, facts.slip_days, locale),
    ]
    lines += [
        _(
            "{event} has no date now: its old one lay before the new launch.",
            event=capitalised(event_name(locale, loser)),
        )
        for loser in facts.undated
    ]
    fields = [
        Field(_("Reason"), inert(facts.reason)) if facts.reason else None,
        Field(_("Cause"), inert(facts.cause), inline=True) if facts.cause else None,
        Field(_("Source"), inert(facts.source), inline=True) if facts.source else None,
    ]
    title = N_("⏩ Slipped: {event}") if slipped else N_("📅 New date: {event}")
    return Card(
        _(title, event=event_title(locale, facts.event)),
        lines_of(lines),
        tuple(field for field in fields if field),
        Tone.WARNING if slipped else Tone.NEUTRAL,
    )


def _event_done(facts: EventDone, locale: Locale) -> Card:
    _ = locale.text
    place = joined([inert(facts.station or ""), inert(facts.port or "")])
    lines = [instant(locale, facts.at), place, against_plan(facts.at, facts.planned, locale), inert(facts.note or "")]
    sign = _DONE_SIGNS[facts.event.kind]
    return Card(
        f"{sign} " + _("Done: {event}", event=event_title(locale, facts.event)), lines_of(lines), tone=Tone.GOOD
    )


def _change_undone(facts: ChangeUndone, locale: Locale) -> Card:
    _ = locale.text
    stands = _("It stands again at **{time}**.", time=when(locale, facts.time)) if facts.time else ""
    lines = [_(_UNDONE_NAMES[facts.undone]), stands]
    return Card(_("↩️ Undone: {event}", event=event_title(locale, facts.event)), lines_of(lines))


def _event_held(facts: EventHeld, locale: Locale) -> Card:
    _ = locale.text
    lines = [f"**{when(locale, facts.when)}**", inert(facts.reason or ""), *_lost_dates(facts.undated, locale)]
    if facts.resumed:
        return Card(_("▶️ Resumed: {event}", event=event_title(locale, facts.event)), lines_of(lines))
    return Card(_("✋ On hold: {event}", event=event_title(locale, facts.event)), lines_of(lines), tone=Tone.WARNING)


def _launch_scrubbed(facts: LaunchScrubbed, locale: Locale) -> Card:
    _ = locale.text
    following = (
        _("Next attempt: **{time}**", time=when(locale, facts.next_attempt))
        if facts.next_attempt
        else _("No date for the next attempt yet.")
    )
    lines = [inert(facts.reason), following, *_lost_dates(facts.undated, locale)]
    return Card(_("⛔ Scrubbed: {event}", event=event_title(locale, facts.event)), lines_of(lines), tone=Tone.WARNING)


def _event_dropped(facts: EventDropped, locale: Locale) -> Card:
    _ = locale.text
    return Card(_("✖️ No longer planned: {event}", event=event_title(locale, facts.event)), inert(facts.reason))


def _event_failed(facts: EventFailed, locale: Locale) -> Card:
    _ = locale.text
    ended = ", ".join(event_name(locale, event) for event in facts.cancelled)
    lines = [
        instant(locale, facts.at),
        inert(facts.reason),
        _("Attempt {number}", number=facts.attempt) if facts.attempt > 1 else "",
        _("Outcome: **{outcome}**", outcome=_(OUTCOME_NAMES[facts.outcome]))
        if facts.outcome
        else _("The mission goes on."),
        _("No longer possible: {events}", events=ended) if ended else "",
    ]
    return Card(_("❌ Failed: {event}", event=event_title(locale, facts.event)), lines_of(lines), tone=Tone.BAD)


def _event_corrected(facts: EventCorrected, locale: Locale) -> Card:
    _ = locale.text
    after = instant(locale, facts.after) if facts.after else _("it did not happen after all")
    lines = [
        _("Was recorded as {time}", time=instant(locale, facts.before)),
        _("Now: **{time}**", time=after),
        inert(facts.reason),
    ]
    return Card(_("✏️ Corrected: {event}", event=event_title(locale, facts.event)), lines_of(lines))


def _mission_cancelled(facts: MissionCancelled, locale: Locale) -> Card:
    _ = locale.text
    return Card(_("✖️ Cancelled: {mission}", mission=inert(facts.mission)), inert(facts.reason), tone=Tone.WARNING)


def _mission_edited(facts: MissionEdited, locale: Locale) -> Card:
    _ = locale.text
    lines = [*edit_lines(facts.changes, locale), inert(facts.reason or "")]
    return Card(_("✏️ {mission} changed", mission=inert(facts.mission)), lines_of(lines))


def _clearance_changed(facts: ClearanceChanged, locale: Locale) -> Card:
    _ = locale.text
    title = _("🛟 {mission}: {clearance}", mission=inert(facts.mission), clearance=_(CLEARANCE_NAMES[facts.after]))
    source = _("Source: {source}", source=inert(facts.source)) if facts.source else ""
    lines = [inert(facts.reason), source, _("Before: {clearance}", clearance=_(CLEARANCE_NAMES[facts.before]))]
    tone = Tone.GOOD if facts.after is Clearance.CLEARED else Tone.WARNING
    return Card(title, lines_of(lines), tone=tone)


def _date_claimed(facts: DateClaimed, locale: Locale) -> Card:
    _ = locale.text
    who = _("{source} ({tier})", source=inert(facts.source), tier=_(TIER_NAMES[facts.tier]))
    lines = [
        joined([f"**{when(locale, facts.when)}**", who]),
        ours_stays(facts.ours, locale),
        f"<{facts.link}>" if facts.link else "",
    ]
    return Card(_("🗣️ Claimed, not ours: {event}", event=event_title(locale, facts.event)), lines_of(lines))


def _lost_dates(undated: tuple[EventRef, ...], locale: Locale) -> list[str]:
    _ = locale.text
    return [
        _("{event} has no date now: its old one hung on the launch.", event=capitalised(event_name(locale, loser)))
        for loser in undated
    ]


def _crew_assigned(facts: CrewAssigned, locale: Locale) -> Card:
    _ = locale.text
    title = _("👩‍🚀 {person} flies on {mission}", person=inert(facts.person), mission=inert(facts.mission))
    return Card(title, joined([inert(facts.role), inert(facts.agency or "")]))


def _crew_removed(facts: CrewRemoved, locale: Locale) -> Card:
    _ = locale.text
    title = (
        N_("👩‍🚀 {person} no longer flies on {mission}")
        if facts.went_up
        else N_("👩‍🚀 {person} no longer comes down on {mission}")
    )
    lines = [
        _("Reason: {reason}", reason=inert(facts.reason)) if facts.reason else "",
        _("The seat down on {mission} is free again, too.", mission=inert(facts.also_from)) if facts.also_from else "",
    ]
    return Card(_(title, person=inert(facts.person), mission=inert(facts.mission)), lines_of(lines))


def _return_changed(facts: ReturnChanged, locale: Locale) -> Card:
    _ = locale.text
    person = inert(facts.person)
    before = _("no ride") if facts.before is None else inert(facts.before)
    text = _("Went up on {mission}. Way down before: {before}.", mission=inert(facts.went_up_on), before=before)
    if facts.after is None:
        return Card(_("👩‍🚀 {person} has no ride down now", person=person), text, tone=Tone.WARNING)
    return Card(_("👩‍🚀 {person} comes down on {mission}", person=person, mission=inert(facts.after)), text)


def _person_renamed(facts: PersonRenamed, locale: Locale) -> Card:
    _ = locale.text
    former = _("Formerly listed as {name}.", name=inert(facts.before)) if facts.before != facts.after else ""
    agency = _("Agency: {agency}", agency=inert(facts.agency)) if facts.agency else ""
    return Card(_("👩‍🚀 Crew list: {person}", person=inert(facts.after)), lines_of([former, agency]))


def _medical_matter(_facts: MedicalMatter, locale: Locale) -> Card:
    return Card(locale.text(N_("🩺 A medical matter is being handled")))


def _station_saved(facts: StationSaved, locale: Locale) -> Card:
    _ = locale.text
    title = N_("🔗 Station {name} entered") if facts.is_new else N_("🔗 Station {name}: ports added")
    ports = _("Ports: {ports}", ports=inert(", ".join(facts.ports))) if facts.ports else ""
    return Card(_(title, name=inert(facts.short or facts.station)), ports)


def _countdown(facts: CountdownReached, locale: Locale) -> Card:
    _ = locale.text
    event = event_title(locale, facts.event)
    if facts.kind is ReminderKind.OPENS:
        title = _("🕛 {event}: {opening}", event=event, opening=opening(locale, facts.when))
        text = _window(facts, locale)
    elif not facts.offset:
        title, text = (
            _("🕛 {event}: now", event=event),
            _("Planned for {time}.", time=instant(locale, facts.when.at or facts.due_at)),
        )
    else:
        title = _(
            "⏳ {mark}{left}: {event}", mark=countdown_mark(facts.event.kind), left=_left(facts, locale), event=event
        )
        text = f"**{when_with_distance(locale, facts.when, facts.due_at)}**"
    return Card(title, lines_of([text, delayed(facts.due_at, locale) if facts.delayed else ""]))


def _window(facts: CountdownReached, locale: Locale) -> str:
    _ = locale.text
    stated = when(locale, facts.when)
    if facts.when.no_earlier_than:
        return _("From now on it is possible: {time}. That does not say it happens now.", time=stated)
    return _("It is planned for **{time}**; no more exact time is known.", time=stated)


def _left(facts: CountdownReached, locale: Locale) -> str:
    if facts.offset % _DAY == timedelta(0):
        return days(locale, facts.offset // _DAY)
    return duration(locale, facts.offset)


def _unconfirmed(facts: EventUnconfirmed, locale: Locale) -> Card:
    """Asks once, with a button: for an exact plan it records that time, for any other it asks for it."""
    _ = locale.text
    is_exact = facts.when.precision.is_at_least(Precision.MINUTE)
    lines = [
        _("It was planned for **{time}**, and nobody has said what happened.", time=when(locale, facts.when)),
        _("**Done** records it for the planned time.") if is_exact else _("**Done** asks when it happened."),
        _("**Moved** asks for the new date, **Held** stops its countdown. `/mission fail` says that it failed."),
        delayed(facts.due_at, locale) if facts.delayed else "",
    ]
    title = _("❔ {event}: did it happen?", event=event_title(locale, facts.event))
    argument = str(facts.event.event_id)
    as_planned = f"{argument}.{int(facts.when.at.timestamp())}" if facts.when.at else argument
    buttons = (
        Button(_("Done"), DONE, as_planned) if is_exact else Button(_("Done"), DONE_WHEN, argument),
        Button(_("Moved"), MOVED, argument),
        Button(_("Held"), HELD, argument),
    )
    return Card(title, lines_of(lines), tone=Tone.WARNING, buttons=buttons)


def _outdated(facts: ReminderOutdated, locale: Locale) -> Card:
    """What was posted and is no longer so: it stays readable, struck through, below what is true now."""
    _ = locale.text
    event = event_title(locale, facts.was.event)
    said = _without_marks(announcement(facts.was, locale).title)
    now = _(_OUTDATED[facts.state], time=when(locale, facts.time) if facts.time else _("no date yet"))
    is_answered = isinstance(facts.was, EventUnconfirmed)
    title = N_("✅ {event}: answered") if is_answered else N_("✏️ {event}: no longer so")
    return Card(_(title, event=event), lines_of([f"**{now}**", f"~~{said}~~"]))


def _without_marks(title: str) -> str:
    """A title without what would end being struck through."""
    return title.replace("~~", "")


def _notice(facts: OpsNotice, locale: Locale) -> Card:
    _ = locale.text
    values = {
        name: _(REASONS[value]) if name == "reason" and value in REASONS else inert(shortened(value, 200))
        for name, value in facts.params
    }
    return Card(_("🛠️ About myself"), _(NOTICES[facts.code], **values), tone=Tone.WARNING)


# A test holds that every kind of facts is here.
_RENDERERS: dict[type, Callable[[Any, Locale], Card]] = {
    EventHeld: _event_held,
    LaunchScrubbed: _launch_scrubbed,
    EventDropped: _event_dropped,
    EventFailed: _event_failed,
    EventCorrected: _event_corrected,
    MissionCancelled: _mission_cancelled,
    MissionEdited: _mission_edited,
    ClearanceChanged: _clearance_changed,
    DateClaimed: _date_claimed,
    MissionCreated: _mission_created,
    EventPlanned: _event_planned,
    EventMoved: _event_moved,
    EventDone: _event_done,
    ChangeUndone: _change_undone,
    CrewAssigned: _crew_assigned,
    CrewRemoved: _crew_removed,
    ReturnChanged: _return_changed,
    PersonRenamed: _person_renamed,
    MedicalMatter: _medical_matter,
    StationSaved: _station_saved,
    PadAdded: pad_posts.pad_added,
    PadEdited: pad_posts.pad_edited,
    PadRestricted: pad_posts.pad_restricted,
    PadImpact: impact.posted,
    DamageReported: pad_posts.damage_reported,
    ReportUpdated: pad_posts.report_updated,
    DamageAssessed: pad_posts.damage_assessed,
    ReturnForecast: pad_posts.return_forecast,
    PadInspected: pad_posts.pad_inspected,
    ReturnRequested: pad_posts.return_requested,
    PadReturned: pad_posts.pad_returned,
    ReportUnacknowledged: alarm_posts.report_unacknowledged,
    ReportUnassessed: alarm_posts.report_unassessed,
    RepairPlanned: repair_posts.repair_planned,
    RepairProgressed: repair_posts.repair_progressed,
    RepairCompleted: repair_posts.repair_completed,
    RepairStateChanged: repair_posts.repair_state_changed,
    RepairEdited: repair_posts.repair_edited,
    MaterialChanged: repair_posts.material_changed,
    MemberReminded: member_reminders.reminded,
    ReminderUndelivered: member_reminders.undelivered,
    CountdownReached: _countdown,
    EventUnconfirmed: _unconfirmed,
    RepairDue: repair_posts.repair_due,
    RepairDueOutdated: repair_posts.repair_due_outdated,
    ReminderOutdated: _outdated,
    StatementPosted: statements.posted,
    DraftWaiting: statements.waiting,
    DigestPosted: digest.posted,
    MissionBoard: boards.missions,
    PadBoard: boards.pads,
    CrewBoard: boards.crew,
    BoardRemoved: boards.removed,
    OpsNotice: _notice,
    JournalHead: journal_head,
}
