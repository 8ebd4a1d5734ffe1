"""What goes otherwise than planned: holds, scrubs, failures, cancellations, and facts that were recorded wrongly.

Each function returns the mission as it is afterwards, or refuses. What can no longer happen is cancelled in the same breath, and
what has lost the date it hung on keeps no false one.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain.errors import Conflict
from domain.missions import (
    Clearance,
    Event,
    EventKind,
    EventState,
    Mission,
    MissionKind,
    Outcome,
    actual_key,
    lifted_off_at,
    next_event,
    phase_of,
)
from domain.order import order_findings, require_possible_order
from domain.plans import complete_event, require_open_mission
from domain.when import UNKNOWN, When, exactly

_OVER = frozenset({Outcome.ABORTED, Outcome.LOST})


def hold(mission: Mission) -> tuple[Mission, Event]:
    """Hold the next planned event. Its date stands, its countdown does not. Raises Conflict when nothing can be held."""
    require_open_mission(mission)
    if any(event.state is EventState.HELD for event in mission.events):
        raise Conflict("already_held", mission_text=mission.name)
    planned = replace(mission, events=tuple(event for event in mission.events if event.state is EventState.PLANNED))
    event = next_event(planned)
    if event is None:
        raise Conflict("nothing_to_hold", mission_text=mission.name)
    held = replace(event, state=EventState.HELD)
    return mission.with_event(held), held


def resume(mission: Mission, when: When | None) -> tuple[Mission, Event, tuple[Event, ...]]:
    """End a hold, with a new date when one is given. Returns the events that lost their date by a launch's new one."""
    held = next((event for event in mission.events if event.state is EventState.HELD), None)
    if held is None:
        raise Conflict("nothing_held", mission_text=mission.name)
    resumed = replace(held, state=EventState.PLANNED, planned=held.planned if when is None else when)
    changed = mission.with_event(resumed)
    if held.kind is EventKind.LAUNCH:
        changed, undated = undate_impossible(changed, resumed)
        return changed, resumed, undated
    require_possible_order(changed, resumed)
    return changed, resumed, ()


def scrub(mission: Mission, when: When | None, new_id: int) -> tuple[Mission, Event | None, tuple[Event, ...]]:
    """End this launch attempt. With `when` the next attempt is planned under `new_id`; without, what hung on it loses its date.

    Returns the mission, the new attempt, and the events that lost their date, as they were before.
    """
    require_open_mission(mission)
    launch = mission.open_event(EventKind.LAUNCH)
    if launch is None:
        raise Conflict("no_launch_to_scrub", mission_text=mission.name)
    scrubbed = mission.with_event(replace(launch, state=EventState.SCRUBBED))
    if when is None:
        changed, undated = _undate(scrubbed, lambda event: event.kind.needs_launch)
        return changed, None, undated
    attempt = Event(new_id, EventKind.LAUNCH, EventState.PLANNED, when, attempt=launch.attempt + 1)
    changed, undated = undate_impossible(scrubbed.with_event(attempt), attempt)
    return changed, attempt, undated


def drop(mission: Mission, event: Event) -> Mission:
    """Take an open event out of the plan. A launch is scrubbed or the mission cancelled instead."""
    require_open_mission(mission)
    if not event.state.is_open:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    if event.kind is EventKind.LAUNCH:
        raise Conflict("launch_is_not_dropped")
    return mission.with_event(replace(event, state=EventState.CANCELLED))


def fail(mission: Mission, event: Event, at: datetime, outcome: Outcome | None, landing_id: int) -> Mission:
    """Record that an event failed at `at`.

    Without an outcome the mission goes on, and the event can be planned again as its next attempt. With one that ends the
    flight, what can no longer happen is cancelled: all of it when the vehicle is lost; all but the landing, which then has no
    date, when a crew that has lifted off still has to come down (`landing_id` names a landing that was never planned).
    """
    require_open_mission(mission)
    launch_at = lifted_off_at(mission)
    if not event.state.is_open and not (event.kind is EventKind.LAUNCH and outcome is not None):
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    if event.kind.needs_launch and launch_at is None:
        raise Conflict("not_launched_yet", kind=event.kind.value)
    if launch_at is not None and at < launch_at:
        raise Conflict("before_launch", kind=event.kind.value)
    failed = (
        mission
        if not event.state.is_open
        else mission.with_event(replace(event, state=EventState.FAILED, actual_at=at))
    )
    if outcome is None:
        return failed
    ended = replace(failed, outcome=outcome, failed_at=at)
    if outcome not in _OVER:
        return ended
    comes_down = outcome is Outcome.ABORTED and launch_at is not None and mission.kind is MissionKind.CREW
    if event.kind is EventKind.LAUNCH and event.state.is_open:
        comes_down = False
    return _end(ended, keeps_landing=comes_down, landing_id=landing_id)


def cancel(mission: Mission, new_id: int) -> Mission:
    """Give the mission up before launch. Its launch is cancelled; one is entered under `new_id` when none was planned."""
    require_open_mission(mission)
    if phase_of(mission).is_flying:
        raise Conflict("already_flying", mission_text=mission.name)
    launch = mission.open_event(EventKind.LAUNCH) or Event(new_id, EventKind.LAUNCH, EventState.PLANNED)
    return _cancel_open(mission.with_event(launch), lambda _: True)


def correct(mission: Mission, event: Event, at: datetime | None) -> Mission:
    """Put a recorded time right, or with None say that the event did not happen after all: it is open again then."""
    if event.actual_at is None:
        raise Conflict("nothing_to_correct", kind=event.kind.value)
    if at == event.actual_at:
        raise Conflict("correction_changes_nothing")
    reopened = mission.with_event(replace(event, state=EventState.PLANNED, actual_at=None))
    if event.kind.ends_mission or event.state is EventState.FAILED:
        reopened = replace(reopened, outcome=None, failed_at=None)
    if at is None:
        _require_nothing_after(reopened, event)
        return reopened
    if event.state is EventState.FAILED:
        return mission.with_event(replace(event, actual_at=at))
    _require_still_possible(mission, event, at)
    return mission.with_event(replace(event, actual_at=at))


def clear(mission: Mission, clearance: Clearance, reason: str, source: str | None) -> Mission:
    """Say whether the spacecraft may bring its crew down, and who says so."""
    require_open_mission(mission)
    if (mission.clearance, mission.clearance_reason, mission.clearance_source) == (clearance, reason, source):
        raise Conflict("clearance_unchanged")
    return replace(mission, clearance=clearance, clearance_reason=reason, clearance_source=source)


def undate_impossible(mission: Mission, launch: Event) -> tuple[Mission, tuple[Event, ...]]:
    """Take the date from every open event that the launch's date makes certainly wrong; return them as they were."""
    wrong = {
        finding.later.id for finding in order_findings(mission.events) if finding.certain and finding.earlier == launch
    }
    return _undate(mission, lambda event: event.id in wrong)


def _undate(mission: Mission, chosen: Callable[[Event], bool]) -> tuple[Mission, tuple[Event, ...]]:
    undated = tuple(
        event
        for event in mission.events
        if event.state.is_open and event.planned is not None and event.planned.is_known and chosen(event)
    )
    for event in undated:
        mission = mission.with_event(replace(event, planned=UNKNOWN))
    return mission, undated


def _end(mission: Mission, *, keeps_landing: bool, landing_id: int) -> Mission:
    ended = _cancel_open(mission, lambda event: not (keeps_landing and event.kind is EventKind.LANDING))
    if not keeps_landing:
        return ended
    landing = ended.open_event(EventKind.LANDING) or Event(landing_id, EventKind.LANDING, EventState.PLANNED, UNKNOWN)
    return ended.with_event(replace(landing, state=EventState.PLANNED, planned=UNKNOWN))


def _cancel_open(mission: Mission, chosen: Callable[[Event], bool]) -> Mission:
    for event in mission.events:
        if event.state.is_open and chosen(event):
            mission = mission.with_event(replace(event, state=EventState.CANCELLED))
    return mission


def _require_nothing_after(reopened: Mission, event: Event) -> None:
    """What others rest on cannot be taken back alone: a launch with a docking after it, a docking with an undocking after it."""
    resting = [
        other
        for other in reopened.events
        if other.actual_at is not None and other.id != event.id and actual_key(other) > actual_key(event)
    ]
    needed = event.kind is EventKind.LAUNCH or event.kind.moves_spacecraft
    for other in resting:
        if needed and (event.kind is EventKind.LAUNCH or other.kind.moves_spacecraft or other.kind.ends_mission):
            raise Conflict("others_rest_on_it", kind=event.kind.value, later=other.kind.value)


def _require_still_possible(mission: Mission, event: Event, at: datetime) -> None:
    """Replay what happened in its new order: a correction may not make any of it impossible."""
    happened = sorted(
        (
            replace(other, actual_at=at) if other.id == event.id else other
            for other in mission.events
            if other.state is EventState.DONE
        ),
        key=actual_key,
    )
    replayed = replace(mission, events=(), outcome=None)
    for other in happened:
        if other.actual_at is not None:
            replayed = complete_event(
                replayed, replace(other, state=EventState.PLANNED, planned=exactly(at)), other.actual_at
            )
