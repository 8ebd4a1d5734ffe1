"""Edits and threads, written into the outbox beside the bot: few commands make them, and each must have its one effect too.

The posts of reports and returns and the boards are left alone: they are edited, and the first given threads, by the bot itself; so
are members' own reminders.

An edit gives a post the words of another row; a thread is opened on a post. A post gets one of each at most: an edit that Discord
makes late would otherwise undo the one after it.
"""

import contextlib
import random
import sqlite3
import string
from pathlib import Path
from typing import Any

_TARGETS = """
SELECT * FROM outbox o WHERE o.operation = 'post' AND o.state = 'sent' AND o.channel_id IN ({channels})
AND {free} AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedup_key = ? || o.id) ORDER BY o.id
"""
_WORDS = "SELECT * FROM outbox o WHERE o.operation = 'post' AND {free} ORDER BY o.id"
# What is followed by the bot itself, and what is for one member alone, is neither given other words nor lends its own.
_OWN = (
    "damage_reported",
    "return_requested",
    "mission_board",
    "pad_board",
    "crew_board",
    "member_reminded",
    "reminder_undelivered",
)
_FREE = " AND ".join(f'o.facts NOT LIKE \'%"fact":"{fact}"%\'' for fact in _OWN)
_MINE = frozenset(
    {"id", "operation", "target_message_id", "target_id", "dedup_key", "cause", "nonce", "subject", "state"}
)
_EMPTY = frozenset(
    {"expires_at", "attempt_at", "owner", "lease_until", "message_id", "settled_at", "reason", "floor_message_id"}
)


def plant(database: Path, operation: str, channels: list[int], dice: random.Random) -> bool:
    """Write an edit or a thread for some post that stands in one of these channels; False when there is none, or no time to."""
    marks = ", ".join("?" * len(channels))
    with contextlib.closing(sqlite3.connect(database, timeout=2.0)) as file:
        file.row_factory = sqlite3.Row
        try:
            targets = file.execute(
                _TARGETS.format(channels=marks, free=_FREE), (*channels, f"planted:{operation}:")
            ).fetchall()
            words = file.execute(_WORDS.format(free=_FREE)).fetchall()
            if not targets or not words:
                return False
            with file:
                _insert(file, operation, dict(dice.choice(targets)), dict(dice.choice(words)), dice)
        except sqlite3.OperationalError:
            return False
    return True


def _insert(
    file: sqlite3.Connection, operation: str, target: dict[str, Any], words: dict[str, Any], dice: random.Random
) -> None:
    row = {name: value for name, value in target.items() if name not in _MINE | _EMPTY}
    row |= {"facts_version": words["facts_version"], "facts": words["facts"], "attempts": 0}
    key = f"planted:{operation}:{target['id']}"
    row |= {"operation": operation, "state": "pending", "dedup_key": key, "target_id": target["id"], "cause": key}
    row["nonce"] = "".join(dice.choices(string.ascii_lowercase + string.digits, k=24))
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    file.execute(f"INSERT INTO outbox ({columns}) VALUES ({marks})", tuple(row.values()))
