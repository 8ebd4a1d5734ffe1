"""The docking desk: stations, their ports, and confirmed dockings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.announcements import StationSaved
from domain.capabilities import Capability
from domain.docking import PORTS_MAX, Port, PortUse, Station, port_uses, require_free
from domain.errors import Conflict, InvalidInput, NotFound
from domain.missions import Event, EventKind, EventState, docked_port_id
from domain.text import name_key, one_line, require_name
from domain.when_text import parse_instant
from services import cards, lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.missions import MissionChanged, as_of_instant, complete
from storage import missions, stations


@dataclass(frozen=True, slots=True)
class SaveStation:
    """`/docking station`, as typed; ports separated by commas."""

    name: str
    short: str | None = None
    ports: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmDocking:
    """`/docking confirm`, as typed."""

    mission: str
    when: str | None = None
    port: str | None = None


@dataclass(frozen=True, slots=True)
class StationChanged:
    """A station after it was saved, and which ports are new."""

    station: Station
    new_ports: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class StationPorts:
    """Who is at each port of a station, and who is coming."""

    station: Station
    uses: tuple[PortUse, ...]
    asked_at: datetime
    believed_at: datetime | None = None


class DockingDesk:
    """Stations and ports."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def station(self, actor: Actor, request: SaveStation) -> Receipt[StationChanged]:
        """Add a station, or ports to one that is known. Raises InvalidInput when neither would change anything."""
        name = require_name(request.name, what="name")
        short = None if request.short is None else _short(request.short)
        wanted = _port_names(request.ports)

        async def work(change: Change) -> StationChanged:
            known_id = await stations.find(change.tx, change.workspace.id, name)
            known = None if known_id is None else await stations.load(change.tx, change.workspace.id, known_id)
            base = known or Station(change.new_id(), name)
            fresh = [port for port in wanted if name_key(port) not in {name_key(old.name) for old in base.ports}]
            if known is not None and not fresh and short in {None, known.short}:
                raise InvalidInput("station_unchanged", station_text=known.called)
            await _require_free_short(change, base, short)
            if len(base.ports) + len(fresh) > PORTS_MAX:
                raise InvalidInput("too_many_ports", limit=PORTS_MAX)
            added = tuple(Port(change.new_id(), port) for port in fresh)
            station = replace(base, short=short or base.short, ports=base.ports + added)
            await stations.save(change.tx, change.workspace.id, station)
            await change.record("save_station", ("station", station.id), station)
            await change.announce(StationSaved(station.name, station.short, tuple(fresh), is_new=known is None))
            return StationChanged(station, tuple(fresh), known is None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def ports(
        self, actor: Actor, station: str | None = None, as_of: str | None = None
    ) -> tuple[StationPorts, ...]:
        """The ports of one station, or of all."""

        async def work(view: View) -> tuple[StationPorts, ...]:
            ws = view.workspace.id
            at = None if as_of is None else as_of_instant(as_of, view.now)
            world = await (cards.world_now(view.reader, ws) if at is None else cards.world_as_of(view.reader, ws, at))
            chosen: Iterable[Station] = world.stations.values()
            if station is not None:
                wanted = await lookups.station(view.reader, ws, station)
                if wanted.id not in world.stations:
                    raise NotFound("station_not_known_then", station_text=wanted.called)
                chosen = (world.stations[wanted.id],)
            return tuple(StationPorts(found, port_uses(found, world.missions), at or view.now, at) for found in chosen)

        return await self._changes.read(actor, work)

    async def confirm(self, actor: Actor, request: ConfirmDocking) -> Receipt[MissionChanged]:
        """Record a docking. Refuses a port another spacecraft is at, naming it."""

        async def work(change: Change) -> MissionChanged:
            ws = change.workspace.id
            mission = await lookups.mission(change.tx, ws, request.mission)
            station = None if mission.station_id is None else await stations.load(change.tx, ws, mission.station_id)
            if station is None:
                raise Conflict("mission_without_station", mission_text=mission.name)
            if docked_port_id(mission) is not None:
                raise Conflict("already_docked")
            planned = mission.open_event(EventKind.DOCKING)
            port = _port(station, planned, request.port)
            require_free(port, mission, await missions.load_live(change.tx, ws))
            event = planned or Event(change.new_id(), EventKind.DOCKING, EventState.PLANNED)
            at = parse_instant(request.when, change.now)
            return await complete(change, mission, replace(event, port_id=port.id), at, None)

        return await self._changes.make(actor, Capability.OPERATE, work)


def _short(typed: str) -> str:
    require_name(typed, what="short")
    return one_line(typed, what="short", limit=20)


def _port(station: Station, planned: Event | None, typed: str | None) -> Port:
    if typed is not None:
        return lookups.port_of(station, typed)
    port = station.port(planned.port_id) if planned else None
    if port is None:
        raise InvalidInput("port_needed", station_text=station.called)
    return port


def _port_names(typed: str | None) -> tuple[str, ...]:
    if typed is None:
        return ()
    names = [require_name(part, what="ports") for part in typed.split(",") if part.strip()]
    return tuple({name_key(name): name for name in names}.values())


async def _require_free_short(change: Change, station: Station, short: str | None) -> None:
    if short is None:
        return
    holder = await stations.find(change.tx, change.workspace.id, short)
    if holder is not None and holder != station.id:
        raise Conflict("station_short_taken", short_text=short)
