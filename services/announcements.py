"""The announcements desk: which channel hears what."""

from dataclasses import dataclass

from domain.announcements import FILTERS, Subscription, Topic
from domain.capabilities import Capability
from domain.errors import Conflict, InvalidInput
from domain.pads import Severity
from services import lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from storage import missions, outbox, pads, subscriptions

SUBSCRIPTIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Discord says of a channel and the bot's permissions in it. `last_message_id` is the lane's floor."""

    id: int
    can_view: bool
    can_send: bool
    can_embed: bool
    can_read_history: bool
    last_message_id: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`/announce subscribe`, as typed."""

    topic: Topic
    channel: ChannelFacts
    mission: str | None = None
    pad: str | None = None
    severity: Severity | None = None
    mention_role_id: int | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ShownSubscription:
    """A subscription with the names it filters on."""

    subscription: Subscription
    mission: str | None
    pad: str | None


class AnnouncementDesk:
    """Subscriptions."""

    def __init__(self, changes: Changes, languages: frozenset[str]) -> None:
        self._changes = changes
        self._languages = languages

    async def subscribe(self, actor: Actor, request: Subscribe) -> Receipt[ShownSubscription]:
        """Let a channel hear a topic. Refuses a channel the bot cannot post to, or whose history it cannot read."""
        require_usable(request.channel)
        if request.language not in self._languages:
            raise InvalidInput("language_unknown", raw_text=request.language[:20])

        for name in ("mission", "pad", "severity"):
            if getattr(request, name) is not None and request.topic not in FILTERS[name]:
                raise InvalidInput("filter_never_matches", topic=request.topic.value, filter=name)

        async def work(change: Change) -> ShownSubscription:
            ws = change.workspace.id
            mission = None if request.mission is None else await lookups.mission(change.tx, ws, request.mission)
            pad = None if request.pad is None else await lookups.pad(change.tx, ws, request.pad)
            known = await subscriptions.load_all(change.tx, ws)
            if len(known) >= SUBSCRIPTIONS_MAX:
                raise Conflict("too_many_subscriptions", limit=SUBSCRIPTIONS_MAX)
            subscription = Subscription(
                id=change.new_id(),
                channel_id=request.channel.id,
                topic=request.topic,
                mission_id=mission.id if mission else None,
                pad_id=pad.id if pad else None,
                severity=request.severity,
                mention_role_id=request.mention_role_id,
                language=request.language,
            )
            if any(_same(subscription, other) for other in known):
                raise Conflict("already_subscribed", topic=request.topic.value)
            await outbox.ensure_lane(change.tx, ws, request.channel.id, request.channel.last_message_id)
            await subscriptions.insert(change.tx, ws, subscription, change.now)
            await change.record("subscribe", ("subscription", subscription.id), subscription)
            return ShownSubscription(subscription, mission.name if mission else None, pad.name if pad else None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def list(self, actor: Actor) -> tuple[ShownSubscription, ...]:
        """Every subscription of the workspace."""

        async def work(view: View) -> tuple[ShownSubscription, ...]:
            ws = view.workspace.id
            shown = []
            for subscription in await subscriptions.load_all(view.reader, ws):
                mission = await _mission_name(view, subscription.mission_id)
                pad = None if subscription.pad_id is None else await pads.load(view.reader, ws, subscription.pad_id)
                shown.append(ShownSubscription(subscription, mission, pad.name if pad else None))
            return tuple(shown)

        return await self._changes.read(actor, work)


async def _mission_name(view: View, mission_id: int | None) -> str | None:
    found = None if mission_id is None else await missions.load(view.reader, view.workspace.id, mission_id)
    return found.name if found else None


def require_usable(channel: ChannelFacts) -> None:
    """Refuse a channel the bot cannot post to, or whose history it cannot read."""
    if not channel.can_view or not channel.can_send or not channel.can_embed:
        raise InvalidInput("channel_cannot_post", channel_id=channel.id)
    if not channel.can_read_history:
        raise InvalidInput("channel_without_history", channel_id=channel.id)


def _same(one: Subscription, other: Subscription) -> bool:
    return (one.channel_id, one.topic, one.mission_id, one.pad_id, one.severity) == (
        other.channel_id,
        other.topic,
        other.mission_id,
        other.pad_id,
        other.severity,
    )
