"""Who is known by which spellings. A person is found by any of them, and none finds two people."""

from domain.crew import Person
from domain.errors import Conflict, InvalidInput
from domain.text import name_key
from services import lookups
from services.changes import Change
from storage import health, people


async def enter(change: Change, name: str, agency: str | None) -> tuple[Person, bool]:
    """The person so spelled, entered when nobody is (then True); an agency that is given is theirs from now on."""
    known = await lookups.person(change.tx, change.workspace.id, name)
    if known is None:
        person = Person(change.new_id(), name, agency)
        await people.insert(change.tx, change.workspace.id, person)
        await _record(change, "enter_person", person)
        return person, True
    moved = known.edited(None, agency, None)
    if moved != known:
        await people.update(change.tx, change.workspace.id, moved)
        await _record(change, "edit_person", moved)
    return moved, False


async def edit(change: Change, before: Person, after: Person) -> None:
    """Write what a person is called. Raises InvalidInput when nothing changes, Conflict when a spelling finds somebody else."""
    if after == before:
        raise InvalidInput("person_unchanged", person_text=before.name)
    await _require_free_spellings(change, after)
    await people.update(change.tx, change.workspace.id, after)
    await _record(change, "edit_person", after)


async def _require_free_spellings(change: Change, person: Person) -> None:
    """Refuse a spelling that finds somebody else, unless that is an entry made by mistake, which gives way."""
    ws = change.workspace.id
    spellings = {name_key(spelling): spelling for spelling in (person.name, *person.also)}
    held = await people.holders(change.tx, ws, spellings.values())
    for key, holder_id in held.items():
        if holder_id == person.id:
            continue
        # Whether anything medical is recorded must make no difference here: it would tell those who may not know.
        if not await people.has_seat(change.tx, ws, holder_id):
            await people.forget_spellings(change.tx, ws, holder_id)
            await health.merge(change.tx, ws, holder_id, person.id)
            await change.record("merge_person", ("person", holder_id), {"id": holder_id, "is": person.id})
        else:
            holder = (await people.load_many(change.tx, ws, [holder_id]))[holder_id]
            raise Conflict("spelling_taken", spelling_text=spellings[key], person_text=holder.name)


async def _record(change: Change, action: str, person: Person) -> None:
    """A person's state is personal: the chained part holds only that there is one."""
    personal = {"name": person.name, "agency": person.agency, "also": list(person.also)}
    await change.record(action, ("person", person.id), {"id": person.id}, personal=personal)
