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
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from structlog.testing import capture_logs

from bot.supervisor import Supervisor
from domain.errors import OpsError
from storage import outbox
from tests.campaign.blade import Blade
from tests.campaign.cancelled_house import CHANGES, FIRST_MEMBER, FIRST_REQUEST, Scene, build, opened, works
from tests.campaign.outcome import Outcome, Row
from tests.delivery.world import Channels
from tests.services.house import EVENING, opened_house
from tests.wire.board_books import faults_of_boards
from tests.wire.books import Books, Finding, read_books
from tests.wire.client import Wire
from tests.wire.conftest import Start
from tests.wire.digest_books import faults_of_digests
from tests.wire.member_books import faults_of_member_reminders

T = TypeVar("T")
_AWAITS_MAX = 2000
_PATIENCE_S = 10.0
CASES = ("work",)


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
            await build(house)
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


async def _cancelled_at(directory: Path, seed: int, number: int) -> tuple[Blade, list[str]]:
    """Do the seed's work, cancelled once; then let another process make good what is left, and look."""
    blade, dice = Blade(number), random.Random(seed)
    async with opened(directory, blade) as scene:
        scene.channels.takes_board = True
        for work in works(scene, dice):
            await _do(blade, work)
        await _live(scene, blade)
        blade.left = 0
        faults = await _stuck(scene)
    # Another process: nothing is cut off any more.
    async with opened(directory, Blade(0)) as heir:
        heir.channels.messages, heir.channels.last_id = scene.channels.messages, scene.channels.last_id
        heir.channels.nonces_forgotten = True
        heir.clock.move_to(EVENING + timedelta(hours=2))
        await heir.database.write(lambda tx: outbox.end_leases_of_others(tx, "the heir"))
        for desk in (heir.desks.reminders, heir.desks.digests, heir.desks.boards):
            await desk.fire_due()
        async with Supervisor(stop_timeout_s=1.0) as supervisor, asyncio.timeout(_PATIENCE_S):
            courier = heir.courier(supervisor, "the heir")
            supervisor.supervise("courier", courier.run)
            await courier.drained()
    books = read_books(heir.path)
    now = heir.clock.now()
    found = [*await books.findings(now), *await faults_of_boards(books, (), now), *faults_of_digests(books, now)]
    faults += [finding.text for finding in (*found, *faults_of_member_reminders(books, ()))]
    return blade, [*faults, *_by_half(books), *_undelivered(books, heir.channels)]


async def _do(blade: Blade, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """A piece of work in a task of its own, as a command is. It may be refused, or cut off."""
    task = asyncio.create_task(blade.over(work()))
    await asyncio.wait({task}, timeout=_PATIENCE_S)
    if not task.done():
        raise AssertionError("it neither ended nor was cancelled")
    if not task.cancelled() and task.exception() is not None and not isinstance(task.exception(), OpsError):
        raise AssertionError("it broke") from task.exception()


async def _live(scene: Scene, blade: Blade) -> None:
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


async def _stuck(scene: Scene) -> list[str]:
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
    claimed = {row["request_id"] - FIRST_REQUEST for row in books.requests}
    wrote = {row["actor_id"] - FIRST_MEMBER for row in books.journal}
    numbers = range(1, CHANGES + 1)
    return [f"change {number} was made by half" for number in numbers if (number in claimed) != (number in wrote)]


def _undelivered(books: Books, channels: Channels) -> list[str]:
    """What has not had its one message, and messages that no row knows."""
    standing = [
        message for lane in channels.messages.values() for message in lane if message.ours and not message.deleted
    ]
    found = [] if len(standing) == len({one.id for one in standing}) else ["a message stands twice"]
    by_reference: dict[str, list[int]] = {}
    for message in standing:
        by_reference.setdefault(message.sheet.reference, []).append(message.id)
    for row in books.outbox:
        if row["operation"] != "post":
            if row["state"] in {"pending", "sending"}:
                found.append(f"{row['operation']} {row['id']} is {row['state']} for ever")
            continue
        there = by_reference.pop(row["nonce"][:10], [])
        wanted = [row["message_id"]] if row["state"] == "sent" else []
        if row["state"] in {"pending", "sending"} or there != wanted:
            found.append(f"post {row['id']} ({row['state']}, {row['dedup_key']}) has messages {there}")
    return [*found, *(f"messages {ids} have no row" for ids in by_reference.values())]


ROW = Row(9, "cancelled at every await of a write (awaits)", run, CASES)
