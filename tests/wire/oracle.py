"""What must hold after every run, whatever was killed or lost in it: each due delivery is exactly one message.

Reads the database and the loopback. Gantry must not be running: then nothing can be under way.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from tests.wire.client import Seen, Wire

ROWS = "SELECT id, channel_id, operation, state, nonce, message_id, reason FROM outbox ORDER BY id"
_REFERENCE_LENGTH = 10


def rows_of(database: Path) -> list[dict[str, Any]]:
    """The outbox as it was left."""
    with contextlib.closing(sqlite3.connect(database)) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute(ROWS)]


async def faults_found(wire: Wire, database: Path) -> list[str]:
    """What is wrong, one sentence each: rows left open, rows without or with several messages, messages without a row."""
    found = []
    with contextlib.closing(sqlite3.connect(database)) as file:
        (said,) = file.execute("PRAGMA integrity_check").fetchone()
        found += [] if said == "ok" else [f"the database is damaged: {said}"]
    rows = [row for row in rows_of(database) if row["operation"] == "post"]
    standing = {channel: await posts(wire, channel) for channel in {row["channel_id"] for row in rows}}
    for row in rows:
        found += _of_row(row, standing[row["channel_id"]])
    nonces = {row["nonce"] for row in rows}
    found += [
        f"message {post.id} has no row" for all_ in standing.values() for post in all_ if post.nonce not in nonces
    ]
    return found


async def posts(wire: Wire, channel_id: int) -> list[Seen]:
    """The announcements that stand in a channel, oldest first; answers to commands are none."""
    return [one for one in await wire.messages(channel_id) if one.nonce is not None and one.interaction_id is None]


def _of_row(row: dict[str, Any], standing: list[Seen]) -> list[str]:
    reference = row["nonce"][:_REFERENCE_LENGTH]
    ours = [post.id for post in standing if reference in post.footer]
    name = f"delivery {row['id']} ({row['state']})"
    if row["state"] == "sent":
        return [] if ours == [row["message_id"]] else [f"{name} has messages {ours}, not [{row['message_id']}]"]
    if row["state"] in {"pending", "sending"}:
        return [f"{name} is left open, with messages {ours}"]
    return [f"{name} has messages {ours}"] if ours else []
