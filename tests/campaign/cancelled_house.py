"""The house whose writes row 9 cancels: what members do there and what it does by itself, and a service that can be left."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.channels import Picture
from bot.courier import Courier
from bot.sending import Sender
from bot.supervisor import Supervisor
from domain.announcements import Topic
from domain.boards import BoardKind
from domain.capabilities import Standing
from domain.damage import Severity
from domain.delivery import DeliveryRefused
from domain.member_reminders import Snooze
from domain.missions import EventKind
from services.actors import Actor
from services.boards import PinBoard
from services.damage import ReportDamage
from services.desks import Desks, open_desks
from services.digests import SetDigest
from services.member_reminders import Remind
from services.missions import CreateMission, MoveEvent
from storage.database import Database, open_database
from storage.evidence import EvidenceStore
from tests.campaign.blade import Blade
from tests.clock import ManualClock
from tests.delivery.world import Channels, Sheet, sheet
from tests.services.house import EVENING, FLIGHT, GUILD, JOURNAL_KEY, PADS, House, channel, director

T = TypeVar("T")
CHANGES = 3
FIRST_REQUEST, FIRST_MEMBER = 70_000, 500
DIRECT = 904
"""Direct messages of a member who takes none."""

_SOON = "in 5 minutes"
_TAKEN = "mission_board"


class _Slow(Channels):
    """A service that can be left before and after it has taken a post, with a member who takes no direct messages.

    `takes_board`: somebody deletes a board just before it is edited.
    """

    takes_board: bool = False

    async def post(self, channel_id: int, outgoing: Sheet, pictures: Sequence[Picture], nonce: str) -> int:
        """Wait, commit, wait."""
        await asyncio.sleep(0)
        if channel_id == DIRECT:
            raise DeliveryRefused("member_takes_no_messages")
        message_id = await super().post(channel_id, outgoing, pictures, nonce)
        await asyncio.sleep(0)
        return message_id

    async def edit(self, channel_id: int, message_id: int, outgoing: Sheet) -> int:
        """Wait, edit, wait; or find it gone."""
        await asyncio.sleep(0)
        if self.takes_board and outgoing.words == _TAKEN:
            self.takes_board = False
            await super().remove(channel_id, message_id)
        edited = await super().edit(channel_id, message_id, outgoing)
        await asyncio.sleep(0)
        return edited

    async def remove(self, channel_id: int, message_id: int) -> int:
        """Wait, delete, wait."""
        await asyncio.sleep(0)
        removed = await super().remove(channel_id, message_id)
        await asyncio.sleep(0)
        return removed


@dataclass
class Scene:
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
        return Actor(GUILD, FIRST_MEMBER + self.requests, "a member", standing, FLIGHT, FIRST_REQUEST + self.requests)

    def courier(self, supervisor: Supervisor, owner: str) -> Courier:
        """A courier of one life."""

        async def bring(_: int, __: tuple[str, ...]) -> tuple[Picture, ...]:
            return ()

        sender = Sender(self.channels, sheet, pictures=bring, clock=self.clock)
        return Courier(self.database, self.clock, sender, attend=supervisor.attend, bell=self.bell, owner=owner)


async def build(house: House) -> None:
    """Enter what the changes are about: of everything that falls due there is one, and two boards stand."""
    (house.directory / "journal.key").write_text(JOURNAL_KEY.hex(), "ascii")
    (house.directory / "journal.key").chmod(0o600)
    await house.set_up()
    await house.subscribe(Topic.ALL, FLIGHT)
    await house.subscribe(Topic.PAD, PADS)
    await house.pad()
    await house.create("Soyuz MS-29", pad="Site 31/6", launch="2025-11-27T19:00Z")
    desks, here = house.desks, channel(FLIGHT)
    for kind in (BoardKind.MISSIONS, BoardKind.PADS):
        await desks.boards.pin(director(), PinBoard(kind, here))
    await desks.digests.set(director(), SetDigest("18:05", here, says_quiet_days=True))
    await desks.member_reminders.remind_here(replace(director(), channel_id=FLIGHT), Remind(_SOON, "the hatch"), here)
    await desks.member_reminders.remind_me(replace(director(), channel_id=PADS), Remind(_SOON, "my shift"), DIRECT)


@contextlib.asynccontextmanager
async def opened(directory: Path, blade: Blade) -> AsyncIterator[Scene]:
    """A process of that house, with all its work under a blade."""
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
            yield Scene(path, database, desks, clock, _Slow(last_id=10_000), bell)
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


def works(scene: Scene, dice: random.Random) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Members' changes, and what falls due among them. Whatever else changes the state belongs here."""
    desks = scene.desks
    launch = EVENING + timedelta(minutes=dice.randrange(70, 200))
    kinds: list[Callable[[], Coroutine[Any, Any, Any]]] = [
        lambda: desks.missions.create(scene.member(), CreateMission("Progress MS-33", "Soyuz-2.1a", launch="+90min")),
        lambda: desks.damage.report(scene.member(), ReportDamage("Site 31/6", dice.choice(list(Severity)), "a crack")),
        lambda: desks.missions.move(
            scene.member(), MoveEvent("Soyuz MS-29", EventKind.LAUNCH.value, launch.isoformat(), "weather")
        ),
    ]
    kinds += [
        lambda: desks.boards.pin(scene.member(), PinBoard(BoardKind.CREW, channel(PADS))),
        lambda: desks.boards.pin(scene.member(), PinBoard(BoardKind.MISSIONS, channel(FLIGHT))),
        lambda: desks.boards.unpin(scene.member(), BoardKind.PADS, FLIGHT),
        lambda: desks.digests.set(scene.member(), SetDigest("18:50", channel(PADS))),
        lambda: desks.member_reminders.remind_me(scene.member(), Remind("in 8 minutes", "the valve"), DIRECT),
        lambda: desks.member_reminders.snooze_here(scene.member(), 1, Snooze.TEN_MINUTES),
    ]
    chosen = dice.sample(kinds, CHANGES)
    ahead = timedelta(minutes=dice.choice((10, 55, 61)))

    async def fire() -> None:
        scene.clock.move_to(scene.clock.now() + ahead)
        await desks.reminders.fire_due()
        await desks.digests.fire_due()
        await desks.boards.fire_due()
        await desks.housekeeping.fire_due()

    return [*chosen, fire]
