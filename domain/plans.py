"""Changes to a mission's plan and record: each returns the mission as it is afterwards, or refuses."""

from dataclasses import replace
from datetime import datetime

from domain.errors import Conflict, InvalidInput
from domain.missions import (
    Event,
    EventKind,
    EventState,
    Mission,
    Outcome,
    Phase,
    actual_key,
    lifted_off_at,
    phase_of,
)
from domain.order import order_findings, require_possible_order
from domain.text import name_key
from domain.when import UNKNOWN, Precision, When, at_precision, floor

_TRIED = frozenset({EventState.FAILED, EventState.SCRUBBED})
SEATS_MAX = 20
DURATION_MAX_DAYS = 3650
EVENTS_MAX = 60


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


def next_attempt(mission: Mission, kind: EventKind, name: str | None = None) -> int:
    """The number of the attempt that an event planned now would be: those that failed or were scrubbed came before it.

    Of spacewalks and other kinds that repeat, only those of the same name are attempts at the same thing.
    """
    tried = [event for event in mission.events if event.kind is kind and event.state in _TRIED]
    return 1 + sum(not kind.may_repeat or name_key(event.name or "") == name_key(name or "") for event in tried)


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


def shifted_dates(before: Mission, after: Mission) -> tuple[tuple[Event, When], ...]:
    """For each event that lost its date by a launch's move, the date that keeps its distance to the launch.

    Empty unless the launch's old and new dates are known to the day or finer; events whose own date was coarser are left out.
    A launch known only to its day, before or after, moves them by whole days, and they are known no better than that.
    """
    launch = before.open_event(EventKind.LAUNCH)
    moved = after.event(launch.id) if launch else None
    if launch is None or moved is None or not (_is_a_day(launch.planned) and _is_a_day(moved.planned)):
        return ()
    assert launch.planned and launch.planned.at and moved.planned and moved.planned.at  # noqa: S101, PT018 - said by the test above
    old_at, new_at = launch.planned.at, moved.planned.at
    coarsest = max(launch.planned.precision, moved.planned.precision, key=lambda precision: precision.rank)
    if coarsest is Precision.DAY:
        old_at, new_at = floor(old_at, Precision.DAY), floor(new_at, Precision.DAY)
    by = new_at - old_at
    dates = []
    for event in before.events:
        was, now = event.planned, after.event(event.id)
        if (
            was is None
            or was.at is None
            or not _is_a_day(was)
            or now is None
            or not now.state.is_open
            or now.planned != UNKNOWN
        ):
            continue
        precision = max(was.precision, coarsest, key=lambda precision: precision.rank)
        floating = was.no_earlier_than or moved.planned.no_earlier_than
        dates.append((event, at_precision(was.at + by, precision, no_earlier_than=floating)))
    return tuple(dates)


def _is_a_day(when: When | None) -> bool:
    return when is not None and when.is_known and when.precision.is_at_least(Precision.DAY)


def complete_event(mission: Mission, event: Event, at: datetime) -> Mission:
    """Record that an open event happened at `at`. Refuses what the events before it make impossible."""
    require_open_mission(mission)
    if not event.state.is_open:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    launch_at = lifted_off_at(mission)
    if event.kind.needs_launch and launch_at is None:
        raise Conflict("not_launched_yet", kind=event.kind.value)
    if launch_at is not None and event.kind.needs_launch and at < launch_at:
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
    """A spacecraft moves only after its last move, from whose times the phase is read; it comes down after all it did."""
    if not event.kind.moves_spacecraft and not event.kind.ends_mission:
        return
    done = [known for known in mission.events if known.kind.needs_launch and known.state is EventState.DONE]
    last = max(
        (known for known in done if known.kind.moves_spacecraft or event.kind.ends_mission),
        key=actual_key,
        default=None,
    )
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


def _close_open_events(mission: Mission) -> Mission:
    return replace(
        mission,
        events=tuple(
            replace(event, state=EventState.CANCELLED) if event.state.is_open else event for event in mission.events
        ),
    )
