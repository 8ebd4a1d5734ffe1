"""Which channels want to hear what."""

from datetime import datetime

from domain.announcements import Subscription, Topic
from domain.pads import Severity
from storage.database import Reader, Row, Transaction
from storage.rows import to_us

_COLUMNS = "id, channel_id, topic, mission_id, pad_id, severity, mention_role_id, language"
_ALL = f"SELECT {_COLUMNS} FROM subscriptions WHERE workspace_id = ? ORDER BY id"
_INSERT = f"INSERT INTO subscriptions (workspace_id, created_at, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


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
