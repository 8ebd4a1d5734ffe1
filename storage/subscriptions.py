"""Which channels want to hear what, and of which missions nobody wants to hear."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from domain.announcements import Audience, Subscription, Topic
from domain.damage import Severity
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, to_us

_COLUMNS = "id, channel_id, topic, mission_id, pad_id, severity, mention_role_id, language"
_ALL = f"SELECT {_COLUMNS} FROM subscriptions WHERE workspace_id = ? ORDER BY id"
_INSERT = f"INSERT INTO subscriptions (workspace_id, created_at, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LANGUAGE = "UPDATE subscriptions SET language = ? WHERE workspace_id = ? AND id = ?"
_REMOVE = "DELETE FROM subscriptions WHERE workspace_id = ? AND id = ?"
_MUTED = "SELECT mission_id FROM mutes WHERE workspace_id = ?"
_ALL_MUTED = "SELECT mission_id, muted_at FROM mutes WHERE workspace_id = ? ORDER BY mission_id"
_MUTED_SINCE = "SELECT muted_at FROM mutes WHERE workspace_id = ? AND mission_id = ?"
_MUTE = """
INSERT INTO mutes (workspace_id, mission_id, muted_at, muted_by) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING mission_id
"""
_UNMUTE = "DELETE FROM mutes WHERE workspace_id = ? AND mission_id = ? RETURNING muted_at"


@dataclass(frozen=True)
class Heard:
    """Every subscription of a workspace, and the missions that are muted."""

    subscriptions: tuple[Subscription, ...]
    muted: frozenset[int]

    @cached_property
    def _named(self) -> tuple[frozenset[int | None], frozenset[int | None]]:
        return frozenset(one.mission_id for one in self.subscriptions), frozenset(
            one.pad_id for one in self.subscriptions
        )

    def as_told_apart(self, audience: Audience) -> Audience:
        """The audience without the mission and the pad that no subscription names: whom that concerns, hears the same."""
        missions, pads = self._named
        mission_id = audience.mission_id if audience.mission_id in missions else None
        pad_id = audience.pad_id if audience.pad_id in pads else None
        return Audience(audience.topics, mission_id, pad_id, audience.severity)


async def load_heard(reader: Reader, workspace_id: int) -> Heard:
    """Who hears what, in one trip."""
    known, muted = await reader.fetch_batch((_ALL, (workspace_id,)), (_MUTED, (workspace_id,)))
    return Heard(tuple(_subscription(row) for row in known), frozenset(row["mission_id"] for row in muted))


async def load_all(reader: Reader, workspace_id: int) -> tuple[Subscription, ...]:
    """Every subscription of the workspace, oldest first."""
    return tuple(_subscription(row) for row in await reader.fetch(_ALL, (workspace_id,)))


async def insert(tx: Transaction, workspace_id: int, subscription: Subscription, created_at: datetime) -> None:
    """Add a subscription."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            to_us(created_at),
            subscription.id,
            subscription.channel_id,
            subscription.topic.value,
            subscription.mission_id,
            subscription.pad_id,
            subscription.severity.value if subscription.severity else None,
            subscription.mention_role_id,
            subscription.language,
        ),
    )


async def set_language(tx: Transaction, workspace_id: int, subscription_id: int, language: str) -> None:
    """Have a subscription speak another language from now on."""
    await tx.execute(_LANGUAGE, (language, workspace_id, subscription_id))


async def remove(tx: Transaction, workspace_id: int, subscription_id: int) -> None:
    """End a subscription. What was written for it is still posted."""
    await tx.execute(_REMOVE, (workspace_id, subscription_id))


async def mute(tx: Transaction, workspace_id: int, mission_id: int, member_id: int, at: datetime) -> bool:
    """Mute a mission; False when it is muted already."""
    return bool(await tx.fetch(_MUTE, (workspace_id, mission_id, to_us(at), member_id)))


async def unmute(tx: Transaction, workspace_id: int, mission_id: int) -> datetime | None:
    """End a mute and return since when it was; None when there was none."""
    rows = await tx.fetch(_UNMUTE, (workspace_id, mission_id))
    return from_us(rows[0]["muted_at"]) if rows else None


async def all_muted(reader: Reader, workspace_id: int) -> tuple[tuple[int, datetime], ...]:
    """Every muted mission, and since when."""
    rows = await reader.fetch(_ALL_MUTED, (workspace_id,))
    return tuple((row["mission_id"], from_us(row["muted_at"])) for row in rows)


def muted_since(workspace_id: int, mission_id: int) -> Statement:
    """Asks since when a mission is muted; see `since_from`."""
    return _MUTED_SINCE, (workspace_id, mission_id)


def since_from(rows: list[Row]) -> datetime | None:
    """The answer to `muted_since`; None when it is not."""
    return from_us(rows[0]["muted_at"]) if rows else None


def _subscription(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        channel_id=row["channel_id"],
        topic=Topic(row["topic"]),
        mission_id=row["mission_id"],
        pad_id=row["pad_id"],
        severity=Severity(row["severity"]) if row["severity"] else None,
        mention_role_id=row["mention_role_id"],
        language=row["language"],
    )
