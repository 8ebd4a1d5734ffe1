"""The courier: takes rows of the outbox to their channels, each once, in order, whatever dies in between.

The rows are the truth; this holds nothing that a new process could not find there. Claim, then (if an earlier attempt
may have got through) read our own history, then send with the row's stored nonce, then settle. Rules and back-off are
`domain.delivery`'s; what Discord's answers mean is `bot.channels`'. It must not create tasks itself and never waits
inside a transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, Protocol, TypeVar

import structlog

from bot import notices
from bot.channels import TOO_LARGE, Ambiguous, Deleted, Glance, NotSent, Picture
from domain.clock import Clock
from domain.delivery import (
    BOARD_PATIENCE,
    GIVE_UP_AFTER,
    GIVE_UP_ATTEMPTS,
    HOLD_LAST,
    NO_ANSWER,
    NO_THREADS,
    NOT_REACHED,
    OF_OURS,
    OF_THE_CHANNEL,
    POST_DELETED,
    QUIET_REASONS,
    SEND_LIMIT_S,
    SUPERSEDED,
    TARGET_MISSING,
    TOO_LATE,
    WITH_THE_CHANNEL,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    Operation,
    backoff,
    is_for_one_alone,
)
from domain.errors import Unavailable
from domain.facts import StatementPosted
from services.board_posts import replace_lost
from storage import outbox, workspaces
from storage.database import Attend, Database, Reader, Transaction
from storage.outbox import Claim

LANES_AT_ONCE = 64
"""So many channels are served side by side; a hanging one gives its place back after the send limit."""

_OF_PICTURES = frozenset({TOO_LARGE, "missing_permission"})
"""Refusals that may be about the pictures alone: too large, or no right to attach files."""

_log = structlog.stdlib.get_logger(__name__)


class Rendered(Protocol):
    """What the courier needs to know of a rendered delivery."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """SHA-256 of pictures to attach."""
        ...


R = TypeVar("R", bound=Rendered)
R_contra = TypeVar("R_contra", bound=Rendered, contravariant=True)
T = TypeVar("T")
Pictures = Callable[[int, tuple[str, ...]], Awaitable[tuple[Picture, ...]]]
"""Brings a workspace's kept pictures by their digests: `bot.album.Album.pictures`."""


class Edge(Protocol[R_contra]):
    """The outside world: `bot.channels.ChannelEdge`. Raises NotSent, Ambiguous, Deleted or DeliveryRefused."""

    async def ready(self) -> None:
        """Return once requests can be made."""
        ...

    async def post(self, channel_id: int, outgoing: R_contra, pictures: Sequence[Picture], nonce: str) -> int:
        """Post and return the message's id."""
        ...

    async def look(self, channel_id: int, reference: str, after_id: int) -> Glance:
        """Look for our post through one page of history."""
        ...

    async def edit(self, channel_id: int, message_id: int, outgoing: R_contra) -> int:
        """Edit a post of ours and return its id."""
        ...

    async def remove(self, channel_id: int, message_id: int) -> int:
        """Delete a post of ours and return its id; Deleted when it is gone already."""
        ...

    async def open_thread(self, channel_id: int, message_id: int, outgoing: R_contra) -> int:
        """Make a thread from a post and return its id."""
        ...


@dataclass(frozen=True, slots=True)
class _Ended:
    """The delivery is over. `reason` says why it was not sent, and the ops channel hears of it.

    `without_post`: the post it belongs to is known to be gone. `asks_for_another`: it is a board's, which gets a new one.
    """

    state: DeliveryState
    message_id: int | None = None
    reason: str | None = None
    without_post: bool = False
    asks_for_another: bool = False

    @property
    def parks_the_lane(self) -> bool:
        """Whether what waits behind it for the same channel would be refused as well."""
        return self.state is DeliveryState.PARKED and self.reason in OF_THE_CHANNEL


@dataclass(frozen=True, slots=True)
class _Held:
    """Not now. `unsent` when it certainly was not sent; otherwise the row stays claimed, because it may stand there."""

    resume_at: datetime
    unsent: bool


class _NoAnswer(Ambiguous):
    """Its time is over. The library may be waiting out a limit that it does not tell of."""


class Courier(Generic[R]):
    """One for the process. `owner` names this process in claims; `bell` is rung after every commit that wrote a row."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        edge: Edge[R],
        render: Callable[[Delivery], R],
        *,
        pictures: Pictures,
        attend: Attend,
        bell: asyncio.Event,
        owner: str,
        send_limit_s: float = SEND_LIMIT_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._edge = edge
        self._render = render
        self._pictures = pictures
        self._attend = attend
        self._bell = bell
        self._owner = owner
        self._send_limit_s = send_limit_s
        self._places = asyncio.Semaphore(LANES_AT_ONCE)
        self._active: set[int] = set()
        self._rung_meanwhile: set[int] = set()
        self._quiet = asyncio.Event()
        self._failure: BaseException | None = None
        self._looking = False
        self._stopping = False

    async def run(self) -> None:
        """Serve until cancelled. A lane under way then ends after its present row, or the supervisor cancels it."""
        await self._edge.ready()
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
                    ending = await self._attempt(claim)
                    claim = await self._database.write(partial(self._record, claim, ending))
                    if isinstance(ending, _Held) or ending.reason is not None:
                        self._bell.set()  # a lane to resume later, or a notice in another lane
            except Unavailable as error:
                # What was sent is not settled yet: the next claim of it is ambiguous and looks first.
                _log.warning("a lane waits for the database", channel=channel_id, reason=str(error))

    async def _claim(self, tx: Transaction, channel_id: int) -> Claim | None:
        return await outbox.claim_next(tx, channel_id, self._owner, self._clock.now())

    async def _record(self, claim: Claim, ending: _Ended | _Held, tx: Transaction) -> Claim | None:
        """Write down how the attempt ended and, in the same transaction, claim the lane's next row."""
        delivery = claim.delivery
        if isinstance(ending, _Held):
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

    async def _attempt(self, claim: Claim) -> _Ended | _Held:
        delivery = claim.delivery
        try:
            standing = await self._find(claim) if claim.ambiguous else None
            if standing is not None:
                _log.info("a post of an earlier attempt stands", **_named(delivery))
                return _Ended(DeliveryState.SENT, standing)
            if claim.superseded:
                return _Ended(DeliveryState.EXPIRED, reason=SUPERSEDED)
            # What may still appear is sent once more, with its nonce: the message would stand, and its row deny it.
            if _is_too_late(delivery, self._clock.now()) and not claim.may_appear:
                _log.warning("expired unsent", **_named(delivery), expired_at=str(delivery.expires_at))
                return _Ended(DeliveryState.EXPIRED, reason=TOO_LATE)
            if delivery.operation is not Operation.POST and (delivery.target is None or not delivery.target.message_id):
                return _without_target(delivery)
            return _Ended(DeliveryState.SENT, await self._perform(delivery), without_post=delivery.is_removal)
        except Deleted:
            _log.info("the post had been deleted", **_named(delivery))
            return _after_deletion(delivery)
        except DeliveryRefused as refusal:
            ending = _after_refusal(delivery, refusal)
            _log.warning(ending.state.value, **_named(delivery), reason=str(refusal))
            return ending
        except NotSent as outcome:
            _log.warning("not sent", **_named(delivery), reason=str(outcome))
            # After an ambiguous attempt this one says nothing about that one.
            return self._held(delivery, unsent=not claim.ambiguous, least_s=outcome.retry_after_s)
        except Ambiguous as outcome:
            _log.warning("may have been sent", **_named(delivery), reason=str(outcome))
            if isinstance(outcome, _NoAnswer) and delivery.edits_board and delivery.attempts >= BOARD_PATIENCE:
                return _Ended(DeliveryState.EXPIRED, reason=SUPERSEDED, asks_for_another=True)
            return self._held(delivery, unsent=False)

    def _held(self, delivery: Delivery, *, unsent: bool, least_s: float = 0.0) -> _Held | _Ended:
        age = self._clock.now() - delivery.created_at
        if age > GIVE_UP_AFTER and delivery.attempts >= GIVE_UP_ATTEMPTS:
            _log.warning("parked", delivery=delivery.id, reason=NO_ANSWER)
            return _Ended(DeliveryState.PARKED, reason=NO_ANSWER)
        pause = min(max(backoff(delivery.attempts), timedelta(seconds=least_s)), HOLD_LAST)
        return _Held(self._clock.now() + pause, unsent)

    async def _find(self, claim: Claim) -> int | None:
        """The id of this row's post if it stands in the channel: our history from the lane's floor to its very end."""
        delivery = claim.delivery
        if delivery.operation is not Operation.POST:
            return None  # edits and threads may be repeated
        after_id = claim.floor_message_id
        while True:
            glance = await self._limited(self._edge.look(delivery.channel_id, delivery.reference, after_id))
            if glance.found_id is not None or glance.last_id is None:
                return glance.found_id
            after_id = glance.last_id

    async def _perform(self, delivery: Delivery) -> int:
        if delivery.is_removal and delivery.target is not None and delivery.target.message_id is not None:
            return await self._limited(self._edge.remove(delivery.channel_id, delivery.target.message_id))
        rendered = self._rendered(delivery)
        if delivery.target is None or delivery.target.message_id is None:
            return await self._post(delivery, rendered)
        act = self._edge.edit if delivery.operation is Operation.EDIT else self._edge.open_thread
        return await self._limited(act(delivery.channel_id, delivery.target.message_id, rendered))

    async def _post(self, delivery: Delivery, rendered: R) -> int:
        pictures = await self._pictures(delivery.workspace_id, rendered.evidence) if rendered.evidence else ()
        try:
            return await self._limited(self._edge.post(delivery.channel_id, rendered, pictures, delivery.nonce))
        except DeliveryRefused as refusal:
            if refusal.code not in _OF_PICTURES or not pictures:
                raise
            _log.warning("posted without its pictures", delivery=delivery.id, reason=refusal.code)
            return await self._limited(self._edge.post(delivery.channel_id, rendered, (), delivery.nonce))

    def _rendered(self, delivery: Delivery) -> R:
        try:
            return self._render(delivery)
        except DeliveryRefused:
            raise
        except Exception as error:
            # One post that cannot be worded must not stop those behind it.
            _log.exception("a delivery cannot be rendered", delivery=delivery.id)
            raise DeliveryRefused("render_failed") from error

    async def _limited(self, request: Awaitable[T]) -> T:
        """Give a request its time. Running out of it, or being cancelled by others, says nothing about the post."""
        try:
            async with asyncio.timeout(self._send_limit_s):
                return await request
        except TimeoutError as error:
            raise _NoAnswer("no answer in time") from error
        except asyncio.CancelledError as error:
            lane = asyncio.current_task()
            if lane is None or lane.cancelling():
                raise
            raise Ambiguous("cancelled from within") from error


def _named(delivery: Delivery) -> dict[str, int]:
    """Which attempt a line of the log is about."""
    return {"delivery": delivery.id, "channel": delivery.channel_id, "attempt": delivery.attempts}


def _is_too_late(delivery: Delivery, now: datetime) -> bool:
    return delivery.expires_at is not None and delivery.expires_at < now


def _without_target(delivery: Delivery) -> _Ended:
    """An edit or thread whose post does not stand. When that is tried again, so is this."""
    if delivery.target is not None and delivery.target.state is DeliveryState.DELIVERED_DELETED:
        return _Ended(DeliveryState.DELIVERED_DELETED)
    return _Ended(DeliveryState.EXPIRED, reason=TARGET_MISSING)


def _after_deletion(delivery: Delivery) -> _Ended:
    """Somebody has deleted the post. A board gets another one; a board's removal has nothing left to do."""
    if delivery.is_removal:
        return _gone(delivery)
    if delivery.edits_board:
        return _Ended(DeliveryState.DELIVERED_DELETED, without_post=True, asks_for_another=True)
    # Whoever corrected a statement believes that it says the new words now.
    is_missed = delivery.operation is Operation.EDIT and isinstance(delivery.facts, StatementPosted)
    return _Ended(DeliveryState.DELIVERED_DELETED, reason=POST_DELETED if is_missed else None)


def _after_refusal(delivery: Delivery, refusal: DeliveryRefused) -> _Ended:
    """Trying again will not help: parked, for a member to decide, unless there is nothing to decide.

    A board whose post will not be edited any more gets another one.
    """
    if refusal.code == NO_THREADS:
        return _Ended(DeliveryState.EXPIRED, reason=NO_THREADS)
    if is_for_one_alone(delivery.facts):
        return _Ended(DeliveryState.EXPIRED, reason=NOT_REACHED)
    if delivery.is_removal and refusal.code in WITH_THE_CHANNEL:
        return _gone(delivery)
    if delivery.edits_board and refusal.code not in OF_THE_CHANNEL | OF_OURS:
        return _Ended(DeliveryState.EXPIRED, reason=SUPERSEDED, asks_for_another=True)
    return _Ended(DeliveryState.PARKED, reason=refusal.code)


def _gone(removal: Delivery) -> _Ended:
    """What was to be removed does not stand."""
    message_id = None if removal.target is None else removal.target.message_id
    return _Ended(DeliveryState.SENT, message_id, without_post=True)


async def _lanes(reader: Reader, now: datetime) -> tuple[list[int], datetime | None]:
    """The channels in which something can be done now, and when the first of the others may go on."""
    return await outbox.open_lanes(reader, now), await outbox.next_resume_at(reader, now)
