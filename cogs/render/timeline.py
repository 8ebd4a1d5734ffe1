"""A mission's timeline in words: every event with what was first planned, what is planned now and what happened. Pure.

The words are made once, plainly, for the picture, its description and the attached text; a message shows the same with
Discord's timestamps beside exact times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.render.card import Card, Tone
from cogs.render.inert import inert
from cogs.render.words import (
    EVENT_NAMES,
    OUTCOME_NAMES,
    PHASE_NAMES,
    capitalised,
    days,
    days_away,
    duration,
    joined,
    utc,
    when,
)
from cogs.text import N_, Locale
from domain.missions import EventState, Phase
from domain.schedule import Direction
from domain.timeline import Row
from domain.when import Precision, days_between
from services.timelines import MissionTimeline

TEXT_MAX = 3800
"""Room for the lines of an embed; what does not fit goes along as a file."""
ALT_MAX = 1000
"""Discord keeps 1,024 characters of an attachment's description."""

STATE_NAMES = {
    EventState.PLANNED: N_("planned"),
    EventState.HELD: N_("on hold"),
    EventState.DONE: N_("done"),
    EventState.FAILED: N_("failed"),
    EventState.SCRUBBED: N_("scrubbed"),
    EventState.CANCELLED: N_("cancelled"),
}
_ICONS = {
    EventState.PLANNED: "🗓️",
    EventState.HELD: "✋",
    EventState.DONE: "✅",
    EventState.FAILED: "❌",
    EventState.SCRUBBED: "⛔",
    EventState.CANCELLED: "✖️",
}
_OVERDUE_ICON = "❔"
_DRIFTS = {
    Direction.SLIP: N_("later than first planned"),
    Direction.PULL_IN: N_("earlier than first planned"),
    Direction.SHARPER: N_("date now more exact"),
    Direction.COARSER: N_("date now less exact"),
}
_UNMOVED_DRIFTS = {
    Direction.SLIP: N_("later than planned"),
    Direction.PULL_IN: N_("earlier than planned"),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """The words for one event: its name, where it stands and when, and how that lies against the plan."""

    name: str
    dates: str
    details: tuple[str, ...]

    @property
    def plain(self) -> str:
        """All of it as one sentence."""
        return f"{self.name}: {joined([self.dates, *self.details])}"


def timeline(found: MissionTimeline, locale: Locale, *, pictured: bool = True) -> Card:
    """The message: every event in a line or two, as far as they fit; `fits` says whether they all do."""
    _ = locale.text
    shown, left_out = _fitting(found, locale)
    notes = []
    if left_out:
        notes.append(
            locale.ngettext(
                "{number} more event is in the attached text.",
                "{number} more events are in the attached text.",
                left_out,
            )
        )
    if not pictured:
        notes.append(_("The picture could not be drawn; the words are complete."))
    return Card(
        title=_("📅 Timeline of {mission}", mission=inert(found.mission.name)),
        text="\n".join([f"**{inert(standing(found, locale))}**", *shown, *notes]) if shown else _nothing(locale),
        tone=Tone.WARNING if any(row.overdue for row in found.timeline.rows) else Tone.NEUTRAL,
        footer=_("As of {time}", time=utc(locale, found.asked_at)),
    )


def fits(found: MissionTimeline, locale: Locale) -> bool:
    """True when the message has room for every event."""
    return not _fitting(found, locale)[1]


def written_out(found: MissionTimeline, locale: Locale) -> str:
    """The whole timeline as plain text, for a file."""
    _ = locale.text
    title = _("Timeline of {mission}", mission=found.mission.name)
    footer = _("As of {time}", time=utc(locale, found.asked_at))
    lines = [lines_of(row, found.asked_at, locale).plain for row in found.timeline.rows] or [_nothing(locale)]
    return "\n".join([title, standing(found, locale), "", *lines, "", footer, ""])


def alt_text(found: MissionTimeline, locale: Locale) -> str:
    """What a screen reader says of the picture: the same in words, as much as Discord keeps."""
    _ = locale.text
    said = _("Timeline of {mission}", mission=found.mission.name) + f" ({standing(found, locale)})."
    for row in found.timeline.rows:
        line = f" {capitalised(lines_of(row, found.asked_at, locale).plain)}."
        if len(said) + len(line) > ALT_MAX:
            return said + _(" More in the text of this message.")
        said += line
    return said


def standing(found: MissionTimeline, locale: Locale) -> str:
    """Phase, outcome and elapsed time, without signs: "docked · MET 34 d 14 h 32 m"."""
    phase = locale.text(PHASE_NAMES[found.phase])
    words = phase[next((place for place, sign in enumerate(phase) if sign.isalnum()), 0) :]
    outcome = found.mission.outcome
    if outcome is not None and found.phase is Phase.ENDED:
        words = f"{words} ({locale.text(OUTCOME_NAMES[outcome])})"
    met = "" if found.elapsed is None else locale.text(N_("MET {span}"), span=duration(locale, found.elapsed))
    return joined([words, met])


def lines_of(row: Row, now: datetime, locale: Locale) -> Lines:
    """One event in plain words. Names are as they were typed: whoever puts them into a message makes them inert."""
    details = (*_plans(row, locale), _against(row, locale), _unsaid(row, locale))
    return Lines(_name(row, locale), _dates(row, now, locale), tuple(part for part in details if part))


def _nothing(locale: Locale) -> str:
    return locale.text(N_("Nothing is planned yet. Add the first event with `/mission plan`."))


def _fitting(found: MissionTimeline, locale: Locale) -> tuple[list[str], int]:
    """The lines that a message has room for, and how many events are left out."""
    shown: list[str] = []
    size = 0
    for number, row in enumerate(found.timeline.rows):
        line = _marked(row, found.asked_at, locale)
        size += len(line) + 1
        if size > TEXT_MAX:
            return shown, len(found.timeline.rows) - number
        shown.append(line)
    return shown, 0


def _marked(row: Row, now: datetime, locale: Locale) -> str:
    """One event as a message shows it: its state as a sign and in words, with Discord's timestamp beside an exact time."""
    lines = lines_of(row, now, locale)
    icon = _OVERDUE_ICON if row.overdue else _ICONS[row.state]
    at = row.event.time.at
    exact = at is not None and row.event.time.precision.is_at_least(Precision.HOUR)
    stamp = f" · <t:{int(at.timestamp())}:f>" if at is not None and exact else ""
    details = f"\n↳ {joined(lines.details)}" if lines.details else ""
    return f"{icon} **{inert(capitalised(lines.name))}** — {lines.dates}{stamp}{details}"


def _name(row: Row, locale: Locale) -> str:
    name = row.event.name or locale.text(EVENT_NAMES[row.event.kind])
    if row.event.attempt == 1:
        return name
    return locale.text(N_("{event}, attempt {number}"), event=name, number=row.event.attempt)


def _dates(row: Row, now: datetime, locale: Locale) -> str:
    """State and the time that counts, and how far away it is: "planned · 27 Jul 2026 · in 242 days"."""
    _ = locale.text
    state = _(STATE_NAMES[row.state])
    if row.actual_at is not None:
        return joined([state, utc(locale, row.actual_at)])
    if not row.state.is_open:
        was = _("was planned for {time}", time=when(locale, row.current)) if row.current is not None else ""
        return joined([state, was])
    current = row.current
    distance = ""
    if current is not None and current.at is not None and current.precision.is_at_least(Precision.DAY):
        distance = "" if current.no_earlier_than else days_away(locale, days_between(now, current.at))
    return joined([state, when(locale, current), distance])


def _plans(row: Row, locale: Locale) -> tuple[str, ...]:
    """The plan of what happened, and the first plan of what was moved; nothing that was said already."""
    _ = locale.text
    parts = []
    as_planned = row.drift is not None and row.drift.span == timedelta(0) and not row.was_moved
    if row.actual_at is not None and row.current is not None and row.current.is_known and not as_planned:
        parts.append(_("planned for {time}", time=when(locale, row.current)))
    if row.was_moved and row.original is not None and row.original.is_known:
        parts.append(_("first planned for {time}", time=when(locale, row.original)))
    return tuple(parts)


def _unsaid(row: Row, locale: Locale) -> str:
    return locale.text(N_("its time has passed and nobody has said what happened")) if row.overdue else ""


def _against(row: Row, locale: Locale) -> str:
    """How it lies against the first plan: by how much where the dates say, otherwise which way."""
    _ = locale.text
    drift = row.drift
    if drift is None or drift.direction in {Direction.LOST_DATE, Direction.SET}:
        return ""
    if drift.span is not None and abs(drift.span) < timedelta(days=1):
        return _by_span(drift.span, locale, moved=row.was_moved)
    if drift.days:
        return _by_days(drift.days, locale, moved=row.was_moved, at_least=drift.at_least)
    if row.actual_at is None:
        return _(_DRIFTS[drift.direction])
    if drift.direction in {Direction.SHARPER, Direction.COARSER}:
        return _("within the time first planned") if row.was_moved else _("within the time planned")
    return _(_DRIFTS[drift.direction] if row.was_moved else _UNMOVED_DRIFTS[drift.direction])


def _by_span(span: timedelta, locale: Locale, *, moved: bool) -> str:
    """Minutes and hours against an exact plan."""
    _ = locale.text
    if not span:
        return _("exactly as first planned") if moved else _("exactly as planned")
    return _measured(duration(locale, span), locale, late=span > timedelta(0), moved=moved)


def _by_days(number: int, locale: Locale, *, moved: bool, at_least: bool) -> str:
    """Whole days."""
    much = days(locale, abs(number))
    if at_least and number > 0:
        return locale.text(N_("at least {span} later than first planned"), span=much)
    return _measured(much, locale, late=number > 0, moved=moved)


def _measured(much: str, locale: Locale, *, late: bool, moved: bool) -> str:
    _ = locale.text
    if moved:
        words = N_("{span} later than first planned") if late else N_("{span} earlier than first planned")
    else:
        words = N_("{span} later than planned") if late else N_("{span} earlier than planned")
    return _(words, span=much)
