"""The house that services are tried in, and the people who ask. People are named by what they do."""

import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cogs.pictures.thumbnail import thumbnail
from domain import journal as chain
from domain.announcements import Topic
from domain.capabilities import Capability, Standing
from domain.facts import Facts
from domain.journal import Linked
from domain.missions import MissionKind
from services.actors import Actor
from services.announcements import ChannelFacts, Subscribe
from services.desks import Desks, open_desks
from services.docking import ConfirmDocking, SaveStation
from services.missions import CompleteEvent, CreateMission, MissionChanged, MoveEvent, PlanEvent
from services.operations import SetUp
from services.pads import AddPad
from storage import journal
from storage.database import Database, Reader
from storage.evidence import EvidenceStore
from storage.states import load_facts
from tests.clock import ManualClock
from tests.storage.opening import opened

GUILD, OTHER_GUILD = 1, 2
OPS, FLIGHT, PADS, CREW = 900, 901, 902, 903
"""Channels."""
JOURNAL_KEY = bytes(range(32))
ROLES = {capability: 100 + number for number, capability in enumerate(Capability)}
EVENING = datetime(2025, 11, 27, 18, tzinfo=UTC)

_request_ids = itertools.count(10_000)


def at(text: str) -> datetime:
    """An instant from its ISO form."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def channel(channel_id: int, **wrong: bool) -> ChannelFacts:
    """A channel in which the bot may do all it needs, or all but what is said."""
    able = {"can_view": True, "can_send": True, "can_embed": True, "can_read_history": True} | wrong
    return ChannelFacts(channel_id, last_message_id=5000, **able)


def member(*capabilities: Capability, guild: int = GUILD, manages_server: bool = False, number: int = 1) -> Actor:
    """A member who holds the roles of these capabilities, making a new interaction in a channel nobody subscribed."""
    standing = Standing(frozenset(ROLES[capability] for capability in capabilities), manages_server)
    return Actor(guild, number, "a member", standing, 950, next(_request_ids))


def admin(guild: int = GUILD) -> Actor:
    """Someone with Manage Server."""
    return member(guild=guild, manages_server=True, number=2)


def director() -> Actor:
    """The flight director: operates missions."""
    return member(Capability.OPERATE, number=3)


def pad_chief() -> Actor:
    """The pad chief: reports damage and plans repairs."""
    return member(Capability.PAD, number=4)


def guest() -> Actor:
    """A member without any grant."""
    return member(number=5)


class CountingBells:
    """Counts who was woken."""

    def __init__(self) -> None:
        self.courier = 0
        self.timekeeper = 0

    def ring_courier(self) -> None:
        """Count it."""
        self.courier += 1

    def ring_timekeeper(self) -> None:
        """Count it."""
        self.timekeeper += 1


@dataclass
class House:
    """The desks, what stands behind them, and short words for what tests do most."""

    desks: Desks
    database: Database
    clock: ManualClock
    directory: Path
    bells: CountingBells = field(default_factory=CountingBells)

    async def set_up(self, guild: int = GUILD, *, zone: str = "UTC") -> None:
        """Set a guild up and grant each capability but reading to its role."""
        await self.desks.operations.set_up(admin(guild), SetUp(channel(OPS), zone, 9))
        for capability, role in ROLES.items():
            if capability is not Capability.READ:
                await self.desks.operations.grant(admin(guild), capability, role)

    async def subscribe(self, topic: Topic, channel_id: int, **filters: object) -> None:
        """Let a channel hear a topic."""
        await self.desks.announcements.subscribe(director(), Subscribe(topic, channel(channel_id), **filters))  # type: ignore[arg-type]

    async def create(self, name: str, vehicle: str = "Soyuz-2.1a", **fields: object) -> MissionChanged:
        """Enter a mission."""
        return (await self.desks.missions.create(director(), CreateMission(name, vehicle, **fields))).value  # type: ignore[arg-type]

    async def plan(self, mission: str, event: str, when: str, **fields: str) -> MissionChanged:
        """Plan an event."""
        return (await self.desks.missions.plan(director(), PlanEvent(mission, event, when, **fields))).value

    async def move(
        self, mission: str, event: str, when: str, reason: str = "pad not ready", **fields: str
    ) -> MissionChanged:
        """Move an event."""
        return (await self.desks.missions.move(director(), MoveEvent(mission, event, when, reason, **fields))).value

    async def done(self, mission: str, event: str, when: str | None = None) -> MissionChanged:
        """Tell that an event happened."""
        return (await self.desks.missions.done(director(), CompleteEvent(mission, event, when))).value

    async def dock(self, mission: str, when: str | None = None, port: str | None = None) -> MissionChanged:
        """Confirm a docking."""
        return (await self.desks.docking.confirm(director(), ConfirmDocking(mission, when, port))).value

    async def station(self) -> None:
        """The International Space Station with its ports."""
        ports = "Rassvet nadir, Poisk zenith, Prichal nadir"
        await self.desks.docking.station(director(), SaveStation("International Space Station", "ISS", ports))

    async def pad(self) -> None:
        """Site 31/6 at Baikonur."""
        request = AddPad(
            "Site 31/6",
            "Baikonur Cosmodrome",
            "Soyuz-2.1a",
            "crew, cargo",
            "service cabin (8U0216), access bridges, flame trench",
            "Roscosmos",
        )
        await self.desks.pads.add(pad_chief(), request)

    async def ms28(self) -> None:
        """Soyuz MS-28 as it stood in the evening of its launch, entered in the order in which it happened."""
        self.clock.move_to(at("2025-11-01T12:00"))
        await self.station()
        await self.pad()
        await self.create(
            "Soyuz MS-28",
            spacecraft="Soyuz MS No. 753",
            pad="Site 31/6",
            station="ISS",
            launch="2025-11-27T09:27:57Z",
            duration_days=242,
            seats=3,
        )
        await self.plan("Soyuz MS-28", "docking", "2025-11-27T12:38:00Z", port="Rassvet nadir")
        await self.plan("Soyuz MS-28", "landing", "2026-07-27")
        self.clock.move_to(at("2025-11-27T09:30"))
        await self.done("Soyuz MS-28", "launch", "2025-11-27T09:27:57Z")
        self.clock.move_to(at("2025-11-27T12:40"))
        await self.dock("Soyuz MS-28", "2025-11-27T12:34:35Z")
        self.clock.move_to(EVENING)

    async def ms33(self) -> None:
        """Progress MS-33 as it was planned that evening."""
        await self.create(
            "Progress MS-33", kind=MissionKind.CARGO, pad="Site 31/6", station="ISS", launch="2025-12-19", seats=0
        )
        await self.plan("Progress MS-33", "docking", "2025-12-21", port="Poisk zenith")
        await self.plan("Progress MS-33", "deorbit", "unknown")

    async def rows(self, sql: str, *params: int | str) -> list[tuple[object, ...]]:
        """What a statement finds."""

        async def read(reader: Reader) -> list[tuple[object, ...]]:
            return [tuple(row) for row in await reader.fetch(sql, params)]

        return await self.database.read(read)

    async def posts(self, channel_id: int | None = None) -> list[tuple[int, Facts]]:
        """Every post ever put into the outbox, in order: (channel, facts)."""
        found = await self.rows(
            "SELECT channel_id, facts_version, facts FROM outbox WHERE operation = 'post' ORDER BY id"
        )
        posts = [(int(str(row[0])), load_facts(int(str(row[1])), str(row[2]))) for row in found]
        return [post for post in posts if channel_id in {None, post[0]}]

    async def chain(self, guild: int = GUILD) -> list[Linked]:
        """The guild's journal."""
        return await self.database.read(lambda reader: journal.chain(reader, guild, limit=10_000))

    async def reminders(self, event_id: int | None = None) -> list[str]:
        """Reminders as "due kind state", soonest first; of one event, or of all."""
        found = await self.rows(
            "SELECT due_at, kind, state, event_id FROM reminders WHERE workspace_id = ? ORDER BY due_at, id", GUILD
        )
        return [
            f"{datetime.fromtimestamp(int(str(due)) / 1e6, UTC):%Y-%m-%dT%H:%M} {kind} {state}"
            for due, kind, state, of_event in found
            if event_id in {None, of_event}
        ]

    async def fire_at(self, instant: datetime) -> list[Facts]:
        """Let the clock reach an instant, fire what is due, and return what that posts."""
        before = len(await self.posts())
        self.clock.move_to(instant)
        await self.desks.reminders.fire_due()
        return [facts for _, facts in (await self.posts())[before:]]


def verified(entries: list[Linked]) -> bool:
    """True when every entry is linked to the one before it, from the beginning, without a gap."""
    mac = chain.GENESIS
    for seq, linked in enumerate(entries, start=1):
        if linked.entry.seq != seq or chain.link(JOURNAL_KEY, mac, linked.entry) != linked.mac:
            return False
        mac = linked.mac
    return True


@contextlib.asynccontextmanager
async def opened_house(directory: Path) -> AsyncIterator[House]:
    """A house on the data in `directory`: a second one on the same directory is the house after a restart."""
    async with opened(directory / "gantry.db") as database:
        clock, bells = ManualClock(EVENING), CountingBells()
        store = EvidenceStore(directory / "evidence", 8_000_000, thumbnail)
        desks = open_desks(
            database,
            clock,
            journal_key=JOURNAL_KEY,
            bells=bells,
            store=store,
            languages=frozenset({"en", "de"}),
        )
        yield House(desks, database, clock, directory, bells)


@contextlib.asynccontextmanager
async def built_house(
    template: Path, directory: Path, build: Callable[[House], Awaitable[None]]
) -> AsyncIterator[House]:
    """A house with the facts that `build` enters: entered once, into `template`, and copied from there."""
    if not template.exists():
        fresh = template.with_suffix(".fresh")
        async with opened_house(fresh) as house:
            await build(house)
        fresh.rename(template)
    shutil.copytree(template, directory, dirs_exist_ok=True)
    async with opened_house(directory) as house:
        yield house
