"""People and the spellings that find them."""

from collections.abc import Iterable

from domain.crew import Person
from domain.text import name_key
from storage.database import Reader, Transaction
from storage.missions import contains_pattern

# Several people by id, with their spellings; the ids come from one mission or one station, never more than a few dozen.
_BY_IDS = """
SELECT p.id, p.name, p.agency, s.spelling, s.position
FROM people p JOIN person_spellings s ON s.workspace_id = p.workspace_id AND s.person_id = p.id
WHERE p.workspace_id = ? AND p.id IN ({marks}) ORDER BY p.id, s.position
"""
_BY_KEY = "SELECT person_id FROM person_spellings WHERE workspace_id = ? AND spelling_key = ?"
_COMPLETE = """
SELECT DISTINCT p.id, p.name
FROM person_spellings s JOIN people p ON p.workspace_id = s.workspace_id AND p.id = s.person_id
WHERE s.workspace_id = ? AND s.spelling_key LIKE ? ESCAPE '\\' ORDER BY p.name LIMIT ?
"""
_INSERT = "INSERT INTO people (workspace_id, id, name, agency) VALUES (?, ?, ?, ?)"
_INSERT_SPELLING = """
INSERT INTO person_spellings (workspace_id, spelling_key, person_id, spelling, position) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_SET_AGENCY = "UPDATE people SET agency = ? WHERE workspace_id = ? AND id = ?"


async def load_many(reader: Reader, workspace_id: int, person_ids: Iterable[int]) -> dict[int, Person]:
    """The people of those ids, by id."""
    wanted = tuple(dict.fromkeys(person_ids))
    if not wanted:
        return {}
    rows = await reader.fetch(_BY_IDS.format(marks=",".join("?" * len(wanted))), (workspace_id, *wanted))
    people: dict[int, Person] = {}
    for row in rows:
        known = people.get(row["id"])
        also = (*known.also, row["spelling"]) if known else ()
        people[row["id"]] = Person(row["id"], row["name"], row["agency"], also)
    return people


async def find(reader: Reader, workspace_id: int, name: str) -> int | None:
    """The id of the person so spelled."""
    rows = await reader.fetch(_BY_KEY, (workspace_id, name_key(name)))
    return rows[0]["person_id"] if rows else None


async def complete(reader: Reader, workspace_id: int, typed: str, limit: int) -> list[tuple[int, str]]:
    """(id, name) of people one of whose spellings contains what was typed."""
    rows = await reader.fetch(_COMPLETE, (workspace_id, contains_pattern(typed), limit))
    return [(row["id"], row["name"]) for row in rows]


async def insert(tx: Transaction, workspace_id: int, person: Person) -> None:
    """Enter a new person with all spellings."""
    await tx.execute(_INSERT, (workspace_id, person.id, person.name, person.agency))
    await tx.execute_many(
        _INSERT_SPELLING,
        [
            (workspace_id, name_key(spelling), person.id, spelling, position)
            for position, spelling in enumerate((person.name, *person.also))
        ],
    )


async def set_agency(tx: Transaction, workspace_id: int, person_id: int, agency: str) -> None:
    """Record which agency a person belongs to."""
    await tx.execute(_SET_AGENCY, (agency, workspace_id, person_id))
