"""The time zones that members said they live in."""

from storage.database import Reader, Transaction

_LOAD = "SELECT zone FROM member_zones WHERE workspace_id = ? AND member_id = ?"
_SAVE = """
INSERT INTO member_zones (workspace_id, member_id, zone) VALUES (?, ?, ?)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET zone = excluded.zone
"""


async def load(reader: Reader, workspace_id: int, member_id: int) -> str | None:
    """A member's zone; None while nobody has asked."""
    rows = await reader.fetch(_LOAD, (workspace_id, member_id))
    return str(rows[0]["zone"]) if rows else None


async def save(tx: Transaction, workspace_id: int, member_id: int, zone: str) -> None:
    """Keep a member's zone."""
    await tx.execute(_SAVE, (workspace_id, member_id, zone))
