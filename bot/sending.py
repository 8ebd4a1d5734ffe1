"""One attempt to deliver one row: look for it where it may already stand, word it, send it, and say how that ended.

It knows neither lanes nor the database. Whatever Discord does, an attempt ends in one of two ways (`bot.endings`), or with a
fault of ours; what Discord's answers mean is `bot.channels`'.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

import structlog

from bot.channels import TOO_LARGE, Ambiguous, Deleted, Glance, NotSent, Picture
from bot.endings import Ended, Held, after_deletion, after_refusal, after_silence, is_too_late, without_target
from domain.clock import Clock
from domain.delivery import (
    BOARD_PATIENCE,
    GIVE_UP_AFTER,
    GIVE_UP_ATTEMPTS,
    HOLD_LAST,
    NO_ANSWER,
    SEND_LIMIT_S,
    SUPERSEDED,
    TOO_LATE,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    Operation,
    backoff,
)
from storage.outbox import Claim

_OF_PICTURES = frozenset({TOO_LARGE, "missing_permission"})
"""Refusals that may be about the pictures alone: too large, or no right to attach files."""

_log = structlog.stdlib.get_logger(__name__)


class Rendered(Protocol):
    """What the sender needs to know of a rendered delivery."""

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


class _NoAnswer(Ambiguous):
    """Its time is over. The library may be waiting out a limit that it does not tell of."""


class Sender(Generic[R]):
    """Makes attempts. `send_limit_s` is the time one request may take."""

    def __init__(
        self,
        edge: Edge[R],
        render: Callable[[Delivery], R],
        *,
        pictures: Pictures,
        clock: Clock,
        send_limit_s: float = SEND_LIMIT_S,
    ) -> None:
        self._edge = edge
        self._render = render
        self._pictures = pictures
        self._clock = clock
        self._send_limit_s = send_limit_s

    async def ready(self) -> None:
        """Return once requests can be made."""
        await self._edge.ready()

    async def attempt(self, claim: Claim) -> Ended | Held:
        """Deliver a claimed row, or find that it stands. Raises only what is a fault of ours, and CancelledError."""
        delivery = claim.delivery
        try:
            standing = await self._find(claim) if claim.ambiguous else None
            if standing is not None:
                _log.info("a post of an earlier attempt stands", **_named(delivery))
                return Ended(DeliveryState.SENT, standing)
            if claim.superseded:
                return Ended(DeliveryState.EXPIRED, reason=SUPERSEDED)
            # What may still appear is sent once more, with its nonce: the message would stand, and its row deny it.
            if is_too_late(delivery, self._clock.now()) and not claim.may_appear:
                _log.warning("expired unsent", **_named(delivery), expired_at=str(delivery.expires_at))
                return Ended(DeliveryState.EXPIRED, reason=TOO_LATE)
            if delivery.operation is not Operation.POST and (delivery.target is None or not delivery.target.message_id):
                return without_target(delivery)
            return Ended(DeliveryState.SENT, await self._perform(delivery), without_post=delivery.is_removal)
        except Deleted:
            _log.info("the post had been deleted", **_named(delivery))
            return after_deletion(delivery)
        except DeliveryRefused as refusal:
            ending = after_refusal(delivery, refusal)
            _log.warning(ending.state.value, **_named(delivery), reason=str(refusal))
            return ending
        except NotSent as outcome:
            _log.warning("not sent", **_named(delivery), reason=str(outcome))
            # After an ambiguous attempt this one says nothing about that one.
            return self._held(delivery, unsent=not claim.ambiguous, least_s=outcome.retry_after_s)
        except Ambiguous as outcome:
            _log.warning("may have been sent", **_named(delivery), reason=str(outcome))
            if isinstance(outcome, _NoAnswer) and delivery.edits_board and delivery.attempts >= BOARD_PATIENCE:
                return Ended(DeliveryState.EXPIRED, reason=SUPERSEDED, asks_for_another=True)
            return self._held(delivery, unsent=False)

    def _held(self, delivery: Delivery, *, unsent: bool, least_s: float = 0.0) -> Held | Ended:
        age = self._clock.now() - delivery.created_at
        if age > GIVE_UP_AFTER and delivery.attempts >= GIVE_UP_ATTEMPTS:
            ending = after_silence(delivery)
            _log.warning(ending.state.value, delivery=delivery.id, reason=NO_ANSWER)
            return ending
        pause = min(max(backoff(delivery.attempts), timedelta(seconds=least_s)), HOLD_LAST)
        return Held(self._clock.now() + pause, unsent)

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
