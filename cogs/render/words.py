"""The house's vocabulary in the reader's language: times, durations, kinds, states. Shared by all renderers.

A time is shown as exactly as it is known and no more. An instant shows UTC and, beside it, Discord's own timestamp, which each
reader sees in their own zone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cogs.render.inert import inert
from cogs.text import N_, Locale
from domain.assessments import Confidence
from domain.damage import ReportState, Severity
from domain.digest_facts import NamedEvent
from domain.facts import EventRef
from domain.inspections import InspectionResult
from domain.materials import MaterialState
from domain.missions import Clearance, Event, EventKind, EventState, MissionKind, Outcome, Phase
from domain.pads import Lifecycle, PadStatus
from domain.repairs import TaskState
from domain.schedule import Direction
from domain.sources import Tier
from domain.when import Precision, When, days_between

# A language may bend a month's name by what stands around it ("27 июля", "не ранее июля", "июль"), so each use has its own.
_DAYS = (
    N_("{day} Jan {year}"), N_("{day} Feb {year}"), N_("{day} Mar {year}"), N_("{day} Apr {year}"),
    N_("{day} May {year}"), N_("{day} Jun {year}"), N_("{day} Jul {year}"), N_("{day} Aug {year}"),
    N_("{day} Sep {year}"), N_("{day} Oct {year}"), N_("{day} Nov {year}"), N_("{day} Dec {year}"),
)  # fmt: skip
_DAYS_OF_MONTH = (
    N_("{day} Jan"), N_("{day} Feb"), N_("{day} Mar"), N_("{day} Apr"), N_("{day} May"), N_("{day} Jun"),
    N_("{day} Jul"), N_("{day} Aug"), N_("{day} Sep"), N_("{day} Oct"), N_("{day} Nov"), N_("{day} Dec"),
)  # fmt: skip
_SHORT_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
_MONTHS = (
    N_("January {year}"), N_("February {year}"), N_("March {year}"), N_("April {year}"),
    N_("May {year}"), N_("June {year}"), N_("July {year}"), N_("August {year}"),
    N_("September {year}"), N_("October {year}"), N_("November {year}"), N_("December {year}"),
)  # fmt: skip
_FROM_MONTHS = (
    N_("no earlier than January {year}"), N_("no earlier than February {year}"),
    N_("no earlier than March {year}"), N_("no earlier than April {year}"),
    N_("no earlier than May {year}"), N_("no earlier than June {year}"),
    N_("no earlier than July {year}"), N_("no earlier than August {year}"),
    N_("no earlier than September {year}"), N_("no earlier than October {year}"),
    N_("no earlier than November {year}"), N_("no earlier than December {year}"),
)  # fmt: skip
_QUARTERS = (N_("Q1 {year}"), N_("Q2 {year}"), N_("Q3 {year}"), N_("Q4 {year}"))
_FROM_QUARTERS = (
    N_("no earlier than Q1 {year}"), N_("no earlier than Q2 {year}"),
    N_("no earlier than Q3 {year}"), N_("no earlier than Q4 {year}"),
)  # fmt: skip
EVENT_NAMES = {
    EventKind.LAUNCH: N_("launch"),
    EventKind.DOCKING: N_("docking"),
    EventKind.RELOCATION: N_("relocation"),
    EventKind.EVA: N_("spacewalk (EVA)"),
    EventKind.MILESTONE: N_("milestone"),
    EventKind.UNDOCKING: N_("undocking"),
    EventKind.LANDING: N_("landing"),
    EventKind.DEORBIT: N_("deorbit"),
}
EVENT_STATE_NAMES = {
    EventState.PLANNED: N_("planned"),
    EventState.HELD: N_("on hold"),
    EventState.DONE: N_("done"),
    EventState.FAILED: N_("failed"),
    EventState.SCRUBBED: N_("scrubbed"),
    EventState.CANCELLED: N_("cancelled"),
}
PHASE_NAMES = {
    Phase.PLANNED: N_("🗓️ planned"),
    Phase.ON_HOLD: N_("✋ on hold"),
    Phase.IN_FLIGHT: N_("🚀 in flight"),
    Phase.DOCKED: N_("🛰️ docked"),
    Phase.FREE_FLIGHT: N_("🚀 free flight"),
    Phase.ENDED: N_("🏁 ended"),
    Phase.SCRUBBED: N_("⛔ scrubbed"),
    Phase.CANCELLED: N_("✖️ cancelled"),
}
PAD_STATUS_NAMES = {
    PadStatus.OPERATIONAL: N_("🟢 operational"),
    PadStatus.RESTRICTED: N_("🟠 restricted"),
    PadStatus.OUT_OF_SERVICE: N_("🔴 out of service"),
}
SEVERITY_NAMES = {
    Severity.MINOR: N_("minor"),
    Severity.MAJOR: N_("major"),
    Severity.CRITICAL: N_("critical"),
}
REPORT_STATE_NAMES = {
    ReportState.REPORTED: N_("reported, not confirmed"),
    ReportState.CONFIRMED: N_("confirmed"),
    ReportState.IN_REPAIR: N_("in repair"),
    ReportState.REPAIRED: N_("repaired"),
    ReportState.CLOSED: N_("closed"),
    ReportState.REJECTED: N_("rejected"),
}
TASK_STATE_NAMES = {
    TaskState.PLANNED: N_("planned"),
    TaskState.IN_WORK: N_("in work"),
    TaskState.BLOCKED: N_("blocked"),
    TaskState.DONE: N_("done"),
    TaskState.VERIFIED: N_("verified"),
    TaskState.CANCELLED: N_("cancelled"),
}
MATERIAL_STATE_NAMES = {
    MaterialState.NEEDED: N_("needed, not ordered"),
    MaterialState.ON_ORDER: N_("on order"),
    MaterialState.ON_HAND: N_("on hand"),
    MaterialState.NOT_NEEDED: N_("not needed"),
}
MISSION_KIND_NAMES = {
    MissionKind.CREW: N_("crew"),
    MissionKind.CARGO: N_("cargo"),
    MissionKind.OTHER: N_("other"),
}
LIFECYCLE_NAMES = {
    Lifecycle.BUILDING: N_("being built"),
    Lifecycle.ACTIVE: N_("active"),
    Lifecycle.RETIRED: N_("retired"),
}
OUTCOME_NAMES = {
    Outcome.NOMINAL: N_("nominal"),
    Outcome.PARTIAL: N_("partial success"),
    Outcome.ABORTED: N_("aborted"),
    Outcome.LOST: N_("lost"),
}
CLEARANCE_NAMES = {
    Clearance.CLEARED: N_("cleared to bring its crew down"),
    Clearance.EMERGENCY_ONLY: N_("for emergency return only"),
    Clearance.NOT_CLEARED: N_("not cleared to bring its crew down"),
}
TIER_NAMES = {
    Tier.OFFICIAL: N_("official"),
    Tier.INSPECTION: N_("inspection"),
    Tier.INDEPENDENT: N_("independent"),
    Tier.MEDIA: N_("media"),
    Tier.UNVERIFIED: N_("unverified"),
}
CONFIDENCE_NAMES = {
    Confidence.LOW: N_("low confidence"),
    Confidence.MEDIUM: N_("medium confidence"),
    Confidence.HIGH: N_("high confidence"),
}
INSPECTION_NAMES = {
    InspectionResult.PASSED: N_("inspection passed"),
    InspectionResult.FAILED: N_("inspection failed"),
}
DIRECTION_NAMES = {
    Direction.SET: N_("date set"),
    Direction.SLIP: N_("slipped"),
    Direction.PULL_IN: N_("pulled in"),
    Direction.SHARPER: N_("date now more exact"),
    Direction.COARSER: N_("date now less exact"),
    Direction.LOST_DATE: N_("no date any more"),
}
DATES_KEPT = 4096
"""The same dates are told again and again; so many of them are worded once."""
DAYS_AGO_MAX = 60
"""Further back nobody counts in days."""


def day(locale: Locale, at: datetime) -> str:
    """A UTC day: "27 Jul 2026"."""
    at = at.astimezone(UTC)
    return locale.text(_DAYS[at.month - 1], day=at.day, year=at.year)


def short_month(locale: Locale, at: datetime) -> str:
    """A month of an axis: "Jul"."""
    return locale.text(_SHORT_MONTHS[at.astimezone(UTC).month - 1])


def day_of_month(locale: Locale, at: datetime) -> str:
    """A UTC day without its year: "27 Jul"."""
    at = at.astimezone(UTC)
    return locale.text(_DAYS_OF_MONTH[at.month - 1], day=at.day)


@lru_cache(maxsize=DATES_KEPT)
def utc(locale: Locale, at: datetime) -> str:
    """An instant in UTC to the minute: "27 Nov 2025 12:34 UTC"; seconds only where they are not zero."""
    at = at.astimezone(UTC)
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{day(locale, at)} {clock} UTC"  # not prose: the name of the time scale


def instant(locale: Locale, at: datetime) -> str:
    """An instant in UTC with Discord's timestamps beside it."""
    unix = int(at.timestamp())
    return f"{utc(locale, at)} · <t:{unix}:f> (<t:{unix}:R>)"


def brief_instant(locale: Locale, at: datetime) -> str:
    """An instant for lists: UTC and how far away it is."""
    return f"{utc(locale, at)} (<t:{int(at.timestamp())}:R>)"


@lru_cache(maxsize=DATES_KEPT)
def when(locale: Locale, planned: When | None) -> str:
    """A planned time as exactly as it is known."""
    if planned is None or planned.at is None:
        return locale.text(N_("no date yet"))
    state = _stated_as_earliest if planned.no_earlier_than else _stated
    return state(locale, planned.at, planned.precision)


def when_with_distance(locale: Locale, planned: When | None, now: datetime) -> str:
    """A planned time and how far away it is, in the grain in which it is known."""
    stated = when(locale, planned)
    if planned is None or planned.at is None:
        return stated
    if planned.precision.rank <= Precision.HOUR.rank:
        unix = int(planned.at.timestamp())
        return f"{stated} · <t:{unix}:f> (<t:{unix}:R>)"
    if planned.precision is Precision.DAY:
        distance = days_away(locale, days_between(now, planned.at))
        return f"{stated} ({distance})" if distance else stated
    return stated


def days_away(locale: Locale, days: int) -> str:
    """Whole days from today: "in 3 days", "today", "2 days ago"; nothing for what is so long past that only its date tells."""
    if days < -DAYS_AGO_MAX:
        return ""
    if days == 0:
        return locale.text(N_("today"))
    if days > 0:
        return locale.ngettext("in {number} day", "in {number} days", days)
    return locale.ngettext("{number} day ago", "{number} days ago", -days)


def days(locale: Locale, number: int) -> str:
    """A number of days."""
    return locale.ngettext("{number} day", "{number} days", number)


def opening(locale: Locale, planned: When | None) -> str:
    """What begins when the stated time of a plan begins: a plain day is "today"; of anything wider, its window opens."""
    is_day = planned is not None and planned.precision is Precision.DAY and not planned.no_earlier_than
    return locale.text(N_("today") if is_day else N_("the window opens"))


def duration(locale: Locale, span: timedelta) -> str:
    """Days, hours and minutes as flight control writes them: "34 d 14 h 32 m", whole hours "12 h"; seconds below one minute."""
    _ = locale.text
    total_s = int(abs(span).total_seconds())
    whole_days, rest = divmod(total_s, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if whole_days:
        return _(N_("{days} d {hours} h {minutes} m"), days=whole_days, hours=hours, minutes=minutes)
    if hours and minutes:
        return _(N_("{hours} h {minutes} m"), hours=hours, minutes=minutes)
    if hours:
        return _(N_("{hours} h"), hours=hours)
    if minutes or not total_s:
        return _(N_("{minutes} m"), minutes=minutes)
    return _(N_("{seconds} s"), seconds=total_s)


def event_name(locale: Locale, event: Event | EventRef | NamedEvent) -> str:
    """What an event is called: its own name where it has one, otherwise its kind."""
    return inert(event.name) if event.name else locale.text(EVENT_NAMES[event.kind])


def event_title(locale: Locale, event: EventRef | NamedEvent) -> str:
    """Mission and event: "Soyuz MS-28 · landing"."""
    return f"{inert(event.mission)} · {event_name(locale, event)}"


def countdown_mark(kind: EventKind) -> str:
    """L− to a launch, R− to the return, T− to everything else."""
    if kind is EventKind.LAUNCH:
        return "L−"
    return "R−" if kind.counts_from_return else "T−"


def quoted(words: str, locale: Locale) -> str:
    """Somebody's words in the quotation marks of the language; `words` are harmless already."""
    return locale.text(N_("“{words}”"), words=words)


def joined(parts: Iterable[str]) -> str:
    """Parts of one line, the empty ones left out."""
    return " · ".join(part for part in parts if part)


def capitalised(text: str) -> str:
    """The sentence with its first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]


def _stated(locale: Locale, at: datetime, precision: Precision) -> str:
    _ = locale.text
    match precision:
        case Precision.SECOND | Precision.MINUTE:
            return utc(locale, at)
        case Precision.HOUR:
            return _(N_("{day}, in the hour from {hour} UTC"), day=day(locale, at), hour=f"{at:%H:%M}")
        case Precision.DAY:
            return day(locale, at)
        case Precision.WEEK:
            return _(N_("week of {day}"), day=day(locale, at))
        case Precision.MONTH:
            return _(_MONTHS[at.month - 1], year=at.year)
        case Precision.QUARTER:
            return _(_QUARTERS[(at.month - 1) // 3], year=at.year)
        case Precision.HALF if at.month == 1:
            return _(N_("first half of {year}"), year=at.year)
        case Precision.HALF:
            return _(N_("second half of {year}"), year=at.year)
    return str(at.year)


def _stated_as_earliest(locale: Locale, at: datetime, precision: Precision) -> str:
    """The words "no earlier than" and the time, as one sentence wherever what follows the words may have to be bent."""
    _ = locale.text
    match precision:
        case Precision.WEEK:
            return _(N_("no earlier than week of {day}"), day=day(locale, at))
        case Precision.MONTH:
            return _(_FROM_MONTHS[at.month - 1], year=at.year)
        case Precision.QUARTER:
            return _(_FROM_QUARTERS[(at.month - 1) // 3], year=at.year)
        case Precision.HALF if at.month == 1:
            return _(N_("no earlier than first half of {year}"), year=at.year)
        case Precision.HALF:
            return _(N_("no earlier than second half of {year}"), year=at.year)
        case Precision.YEAR:
            return _(N_("no earlier than {year}"), year=at.year)
    return _(N_("no earlier than {time}"), time=_stated(locale, at, precision))


def delayed(due_at: datetime, locale: Locale) -> str:
    """That something is posted later than it was due."""
    return locale.text(N_("*Delayed: this was due {time}.*"), time=instant(locale, due_at))


def lines_of(parts: Iterable[str]) -> str:
    """Parts below each other, the empty ones left out."""
    return "\n".join(part for part in parts if part)


def pad_standing(locale: Locale, lifecycle: Lifecycle, status: PadStatus) -> str:
    """How a pad stands: its status; of one that is not active that first, and no word of "operational"."""
    words = locale.text(PAD_STATUS_NAMES[status])
    if lifecycle is Lifecycle.ACTIVE:
        return words
    return joined([locale.text(LIFECYCLE_NAMES[lifecycle]), "" if status is PadStatus.OPERATIONAL else words])
