"""How an attempt to deliver a row ends: the delivery is over, or it is held for later. Pure rules; the courier writes them down."""

from dataclasses import dataclass
from datetime import datetime

from domain.delivery import (
    MEMBER_GONE,
    NO_ANSWER,
    NO_THREADS,
    NOT_REACHED,
    OF_OURS,
    OF_THE_CHANNEL,
    POST_DELETED,
    SUPERSEDED,
    TARGET_MISSING,
    WITH_THE_CHANNEL,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    Operation,
    is_for_one_alone,
)
from domain.facts import StatementPosted


@dataclass(frozen=True, slots=True)
class Ended:
    """The delivery is over. `reason` says why it was not sent; the ops channel hears of it, unless it is one of QUIET_REASONS.

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
class Held:
    """Not now. `unsent` when it certainly was not sent; otherwise the row stays claimed, because it may stand there."""

    resume_at: datetime
    unsent: bool


def is_too_late(delivery: Delivery, now: datetime) -> bool:
    """Whether it is no longer worth sending."""
    return delivery.expires_at is not None and delivery.expires_at < now


def without_target(delivery: Delivery) -> Ended:
    """An edit or thread whose post does not stand. When that is tried again, so is this."""
    if delivery.target is not None and delivery.target.state is DeliveryState.DELIVERED_DELETED:
        return Ended(DeliveryState.DELIVERED_DELETED)
    return Ended(DeliveryState.EXPIRED, reason=TARGET_MISSING)


def after_deletion(delivery: Delivery) -> Ended:
    """Somebody has deleted the post. A board gets another one; a board's removal has nothing left to do."""
    if delivery.is_removal:
        return _gone(delivery)
    if delivery.edits_board:
        return Ended(DeliveryState.DELIVERED_DELETED, without_post=True, asks_for_another=True)
    # Whoever corrected a statement believes that it says the new words now.
    is_missed = delivery.operation is Operation.EDIT and isinstance(delivery.facts, StatementPosted)
    return Ended(DeliveryState.DELIVERED_DELETED, reason=POST_DELETED if is_missed else None)


def after_refusal(delivery: Delivery, refusal: DeliveryRefused) -> Ended:
    """Trying again will not help: parked, for a member to decide, unless there is nothing to decide.

    A board whose post will not be edited any more gets another one.
    """
    if refusal.code == NO_THREADS:
        return Ended(DeliveryState.EXPIRED, reason=NO_THREADS)
    if is_for_one_alone(delivery.facts):
        # Who has left every server of ours would not read it where they set it either.
        return Ended(DeliveryState.EXPIRED, reason=MEMBER_GONE if refusal.code == MEMBER_GONE else NOT_REACHED)
    if delivery.is_removal and refusal.code in WITH_THE_CHANNEL:
        return _gone(delivery)
    if delivery.edits_board and refusal.code not in OF_THE_CHANNEL | OF_OURS:
        return Ended(DeliveryState.EXPIRED, reason=SUPERSEDED, asks_for_another=True)
    return Ended(DeliveryState.PARKED, reason=refusal.code)


def after_silence(delivery: Delivery) -> Ended:
    """It was tried for long enough: parked, for a member to decide; what is for one member alone, nobody else decides."""
    if is_for_one_alone(delivery.facts):
        return Ended(DeliveryState.EXPIRED, reason=NOT_REACHED)
    return Ended(DeliveryState.PARKED, reason=NO_ANSWER)


def _gone(removal: Delivery) -> Ended:
    """What was to be removed does not stand."""
    message_id = None if removal.target is None else removal.target.message_id
    return Ended(DeliveryState.SENT, message_id, without_post=True)
