"""A channel's daily digest as a card: what changed as its text, what is due, open, overdue and stuck as its fields. Pure.

The rooms below add up to less than Discord takes, so that no section can push another one out.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import TypeVar

from cogs.render.card import Card, Field, Tone
from cogs.render.inert import inert, shortened
from cogs.render.room import cut
from cogs.render.words import (
    CLEARANCE_NAMES,
    PHASE_NAMES,
    REPORT_STATE_NAMES,
    SEVERITY_NAMES,
    TASK_STATE_NAMES,
    brief_instant,
    capitalised,
    day,
    days,
    delayed,
    event_name,
    event_title,
    joined,
    lines_of,
    opening,
    pad_standing,
    utc,
    when,
    when_with_distance,
)
from cogs.text import N_, Locale
from domain.damage import ReportState, Severity
from domain.digest_facts import (
    CrewMove,
    DamageLine,
    DigestPosted,
    DueLine,
    EventTurned,
    MissionNews,
    Nearness,
    News,
    OverdueLine,
    PadNews,
    ParkedLine,
    RepairNews,
    ReportNews,
    StatementNews,
    UnconfirmedLine,
)
from domain.missions import EventState
from domain.pads import Lifecycle
from domain.when import Precision

L = TypeVar("L")
NEWS_ROOM = 1700
LINE_ROOM = 420
DUE_ROOM = 600
DAMAGE_ROOM = 800
SMALL_ROOM = 400
_NAME_MAX = 60
_SUMMARY_MAX = 90
_TURNED = {
    EventState.PLANNED: N_("{event} is planned again"),
    EventState.HELD: N_("✋ {event} on hold"),
    EventState.DONE: N_("{event} done {time}"),
    EventState.FAILED: N_("❌ {event} failed"),
    EventState.SCRUBBED: N_("⛔ {event} scrubbed"),
    EventState.CANCELLED: N_("{event} no longer planned"),
}
_CREW = {
    CrewMove.FLIES: N_("{person} flies"),
    CrewMove.COMES_DOWN: N_("{person} comes down with it"),
    CrewMove.LEFT: N_("{person} no longer flies"),
    CrewMove.NOT_DOWN: N_("{person} no longer comes down with it"),
}
_SIGNS = {Severity.CRITICAL: "🔴", Severity.MAJOR: "🟠", Severity.MINOR: "🟢"}


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
        return _due(line, facts.due_at, locale)

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
    shown = [f"• {_news_line(one, locale)}" for one in facts.news]
    older = _("Changes further back than the newest thousands are left out.") if facts.unread else ""
    lead = _("**Since {time}**", time=since)
    return lines_of([lead, cut(shown, locale, room=NEWS_ROOM, besides=facts.news_more) if shown else "", older])


def _news_line(one: News, locale: Locale) -> str:
    match one:
        case MissionNews():
            return _mission(one, locale)
        case PadNews():
            return _pad(one, locale)
        case ReportNews():
            return _report(one, locale)
        case RepairNews():
            return _repair(one, locale)
        case StatementNews():
            return _statement(one, locale)


def _mission(one: MissionNews, locale: Locale) -> str:
    _ = locale.text
    parts = [
        _("🆕 entered") if one.is_new else "",
        *(_turned(turned, locale) for turned in one.turned),
        *(
            _("{event} **{after}**", event=event_name(locale, change.event), after=when(locale, change.after))
            if change.before is None
            else _(
                "{event} {before} → **{after}**",
                event=event_name(locale, change.event),
                before=when(locale, change.before),
                after=when(locale, change.after),
            )
            for change in one.dates
        ),
        _(PHASE_NAMES[one.phase]) if one.phase else "",
        _(CLEARANCE_NAMES[one.clearance]) if one.clearance else "",
        *(_(_CREW[move], person=inert(person)) for person, move in one.crew),
    ]
    said = cut([part for part in parts if part], locale, room=LINE_ROOM, between=" · ")
    return f"**{_name(one.mission)}** — {said}"


def _turned(one: EventTurned, locale: Locale) -> str:
    at = utc(locale, one.at) if one.at else ""
    return locale.text(_TURNED[one.state], event=event_name(locale, one.event), time=at).strip()


def _pad(one: PadNews, locale: Locale) -> str:
    now = pad_standing(locale, one.lifecycle, one.after)
    if one.before is None:
        return locale.text(N_("**{pad}** — 🆕 entered · {status}"), pad=_name(one.pad), status=now)
    before = pad_standing(locale, Lifecycle.ACTIVE, one.before)
    return f"**{_name(one.pad)}** — " + (now if before == now else f"{before} → **{now}**")


def _report(one: ReportNews, locale: Locale) -> str:
    _ = locale.text
    severity, state = _(SEVERITY_NAMES[one.severity]), _(REPORT_STATE_NAMES[one.state])
    if one.severity_before not in {None, one.severity}:
        severity = f"{_(SEVERITY_NAMES[one.severity_before])} → **{severity}**" if one.severity_before else severity
    if one.state_before not in {None, one.state}:
        state = f"{_(REPORT_STATE_NAMES[one.state_before])} → **{state}**" if one.state_before else state
    parts = [
        _("🆕 reported") if one.state_before is None else "",
        f"{_SIGNS[one.severity]} {severity}",
        "" if one.state_before is None and one.state is ReportState.REPORTED else state,
        _("taken on") if one.was_taken_on else "",
    ]
    return f"**DR-{one.report}** {_name(one.pad)}: {_summary(one.summary)} — {joined(parts)}"


def _repair(one: RepairNews, locale: Locale) -> str:
    _ = locale.text
    state = _(TASK_STATE_NAMES[one.state])
    if one.state_before not in {None, one.state}:
        state = f"{_(TASK_STATE_NAMES[one.state_before])} → **{state}**" if one.state_before else state
    due = ""
    if one.due != one.due_before:
        due = _("due {before} → **{after}**", before=when(locale, one.due_before), after=when(locale, one.due))
    elif one.state_before is None and one.due is not None:
        due = _("due {time}", time=when(locale, one.due))
    parts = [
        _("🆕 planned") if one.state_before is None else state,
        f"{one.progress_before} % → {one.progress} %" if one.progress != one.progress_before else "",
        due,
    ]
    return f"**RT-{one.task}** {_summary(one.title)} ({_name(one.pad)}) — {joined(parts)}"


def _statement(one: StatementNews, locale: Locale) -> str:
    text = inert(shortened(one.text, _SUMMARY_MAX))
    if one.corrects is None:
        return f"**ST-{one.number}** “{text}”"
    return locale.text(N_("**ST-{number}** corrected: “{text}”"), number=one.corrects, text=text)


def _due(line: DueLine, now: datetime, locale: Locale) -> str:
    """What is due, and when; of a window that opens or closes just that."""
    subject = event_title(locale, line.event) if line.event else ""
    if line.task is not None:
        subject = f"RT-{line.task.task} {_summary(line.task.title)} ({_name(line.task.pad)})"
    return f"**{subject}** — {_nearness(line, now, locale)}"


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
    counts = ", ".join(f"{number} {_(SEVERITY_NAMES[severity])}" for severity, number in facts.damage_counts)
    return _("🚧 Open damage: {counts}", counts=counts)


def _damage(line: DamageLine, locale: Locale) -> str:
    _ = locale.text
    state = _(REPORT_STATE_NAMES[line.state])
    alone = "" if line.is_taken_on else _("**nobody has taken it on**")
    said = joined([_(SEVERITY_NAMES[line.severity]), state, alone])
    return f"{_SIGNS[line.severity]} **DR-{line.report}** {_name(line.pad)}: {_summary(line.summary)} — {said}"


def _overdue(line: OverdueLine, locale: Locale) -> str:
    _ = locale.text
    late = _("{days} overdue", days=days(locale, line.days)) if line.days else _("overdue since today")
    task = f"**RT-{line.task.task}** {_summary(line.task.title)} ({_name(line.task.pad)})"
    return f"{task} — " + joined([_("due {time}", time=when(locale, line.due)), late])


def _parked(line: ParkedLine, locale: Locale) -> str:
    posts = locale.ngettext("{number} post", "{number} posts", line.count)
    oldest = locale.text(N_("the oldest of {time}"), time=brief_instant(locale, line.oldest_at))
    return f"<#{line.channel_id}>: " + joined([posts, oldest])


def _name(text: str) -> str:
    return inert(shortened(text, _NAME_MAX))


def _summary(text: str) -> str:
    return capitalised(inert(shortened(" ".join(text.split()), _SUMMARY_MAX)))
