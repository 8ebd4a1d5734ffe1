"""The digests desk: a channel's daily digest is set by a member, and posted when it is due.

The table is the schedule. `fire_due` may be called at any time and any number of times: a local day has one digest at most.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from domain.announcements import Subscription, Topic
from domain.capabilities import Capability
from domain.countdown import DELAYED_AFTER, FARTHEST_DAILY
from domain.digest_facts import DigestPosted
from domain.digest_times import Digest, Occurrence, Told, parse_minute
from domain.errors import Conflict
from domain.places import Place
from domain.when_text import named_zone
from services import digest_schedule
from services.actors import Actor, system_actor
from services.announcements import (
    ChannelFacts,
    ShownSubscription,
    add_subscription,
    require_language,
    require_usable,
    shown_subscription,
)
from services.changes import Change, Changes, Receipt
from services.digest_content import compose
from services.passes import for_each
from storage import digests, outbox, subscriptions

_BATCH = 10
"""Each is composed from all that happened: no member's write waits for more of them than this."""


@dataclass(frozen=True, slots=True)
class SetDigest:
    """`/announce digest`, as typed. What is left out stays as it is; at first the workspace's zone, English, quiet days skipped."""

    time: str
    channel: ChannelFacts
    zone: str | None = None
    says_quiet_days: bool | None = None
    language: str | None = None


class DigestDesk:
    """Daily digests."""

    def __init__(self, changes: Changes, languages: frozenset[str]) -> None:
        self._changes = changes
        self._languages = languages

    async def set(self, actor: Actor, request: SetDigest) -> Receipt[ShownSubscription]:
        """Give a channel a digest, or its digest another time."""
        require_usable(request.channel)
        require_language(request.language, self._languages)
        minute = parse_minute(request.time)
        zone = None if request.zone is None else named_zone(request.zone).key

        async def work(change: Change) -> ShownSubscription:
            known = await _of_channel(change, request.channel.id)
            if known is None:
                subscription = await _new_subscription(change, request)
                before = None
                after = await digest_schedule.begin(change, subscription.id, minute=minute, zone=zone)
            else:
                subscription, before = known
                after = digest_schedule.replan(change, replace(before, minute=minute, zone=zone or before.zone))
            if request.says_quiet_days is not None:
                after = replace(after, says_quiet_days=request.says_quiet_days)
            subscription, spoke = await _in_language(change, subscription, request.language)
            if before is not None and spoke and _terms(before) == _terms(after):
                raise Conflict("digest_unchanged", channel_id=request.channel.id)
            await digest_schedule.save(change, after)
            return await shown_subscription(change, subscription)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def fire_due(self) -> int:
        """Post every digest that is due, in every workspace; return how many were due. Safe to repeat."""
        now = self._changes.clock.now()
        due_in = await self._changes.database.read(lambda reader: digests.workspaces_due(reader, now))

        async def fire(workspace_id: int) -> int:
            ended, more = 0, True
            while more:
                fired, more = (await self._changes.make(system_actor(workspace_id), Capability.READ, _fire)).value
                ended += fired
            return ended

        return await for_each(due_in, fire)


async def _fire(change: Change) -> tuple[int, bool]:
    """Post a batch; returns how many were due in it, and whether more are."""
    heard = {one.id: one for one in await subscriptions.load_all(change.tx, change.workspace.id)}
    planned = await digests.load_all(change.tx, change.workspace.id)
    due = [one for one in planned if not change.now < one.due_at <= change.now + FARTHEST_DAILY]
    for digest in due[:_BATCH]:
        step: Callable[[Change, Digest, Subscription], Awaitable[Digest]] = _step_of(change, digest)
        await digests.save(change.tx, change.workspace.id, await step(change, digest, heard[digest.subscription_id]))
    return len(due[:_BATCH]), len(due) > _BATCH


def _step_of(change: Change, digest: Digest) -> Callable[[Change, Digest, Subscription], Awaitable[Digest]]:
    """What is to be done with a digest that is due: an outage may have ended in quiet hours, or a clock been set back."""
    if digest.due_at > change.now:
        return _planned_anew
    return _put_off if change.workspace.morning.unless_quiet(change.now) > change.now else _post


async def _planned_anew(change: Change, digest: Digest, _subscription: Subscription) -> Digest:
    """It was planned by a clock that stood far ahead, or not at all yet: what is behind now is behind."""
    latest = digest.times(change.workspace.zone, change.workspace.quiet).latest_by(change.now)
    return digest_schedule.replan(change, replace(digest, last_day=latest.day, last_due_at=latest.due_at))


async def _put_off(change: Change, digest: Digest, _subscription: Subscription) -> Digest:
    return replace(digest, due_at=change.workspace.morning.unless_quiet(change.now))


async def _post(change: Change, digest: Digest, subscription: Subscription) -> Digest:
    """Post the newest that is due, if there is anything to say, and plan the next."""
    times = digest.times(change.workspace.zone, change.workspace.quiet)
    latest = times.latest_by(change.now)
    following = times.next_after(change.now, latest.day)
    told = await _told(change, digest)
    facts = await compose(change, _bare(change, digest, latest, following), told)
    now = Told(change.journal_head.seq, change.now)
    settled = replace(
        digest_schedule.planned_for(digest, following), last_day=latest.day, last_due_at=latest.due_at, told=told
    )
    if facts.is_empty and not digest.says_quiet_days:
        return replace(settled, told=now, written=None, written_key=None)
    cause = f"digest:{digest.subscription_id}:{latest.due_at.isoformat()}"
    role = subscription.mention_role_id
    place = Place(subscription.channel_id, subscription.language, () if role is None else (role,))
    await change.tell([place], facts, cause=cause)
    key = outbox.key_of(change.workspace.id, cause, subscription.channel_id)
    return replace(settled, written=now, written_key=key)


def _bare(change: Change, digest: Digest, latest: Occurrence, following: Occurrence) -> DigestPosted:
    return DigestPosted(
        subscription_id=digest.subscription_id,
        day=latest.day,
        due_at=latest.due_at,
        since=change.now,
        next_due_at=following.due_at,
        delayed=change.now - latest.due_at > DELAYED_AFTER,
    )


async def _told(change: Change, digest: Digest) -> Told:
    """Up to where a digest is known to have been posted: what expired unposted, or still waits, has told nobody anything."""
    if digest.written is None or digest.written_key is None:
        return digest.told
    if await digests.was_posted(change.tx, change.workspace.id, digest.written_key):
        return digest.written
    return digest.told


async def _of_channel(change: Change, channel_id: int) -> tuple[Subscription, Digest] | None:
    """The channel's digest and its subscription; None when it has none."""
    known = await subscriptions.load_all(change.tx, change.workspace.id)
    found = next((one for one in known if (one.channel_id, one.topic) == (channel_id, Topic.DIGEST)), None)
    if found is None:
        return None
    planned = {digest.subscription_id: digest for digest in await digests.load_all(change.tx, change.workspace.id)}
    return found, planned[found.id]


async def _new_subscription(change: Change, request: SetDigest) -> Subscription:
    wanted = Subscription(change.new_id(), request.channel.id, Topic.DIGEST, language=request.language or "en")
    await add_subscription(change, wanted, request.channel.last_message_id)
    return wanted


async def _in_language(change: Change, subscription: Subscription, language: str | None) -> tuple[Subscription, bool]:
    """The subscription in that language, and whether it spoke it already."""
    if language is None or language == subscription.language:
        return subscription, True
    await subscriptions.set_language(change.tx, change.workspace.id, subscription.id, language)
    changed = replace(subscription, language=language)
    await change.record("set_language", ("subscription", subscription.id), changed)
    return changed, False


def _terms(digest: Digest) -> tuple[int, str | None, bool]:
    return digest.minute, digest.zone, digest.says_quiet_days
