"""A channel's digest begins with its subscription, ends with it, and follows the workspace's zone and quiet hours."""

from dataclasses import replace
from datetime import date

from domain.digest_times import Digest, Occurrence, Told
from services.changes import Change
from storage import digests


async def begin(change: Change, subscription_id: int, *, minute: int | None = None, zone: str | None = None) -> Digest:
    """Plan a new digest: without a minute in the workspace's morning. It tells what changes from now on."""
    chosen = change.workspace.morning_hour * 60 if minute is None else minute
    told = Told(change.journal_head.seq, change.now)
    draft = Digest(subscription_id, chosen, zone, says_quiet_days=False, day=date.min, due_at=change.now, told=told)
    return replan(change, draft)


async def save(change: Change, digest: Digest) -> None:
    """Keep a digest that was set, journalled."""
    await digests.save(change.tx, change.workspace.id, digest)
    change.touched_schedule = True
    state = {
        "subscription_id": digest.subscription_id,
        "minute": digest.minute,
        "zone": digest.zone,
        "says_quiet_days": digest.says_quiet_days,
    }
    await change.record("set_digest", ("digest", digest.subscription_id), state)


async def end(change: Change, subscription_id: int) -> None:
    """End a digest, if the subscription is one. That it ended is in the journal with the subscription."""
    await digests.remove(change.tx, change.workspace.id, subscription_id)
    change.touched_schedule = True


async def follow(change: Change) -> None:
    """The workspace's zone or quiet hours are others: plan the digests anew. One that was to come and would be past comes now."""
    for digest in await digests.load_all(change.tx, change.workspace.id):
        planned = replan(change, digest)
        if digest.day < planned.day:
            planned = replace(planned, day=digest.day, due_at=min(digest.due_at, change.now))
        if planned.due_at != digest.due_at:
            await digests.save(change.tx, change.workspace.id, planned)
            change.touched_schedule = True


def replan(change: Change, digest: Digest) -> Digest:
    """The digest with its next instant as things stand: after now, and for a local day that has had none."""
    times = digest.times(change.workspace.zone, change.workspace.quiet)
    last_at = digest.last_due_at
    # A day is counted where the digest lives now: in another zone the last one may have come on another day.
    last_day = digest.last_day if last_at is None else times.day_of(last_at)
    return planned_for(digest, times.next_after(change.now, last_day))


def planned_for(digest: Digest, next_one: Occurrence) -> Digest:
    """The digest with its next instant."""
    return replace(digest, day=next_one.day, due_at=next_one.due_at)
