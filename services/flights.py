"""The flights desk: what goes otherwise than planned, and what others say about our dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain import endings
from domain.capabilities import Capability
from domain.errors import Conflict, InvalidInput, NotFound
from domain.facts import (
    ClearanceChanged,
    DateClaimed,
    EventCorrected,
    EventDropped,
    EventFailed,
    EventHeld,
    EventMoved,
    EventRef,
    LaunchScrubbed,
    MissionCancelled,
    MissionEdited,
)
from domain.missions import Clearance, Event, EventKind, EventState, Mission, Outcome, docked_port_id
from domain.plans import checked_duration, checked_seats, shifted_dates
from domain.schedule import Claim, EntryKind, direction_of
from domain.sources import Tier, checked_link
from domain.text import name_key, one_line, optional_line, require_name
from domain.when import UNKNOWN, When
from domain.when_text import parse_instant, parse_when
from services import cards, lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt
from services.missions import MissionChanged, event_of_button, latest_change, move, require_port_free
from services.reminders import event_ref
from services.reminders import plan_event as plan_reminders
from services.schedule import Why, save_mission
from storage import ledger, missions

_ID_MAX = 2**62


@dataclass(frozen=True, slots=True)
class EditMission:
    """`/mission edit`, as typed; None leaves a fact as it is."""

    mission: str
    name: str | None = None
    vehicle: str | None = None
    spacecraft: str | None = None
    pad: str | None = None
    station: str | None = None
    duration_days: int | None = None
    seats: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimDate:
    """`/mission claim`, as typed."""

    mission: str
    event: str
    when: str
    source: str
    tier: Tier
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FailEvent:
    """`/mission fail`, as typed."""

    mission: str
    event: str
    reason: str
    outcome: Outcome | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class FlightChanged:
    """What a change did to a flight. `cancelled` can no longer happen; `edits` are (option, before, after)."""

    changed: MissionChanged
    cancelled: tuple[EventRef, ...] = ()
    edits: tuple[tuple[str, str | None, str | None], ...] = ()
    outcome: Outcome | None = None
    clearance_before: Clearance | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Shifted:
    """Dates that followed a launch."""

    mission: str
    dates: tuple[tuple[EventRef, When], ...]


class FlightDesk:
    """Holds, scrubs, failures, corrections, clearances and claims."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def hold(self, actor: Actor, mission: str, reason: str) -> Receipt[FlightChanged]:
        """Hold the mission's next planned event: its countdown stops, its date stands."""
        said = one_line(reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            return await _hold(change, before, endings.hold(before), said)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def hold_by_button(self, actor: Actor, event_id: int) -> Receipt[FlightChanged]:
        """The Held button under "did it happen?": that very event is held."""

        async def work(change: Change) -> FlightChanged:
            before, event = await event_of_button(change.tx, change.workspace.id, event_id)
            if event.state is not EventState.PLANNED:
                raise Conflict("event_not_open", kind=event.kind.value, state=event.state.value)
            return await _hold(change, before, endings.hold(before, event), None)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def resume(self, actor: Actor, mission: str, when: str | None = None) -> Receipt[FlightChanged]:
        """End the hold, with a new date when one is given."""

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            date = None if when is None else parse_when(when, change.now)
            after, event, undated = endings.resume(before, date)
            await _save(change, "resume", before, after, Why(), undated)
            ref, losers = event_ref(after, event), _refs(after, undated)
            await change.announce(EventHeld(ref, event.planned, None, resumed=True, undated=losers))
            return FlightChanged(MissionChanged(await _card(change, after), ref, after=event.planned, undated=losers))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def scrub(self, actor: Actor, mission: str, reason: str, when: str | None = None) -> Receipt[FlightChanged]:
        """Call this launch attempt off, with the next attempt's date when it is known."""
        said = one_line(reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            date = None if when is None else parse_when(when, change.now)
            after, attempt, undated = endings.scrub(before, date, change.new_id())
            scrubbed = before.open_event(EventKind.LAUNCH)
            assert scrubbed is not None  # noqa: S101 - `endings.scrub` refuses a mission without one
            await _save_scrub(change, before, after, (scrubbed, attempt), Why(said), undated)
            ref, losers = event_ref(after, scrubbed), _refs(after, undated)
            await change.announce(LaunchScrubbed(ref, said, date, losers))
            changed = MissionChanged(
                await _card(change, after), ref, after=attempt.planned if attempt else None, undated=losers
            )
            return FlightChanged(changed)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def drop(self, actor: Actor, mission: str, event: str, reason: str) -> Receipt[FlightChanged]:
        """Take an event out of the plan."""
        said = one_line(reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            found = lookups.event_of(before, event)
            after = endings.drop(before, found)
            await _save(change, "drop_event", before, after, Why(said))
            ref = event_ref(after, found)
            await change.announce(EventDropped(ref, said))
            return FlightChanged(MissionChanged(await _card(change, after), ref))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def fail(self, actor: Actor, request: FailEvent) -> Receipt[FlightChanged]:
        """Record that an event failed; with an outcome, what that ends is cancelled, reminders included."""
        said = one_line(request.reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            event = lookups.event_of(before, request.event)
            at = parse_instant(request.when, change.now)
            after = endings.fail(before, event, at, request.outcome, change.new_id())
            await _save(change, "fail_event", before, after, Why(said), event_at=at)
            ref, cancelled = event_ref(after, event), _newly_cancelled(before, after)
            await change.announce(EventFailed(ref, at, said, request.outcome, event.attempt, cancelled))
            changed = MissionChanged(await _card(change, after), ref, actual_at=at)
            return FlightChanged(changed, cancelled=cancelled, outcome=request.outcome)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def cancel(self, actor: Actor, mission: str, reason: str) -> Receipt[FlightChanged]:
        """Give a mission up before launch."""
        said = one_line(reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            after = endings.cancel(before, change.new_id())
            await _save(change, "cancel_mission", before, after, Why(said))
            await change.announce(MissionCancelled(after.id, after.name, said))
            changed = MissionChanged(await _card(change, after), None)
            return FlightChanged(changed, cancelled=_newly_cancelled(before, after))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def correct(self, actor: Actor, mission: str, event: str, when: str, reason: str) -> Receipt[FlightChanged]:
        """Put a recorded time right by a compensating entry; "unknown" says that it did not happen after all."""
        said = one_line(reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            found = _recorded(before, event)
            at = parse_instant(when, change.now) if parse_when(when, change.now).is_known else None
            after = endings.correct(before, found, at)
            await require_port_free(change, after)
            assert found.actual_at is not None  # noqa: S101 - `endings.correct` refuses the others
            await _save_correction(change, before, after, found, Why(said))
            ref = event_ref(after, found)
            await change.announce(EventCorrected(ref, found.actual_at, at, said))
            return FlightChanged(MissionChanged(await _card(change, after), ref, actual_at=at))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def clear(
        self, actor: Actor, mission: str, clearance: Clearance, reason: str, source: str | None
    ) -> Receipt[FlightChanged]:
        """Say whether the spacecraft may bring its crew down."""
        said, who = one_line(reason, what="reason"), optional_line(source, what="source")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            after = endings.clear(before, clearance, said, who)
            await _save(change, "clear_spacecraft", before, after, Why(said, source=who))
            await change.announce(ClearanceChanged(after.id, after.name, before.clearance, clearance, said, who))
            changed = MissionChanged(await _card(change, after), None)
            return FlightChanged(changed, clearance_before=before.clearance)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def edit(self, actor: Actor, request: EditMission) -> Receipt[FlightChanged]:
        """Change facts of a mission. Raises InvalidInput when nothing would change."""
        reason = optional_line(request.reason, what="reason")

        async def work(change: Change) -> FlightChanged:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            after = await _edited(change, before, request)
            edits = await _edits(change, before, after)
            if not edits:
                raise InvalidInput("edit_changes_nothing", mission_text=before.name)
            await _save(change, "edit_mission", before, after, Why(reason))
            await change.announce(MissionEdited(after.id, after.name, edits, reason))
            return FlightChanged(MissionChanged(await _card(change, after), None), edits=edits)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def claim(self, actor: Actor, request: ClaimDate) -> Receipt[FlightChanged]:
        """Keep a date that a source states, beside ours. Adopting it is a move, offered with the receipt."""
        source, link = one_line(request.source, what="source", limit=80), checked_link(request.link)

        async def work(change: Change) -> FlightChanged:
            mission = await lookups.mission(change.tx, change.workspace.id, request.mission)
            event = lookups.event_of(mission, request.event)
            when = parse_when(request.when, change.now)
            claim = Claim(change.new_id(), event.id, when, source, request.tier, link, change.now)
            await ledger.insert_claim(change.tx, change.workspace.id, mission.id, change.actor.member_id, claim)
            await change.record("claim_date", ("claim", claim.id), claim)
            ref = event_ref(mission, event)
            await change.announce(DateClaimed(ref, when, event.planned, source, request.tier, link))
            changed = MissionChanged(await _card(change, mission), ref, before=event.planned, after=when)
            return FlightChanged(changed, claim=claim)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def shift(self, actor: Actor, seq: int) -> Receipt[Shifted]:
        """The Shift button below a launch move: what lost its date by it keeps its distance to the launch."""

        async def work(change: Change) -> Shifted:
            action, before, after = await latest_change(change, seq)
            dates = shifted_dates(before, after) if action == "move_event" else ()
            if not dates:
                raise NotFound("button_stale")
            shifted = after
            for event, when in dates:
                shifted = shifted.with_event(replace(event, planned=when))
            kinds = {event.id: EntryKind.DEPENDENT for event, _ in dates}
            await save_mission(change, "shift_events", after, shifted, kinds=kinds)
            for event, when in dates:
                ref = event_ref(shifted, event)
                await change.announce(EventMoved(ref, UNKNOWN, when, direction_of(UNKNOWN, when), None, None))
            return Shifted(shifted.name, tuple((event_ref(shifted, event), when) for event, when in dates))

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def adopt(self, actor: Actor, claim_id: int) -> Receipt[FlightChanged]:
        """Make a claimed date ours: a move, with the claim's source."""

        async def work(change: Change) -> FlightChanged:
            known = 0 < claim_id <= _ID_MAX
            found = await ledger.claim(change.tx, change.workspace.id, claim_id) if known else None
            before = None if found is None else await missions.load(change.tx, change.workspace.id, found[0])
            event = before.event(found[1].event_id) if before and found else None
            if found is None or before is None or event is None:
                raise NotFound("button_stale")
            claim = found[1]
            moved = await move(change, before, event, claim.when, Why(source=claim.source), EntryKind.ADOPTION)
            return FlightChanged(moved, claim=claim)

        return await self._changes.make(actor, Capability.OPERATE, work)


async def _hold(change: Change, before: Mission, held: tuple[Mission, Event], reason: str | None) -> FlightChanged:
    after, event = held
    await _save(change, "hold", before, after, Why(reason))
    ref = event_ref(after, event)
    await change.announce(EventHeld(ref, event.planned, reason))
    return FlightChanged(MissionChanged(await _card(change, after), ref, after=event.planned))


async def _save_scrub(
    change: Change,
    before: Mission,
    after: Mission,
    attempts: tuple[Event, Event | None],
    why: Why,
    undated: tuple[Event, ...],
) -> None:
    """The launch's date moved, from one attempt to the next, or to none yet; the next keeps the countdown that was set."""
    scrubbed, attempt = attempts
    entry_of, date = (scrubbed, UNKNOWN) if attempt is None else (attempt, attempt.time)
    kinds, dates = {entry_of.id: EntryKind.MOVE}, {entry_of.id: (scrubbed.planned, date)}
    await _save(change, "scrub", before, after, why, undated, kinds=kinds, dates=dates)
    offsets = await missions.countdown_offsets(change.tx, change.workspace.id, scrubbed.id)
    if attempt is not None and offsets is not None:
        await missions.set_countdown_offsets(change.tx, change.workspace.id, attempt.id, offsets)
        await plan_reminders(change, attempt)


async def _save_correction(change: Change, before: Mission, after: Mission, was: Event, why: Why) -> None:
    """The ledger keeps what was recorded and what is recorded now; nothing is overwritten."""
    now_recorded = after.event(was.id) or was
    kinds = {event.id: EntryKind.CORRECTION for event in after.events}
    dates = {was.id: (was.time, now_recorded.time)}
    event_at = now_recorded.actual_at or was.actual_at
    await _save(change, "correct_event", before, after, why, kinds=kinds, dates=dates, event_at=event_at)


async def _save(
    change: Change,
    action: str,
    before: Mission,
    after: Mission,
    why: Why,
    undated: tuple[Event, ...] = (),
    *,
    kinds: dict[int, EntryKind] | None = None,
    dates: Mapping[int, tuple[When | None, When]] | None = None,
    event_at: datetime | None = None,
) -> int:
    named = {event.id: EntryKind.DEPENDENT for event in undated} | (kinds or {})
    return await save_mission(change, action, before, after, why=why, event_at=event_at, kinds=named, dates=dates)


async def _edited(change: Change, before: Mission, request: EditMission) -> Mission:
    ws = change.workspace.id
    after = before
    if request.name is not None:
        after = replace(after, name=await _free_name(change, before, request.name))
    if request.vehicle is not None:
        after = replace(after, vehicle=one_line(request.vehicle, what="vehicle", limit=80))
    if request.spacecraft is not None:
        after = replace(after, spacecraft=one_line(request.spacecraft, what="spacecraft", limit=80))
    if request.pad is not None:
        after = replace(after, pad_id=(await lookups.pad(change.tx, ws, request.pad)).id)
    if request.station is not None:
        after = _at_station(after, (await lookups.station(change.tx, ws, request.station)).id)
    if request.duration_days is not None:
        after = replace(after, duration_days=checked_duration(request.duration_days))
    if request.seats is not None:
        after = replace(after, seats=checked_seats(request.seats))
        if len(after.crew) > request.seats:
            raise Conflict("more_crew_than_seats", crew=len(after.crew), seats=request.seats)
    return after


def _at_station(mission: Mission, station_id: int) -> Mission:
    """Another station has other ports: plans lose theirs. A docked spacecraft stays where it is."""
    if station_id == mission.station_id:
        return mission
    if docked_port_id(mission) is not None:
        raise Conflict("already_docked")
    moved = replace(mission, station_id=station_id)
    for event in mission.events:
        if event.state.is_open and event.port_id is not None:
            moved = moved.with_event(replace(event, port_id=None))
    return moved


async def _free_name(change: Change, mission: Mission, typed: str) -> str:
    name = require_name(typed, what="name")
    holder = await missions.find(change.tx, change.workspace.id, name)
    if holder is not None and holder != mission.id:
        raise Conflict("mission_exists", mission_text=name)
    return name


async def _edits(change: Change, before: Mission, after: Mission) -> tuple[tuple[str, str | None, str | None], ...]:
    """What an edit changed, as option and plain words."""
    old, new = await _card(change, before), await _card(change, after)
    shown: tuple[tuple[str, Callable[[cards.MissionCard], object]], ...] = (
        ("name", lambda card: card.mission.name),
        ("vehicle", lambda card: card.mission.vehicle),
        ("spacecraft", lambda card: card.mission.spacecraft),
        ("pad", lambda card: card.pad.name if card.pad else None),
        ("station", lambda card: card.station.called if card.station else None),
        ("duration_days", lambda card: card.mission.duration_days),
        ("seats", lambda card: card.mission.seats),
    )
    pairs = ((option, of(old), of(new)) for option, of in shown)
    return tuple((option, _plain(was), _plain(is_)) for option, was, is_ in pairs if was != is_)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _recorded(mission: Mission, typed: str) -> Event:
    """The event whose record is meant: of its kind the latest that happened, which `lookups.event_of` prefers last."""
    key = name_key(typed)
    happened = [event for event in mission.events if event.actual_at is not None]
    named = [event for event in happened if key in {name_key(event.kind.value), name_key(event.name or "")}]
    return named[-1] if named else lookups.event_of(mission, typed)


def _newly_cancelled(before: Mission, after: Mission) -> tuple[EventRef, ...]:
    return tuple(
        event_ref(after, event)
        for event in after.events
        if event.state is EventState.CANCELLED
        and (known := before.event(event.id)) is not None
        and known.state is not EventState.CANCELLED
    )


def _refs(mission: Mission, events: tuple[Event, ...]) -> tuple[EventRef, ...]:
    return tuple(event_ref(mission, event) for event in events)


async def _card(change: Change, mission: Mission) -> cards.MissionCard:
    return await cards.mission_card(change.tx, change.workspace.id, mission, change.now)
