"""Drafts of statements and of their corrections, and what became of them. Nothing is deleted."""

import json

from domain.places import Place
from domain.statements import Draft, DraftState
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none

_COLUMNS = """
number, text, mission_id, channel_id, channels, corrects, replaces, state, drafted_by, drafted_at, decided_by, decided_at
"""
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM statements WHERE workspace_id = ?"
_INSERT = f"INSERT INTO statements (workspace_id, reason, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DECIDE = "UPDATE statements SET state = ?, decided_by = ?, decided_at = ? WHERE workspace_id = ? AND number = ?"
_LOAD = f"SELECT {_COLUMNS}, reason FROM statements WHERE workspace_id = ? AND number = ?"
# The newest approved correction of a statement: its text stands there now.
_STANDING = f"""
SELECT {_COLUMNS}, reason FROM statements
WHERE workspace_id = ? AND corrects = ? AND corrects IS NOT NULL AND state = 'approved'
ORDER BY decided_at DESC, number DESC LIMIT 1
"""
_WAITING = f"SELECT {_COLUMNS}, reason FROM statements WHERE workspace_id = ? AND state = 'waiting' ORDER BY number"
_POSTED = f"""
SELECT {_COLUMNS}, reason FROM statements
WHERE workspace_id = ? AND state = 'approved' AND corrects IS NULL ORDER BY number DESC LIMIT ?
"""


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next draft."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, draft: Draft, reason: str | None) -> None:
    """Keep a new draft, and why it is made where it is a correction."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            reason,
            draft.number,
            draft.text,
            draft.mission_id,
            draft.channel_id,
            json.dumps([(place.channel_id, place.language, place.mention_role_ids) for place in draft.channels]),
            draft.corrects,
            draft.replaces,
            draft.state.value,
            draft.drafted_by,
            to_us(draft.drafted_at),
            draft.decided_by,
            to_us_or_none(draft.decided_at),
        ),
    )


async def decide(tx: Transaction, workspace_id: int, draft: Draft) -> None:
    """Keep what became of a draft."""
    decided = (draft.state.value, draft.decided_by, to_us_or_none(draft.decided_at))
    await tx.execute(_DECIDE, (*decided, workspace_id, draft.number))


async def load(reader: Reader, workspace_id: int, number: int) -> tuple[Draft, str | None] | None:
    """A draft and its reason; None when there is none of that number."""
    rows = await reader.fetch(_LOAD, (workspace_id, number))
    return (_draft(rows[0]), rows[0]["reason"]) if rows else None


async def standing(reader: Reader, workspace_id: int, number: int) -> Draft | None:
    """The draft whose text stands in statement `number` now: its newest correction, else its own."""
    rows = await reader.fetch(_STANDING, (workspace_id, number))
    if rows:
        return _draft(rows[0])
    found = await load(reader, workspace_id, number)
    return found[0] if found else None


async def waiting(reader: Reader, workspace_id: int) -> tuple[Draft, ...]:
    """Every draft that waits for a second person, oldest first."""
    return tuple(_draft(row) for row in await reader.fetch(_WAITING, (workspace_id,)))


async def posted(reader: Reader, workspace_id: int, limit: int) -> tuple[Draft, ...]:
    """The newest statements that were approved."""
    return tuple(_draft(row) for row in await reader.fetch(_POSTED, (workspace_id, limit)))


def _draft(row: Row) -> Draft:
    return Draft(
        number=row["number"],
        text=row["text"],
        mission_id=row["mission_id"],
        channel_id=row["channel_id"],
        drafted_by=row["drafted_by"],
        drafted_at=from_us(row["drafted_at"]),
        channels=tuple(
            Place(channel, language, tuple(roles)) for channel, language, roles in json.loads(row["channels"])
        ),
        corrects=row["corrects"],
        replaces=row["replaces"],
        state=DraftState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=from_us_or_none(row["decided_at"]),
    )
