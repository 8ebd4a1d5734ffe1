"""The reminders desk: what is coming up, and an event's own countdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.capabilities import Capability
from domain.countdown import ReminderKind, parse_offsets
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import EventRef
from domain.member_reminders import MemberReminder
from domain.missions import Event, Mission
from domain.when import When
from services import lookups, reminders
from services.actors import Actor
from services.changes import Change, Changes, Receipt, View
from services.reminders import event_ref
from storage import damage, member_reminders, missions, repairs
from storage import reminders as reminder_rows
from storage.reminders import Reminder

UPCOMING_MAX = 100
_EVENT_ID = re.compile(r"^#(\d{1,12})$")


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A reminder still to come: about an event, a repair task or a report (their numbers and words), or one that a member set."""

    due_at: datetime
    kind: ReminderKind
    offset: timedelta
    event: EventRef | None
    when: When | None
    task: tuple[int, str] | None = None
    report: tuple[int, str] | None = None
    own: MemberReminder | None = None


@dataclass(frozen=True, slots=True)
class Countdown:
    """An event's offsets and the reminders that are still to come."""

    event: EventRef
    when: When
    offsets: tuple[timedelta, ...]
    is_default: bool
    upcoming: tuple[Upcoming, ...]


class CountdownDesk:
    """Reminders as members see them."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def set_offsets(self, actor: Actor, event: str, offsets: str) -> Receipt[Countdown]:
        """Give an event its own offsets, e.g. "14d 7d 1d 1h"; 0 is always among them."""
        wanted = parse_offsets(offsets)

        async def work(change: Change) -> Countdown:
            mission, found = await _find(View(change.tx, change.workspace, actor, change.now), event)
            if not found.state.is_open or found.planned is None:
                raise Conflict("event_not_open", kind=found.kind.value, state=found.state.value)
            await missions.set_countdown_offsets(change.tx, change.workspace.id, found.id, wanted)
            await reminders.plan_countdown(change, found)
            state = {"event_id": found.id, "offsets_s": [int(offset.total_seconds()) for offset in wanted]}
            await change.record("set_countdown", ("countdown", found.id), state)
            view = View(change.tx, change.workspace, actor, change.now)
            return await _countdown(view, mission, found, found.planned)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def show(self, actor: Actor, event: str) -> Countdown:
        """An event's countdown as it is."""

        async def work(view: View) -> Countdown:
            mission, found = await _find(view, event)
            if found.planned is None:
                raise Conflict("event_not_open", kind=found.kind.value, state=found.state.value)
            return await _countdown(view, mission, found, found.planned)

        return await self._changes.read(actor, work)

    async def list(self, actor: Actor) -> tuple[Upcoming, ...]:
        """What is coming up in the workspace, soonest first.

        Not what other members have set for themselves alone, nor for channels that the member cannot see.
        """

        async def work(view: View) -> tuple[Upcoming, ...]:
            ws, member_id = view.workspace.id, view.actor.member_id
            mine = await member_reminders.open_of(view.reader, ws, member_id)
            here = [one for one in await member_reminders.open_here(view.reader, ws) if actor.sees(one.channel_id)]
            own = {one.number: one for one in (*mine, *here)}
            rows = await reminder_rows.upcoming_with(view.reader, ws, own, UPCOMING_MAX)
            live = await missions.load_live(view.reader, view.workspace.id)
            events = {event.id: (mission, event) for mission in live for event in mission.events}
            of_reports = await repairs.of_open_reports(view.reader, view.workspace.id)
            titles = {task.number: task.title for tasks in of_reports.values() for task in tasks}
            by_pad = await damage.open_reports(view.reader, view.workspace.id)
            summaries = {report.number: report.summary for reports in by_pad.values() for report in reports}
            return tuple(
                replace(
                    _upcoming(row, events.get(row.subject.event_id or 0)),
                    task=_titled(row.subject.task_number, titles),
                    report=_titled(row.subject.report_number, summaries),
                    own=own.get(row.subject.member_number or 0),
                )
                for row in rows
            )

        return await self._changes.read(actor, work)


async def _find(view: View, typed: str) -> tuple[Mission, Event]:
    """An event as the option names it: "#id", or "mission · event"."""
    ws = view.workspace.id
    if match := _EVENT_ID.match(typed.strip()):
        event_id = int(match[1])
        mission_id = await missions.mission_of_event(view.reader, ws, event_id)
        mission = None if mission_id is None else await missions.load(view.reader, ws, mission_id)
        event = mission.event(event_id) if mission else None
        if mission is None or event is None:
            raise NotFound("event_reference_unknown", raw_text=typed[:80])
        return mission, event
    name, separator, what = typed.rpartition("·")
    if not separator:
        raise InvalidInput("event_reference_unclear", raw_text=typed[:80])
    found = await lookups.mission(view.reader, ws, name)
    return found, lookups.event_of(found, what)


async def _countdown(view: View, mission: Mission, event: Event, when: When) -> Countdown:
    offsets, is_default = await reminders.offsets_of(view.reader, view.workspace.id, event)
    rows = await reminder_rows.of_event(view.reader, view.workspace.id, event.id)
    coming = tuple(_upcoming(row, (mission, event)) for row in rows)
    return Countdown(event_ref(mission, event), when, offsets, is_default, coming)


def _upcoming(row: Reminder, found: tuple[Mission, Event] | None) -> Upcoming:
    return Upcoming(
        due_at=row.due_at,
        kind=row.kind,
        offset=row.offset,
        event=event_ref(*found) if found else None,
        when=found[1].planned if found else None,
    )


def _titled(number: int | None, titles: Mapping[int, str]) -> tuple[int, str] | None:
    return None if number is None else (number, titles.get(number, ""))
