"""A mission and its events. Phase, order and elapsed time are derived here by pure functions and nowhere else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.when import UNKNOWN, When, days_between, exactly


class MissionKind(StrEnum):
    """What a flight carries; pads are rated for vehicle and kind."""

    CREW = "crew"
    CARGO = "cargo"
    OTHER = "other"


class EventKind(StrEnum):
    """The kinds of dated events in a mission's life, in their usual order."""

    LAUNCH = "launch"
    DOCKING = "docking"
    RELOCATION = "relocation"
    EVA = "eva"
    MILESTONE = "milestone"
    UNDOCKING = "undocking"
    LANDING = "landing"
    DEORBIT = "deorbit"

    @property
    def may_repeat(self) -> bool:
        """True for kinds of which one mission may plan several at once."""
        return self in {EventKind.EVA, EventKind.MILESTONE, EventKind.RELOCATION}

    @property
    def ends_mission(self) -> bool:
        """True when doing it ends the mission."""
        return self in {EventKind.LANDING, EventKind.DEORBIT}

    @property
    def needs_launch(self) -> bool:
        """True when it cannot happen before lift-off."""
        return self not in {EventKind.LAUNCH, EventKind.MILESTONE}

    @property
    def moves_spacecraft(self) -> bool:
        """True when it changes where the spacecraft is."""
        return self in {EventKind.DOCKING, EventKind.RELOCATION, EventKind.UNDOCKING}

    @property
    def counts_from_return(self) -> bool:
        """True when its countdown is written R−; the others' is L− or the plain time to go."""
        return self in {EventKind.LANDING, EventKind.DEORBIT}


_USUAL_ORDER = {kind: number for number, kind in enumerate(EventKind)}


class EventState(StrEnum):
    """Where one event stands. Only `planned` and `held` are open."""

    PLANNED = "planned"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"
    SCRUBBED = "scrubbed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """True while the event can still happen."""
        return self in {EventState.PLANNED, EventState.HELD}


class Phase(StrEnum):
    """Where a mission stands, derived from its events."""

    PLANNED = "planned"
    ON_HOLD = "on_hold"
    IN_FLIGHT = "in_flight"
    DOCKED = "docked"
    FREE_FLIGHT = "free_flight"
    ENDED = "ended"
    SCRUBBED = "scrubbed"
    CANCELLED = "cancelled"

    @property
    def is_flying(self) -> bool:
        """True between lift-off and the end."""
        return self in {Phase.IN_FLIGHT, Phase.DOCKED, Phase.FREE_FLIGHT}


class Outcome(StrEnum):
    """How a mission turned out; apart from its phase."""

    NOMINAL = "nominal"
    PARTIAL = "partial"
    ABORTED = "aborted"
    LOST = "lost"


class Clearance(StrEnum):
    """Whether a spacecraft may bring its crew down. Cleared until said otherwise."""

    CLEARED = "cleared"
    EMERGENCY_ONLY = "emergency_only"
    NOT_CLEARED = "not_cleared"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a mission. `planned` is None when it happened without ever being planned; `actual_at` is exact."""

    id: int
    kind: EventKind
    state: EventState
    planned: When | None = None
    actual_at: datetime | None = None
    name: str | None = None
    port_id: int | None = None
    attempt: int = 1

    @property
    def was_withdrawn(self) -> bool:
        """True for a plan that was taken back: kept for the ledger, otherwise as if it had never been made."""
        return self.state is EventState.CANCELLED and self.planned is None

    @property
    def time(self) -> When:
        """What is known of its time: the actual one once it happened, the planned one before."""
        if self.actual_at is not None:
            return exactly(self.actual_at)
        return self.planned or UNKNOWN


@dataclass(frozen=True, slots=True)
class Seat:
    """A crew member's place on a mission."""

    person_id: int
    role: str
    goes_up: bool = True
    comes_down: bool = True


@dataclass(frozen=True, slots=True)
class Mission:
    """A flight and everything planned for it. Names are unique in a workspace up to `domain.text.name_key`."""

    id: int
    name: str
    kind: MissionKind
    vehicle: str
    spacecraft: str | None = None
    pad_id: int | None = None
    station_id: int | None = None
    seats: int | None = None
    duration_days: int | None = None
    events: tuple[Event, ...] = ()
    crew: tuple[Seat, ...] = ()
    outcome: Outcome | None = None
    failed_at: datetime | None = None
    clearance: Clearance = Clearance.CLEARED
    clearance_reason: str | None = None
    clearance_source: str | None = None

    def event(self, event_id: int) -> Event | None:
        """The event of that id, whatever its state."""
        return next((event for event in self.events if event.id == event_id), None)

    def with_event(self, event: Event) -> "Mission":
        """This mission with `event` added, or in the place of the event of the same id."""
        if self.event(event.id) is None:
            return replace(self, events=(*self.events, event))
        return replace(self, events=tuple(event if known.id == event.id else known for known in self.events))

    def open_event(self, kind: EventKind) -> Event | None:
        """The first open event of that kind."""
        return next((event for event in self.events if event.kind is kind and event.state.is_open), None)

    def done_event(self, kind: EventKind) -> Event | None:
        """The latest event of that kind that happened."""
        done = [event for event in self.events if event.kind is kind and event.state is EventState.DONE]
        return max(done, key=actual_key, default=None)


def phase_of(mission: Mission) -> Phase:
    """The phase, from the events. A lost mission is over wherever it was; an aborted one once nobody has to come down any more."""
    if mission.outcome is Outcome.LOST:
        return Phase.ENDED
    if mission.outcome is Outcome.ABORTED and not any(e.kind.ends_mission and e.state.is_open for e in mission.events):
        return Phase.ENDED
    done = sorted((event for event in mission.events if event.state is EventState.DONE), key=actual_key)
    if any(event.kind.ends_mission for event in done):
        return Phase.ENDED
    moves = [event.kind for event in done if event.kind.moves_spacecraft]
    if moves:
        return Phase.FREE_FLIGHT if moves[-1] is EventKind.UNDOCKING else Phase.DOCKED
    if any(event.kind is EventKind.LAUNCH for event in done):
        return Phase.IN_FLIGHT
    return _phase_before_launch(mission)


def _phase_before_launch(mission: Mission) -> Phase:
    launches = (event for event in mission.events if event.kind is EventKind.LAUNCH and not event.was_withdrawn)
    launch = max(launches, key=lambda event: event.id, default=None)
    if launch is None or launch.state is EventState.PLANNED:
        return Phase.PLANNED
    return {
        EventState.HELD: Phase.ON_HOLD,
        EventState.SCRUBBED: Phase.SCRUBBED,
        EventState.CANCELLED: Phase.CANCELLED,
        EventState.FAILED: Phase.ENDED,
    }.get(launch.state, Phase.PLANNED)


def lifted_off_at(mission: Mission) -> datetime | None:
    """The actual launch; None before it."""
    launch = mission.done_event(EventKind.LAUNCH)
    return launch.actual_at if launch else None


def ended_at(mission: Mission) -> datetime | None:
    """The actual landing or deorbit, or the failure that ended it; None before it."""
    ends = [event.actual_at for event in mission.events if event.kind.ends_mission and event.state is EventState.DONE]
    if not ends and phase_of(mission) is Phase.ENDED:
        return mission.failed_at
    return max((at for at in ends if at is not None), default=None)


def elapsed(mission: Mission, now: datetime) -> timedelta | None:
    """Mission elapsed time (MET): from the actual launch to the end, or to now; None before launch."""
    start = lifted_off_at(mission)
    return None if start is None else (ended_at(mission) or now) - start


def return_event(mission: Mission) -> Event | None:
    """The planned or actual return: landing before deorbit; None when neither was ever planned."""
    ends = [event for event in mission.events if event.kind.ends_mission and event.state is not EventState.CANCELLED]
    return min(ends, key=lambda event: (event.kind is not EventKind.LANDING, not event.state.is_open), default=None)


def docked_port_id(mission: Mission) -> int | None:
    """The port the spacecraft is at now; None when it is not docked."""
    if phase_of(mission) is not Phase.DOCKED:
        return None
    at_ports = [
        event
        for event in mission.events
        if event.state is EventState.DONE and event.kind in {EventKind.DOCKING, EventKind.RELOCATION}
    ]
    return max(at_ports, key=actual_key).port_id if at_ports else None


def last_event(mission: Mission) -> Event | None:
    """The latest event that happened."""
    happened = [event for event in mission.events if event.actual_at is not None]
    return max(happened, key=actual_key, default=None)


def next_event(mission: Mission) -> Event | None:
    """The open event that comes first by what is known of its time; those without a date come last, in usual order."""
    return min((event for event in mission.events if event.state.is_open), key=schedule_key, default=None)


def schedule_key(event: Event) -> tuple[bool, float, int, int]:
    """Sorts open events: dated before undated, then by date, then in the usual order of kinds."""
    opens_at = event.time.opens_at
    return (opens_at is None, opens_at.timestamp() if opens_at else 0.0, _USUAL_ORDER[event.kind], event.id)


def launch_key(mission: Mission) -> tuple[bool, float, int, int]:
    """Sorts missions by their next launch; those without one come last."""
    launch = mission.open_event(EventKind.LAUNCH)
    return schedule_key(launch) if launch else (True, 0.0, 0, mission.id)


def duration_difference_days(mission: Mission) -> int | None:
    """Planned return minus (launch + planned duration) in days; None when one of them is unknown or coarser than a day."""
    back = return_event(mission)
    launch = mission.done_event(EventKind.LAUNCH) or mission.open_event(EventKind.LAUNCH)
    if mission.duration_days is None or back is None or launch is None:
        return None
    if not (
        back.time.is_known
        and back.time.precision.rank <= 3
        and launch.time.is_known
        and launch.time.precision.rank <= 3
    ):
        return None
    assert back.time.at is not None  # noqa: S101 - narrows what is_known says
    assert launch.time.at is not None  # noqa: S101 - the same
    return days_between(launch.time.at + timedelta(days=mission.duration_days), back.time.at)


def is_overdue(event: Event, now: datetime) -> bool:
    """True when the whole stated interval has passed and nobody has said what happened. NET and undated are never overdue."""
    closes_at = event.planned.closes_at if event.planned else None
    return event.state is EventState.PLANNED and closes_at is not None and closes_at <= now


def actual_key(event: Event) -> tuple[float, int]:
    """Sorts events by when they happened; those that have not come first."""
    return (event.actual_at.timestamp() if event.actual_at else 0.0, event.id)
