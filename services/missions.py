"""The missions desk: create, plan, move, done, undo, and the status card."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from domain.capabilities import Capability
from domain.docking import require_free
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import ChangeUndone, EventDone, EventMoved, EventPlanned, EventRef, MissionCreated
from domain.missions import (
    Event,
    EventKind,
    EventState,
    Mission,
    MissionKind,
    Phase,
    docked_port_id,
    phase_of,
    schedule_key,
)
from domain.order import OrderFinding, require_possible_order
from domain.pads import can_launch
from domain.plans import (
    checked_duration,
    checked_seats,
    complete_event,
    move_event,
    next_attempt,
    plan_event,
    require_open_mission,
    shifted_dates,
)
from domain.schedule import Direction, EntryKind, direction_of, slip_days
from domain.text import name_key, one_line, optional_line, optional_paragraph, require_name
from domain.when import When
from domain.when_text import parse_instant, parse_when
from services import cards, impact, lookups
from services.actors import Actor
from services.cards import MissionCard, World
from services.changes import Change, Changes, Receipt, View
from services.reminders import event_ref
from services.schedule import Why, save_mission
from storage import journal, missions, stations
from storage.database import Reader
from storage.states import load as load_state

_ID_MAX = 2**62
LIST_MAX = 200
_WAITING = frozenset({Phase.PLANNED, Phase.ON_HOLD})
_UNDOABLE: dict[str, Literal["plan", "move", "done"]] = {
    "plan_event": "plan",
    "move_event": "move",
    "complete_event": "done",
}


@dataclass(frozen=True, slots=True)
class CreateMission:
    """`/mission create`, as typed."""

    name: str
    vehicle: str
    kind: MissionKind = MissionKind.CREW
    spacecraft: str | None = None
    pad: str | None = None
    station: str | None = None
    launch: str | None = None
    duration_days: int | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """`/mission plan` or `/docking plan`, as typed."""

    mission: str
    event: str
    when: str
    port: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class MoveEvent:
    """`/mission move`, as typed."""

    mission: str
    event: str
    when: str
    reason: str
    cause: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CompleteEvent:
    """`/mission done`, as typed."""

    mission: str
    event: str
    when: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MissionChanged:
    """What a change to a mission did. `undo_seq` is the journal entry that an undo button names."""

    card: MissionCard
    event: EventRef | None
    before: When | None = None
    after: When | None = None
    direction: Direction | None = None
    slip_days: int | None = None
    actual_at: datetime | None = None
    port: str | None = None
    undated: tuple[EventRef, ...] = ()
    doubts: tuple[OrderFinding, ...] = ()
    pad_cannot_launch: bool = False
    shiftable: tuple[EventRef, ...] = ()
    undo_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What is flying and what is next, soonest first, and how many more there are."""

    flying: tuple[MissionCard, ...]
    upcoming: tuple[MissionCard, ...]
    asked_at: datetime
    believed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MissionList:
    """Missions of a phase, or all that are not over; `total` counts those that did not fit as well."""

    cards: tuple[MissionCard, ...]
    phase: Phase | None
    total: int
    asked_at: datetime


class MissionDesk:
    """Missions and their dates."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def create(self, actor: Actor, request: CreateMission) -> Receipt[MissionChanged]:
        """Enter a mission, with its launch when one is given. Raises Conflict `mission_exists` for a name already taken."""
        name = require_name(request.name, what="name")

        async def work(change: Change) -> MissionChanged:
            if await missions.find(change.tx, change.workspace.id, name) is not None:
                raise Conflict("mission_exists", mission_text=name)
            ws = change.workspace.id
            pad = None if request.pad is None else await lookups.pad(change.tx, ws, request.pad)
            station = None if request.station is None else await lookups.station(change.tx, ws, request.station)
            mission = Mission(
                id=change.new_id(),
                name=name,
                kind=request.kind,
                vehicle=one_line(request.vehicle, what="vehicle", limit=80),
                spacecraft=optional_line(request.spacecraft, what="spacecraft", limit=80),
                pad_id=pad.id if pad else None,
                station_id=station.id if station else None,
                seats=checked_seats(request.seats),
                duration_days=checked_duration(request.duration_days),
            )
            launch = None if request.launch is None else parse_when(request.launch, change.now)
            if launch is not None:
                mission = plan_event(mission, Event(change.new_id(), EventKind.LAUNCH, EventState.PLANNED, launch))
            await save_mission(change, "create_mission", None, mission)
            await change.announce(
                MissionCreated(
                    mission_id=mission.id,
                    mission=mission.name,
                    mission_kind=mission.kind,
                    vehicle=mission.vehicle,
                    pad=pad.name if pad else None,
                    station=station.called if station else None,
                    launch=launch,
                )
            )
            unfit = pad is not None and not can_launch(pad, mission.vehicle, mission.kind)
            return MissionChanged(await _card(change, mission), None, after=launch, pad_cannot_launch=unfit)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def plan(self, actor: Actor, request: PlanEvent) -> Receipt[MissionChanged]:
        """Plan an event. Raises Conflict when one of its kind is planned already, or its date is certainly out of order."""

        async def work(change: Change) -> MissionChanged:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            when = parse_when(request.when, change.now)
            port_id, port = await _port(change, before, request.port)
            kind = lookups.event_kind(request.event)
            name = optional_line(request.name, what="name", limit=80)
            attempt = next_attempt(before, kind, name)
            event = Event(change.new_id(), kind, EventState.PLANNED, when, name=name, port_id=port_id, attempt=attempt)
            after = plan_event(before, event)
            doubts = require_possible_order(after, event)
            seq = await save_mission(change, "plan_event", before, after)
            card = await _card(change, after)
            ref = event_ref(after, event)
            await change.announce(EventPlanned(ref, when, port, card.station.called if card.station else None))
            return MissionChanged(card, ref, after=when, port=port, doubts=doubts, undo_seq=seq)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def move(self, actor: Actor, request: MoveEvent) -> Receipt[MissionChanged]:
        """Give an event a new date, with the reason. A launch takes along the dates it makes impossible."""
        reason = one_line(request.reason, what="reason")
        cause, source = optional_line(request.cause, what="cause"), optional_line(request.source, what="source")

        async def work(change: Change) -> MissionChanged:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            event = lookups.event_of(before, request.event)
            why = Why(reason, await lookups.cause(change.tx, change.workspace.id, cause), source)
            return await move(change, before, event, parse_when(request.when, change.now), why)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def done(self, actor: Actor, request: CompleteEvent) -> Receipt[MissionChanged]:
        """Record that an event happened. An event of that kind that was never planned is entered as done."""

        async def work(change: Change) -> MissionChanged:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            event = await _event_to_complete(change, before, request.event)
            at = parse_instant(request.when, change.now)
            return await complete(change, before, event, at, optional_paragraph(request.note, what="note"))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def done_as_planned(self, actor: Actor, event_id: int, planned_at: datetime) -> Receipt[MissionChanged]:
        """The Done button under "did it happen?": done at the planned time it asked about, while that still is the plan."""

        async def work(change: Change) -> MissionChanged:
            before, event = await event_of_button(change.tx, change.workspace.id, event_id)
            if event.state.is_open and (event.planned is None or event.planned.at != planned_at):
                raise Conflict("date_changed_since", kind=event.kind.value)
            return await complete(change, before, event, parse_instant(planned_at.isoformat(), change.now), None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def done_by_button(self, actor: Actor, event_id: int, when: str) -> Receipt[MissionChanged]:
        """The form behind the Done button, where the plan was no exact time: done at `when`."""

        async def work(change: Change) -> MissionChanged:
            before, event = await event_of_button(change.tx, change.workspace.id, event_id)
            return await complete(change, before, event, parse_instant(when, change.now), None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def require_confirmable(self, actor: Actor, event_id: int) -> None:
        """Refuse a form that could not be sent: raises what `done_by_button` would. The one read before a form is opened."""

        async def work(view: View) -> None:
            mission, event = await event_of_button(view.reader, view.workspace.id, event_id)
            complete_event(mission, event, view.now)

        await self._changes.read(actor, work, Capability.OPERATE)

    async def require_movable(self, actor: Actor, event_id: int) -> None:
        """Refuse a form that could not be sent: for a member who may not, or an event that is no longer open."""

        async def work(view: View) -> None:
            mission, event = await event_of_button(view.reader, view.workspace.id, event_id)
            require_open_mission(mission)
            if not event.state.is_open:
                raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)

        await self._changes.read(actor, work, Capability.OPERATE)

    async def moved_by_button(self, actor: Actor, event_id: int, when: str, reason: str) -> Receipt[MissionChanged]:
        """The Moved button under "did it happen?": that very event gets a new date."""

        async def work(change: Change) -> MissionChanged:
            before, event = await event_of_button(change.tx, change.workspace.id, event_id)
            return await move(change, before, event, parse_when(when, change.now), Why(one_line(reason, what="reason")))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def undo(self, actor: Actor, seq: int) -> Receipt[MissionChanged]:
        """Take back a plan, a move or a done by a compensating change. Raises Conflict when something came after it."""

        async def work(change: Change) -> MissionChanged:
            action, before, after = await latest_change(change, seq)
            if action not in _UNDOABLE:
                raise NotFound("button_stale")
            return await _undo(change, before, after, _UNDOABLE[action])

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def status(self, actor: Actor, mission: str, as_of: str | None = None) -> MissionCard:
        """One mission's card, as it is or as it had been recorded by the end of `as_of`."""

        async def work(view: View) -> MissionCard:
            ws = view.workspace.id
            if as_of is None:
                found = await lookups.mission(view.reader, ws, mission)
                return await impact.with_risk(
                    view.reader, ws, await cards.mission_card(view.reader, ws, found, view.now)
                )
            at = as_of_instant(as_of, view.now)
            then = await lookups.mission_then(view.reader, ws, mission, at)
            return await impact.with_risk(view.reader, ws, await cards.mission_card_as_of(view.reader, ws, then, at))

        return await self._changes.read(actor, work)

    async def list(self, actor: Actor, phase: str | None = None) -> MissionList:
        """Missions of one phase, or every mission that is not over; at most LIST_MAX, soonest or newest first."""
        wanted = None if phase is None else _phase(phase)

        async def work(view: View) -> MissionList:
            ws = view.workspace.id
            if wanted in {Phase.ENDED, Phase.CANCELLED}:
                found = await missions.load_over(view.reader, ws, wanted, LIST_MAX)
                total = len(found)
            else:
                found, total = await missions.load_first(view.reader, ws, LIST_MAX, wanted)
            shown = _cards_of(await cards.world_of(view.reader, ws, found), found, view.now, None)
            return MissionList(tuple(sorted(shown, key=_soonest)), wanted, total, view.now)

        return await self._changes.read(actor, work)

    async def overview(self, actor: Actor, as_of: str | None = None) -> Overview:
        """What is flying and what is next."""

        async def work(view: View) -> Overview:
            at = None if as_of is None else as_of_instant(as_of, view.now)
            ws = view.workspace.id
            world = await (cards.world_now(view.reader, ws) if at is None else cards.world_as_of(view.reader, ws, at))
            return _overview(view, world, at)

        return await self._changes.read(actor, work)


async def latest_change(change: Change, seq: int) -> tuple[str, Mission, Mission]:
    """(action, mission before, mission after) of the journal entry a button names.

    Raises NotFound `button_stale` when there is none, Conflict `undo_superseded` when something has changed the mission since.
    """
    known = 0 < seq <= _ID_MAX
    entries = await journal.chain(change.tx, change.workspace.id, after_seq=seq - 1, limit=1) if known else []
    entry = entries[0].entry if entries else None
    if entry is None or entry.seq != seq or entry.subject_kind != "mission":
        raise NotFound("button_stale")
    newest = await journal.of_subject(change.tx, change.workspace.id, "mission", entry.subject_id, limit=2)
    if newest[0].entry.seq != seq or len(newest) < 2:
        raise Conflict("undo_superseded")
    return entry.action, load_state(Mission, newest[1].entry.state_json), load_state(Mission, entry.state_json)


async def move(
    change: Change, before: Mission, event: Event, when: When, why: Why, kind: EntryKind = EntryKind.MOVE
) -> MissionChanged:
    """Move one event's date and tell everyone; shared by `/mission move`, the Moved button and an adopted claim."""
    after, undated = move_event(before, event, when)
    kinds = {loser.id: EntryKind.DEPENDENT for loser in undated} | {event.id: kind}
    seq = await save_mission(change, "move_event", before, after, why=why, kinds=kinds)
    ref, losers = event_ref(after, event), tuple(event_ref(after, loser) for loser in undated)
    direction, days = direction_of(event.planned, when), slip_days(event.planned, when)
    await change.announce(
        EventMoved(ref, event.planned, when, direction, days, why.reason, why.cause, why.source, losers)
    )
    moved = after.event(event.id)
    return MissionChanged(
        await _card(change, after),
        ref,
        before=event.planned,
        after=when,
        direction=direction,
        slip_days=days,
        undated=losers,
        doubts=() if moved is None else require_possible_order(after, moved),
        shiftable=tuple(event_ref(after, loser) for loser, _ in shifted_dates(before, after)),
        undo_seq=seq,
    )


async def complete(change: Change, before: Mission, event: Event, at: datetime, note: str | None) -> MissionChanged:
    """Record one event as done and tell everyone; shared by `/mission done`, `/docking confirm` and the Done button."""
    after = complete_event(before, event, at)
    await _require_port(change, before, event)
    await require_port_free(change, after)
    seq = await save_mission(change, "complete_event", before, after, why=Why(note), event_at=at)
    card = await _card(change, after)
    ref, port = event_ref(after, event), card.port_name(event.port_id)
    station = card.station.called if card.station else None
    await change.announce(EventDone(ref, at, event.planned, port, station, note))
    return MissionChanged(card, ref, before=event.planned, actual_at=at, port=port, undo_seq=seq)


def as_of_instant(typed: str, now: datetime) -> datetime:
    """The instant a member means by `as_of`: the end of what they named, but not after now."""
    when = parse_when(typed, now)
    if when.stated_end_at is None or when.at is None:
        raise InvalidInput("as_of_needs_date", raw_text=typed[:60])
    if when.at > now:
        raise InvalidInput("as_of_in_future", raw_text=typed[:60])
    return min(when.stated_end_at - timedelta(microseconds=1), now)


async def _event_to_complete(change: Change, mission: Mission, typed: str) -> Event:
    """The event meant; when there is none of that kind left to happen, a new one, so that what happened can always be told."""
    try:
        found = lookups.event_of(mission, typed)
    except NotFound:
        found = None
    # Naming the kind again tells of another one, or of its next attempt; naming one event again does not make a second of it.
    if found is not None and not (name_key(typed) == found.kind.value and _leaves_room(found)):
        return found
    kind = found.kind if found else lookups.event_kind(typed)
    return Event(change.new_id(), kind, EventState.PLANNED, attempt=next_attempt(mission, kind))


def _leaves_room(found: Event) -> bool:
    """True when another event of its kind can happen: this one did not, or its kind repeats."""
    return not found.state.is_open and (found.kind.may_repeat or found.state is not EventState.DONE)


async def event_of_button(reader: Reader, workspace_id: int, event_id: int) -> tuple[Mission, Event]:
    """The event that a button names, with its mission."""
    known = 0 < event_id <= _ID_MAX
    mission_id = await missions.mission_of_event(reader, workspace_id, event_id) if known else None
    mission = None if mission_id is None else await missions.load(reader, workspace_id, mission_id)
    event = mission.event(event_id) if mission else None
    if mission is None or event is None:
        raise NotFound("button_stale")
    return mission, event


async def _undo(
    change: Change, before: Mission, after: Mission, undone: Literal["plan", "move", "done"]
) -> MissionChanged:
    touched = [event for event in after.events if before.event(event.id) != event]
    restored = before
    for event in touched:
        if before.event(event.id) is None:
            restored = restored.with_event(replace(event, state=EventState.CANCELLED, planned=None, actual_at=None))
    await require_port_free(change, restored)
    kinds = {event.id: EntryKind.UNDO for event in touched}
    await save_mission(change, "undo", after, restored, kinds=kinds)
    main = _main_of(touched, before, undone)
    known = before.event(main.id)
    ref = event_ref(restored, main)
    await change.announce(ChangeUndone(ref, undone, known.time if known else None))
    return MissionChanged(await _card(change, restored), ref, after=known.time if known else None)


async def _require_port(change: Change, mission: Mission, event: Event) -> None:
    """A spacecraft that arrives at a station is at a port; without one nobody could say what is taken."""
    arrives = event.kind in {EventKind.DOCKING, EventKind.RELOCATION}
    if not arrives or event.port_id is not None or mission.station_id is None:
        return
    station = await stations.load(change.tx, change.workspace.id, mission.station_id)
    raise InvalidInput("port_needed", station_text=station.called if station else "")


def _main_of(touched: list[Event], before: Mission, undone: Literal["plan", "move", "done"]) -> Event:
    """The event a member changed, among all that changed with it: dates only follow a launch, cancellations only an end."""
    for event in touched:
        if undone == "plan" and before.event(event.id) is None:
            return event
        if undone == "done" and event.state is EventState.DONE:
            return event
    return next((event for event in touched if event.kind is EventKind.LAUNCH), touched[0])


async def require_port_free(change: Change, mission: Mission) -> None:
    """Refuse a change that would leave two spacecraft at one port, whichever door it comes through."""
    ws, port_id = change.workspace.id, docked_port_id(mission)
    if port_id is None or mission.station_id is None:
        return
    station = await stations.load(change.tx, ws, mission.station_id)
    port = station.port(port_id) if station else None
    if port is not None:
        require_free(port, mission, await missions.load_live(change.tx, ws))


async def _port(change: Change, mission: Mission, typed: str | None) -> tuple[int | None, str | None]:
    if typed is None:
        return None, None
    if mission.station_id is None:
        raise Conflict("mission_without_station", mission_text=mission.name)
    station = await stations.load(change.tx, change.workspace.id, mission.station_id)
    if station is None:
        raise NotFound("station_unknown", raw_text=typed[:80])
    port = lookups.port_of(station, typed)
    return port.id, port.name


async def _card(change: Change, mission: Mission) -> MissionCard:
    return await cards.mission_card(change.tx, change.workspace.id, mission, change.now)


def _overview(view: View, world: World, at: datetime | None) -> Overview:
    ahead = tuple(mission for mission in world.missions if (phase := phase_of(mission)).is_flying or phase in _WAITING)
    shown = _cards_of(world, ahead, at or view.now, at)
    flying = sorted((card for card in shown if card.phase.is_flying), key=lambda card: card.mission.name)
    waiting = sorted((card for card in shown if card.phase in _WAITING), key=_soonest)
    return Overview(tuple(flying), tuple(waiting), at or view.now, at)


def _cards_of(
    world: World, found: tuple[Mission, ...], now: datetime, believed_at: datetime | None
) -> list[MissionCard]:
    """Cards for many missions at once. Their crews' names and latest moves are left out: lists do not show them."""
    return [cards.gather(world, mission, now, {}, None, believed_at=believed_at) for mission in found]


def _soonest(card: MissionCard) -> tuple[bool, float, int, int]:
    return schedule_key(card.next) if card.next else (True, 0.0, len(EventKind), card.mission.id)


def _phase(typed: str) -> Phase:
    key = name_key(typed)
    found = next((phase for phase in Phase if name_key(phase.value) == key), None)
    if found is None:
        offered = ", ".join(phase.value for phase in Phase)
        raise InvalidInput("choice_unknown", what="phase", raw_text=typed[:40], offered=offered)
    return found
