"""The crew desk: who flies on what, in which role."""

from dataclasses import dataclass

from domain.announcements import CrewAssigned
from domain.capabilities import Capability
from domain.crew import ROLE_MAX, Person
from domain.errors import NotFound
from domain.missions import Mission, Phase, phase_of
from domain.plans import seat_person
from domain.text import name_key, one_line, optional_line, require_name
from services import cards, lookups
from services.actors import Actor
from services.cards import CrewMember
from services.changes import Change, Changes, Receipt, View
from services.missions import as_of_instant
from services.schedule import save_mission
from storage import people


@dataclass(frozen=True, slots=True)
class AssignSeat:
    """`/crew assign`, as typed."""

    mission: str
    person: str
    role: str
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class SeatAssigned:
    """Who now flies on what. `is_new` when the person was not known before; seats are (taken, all), all None when unsaid."""

    mission: str
    member: CrewMember
    is_new: bool
    seats_taken: int
    seats: int | None


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
        """Seat a person up and down. Someone not known yet is entered. Raises Conflict for a full flight or a second seat."""
        name = require_name(request.person, what="person")
        role = one_line(request.role, what="role", limit=ROLE_MAX)
        agency = optional_line(request.agency, what="agency", limit=60)

        async def work(change: Change) -> SeatAssigned:
            mission = await lookups.mission(change.tx, change.workspace.id, request.mission)
            person, is_new = await _person(change, name, agency)
            after = seat_person(mission, person.id, role)
            await save_mission(change, "assign_seat", mission, after)
            member = CrewMember(person.name, role, person.agency)
            await change.announce(CrewAssigned(mission.id, mission.name, person.name, role, person.agency))
            return SeatAssigned(mission.name, member, is_new, len(after.crew), after.seats)

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


async def _person(change: Change, name: str, agency: str | None) -> tuple[Person, bool]:
    known = await lookups.person(change.tx, change.workspace.id, name)
    if known is None:
        person = Person(change.new_id(), name, agency)
        await people.insert(change.tx, change.workspace.id, person)
        await _record(change, "enter_person", person)
        return person, True
    if agency is None or agency == known.agency:
        return known, False
    moved = Person(known.id, known.name, agency, known.also)
    await people.set_agency(change.tx, change.workspace.id, known.id, agency)
    await _record(change, "edit_person", moved)
    return moved, False


async def _record(change: Change, action: str, person: Person) -> None:
    """A person's state is personal: the chained part holds only that there is one."""
    personal = {"name": person.name, "agency": person.agency, "also": list(person.also)}
    await change.record(action, ("person", person.id), {"id": person.id}, personal=personal)
