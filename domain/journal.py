"""The journal's chain: each entry's HMAC covers the one before it and digests of what it says.

Personal text (names of people, reasons, notes) lives apart and can be erased; the chain holds only a salted digest of it, so
that erasing it leaves the chain whole. Canonical form: JSON with sorted keys and no spaces, UTF-8.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who did what to which subject, and the subject's state after it. Digests are hex SHA-256."""

    workspace_id: int
    seq: int
    recorded_at: datetime
    actor_id: int
    action: str
    subject_kind: str
    subject_id: int
    state_json: str
    event_at: datetime | None
    personal_digest: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry with the MAC that links it into the chain."""

    entry: Entry
    mac: str


@dataclass(frozen=True, slots=True)
class PostedHead:
    """A head of the chain as it was posted for everyone to see: what a holder of the key cannot take back.

    `present_mac` is the MAC that the entry of that number has now, None where there is no such entry; `message_id` is
    the post, once it stands.
    """

    day: date
    seq: int
    mac: str
    taken_at: datetime
    channel_id: int
    message_id: int | None = None
    present_mac: str | None = None


class Fault(StrEnum):
    """What can be wrong with a journal."""

    MISSING = "missing"
    """An entry is gone, and later ones are still there."""
    MISPLACED = "misplaced"
    """An entry stands where another one stood: `seq` holds what was sealed as number `other_seq`."""
    ALTERED = "altered"
    """An entry does not fit the one before it, so it was edited."""
    TRUNCATED = "truncated"
    """The journal ends at `seq`, and it had `other_seq` entries."""
    SURPLUS = "surplus"
    """There are entries behind the workspace's own head."""
    REWRITTEN = "rewritten"
    """Every seal fits, and yet entry `seq` has not the seal that was posted: someone with the key wrote anew what stands there
    or before it, but behind `other_seq`, which still agrees with its post."""
    PERSONAL = "personal"
    """The personal text beside an entry is not the one that was sealed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, where it begins, and what shows it."""

    fault: Fault
    seq: int
    other_seq: int | None = None
    entry: Entry | None = None
    head: PostedHead | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """How far a walk along the chain has come: the last entry that fits, and its MAC."""

    seq: int = 0
    mac: str = GENESIS


def digest_personal(salt: str, personal_json: str) -> str:
    """The digest the chain keeps of personal text. The salt is erased together with the text."""
    return hashlib.sha256(f"{salt}:{personal_json}".encode()).hexdigest()


def canonical_json(value: object) -> str:
    """One spelling for one value, so that digests can be compared."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(key: bytes, previous_mac: str, entry: Entry) -> str:
    """The entry's MAC (hex HMAC-SHA256) given the MAC before it; GENESIS comes before the first."""
    body = canonical_json(
        [
            previous_mac,
            entry.workspace_id,
            entry.seq,
            _microseconds(entry.recorded_at),
            entry.actor_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            hashlib.sha256(entry.state_json.encode()).hexdigest(),
            None if entry.event_at is None else _microseconds(entry.event_at),
            entry.personal_digest,
        ]
    )
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def walk(key: bytes, start: Point, page: Sequence[Linked]) -> tuple[Point, Finding | None]:
    """Go on along the chain from `start` through the entries that follow it; stop at the first that does not fit."""
    point = start
    for linked in page:
        seq = point.seq + 1
        if linked.entry.seq != seq:
            return point, Finding(Fault.MISSING, seq)
        if link(key, point.mac, linked.entry) != linked.mac:
            return point, _misfit(key, linked, page)
        point = Point(seq, linked.mac)
    return point, None


def heads_against(heads: Iterable[PostedHead], last_seq: int) -> Finding | None:
    """Compare the posted heads with the chain that ends at `last_seq`; the earliest that disagrees tells most."""
    agrees_up_to = 0
    for head in sorted(heads, key=lambda head: (head.seq, head.taken_at)):
        if head.seq > last_seq:
            return Finding(Fault.TRUNCATED, last_seq, head.seq, head=head)
        if head.present_mac == head.mac:
            agrees_up_to = head.seq
        elif head.present_mac is not None:
            return Finding(Fault.REWRITTEN, head.seq, agrees_up_to, head=head)
    return None


def _misfit(key: bytes, linked: Linked, page: Sequence[Linked]) -> Finding:
    """Say whether an entry that does not fit was sealed as another number nearby, or was altered.

    Where two entries were exchanged, the one that stood before it is now in its own place or in the place it was taken from.
    """
    macs = {other.entry.seq: other.mac for other in page}
    for seq, mac in macs.items():
        for before in {macs.get(seq - 1, mac), mac} - {linked.mac}:
            if link(key, before, replace(linked.entry, seq=seq)) == linked.mac:
                return Finding(Fault.MISPLACED, linked.entry.seq, seq, linked.entry)
    return Finding(Fault.ALTERED, linked.entry.seq, entry=linked.entry)


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
