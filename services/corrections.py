"""What was posted and is no longer so is edited to say so, in the transaction that made it false.

Should it be so again, the post says again what it said first.
"""

from domain.facts import CountdownReached, EventUnconfirmed, Facts, ReminderOutdated
from domain.missions import Event, EventState
from services.changes import Change
from storage import outbox, reminders


def cause_of(reminder_id: int) -> str:
    """What the deliveries of a reminder have in common."""
    return f"reminder:{reminder_id}"


async def correct_posted(change: Change, event: Event) -> None:
    """Correct the last countdown and the last question that were posted about the event, where they say what is not so."""
    for reminder_id in await reminders.last_posted(change.tx, change.workspace.id, event.id):
        for post in await outbox.posts_of(change.tx, change.workspace.id, cause_of(reminder_id)):
            wanted = _true_of(post.facts, post.shown, event)
            if wanted != post.shown:
                await change.edit(post, wanted, cause=cause_of(reminder_id))


def _true_of(said: Facts, shown: Facts, event: Event) -> Facts:
    """What a post should say now that the event is as it is."""
    if not isinstance(said, CountdownReached | EventUnconfirmed):
        return shown
    if event.state is EventState.PLANNED and event.planned == said.when:
        return said
    if isinstance(said, CountdownReached) and event.state in {EventState.DONE, EventState.FAILED}:
        return shown  # it counted down to a plan, and the plan was this
    return ReminderOutdated(said, event.state, event.time)
