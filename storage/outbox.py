"""The outbox: one row for each post, edit or thread in one channel, and the lanes they wait in.

Ids grow with time, so a lane's order is its ids' order. A row's nonce is drawn once, when it is inserted.
"""

import base64
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from domain.delivery import LEASE, NONCE_LENGTH, Delivery, DeliveryState, Operation, expires_at
from domain.errors import Unavailable
from domain.facts import FACTS_VERSION, Facts
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none
from storage.states import dump_facts, load_facts

_log = logging.getLogger(__name__)
_COLUMNS = """
id, workspace_id, channel_id, operation, target_message_id, nonce, facts_version, facts, language, mention_role_id,
state, created_at, expires_at, attempts
"""
# The same cause to the same channel in the same revision is one delivery, however often it is asked for.
_INSERT = """
INSERT INTO outbox (workspace_id, channel_id, operation, target_message_id, dedup_key, nonce, facts_version, facts,
                    language, mention_role_id, state, created_at, expires_at, attempts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, 0)
ON CONFLICT (dedup_key) DO NOTHING RETURNING id
"""
_ENSURE_LANE = """
INSERT INTO lanes (workspace_id, channel_id, floor_message_id, failures) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING
"""
# Channels with something to do now: a pending row, or an unsettled claim; whose it is, `claim_next` finds out.
_OPEN_LANES = """
SELECT DISTINCT o.channel_id FROM outbox o JOIN lanes l ON l.channel_id = o.channel_id
WHERE o.state IN ('pending', 'sending') AND (l.resume_at IS NULL OR l.resume_at <= ?) ORDER BY o.channel_id
"""
# When the first held lane that has work may go on; one whose time has come is open, not held.
_NEXT_RESUME = """
SELECT MIN(l.resume_at) AS resume_at FROM lanes l
WHERE l.resume_at > ?
  AND EXISTS (SELECT 1 FROM outbox o WHERE o.channel_id = l.channel_id AND o.state IN ('pending', 'sending'))
"""
_HEAD = f"""
SELECT {_COLUMNS}, owner, lease_until FROM outbox
WHERE channel_id = ? AND state IN ('pending', 'sending') ORDER BY id LIMIT 1
"""
_CLAIM = """
UPDATE outbox SET state = 'sending', attempt_at = ?, owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id = ?
"""
_SETTLE = """
UPDATE outbox SET state = ?, message_id = ?, settled_at = ?, reason = ?, owner = NULL, lease_until = NULL WHERE id = ?
"""
_RELEASE = "UPDATE outbox SET state = 'pending', owner = NULL, lease_until = NULL WHERE id = ?"
_RAISE_FLOOR = """
UPDATE lanes SET floor_message_id = MAX(floor_message_id, ?), failures = 0, resume_at = NULL WHERE channel_id = ?
"""
_CLEAR_LANE = "UPDATE lanes SET failures = 0, resume_at = NULL WHERE channel_id = ?"
_HOLD_LANE = "UPDATE lanes SET failures = failures + 1, resume_at = ? WHERE channel_id = ?"
_LANE = "SELECT floor_message_id, failures FROM lanes WHERE channel_id = ?"
_COUNTS = "SELECT state, COUNT(*) AS rows FROM outbox WHERE workspace_id = ? GROUP BY state"
_OLDEST_OPEN = "SELECT MIN(created_at) AS created_at FROM outbox WHERE state IN ('pending', 'sending')"
# A start after a crash: rows of other owners are ambiguous at once, without waiting for their leases.
_ORPHANS = "SELECT id FROM outbox WHERE state = 'sending' AND owner <> ?"
_END_LEASES = "UPDATE outbox SET lease_until = 0 WHERE state = 'sending' AND owner <> ?"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery this process is about to send. `ambiguous` when an earlier attempt may already stand there."""

    delivery: Delivery
    ambiguous: bool
    floor_message_id: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A delivery to be written: what to say, where, and the key that makes it one."""

    channel_id: int
    facts: Facts
    dedup_key: str
    language: str
    mention_role_id: int | None = None
    operation: Operation = Operation.POST
    target_message_id: int | None = None


async def insert(tx: Transaction, workspace_id: int, posting: Posting, created_at: datetime) -> bool:
    """Write a delivery; False when its dedup key is there already."""
    await tx.execute(_ENSURE_LANE, (workspace_id, posting.channel_id, 0))
    rows = await tx.fetch(
        _INSERT,
        (
            workspace_id,
            posting.channel_id,
            posting.operation.value,
            posting.target_message_id,
            posting.dedup_key,
            _new_nonce(),
            FACTS_VERSION,
            dump_facts(posting.facts),
            posting.language,
            posting.mention_role_id,
            to_us(created_at),
            to_us_or_none(expires_at(posting.facts, created_at)),
        ),
    )
    return bool(rows)


async def ensure_lane(tx: Transaction, workspace_id: int, channel_id: int, floor_message_id: int) -> None:
    """Open a channel's lane; its floor is the channel's last message at that moment."""
    await tx.execute(_ENSURE_LANE, (workspace_id, channel_id, floor_message_id))


async def open_lanes(reader: Reader, now: datetime) -> list[int]:
    """Channels in which something is to be done now."""
    return [row["channel_id"] for row in await reader.fetch(_OPEN_LANES, (to_us(now),))]


async def next_resume_at(reader: Reader, now: datetime) -> datetime | None:
    """When the first lane that has work and is held at `now` may go on."""
    return from_us_or_none((await reader.fetch(_NEXT_RESUME, (to_us(now),)))[0]["resume_at"])


async def claim_next(tx: Transaction, channel_id: int, owner: str, now: datetime) -> Claim | None:
    """Claim the lane's oldest open row for `owner`; None when there is none, or another owner's lease still runs.

    A row whose facts cannot be read is parked on the way: it must not stop those behind it.
    """
    while rows := await tx.fetch(_HEAD, (channel_id,)):
        row = rows[0]
        was_sending = row["state"] == DeliveryState.SENDING.value
        if was_sending and row["owner"] != owner and row["lease_until"] > to_us(now):
            return None
        try:
            delivery = _delivery(row)
        except (Unavailable, ValueError) as error:
            _log.error("delivery %s parked: its facts cannot be read (%s)", row["id"], type(error).__name__)
            await tx.execute(_SETTLE, (DeliveryState.PARKED.value, None, to_us(now), "facts_unreadable", row["id"]))
            continue
        await tx.execute(_CLAIM, (to_us(now), owner, to_us(now + LEASE), row["id"]))
        lane = (await tx.fetch(_LANE, (channel_id,)))[0]
        return Claim(delivery, was_sending, lane["floor_message_id"])
    return None


async def settle(
    tx: Transaction,
    delivery: Delivery,
    state: DeliveryState,
    *,
    at: datetime,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """End a delivery. Sending raises the lane's floor, or opens a new thread's lane; any end lets the lane go on."""
    await tx.execute(_SETTLE, (state.value, message_id, to_us(at), reason, delivery.id))
    if message_id is not None and delivery.operation is Operation.POST:
        await tx.execute(_RAISE_FLOOR, (message_id, delivery.channel_id))
        return
    await tx.execute(_CLEAR_LANE, (delivery.channel_id,))
    if message_id is not None and delivery.operation is Operation.THREAD:
        await ensure_lane(tx, delivery.workspace_id, message_id, message_id)


async def release(tx: Transaction, delivery: Delivery, resume_at: datetime) -> None:
    """Give a claim back that was definitely not sent, and hold its lane until `resume_at`."""
    await tx.execute(_RELEASE, (delivery.id,))
    await tx.execute(_HOLD_LANE, (to_us(resume_at), delivery.channel_id))


async def hold_lane(tx: Transaction, channel_id: int, resume_at: datetime) -> None:
    """Leave a lane alone until `resume_at`; its head stays claimed, because it may have been sent."""
    await tx.execute(_HOLD_LANE, (to_us(resume_at), channel_id))


async def end_leases_of_others(tx: Transaction, owner: str) -> int:
    """At start: claims of a process that is gone are ambiguous at once. Returns how many there are."""
    orphans = await tx.fetch(_ORPHANS, (owner,))
    if orphans:
        await tx.execute(_END_LEASES, (owner,))
    return len(orphans)


async def counts(reader: Reader, workspace_id: int) -> dict[DeliveryState, int]:
    """How many rows of a workspace are in each state."""
    return {DeliveryState(row["state"]): row["rows"] for row in await reader.fetch(_COUNTS, (workspace_id,))}


async def oldest_open_at(reader: Reader) -> datetime | None:
    """When the oldest row still to be sent was written."""
    return from_us_or_none((await reader.fetch(_OLDEST_OPEN))[0]["created_at"])


def _new_nonce() -> str:
    """Letters and digits, five bits in each. Drawn at once: a draw asks the system, and a letter at a time is dear."""
    return base64.b32encode(secrets.token_bytes(NONCE_LENGTH * 5 // 8)).decode().lower()


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        workspace_id=row["workspace_id"],
        channel_id=row["channel_id"],
        operation=Operation(row["operation"]),
        nonce=row["nonce"],
        facts=load_facts(row["facts_version"], row["facts"]),
        language=row["language"],
        mention_role_id=row["mention_role_id"],
        target_message_id=row["target_message_id"],
        created_at=from_us(row["created_at"]),
        expires_at=from_us_or_none(row["expires_at"]),
        attempts=row["attempts"] + 1,
        state=DeliveryState.SENDING,
    )
