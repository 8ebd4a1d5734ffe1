"""Seats up and down: giving them, changing the way down, and refusing what contradicts itself.

A person is in one place: two flights that certainly overlap are refused, two that only may are said.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from domain.crew import DEPARTURES, Stay, arrived_at, landed_at
from domain.errors import Conflict
from domain.missions import (
    EventKind,
    EventState,
    Mission,
    Phase,
    Seat,
    phase_of,
    return_event,
)
from domain.plans import require_open_mission
from domain.when import UNKNOWN, When, exactly

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# --- contradictions ---------------------------------------------------------------------------------------------------


def require_one_flight(name: str, stays: Iterable[Stay], changed: Stay, now: datetime) -> Stay | None:
    """Refuse (`two_flights`) a stay that certainly overlaps another of the same person; return one that only may, to be said."""
    others = [stay for stay in stays if stay.person_id == changed.person_id and stay.up.id != changed.up.id]
    for other in others:
        if _certainly_overlap(changed, other, now):
            raise Conflict("two_flights", person_text=name, mission_text=changed.up.name, other_text=other.up.name)
    return next((other for other in others if not other.is_over and not _certainly_apart(changed, other)), None)


def _certainly_overlap(one: Stay, other: Stay, now: datetime) -> bool:
    return _begins_within(one, other, now) and _begins_within(other, one, now)


def _begins_within(one: Stay, other: Stay, now: datetime) -> bool:
    """True when `one` has certainly begun before `other` can have ended."""
    latest_begin, earliest_end = one.begins.closes_at, _earliest_end(other, now)
    return latest_begin is not None and earliest_end is not None and latest_begin <= earliest_end


def _earliest_end(stay: Stay, now: datetime) -> datetime | None:
    if stay.is_over:
        return stay.ends.opens_at
    known = [stay.begins.opens_at, stay.ends.opens_at, now if stay.is_under_way else None]
    return max((at for at in known if at is not None), default=None)


def _certainly_apart(one: Stay, other: Stay) -> bool:
    return one.ends.certainly_before(other.begins) or other.ends.certainly_before(one.begins)


def require_ride(name: str, stay: Stay, ride: Mission) -> None:
    """Refuse a ride down that certainly cannot be theirs: bound elsewhere, called off, or gone before they arrive."""
    if phase_of(ride) is Phase.CANCELLED or (phase_of(ride) is Phase.ENDED and landed_at(ride) is None):
        require_open_mission(ride)
    if ride.id != stay.up.id and ride.station_id != stay.up.station_id:
        raise Conflict("ride_elsewhere", person_text=name, mission_text=ride.name, other_text=stay.up.name)
    if _leaves(ride).certainly_before(_arrives(stay.up)):
        raise Conflict("ride_too_early", person_text=name, mission_text=ride.name, other_text=stay.up.name)


def _leaves(ride: Mission) -> When:
    left = [event for event in ride.events if event.kind in DEPARTURES and event.state is EventState.DONE]
    last = max(left, key=lambda event: event.time.at or _EPOCH, default=None)
    if last is not None and phase_of(ride) is not Phase.DOCKED:
        return last.time
    back = ride.open_event(EventKind.UNDOCKING) or return_event(ride)
    return back.time if back is not None and back.state.is_open else UNKNOWN


def _arrives(up: Mission) -> When:
    arrived = arrived_at(up)
    if arrived is not None:
        return exactly(arrived)
    docking = up.open_event(EventKind.DOCKING) or up.open_event(EventKind.LAUNCH)
    return docking.time if docking else UNKNOWN


# --- seats ------------------------------------------------------------------------------------------------------------


def seats_up(mission: Mission) -> int:
    """How many have a seat up."""
    return sum(seat.goes_up for seat in mission.crew)


def seats_down(mission: Mission) -> int:
    """How many have a seat down."""
    return sum(seat.comes_down for seat in mission.crew)


def seat_of(mission: Mission, person_id: int) -> Seat | None:
    """The person's seat on that flight."""
    return next((seat for seat in mission.crew if seat.person_id == person_id), None)


def give_seat(mission: Mission, person_id: int, role: str) -> Mission:
    """Seat a person up and down. For someone who is on the flight already, another role is their new role there."""
    require_open_mission(mission)
    seat = seat_of(mission, person_id)
    if seat is not None and seat.role == role:
        raise Conflict("already_assigned")
    if seat is not None:
        return _with_seat(mission, replace(seat, role=role))
    if mission.seats is not None and seats_up(mission) >= mission.seats:
        raise Conflict("no_seat_left", seats=mission.seats, mission_text=mission.name)
    _require_seat_down(mission)
    return replace(mission, crew=(*mission.crew, Seat(person_id, role)))


def take_ride(mission: Mission, person_id: int, role: str) -> Mission:
    """Seat a person on the way down only, or also down where they went up on it."""
    _require_seat_down(mission)
    seat = seat_of(mission, person_id)
    if seat is not None:
        return _with_seat(mission, replace(seat, comes_down=True))
    return replace(mission, crew=(*mission.crew, Seat(person_id, role, goes_up=False)))


def leave_ride(mission: Mission, person_id: int) -> Mission:
    """Take away the seat down; who also goes up on it keeps that."""
    seat = seat_of(mission, person_id)
    if seat is None or not seat.comes_down:
        return mission
    return _with_seat(mission, replace(seat, comes_down=False)) if seat.goes_up else without_seat(mission, person_id)


def without_seat(mission: Mission, person_id: int) -> Mission:
    """Take the person off the flight, up and down."""
    return replace(mission, crew=tuple(seat for seat in mission.crew if seat.person_id != person_id))


def _with_seat(mission: Mission, seat: Seat) -> Mission:
    return replace(mission, crew=tuple(seat if known.person_id == seat.person_id else known for known in mission.crew))


def _require_seat_down(mission: Mission) -> None:
    if mission.seats is not None and seats_down(mission) >= mission.seats:
        raise Conflict("no_seat_down", seats=mission.seats, mission_text=mission.name)
