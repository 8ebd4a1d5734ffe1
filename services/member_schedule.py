"""When members' own reminders come: each has its rows in the one schedule, the next written as the one before is posted.

What was missed is one post, as with every other reminder, and each of the occurrences that it stands for is on record.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.countdown import DELAYED_AFTER, PlannedReminder, ReminderKind, ReminderState
from domain.member_facts import MemberReminded
from domain.member_reminders import MemberReminder, Snooze, Standing, Where, zone_by_name
from domain.places import Place
from services.changes import Change
from storage import member_reminders, member_zones
from storage import reminders as rows
from storage.reminders import Reminder, Subject

_NO_OFFSET = timedelta(0)


async def plan(change: Change, reminder: MemberReminder, due_at: datetime) -> None:
    """Have a reminder come at an instant."""
    planned = PlannedReminder(ReminderKind.MEMBER, due_at, _NO_OFFSET, ReminderState.PENDING)
    await _insert(change, Subject(member_number=reminder.number), planned)


async def put_off(change: Change, reminder: MemberReminder, snooze: Snooze) -> tuple[datetime, bool]:
    """Have a reminder that has come come again; return when, and whether that is new.

    It gives way to a later choice; the same one made twice is one.
    """
    waiting = await rows.of_member_reminder(change.tx, change.workspace.id, reminder.number)
    snoozed = [row for row in waiting if row.kind is ReminderKind.SNOOZED]
    if same := next((row for row in snoozed if row.offset == snooze.mark), None):
        return same.due_at, False
    await _settle(change, snoozed, ReminderState.REPLANNED)
    now = change.now.replace(microsecond=0)
    due_at = snooze.until(now, zone_by_name(await _zone_of(change, reminder)), change.workspace.morning_hour)
    planned = PlannedReminder(ReminderKind.SNOOZED, due_at, snooze.mark, ReminderState.PENDING)
    await _insert(change, Subject(member_number=reminder.number), planned)
    await member_reminders.save_standing(change.tx, change.workspace.id, reminder.number, Standing.OPEN)
    change.touched_schedule = True
    return due_at, True


async def _zone_of(change: Change, reminder: MemberReminder) -> str:
    """Whose morning is meant: of a private reminder its member's, as far as they have said where they live."""
    known = None
    if reminder.where is Where.ME:
        known = await member_zones.load(change.tx, change.workspace.id, reminder.author_id)
    return known or reminder.zone


async def withdraw(change: Change, reminder: MemberReminder) -> None:
    """Have a reminder come no more."""
    waiting = await rows.of_member_reminder(change.tx, change.workspace.id, reminder.number)
    await _settle(change, waiting, ReminderState.EXPIRED)
    await member_reminders.save_standing(change.tx, change.workspace.id, reminder.number, Standing.CANCELLED)


async def fire(change: Change, number: int, group: list[Reminder]) -> ReminderState:
    """Post a due reminder, once for all that is due of it, and plan its next occurrence. Returns how its newest row ended."""
    found = await member_reminders.load(change.tx, change.workspace.id, number)
    if found is None or found.standing is not Standing.OPEN:
        return ReminderState.EXPIRED
    newest, next_at = group[-1], None if found.series is None else found.series.after(change.now)
    regular = next((row for row in reversed(group) if row.kind is ReminderKind.MEMBER), None)
    if found.series is not None and next_at is not None and regular is not None:
        newest = await _catch_up(change, newest, found.series.between(regular.due_at, change.now))
        await plan(change, found, next_at)
    facts = _facts(change, found, newest, next_at)
    await change.tell((Place(found.goes_to, found.language),), facts, cause=f"reminder:{newest.id}")
    waiting = await rows.of_member_reminder(change.tx, change.workspace.id, number)
    if {row.id for row in waiting} <= {row.id for row in group}:
        await member_reminders.save_standing(change.tx, change.workspace.id, number, Standing.DONE)
    return ReminderState.POSTED if newest is group[-1] else ReminderState.SUPERSEDED


async def _catch_up(change: Change, newest: Reminder, missed: tuple[datetime, ...]) -> Reminder:
    """Record the occurrences that were never planned because nobody was there; return what speaks for all of them."""
    for due_at in missed:
        is_newest = due_at is missed[-1] and due_at > newest.due_at
        state = ReminderState.POSTED if is_newest else ReminderState.SUPERSEDED
        planned = PlannedReminder(ReminderKind.MEMBER, due_at, _NO_OFFSET, state)
        reminder_id = await _insert(change, newest.subject, planned)
        if is_newest:
            newest = replace(newest, id=reminder_id, kind=planned.kind, due_at=due_at, state=state)
    return newest


def _facts(change: Change, found: MemberReminder, row: Reminder, next_at: datetime | None) -> MemberReminded:
    return MemberReminded(
        workspace_id=change.workspace.id,
        number=found.number,
        where=found.where,
        author_id=found.author_id,
        channel_id=found.channel_id,
        text=found.text,
        due_at=row.due_at,
        repeat=found.repeat,
        next_at=next_at,
        delayed=change.now - row.due_at > DELAYED_AFTER,
    )


async def _insert(change: Change, subject: Subject, planned: PlannedReminder) -> int:
    reminder_id = change.new_id()
    await rows.insert_many(change.tx, change.workspace.id, [(reminder_id, planned)], subject=subject, at=change.now)
    return reminder_id


async def _settle(change: Change, ended: list[Reminder], state: ReminderState) -> None:
    await rows.settle(change.tx, change.workspace.id, [(row.id, state) for row in ended], change.now)
