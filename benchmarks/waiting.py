"""A database in which very many reminders wait, filled by the functions of `storage` that the bot writes with.

One workspace. Every mission has four events to come, every event five countdown reminders, years ahead of now;
beside them stand groups of reminders that come due together, each group at its own instant and about as many missions.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.filling import Direct, direct
from domain.announcements import Subscription, Topic
from domain.capabilities import Capability
from domain.countdown import PlannedReminder, ReminderKind, ReminderState
from domain.journal import GENESIS
from domain.missions import Event, EventKind, EventState, Mission, MissionKind
from domain.when import exactly
from storage import missions, outbox, reminders, subscriptions, workspaces
from storage.migrations import upgrade
from storage.reminders import Subject
from storage.workspaces import Counters, Workspace

WORKSPACE = 1
OPS, HEARS = 900, 901
"""Channels: of the operators, and of those who hear every announcement."""
SETTLED_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
FIRST_DUE = datetime(2030, 2, 2, 9, tzinfo=UTC)
"""When the first group comes due; each next one a minute later. Far ahead too, for who works on the real clock."""
BETWEEN_GROUPS = timedelta(minutes=1)

_FIRST_LAUNCH = datetime(2031, 3, 14, 9, 27, tzinfo=UTC)
_KINDS = (EventKind.LAUNCH, EventKind.DOCKING, EventKind.UNDOCKING, EventKind.LANDING)
_OFFSETS = (timedelta(days=7), timedelta(days=1), timedelta(hours=6), timedelta(hours=1), timedelta(minutes=10))
_EVERY_EVENT = len(_OFFSETS)
_EVERY_MISSION = len(_KINDS) * _EVERY_EVENT
_FEWEST_MISSIONS = 1_000
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'reminders' AND sql IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reminders are far ahead, and how many groups there are of how many that come due together."""

    far: int
    groups: int = 0
    due: int = 1_000

    @property
    def missions(self) -> int:
        """So many missions have all of them. No fewer where little waits: what is due is as various there."""
        return max(self.far // _EVERY_MISSION, self.due, _FEWEST_MISSIONS)


def due_at(group: int) -> datetime:
    """When a group comes due."""
    return FIRST_DUE + BETWEEN_GROUPS * group


async def fill_waiting(
    path: Path, size: Waiting, guild_id: int = WORKSPACE, channels: tuple[int, int] = (OPS, HEARS)
) -> None:
    """Make the database at `path` and fill it, with a bar on the terminal. The second channel hears everything."""
    await upgrade(path, backup_dir=path.parent, now=SETTLED_AT)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress, direct(path) as tx:
        task = progress.add_task("reminders that wait", total=size.far + size.groups * size.due)
        async with _indexed_afterwards(tx):
            async for written in _Filling(tx, size, guild_id).run(channels):
                progress.advance(task, written)


@asynccontextmanager
async def _indexed_afterwards(tx: Direct) -> AsyncIterator[None]:
    """Without the indexes of reminders until all are there: made once, they cost a tenth of being kept row by row."""
    indexes = await tx.fetch(_INDEXES)
    for index in indexes:
        await tx.execute(f"DROP INDEX {index['name']}")
    yield
    for index in indexes:
        await tx.execute(index["sql"])


class _Filling:
    """One workspace being filled, and its last id."""

    def __init__(self, tx: Direct, size: Waiting, guild_id: int) -> None:
        self._tx = tx
        self._size = size
        self._guild_id = guild_id
        self._last_id = 0

    async def run(self, channels: tuple[int, int]) -> AsyncIterator[int]:
        """Write everything; yields how many reminders were written since it last did."""
        await self._settle_in(*channels)
        launches = []
        for index in range(self._size.missions):
            mission = self._mission(index)
            await missions.save(self._tx, self._guild_id, mission)
            launches.append(mission.events[0].id)
            left = self._size.far - index * _EVERY_MISSION
            for event in mission.events:
                await self._countdown(event, min(left, _EVERY_EVENT))
                left -= _EVERY_EVENT
            yield max(min(left + _EVERY_MISSION, _EVERY_MISSION), 0)
        for group in range(self._size.groups):
            for index in range(self._size.due):
                await self._remind(launches[index], (due_at(group), timedelta(days=1)))
            yield self._size.due
        await workspaces.save_counters(self._tx, self._guild_id, Counters(self._last_id, journal_mac=GENESIS))

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def _settle_in(self, ops_id: int, hears_id: int) -> None:
        """A workspace with a role for each capability, and what its channels want to hear."""
        await workspaces.insert(self._tx, Workspace(self._guild_id, ops_id, "UTC", 9), SETTLED_AT, GENESIS)
        for role_id, capability in enumerate(Capability, start=500):
            if capability is not Capability.READ:
                await workspaces.grant(self._tx, self._guild_id, capability, role_id)
        for channel_id, topic in (
            (ops_id, Topic.PAD),
            (ops_id, Topic.REPAIR),
            (ops_id, Topic.CREW),
            (hears_id, Topic.ALL),
        ):
            wish = Subscription(self._new_id(), channel_id, topic)
            await subscriptions.insert(self._tx, self._guild_id, wish, SETTLED_AT)
            await outbox.ensure_lane(self._tx, self._guild_id, channel_id, 0)

    def _mission(self, index: int) -> Mission:
        launch_at = _FIRST_LAUNCH + timedelta(minutes=37 * index)
        after = (timedelta(0), timedelta(hours=3), timedelta(days=180), timedelta(days=180, hours=4))
        events = tuple(
            Event(self._new_id(), kind, EventState.PLANNED, exactly(launch_at + later))
            for kind, later in zip(_KINDS, after, strict=True)
        )
        return Mission(self._new_id(), f"Progress MS-{index + 1}", MissionKind.CARGO, "Soyuz-2.1a", events=events)

    async def _countdown(self, event: Event, count: int) -> None:
        if count > 0 and event.planned is not None and event.planned.at is not None:
            planned_at = event.planned.at
            await self._remind(event.id, *((planned_at - offset, offset) for offset in _OFFSETS[:count]))

    async def _remind(self, event_id: int, *due: tuple[datetime, timedelta]) -> None:
        rows = [
            (self._new_id(), PlannedReminder(ReminderKind.COUNTDOWN, at, offset, ReminderState.PENDING))
            for at, offset in due
        ]
        await reminders.insert_many(self._tx, self._guild_id, rows, subject=Subject(event_id=event_id), at=SETTLED_AT)
