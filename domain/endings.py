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
    Phase,
    actual_key,
    lifted_off_at,
    next_event,
    phase_of,
)
from domain.order import order_findings, require_possible_order
from domain.plans import complete_event, require_open_mission
from domain.when import UNKNOWN, When

_OVER = frozenset({Outcome.ABORTED, Outcome.LOST})
_GRAVITY = tuple(Outcome)
"""Outcomes from the best to the gravest: a later failure never makes an outcome better."""


def hold(mission: Mission, chosen: Event | None = None) -> tuple[Mission, Event]:
    """Hold an event, the next planned one unless it is `chosen`. Its date stands, its countdown does not.

    Raises Conflict when nothing can be held: one event of a mission at a time is on hold.
    """
    require_open_mission(mission)
    if any(event.state is EventState.HELD for event in mission.events):
        raise Conflict("already_held", mission_text=mission.name)
    planned = replace(mission, events=tuple(event for event in mission.events if event.state is EventState.PLANNED))
    event = next_event(planned) if chosen is None else planned.event(chosen.id)
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
    """End this launch attempt. With a date the next attempt is planned under `new_id`; without, what hung on it loses its own.

    Returns the mission, the new attempt, and the events that lost their date, as they were before.
    """
    require_open_mission(mission)
    launch = mission.open_event(EventKind.LAUNCH)
    if launch is None:
        raise Conflict("no_launch_to_scrub", mission_text=mission.name)
    scrubbed = mission.with_event(replace(launch, state=EventState.SCRUBBED))
    if when is None or not when.is_known:
        changed, undated = _undate(scrubbed, lambda event: event.kind.needs_launch)
        return changed, None, undated
    attempt = replace(launch, id=new_id, state=EventState.PLANNED, planned=when, attempt=launch.attempt + 1)
    changed, undated = undate_impossible(scrubbed.with_event(attempt), attempt)
    return changed, attempt, undated


def drop(mission: Mission, event: Event) -> Mission:
    """Take an open event out of the plan. A launch is scrubbed or the mission cancelled instead."""
    require_open_mission(mission)
    if not event.state.is_open:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    if event.kind is EventKind.LAUNCH:
        raise Conflict("launch_is_not_dropped")
    return _settled(mission.with_event(replace(event, state=EventState.CANCELLED)))


def fail(mission: Mission, event: Event, at: datetime, outcome: Outcome | None, landing_id: int) -> Mission:
    """Record that an event failed at `at`.

    Without an outcome the mission goes on, and the event can be planned again as its next attempt; a launch that failed on
    its pad has an outcome, or was scrubbed. With one that ends the flight, what can no longer happen is cancelled: all of it
    when the vehicle is lost; all but the way home, which then has no date, when a crew that has lifted off still has to come
    down or a docked spacecraft still has to leave its port (`landing_id` names a return that was never planned).
    """
    require_open_mission(mission)
    launch_at = lifted_off_at(mission)
    after_lift_off = event.kind is EventKind.LAUNCH and event.state is EventState.DONE and outcome is not None
    if not event.state.is_open and not after_lift_off:
        raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
    if event.kind is EventKind.LAUNCH and event.state.is_open and outcome not in _OVER:
        raise Conflict("launch_failure_needs_outcome")
    if event.kind.needs_launch and launch_at is None:
        raise Conflict("not_launched_yet", kind=event.kind.value)
    if launch_at is not None and at < launch_at:
        raise Conflict("before_launch", kind=event.kind.value)
    failed = mission if after_lift_off else mission.with_event(replace(event, state=EventState.FAILED, actual_at=at))
    if outcome is not None:
        failed = _with_outcome(failed, outcome, at)
    if outcome in _OVER:
        has_to_leave = mission.kind is MissionKind.CREW or phase_of(mission) is Phase.DOCKED
        comes_down = outcome is Outcome.ABORTED and launch_at is not None and has_to_leave
        failed = _end(failed, comes_down=comes_down, landing_id=landing_id)
    return _settled(failed)


def cancel(mission: Mission, new_id: int) -> Mission:
    """Give the mission up before launch. Its launch is cancelled; one is entered under `new_id` when none was planned."""
    require_open_mission(mission)
    if phase_of(mission).is_flying:
        raise Conflict("already_flying", mission_text=mission.name)
    launch = mission.open_event(EventKind.LAUNCH) or Event(new_id, EventKind.LAUNCH, EventState.PLANNED, UNKNOWN)
    return _cancel_open(mission.with_event(launch), lambda _: True)


def correct(mission: Mission, event: Event, at: datetime | None) -> Mission:
    """Put a recorded time right, or with None say that the event did not happen after all.

    It is open again then, unless the mission is over even so. An outcome that rested on it is taken back with it; what was
    cancelled with it stays cancelled, to be planned again.
    """
    if event.actual_at is None:
        raise Conflict("nothing_to_correct", kind=event.kind.value)
    if at == event.actual_at:
        raise Conflict("correction_changes_nothing")
    if at is None:
        return _reopened(mission, event)
    corrected = mission.with_event(replace(event, actual_at=at))
    if _decided_by(mission, event):
        corrected = replace(corrected, failed_at=at)
    _require_still_possible(corrected)
    return corrected


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


def _with_outcome(mission: Mission, outcome: Outcome, at: datetime) -> Mission:
    known = mission.outcome
    if known is not None and _GRAVITY.index(known) >= _GRAVITY.index(outcome):
        return mission
    return replace(mission, outcome=outcome, failed_at=at)


def _end(mission: Mission, *, comes_down: bool, landing_id: int) -> Mission:
    """Cancel what can no longer happen. What still comes down keeps its return, and its undocking first, without dates."""
    if not comes_down:
        return _cancel_open(mission, lambda _: True)
    lands = mission.kind is MissionKind.CREW or mission.open_event(EventKind.LANDING) is not None
    way_home = EventKind.LANDING if lands else EventKind.DEORBIT
    leaves = phase_of(replace(mission, outcome=None)) is Phase.DOCKED
    kept = {way_home, EventKind.UNDOCKING} if leaves else {way_home}
    ended = _cancel_open(mission, lambda event: event.kind not in kept)
    if ended.open_event(way_home) is None:
        ended = ended.with_event(Event(landing_id, way_home, EventState.PLANNED))
    for event in ended.events:
        if event.state.is_open:
            ended = ended.with_event(replace(event, state=EventState.PLANNED, planned=UNKNOWN))
    return ended


def _settled(mission: Mission) -> Mission:
    """A mission that is over has nothing open."""
    return _cancel_open(mission, lambda _: True) if phase_of(mission) is Phase.ENDED else mission


def _cancel_open(mission: Mission, chosen: Callable[[Event], bool]) -> Mission:
    for event in mission.events:
        if event.state.is_open and chosen(event):
            mission = mission.with_event(replace(event, state=EventState.CANCELLED))
    return mission


def _decided_by(mission: Mission, event: Event) -> bool:
    """True when the mission's outcome came with the failure of this event."""
    return event.state is EventState.FAILED and mission.failed_at is not None and mission.failed_at == event.actual_at


def _reopened(mission: Mission, event: Event) -> Mission:
    _require_nothing_after(mission, event)
    if not event.kind.may_repeat and mission.open_event(event.kind) is not None:
        raise Conflict("event_already_planned", kind=event.kind.value)
    landed_well = event.kind.ends_mission and event.state is EventState.DONE and mission.failed_at is None
    if landed_well or _decided_by(mission, event) or event.kind is EventKind.LAUNCH:
        mission = replace(mission, outcome=None, failed_at=None)
    open_again = replace(event, state=EventState.PLANNED, actual_at=None, planned=event.planned or UNKNOWN)
    reopened = mission.with_event(open_again)
    if phase_of(reopened) in {Phase.ENDED, Phase.CANCELLED} or _was_tried_again(mission, event):
        return mission.with_event(replace(open_again, state=EventState.CANCELLED, planned=event.planned))
    if event.kind is EventKind.LAUNCH:
        return undate_impossible(reopened, open_again)[0]
    if any(
        finding.certain and open_again in {finding.earlier, finding.later}
        for finding in order_findings(reopened.events)
    ):
        return reopened.with_event(replace(open_again, planned=UNKNOWN))
    return reopened


def _was_tried_again(mission: Mission, event: Event) -> bool:
    """True for a failed attempt at what succeeded later: there is nothing left to open."""
    later = mission.done_event(event.kind)
    return event.state is EventState.FAILED and later is not None and actual_key(later) > actual_key(event)


def _require_nothing_after(mission: Mission, event: Event) -> None:
    """What others rest on cannot be taken back alone: a launch with a docking after it, a docking with an undocking after it."""
    if event.state is not EventState.DONE:
        return
    for other in mission.events:
        if other.actual_at is None or other.id == event.id or actual_key(other) < actual_key(event):
            continue
        moved = event.kind.moves_spacecraft and (other.kind.moves_spacecraft or other.kind.ends_mission)
        if event.kind is EventKind.LAUNCH or moved:
            raise Conflict("others_rest_on_it", kind=event.kind.value, later=other.kind.value)


def _require_still_possible(mission: Mission) -> None:
    """Replay what is recorded in its order: a correction may not make any of it impossible. Milestones rest on nothing."""
    launch_at = lifted_off_at(mission)
    recorded = sorted((event for event in mission.events if event.actual_at is not None), key=actual_key)
    for event in recorded:
        before_lift_off = launch_at is not None and event.actual_at is not None and event.actual_at < launch_at
        if before_lift_off and event.kind.needs_launch:
            raise Conflict("before_launch", kind=event.kind.value)
    if launch_at is not None and mission.failed_at is not None and mission.failed_at < launch_at:
        raise Conflict("after_failure")
    replayed = replace(mission, events=(), outcome=None, failed_at=None)
    for event in recorded:
        if event.state is EventState.DONE and event.kind is not EventKind.MILESTONE:
            replayed = _replayed(replayed, event)


def _replayed(mission: Mission, event: Event) -> Mission:
    assert event.actual_at is not None  # noqa: S101 - the caller has checked
    try:
        return complete_event(mission, replace(event, state=EventState.PLANNED), event.actual_at)
    except Conflict as impossible:
        raise Conflict("correction_impossible", kind=event.kind.value) from impossible
