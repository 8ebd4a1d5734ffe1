"""The life of one delivery to one channel, and what lateness does to it. The courier follows these rules; it makes none.

Discord accepts a nonce of at most 25 characters and drops a repeat of it for a few minutes (unpublished); our own proof is
the channel's history, in which every post carries a reference cut from its nonce.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.countdown import ReminderKind
from domain.errors import OpsError
from domain.facts import CountdownReached, EventUnconfirmed, Facts, RepairDue

NONCE_LENGTH = 24
REFERENCE_LENGTH = 10
LEASE = timedelta(seconds=60)
SEND_LIMIT_S = 20.0
BACKOFF_FIRST = timedelta(seconds=5)
BACKOFF_LAST = timedelta(minutes=5)
HOLD_LAST = timedelta(hours=1)
"""No lane is held longer, whatever a rate limit asks for. One that is was held by a clock that has been set back since."""


class DeliveryState(StrEnum):
    """pending → sending → sent; or it ends in delivered_deleted, parked or expired. Nothing is deleted."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED_DELETED = "delivered_deleted"
    PARKED = "parked"
    EXPIRED = "expired"


class Operation(StrEnum):
    """What a delivery does in its channel."""

    POST = "post"
    EDIT = "edit"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox, as the courier sees it. `target_message_id` is set for edits and threads."""

    id: int
    workspace_id: int
    channel_id: int
    operation: Operation
    nonce: str
    facts: Facts
    language: str
    mention_role_id: int | None
    target_message_id: int | None
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    state: DeliveryState

    @property
    def reference(self) -> str:
        """The short reference in the post's footer, by which the post is found again in the channel's history."""
        return reference_of(self.nonce)


class DeliveryRefused(OpsError):  # noqa: N818
    """Discord will not take this, and trying again will not help: the row is parked with the code as its reason."""


def reference_of(nonce: str) -> str:
    """The reference that stands for a nonce in a post."""
    return nonce[:REFERENCE_LENGTH]


def backoff(attempts: int) -> timedelta:
    """How long to leave a lane alone after `attempts` failures in a row: doubling from 5 s to 5 min.

    Never less than 5 s, because Discord sometimes commits a message after answering 5xx.
    """
    doublings = min(max(attempts - 1, 0), 10)
    return min(BACKOFF_FIRST * (1 << doublings), BACKOFF_LAST)


def expires_at(facts: Facts, created_at: datetime) -> datetime | None:
    """When a post is no longer worth making; None means it is always posted, however late, and says so itself."""
    match facts:
        case CountdownReached(kind=ReminderKind.COUNTDOWN, when=when) if when.at is not None:
            return max(when.at, created_at) + timedelta(hours=1)
        case EventUnconfirmed() | RepairDue():
            return created_at + timedelta(days=1)
    return None
