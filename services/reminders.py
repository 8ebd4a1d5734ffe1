"""Countdown rows follow the plan in the plan's own transaction; due ones become announcements.

The table is the schedule. `fire_due` may be called at any time and any number of times: it does what is due and no more. It wakes
nobody for the reminders it plans itself: the timekeeper, who calls it, asks afterwards when the next is due.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import groupby

from domain.capabilities import Capability
from domain.countdown import (
    DEFAULT_OFFSETS,
    DELAYED_AFTER,
    REPAIR_OFFSETS,
    PlannedReminder,
    ReminderKind,
    ReminderState,
    question_at,
    reminders_for,
)
from domain.facts import CountdownReached, EventRef, EventUnconfirmed, Facts
from domain.missions import Event, EventState, Mission
from domain.repair_facts import RepairDue, TaskRef
from domain.repairs import RepairTask
from domain.when import When, days_between
from services import alarms, member_schedule
from services.actors import system_actor
from services.changes import Announcement, Change, Changes
from services.corrections import correct_posted, is_asked
from services.passes import for_each
from storage import damage, missions, pads, planned_events, reminders, repairs, workspaces
from storage.database import Reader
from storage.planned_events import PlannedEvent
from storage.reminders import Reminder, Subject

_BATCH = 500
_INSTANT = timedelta(microseconds=1)
_SPOKEN = {True: ReminderState.POSTED, False: ReminderState.MUTED}


async def plan_event(change: Change, event: Event) -> None:
    """Rewrite the event's reminders after it was planned, moved, held or done, and what was posted and is no longer so."""
    await reminders.replan_event(change.tx, change.workspace.id, event.id, change.now, is_over=not event.state.is_open)
    change.touched_schedule = True
    await correct_posted(change, event)
    if event.state is not EventState.PLANNED or event.planned is None:
        return
    planned = await _countdown(change, event, event.planned)
    if any(one.kind is ReminderKind.QUESTION and one.due_at <= change.now for one in planned):
        planned = await _without_asking_twice(change, event, planned)
    await _insert(change, planned, Subject(event_id=event.id))


async def _without_asking_twice(
    change: Change, event: Event, planned: tuple[PlannedReminder, ...]
) -> tuple[PlannedReminder, ...]:
    """A question about this very plan that stands again, after what answered it was taken back, is repeated tomorrow."""
    if not await is_asked(change, event):
        return planned
    morning = change.workspace.morning
    tomorrow = morning.again_after(change.now, change.now, change.now.astimezone(morning.zone).time())
    return tuple(replace(one, due_at=tomorrow) if one.kind is ReminderKind.QUESTION else one for one in planned)


async def plan_countdown(change: Change, event: Event) -> None:
    """Rewrite the event's countdown after its offsets changed. What it is asked about stays as it is."""
    await reminders.replan_countdown(change.tx, change.workspace.id, event.id, change.now)
    change.touched_schedule = True
    if event.state is not EventState.PLANNED or event.planned is None:
        return
    planned = await _countdown(change, event, event.planned)
    kept = tuple(reminder for reminder in planned if reminder.kind is not ReminderKind.QUESTION)
    await _insert(change, kept, Subject(event_id=event.id))


async def _countdown(change: Change, event: Event, planned: When) -> tuple[PlannedReminder, ...]:
    offsets, _ = await offsets_of(change.tx, change.workspace.id, event)
    return reminders_for(planned, offsets, change.workspace.morning, change.now)


async def offsets_of(reader: Reader, workspace_id: int, event: Event) -> tuple[tuple[timedelta, ...], bool]:
    """The event's countdown, and whether it is a default: its own, else its workspace's for the kind, else the house's."""
    own = await missions.countdown_offsets(reader, workspace_id, event.id)
    if own is not None:
        return own, False
    defaults = await workspaces.countdown_defaults(reader, workspace_id)
    return defaults.get(event.kind, DEFAULT_OFFSETS[event.kind]), True


async def plan_task(change: Change, task: RepairTask) -> None:
    """Rewrite the repair task's reminders: a day before, on the day, then daily while it is overdue."""
    await reminders.replan_task(change.tx, change.workspace.id, task.number, change.now)
    change.touched_schedule = True
    if not task.state.is_open or task.due is None:
        return
    await _insert(change, planned_for(change, task.due), Subject(task_number=task.number))


def planned_for(change: Change, due: When) -> tuple[PlannedReminder, ...]:
    """The reminders of a repair task that is due then. That it is overdue is said in the morning, as it is every day after."""
    morning = change.workspace.morning
    return tuple(
        replace(reminder, kind=ReminderKind.REPAIR_OVERDUE, due_at=morning.first_from(reminder.due_at))
        if reminder.kind is ReminderKind.QUESTION
        else replace(reminder, kind=ReminderKind.REPAIR_DUE)
        for reminder in reminders_for(due, REPAIR_OFFSETS, morning, change.now)
    )


class ReminderDesk:
    """Turns due reminders into announcements."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def fire_due(self) -> int:
        """Announce everything due by now, in every workspace; return how many reminders ended. Safe to repeat."""
        now = self._changes.clock.now()
        due_in = await self._changes.database.read(lambda reader: reminders.workspaces_due(reader, now))

        async def fire(workspace_id: int) -> int:
            ended, more = 0, True
            while more:
                receipt = await self._changes.make(system_actor(workspace_id), Capability.READ, self._fire)
                fired, more = receipt.value
                ended += fired
            return ended

        return await for_each(due_in, fire)

    async def _fire(self, change: Change) -> tuple[int, bool]:
        """Fire a batch; returns how many reminders ended, and whether more are due."""
        due = await reminders.due(change.tx, change.workspace.id, change.now, _BATCH)
        by_subject: dict[Subject, list[Reminder]] = defaultdict(list)
        for reminder in due:
            by_subject[reminder.subject].append(reminder)
        for of_events, run in groupby(by_subject.items(), key=lambda item: item[0].event_id is not None):
            if of_events:
                await _fire_events(change, [group for _, group in run])
                continue
            for (_, task_number, report_number, member_number), group in run:
                if task_number is not None:
                    await self._fire_task(change, task_number, group)
                elif report_number is not None:
                    await _settle(change, group, newest=await alarms.fire(change, report_number, group[-1]))
                elif member_number is not None:
                    await _settle(change, group, newest=await member_schedule.fire(change, member_number, group))
        return len(due), len(due) >= _BATCH and await reminders.any_due(change.tx, change.workspace.id, change.now)

    async def _fire_task(self, change: Change, task_number: int, group: list[Reminder]) -> None:
        task = await repairs.load(change.tx, change.workspace.id, task_number)
        report = None if task is None else await damage.load_report(change.tx, change.workspace.id, task.report_number)
        pad = None if report is None else await pads.load(change.tx, change.workspace.id, report.pad_id)
        if task is None or pad is None or task.due is None or task.due.at is None or not task.state.is_open:
            await _settle(change, group, newest=ReminderState.EXPIRED)
            return
        newest = group[-1]
        facts = RepairDue(
            task=TaskRef(task.number, task.title, task.report_number, pad.id, pad.name),
            due=task.due,
            days_left=days_between(change.now, _last_day(task.due)),
            due_at=newest.due_at,
            delayed=_is_delayed(change, newest),
            overdue=newest.kind is ReminderKind.REPAIR_OVERDUE,
        )
        await change.announce(facts, cause=_cause_of(newest.id))
        await _settle(change, group, newest=ReminderState.POSTED)
        if newest.kind is ReminderKind.REPAIR_OVERDUE:
            await _again_tomorrow(change, newest, time(change.workspace.morning.hour))


def _cause_of(reminder_id: int) -> str:
    """What the deliveries of a reminder have in common."""
    return f"reminder:{reminder_id}"


def _last_day(due: When) -> datetime:
    """The last instant at which the task is still in time: the end of the stated interval."""
    ends_at = due.stated_end_at
    assert ends_at is not None  # noqa: S101 - the caller has checked that it has a date
    return ends_at - _INSTANT


def event_ref(mission: Mission, event: Event) -> EventRef:
    """An event as announcements name it."""
    return EventRef(mission.id, mission.name, event.id, event.kind, event.name)


async def _fire_events(change: Change, groups: Sequence[list[Reminder]]) -> None:
    """Fire what is due of events, each with a group of its own, in this order: as few statements as they are many."""
    event_ids = [group[-1].subject.event_id or 0 for group in groups]
    planned = await planned_events.load(change.tx, change.workspace.id, event_ids)
    known = [(group, planned.get(event_id)) for group, event_id in zip(groups, event_ids, strict=True)]
    heard = iter(
        await change.announce_many(
            [
                Announcement(_event_facts(change, event, group[-1]), _cause_of(group[-1].id))
                for group, event in known
                if event is not None
            ]
        )
    )
    ended: list[tuple[int, ReminderState]] = []
    for group, event in known:
        spoken = ReminderState.EXPIRED if event is None else _SPOKEN[next(heard)]
        ended += _ended(group, newest=spoken)
    await reminders.settle(change.tx, change.workspace.id, ended, change.now)
    for group, event in known:
        if event is not None and group[-1].kind is ReminderKind.QUESTION:
            await _again_tomorrow(change, group[-1], _asked_at(change, event, group[-1]))


def _event_facts(change: Change, event: PlannedEvent, reminder: Reminder) -> Facts:
    delayed = _is_delayed(change, reminder)
    if reminder.kind is ReminderKind.QUESTION:
        return EventUnconfirmed(event.ref, event.when, reminder.due_at, delayed)
    return CountdownReached(event.ref, event.when, reminder.kind, reminder.offset, reminder.due_at, delayed)


def _is_delayed(change: Change, reminder: Reminder) -> bool:
    return change.now - reminder.due_at > DELAYED_AFTER


async def _settle(change: Change, group: list[Reminder], *, newest: ReminderState) -> None:
    await reminders.settle(change.tx, change.workspace.id, _ended(group, newest=newest), change.now)


def _ended(group: list[Reminder], *, newest: ReminderState) -> list[tuple[int, ReminderState]]:
    """Only the newest missed reminder of a subject speaks; the older ones are recorded as superseded."""
    older = newest if newest is ReminderState.EXPIRED else ReminderState.SUPERSEDED
    return [(reminder.id, older) for reminder in group[:-1]] + [(group[-1].id, newest)]


def _asked_at(change: Change, event: PlannedEvent, reminder: Reminder) -> time:
    """The wall time at which one asks about the event: that of the first question its date gives."""
    return (question_at(event.when) or reminder.due_at).astimezone(change.workspace.morning.zone).time()


async def _again_tomorrow(change: Change, reminder: Reminder, at: time) -> None:
    due_at = change.workspace.morning.again_after(reminder.due_at, change.now, at)
    again = PlannedReminder(reminder.kind, due_at, reminder.offset, ReminderState.PENDING)
    await _insert(change, (again,), reminder.subject)


async def _insert(change: Change, planned: tuple[PlannedReminder, ...], subject: Subject) -> None:
    rows = [(change.new_id(), reminder) for reminder in planned]
    await reminders.insert_many(change.tx, change.workspace.id, rows, subject=subject, at=change.now)
