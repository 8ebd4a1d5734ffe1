"""What a database says is open or due, and what members may name in it. Asked from outside, leaving no trace in its files."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OPEN = "SELECT COUNT(*) FROM outbox WHERE state IN ('pending', 'sending')"
_FREE = """
SELECT COUNT(*) FROM outbox o JOIN lanes l ON l.channel_id = o.channel_id
WHERE o.state IN ('pending', 'sending') AND (l.resume_at IS NULL OR l.resume_at <= ?)
"""
_DUE = """
SELECT (SELECT COUNT(*) FROM reminders WHERE state = 'pending' AND due_at <= :now)
     + (SELECT COUNT(*) FROM digests WHERE due_at <= :now)
     + (SELECT COUNT(*) FROM head_schedule WHERE due_at <= :now)
     + (SELECT COUNT(*) FROM boards WHERE due_at <= :now)
"""
# A board's look is no reason to move the clock: there is one after every change.
_NEXT_DUE = """
SELECT MIN(due_at) FROM (
    SELECT MIN(due_at) AS due_at FROM reminders WHERE state = 'pending' AND due_at > :now
    UNION ALL SELECT MIN(due_at) FROM digests WHERE due_at > :now)
"""
_BOARDS_DUE = "SELECT COUNT(*) FROM boards WHERE due_at <= ?"
_NEXT_BOARD = "SELECT MAX(due_at) FROM boards"
_BOARD_POSTS = """
SELECT o.message_id FROM boards b JOIN outbox o ON o.id = b.post_id
WHERE o.state = 'sent' AND o.message_id IS NOT NULL ORDER BY b.id
"""
_DIGESTS = "SELECT subscription_id FROM digests ORDER BY subscription_id"
_OPEN_REMINDERS = "SELECT number, author_id FROM member_reminders WHERE state = 'open' ORDER BY number"


@dataclass(frozen=True, slots=True)
class Due:
    """One database, which may not be there yet: nothing is known of it then, and nothing is done."""

    path: Path | None

    def all_done(self, now_us: int) -> bool:
        """Whether no delivery is open and nothing is due. In this order: what is due becomes a delivery in between."""
        return self._number(_DUE, now=now_us) == 0 and self._number(_OPEN) == 0

    def waits_for_clock(self, now_us: int) -> bool:
        """Whether all that is open waits in a lane that is held, and nothing is due."""
        return self._number(_DUE, now=now_us) == 0 and self._number(_FREE, now_us) == 0

    def next_at(self, now_us: int) -> int | None:
        """The next instant (microseconds) at which something falls due; None when there is none."""
        return self._number(_NEXT_DUE, now=now_us)

    def boards_by(self, at_us: int) -> int:
        """How many boards are to be looked at by an instant."""
        return self._number(_BOARDS_DUE, at_us) or 0

    def day_turns_at(self) -> int | None:
        """When every board will have been looked at, if nothing changes: after the next midnight."""
        return self._number(_NEXT_BOARD)

    def board_posts(self) -> list[int]:
        """The messages in which boards stand."""
        return [row[0] for row in self._rows(_BOARD_POSTS)]

    def digests(self) -> list[int]:
        """The numbers of the subscriptions that are digests."""
        return [row[0] for row in self._rows(_DIGESTS)]

    def open_reminders(self) -> list[tuple[int, int]]:
        """Members' reminders of which something is to come: number and author."""
        return [(row[0], row[1]) for row in self._rows(_OPEN_REMINDERS)]

    def _number(self, sql: str, *values: int, **named: int) -> int | None:
        rows = self._rows(sql, *values, **named)
        return rows[0][0] if rows else None

    def _rows(self, sql: str, *values: int, **named: int) -> list[Any]:
        if self.path is None:
            return []
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=0.0)) as file:
                return file.execute(sql, named or values).fetchall()
        except sqlite3.OperationalError:
            return []
