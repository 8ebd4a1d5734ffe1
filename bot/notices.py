"""Who is told when a post will not be made, in the transaction that gives it up: the ops channel, or the member it was for.

One notice for a channel, a reason and a day: a channel that is gone with hundreds of rows waiting is one fact. Who has them
tried again hears of it again. The ops channel is not told about itself; the log is.
"""

from datetime import UTC, datetime

from domain.delivery import Delivery, DeliveryState
from domain.facts import OpsNotice
from domain.member_facts import MemberReminded, ReminderUndelivered
from storage import outbox, workspaces
from storage.database import Transaction

_CODES = {
    DeliveryState.PARKED: "delivery_parked",
    DeliveryState.EXPIRED: "delivery_expired",
    DeliveryState.DELIVERED_DELETED: "correction_missed",
}


async def tell_ops(tx: Transaction, delivery: Delivery, state: DeliveryState, reason: str, now: datetime) -> None:
    """Write the notice, unless it was written today or there is nobody to tell."""
    code = _CODES.get(state)
    opened = await workspaces.load(tx, delivery.workspace_id)
    if code is None or opened is None or opened.workspace.ops_channel_id == delivery.channel_id:
        return
    ops_channel_id = opened.workspace.ops_channel_id
    day = now.astimezone(UTC).date().isoformat()
    notice = OpsNotice(
        code,
        (("channel", str(delivery.channel_id)), ("reason", reason), ("reference", delivery.reference)),
    )
    retries = await outbox.retries_of(tx, delivery.channel_id)
    cause = f"{code}:{delivery.channel_id}:{reason}:{day}:{retries}"
    posting = outbox.Posting(ops_channel_id, notice, cause, language="en")
    await outbox.insert(tx, delivery.workspace_id, posting, now)


async def tell_member(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    """Have a private reminder that did not reach its member said in the channel where it was set, without what it says."""
    facts = delivery.facts
    if not isinstance(facts, MemberReminded):
        return
    undelivered = ReminderUndelivered(facts.number, facts.author_id, facts.due_at, facts.repeat is not None)
    posting = outbox.Posting(facts.channel_id, undelivered, f"undelivered:{delivery.id}", delivery.language)
    await outbox.insert(tx, delivery.workspace_id, posting, now)
