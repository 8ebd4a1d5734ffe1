"""A mission and its events. Phase, order and elapsed time are derived here by pure functions and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Conflict, InvalidInput
from domain.when import UNKNOWN, When, days_between, exactly

SEATS_MAX = 20
DURATION_MAX_DAYS = 3650
EVENTS_MAX = 60


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
    def counts_from_return(self) -> bool:
        """True when its countdown is written R−; the others' is L− or the plain time to go."""
        return self in {EventKind.LANDING, EventKind.DEORBIT}


_MOVES = frozenset({EventKind.DOCKING, EventKind.RELOCATION, EventKind.UNDOCKING})


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
    clearance: Clearance = Clearance.CLEARED

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
        return max(done, key=_actual_key, default=None)


def phase_of(mission: Mission) -> Phase:
    """The phase, from the events alone. An outcome of aborted or lost ends a mission wherever it was."""
    if mission.outcome in {Outcome.ABORTED, Outcome.LOST}:
        return Phase.ENDED
    done = sorted((event for event in mission.events if event.state is EventState.DONE), key=_actual_key)
    if any(event.kind.ends_mission for event in done):
        return Phase.ENDED
    moves = [event.kind for event in done if event.kind in _MOVES]
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
    """The actual landing or deorbit; None before it."""
    ends = [event.actual_at for event in mission.events if event.kind.ends_mission and event.state is EventState.DONE]
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
    return max(at_ports, key=_actual_key).port_id if at_ports else None


def last_event(mission: Mission) -> Event | None:
    """The latest event that happened."""
    happened = [event for event in mission.events if event.actual_at is not None]
    return max(happened, key=_actual_key, default=None)


def next_event(mission: Mission) -> Event | None:
    """The open event that comes first by what is known of its time; those without a date come last, in usual order."""
    return min((event for event in mission.events if event.state.is_open), key=schedule_key, default=None)


def schedule_key(event: Event) -> tuple[bool, float, int, int]:
    """Sorts open events: dated before undated, then by date, then in the usual order of kinds."""
    opens_at = event.time.opens_at
    return (opens_at is None, opens_at.timestamp() if opens_at else 0.0, list(EventKind).index(event.kind), event.id)


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


# --- order ------------------------------------------------------------------------------------------------------------

# What must come before what. Relocation, EVA and milestones need lift-off only when they are dated against it.
_AFTER_LAUNCH = frozenset(set(EventKind) - {EventKind.LAUNCH, EventKind.MILESTONE})
_RANKS = {EventKind.LAUNCH: 0, EventKind.DOCKING: 1, EventKind.UNDOCKING: 2, EventKind.LANDING: 3, EventKind.DEORBIT: 3}


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """Two events whose dates are, or may be, in the wrong order: `earlier` ought to come before `later`."""

    earlier: Event
    later: Event
    certain: bool


def order_findings(events: Iterable[Event]) -> tuple[OrderFinding, ...]:
    """Every pair of live events out of order, by intervals: certain when no reading of the dates puts them right.

    Only pairs of which at least one is still open are compared: what happened, happened.
    """
    live = [event for event in events if event.state.is_open or event.state is EventState.DONE]
    found = []
    for earlier in live:
        for later in live:
            if _must_precede(earlier, later) and (earlier.state.is_open or later.state.is_open):
                if later.time.certainly_before(earlier.time):
                    found.append(OrderFinding(earlier, later, certain=True))
                elif _visibly_possible(earlier.time, later.time):
                    found.append(OrderFinding(earlier, later, certain=False))
    return tuple(found)


def require_possible_order(mission: Mission, event: Event) -> tuple[OrderFinding, ...]:
    """Refuse (`order_impossible`) when `event` is certainly out of order; return what is possibly so, to be said."""
    mine = [finding for finding in order_findings(mission.events) if event.id in {finding.earlier.id, finding.later.id}]
    for finding in mine:
        if finding.certain:
            raise Conflict("order_impossible", earlier=finding.earlier.kind.value, later=finding.later.kind.value)
    return tuple(mine)


def _must_precede(earlier: Event, later: Event) -> bool:
    if earlier.kind is EventKind.LAUNCH:
        return later.kind in _AFTER_LAUNCH
    if earlier.kind is EventKind.DOCKING and later.kind is EventKind.UNDOCKING:
        return later.state.is_open  # after an undocking it may dock again
    if earlier.kind in _RANKS and later.kind in _RANKS:
        return _RANKS[earlier.kind] < _RANKS[later.kind]
    return later.kind.ends_mission and earlier.kind in {EventKind.EVA, EventKind.RELOCATION} and earlier.state.is_open


def _visibly_possible(earlier: When, later: When) -> bool:
    """Worth saying: both have dates, and the later one could fall before the earlier one."""
    return earlier.is_known and later.is_known and later.possibly_before(earlier) and later != earlier


# --- changes ----------------------------------------------------------------------------------------------------------


def plan_event(mission: Mission, event: Event) -> Mission:
    """Add a planned event. Refuses a second open event of a kind that cannot repeat, and changes to a mission that is over."""
    require_open_mission(mission)
    if len(mission.events) >= EVENTS_MAX:
        raise InvalidInput("too_many_events", limit=EVENTS_MAX)
    if not event.kind.may_repeat:
        known = mission.open_event(event.kind)
        if known is not None:
            raise Conflict("event_already_planned", kind=event.kind.value)
        if event.kind in {EventKind.LAUNCH, EventKind.LANDING, EventKind.DEORBIT} and mission.done_event(event.kind):
            raise Conflict("event_already_done", kind=event.kind.value)
    changed = mission.with_event(event)
    require_possible_order(changed, event)
    return changed


def move_event(mission: Mission, event: Event, when: When) -> tuple[Mission, tuple[Event, ...]]:
    """Give an open event a new planned time.

    A launch move is never refused for its dependents: those it makes certainly wrong lose their date. Returns the mission and
    the events that lost theirs, as they were before.
    """
    require_open_mission(mission)
    if not event.state.is_open:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    if event.planned == when:
        raise Conflict("move_changes_nothing")
    changed = mission.with_event(replace(event, planned=when))
    if event.kind is not EventKind.LAUNCH:
        require_possible_order(changed, event)
        return changed, ()
    undated = tuple(
        finding.later
        for finding in order_findings(changed.events)
        if finding.certain and finding.earlier.id == event.id
    )
    for loser in undated:
        changed = changed.with_event(replace(loser, planned=UNKNOWN))
    return changed, undated


def complete_event(mission: Mission, event: Event, at: datetime) -> Mission:
    """Record that an open event happened at `at`. Refuses what the events before it make impossible."""
    require_open_mission(mission)
    if not event.state.is_open:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    launch_at = lifted_off_at(mission)
    if event.kind in _AFTER_LAUNCH and launch_at is None:
        raise Conflict("not_launched_yet", kind=event.kind.value)
    if launch_at is not None and event.kind in _AFTER_LAUNCH and at < launch_at:
        raise Conflict("before_launch", kind=event.kind.value)
    phase = phase_of(mission)
    if event.kind in {EventKind.UNDOCKING, EventKind.RELOCATION} and phase is not Phase.DOCKED:
        raise Conflict("not_docked")
    if event.kind is EventKind.DOCKING and phase is Phase.DOCKED:
        raise Conflict("already_docked")
    _require_after_last_move(mission, event, at)
    if mission.event(event.id) is None and len(mission.events) >= EVENTS_MAX:
        raise InvalidInput("too_many_events", limit=EVENTS_MAX)
    done = mission.with_event(replace(event, state=EventState.DONE, actual_at=at))
    if not event.kind.ends_mission:
        return done
    return replace(_close_open_events(done), outcome=mission.outcome or Outcome.NOMINAL)


def _require_after_last_move(mission: Mission, event: Event, at: datetime) -> None:
    """A spacecraft moves, and comes down, only after its last move: the phase is read from the moves' actual times."""
    if event.kind not in _MOVES and not event.kind.ends_mission:
        return
    moves = [known for known in mission.events if known.kind in _MOVES and known.state is EventState.DONE]
    last = max(moves, key=_actual_key, default=None)
    if last is not None and last.actual_at is not None and at < last.actual_at:
        raise Conflict("order_impossible", earlier=last.kind.value, later=event.kind.value)


def require_open_mission(mission: Mission) -> None:
    """Refuse changes to a mission that has ended or was cancelled."""
    phase = phase_of(mission)
    if phase in {Phase.ENDED, Phase.CANCELLED}:
        raise Conflict("mission_over", mission_text=mission.name, phase=phase.value)


def checked_seats(seats: int | None) -> int | None:
    """Validate a number of seats (0 to SEATS_MAX)."""
    if seats is not None and not 0 <= seats <= SEATS_MAX:
        raise InvalidInput("number_out_of_range", what="seats", lowest=0, highest=SEATS_MAX)
    return seats


def checked_duration(days: int | None) -> int | None:
    """Validate a planned duration in days (1 to DURATION_MAX_DAYS)."""
    if days is not None and not 1 <= days <= DURATION_MAX_DAYS:
        raise InvalidInput("number_out_of_range", what="duration_days", lowest=1, highest=DURATION_MAX_DAYS)
    return days


def seat_person(mission: Mission, person_id: int, role: str) -> Mission:
    """Assign a person to the flight, up and down. Refuses a full flight and a second seat for the same person."""
    require_open_mission(mission)
    if any(seat.person_id == person_id for seat in mission.crew):
        raise Conflict("already_assigned")
    if mission.seats is not None and len(mission.crew) >= mission.seats:
        raise Conflict("no_seat_left", seats=mission.seats, mission_text=mission.name)
    return replace(mission, crew=(*mission.crew, Seat(person_id, role)))


def _close_open_events(mission: Mission) -> Mission:
    return replace(
        mission,
        events=tuple(
            replace(event, state=EventState.CANCELLED) if event.state.is_open else event for event in mission.events
        ),
    )


def _actual_key(event: Event) -> tuple[float, int]:
    return (event.actual_at.timestamp() if event.actual_at else 0.0, event.id)
