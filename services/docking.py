"""The docking desk: stations, their ports, and the moves of spacecraft between them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.capabilities import Capability
from domain.crew import Aboard, aboard
from domain.docking import PORTS_MAX, Port, PortStay, PortUse, Station, overlaps_at, port_uses, require_free
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import EventPlanned, StationSaved
from domain.missions import Event, EventKind, EventState, Mission, docked_port_id
from domain.order import require_possible_order
from domain.plans import plan_event, require_open_mission
from domain.text import name_key, one_line, require_name
from domain.when import Precision, When
from domain.when_text import parse_instant, parse_when
from services import cards, lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.coverage import flights_of_stays
from services.missions import MissionChanged, as_of_instant, complete
from services.reminders import event_ref
from services.schedule import save_mission
from storage import missions, people, stations

_NOW_TOLERANCE = timedelta(minutes=1)
"""How far ahead of now a time may lie and still be taken for now."""


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
class ArrivalChanged:
    """A docking or relocation planned for a port, or a relocation that happened; who else may be at that port at the time."""

    changed: MissionChanged
    port: Port
    overlaps: tuple[PortStay, ...] = ()


@dataclass(frozen=True, slots=True)
class Departed:
    """A spacecraft that has undocked: who left on it, and who stays aboard though they came on it."""

    changed: MissionChanged
    left: tuple[str, ...]
    stayed: tuple[str, ...]


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
        """Record a docking. Refuses a port another spacecraft is at, naming it and until when."""

        async def work(change: Change) -> MissionChanged:
            mission = await lookups.mission(change.tx, change.workspace.id, request.mission)
            require_open_mission(mission)
            if docked_port_id(mission) is not None:
                raise Conflict("already_docked")
            station = await _station_of(change, mission)
            planned = mission.open_event(EventKind.DOCKING)
            port = _port(station, planned, request.port)
            require_free(port, mission, await missions.load_live(change.tx, change.workspace.id))
            event = planned or _new_event(change, mission, EventKind.DOCKING)
            at = parse_instant(request.when, change.now)
            return await complete(change, mission, replace(event, port_id=port.id), at, None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def plan(self, actor: Actor, mission: str, port: str, when: str) -> Receipt[ArrivalChanged]:
        """Plan a docking at a port, or another port for the docking that is planned for that time.

        What may be at the port at the same time is told, not refused. A new date for a planned docking is a move, with its reason.
        """

        async def work(change: Change) -> ArrivalChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            place = lookups.port_of(await _station_of(change, before), port)
            planned_for = parse_when(when, change.now)
            known = before.open_event(EventKind.DOCKING)
            if known is None or known.planned != planned_for or known.port_id == place.id:
                event = replace(_new_event(change, before, EventKind.DOCKING), planned=planned_for, port_id=place.id)
                return await _save_arrival(change, before, plan_event(before, event), event, place)
            require_open_mission(before)
            event = replace(known, port_id=place.id)
            return await _save_arrival(change, before, before.with_event(event), event, place)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def relocate(self, actor: Actor, mission: str, port: str, when: str | None = None) -> Receipt[ArrivalChanged]:
        """Record a move to another port: now or at an exact past time it has happened; at any other time it is planned."""

        async def work(change: Change) -> ArrivalChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            place = lookups.port_of(await _station_of(change, before), port)
            at, planned_for = _when_relocated(when, change.now)
            open_event = _relocation_to(before, place)
            if at is not None:
                if docked_port_id(before) == place.id:
                    raise Conflict("already_at_port", mission_text=before.name, port_text=place.name)
                event = open_event or _new_event(change, before, EventKind.RELOCATION)
                return ArrivalChanged(await complete(change, before, replace(event, port_id=place.id), at, None), place)
            if open_event is not None:
                raise Conflict("event_already_planned", kind=EventKind.RELOCATION.value)
            event = replace(_new_event(change, before, EventKind.RELOCATION), planned=planned_for, port_id=place.id)
            return await _save_arrival(change, before, plan_event(before, event), event, place)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def undock(self, actor: Actor, mission: str, when: str | None = None) -> Receipt[Departed]:
        """Record an undocking, now or at `when`. Only those leave whose ride down it is; a spacecraft may leave empty."""

        async def work(change: Change) -> Departed:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            crew = await _aboard(change, before)
            event = before.open_event(EventKind.UNDOCKING) or _new_event(change, before, EventKind.UNDOCKING)
            changed = await complete(change, before, event, parse_instant(when, change.now), None)
            leaving = [one for one in crew if one.stay.down is not None and one.stay.down.id == before.id]
            staying = [one for one in crew if one.stay.up.id == before.id and one not in leaving]
            return Departed(changed, await _names(change, leaving), await _names(change, staying))

        return await self._changes.make(actor, Capability.OPERATE, work)


def _new_event(change: Change, mission: Mission, kind: EventKind) -> Event:
    """An event of that kind; after failed ones it is the next attempt."""
    failed = sum(event.kind is kind and event.state is EventState.FAILED for event in mission.events)
    return Event(change.new_id(), kind, EventState.PLANNED, attempt=failed + 1)


def _when_relocated(typed: str | None, now: datetime) -> tuple[datetime | None, When | None]:
    """(when it happened, None), or (None, when it is planned for). What lies wholly in the past needs a time of day."""
    if typed is None:
        return parse_instant(None, now), None
    when = parse_when(typed, now)
    is_exact = when.precision.is_at_least(Precision.MINUTE) and not when.no_earlier_than
    is_past = when.at is not None and when.at <= now + _NOW_TOLERANCE
    if is_past and (is_exact or (when.closes_at is not None and when.closes_at <= now)):
        return parse_instant(typed, now), None
    return None, when


def _relocation_to(mission: Mission, port: Port) -> Event | None:
    """The planned relocation to that port."""
    return next(
        (
            event
            for event in mission.events
            if event.kind is EventKind.RELOCATION and event.state.is_open and event.port_id == port.id
        ),
        None,
    )


async def _save_arrival(change: Change, before: Mission, after: Mission, event: Event, port: Port) -> ArrivalChanged:
    """Store a planned arrival and tell of it, with the spacecraft that may be at the port at the same time."""
    ws = change.workspace.id
    doubts = require_possible_order(after, event)
    seq = await save_mission(change, "plan_event", before, after)
    pairs = overlaps_at(port, await missions.load_live(change.tx, ws))
    stays = [stay for pair in pairs if after.id in {one.mission.id for one in pair} for stay in pair]
    others = tuple({stay.mission.id: stay for stay in stays if stay.mission.id != after.id}.values())
    card = await cards.mission_card(change.tx, ws, after, change.now)
    ref, when = event_ref(after, event), event.time
    names = tuple(stay.mission.name for stay in others)
    await change.announce(EventPlanned(ref, when, port.name, card.station.called if card.station else None, names))
    changed = MissionChanged(card, ref, after=when, port=port.name, doubts=doubts, undo_seq=seq)
    return ArrivalChanged(changed, port, others)


async def _station_of(change: Change, mission: Mission) -> Station:
    station_id = mission.station_id
    station = None if station_id is None else await stations.load(change.tx, change.workspace.id, station_id)
    if station is None:
        raise Conflict("mission_without_station", mission_text=mission.name)
    return station


async def _aboard(change: Change, mission: Mission) -> tuple[Aboard, ...]:
    """Who is aboard the mission's station now."""
    ws = change.workspace.id
    known = (*await missions.load_live(change.tx, ws), *await flights_of_stays(change.tx, ws))
    return tuple(one for one in aboard(known) if one.station_id == mission.station_id)


async def _names(change: Change, crew: Iterable[Aboard]) -> tuple[str, ...]:
    ids = [one.stay.person_id for one in crew]
    known = await people.load_many(change.tx, change.workspace.id, ids)
    return tuple(known[person_id].name for person_id in ids)


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
