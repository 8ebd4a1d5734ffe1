"""The journal's chain: each entry's HMAC covers the one before it and digests of what it says.

Personal text (names of people, reasons, notes) lives apart and can be erased; the chain holds only a salted digest of it, so
that erasing it leaves the chain whole. Canonical form: JSON with sorted keys and no spaces, UTF-8.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

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


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
