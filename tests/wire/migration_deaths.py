"""Kills a process that migrates its database: before the n-th statement it executes for that, or in the middle of the backup.

`CRASH_AT=statement:n`; 0 is the backup. The runner's door to the driver is replaced from outside; its own code is as it is.
"""

import os
import signal
import sqlite3
from types import SimpleNamespace
from typing import Any

from storage.migrations import runner

PREFIX = "statement:"
BACKUP = 0
_PAGES_MAX = 3


def crash_at(statement: int) -> str:
    """What to set the variable to."""
    return f"{PREFIX}{statement}"


def arm(wanted: str) -> None:
    """Have the migrations of this process end there."""
    left = int(wanted.removeprefix(PREFIX))

    class Mortal(sqlite3.Connection):
        """A connection that dies."""

        def execute(self, *args: Any) -> sqlite3.Cursor:
            """Count what is executed to migrate, which is not what is asked beforehand."""
            nonlocal left
            if self.isolation_level is None:
                left -= 1
                if left == 0:
                    _die()
            return super().execute(*args)

        def backup(self, target: sqlite3.Connection, **_: Any) -> None:
            """Copy some pages only, where the backup is to be cut short."""
            if left > 0:
                return super().backup(target)
            return super().backup(target, pages=_PAGES_MAX, progress=lambda *_: _die())

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        return sqlite3.connect(*args, **options, factory=Mortal)

    setattr(runner, "sqlite3", SimpleNamespace(**{**vars(sqlite3), "connect": connect}))  # noqa: B010


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
