"""People, their seats up and down, and who is aboard a station: derived from the flights' events, never typed.

A stay begins with the flight that takes a person up and belongs to the flight that brings them down, which may be another one, or
none yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.errors import InvalidInput
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
    return_event,
)
from domain.text import name_key, require_name
from domain.when import UNKNOWN, When, exactly

ROLE_MAX = 60
ALSO_MAX = 8

_MOVES = frozenset({EventKind.DOCKING, EventKind.RELOCATION, EventKind.UNDOCKING, EventKind.LANDING, EventKind.DEORBIT})
DEPARTURES = frozenset({EventKind.UNDOCKING, EventKind.LANDING, EventKind.DEORBIT})


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who flies. `also` are other spellings of the name; any of them finds the person."""

    id: int
    name: str
    agency: str | None = None
    also: tuple[str, ...] = ()

    def edited(self, name: str | None, agency: str | None, also: tuple[str, ...] | None) -> "Person":
        """This person with what is given changed. A former name still finds them, unless spellings are given."""
        called = name or self.name
        others = (self.name, *self.also) if also is None else also
        distinct = {name_key(other): other for other in others if name_key(other) != name_key(called)}
        return Person(self.id, called, agency or self.agency, tuple(distinct.values())[:ALSO_MAX])


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's way up and way down. `down` is None while they have no ride; `role` is the one they went up in."""

    person_id: int
    role: str
    up: Mission
    down: Mission | None

    @property
    def begins(self) -> When:
        """The launch: actual, or planned."""
        launched_at = lifted_off_at(self.up)
        if launched_at is not None:
            return exactly(launched_at)
        launch = self.up.open_event(EventKind.LAUNCH)
        return launch.time if launch else UNKNOWN

    @property
    def ends(self) -> When:
        """The return of the ride down: actual, or planned; without a date while there is no ride."""
        if self.down is None:
            return UNKNOWN
        landed = landed_at(self.down)
        if landed is not None:
            return exactly(landed)
        back = return_event(self.down)
        return back.time if back is not None and back.state.is_open else UNKNOWN

    @property
    def is_over(self) -> bool:
        """True once the ride down has ended with them, or the flight up ended before it docked anywhere."""
        if arrived_at(self.up) is None and phase_of(self.up) is Phase.ENDED:
            return True
        return self.down is not None and phase_of(self.down) is Phase.ENDED and _took_them(self)

    @property
    def is_under_way(self) -> bool:
        """True between lift-off and the return."""
        return lifted_off_at(self.up) is not None and not self.is_over


@dataclass(frozen=True, slots=True)
class Aboard:
    """A person aboard a station since the docking of the spacecraft they went up on."""

    stay: Stay
    station_id: int
    since_at: datetime


def require_spellings(typed: str) -> tuple[str, ...]:
    """Other spellings from "Mikaev, Mikayev"; "none" clears them. Raises InvalidInput `too_many_spellings`."""
    if name_key(typed) in {"", "none"}:
        return ()
    names = [require_name(part, what="also") for part in typed.split(",") if part.strip()]
    distinct = tuple({name_key(name): name for name in names}.values())
    if len(distinct) > ALSO_MAX:
        raise InvalidInput("too_many_spellings", limit=ALSO_MAX)
    return distinct


# --- stays ------------------------------------------------------------------------------------------------------------


def stays_of(missions: Iterable[Mission]) -> tuple[Stay, ...]:
    """Every stay these flights tell of. A way up without a way down on the same flight takes the next way down there is."""
    known = [mission for mission in missions if phase_of(mission) is not Phase.CANCELLED]
    rides: dict[int, list[Mission]] = defaultdict(list)
    for mission in sorted(known, key=_return_key):
        for seat in mission.crew:
            if seat.comes_down and not seat.goes_up:
                rides[seat.person_id].append(mission)
    return tuple(_stays(sorted(known, key=_launch_key), rides))


def _stays(known: list[Mission], rides: dict[int, list[Mission]]) -> Iterator[Stay]:
    for mission in known:
        for seat in mission.crew:
            if seat.comes_down and seat.goes_up:
                yield Stay(seat.person_id, seat.role, mission, mission)
            elif seat.goes_up:
                own = rides[seat.person_id]
                ride = next((ride for ride in own if _can_follow(mission, ride)), None)
                if ride is not None:
                    own.remove(ride)
                yield Stay(seat.person_id, seat.role, mission, ride)


def _can_follow(up: Mission, down: Mission) -> bool:
    """False for a ride that was over before the flight up began, and for one that was lost on its own way up."""
    if phase_of(down) is not Phase.ENDED:
        return True
    launched, landed = lifted_off_at(up), landed_at(down)
    return launched is not None and landed is not None and launched < landed


def aboard(missions: Iterable[Mission]) -> tuple[Aboard, ...]:
    """Who is aboard which station, longest there first.

    From the docking of the spacecraft they went up on until the undocking (or landing) of the one that takes them down. Whoever
    has no ride, or whose ride has left without them, stays aboard.
    """
    found = []
    for stay in stays_of(missions):
        arrived = arrived_at(stay.up)
        if arrived is not None and stay.up.station_id is not None and not _has_taken(stay, arrived):
            found.append(Aboard(stay, stay.up.station_id, arrived))
    return tuple(sorted(found, key=lambda one: one.since_at))


def _has_taken(stay: Stay, since_at: datetime) -> bool:
    """True once the ride down has left the station with them; a ride that docks again has brought them back."""
    ride = stay.down
    if ride is None:
        return False
    last = max(_moves_after(ride, since_at), key=actual_key, default=None)
    if last is not None:
        return last.kind in DEPARTURES
    # A spacecraft that was lost at its port took nobody along.
    return ride.id == stay.up.id and phase_of(ride) is Phase.ENDED and ride.outcome is not Outcome.LOST


def _took_them(stay: Stay) -> bool:
    arrived = arrived_at(stay.up)
    return stay.down is not None and (arrived is None or _has_taken(stay, arrived))


def landed_at(mission: Mission) -> datetime | None:
    """When a spacecraft came down; None before it, and for one that was lost."""
    ends = [event.actual_at for event in mission.events if event.kind.ends_mission and event.state is EventState.DONE]
    return max((at for at in ends if at is not None), default=None)


def arrived_at(mission: Mission) -> datetime | None:
    """When a spacecraft first docked; None before it."""
    docked = [event for event in mission.events if event.kind is EventKind.DOCKING and event.state is EventState.DONE]
    return min((event.actual_at for event in docked if event.actual_at is not None), default=None)


def _moves_after(mission: Mission, at: datetime) -> Iterator[Event]:
    return (
        event
        for event in mission.events
        if event.kind in _MOVES
        and event.state is EventState.DONE
        and event.actual_at is not None
        and event.actual_at > at
    )


def _launch_key(mission: Mission) -> tuple[bool, float, int]:
    launch = mission.done_event(EventKind.LAUNCH) or mission.open_event(EventKind.LAUNCH)
    return _when_key(launch, mission.id)


def _return_key(mission: Mission) -> tuple[bool, float, int]:
    return _when_key(return_event(mission), mission.id)


def _when_key(event: Event | None, mission_id: int) -> tuple[bool, float, int]:
    at = event.time.at if event else None
    return (at is None, at.timestamp() if at else 0.0, mission_id)
