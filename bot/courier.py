"""The courier: takes rows of the outbox to their channels, each once, in order, whatever dies in between.

The rows are the truth; this holds nothing that a new process could not find there. Claim, then (if an earlier attempt
may have got through) read our own history, then send with the row's stored nonce, then settle. One attempt is `bot.sending`'s. It
must not create tasks itself and never waits inside a transaction.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot import notices
from bot.endings import Ended, Held
from bot.sending import Sender
from domain.clock import Clock
from domain.delivery import NOT_REACHED, QUIET_REASONS, Operation
from domain.errors import Unavailable
from services.board_posts import replace_lost
from storage import outbox, workspaces
from storage.database import Attend, Database, Reader, Transaction
from storage.outbox import Claim

LANES_AT_ONCE = 64
"""So many channels are served side by side; a hanging one gives its place back after the send limit."""

_log = structlog.stdlib.get_logger(__name__)


class Courier:
    """One for the process. `owner` names this process in claims; `bell` is rung after every commit that wrote a row."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: Sender[Any],
        *,
        attend: Attend,
        bell: asyncio.Event,
        owner: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._attend = attend
        self._bell = bell
        self._owner = owner
        self._places = asyncio.Semaphore(LANES_AT_ONCE)
        self._active: set[int] = set()
        self._rung_meanwhile: set[int] = set()
        self._quiet = asyncio.Event()
        self._failure: BaseException | None = None
        self._looking = False
        self._stopping = False

    async def run(self) -> None:
        """Serve until cancelled. A lane under way then ends after its present row, or the supervisor cancels it."""
        await self._sender.ready()
        try:
            while True:
                self._bell.clear()
                if self._failure is not None:
                    raise self._failure
                await self._wait(await self._start_lanes())
        finally:
            self._stopping = True

    async def drained(self) -> None:
        """Return when no row can be sent now: none is pending or being sent, but for lanes held by back-off."""
        self._quiet.clear()
        self._bell.set()
        await self._quiet.wait()

    async def _start_lanes(self) -> datetime | None:
        """Start every lane that has work and is not under way; return when the first held one may go on."""
        now = self._clock.now()
        self._looking = True
        try:
            open_now, resume_at = await self._database.read(lambda reader: _lanes(reader, now))
        except Unavailable as error:
            _log.warning("the outbox cannot be read", reason=str(error))
            return None  # the timekeeper's safety pass rings again
        finally:
            self._looking = False
        for channel_id in open_now:
            if channel_id in self._active:
                self._rung_meanwhile.add(channel_id)
                continue
            self._active.add(channel_id)
            self._attend(self._lane(channel_id)).add_done_callback(partial(self._lane_ended, channel_id))
        self._note_quiet()
        return resume_at

    async def _wait(self, resume_at: datetime | None) -> None:
        alarm = None if resume_at is None else self._attend(self._ring_at(resume_at))
        try:
            await self._bell.wait()
        finally:
            if alarm is not None:
                alarm.cancel()

    async def _ring_at(self, at: datetime) -> None:
        await self._clock.sleep((at - self._clock.now()).total_seconds())
        self._bell.set()

    def _lane_ended(self, channel_id: int, lane: "asyncio.Task[None]") -> None:
        self._active.discard(channel_id)
        if not lane.cancelled() and (error := lane.exception()) is not None:
            # A fault of ours. The process ends; what it was sending is found in the history at the next start.
            self._failure = error
            self._bell.set()
        if channel_id in self._rung_meanwhile:
            # Its last look may have been before the row that was rung for.
            self._rung_meanwhile.discard(channel_id)
            self._bell.set()
        self._note_quiet()

    def _note_quiet(self) -> None:
        if not (self._active or self._looking or self._bell.is_set()):
            self._quiet.set()

    async def _lane(self, channel_id: int) -> None:
        async with self._places:
            if self._stopping:
                return
            try:
                claim = await self._database.write(lambda tx: self._claim(tx, channel_id))
                while claim is not None:
                    ending = await self._sender.attempt(claim)
                    claim = await self._database.write(partial(self._record, claim, ending))
                    if isinstance(ending, Held) or ending.reason is not None:
                        self._bell.set()  # a lane to resume later, or a notice in another lane
            except Unavailable as error:
                # What was sent is not settled yet: the next claim of it is ambiguous and looks first.
                _log.warning("a lane waits for the database", channel=channel_id, reason=str(error))

    async def _claim(self, tx: Transaction, channel_id: int) -> Claim | None:
        return await outbox.claim_next(tx, channel_id, self._owner, self._clock.now())

    async def _record(self, claim: Claim, ending: Ended | Held, tx: Transaction) -> Claim | None:
        """Write down how the attempt ended and, in the same transaction, claim the lane's next row."""
        delivery = claim.delivery
        if isinstance(ending, Held):
            if ending.unsent:
                await outbox.release(tx, delivery, ending.resume_at)
            else:
                await outbox.hold_lane(tx, delivery.channel_id, ending.resume_at)
            return None
        now = self._clock.now()
        await outbox.settle(tx, delivery, ending.state, at=now, message_id=ending.message_id, reason=ending.reason)
        if ending.parks_the_lane and delivery.operation is Operation.POST:
            await outbox.park_pending(tx, delivery.channel_id, str(ending.reason), now)
        if ending.without_post:
            await outbox.mark_target_deleted(tx, delivery.id)
        if ending.asks_for_another:
            opened = await workspaces.load(tx, delivery.workspace_id)
            if opened is not None:
                await replace_lost(tx, opened.workspace, delivery.id, now)
        if ending.reason == NOT_REACHED:
            await notices.tell_member(tx, delivery, now)
        if ending.reason is not None and ending.reason not in QUIET_REASONS:
            await notices.tell_ops(tx, delivery, ending.state, ending.reason, now)
        return None if self._stopping else await self._claim(tx, delivery.channel_id)


async def _lanes(reader: Reader, now: datetime) -> tuple[list[int], datetime | None]:
    """The channels in which something can be done now, and when the first of the others may go on."""
    return await outbox.open_lanes(reader, now), await outbox.next_resume_at(reader, now)
