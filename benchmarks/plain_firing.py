"""Firing with plain sqlite3: the same rows read and written, by whoever knows the tables and has nothing else to mind.

One connection, on the caller's own thread; every batch is one commit that waits for the disk, as Gantry's is.
"""

import json
import secrets
import sqlite3
from datetime import datetime, timedelta

from benchmarks.waiting import WORKSPACE
from storage.rows import from_us, to_us

BATCH = 500

_SELECT = """
SELECT r.id, r.event_id, r.kind, r.due_at, r.offset_us, e.kind AS event_kind, e.name AS event_name, e.state AS event_state,
       e.planned_precision, e.planned_at, e.planned_net, m.id AS mission_id, m.name AS mission
FROM reminders r
JOIN events e ON e.workspace_id = r.workspace_id AND e.id = r.event_id
JOIN missions m ON m.workspace_id = e.workspace_id AND m.id = e.mission_id
"""
_DUE = f"""
{_SELECT} WHERE r.workspace_id = ? AND r.state = 'pending' AND r.due_at <= ? ORDER BY r.due_at, r.id LIMIT ?
"""
_ONE = f"{_SELECT} WHERE r.workspace_id = ? AND r.id = ?"
_WORKSPACE = "SELECT * FROM workspaces WHERE id = ?"
_GRANTS = "SELECT * FROM grants WHERE workspace_id = ?"
_WISHES = "SELECT channel_id, topic, mention_role_id, language FROM subscriptions WHERE workspace_id = ? ORDER BY id"
_MUTED = "SELECT mission_id FROM mutes WHERE workspace_id = ?"
_NEXT = "SELECT MIN(due_at) FROM reminders WHERE state = 'pending'"
_LANE = "INSERT INTO lanes (workspace_id, channel_id, floor_message_id, failures) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING"
_POST = """
INSERT INTO outbox (workspace_id, channel_id, operation, cause, dedup_key, nonce, facts_version, facts, language, mentions,
                    subject, state, created_at, expires_at, attempts)
VALUES (?, ?, 'post', ?, ?, ?, 1, ?, ?, ?, ?, 'pending', ?, ?, 0) ON CONFLICT (dedup_key) DO NOTHING
"""
_SETTLE = "UPDATE reminders SET state = 'posted', settled_at = ? WHERE workspace_id = ? AND id = ?"
_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_HOUR_US = 3_600_000_000
_LATE_US = 120_000_000


def open_plain(path: str) -> sqlite3.Connection:
    """A connection as safe as the bot's: WAL, and every commit on the disk."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def fire(connection: sqlite3.Connection, now: datetime, batch: int = BATCH) -> int:
    """Post everything that is due, `batch` at a time; with 1 it is the loop that takes one row and commits it."""
    fired = 0
    while count := _fire_batch(connection, to_us(now), batch):
        fired += count
        if count < batch:
            break
    return fired


def post_one(connection: sqlite3.Connection, reminder_id: int, now: datetime) -> None:
    """Post one reminder, known by its id, and commit it; whether it is pending is no question."""
    now_us = to_us(now)
    connection.execute("BEGIN IMMEDIATE")
    row = connection.execute(_ONE, (WORKSPACE, reminder_id)).fetchone()
    places = _places(connection)
    connection.executemany(_POST, [post_of(row, channel_id, language, now_us) for channel_id, language in places])
    connection.execute("COMMIT")


def next_due_us(connection: sqlite3.Connection) -> int | None:
    """The nearest instant at which anything is due, in microseconds since 1970."""
    found: int | None = connection.execute(_NEXT).fetchone()[0]
    return found


def _fire_batch(connection: sqlite3.Connection, now_us: int, batch: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_WORKSPACE, (WORKSPACE,)).fetchall()
    connection.execute(_GRANTS, (WORKSPACE,)).fetchall()
    places = _places(connection)
    muted = {row[0] for row in connection.execute(_MUTED, (WORKSPACE,))}
    due = connection.execute(_DUE, (WORKSPACE, now_us, batch)).fetchall()
    posts = [
        post_of(row, channel_id, language, now_us)
        for row in due
        if row[7] == "planned" and row[11] not in muted
        for channel_id, language in places
    ]
    connection.executemany(_LANE, [(WORKSPACE, channel_id) for channel_id, _ in places])
    connection.executemany(_POST, posts)
    connection.executemany(_SETTLE, [(now_us, WORKSPACE, row[0]) for row in due])
    connection.execute("COMMIT")
    return len(due)


def _places(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    wishes = connection.execute(_WISHES, (WORKSPACE,)).fetchall()
    return [(channel_id, language) for channel_id, topic, _, language in wishes if topic in {"all", "countdown"}]


def post_of(row: tuple[object, ...], channel_id: int, language: str, now_us: int) -> tuple[object, ...]:
    """The outbox row of a due reminder in one channel."""
    reminder_id, event_id, kind, due_us, offset_us, event_kind, event_name, _, precision, planned_us, net, *mission = (
        row
    )
    assert isinstance(due_us, int)
    assert isinstance(planned_us, int)
    assert isinstance(offset_us, int)
    cause = f"reminder:{reminder_id}"
    facts = {
        "event": {
            "mission_id": mission[0],
            "mission": mission[1],
            "event_id": event_id,
            "kind": event_kind,
            "name": event_name,
        },
        "when": {"at": _iso(planned_us), "precision": precision, "no_earlier_than": bool(net)},
        "kind": kind,
        "offset": _duration(offset_us),
        "due_at": _iso(due_us),
        "delayed": now_us - due_us > _LATE_US,
        "fact": "countdown_reached",
    }
    return (
        WORKSPACE,
        channel_id,
        cause,
        f"{WORKSPACE}:{cause}:{channel_id}",
        secrets.token_hex(12),
        _ENCODE(facts),
        language,
        "[]",
        f"event:{event_id}",
        now_us,
        max(planned_us, now_us) + _HOUR_US,
    )


def _iso(us: int) -> str:
    return from_us(us).isoformat().replace("+00:00", "Z")


def _duration(us: int) -> str:
    return f"P{timedelta(microseconds=us).days}D"
