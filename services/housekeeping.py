"""What the house does by itself besides reminders: the journal's head is posted every morning, old refusals are dropped.

The timekeeper calls it with every pass. Both may be asked for at any time and any number of times: they do what is due.
"""

from datetime import datetime, timedelta

from domain.capabilities import Capability
from domain.facts import JournalHead
from domain.journal import PostedHead
from services import settings
from services.actors import system_actor
from services.changes import Change, Changes
from services.passes import for_each
from storage import heads, security

_PRUNE_EVERY = timedelta(hours=1)


class HousekeepingDesk:
    """Keeps the house."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._prune_at: datetime | None = None

    async def fire_due(self) -> int:
        """Post every journal head that is due, and drop what has been kept long enough; return how many heads were tended."""
        now = self._changes.clock.now()
        await self._prune(now)
        due_in = await self._changes.database.read(lambda reader: heads.workspaces_due(reader, now))

        async def post(workspace_id: int) -> int:
            await self._changes.make(system_actor(workspace_id), Capability.READ, _tend_head)
            return 1

        return await for_each(due_in, post)

    async def _prune(self, now: datetime) -> None:
        if self._prune_at is not None and self._prune_at - _PRUNE_EVERY <= now < self._prune_at:
            return
        if await self._changes.database.read(lambda reader: security.has_old(reader, now)):
            await self._changes.database.write(lambda tx: security.prune(tx, now))
        self._prune_at = now + _PRUNE_EVERY


async def _tend_head(change: Change) -> None:
    """Post the head if its time has come, and have the next one posted in the next morning."""
    due_at = await heads.due_at(change.tx, change.workspace.id)
    if due_at is not None and due_at <= change.now:
        await _post_head(change)
    await settings.schedule_head(change)


async def _post_head(change: Change) -> None:
    """Post the head once for the workspace's day."""
    head = change.journal_head
    workspace = change.workspace
    day = change.now.astimezone(workspace.morning.zone).date()
    cause = f"head:{day.isoformat()}"
    posted = PostedHead(day, head.seq, head.mac, change.now, workspace.ops_channel_id)
    if await heads.insert(change.tx, workspace.id, posted, change.ops_delivery_key(cause)):
        await change.notify_ops(JournalHead(head.seq, head.mac, change.now), cause=cause)
