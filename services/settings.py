"""One setting of a workspace at a time, and what follows from it in the same transaction.

What is posted in the morning is planned anew when the morning moves, and countdowns when their default does.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.alarms import ROLES_MAX
from domain.countdown import (
    DEFAULT_OFFSETS,
    PlannedReminder,
    QuietHours,
    ReminderKind,
    ReminderState,
    format_offsets,
    parse_offsets,
)
from domain.countdown import reminders_for as countdown_of
from domain.errors import Conflict, InvalidInput
from domain.missions import Event, EventKind, EventState
from domain.settings import (
    DEFAULT_WORD,
    NONE_WORD,
    SettingKey,
    countdown_key,
    parse_hour,
    parse_key,
    parse_quiet_hour,
    parse_span,
    shown_hour,
    shown_span,
)
from domain.when import Precision, When
from domain.when_text import named_zone
from services import alarms, digest_schedule, reminders
from services.announcements import ChannelFacts, Mention, require_usable
from services.changes import Change
from storage import heads, missions, outbox, repairs, workspaces
from storage import reminders as rows
from storage.reminders import Reminder, Subject
from storage.workspaces import Workspace

_OPENING = {ReminderKind.COUNTDOWN, ReminderKind.OPENS, ReminderKind.REPAIR_DUE}
"""Kinds whose instants follow from the plan. A question asked again daily keeps its own time."""


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role as it was typed; `mention` is None when the server has none of that name, or several."""

    text: str
    mention: Mention | None


@dataclass(frozen=True, slots=True)
class SetSetting:
    """`/ops set`, as typed. `channel` and `roles` are what Discord says of the channel and the roles that the value names."""

    key: str
    value: str
    channel: ChannelFacts | None = None
    roles: tuple[NamedRole, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting's key, what it was and what it is, how many reminders were planned anew, and the quiet hours that hold now.

    `silent_roles` are roles among it that Discord would show and wake nobody for.
    """

    key: str
    before: str
    after: str
    replanned: int
    quiet: QuietHours | None = None
    silent_roles: tuple[int, ...] = ()


async def apply(change: Change, request: SetSetting) -> SettingChanged:
    """Set one setting. Raises InvalidInput for a key or value that cannot be, Conflict `setting_unchanged`."""
    key = parse_key(request.key)
    if isinstance(key, EventKind):
        return await _set_countdown(change, key, request.value)
    done = await _set_plain(change, key, _changed(change.workspace, key, request), request.channel)
    mentions = [role.mention for role in request.roles if role.mention] if key is SettingKey.ESCALATION_ROLES else []
    return replace(done, silent_roles=tuple(mention.role_id for mention in mentions if not mention.will_ping))


async def shown_defaults(change: Change) -> Mapping[str, str]:
    """The workspace's own countdowns, as the journal keeps them."""
    found = await workspaces.countdown_defaults(change.tx, change.workspace.id)
    return {kind.value: format_offsets(offsets) for kind, offsets in found.items()}


async def follow_morning(change: Change, workspace: Workspace) -> int:
    """The morning is `workspace`'s from now on: plan anew what is posted in it. Returns how many reminders that were."""
    change.workspace = workspace
    await _move_head(change)
    await digest_schedule.follow(change)
    change.touched_schedule = True
    pending = _by_subject(await rows.pending(change.tx, workspace.id))
    alarmed = await alarms.replan(change, ReminderKind.UNASSESSED)
    replanned = alarmed + await _retime_repeats(change, pending)
    for mission in await missions.load_live(change.tx, workspace.id):
        for event in mission.events:
            if (waiting := pending.get(Subject(event_id=event.id))) and _follows_morning(event.planned):
                replanned += await _retime(change, waiting, await _countdown(change, event))
    for task in await repairs.load_all(change.tx, workspace.id):
        if (waiting := pending.get(Subject(task_number=task.number))) and task.due and _follows_morning(task.due):
            replanned += await _retime(change, waiting, reminders.planned_for(change, task.due))
    return replanned


async def _move_head(change: Change) -> None:
    """Give the journal's head its new morning; when it was to come today and that morning is past, it comes now."""
    before = await heads.due_at(change.tx, change.workspace.id)
    await schedule_head(change)
    after = await heads.due_at(change.tx, change.workspace.id)
    zone = change.workspace.morning.zone
    if before is not None and after is not None and before.astimezone(zone).date() < after.astimezone(zone).date():
        await heads.schedule(change.tx, change.workspace.id, change.now)


async def _retime_repeats(change: Change, pending: Mapping[Subject, list[Reminder]]) -> int:
    """Put off the daily repeats that would fall into quiet hours now. A question asked for the first time is no repeat."""
    moved = 0
    for subject, waiting in pending.items():
        for row in waiting:
            due_at = change.workspace.morning.unless_quiet(row.due_at)
            if row.kind in _OPENING or due_at == row.due_at or not await _was_posted(change, row):
                continue
            again = PlannedReminder(row.kind, due_at, row.offset, ReminderState.PENDING)
            moved += await _replace(change, [row], [again], subject)
    return moved


async def _was_posted(change: Change, row: Reminder) -> bool:
    """Whether the same was posted before: then this is its repeat."""
    return row.kind is ReminderKind.REPAIR_OVERDUE or await rows.was_posted(
        change.tx, change.workspace.id, row.subject.event_id or 0, row.kind
    )


async def schedule_head(change: Change) -> None:
    """Have the journal's head posted in the first morning from now on."""
    await heads.schedule(change.tx, change.workspace.id, change.workspace.morning.first_after(change.now))


def _changed(workspace: Workspace, key: SettingKey, request: SetSetting) -> Workspace:
    value = request.value
    match key:
        case SettingKey.TIMEZONE:
            return replace(workspace, zone=named_zone(value).key)
        case SettingKey.MORNING:
            return replace(workspace, morning_hour=parse_hour(value))
        case SettingKey.QUIET_FROM:
            return replace(workspace, quiet_from_hour=parse_quiet_hour(value))
        case SettingKey.QUIET_UNTIL:
            return replace(workspace, quiet_until_hour=parse_quiet_hour(value))
        case SettingKey.OPS_CHANNEL:
            if request.channel is None:
                raise InvalidInput("channel_unknown", raw_text=value[:60])
            require_usable(request.channel)
            return replace(workspace, ops_channel_id=request.channel.id)
        case SettingKey.ESCALATE_AFTER:
            return replace(workspace, escalate_after=parse_span(value))
        case SettingKey.ASSESS_AFTER:
            return replace(workspace, assess_after=parse_span(value))
        case SettingKey.ESCALATION_ROLES:
            return replace(workspace, escalation_roles=_role_ids(value, request.roles))


def _role_ids(value: str, roles: tuple[NamedRole, ...]) -> tuple[int, ...]:
    """The roles that were named, in their order, each once."""
    found: dict[int, None] = {}
    for role in roles:
        if role.mention is None:
            raise InvalidInput("role_unknown", raw_text=role.text[:60])
        if role.mention.is_everyone:
            raise InvalidInput("mention_everyone")
        found[role.mention.role_id] = None
    if len(found) > ROLES_MAX:
        raise InvalidInput("too_many_roles", limit=ROLES_MAX)
    if not found and value.strip().casefold() != NONE_WORD:
        raise InvalidInput("role_unknown", raw_text=value[:60])
    return tuple(found)


async def _set_plain(change: Change, key: SettingKey, after: Workspace, channel: ChannelFacts | None) -> SettingChanged:
    before = change.workspace
    if before == after:
        raise Conflict("setting_unchanged", key=key.value, value=_shown(before, key))
    if after.quiet_from_hour is not None and after.quiet_from_hour == after.quiet_until_hour:
        raise InvalidInput("quiet_hours_empty", hour=shown_hour(after.quiet_from_hour))
    if channel is not None and key is SettingKey.OPS_CHANNEL:
        await outbox.ensure_lane(change.tx, after.id, channel.id, channel.last_message_id)
    await workspaces.save_settings(change.tx, after)
    change.workspace = after
    replanned = await follow_morning(change, after) if before.morning != after.morning else 0
    if before.escalate_after != after.escalate_after:
        replanned += await alarms.replan(change, ReminderKind.UNACKNOWLEDGED)
    if before.assess_after != after.assess_after:
        replanned += await alarms.replan(change, ReminderKind.UNASSESSED)
    await change.record("set", ("workspace", after.id), after)
    return SettingChanged(key.value, _shown(before, key), _shown(after, key), replanned, after.quiet)


def _shown(workspace: Workspace, key: SettingKey) -> str:
    return {
        SettingKey.TIMEZONE: workspace.zone,
        SettingKey.MORNING: shown_hour(workspace.morning_hour),
        SettingKey.OPS_CHANNEL: f"<#{workspace.ops_channel_id}>",
        SettingKey.QUIET_FROM: shown_hour(workspace.quiet_from_hour),
        SettingKey.QUIET_UNTIL: shown_hour(workspace.quiet_until_hour),
        SettingKey.ESCALATE_AFTER: shown_span(workspace.escalate_after),
        SettingKey.ESCALATION_ROLES: ", ".join(f"<@&{role}>" for role in workspace.escalation_roles) or NONE_WORD,
        SettingKey.ASSESS_AFTER: shown_span(workspace.assess_after),
    }[key]


async def _set_countdown(change: Change, kind: EventKind, value: str) -> SettingChanged:
    ws = change.workspace.id
    own = (await workspaces.countdown_defaults(change.tx, ws)).get(kind)
    wanted = None if value.strip().casefold() == DEFAULT_WORD else parse_offsets(value)
    before, after = own or DEFAULT_OFFSETS[kind], wanted or DEFAULT_OFFSETS[kind]
    if own == wanted:
        raise Conflict("setting_unchanged", key=countdown_key(kind), value=format_offsets(before))
    await workspaces.set_countdown_default(change.tx, ws, kind, wanted)
    change.touched_schedule = True
    replanned = 0
    for mission in await missions.load_live(change.tx, ws):
        for event in mission.events:
            if event.kind is kind:
                replanned += await _follow_default(change, event)
    await change.record("set", ("countdown_defaults", ws), await shown_defaults(change))
    return SettingChanged(countdown_key(kind), format_offsets(before), format_offsets(after), replanned)


async def _follow_default(change: Change, event: Event) -> int:
    if event.state is not EventState.PLANNED or event.planned is None:
        return 0
    _, is_default = await reminders.offsets_of(change.tx, change.workspace.id, event)
    if not is_default:
        return 0
    waiting = [row for row in await rows.of_event(change.tx, change.workspace.id, event.id) if row.kind in _OPENING]
    coming = [
        reminder
        for reminder in await _countdown(change, event)
        if reminder.kind in _OPENING and reminder.state is ReminderState.PENDING
    ]
    return await _replace(change, waiting, coming, Subject(event_id=event.id))


async def _countdown(change: Change, event: Event) -> tuple[PlannedReminder, ...]:
    assert event.planned is not None  # noqa: S101 - it has reminders, so it has a date
    offsets, _ = await reminders.offsets_of(change.tx, change.workspace.id, event)
    return countdown_of(event.planned, offsets, change.workspace.morning, change.now)


async def _retime(change: Change, pending: list[Reminder], planned: tuple[PlannedReminder, ...]) -> int:
    """Give what is still to come its new instants; what was posted before stays posted and is not said again."""
    waiting = [row for row in pending if row.kind in _OPENING]
    keys = {(row.kind, row.offset) for row in waiting}
    # What was still to come and would have been posted already comes now.
    coming = [
        replace(reminder, due_at=max(reminder.due_at, change.now), state=ReminderState.PENDING)
        for reminder in planned
        if (reminder.kind, reminder.offset) in keys
    ]
    if {(row.kind, row.offset, row.due_at) for row in waiting} == {(it.kind, it.offset, it.due_at) for it in coming}:
        return 0
    return await _replace(change, waiting, coming, pending[0].subject)


async def _replace(change: Change, old: list[Reminder], new: list[PlannedReminder], subject: Subject) -> int:
    ws = change.workspace.id
    await rows.settle(change.tx, ws, [(row.id, ReminderState.REPLANNED) for row in old], change.now)
    numbered = [(change.new_id(), reminder) for reminder in new]
    await rows.insert_many(change.tx, ws, numbered, subject=subject, at=change.now)
    return len(new)


def _follows_morning(planned: When | None) -> bool:
    return planned is not None and planned.at is not None and not planned.precision.is_at_least(Precision.HOUR)


def _by_subject(pending: list[Reminder]) -> dict[Subject, list[Reminder]]:
    """What waits, by what it is about. Alarms are planned by their own rules."""
    found: dict[Subject, list[Reminder]] = defaultdict(list)
    for row in pending:
        if row.subject.report_number is None:
            found[row.subject].append(row)
    return found
