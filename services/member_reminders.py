"""The desk of reminders that members set themselves: for themselves alone, or for the channel they are in.

What a reminder says is its member's: it stands in the journal's personal part only. That another has a private reminder, nobody
learns; nor does who cannot see a channel learn of its reminders.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, time

from domain.capabilities import Capability
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted
from domain.member_reminders import OPEN_MAX, TEXT_MAX, MemberReminder, Snooze, Standing, Where, zone_by_name, zone_name
from domain.recurrence import Repeat, Series
from domain.reminder_text import Phrase, read_phrase
from domain.text import paragraph
from domain.when_text import named_zone
from services import lookups, member_schedule
from services.actors import Actor
from services.announcements import ChannelFacts, require_usable
from services.changes import Change, Changes, Receipt, View
from storage import member_reminders, member_zones, outbox


@dataclass(frozen=True, slots=True)
class Remind:
    """`/remind me` or `/remind here`, as typed. `zone` is what the member was asked for, where they were; `language` is theirs."""

    when: str
    text: str
    repeat: Repeat | None = None
    zone: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ReminderSet:
    """A reminder, and when it comes, or would have come."""

    reminder: MemberReminder
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberZone:
    """A member's zone, None while they have none, and their workspace's."""

    zone: str | None
    workspace_zone: str


class MemberReminderDesk:
    """Members' own reminders and zones."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def zone_to_ask_for_me(self, actor: Actor, request: Remind) -> str | None:
        """The zone to suggest where a private reminder needs to know the member's and does not; None where all is known."""
        return await self._zone_to_ask(actor, request, Capability.READ)

    async def zone_to_ask_for_here(self, actor: Actor, request: Remind) -> str | None:
        """The same for a reminder to the channel."""
        return await self._zone_to_ask(actor, request, Capability.OPERATE)

    async def remind_me(self, actor: Actor, request: Remind, dm_channel_id: int) -> Receipt[ReminderSet]:
        """Set a reminder that comes by direct message."""
        wanted = _read(request)

        async def work(change: Change) -> ReminderSet:
            await _open_lane(change, dm_channel_id)
            return await _set(change, request, wanted, Where.ME, dm_channel_id)

        return await self._changes.make(actor, Capability.READ, work)

    async def remind_here(self, actor: Actor, request: Remind, channel: ChannelFacts) -> Receipt[ReminderSet]:
        """Set a reminder that comes in the channel. Refuses a channel the bot cannot post to, or whose history it cannot read."""
        require_usable(channel)
        wanted = _read(request)
        return await self._changes.make(
            actor, Capability.OPERATE, lambda change: _set(change, request, wanted, Where.HERE, None)
        )

    async def cancel(self, actor: Actor, reminder: str) -> Receipt[ReminderSet]:
        """Cancel one's own reminder; or that of a channel one can see, for which another's needs `operate`."""

        async def work(change: Change) -> ReminderSet:
            found = await _load(change, lookups.reminder_number(reminder))
            if found.author_id != actor.member_id and (found.where is Where.ME or not actor.sees(found.channel_id)):
                raise _unknown(found.number)
            _require_own_or_operate(change, found)
            return await _cancel(change, found)

        return await self._changes.make(actor, Capability.READ, work)

    async def cancel_own(self, actor: Actor, number: int) -> Receipt[ReminderSet]:
        """Cancel one's own private reminder from the direct message it came by: see `snooze_own`."""
        return await self._make_own(actor, number, _cancel)

    async def stop_undelivered(self, actor: Actor, number: int) -> Receipt[ReminderSet]:
        """End a private reminder from the news that it did not reach its member, who may be gone: another's needs `operate`.

        What it says is for nobody but its member, and so not to be shown.
        """

        async def work(change: Change) -> ReminderSet:
            found = await _load(change, number)
            if found.where is not Where.ME or not actor.sees(found.channel_id):
                raise _unknown(number)
            _require_own_or_operate(change, found)
            return await _cancel(change, found)

        return await self._changes.make(actor, Capability.READ, work)

    async def snooze_own(self, actor: Actor, number: int, snooze: Snooze) -> Receipt[ReminderSet]:
        """Put one's own private reminder off.

        It is pressed in direct messages, where nobody has roles: that it is the member's own is all that counts.
        """
        return await self._make_own(actor, number, lambda change, found: _snooze(change, found, snooze))

    async def _make_own(
        self, actor: Actor, number: int, work: Callable[[Change, MemberReminder], Awaitable[ReminderSet]]
    ) -> Receipt[ReminderSet]:
        async def own(change: Change) -> ReminderSet:
            found = await _load(change, number)
            if found.where is not Where.ME or found.author_id != actor.member_id:
                raise _unknown(number)
            return await work(change, found)

        try:
            return await self._changes.make(actor, None, own)
        except NotFound as missing:
            raise _unknown(number) from missing  # nor does anybody learn there which servers are set up

    async def snooze_here(self, actor: Actor, number: int, snooze: Snooze) -> Receipt[ReminderSet]:
        """Put a channel's reminder off."""

        async def work(change: Change) -> ReminderSet:
            found = await _load(change, number)
            if found.where is not Where.HERE:
                raise _unknown(number)
            return await _snooze(change, found, snooze)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def show_own(self, actor: Actor, number: int) -> ReminderSet:
        """One's own private reminder, for whom it did not reach."""

        async def work(view: View) -> ReminderSet:
            found = await member_reminders.load(view.reader, view.workspace.id, number)
            if found is None or found.where is not Where.ME or found.author_id != actor.member_id:
                raise _unknown(number)
            return ReminderSet(found, None)

        return await self._changes.read(actor, work)

    async def set_zone(self, actor: Actor, timezone: str) -> Receipt[MemberZone]:
        """Say which zone a member lives in. What is set already keeps its own."""
        zone = named_zone(timezone).key

        async def work(change: Change) -> MemberZone:
            await _save_zone(change, zone)
            return MemberZone(zone, change.workspace.zone)

        return await self._changes.make(actor, Capability.READ, work)

    async def zone(self, actor: Actor) -> MemberZone:
        """The member's own zone."""

        async def work(view: View) -> MemberZone:
            known = await member_zones.load(view.reader, view.workspace.id, actor.member_id)
            return MemberZone(known, view.workspace.zone)

        return await self._changes.read(actor, work)

    async def _zone_to_ask(self, actor: Actor, request: Remind, capability: Capability) -> str | None:
        wanted = _read(request)

        async def work(view: View) -> str | None:
            if not wanted.needs_zone(repeats=request.repeat is not None):
                return None
            known = await member_zones.load(view.reader, view.workspace.id, actor.member_id)
            return view.workspace.zone if known is None else None

        return await self._changes.read(actor, work, capability)


def _read(request: Remind) -> Phrase:
    """What can be refused before anything is looked up."""
    paragraph(request.text, what="text", limit=TEXT_MAX)
    if request.zone is not None:
        named_zone(request.zone)
    return read_phrase(request.when)


async def _set(change: Change, request: Remind, wanted: Phrase, where: Where, dm_channel_id: int | None) -> ReminderSet:
    ws, author_id = change.workspace.id, change.actor.member_id
    await _require_room(change, author_id)
    zone = zone_by_name(await _zone_of(change, request, wanted))
    moment = wanted.placed(change.now, zone, time(change.workspace.morning_hour))
    series = None if request.repeat is None else Series(request.repeat, moment.day, moment.clock, moment.zone)
    due_at = moment.at if series is None else series.first(moment.at)
    made = MemberReminder(
        number=await member_reminders.next_number(change.tx, ws),
        author_id=author_id,
        where=where,
        channel_id=change.actor.channel_id,
        dm_channel_id=dm_channel_id,
        text=paragraph(request.text, what="text", limit=TEXT_MAX),
        language=request.language,
        zone=zone_name(moment.zone),
        anchor=datetime.combine(moment.day, moment.clock),
        repeat=request.repeat,
        set_at=change.now,
    )
    await _open_lane(change, change.actor.channel_id)
    await member_reminders.insert(change.tx, ws, made)
    await member_schedule.plan(change, made, due_at)
    change.touched_schedule = True
    await _record(change, "set_reminder", made, due_at, text=made.text)
    return ReminderSet(made, due_at)


async def _zone_of(change: Change, request: Remind, wanted: Phrase) -> str:
    """The member's zone: as they were just asked, or as it is known. Where it makes no difference the workspace's will do."""
    if request.zone is not None:
        zone = named_zone(request.zone).key
        await _save_zone(change, zone)
        return zone
    known = await member_zones.load(change.tx, change.workspace.id, change.actor.member_id)
    if known is None and wanted.needs_zone(repeats=request.repeat is not None):
        raise InvalidInput("zone_needed")
    return known or change.workspace.zone


async def _save_zone(change: Change, zone: str) -> None:
    await member_zones.save(change.tx, change.workspace.id, change.actor.member_id, zone)
    member_id = change.actor.member_id
    await change.record("set_zone", ("member", member_id), {"member_id": member_id}, personal={"zone": zone})


def _require_own_or_operate(change: Change, found: MemberReminder) -> None:
    if found.author_id != change.actor.member_id and not change.holds(change.actor.standing, Capability.OPERATE):
        raise NotPermitted("capability_missing", capability=Capability.OPERATE.value)


async def _cancel(change: Change, found: MemberReminder) -> ReminderSet:
    if found.standing is not Standing.OPEN:
        raise Conflict("reminder_over", reminder=found.label)
    await member_schedule.withdraw(change, found)
    cancelled = replace(found, standing=Standing.CANCELLED)
    await _record(change, "cancel_reminder", cancelled, None)
    return ReminderSet(cancelled, None)


async def _snooze(change: Change, found: MemberReminder, snooze: Snooze) -> ReminderSet:
    if found.standing is Standing.CANCELLED:
        raise Conflict("reminder_cancelled", reminder=found.label)
    if found.standing is Standing.DONE:
        await _require_room(change, found.author_id)
    due_at, is_new = await member_schedule.put_off(change, found, snooze)
    again = replace(found, standing=Standing.OPEN)
    if is_new:
        await _record(change, "snooze_reminder", again, due_at)
    return ReminderSet(again, due_at)


async def _require_room(change: Change, author_id: int) -> None:
    if await member_reminders.count_open(change.tx, change.workspace.id, author_id) >= OPEN_MAX:
        raise Conflict("too_many_reminders", limit=OPEN_MAX)


async def _open_lane(change: Change, channel_id: int) -> None:
    """Begin a channel's lane at the command's own id: later messages have larger ones, in every channel."""
    if change.actor.request_id is not None:
        await outbox.ensure_lane(change.tx, change.workspace.id, channel_id, change.actor.request_id)


async def _load(change: Change, number: int) -> MemberReminder:
    found = await member_reminders.load(change.tx, change.workspace.id, number)
    if found is None:
        raise _unknown(number)
    return found


def _unknown(number: int) -> NotFound:
    return NotFound("reminder_unknown", raw_text=f"RM-{number}")


async def _record(
    change: Change, action: str, reminder: MemberReminder, due_at: datetime | None, *, text: str | None = None
) -> None:
    state = {
        "number": reminder.number,
        "author_id": reminder.author_id,
        "where": reminder.where,
        "channel_id": reminder.channel_id,
        "repeat": reminder.repeat,
        "standing": reminder.standing,
        "due_at": due_at,
    }
    # Where somebody lives is theirs as well: what the chain holds for ever is when it is due, and that in UTC.
    personal: dict[str, object] = {"zone": reminder.zone}
    if text is not None:
        personal["text"] = text
    await change.record(action, ("reminder", reminder.number), state, personal=personal)
