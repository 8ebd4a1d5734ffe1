"""Stations and their docking ports. A port holds one spacecraft; who is where comes from the missions' events."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import Conflict
from domain.missions import Event, EventKind, Mission, docked_port_id, return_event
from domain.when import UNKNOWN, When, exactly

PORTS_MAX = 40
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Port:
    """A docking port of a station."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Station:
    """A station spacecraft dock at. `short` is what people say ("ISS")."""

    id: int
    name: str
    short: str | None = None
    ports: tuple[Port, ...] = ()

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short or self.name

    def port(self, port_id: int | None) -> Port | None:
        """The port of that id; None when there is none."""
        return next((port for port in self.ports if port.id == port_id), None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A planned docking or relocation to a port."""

    mission: Mission
    event: Event


@dataclass(frozen=True, slots=True)
class PortStay:
    """A spacecraft at a port, actual or planned. Without a date either end may be anywhere the other allows."""

    mission: Mission
    begins: When
    until: When

    def may_overlap(self, other: "PortStay") -> bool:
        """False only when one is certainly gone before the other comes."""
        return not (self.until.certainly_before(other.begins) or other.until.certainly_before(self.begins))


@dataclass(frozen=True, slots=True)
class PortUse:
    """A port, who is at it (since when, planned until), and who is planned for it, soonest first.

    `overlaps` are pairs of spacecraft whose stays may overlap, the earlier arrival first.
    """

    port: Port
    occupant: Mission | None
    since_at: datetime | None
    until: When | None
    arrivals: tuple[Arrival, ...]
    overlaps: tuple[tuple[PortStay, PortStay], ...] = ()

    def overlapping(self, mission: Mission) -> tuple[PortStay, ...]:
        """The other spacecraft whose stays may overlap that mission's."""
        pairs = [pair for pair in self.overlaps if mission.id in {stay.mission.id for stay in pair}]
        return tuple(stay for pair in pairs for stay in pair if stay.mission.id != mission.id)


def occupant_of(port_id: int, missions: Iterable[Mission]) -> Mission | None:
    """The mission whose spacecraft is at the port now."""
    return next((mission for mission in missions if docked_port_id(mission) == port_id), None)


def port_uses(station: Station, missions: Iterable[Mission]) -> tuple[PortUse, ...]:
    """Who is at each port of the station, and who is planned for it."""
    naming: dict[int | None, list[Mission]] = defaultdict(list)
    for mission in missions:
        for port_id in {event.port_id for event in mission.events}:
            naming[port_id].append(mission)
    return tuple(_use_of(port, tuple(naming[port.id])) for port in station.ports)


def require_free(port: Port, mission: Mission, missions: Iterable[Mission]) -> None:
    """Refuse (`port_occupied`) when another spacecraft is at the port, naming it and until when it is planned to stay."""
    holder = occupant_of(port.id, missions)
    if holder is not None and holder.id != mission.id:
        raise Conflict(
            "port_occupied",
            port_text=port.name,
            mission_text=holder.name,
            until=leaves(holder, port.id) or UNKNOWN,
        )


def leaves(mission: Mission, port_id: int | None = None) -> When | None:
    """When a spacecraft is planned to leave its port: by relocation to another, by undocking, or else by its return."""
    away = [
        event
        for event in mission.events
        if event.state.is_open and event.kind is EventKind.RELOCATION and event.port_id != port_id
    ]
    undocking = mission.open_event(EventKind.UNDOCKING)
    if undocking is not None:
        away.append(undocking)
    if not away:
        back = return_event(mission)
        return back.planned if back is not None and back.state.is_open else None
    return min(away, key=_soonest).planned


def port_stays(port: Port, missions: Iterable[Mission]) -> tuple[PortStay, ...]:
    """Every stay at the port, actual first, then planned ones by what is known of their time."""
    known = tuple(missions)
    holder = occupant_of(port.id, known)
    stays = [] if holder is None else [_stay(holder, port.id, exactly(_since(holder, port.id) or _LONG_AGO))]
    stays += [_stay(arrival.mission, port.id, arrival.event.time) for arrival in _arrivals(port, known)]
    return tuple(stays)


def overlaps_at(port: Port, missions: Iterable[Mission]) -> tuple[tuple[PortStay, PortStay], ...]:
    """Pairs of stays of different spacecraft at the port that may overlap. They are told, not refused."""
    stays = port_stays(port, missions)
    return tuple(
        (one, other)
        for position, one in enumerate(stays)
        for other in stays[position + 1 :]
        if one.mission.id != other.mission.id and one.may_overlap(other)
    )


def _use_of(port: Port, missions: tuple[Mission, ...]) -> PortUse:
    occupant = occupant_of(port.id, missions)
    return PortUse(
        port=port,
        occupant=occupant,
        since_at=_since(occupant, port.id) if occupant else None,
        until=leaves(occupant, port.id) if occupant else None,
        arrivals=_arrivals(port, missions),
        overlaps=overlaps_at(port, missions),
    )


def _arrivals(port: Port, missions: Iterable[Mission]) -> tuple[Arrival, ...]:
    found = [
        Arrival(mission, event)
        for mission in missions
        for event in mission.events
        if event.state.is_open and event.kind in {EventKind.DOCKING, EventKind.RELOCATION} and event.port_id == port.id
    ]
    return tuple(sorted(found, key=lambda arrival: _soonest(arrival.event)))


def _stay(mission: Mission, port_id: int, begins: When) -> PortStay:
    return PortStay(mission, begins, leaves(mission, port_id) or UNKNOWN)


def _soonest(event: Event) -> tuple[bool, float]:
    at = event.time.at
    return (at is None, at.timestamp() if at else 0.0)


def _since(mission: Mission, port_id: int) -> datetime | None:
    stays = [event.actual_at for event in mission.events if event.port_id == port_id and event.actual_at is not None]
    return max(stays, default=None)
