"""Row 9: cancelled at every await of a write: of members' changes, of what falls due, of claiming, sending and settling.

In this process, over a real database and a service that stands in for Discord. One run is one piece of work, done again and again:
it is cancelled at its first await, at its second, and so on until it gets through, each time on a fresh copy of the same house.
Nothing may be left by half, no transaction open, and the next process must make good what was cut off.
"""

import asyncio
import contextlib
import gc
import random
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from structlog.testing import capture_logs

from bot.channels import Picture
from bot.courier import Courier
from bot.sending import Sender
from bot.supervisor import Supervisor
from domain.announcements import Topic
from domain.capabilities import Standing
from domain.damage import Severity
from domain.errors import OpsError
from domain.missions import EventKind
from services.actors import Actor
from services.damage import ReportDamage
from services.desks import Desks, open_desks
from services.missions import CreateMission, MoveEvent
from storage import outbox
from storage.database import Database, open_database
from storage.evidence import EvidenceStore
from tests.campaign.outcome import Outcome, Row
from tests.clock import ManualClock
from tests.delivery.world import Channels, Sheet, sheet
from tests.services.house import EVENING, FLIGHT, GUILD, JOURNAL_KEY, PADS, House, opened_house
from tests.wire.books import Books, Finding, read_books
from tests.wire.client import Wire
from tests.wire.conftest import Start

T = TypeVar("T")
_AWAITS_MAX = 2000
_PATIENCE_S = 10.0
_CHANGES = 3
_FIRST_REQUEST, _FIRST_MEMBER = 70_000, 500
CASES = ("work",)


class _Steps(Awaitable[T]):
    """Work that tells a blade of each await, and is cancelled there when the blade says so."""

    def __init__(self, work: Coroutine[Any, Any, T], blade: "Blade") -> None:
        self._work = work
        self._blade = blade

    def __await__(self) -> Generator[Any, Any, T]:
        error: BaseException | None = None
        while True:
            try:
                waiting = self._work.send(None) if error is None else self._work.throw(error)
            except StopIteration as ended:
                return ended.value  # type: ignore[no-any-return]
            self._blade.pass_by()
            try:
                yield waiting
                error = None
            except BaseException as thrown:  # noqa: BLE001 - whatever it is belongs to the work
                error = thrown


@dataclass
class Blade:
    """Cancels whichever task comes to the n-th await of all that it was given."""

    left: int
    passed: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def pass_by(self) -> None:
        """One await more."""
        self.passed += 1
        self.left -= 1
        task = asyncio.current_task()
        if self.left == 0 and task is not None:
            self.struck.set()
            task.cancel()

    async def over(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this work under the blade."""
        return await _Steps(work, self)


class _Slow(Channels):
    """A service that can be left before and after it has taken a post."""

    async def post(self, channel_id: int, outgoing: Sheet, pictures: Sequence[Picture], nonce: str) -> int:
        """Wait, commit, wait."""
        await asyncio.sleep(0)
        message_id = await super().post(channel_id, outgoing, pictures, nonce)
        await asyncio.sleep(0)
        return message_id


@dataclass
class _Scene:
    """A copy of the house, with work to be done in it."""

    path: Path
    database: Database
    desks: Desks
    clock: ManualClock
    channels: _Slow
    bell: asyncio.Event
    requests: int = 0

    def member(self) -> Actor:
        """A member of their own for each change: that is how the journal tells them apart."""
        self.requests += 1
        standing = Standing(frozenset(), manages_server=True)
        return Actor(GUILD, _FIRST_MEMBER + self.requests, "a member", standing, FLIGHT, _FIRST_REQUEST + self.requests)

    def courier(self, supervisor: Supervisor, owner: str) -> Courier:
        """A courier of one life."""

        async def bring(_: int, __: tuple[str, ...]) -> tuple[Picture, ...]:
            return ()

        sender = Sender(self.channels, sheet, pictures=bring, clock=self.clock)
        return Courier(self.database, self.clock, sender, attend=supervisor.attend, bell=self.bell, owner=owner)


async def run(_wire: Wire, _start: Start, seed: int) -> Outcome:
    """Every await of the seed's work."""
    return await cancelled(seed, every=1)


async def cancelled(seed: int, *, every: int) -> Outcome:
    """Cancel at each await, or only at every so manieth, beginning with one that the seed chooses."""
    found: list[Finding] = []
    tried = 0
    gc.freeze()  # each stop looks for what was lost among all that is there: let it look at its own only
    with capture_logs(), tempfile.TemporaryDirectory(prefix="gantry-cancelled-") as folder:
        template = Path(folder) / "template"
        async with opened_house(template) as house:
            await _build(house)
        for number in range(1 + seed % every, _AWAITS_MAX, every):
            directory = Path(folder) / str(number)
            shutil.copytree(template, directory)
            blade, faults = await _cancelled_at(directory, seed, number)
            shutil.rmtree(directory)
            found += [Finding("other", f"cancelled at await {number}: {text}") for text in faults]
            if not blade.struck.is_set():
                break
            tried += 1
        else:
            found.append(Finding("other", f"it did not end within {_AWAITS_MAX} awaits"))
    return Outcome(CASES[0], tried, tuple(found))


async def _build(house: House) -> None:
    (house.directory / "journal.key").write_text(JOURNAL_KEY.hex(), "ascii")
    (house.directory / "journal.key").chmod(0o600)
    await house.set_up()
    await house.subscribe(Topic.ALL, FLIGHT)
    await house.subscribe(Topic.PAD, PADS)
    await house.pad()
    await house.create("Soyuz MS-29", pad="Site 31/6", launch="2025-11-27T19:00Z")


async def _cancelled_at(directory: Path, seed: int, number: int) -> tuple[Blade, list[str]]:
    """Do the seed's work, cancelled once; then let another process make good what is left, and look."""
    blade, dice = Blade(number), random.Random(seed)
    async with _opened(directory, blade) as scene:
        for work in _works(scene, dice):
            await _do(blade, work)
        await _live(scene, blade)
        blade.left = 0
        faults = await _stuck(scene)
    # Another process: nothing is cut off any more.
    async with _opened(directory, Blade(0)) as heir:
        heir.channels.messages, heir.channels.last_id = scene.channels.messages, scene.channels.last_id
        heir.channels.nonces_forgotten = True
        heir.clock.move_to(EVENING + timedelta(hours=2))
        await heir.database.write(lambda tx: outbox.end_leases_of_others(tx, "the heir"))
        await heir.desks.reminders.fire_due()
        async with Supervisor(stop_timeout_s=1.0) as supervisor, asyncio.timeout(_PATIENCE_S):
            courier = heir.courier(supervisor, "the heir")
            supervisor.supervise("courier", courier.run)
            await courier.drained()
    books = read_books(heir.path)
    faults += [finding.text for finding in await books.findings(heir.clock.now())]
    return blade, [*faults, *_by_half(books), *_undelivered(books, heir.channels)]


@contextlib.asynccontextmanager
async def _opened(directory: Path, blade: Blade) -> AsyncIterator[_Scene]:
    async with Supervisor(stop_timeout_s=1.0) as supervisor:

        def attend(work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
            return supervisor.attend(blade.over(work))

        path = directory / "gantry.db"
        async with open_database(path, attend) as database:
            bell, clock = asyncio.Event(), ManualClock(EVENING)
            store = EvidenceStore(directory / "evidence", 1, lambda _: None)  # type: ignore[arg-type]
            desks = open_desks(
                database, clock, journal_key=JOURNAL_KEY, bells=_Bell(bell), store=store, languages=frozenset({"en"})
            )
            yield _Scene(path, database, desks, clock, _Slow(last_id=10_000), bell)
            await supervisor.stop(timeout_s=1.0)


@dataclass
class _Bell:
    """Rings the courier of the life that is led."""

    bell: asyncio.Event

    def ring_courier(self) -> None:
        """There may be something to send."""
        self.bell.set()

    def ring_timekeeper(self) -> None:
        """What falls due is fired by hand."""


def _works(scene: _Scene, dice: random.Random) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Members' changes, and what falls due among them. Whatever else changes the state belongs here."""
    desks = scene.desks
    launch = EVENING + timedelta(minutes=dice.randrange(70, 200))
    kinds = [
        lambda: desks.missions.create(scene.member(), CreateMission("Progress MS-33", "Soyuz-2.1a", launch="+90min")),
        lambda: desks.damage.report(scene.member(), ReportDamage("Site 31/6", dice.choice(list(Severity)), "a crack")),
        lambda: desks.missions.move(
            scene.member(), MoveEvent("Soyuz MS-29", EventKind.LAUNCH.value, launch.isoformat(), "weather")
        ),
    ]
    chosen = dice.sample(kinds, _CHANGES)
    ahead = timedelta(minutes=dice.choice((10, 55, 61)))

    async def fire() -> None:
        scene.clock.move_to(scene.clock.now() + ahead)
        await desks.reminders.fire_due()
        await desks.housekeeping.fire_due()

    return [*chosen, fire]


async def _do(blade: Blade, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """A piece of work in a task of its own, as a command is. It may be refused, or cut off."""
    task = asyncio.create_task(blade.over(work()))
    await asyncio.wait({task}, timeout=_PATIENCE_S)
    if not task.done():
        raise AssertionError("it neither ended nor was cancelled")
    if not task.cancelled() and task.exception() is not None and not isinstance(task.exception(), OpsError):
        raise AssertionError("it broke") from task.exception()


async def _live(scene: _Scene, blade: Blade) -> None:
    """A courier's life, to its end or to the blade."""
    async with Supervisor(stop_timeout_s=0.2) as supervisor:
        attend = supervisor.attend

        def attend_under_blade(work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
            return attend(blade.over(work))

        setattr(supervisor, "attend", attend_under_blade)  # noqa: B010
        courier = scene.courier(supervisor, "the first")
        supervisor.supervise("courier", lambda: blade.over(courier.run()))
        was_struck = blade.struck.is_set()
        ends = {asyncio.create_task(courier.drained())}
        if not was_struck:
            ends.add(asyncio.create_task(blade.struck.wait()))  # type: ignore[arg-type]
        _, left = await asyncio.wait(ends, timeout=_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        for one in left:
            one.cancel()
        if left:
            await asyncio.wait(left)


async def _stuck(scene: _Scene) -> list[str]:
    """Whether the house can still be read and written, by itself and by others: no transaction may be left open."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await scene.database.write(lambda tx: tx.execute("UPDATE workspaces SET zone = zone"))
            await scene.database.read(lambda reader: reader.fetch("SELECT 1"))
        with contextlib.closing(sqlite3.connect(scene.path, timeout=0.2)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    except (TimeoutError, asyncio.CancelledError, sqlite3.OperationalError) as error:
        return [f"a transaction is left open: {error!r}"]
    return []


def _by_half(books: Books) -> list[str]:
    """What was changed by half: each interaction has its request and its entries, or neither."""
    claimed = {row["request_id"] - _FIRST_REQUEST for row in books.requests}
    wrote = {row["actor_id"] - _FIRST_MEMBER for row in books.journal}
    numbers = range(1, _CHANGES + 1)
    return [f"change {number} was made by half" for number in numbers if (number in claimed) != (number in wrote)]


def _undelivered(books: Books, channels: Channels) -> list[str]:
    """What has not had its one message, and messages that no row knows."""
    standing = [message for lane in channels.messages.values() for message in lane if message.ours]
    found = [] if len(standing) == len({one.id for one in standing}) else ["a message stands twice"]
    by_reference: dict[str, list[int]] = {}
    for message in standing:
        by_reference.setdefault(message.sheet.reference, []).append(message.id)
    for row in books.outbox:
        if row["operation"] != "post":
            continue
        there = by_reference.pop(row["nonce"][:10], [])
        wanted = [row["message_id"]] if row["state"] == "sent" else []
        if row["state"] in {"pending", "sending"} or there != wanted:
            found.append(f"post {row['id']} ({row['state']}, {row['dedup_key']}) has messages {there}")
    return [*found, *(f"messages {ids} have no row" for ids in by_reference.values())]


ROW = Row(9, "cancelled at every await of a write (awaits)", run, CASES)
