"""Who is aboard a station, and whether everyone there has a seat home. Derived from the flights' events at every asking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.coverage import Coverage, Relief, coverage_of, relief_of
from domain.crew import Aboard, Person, aboard
from domain.docking import Station
from domain.errors import NotFound
from domain.impact import LaunchRisk
from domain.missions import Event, EventKind, Mission, is_overdue
from domain.pads import Pad, StatusFinding
from services import cards, impact, lookups
from services.actors import Actor
from services.cards import World
from services.changes import Changes, View
from services.missions import as_of_instant
from storage import missions, people
from storage.database import Reader

_DECIDING = frozenset({EventKind.DOCKING, EventKind.UNDOCKING, EventKind.LANDING})


@dataclass(frozen=True, slots=True)
class StationCrew:
    """Who is aboard a station, longest there first. Names are by person's id."""

    station: Station
    aboard: tuple[Aboard, ...]
    names: Mapping[int, Person]
    asked_at: datetime
    believed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StationCoverage:
    """A station's return coverage, its relief flight with the state of its pad, and events nobody has confirmed in time."""

    station: Station
    coverage: Coverage
    names: Mapping[int, Person]
    relief: Relief | None
    relief_pad: Pad | None
    relief_pad_status: StatusFinding | None
    relief_risk: LaunchRisk | None
    unconfirmed: tuple[tuple[Mission, Event], ...]
    asked_at: datetime


class CoverageDesk:
    """Stations' people."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def aboard(
        self, actor: Actor, station: str | None = None, as_of: str | None = None
    ) -> tuple[StationCrew, ...]:
        """Who is aboard one station, or each, now or as it had been recorded by the end of `as_of`."""

        async def work(view: View) -> tuple[StationCrew, ...]:
            return await crews_of(view, station, None if as_of is None else as_of_instant(as_of, view.now))

        return await self._changes.read(actor, work)

    async def coverage(self, actor: Actor, station: str | None = None) -> tuple[StationCoverage, ...]:
        """The return coverage of one station, or of each."""
        return await self._changes.read(actor, lambda view: coverages_of(view, station))


async def crews_of(view: View, station: str | None = None, at: datetime | None = None) -> tuple[StationCrew, ...]:
    """Who is aboard one station, or each, now or as it had been recorded by `at`."""
    return await _crews(view, await _world(view, at), station, at)


async def covered_crews(view: View) -> tuple[tuple[StationCrew, Coverage], ...]:
    """Who is aboard each station, with their return coverage, from one reading."""
    world = await _world(view, None)
    crews = await _crews(view, world, None, None)
    return tuple((crew, coverage_of(crew.station.id, world.missions)) for crew in crews)


async def coverages_of(view: View, station: str | None = None) -> tuple[StationCoverage, ...]:
    """The return coverage of one station, or of each, with what stands in its relief's way."""
    world = await _world(view, None)
    names = await _names(view, aboard(world.missions))
    found = [_coverage(one, world, names, view.now) for one in await _stations(view, world, station)]
    return tuple([await _with_risk(view, world, one) for one in found])


async def flights_of_stays(reader: Reader, workspace_id: int) -> tuple[Mission, ...]:
    """Missions that are over and still decide who is aboard: their people have not come down with them."""
    ids = await people.flights_of_stays(reader, workspace_id)
    found = [await missions.load(reader, workspace_id, mission_id) for mission_id in ids]
    return tuple(mission for mission in found if mission is not None)


async def _world(view: View, at: datetime | None) -> World:
    ws = view.workspace.id
    if at is not None:
        return await cards.world_as_of(view.reader, ws, at)
    world = await cards.world_now(view.reader, ws)
    over = await flights_of_stays(view.reader, ws)
    return World((*over, *world.missions), world.pads, world.reports, world.stations)


async def _crews(view: View, world: World, station: str | None, at: datetime | None) -> tuple[StationCrew, ...]:
    everyone = aboard(world.missions)
    names = await _names(view, everyone)
    return tuple(
        StationCrew(found, _at(found, everyone), names, at or view.now, at)
        for found in await _stations(view, world, station)
    )


async def _stations(view: View, world: World, typed: str | None) -> Iterable[Station]:
    if typed is None:
        return world.stations.values()
    wanted = await lookups.station(view.reader, view.workspace.id, typed)
    if wanted.id not in world.stations:
        raise NotFound("station_not_known_then", station_text=wanted.called)
    return (world.stations[wanted.id],)


async def _names(view: View, everyone: Iterable[Aboard]) -> Mapping[int, Person]:
    ids = (one.stay.person_id for one in everyone)
    return await people.load_many(view.reader, view.workspace.id, ids)


def _at(station: Station, everyone: Iterable[Aboard]) -> tuple[Aboard, ...]:
    return tuple(one for one in everyone if one.station_id == station.id)


def _coverage(station: Station, world: World, names: Mapping[int, Person], now: datetime) -> StationCoverage:
    relief = relief_of(station.id, world.missions)
    pad_id = relief.mission.pad_id if relief else None
    return StationCoverage(
        station=station,
        coverage=coverage_of(station.id, world.missions),
        names=names,
        relief=relief,
        relief_pad=world.pads.get(pad_id) if pad_id is not None else None,
        relief_pad_status=world.pad_status(pad_id),
        relief_risk=None,
        unconfirmed=tuple(
            (mission, event)
            for mission in world.missions
            if mission.station_id == station.id and mission.crew
            for event in mission.events
            if event.kind in _DECIDING and is_overdue(event, now)
        ),
        asked_at=now,
    )


async def _with_risk(view: View, world: World, one: StationCoverage) -> StationCoverage:
    """The coverage with what the relief flight's pad puts in its way."""
    if one.relief is None or one.relief_pad is None or one.relief_pad_status is None:
        return one
    reports = world.reports.get(one.relief_pad.id, ())
    pad = impact.KnownPad(one.relief_pad, one.relief_pad_status, reports)
    risk = await impact.risk_to(view.reader, view.workspace.id, one.relief.mission, pad, view.now)
    return replace(one, relief_risk=risk)
