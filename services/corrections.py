"""What was posted and is no longer so is edited to say so, in the transaction that made it false.

Should it be so again, the post says again what it said first.
"""

from collections.abc import Callable

from domain.delivery import subject_of_event, subject_of_repair
from domain.facts import CountdownReached, EventUnconfirmed, Facts, ReminderOutdated
from domain.missions import Event, EventState
from domain.repair_facts import RepairDue, RepairDueOutdated
from domain.repairs import RepairTask
from services.changes import Change
from storage import outbox


async def correct_posted(change: Change, event: Event) -> None:
    """Correct what was posted about the event, where it says what is not so.

    In each channel that is the last countdown and the last question, and whatever was corrected before.
    """
    await _correct(change, subject_of_event(event.id), lambda said, shown: _true_of(said, shown, event))


async def correct_repair(change: Change, task: RepairTask) -> None:
    """Correct what was posted about the task's due date, in each channel the last of it and whatever was corrected before."""
    await _correct(change, subject_of_repair(task.number), lambda said, shown: _true_of_repair(said, shown, task))


async def _correct(change: Change, subject: str, true_of: Callable[[Facts, Facts], Facts]) -> None:
    newest: dict[tuple[int, type[Facts]], int] = {}
    posts = await outbox.posts_about(change.tx, change.workspace.id, subject)
    for post in posts:
        newest[post.channel_id, type(post.facts)] = post.id
    for post in posts:
        if post.shown == post.facts and newest[post.channel_id, type(post.facts)] != post.id:
            continue
        wanted = true_of(post.facts, post.shown)
        if wanted != post.shown:
            await change.edit(post, wanted, cause=f"delivery:{post.id}")


async def is_asked(change: Change, event: Event) -> bool:
    """Whether a question stands in some channel that asks about the event's present plan."""
    return any(
        isinstance(post.facts, EventUnconfirmed) and post.facts.when == event.planned
        for post in await outbox.posts_about(change.tx, change.workspace.id, subject_of_event(event.id))
    )


def _true_of(said: Facts, shown: Facts, event: Event) -> Facts:
    """What a post should say now that the event is as it is."""
    if not isinstance(said, CountdownReached | EventUnconfirmed):
        return shown
    if event.state is EventState.PLANNED and event.planned == said.when:
        return said
    if isinstance(said, CountdownReached) and shown == said and event.state in {EventState.DONE, EventState.FAILED}:
        return said  # it counted down to a plan, and the plan was this
    return ReminderOutdated(said, event.state, event.time)


def _true_of_repair(said: Facts, shown: Facts, task: RepairTask) -> Facts:
    """What a post should say now that the task is as it is."""
    if not isinstance(said, RepairDue):
        return shown
    if task.state.is_open and task.due == said.due:
        return said
    return RepairDueOutdated(said, task.state, task.due)
