"""A database as a whole, read from beside a running process: what waits, what is parked, what is due. Changes nothing."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.delivery import DeliveryState
from domain.errors import Unavailable
from storage.rows import from_us_or_none

_DELIVERIES = "SELECT state, COUNT(*) FROM outbox GROUP BY state"
_OLDEST_OPEN = "SELECT MIN(created_at) FROM outbox WHERE state IN ('pending', 'sending')"
_PARKED = """
SELECT workspace_id, channel_id, reason, COUNT(*), MIN(created_at) FROM outbox WHERE state = 'parked'
GROUP BY workspace_id, channel_id, reason ORDER BY MIN(created_at)
"""
_REMINDERS = "SELECT COUNT(*), MIN(due_at) FROM reminders WHERE state = 'pending'"
_WORKSPACES = "SELECT COUNT(*) FROM workspaces"


@dataclass(frozen=True, slots=True)
class ParkedThere:
    """Deliveries to one channel that are parked for one reason."""

    workspace_id: int
    channel_id: int
    reason: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a database holds. `oldest_open_at` is when the delivery that waits longest was written."""

    workspaces: int
    deliveries: Mapping[DeliveryState, int]
    oldest_open_at: datetime | None
    parked: tuple[ParkedThere, ...]
    reminders: int
    next_due_at: datetime | None


async def summarise(path: Path) -> Summary:
    """Read it. Raises Unavailable `database_damaged` when the file cannot be read as ours."""
    return await asyncio.to_thread(_summarise, path)


def _summarise(path: Path) -> Summary:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            reminders, next_due_at = connection.execute(_REMINDERS).fetchone()
            return Summary(
                workspaces=connection.execute(_WORKSPACES).fetchone()[0],
                deliveries={DeliveryState(state): rows for state, rows in connection.execute(_DELIVERIES)},
                oldest_open_at=from_us_or_none(connection.execute(_OLDEST_OPEN).fetchone()[0]),
                parked=tuple(
                    ParkedThere(workspace_id, channel_id, reason, rows, from_us_or_none(oldest_at))
                    for workspace_id, channel_id, reason, rows, oldest_at in connection.execute(_PARKED)
                ),
                reminders=reminders,
                next_due_at=from_us_or_none(next_due_at),
            )
    except sqlite3.DatabaseError as error:
        raise Unavailable("database_damaged", detail=str(error)) from error
