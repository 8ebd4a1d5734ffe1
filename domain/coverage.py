"""Return coverage: does everyone aboard a station have a seat home now, and what would bring a relief.

Counted on what is docked at this moment, not on what is planned: a seat on a spacecraft that has not arrived brings nobody down.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.crew import Aboard, aboard
from domain.missions import Clearance, Event, EventKind, Mission, MissionKind, Outcome, Phase, launch_key, phase_of
from domain.seats import seats_down, seats_up


class Cover(StrEnum):
    """What would bring a person home now."""

    SEAT = "seat"
    EMERGENCY = "emergency"
    NONE = "none"


class Lack(StrEnum):
    """Why a person's assigned ride does not cover them fully."""

    NO_RIDE = "no_ride"
    NOT_DOCKED = "not_docked"
    EMERGENCY_ONLY = "emergency_only"
    NOT_CLEARED = "not_cleared"
    OVERBOOKED = "overbooked"


@dataclass(frozen=True, slots=True)
class Covered:
    """One person aboard. `spacecraft` would bring them down now; `ride` is the one they are assigned to."""

    person: Aboard
    cover: Cover
    spacecraft: Mission | None
    ride: Mission | None
    lack: Lack | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A station's people, covered or not, and the spacecraft there that bring people home.

    `seats_cleared` and `seats_emergency` count the stated seats of docked spacecraft; `seats_unsaid` are those that state none.
    """

    people: tuple[Covered, ...]
    docked: tuple[Mission, ...]
    seats_cleared: int
    seats_emergency: int
    seats_free: int
    seats_unsaid: tuple[Mission, ...]

    def with_cover(self, cover: Cover) -> tuple[Covered, ...]:
        """Those so covered."""
        return tuple(one for one in self.people if one.cover is cover)


@dataclass(frozen=True, slots=True)
class Relief:
    """The next crew flight to the station: on its way, or waiting for its launch."""

    mission: Mission
    launch: Event | None
    is_on_its_way: bool


def coverage_of(station_id: int, missions: Iterable[Mission]) -> Coverage:
    """Who aboard the station has an assigned seat on a cleared, docked spacecraft, who only in an emergency, and who none.

    Who is assigned to a spacecraft that is not there can, in an emergency, still leave on the one they came on, while it is docked,
    not forbidden, and has a seat that nobody else is assigned to.
    """
    known = tuple(missions)
    docked = tuple(mission for mission in known if mission.station_id == station_id and _carries_people(mission))
    seats = _Seats(docked)
    people = [one for one in aboard(known) if one.station_id == station_id]
    assigned = [_by_assignment(one, seats) for one in people]
    covered = tuple(one if one.cover is not Cover.NONE else _in_emergency(one, seats) for one in assigned)
    return Coverage(
        people=covered,
        docked=docked,
        seats_cleared=_stated(docked, Clearance.CLEARED),
        seats_emergency=_stated(docked, Clearance.EMERGENCY_ONLY),
        seats_free=sum(seats.free(mission) for mission in docked if mission.clearance is Clearance.CLEARED),
        seats_unsaid=tuple(mission for mission in docked if mission.seats is None),
    )


def relief_of(station_id: int, missions: Iterable[Mission]) -> Relief | None:
    """The next crew flight to the station that is not there yet: one on its way first, then the next launch.

    A flight that was aborted is on its way down, not up.
    """
    coming = [
        mission
        for mission in missions
        if mission.station_id == station_id
        and mission.kind is MissionKind.CREW
        and mission.outcome is not Outcome.ABORTED
    ]
    flying = [mission for mission in coming if phase_of(mission) is Phase.IN_FLIGHT]
    if flying:
        return Relief(min(flying, key=lambda mission: mission.id), None, is_on_its_way=True)
    waiting = [mission for mission in coming if phase_of(mission) in {Phase.PLANNED, Phase.ON_HOLD, Phase.SCRUBBED}]
    first = min(waiting, key=launch_key, default=None)
    return None if first is None else Relief(first, first.open_event(EventKind.LAUNCH), is_on_its_way=False)


class _Seats:
    """Seats of docked spacecraft, given out one by one."""

    def __init__(self, docked: Iterable[Mission]) -> None:
        self._docked = {mission.id: mission for mission in docked}
        self._taken: Counter[int] = Counter()
        self._reserved = Counter({mission.id: seats_down(mission) for mission in self._docked.values()})

    def docked(self, mission: Mission | None) -> bool:
        return mission is not None and mission.id in self._docked

    def take(self, mission: Mission) -> bool:
        """Take one of the seats people are assigned to; False when more are assigned than there are."""
        if self._taken[mission.id] >= _capacity(mission):
            return False
        self._taken[mission.id] += 1
        return True

    def take_free(self, mission: Mission) -> bool:
        """Take a seat that nobody is assigned to."""
        if not self.free(mission):
            return False
        self._reserved[mission.id] += 1
        return True

    def free(self, mission: Mission) -> int:
        return max(_capacity(mission) - self._reserved[mission.id], 0)


def _by_assignment(person: Aboard, seats: _Seats) -> Covered:
    ride = person.stay.down
    if ride is None:
        return Covered(person, Cover.NONE, None, None, Lack.NO_RIDE)
    if not seats.docked(ride):
        return Covered(person, Cover.NONE, None, ride, Lack.NOT_DOCKED)
    if ride.clearance is Clearance.NOT_CLEARED:
        return Covered(person, Cover.NONE, None, ride, Lack.NOT_CLEARED)
    if not seats.take(ride):
        return Covered(person, Cover.NONE, None, ride, Lack.OVERBOOKED)
    if ride.clearance is Clearance.EMERGENCY_ONLY:
        return Covered(person, Cover.EMERGENCY, ride, ride, Lack.EMERGENCY_ONLY)
    return Covered(person, Cover.SEAT, ride, ride, None)


def _in_emergency(one: Covered, seats: _Seats) -> Covered:
    up = one.person.stay.up
    if not seats.docked(up) or up.clearance is Clearance.NOT_CLEARED or one.lack is Lack.OVERBOOKED:
        return one
    if not seats.take_free(up):
        return one
    return Covered(one.person, Cover.EMERGENCY, up, one.ride, one.lack)


def _carries_people(mission: Mission) -> bool:
    if phase_of(mission) is not Phase.DOCKED:
        return False
    return bool(mission.crew) or (mission.kind is MissionKind.CREW and mission.seats != 0)


def _capacity(mission: Mission) -> int:
    """Stated seats; where none are stated, as many as people are assigned up or down on it."""
    return mission.seats if mission.seats is not None else max(seats_up(mission), seats_down(mission))


def _stated(docked: Iterable[Mission], clearance: Clearance) -> int:
    return sum(mission.seats or 0 for mission in docked if mission.clearance is clearance)
