"""The announcements desk: which channel hears what, and of which missions nobody hears."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.announcements import FILTERS, Subscription, Topic
from domain.capabilities import Capability
from domain.damage import Severity
from domain.digest_times import Digest
from domain.errors import Conflict, InvalidInput, NotFound
from services import board_posts, digest_schedule, lookups
from services.actors import Actor
from services.board_posts import ShownBoard
from services.changes import Change, Changes, Receipt, View
from storage import digests, missions, outbox, pads, statements, subscriptions

SUBSCRIPTIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Discord says of a channel and the bot's permissions in it. `last_message_id` is the lane's floor.

    `is_locked`: a thread in which only its keepers may still write.
    """

    id: int
    can_view: bool
    can_send: bool
    can_embed: bool
    can_read_history: bool
    last_message_id: int
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A role to mention. `will_ping` is False when Discord would show it and wake nobody."""

    role_id: int
    is_everyone: bool = False
    will_ping: bool = True


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`/announce subscribe`, as typed."""

    topic: Topic
    channel: ChannelFacts
    mission: str | None = None
    pad: str | None = None
    severity: Severity | None = None
    mention: Mention | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """A digest's minute of the day, its zone, and when the next one comes."""

    minute: int
    zone: str
    due_at: datetime
    says_quiet_days: bool


@dataclass(frozen=True, slots=True)
class ShownSubscription:
    """A subscription with the names it filters on. `pings_nobody` when its role can be shown and not woken."""

    subscription: Subscription
    mission: str | None
    pad: str | None
    pings_nobody: bool = False
    digest: DigestTimes | None = None


@dataclass(frozen=True, slots=True)
class Muted:
    """A mission that was muted, or is no longer: since when it was."""

    mission: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """Every subscription, the missions of which nothing is announced, the numbers of drafts that wait for approval, the boards."""

    subscriptions: tuple[ShownSubscription, ...]
    muted: tuple[Muted, ...]
    waiting: tuple[int, ...]
    boards: tuple[ShownBoard, ...] = ()


class AnnouncementDesk:
    """Subscriptions."""

    def __init__(self, changes: Changes, languages: frozenset[str]) -> None:
        self._changes = changes
        self._languages = languages

    async def subscribe(self, actor: Actor, request: Subscribe) -> Receipt[ShownSubscription]:
        """Let a channel hear a topic. Refuses a channel the bot cannot post to, or whose history it cannot read."""
        require_usable(request.channel)
        require_language(request.language, self._languages)
        if request.mention is not None and request.mention.is_everyone:
            raise InvalidInput("mention_everyone")
        for name in ("mission", "pad", "severity"):
            if getattr(request, name) is not None and request.topic not in FILTERS[name]:
                raise InvalidInput("filter_never_matches", topic=request.topic.value, filter=name)

        async def work(change: Change) -> ShownSubscription:
            ws = change.workspace.id
            mission = None if request.mission is None else await lookups.mission(change.tx, ws, request.mission)
            pad = None if request.pad is None else await lookups.pad(change.tx, ws, request.pad)
            subscription = Subscription(
                id=change.new_id(),
                channel_id=request.channel.id,
                topic=request.topic,
                mission_id=mission.id if mission else None,
                pad_id=pad.id if pad else None,
                severity=request.severity,
                mention_role_id=request.mention.role_id if request.mention else None,
                language=request.language,
            )
            await add_subscription(change, subscription, request.channel.last_message_id)
            if request.topic is Topic.DIGEST:
                await digest_schedule.save(change, await digest_schedule.begin(change, subscription.id))
            pings_nobody = request.mention is not None and not request.mention.will_ping
            return replace(await shown_subscription(change, subscription), pings_nobody=pings_nobody)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def unsubscribe(self, actor: Actor, subscription: str) -> Receipt[ShownSubscription]:
        """End a subscription, named by its number."""

        async def work(change: Change) -> ShownSubscription:
            ws = change.workspace.id
            wanted = subscription.strip().removeprefix("#")
            known = await subscriptions.load_all(change.tx, ws)
            found = next((one for one in known if str(one.id) == wanted), None)
            if found is None:
                raise NotFound("subscription_unknown", raw_text=subscription[:40])
            shown = await shown_subscription(change, found)
            await digest_schedule.end(change, found.id)
            await subscriptions.remove(change.tx, ws, found.id)
            await change.record("unsubscribe", ("subscription", found.id), found)
            return shown

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def mute(self, actor: Actor, mission: str) -> Receipt[Muted]:
        """Announce nothing of a mission until it is unmuted, but for what goes wrong."""

        async def work(change: Change) -> Muted:
            found = await lookups.mission(change.tx, change.workspace.id, mission)
            is_new = await subscriptions.mute(
                change.tx, change.workspace.id, found.id, change.actor.member_id, change.now
            )
            if not is_new:
                raise Conflict("already_muted", mission_text=found.name)
            await change.record("mute", ("mute", found.id), {"mission_id": found.id, "muted": True})
            return Muted(found.name, change.now)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def unmute(self, actor: Actor, mission: str) -> Receipt[Muted]:
        """Announce what a mission does again. What was not announced meanwhile is not made up for."""

        async def work(change: Change) -> Muted:
            found = await lookups.mission(change.tx, change.workspace.id, mission)
            since = await subscriptions.unmute(change.tx, change.workspace.id, found.id)
            if since is None:
                raise Conflict("not_muted", mission_text=found.name)
            await change.record("unmute", ("mute", found.id), {"mission_id": found.id, "muted": False})
            return Muted(found.name, since)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def overview(self, actor: Actor) -> Heard:
        """What is heard, what is kept quiet, which statements wait for somebody, and where the boards are."""

        async def work(view: View) -> Heard:
            ws = view.workspace.id
            muted = await subscriptions.all_muted(view.reader, ws)
            names = [await _mission_name(view, mission_id) for mission_id, _ in muted]
            return Heard(
                subscriptions=await shown_subscriptions(view),
                muted=tuple(Muted(name or "", since) for name, (_, since) in zip(names, muted, strict=True)),
                waiting=tuple(draft.number for draft in await statements.waiting(view.reader, ws)),
                boards=await board_posts.shown_boards(view),
            )

        return await self._changes.read(actor, work)

    async def list(self, actor: Actor) -> tuple[ShownSubscription, ...]:
        """Every subscription of the workspace."""
        return await self._changes.read(actor, shown_subscriptions)


async def shown_subscriptions(view: View) -> tuple[ShownSubscription, ...]:
    """Every subscription with the names it filters on."""
    known = await subscriptions.load_all(view.reader, view.workspace.id)
    planned = {one.subscription_id: one for one in await digests.load_all(view.reader, view.workspace.id)}
    return tuple([await _shown(view, subscription, planned.get(subscription.id)) for subscription in known])


async def shown_subscription(change: Change, subscription: Subscription) -> ShownSubscription:
    """One subscription as it is shown, within the change that made it or ends it."""
    planned = {one.subscription_id: one for one in await digests.load_all(change.tx, change.workspace.id)}
    view = View(change.tx, change.workspace, change.actor, change.now)
    return await _shown(view, subscription, planned.get(subscription.id))


async def add_subscription(change: Change, subscription: Subscription, last_message_id: int) -> None:
    """Enter a subscription. Raises Conflict when there are too many, or the channel hears exactly this already."""
    known = await subscriptions.load_all(change.tx, change.workspace.id)
    if len(known) >= SUBSCRIPTIONS_MAX:
        raise Conflict("too_many_subscriptions", limit=SUBSCRIPTIONS_MAX)
    if any(_same(subscription, other) for other in known):
        raise Conflict("already_subscribed", topic=subscription.topic.value)
    await outbox.ensure_lane(change.tx, change.workspace.id, subscription.channel_id, last_message_id)
    await subscriptions.insert(change.tx, change.workspace.id, subscription, change.now)
    await change.record("subscribe", ("subscription", subscription.id), subscription)


async def _shown(view: View, subscription: Subscription, digest: Digest | None) -> ShownSubscription:
    mission = await _mission_name(view, subscription.mission_id)
    pad_id = subscription.pad_id
    pad = None if pad_id is None else await pads.load(view.reader, view.workspace.id, pad_id)
    times = None
    if digest is not None:
        zone = digest.zone or view.workspace.zone
        times = DigestTimes(digest.minute, zone, digest.due_at, digest.says_quiet_days)
    return ShownSubscription(subscription, mission, pad.name if pad else None, digest=times)


async def _mission_name(view: View, mission_id: int | None) -> str | None:
    found = None if mission_id is None else await missions.load(view.reader, view.workspace.id, mission_id)
    return found.name if found else None


def require_usable(channel: ChannelFacts) -> None:
    """Refuse a channel the bot cannot post to, or whose history it cannot read."""
    if not channel.can_view or not channel.can_send or not channel.can_embed:
        raise InvalidInput("channel_cannot_post", channel_id=channel.id)
    if channel.is_locked:
        raise InvalidInput("channel_locked", channel_id=channel.id)
    if not channel.can_read_history:
        raise InvalidInput("channel_without_history", channel_id=channel.id)


def require_language(language: str | None, known: frozenset[str]) -> None:
    """Refuse a language that is none of those known. None, which leaves it as it is, is allowed."""
    if language is not None and language not in known:
        raise InvalidInput("language_unknown", raw_text=language[:20])


def _same(one: Subscription, other: Subscription) -> bool:
    return (one.channel_id, one.topic, one.mission_id, one.pad_id, one.severity) == (
        other.channel_id,
        other.topic,
        other.mission_id,
        other.pad_id,
        other.severity,
    )
