"""Subscriptions, countdowns and the bot's own state. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from cogs.render.card import Card, Field, Listing, Tone
from cogs.render.errors import CAPABILITY_NAMES
from cogs.render.inert import inert
from cogs.render.words import (
    SEVERITY_NAMES,
    brief_instant,
    capitalised,
    countdown_mark,
    event_title,
    instant,
    joined,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.announcements import Topic
from domain.capabilities import Capability
from domain.countdown import ReminderKind, format_offsets
from domain.delivery import DeliveryState
from services.announcements import ShownSubscription
from services.countdowns import Countdown, Upcoming
from services.operations import Granted, HouseStatus
from storage.workspaces import Workspace

TOPIC_MEANINGS = {
    Topic.LAUNCH: N_("launches: planned, moved, done, not confirmed"),
    Topic.DOCKING: N_("dockings, relocations, stations and ports"),
    Topic.RETURN: N_("undockings, landings and deorbits"),
    Topic.SCHEDULE: N_("every plan and every move of every date"),
    Topic.CREW: N_("who flies on what"),
    Topic.EVA: N_("spacewalks"),
    Topic.PAD: N_("pads and damage"),
    Topic.REPAIR: N_("repair tasks: planned, progress, done, due"),
    Topic.COUNTDOWN: N_("countdowns to planned events"),
    Topic.STATEMENT: N_("statements that were approved"),
    Topic.DIGEST: N_("the daily digest"),
    Topic.ALL: N_("everything"),
}
_DELIVERY_NAMES = {
    DeliveryState.PENDING: N_("waiting"),
    DeliveryState.SENDING: N_("being sent"),
    DeliveryState.SENT: N_("sent"),
    DeliveryState.DELIVERED_DELETED: N_("sent, then deleted by someone"),
    DeliveryState.PARKED: N_("parked"),
    DeliveryState.EXPIRED: N_("expired"),
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
    if subscription.topic in {Topic.STATEMENT, Topic.DIGEST}:
        lines.append(_("Nothing is posted under this topic in this version yet."))
    return Card(_("✅ Subscribed: {topic}", topic=subscription.topic.value), _lines(lines), tone=Tone.GOOD)


def subscriptions(found: tuple[ShownSubscription, ...], locale: Locale) -> Listing:
    """Every subscription."""
    _ = locale.text
    entries = [
        joined(
            [
                f"<#{shown.subscription.channel_id}> — **{shown.subscription.topic.value}**",
                _(TOPIC_MEANINGS[shown.subscription.topic]),
                _filters(shown, locale),
            ]
        )
        for shown in found
    ]
    return Listing(
        title=_("📣 Subscriptions"),
        entries=tuple(entries),
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
    return f"• {brief_instant(locale, upcoming.due_at)} — " + joined([subject, _speaks_of(upcoming, locale)])


def set_up(done: Workspace, locale: Locale) -> Card:
    """The receipt of `/ops setup`, with the next steps."""
    _ = locale.text
    fields = (
        Field(_("Ops channel"), f"<#{done.ops_channel_id}>", inline=True),
        Field(_("Time zone"), done.zone, inline=True),
        Field(_("Morning"), f"{done.morning_hour:02d}:00", inline=True),
    )
    steps = (
        _("`/ops grant` gives a role `operate` (missions, crew, docking) or `pad` (damage, repairs)."),
        _("`/announce subscribe` lets a channel hear what changes and what is due."),
        _("`/mission create`, `/pad add` and `/docking station` enter what you work with."),
    )
    text = _("I report about myself in the ops channel. Next:") + "\n" + "\n".join(f"• {step}" for step in steps)
    return Card(_("✅ This server is set up"), text, fields, Tone.GOOD)


def granted(done: Granted, locale: Locale, names: Mapping[int, str]) -> Card:
    """The receipt of `/ops grant`. `names` are the server's roles by id."""
    _ = locale.text
    roles = _roles(done.role_ids, names)
    text = _(
        "**{capability}** is now held by {roles}. Members with Manage Server hold everything but medical.",
        capability=_(CAPABILITY_NAMES[done.capability]),
        roles=roles,
    )
    if done.capability is Capability.READ:
        text += "\n" + _("Reading is now open to these roles only.")
    return Card(_("✅ Granted: {capability}", capability=done.capability.value), text, tone=Tone.GOOD)


def house(found: HouseStatus, locale: Locale, names: Mapping[int, str]) -> Card:
    """How the bot is. `names` are the server's roles by id."""
    _ = locale.text
    waiting = found.deliveries.get(DeliveryState.PENDING, 0) + found.deliveries.get(DeliveryState.SENDING, 0)
    parked = found.deliveries.get(DeliveryState.PARKED, 0)
    counts = [
        f"{_(_DELIVERY_NAMES[state])}: {found.deliveries[state]}"
        for state in DeliveryState
        if state in found.deliveries
    ]
    grants = [
        f"{_(CAPABILITY_NAMES[capability])}: {_roles(role_ids, names)}" for capability, role_ids in found.grants.items()
    ]
    fields = (
        Field(_("Posts"), "\n".join(counts) or _("none yet")),
        Field(
            _("Next reminder"),
            instant(locale, found.next_reminder_at) if found.next_reminder_at else _("none planned"),
        ),
        Field(
            _("Who may do what"),
            "\n".join(grants) or _("Nobody but members with Manage Server: `/ops grant` changes that."),
        ),
        Field(_("Ops channel"), f"<#{found.workspace.ops_channel_id}>", inline=True),
        Field(
            _("Time zone and morning"), f"{found.workspace.zone}, {found.workspace.morning_hour:02d}:00", inline=True
        ),
        Field(_("Journal"), locale.ngettext("{number} entry", "{number} entries", found.journal_entries), inline=True),
    )
    title, tone = _("🟢 Gantry is working"), Tone.GOOD
    if parked:
        title, tone = _("🟠 Some posts are parked"), Tone.WARNING
    elif waiting:
        title = _("🟢 Gantry is working, some posts are on their way")
    return Card(title, fields=fields, tone=tone, footer=_("As of {time}", time=utc(locale, found.asked_at)))


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


def _roles(role_ids: Iterable[int], names: Mapping[int, str]) -> str:
    """Roles by name; by Discord's mention where the server no longer has the role."""
    return ", ".join(f"**{inert(names[role])}**" if role in names else f"<@&{role}>" for role in role_ids)


def _speaks_of(upcoming: Upcoming, locale: Locale) -> str:
    _ = locale.text
    match upcoming.kind:
        case ReminderKind.QUESTION:
            return _("asks what happened, unless it was confirmed by then")
        case ReminderKind.OPENS:
            return _("the window opens")
        case ReminderKind.REPAIR_DUE:
            return _("repair due")
        case ReminderKind.REPAIR_OVERDUE:
            return _("overdue, unless it is done by then")
    mark = countdown_mark(upcoming.event.kind) if upcoming.event else ""
    return f"{mark}{format_offsets([upcoming.offset])}" if upcoming.offset > timedelta(0) else _("it is time")


def _lines(parts: list[str]) -> str:
    return capitalised("\n".join(part for part in parts if part))
