"""The crew desk: who flies up and down on what, in which role, and what they are called."""

from dataclasses import dataclass

from domain.capabilities import Capability
from domain.crew import ROLE_MAX, Person, Stay, require_spellings, stays_of
from domain.errors import Conflict, NotFound
from domain.facts import CrewAssigned, CrewRemoved, PersonRenamed, ReturnChanged
from domain.missions import Mission, Phase, lifted_off_at, phase_of
from domain.seats import (
    give_seat,
    leave_ride,
    require_one_flight,
    require_ride,
    seat_of,
    seats_up,
    take_ride,
    without_seat,
)
from domain.text import name_key, one_line, optional_line, require_name
from domain.when import When
from services import cards, lookups, roster
from services.actors import Actor
from services.cards import CrewMember
from services.changes import Change, Changes, Receipt, View
from services.missions import as_of_instant
from services.schedule import Why, save_mission
from storage import missions, people


@dataclass(frozen=True, slots=True)
class AssignSeat:
    """`/crew assign`, as typed."""

    mission: str
    person: str
    role: str
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class EditPerson:
    """`/crew edit`, as typed; other spellings separated by commas."""

    person: str
    name: str | None = None
    agency: str | None = None
    also: str | None = None


@dataclass(frozen=True, slots=True)
class SeatAssigned:
    """Who now flies on what. `is_new` when the person was not known before; seats are (taken up, all), all None when unsaid.

    `former_role` is set when they had a seat already and only the role is new; `may_clash` is another flight of theirs that may
    not be over by then.
    """

    mission: str
    member: CrewMember
    is_new: bool
    seats_taken: int
    seats: int | None
    former_role: str | None = None
    may_clash: str | None = None


@dataclass(frozen=True, slots=True)
class SeatRemoved:
    """Who no longer flies on what. `had_flown` when the flight had launched; `other_ride` is a way down that went with it."""

    mission: str
    person: str
    went_up: bool
    had_flown: bool
    other_ride: str | None


@dataclass(frozen=True, slots=True)
class RideChanged:
    """A person's way down: before, and now with its return; None is no ride. `may_clash` as in SeatAssigned."""

    person: str
    went_up_on: str
    before: str | None
    after: str | None
    ends: When
    is_down: bool
    may_clash: str | None


@dataclass(frozen=True, slots=True)
class PersonEdited:
    """A person as they are now called, and as they were."""

    person: Person
    before: Person


@dataclass(frozen=True, slots=True)
class MissionCrew:
    """One mission's crew."""

    mission: str
    phase: Phase
    members: tuple[CrewMember, ...]
    seats: int | None


class CrewDesk:
    """People and seats."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def assign(self, actor: Actor, request: AssignSeat) -> Receipt[SeatAssigned]:
        """Seat a person up and down, or give them another role. Someone not known yet is entered.

        Raises Conflict for a full flight, the same seat again, or another flight they are certainly on at the time.
        """
        name = require_name(request.person, what="person")
        role = one_line(request.role, what="role", limit=ROLE_MAX)
        agency = optional_line(request.agency, what="agency", limit=60)

        async def work(change: Change) -> SeatAssigned:
            before = await lookups.mission(change.tx, change.workspace.id, request.mission)
            person, is_new = await roster.enter(change, name, agency)
            known = seat_of(before, person.id)
            after = give_seat(before, person.id, role)
            clash = None if known else await _other_flight(change, person, after)
            await save_mission(change, "assign_seat", before, after)
            await change.announce(CrewAssigned(after.id, after.name, person.name, role, person.agency))
            return SeatAssigned(
                mission=after.name,
                member=CrewMember(person.name, role, person.agency),
                is_new=is_new,
                seats_taken=seats_up(after),
                seats=after.seats,
                former_role=known.role if known else None,
                may_clash=clash,
            )

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def remove(self, actor: Actor, mission: str, person: str, reason: str) -> Receipt[SeatRemoved]:
        """Take a person off a flight, up and down; a way down on another flight that belonged to it goes with it."""
        why = Why(one_line(reason, what="reason"))

        async def work(change: Change) -> SeatRemoved:
            before = await lookups.mission(change.tx, change.workspace.id, mission)
            someone = await lookups.known_person(change.tx, change.workspace.id, person)
            seat = seat_of(before, someone.id)
            if seat is None:
                raise NotFound("not_on_mission", person_text=someone.name, mission_text=before.name)
            stay = next((one for one in await _stays(change, someone) if one.up.id == before.id), None)
            ride = stay.down if stay and stay.down and stay.down.id != before.id else None
            await _save_seats(change, "remove_seat", before, without_seat(before, someone.id), why)
            if ride is not None:
                await _save_seats(change, "remove_seat", ride, leave_ride(ride, someone.id), why)
            other = ride.name if ride else None
            await change.announce(
                CrewRemoved(before.id, before.name, someone.name, seat.goes_up, why.reason, also_from=other)
            )
            had_flown = seat.goes_up and lifted_off_at(before) is not None
            return SeatRemoved(before.name, someone.name, seat.goes_up, had_flown, other)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def change_return(self, actor: Actor, person: str, mission: str | None = None) -> Receipt[RideChanged]:
        """Give a person another way down, or none. The stay that is under way is meant, or else the next one.

        Raises Conflict for a ride without a seat left, one bound elsewhere, and one that leaves before they arrive.
        """

        async def work(change: Change) -> RideChanged:
            ws = change.workspace.id
            someone = await lookups.known_person(change.tx, ws, person)
            ride = None if mission is None else await lookups.mission(change.tx, ws, mission)
            stay = _meant(await _stays(change, someone))
            if stay is None:
                raise Conflict("no_way_up", person_text=someone.name)
            if (stay.down.id if stay.down else None) == (ride.id if ride else None):
                raise Conflict("ride_unchanged", person_text=someone.name)
            if ride is not None:
                require_ride(someone.name, stay, ride)
            await _move_seat_down(change, stay, ride)
            changed = next(one for one in await _stays(change, someone) if one.up.id == stay.up.id)
            clash = require_one_flight(someone.name, await _stays(change, someone), changed, change.now)
            await change.announce(_return_changed(someone, stay, ride))
            return RideChanged(
                person=someone.name,
                went_up_on=stay.up.name,
                before=stay.down.name if stay.down else None,
                after=ride.name if ride else None,
                ends=changed.ends,
                is_down=changed.is_over,
                may_clash=clash.up.name if clash else None,
            )

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def edit(self, actor: Actor, request: EditPerson) -> Receipt[PersonEdited]:
        """Change what a person is called. A former name stays as a spelling that finds them, unless spellings are given."""
        name = None if request.name is None else require_name(request.name, what="name")
        agency = optional_line(request.agency, what="agency", limit=60)
        also = None if request.also is None else require_spellings(request.also)

        async def work(change: Change) -> PersonEdited:
            before = await lookups.known_person(change.tx, change.workspace.id, request.person)
            after = before.edited(name, agency, also)
            await roster.edit(change, before, after)
            if (after.name, after.agency) != (before.name, before.agency):
                await change.announce(PersonRenamed(before.name, after.name, after.agency))
            return PersonEdited(after, before)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def list(self, actor: Actor, mission: str | None = None, as_of: str | None = None) -> tuple[MissionCrew, ...]:
        """The crew of one mission, or of every mission that is not over and has one."""

        async def work(view: View) -> tuple[MissionCrew, ...]:
            chosen = await _missions(view, mission, as_of)
            ids = (seat.person_id for found in chosen for seat in found.crew)
            known = await people.load_many(view.reader, view.workspace.id, ids)
            return tuple(
                MissionCrew(found.name, phase_of(found), cards.crew_of(found, known), found.seats) for found in chosen
            )

        return await self._changes.read(actor, work)


async def _missions(view: View, named: str | None, as_of: str | None) -> tuple[Mission, ...]:
    ws = view.workspace.id
    if as_of is None and named is not None:
        return (await lookups.mission(view.reader, ws, named),)
    if as_of is None:
        return tuple(mission for mission in (await cards.world_now(view.reader, ws)).missions if mission.crew)
    known = (await cards.world_as_of(view.reader, ws, as_of_instant(as_of, view.now))).missions
    if named is None:
        return tuple(mission for mission in known if mission.crew and phase_of(mission) is not Phase.ENDED)
    chosen = tuple(mission for mission in known if name_key(mission.name) == name_key(named))
    if not chosen:
        await lookups.mission(view.reader, ws, named)
        raise NotFound("mission_not_known_then", mission_text=named[:80])
    return chosen


async def _stays(change: Change, person: Person) -> tuple[Stay, ...]:
    """Every stay of one person, over or not."""
    ids = await people.flights(change.tx, change.workspace.id, person.id)
    found = [await missions.load(change.tx, change.workspace.id, mission_id) for mission_id in ids]
    return tuple(stay for stay in stays_of(one for one in found if one) if stay.person_id == person.id)


def _meant(stays: tuple[Stay, ...]) -> Stay | None:
    """The stay a change of return is about: under way, or the next; only when all are over, the last, to put it right."""
    under_way = [stay for stay in stays if stay.is_under_way]
    ahead = [stay for stay in stays if not stay.is_over]
    return next(iter(under_way or ahead), stays[-1] if stays else None)


async def _other_flight(change: Change, person: Person, changed: Mission) -> str | None:
    """Refuse a flight that certainly overlaps another of theirs; the name of one that only may."""
    ids = await people.flights(change.tx, change.workspace.id, person.id)
    found = [await missions.load(change.tx, change.workspace.id, mission_id) for mission_id in ids]
    stays = stays_of([*(one for one in found if one and one.id != changed.id), changed])
    own = [stay for stay in stays if stay.person_id == person.id]
    stay = next((one for one in own if one.up.id == changed.id), None)
    clash = None if stay is None else require_one_flight(person.name, own, stay, change.now)
    return clash.up.name if clash else None


async def _move_seat_down(change: Change, stay: Stay, ride: Mission | None) -> None:
    if stay.down is not None:
        await _save_seats(change, "change_return", stay.down, leave_ride(stay.down, stay.person_id))
    if ride is not None:
        await _save_seats(change, "change_return", ride, take_ride(ride, stay.person_id, stay.role))


async def _save_seats(change: Change, action: str, before: Mission, after: Mission, why: Why | None = None) -> None:
    gone = {seat.person_id for seat in before.crew} - {seat.person_id for seat in after.crew}
    for person_id in gone:
        await people.delete_seat(change.tx, change.workspace.id, before.id, person_id)
    await save_mission(change, action, before, after, why=why)


def _return_changed(person: Person, stay: Stay, ride: Mission | None) -> ReturnChanged:
    told_of = ride or stay.down or stay.up
    return ReturnChanged(
        mission_id=told_of.id,
        person=person.name,
        went_up_on=stay.up.name,
        before=stay.down.name if stay.down else None,
        after=ride.name if ride else None,
    )
