"""The operations desk: setting a workspace up, who may do what, and how the bot itself is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.capabilities import Capability
from domain.delivery import DeliveryState
from domain.errors import InvalidInput
from domain.when_text import named_zone
from services.actors import Actor
from services.announcements import ChannelFacts
from services.changes import Change, Changes, Receipt, View
from storage import outbox, reminders, workspaces
from storage.workspaces import Workspace

DEFAULT_ZONE = "UTC"
DEFAULT_MORNING_HOUR = 9


@dataclass(frozen=True, slots=True)
class SetUp:
    """`/ops setup`, as typed."""

    channel: ChannelFacts
    timezone: str | None = None
    morning_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A capability after a grant, and every role that holds it."""

    capability: Capability
    role_id: int
    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HouseStatus:
    """How the bot is, for this workspace: settings, deliveries by state, what waits, what is next, journal length."""

    workspace: Workspace
    grants: Mapping[Capability, tuple[int, ...]]
    deliveries: Mapping[DeliveryState, int]
    oldest_open_at: datetime | None
    next_reminder_at: datetime | None
    journal_entries: int
    asked_at: datetime


class OperationsDesk:
    """Settings, grants and health."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def set_up(self, actor: Actor, request: SetUp) -> Receipt[Workspace]:
        """Set a workspace up, or change its settings. Its first time needs Manage Server."""
        if not (request.channel.can_view and request.channel.can_send and request.channel.can_embed):
            raise InvalidInput("channel_cannot_post", channel_id=request.channel.id)
        if not request.channel.can_read_history:
            raise InvalidInput("channel_without_history", channel_id=request.channel.id)
        zone = named_zone(request.timezone or DEFAULT_ZONE).key
        hour = DEFAULT_MORNING_HOUR if request.morning_hour is None else request.morning_hour
        if not 0 <= hour <= 23:
            raise InvalidInput("number_out_of_range", what="morning", lowest=0, highest=23)
        workspace = Workspace(actor.workspace_id, request.channel.id, zone, hour)

        async def work(change: Change) -> Workspace:
            await outbox.ensure_lane(change.tx, workspace.id, request.channel.id, request.channel.last_message_id)
            await change.record("set_up", ("workspace", workspace.id), workspace)
            return workspace

        return await self._changes.found(actor, workspace, work)

    async def grant(self, actor: Actor, capability: Capability, role_id: int) -> Receipt[Granted]:
        """Grant a capability to a role."""

        async def work(change: Change) -> Granted:
            await workspaces.grant(change.tx, change.workspace.id, capability, role_id)
            opened = await workspaces.load(change.tx, change.workspace.id)
            roles = tuple(sorted(opened.grants.get(capability, ()))) if opened else ()
            state = {"capability": capability.value, "role_ids": list(roles)}
            await change.record("grant", ("workspace", change.workspace.id), state)
            return Granted(capability, role_id, roles)

        return await self._changes.make(actor, Capability.ADMIN, work)

    async def status(self, actor: Actor) -> HouseStatus:
        """How the bot is."""

        async def work(view: View) -> HouseStatus:
            opened = await workspaces.load(view.reader, view.workspace.id)
            grants = opened.grants if opened else {}
            coming = await reminders.upcoming(view.reader, view.workspace.id, 1)
            return HouseStatus(
                workspace=view.workspace,
                grants={capability: tuple(sorted(roles)) for capability, roles in grants.items()},
                deliveries=await outbox.counts(view.reader, view.workspace.id),
                oldest_open_at=await outbox.oldest_open_at(view.reader),
                next_reminder_at=coming[0].due_at if coming else None,
                journal_entries=opened.counters.journal_seq if opened else 0,
                asked_at=view.now,
            )

        return await self._changes.read(actor, work)
