"""Reminders that members set themselves: the posts, and the answers about them. Pure."""

from datetime import UTC, datetime

from cogs.render.card import Button, Card, Field, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import day, delayed, instant, joined, lines_of
from cogs.text import N_, Locale
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.member_reminders import MemberReminder, Snooze, Where, zone_by_name
from domain.recurrence import Repeat
from services.member_reminders import MemberZone, ReminderSet

CANCEL = "cancelreminder"
SNOOZE = "snooze"
SNOOZE_OWN = "snoozeown"
STOP_OWN = "stopown"
STOP = "stopreminder"
SHOW = "showreminder"
_LINE_MAX = 100
REPEAT_NAMES = {
    Repeat.DAILY: N_("every day"),
    Repeat.WEEKDAYS: N_("Monday to Friday"),
    Repeat.WEEKLY: N_("every week"),
    Repeat.MONTHLY: N_("every month"),
}
_SNOOZE_LABELS = {
    Snooze.TEN_MINUTES: N_("In 10 minutes"),
    Snooze.HOUR: N_("In 1 hour"),
    Snooze.MORNING: N_("Tomorrow morning"),
}


def reminded(facts: MemberReminded, locale: Locale) -> Card:
    """The post of MemberReminded, with buttons to put it off."""
    _ = locale.text
    again = ""
    if facts.repeat is not None and facts.next_at is not None:
        again = _(
            "It comes {repeat}; next {time}.", repeat=_(REPEAT_NAMES[facts.repeat]), time=instant(locale, facts.next_at)
        )
    lines = [
        inert(facts.text),
        "",
        _("Set by <@{member}>.", member=facts.author_id)
        if facts.where is Where.HERE
        else _set_in(facts.channel_id, locale),
        again,
        delayed(facts.due_at, locale) if facts.delayed else "",
    ]
    argument = f"{facts.workspace_id}:{facts.number}" if facts.is_private else str(facts.number)
    buttons = _snoozes(SNOOZE_OWN if facts.is_private else SNOOZE, argument, locale)
    if facts.is_private and facts.repeat is not None:
        # In direct messages there are no commands, and who has left the server has no others.
        buttons += (Button(_("Stop repeating"), STOP_OWN, argument),)
    return Card(_("⏰ Reminder"), _spaced(lines), footer=f"RM-{facts.number}", buttons=buttons)


def undelivered(facts: ReminderUndelivered, locale: Locale) -> Card:
    """The post of ReminderUndelivered: that it was due, and not what it says."""
    _ = locale.text
    text = _(
        "<@{member}>, RM-{number} was due {time} and I could not reach you by direct message. What it says stays between us: press "
        "**Show it to me**. So that the next one reaches you, allow direct messages from members of this server.",
        member=facts.author_id,
        number=facts.number,
        time=instant(locale, facts.due_at),
    )
    buttons = [Button(_("Show it to me"), SHOW, str(facts.number))]
    if facts.repeats:
        buttons.append(Button(_("Stop repeating"), STOP, str(facts.number)))
    return Card(_("📪 A reminder could not be delivered"), text, tone=Tone.WARNING, buttons=tuple(buttons))


def was_set(done: ReminderSet, locale: Locale) -> Card:
    """The receipt of `/remind me` and `/remind here`: what was understood, and a way back."""
    _ = locale.text
    reminder = done.reminder
    is_private = reminder.where is Where.ME
    lines = [
        _when(done, locale),
        _repeats(reminder, locale),
        _("It comes to you by direct message.")
        if is_private
        else _("It comes in this channel, and pings only the member who set it."),
    ]
    title = N_("✅ {reminder}: I will remind you") if is_private else N_("✅ {reminder}: I will remind this channel")
    button = Button(_("Cancel this reminder"), CANCEL, reminder.label)
    fields = (Field(_("Reminder"), inert(reminder.text)),)
    return Card(_(title, reminder=reminder.label), lines_of(lines), fields, Tone.GOOD, buttons=(button,))


def snoozed(done: ReminderSet, locale: Locale) -> Card:
    """The answer to a button that puts a reminder off."""
    _ = locale.text
    title = _("💤 {reminder} comes again", reminder=done.reminder.label)
    return Card(title, lines_of([_when(done, locale), _ends(done.reminder, locale)]), tone=Tone.GOOD)


def _ends(reminder: MemberReminder, locale: Locale) -> str:
    """How a reminder that was put off is ended: in direct messages, where there are no commands, by the buttons above."""
    _ = locale.text
    if reminder.where is Where.ME:
        return ""
    if reminder.repeat is None:
        return _("`/remind cancel` with `reminder:{reminder}` ends it.", reminder=reminder.label)
    return _("`/remind cancel` with `reminder:{reminder}` ends the whole series.", reminder=reminder.label)


def cancelled(done: ReminderSet, locale: Locale) -> Card:
    """The receipt of `/remind cancel`."""
    _ = locale.text
    reminder = done.reminder
    text = lines_of([inert(reminder.text), _repeats(reminder, locale)])
    return Card(_("✅ {reminder} is cancelled", reminder=reminder.label), text, tone=Tone.GOOD)


def stopped(done: ReminderSet, locale: Locale) -> Card:
    """The answer to whoever ended a private reminder that may be another's: what it said stays private."""
    return Card(locale.text(N_("✅ {reminder} is cancelled"), reminder=done.reminder.label), tone=Tone.GOOD)


def shown(found: ReminderSet, locale: Locale) -> Card:
    """A private reminder that did not reach its member, shown to them alone."""
    _ = locale.text
    lines = [
        inert(found.reminder.text),
        "",
        _set_in(found.reminder.channel_id, locale),
        _repeats(found.reminder, locale),
    ]
    return Card(_("⏰ Reminder"), _spaced(lines), footer=found.reminder.label)


def zone(found: MemberZone, locale: Locale) -> Card:
    """A member's zone, and what it is good for."""
    _ = locale.text
    if found.zone is None:
        lines = [
            _(
                "I don't know your time zone yet, and will ask when a reminder needs it. This server's zone is {zone}.",
                zone=found.workspace_zone,
            ),
            _("`/remind zone` with `timezone:` sets yours."),
        ]
        return Card(_("🕐 Your time zone"), lines_of(lines))
    text = lines_of(
        [
            f"**{found.zone}**",
            _("Times you give to `/remind` are meant there. Reminders you have set already keep theirs."),
        ]
    )
    return Card(_("🕐 Your time zone"), text, tone=Tone.GOOD)


def line(reminder: MemberReminder, locale: Locale, *, is_snoozed: bool) -> str:
    """A reminder in the list of what is coming up: its number, what it says, and who sees it."""
    _ = locale.text
    said = inert(shortened(" ".join(reminder.text.split()), _LINE_MAX))
    sees = _("🔒 only you") if reminder.where is Where.ME else _("in <#{channel}>", channel=reminder.channel_id)
    how = _("put off") if is_snoozed else ""
    repeat = _(REPEAT_NAMES[reminder.repeat]) if reminder.repeat is not None and not is_snoozed else ""
    return joined([f"**{reminder.label}** {said}", how, repeat, sees])


def _when(done: ReminderSet, locale: Locale) -> str:
    """The instant, and what the clock shows then in the reminder's zone."""
    if done.due_at is None:
        return ""
    local = done.due_at.astimezone(zone_by_name(done.reminder.zone))
    _ = locale.text
    here = _(
        "{day} {clock} in {zone}", day=day(locale, _as_written(local)), clock=f"{local:%H:%M}", zone=done.reminder.zone
    )
    return lines_of([f"**{instant(locale, done.due_at)}**", here if _tells_zone(done.reminder) else ""])


def _tells_zone(reminder: MemberReminder) -> bool:
    """What is said of a channel's reminder the whole channel may read: where its member lives is theirs."""
    return reminder.where is Where.ME and reminder.zone != "UTC"


def _as_written(local: datetime) -> datetime:
    """A local day as the same day of UTC, in which days are worded."""
    return local.replace(tzinfo=UTC)


def _repeats(reminder: MemberReminder, locale: Locale) -> str:
    _ = locale.text
    if reminder.repeat is None:
        return ""
    if reminder.where is Where.HERE:
        return _(
            "It comes {repeat}, at the same time of day whatever the clocks do.",
            repeat=_(REPEAT_NAMES[reminder.repeat]),
        )
    return _(
        "It comes {repeat} at {clock} in {zone}, whatever the clocks there do.",
        repeat=_(REPEAT_NAMES[reminder.repeat]),
        clock=f"{reminder.anchor:%H:%M}",
        zone=reminder.zone,
    )


def _set_in(channel_id: int, locale: Locale) -> str:
    _ = locale.text
    return _("Set in <#{channel}>; only you see this.", channel=channel_id)


def _snoozes(action: str, argument: str, locale: Locale) -> tuple[Button, ...]:
    return tuple(
        Button(locale.text(label), action, f"{argument}:{snooze.value}") for snooze, label in _SNOOZE_LABELS.items()
    )


def _spaced(lines: list[str]) -> str:
    """What is reminded of, set off from what is said about it."""
    said, _blank, *about = lines
    return "\n\n".join(part for part in (said, lines_of(about)) if part)
