"""The outbox: one row for each post, edit or thread in one channel, and the lanes they wait in.

Ids grow with time, so a lane's order is its ids' order. A row's nonce is drawn once, when it is inserted.
"""

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.delivery import (
    HOLD_LAST,
    LEASE,
    NONCE_LENGTH,
    SUPERSEDED,
    Delivery,
    DeliveryState,
    Operation,
    Target,
    expires_at,
    subject_of,
)
from domain.errors import Unavailable
from domain.facts import FACTS_VERSION, Facts
from storage.database import Reader, Row, Transaction, Value
from storage.rows import from_us, from_us_or_none, members, to_us, to_us_or_none
from storage.states import dump_facts, load_facts

_log = logging.getLogger(__name__)
_OPERATIONS = members(Operation)
_NONCE_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8
"""What each byte of a draw becomes: one of 32, all alike likely."""
_RETRIER = "a retry"
"""Owner of rows that a member wants tried again: another's, so that whoever claims them looks first."""
_COLUMNS = """
o.id, o.workspace_id, o.channel_id, o.operation, o.nonce, o.facts_version, o.facts, o.language, o.mentions,
o.state, o.created_at, o.expires_at, o.attempts, o.subject, o.target_id
"""
# The same cause to the same channel in the same revision is one delivery, however often it is asked for.
_INSERT_MANY = """
INSERT INTO outbox (workspace_id, channel_id, operation, target_id, cause, dedup_key, nonce, facts_version, facts,
                    language, mentions, subject, state, created_at, expires_at, attempts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, 0)
ON CONFLICT (dedup_key) DO NOTHING
"""
_INSERT = f"{_INSERT_MANY} RETURNING id"
_ENSURE_LANE = """
INSERT INTO lanes (workspace_id, channel_id, floor_message_id, failures) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING
"""
# Channels with something to do now: a pending row, or an unsettled claim; whose it is, `claim_next` finds out. A lane that is
# held longer than any is held was held by a clock that stood far ahead, and is not held at all.
_OPEN_LANES = """
SELECT DISTINCT o.channel_id FROM outbox o JOIN lanes l ON l.channel_id = o.channel_id
WHERE o.state IN ('pending', 'sending') AND (l.resume_at IS NULL OR l.resume_at <= ? OR l.resume_at > ?)
ORDER BY o.channel_id
"""
# When the first held lane that has work may go on; one whose time has come is open, not held.
_NEXT_RESUME = """
SELECT MIN(l.resume_at) AS resume_at FROM lanes l
WHERE l.resume_at > ?
  AND EXISTS (SELECT 1 FROM outbox o WHERE o.channel_id = l.channel_id AND o.state IN ('pending', 'sending'))
"""
_HEAD = f"""
SELECT {_COLUMNS}, o.owner, o.lease_until, o.attempt_at, t.nonce AS target_nonce, t.state AS target_state,
       t.message_id AS target_message_id
FROM outbox o LEFT JOIN outbox t ON t.id = o.target_id
WHERE o.channel_id = ? AND o.state IN ('pending', 'sending') ORDER BY o.id LIMIT 1
"""
# Whether something newer about the same waits behind a row in its lane.
_NEWER = """
SELECT 1 FROM outbox
WHERE channel_id = ? AND subject = ? AND id > ? AND operation = 'post'
  AND state IN ('pending', 'sending') AND subject IS NOT NULL LIMIT 1
"""
# Whether a post was given newer words since: older ones must never come after them.
_NEWER_EDIT = """
SELECT 1 FROM outbox WHERE target_id = ? AND id > ? AND operation = 'edit' AND target_id IS NOT NULL LIMIT 1
"""
# Whether a reminder that still waits was given other words since: what it says was overtaken before it was ever posted.
_OVERTAKEN = """
SELECT 1 FROM outbox
WHERE id = (SELECT MAX(x.id) FROM outbox x WHERE x.target_id = ? AND x.operation = 'edit' AND x.target_id IS NOT NULL)
  AND facts <> ?
"""
# The search for an ambiguous row begins where its lane stood when it was first claimed, whatever was posted since.
_CLAIM = """
UPDATE outbox SET state = 'sending', attempt_at = ?, owner = ?, lease_until = ?, attempts = attempts + 1,
    floor_message_id = COALESCE(floor_message_id, (SELECT l.floor_message_id FROM lanes l WHERE l.channel_id = outbox.channel_id))
WHERE id = ? RETURNING floor_message_id
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
# What waits behind a row that its channel refused would be refused as well, and so would what was just tried again: that is
# looked for before any other try. What is being sent is not touched.
_PARK_PENDING = f"""
UPDATE outbox SET state = 'parked', settled_at = ?, reason = ?, owner = NULL, lease_until = NULL
WHERE channel_id = ? AND state IN ('pending', 'sending') AND (state = 'pending' OR owner = '{_RETRIER}') RETURNING id
"""
_PARKED = """
SELECT o.channel_id, o.reason, COUNT(*) AS rows, MIN(o.created_at) AS oldest_at FROM outbox o
WHERE o.workspace_id = ? AND o.state = 'parked' GROUP BY o.channel_id, o.reason ORDER BY MIN(o.created_at), o.channel_id
"""
# An attempt may have got through before the row was parked, so a retry is a claim that nobody holds: it looks first. What was
# parked behind it was never tried and simply waits again.
_RETRY = """
UPDATE outbox SET state = CASE WHEN attempts > 0 THEN 'sending' ELSE 'pending' END,
    owner = CASE WHEN attempts > 0 THEN ? END, lease_until = 0, settled_at = NULL, reason = NULL
WHERE workspace_id = ? AND channel_id = ? AND state = 'parked' RETURNING id
"""
# What ended only because the post it belongs to was not there goes with that post.
_RETRY_FOLLOWERS = """
UPDATE outbox SET state = 'pending', settled_at = NULL, reason = NULL
WHERE target_id = ? AND state = 'expired' AND reason = 'target_missing'
"""
_COUNT_RETRY = (
    "UPDATE lanes SET retries = retries + 1, failures = 0, resume_at = NULL WHERE workspace_id = ? AND channel_id = ?"
)
_DROP = """
UPDATE outbox SET state = 'expired', settled_at = ?, reason = 'dropped'
WHERE workspace_id = ? AND channel_id = ? AND state = 'parked' RETURNING id
"""
_RETRIES = "SELECT retries FROM lanes WHERE channel_id = ?"
# A post that is known to be gone, by an edit of it.
_MARK_DELETED = """
UPDATE outbox SET state = 'delivered_deleted', message_id = NULL
WHERE id = (SELECT e.target_id FROM outbox e WHERE e.id = ?) AND state = 'sent'
"""
# What a post that is edited for ever said before, and was to say: its newest words that were sent stay.
_FORGET_EDITS = """
DELETE FROM outbox
WHERE target_id = ? AND target_id IS NOT NULL AND operation = 'edit' AND state IN ('sent', 'expired', 'parked')
  AND id <> COALESCE((SELECT MAX(e.id) FROM outbox e
                      WHERE e.target_id = ? AND e.target_id IS NOT NULL AND e.operation = 'edit' AND e.state = 'sent'), 0)
"""
# Posts that stand or will, with what their newest edits say.
_STANDING = """
SELECT o.id, o.channel_id, o.state, o.facts_version, o.facts, o.language, o.mentions,
       e.facts_version AS edit_version, e.facts AS edit_facts
FROM outbox o
LEFT JOIN outbox e ON e.id = (SELECT MAX(x.id) FROM outbox x WHERE x.target_id = o.id AND x.operation = 'edit')
WHERE o.workspace_id = ? AND {which} AND o.operation = 'post' AND o.state NOT IN ('expired', 'delivered_deleted')
ORDER BY o.id
"""
_POSTS_OF = _STANDING.format(which="o.cause = ?")
_POSTS_ABOUT = _STANDING.format(which="o.subject = ? AND o.subject IS NOT NULL")
# What is open or parked, however old, and what ended lately: the whole past is no question of an operator's.
_COUNTS = """
SELECT state, COUNT(*) AS rows FROM outbox
WHERE +workspace_id = ? AND state IN ('pending', 'sending') GROUP BY state
UNION ALL
SELECT 'parked' AS state, COUNT(*) AS rows FROM outbox WHERE workspace_id = ? AND state = 'parked'
UNION ALL
SELECT state, COUNT(*) AS rows FROM outbox
WHERE workspace_id = ? AND settled_at >= ? AND settled_at IS NOT NULL AND state <> 'parked' GROUP BY state
"""
_OLDEST_OPEN = "SELECT MIN(created_at) AS created_at FROM outbox WHERE state IN ('pending', 'sending')"
_OLDEST_OPEN_OF = f"{_OLDEST_OPEN} AND +workspace_id = ?"
# A start after a crash: rows of other owners are ambiguous at once, without waiting for their leases.
_ORPHANS = "SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND state = 'sending' AND owner <> ?"
_END_LEASES = """
UPDATE outbox SET lease_until = 0 WHERE state IN ('pending', 'sending') AND state = 'sending' AND owner <> ?
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery this process is about to send. `ambiguous` when an earlier attempt may already stand there.

    `superseded`: should that not stand there, it need not be sent, because a newer reminder about the same waits. `may_appear`: an
    attempt was made so lately that it may still appear, though it does not stand there yet.
    """

    delivery: Delivery
    ambiguous: bool
    floor_message_id: int
    superseded: bool = False
    may_appear: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """A delivery to be written: what to say, where, and why. One cause is one delivery in a channel, however often asked for.

    `target_id` is the delivery whose post is edited, or gets a thread.
    """

    channel_id: int
    facts: Facts
    cause: str
    language: str
    mention_role_ids: tuple[int, ...] = ()
    operation: Operation = Operation.POST
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A post of some cause: the delivery's id, what it said first, and what it says since its newest edit."""

    id: int
    channel_id: int
    facts: Facts
    shown: Facts
    language: str
    mention_role_ids: tuple[int, ...]
    is_parked: bool = False


@dataclass(frozen=True, slots=True)
class ParkedLane:
    """Deliveries of one channel that are parked for one reason."""

    channel_id: int
    reason: str
    count: int
    oldest_at: datetime


def key_of(workspace_id: int, cause: str, channel_id: int) -> str:
    """What makes a delivery one."""
    return f"{workspace_id}:{cause}:{channel_id}"


async def insert(
    tx: Transaction, workspace_id: int, posting: Posting, created_at: datetime, *, floor_message_id: int = 0
) -> int | None:
    """Write a delivery and return its id; None when its cause has one in that channel already.

    A channel's first opens its lane; nothing of it stands below `floor_message_id`. What belongs to another delivery has a lane.
    """
    if posting.target_id is None:
        await ensure_lane(tx, workspace_id, posting.channel_id, floor_message_id)
    rows = await tx.fetch(_INSERT, _values(workspace_id, posting, created_at))
    return rows[0]["id"] if rows else None


async def insert_many(tx: Transaction, workspace_id: int, postings: Sequence[Posting], created_at: datetime) -> None:
    """Write deliveries in this order; one whose cause has one in its channel already is left out."""
    lanes = dict.fromkeys(posting.channel_id for posting in postings)
    await tx.execute_many(_ENSURE_LANE, [(workspace_id, channel_id, 0) for channel_id in lanes])
    await tx.execute_many(_INSERT_MANY, [_values(workspace_id, posting, created_at) for posting in postings])


async def ensure_lane(tx: Transaction, workspace_id: int, channel_id: int, floor_message_id: int) -> None:
    """Open a channel's lane; its floor is the channel's last message at that moment."""
    await tx.execute(_ENSURE_LANE, (workspace_id, channel_id, floor_message_id))


async def open_lanes(reader: Reader, now: datetime) -> list[int]:
    """Channels in which something is to be done now."""
    return [row["channel_id"] for row in await reader.fetch(_OPEN_LANES, (to_us(now), to_us(now + HOLD_LAST)))]


async def next_resume_at(reader: Reader, now: datetime) -> datetime | None:
    """When the first lane that has work and is held at `now` may go on."""
    return from_us_or_none((await reader.fetch(_NEXT_RESUME, (to_us(now),)))[0]["resume_at"])


async def claim_next(tx: Transaction, channel_id: int, owner: str, now: datetime) -> Claim | None:
    """Claim the lane's oldest open row for `owner`; None when there is none, or another owner's lease still runs.

    On the way a row whose facts cannot be read is parked: it must not stop those behind it. A reminder behind which a newer one
    about the same waits ends as superseded, and so does an edit when its post was given newer words since.
    """
    while rows := await tx.fetch(_HEAD, (channel_id,)):
        row = rows[0]
        was_sending = row["state"] == DeliveryState.SENDING.value
        if was_sending and row["owner"] != owner and row["lease_until"] > to_us(now):
            return None
        superseded = await _is_superseded(tx, row)
        if superseded and (not was_sending or row["operation"] == Operation.EDIT.value):
            await tx.execute(_SETTLE, (DeliveryState.EXPIRED.value, None, to_us(now), SUPERSEDED, row["id"]))
            continue
        try:
            delivery = _delivery(row, now)
        except (Unavailable, LookupError, ValueError) as error:
            _log.error("delivery %s parked: its facts cannot be read (%s)", row["id"], type(error).__name__)
            await tx.execute(_SETTLE, (DeliveryState.PARKED.value, None, to_us(now), "facts_unreadable", row["id"]))
            continue
        claimed = await tx.fetch(_CLAIM, (to_us(now), owner, to_us(now + LEASE), row["id"]))
        # What was tried a moment ago may still appear; sent again with its nonce, it is one post.
        is_old = row["attempt_at"] is None or row["attempt_at"] <= to_us(now - LEASE)
        may_appear = was_sending and not is_old
        return Claim(delivery, was_sending, claimed[0]["floor_message_id"], superseded and is_old, may_appear)
    return None


async def _is_superseded(tx: Transaction, row: Row) -> bool:
    """Whether something newer makes a row needless: another reminder about the same, or newer words for the same post.

    A reminder whose newest words are its first ones again is needed.
    """
    if row["operation"] == Operation.EDIT.value:
        return bool(await tx.fetch(_NEWER_EDIT, (row["target_id"], row["id"])))
    if not row["subject"]:
        return False
    newer = await tx.fetch(_NEWER, (row["channel_id"], row["subject"], row["id"]))
    return bool(newer or await tx.fetch(_OVERTAKEN, (row["id"], row["facts"])))


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


async def mark_target_deleted(tx: Transaction, delivery_id: int) -> None:
    """The post that an edit belongs to no longer stands."""
    await tx.execute(_MARK_DELETED, (delivery_id,))


async def forget_edits(tx: Transaction, post_id: int) -> None:
    """Drop the edits of a post that are over, but for the last that was sent. Of a live board, whose past the journal keeps."""
    await tx.execute(_FORGET_EDITS, (post_id, post_id))


async def park_pending(tx: Transaction, channel_id: int, reason: str, at: datetime) -> int:
    """Park everything that waits for a channel; return how much that was."""
    return len(await tx.fetch(_PARK_PENDING, (to_us(at), reason, channel_id)))


async def parked(reader: Reader, workspace_id: int) -> tuple[ParkedLane, ...]:
    """What is parked, by channel and reason, the longest waiting first."""
    return tuple(
        ParkedLane(row["channel_id"], row["reason"], row["rows"], from_us(row["oldest_at"]))
        for row in await reader.fetch(_PARKED, (workspace_id,))
    )


async def retry_parked(tx: Transaction, workspace_id: int, channel_id: int) -> list[int]:
    """Have a channel's parked deliveries tried again, each that was tried before looked for first; return their ids."""
    ids = [row["id"] for row in await tx.fetch(_RETRY, (_RETRIER, workspace_id, channel_id))]
    for delivery_id in ids:
        await tx.execute(_RETRY_FOLLOWERS, (delivery_id,))
    await tx.execute(_COUNT_RETRY, (workspace_id, channel_id))
    return ids


async def drop_parked(tx: Transaction, workspace_id: int, channel_id: int, at: datetime) -> list[int]:
    """Give up a channel's parked deliveries; return their ids."""
    return [row["id"] for row in await tx.fetch(_DROP, (to_us(at), workspace_id, channel_id))]


async def retries_of(reader: Reader, channel_id: int) -> int:
    """How often a channel's parked deliveries were tried again by a member."""
    rows = await reader.fetch(_RETRIES, (channel_id,))
    return int(rows[0]["retries"]) if rows else 0


async def posts_of(reader: Reader, workspace_id: int, cause: str) -> tuple[Posted, ...]:
    """Every post of a cause that stands or will, oldest first. Raises Unavailable when a newer Gantry wrote one."""
    return _posted(await reader.fetch(_POSTS_OF, (workspace_id, cause)))


async def posts_about(reader: Reader, workspace_id: int, subject: str) -> tuple[Posted, ...]:
    """Every reminder about a subject (`domain.delivery.subject_of`) that stands or will, oldest first."""
    return _posted(await reader.fetch(_POSTS_ABOUT, (workspace_id, subject)))


def _posted(rows: list[Row]) -> tuple[Posted, ...]:
    found = []
    for row in rows:
        facts = load_facts(row["facts_version"], row["facts"])
        edited = row["edit_facts"] is not None
        shown = load_facts(row["edit_version"], row["edit_facts"]) if edited else facts
        parked = row["state"] == DeliveryState.PARKED.value
        found.append(Posted(row["id"], row["channel_id"], facts, shown, row["language"], _roles(row), parked))
    return tuple(found)


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


async def counts(reader: Reader, workspace_id: int, since: datetime) -> dict[DeliveryState, int]:
    """How many rows of a workspace are open or parked, and how many have ended otherwise since then."""
    found = await reader.fetch(_COUNTS, (workspace_id, workspace_id, workspace_id, to_us(since)))
    return {DeliveryState(row["state"]): row["rows"] for row in found if row["rows"]}


async def oldest_open_at(reader: Reader, workspace_id: int | None = None) -> datetime | None:
    """When the oldest row still to be sent was written, in one workspace or in any."""
    rows = await (
        reader.fetch(_OLDEST_OPEN) if workspace_id is None else reader.fetch(_OLDEST_OPEN_OF, (workspace_id,))
    )
    return from_us_or_none(rows[0]["created_at"])


def _values(workspace_id: int, posting: Posting, created_at: datetime) -> tuple[Value, ...]:
    is_post = posting.operation is Operation.POST
    return (
        workspace_id,
        posting.channel_id,
        posting.operation.value,
        posting.target_id,
        posting.cause,
        key_of(workspace_id, posting.cause, posting.channel_id),
        _new_nonce(),
        FACTS_VERSION,
        dump_facts(posting.facts),
        posting.language,
        json.dumps(posting.mention_role_ids) if posting.mention_role_ids else "[]",
        subject_of(posting.facts) if is_post else None,
        to_us(created_at),
        to_us_or_none(expires_at(posting.facts, created_at)) if is_post else None,
    )


def _new_nonce() -> str:
    """Letters and digits, five bits in each. Drawn at once: a draw asks the system, and a letter at a time is dear."""
    return secrets.token_bytes(NONCE_LENGTH).translate(_NONCE_LETTERS).decode()


def _delivery(row: Row, now: datetime) -> Delivery:
    target = None
    if row["target_id"] is not None:
        target = Target(row["target_nonce"], DeliveryState(row["target_state"]), row["target_message_id"])
    return Delivery(
        id=row["id"],
        workspace_id=row["workspace_id"],
        channel_id=row["channel_id"],
        operation=_OPERATIONS[row["operation"]],
        nonce=row["nonce"],
        facts=load_facts(row["facts_version"], row["facts"]),
        language=row["language"],
        mention_role_ids=_roles(row),
        created_at=from_us(row["created_at"]),
        expires_at=from_us_or_none(row["expires_at"]),
        attempts=row["attempts"] + 1,
        claimed_at=now,
        target=target,
    )


def _roles(row: Row) -> tuple[int, ...]:
    return tuple(json.loads(row["mentions"]))
