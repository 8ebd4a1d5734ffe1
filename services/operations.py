"""The operations desk: setting a workspace up, who may do what, and how the bot itself is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.capabilities import Capability, Holding, Standing, explain
from domain.delivery import DeliveryState
from domain.errors import Conflict, InvalidInput
from domain.when_text import named_zone
from services import settings
from services.actors import Actor
from services.announcements import ChannelFacts, require_usable
from services.changes import Change, Changes, Receipt, View
from services.settings import SetSetting, SettingChanged
from storage import heads, outbox, reminders, security, workspaces
from storage.outbox import ParkedLane
from storage.workspaces import Workspace

DEFAULT_ZONE = "UTC"
DEFAULT_MORNING_HOUR = 9
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SetUp:
    """`/ops setup`, as typed."""

    channel: ChannelFacts
    timezone: str | None = None
    morning_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A capability after a grant or its taking back, and every role that holds it now."""

    capability: Capability
    role_id: int
    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What a member may do, and why; `admin_role_ids` are the roles that can change it, besides Manage Server."""

    member_id: int
    holdings: tuple[Holding, ...]
    admin_role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HouseStatus:
    """How the bot is, for this workspace: settings, deliveries by state, what waits, what is next, journal length.

    `deliveries` counts what waits or is parked, and what ended in the last 24 hours.

    `refusals_today` counts what was refused to anyone in the last 24 hours.
    """

    workspace: Workspace
    grants: Mapping[Capability, tuple[int, ...]]
    deliveries: Mapping[DeliveryState, int]
    parked: tuple[ParkedLane, ...]
    oldest_open_at: datetime | None
    next_reminder_at: datetime | None
    journal_entries: int
    last_head_at: datetime | None
    refusals_today: int
    asked_at: datetime


class OperationsDesk:
    """Settings, grants and health."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def set_up(self, actor: Actor, request: SetUp) -> Receipt[Workspace]:
        """Set a workspace up, or change its settings. Its first time needs Manage Server."""
        require_usable(request.channel)
        zone = None if request.timezone is None else named_zone(request.timezone).key
        hour = request.morning_hour
        if hour is not None and not 0 <= hour <= 23:
            raise InvalidInput("number_out_of_range", what="morning", lowest=0, highest=23)

        def settled(known: Workspace | None) -> Workspace:
            """What is not asked for stays as it is; a new workspace begins with the defaults."""
            base = known or Workspace(actor.workspace_id, request.channel.id, DEFAULT_ZONE, DEFAULT_MORNING_HOUR)
            morning_hour = base.morning_hour if hour is None else hour
            return replace(base, ops_channel_id=request.channel.id, zone=zone or base.zone, morning_hour=morning_hour)

        async def work(change: Change) -> Workspace:
            workspace = change.workspace
            await outbox.ensure_lane(change.tx, workspace.id, request.channel.id, request.channel.last_message_id)
            await settings.follow_morning(change, workspace)
            await change.record("set_up", ("workspace", workspace.id), workspace)
            return workspace

        return await self._changes.found(actor, settled, work)

    async def grant(self, actor: Actor, capability: Capability, role_id: int) -> Receipt[Granted]:
        """Grant a capability to a role."""

        async def work(change: Change) -> Granted:
            await workspaces.grant(change.tx, change.workspace.id, capability, role_id)
            return await _record_grants(change, "grant", capability, role_id)

        return await self._changes.make(actor, Capability.ADMIN, work)

    async def revoke(self, actor: Actor, capability: Capability, role_id: int) -> Receipt[Granted]:
        """Take a capability from a role. Raises Conflict `not_granted` when the role does not hold it."""

        async def work(change: Change) -> Granted:
            if not await workspaces.revoke(change.tx, change.workspace.id, capability, role_id):
                raise Conflict("not_granted", capability=capability.value)
            return await _record_grants(change, "revoke", capability, role_id)

        return await self._changes.make(actor, Capability.ADMIN, work)

    async def set(self, actor: Actor, request: SetSetting) -> Receipt[SettingChanged]:
        """Change one setting."""
        return await self._changes.make(actor, Capability.ADMIN, lambda change: settings.apply(change, request))

    async def explain(self, actor: Actor, member_id: int, standing: Standing) -> Explained:
        """What a member may do and why. Everyone may ask about themselves, an admin about anyone."""

        async def work(view: View) -> Explained:
            opened = await workspaces.load(view.reader, view.workspace.id)
            grants = opened.grants if opened else {}
            return Explained(member_id, explain(standing, grants), tuple(sorted(grants.get(Capability.ADMIN, ()))))

        return await self._changes.read(actor, work, None if member_id == actor.member_id else Capability.ADMIN)

    async def status(self, actor: Actor) -> HouseStatus:
        """How the bot is."""

        async def work(view: View) -> HouseStatus:
            opened = await workspaces.load(view.reader, view.workspace.id)
            grants = opened.grants if opened else {}
            coming = await reminders.upcoming(view.reader, view.workspace.id, 1)
            return HouseStatus(
                workspace=view.workspace,
                grants={capability: tuple(sorted(roles)) for capability, roles in grants.items()},
                deliveries=await outbox.counts(view.reader, view.workspace.id, view.now - _DAY),
                parked=await outbox.parked(view.reader, view.workspace.id),
                oldest_open_at=await outbox.oldest_open_at(view.reader, view.workspace.id),
                next_reminder_at=coming[0].due_at if coming else None,
                journal_entries=opened.counters.journal_seq if opened else 0,
                last_head_at=await heads.latest_at(view.reader, view.workspace.id),
                refusals_today=await security.count_since(view.reader, view.workspace.id, view.now - _DAY),
                asked_at=view.now,
            )

        return await self._changes.read(actor, work)


async def _record_grants(change: Change, action: str, capability: Capability, role_id: int) -> Granted:
    opened = await workspaces.load(change.tx, change.workspace.id)
    roles = tuple(sorted(opened.grants.get(capability, ()))) if opened else ()
    state = {"capability": capability.value, "role_ids": list(roles)}
    await change.record(action, ("workspace", change.workspace.id), state)
    return Granted(capability, role_id, roles)
