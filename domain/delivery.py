"""The life of one delivery to one channel, and what lateness does to it. The courier follows these rules; it makes none.

Discord accepts a nonce of at most 25 characters and drops a repeat of it for a few minutes (unpublished); our own proof is
the channel's history, in which every post carries a reference cut from its nonce.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.board_facts import BoardFacts, BoardRemoved
from domain.countdown import DELAYED_AFTER, ReminderKind
from domain.digest_facts import DigestPosted
from domain.errors import OpsError
from domain.facts import CountdownReached, EventUnconfirmed, Facts
from domain.member_facts import MemberReminded, ReminderUndelivered
from domain.repair_facts import RepairDue

NONCE_LENGTH = 24
REFERENCE_LENGTH = 10
LEASE = timedelta(seconds=60)
SEND_LIMIT_S = 20.0
BACKOFF_FIRST = timedelta(seconds=5)
BACKOFF_LAST = timedelta(minutes=5)
HOLD_LAST = timedelta(hours=1)
"""No lane is held longer, whatever a rate limit asks for. One that is was held by a clock that has been set back since."""

GIVE_UP_AFTER = timedelta(hours=48)
GIVE_UP_ATTEMPTS = 30
"""Without an answer for so long, and after so many tries, a row is parked: it must not stop those behind it for ever. No outage of
Discord's has lasted as long."""

TOO_LATE = "too_late"
NO_ANSWER = "no_answer"
POST_DELETED = "post_deleted"
SUPERSEDED = "superseded"
TARGET_MISSING = "target_missing"
DROPPED = "dropped"
NO_THREADS = "no_threads_there"
NOT_REACHED = "member_not_reached"
MEMBER_GONE = "no_common_server"
QUIET_REASONS = frozenset({SUPERSEDED, TARGET_MISSING, DROPPED, NO_THREADS, NOT_REACHED, MEMBER_GONE})
"""Reasons of which the ops channel is not told when a row ends: the newer post says it, the post it belongs to was told of, a
member did it, it is a thread where there can be none, the member is told where they set it, or has left and is told nowhere."""

OF_THE_CHANNEL = frozenset(
    {
        "channel_gone",
        "server_gone",
        "missing_access",
        "missing_permission",
        "history_hidden",
        "channel_takes_no_messages",
        "thread_archived",
        "thread_locked",
    }
)
"""Reasons that hold for whatever else waits for the same channel. Asking again for each would be thousands of refused requests,
and Discord bans for those."""

BOARD_PATIENCE = 2
"""So often a board's edit may get no answer in time. Discord limits edits of old messages by letting them wait (30046), nobody
knows for how long, and what is behind in the channel would wait as well: the board gets another post."""

WITH_THE_CHANNEL = frozenset({"channel_gone", "server_gone"})
"""Reasons with which everything that was posted there is gone, too."""

OF_OURS = frozenset({"render_failed"})
"""Reasons that would hold for another post as well."""


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
class Target:
    """The post that an edit or a thread belongs to. `message_id` is None while, or because, it does not stand."""

    nonce: str
    state: DeliveryState
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox, as the courier sees it at `claimed_at`. `target` is set for edits and threads."""

    id: int
    workspace_id: int
    channel_id: int
    operation: Operation
    nonce: str
    facts: Facts
    language: str
    mention_role_ids: tuple[int, ...]
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    claimed_at: datetime
    target: Target | None = None

    @property
    def reference(self) -> str:
        """The short reference in the post's footer, by which the post is found again in the channel's history.

        An edit keeps its post's: a database that was restored may still have to look for that.
        """
        return reference_of(self.nonce if self.target is None else self.target.nonce)

    @property
    def edits_board(self) -> bool:
        """True for newer words of a live board."""
        return self.operation is Operation.EDIT and isinstance(self.facts, BoardFacts)

    @property
    def is_removal(self) -> bool:
        """True for the last edit of a post: it leaves nothing of it."""
        return self.operation is Operation.EDIT and isinstance(self.facts, BoardRemoved)

    @property
    def is_late(self) -> bool:
        """True when what it says is noticeably old by the time it is posted, and the post must say so."""
        return self.operation is Operation.POST and self.claimed_at - self.created_at > DELAYED_AFTER


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


def subject_of_event(event_id: int) -> str:
    """What reminders about an event are about."""
    return f"event:{event_id}"


def subject_of_report(number: int) -> str:
    """What alarms about a damage report are about."""
    return f"report:{number}"


def subject_of_repair(task_number: int) -> str:
    """What reminders about a repair task are about."""
    return f"repair:{task_number}"


def subject_of_digest(subscription_id: int) -> str:
    """What the digests of a channel are about: a newer one tells what an older one did that was never posted."""
    return f"digest:{subscription_id}"


def subject_of_member_reminder(workspace_id: int, number: int) -> str:
    """What reminders that a member set are about. Direct messages are one channel for all of a member's workspaces."""
    return f"member:{workspace_id}:{number}"


def subject_of(facts: Facts) -> str | None:
    """What a reminder is about: of those that wait in one channel only the newest is worth posting."""
    match facts:
        case CountdownReached() | EventUnconfirmed():
            return subject_of_event(facts.event.event_id)
        case RepairDue():
            return subject_of_repair(facts.task.task)
        case ReportUnacknowledged() | ReportUnassessed():
            return subject_of_report(facts.report)
        case DigestPosted():
            return subject_of_digest(facts.subscription_id)
        case MemberReminded():
            return subject_of_member_reminder(facts.workspace_id, facts.number)
    return None


def is_for_one_alone(facts: Facts) -> bool:
    """True for what only one member may read: where they cannot be reached, nobody else is told what it says."""
    return isinstance(facts, MemberReminded) and facts.is_private


def mentioned_members(facts: Facts) -> tuple[int, ...]:
    """The members whom a post in a channel is for, to be pinged by it. In direct messages nobody needs to be named."""
    match facts:
        case MemberReminded() if not facts.is_private:
            return (facts.author_id,)
        case ReminderUndelivered():
            return (facts.author_id,)
    return ()


def expires_at(facts: Facts, created_at: datetime) -> datetime | None:
    """When a post is no longer worth making; None means it is always posted, however late, and says so itself."""
    match facts:
        case CountdownReached(kind=ReminderKind.COUNTDOWN, when=when) if when.at is not None:
            return max(when.at, created_at) + timedelta(hours=1)
        case CountdownReached(when=when) if when.stated_end_at is not None:
            return max(when.stated_end_at, created_at) + timedelta(hours=1)
        case EventUnconfirmed() | RepairDue():
            return created_at + timedelta(days=1)
        case DigestPosted():
            return max(facts.next_due_at, created_at)
    return None
