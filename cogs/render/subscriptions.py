"""Subscriptions and countdowns. Pure."""

from datetime import timedelta

from cogs.render.boards import lines as board_lines
from cogs.render.card import Card, Field, Listing, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import (
    SEVERITY_NAMES,
    brief_instant,
    capitalised,
    countdown_mark,
    event_title,
    instant,
    joined,
    opening,
    when,
)
from cogs.text import N_, Locale
from domain.announcements import Topic
from domain.countdown import ReminderKind, format_offsets
from domain.digest_times import shown_minute
from services.announcements import DigestTimes, Heard, Muted, ShownSubscription
from services.countdowns import Countdown, Upcoming

_SUMMARY_MAX = 100
TOPIC_MEANINGS = {
    Topic.LAUNCH: N_("launches: planned, moved, done, not confirmed, blocked"),
    Topic.DOCKING: N_("dockings, relocations, stations and ports"),
    Topic.RETURN: N_("undockings, landings, deorbits, who may come down on what"),
    Topic.SCHEDULE: N_("every plan and move of every date; launches blocked"),
    Topic.CREW: N_("who flies on what, clearance to return, medical matters"),
    Topic.EVA: N_("spacewalks"),
    Topic.PAD: N_("pads and damage"),
    Topic.REPAIR: N_("repair tasks: planned, progress, done, due"),
    Topic.COUNTDOWN: N_("countdowns to planned events"),
    Topic.STATEMENT: N_("statements that were approved"),
    Topic.DIGEST: N_("the daily digest"),
    Topic.ALL: N_("everything but the daily digest"),
}


def subscribed(done: ShownSubscription, locale: Locale) -> Card:
    """The receipt of `/announce subscribe`, saying what the topic carries."""
    _ = locale.text
    subscription = done.subscription
    lines = [
        _(
            "<#{channel}> will hear: {meaning}.",
            channel=subscription.channel_id,
            meaning=_(TOPIC_MEANINGS[subscription.topic]),
        ),
        _filters(done, locale),
    ]
    if done.pings_nobody:
        lines.append(
            _("The role is shown and nobody is woken: let anyone mention it, or give me Mention Everyone there.")
        )
    if done.digest is not None:
        lines += [*_digest_lines(done.digest, locale), _("`/announce digest` changes its time.")]
    return Card(_("✅ Subscribed: {topic}", topic=subscription.topic.value), _lines(lines), tone=Tone.GOOD)


def digest_set(done: ShownSubscription, locale: Locale) -> Card:
    """The receipt of `/announce digest`."""
    _ = locale.text
    channel = _("<#{channel}> hears the daily digest.", channel=done.subscription.channel_id)
    lines = [channel, *(_digest_lines(done.digest, locale) if done.digest else []), _filters(done, locale)]
    return Card(_("✅ Daily digest set"), _lines(lines), tone=Tone.GOOD)


def unsubscribed(done: ShownSubscription, locale: Locale) -> Card:
    """The receipt of `/announce unsubscribe`."""
    _ = locale.text
    lines = [
        _(
            "<#{channel}> no longer hears: {meaning}.",
            channel=done.subscription.channel_id,
            meaning=_(TOPIC_MEANINGS[done.subscription.topic]),
        ),
        _filters(done, locale),
        _("What was announced before this is still posted."),
    ]
    return Card(_("✅ Unsubscribed: {topic}", topic=done.subscription.topic.value), _lines(lines), tone=Tone.GOOD)


def muted(done: Muted, locale: Locale) -> Card:
    """The receipt of `/announce mute`."""
    _ = locale.text
    lines = [
        _("Nothing of it is announced, no countdown either, until `/announce unmute`."),
        _("What goes wrong still comes through: failures, cancellation, a clearance taken away. So do statements."),
        _("What was announced before this is still posted."),
    ]
    return Card(_("🔇 Muted: {mission}", mission=inert(done.mission)), _lines(lines), tone=Tone.GOOD)


def unmuted(done: Muted, locale: Locale) -> Card:
    """The receipt of `/announce unmute`."""
    _ = locale.text
    text = _(
        "It was muted since {time}. What happened meanwhile is not announced now.", time=instant(locale, done.since)
    )
    return Card(_("🔊 Announced again: {mission}", mission=inert(done.mission)), text, tone=Tone.GOOD)


def subscriptions(found: Heard, locale: Locale) -> Listing:
    """Every subscription, then the boards; above them the missions that are muted and the drafts that wait."""
    _ = locale.text
    entries = [
        joined(
            [
                f"`#{shown.subscription.id}` <#{shown.subscription.channel_id}> — **{shown.subscription.topic.value}**",
                _(TOPIC_MEANINGS[shown.subscription.topic]),
                _filters(shown, locale),
                _digest_brief(shown.digest, locale) if shown.digest else "",
            ]
        )
        for shown in found.subscriptions
    ]
    muted = ", ".join(inert(one.mission) for one in found.muted)
    waiting = ", ".join(f"ST-{number}" for number in found.waiting)
    lead = [
        _("🔇 Muted: {missions}", missions=muted) if muted else "",
        _("📝 Waiting for approval in the ops channel: {drafts}", drafts=waiting) if waiting else "",
    ]
    return Listing(
        lead="\n".join(line for line in lead if line),
        title=_("📣 Subscriptions"),
        entries=(*entries, *board_lines(found.boards, locale)),
        empty=_("No channel hears anything yet. `/announce subscribe` with `topic:all` starts it."),
    )


def countdown(found: Countdown, locale: Locale) -> Card:
    """An event's countdown: its date, its offsets, and what is still to come."""
    _ = locale.text
    coming = [reminder_line(upcoming, locale, named=False) for upcoming in found.upcoming]
    note = _("the default for its kind") if found.is_default else _("set for this event")
    fields = (
        Field(_("Date"), when(locale, found.when), inline=True),
        Field(_("Offsets"), f"`{format_offsets(found.offsets)}`\n*{note}*", inline=True),
        Field(
            _("Still to come"), "\n".join(coming) or _("nothing: the event has no date yet, or all of it has passed")
        ),
    )
    footer = "" if coming else _("`/mission plan` or `/mission move` gives it a date.")
    return Card(_("⏳ Countdown: {event}", event=event_title(locale, found.event)), fields=fields, footer=footer)


def reminders(found: tuple[Upcoming, ...], locale: Locale) -> Listing:
    """What is coming up."""
    _ = locale.text
    return Listing(
        title=_("⏳ Coming up"),
        entries=tuple(reminder_line(upcoming, locale, named=True) for upcoming in found),
        empty=_("No reminders are planned. They come with planned events and repair tasks."),
    )


def reminder_line(upcoming: Upcoming, locale: Locale, *, named: bool) -> str:
    """One reminder: when it is posted, and what it will be about."""
    subject = ""
    if named and upcoming.event is not None:
        subject = event_title(locale, upcoming.event)
    elif named and upcoming.task is not None:
        subject = f"RT-{upcoming.task[0]} {inert(upcoming.task[1])}"
    elif named and upcoming.report is not None:
        subject = f"DR-{upcoming.report[0]} {inert(shortened(' '.join(upcoming.report[1].split()), _SUMMARY_MAX))}"
    return f"• {brief_instant(locale, upcoming.due_at)} — " + joined([subject, _speaks_of(upcoming, locale)])


def _digest_lines(found: DigestTimes, locale: Locale) -> list[str]:
    """When it comes, and what it does on a day on which there is nothing to say."""
    _ = locale.text
    quiet = (
        N_("On a day with nothing to say it says so in one line.")
        if found.says_quiet_days
        else N_("On a day with nothing to say it is left out.")
    )
    return [
        _("Daily at **{clock}**, {zone}.", clock=shown_minute(found.minute), zone=found.zone),
        _("Next: {time}", time=instant(locale, found.due_at)),
        _(quiet),
    ]


def _digest_brief(found: DigestTimes, locale: Locale) -> str:
    _ = locale.text
    clock = _("daily at {clock}, {zone}", clock=shown_minute(found.minute), zone=found.zone)
    quiet = _("quiet days too") if found.says_quiet_days else ""
    return joined([clock, quiet, _("next {time}", time=brief_instant(locale, found.due_at))])


def _filters(shown: ShownSubscription, locale: Locale) -> str:
    _ = locale.text
    subscription = shown.subscription
    severity = _(SEVERITY_NAMES[subscription.severity]) if subscription.severity else ""
    return joined(
        [
            _("only {mission}", mission=inert(shown.mission)) if shown.mission else "",
            _("only {pad}", pad=inert(shown.pad)) if shown.pad else "",
            _("damage from {severity} up", severity=severity) if severity else "",
            _("mentions {role}", role=f"<@&{subscription.mention_role_id}>") if subscription.mention_role_id else "",
            _("in {language}", language=subscription.language) if subscription.language != "en" else "",
        ]
    )


def _speaks_of(upcoming: Upcoming, locale: Locale) -> str:
    _ = locale.text
    match upcoming.kind:
        case ReminderKind.QUESTION:
            return _("asks what happened, unless it was confirmed by then")
        case ReminderKind.OPENS:
            return opening(locale, upcoming.when)
        case ReminderKind.REPAIR_DUE:
            return _("repair due")
        case ReminderKind.REPAIR_OVERDUE:
            return _("overdue, unless it is done by then")
        case ReminderKind.UNACKNOWLEDGED:
            return _("repeated, unless somebody has taken it on by then")
        case ReminderKind.UNASSESSED:
            return _("asks for an assessment, unless there is one by then")
    mark = countdown_mark(upcoming.event.kind) if upcoming.event else ""
    return f"{mark}{format_offsets([upcoming.offset])}" if upcoming.offset > timedelta(0) else _("it is time")


def _lines(parts: list[str]) -> str:
    return capitalised("\n".join(part for part in parts if part))
