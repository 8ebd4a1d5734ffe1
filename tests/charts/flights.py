"""Missions as they stood, for timelines: Soyuz MS-28 and Progress MS-33 of the scenario, and what goes wrong elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.missions import Event, EventKind, EventState, Mission, MissionKind, elapsed, phase_of
from domain.schedule import EntryKind, LedgerEntry, direction_of, slip_days
from domain.timeline import timeline_of
from domain.when import When
from domain.when_text import parse_when
from services.timelines import MissionTimeline

EVENING = datetime(2025, 11, 27, 18, tzinfo=UTC)
PLANNED_AT = datetime(2025, 11, 1, 9, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant from its ISO form."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def when(text: str) -> When:
    """A planned time as typed."""
    return parse_when(text, PLANNED_AT)


class Flight:
    """A mission being told, with its ledger."""

    def __init__(self, name: str, kind: MissionKind = MissionKind.CREW, vehicle: str = "Soyuz-2.1a") -> None:
        self.mission = Mission(1, name, kind, vehicle)
        self.ledger: list[LedgerEntry] = []

    def plan(self, kind: EventKind, planned: str, name: str | None = None, attempt: int = 1) -> int:
        """Plan an event."""
        event = Event(
            len(self.mission.events) + 10, kind, EventState.PLANNED, when(planned), name=name, attempt=attempt
        )
        self.mission = self.mission.with_event(event)
        self._note(event.id, EntryKind.PLAN, None, when(planned))
        return event.id

    def move(self, event_id: int, to: str, kind: EntryKind = EntryKind.MOVE) -> None:
        """Give it a new date."""
        event = self._event(event_id)
        self._note(event_id, kind, event.planned, when(to))
        self.mission = self.mission.with_event(replace(event, planned=when(to)))

    def end(self, event_id: int, state: EventState, happened: str | None = None) -> None:
        """Say what became of it."""
        actual_at = at(happened) if happened else None
        self.mission = self.mission.with_event(replace(self._event(event_id), state=state, actual_at=actual_at))

    def at(self, now: datetime) -> MissionTimeline:
        """The timeline as the desk hands it out."""
        laid_out = timeline_of(self.mission, self.ledger, now)
        return MissionTimeline(self.mission, phase_of(self.mission), elapsed(self.mission, now), now, laid_out)

    def _event(self, event_id: int) -> Event:
        event = self.mission.event(event_id)
        assert event is not None
        return event

    def _note(self, event_id: int, kind: EntryKind, before: When | None, after: When) -> None:
        recorded_at = PLANNED_AT + timedelta(minutes=len(self.ledger))
        direction, slip = direction_of(before, after), slip_days(before, after)
        self.ledger.append(LedgerEntry(event_id, kind, before, after, direction, slip, None, None, None, recorded_at))


def soyuz_ms_28() -> MissionTimeline:
    """Docked on the evening of its launch."""
    flight = Flight("Soyuz MS-28")
    launch = flight.plan(EventKind.LAUNCH, "2025-11-27 09:27:57")
    docking = flight.plan(EventKind.DOCKING, "2025-11-27 12:38")
    flight.plan(EventKind.EVA, "2026-04", "EVA 1: Solntse-Terahertz installation")
    flight.plan(EventKind.EVA, "2026-06", "EVA 2: Zarya maintenance")
    flight.plan(EventKind.UNDOCKING, "2026-07")
    flight.plan(EventKind.LANDING, "2026-07-27")
    flight.end(launch, EventState.DONE, "2025-11-27T09:27:57")
    flight.end(docking, EventState.DONE, "2025-11-27T12:34:35")
    return flight.at(EVENING)


def progress_ms_33() -> MissionTimeline:
    """Slipped from December to March; what hung on its launch has no date."""
    flight = Flight("Progress MS-33", MissionKind.CARGO)
    launch = flight.plan(EventKind.LAUNCH, "2025-12-19")
    docking = flight.plan(EventKind.DOCKING, "2025-12-21")
    flight.plan(EventKind.DEORBIT, "unknown")
    flight.move(launch, "NET 2026-03-22")
    flight.move(docking, "unknown", EntryKind.DEPENDENT)
    return flight.at(at("2025-12-12T10:00"))


def second_attempt() -> MissionTimeline:
    """A scrubbed launch, a failed docking, another try, a spacewalk on hold, one dropped, and an undocking nobody spoke of."""
    flight = Flight("Progress MS-27", MissionKind.CARGO)
    scrubbed = flight.plan(EventKind.LAUNCH, "2026-01-10 10:00")
    launch = flight.plan(EventKind.LAUNCH, "2026-01-12 10:00", attempt=2)
    first = flight.plan(EventKind.DOCKING, "2026-01-14 12:00")
    second = flight.plan(EventKind.DOCKING, "2026-01-16", attempt=2)
    flight.plan(EventKind.UNDOCKING, "2026-01-20")
    dropped = flight.plan(EventKind.EVA, "2026-01-18", "EVA 7")
    held = flight.plan(EventKind.RELOCATION, "2026-01-26 08:00")
    flight.plan(EventKind.DEORBIT, "2026-02")
    flight.end(scrubbed, EventState.SCRUBBED)
    flight.end(launch, EventState.DONE, "2026-01-12T10:00:03")
    flight.end(first, EventState.FAILED, "2026-01-14T12:07")
    flight.move(second, "2026-01-17 09:00")
    flight.end(second, EventState.DONE, "2026-01-17T09:12:30")
    flight.end(dropped, EventState.CANCELLED)
    flight.end(held, EventState.HELD)
    return flight.at(at("2026-01-22T10:00"))


def only_planned() -> MissionTimeline:
    """Nothing has happened yet."""
    flight = Flight("Soyuz MS-29")
    flight.plan(EventKind.LAUNCH, "2026-07")
    flight.plan(EventKind.DOCKING, "Q3 2026")
    flight.plan(EventKind.LANDING, "2027")
    return flight.at(EVENING)


def without_dates() -> MissionTimeline:
    """Known events, no dates at all."""
    flight = Flight("Dragon 2")
    flight.plan(EventKind.LAUNCH, "unknown")
    flight.plan(EventKind.LANDING, "unknown")
    return flight.at(EVENING)


def without_events() -> MissionTimeline:
    """Only a name."""
    return Flight("Angara test flight", MissionKind.OTHER).at(EVENING)


def one_event() -> MissionTimeline:
    """A launch at this very second."""
    flight = Flight("Sounding rocket", MissionKind.OTHER)
    flight.plan(EventKind.LAUNCH, "2025-11-27 18:00:00")
    return flight.at(EVENING)


def sixty_events() -> MissionTimeline:
    """As many as a mission holds, half of them over."""
    flight = Flight("Expedition of sixty steps")
    for number in range(60):
        day = at("2025-10-01T00:00") + timedelta(days=2 * number)
        event = flight.plan(
            EventKind.MILESTONE, f"{day:%Y-%m-%d}", f"Step {number + 1}: a name as long as people make them"
        )
        if number < 28:
            flight.end(event, EventState.DONE, f"{day:%Y-%m-%d}T12:00")
    return flight.at(EVENING)


HOSTILE_NAMES = (
    "$\\frac{1}{0}$ {braces} ^up _down %s {0}",
    "**bold** [link](https://example.org) <@&1> @everyone ~~x~~",
    "Союз МС-28 «Гагарин» 神舟二十号 سويوز חללית 🚀👩‍🚀",
    "Z" * 80,
    "\u0644\u0627 \u200d a\u0301\u0301\u0301 ﷽",
    "W\tA\nB",
)


def hostile(name: str) -> MissionTimeline:
    """A mission and an event of that name."""
    flight = Flight(name, vehicle=name)
    flight.plan(EventKind.MILESTONE, "2025-12-03", name)
    return flight.at(EVENING)


STORIES = {
    "soyuz_ms_28": soyuz_ms_28,
    "progress_ms_33": progress_ms_33,
    "second_attempt": second_attempt,
    "only_planned": only_planned,
    "without_dates": without_dates,
    "without_events": without_events,
    "one_event": one_event,
    "sixty_events": sixty_events,
}
