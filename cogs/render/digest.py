"""A channel's daily digest as a card: what changed as its text, what is due, open, overdue and stuck as its fields. Pure.

The rooms below add up to less than Discord takes, so that no section can push another one out.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import TypeVar

from cogs.render.card import Card, Field, Tone
from cogs.render.digest_news import SIGNS, brief, name_of, news_line
from cogs.render.room import cut
from cogs.render.words import (
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    brief_instant,
    day,
    days,
    delayed,
    event_title,
    joined,
    lines_of,
    opening,
    utc,
    when,
    when_with_distance,
)
from cogs.text import N_, Locale
from domain.damage import Severity
from domain.digest_facts import (
    DamageLine,
    DigestPosted,
    DueLine,
    Nearness,
    OverdueLine,
    ParkedLine,
    UnconfirmedLine,
)
from domain.when import Precision

L = TypeVar("L")
NEWS_ROOM = 1700
DUE_ROOM = 600
DAMAGE_ROOM = 800
SMALL_ROOM = 400


def posted(facts: DigestPosted, locale: Locale) -> Card:
    """The digest; of a quiet day one line, where the channel asked for it."""
    _ = locale.text
    title = _("🗞️ Daily digest · {day}", day=day(locale, datetime.combine(facts.day, time(), UTC)))
    late = delayed(facts.due_at, locale) if facts.delayed else ""
    since = utc(locale, facts.since)
    if facts.is_empty:
        text = _(
            "Nothing changed since {time}. Nothing is due within 7 days, and nothing is open or overdue.", time=since
        )
        return Card(title, lines_of([text, late]), tone=Tone.GOOD)
    is_grave = facts.overdue or facts.unconfirmed or facts.parked or dict(facts.damage_counts).get(Severity.CRITICAL)
    return Card(
        title,
        lines_of([_news(facts, locale), late]),
        tuple(field for field in _fields(facts, locale) if field),
        Tone.WARNING if is_grave else Tone.NEUTRAL,
    )


def _fields(facts: DigestPosted, locale: Locale) -> tuple[Field | None, ...]:
    _ = locale.text

    def due(line: DueLine, locale: Locale) -> str:
        return _due(line, facts.looked_at or facts.due_at, locale)

    return (
        _section(_("⏰ Due within 24 hours"), facts.in_a_day, facts.in_a_day_more, due, DUE_ROOM, locale),
        _section(_("📅 Due within 7 days"), facts.in_a_week, facts.in_a_week_more, due, DUE_ROOM, locale),
        _section(
            _("❔ Its time has passed, nobody said what happened"),
            facts.unconfirmed,
            facts.unconfirmed_more,
            _unconfirmed,
            SMALL_ROOM,
            locale,
        ),
        _section(_damage_title(facts, locale), facts.damage, facts.damage_more, _damage, DAMAGE_ROOM, locale),
        _section(_("⌛ Overdue repairs"), facts.overdue, facts.overdue_more, _overdue, SMALL_ROOM, locale),
        _section(
            _("📭 Parked posts: `/ops status` tries them again"),
            facts.parked,
            facts.parked_more,
            _parked,
            SMALL_ROOM,
            locale,
        ),
    )


def _section(
    name: str, lines: Sequence[L], more: int, line: Callable[[L, Locale], str], room: int, locale: Locale
) -> Field | None:
    shown = [f"• {line(one, locale)}" for one in lines]
    return Field(name, cut(shown, locale, room=room, besides=more)) if shown else None


def _news(facts: DigestPosted, locale: Locale) -> str:
    _ = locale.text
    since = utc(locale, facts.since)
    if not facts.news and not facts.unread:
        return _("Nothing changed since {time}.", time=since)
    shown = [f"• {news_line(one, locale)}" for one in facts.news]
    older = (
        locale.ngettext("{number} earlier change is left out.", "{number} earlier changes are left out.", facts.unread)
        if facts.unread
        else ""
    )
    lead = _("**Since {time}**", time=since)
    return lines_of([lead, cut(shown, locale, room=NEWS_ROOM, besides=facts.news_more) if shown else "", older])


def _due(line: DueLine, now: datetime, locale: Locale) -> str:
    """What is due, and when; of a window that opens or closes just that."""
    subject = f"**{event_title(locale, line.event)}**" if line.event else ""
    if line.task is not None:
        subject = f"**RT-{line.task.task}** {brief(line.task.title)} ({name_of(line.task.pad)})"
    return f"{subject} — {_nearness(line, now, locale)}"


def _nearness(line: DueLine, now: datetime, locale: Locale) -> str:
    stated = when(locale, line.when)
    if line.nearness is Nearness.OPENS:
        return f"{opening(locale, line.when)}: {stated}"
    if line.nearness is Nearness.CLOSES:
        return locale.text(N_("the window closes: {time}"), time=stated)
    if line.when.at is not None and line.when.precision.is_at_least(Precision.HOUR):
        return f"{stated} (<t:{int(line.when.at.timestamp())}:R>)"
    return when_with_distance(locale, line.when, now)


def _unconfirmed(line: UnconfirmedLine, locale: Locale) -> str:
    return f"**{event_title(locale, line.event)}** — {when(locale, line.when)}"


def _damage_title(facts: DigestPosted, locale: Locale) -> str:
    _ = locale.text
    counts = ", ".join(_count(severity, number, locale) for severity, number in facts.damage_counts)
    return _("🚧 Open damage: {counts}", counts=counts)


def _count(severity: Severity, number: int, locale: Locale) -> str:
    """So many reports of a severity: where a language bends the word by its number, it is one sentence with it."""
    match severity:
        case Severity.CRITICAL:
            return locale.ngettext("{number} critical", "{number} critical", number)
        case Severity.MAJOR:
            return locale.ngettext("{number} major", "{number} major", number)
    return locale.ngettext("{number} minor", "{number} minor", number)


def _damage(line: DamageLine, locale: Locale) -> str:
    _ = locale.text
    state = _(REPORT_STATE_NAMES[line.state])
    alone = "" if line.is_taken_on else _("**nobody has taken it on**")
    said = joined([_(SEVERITY_NAMES[line.severity]), state, alone])
    return f"{SIGNS[line.severity]} **DR-{line.report}** {name_of(line.pad)}: {brief(line.summary)} — {said}"


def _overdue(line: OverdueLine, locale: Locale) -> str:
    _ = locale.text
    late = _("{days} overdue", days=days(locale, line.days)) if line.days else _("overdue since today")
    task = f"**RT-{line.task.task}** {brief(line.task.title)} ({name_of(line.task.pad)})"
    return f"{task} — " + joined([_("due {time}", time=when(locale, line.due)), late])


def _parked(line: ParkedLine, locale: Locale) -> str:
    posts = locale.ngettext("{number} post", "{number} posts", line.count)
    oldest = locale.text(N_("the oldest of {time}"), time=brief_instant(locale, line.oldest_at))
    return f"<#{line.channel_id}>: " + joined([posts, oldest])
