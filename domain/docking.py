"""Stations and their docking ports. A port holds one spacecraft; who is where comes from the missions' events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Conflict
from domain.missions import Event, EventKind, Mission, docked_port_id, return_event
from domain.when import When

PORTS_MAX = 40


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
class PortUse:
    """A port, who is at it (since when, planned until), and who is planned for it, soonest first."""

    port: Port
    occupant: Mission | None
    since_at: datetime | None
    until: When | None
    arrivals: tuple[Arrival, ...]


def occupant_of(port_id: int, missions: Iterable[Mission]) -> Mission | None:
    """The mission whose spacecraft is at the port now."""
    return next((mission for mission in missions if docked_port_id(mission) == port_id), None)


def port_uses(station: Station, missions: Iterable[Mission]) -> tuple[PortUse, ...]:
    """Who is at each port of the station, and who is planned for it."""
    known = tuple(missions)
    return tuple(_use_of(port, known) for port in station.ports)


def require_free(port: Port, mission: Mission, missions: Iterable[Mission]) -> None:
    """Refuse (`port_occupied`) when another spacecraft is at the port, naming it."""
    holder = occupant_of(port.id, missions)
    if holder is not None and holder.id != mission.id:
        raise Conflict("port_occupied", port_text=port.name, mission_text=holder.name)


def leaves(mission: Mission) -> When | None:
    """When a docked spacecraft is planned to leave: its undocking, or else its return."""
    undocking = mission.open_event(EventKind.UNDOCKING)
    if undocking is not None:
        return undocking.planned
    back = return_event(mission)
    return back.planned if back is not None and back.state.is_open else None


def _use_of(port: Port, missions: tuple[Mission, ...]) -> PortUse:
    occupant = occupant_of(port.id, missions)
    arrivals = [
        Arrival(mission, event)
        for mission in missions
        for event in mission.events
        if event.state.is_open and event.kind in {EventKind.DOCKING, EventKind.RELOCATION} and event.port_id == port.id
    ]
    arrivals.sort(key=lambda arrival: (arrival.event.time.at is None, str(arrival.event.time.at)))
    return PortUse(
        port=port,
        occupant=occupant,
        since_at=_since(occupant, port.id) if occupant else None,
        until=leaves(occupant) if occupant else None,
        arrivals=tuple(arrivals),
    )


def _since(mission: Mission, port_id: int) -> datetime | None:
    stays = [event.actual_at for event in mission.events if event.port_id == port_id and event.actual_at is not None]
    return max(stays, default=None)
