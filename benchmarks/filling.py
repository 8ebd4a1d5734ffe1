"""Fills a database with a workspace of any size, through the functions of `storage` that the bot itself writes with.

They run on a connection without a thread of its own, in one transaction: a million rows in a minute or two. The journal's entries
carry states like real ones, but no chain: nothing that is measured here verifies it.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.capabilities import Capability as Right
from domain.crew import Person
from domain.damage import DamageReport, ReportState, Severity
from domain.docking import Port, Station
from domain.journal import GENESIS, Entry, Linked
from domain.missions import Event, EventKind, EventState, Mission, MissionKind, Seat
from domain.pads import Capability, Pad
from domain.schedule import Direction, EntryKind, LedgerEntry
from domain.when import UNKNOWN, Precision, When, exactly
from storage import damage, journal, ledger, missions, pads, people, stations, workspaces
from storage.database import Params, Row, Statement
from storage.states import dump
from storage.workspaces import Counters, Workspace

WORKSPACE = 1
MEMBER = 77
NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)
BEGAN = NOW - timedelta(days=3650)
AS_OF = "2025-11-20"
"""A day by which nearly everything had been recorded: the most that an as-of question can have to look through."""

_LATEST = NOW - timedelta(days=30)
_STATIONS, _PORTS, _PEOPLE = 3, 8, 900
_DOCKED = 6
_PERSON_NAMES = ("Sergei", "Anna", "Jonny", "Oleg", "Akihiko", "Zena", "Andre", "Christina", "Kimiya")
_SERIES = ("Soyuz MS", "Progress MS", "Crew Dragon", "Cygnus NG", "HTV-X", "Shenzhou", "Tianzhou")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Of all missions, `deep` have `history` changes behind them; the others have one. `pads` at most."""

    missions: int
    history: int
    deep: int
    pads: int = 20

    def changes_of(self, index: int) -> int:
        """How many changes the mission of that index has behind it; deep ones lie scattered among the others."""
        every = max(1, self.missions // self.deep)
        return self.history if index % every == 0 and index // every < self.deep else 1


class Direct:
    """`storage.database.Transaction` on a plain connection: nothing is handed to another thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of one statement."""
        return self._connection.execute(sql, params).fetchall()

    async def fetch_batch(self, *statements: Statement) -> list[list[Row]]:
        """The rows of several statements."""
        return [await self.fetch(sql, params) for sql, params in statements]

    async def execute(self, sql: str, params: Params = ()) -> None:
        """Run one statement."""
        self._connection.execute(sql, params)

    async def execute_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement for each set of parameters."""
        self._connection.executemany(sql, params)


@contextmanager
def direct(path: Path) -> Iterator[Direct]:
    """One transaction in the migrated database at `path`, committed at the end, for which nobody waits for the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "PRAGMA cache_size = -400000"
        )  # KiB: with two megabytes a large index is written over and over
        connection.execute("BEGIN")
        yield Direct(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def fill(path: Path, size: Size, tick: Callable[[], None]) -> tuple[Mission, ...]:
    """Fill the migrated, empty database at `path`; `tick` is called once for each change. Returns the missions, as they are now."""
    with direct(path) as tx:
        return await _Filling(tx, size, tick).run()


class _Filling:
    """One workspace being filled: its ids and its journal's length."""

    def __init__(self, tx: Direct, size: Size, tick: Callable[[], None]) -> None:
        self._tx = tx
        self._size = size
        self._tick = tick
        self._last_id = 0
        self._seq = 0
        self._report = 0
        changes = sum(size.changes_of(index) for index in range(size.missions))
        self._step = (_LATEST - BEGAN) / max(1, changes + size.history * size.pads * 2 + _STATIONS + size.pads)

    async def run(self) -> tuple[Mission, ...]:
        await workspaces.insert(self._tx, Workspace(WORKSPACE, 900, "UTC", 9), BEGAN, GENESIS)
        for role_id, right in enumerate(Right, start=500):
            if right is not Right.READ:
                await workspaces.grant(self._tx, WORKSPACE, right, role_id)
        known_stations = [await self._station(index) for index in range(_STATIONS)]
        known_pads = [await self._pad(index) for index in range(min(self._size.pads, max(2, self._size.missions)))]
        crew = [await self._person(index) for index in range(min(_PEOPLE, self._size.missions * 3))]
        entered = [self._mission(index, known_stations, known_pads, crew) for index in range(self._size.missions)]
        for mission in entered:
            await missions.save(self._tx, WORKSPACE, mission)
        await self._histories(entered, known_pads)
        counters = Counters(self._last_id, self._report, 0, self._seq, GENESIS)
        await workspaces.save_counters(self._tx, WORKSPACE, counters)
        return tuple(entered)

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def _station(self, index: int) -> Station:
        ports = tuple(Port(self._new_id(), f"Port {index + 1}-{number + 1}") for number in range(_PORTS))
        station = Station(self._new_id(), f"Station number {index + 1}", f"ST{index + 1}", ports)
        await stations.save(self._tx, WORKSPACE, station)
        await self._record("save_station", "station", station.id, dump(station))
        return station

    async def _pad(self, index: int) -> Pad:
        capabilities = (Capability("Soyuz-2.1a", MissionKind.CREW), Capability("Soyuz-2.1a", MissionKind.CARGO))
        components = ("service cabin", "access bridges", "flame trench")
        pad = Pad(self._new_id(), f"Site {index + 1}", "Cosmodrome", "Operator", components=components)
        pad = replace(pad, capabilities=capabilities)
        await pads.save(self._tx, WORKSPACE, pad)
        await pads.save_capabilities(self._tx, WORKSPACE, pad)
        await self._record("add_pad", "pad", pad.id, dump(pad))
        return pad

    async def _person(self, index: int) -> int:
        first = _PERSON_NAMES[index % len(_PERSON_NAMES)]
        person = Person(self._new_id(), f"{first} Number{index}", "Agency", (f"{first[0]}. Number{index}",))
        await people.insert(self._tx, WORKSPACE, person)
        return person.id

    def _mission(self, index: int, at: Sequence[Station], on: Sequence[Pad], crew: Sequence[int]) -> Mission:
        """The mission of that index: one in ten is still to fly, the first few of those are docked, the rest is over."""
        is_live, series = index % 10 == 0, _SERIES[index % len(_SERIES)]
        kind = MissionKind.CREW if index % 2 == 0 else MissionKind.CARGO
        station = at[index % len(at)]
        port = station.ports[(index // len(at)) % _PORTS]
        seats = crew[(index * 3) % len(crew) :][:3] if kind is MissionKind.CREW else []
        done = 4 if not is_live else 2 if index // 10 < _DOCKED else 0
        launch_at = NOW + timedelta(hours=index) if done == 0 else NOW - timedelta(days=30 if is_live else 600)
        return Mission(
            id=self._new_id(),
            name=f"{series}-{index + 1}",
            kind=kind,
            vehicle="Soyuz-2.1a",
            spacecraft=f"No. {700 + index}",
            pad_id=on[index % len(on)].id,
            station_id=station.id,
            seats=3 if seats else 0,
            duration_days=180,
            events=tuple(self._events(launch_at, port, done)),
            crew=tuple(Seat(person_id, "Flight Engineer") for person_id in seats),
        )

    def _events(self, launch_at: datetime, port: Port, done: int) -> Iterator[Event]:
        """Launch, docking, undocking and landing, of which so many have happened."""
        times = (timedelta(0), timedelta(hours=3), timedelta(days=180), timedelta(days=180, hours=4))
        kinds = (EventKind.LAUNCH, EventKind.DOCKING, EventKind.UNDOCKING, EventKind.LANDING)
        for number, (kind, after) in enumerate(zip(kinds, times, strict=True)):
            happened_at = launch_at + after if number < done else None
            state = EventState.PLANNED if happened_at is None else EventState.DONE
            planned = exactly(launch_at + after)
            if number == 3:
                day = (launch_at + after).replace(hour=0, minute=0, second=0, microsecond=0)
                planned = When(day, Precision.DAY)
            port_id = port.id if kind is EventKind.DOCKING else None
            yield Event(self._new_id(), kind, state, planned, happened_at, port_id=port_id)

    async def _histories(self, entered: Sequence[Mission], known_pads: Sequence[Pad]) -> None:
        """Every change behind what is there, round by round, so that no subject's entries lie side by side."""
        states = {mission.id: dump(mission) for mission in entered}
        await self._open_report(known_pads[0])
        for number in range(self._size.history):
            for index, mission in enumerate(entered):
                if number < self._size.changes_of(index):
                    await self._move(mission, states[mission.id])
                    self._tick()
            for pad in known_pads:
                await self._closed_report(pad)

    async def _move(self, mission: Mission, state: str) -> None:
        landing = mission.events[-1]
        recorded_at = await self._record("move_event", "mission", mission.id, state)
        entry = LedgerEntry(
            landing.id,
            EntryKind.MOVE,
            UNKNOWN,
            landing.planned or UNKNOWN,
            Direction.SET,
            None,
            "the operator said so",
            None,
            None,
            recorded_at,
        )
        await ledger.append(self._tx, WORKSPACE, self._new_id(), mission.id, MEMBER, entry)

    async def _closed_report(self, pad: Pad) -> None:
        report = self._new_report(pad, ReportState.CLOSED)
        await damage.insert_report(self._tx, WORKSPACE, report)
        await self._record("report_damage", "report", report.number, dump(report))

    async def _open_report(self, pad: Pad) -> None:
        report = self._new_report(pad, ReportState.CONFIRMED)
        await damage.insert_report(self._tx, WORKSPACE, report)
        await self._record("report_damage", "report", report.number, dump(report))

    def _new_report(self, pad: Pad, state: ReportState) -> DamageReport:
        self._report += 1
        summary = "the service cabin has moved"
        return DamageReport(self._report, pad.id, Severity.MAJOR, summary, BEGAN, BEGAN, MEMBER, "service cabin", state)

    async def _record(self, action: str, kind: str, subject_id: int, state: str) -> datetime:
        self._seq += 1
        at = BEGAN + self._step * self._seq
        entry = Entry(WORKSPACE, self._seq, at, MEMBER, action, kind, subject_id, state, None, "d" * 64)
        await journal.append(self._tx, Linked(entry, "m" * 64), "s" * 32, '{"actor":"flight director"}')
        return at
