"""Opening a database as the process does: migrate, then one writer and its readers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from storage.database import BUSY_TIMEOUT_S, Database, open_database
from storage.migrations import upgrade

T = TypeVar("T")
NOW = datetime(2025, 11, 27, 18, tzinfo=UTC)


def attend(work: Coroutine[Any, Any, T], /) -> asyncio.Task[T]:
    """What the supervisor does for the database: run the work in a task of its own."""
    return asyncio.get_running_loop().create_task(work)


@contextlib.asynccontextmanager
async def opened(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> AsyncIterator[Database]:
    """A migrated database, open until the end of the block."""
    await upgrade(path, backup_dir=path.parent / "backups", now=NOW)
    async with open_database(path, attend, busy_timeout_s=busy_timeout_s) as database:
        yield database
