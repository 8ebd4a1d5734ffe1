"""The world around delivery: a real database, a supervisor, and a channel service that loses answers when it is told to.

`Channels` stands in for Discord, not for code of ours: it keeps messages, honours nonces, pages its history, and plays one
scripted fault for each request.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.bells import HouseBells
from bot.channels import Ambiguous, Deleted, Glance, NotSent, Picture
from bot.courier import Courier
from bot.sending import Pictures, Sender
from bot.supervisor import Supervisor
from domain.delivery import Delivery, DeliveryRefused, Operation
from domain.facts import Facts, OpsNotice
from storage import migrations, outbox, workspaces
from storage.database import Database, Reader, Row, open_database
from storage.outbox import Posting
from tests.clock import ManualClock

NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
WORKSPACE, OPS, OPERATIONS, PUBLIC = 1, 900, 100, 200
PAGE = 3


@dataclass(frozen=True)
class Sheet:
    """A rendered delivery."""

    reference: str
    words: str
    evidence: tuple[str, ...] = ()


@dataclass
class Message:
    """One message as the service keeps it."""

    id: int
    sheet: Sheet
    nonce: str
    pictures: tuple[Picture, ...] = ()
    ours: bool = True
    deleted: bool = False
    threads: int = 0


Fault = Callable[["Channels", Callable[[], int]], int]


@dataclass
class Channels:
    """The service. `faults[channel]` are played in order, one for each request to post there; then all is well."""

    faults: defaultdict[int, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    edit_faults: defaultdict[int, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    look_faults: defaultdict[int, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    messages: defaultdict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    requests: int = 0
    looks: int = 0
    edits: int = 0
    removals: int = 0
    hanging_edits: int = 0
    last_id: int = 1000
    nonces_forgotten: bool = False
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def ready(self) -> None:
        """Requests can be made at once."""

    async def post(self, channel_id: int, outgoing: Sheet, pictures: Sequence[Picture], nonce: str) -> int:
        """Play the next fault, or commit."""
        self.requests += 1
        fault = self.faults[channel_id].popleft() if self.faults[channel_id] else None
        if fault is None:
            return self.commit(channel_id, outgoing, pictures, nonce)
        if fault is hang or fault is commit_then_hang:
            if fault is commit_then_hang:
                self.commit(channel_id, outgoing, pictures, nonce)
            self.hanging.set()
            await self.never.wait()
        return fault(self, lambda: self.commit(channel_id, outgoing, pictures, nonce))

    async def look(self, channel_id: int, reference: str, after_id: int) -> Glance:
        """One page of the history."""
        self.looks += 1
        if self.look_faults[channel_id]:
            raise self.look_faults[channel_id].popleft()
        page = [message for message in self.messages[channel_id] if message.id > after_id and not message.deleted][
            :PAGE
        ]
        found = next((m.id for m in page if m.ours and m.sheet.reference == reference), None)
        return Glance(found, page[-1].id if len(page) == PAGE else None)

    async def edit(self, channel_id: int, message_id: int, outgoing: Sheet) -> int:
        """Replace a message's words."""
        self.edits += 1
        await self._play_edit_fault(channel_id)
        message = self._message(channel_id, message_id)
        message.sheet = outgoing
        return message_id

    async def remove(self, channel_id: int, message_id: int) -> int:
        """Delete a message."""
        self.removals += 1
        await self._play_edit_fault(channel_id)
        self._message(channel_id, message_id).deleted = True
        return message_id

    async def open_thread(self, channel_id: int, message_id: int, outgoing: Sheet) -> int:
        """Make a thread; there is one at most."""
        assert outgoing.words
        self._message(channel_id, message_id).threads = 1
        return message_id

    def commit(self, channel_id: int, sheet: Sheet, pictures: Sequence[Picture], nonce: str) -> int:
        """Let the message stand, or find the one with this nonce."""
        for known in self.messages[channel_id]:
            if known.nonce == nonce and not self.nonces_forgotten:
                if known.deleted:
                    raise Deleted("10008")
                return known.id
        self.last_id += 1
        self.messages[channel_id].append(Message(self.last_id, sheet, nonce, tuple(pictures)))
        return self.last_id

    def chatter(self, channel_id: int, count: int) -> None:
        """Let others talk."""
        for _ in range(count):
            self.last_id += 1
            said = Sheet("", "chatter")
            self.messages[channel_id].append(Message(self.last_id, said, f"theirs-{self.last_id}", ours=False))

    def words(self, channel_id: int) -> list[str]:
        """What stands in a channel, by us."""
        return [message.sheet.words for message in self.messages[channel_id] if message.ours and not message.deleted]

    async def _play_edit_fault(self, channel_id: int) -> None:
        fault = self.edit_faults[channel_id].popleft() if self.edit_faults[channel_id] else None
        if fault is not None:
            raise fault
        if self.hanging_edits:
            self.hanging_edits -= 1
            await self.never.wait()

    def _message(self, channel_id: int, message_id: int) -> Message:
        for message in self.messages[channel_id]:
            if message.id == message_id and not message.deleted:
                return message
        raise Deleted("10008")


def commit_then_500(_: Channels, commit: Callable[[], int]) -> int:
    commit()
    raise Ambiguous("500")


def lost_unsent(_: Channels, __: Callable[[], int]) -> int:
    raise Ambiguous("connection reset")


def commit_then_cancelled(_: Channels, commit: Callable[[], int]) -> int:
    commit()
    raise asyncio.CancelledError


def not_connected(_: Channels, __: Callable[[], int]) -> int:
    raise NotSent("no connection")


def rate_limited(_: Channels, __: Callable[[], int]) -> int:
    raise NotSent("rate limited before sending", retry_after_s=120)


def hang(_: Channels, __: Callable[[], int]) -> int:
    raise AssertionError("never played: the request hangs before it")


def commit_then_hang(_: Channels, __: Callable[[], int]) -> int:
    raise AssertionError("never played: the request hangs before it")


def refused(code: str) -> Fault:
    def play(_: Channels, __: Callable[[], int]) -> int:
        raise DeliveryRefused(code)

    return play


def sheet(delivery: Delivery) -> Sheet:
    """Render: the fact's code is what the post says."""
    facts = delivery.facts
    return Sheet(delivery.reference, facts.code if isinstance(facts, OpsNotice) else facts.fact)


@dataclass
class World:
    """A database with one workspace, whose ops channel and lanes exist."""

    path: Path
    clock: ManualClock
    channels: Channels
    supervisor: Supervisor
    database: Database
    bells: HouseBells = field(default_factory=HouseBells)

    async def write(
        self,
        channel_id: int,
        words: str,
        *,
        facts: Facts | None = None,
        operation: Operation = Operation.POST,
        target: int | None = None,
    ) -> None:
        """Write a row of the outbox."""
        posting = Posting(
            channel_id,
            facts or OpsNotice(words),
            f"{words}:{operation.value}",
            "en",
            operation=operation,
            target_id=target,
        )
        now = self.clock.now()
        assert await self.database.write(lambda tx: outbox.insert(tx, WORKSPACE, posting, now))

    async def rows(self, channel_id: int | None = None) -> list[Row]:
        """The rows, oldest first."""

        async def ask(reader: Reader) -> list[Row]:
            every = await reader.fetch("SELECT * FROM outbox ORDER BY id")
            return [row for row in every if channel_id in {None, row["channel_id"]}]

        return await self.database.read(ask)

    async def states(self, channel_id: int) -> list[str]:
        """How a channel's rows stand."""
        return [row["state"] for row in await self.rows(channel_id)]

    def courier(
        self,
        *,
        owner: str = "us",
        render: Callable[[Delivery], Sheet] = sheet,
        send_limit_s: float = 20.0,
        supervisor: Supervisor | None = None,
        pictures: Sequence[Picture] = (),
        bring: Pictures | None = None,
    ) -> Courier:
        """A courier over this world, not running; it has these pictures, or those that it is brought."""

        async def kept(_: int, __: tuple[str, ...]) -> tuple[Picture, ...]:
            return tuple(pictures)

        sender = Sender(self.channels, render, pictures=bring or kept, clock=self.clock, send_limit_s=send_limit_s)
        attend = (supervisor or self.supervisor).attend
        return Courier(self.database, self.clock, sender, attend=attend, bell=self.bells.courier, owner=owner)

    def start(self, **options: object) -> Courier:
        """A courier over this world, running under its supervisor."""
        courier = self.courier(**options)  # type: ignore[arg-type]
        self.supervisor.supervise("courier", courier.run)
        return courier


@contextlib.asynccontextmanager
async def open_world(folder: Path) -> AsyncIterator[World]:
    """A new world."""
    path, clock = folder / "gantry.db", ManualClock(NOON)
    await migrations.upgrade(path, backup_dir=folder, now=NOON)
    async with Supervisor(stop_timeout_s=1.0) as supervisor, open_database(path, supervisor.attend) as database:
        workspace = workspaces.Workspace(WORKSPACE, OPS, "UTC", 9)
        await database.write(lambda tx: workspaces.insert(tx, workspace, NOON, "0" * 64))
        yield World(path, clock, Channels(), supervisor, database)
        await supervisor.stop(timeout_s=1.0)
